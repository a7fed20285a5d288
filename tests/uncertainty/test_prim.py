"""PRIM on planted boxes, on nothing, and on words."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.uncertainty.boxes import Restriction, inside, measure
from fupin.uncertainty.prim import find_box
from fupin.uncertainty.worlds import Input
from scipy.stats import binom


def inputs_of(rng: np.random.Generator, worlds: int, idle: int = 6) -> list[Input]:
    found = [
        Input(name, "parameter", rng.random(worlds), False)
        for name in ("a", "b", *(f"idle{k}" for k in range(idle)))
    ]
    forms = np.array(["smooth", "threshold", "other"], object)[rng.integers(0, 3, worlds)]
    return [*found, Input("form", "structure", forms, False)]


def planted(inputs: list[Input]) -> np.ndarray:
    a, b, form = inputs[0].values, inputs[1].values, inputs[-1].values
    return (a > 0.6) & (b < 0.5) & (form != "other")


def test_a_planted_box_is_found_under_noise() -> None:
    rng = np.random.default_rng(11)
    inputs = inputs_of(rng, 600)
    truth = planted(inputs)
    fails = np.where(rng.random(600) < 0.04, ~truth, truth).astype(float)
    found = find_box(inputs, fails, np.arange(600))
    by_name = {r.name: r for r in found.box.restrictions}
    assert set(by_name) == {"a", "b", "form"}
    assert by_name["a"].low == pytest.approx(0.6, abs=0.03) and by_name["a"].high is None
    assert by_name["b"].high == pytest.approx(0.5, abs=0.03) and by_name["b"].low is None
    assert by_name["form"].words == ("smooth", "threshold")
    assert all(r.quasi_p is not None and r.quasi_p < 1e-6 for r in found.box.restrictions)
    assert found.box.density > 0.9
    # Noise outside the box cannot be covered; of what was planted nearly all is.
    of_planted = measure(found.box.restrictions, {i.name: i for i in inputs}, truth.astype(float))
    assert of_planted.coverage > 0.85
    assert found.box.mass == pytest.approx(truth.mean(), abs=0.03)
    # It holds on worlds that it had not seen.
    assert found.held_out_density is not None and found.held_out_density > 0.8
    assert found.held_out_coverage is not None and found.held_out_coverage > 0.65


def test_the_trajectory_trades_coverage_for_density() -> None:
    rng = np.random.default_rng(12)
    inputs = inputs_of(rng, 400)
    found = find_box(inputs, planted(inputs).astype(float), np.arange(400))
    first, *_, last = found.trajectory
    assert (first.coverage, first.mass, first.restrictions) == (1.0, 1.0, ())
    assert first.density == pytest.approx(found.base)
    masses = [box.mass for box in found.trajectory]
    assert masses == sorted(masses, reverse=True)
    assert last.density > 0.95
    for box in found.trajectory:  # both are of the same failures
        assert box.coverage * found.base == pytest.approx(box.density * box.mass)


def test_chance_alone_makes_no_box_that_holds() -> None:
    rng = np.random.default_rng(13)
    densities = []
    for _ in range(8):
        inputs = inputs_of(rng, 120, idle=20)
        fails = (rng.random(120) < 0.3).astype(float)
        found = find_box(inputs, fails, np.arange(120))
        if found.held_out_density is not None:
            densities.append(found.held_out_density)
    # In sample a box of chance looks like something; held out it fails as often as all worlds.
    assert np.mean(densities) == pytest.approx(0.3, abs=0.08)


def test_quasi_p_by_hand() -> None:
    # 20 worlds; a > 0.5 holds 10 of which 9 fail, of the other 10 fails 1: 10 of 20 in all.
    a = Input("a", "parameter", np.repeat([0.25, 0.75], 10), False)
    fails = np.array([1] + [0] * 9 + [1] * 9 + [0], float)
    found = find_box([a], fails, np.arange(20))
    (only,) = found.box.restrictions
    assert (only.low, only.high) == (0.5, None)
    assert only.quasi_p == pytest.approx(binom.sf(8, 10, 0.5))
    assert (found.box.coverage, found.box.density, found.box.mass) == (0.9, 0.9, 0.5)


def test_pasting_takes_back_what_was_cut_too_far() -> None:
    from fupin.uncertainty.prim import _paste

    a = Input("a", "parameter", np.linspace(0, 1, 101), False)
    fails = (a.values > 0.395).astype(float)
    (wide,) = _paste([Restriction("a", 0.7, None)], {"a": a}, fails)
    assert wide.low == pytest.approx(0.395, abs=0.03)
    assert measure([wide], {"a": a}, fails).density == 1.0


def test_no_more_inputs_than_asked_for() -> None:
    rng = np.random.default_rng(14)
    inputs = inputs_of(rng, 300)
    found = find_box(inputs, planted(inputs).astype(float), np.arange(300), most=1)
    assert all(len(box.restrictions) <= 1 for box in (*found.trajectory, found.box))


def test_boxes_of_words_and_open_ends() -> None:
    inputs = {"a": Input("a", "parameter", np.array([1.0, 2.0, 3.0]), False),
              "w": Input("w", "structure", np.array(["x", "y", "x"], object), False)}  # fmt: skip
    assert inside([Restriction("a", 1.5, None)], inputs).tolist() == [False, True, True]
    assert inside([Restriction("w", words=("x",))], inputs).tolist() == [True, False, True]
    assert inside([], inputs).all()


@pytest.mark.parametrize("fails", [np.zeros(9), np.ones(9), np.full(9, np.nan)])
def test_nothing_to_find_is_refused(fails: np.ndarray) -> None:
    one = Input("a", "parameter", np.arange(9.0), False)
    with pytest.raises(ValueError, match="box needs"):
        find_box([one], fails, np.arange(9))
