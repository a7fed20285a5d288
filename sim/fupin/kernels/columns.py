"""Whole columns through our own exp and log."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fupin.kernels import arithmetic
from fupin.kernels.jit import kernel


@kernel
def _exp(x, out):  # type: ignore[no-untyped-def]
    for i in range(x.size):
        out[i] = arithmetic.exp(x[i])


@kernel
def _log(x, out):  # type: ignore[no-untyped-def]
    for i in range(x.size):
        out[i] = arithmetic.log(x[i])


@kernel
def _normal(words, out):  # type: ignore[no-untyped-def]
    for i in range(words.size):
        out[i] = arithmetic.normal(words[i])


def exp(x: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """e**x of a column, float32."""
    column = np.ascontiguousarray(x, np.float32)
    out = np.empty(column.shape, np.float32)
    _exp(column.reshape(-1), out.reshape(-1))
    return out


def log(x: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Natural logarithm of a column, float32."""
    column = np.ascontiguousarray(x, np.float32)
    out = np.empty(column.shape, np.float32)
    _log(column.reshape(-1), out.reshape(-1))
    return out


def log_of(number: float) -> np.float32:
    """Natural logarithm of one number, by the same arithmetic (a line, a level)."""
    assert math.isfinite(number)
    return np.float32(log(np.array([number], np.float32))[0])


def normal_quantiles(shares: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Standard normal quantiles of shares above 0 and below 1, float32.

    By the arithmetic of keyed deviates, which takes a tail's probability as a word: exact to the
    2**-32 in which a word counts tails.
    """
    share = np.ascontiguousarray(shares, np.float64)
    below = share < 0.5
    tail = np.where(below, share, 1.0 - share)
    steps = np.minimum(np.floor(tail * 2.0**32), 2.0**31 - 1.0).astype(np.uint32)
    words = (steps << np.uint32(1)) | below.astype(np.uint32)
    out = np.empty(share.shape, np.float32)
    _normal(words.reshape(-1), out.reshape(-1))
    return out
