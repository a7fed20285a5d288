"""A row of the posterior has luck of its own, and a seed replaces the part that is the seed's."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from fupin.engine.run_ids import Job, Point, index_runs
from fupin.lives.one_run import simulate
from fupin.randomness import Chance, Luck, key_of
from fupin.results.draws import Draw, OwnLuck
from fupin.scenario import library
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from fupin.world.luck import luck_of
from fupin.world.start import live_history

ROW = Draw("row", places=3, luck=OwnLuck(key_of("history", 3), key_of("year", 3)))


@pytest.fixture(scope="module")
def plan() -> Scenario:
    document = load_scenario(library.find(library.DOCUMENT))
    return document.model_copy(
        update={
            "population": document.population.model_copy(update={"sample": 0.004}),
            "horizon": 2009,
        }
    )


def test_seed_one_is_the_rows_own_life_and_others_are_other_years() -> None:
    assert ROW.luck is not None
    own, other = luck_of(ROW, 1, 2009), luck_of(ROW, 2, 2009)
    assert (own.of(2008), own.of(2009)) == (ROW.luck.history, ROW.luck.year)
    assert other.of(2008) == own.of(2008)
    assert other.of(2009) not in (own.of(2009), 2)
    assert luck_of(ROW, 2, 2009) == other
    assert luck_of(replace(ROW, luck=OwnLuck(5, 6)), 2, 2009) != other


def test_a_plan_from_before_2009_has_other_years_from_its_start_only() -> None:
    own, other = luck_of(ROW, 1, 2002), luck_of(ROW, 2, 2002)
    assert own.of(2001) == own.of(2002) == own.of(2008) != own.of(2009)
    assert other.of(2001) == own.of(2001)
    assert other.of(2002) == other.of(2008) != own.of(2002)
    assert other.of(2009) == luck_of(ROW, 2, 2009).of(2009)


def test_without_luck_of_its_own_a_draw_has_the_seeds() -> None:
    assert luck_of(Draw("values"), 7, 2009) == Luck(7)


def test_what_is_decided_once_keeps_the_luck_of_the_start() -> None:
    ids = np.arange(50, dtype=np.int64)
    first, later = Chance(11, 11), Chance(12, 11)
    assert (first.uniforms("unit-size", ids) == later.uniforms("unit-size", ids)).all()
    assert (first.uniforms("turn", ids, 0, 9) != later.uniforms("turn", ids, 0, 9)).any()


def test_seeds_of_a_row_share_its_history_and_not_its_year(plan: Scenario) -> None:
    one, two = live_history(plan, 1, ROW), live_history(plan, 2, ROW)
    for name in ("income", "assets", "registered", "permanent"):
        if hasattr(one.core.households, name):
            a, b = getattr(one.core.households, name), getattr(two.core.households, name)
            assert a.tobytes() == b.tobytes(), name
    first, second = simulate(plan, ROW, 1, twins=False), simulate(plan, ROW, 2, twins=False)
    assert first.outcomes["registered_poor_start"] == second.outcomes["registered_poor_start"]
    assert first.outcomes["gross_exits"] != second.outcomes["gross_exits"]
    again = simulate(plan, replace(ROW, label="same"), 1, twins=False)
    assert again.outcomes == first.outcomes


def test_a_record_keeps_the_luck_to_the_last_digit() -> None:
    record = json.loads(json.dumps(ROW.record()))
    assert Draw.of_record(record) == ROW
    old = {"label": "a", "overrides": {}, "places": 2}
    assert Draw.of_record(old) == Draw("a", places=2)


def test_runs_of_other_luck_have_other_names(plan: Scenario) -> None:
    draws = [ROW, replace(ROW, luck=OwnLuck(1, 2)), replace(ROW, luck=OwnLuck(1, None))]
    index = index_runs([Point(plan)], draws, [1], Job())
    assert len({index.run_at(i) for i in range(3)}) == 3
