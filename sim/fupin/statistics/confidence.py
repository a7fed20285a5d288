"""One level of confidence, Student's t for it, and how several questions share one chance of error.

Wherever a standard error was estimated from the runs themselves, Student's t with the degrees of
freedom of that estimate belongs beside it: with three parameter vectors the normal quantile calls a
difference certain in 22 of 100 cases in which there is none, where 10 are meant. The normal
quantile belongs where the standard error is known: that of a share under a known chance, or one
that another package has multiplied by it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

LEVEL = 0.90
"""Share of cases in which an interval holds the truth; what is "told" is told with this level."""

ENDS = (round((1 - LEVEL) / 2, 12), round((1 + LEVEL) / 2, 12))
"""Shares of a distribution below the two ends of its central interval of LEVEL: 0.05, 0.95."""


def t_quantile(probability: float, freedom: float) -> float:
    """Quantile of Student's t; freedom need not be whole."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


def two_sided_t(freedom: float, level: float = LEVEL) -> float:
    """Standard errors to either side of an interval of `level`, where these were estimated."""
    return t_quantile(0.5 + level / 2, freedom)


def two_sided_normal(level: float = LEVEL) -> float:
    """Standard errors to either side of an interval of `level`, where these are known."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))


def two_sided_chance(t: float, freedom: float) -> float:
    """Chance of a t at least this far from 0 where nothing is there; 0 to 1."""
    from scipy.special import stdtr

    return 2.0 * float(stdtr(freedom, -abs(t)))


def satterthwaite(parts: Sequence[float], freedoms: Sequence[float]) -> float:
    """Degrees of freedom of a sum of estimated variances, at least 1.

    Satterthwaite (1946, Biometrics Bull. 2); of the difference of two means Welch (1947).

    Args:
        parts: the variances with their weights and signs.
        freedoms: of each.
    """
    spread = math.fsum(part**2 / free for part, free in zip(parts, freedoms, strict=True))
    if spread == 0:
        return min(freedoms)
    return max(math.fsum(parts) ** 2 / spread, 1.0)


def level_of_each(looks: int, level: float = LEVEL) -> float:
    """Level at which each of some independent looks is asked, so that all together have `level`.

    Sidak (1967, J. Am. Stat. Assoc. 62).
    """
    return float(level ** (1.0 / looks))


def holm(chances: Sequence[float]) -> list[float]:
    """Chances of error of several questions, each as if it had to answer for all; in their order.

    Whoever calls true every answer whose number is 0.10 or less is wrong anywhere at all in at most
    10% of cases, however the questions hang together (Holm 1979, Scand. J. Stat. 6).
    """
    order = sorted(range(len(chances)), key=lambda k: chances[k])
    adjusted = [1.0] * len(chances)
    most = 0.0
    for place, k in enumerate(order):
        most = max(most, min(1.0, (len(chances) - place) * chances[k]))
        adjusted[k] = most
    return adjusted
