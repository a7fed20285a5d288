"""When a plan fails, in a user's words: `lifted < 150000 and (spent > 1.2 billion or fgt1 > 0.03)`.

Comparisons of a column with a number, or with a word where the column holds words, joined by `and`
and `or` (`and` binds tighter) and brackets. Nothing is evaluated as Python.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.errors import InputError
from fupin.scenario.amounts import SCALES
from fupin.yaml.words import did_you_mean, shown

Booleans = npt.NDArray[np.bool_]
Columns = Mapping[str, npt.NDArray[Any]]

LONGEST, DEEPEST = 1000, 20
EXAMPLE = 'Write "lifted < 150000", or "lifted < 150000 and spent > 1.2 billion".'

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?[0-9][0-9_,]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<compare><=|>=|==|!=|<|>|=)|(?P<bracket>[()])"
    r"|(?P<quoted>'[^']*'|\"[^\"]*\")|(?P<word>[A-Za-z万亿][\w.:-]*)|(?P<percent>%))"
)


@dataclass(frozen=True)
class Comparison:
    """One column beside one value."""

    column: str
    sign: str
    value: float | str

    def holds(self, columns: Columns) -> Booleans:
        """Where it is true."""
        return np.asarray(_COMPARE[self.sign](columns[self.column], self.value), bool)

    def __str__(self) -> str:
        value = f"{self.value:,.10g}" if isinstance(self.value, float) else self.value
        return f"{self.column} {'=' if self.sign == '==' else self.sign} {value}"


@dataclass(frozen=True)
class Joined:
    """Conditions of which all (`and`) or any (`or`) must hold."""

    by: str
    parts: tuple[Condition, ...]

    def holds(self, columns: Columns) -> Booleans:
        """Where it is true."""
        fold = np.logical_and if self.by == "and" else np.logical_or
        return np.asarray(fold.reduce([part.holds(columns) for part in self.parts]))

    def __str__(self) -> str:
        return f" {self.by} ".join(
            f"({part})" if isinstance(part, Joined) else str(part) for part in self.parts
        )


Condition = Comparison | Joined


def columns_in(condition: Condition) -> list[str]:
    """The columns that a condition asks for, each once."""
    if isinstance(condition, Comparison):
        return [condition.column]
    return list(dict.fromkeys(c for part in condition.parts for c in columns_in(part)))


def parse(text: str, numbers: Mapping[str, Any], words: Mapping[str, Any]) -> Condition:
    """The condition that a text says.

    Args:
        text: as above.
        numbers: columns that hold numbers.
        words: columns that hold words, each with the words that it holds.

    Raises:
        InputError: not of this form, an unknown column (did you mean), a number for words.
    """
    if len(text) > LONGEST:
        raise InputError("--fails: a condition of more than 1,000 characters.", EXAMPLE)
    if text.count("(") > DEEPEST:
        raise InputError(f"--fails: more than {DEEPEST} brackets.", EXAMPLE)
    return _Parser(_tokens(text), text, numbers, words).whole()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise InputError(f"--fails: {shown(text[at:].strip())} is not understood.", EXAMPLE)
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        at = match.end()
    return found


class _Parser:
    """Recursive descent: or of ands of comparisons or brackets."""

    def __init__(
        self,
        tokens: list[tuple[str, str]],
        text: str,
        numbers: Mapping[str, Any],
        words: Mapping[str, Any],
    ) -> None:
        self._tokens, self._at, self._text = tokens, 0, text
        self._numbers, self._words = numbers, words

    def whole(self) -> Condition:
        found = self._joined("or")
        if self._at < len(self._tokens):
            raise self._wrong(f"{shown(self._tokens[self._at][1])} stands where nothing should")
        return found

    def _joined(self, by: str) -> Condition:
        def below() -> Condition:
            return self._joined("and") if by == "or" else self._one()

        parts = [below()]
        while self._peek() == ("word", by):
            self._at += 1
            parts.append(below())
        return parts[0] if len(parts) == 1 else Joined(by, tuple(parts))

    def _one(self) -> Condition:
        if self._peek() == ("bracket", "("):
            self._at += 1
            found = self._joined("or")
            if self._peek() != ("bracket", ")"):
                raise self._wrong("a bracket is not closed")
            self._at += 1
            return found
        column = self._column()
        kind, sign = self._next("a comparison such as <")
        if kind != "compare":
            raise self._wrong(f"after {column} comes {shown(sign)}, not a comparison such as <")
        sign = "==" if sign == "=" else sign
        if column in self._words:
            return Comparison(column, sign, self._word(column, sign))
        return Comparison(column, sign, self._number())

    def _column(self) -> str:
        kind, name = self._next("a column")
        if kind != "word":
            raise self._wrong(f"{shown(name)} stands in the place of a column")
        known = [*self._numbers, *self._words]
        if name not in known:
            raise InputError(
                f"--fails: there is no column {name}.",
                did_you_mean(name, known) or f"Columns are {', '.join(known[:12])} and so on.",
            )
        return name

    def _number(self) -> float:
        kind, text = self._next("a number")
        if kind != "number":
            raise self._wrong(f"{shown(text)} is not a number")
        value = float(text.replace(",", "").replace("_", ""))
        kind, scale = self._peek()
        if kind == "word" and scale.lower() in SCALES:
            self._at += 1
            return value * SCALES[scale.lower()]
        if kind == "word" and scale.lower() == "thousand":
            self._at += 1
            return value * 1000
        if kind == "percent":
            self._at += 1
            return value / 100
        return value

    def _word(self, column: str, sign: str) -> str:
        _, text = self._next("a word")
        word = text.strip("'\"")
        if sign not in ("==", "!="):
            raise self._wrong(f"{column} holds words, which are only = or !=")
        if word not in self._words[column]:
            raise InputError(
                f"--fails: {column} is never {shown(word)}.",
                did_you_mean(word, self._words[column])
                or f"It is one of {', '.join(self._words[column])}.",
            )
        return word

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _next(self, wanted: str) -> tuple[str, str]:
        if self._at == len(self._tokens):
            raise self._wrong(f"it ends where {wanted} should follow")
        self._at += 1
        return self._tokens[self._at - 1]

    def _wrong(self, what: str) -> InputError:
        return InputError(f"--fails {shown(self._text)}: {what}.", EXAMPLE)
