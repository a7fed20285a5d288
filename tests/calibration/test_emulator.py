"""Emulators: right about what they have not seen, and a gate that stops wrong ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fupin.calibration.emulator import (
    PASS,
    Emulator,
    check,
    cross_check,
    fit_emulator,
    folds,
    from_scale,
    slope_of_scale,
    to_scale,
)
from fupin.calibration.inputs import Inputs
from fupin.calibration.kernel import Form, covariance, misfit, variance
from fupin.parameters.distribution import Distribution
from scipy import linalg, special

NOISE = 0.1


def _runs(count: int, seed: int, noise: float = NOISE) -> tuple[np.ndarray, np.ndarray]:
    """Four parameters, of which one means nothing; a bend that no quadratic has."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((count, 4))
    y = 2.0 * z[:, 0] - 0.5 * z[:, 1] ** 2 + 0.5 * z[:, 0] * z[:, 2] + np.sin(2.0 * z[:, 1])
    return z, 5.0 + y + noise * rng.standard_normal(count)


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return fit_emulator("toy", *_runs(120, 1))


def test_the_gradient_is_that_of_the_likelihood() -> None:
    z, y = _runs(12, 2)
    theta = Form(np.array([1.0, 2.0, 3.0, 4.0]), 0.3, 0.7, 0.05).theta
    _, gradient = misfit(theta, z, y, 0.01)
    for k, move in enumerate(1e-6 * np.eye(theta.size)):
        below, above = (misfit(theta + side * move, z, y, 0.01)[0] for side in (-1, 1))
        assert gradient[k] == pytest.approx((above - below) / 2e-6, rel=1e-5, abs=1e-5)
    assert variance(z, np.arange(1.0, 5.0), 0.7, 0.3) == pytest.approx(
        np.diag(covariance(z, z, np.arange(1.0, 5.0), 0.7, 0.3))
    )


def test_it_predicts_what_it_has_not_seen_and_knows_how_well(emulator: Emulator) -> None:
    z, y = _runs(2000, 3)
    mean, _ = emulator.predict(z)
    assert np.std(y - mean) < 0.35 * np.std(y)
    inside = np.abs(check(emulator, z, y)) < 2
    assert inside.mean() >= PASS
    near = np.abs(z).max(1) < 1.5
    assert np.std((y - mean)[near]) < 2.5 * NOISE
    # The parameter that means nothing has the longest length.
    assert emulator.length.argmax() == 3 and emulator.length[3] > 10


def test_likelihood_and_prediction_are_those_of_scikit_learn() -> None:
    """Numbers of its GaussianProcessRegressor (1.9.1), with this covariance as a kernel."""
    z, y = _runs(50, 9)
    y = (y - y.mean()) / y.std()
    form = Form(np.array([1.0, 2.0, 3.0, 4.0]), 0.7, 0.4, 0.05)
    found, slope = misfit(form.theta, z, y, 0.01)
    assert -found == pytest.approx(-22.007344674578718, rel=1e-10)
    assert -slope == pytest.approx(
        [11.921158981697037, -2.8009633957228837, 6.792951624050133, 5.727754380243926,
         -3.5472268249368915, -3.5175798780333665, -8.270233706890487], rel=1e-9,
    )  # fmt: skip
    toy = Emulator(
        "toy", z, Inputs(np.zeros((0, 0))), y, 0.0, 1.0, form.length, form.trend, form.process,
        0.01, form.noise + 0.01, 1.0, np.zeros((0, 0)), np.zeros(0),
    )  # fmt: skip
    here = np.array([[0.2, -0.9, 1.4, 0.3], [-2.5, 0.1, 0.0, 0.7]])
    mean, total = toy.without(np.zeros(50, bool)).predict(here)
    assert mean == pytest.approx([0.3113577962458245, -1.7236691652502363], rel=1e-10)
    # Its standard deviation holds the noise that is searched and not the known one.
    inflation = toy.without(np.zeros(50, bool)).inflation
    spread = np.sqrt(total / inflation**2 - 0.01)
    assert spread == pytest.approx([0.2930773045719221, 0.8281660929575451], rel=1e-10)


