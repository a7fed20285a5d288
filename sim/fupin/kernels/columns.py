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
