"""Reacton asks whether a value is a DataFrame; a pandas that is half imported has none yet.

Any thread may import pandas (pyarrow does, when the first stored runs are read). Until it has
finished, `sys.modules` holds a module without its classes, and reacton's look into it raises: the
click that was being drawn then is lost. No value can be of a class that is not there yet.
"""

from __future__ import annotations

import sys
from typing import Any

from reacton import utils


def import_item(name: str) -> Any:
    """A module, or what it has by a dotted name; None of one that is not (wholly) imported."""
    module_name, dot, item = name.rpartition(".")
    module = sys.modules.get(module_name if dot else name)
    spec = getattr(module, "__spec__", None)
    if module is None or getattr(spec, "_initializing", False):
        return None
    return getattr(module, item, None) if dot else module


def tolerate() -> None:
    """Let reacton look this way from now on."""
    utils.import_item = import_item
