"""The keys that a scenario file may have at a place, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fupin.scenario.outside import OutsideError, find, names
from fupin.scenario.own import OwnProgramme
from fupin.scenario.programmes import Programmes
from fupin.scenario.schema import Scenario
from fupin.yaml.faults import below, known_keys, model_in
from fupin.yaml.tree import Path_


def keys_at(path: Path_) -> Iterable[str]:
    """The keys that a scenario file may have in the mapping at `path`, for "did you mean"."""
    kind: Any = Scenario
    for step in path:
        inside = below(kind, step)
        if inside is None and model_in(kind) is Programmes:
            inside = _of_another(str(step))
        kind = inside
    model = model_in(kind)
    if model is None:
        return []
    more = ["extends"] if model is Scenario else list(names()) if model is Programmes else []
    return more + known_keys(model)


def _of_another(key: str) -> Any:
    """Settings of a programme that is none of fupin's: a package's, or the plan's own."""
    try:
        found = find(key)
    except OutsideError:  # said where the plan is checked
        found = None
    return OwnProgramme if found is None else found.programme.settings
