"""Prior distributions of parameters: normal, uniform, beta and lognormal, perhaps truncated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fupin.parameters.records import Record, as_numbers
from fupin.yaml.tree import Entry

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


def read_distribution(name: str, entry: Entry) -> Distribution:
    """A distribution from `{normal: [mean, sd], truncated: [low, high]}` and the like.

    Raises:
        InputError: not exactly one kind, numbers that the kind cannot have, empty or unbounded
            support (a range must say how far a value may be moved).
    """
    record = Record(name, entry.value, entry.key_mark, [*KINDS, "truncated"])
    kinds = [kind for kind in KINDS if kind in record]
    if len(kinds) != 1:
        raise entry.key_mark.error(
            f"{name}: a distribution needs exactly one kind.",
            "Write {normal: [mean, sd], truncated: [low, high]} or {uniform: [low, high]}.",
        )
    kind = kinds[0]
    first, second = as_numbers(name, kind, record.entry(kind).value, 2)
    if kind == "uniform":
        low, high, fits = first, second, first < second
    elif kind == "beta":
        low, high, fits = 0.0, 1.0, first > 0 and second > 0
    elif kind == "lognormal":
        low, high, fits = 0.0, math.inf, first > 0 and second > 0
    else:
        low, high, fits = -math.inf, math.inf, second > 0
    if not fits:
        meanings = " and ".join(KINDS[kind])
        raise record.error(kind, f"[{first:g}, {second:g}] cannot be {meanings} of a {kind}.")
    if "truncated" in record:
        lowest, highest = record.numbers("truncated", 2)
        if not (low <= lowest < highest <= high):
            raise record.error(
                "truncated", f"[{lowest:g}, {highest:g}] is not inside the {kind}'s support."
            )
        return Distribution(kind, first, second, lowest, highest, truncated=True)
    if math.isinf(high):
        raise record.error(
            kind, f"a {kind} distribution needs bounds.", "Add `truncated: [low, high]`."
        )
    return Distribution(kind, first, second, low, high)
