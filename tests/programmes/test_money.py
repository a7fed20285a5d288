"""Money is whole yuan: split, released, delivered, lost and returned to the last one."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from five_counties import THIN, begin, counts, ledger_sum, lived, plan, programme
from fupin.kernels import arithmetic
from fupin.model import PovertyModel
from fupin.programmes.base import Programme
from fupin.programmes.seats import real_seats, seats_by_village
from fupin.programmes.skills_training import SkillsTraining
from fupin.scenario.amounts import MOST_PRICE, MOST_YUAN
from fupin.scenario.months import Month
from fupin.scenario.programmes import PROGRAMME_KEYS, PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.state.ledger import COLUMNS, Ledger
from fupin.state.limits import Limits
from fupin.world.clock import Clock
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from reported import report

CLASSES = {p.key: p.money for p in PROGRAMMES}
SMALL: dict[str, dict[str, Any]] = {
    "village_advancement": {"budget": 40_000_000},
    "relocation": {"budget": 4_000_000},
    "skills_training": {"budget": 4_000_000},
    "microfinance": {"budget": 8_000_000},
}
"""Budgets that places and eligible households do not limit."""
UNITS = {
    "village_advancement": "villages",
    "relocation": "persons",
    "skills_training": "enrolled",
    "microfinance": "loans",
}


def by_county(most: int) -> st.SearchStrategy[np.ndarray]:
    """A whole number for each county, many of them 0."""
    return arrays(np.int64, 172, elements=st.integers(0, most), fill=st.just(0))


def alone(budget: Any, period=("2009-01", "2009-12"), world: Any = None, **keys: Any) -> Any:
    """A programme that only handles money, outside a model."""
    scenario = plan(*period, programmes={"skills_training": {"budget": budget, **keys}})
    ledger = Ledger(PROGRAMME_KEYS, 172, len(scenario.period.months))
    stand = SimpleNamespace(
        plan=scenario, clock=Clock(Month(2009, 1), Month(2009, 12)), ledger=ledger,
        openness=SimpleNamespace(loss=float), watchers=(),
        limits=Limits(len(PROGRAMME_KEYS), 172, len(scenario.period.months)),
    )  # fmt: skip
    index = PROGRAMME_KEYS.index("skills_training")
    return SkillsTraining(world or stand, scenario.programmes.skills_training, index)


# -- splitting and releasing -----------------------------------------------------------------------


@given(budget=st.integers(1, 10**12), weights=by_county(5_000_000))
@settings(max_examples=60, deadline=None)
def test_a_budget_is_split_to_the_last_yuan(budget: int, weights: np.ndarray) -> None:
    split = alone(budget).split_by(weights)
    assert split.dtype == np.int64
    if weights.sum() == 0:
        assert (split == 0).all()
        return
    assert split.sum() == budget
    exact = budget * (weights / weights.sum())
    assert (np.abs(split - exact) <= 1 + 1e-9 * budget).all()  # nobody is a yuan off
    assert (split[weights == 0] == 0).all()


@given(
    allotments=by_county(10**13),
    first=st.integers(1, 12),
    length=st.integers(1, 12),
)
@settings(max_examples=60, deadline=None)
def test_releases_sum_to_the_allotment(allotments: np.ndarray, first: int, length: int) -> None:
    last = min(first + length - 1, 12)
    months = {"from": f"2009-{first:02d}", "to": f"2009-{last:02d}"}
    acting = alone(1, **months)
    ledger = acting.world.ledger
    for month in range(1, 13):
        acting.world.clock.month = month
        acting.release_this_month(allotments)
        ledger.close_month()
    released = ledger.released[acting.index]
    assert (released.sum(axis=1) == allotments).all()
    outside = [m - 1 for m in range(1, 13) if not first <= m <= last]
    assert (released[:, outside] == 0).all()
    inside = released[:, first - 1 : last]
    assert (inside.max(axis=1) - inside.min(axis=1) <= 1).all()  # evenly, to a yuan


@given(lost=st.floats(0, 0.9), yuan=st.integers(0, 10**9))
def test_losses_are_the_stated_share(lost: float, yuan: int) -> None:
    acting = alone(1)
    acting.world.values = {"programmes.financial_loss": lost}
    total = acting.with_loss(yuan)
    assert total >= yuan
    assert abs((total - yuan) - lost * total) <= 1  # rounding to a yuan


@cache
def thin_model() -> PovertyModel:
    """A thin sample, in which villages stand for up to some fifty others."""
    return PovertyModel(plan(programmes=SMALL), sample=THIN)


@given(offered=by_county(20_000), month=st.integers(0, 11))
@settings(max_examples=40, deadline=None)
def test_all_seats_are_given_to_real_villages_and_lived_within_one(
    offered: np.ndarray, month: int
) -> None:
    """To the seat in each pool of counties; of the sampled villages, in all, but for one."""
    model = thin_model()
    training = programme(model, "skills_training")
    clock, listed = model.world.clock, np.asarray(model.frame.villages.listed)
    before = clock.today
    clock.today = before + month
    try:
        real, shared = real_seats(training, offered, listed)
        villages, lived = seats_by_village(training, offered, listed)
    finally:
        clock.today = before
    used = np.bincount(training.pools[training.county_of(real)], weights=shared, minlength=173)
    there = training.counties_of(listed & (model.registered_by_village > 0))
    given_out = training.in_pools(np.where(there, offered, 0))
    assert (shared >= 0).all() and (used == given_out).all()
    assert listed[villages].all() and (model.registered_by_village[villages] > 0).all()
    weight = model.villages.weight[villages]
    exact = np.bincount(real, weights=shared, minlength=listed.size)[villages] / weight
    assert (lived >= 0).all() and (np.abs(lived - exact) < 1 + 1e-9).all()
    assert abs(lived.sum() - exact.sum()) < 1 + 1e-9


def test_the_largest_luck_still_has_its_turn() -> None:
    """A village's turn is -log(u): positive for every u that can be drawn."""
    luckiest = arithmetic.uniform(np.uint32(0xFFFFFFFF))
    assert luckiest < 1
    assert -arithmetic.log(luckiest) > 0


