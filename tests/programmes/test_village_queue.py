"""When places are short, the queue decides who is paid, not the number of a county."""

from __future__ import annotations

import numpy as np
import pytest
from five_counties import live, plan, programme
from fupin.programmes.village_queue import first_within
from hypothesis import given
from hypothesis import strategies as st
from small_runs import model_of, programme_of


@given(turns=st.permutations(list(range(12))), places=st.integers(-3, 20))
def test_places_go_in_the_order_of_turns(turns, places) -> None:
    rows, turn = np.arange(12) * 7, np.array(turns)
    chosen = first_within(rows, turn, places)
    assert (np.diff(chosen) > 0).all()
    assert (turn[np.isin(rows, chosen)] < max(places, 0)).all()
    assert chosen.size == min(max(places, 0), 12)


def test_short_places_do_not_favour_low_county_codes() -> None:
    """Funds founded county by county would leave the last counties without any."""
    settings = {"budget": "400 million", "places_per_month": 60}
    model = model_of({"mutual_funds": settings}, sample=0.1)
    programme = programme_of(model, "mutual_funds")
    queue = programme._queue
    county = programme.county_of(queue.villages)
    assert 0.1 < queue.paid.mean() < 0.9
    half = county <= np.median(county)
    assert abs(queue.paid[half].mean() - queue.paid[~half].mean()) < 0.25


@pytest.mark.parametrize("key", ["village_advancement", "paired_assistance"])
def test_what_disclosure_saves_reaches_villages_further_down_the_queue(key: str) -> None:
    """Where each village stands for itself; heavy villages would need more than is saved."""
    delivered, lost = [], []
    for management in ("off", {"budget": 6_000_000, "places_per_month": 10_000}):
        programmes = {key: {"budget": 40_000_000}, "project_management": management}
        model = live(plan(programmes=programmes))
        index = programme(model, key).index
        delivered.append(int(model.ledger.totals("delivered")[index]))
        lost.append(int(model.ledger.totals("lost")[index]))
    saved = lost[0] - lost[1]
    assert saved > 500_000
    assert 0.2 * saved < delivered[1] - delivered[0] <= saved + 500_000
