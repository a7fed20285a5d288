"""Money by rule: for every programme alike, what counties get, their floors and their caps."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from five_counties import COUNTIES, changed, lived, programme
from fupin.model import PovertyModel
from fupin.programmes.shares import column, weights_of, within_bounds
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.shares import COLUMNS, own_rule, read_share, write_share
from fupin.state.limits import Limit
from hypothesis import given, settings
from hypothesis import strategies as st
from sixteen import ALL, CLAIMED

FORMULA = {"by": "formula", "weights": {"registered": 3, "villages": 1, "key": 1}}
FLOOR, CAP = 100_000, 900_000


# -- the arithmetic --------------------------------------------------------------------------------

amounts = st.lists(
    st.tuples(st.floats(0, 1e9), st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1
)


@settings(deadline=None)
@given(amounts, st.integers(0, 10**10), st.booleans())
def test_bounds_hold_to_the_yuan(rows: list[Any], yuan: int, capped: bool) -> None:
    weights = np.array([row[0] for row in rows])
    floors = np.array([min(row[1], row[2]) for row in rows], np.int64)
    caps = np.array([max(row[1], row[2]) for row in rows], np.int64)
    got = within_bounds(weights, yuan, floors, caps if capped else None)
    served = weights > 0
    assert (got[~served] == 0).all() and (got >= 0).all()
    most = int(np.minimum(caps, yuan)[served].sum()) if capped else yuan
    assert int(got.sum()) == (min(yuan, most) if served.any() else 0)
    if capped:
        assert (got <= np.maximum(caps, 0)).all()
    if floors[served].sum() <= yuan:
        assert (got[served] >= np.minimum(floors, yuan)[served]).all()


@settings(deadline=None)
@given(st.lists(st.floats(0.1, 1e6), min_size=2, max_size=30), st.integers(10**6, 10**10))
def test_without_bounds_money_goes_in_proportion(weights: list[float], yuan: int) -> None:
    w = np.array(weights)
    got = within_bounds(w, yuan, np.zeros(w.size, np.int64), None)
    assert np.abs(got - yuan * w / w.sum()).max() <= 1.0


# -- in programmes ---------------------------------------------------------------------------------


@cache
def by(rule: str) -> PovertyModel:
    """All programmes at once, each with the same rule."""
    share: Any = {"own": None, "formula": FORMULA}.get(rule, rule)
    if rule == "bounds":
        share = {"by": "registered", "floor": FLOOR, "cap": CAP}
    if rule == "nothing":
        share = {"by": "equal", "cap": 0, "floor": 0}
    return lived(programmes={key: settings | ({"share": _for(key, share)} if share else {})
                             for key, settings in ALL.items()})  # fmt: skip


def _for(key: str, share: Any) -> Any:
    """Enterprises have no bounds; cash alone has no rule of its own: a list across counties."""
    if share == "said":
        return None if key == "cash_transfer" else write_share(own_rule(key))
    return share["by"] if key == CLAIMED and "floor" in share else share


def money_of(model: PovertyModel, key: str) -> np.ndarray:
    """Yuan that reached each of the five counties."""
    rows = [list(model.frame.counties.name_en).index(name) for name in COUNTIES]
    return np.asarray(model.ledger.released[programme(model, key).index, rows].sum(axis=1))


def test_a_rule_that_is_the_programmes_own_changes_no_byte() -> None:
    said, unsaid = by("said"), by("own")
    assert not changed(said, unsaid).any()
    for name in ("released", "delivered", "lost", "returned", "closing"):
        assert (getattr(said.ledger, name) == getattr(unsaid.ledger, name)).all(), name


# Queues: what a county's village does not take comes last, and is released all the same.
EXACT = [key for key in PROGRAMME_KEYS if key not in (CLAIMED, "rural_works", "paired_assistance")]


@pytest.mark.parametrize("rule", ["equal", "rural_people", "formula", "income_poor"])
@pytest.mark.parametrize("key", EXACT)
def test_counties_get_what_the_rule_says(key: str, rule: str) -> None:
    model = by(rule)
    acting, got = programme(model, key), money_of(model, key)
    served = [bool(acting.serves[list(model.frame.counties.name_en).index(n)]) for n in COUNTIES]
    assert got.sum() == ALL[key]["budget"]
    assert (got[~np.array(served)] == 0).all()
    if rule == "equal":
        there = got[np.array(served)]
        assert there.max() - there.min() <= 12  # a yuan a month
    elif rule == "rural_people":
        people = model.frame.counties.registered_rural
        weight = np.array([people[list(model.frame.counties.name_en).index(n)] for n in COUNTIES])
        weight = np.where(served, weight, 0)
        assert np.abs(got - got.sum() * weight / weight.sum()).max() <= 12


@pytest.mark.parametrize("key", [key for key in PROGRAMME_KEYS if key != CLAIMED])
def test_floors_and_caps_hold_and_what_they_keep_back_is_unspent(key: str) -> None:
    model = by("bounds")
    acting, got = programme(model, key), money_of(model, key)
    names = list(model.frame.counties.name_en)
    served = np.array([bool(acting.serves[names.index(n)]) for n in COUNTIES])
    budget = ALL[key]["budget"]
    assert (got <= CAP).all()
    assert (got[served] >= min(FLOOR, budget // served.sum()) - 3).all()
    assert got.sum() == min(budget, CAP * served.sum()) or key == "rural_works"
    reasons = model.world.limits.unspent(acting.index)
    assert sum(reasons.values()) >= budget - got.sum() - 3
    kept = max(budget - CAP * int(served.sum()), 0)
    if key != "rural_works":  # whose three kinds have caps of their own
        assert reasons.get(Limit.CAPS, 0) == kept
    elif kept:
        assert reasons.get(Limit.CAPS, 0) >= kept


@pytest.mark.parametrize("key", [key for key in PROGRAMME_KEYS if key != CLAIMED])
def test_a_cap_of_nothing_keeps_everything_back(key: str) -> None:
    """Lottery villages and counties of the centre keep money of their own; none have it here."""
    model = by("nothing")
    acting = programme(model, key)
    assert money_of(model, key).sum() == 0
    assert model.world.limits.unspent(acting.index) == {Limit.CAPS: ALL[key]["budget"]}


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_of_a_formula_is_there(name: str) -> None:
    acting = programme(by("own"), "skills_training")
    values = column(acting, name)
    assert values.shape == acting.serves.shape and (values >= 0).all() and values.any()
    weights = weights_of(acting, read_share({"by": "formula", "weights": {name: 2}}))
    names = list(by("own").frame.counties.name_en)
    here = acting.serves & np.isin(np.arange(len(names)), [names.index(name) for name in COUNTIES])
    assert weights.sum() == (pytest.approx(1.0) if values[here].any() else 0.0)
    assert (weights[~acting.serves] == 0).all()
