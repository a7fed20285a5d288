"""Forms of the model are named where they differ by more than chance, not for want of an error."""

from __future__ import annotations

import numpy as np
import pytest
from equal_plans import FORMS, equal_plans
from fupin.uncertainty.assumptions import what_matters


def _forms(rng: np.random.Generator, vectors: int, seeds: int, apart: float) -> bool:
    """Whether the form is named; runs of equal forms, one of them moved."""
    worlds = equal_plans(rng, vectors, seeds, (1, 0.5, 0.3, 0.5), parameters=2)
    y = rng.normal(size=(vectors, 1)) + 0.5 * rng.normal(size=(1, seeds))
    y = np.concatenate([y, y]) + 0.3 * rng.normal(size=(2 * vectors, seeds))
    y[worlds.inputs[0].values.astype(str) == FORMS[1]] += apart
    (form,) = (a for a in what_matters(worlds, y).assumptions if a.name == "counting")
    return form.matters


@pytest.mark.parametrize(("vectors", "seeds"), [(1, 5), (2, 2), (3, 2), (5, 1), (9, 5)])
def test_equal_forms_are_seldom_named(vectors: int, seeds: int) -> None:
    rng = np.random.default_rng(5)
    assert sum(_forms(rng, vectors, seeds, 0.0) for _ in range(100)) <= 10


def test_forms_that_differ_are_named_once_an_error_is_known() -> None:
    rng = np.random.default_rng(6)
    assert sum(_forms(rng, 10, 5, 1.5) for _ in range(20)) >= 16
    assert not any(_forms(rng, 2, 5, 1.5) for _ in range(20))  # two vectors: no jackknife
