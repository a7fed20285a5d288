"""Variance components of made-up runs whose components are known."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.statistics.variance import split_variance

FORMS, VECTORS, SEEDS = 2, 12, 3


def crossed(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Runs with chance 1 + 4, parameters 9, structure 4 and together 2.25, crossed.

    Half of the luck belongs to the seed, alike in all worlds, as common random numbers make it.
    """
    form = np.array([-2.0, 2.0])  # variance 4
    parameter = rng.normal(0, 3, VECTORS)
    other = rng.normal(0, 1.5, VECTORS) * np.array([[-1.0], [1.0]])  # sums to zero over forms
    seed = rng.normal(0, 1, SEEDS)
    luck = rng.normal(0, 2, (FORMS, VECTORS, SEEDS))
    y = form[:, None, None] + parameter[:, None] + other[:, :, None] + seed + luck
    structure = np.repeat(np.arange(FORMS), VECTORS)
    return 1e6 + y.reshape(-1, SEEDS), structure, np.tile(np.arange(VECTORS), FORMS)


def test_components_are_unbiased_where_seeds_are_shared() -> None:
    rng = np.random.default_rng(1)
    found = []
    errors = []
    for _ in range(600):
        split = split_variance(*crossed(rng))
        found.append([split.parts[k] for k in ("chance", "parameters", "structure", "together")])
        errors.append(split.errors["parameters"])
    mean = np.mean(found, axis=0)
    error = np.std(found, axis=0) / np.sqrt(len(found))
    truth = np.array([5.0, 9.0, 4.0, 2.25])
    assert (np.abs(mean - truth) < 3 * error).all(), (mean, error)
    assert (error < 0.25).all()  # else the line above could not fail
    # The jackknife says how far one estimate lies from the truth.
    assert np.mean(errors) == pytest.approx(np.std(found, axis=0)[1], rel=0.2)


def test_worlds_that_differ_between_forms_are_nested() -> None:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(600):
        y, structure, _ = crossed(rng)
        split = split_variance(y, structure, np.arange(len(y)))
        assert split.parts["together"] is None
        found.append([split.parts[k] for k in ("chance", "parameters", "structure")])
    mean = np.mean(found, axis=0)
    error = np.std(found, axis=0) / np.sqrt(len(found))
    # Parameter vectors are in truth shared by both forms, which a nested split cannot know: what
    # they change in both is then in neither form's difference.
    assert abs(mean[0] - 5.0) < 3 * error[0]
    assert abs(mean[1] - 11.25) < 3 * error[1]


def test_hand_computed() -> None:
    # Two worlds, two seeds, no luck: y = 0, 0 and 2, 2. Products of different worlds are -1,
    # of the same 1: Var = 1 - (-1) = 2, the unbiased variance of 0 and 2.
    split = split_variance(np.array([[0.0, 0.0], [2.0, 2.0]]), np.zeros(2, int), np.arange(2))
    assert split.parts["parameters"] == pytest.approx(2.0)
    assert split.parts["chance"] == pytest.approx(0.0)
    assert (split.parts["structure"], split.mean) == (None, 1.0)


def test_what_cannot_be_told_is_none() -> None:
    rng = np.random.default_rng(3)
    one_seed = split_variance(rng.normal(size=(5, 1)), np.zeros(5, int), np.arange(5))
    assert one_seed.parts["chance"] is None
    assert one_seed.parts["parameters"] is not None
    one_world = split_variance(rng.normal(size=(1, 8)), np.zeros(1, int), np.zeros(1, int))
    assert one_world.parts["parameters"] is None
    forms = split_variance(np.array([[1.0, 1.0], [3.0, 3.0]]), np.arange(2), np.zeros(2, int))
    assert forms.parts["structure"] == pytest.approx(1.0)  # two forms, each half of the truth
    with pytest.raises(ValueError, match="finite"):
        split_variance(np.array([[np.nan]]), np.zeros(1, int), np.zeros(1, int))
