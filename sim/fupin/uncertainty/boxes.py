"""Boxes of worlds: what restricts them, which worlds lie inside, what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.uncertainty.worlds import Input

F64 = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Restriction:
    """What a box says of one input.

    Attributes:
        name: of the input.
        low, high: it lies between; None where that end is open. Ends lie midway between the last
            world inside and the first outside.
        words: of a choice: what it may be.
        quasi_p: chance of so many failures if the restriction meant nothing; None before it is
            known.
    """

    name: str
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    quasi_p: float | None = None


@dataclass(frozen=True)
class Box:
    """A box and what it holds.

    Attributes:
        restrictions: all must hold; none is all worlds.
        coverage: part of all failures that lie in it.
        density: part of its runs that fail.
        mass: part of all worlds that lie in it.
    """

    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    mass: float

    @property
    def worth(self) -> float:
        """Harmonic mean of coverage and density."""
        both = self.coverage + self.density
        return 2 * self.coverage * self.density / both if both else 0.0


def inside(restrictions: Sequence[Restriction], inputs: Mapping[str, Input]) -> Booleans:
    """Which worlds lie in a box, (worlds,)."""
    some = next(iter(inputs.values()))
    found = np.ones(len(some.values), bool)
    for one in restrictions:
        values = inputs[one.name].values
        if one.words:
            found &= np.isin(values.astype(str), one.words)
        if one.low is not None:
            found &= values.astype(float) >= one.low
        if one.high is not None:
            found &= values.astype(float) <= one.high
    return found


def measure(restrictions: Sequence[Restriction], inputs: Mapping[str, Input], fails: F64) -> Box:
    """A box with its coverage, density and mass."""
    rows = inside(restrictions, inputs)
    held = float(fails[rows].sum())
    return Box(
        tuple(restrictions),
        held / float(fails.sum()) if fails.sum() else 0.0,
        held / int(rows.sum()) if rows.any() else 0.0,
        float(rows.mean()),
    )
