"""A plan with further entries and programmes of its own is told like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fupin
import pytest
from fupin.report.brief.write import brief_of
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.own import WITH_EFFECT
from fupin.scenario.programme_catalogue import KINDS, WITH_ENTRIES
from fupin.words.verdict_ground import assumed_programmes, assumed_share, measured_of

SMALL: dict[str, Any] = {"sample": 0.005, "workers": 1, "progress": False}


def own(kind: str) -> dict[str, Any]:
    """A programme of a kind with more money than it can spend."""
    value = {"course": 0.05, "works": 0.02}.get(kind, 1.1)
    found: dict[str, Any] = {"kind": kind, "budget": 90_000_000, "unit_cost": 900}
    found |= {"interest": 0.05, "months": 10} if kind == "loan" else {}
    if kind in WITH_EFFECT:
        found |= {"effect": {"value": value, "source": "a guess"}}
    return found | {"counties": ["正定县"]}


@pytest.fixture(scope="module", params=["an entry", "an own programme"])
def plan(request: pytest.FixtureRequest) -> fupin.Plan:
    """What stays unspent most is what the plan adds."""
    mapping = scenario_mapping(fupin.load("2009-no-programmes").scenario)
    if request.param == "an entry":
        more = {"zd": {"budget": 90_000_000, "counties": ["正定县"]}}
        mapping["programmes"] |= {
            key: {"budget": 1_000_000, "extra": more}
            for key in WITH_ENTRIES
            if key != "village_advancement"
        }
    else:
        mapping["programmes"] |= {f"my_{kind}": own(kind) for kind in KINDS}
    mapping |= {"name": "added", "horizon": 2009}
    return fupin.load("2009-no-programmes").with_(**{
        key: mapping[key] for key in ("name", "horizon", "programmes")
    })  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_runs_and_comparisons_have_their_verdict_and_their_reports(
    plan: fupin.Plan, lang: str, tmp_path: Path
) -> None:
    result = fupin.run(plan, draws="central", seeds=1, **SMALL)
    assert result.verdict(lang).texts
    folder = result.save(tmp_path / "run")
    result.report(tmp_path / "report.html", lang)
    assert brief_of(folder, lang)
    beside = fupin.compare(fupin.load("2009-no-programmes"), plan, draws="central", **SMALL)
    assert beside.verdict(lang).texts


def test_what_rests_on_assumptions_counts_entries_with_their_programme() -> None:
    """An own programme is the word of whoever wrote the plan, unless the plan grades it better."""
    known = assumed_programmes()
    assert known
    weights = {known[0]: 50.0, f"{known[0]}/north": 50.0, "transfer/mine": 100.0}
    assert assumed_share(weights) == pytest.approx(1.0)
    assert assumed_share(weights, {"transfer/mine"}) == pytest.approx(0.5)
    assert assumed_share({"household_projects/ours": 1.0}) == 0.0


@pytest.mark.parametrize(("grade", "expected"), [("assumption", 1.0), ("literature", 0.0)])
def test_a_graded_effect_is_no_assumption(grade: str, expected: float) -> None:
    plan = fupin.load("2009-no-programmes")
    programmes = scenario_mapping(plan.scenario)["programmes"] | {"ours": own("course")}
    programmes["ours"]["effect"] |= {"grade": grade}
    measured = measured_of(plan.with_(programmes=programmes).scenario)
    assert assumed_share({"course/ours": 1.0}, measured) == expected
