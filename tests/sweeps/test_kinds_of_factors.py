"""Every kind of factor under every design: equal weight, no point twice, and the step really made.

The outcome is exactly linear in each factor, so that the answer is known: mu* of a number is its
slope times the width of its range, of a choice the mean change from one of its values to another.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.sweeps import designs
from fupin.sweeps.file import Sweep, load_sweep
from fupin.uncertainty.assumptions import what_matters
from fupin.uncertainty.worlds import worlds_of
from hypothesis import given, settings
from hypothesis import strategies as st

HEAD = "scenario: fupin:2009-document\nsample: 0.005\n"
DROUGHT = (
    "  shocks.dry.drought.from: 2009-06\n"
    "  shocks.dry.drought.prefectures: {values: [[Zhangjiakou]]}\n"
)
MONTHS, SEVERITY = "shocks.dry.drought.months", "shocks.dry.drought.severity"
LOANS, PENSION = "programmes.subsidised_loans.budget", "programmes.minimum_living.budget"

NUMBERS: dict[str, tuple[str, str, float, float]] = {
    # kind: factor, what is written, ends of the range that a Morris design can reach
    "money list": (LOANS, "[1000 million, 1300 million]", 1e9, 1.3e9),
    "uneven list": (LOANS, "[10亿元, 1.1 billion, 13亿, 1150 million, 1050 million]", 1e9, 1.3e9),
    "money range": (LOANS, "{range: [1000 million, 1300 million]}", 1e9, 1.3e9),
    "months": (MONTHS, "{range: [1, 4]}", 1, 4),
    "two months": (MONTHS, "{range: [2, 3]}", 2, 3),
    "many months": (MONTHS, "{range: [1, 7]}", 1, 7),
    "share": (SEVERITY, "{range: [0.2, 0.6]}", 0.2, 0.6),
    "parameter": ("register.review_probability", "[0.2, 0.3, 0.9]", 0.2, 0.9),
    "steps of its own": ("register.review_probability", "{range: [0.2, 0.4], steps: 3}", 0.2, 0.4),
}
CHOICES = {
    "two words": ("counting", "[register, survey]"),
    "other words": ("assets", "[smooth, threshold]"),
    "months": ("programmes.skills_training.from", "[2009-01, 2009-03, 2009-05]"),
    "mappings": ("programmes.relocation", "{values: [off, {budget: 20 million}]}"),
}


def sweep(folder: Path, text: str) -> Sweep:
    file = folder / "mine.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load_sweep(file)


def _needed(name: str) -> str:
    other = f"  {SEVERITY}: 0.4\n" if name == MONTHS else f"  {MONTHS}: 2\n"
    return DROUGHT + other if name.startswith("shocks") else ""


def _answer(made: Sweep, y: np.ndarray) -> dict[str, Any]:
    """What `fupin sensitivity` finds from the columns that the sweep would record."""
    rows = [made.points[i].factors for i in range(len(made.points))]
    columns: dict[str, np.ndarray] = {
        "run": np.arange(len(rows)).astype(str), "point": np.arange(1.0, len(rows) + 1),
        "seed": np.ones(len(rows)), "draw": np.array(["central"] * len(rows), object), "y": y,
    }  # fmt: skip
    for name in rows[0]:
        values = [row[name] for row in rows]
        known = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)
        columns[name] = np.array(values, float) if known else np.array([*map(str, values)], object)
    about = {
        "factors": list(rows[0]), "seeds": [1], "design": made.design, "scales": made.scales,
        "draws": [{"label": "central", "overrides": {}}],
    }  # fmt: skip
    worlds = worlds_of(columns, about)
    return {one.name: one for one in what_matters(worlds, worlds.outcome("y")[0]).assumptions}


@pytest.mark.parametrize("levels", [2, 3, 4, 7, 10])
@pytest.mark.parametrize("kind", NUMBERS)
def test_morris_divides_a_number_by_the_step_that_it_made(
    tmp_path: Path, kind: str, levels: int
) -> None:
    name, values, low, high = NUMBERS[kind]
    made = sweep(
        tmp_path,
        f"design: morris\ntrajectories: 4\nlevels: {levels}\nfactors:\n"
        f"  {name}: {values}\n{_needed(name)}  livelihood.persistence: {{range: [0.5, 0.7]}}\n",
    )
    rows = [made.points[i].factors for i in range(len(made.points))]
    x = np.array([row[name] for row in rows], float)
    other = np.array([row["livelihood.persistence"] for row in rows])
    found = _answer(made, 3.0 * (x - low) / (high - low) - 10.0 * other)
    assert found[name].importance == pytest.approx(3.0)
    assert found[name].more["sigma"] == pytest.approx(0.0, abs=1e-6)
    assert found[name].direction == 1
    assert found["livelihood.persistence"].importance == pytest.approx(2.0)


@pytest.mark.parametrize("kind", CHOICES)
def test_morris_takes_a_change_of_a_choice_for_a_whole_one(tmp_path: Path, kind: str) -> None:
    name, values = CHOICES[kind]
    made = sweep(
        tmp_path,
        f"design: morris\ntrajectories: 6\nfactors:\n  {name}: {values}\n"
        "  livelihood.persistence: {range: [0.5, 0.7]}\n",
    )
    rows = np.array([str(made.points[i].factors[name]) for i in range(len(made.points))])
    y = 5.0 * (rows == rows[0])
    apart = np.abs(np.diff(y.reshape(6, 3), axis=1)).sum(axis=1)  # 5 where the first is left
    found = _answer(made, y)[name]
    assert found.importance == pytest.approx(apart.mean()) and found.direction == 0
    if len(set(rows)) == 2:
        assert found.importance == pytest.approx(5.0)


@settings(max_examples=30)
@given(
    sizes=st.lists(st.integers(2, 9), min_size=1, max_size=5),
    trajectories=st.integers(1, 6),
    data=st.data(),
)
def test_a_trajectory_moves_every_factor_once(
    sizes: list[int], trajectories: int, data: Any
) -> None:
    names = [f"f{k}" for k in range(len(sizes))]
    choices = data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    rows = designs.morris(names, trajectories, sizes, choices)
    assert rows.min() >= 0 and (rows.max(axis=0) < np.array(sizes)).all()
    steps = np.diff(rows.reshape(trajectories, -1, len(sizes)), axis=1)
    assert ((steps != 0).sum(axis=1) == 1).all() and ((steps != 0).sum(axis=2) == 1).all()
    ordered = ~np.array(choices)
    made = np.abs(steps.sum(axis=1))
    assert (made[:, ordered] == (np.array(sizes) // 2)[ordered]).all()
    assert (designs.morris(names, trajectories + 1, sizes, choices)[: len(rows)] == rows).all()
    assert (designs.morris(names[:1], trajectories, sizes[:1], choices[:1])[:, 0].reshape(
        trajectories, 2)[:, [0, -1]] == rows.reshape(trajectories, -1, len(sizes))[:, [0, -1], 0]
    ).all()  # fmt: skip


def test_morris_meets_all_levels_equally_often() -> None:
    rows = designs.morris(["a", "b"], 4000, [4, 3], [False, True])
    for column, size in ((rows[:, 0], 4), (rows[:, 1], 3)):
        shares = np.bincount(column, minlength=size) / len(column)
        assert shares == pytest.approx([1 / size] * size, abs=0.03)


# --- whole numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize("design", ["sobol", "latin_hypercube"])
@pytest.mark.parametrize("kind", ["months", "two months", "many months"])
def test_whole_numbers_have_equal_weight(tmp_path: Path, design: str, kind: str) -> None:
    name, values, low, high = NUMBERS[kind]
    n = int(high - low + 1)
    made = sweep(
        tmp_path,
        f"design: {design}\npoints: {16 * n}\nfactors:\n  {name}: {values}\n{_needed(name)}"
        "  register.review_probability: {range: [0.2, 0.4]}\n",
    )
    found = Counter(made.points[i].factors[name] for i in range(len(made.points)))
    assert sorted(found) == list(range(int(low), int(high) + 1))
    assert all(isinstance(value, int) for value in found)
    assert max(found.values()) - min(found.values()) <= (1 if design == "latin_hypercube" else 3)


@pytest.mark.parametrize("design", ["sobol", "latin_hypercube"])
def test_no_point_of_a_spread_design_stands_twice(tmp_path: Path, design: str) -> None:
    made = sweep(
        tmp_path,
        f"design: {design}\npoints: 64\nfactors:\n  {MONTHS}: {{range: [1, 4]}}\n{_needed(MONTHS)}"
        "  counting: [register, survey]\n",
    )
    points = [str(made.points[i].factors) for i in range(len(made.points))]
    assert len(points) == len(set(points)) == 8 and made.repeated == 56


@pytest.mark.parametrize(
    ("bounds", "steps", "expected"),
    [
        ("[1, 4]", 7, [1, 2, 3, 4]),
        ("[1, 4]", 2, [1, 4]),
        ("[1, 7]", 4, [1, 3, 5, 7]),
        ("[1, 6]", 4, [1, 3, 4, 6]),
        ("[1.5, 4.5]", 9, [2, 3, 4]),
    ],
)
def test_a_grid_has_each_whole_number_once(
    tmp_path: Path, bounds: str, steps: int, expected: list[int]
) -> None:
    made = sweep(
        tmp_path,
        f"factors:\n  {MONTHS}: {{range: {bounds}, steps: {steps}}}\n{_needed(MONTHS)}",
    )
    assert [made.points[i].factors[MONTHS] for i in range(len(made.points))] == expected
    assert [made.points[i].scenario.shocks["dry"].drought.months for i in range(len(expected))] == (
        expected
    )


def test_a_range_that_is_no_whole_number_stays_as_it_is(tmp_path: Path) -> None:
    made = sweep(tmp_path, f"factors:\n  {SEVERITY}: {{range: [0.2, 0.6], steps: 3}}\n"
                           f"{_needed(SEVERITY)}")  # fmt: skip
    assert [made.points[i].factors[SEVERITY] for i in range(3)] == [0.2, 0.4, 0.6]


# --- one value in two ways of writing --------------------------------------------------------

SAME = [
    "20 million", "20000000", "20.0 million", "2000万", "2000万元", "2000万元/年",
    "0.2亿", "２０００万",
]  # fmt: skip


@pytest.mark.parametrize("other", SAME[1:])
def test_an_amount_that_is_written_in_two_ways_is_one_value(tmp_path: Path, other: str) -> None:
    text = f"factors: {{programmes.skills_training.budget: ['{SAME[0]}', '{other}', 30 million]}}\n"
    with pytest.raises(InputError, match="stands twice"):
        sweep(tmp_path, text)


@pytest.mark.parametrize(
    "factors",
    [
        "{programmes.household_projects.counties: {values: [[Daming], [大名县]]}}",
        "{programmes.skills_training: {values: [{budget: 20 million}, {budget: 2000万}]}}",
        "[{programmes.skills_training.budget: 20 million}, "
        "{programmes.skills_training.budget: 2000万}]",
    ],
)
def test_points_that_are_the_same_once_they_are_read_are_refused(
    tmp_path: Path, factors: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fupin.api.display import display_of
    from fupin.api.sweeping import Sweeping

    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(f"{HEAD}twins: off\nfactors: {factors}\n", "utf-8")
    with pytest.raises(InputError, match="are the same"):
        Sweeping.of(tmp_path / "mine.yaml", folder=tmp_path / "out").run(display_of(False, print))
    assert not (tmp_path / "out").exists()
