"""The exponent of a power law, against laws whose exponent is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scaling import fit_power_law


def test_an_exact_law_is_found_without_error() -> None:
    sizes = [1.0, 2.0, 5.0, 10.0]
    law = fit_power_law(sizes, [3.0 * size**1.3 for size in sizes])
    assert law.exponent == pytest.approx(1.3)
    assert law.factor == pytest.approx(3.0)
    assert law.standard_error < 1e-9


def test_the_standard_error_is_that_of_repeated_fits() -> None:
    rng = np.random.default_rng(1)
    sizes = np.repeat([1.0, 2.0, 5.0, 10.0], 3)
    noisy = [fit_power_law(sizes, sizes * np.exp(rng.normal(0, 0.1, 12))) for _ in range(400)]
    exponents = np.array([law.exponent for law in noisy])
    errors = np.array([law.standard_error for law in noisy])
    assert exponents.mean() == pytest.approx(1.0, abs=0.01)
    assert np.sqrt((errors**2).mean()) == pytest.approx(exponents.std(), rel=0.15)


@pytest.mark.parametrize("sizes", [[1.0, 2.0], [3.0, 3.0, 3.0]])
def test_too_little_to_fit_is_refused(sizes: list[float]) -> None:
    with pytest.raises(ValueError, match="three measurements"):
        fit_power_law(sizes, sizes)
