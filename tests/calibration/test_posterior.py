"""Posteriors of problems whose answer is known exactly."""

from __future__ import annotations

import numpy as np
import pytest
from toy_calibration import SLOPES, SPACE, TARGETS, exact_posterior

from sim.calibration.importance import resample
from sim.calibration.likelihood import Likelihood
from sim.calibration.posterior import sample_posterior
from sim.calibration.targets import Target, fitted

VARIANCE = 0.03


class Exact:
    """An emulator without error: a linear moment and the variance of a run."""

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
    chains = sample_posterior(likelihood, seed=1, steps=1500)
    mean, covariance = _truth([target.name for target in chosen])
    spread = np.sqrt(np.diag(covariance))
    error = spread / np.sqrt(chains.effective)
    assert chains.settled and chains.effective > 1000
    assert np.abs(chains.z.mean(0) - mean) == pytest.approx(np.zeros(3), abs=float(5 * error.max()))
    assert chains.z.std(0) == pytest.approx(spread, rel=0.1)
    assert np.cov(chains.z, rowvar=False) == pytest.approx(covariance, abs=0.12)
    assert chains.agreement < 0.15


@pytest.mark.parametrize("posterior", ["A", "B"])
def test_importance_resampling_recovers_it_too(posterior: str) -> None:
    chosen = fitted(TARGETS, posterior)  # type: ignore[arg-type]
    drawn = resample(Likelihood.of(chosen, EXACT, len(SPACE)), 4000, seed=2)
    mean, covariance = _truth([target.name for target in chosen])
    assert drawn.effective > 1500
    assert drawn.z.mean(0) == pytest.approx(mean, abs=0.06)
    assert np.cov(drawn.z, rowvar=False) == pytest.approx(covariance, abs=0.1)


def test_in_many_dimensions_and_with_a_bend() -> None:
    """A banana in twenty dimensions: both methods agree on it."""

    class Banana:
        def predict(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return z[:, 0] + 0.3 * z[:, 1] ** 2, np.full(len(z), 0.02)

    one = Target("banana", "banana", 0.8, 0.1, "ratio", "A", "made up")
    two = Target("sum", "sum", 1.0, 0.2, "ratio", "A", "made up")
    emulators = {"banana": Banana(), "sum": Exact((0.0, 0.0) + (0.5,) * 18)}
    likelihood = Likelihood.of([one, two], emulators, 20)
    chains = sample_posterior(likelihood, seed=3, steps=1500)
    drawn = resample(likelihood, 2000, seed=4)
    assert chains.z.mean(0) == pytest.approx(drawn.z.mean(0), abs=0.2)
    assert chains.z.std(0) == pytest.approx(drawn.z.std(0), abs=0.2)
    # E[z1] follows from the bend: 0.8 - 0.3 E[z2^2] where the likelihood is sharp.
    assert chains.z[:, 0].mean() == pytest.approx(
        0.8 - 0.3 * (chains.z[:, 1] ** 2).mean(), abs=0.06
    )


def test_a_target_that_says_nothing_leaves_the_prior() -> None:
    vague = Target("sum", "sum", 0.0, 1000.0, "ratio", "A", "made up")
    chains = sample_posterior(Likelihood.of([vague], EXACT, 3), seed=5, steps=1000)
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
    drawn = resample(together, 4000, seed=8)
    assert drawn.z.mean(0) == pytest.approx(mean, abs=0.05)
    assert drawn.z.var(0) == pytest.approx(np.diag(np.linalg.inv(precision)), rel=0.08)
    assert drawn.z[:, 0].std() > 1.15 * resample(alone, 4000, seed=8).z[:, 0].std()
    assert together.without("one").correlation.shape == (1, 1)
