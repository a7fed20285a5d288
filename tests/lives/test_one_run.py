"""One run to one result: outcomes are read off the model, and bytes do not depend on processes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from five_counties import FOUR, THIN, fresh_start, lived, plan, programme
from fupin import paths
from fupin.engine.one_scenario import run
from fupin.files.to_json import to_json
from fupin.lives.additional import KEYS as TWIN_KEYS
from fupin.lives.one_run import simulate
from fupin.lives.summary import summarise
from fupin.model import PovertyModel
from fupin.results.draws import CENTRAL, Draw
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, RunResult
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS, PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.state.limits import Limit
from fupin.world.start import live_history
from reported import report


def thin(name: str = "2009-document", sample: str | float = THIN) -> Scenario:
    """A scenario of ours in a small sample."""
    scenario = load_scenario(paths.scenarios() / f"{name}.yaml")
    population = scenario.population.model_copy(update={"sample": sample})
    return scenario.model_copy(update={"population": population})


def result_of(model: PovertyModel) -> RunResult:
    return report(model, "central", model.run_seed)


def text_of(results: list[RunResult]) -> str:
    return to_json(summarise(results, PROGRAMME_KEYS))


# -- bytes -----------------------------------------------------------------------------------------


def test_summary_is_the_same_from_one_process_two_and_another_day() -> None:
    scenario = thin().model_copy(update={"horizon": 2009})  # as workers know it
    seeds = [1, 2]
    draws = [CENTRAL, Draw("dear", {"programmes.training_unit_cost": 2_500.0})]
    here = run(scenario, draws, seeds, 1, simulate)
    pooled = run(scenario, draws, seeds, 2, simulate)
    assert text_of(here) == text_of(pooled)
    assert text_of(here[:1]) == text_of([simulate(scenario, CENTRAL, 1)])
    for one, other in zip(here, pooled, strict=True):
        assert one.tables.keys() == other.tables.keys()
        for name, table in one.tables.items():
            for column, values in table.items():
                assert np.array_equal(values, other.tables[name][column]), (name, column)
    # and the draw and the seed do matter
    assert len({text_of([r]) for r in here}) == 4


def test_a_model_built_by_hand_gives_what_simulate_gives() -> None:
    model = PovertyModel(thin(), rng=3)
    while model.running:
        model.step()
    plain = simulate(thin(), CENTRAL, 3, twins=False)
    assert text_of([report(model, "central", 3)]) == text_of([plain])


@pytest.mark.parametrize("off", ["off", {"budget": 0}])
def test_no_money_is_off_in_the_whole_province(off: Any) -> None:
    """Budget 0 or `off` gives the bytes of the document's world without programmes."""
    keys = ("village_advancement", "relocation", "skills_training", "microfinance")
    old = {"mutual_funds.old_villages": 352, "mutual_funds.all_villages": 727}  # as the book has it
    rest = {"population": {"sample": THIN}, "parameters": old}
    one = simulate(plan(programmes=dict.fromkeys(keys, off), **rest), CENTRAL, 1)
    absent = simulate(plan(**rest), CENTRAL, 1)
    ours = simulate(thin("2009-no-programmes"), CENTRAL, 1)
    assert text_of([one]) == text_of([absent]) == text_of([ours])
    assert one.outcomes["spent"] == 0
    assert one.outcomes["lifted"] != 0  # growth goes on


# -- outcomes --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_years() -> tuple[PovertyModel, RunResult]:
    model = lived(end="2010-12", programmes=FOUR)
    return model, result_of(model)


def test_every_outcome_is_there_once_and_possible(two_years) -> None:
    _, result = two_years
    assert list(result.outcomes) == list(OUTCOMES)
    assert list(result.programmes) == list(PROGRAMME_KEYS)
    assert tuple(result.programmes) == PROGRAMME_KEYS
    parts: list[Mapping[str, Any]] = [
        {"outcomes": result.outcomes, "programmes": result.programmes},
        *result.by_year.values(),
    ]
    for part in parts:
        for key, outcome in OUTCOMES.items():
            value = part["outcomes"][key]
            if value is None:
                assert key in TWIN_KEYS
                continue
            assert math.isfinite(value)
            assert outcome.least is None or value >= outcome.least, key
            assert outcome.most is None or value <= outcome.most, key
        for row in part["programmes"].values():
            assert list(row) == list(PROGRAMME_OUTCOMES)
            assert all(v >= 0 for v in row.values())


