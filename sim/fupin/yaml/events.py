"""From a YAML file to a tree with marks, within limits and without surprises.

Nothing is constructed from tags, so nothing can be executed. Anchors and aliases work but are
counted where they are used, so that a small file cannot become a large tree.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from fupin.errors import InputError
from fupin.yaml.commas import SplitNumber, mixed_spaces, split_value
from fupin.yaml.decoding import text_of
from fupin.yaml.full_width import full_width_mark
from fupin.yaml.scalars import UnclearScalarError, interpret
from fupin.yaml.tree import Entry, Mapping, Mark, Node, Plain, Scalar, Sequence
from fupin.yaml.words import shown

LARGEST_FILE = 1_000_000
"""Bytes."""
MOST_NODES = 20_000
MOST_ALIASES = 50
DEEPEST = 20

_SURROGATE = re.compile("[\ud800-\udfff]")


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        InputError: missing, no plain file, unreadable, too large, or in an unknown encoding.
    """
    try:
        if not path.exists():
            raise InputError("There is no such file.", None, path)
        if not path.is_file():
            raise InputError("This is not a file.", "Name a YAML file.", path)
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"This file cannot be read: {reason}.", None, shown(str(path))) from None
    if len(raw) > LARGEST_FILE:
        raise InputError("This file is larger than 1 MB.", "No scenario needs that much.", path)
    text = text_of(raw)
    if text is not None:
        return text
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = _line_and_column(before, len(before))
        raise InputError(
            "This file is neither UTF-8 nor GB18030 (perhaps it was saved as Latin-1).",
            "Save it as UTF-8.",
            path,
            line,
            column,
        ) from None


def read_tree(text: str, path: Path) -> Mapping:
    """The tree of one YAML document whose top is a mapping.

    Args:
        text: what the file holds.
        path: the file's name for marks.

    Raises:
        InputError: not YAML, empty, several documents, tags, repeated keys, too large or deep.
    """
    loader: yaml.SafeLoader | None = None
    try:
        loader = yaml.SafeLoader(text)
        return tree_of(loader, path)
    except InputError as error:
        no_mapping = "is a mapping of keys" in error.message
        raise (full_width_mark(text, path) if no_mapping else None) or error from None
    except yaml.reader.ReaderError as error:
        line, column = _line_and_column(text, error.position)
        raise InputError(
            f"A character that cannot be in a YAML file (code {error.character}).",
            "Delete it.",
            path,
            line,
            column,
        ) from None
    except yaml.MarkedYAMLError as error:
        where = error.problem_mark or error.context_mark
        wide = full_width_mark(text, path, where.line + 1 if where else None)
        raise wide or _not_yaml(error, path) from None
    except (yaml.YAMLError, ValueError, IndexError, OverflowError, RecursionError):
        # PyYAML lets a few broken escapes and directives escape as plain exceptions.
        here = loader.get_mark() if loader else None
        raise Mark(path, here.line + 1 if here else 1, here.column + 1 if here else 1).error(
            "This is not valid YAML: an escape or a directive that means nothing.",
            "Quote text that holds % or \\ in single quotes.",
        ) from None


def tree_of(loader: yaml.SafeLoader | yaml.CSafeLoader, path: Path) -> Mapping:
    """The tree of a loader's events, within the same limits.

    Raises:
        InputError: as `read_tree`.
        yaml.YAMLError, ValueError: what is not YAML, in the loader's own words.
    """
    return _Builder(loader, path).document()


def read_marked(text: str, path: Path) -> Mapping:
    """The tree of one YAML document whose top is a mapping, scanned by libyaml.

    The same tree, limits and reading of numbers as `read_tree`, ten times as fast: parameter files
    are long and every command that simulates reads them all.

    Args:
        text: what the file holds.
        path: the file's name for marks.

    Raises:
        InputError: as `read_tree`.
    """
    loader = getattr(yaml, "CSafeLoader", None)  # absent where PyYAML came without libyaml
    if loader is not None:
        # Events, never `yaml.compose`: libyaml's composer calls itself for each level, and a file
        # of 100,000 brackets ends the process.
        try:
            return tree_of(loader(text), path)
        except (yaml.YAMLError, ValueError, InputError):
            pass
    return read_tree(text, path)  # which has the words for what is wrong


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


