"""Figures behind the synthetic province: each with a unit, a source and a grade."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from fupin import paths

GRADES = ("document", "official statistic", "literature", "assumption")
_KEYS = {"value", "unit", "source", "grade", "range", "note"}


@dataclass(frozen=True)
class Figure:
    """One figure of `frame.yaml`."""

    name: str
    value: float
    unit: str
    source: str
    grade: str
    range: tuple[float, float] | None = None


@cache
def figures() -> dict[str, Figure]:
    """All figures by name.

    Raises:
        ValueError: an entry without unit, source or grade, or with an unknown key.
    """
    import yaml

    file = paths.population_data() / "frame.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: dict[str, dict[str, Any]] = yaml.load(file.read_text("utf-8"), loader)
    result = {}
    for name, entry in entries.items():
        missing = {"value", "unit", "source", "grade"} - entry.keys()
        if missing or entry.keys() - _KEYS or entry["grade"] not in GRADES:
            raise ValueError(f"{file.name}: {name} lacks {sorted(missing)} or has a wrong key")
        if "range" in entry and not entry["range"][0] <= entry["value"] <= entry["range"][1]:
            raise ValueError(f"{file.name}: {name} lies outside its range")
        bounds = tuple(entry["range"]) if "range" in entry else None
        result[name] = Figure(
            name, entry["value"], entry["unit"], str(entry["source"]), entry["grade"], bounds
        )
    return result


def figure(name: str) -> float:
    """Value of a figure, as a float."""
    return float(figures()[name].value)


def count(name: str) -> int:
    """Value of a figure that counts something."""
    value = figures()[name].value
    if int(value) != value:
        raise ValueError(f"{name} is not a whole number: {value}")
    return int(value)