def test_stocks_chain_flows_add_and_indices_are_the_last(two_years) -> None:
    model, result = two_years
    first, second = (result.by_year[y]["outcomes"] for y in (2009, 2010))
    whole = result.outcomes
    for stock in ("registered_poor", "income_poor", "survey_poor"):
        assert first[f"{stock}_end"] == second[f"{stock}_start"]
        assert whole[f"{stock}_start"] == first[f"{stock}_start"]
        assert whole[f"{stock}_end"] == second[f"{stock}_end"]
    for flow in ("lifted", "gross_exits", "entries", "trained", "placed", "spent"):
        assert whole[flow] == first[flow] + second[flow], flow
    for index in ("fgt0", "fgt1", "fgt2", "gini", "mean_income"):
        assert whole[index] == second[index] != first[index]
    assert whole["lifted"] == whole["registered_poor_start"] - whole["registered_poor_end"]
    assert whole["fgt0"] >= whole["fgt1"] >= whole["fgt2"]
    assert whole["income_poor_end"] == model.measured[2010].income_poor
    for key in PROGRAMME_KEYS:
        for name in PROGRAMME_OUTCOMES:
            parts = [result.by_year[y]["programmes"][key][name] for y in (2009, 2010)]
            whole_ = parts[-1] if PROGRAMME_OUTCOMES[name].kind == "stock" else sum(parts)
            assert result.programmes[key][name] == whole_, (key, name)


def test_every_yuan_of_a_budget_is_delivered_lost_or_unspent(two_years) -> None:
    _, result = two_years
    for key in ("village_advancement", "relocation", "skills_training"):
        row = result.programmes[key]
        assert row["budget"] == 2 * FOUR[key]["budget"]
        assert row["budget"] == row["delivered"] + row["lost"] + row["unspent"]
    loans = result.programmes["microfinance"]
    assert loans["delivered"] > loans["budget"] - loans["unspent"]  # money that came back, too
    assert loans["lost"] == 0
    for key in set(PROGRAMME_KEYS) - set(FOUR):
        assert set(result.programmes[key].values()) == {0.0}


def test_spent_is_fiscal_money_and_defaults_and_no_principal(two_years) -> None:
    model, result = two_years
    fiscal = [p.key for p in PROGRAMMES if p.money == "fiscal"]
    cost = sum(result.programmes[k]["delivered"] + result.programmes[k]["lost"] for k in fiscal)
    borne = int(model.ledger.defaults_borne.sum())
    assert result.outcomes["spent"] == cost + borne
    assert borne < result.programmes["microfinance"]["delivered"]


def test_rates_of_a_year_are_shares_even_where_people_wait_for_the_next() -> None:
    """Trained late in 2009, placed in 2010, when hardly anybody is trained."""
    late = {"budget": {2009: 6_000_000, 2010: 300_000}, "jobs_per_month": 120}
    result = result_of(lived(end="2010-12", programmes={"skills_training": late}))
    rates = [result.by_year[y]["outcomes"]["employment_rate"] for y in (2009, 2010)]
    assert all(0 < rate <= 1 for rate in rates)
    second = result.by_year[2010]["outcomes"]
    assert second["placed"] > second["trained"]  # the plain ratio would exceed one
    assert min(rates) <= result.outcomes["employment_rate"] <= max(rates)


def test_absent_programmes_have_no_rates_and_no_people() -> None:
    outcomes = result_of(lived()).outcomes
    assert outcomes["employment_rate"] is None
    assert outcomes["repayment_rate"] is None
    assert outcomes["trained"] == outcomes["placed"] == outcomes["spent"] == 0
    no_jobs = {"skills_training": {"budget": 4_000_000, "jobs_per_month": 0}}
    assert result_of(lived(programmes=no_jobs)).outcomes["employment_rate"] == 0


def test_the_counting_rule_says_who_counts() -> None:
    register, survey = (result_of(lived(counting=c)).outcomes for c in ("register", "survey"))
    assert survey["registered_poor_start"] == register["survey_poor_start"]
    assert survey["registered_poor_end"] == register["survey_poor_end"]
    assert survey["lifted"] == register["survey_poor_start"] - register["survey_poor_end"]
    assert survey["lifted"] != register["lifted"]
    for key in ("income_poor_end", "gross_exits", "entries", "gini"):  # what happens is the same
        assert survey[key] == register[key]
    quota = result_of(lived(counting="quota", quota=20_000)).outcomes
    assert quota["gross_exits"] - quota["entries"] == pytest.approx(20_000, abs=12)
    assert quota["income_poor_end"] == register["income_poor_end"]


