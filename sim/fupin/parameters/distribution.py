"""Prior distributions of parameters: normal, uniform, beta and lognormal, perhaps truncated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from fupin.yaml.faults import fault
from fupin.yaml.fields import Pair, Section

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

KINDS: dict[str, tuple[str, str]] = {
    "normal": ("mean", "sd"),
    "uniform": ("low", "high"),
    "beta": ("a", "b"),
    "lognormal": ("median", "sd of the log"),
}
"""Kind -> what its two numbers mean. A beta lies on 0 to 1."""


@dataclass(frozen=True)
class Distribution:
    """A prior.

    Attributes:
        kind: key of KINDS.
        first, second: its two numbers, see KINDS.
        low, high: bounds of the support; those of `truncated` where given.
        truncated: True where bounds narrower than the kind's own were given.
    """

    kind: str
    first: float
    second: float
    low: float
    high: float
    truncated: bool = False

    def __str__(self) -> str:
        text = f"{self.kind}({self.first:g}, {self.second:g})"
        return f"{text} in {self.low:g} to {self.high:g}" if self.truncated else text

    def quantile(self, share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Values below which the given shares (0 to 1) of the distribution lie, same shape."""
        import numpy as np
        from scipy import special  # without scipy.stats, which takes seconds to import

        within = np.asarray(share, np.float64)
        if self.kind == "uniform":
            value = self.low + within * (self.high - self.low)
        elif self.kind == "beta":
            below, above = special.betainc(self.first, self.second, [self.low, self.high])
            value = special.betaincinv(self.first, self.second, below + within * (above - below))
        else:
            # A lognormal is the normal of the logarithm.
            logs = self.kind == "lognormal"
            with np.errstate(divide="ignore"):
                ends = np.log([self.low, self.high]) if logs else np.array([self.low, self.high])
            mean = math.log(self.first) if logs else self.first
            below, above = special.ndtr((ends - mean) / self.second)
            value = mean + self.second * special.ndtri(below + within * (above - below))
            value = np.exp(value) if logs else value
        return np.clip(value, self.low, self.high)

    def share(self, value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Shares (0 to 1) of the distribution that lie below the given values, same shape."""
        import numpy as np
        from scipy import special

        inside = np.clip(np.asarray(value, np.float64), self.low, self.high)
        if self.kind == "uniform":
            return np.asarray((inside - self.low) / (self.high - self.low))
        ends = np.array([self.low, self.high])
        if self.kind == "beta":
            below, above = special.betainc(self.first, self.second, ends)
            at = special.betainc(self.first, self.second, inside)
        else:
            logs = self.kind == "lognormal"
            mean = math.log(self.first) if logs else self.first
            with np.errstate(divide="ignore"):
                scaled = [((np.log(x) if logs else x) - mean) / self.second for x in (ends, inside)]
            below, above = special.ndtr(scaled[0])
            at = special.ndtr(scaled[1])
        return np.asarray((at - below) / (above - below))


class WrittenDistribution(Section):
    """`{normal: [mean, sd], truncated: [low, high]}` and the like: one kind, perhaps truncated."""

    normal: Pair | None = None
    uniform: Pair | None = None
    beta: Pair | None = None
    lognormal: Pair | None = None
    truncated: Pair | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        self.distribution()
        return self

    def distribution(self) -> Distribution:
        """The distribution.

        Raises:
            PydanticCustomError: not exactly one kind, numbers that the kind cannot have, empty or
                unbounded support (a range must say how far a value may be moved).
        """
        said = {kind: pair for kind in KINDS if (pair := getattr(self, kind)) is not None}
        if len(said) != 1:
            raise fault(
                "A distribution needs exactly one kind.",
                "Write {normal: [0.5, 0.1], truncated: [0, 1]} or {uniform: [0, 1]}, say.",
            )
        ((kind, (first, second)),) = said.items()
        if kind == "uniform":
            low, high, fits = first, second, first < second
        elif kind == "beta":
            low, high, fits = 0.0, 1.0, first > 0 and second > 0
        elif kind == "lognormal":
            low, high, fits = 0.0, math.inf, first > 0 and second > 0
        else:
            low, high, fits = -math.inf, math.inf, second > 0
        if not fits:
            raise fault(
                f"[{first:g}, {second:g}] cannot be {' and '.join(KINDS[kind])} of a {kind}.",
                "Write two numbers that rise."
                if kind == "uniform"
                else f"Write {'a second number' if kind == 'normal' else 'numbers'} above 0.",
                (kind,),
            )
        if self.truncated is not None:
            lowest, highest = self.truncated
            if not (low <= lowest < highest <= high):
                raise fault(
                    f"[{lowest:g}, {highest:g}] is not inside the {kind}'s support.",
                    f"Write two numbers that rise, from {low:g} to {high:g}."
                    if kind != "normal"
                    else "Write two numbers that rise.",
                    ("truncated",),
                )
            return Distribution(kind, first, second, lowest, highest, truncated=True)
        if math.isinf(high):
            raise fault(
                f"A {kind} distribution needs bounds.",
                f"Add bounds: {{{kind}: [{first:g}, {second:g}], truncated: [low, high]}}.",
                (kind,),
            )
        return Distribution(kind, first, second, low, high)
