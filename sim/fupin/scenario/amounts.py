"""Amounts of money: exact whole yuan from `30.54 million`, `1.27 billion`, `743万` or a number."""

from __future__ import annotations

import re
from decimal import Decimal

from fupin.yaml.words import did_you_mean, shown

MOST_YUAN = 10**13
"""A bound on any amount (three times China's government spending in 2009): a slip of the pen."""

MOST_PRICE = 10**9
"""A bound on the price of a unit: for everybody in the province, losses included, it stays below
2**63 yuan."""

SCALES = {"million": 10**6, "billion": 10**9, "万": 10**4, "亿": 10**8}
_AMOUNT = re.compile(
    r"(?P<digits>[0-9]+(?:\.[0-9]+)?)\s*(?P<scale>million|billion|万|亿)?\s*(?:yuan|元)?",
    re.IGNORECASE,
)
PATTERN = r"^\s*[0-9]+(\.[0-9]+)?\s*([Mm]illion|[Bb]illion|万|亿)?\s*(yuan|元)?\s*$"
"""The same form for editors."""
INSTEAD = "Write whole yuan or an amount such as 30.54 million."


class AmountError(ValueError):
    """Not an amount of money; `.instead` says what to write."""

    def __init__(self, message: str, instead: str = INSTEAD) -> None:
        super().__init__(message)
        self.instead = instead


def parse_yuan(value: object) -> int:
    """An amount in whole yuan, exactly.

    Args:
        value: an int, a float without a fraction, or text such as `30.54 million` or `743万元`.

    Raises:
        AmountError: anything else, a fraction of a yuan, negative, or above MOST_YUAN.
    """
    if isinstance(value, bool):
        raise AmountError(f"{shown(value)} is a switch, not an amount.")
    if isinstance(value, int):
        exact = Decimal(value)
    elif isinstance(value, float):
        exact = Decimal(repr(value))  # the shortest decimal, which is what was written
    elif isinstance(value, str):
        exact = _from_text(value.strip())
    else:
        raise AmountError(f"{shown(value)} is not an amount of money.")
    if not exact.is_finite():
        raise AmountError(f"{shown(value)} is not a finite amount.")
    if exact < 0:
        raise AmountError(f"{shown(value)} is negative.", "Money cannot be negative; 0 is none.")
    if exact > MOST_YUAN:
        raise AmountError(
            f"{shown(value)} is more than ten trillion yuan.",
            _for_comparison(),
        )
    if exact != exact.to_integral_value():
        raise AmountError(
            f"{shown(value)} is not a whole number of yuan.", "Round it to whole yuan."
        )
    return int(exact)


def _from_text(text: str) -> Decimal:
    if len(text) > 60:
        raise AmountError(f"{shown(text)} is not an amount of money.")
    found = _AMOUNT.fullmatch(text)
    if found is not None:
        scale = found["scale"]
        return Decimal(found["digits"]) * (SCALES[scale.lower()] if scale else 1)
    if re.match(r"[-−]\s*[0-9.]", text):
        raise AmountError(f"{shown(text)} is negative.", "Money cannot be negative; 0 is none.")
    if re.match(r"[0-9]{1,3}([, _][0-9]{3})+", text):
        plain = re.sub(r"[, _](?=[0-9])", "", text)[:40]
        raise AmountError(f"{shown(text)} has separators in a number.", f"Write {plain}.")
    short = re.fullmatch(r"([0-9.]+)\s*(m|mn|mio|mill|bn|b|millions|billions)", text, re.IGNORECASE)
    if short is not None:
        word = "billion" if short[2].lower().startswith("b") else "million"
        raise AmountError(f"{shown(text)} has an unknown unit.", f"Did you mean {short[1]} {word}?")
    unit = re.fullmatch(r"[0-9.]+\s*([^\W\d_].*)", text)
    if unit is not None:
        raise AmountError(
            f"{shown(text)} has an unknown unit {shown(unit[1])}.",
            did_you_mean(unit[1], SCALES) or "Known are million, billion, 万 and 亿 (of yuan).",
        )
    raise AmountError(f"{shown(text)} is not an amount of money.")


def format_yuan(yuan: int) -> str:
    """An amount for people, exact: `387.46 million yuan`, `12,345 yuan`."""
    if abs(yuan) < 10**6 or yuan % 1000:
        return f"{yuan:,} yuan"
    millions = Decimal(yuan) / 10**6
    return f"{millions.normalize():,f} million yuan"


def _for_comparison() -> str:
    from fupin.parameters.document import figure_of
    from fupin.parameters.province import province

    fiscal = figure_of("money/fiscal").value
    return f"The fiscal funds of {province().document_year} were {fiscal / 1e6:g} million."