def test_recognition_lifts_without_any_income() -> None:
    with_, without = (
        result_of(lived(programmes=FOUR, recognition=r)).outcomes for r in (True, False)
    )
    assert with_["lifted"] != without["lifted"]
    assert with_["gross_exits"] > without["gross_exits"]
    for key in ("income_poor_end", "mean_income", "fgt1", "gini", "placed", "spent"):
        assert with_[key] == without[key]


def test_tables_add_up_to_the_summary(two_years) -> None:
    model, result = two_years
    villages, counties = result.tables["village_by_year"], result.tables["county_by_year"]
    for year in (2009, 2010):
        v, c = villages["year"] == year, counties["year"] == year
        assert v.sum() == model.villages.id.size
        assert c.sum() == 172
        end = result.by_year[year]["outcomes"]["registered_poor_end"]
        assert (villages["registered"] * villages["weight"])[v].sum() == end
        assert counties["registered_poor"][c].sum() == end
        poor = result.by_year[year]["outcomes"]["income_poor_end"]
        assert counties["income_poor"][c].sum() == pytest.approx(poor, abs=1)
        mean = counties["income_yuan"][c].sum() / counties["persons"][c].sum()
        assert mean == pytest.approx(result.by_year[year]["outcomes"]["mean_income"], rel=1e-9)
    ledger = result.tables["ledger_by_month"]
    for key in FOUR:
        rows = ledger["programme"] == key
        assert ledger["delivered"][rows].sum() == result.programmes[key]["delivered"]
        assert ledger["lost"][rows].sum() == result.programmes[key]["lost"]
    limits = result.tables["limits_by_month"]
    for key, values in result.programmes.items():
        rows = limits["programme"] == key
        assert limits["unspent"][rows].sum() == values["unspent"], key
    assert set(limits["limit"]) <= {limit.name.lower() for limit in Limit} - {"none"}
    assert (limits["left"] + limits["unspent"] > 0).all()
    months = result.tables["province_by_month"]
    assert months["calendar"].tolist()[0] == "2008-12"
    assert len(months["calendar"]) == 25
    shares = [
        result.tables["province_by_year"][f"share_{s}"]
        for s in ("farm", "business", "wage", "property", "transfer")
    ]
    assert np.sum(shares, axis=0) == pytest.approx(1.0)
    counts = result.tables["programme_counts_by_year"]
    row = (counts["programme"] == "skills_training") & (counts["count"] == "enrolled")
    expected = [
        programme(model, "skills_training").counts_by_year[y]["enrolled"] for y in (2009, 2010)
    ]
    assert counts["value"][row].tolist() == expected


# -- the document's plan ---------------------------------------------------------------------------


def twins(sample: str | float, seed: int) -> list[dict[str, float | None]]:
    """Outcomes of the document's plan and of its world without programmes."""
    out = []
    for name in ("2009-document", "2009-no-programmes"):
        model = PovertyModel(thin(name, sample), rng=seed)
        while model.running:
            model.step()
        out.append(report(model, "central", seed).outcomes)
    return out


def assert_the_plan_helps(on: dict[str, Any], off: dict[str, Any]) -> None:
    for stock in ("registered_poor_start", "income_poor_start", "survey_poor_start"):
        assert on[stock] == off[stock]
    assert on["lifted"] > off["lifted"]
    assert on["income_poor_end"] < off["income_poor_end"]
    assert on["fgt1"] < off["fgt1"]
    assert on["mean_income"] > off["mean_income"]
    # by far the most of the fall is growth, not the year's programmes
    assert on["lifted"] - off["lifted"] < 0.2 * on["lifted"]
    assert on["spent"] > 300_000_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_documents_programmes_lift_and_reduce_poverty(seed: int) -> None:
    assert_the_plan_helps(*twins(0.05, seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_documents_programmes_in_the_default_sample(seed: int) -> None:
    assert_the_plan_helps(*twins("default", seed))


def test_a_start_that_was_lived_before_gives_the_same_run() -> None:
    """Twins may share a history: nothing of a run leaks into it."""
    scenario = plan(programmes=FOUR)
    one = PovertyModel(scenario, rng=1, start=fresh_start(scenario))
    while one.running:
        one.step()
    other = PovertyModel(scenario, rng=1, start=fresh_start(scenario))
    while other.running:
        other.step()
    assert text_of([result_of(one)]) == text_of([result_of(other)])
    start = live_history(thin(), 1)
    prepared = PovertyModel(thin(), rng=1, start=start)
    while prepared.running:
        prepared.step()
    plain = simulate(thin(), CENTRAL, 1, twins=False)
    assert text_of([result_of(prepared)]) == text_of([plain])
