"""Strict reading of records: every key known, every value of the kind that is wanted."""

from __future__ import annotations

from collections.abc import Iterable

from fupin.errors import InputError
from fupin.yaml.tree import Entry, Mapping, Mark, Node, Scalar, Sequence
from fupin.yaml.words import guess_or_list, shown


class Record:
    """A mapping of a file whose values are taken by kind; every failure points to its line.

    Args:
        name: what the record is, for messages ("livelihood.persistence").
        tree: the mapping.
        mark: where the record's own name stands.
        known: keys that may occur.

    Raises:
        InputError: no mapping, or a key that is not known.
    """

    def __init__(self, name: str, tree: Node, mark: Mark, known: Iterable[str]) -> None:
        self.name, self.mark = name, mark
        if not isinstance(tree, Mapping):
            raise mark.error(f"{name}: a mapping is needed, with keys and values.")
        names = list(known)
        for key, entry in tree.entries.items():
            if key not in names:
                raise entry.key_mark.error(
                    f"{name}: unknown key {shown(key)}.", guess_or_list(key, names)
                )
        self._entries = tree.entries

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def entry(self, key: str) -> Entry:
        """A key that must be there.

        Raises:
            InputError: it is absent.
        """
        if key not in self._entries:
            raise self.mark.error(f"{self.name}: no {key}.", f"Add a line `{key}: ...`.")
        return self._entries[key]

    def error(self, key: str, message: str, instead: str | None = None) -> InputError:
        """An error at the value of `key`, or at the record's name where the key is absent."""
        mark = self._entries[key].value.mark if key in self._entries else self.mark
        return mark.error(f"{self.name}: {message}", instead)

    def text(self, key: str, default: str | None = None) -> str:
        """Text that is not empty; `default` where the key is absent and a default is given."""
        if key not in self and default is not None:
            return default
        node = self.entry(key).value
        # A source such as `S15` or a year is text to the reader even if YAML sees a number.
        if not isinstance(node, Scalar) or isinstance(node.value, bool) or node.value is None:
            raise self.error(key, f"{key} must be text.")
        text = " ".join(str(node.value).split())
        if not text:
            raise self.error(key, f"{key} is empty.", "Write something, or delete the line.")
        return text

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of a closed list."""
        found, options = self.text(key, default), list(allowed)
        if found not in options:
            raise self.error(
                key, f"{key} {shown(found)} is not known.", guess_or_list(found, options)
            )
        return found

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number."""
        if key not in self and default is not None:
            return default
        return as_number(self.name, key, self.entry(key).value)

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        """A list of exactly `count` numbers."""
        return as_numbers(self.name, key, self.entry(key).value, count)


def as_number(name: str, key: str, node: Node) -> float:
    """The number of a value; `name` and `key` are for the message."""
    if isinstance(node, Scalar) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]
    found = shown(node.value) if isinstance(node, Scalar) else "a list or mapping"
    raise node.mark.error(f"{name}: {key} must be a number, not {found}.")


def as_numbers(name: str, key: str, node: Node, count: int) -> tuple[float, ...]:
    """The numbers of a list of exactly `count`."""
    if not isinstance(node, Sequence) or len(node.items) != count:
        raise node.mark.error(f"{name}: {key} must be a list of {count} numbers.")
    return tuple(as_number(name, key, item) for item in node.items)
