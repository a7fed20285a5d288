"""Mesa without what the page never touches: its spaces, pandas, networkx.

`import mesa` loads them all, which takes ten times as long as Mesa itself (medians on one machine:
2.5 s of 2.75 s), and who opens the page waits for it. Here they stand aside while Mesa is imported:
a placeholder answers for each, and the first use of one imports the real module. Nothing stays
behind in `sys.modules`: whoever imports pandas or `mesa.discrete_space` later gets it as usual.
Why the page alone does this: docs/decisions.md, "Mesa is the face's".

The page imports this module before anything that imports Mesa.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_NOT_NEEDED = (
    "pandas",
    "networkx",
    "mesa.discrete_space",
    "mesa.experimental.continuous_space",
    "mesa.space",
)


class _Later(ModuleType):
    """Stands for a module until somebody asks it for something."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # who walks through all modules asks for these
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Within the block, imports of these modules give placeholders (unless they are loaded)."""
    waiting = {name: _Later(name) for name in names if name not in sys.modules}
    for module in waiting.values():
        # What the import system asks of a module that is loaded must not load it.
        module.__spec__ = importlib.util.spec_from_loader(module.__name__, loader=None)
    sys.modules.update(waiting)
    try:
        yield
    finally:
        for name, module in waiting.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


with deferred(*_NOT_NEEDED):
    import mesa

__all__ = ["deferred", "mesa"]
