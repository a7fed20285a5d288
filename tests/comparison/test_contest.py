"""Worlds of a comparison at a small sample: exact sums, the same as single runs, cache or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin import measures
from fupin.comparison import contest as twin_worlds
from fupin.comparison import lived as one_world
from fupin.comparison.content import Runs, compared
from fupin.comparison.contest import (
    Contest,
    live_twins,
    require_exact,
    require_twins,
    twins_without_programmes,
)
from fupin.comparison.lived import LivedWorld
from fupin.comparison.tables import tables_of
from fupin.errors import InputError
from fupin.lives.one_run import simulate
from fupin.month import live as live_plan
from fupin.results.draws import CENTRAL, Draw
from fupin.results.outcome import RunResult
from fupin.scenario.schema import Scenario
from fupin.world.start import Start
from fupin.world.watching import Watcher
from fupin.world.world import World

SAMPLE = 0.02


def plan(name: str, training: int = 0, projects: int = 0, **keys: Any) -> Scenario:
    programmes: dict[str, Any] = {}
    if training:
        programmes["skills_training"] = {"budget": training}
    if projects:
        programmes["household_projects"] = {"budget": projects}
    return Scenario.model_validate(
        {"name": name, "population": {"sample": SAMPLE}, "programmes": programmes, **keys}
    )


BASE = plan("base", 300_000_000, 500_000_000)
MORE = plan("more", 300_000_000, 900_000_000)
NOTHING = plan("nothing")


def table_of(result: RunResult, name: str, **where: Any) -> dict[str, np.ndarray]:
    table = result.tables[name]
    rows = np.ones(len(next(iter(table.values()))), bool)
    for column, value in where.items():
        rows &= table[column] == value
    return {column: values[rows] for column, values in table.items()}


def outcome(result: RunResult, world: str, key: str) -> float:
    found = table_of(result, "world_outcomes", world=world, programme="", outcome=key)["value"]
    return float(found[0])


@pytest.fixture(scope="module")
def lived() -> RunResult:
    return live_twins(Contest(BASE, (MORE,)), CENTRAL, 1)


def test_every_world_is_the_run_that_it_would_be_alone(lived: RunResult) -> None:
    for one in (BASE, MORE):
        alone = simulate(one, CENTRAL, 1)
        for key, value in alone.outcomes.items():
            here = outcome(lived, one.name, key)
            assert here == value or (value is None and np.isnan(here)), key
        for programme, values in alone.programmes.items():
            for key, value in values.items():
                rows = {"world": one.name, "programme": programme, "outcome": key}
                assert table_of(lived, "world_outcomes", **rows)["value"].tolist() == [value]
    assert lived.outcomes == simulate(BASE, CENTRAL, 1).outcomes
    bare = simulate(NOTHING, CENTRAL, 1, twins=False)
    assert outcome(lived, "none", "income_poor_end") == bare.outcomes["income_poor_end"]


@pytest.mark.parametrize(("here", "twin"), [("more", "base"), ("more", "none"), ("base", "none")])
@pytest.mark.parametrize(
    ("status", "key"), [("income", "income_poor_end"), ("register", "registered_poor_end")]
)
def test_additionality_sums_to_the_difference_of_the_worlds(
    lived: RunResult, here: str, twin: str, status: str, key: str
) -> None:
    """To the person, and everybody is one of the four kinds."""
    found = table_of(lived, "additionality", plan=here, twin=twin, status=status)
    because, harmed = found["because"].sum(), found["harmed"].sum()
    assert because > 0
    assert because - harmed == outcome(lived, twin, key) - outcome(lived, here, key)
    kinds = sum(found[kind].sum() for kind in ("always", "because", "never", "harmed"))
    assert kinds == table_of(lived, "world_counties", world=here)["persons"].sum()
    assert found["never"].sum() + harmed == outcome(lived, here, key)


def test_counties_months_and_groups_sum_to_the_province(lived: RunResult) -> None:
    for world in ("base", "more", "none"):
        counties = table_of(lived, "world_counties", world=world)
        assert counties["income_poor"].sum() == outcome(lived, world, "income_poor_end")
        assert counties["registered_poor"].sum() == outcome(lived, world, "registered_poor_end")
        people = counties["persons"].sum()
        for groups in ("fifths", "line"):
            cells = table_of(lived, "world_mobility", world=world, groups=groups)
            assert cells["persons"].sum() == people
        line = table_of(lived, "world_line", world=world)
        assert line["poor_after"][line["multiple"] == 1.0] == outcome(
            lived, world, "income_poor_end"
        )
        assert (np.diff(line["poor_after"]) >= 0).all()
        assert (line["left_barely"] <= line["left"]).all()
        dynamics = table_of(lived, "world_dynamics", world=world)
        values = dict(zip(dynamics["measure"], dynamics["value"], strict=True))
        parts = ("chronic_persons", "transient_persons", "never_poor_persons")
        assert sum(values[part] for part in parts) == people
        months = table_of(lived, "world_months", world=world)
        assert months["registered_poor"][-1] == outcome(lived, world, "registered_poor_end")


def test_audits_count_whom_the_programme_counts(lived: RunResult) -> None:
    audits = table_of(lived, "world_targeting", world="more", programme="household_projects")
    rows = {"world": "more", "programme": "household_projects", "outcome": "persons"}
    counted = table_of(lived, "world_outcomes", **rows)["value"][0]
    # Persons at the time of the grant; the audit counts those of before: births and deaths differ.
    assert audits["served"] == pytest.approx(counted, rel=0.01)
    assert set(audits["by"]) == {"registered", "income"}
    assert (audits["both"] <= audits["served"]).all()
    assert (audits["eligible_nearby"] <= audits["eligible"]).all()
    # Village funds of earlier years go on lending where nothing has money.
    bare = table_of(lived, "world_targeting", world="none")
    assert set(bare["programme"]) == {"mutual_funds"}


def test_gains_are_those_of_winners_less_those_of_losers(lived: RunResult) -> None:
    found = table_of(lived, "gains", plan="more", twin="none")
    assert found["decile"].tolist() == list(range(1, 11))
    assert (found["winners"] + found["losers"] <= found["persons"]).all()
    assert found["winners"].sum() > 0
    shares = found["persons"] / found["persons"].sum()
    assert np.abs(shares - 0.1).max() < 0.01
    mean = outcome(lived, "more", "mean_income") - outcome(lived, "none", "mean_income")
    assert found["change_yuan"].sum() / found["persons"].sum() == pytest.approx(mean, rel=1e-3)


def _same(a: RunResult, b: RunResult) -> None:
    assert a.tables.keys() == b.tables.keys()
    for name, table in a.tables.items():
        for column, values in table.items():
            other = b.tables[name][column]
            assert values.dtype == other.dtype, (name, column)
            assert np.array_equal(values, other, equal_nan=values.dtype.kind == "f"), (name, column)


def test_a_cached_base_changes_nothing_and_is_not_lived_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives: list[str] = []
    original = twin_worlds.live

    def counting(plan: Scenario, *rest: Any) -> Any:
        lives.append(plan.name if plan.programmes.active() else "none")
        return original(plan, *rest)

    monkeypatch.setattr(twin_worlds, "live", counting)
    contest = Contest(BASE, (MORE,), tmp_path / "worlds", "v1")
    fresh = live_twins(contest, CENTRAL, 1)
    assert lives == ["none", "base", "more"]
    lives.clear()
    again = live_twins(contest, CENTRAL, 1)
    assert lives == ["more"]
    _same(fresh, again)
    lives.clear()
    renamed = BASE.model_copy(update={"name": "another", "title": "Another"})
    live_twins(Contest(renamed, (MORE,), tmp_path / "worlds", "v1"), CENTRAL, 1)
    assert lives == ["more"]
    lives.clear()
    for other in (
        Contest(BASE, (MORE,), tmp_path / "worlds", "v2"),
        Contest(BASE, (MORE,), tmp_path / "worlds", "v1"),
    ):
        seed = 1 if other.version == "v2" else 2
        live_twins(other, CENTRAL, seed)
    assert lives == ["none", "base", "more"] * 2
    lives.clear()
    for file in (tmp_path / "worlds").glob("*.npz"):
        file.write_bytes(file.read_bytes()[:1000])
    _same(fresh, live_twins(contest, CENTRAL, 1))
    assert lives == ["none", "base", "more"]


def test_other_parameter_values_are_another_world(tmp_path: Path) -> None:
    contest = Contest(BASE, (MORE,), tmp_path, "v1")
    central = live_twins(contest, CENTRAL, 1)
    drawn = live_twins(contest, Draw("x", {"programmes.financial_loss": 0.3}), 1)
    assert outcome(drawn, "base", "spent") != outcome(central, "base", "spent") or (
        outcome(drawn, "base", "lifted") != outcome(central, "base", "lifted")
    )
    assert len(list(tmp_path.glob("*.npz"))) == 4


def test_a_plan_without_programmes_is_the_twin_itself() -> None:
    contest = Contest(BASE, (NOTHING,))
    assert twins_without_programmes(contest) == {"base": "nothing", "nothing": "nothing"}
    result = live_twins(contest, CENTRAL, 1)
    assert set(result.tables["world_outcomes"]["world"]) == {"base", "nothing"}
    found = compared(_runs(contest, [result]))
    assert set(found["additionality"]) == {"base", "nothing"}
    assert found["cost"]["base"]["per_additional_lifted"]["persons"]["mean"] > 0
    assert found["outcomes"]["nothing"]["additional_jobs"]["difference"]["mean"] is None


def test_another_world_has_a_twin_of_its_own() -> None:
    drought = {
        "bad": {
            "drought": {
                "prefectures": ["Zhangjiakou"],
                "from": "2009-06",
                "months": 3,
                "severity": 0.5,
            }
        }
    }
    dry = plan("dry", 300_000_000, 500_000_000, shocks=drought)
    assert twins_without_programmes(Contest(BASE, (MORE, dry))) == {
        "base": "none", "more": "none", "dry": "none:dry",
    }  # fmt: skip


def test_more_years_have_longer_panels_and_channels_from_the_second_register() -> None:
    period = {"start": "2009-01", "end": "2011-03"}
    two = [plan(name, 10**8, 10**8 * k, period=period) for k, name in ((2, "base"), (3, "more"))]
    result = live_twins(Contest(two[0], (two[1],)), CENTRAL, 1)
    channels = [
        outcome(result, "base", f"additional_{name}_channel") for name in ("income", "recognition")
    ]
    none = outcome(result, "none", "lifted")
    assert sum(channels) == outcome(result, "base", "lifted") - none
    spells = table_of(result, "world_spells", world="base")
    assert set(spells["first_year"]) == {2007, 2008, 2009, 2010, 2011}
    for key in ("income_poor_end", "mean_income"):
        assert outcome(result, "more", key) == simulate(two[1], CENTRAL, 1, False).outcomes[key]


def test_a_period_that_ends_in_june_is_lived_to_its_december() -> None:
    period = {"start": "2009-01", "end": "2009-06"}
    half = [plan(name, 10**8, 10**8 * k, period=period) for k, name in ((2, "base"), (3, "more"))]
    result = live_twins(Contest(half[0], (half[1],)), CENTRAL, 1)
    assert table_of(result, "additionality")["because"].sum() > 0
    assert outcome(result, "more", "spent") > outcome(result, "base", "spent")
    found = compared(_runs(Contest(half[0], (half[1],)), [result]))
    assert found["outcomes"]["more"]["fgt1"]["difference"]["mean"] is not None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"period": {"start": "2009-01", "end": "2010-12"}}, "same months"),
        ({"population": {"sample": 0.03}}, "same households"),
        ({"population": {"sample": SAMPLE, "seed": 7}}, "same households"),
        ({"assets": "threshold"}, "`assets`"),
        ({"history": {"parameters": {"programmes.financial_loss": 0.2}}}, "`history`.*_loss"),
    ],
)
def test_no_twins_are_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        require_twins(BASE, plan("other", 10**8, **changed))


def _runs(contest: Contest, results: list[RunResult]) -> Runs:
    return Runs(
        contest.base.name,
        tuple(p.name for p in contest.plans),
        twins_without_programmes(contest),
        tuple(dict.fromkeys(r.draw for r in results)),
        tuple(dict.fromkeys(r.seed for r in results)),
        results,
    )


def test_the_comparison_says_what_the_runs_say(lived: RunResult) -> None:
    contest = Contest(BASE, (MORE,))
    second = live_twins(contest, CENTRAL, 2)
    runs = _runs(contest, [lived, second])
    found = compared(runs)
    gaps = [
        outcome(r, "more", "income_poor_end") - outcome(r, "base", "income_poor_end")
        for r in (lived, second)
    ]
    entry = found["outcomes"]["more"]["income_poor_end"]["difference"]
    assert entry["mean"] == sum(gaps) / 2
    net = found["additionality"]["more"]["base"]["income"]["all"]["net"]["mean"]
    assert net == -entry["mean"]
    parts = found["additionality"]["more"]["base"]["income"]
    for kind in (*measures.Additionality._fields, "resized", "net"):
        assert parts["poor"][kind]["mean"] + parts["not_poor"][kind]["mean"] == pytest.approx(
            parts["all"][kind]["mean"]
        )
    at_line = found["line"]["more"]["1.0"]["difference"]
    assert at_line["mean"] == entry["mean"]
    cost = found["cost"]["more"]["per_additional_out_of_poverty"]
    if cost["mean"] is not None:
        assert cost["mean"] == pytest.approx(cost["yuan"]["mean"] / cost["persons"]["mean"])
    tables = tables_of(runs, found)
    counties = tables["counties"]
    poor = counties["outcome"] == "income_poor"
    assert counties["mean"][poor].sum() == pytest.approx(entry["mean"])
    for table in tables.values():
        assert len({len(column) for column in table.values()}) == 1


class Resizing(Watcher):
    """Under the plan `more` sizes change: before its December is settled, some households gain a
    member and some lose one."""

    def before(self, world: World, phase: str, programme: object) -> None:
        with_programmes = world.plan.name == "more" and world.plan.programmes.active()
        if with_programmes and world.clock.month == 12 and phase == "meet_shocks_and_seasons":
            size = world.households.size
            rows = np.flatnonzero((size > 1) & (size < 12))
            size[rows[::7]] += np.uint8(1)
            size[rows[3::11]] -= np.uint8(1)


@pytest.fixture(scope="module")
def resized() -> Iterator[RunResult]:
    def live(plan: Scenario, start: Start, seed: int, watchers: Sequence[Watcher]) -> World:
        return live_plan(plan, start, seed, (*watchers, Resizing()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_world, "live_plan", live)
        yield live_twins(Contest(BASE, (MORE,)), CENTRAL, 1)


@pytest.mark.parametrize("twin", ["base", "none"])
@pytest.mark.parametrize(
    ("status", "key"), [("income", "income_poor_end"), ("register", "registered_poor_end")]
)
def test_additionality_is_exact_where_households_have_other_sizes(
    resized: RunResult, twin: str, status: str, key: str
) -> None:
    found = table_of(resized, "additionality", plan="more", twin=twin, status=status)
    sums = {kind: found[kind].sum() for kind in measures.Additionality._fields}
    assert sums["only_here"] > 0 and sums["only_twin"] > 0
    gap = outcome(resized, twin, key) - outcome(resized, "more", key)
    assert sums["because"] - sums["harmed"] != gap  # the four kinds alone do not sum
    assert sums["because"] - sums["harmed"] + sums["only_twin"] - sums["only_here"] == gap
    assert sums["never"] + sums["harmed"] + sums["only_here"] == outcome(resized, "more", key)
    assert sums["never"] + sums["because"] + sums["only_twin"] == outcome(resized, twin, key)
    near = table_of(resized, "near_line", plan="more", twin=twin, multiple=1.0)
    gains = table_of(resized, "gains", plan="more", twin=twin)
    everybody = sums["always"] + sums["because"] + sums["never"] + sums["harmed"]
    assert gains["persons"].sum() == everybody
    if status == "income":
        assert near["because"].tolist() == [sums["because"]]


def test_incomes_of_people_whom_one_world_lacks_are_nobodys_gain(
    lived: RunResult, resized: RunResult
) -> None:
    """A twentieth of the persons comes or goes; incomes a person are what they were."""
    changes = []
    for result in (lived, resized):
        found = table_of(result, "gains", plan="more", twin="none")
        changes.append(found["change_yuan"].sum() / found["persons"].sum())
    assert changes[0] > 0
    assert changes[1] == pytest.approx(changes[0], rel=0.05)


def test_the_comparison_shows_the_resized(resized: RunResult) -> None:
    contest = Contest(BASE, (MORE,))
    runs = _runs(contest, [resized])
    found = compared(runs)
    parts = found["additionality"]["more"]["base"]["income"]
    whole = {kind: entry["mean"] for kind, entry in parts["all"].items()}
    assert list(whole) == [*measures.Additionality._fields, "resized", "net"]
    assert whole["resized"] == whole["only_twin"] - whole["only_here"] != 0
    assert whole["net"] == whole["because"] - whole["harmed"] + whole["resized"]
    change = found["outcomes"]["more"]["income_poor_end"]["difference"]["mean"]
    assert whole["net"] == -change
    table = tables_of(runs, found)["additionality"]
    assert {"only_here", "only_twin", "resized", "net"} <= set(table["kind"])


@pytest.mark.parametrize(("counting", "end"), [("survey", "2009-12"), ("quota", "2010-03")])
def test_sums_are_exact_under_every_counting_rule_and_period(counting: str, end: str) -> None:
    """Lived without an error, which is the check."""
    rule: dict[str, Any] = {"counting": counting, "period": {"start": "2009-01", "end": end}}
    if counting == "quota":
        rule["quota"] = 100_000
    two = [plan(name, 10**8, 10**8 * k, **rule) for k, name in ((2, "base"), (3, "more"))]
    result = live_twins(Contest(two[0], (two[1],)), CENTRAL, 1)
    assert table_of(result, "additionality", status="register")["never"].sum() > 0


def test_one_person_too_many_is_an_error() -> None:
    part = measures.Additionality(50, because=9, never=20, harmed=4, only_here=2, only_twin=1)
    require_exact("income", [part, part], 52.0, 60.0)
    for here, twin in ((53.0, 60.0), (52.0, 59.0), (None, 60.0)):
        with pytest.raises(RuntimeError, match="no twins"):
            require_exact("income", [part, part], here, twin)


def test_a_world_with_other_people_than_it_counted_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One member too many in one poor household of one world."""
    original = twin_worlds.live

    def wrong(scenario: Scenario, *rest: Any) -> LivedWorld:
        lived = original(scenario, *rest)
        if scenario.name == "more":
            lived.size[np.flatnonzero(lived.poor)[0]] += np.uint8(1)
        return lived

    monkeypatch.setattr(twin_worlds, "live", wrong)
    with pytest.raises(RuntimeError, match="no twins"):
        live_twins(Contest(BASE, (MORE,)), CENTRAL, 1)
