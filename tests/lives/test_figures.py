"""The document's figures in a run: counted in frame, plan and programmes, never typed in."""

from __future__ import annotations

import ast
import inspect
import math
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from five_counties import THIN, lived
from fupin import paths
from fupin.lives import figures, reading
from fupin.lives.one_run import simulate
from fupin.lives.summary import summarise
from fupin.model import PovertyModel
from fupin.parameters import document
from fupin.parameters.document import load_document
from fupin.report.terminal.document import NOT_MODELLED, OFF, Comparison, compare
from fupin.results.draws import CENTRAL
from fupin.results.outcome import RunResult
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS, PROGRAMMES
from fupin.scenario.schema import Scenario
from reported import report

ROWS = {row.id: row for row in load_document()}
HALVED = ("rural_works", "household_projects", "microfinance", "paired_assistance")
SMALL = {"household_projects": {"budget": 20_000_000}, "rural_works": {"budget": 9_000_000}}


def scenario(name: str = "2009-document", **programmes: Any) -> Scenario:
    """A scenario of ours in a small sample; `programmes` replace settings of some."""
    plan = load_scenario(paths.scenarios() / f"{name}.yaml")
    population = plan.population.model_copy(update={"sample": THIN})
    settings = {
        key: plan.programmes.of(key).model_copy(update=changes)
        for key, changes in programmes.items()
    }
    return plan.model_copy(
        update={
            "population": population,
            "programmes": plan.programmes.model_copy(update=settings),
        }
    )


def model_of(plan: Scenario) -> PovertyModel:
    model = PovertyModel(plan, rng=1)
    while model.running:
        model.step()
    return model


@pytest.fixture(scope="module")
def model() -> PovertyModel:
    """The document's plan at its end."""
    return model_of(scenario())


@pytest.fixture(scope="module")
def run(model: PovertyModel) -> RunResult:
    return report(model, "central", 1)


@pytest.fixture(scope="module")
def found(run: RunResult) -> dict[str, float]:
    return {key: value for key, value in run.figures.items() if value is not None}


def rows_of(run: RunResult) -> dict[str, Comparison]:
    return {row.id: row for row in compare(ROWS.values(), summarise([run], PROGRAMME_KEYS))}


# -- every row, once, from the run ---------------------------------------------------------------


def test_every_quantity_has_a_number_in_the_document_s_plan(run: RunResult) -> None:
    assert list(run.figures) == list(figures.figures())
    for key, value in run.figures.items():
        assert value is not None and math.isfinite(value), key
    assert len(figures.figures()) >= 80


def test_every_row_is_compared_once_with_its_role(run: RunResult) -> None:
    rows = compare(ROWS.values(), summarise([run], PROGRAMME_KEYS))
    assert [row.id for row in rows if row.id] == list(ROWS)
    for row in rows:
        if row.id:
            assert row.role == ROWS[row.id].role
            assert (row.model == NOT_MODELLED) == bool(ROWS[row.id].not_modelled)
            assert row.model not in (OFF, "·")


def _numbers_in(module: ModuleType) -> set[float]:
    tree = ast.parse(inspect.getsource(module))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    }  # fmt: skip


@pytest.mark.parametrize("module", [figures, reading])
def test_no_figure_is_typed_in(module: ModuleType) -> None:
    """No number but bounds, units, years and the one yuan of rounding in a village's plan."""
    assert _numbers_in(module) <= {0, 1, -1}
    assert "parameters.document" not in "\n".join(
        line for line in inspect.getsource(module).splitlines() if "import" in line
    )


