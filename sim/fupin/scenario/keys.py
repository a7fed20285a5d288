"""The keys that a scenario file may have at a place, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from fupin.scenario.faults import known_keys
from fupin.scenario.outside import OutsideError, find, names
from fupin.scenario.own import OwnProgramme
from fupin.scenario.programmes import Programmes
from fupin.scenario.schema import Scenario
from fupin.scenario.shocks import Shock
from fupin.yaml.tree import Path_


def keys_at(path: Path_) -> Iterable[str]:
    """The keys that a scenario file may have in the mapping at `path`, for "did you mean"."""
    model: type[BaseModel] | None = Scenario
    for step in path:
        if model is None:
            return []
        model = _model_below(model, str(step))
    if model is None:
        return []
    more = ["extends"] if model is Scenario else list(names()) if model is Programmes else []
    return more + known_keys(model)


def _model_below(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, field in model.model_fields.items():
        if (field.alias or name) == key:
            return _model_in(field.annotation)
    if model is Programmes:
        try:
            found = find(key)
        except OutsideError:  # said where the plan is checked
            found = None
        return OwnProgramme if found is None else found.programme.settings
    # `shocks` is a mapping from names to shocks
    return Shock if model is _Shocks else None


class _Shocks(BaseModel):
    """Stands for the mapping `shocks` while keys are looked up."""


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if annotation == dict[str, Shock]:
        return _Shocks
    options = [annotation, *getattr(annotation, "__args__", ())]
    models = [o for o in options if isinstance(o, type) and issubclass(o, BaseModel)]
    return models[0] if models else None