@given(offered=by_county(50_000), places=st.integers(0, 9_999))
@settings(max_examples=60, deadline=None)
def test_few_places_are_all_used(offered: np.ndarray, places: int) -> None:
    """Fewer places than counties do not vanish in rounding."""
    acting = alone(1, places_per_month=places)
    cut = acting.within_places(offered, "training_places")
    assert (cut <= offered).all()
    assert cut.sum() == min(places, offered.sum())


# -- a year of money -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", SMALL)
def test_a_programme_from_october_releases_its_whole_year(key: str) -> None:
    budget = SMALL[key]["budget"]
    late = lived(programmes={key: {"budget": budget, "from": "2009-10"}})
    by_month = late.ledger.released[programme(late, key).index].sum(axis=0)
    assert (by_month[:9] == 0).all()
    assert (by_month[9:] > 0).all()
    assert by_month.sum() == budget
    assert counts(late, key)[UNITS[key]] > 0
    delivered = late.ledger.delivered[programme(late, key).index].sum(axis=0)
    assert (delivered[:9] == 0).all()


@pytest.mark.parametrize("key", SMALL)
def test_a_programme_that_ends_in_march_stops(key: str) -> None:
    budget = SMALL[key]["budget"]
    early = lived(programmes={key: {"budget": budget, "to": "2009-03"}})
    index = programme(early, key).index
    assert early.ledger.released[index, :, :3].sum() == budget
    assert early.ledger.released[index, :, 3:].sum() == 0
    assert early.ledger.delivered[index, :, 3:].sum() == 0