def test_another_document_changes_no_figure(
    model: PovertyModel, run: RunResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tuple(replace(row, value=7 * row.value + 1) for row in ROWS.values())
    monkeypatch.setattr(document, "load_document", lambda file=None: other)
    assert report(model, "central", 1).figures == run.figures
    assert document.find_row("S40").value == 7 * ROWS["S40"].value + 1


# -- what each role means ------------------------------------------------------------------------


def test_inputs_are_the_frame_s(model: PovertyModel, found: dict[str, float]) -> None:
    frame, counties = model.frame, model.frame.counties
    assert found["S02"] == counties.residents.sum()
    assert (found["S03"], found["S04"]) == (len(counties.prefectures_en), len(counties))
    assert found["S05"] + found["S06"] == (counties.key > 0).sum() == found["S72"]
    assert found["S15"] == model.villages.weight[frame.villages.listed].sum()
    assert found["S10"] < found["S72"] and found["S11"] < found["S15"]
    assert found["S35"] + found["S38"] == len(frame.communities)
    # These follow from where the document's own numbers were put in.
    for name in ("S03", "S04", "S05", "S06", "S10", "S11", "S15", "S33", "S35", "S38", "S72"):
        assert found[name] == ROWS[name].value, name


def test_inputs_are_the_plan_s(model: PovertyModel, found: dict[str, float]) -> None:
    plan = model.plan.programmes
    assert plan.village_advancement.lottery is not None
    assert plan.paired_assistance.central_units is not None
    fiscal = [programme.key for programme in PROGRAMMES if programme.money == "fiscal"]
    assert found["S18"] == sum(plan.of(key).budget_in(2009) for key in fiscal)
    assert found["S28"] == plan.village_advancement.lottery.villages
    assert found["S29"] == plan.village_advancement.lottery.budget_in(2009)
    assert found["S39"] == plan.skills_training.budget_in(2009)
    assert found["S44"] == plan.household_projects.budget_in(2009)
    assert found["S49"] == plan.household_projects.zones
    assert found["S62"] + found["S63"] == plan.integrated_funds.budget_in(2009)
    assert found["S73"] == plan.paired_assistance.central_units.budget_in(2009)
    assert found["S64"] + found["S73"] == found["S20"]
    assert found["S80"] == plan.enterprise_projects.projects
    assert found["S83"] == plan.technology.items


def test_outcomes_are_those_of_the_run(model: PovertyModel, run: RunResult) -> None:
    assert run.figures["S17"] == run.outcomes["registered_poor_end"]
    assert run.figures["S27"] == run.outcomes["lifted"]
    assert run.figures["S42"] == run.outcomes["employment_rate"]
    there, share = run.figures["S12"], run.figures["S13"]
    assert there is not None and share is not None
    assert 0 < there < (run.figures["S17"] or 0)
    assert share == pytest.approx(there / (run.figures["S17"] or 1))
    inside = model.frame.counties.within("named_prefectures")
    assert there == model.registered_by_county[inside].sum()


def test_the_first_listing_is_counted_where_it_is_lived(model: PovertyModel) -> None:
    """It is the register of 2001, and nothing that follows depends on its being counted."""
    from fupin.world.start import settle_people

    start = settle_people(model.plan, 1)
    moments = start.core.run(start.levels, 2001)
    listing = start.core.first_listing
    assert listing == model.world.core.first_listing
    assert listing.poor == moments[0].registered
    assert 0 < listing.absolute < listing.poor
    assert listing.low_income == listing.poor - listing.absolute


def test_eight_years_of_money_are_the_past_s_and_the_plan_s(found: dict[str, float]) -> None:
    assert found["S18"] < found["S14"]
    bare = report(model_of(scenario("2009-no-programmes")), "central", 1).figures
    assert bare["S14"] == pytest.approx(found["S14"] - found["S18"])


# -- another plan --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def halved() -> RunResult:
    plan = scenario()
    half: dict[str, dict[str, Any]] = {
        key: {"budget": plan.programmes.of(key).budget_in(2009) // 2} for key in HALVED
    }
    # 235 million are for the projects of helping units; without central units that is all.
    half["paired_assistance"] = {"budget": 235_000_000 // 2, "central_units": None}
    return report(model_of(scenario(**half)), "central", 1)


@pytest.mark.parametrize("name", ["S23", "S24", "S25", "S26", "S22", "S46", "S68", "S69", "S76"])
def test_half_the_money_delivers_much_less(
    name: str, halved: RunResult, found: dict[str, float]
) -> None:
    here = halved.figures[name]
    assert ROWS[name].role in ("delivered", "fitted")
    assert here is not None and 0 < here < 0.85 * found[name]  # few villages, some large


def test_half_the_money_is_shown_as_half(halved: RunResult, found: dict[str, float]) -> None:
    assert halved.figures["S44"] == found["S44"] / 2
    assert halved.figures["S75"] == found["S75"] - 15_000_000  # earlier years are an input
    assert halved.figures["S73"] is None  # a part that this plan does not have
    assert rows_of(halved)["S73"].model == "·"
    for name in ("S39", "S28", "S79"):
        assert (halved.figures[name] == found[name]) == (name != "S79")


def test_a_dearer_unit_delivers_less(found: dict[str, float]) -> None:
    plan = scenario(practical_training={"unit_cost": 10_000}, rural_works={"unit_cost": 9_000})
    few = report(model_of(plan), "central", 1).figures
    assert (few["S23"] or 0) < 0.5 * found["S23"]
    assert few["S25"] == found["S25"]  # another unit, another price


def test_other_counties_and_places_are_counted() -> None:
    plan = scenario(
        loan_guarantee={"rollout": True},
        household_projects={"zones": 3},
        microfinance={"budget": 0},
    )
    run = report(model_of(plan), "central", 1)
    assert run.figures["S58"] == 52
    assert run.figures["S49"] == 3
    rows = rows_of(run)
    assert {rows[name].model for name in ("S74", "S75", "S76", "S77")} == {OFF}
    assert rows["S21"].model != OFF


def test_without_programmes_rows_are_off() -> None:
    rows = rows_of(simulate(scenario("2009-no-programmes"), CENTRAL, 1))
    for name, row in rows.items():
        if not name or ROWS[name].not_modelled:
            continue
        assert (row.model == OFF) == (ROWS[name].programme != "overview"), name
        assert row.model != "·", name
    assert rows["S17"].deviation is not None


# -- periods -------------------------------------------------------------------------------------


def test_of_several_years_the_document_s_is_compared() -> None:
    model = lived(end="2010-12", programmes=SMALL)
    run = report(model, "central", 1)
    first = run.by_year[2009]
    assert run.figures["S46"] == first["programmes"]["household_projects"]["households"]
    assert run.figures["S44"] == 20_000_000
    assert run.figures["S17"] == first["outcomes"]["registered_poor_end"]
    assert run.figures["S27"] == first["outcomes"]["lifted"]


OF_A_YEAR = ("S18", "S27", "S42", "S44", "S46")
AT_ITS_END = ("S12", "S17")
SAID = ("S01", "S15", "S47", "S82")


@pytest.mark.parametrize(
    ("start", "end", "missing"),
    [
        ("2007-01", "2008-12", {*OF_A_YEAR, *AT_ITS_END}),  # two years stand beside none
        ("2010-01", "2010-12", {*OF_A_YEAR, *AT_ITS_END}),
        ("2009-07", "2010-06", set(OF_A_YEAR)),  # half a year beside none
        ("2009-01", "2009-11", {*OF_A_YEAR, *AT_ITS_END}),
        ("2008-03", "2010-02", set()),
    ],
)
def test_like_stands_beside_like(start: str, end: str, missing: set[str]) -> None:
    """A figure stands beside its own year, whole, or beside nothing."""
    money = {**SMALL, "skills_training": {"budget": 4_000_000}, "technology": {"budget": 300_000}}
    found = report(lived(start=start, end=end, programmes=money), "central", 1).figures
    for name in (*OF_A_YEAR, *AT_ITS_END):
        assert (found[name] is None) == (name in missing), name
    assert all(found[name] is not None for name in SAID)
    assert (found["S14"] is None) == (start[5:] != "01" or "S18" in missing)


def test_no_figure_of_several_years_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its kind, a figure that is set beside the document is of one year or of none."""
    read: list[int] = []
    for key, figure in figures.figures().items():

        def watched(run: Any, measure: Any = figure.measure) -> float | None:
            read.append(len(run.years))
            return measure(run)

        monkeypatch.setitem(figures.figures(), key, replace(figure, measure=watched))
    report(lived(start="2008-01", end="2010-12", programmes=SMALL), "central", 1)
    assert set(read) == {1}


def test_a_survey_is_not_counted_by_prefecture() -> None:
    run = report(lived(counting="survey"), "central", 1)
    assert run.figures["S17"] == run.outcomes["survey_poor_end"]
    assert run.figures["S12"] is None and run.figures["S13"] is None
