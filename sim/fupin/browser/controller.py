"""Mesa's play, pause, step and reset, without what Mesa's own page would draw around them.

`import mesa.visualization` loads altair, pandas, matplotlib's pyplot, networkx and Mesa's spaces,
which takes longer than solara itself, and the page draws with none of them. So the module that
holds `ModelController` is loaded here with placeholders for its neighbours. It is a copy of its
own and nothing stays behind in `sys.modules`: whoever imports `mesa.visualization`, before or
after, gets all of it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

from fupin.browser.quick_mesa import deferred

_PACKAGE = "mesa.visualization"


class SpaceRenderer:
    """Stands for Mesa's class of this name, which draws spaces: the page has no such thing."""


def _bare(name: str, **content: Any) -> ModuleType:
    """A module at its place that holds what is given, and nothing of what its file makes."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    vars(module).update(content)
    sys.modules[name] = module
    return module


def _load() -> ModuleType:
    """Mesa's module of controls."""
    there = {name: module for name, module in sys.modules.items() if _of_package(name)}
    for name in there:
        del sys.modules[name]
    try:
        _bare(_PACKAGE)
        _bare(f"{_PACKAGE}.space_renderer", SpaceRenderer=SpaceRenderer)
        drawings = _bare(f"{_PACKAGE}.components")
        vars(drawings)["altair_components"] = _bare(f"{_PACKAGE}.components.altair_components")
        with deferred("altair", "pandas"):
            return importlib.import_module(f"{_PACKAGE}.solara_viz")
    finally:
        for name in [name for name in sys.modules if _of_package(name)]:
            del sys.modules[name]
        sys.modules.update(there)


def _of_package(name: str) -> bool:
    return name == _PACKAGE or name.startswith(f"{_PACKAGE}.")


_controls = _load()
ModelController = _controls.ModelController
update_counter = _controls.update_counter
"""Changes when a step has been lived: who reads it is drawn anew."""
