"""A YAML file as a tree in which every key and value remembers where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fupin.errors import InputError

Plain = None | bool | int | float | str


@dataclass(frozen=True)
class Mark:
    """A place in a file; line and column are counted from 1."""

    file: Path
    line: int
    column: int

    def error(self, message: str, instead: str | None = None) -> InputError:
        """An InputError that points to this place."""
        return InputError(message, instead, self.file, self.line, self.column)


@dataclass(frozen=True)
class Scalar:
    """One value: null, true/false, a number or text."""

    value: Plain
    mark: Mark


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True)
class Entry:
    """One `key: value` of a mapping."""

    key_mark: Mark
    value: Node


@dataclass(frozen=True)
class Mapping:
    """Keys and values in the order of the file."""

    entries: dict[str, Entry]
    mark: Mark

    def get(self, key: str) -> Node | None:
        """The value of `key`, or None where the key is absent."""
        entry = self.entries.get(key)
        return None if entry is None else entry.value

    def without(self, *keys: str) -> Mapping:
        """The same mapping less some keys."""
        return Mapping({k: e for k, e in self.entries.items() if k not in keys}, self.mark)

    def replaced(self, key: str, value: Node) -> Mapping:
        """The same mapping with the value of `key` replaced or added."""
        old = self.entries.get(key)
        entry = Entry(old.key_mark if old else value.mark, value)
        return Mapping({**self.entries, key: entry}, self.mark)


Node = Scalar | Sequence | Mapping
Path_ = tuple[str | int, ...]
"""Keys and list positions from the root of a tree."""


def is_null(node: Node | None) -> bool:
    """True for an explicit `null` (and not for an absent value)."""
    return isinstance(node, Scalar) and node.value is None


def plain(node: Node, *, keep_nulls: bool = True) -> object:
    """The tree as dicts, lists and values, as json would hold it.

    Args:
        node: the tree.
        keep_nulls: False drops the keys whose value is null.
    """
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item, keep_nulls=keep_nulls) for item in node.items]
    return {
        key: plain(entry.value, keep_nulls=keep_nulls)
        for key, entry in node.entries.items()
        if keep_nulls or not is_null(entry.value)
    }


def origins(node: Node, path: Path_ = ()) -> dict[Path_, Mark]:
    """Where each value of the tree was written: path of keys and list positions -> mark."""
    found = {path: node.mark}
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            found |= origins(entry.value, (*path, key))
    elif isinstance(node, Sequence):
        for position, item in enumerate(node.items):
            found |= origins(item, (*path, position))
    return found


def mark_at(node: Node, path: Path_, *, of_key: bool = False) -> Mark:
    """The mark of the value at `path`, or of the nearest thing above it that exists.

    Args:
        node: the tree.
        path: keys and list positions from the root.
        of_key: point to the last key instead of its value (for a key that should not be there).
    """
    mark = node.mark
    for depth, step in enumerate(path):
        last = depth == len(path) - 1
        if isinstance(node, Mapping) and str(step) in node.entries:
            entry = node.entries[str(step)]
            node, mark = entry.value, entry.value.mark
            if (last and of_key) or isinstance(node, Mapping):
                # a nested mapping begins on a later line than its name: its name is clearer
                mark = entry.key_mark
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            mark = node.mark
        else:
            break
    return mark
