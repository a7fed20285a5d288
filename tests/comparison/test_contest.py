"""Worlds of a comparison at a small sample: exact sums, the same as single runs, cache or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin import measures
from fupin.comparison import contest as twin_worlds
from fupin.comparison.content import compared
from fupin.comparison.contest import (
    Contest,
    live_twins,
    require_twins,
    twins_without_programmes,
)
from fupin.comparison.tables import tables_of
from fupin.errors import InputError
from fupin.lives.one_run import simulate
from fupin.results.draws import CENTRAL, Draw
from fupin.results.outcome import RunResult
from fupin.scenario.schema import Scenario
from two_worlds import BASE, MORE, NOTHING, SAMPLE, lived_once, outcome, plan, runs_of, table_of


@pytest.fixture(scope="module")
def lived() -> RunResult:
    return lived_once()


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
    for file in (tmp_path / "worlds").glob("*.world"):
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
    assert len(list(tmp_path.glob("*.world"))) == 4


def test_a_plan_without_programmes_is_the_twin_itself() -> None:
    contest = Contest(BASE, (NOTHING,))
    assert twins_without_programmes(contest) == {"base": "nothing", "nothing": "nothing"}
    result = live_twins(contest, CENTRAL, 1)
    assert set(result.tables["world_outcomes"]["world"]) == {"base", "nothing"}
    found = compared(runs_of(contest, [result]))
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
    found = compared(runs_of(Contest(half[0], (half[1],)), [result]))
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


def test_the_comparison_says_what_the_runs_say(lived: RunResult) -> None:
    contest = Contest(BASE, (MORE,))
    second = live_twins(contest, CENTRAL, 2)
    runs = runs_of(contest, [lived, second])
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