def test_the_search_ends_where_that_of_scikit_learn_ended(emulator: Emulator) -> None:
    """Other processors round the way there otherwise, so the end is held less tightly."""
    ended = [5.0039969506687365, 1.0109374894024612, 6.938758065813524, 199.99999999999991]
    assert emulator.length == pytest.approx(ended, rel=1e-4)
    found = (emulator.trend, emulator.process, emulator.noise, emulator.inflation)
    ended = [4.675601217371733, 0.2706992093414527, 0.0031320083596092945, 1.0543840186688591]
    assert found == pytest.approx(ended, rel=1e-4)
    theta = Form(emulator.length, emulator.process, emulator.trend, emulator.noise).theta
    assert (
        misfit(theta, emulator.x, emulator.y, 0.0)[0]
        < misfit(theta + 0.05, emulator.x, emulator.y, 0.0)[0]
    )


def test_slopes_of_the_mean_are_its_differences() -> None:
    """With inputs, so that the chain rule of the normals is in it."""
    laws = [Distribution("uniform", 0.0, 1.0, 0.0, 1.0) for _ in range(4)]
    z, y = _runs(60, 10)
    emulator = fit_emulator("toy", z, y, inputs=Inputs.of_laws(laws))
    here = np.array([[0.2013, -0.9021, 1.4012, 0.3017], [-2.5039, 0.1011, 0.001, 0.701]])
    mean, slope = emulator.mean_and_slope(here)
    assert mean == pytest.approx(emulator.predict(here)[0])
    step = 1e-4  # within one place of the table
    for k in range(4):
        move = step * np.eye(4)[k]
        ends = [emulator.mean_and_slope(here + side * move)[0] for side in (1.0, -1.0)]
        assert slope[:, k] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5)


def test_inputs_are_standardised_values() -> None:
    laws = [
        Distribution("uniform", 2.0, 5.0, 2.0, 5.0),
        Distribution("normal", 0.0, 1.0, -0.5, 0.3, truncated=True),
    ]
    inputs = Inputs.of_laws(laws)
    z = np.random.default_rng(1).standard_normal((200_000, 2))
    x = inputs.at(z)
    assert x.mean(0) == pytest.approx([0, 0], abs=0.01)
    assert x.std(0) == pytest.approx([1, 1], abs=0.01)
    shares = special.ndtr(z[:50])
    for k, law in enumerate(laws):
        values = law.quantile(shares[:, k])
        # Values and inputs lie on one straight line, up to the table's steps.
        assert np.corrcoef(values, x[:50, k])[0, 1] > 1 - 1e-9
    ends = inputs.at(np.array([[-9.0, 9.0]])), inputs.at(np.array([[-6.0, 6.0]]))
    assert np.array_equal(*ends)
    assert np.array_equal(inputs.slope(np.array([[-9.0, 9.0]])), np.zeros((1, 2)))


def test_values_are_easier_to_emulate_than_normals() -> None:
    """A moment that is plain in the values of parameters with uniform priors."""
    laws = [Distribution("uniform", 0.0, 1.0, 0.0, 1.0) for _ in range(4)]
    inputs = Inputs.of_laws(laws)
    rng = np.random.default_rng(2)
    z = rng.standard_normal((160, 4))
    u = special.ndtr(z)
    y = 3.0 * u[:, 0] + 2.0 * u[:, 1] * u[:, 2] - u[:, 2] ** 2 + 0.01 * rng.standard_normal(160)
    errors = []
    for kind in (inputs, Inputs(np.zeros((0, 0)))):
        emulator = fit_emulator("toy", z[:80], y[:80], inputs=kind)
        errors.append(float(np.std(emulator.predict(z[80:])[0] - y[80:])))
    assert errors[0] < 0.6 * errors[1]


def test_noise_is_found_and_chance_is_a_part_of_it() -> None:
    z, y = _runs(200, 4, noise=0.5)
    free = fit_emulator("toy", z, y)
    assert free.noise_sd == pytest.approx(0.5, rel=0.25)
    fixed = fit_emulator("toy", z, y, chance=0.3**2)
    assert fixed.chance_sd == pytest.approx(0.3, rel=0.01)
    assert fixed.noise_sd >= fixed.chance_sd
    assert fixed.noise_sd == pytest.approx(free.noise_sd, rel=0.1)


