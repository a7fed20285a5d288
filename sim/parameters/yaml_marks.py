"""A parameter file as a tree in which every key and value remembers where it was written.

The same tree and the same reading of numbers as for scenario files, but built by libyaml, which is
ten times as fast: parameter files are long and every command that simulates reads them all.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.scenario.scalars import UnclearScalarError, interpret
from sim.scenario.tree import Entry, Mapping, Mark, Scalar, Sequence
from sim.scenario.tree import Node as Tree
from sim.scenario.yaml_tree import read_tree


def read_marked(text: str, path: Path) -> Mapping:
    """The tree of one YAML document whose top is a mapping.

    Args:
        text: what the file holds.
        path: the file's name for marks.

    Raises:
        InputError: not YAML, empty, several documents, tags, aliases, repeated keys.
    """
    loader = getattr(yaml, "CSafeLoader", None)  # absent where PyYAML came without libyaml
    if loader is not None and "!" not in text:  # a tag, perhaps: the careful reader refuses it
        try:
            root = yaml.compose(text, loader)
            if isinstance(root, MappingNode):
                return _Converter(path).mapping(root)
        except (yaml.YAMLError, ValueError, _UnusualError):
            pass
    return read_tree(text, path)  # with limits, and with words for what is wrong


class _UnusualError(Exception):
    """Something that only the careful reader deals with."""


class _Converter:
    """From PyYAML's nodes to the tree; aliases are left to the careful reader."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: set[int] = set()

    def _mark(self, node: Node) -> Mark:
        return Mark(self._path, node.start_mark.line + 1, node.start_mark.column + 1)

    def _tree(self, node: Node) -> Tree:
        if id(node) in self._seen:
            raise _UnusualError
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self.mapping(node)
        mark = self._mark(node)
        if isinstance(node, SequenceNode):
            return Sequence(tuple(self._tree(item) for item in node.value), mark)
        if not isinstance(node, ScalarNode):
            raise _UnusualError
        if node.style:  # quoted or a block: text, whatever it looks like
            return Scalar(str(node.value), mark)
        try:
            return Scalar(interpret(node.value), mark)
        except UnclearScalarError as unclear:
            raise mark.error(str(unclear), unclear.instead) from None

    def mapping(self, node: MappingNode) -> Mapping:
        """A mapping and what is in it."""
        entries: dict[str, Entry] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.value in entries or key.value == "<<":
                raise _UnusualError
            entries[key.value] = Entry(self._mark(key), self._tree(value))
        return Mapping(entries, self._mark(node))
