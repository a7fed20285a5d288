"""Numbers as a statistician prints them: no digit that the uncertainty does not carry."""

from __future__ import annotations

import math
from collections.abc import Mapping

DASH = "–"
NOTHING = "·"
MINUS = "−"

DIGITS_OF_WIDTH = 2
"""Significant digits kept of the half-width of an interval; the mean gets the same places."""

DIGITS_ALONE = 4
"""Significant digits of a number without an interval."""

MOST_DIGITS = 6
"""Significant digits of a mean, however narrow its interval."""

_MAGNITUDES = ((1e9, " bn"), (1e6, " M"))


def magnitude(value: float) -> tuple[float, str]:
    """Divisor and suffix that make a large number short: 743,000,000 is 743 M."""
    return next(((size, s) for size, s in _MAGNITUDES if abs(value) >= size), (1.0, ""))


def exact(value: float, scale: tuple[float, str] | None = None) -> str:
    """A quoted number in full, such as 16,184 or 30.54 M."""
    size, suffix = scale or magnitude(value)
    number = round(value / size, 9)
    text = f"{number:,.9f}".rstrip("0").rstrip(".")
    return text.replace("-", MINUS) + suffix


def rounded(value: float, places: int) -> str:
    """A number with `places` decimals; negative places round to tens, hundreds and so on."""
    number = round(value, places)
    if number == 0:
        number = 0.0  # never a negative zero
    return f"{number:,.{max(places, 0)}f}".replace("-", MINUS)


def places_of(value: float, digits: int) -> int:
    """Decimal places that leave `digits` significant digits of the value."""
    return digits - 1 - math.floor(math.log10(abs(value))) if value else 0


def estimate(
    statistics: Mapping[str, float | int | None],
    factor: float = 1.0,
    scale: tuple[float, str] | None = None,
    most_digits: int = MOST_DIGITS,
) -> tuple[str, str]:
    """Mean and 90% interval as text.

    Args:
        statistics: one entry of the summary.
        factor: the model's unit to the unit that is printed.
        scale: divisor and suffix; chosen from the mean if None.
        most_digits: significant digits of the mean, however narrow its interval.

    Returns:
        ("15,700", "15,600–15,810"); the interval is empty where there is none or nothing varies.
        An unknown mean is a dot.
    """
    mean, low, high = (statistics[key] for key in ("mean", "low", "high"))
    if mean is None:
        return NOTHING, ""
    size, suffix = scale or magnitude(mean * factor)
    mean *= factor / size
    if low is None or high is None or low == high:
        places = places_of(mean, DIGITS_ALONE)
        if size == 1.0:
            places = max(places, 0)  # small whole numbers keep every digit
        return exact(round(mean, places), (1.0, "")) + suffix, ""
    low, high = low * factor / size, high * factor / size
    places = places_of((high - low) / 2, DIGITS_OF_WIDTH)
    if mean:
        places = min(places, places_of(mean, most_digits))
    between = " to " if low < 0 else DASH  # a dash beside a minus misleads
    return rounded(mean, places) + suffix, rounded(low, places) + between + rounded(high, places)


def percent(share: float) -> str:
    """A signed deviation: +4.1%, −0.3%, 0%, +120%."""
    value = 100 * share
    text = f"{abs(value):.1f}" if abs(value) < 99.95 else f"{abs(value):,.0f}"
    if float(text.replace(",", "")) == 0:
        return "0%"
    return f"{'+' if value > 0 else MINUS}{text}%"
