"""From values of Python to the tree that a file with the same content has."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

from fupin.errors import InputError
from fupin.yaml.events import DEEPEST
from fupin.yaml.tree import Entry, Mapping, Mark, Node, Scalar, Sequence
from fupin.yaml.words import shown

_SWITCHES = {"on": True, "off": False}


def tree_of(value: object, mark: Mark, where: str = "") -> Node:
    """The tree of mappings, lists, texts, numbers (of numpy too), switches and None.

    Args:
        value: what a file would say; "on" and "off" are switches as they are in a file.
        mark: stands everywhere in the tree.
        where: keys that lead to the value, for messages.

    Raises:
        InputError: a value that no file can hold, or mappings within mappings without end.
    """
    if where.count(".") > DEEPEST:
        raise mark.error(f"{where[:60]}...: this is nested more than {DEEPEST} levels deep.")
    if isinstance(value, dict):
        entries = {}
        for key, inner in value.items():
            name = _key(key, where, mark)
            entries[name] = Entry(mark, tree_of(inner, mark, f"{where}.{name}" if where else name))
        return Mapping(entries, mark)
    value = _item(value)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, set, frozenset)):
        items = tuple(tree_of(item, mark, f"{where}.{i}") for i, item in enumerate(value))
        return Sequence(items, mark)
    return Scalar(_scalar(value, where, mark), mark)


def _key(key: object, where: str, mark: Mark) -> str:
    if isinstance(key, str) or (isinstance(key, Integral) and not isinstance(key, bool)):
        return str(key)
    raise mark.error(f"{where or 'here'}: {shown(key)} is not a key.", "Keys are texts or years.")


def _item(value: Any) -> Any:
    """A number of numpy, or an array of any size, as Python's own values."""
    return value.tolist() if hasattr(value, "tolist") else value


def _scalar(value: object, where: str, mark: Mark) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _SWITCHES.get(value, str(value))
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real) and math.isfinite(value):
        number = float(value)
        return int(number) if number.is_integer() else number  # money is 60e6 in Python
    raise _unusable(value, where, mark)


def _unusable(value: object, where: str, mark: Mark) -> InputError:
    what = shown(value) if isinstance(value, Real) else f"a value of type {type(value).__name__}"
    return mark.error(
        f"{where}: {what} cannot stand in a scenario.",
        "Write a finite number, a text, a switch, a list, a mapping, or None for the default.",
    )


__all__ = ["tree_of"]
