"""What emulators see of a parameter: its own value, in standard deviations of its prior.

A calibration lives on normals (`space.py`). A moment is a smooth function of a parameter's value,
and of the normal only through the distribution of its prior: near the ends of a uniform prior the
normal runs to infinity while the value hardly moves. Emulators of values err less, some by half,
than emulators of normals from the same runs (docs/decisions.md), so they turn normals into values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.parameters.distribution import Distribution

F64 = npt.NDArray[np.float64]

_END = 6.0
_STEP = 0.005


@dataclass(frozen=True)
class Inputs:
    """Standardised values as functions of normals, straight between the places of a table.

    Attributes:
        table: values at normals from -6 to 6, one row a parameter, (d, places); no rows, and inputs
            are the normals themselves.
    """

    table: F64

    @classmethod
    def of_laws(cls, laws: Sequence[Distribution]) -> Inputs:
        """Of parameters with these priors."""
        from scipy.special import ndtr

        places = np.linspace(-_END, _END, round(2 * _END / _STEP) + 1)
        weights = np.exp(-0.5 * places**2)
        weights /= weights.sum()
        rows = []
        for law in laws:
            values = law.quantile(ndtr(places))
            centre = weights @ values
            rows.append((values - centre) / np.sqrt(weights @ (values - centre) ** 2))
        return cls(np.array(rows).reshape(len(laws), len(places)))

    def at(self, z: F64) -> F64:
        """Inputs at normals z (m, d), (m, d)."""
        if not len(self.table):
            return z
        left, over = self._place(z)
        columns = np.arange(z.shape[1])
        low = self.table[columns, left]
        return np.asarray(low + over * (self.table[columns, left + 1] - low))

    def slope(self, z: F64) -> F64:
        """Derivative of each input by its normal at z (m, d), (m, d)."""
        if not len(self.table):
            return np.ones_like(z)
        left, _ = self._place(z)
        columns = np.arange(z.shape[1])
        rise = self.table[columns, left + 1] - self.table[columns, left]
        return np.where(np.abs(z) < _END, rise / _STEP, 0.0)

    def _place(self, z: F64) -> tuple[npt.NDArray[np.int64], F64]:
        place = (np.clip(z, -_END, _END) + _END) / _STEP
        left = np.minimum(place.astype(np.int64), self.table.shape[1] - 2)
        return left, place - left


PLAIN = Inputs(np.zeros((0, 0)))
"""Inputs that are the normals."""
