"""Which way an outcome is better, and how its numbers are said."""

from __future__ import annotations

from fupin.comparison.content import BETTER
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.words.numbers import MINUS, magnitude, places_of, rounded

_LESS = ("registered_poor_end", "survey_poor_end", "income_poor_end", "entries", "fgt0",
         "registered_and_income_poor_end")  # fmt: skip
_LESS_ENDINGS = ("_lost", "_unspent", "_spent", "_resource_cost", ".regret")
REGRET, GAIN = ".regret", ".gain"


def base_name(name: str) -> str:
    """The outcome that a derived column is made from."""
    return name.removesuffix(REGRET).removesuffix(GAIN)


def sign_of(name: str) -> int:
    """1 where more of an outcome is better, -1 where less is; more, where nobody said."""
    if name in BETTER:
        return BETTER[name]
    return -1 if name in _LESS or name.endswith(_LESS_ENDINGS) else 1


def unit_of(name: str) -> str:
    """Unit of an outcome; "" for a number of one's own."""
    base = base_name(name)
    if base in OUTCOMES:
        return OUTCOMES[base].unit
    for key, outcome in PROGRAMME_OUTCOMES.items():
        if base.endswith(f"_{key}"):
            return outcome.unit
    return ""


def said(value: float, digits: int = 3) -> str:
    """A number to some significant digits: 219,000, 1.23 M, 0.0203, −4,100."""
    size, suffix = magnitude(value)
    scaled = value / size
    return rounded(scaled, places_of(scaled, digits)) + suffix


def percent_of(share: float) -> str:
    """A share: 34%, <1%, 100%."""
    if 0 < share < 0.005:
        return "<1%"
    text = f"{100 * share:.0f}%"
    return text.replace("-", MINUS)
