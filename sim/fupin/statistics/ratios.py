"""Cost per person: a ratio of two means, with an interval that knows when there is none."""

from __future__ import annotations

import math


def ratio_interval(
    cost: float,
    effect: float,
    variance_cost: float,
    variance_effect: float,
    covariance: float,
    t: float,
) -> tuple[float, float] | None:
    """Fieller's interval of cost / effect (Fieller 1954, J. Royal Stat. Soc. B 16).

    All ratios r for which the mean of (cost - r x effect) does not differ from 0: exact where both
    are means of normal numbers, unlike a standard error of the ratio.

    Args:
        cost, effect: the means.
        variance_cost, variance_effect, covariance: of the means (not of single runs).
        t: Student's quantile for the level and the degrees of freedom wanted.

    Returns:
        (low, high), or None where the interval of the effect holds 0: then any cost per person is
        possible, also an infinite one, and no number should be quoted.
    """
    a = effect * effect - t * t * variance_effect
    if not a > 0:
        return None
    b = cost * effect - t * t * covariance
    c = cost * cost - t * t * variance_cost
    root = math.sqrt(max(b * b - a * c, 0.0))
    return (b - root) / a, (b + root) / a
