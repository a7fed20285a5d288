"""Each plan that planners ask for does, run small, what its purpose says, beside 2009-document.

Plans are twins: one lived start, one seed. A village of this sample stands for ten, so that small
streams lose a part of their money to rounding: directions are tested, not amounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin.model import PovertyModel
from fupin.results.outcome import RunResult
from fupin.scenario import library
from fupin.scenario.load import load_scenario
from fupin.scenario.names import NAMES
from fupin.scenario.places import county_index
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.state.households import REACHED
from fupin.world.start import Start, live_history
from reported import report
from small_runs import programme_of

SAMPLE, SEED = 0.1, 1
MILLION = 10**6
DOCUMENT = load_scenario("fupin:2009-document")
PLANS = sorted(p.stem for p in library.scenario_files() if p.parent.name == "plans")
# Plans that add or cut money; all others keep the total of every class.
OTHER_TOTALS = {
    "training-doubled",
    "credit-in-all-key-counties",
    "cut-of-a-third",
    "three-years-money-in-one",
}


def plan_named(name: str) -> Scenario:
    return load_scenario(f"fupin:plans/{name}")


@dataclass
class Lived:
    """A plan that has reached its end."""

    model: PovertyModel

    @cached_property
    def record(self) -> RunResult:
        return report(self.model, "central", SEED)

    def outcome(self, key: str) -> float:
        value = self.record.outcomes[key]
        assert value is not None
        return value

    def of(self, key: str) -> dict[str, Any]:
        return dict(self.record.programmes[key])

    def counts(self, key: str) -> dict[str, int]:
        counts: dict[str, int] = programme_of(self.model, key).counts
        return counts

    def money(self, column: str, *classes: str) -> float:
        """Yuan of a column of all programmes of some money classes."""
        keys = [p.key for p in PROGRAMMES if p.money in classes]
        return sum(float(self.of(key)[column] or 0) for key in keys)

    def incidence_where(self, yuan: np.ndarray) -> float:
        """Mean share on the register at the start of the counties, weighted by yuan, (172,)."""
        m = self.model
        registered = m.sum_by_county(m.at_start.village_registered * m.villages.weight)
        persons = m.sum_by_county(m.at_start.village_persons * m.villages.weight)
        return float(np.average(registered / np.maximum(persons, 1), weights=yuan))


class Runs:
    """Models of plans from one start, each lived once."""

    def __init__(self) -> None:
        self._start: Start = live_history(DOCUMENT, SEED, sample=SAMPLE)
        self._lived: dict[str, Lived] = {}

    def __getitem__(self, name: str) -> Lived:
        if name not in self._lived:
            plan = DOCUMENT if name == "2009-document" else plan_named(name)
            model = PovertyModel(plan, rng=SEED, start=self._start.copy())
            while model.running:
                model.step()
            self._lived[name] = Lived(model)
        return self._lived[name]


@pytest.fixture(scope="module")
def runs() -> Runs:
    return Runs()


@pytest.fixture(scope="module")
def base(runs: Runs) -> Lived:
    return runs["2009-document"]


def test_no_plan_is_without_a_test() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in PLANS if f'runs["{name}"]' not in told] == []


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_can_be_compared_with_the_document(name: str) -> None:
    plan = plan_named(name)
    assert (plan.period, plan.population) == (DOCUMENT.period, DOCUMENT.population)
    same = {k: getattr(DOCUMENT, k) for k in (*NAMES, "programmes")}
    assert plan.model_copy(update=same) == DOCUMENT  # nothing but programmes differs
    assert (plan.class_totals() == DOCUMENT.class_totals()) == (name not in OTHER_TOTALS)


@pytest.mark.parametrize("name", PLANS)
def test_every_yuan_is_delivered_lost_or_unspent(runs: Runs, name: str) -> None:
    lived = runs[name]
    assert lived.model.ledger.imbalance() == 0
    for programme in PROGRAMMES:
        part = lived.of(programme.key)
        if programme.money != "credit" and programme.key != "mutual_funds":  # these lend again
            assert part["delivered"] + part["lost"] + part["unspent"] == part["budget"]


def test_doubled_training_finds_no_more_jobs_than_there_are(runs: Runs, base: Lived) -> None:
    doubled = runs["training-doubled"]
    settings = doubled.model.plan.programmes.skills_training
    assert settings.budget == 2 * DOCUMENT.programmes.skills_training.budget_in(2009)
    assert settings.jobs_per_month is None  # as many as in the document's plan
    assert doubled.outcome("trained") > 1.9 * base.outcome("trained")
    assert doubled.outcome("placed") > base.outcome("placed")
    assert doubled.outcome("employment_rate") < base.outcome("employment_rate") - 0.02


def test_moved_money_trains_more(runs: Runs, base: Lived) -> None:
    more = runs["more-training"]
    assert more.outcome("trained") > base.outcome("trained")
    village_works = "village_advancement"
    moved = base.of(village_works)["budget"] - more.of(village_works)["budget"]
    assert moved == 50 * MILLION
    assert more.of(village_works)["households"] < base.of(village_works)["households"]


def test_training_takes_the_place_of_projects(runs: Runs, base: Lived) -> None:
    instead = runs["training-instead-of-projects"]
    assert instead.of("household_projects")["budget"] == 0
    assert instead.of("household_projects")["households"] == 0
    gained = instead.of("skills_training")["budget"] - base.of("skills_training")["budget"]
    assert gained == base.of("household_projects")["budget"] == 200 * MILLION  # S44
    assert instead.outcome("trained") > 5 * base.outcome("trained")
    # Employers did not grow with the offices: that is what the plan finds.
    assert instead.outcome("employment_rate") < 0.5 < base.outcome("employment_rate")


def test_cash_takes_the_place_of_projects(runs: Runs, base: Lived) -> None:
    instead = runs["cash-instead-of-projects"]
    assert instead.of("household_projects")["budget"] == 0
    assert instead.of("cash_transfer")["budget"] == 200 * MILLION  # S44
    assert instead.of("cash_transfer")["unspent"] < 1 * MILLION
    assert 135_000 < instead.of("cash_transfer")["persons"] < 140_000
    # In the year in which it is paid; projects go on when cash is gone.
    assert instead.outcome("income_poor_end") < base.outcome("income_poor_end")
    assert abs(instead.outcome("spent") - base.outcome("spent")) < 5 * MILLION


def test_credit_in_all_key_counties_reaches_others_and_is_no_spending(
    runs: Runs, base: Lived
) -> None:
    credit = runs["credit-in-all-key-counties"]
    for key, counties in (("loan_guarantee", 3), ("microfinance", 5)):
        here, pilot = programme_of(credit.model, key), programme_of(base.model, key)
        assert (pilot.serves.sum(), here.serves.sum()) == (counties, 52)
        assert credit.counts(key)["loans"] > 5 * base.counts(key)["loans"]
    lent, before = (x.model.ledger.totals("principal").sum() for x in (credit, base))
    assert lent > before + 500 * MILLION
    assert abs(credit.outcome("spent") - base.outcome("spent")) < 5 * MILLION  # defaults, subsidy
    # Who borrows: fewer of the better-off half of their villages, more of the registered.
    assert _share_of_borrowers(credit, "rank_half") < _share_of_borrowers(base, "rank_half") - 0.05
    assert _share_of_borrowers(credit, "registered") > _share_of_borrowers(base, "registered")
    # In the year of the loans there is interest to pay and little to sell: nobody is lifted yet.
    assert 0 < credit.outcome("fgt0") - base.outcome("fgt0") < 0.001


def _share_of_borrowers(lived: Lived, column: str) -> float:
    h = lived.model.households
    lenders = ("loan_guarantee", "microfinance", "subsidised_loans")
    bits = sum(int(programme_of(lived.model, key).bit) for key in lenders)
    rows = np.flatnonzero(h.reached & REACHED(bits))
    weight = programme_of(lived.model, lenders[0]).weight_of(rows)
    return float(np.average(getattr(h, column)[rows] > 0, weights=weight))


def test_more_move_on_the_plateau(runs: Runs, base: Lived) -> None:
    plan = runs["plateau-relocation-doubled"]
    bashang = ("Zhangbei", "Kangbao", "Guyuan", "Shangyi", "Fengning", "Weichang")
    assert _moved(plan, bashang) > 1.5 * _moved(base, bashang)
    taihang = ("Xingtang", "Pingshan", "Tangxian", "Yixian", "Quyang")
    assert _moved(plan, taihang) == 0 < _moved(base, taihang)
    assert plan.of("relocation")["budget"] == base.of("relocation")["budget"]


def _moved(lived: Lived, counties: tuple[str, ...]) -> int:
    relocation = programme_of(lived.model, "relocation")
    county = relocation.county_of(relocation.village_of(relocation.moved))
    named = [code for name in counties for code in county_index().counties(name)]
    here = np.isin(np.asarray(lived.model.frame.counties.code)[county], named)
    return int(relocation.weight_of(relocation.moved)[here].sum())


def test_money_moves_to_poorer_counties(runs: Runs, base: Lived) -> None:
    plan = runs["poorest-counties-first"]
    fiscal = [i for i, p in enumerate(PROGRAMMES) if p.money == "fiscal"]
    incidence = [
        x.incidence_where(x.model.ledger.delivered[fiscal].sum((0, 2))) for x in (plan, base)
    ]
    assert incidence[0] > incidence[1] + 0.02
    served = programme_of(plan.model, "village_advancement").serves
    for key in ("rural_works", "skills_training", "practical_training", "household_projects"):
        np.testing.assert_array_equal(programme_of(plan.model, key).serves, served)
    named = tuple(np.asarray(plan.model.frame.counties.code)[served].tolist())
    share = _registered_share(plan.model, named)
    others = _registered_share(plan.model, _key_counties_without(named))
    assert len(named) == 21 and share > 1.3 * others


def _key_counties_without(codes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(code for code in county_index().counties("key") if code not in codes)


def _registered_share(model: PovertyModel, codes: tuple[int, ...]) -> float:
    here = np.isin(np.asarray(model.frame.counties.code), codes)
    weight = model.villages.weight
    registered = model.sum_by_county(model.at_start.village_registered * weight)
    persons = model.sum_by_county(model.at_start.village_persons * weight)
    return float(registered[here].sum() / persons[here].sum())


def test_disclosure_lowers_losses_and_reaches_more_of_the_poor(runs: Runs, base: Lived) -> None:
    plan = runs["open-disclosure-everywhere"]
    grants = ("fiscal", "social")
    shares = [
        x.money("lost", *grants) / (x.money("lost", *grants) + x.money("delivered", *grants))
        for x in (plan, base)
    ]
    assert shares[0] < shares[1] - 0.01
    assert plan.counts("project_management")["villages"] > 4_500  # all that were not open, of 7,102
    for key in ("household_projects", "paired_assistance"):
        assert _registered_served(plan, key) > _registered_served(base, key)


def _registered_served(lived: Lived, key: str) -> float:
    counts = lived.counts(key)
    return counts["registered_households"] / counts["households"]


def test_a_cut_of_a_third_delivers_a_third_less_and_lifts_fewer(runs: Runs, base: Lived) -> None:
    plan = runs["cut-of-a-third"]
    for programme in DOCUMENT.programmes.active():
        part = plan.of(programme.key)["budget"] / max(base.of(programme.key)["budget"], 1)
        assert part == pytest.approx(2 / 3 if programme.money == "fiscal" else 1, abs=1e-6)
    assert plan.money("delivered", "fiscal") == pytest.approx(
        base.money("delivered", "fiscal") * 2 / 3, rel=0.04
    )
    assert plan.outcome("lifted") < base.outcome("lifted")
    assert plan.outcome("income_poor_end") > base.outcome("income_poor_end")


def test_three_years_money_leaves_more_unspent(runs: Runs, base: Lived) -> None:
    plan = runs["three-years-money-in-one"]
    for programme in PROGRAMMES:
        assert plan.of(programme.key)["budget"] == 3 * base.of(programme.key)["budget"]
    assert plan.money("unspent", "fiscal", "social") > 3 * base.money("unspent", "fiscal", "social")
    assert plan.money("delivered", "fiscal") < 3 * base.money("delivered", "fiscal")
    # Where places, officers or jobs bound already, more money does nothing.
    assert plan.counts("loan_guarantee")["loans"] < 1.1 * base.counts("loan_guarantee")["loans"]
    assert plan.outcome("income_poor_end") < base.outcome("income_poor_end")
