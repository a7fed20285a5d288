"""Money by county reaches exactly the counties of the plan, in every programme, when it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from five_counties import begin, live, plan
from fupin.model import PovertyModel
from fupin.programmes.base import Programme
from fupin.programmes.village_queue import running_by_county
from fupin.scenario.programmes import PROGRAMME_KEYS
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

ZHANGBEI, PINGQUAN, CHICHENG, DONGGUANG, DAMING = 130722, 130823, 130732, 130923, 130425
MONEY = {ZHANGBEI: 3_000_001, PINGQUAN: 2_000_003, CHICHENG: 1_500_007, DAMING: 900_011}


@pytest.fixture(scope="module")
def model() -> PovertyModel:
    """Every programme has the same money in four of the five counties."""
    settings: dict[str, dict[str, Any]] = {key: {"budget": dict(MONEY)} for key in PROGRAMME_KEYS}
    settings["rural_works"] = {
        "budget": {code: {"2009Q1": yuan, "2009-06": yuan} for code, yuan in MONEY.items()}
    }
    settings["skills_training"] = {
        "budget": {ZHANGBEI: {"2009Q1": 3_000_001}, DAMING: {"2009Q3": 900_011}}
    }
    settings["mutual_funds"] = {
        "budget": {ZHANGBEI: {"2009-02": 3_000_001}, DAMING: {"2009-10": 900_011}}
    }
    return live(plan(programmes=settings))


def released(model: PovertyModel, key: str) -> np.ndarray:
    """Yuan by county and month, (counties, months)."""
    return np.asarray(model.ledger.released[PROGRAMME_KEYS.index(key)])


def row(model: PovertyModel, code: int) -> int:
    return int(np.flatnonzero(np.asarray(model.world.frame.counties.code) == code)[0])


@pytest.mark.parametrize("key", PROGRAMME_KEYS)
def test_every_county_gets_its_yuan_and_no_other(model: PovertyModel, key: str) -> None:
    said = model.world.plan.programmes.of(key).by_county
    assert said is not None
    wanted = np.zeros(len(model.world.frame.counties.code), np.int64)
    for code, yuan in said.counties.items():
        wanted[row(model, code)] = sum(yuan.values()) if isinstance(yuan, dict) else yuan
    got = released(model, key)[:, :12].sum(axis=1)
    np.testing.assert_array_equal(got, wanted)
    assert model.ledger.imbalance() == 0


def test_money_comes_when_a_countys_own_amounts_say(model: PovertyModel) -> None:
    for key, first, last in (("skills_training", (0, 2), (6, 8)), ("mutual_funds", (1, 1), (9, 9))):
        for code, (begins, ends) in ((ZHANGBEI, first), (DAMING, last)):
            months = np.flatnonzero(released(model, key)[row(model, code)])
            assert months.size and begins <= months.min() and months.max() <= ends, (key, code)


@pytest.mark.parametrize("key", PROGRAMME_KEYS)
def test_most_programmes_do_something_with_it(model: PovertyModel, key: str) -> None:
    delivered = np.asarray(model.ledger.delivered[PROGRAMME_KEYS.index(key)]).sum(axis=1)
    outside = np.delete(delivered, [row(model, code) for code in MONEY])
    assert outside.sum() == 0
    if key not in ("village_advancement", "relocation", "loan_guarantee"):  # too little for some
        assert delivered.sum() > 0


def test_a_plan_by_county_serves_the_counties_with_money() -> None:
    settings = {"minimum_living": {"budget": {DAMING: 5, CHICHENG: 0}}}
    model = begin(plan(programmes=settings))
    (programme,) = (p for p in model.world.programmes if p.key == "minimum_living")
    assert isinstance(programme, Programme)
    assert np.flatnonzero(programme.serves).tolist() == [row(model, DAMING)]


@settings(deadline=None)
@given(
    arrays(np.int64, st.integers(0, 40), elements=st.integers(0, 4)),
    st.integers(0, 2**31),
)
def test_running_sums_within_counties(county: np.ndarray, seed: int) -> None:
    yuan = np.random.default_rng(seed).integers(0, 10**9, county.size)
    found = running_by_county(county, yuan)
    for one in range(5):
        np.testing.assert_array_equal(found[county == one], np.cumsum(yuan[county == one]))
