"""Commas within numbers: in brackets and braces YAML takes `15,270` for two values.

`{budget: 3,054万元}` is a budget of 3 and an empty key, and `[15,270, 30,540]` are four values.
What cannot be meant so is refused, before another number is read in its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from yaml.events import Event, ScalarEvent

_FIRST = re.compile(r"[¥￥]?[-+]?[0-9０-９]{1,3}")
_BEHIND = re.compile(r"([0-9０-９]+)(?:\.[0-9]+)?\s*(.*)", re.DOTALL)
_UNIT = re.compile(r"[^\W\d_]")


class SplitNumber(NamedTuple):
    """A number with a comma in it, which was read as two values."""

    message: str
    instead: str
    event: Event | None = None


def split_value(before: Event, after: Event, empty: Event | None = None) -> SplitNumber | None:
    """The number that two neighbours are, where they cannot be meant as two; else None.

    Args:
        before: a value.
        after: the value that follows it, or the key.
        empty: of a key, its own value; a key that has one is no part of a number.
    """
    tail = _tail(before, after)
    if tail is None or (empty is not None and not _is_empty(empty)):
        return None
    digits, unit = tail
    # Zeros in front begin no number; a unit behind only the second of two is one of both.
    if empty is None and not (digits[0] in "0０" and len(digits) > 1) and not _UNIT.match(unit):
        return None
    return _number(before, after, ends=empty is not None and (bool(unit) or len(digits) < 3))


def mixed_spaces(gaps: Sequence[tuple[Event, Event]]) -> SplitNumber | None:
    """A number of a list in which some commas have a space behind them, and this one has none."""
    tails = [_tail(before, after) for before, after in gaps]
    if all(_is_close(before, after) for before, after in gaps):
        return None
    for (before, after), tail in zip(gaps, tails, strict=True):
        if tail is not None and len(tail[0]) == 3:
            return _number(before, after, ends=False)
    return None


def _tail(before: Event, after: Event) -> tuple[str, str] | None:
    """Digits, and what follows them, of a scalar close behind a short number."""
    if not (isinstance(before, ScalarEvent) and isinstance(after, ScalarEvent)):
        return None
    plain = before.implicit[0] and after.implicit[0]
    if not plain or not _is_close(before, after) or not _FIRST.fullmatch(before.value):
        return None
    found = _BEHIND.fullmatch(after.value)
    return (found[1], found[2]) if found else None


def _is_close(before: Event, after: Event) -> bool:
    """Whether nothing but a comma stands between two events."""
    end, start = before.end_mark, after.start_mark
    return end is not None and start is not None and start.index == end.index + 1


def _is_empty(event: Event) -> bool:
    if not isinstance(event, ScalarEvent) or event.value or not event.implicit[0]:
        return False
    start, end = event.start_mark, event.end_mark
    return start is None or end is None or start.index == end.index


def _number(before: Event, after: Event, *, ends: bool) -> SplitNumber:
    """The finding; `ends` where the two are surely the whole number, and it can be written out."""
    assert isinstance(before, ScalarEvent)
    assert isinstance(after, ScalarEvent)
    found = _BEHIND.fullmatch(after.value)
    point = "" if found is not None and len(found[1]) == 3 else "."
    return SplitNumber(
        f"The comma in {before.value},{after.value} ends a value: within brackets and braces every "
        "comma does.",
        f"Write {before.value}{point}{after.value}." if ends
        else "Write numbers without commas, such as 1500000, and a space behind each comma.",
        before,
    )  # fmt: skip