_PLAIN_PROBLEMS = (
    ("'\\t' that cannot start", "A tab stands where only spaces may.", "Indent with spaces."),
    (
        "mapping values are not allowed",
        "A colon stands where no key can be.",
        "Check the indentation, and quote text that contains ': '.",
    ),
    (
        "could not find expected ':'",
        "A key without a colon.",
        "Write `key: value`, and check the indentation of this and the next line.",
    ),
    (
        "cannot start any token",
        "A character that cannot begin a value.",
        "Quote the text.",
    ),
    ("undefined alias", "An alias (*) without its anchor (&).", "Quote text that begins with *."),
    ("end of stream", "Quotes, a list or a mapping that is never closed.", "Close it."),
    ("<stream end>", "Quotes, a list or a mapping that is never closed.", "Close it."),
)


def _not_yaml(error: yaml.MarkedYAMLError, path: Path) -> InputError:
    problem = error.problem or "cannot be read"
    where = error.problem_mark or error.context_mark
    if "stream" in problem and error.context_mark is not None:
        where = error.context_mark  # what was opened and never closed
    mark = Mark(path, where.line + 1, where.column + 1) if where else Mark(path, 1, 1)
    for words, message, instead in _PLAIN_PROBLEMS:
        if words in problem:
            return mark.error(message, instead)
    return mark.error(
        f"This is not valid YAML: {problem}.", "Check indentation, quotes and brackets above."
    )


