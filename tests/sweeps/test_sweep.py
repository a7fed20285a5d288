"""Sweep files: what they mean, and how they say what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.sweeps import designs
from fupin.sweeps.file import Sweep, load_sweep

HEAD = "scenario: fupin:2009-document\n"
TRAINING = "programmes.skills_training.budget"
REVIEW = "register.review_probability"


def write(folder: Path, text: str, head: str = HEAD) -> Path:
    file = folder / "mine.yaml"
    file.write_text(head + text, encoding="utf-8")
    return file


def sweep(folder: Path, text: str, **options: Any) -> Sweep:
    return load_sweep(write(folder, text), **options)


def table(made: Sweep) -> list[tuple[Any, ...]]:
    return [tuple(made.points[i].factors.values()) for i in range(len(made.points))]


def test_a_grid_crosses_lists_and_only_lists(tmp_path: Path) -> None:
    made = sweep(
        tmp_path,
        "factors:\n"
        f"  {TRAINING}: [15 million, 30.54 million]\n"
        "  weather: mean\n"
        f"  {REVIEW}: {{range: [0.3, 0.4], steps: 3}}\n",
    )
    assert (made.name, made.design, made.seeds, made.draws[0].label) == (
        "mine", "grid", (1,), "central",
    )  # fmt: skip
    assert table(made) == [
        (budget, "mean", review)
        for budget in (15_000_000, 30_540_000)
        for review in (0.3, 0.35, 0.4)
    ]
    point = made.points[4]
    assert point.scenario.programmes.skills_training.budget == 30_540_000
    assert point.scenario.weather == "mean"
    assert point.scenario.programmes.microfinance.active  # what is not varied stays
    assert dict(point.parameters) == {REVIEW: 0.35}
    assert made.points[3].scenario is made.points[5].scenario  # validated once


def test_balance_keeps_the_total_at_every_point(tmp_path: Path) -> None:
    made = sweep(
        tmp_path,
        f"balance: household_projects\nfactors: {{{TRAINING}: [10 million, 90 million]}}\n",
    )
    totals = {p.scenario.class_totals()["fiscal"] for p in (made.points[0], made.points[1])}
    assert totals == {743_000_000}


def test_a_list_of_mappings_is_a_list_of_points(tmp_path: Path) -> None:
    made = sweep(
        tmp_path,
        "factors:\n"
        f"  - {{{TRAINING}: 50 million, {REVIEW}: 0.4}}\n"
        "  - {programmes.relocation: off}\n"
        f"  - {{{TRAINING}: 20 million}}\n",
    )
    assert made.design == "list"
    assert table(made) == [
        (50_000_000, 0.4, None), (None, None, False), (20_000_000, None, None),
    ]  # fmt: skip
    assert not made.points[1].scenario.programmes.relocation.active
    assert made.points[2].scenario.programmes.relocation.active


def test_points_that_give_one_value_to_different_factors(tmp_path: Path) -> None:
    """A plan without one programme after the other, say."""
    keys = ("skills_training", "microfinance", "rural_works")
    made = sweep(
        tmp_path,
        "factors:\n" + "".join(f"  - programmes.{key}.budget: 1 million\n" for key in keys),
    )
    for point, own in zip(made.points, keys, strict=True):
        given = {key: getattr(point.scenario.programmes, key).budget for key in keys}
        assert [key for key in keys if given[key] == 1_000_000] == [own]


def test_lists_side_by_side(tmp_path: Path) -> None:
    made = sweep(
        tmp_path,
        f"design: list\nfactors: {{{TRAINING}: [1 million, 2 million], {REVIEW}: [0.3, 0.4],"
        " counting: survey}\n",
    )
    assert table(made) == [(1_000_000, 0.3, "survey"), (2_000_000, 0.4, "survey")]


def test_values_may_be_mappings(tmp_path: Path) -> None:
    made = sweep(
        tmp_path,
        "factors:\n"
        "  programmes.relocation:\n"
        "    values: [off, {budget: 20 million, from: 2009-03}]\n"
        "  shocks.dry.drought:\n"
        "    - {prefectures: [Zhangjiakou], from: 2009-06, months: 4, severity: 0.4}\n",
    )
    first, second = made.points[0], made.points[1]
    assert first.scenario.shocks["dry"].drought.severity == 0.4
    assert not first.scenario.programmes.relocation.active
    assert second.scenario.programmes.relocation.budget == 20_000_000
    assert second.factors["programmes.relocation"] == {"budget": "20 million", "from": "2009-03"}


@pytest.mark.parametrize("design", ["sobol", "latin_hypercube"])
def test_designs_fill_the_space(tmp_path: Path, design: str) -> None:
    text = (
        f"design: {design}\npoints: 32\nfactors:\n"
        f"  {TRAINING}: {{range: [15 million, 90 million]}}\n"
        f"  {REVIEW}: {{distribution: prior}}\n"
        "  livelihood.persistence: {distribution: {uniform: [0.5, 0.7]}}\n"
        "  counting: [register, survey]\n"
    )
    made = sweep(tmp_path, text)
    rows = table(made)
    assert rows == table(sweep(tmp_path, text))
    budgets = np.array([row[0] for row in rows])
    assert all(isinstance(row[0], int) for row in rows)  # whole yuan, found out by itself
    slices = np.floor((budgets - 15e6) / 75e6 * 32)
    assert sorted(slices) == list(range(32))  # one in each slice of 1/32
    assert {row[3] for row in rows} == {"register", "survey"}
    assert sum(row[3] == "survey" for row in rows) == 16
    persistence = np.array([row[2] for row in rows])
    assert 0.5 < persistence.min() < 0.51 and 0.69 < persistence.max() < 0.7
    assert all(made.points[i].scenario for i in range(32))


def test_a_longer_sobol_design_begins_with_the_shorter(tmp_path: Path) -> None:
    text = f"design: sobol\npoints: {{}}\nfactors: {{{{{REVIEW}: {{{{range: [0.3, 0.4]}}}}}}}}\n"
    short = table(sweep(tmp_path, text.format(10)))
    assert table(sweep(tmp_path, text.format(40)))[:10] == short


def test_morris_moves_one_factor_at_a_time(tmp_path: Path) -> None:
    text = (
        "design: morris\ntrajectories: {}\nfactors:\n"
        f"  {TRAINING}: {{{{range: [15 million, 90 million]}}}}\n"
        f"  {REVIEW}: {{{{range: [0.3, 0.4]}}}}\n"
        "  livelihood.persistence: {{range: [0.5, 0.7]}}\n"
    )
    rows = table(sweep(tmp_path, text.format(5)))
    assert len(rows) == 5 * 4
    for t in range(5):
        for before, after in zip(rows[4 * t : 4 * t + 3], rows[4 * t + 1 : 4 * t + 4], strict=True):
            assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert table(sweep(tmp_path, text.format(3))) == rows[:12]


def test_a_grid_counts_like_nested_loops() -> None:
    found = [designs.grid([2, 3, 2], n) for n in range(12)]
    assert found == [[a, b, c] for a in range(2) for b in range(3) for c in range(2)]


def test_options_replace_what_the_file_says(tmp_path: Path) -> None:
    text = f"seeds: [4, 7]\ndraws: prior:2\nfactors: {{{REVIEW}: [0.3]}}\ntwins: off\n"
    made = sweep(tmp_path, text)
    assert made.seeds == (4, 7)
    assert [draw.label for draw in made.draws] == ["prior:1", "prior:2"]
    assert not made.twins
    made = sweep(tmp_path, text, seeds="3", draws="central", sample=0.02)
    assert (made.seeds, [draw.label for draw in made.draws]) == ((1, 2, 3), ["central"])
    assert made.points[0].scenario.population.sample == 0.02


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("factors: {}\n", "2:", "nothing is varied"),
        ("", "1:1", "`factors` is missing. Add `factors: ...`"),
        ("factrs: {}\n", "2:1", "Did you mean factors?"),
        ("factors: {programmes.skils_training.budget: [1]}\n", "2:11",
         "Did you mean programmes.skills_training.budget?"),
        ("factors: {register.review_chance: [1]}\n", "2:11", "neither a path"),
        ("factors: {name: [a, b]}\n", "2:11", "name says nothing of a plan"),
        (f"factors: {{{TRAINING}: [1 million, lots]}}\n", "2:58", "is not an amount"),
        (f"factors: {{{TRAINING}: [1 million, -3]}}\n", "2:58", "Point 2"),
        (f"factors: {{{REVIEW}: [0.3, 7]}}\n", "2:46", "outside"),
        (f"factors: {{{REVIEW}: [0.3, often]}}\n", "2:46", "is not a number"),
        (f"factors: {{{REVIEW}: []}}\n", "2:40", "an empty list"),
        (f"factors: {{{REVIEW}: [0.3, 0.3]}}\n", "2:46", "stands twice"),
        (f"factors: {{{REVIEW}: {{range: [0.4, 0.3], steps: 2}}}}\n", "2:48", "does not rise"),
        (f"factors: {{{REVIEW}: {{range: [0.3, 0.4]}}}}\n", "2:48", "into how many values"),
        (f"factors: {{{REVIEW}: {{rang: [0.3, 0.4]}}}}\n", "2:", ""),
        (f"factors: {{{TRAINING}: {{distribution: prior}}}}\n", "2:", "has no prior"),
        (f"design: fractal\nfactors: {{{REVIEW}: [0.3]}}\n", "2:9",
         "design: 'fractal' is not one of the choices. Known: grid, list,"),
        (f"design: sobol\nfactors: {{{REVIEW}: [0.3, 0.4]}}\n", "1:1", "points"),
        (f"design: grid\npoints: 4\nfactors: {{{REVIEW}: [0.3]}}\n", "3:9", "points belongs to"),
        (f"design: sobol\npoints: x\nfactors: {{{REVIEW}: [0.3, 0.4]}}\n", "3:9", "whole number"),
        (f"balance: nobody\nfactors: {{{TRAINING}: [1 million]}}\n", "2:10",
         "balance: 'nobody' is not one of the choices"),
        (f"balance: household_projects\nfactors: {{{TRAINING}: [1 million, 900 million]}}\n", "2:",
         "Point 2"),
        (f"seeds: none\nfactors: {{{REVIEW}: [0.3]}}\n", "2:8", "seeds"),
        (f"draws: 3 of them\nfactors: {{{REVIEW}: [0.3]}}\n", "2:8", "draws"),
        (f"twins: perhaps\nfactors: {{{REVIEW}: [0.3]}}\n", "2:8", "a switch"),
        (f"name: a/b\nfactors: {{{REVIEW}: [0.3]}}\n", "2:7", "cannot name a folder"),
        ("factors: [3]\n", "2:11", "a point of a list is a mapping"),
        ("factors: {programmes.relocation: [off], programmes.relocation.budget: [1 million]}\n",
         "2:72", "one factor lies within another"),
        ("design: list\nfactors: {weather: [mean, chance], counting: [a, b, c]}\n", "3:",
         "side by side"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_place(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        made = sweep(tmp_path, text)
        for i in range(len(made.points)):
            made.points[i]
    found = str(caught.value)
    assert f"mine.yaml:{place}" in found, found
    assert message in found


def test_a_missing_scenario_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"mine\.yaml:1:11: scenario: There is no file"):
        load_sweep(write(tmp_path, f"factors: {{{REVIEW}: [0.3]}}\n", "scenario: nowhere.yaml\n"))


def test_a_million_runs_are_a_slip(tmp_path: Path) -> None:
    text = (
        f"design: sobol\npoints: 900000\nseeds: 9\nfactors: {{{REVIEW}: {{range: [0.3, 0.4]}}}}\n"
    )
    with pytest.raises(InputError, match="8,100,000 runs"):
        sweep(tmp_path, text)


PLANS = "plans: [fupin:2009-document, fupin:plans/cut-of-a-third]\n"


def test_plans_run_over_the_same_points(tmp_path: Path) -> None:
    factors = f"factors:\n  assets: [smooth, threshold]\n  {REVIEW}: [0.3, 0.4]\n"
    made = load_sweep(write(tmp_path, factors, PLANS))
    assert made.plans == ("2009-document", "cut-of-a-third")
    assert len(made.points) == 8
    rows = table(made)
    assert [row[0] for row in rows] == ["2009-document"] * 4 + ["cut-of-a-third"] * 4
    assert [row[1:] for row in rows[:4]] == [row[1:] for row in rows[4:]]
    first, other = made.points[1], made.points[5]
    assert list(first.factors) == ["plan", "assets", REVIEW]
    assert first.parameters == other.parameters == {REVIEW: 0.4}
    whole = first.scenario.programmes.household_projects.budget
    assert other.scenario.programmes.household_projects.budget == pytest.approx(
        whole * 2 / 3, rel=1e-6
    )
    # One plan's points are those of a sweep of that plan alone.
    alone = sweep(tmp_path, factors)
    assert alone.plans == ("",)
    assert [dict(alone.points[i].factors) for i in range(4)] == [
        {k: v for k, v in made.points[i].factors.items() if k != "plan"} for i in range(4)
    ]
    with pytest.raises(IndexError):
        made.points[8]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (PLANS + HEAD, "mine.yaml:1:1: plans: A sweep has a scenario or plans, not both."),
        ("plans: fupin:2009-document\n", "a list of two or more scenarios"),
        ("plans: [fupin:2009-document]\n", "a list of two or more scenarios"),
        ("plans: [fupin:2009-document, fupin:2009-document]\n", "2009-document stands twice"),
        ("plans: [fupin:2009-document, fupin:2009-documnet]\n", "Did you mean"),
        ("plans: [fupin:2009-document, 3]\n", "3 names no scenario"),
        ("plans: [fupin:2009-document, fupin:2010-drought]\n", "another period than 2009-document"),
    ],
)
def test_plans_that_cannot_be_compared(tmp_path: Path, head: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_sweep(write(tmp_path, "factors: {assets: [smooth, threshold]}\n", head))
    assert message in str(caught.value)


def test_what_the_plan_sets_itself_cannot_be_varied(tmp_path: Path) -> None:
    """It would vary the years before the plan alone."""
    plan = f"extends: fupin:2009-document\nparameters: {{{REVIEW}: 0.2}}\n"
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    text = write(tmp_path, f"factors: {{{REVIEW}: [0.3, 0.4]}}\n", "scenario: plan.yaml\n")
    with pytest.raises(InputError, match="sets it under `parameters` too"):
        list(load_sweep(text).points)
    (tmp_path / "plan.yaml").write_text(plan.replace("0.2", "null"), encoding="utf-8")
    assert len(list(load_sweep(text).points)) == 2  # the advice works