@pytest.mark.parametrize("key", SMALL)
def test_money_binds(key: str) -> None:
    """Half the budget delivers about half; nobody delivers more than was released."""
    budget = SMALL[key]["budget"]
    whole = lived(programmes={key: {"budget": budget}})
    half = lived(programmes={key: {"budget": budget // 2}})
    for model, money in ((whole, budget), (half, budget // 2)):
        assert ledger_sum(model, key, "released") == money
        out = ledger_sum(model, key, "delivered") + ledger_sum(model, key, "lost")
        repaid = ledger_sum(model, key, "received")
        assert 0.9 * money < out <= money + repaid
    units = counts(whole, key)[UNITS[key]], counts(half, key)[UNITS[key]]
    assert 0.4 * units[0] < units[1] < 0.6 * units[0]


PLACES = {
    "village_advancement": 2,
    "relocation": 20,
    "skills_training": 90,
    "microfinance": 250,
}


@pytest.mark.parametrize("key", SMALL)
def test_capacity_binds(key: str) -> None:
    """With places fixed a doubled budget buys nothing and comes back in December."""
    plenty = SMALL[key]["budget"] * 2
    fixed = {"places_per_month": PLACES[key]}
    some = lived(programmes={key: {"budget": plenty, **fixed}})
    double = lived(programmes={key: {"budget": plenty * 2, **fixed}})
    unit = "households" if key == "relocation" else UNITS[key]
    for model in (some, double):
        assert 0.8 * 12 * PLACES[key] < counts(model, key)[unit] <= 12 * PLACES[key]
    back = [report(m, "central", 1).programmes[key]["unspent"] for m in (some, double)]
    assert back[0] > 0
    # Places are shared by counties in proportion to cash; loans go by groups of five.
    slack = 0.02 if key == "microfinance" else 0.0
    assert counts(double, key)[unit] == pytest.approx(counts(some, key)[unit], rel=slack, abs=0)
    assert back[1] - back[0] == pytest.approx(plenty, rel=slack, abs=0)
    december = double.ledger.returned[programme(double, key).index]
    assert december[:, :-1].sum() == 0
    assert december.sum() > 0


def test_a_price_decides_how_many() -> None:
    """The plan's unit cost counts for every programme, not only where a parameter says so."""
    for key in SMALL:
        budget = SMALL[key]["budget"]
        usual = lived(programmes={key: {"budget": budget}})
        name = {
            "village_advancement": "advancement_plan",
            "relocation": "relocation_grant",
            "skills_training": "training_unit_cost",
            "microfinance": "loan_size",
        }[key]
        double = round(2 * usual.values[f"programmes.{name}"])
        dear = lived(programmes={key: {"budget": budget, "unit_cost": double}})
        # Plans that are under way keep the price at which they began.
        unit = "villages_begun" if key == "village_advancement" else UNITS[key]
        units = counts(usual, key)[unit], counts(dear, key)[unit]
        assert 0.35 * units[0] < units[1] < 0.65 * units[0], key


def test_two_years_of_everything_balance_every_month_and_class() -> None:
    model = begin(plan("2009-01", "2010-12", programmes=SMALL))
    fiscal = sum(SMALL[k]["budget"] for k in SMALL if CLASSES[k] == "fiscal")
    while model.running:
        model.step()
        assert model.ledger.imbalance() == 0
    ledger = model.ledger
    for year in (slice(0, 12), slice(12, 24)):
        totals = ledger.class_totals(CLASSES, "released", year)
        credit = SMALL["microfinance"]["budget"]
        assert totals == {"fiscal": fiscal, "social": 0, "credit": credit, "claimed": 0}
    # in every county and month: never more out than in
    money_in = (ledger.opening + ledger.released + ledger.received).astype(object)
    assert (ledger.delivered + ledger.lost + ledger.returned <= money_in).all()
    # grants are gone at the year's end, the stock of loans stays
    closing = ledger.closing[:, :, [11, 23]].sum(axis=1)
    for p in model.programmes:
        assert (closing[p.index] > 0).all() if p.revolving else (closing[p.index] == 0).all()


def test_two_years_of_one_budget_are_two_budgets() -> None:
    """One amount is a year's; a year of its own amount has that amount."""
    each = lived(end="2010-12", programmes={"skills_training": {"budget": 2_000_000}})
    index = programme(each, "skills_training").index
    released = each.ledger.released[index].sum(axis=0)
    assert released[:12].sum() == released[12:].sum() == 2_000_000
    uneven = {"budget": {2009: 2_000_000, 2010: 500_000}}
    model = lived(end="2010-12", programmes={"skills_training": uneven})
    released = model.ledger.released[index].sum(axis=0)
    assert (released[:12].sum(), released[12:].sum()) == (2_000_000, 500_000)


def test_a_period_of_half_a_year_gets_half_a_year_s_money() -> None:
    short = lived(end="2009-06", programmes={"skills_training": {"budget": 2_000_000}})
    assert ledger_sum(short, "skills_training", "released") == 1_000_000
    assert short.ledger.closing[:, :, -1].sum() == 0


def test_money_goes_only_where_the_plan_says() -> None:
    for key in SMALL:
        where = {"counties": ["Pingquan"]}
        model = lived(programmes={key: {"budget": SMALL[key]["budget"] // 8, **where}})
        row = list(model.frame.counties.name_en).index("Pingquan")
        released = model.ledger.released[programme(model, key).index].sum(axis=1)
        assert released[row] == released.sum() > 0, key
        rows = np.flatnonzero(model.households.reached)
        villages = Programme.village_of(programme(model, key), rows)
        assert (np.asarray(model.frame.villages.county)[villages] == row).all()
        assert counts(model, key)["households"] > 0


@pytest.mark.parametrize("price", [1, 10**6, MOST_PRICE])
def test_sums_of_the_largest_amounts_do_not_wrap(price: int) -> None:
    """Every programme everywhere with all the money and the price that a plan may name."""
    fixed = ("enterprise_projects", "loan_guarantee", "subsidised_loans")
    programmes: dict[str, dict[str, Any]] = {
        key: {"budget": MOST_YUAN, "places_per_month": 10**7, "counties": "all"}
        | ({} if key in fixed else {"unit_cost": price})
        for key in PROGRAMME_KEYS
    }
    for key in ("microfinance", "mutual_funds", "loan_guarantee", "subsidised_loans"):
        programmes[key]["loan_size"] = price
    scenario = Scenario.model_validate({"name": "all", "programmes": programmes})
    model = PovertyModel(scenario, rng=1, sample=0.005)
    model.run_for(len(scenario.period.months))
    assert model.ledger.imbalance() == 0
    for column in COLUMNS:
        assert getattr(model.ledger, column).min() >= 0, column
    assert model.ledger.delivered.sum() > MOST_YUAN // 10
    people = int(model.frame.counties.registered_rural.sum())
    assert 10 * people * MOST_PRICE < 2**63  # where nine tenths are lost on the way
