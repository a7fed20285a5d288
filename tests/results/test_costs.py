"""Who pays: parts sum to the yuan, departments' money and capital are counted, interest is not."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from five_counties import begin, counts, live, lived, plan, programme
from fupin.lives.one_run import simulate
from fupin.lives.summary import summarise
from fupin.model import PovertyModel
from fupin.results.costs import PAYERS, by_payer, sums_by
from fupin.results.draws import CENTRAL
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, RunResult
from fupin.scenario.programmes import CLASS_OF, PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.state.ledger import Ledger
from fupin.store.tables import gather, scatter
from hypothesis import given
from hypothesis import strategies as st
from reported import report
from sixteen import ALL, BANKS, CASES

LENDERS = (*BANKS, "microfinance")
FREE = {"costs.opportunity_rate": 0.0, "costs.bank_running_cost": 0.0,
        "costs.microfinance_running_cost": 0.0}  # fmt: skip


@cache
def two_years() -> PovertyModel:
    every_month = {k: {n: v for n, v in s.items() if n != "to"} for k, s in ALL.items()}
    return live(plan(end="2010-12", programmes=every_month))


@cache
def record() -> RunResult:
    return report(two_years(), "central", 1)


def test_payers_and_programmes_sum_to_the_plan_to_the_yuan() -> None:
    result = record()
    table = result.tables["costs_by_payer"]
    for year, part in result.by_year.items():
        whole = part["outcomes"]["resource_cost"]
        assert sums_by(table, "year")[(year,)] == whole
        assert sum(v["resource_cost"] for v in part["programmes"].values()) == whole
        assert sum(v["spent"] for v in part["programmes"].values()) == part["outcomes"]["spent"]
        for key, values in part["programmes"].items():
            paid = sums_by(table, "year", "programme").get((year, key), 0)
            assert paid == values["resource_cost"], key
    assert sums_by(table)[()] == result.outcomes["resource_cost"] > result.outcomes["spent"]
    years = [part["outcomes"]["resource_cost"] for part in result.by_year.values()]
    assert sum(years) == result.outcomes["resource_cost"]


def test_each_payer_pays_for_what_is_its_own() -> None:
    paid = sums_by(record().tables["costs_by_payer"], "programme", "payer")
    by_departments = {key for key, payer in paid if payer == "departments" and paid[key, payer]}
    assert by_departments == {"rural_works", "paired_assistance", "technology"}
    by_lenders = {key for key, payer in paid if payer == "lenders" and paid[key, payer]}
    assert by_lenders == set(LENDERS)
    assert paid["subsidised_loans", "fiscal"] > 0  # the subsidy
    for key in PROGRAMME_KEYS:
        if CLASS_OF[key] in ("fiscal", "social"):
            spent = record().programmes[key]["spent"]
            assert paid[key, CLASS_OF[key]] == spent > 0, key
    assert all(paid["enterprise_projects", payer] == 0 for payer in PAYERS)


@given(st.data())
def test_payers_sum_to_the_resource_cost_of_any_accounts(data: st.DataObject) -> None:
    ledger = Ledger(PROGRAMME_KEYS, 2, 2)
    yuan = st.integers(0, 10**9)
    for _ in range(2):
        for p in range(len(PROGRAMME_KEYS)):
            for act in (
                ledger.subsidise_interest, ledger.bear_default, ledger.add_of_others,
                ledger.pay_interest,
            ):  # fmt: skip
                act(p, data.draw(st.integers(0, 1)), data.draw(yuan))
        ledger.charge_lending(3, 0, data.draw(yuan), data.draw(yuan))
        ledger.close_month()
    found = by_payer(ledger)
    expected = dict(zip(PROGRAMME_KEYS, ledger.resource_cost(CLASS_OF).tolist(), strict=True))
    assert {key: sum(paid.values()) for key, paid in found.items()} == expected


# -- departments -----------------------------------------------------------------------------------


@pytest.mark.parametrize("match", [0.0, 2.0, 4.0])
def test_works_cost_what_departments_add_to_them(match: float) -> None:
    """Four fifths of what they promise; a person is dearer by as much, and spent stays."""
    settings = CASES["rural_works"].settings | {"department_match": match}
    model = lived(programmes={"rural_works": settings})
    values = report(model, "central", 1).programmes["rural_works"]
    more = values["resource_cost"] - values["spent"]
    assert more == counts(model, "rural_works")["department_yuan"]
    delivered = values["delivered"]
    assert more == pytest.approx(match * model.values["rural_works.promises_kept"] * delivered)
    assert (values["resource_cost"] > values["spent"]) == (match > 0)


@pytest.mark.parametrize("key", ["paired_assistance", "technology"])
def test_who_is_sent_to_a_village_is_paid_by_somebody(key: str) -> None:
    one, double = (
        live(plan(programmes={key: ALL[key]}, parameters={"costs.public_wage": wage}))
        for wage in (20_000.0, 40_000.0)
    )
    added = [int(m.ledger.added_by_others[programme(m, key).index].sum()) for m in (one, double)]
    assert added[1] == pytest.approx(2 * added[0], rel=1e-4)
    values = one.world.values
    if key == "technology":
        visits = counts(one, key)["villages"]
        each = round(values["technology.team"] * 20_000 * values["costs.technician_time"])
        assert added[0] == visits * each > 0
    else:
        teams = int(one.villages.weight @ programme(one, key).has_cadres)
        cadres = teams * round(values["paired_assistance.cadre_team"])
        assert added[0] == pytest.approx(cadres * 20_000 * values["costs.cadre_time"], rel=1e-4)


# -- lenders ---------------------------------------------------------------------------------------


def _lived_with_books(key: str, **parameters: float) -> tuple[PovertyModel, npt.NDArray[np.int64]]:
    """The model, and what its books had out at the start of each month by county, (C, months)."""
    settings = CASES[key].settings | ({"enterprise_share": 0} if key == "subsidised_loans" else {})
    model = begin(plan(end="2010-12", programmes={key: settings}, parameters=parameters))
    lender = programme(model, key)
    out = []
    while model.running:
        owed = np.zeros(model.world.counties, np.int64)
        np.add.at(owed, lender.county_of(lender.village_of(lender.loans.borrower)),
                  lender.weight_of(lender.loans.borrower) * lender.loans.owed)  # fmt: skip
        out.append(owed)
        model.step()
    return model, np.stack(out, axis=1)


@pytest.mark.parametrize("key", LENDERS)
def test_capital_and_offices_are_charged_month_by_month_on_what_is_out(key: str) -> None:
    model, out = _lived_with_books(key)
    assert out.any()
    index, values = programme(model, key).index, model.world.values
    own = "microfinance_running_cost" if key == "microfinance" else "bank_running_cost"
    for column, rate in (("capital_charge", "opportunity_rate"), ("running_cost", own)):
        expected = np.rint(values[f"costs.{rate}"] / 12.0 * out).astype(np.int64)
        assert (getattr(model.ledger, column)[index] == expected).all(), column


@pytest.mark.parametrize("key", LENDERS)
def test_without_cost_of_capital_and_offices_interest_is_a_lenders_gain(key: str) -> None:
    model, _ = _lived_with_books(key, **FREE)
    index = programme(model, key).index
    interest = int(model.ledger.interest_paid[index].sum())
    subsidy = int(model.ledger.interest_subsidy[index].sum())
    spent = int(model.ledger.spent(CLASS_OF)[index])
    assert interest > 0
    assert model.ledger.resource_cost(CLASS_OF)[index] == spent - interest - subsidy < 0


def test_what_enterprises_borrow_costs_capital_too() -> None:
    """All money of a bank goes to enterprises for a year: 8% of it, less 5% that they pay."""
    settings = {"budget": 12_000_000, "enterprise_share": 1, "to": "2009-01"}
    model = live(plan(end="2010-12", programmes={"subsidised_loans": {**settings}}))
    index = programme(model, "subsidised_loans").index
    paid = by_payer(model.ledger)["subsidised_loans"]
    ledger = model.ledger
    assert ledger.principal[index].sum() == 12_000_000
    assert ledger.capital_charge[index].sum() == pytest.approx(0.08 * 12e6, rel=1e-4)
    assert ledger.interest_paid[index].sum() == pytest.approx(0.05 * 12e6, rel=1e-4)
    assert paid["fiscal"] == pytest.approx(0.03 * 12e6, rel=1e-4)
    assert paid["lenders"] == pytest.approx((0.08 + 0.03 - 0.05 - 0.03) * 12e6, rel=1e-3)


def test_what_others_pay_changes_nobody() -> None:
    """Costs are read off the world: other rates and wages, the same lives."""
    programmes = {k: ALL[k] for k in ("subsidised_loans", "paired_assistance", "rural_works")}
    dear = {"costs.opportunity_rate": 0.3, "costs.public_wage": 90_000.0}
    one, other = (live(plan(programmes=programmes, parameters=p)) for p in ({}, dear))
    for name, column in zip(one.households._fields, one.households, strict=True):
        assert column.tobytes() == getattr(other.households, name).tobytes(), name
    first, second = (report(m, "central", 1).outcomes for m in (one, other))
    assert first["spent"] == second["spent"]
    assert first["resource_cost"] < second["resource_cost"]


# -- summaries and results of an older fupin -------------------------------------------------------


def _small(**programmes: Any) -> Scenario:
    return Scenario.model_validate(
        {"name": "small", "population": {"sample": 0.01}, "programmes": programmes}
    )


@cache
def _runs() -> list[RunResult]:
    scenario = _small(rural_works={"budget": 150_000_000}, microfinance={"budget": 30_000_000})
    return [simulate(scenario, CENTRAL, seed) for seed in (1, 2)]


def test_a_summary_says_who_pays_and_how_many_are_out_of_poverty_for_it() -> None:
    runs = _runs()
    summary = summarise(runs, PROGRAMME_KEYS)
    payers = summary["payers"]
    whole = sum(of["mean"] for of in payers[""].values())
    assert whole == pytest.approx(summary["outcomes"]["resource_cost"]["mean"])
    for payer in PAYERS:
        parts = [payers[key][payer]["mean"] for key in payers if key]
        assert sum(parts) == pytest.approx(payers[""][payer]["mean"])
    for name, impact in summary["impact"].items():
        persons = [run.outcomes["additional_out_of_poverty"] for run in runs]
        yuan = [run.outcomes[name] for run in runs]
        assert None not in persons + yuan
        assert impact["mean"] == pytest.approx(sum(persons) / sum(yuan) * 10_000)
        assert impact["low"] < impact["mean"] < impact["high"]
    assert summary["impact"]["resource_cost"]["mean"] < summary["impact"]["spent"]["mean"]


def test_runs_of_an_older_fupin_are_read_without_what_it_did_not_know() -> None:
    table = gather(_runs())["runs"]
    new = ("resource_cost", "additional_out_of_poverty")
    old = ~np.isin(table["outcome"], new) & ~(
        (table["programme"] != "") & (table["outcome"] == "spent")
    )
    read = scatter({name: column[old] for name, column in table.items()})
    assert len(read) == 2
    for run, before in zip(read, _runs(), strict=True):
        assert list(run.outcomes) == [k for k in OUTCOMES if k not in new] + list(new)
        assert all(run.outcomes[key] is None for key in new)
        assert run.outcomes["spent"] == before.outcomes["spent"]
        values = run.programmes["rural_works"]
        assert set(values) == set(PROGRAMME_OUTCOMES) and values["resource_cost"] is None
    assert summarise(read, PROGRAMME_KEYS)["outcomes"]["resource_cost"]["mean"] is None
