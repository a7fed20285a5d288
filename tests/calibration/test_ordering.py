"""The first rows of a posterior stand for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.calibration.ordering import middle_row, prefix_errors, representative_order


def _rows(seed: int, n: int = 100, m: int = 8) -> np.ndarray:
    chance = np.random.default_rng(seed)
    factors = chance.standard_normal((n, 4)) @ chance.standard_normal((4, m))
    mixed = factors + 0.5 * chance.standard_normal((n, m))
    mixed[:, 0] = np.exp(mixed[:, 0] / 5)  # skewed, too
    return mixed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_prefixes_have_the_means_of_all(seed: int) -> None:
    x = _rows(seed)
    order = representative_order(x)
    assert sorted(order.tolist()) == list(range(len(x)))
    for size, most in ((10, 0.10), (20, 0.04), (50, 0.03)):
        assert np.sqrt((prefix_errors(x[order], size) ** 2).mean()) <= most
    assert np.sqrt((prefix_errors(x, 10) ** 2).mean()) > 0.15  # in file order


def test_outputs_that_were_left_out_are_represented_too() -> None:
    """Five of thirteen outputs, correlated with the others, take no part in the ordering."""
    x = _rows(4, m=13)
    order = representative_order(x[:, 5:])
    assert np.sqrt((prefix_errors(x[order][:, :5], 10) ** 2).mean()) <= 0.25


def test_the_order_depends_on_nothing_but_the_numbers() -> None:
    x = _rows(5)
    assert (representative_order(x) == representative_order(x.copy())).all()


def test_few_rows_are_kept_as_they_are() -> None:
    assert representative_order(_rows(6, n=4)).tolist() == [0, 1, 2, 3]


def test_the_middle_row_is_no_outlier() -> None:
    x = _rows(7)
    middle = middle_row(x)
    standard = (x - np.median(x, 0)) / x.std(0)
    distance = (standard**2).sum(1)
    assert distance[middle] == distance.min()
