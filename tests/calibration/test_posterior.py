"""Posteriors of problems whose answer is known exactly."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.calibration.likelihood import Likelihood
from fupin.calibration.posterior import draw_quickly, sample_posterior
from fupin.calibration.targets import Target, fitted
from fupin.calibration.trajectories import Trajectories, at_the_mode
from toy_calibration import SLOPES, SPACE, TARGETS, exact_posterior

VARIANCE = 0.03


def _momentum_at_the_end(field: Trajectories, z: np.ndarray, momentum: np.ndarray) -> np.ndarray:
    """Of a trajectory, by the leapfrog written out."""
    momentum = momentum + 0.5 * field.step * field.force(z)
    for _ in range(round(1.4 / field.step) - 1):
        z = z + field.step * momentum @ field.lower.T
        momentum = momentum + field.step * field.force(z)
    z = z + field.step * momentum @ field.lower.T
    return momentum + 0.5 * field.step * field.force(z)


class Exact:
    """An emulator without error: a linear moment and the variance of a run."""

    def mean_and_slope(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return z @ self.slopes, np.tile(self.slopes, (len(z), 1))

    def __init__(self, slopes: tuple[float, ...], variance: float = VARIANCE) -> None:
        self.slopes, self.variance = np.array(slopes), variance

    def predict(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return z @ self.slopes, np.full(len(z), self.variance)


EXACT = {name: Exact(slopes) for name, slopes in SLOPES.items()}
BY_NAME = {target.name: target for target in TARGETS}


def _truth(names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    return exact_posterior(
        {name: BY_NAME[name].value for name in names},
        {name: BY_NAME[name].tolerance ** 2 + VARIANCE for name in names},
    )


@pytest.mark.parametrize("posterior", ["A", "B"])
def test_chains_recover_the_exact_posterior(posterior: str) -> None:
    chosen = fitted(TARGETS, posterior)  # type: ignore[arg-type]
    likelihood = Likelihood.of(chosen, EXACT, len(SPACE))
    chains = sample_posterior(likelihood, seed=1, steps=400)
    mean, covariance = _truth([target.name for target in chosen])
    spread = np.sqrt(np.diag(covariance))
    error = spread / np.sqrt(chains.effective)
    assert chains.settled and chains.effective > 1000
    assert np.abs(chains.z.mean(0) - mean) == pytest.approx(np.zeros(3), abs=float(5 * error.max()))
    assert chains.z.std(0) == pytest.approx(spread, rel=0.1)
    assert np.cov(chains.z, rowvar=False) == pytest.approx(covariance, abs=0.12)
    assert chains.apart < 0.15 and chains.autocorrelation < 5


@pytest.mark.parametrize("posterior", ["A", "B"])
def test_short_chains_recover_it_too(posterior: str) -> None:
    chosen = fitted(TARGETS, posterior)  # type: ignore[arg-type]
    drawn = draw_quickly(Likelihood.of(chosen, EXACT, len(SPACE)), 2000, seed=2)
    mean, covariance = _truth([target.name for target in chosen])
    assert drawn.shape == (2000, 3)
    assert drawn.mean(0) == pytest.approx(mean, abs=0.1)
    assert np.cov(drawn, rowvar=False) == pytest.approx(covariance, abs=0.12)


class Banana:
    """A moment with a bend, whose error grows away from the middle."""

    def predict(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return z[:, 0] + 0.3 * z[:, 1] ** 2, 0.02 + 0.05 * z[:, 1] ** 2

    def mean_and_slope(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        slope = np.zeros_like(z)
        slope[:, 0], slope[:, 1] = 1.0, 0.6 * z[:, 1]
        return self.predict(z)[0], slope


def test_in_many_dimensions_and_with_a_bend() -> None:
    """A banana in twenty dimensions, beside the same posterior on a grid of the two that bend."""
    one = Target("banana", "banana", 0.8, 0.1, "ratio", "A", "made up")
    two = Target("sum", "sum", 1.0, 0.2, "ratio", "A", "made up")
    emulators = {"banana": Banana(), "sum": Exact((0.0, 0.0) + (0.5,) * 18)}
    likelihood = Likelihood.of([one, two], emulators, 20)
    chains = sample_posterior(likelihood, seed=3, steps=400)
    assert chains.settled and chains.acceptance > 0.5 and chains.apart < 0.15
    axis = np.linspace(-5, 5, 201)
    grid = np.stack([one.ravel() for one in np.meshgrid(axis, axis, indexing="ij")], axis=1)
    mean, variance = Banana().predict(grid)
    variance = variance + 0.1**2
    logs = -0.5 * (mean - 0.8) ** 2 / variance - 0.5 * np.log(variance) - 0.5 * (grid**2).sum(1)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    centre = weights @ grid
    spread = np.sqrt(weights @ (grid - centre) ** 2)
    assert chains.z[:, :2].mean(0) == pytest.approx(centre, abs=0.06)
    assert chains.z[:, :2].std(0) == pytest.approx(spread, rel=0.06)
    # The others share a sum that is known: 18 normals of which 1.0 = half their sum, +- 0.27.
    total, known = 0.5**2 * 18, 0.2**2 + VARIANCE
    assert chains.z[:, 2:].sum(1).mean() / 2 == pytest.approx(total / (total + known), abs=0.03)


def test_the_field_of_forces_is_the_slope_of_the_posterior_it_stands_for() -> None:
    chosen = fitted(TARGETS, "B")
    likelihood = Likelihood.of(chosen, EXACT, len(SPACE))
    field, mode = at_the_mode(likelihood, 0.25)
    mean, covariance = _truth([target.name for target in chosen])
    assert mode == pytest.approx(mean, abs=1e-6)  # exact, as all is linear and normal
    assert field.lower @ field.lower.T == pytest.approx(covariance, abs=1e-9)
    z = np.array([[0.3, -0.4, 1.2]])
    ends = [likelihood.log_posterior(z + side * 1e-5 * np.eye(3)) for side in (1.0, -1.0)]
    slope = (ends[0] - ends[1]) / 2e-5
    assert field.force(z)[0] == pytest.approx(slope @ field.lower, rel=1e-5)


def test_a_trajectory_walked_backwards_ends_where_it_began() -> None:
    """Which, with volumes kept, is what makes the chain exact whatever the field."""

    class Given:
        """Momenta and steps that are not random."""

        def __init__(self, momentum: np.ndarray) -> None:
            self.momentum = momentum

        def standard_normal(self, shape: tuple[int, ...]) -> np.ndarray:
            return self.momentum

        def uniform(self, low: float, high: float) -> float:
            return 1.0

    emulators = {"banana": Banana()}
    target = Target("banana", "banana", 0.8, 0.1, "ratio", "A", "made up")
    field, _ = at_the_mode(Likelihood.of([target], emulators, 3), 0.05)
    rng = np.random.default_rng(1)
    z, momentum = 0.5 * rng.standard_normal((5, 3)), rng.standard_normal((5, 3))
    there, ratio = field(z, Given(momentum))  # type: ignore[arg-type]
    assert np.abs(there - z).max() > 0.5
    back = _momentum_at_the_end(field, z, momentum)
    home, again = field(there, Given(-back))  # type: ignore[arg-type]
    assert home == pytest.approx(z, abs=1e-9)
    assert again == pytest.approx(-ratio, abs=1e-9)


def test_a_trajectory_that_flies_off_is_refused() -> None:
    target = Target("banana", "banana", 0.8, 0.1, "ratio", "A", "made up")
    field, _ = at_the_mode(Likelihood.of([target], {"banana": Banana()}, 3), 0.3)
    z = np.array([[0.0, 40.0, 0.0], [0.8, 0.0, 0.0]])
    there, ratio = field(z, np.random.RandomState(1))
    assert np.array_equal(there[0], z[0]) and ratio[0] == -np.inf
    assert not np.array_equal(there[1], z[1]) and np.isfinite(ratio[1])


def test_a_target_that_says_nothing_leaves_the_prior() -> None:
    vague = Target("sum", "sum", 0.0, 1000.0, "ratio", "A", "made up")
    chains = sample_posterior(Likelihood.of([vague], EXACT, 3), seed=5, steps=300)
    assert chains.z.mean(0) == pytest.approx(np.zeros(3), abs=0.1)
    assert chains.z.std(0) == pytest.approx(np.ones(3), abs=0.1)


def test_tolerance_discrepancy_and_noise_add_up_on_the_scale() -> None:
    one = Target(
        "x", "sum", 4.0, 0.4, "ratio", "A", "made up", scale="log", discrepancy=0.3
    )  # fmt: skip
    likelihood = Likelihood.of([one], EXACT, 3)
    assert likelihood.values[0] == pytest.approx(np.log(4.0))
    assert likelihood.allowed[0] == pytest.approx((0.4**2 + 0.3**2) / 4.0**2)
    _, variance = likelihood.predict(np.zeros((1, 3)))
    assert variance[0, 0] == pytest.approx(likelihood.allowed[0] + VARIANCE)


def test_the_same_seed_gives_the_same_draws() -> None:
    likelihood = Likelihood.of(fitted(TARGETS, "A"), EXACT, 3)
    one, two, other = (sample_posterior(likelihood, seed, steps=100) for seed in (6, 6, 7))
    assert np.array_equal(one.z, two.z)
    assert not np.array_equal(one.z, other.z)


def test_errors_that_targets_share_are_not_counted_twice() -> None:
    """Two targets with one common error say little more than one: the exact posterior says how."""
    from dataclasses import replace

    slopes = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    values, allowed, run, shared = np.array([1.0, 1.2]), 0.02, 0.5, 0.9
    targets = [
        Target(name, name, value, np.sqrt(allowed), "ratio", "A", "made up")
        for name, value in zip(("one", "two"), values, strict=True)
    ]
    emulators = {
        name: Exact(tuple(slope), run) for name, slope in zip(("one", "two"), slopes, strict=True)
    }
    alone = Likelihood.of(targets, emulators, 3)
    together = replace(alone, correlation=np.array([[1.0, shared], [shared, 1.0]]))
    covariance = run * together.correlation + allowed * np.eye(2)
    precision = np.eye(3) + slopes.T @ np.linalg.solve(covariance, slopes)
    mean = np.linalg.solve(precision, slopes.T @ np.linalg.solve(covariance, values))
    drawn, independent = (draw_quickly(one, 3000, seed=8) for one in (together, alone))
    assert drawn.mean(0) == pytest.approx(mean, abs=0.08)
    assert drawn.var(0) == pytest.approx(np.diag(np.linalg.inv(precision)), rel=0.12)
    assert drawn[:, 0].std() > 1.15 * independent[:, 0].std()
    assert together.without("one").correlation.shape == (1, 1)
