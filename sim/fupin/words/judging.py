"""When a change may be called better or worse, and what is too small to be called a change.

A change is judged by its range. Where the range holds zero nobody knows the direction. Where it is
known but small, it is said to be small: a planner does not choose by it. The practical threshold is
a ten-thousandth of the poverty that there is in the world it is compared with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

PRACTICAL = 1e-4
"""Part of all poverty (or of the register, or of money) below which a change is called small."""

REVERSED = 0.05
"""Share of pairs with the other sign from which on a change is one `on average` only."""

Direction = Literal["better", "worse", "small", "unclear", "same", "unknown"]
"""better, worse: the range excludes zero and the mean is above the practical threshold. small: the
change, or all of its range, is below the threshold. unclear: the range holds zero, or there is one
run alone and so no range. same: no difference in any run. unknown: not measured."""


@dataclass(frozen=True)
class Estimate:
    """A number with its range.

    Attributes:
        mean: the middle.
        low, high: ends of the 90% range; None where one run alone has none.
        reversed: share of pairs that have the other sign than the mean; None where unknown.
    """

    mean: float
    low: float | None = None
    high: float | None = None
    reversed: float | None = None

    @classmethod
    def of(cls, entry: Mapping[str, Any] | None) -> Estimate | None:
        """Of an entry of a summary, {mean, low, high, ...}; None where it is not known."""
        mean = (entry or {}).get("mean")
        if entry is None or mean is None:
            return None
        low, high = entry.get("low"), entry.get("high")
        if low is None or high is None:
            low = high = None
        other = entry.get("below" if mean > 0 else "above")
        return cls(float(mean), low, high, other)

    def __neg__(self) -> Estimate:
        low, high = (None if end is None else -end for end in (self.high, self.low))
        return Estimate(-self.mean, low, high, self.reversed)

    @property
    def told(self) -> bool:
        """True where the range excludes zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    @property
    def nothing(self) -> bool:
        """True where no run shows any difference."""
        return self.mean == 0 and not self.low and not self.high


@dataclass(frozen=True)
class Judged:
    """What is known of a change.

    Attributes:
        direction: see `Direction`.
        gain: the change, above zero where it is good; None where unknown.
        threshold: what is called small, in the unit of the change.
        on_average: better or worse, but with the other sign in more than 5% of the pairs.
    """

    direction: Direction
    gain: Estimate | None
    threshold: float
    on_average: bool = False

    @property
    def told(self) -> bool:
        """True for better and worse alone."""
        return self.direction in ("better", "worse")


def judged(gain: Estimate | None, whole: float | None) -> Judged:
    """Judge a change.

    Args:
        gain: the change, above zero where it is good.
        whole: the size of what it changes, such as all person-years of poverty; None where unknown.
    """
    threshold = PRACTICAL * abs(whole or 0.0)
    if gain is None:
        return Judged("unknown", None, threshold)
    if gain.nothing:
        return Judged("same", gain, threshold)
    ends = (gain.mean, gain.low, gain.high)
    if gain.low is not None and all(abs(end or 0.0) < threshold for end in ends):
        return Judged("small", gain, threshold)
    if not gain.told:
        return Judged("unclear", gain, threshold)
    if abs(gain.mean) < threshold:
        return Judged("small", gain, threshold)
    often = gain.reversed is not None and gain.reversed > REVERSED
    return Judged("better" if gain.mean > 0 else "worse", gain, threshold, often)