def test_leave_one_out_is_what_leaving_out_gives(emulator: Emulator) -> None:
    found = emulator.leave_one_out()
    for i in (0, 17, 119):
        rows = np.arange(len(emulator.y)) != i
        z, y = emulator.z[rows], emulator.y[rows]
        k = covariance(z, z, emulator.length, emulator.trend, emulator.process)
        k[np.diag_indices_from(k)] += emulator.noise
        here = emulator.z[i : i + 1]
        cross = covariance(here, z, emulator.length, emulator.trend, emulator.process)
        own = covariance(here, here, emulator.length, emulator.trend, emulator.process)[0, 0]
        mean = (cross @ linalg.solve(k, y))[0]
        spread = np.sqrt(own + emulator.noise - (cross @ linalg.solve(k, cross.T))[0, 0])
        assert found[i] == pytest.approx((emulator.y[i] - mean) / spread, abs=1e-6)


def test_folds_never_see_the_runs_they_judge(emulator: Emulator) -> None:
    fold = folds(len(emulator.y), 5, seed=1)
    assert np.bincount(fold).tolist() == [24] * 5
    blind = emulator.without(fold == 0)
    assert blind.z.shape[0] == 96
    # A run that is absurd shifts the emulator that saw it and not the one that had not.
    absurd = emulator.y.copy()
    row = int(np.flatnonzero(fold == 0)[0])
    absurd[row] += 50.0
    again = replace(emulator, y=absurd).without(fold == 0)
    assert np.array_equal(again.weights, blind.weights)
    assert np.mean(np.abs(cross_check(emulator, fold)) < 2) >= PASS


def test_the_gate_stops_an_emulator_that_is_wrong(emulator: Emulator) -> None:
    z, y = _runs(500, 5)
    good = np.mean(np.abs(check(emulator, z, y)) < 2)
    too_sure = replace(emulator, inflation=0.3)
    shifted = replace(emulator, centre=emulator.centre + 3 * emulator.noise_sd)
    other = replace(emulator, weights=emulator.weights[::-1].copy())
    assert good >= PASS
    for wrong in (too_sure, shifted, other):
        assert np.mean(np.abs(check(wrong, z, y)) < 2) < PASS


def test_a_process_that_is_too_sure_is_inflated() -> None:
    z, y = _runs(80, 6)
    # Errors with heavy tails, which no normal process foresees.
    heavy = y + 0.3 * np.random.default_rng(7).standard_t(1.5, len(y)).clip(-5, 5)
    emulator = fit_emulator("toy", z, heavy)
    sure = replace(emulator, inflation=1.0)
    assert emulator.inflation >= 1.0
    assert np.mean(np.abs(emulator.leave_one_out()) < 2 * emulator.inflation) >= 0.95
    _, wide = emulator.predict(z)
    _, narrow = sure.predict(z)
    assert wide == pytest.approx(narrow * emulator.inflation**2)


@pytest.mark.parametrize("scale", ["plain", "log", "logit"])
def test_scales_have_inverses_and_slopes(scale: str) -> None:
    values = np.array([0.2, 0.5, 0.97])
    assert from_scale(to_scale(values, scale), scale) == pytest.approx(values)  # type: ignore[arg-type]
    step = 1e-6
    for value in values:
        ends = to_scale([value - step, value + step], scale)  # type: ignore[arg-type]
        slope = (ends[1] - ends[0]) / (2 * step)
        assert slope_of_scale(value, scale) == pytest.approx(slope, rel=1e-5)  # type: ignore[arg-type]


def test_what_has_no_logarithm_is_moved_inside() -> None:
    assert np.isfinite(to_scale([0.0, 5.0], "log")).all()
    assert np.isfinite(to_scale([0.0, 1.0], "logit")).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_refused(bad: float) -> None:
    z, y = _runs(20, 8)
    y[3] = bad
    with pytest.raises(ValueError, match="finite"):
        fit_emulator("toy", z, y)
    with pytest.raises(ValueError, match="ten runs"):
        fit_emulator("toy", z[:5], y[:5])
