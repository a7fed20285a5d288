"""What is wrong with a scenario: as of every input file, with advice on programmes' keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError

from fupin.errors import InputError
from fupin.scenario.counted import key_hint
from fupin.yaml import faults
from fupin.yaml.faults import fault, known_keys, reading
from fupin.yaml.tree import Node, Path_

__all__ = ["explain", "fault", "known_keys", "reading"]


def explain(
    error: ValidationError, tree: Node, known: Callable[[Path_], Iterable[str]]
) -> InputError:
    """As `fupin.yaml.faults.explain`, with hints for unknown keys of programmes."""
    return faults.explain(error, tree, known, hint=_hint)


def _hint(path: Path_, value: Any) -> str | None:
    if len(path) != 3 or path[0] != "programmes":
        return None
    return key_hint(str(path[1]), str(path[2]), value)
