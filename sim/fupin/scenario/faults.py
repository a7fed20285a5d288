"""What is wrong with a scenario: as of every input file, with advice on keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import ValidationError

from fupin.errors import InputError
from fupin.scenario.hints import scenario_hint
from fupin.yaml import faults
from fupin.yaml.faults import fault, known_keys, reading
from fupin.yaml.tree import Node, Path_

__all__ = ["explain", "fault", "known_keys", "reading"]


def explain(
    error: ValidationError, tree: Node, known: Callable[[Path_], Iterable[str]]
) -> InputError:
    """As `fupin.yaml.faults.explain`, with hints for keys that are known elsewhere."""
    return faults.explain(error, tree, known, hint=scenario_hint)
