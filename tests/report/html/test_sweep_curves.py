"""Response curves of made-up sweeps: pairs, saturation in words, names, the frontier."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from fupin.report.html.sweep_curves import curves, frontier, saturation
from fupin.report.html.sweep_names import plain
from fupin.words.language import Language

BUDGET = "programmes.skills_training.budget"
VALUES = (15e6, 30e6, 60e6, 90e6)
EN = Language.of("en")


def table(response: dict[float, float], noise: float = 1.0) -> dict[str, Any]:
    """Runs of a budget crossed with ten parameter vectors, whose levels differ by far more."""
    rng = np.random.default_rng(3)
    rows = list(product(VALUES, range(10)))
    gain = [response[v] + 5000.0 * d + noise * rng.normal() for v, d in rows]
    return {
        BUDGET: np.array([v for v, _ in rows]),
        "draw": np.array([f"posterior:{d}" for _, d in rows], object),
        "seed": np.ones(len(rows), np.int64),
        "trained": np.array(gain),
        "person_years_out": np.array(gain),
        "spent": np.array([v for v, _ in rows]),
    }


def test_differences_are_of_the_same_worlds() -> None:
    curve = next(c for c in curves(table({v: v / 1e4 for v in VALUES}), [BUDGET])
                 if c.outcome == "trained")  # fmt: skip
    assert curve.worlds == 10 and curve.values == list(VALUES)
    for value, entry in zip(curve.values, curve.beside_least, strict=True):
        assert entry["mean"] == pytest.approx((value - VALUES[0]) / 1e4, abs=2.0)
        # Vectors differ by thousands; pairs do not know it.
        assert entry["high"] - entry["low"] < 5.0  # type: ignore[operator]


def test_pairs_of_one_draw_are_not_counted_as_independent() -> None:
    """Ten draws that differ in the effect and six worlds of each, which repeat what it is."""
    rng = np.random.default_rng(5)
    effects = rng.normal(100.0, 50.0, 10)
    rows = list(product((1.0, 2.0, 3.0), range(10), range(1, 7)))
    columns = {
        "x": np.array([v for v, _, _ in rows]),
        "draw": np.array([f"posterior:{d}" for _, d, _ in rows], object),
        "seed": np.array([s for _, _, s in rows]),
        "trained": np.array([effects[d] * v + rng.normal() for v, d, _ in rows]),
    }
    (curve,) = curves(columns, ["x"])
    entry = curve.beside_least[2]
    spread = 2 * effects.std(ddof=1) * 2 * 1.833 / np.sqrt(10)  # t with 9 degrees of freedom
    assert entry["high"] - entry["low"] == pytest.approx(spread, rel=0.1)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("response", "words"),
    [
        ({15e6: 0, 30e6: 900, 60e6: 900, 90e6: 900}, "from 30 M on, more changes"),
        ({15e6: 0, 30e6: 900, 60e6: 1800, 90e6: 1900}, "Each unit brings 6%"),
        ({15e6: 0, 30e6: 900, 60e6: 2700, 90e6: 4500}, "no saturation up to 90 M"),
    ],
)
def test_saturation_in_words(response: dict[float, float], words: str) -> None:
    found = [c for c in curves(table(response), [BUDGET]) if c.outcome == "trained"]
    said = saturation(EN, found[0])
    assert words in said and "training" in said


def test_steps_within_chance_may_together_be_none() -> None:
    """The middle value is told neither from the first nor from the last, which are told apart."""
    chance = np.array([2500.0, -2500.0, 1500.0, -1500.0, 0.0])
    columns = {
        "x": np.repeat([1.0, 2.0, 3.0], 5),
        "draw": np.array([f"posterior:{d}" for d in range(5)] * 3, object),
        "seed": np.ones(15, np.int64),
        "trained": np.concatenate([0 * chance, 1000 + chance, 2000 + 0 * chance]),
    }
    (curve,) = curves(columns, ["x"])
    assert curve.ends == 2 and "no saturation up to 3" in saturation(EN, curve)


def test_values_of_other_worlds_make_no_curve() -> None:
    columns = table({v: v for v in VALUES})
    columns["draw"] = np.array([f"posterior:{i}" for i in range(len(columns["draw"]))], object)
    assert curves(columns, [BUDGET]) == []


def test_the_frontier_leaves_out_what_a_cheaper_choice_beats() -> None:
    chart = frontier(EN, table({15e6: 0, 30e6: 900, 60e6: 500, 90e6: 1500}), [BUDGET])
    assert chart is not None
    assert {row["name"]: row["front"] for row in chart.spec["data"]["values"]} == {
        "training 15 M": True, "training 30 M": True, "training 60 M": False,
        "training 90 M": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "english", "chinese"),
    [
        (f"{BUDGET} 60,000,000", "training 60 M", "劳动力转移培训 6,000 万元"),
        ("programmes.cash_transfer.budget 12,500,000", "cash 12.5 M", None),
        ("as-it-is", "as-it-is", "as-it-is"),
        ("programmes.nothing.budget 3", "programmes.nothing.budget 3", None),
    ],
)
def test_names_that_people_use(plan: str, english: str, chinese: str | None) -> None:
    assert plain(EN, plan) == english
    said = plain(Language.of("zh"), plan)
    if chinese is not None and BUDGET in plan:
        assert said.endswith("6,000 万元") and "programmes" not in said
    elif chinese is not None:
        assert said == chinese
