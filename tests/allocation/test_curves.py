"""Curves: concave, monotone, nothing at the start, whatever was measured; noise shrinks them."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.allocation.curves import fit, noise_of
from hypothesis import given, settings
from hypothesis import strategies as st

START = 1e8
DOSES = [0.0, 0.5e8, 1.5e8, 2e8]
VALUES = st.lists(st.floats(-1e5, 1e5), min_size=4, max_size=4)
ERRORS = st.lists(st.floats(0.0, 1e4), min_size=4, max_size=4)


@given(VALUES, ERRORS)
@settings(max_examples=150, deadline=None)
def test_every_curve_is_concave_and_monotone_through_the_start(
    y: list[float], error: list[float]
) -> None:
    curve = fit(DOSES, y, error, START)
    x = np.linspace(0.0, 2e8, 201)
    value, slope = curve.value(x), curve.slope(x)
    size = max(np.abs(curve.y).max(), 1e-9)
    assert abs(float(curve.value(START))) <= 1e-9 * size
    steps = np.diff(value)
    rising = curve.y[-1] >= curve.y[0]
    assert (steps >= -1e-7 * size).all() if rising else (steps <= 1e-7 * size).all()
    assert (np.diff(steps) <= 1e-6 * size).all()
    assert (np.diff(slope) <= 1e-6 * np.abs(slope).max() + 1e-18).all()
    assert np.allclose(curve.value(curve.x), curve.y, atol=1e-9 * size)


@given(st.floats(0.2, 5.0), st.floats(1.0, 1e5))
@settings(max_examples=50, deadline=None)
def test_what_is_concave_is_met_and_what_lies_between_is_near(reach: float, gain: float) -> None:
    def true(x: np.ndarray) -> np.ndarray:
        return np.asarray(gain * (np.exp(-1.0 / reach) - np.exp(-x / START / reach)))

    curve = fit(DOSES, true(np.array(DOSES)).tolist(), [0.0] * 4, START)
    x = np.linspace(0.0, 2e8, 101)
    assert np.allclose(curve.value(DOSES), true(np.array(DOSES)), rtol=1e-6, atol=1e-6 * gain)
    span = float(true(np.array([2e8]))[0] - true(np.array([0.0]))[0])
    assert np.abs(curve.value(x) - true(x)).max() <= 0.06 * span


def test_money_at_a_start_of_nothing() -> None:
    curve = fit([25.0, 50.0, 100.0], [4.0, 7.0, 10.0], [0.0] * 3, 0.0)
    assert float(curve.value(0)) == 0.0 and float(curve.value(100)) == pytest.approx(10.0)


def test_noise_shrinks_a_curve_and_what_is_sure_stays() -> None:
    y = [-10.0, -5.0, 4.0, 8.0]
    assert fit(DOSES, y, [0.1] * 4, START).kept > 0.99
    assert fit(DOSES, y, [50.0] * 4, START).kept == 0.0
    assert fit(DOSES, y, [0.0] * 4, START).kept == 1.0  # nothing is known of the noise


def test_shrinking_lessens_the_error_of_many_curves_that_are_nearly_nothing() -> None:
    chance = np.random.default_rng(1)
    plain = shrunk = 0.0
    for _ in range(200):
        true = np.array([-1.0, -0.5, 0.5, 1.0]) * chance.normal()
        y = true + chance.normal(size=4) * np.sqrt([1.0, 0.5, 0.5, 1.0]) * 2.0
        found = fit(DOSES, y.tolist(), (2.0 * np.sqrt([1.0, 0.5, 0.5, 1.0])).tolist(), START)
        here = found.value(DOSES)
        shrunk += float(((here - true) ** 2).sum())
        plain += float(((y - true) ** 2).sum())
    assert shrunk < 0.6 * plain


def test_noise_is_pooled_over_doses_by_distance() -> None:
    chance = np.random.default_rng(2)
    distance = [1e8, 0.5e8, 0.5e8, 1e8]
    errors = []
    for _ in range(300):
        grids = [chance.normal(0, np.sqrt(d / 1e8), (1, 2)) for d in distance]
        errors.append(noise_of(grids, distance))
    mean = (np.array(errors) ** 2).mean(axis=0)
    assert np.allclose(mean, np.array(distance) / 1e8 / 2, rtol=0.15)
    assert np.isnan(noise_of([np.zeros((1, 1))], [1e8])).all()
