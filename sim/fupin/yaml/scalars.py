"""What an unquoted word of a scenario file means.

YAML 1.1 turns `1_000`, `010`, `0x1F` and `12:30` into numbers that nobody meant. Here a number is
written in plain decimal digits; anything that an old reader would change is an error, and
everything else, such as the month `2009-03`, stays text. `on`, `off`, `yes` and `no` are switches.
"""

from __future__ import annotations

import math
import re

from fupin.yaml.folding import GroupedNumber, is_grouped
from fupin.yaml.tree import Plain

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SWITCHES = {
    form: meaning
    for word, meaning in (
        ("true", True),
        ("yes", True),
        ("on", True),
        ("false", False),
        ("no", False),
        ("off", False),
    )
    for form in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,6})?")
_UNDERSCORES = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?")
_OTHER_BASE = re.compile(r"[-+]?0[xXoObB][0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_MOST_DIGITS = 25


class UnclearScalarError(ValueError):
    """An unquoted word that YAML readers disagree about; `.instead` says what to write."""

    def __init__(self, message: str, instead: str) -> None:
        super().__init__(message)
        self.instead = instead


def interpret(text: str) -> Plain:
    """The value of an unquoted scalar.

    Raises:
        UnclearScalarError: the word would silently become another number, or is not finite.
    """
    if text in _NULLS:
        return None
    if text in _SWITCHES:
        return _SWITCHES[text]
    if not text.isascii() or len(text) > 60:
        return text
    if text.endswith(".") and _DECIMAL.fullmatch(text):
        raise UnclearScalarError(f"{text} ends in a point.", f"Write {text[:-1]}.")
    if _INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text):
        return _number(text)
    if _UNDERSCORES.fullmatch(text):
        raise UnclearScalarError(
            f"{text} has underscores in a number.", f"Write {text.replace('_', '')}."
        )
    if _LEADING_ZERO.fullmatch(text):
        raise UnclearScalarError(
            f"{text} begins with a zero, which some readers take as octal.",
            f"Write {text.lstrip('+-0') or '0'}, or quote it if it is text.",
        )
    if _OTHER_BASE.fullmatch(text):
        raise UnclearScalarError(
            f"{text} is not a decimal number.", "Write it in decimal digits, or quote it."
        )
    if _NOT_FINITE.fullmatch(text):
        raise UnclearScalarError(f"{text} is not a finite number.", "Write a finite number.")
    return text


def _number(text: str) -> int | float:
    if sum(c.isdigit() for c in text) > _MOST_DIGITS:
        raise UnclearScalarError(
            "This number has too many digits.", f"Write at most {_MOST_DIGITS} digits."
        )
    if _INTEGER.fullmatch(text):
        return int(text)
    value = float(text)
    mantissa = re.split("[eE]", text)[0]
    if math.isinf(value) or (value == 0 and any(c in "123456789" for c in mantissa)):
        raise UnclearScalarError(
            f"{text} is too large or too small for a number.", "Write a number within 1e±300."
        )
    return GroupedNumber(text) if is_grouped(text) and value.is_integer() else value
