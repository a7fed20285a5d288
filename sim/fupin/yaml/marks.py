"""A parameter file as a tree in which every key and value remembers where it was written.

The same tree, limits and reading of numbers as for scenario files, but scanned by libyaml, which is
ten times as fast: parameter files are long and every command that simulates reads them all.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from fupin.errors import InputError
from fupin.yaml.events import read_tree, tree_of
from fupin.yaml.tree import Mapping


def read_marked(text: str, path: Path) -> Mapping:
    """The tree of one YAML document whose top is a mapping.

    Args:
        text: what the file holds.
        path: the file's name for marks.

    Raises:
        InputError: as `fupin.yaml.events.read_tree`.
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