class _Builder:
    """Recursive descent over PyYAML's events, at most DEEPEST levels."""

    def __init__(self, loader: yaml.SafeLoader | yaml.CSafeLoader, path: Path) -> None:
        self._loader = loader
        self._path = path
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._nodes = 0
        self._aliases = 0
        self._last: Event | None = None  # what was read last

    def _mark(self, event: Event) -> Mark:
        start = event.start_mark
        assert start is not None  # PyYAML's parser marks every event
        return Mark(self._path, start.line + 1, start.column + 1)

    def _next(self) -> Event:
        event = self._loader.get_event()
        assert event is not None
        self._last = event
        return event

    def document(self) -> Mapping:
        self._next()  # the start of the stream
        first = self._next()
        if isinstance(first, StreamEndEvent):
            raise InputError(
                "This file is empty.", "`fupin new` writes one to start from.", self._path, 1, 1
            )
        tree = self._node(0)
        self._next()  # the end of the document
        after = self._next()
        if isinstance(after, DocumentStartEvent):
            raise self._mark(after).error(
                "A second document begins here (---).", "Write one scenario per file."
            )
        if not isinstance(tree, Mapping):
            raise tree.mark.error(
                f"A scenario is a mapping of keys, but this is {_kind(tree)}.",
                "Write lines such as `title: ...`.",
            )
        return tree

    def _count(self, mark: Mark, nodes: int = 1) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            raise mark.error(
                f"This file holds more than {MOST_NODES:,} values.", "No scenario needs that many."
            )

    def _node(self, depth: int) -> Node:
        event = self._next()
        mark = self._mark(event)
        if isinstance(event, AliasEvent):
            return self._alias(event, mark)
        if depth > DEEPEST:
            raise mark.error(f"This is nested more than {DEEPEST} levels deep.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise mark.error(
                f"Tags such as {shown(tag)} are not used in scenario files.",
                "Delete the tag, or quote text that begins with '!'.",
            )
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = None  # not complete until its end
        before = self._nodes
        self._count(mark)
        node: Node
        if isinstance(event, ScalarEvent):
            node = Scalar(self._scalar(event, mark), mark)
        elif isinstance(event, SequenceStartEvent):
            node = self._sequence(mark, depth, flow=event.flow_style is True)
        else:
            assert isinstance(event, MappingStartEvent)
            node = self._mapping(mark, depth, flow=event.flow_style is True)
        if anchor is not None:
            self._anchors[anchor] = (node, self._nodes - before)
        return node

    def _alias(self, event: AliasEvent, mark: Mark) -> Node:
        assert event.anchor is not None
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise mark.error(f"This file uses more than {MOST_ALIASES} aliases (*).")
        if event.anchor not in self._anchors:
            raise mark.error(
                f"The alias {shown('*' + event.anchor)} has no anchor (&) before it.",
                "Quote text that begins with '*'.",
            )
        known = self._anchors[event.anchor]
        if known is None:
            raise mark.error(f"{shown('&' + event.anchor)} contains itself.")
        self._count(mark, known[1])
        return known[0]

    def _scalar(self, event: ScalarEvent, mark: Mark) -> Plain:
        if _SURROGATE.search(event.value):
            raise mark.error("Half a character (a lone surrogate) cannot be text.", "Delete it.")
        if not event.implicit[0]:  # quoted or a block: text, whatever it looks like
            return str(event.value)
        try:
            return interpret(event.value)
        except UnclearScalarError as unclear:
            raise mark.error(str(unclear), unclear.instead) from None

    def _sequence(self, mark: Mark, depth: int, *, flow: bool) -> Sequence:
        items: list[Node] = []
        gaps: list[tuple[Event, Event]] = []
        while not isinstance(following := self._loader.peek_event(), SequenceEndEvent):
            before = self._last
            if flow and items and before is not None and following is not None:
                gaps.append((before, following))
                self._refuse(split_value(before, following), before)
            items.append(self._node(depth + 1))
        self._next()
        if gaps:
            self._refuse(mixed_spaces(gaps), gaps[0][0])
        return Sequence(tuple(items), mark)

    def _refuse(self, number: SplitNumber | None, event: Event) -> None:
        """Raise InputError where a comma within a number has made two values of it."""
        if number is not None:
            raise self._mark(number.event or event).error(number.message, number.instead)

    def _mapping(self, mark: Mark, depth: int, *, flow: bool) -> Mapping:
        entries: dict[str, Entry] = {}
        while not isinstance(self._loader.peek_event(), MappingEndEvent):
            before = self._last
            key, key_mark = self._key(depth)
            value = self._loader.peek_event()
            if flow and entries and before is not None and self._last is not None:
                self._refuse(split_value(before, self._last, value), before)
            if key in entries:
                first = entries[key].key_mark.line
                raise key_mark.error(
                    f"The key {shown(key)} appears twice (first on line {first}).", "Keep one."
                )
            entries[key] = Entry(key_mark, self._node(depth + 1))
        self._next()
        return Mapping(entries, mark)

    def _key(self, depth: int) -> tuple[str, Mark]:
        event = self._loader.peek_event()
        assert event is not None
        mark = self._mark(event)
        if not isinstance(event, ScalarEvent):
            raise mark.error("A key must be a word, not a list, a mapping or an alias.")
        self._next()
        self._count(mark)
        text = str(event.value)
        if event.tag is not None:
            raise mark.error(f"Tags such as {shown(event.tag)} are not used in scenario files.")
        if _SURROGATE.search(text):
            raise mark.error("Half a character (a lone surrogate) cannot be text.", "Delete it.")
        if text == "<<" and event.implicit[0]:
            raise mark.error("Merge keys (<<) are not used in scenario files.", "Use `extends`.")
        return text, mark


def _kind(node: Node) -> str:
    if isinstance(node, Sequence):
        return "a list"
    assert isinstance(node, Scalar)
    return shown(node.value)
