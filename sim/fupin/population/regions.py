"""Parts of the province that rules and figures speak of: `data/regions.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from fupin import paths
from fupin.population.assumptions import GRADES

_KEYS = {"prefectures", "counties", "source", "grade"}


@dataclass(frozen=True)
class Region:
    """One part: whole prefectures and single counties, by English names of the county table."""

    prefectures: tuple[str, ...]
    counties: tuple[str, ...]


@cache
def regions() -> dict[str, Region]:
    """All parts by name.

    Raises:
        ValueError: an entry without source or grade, without a place, or with an unknown key.
    """
    import yaml

    file = paths.population_data() / "regions.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: dict[str, dict[str, Any]] = yaml.load(file.read_text("utf-8"), loader)
    found = {}
    for name, entry in entries.items():
        places = [tuple(entry.get(key, ())) for key in ("prefectures", "counties")]
        wrong = entry.keys() - _KEYS or not entry.get("source") or entry.get("grade") not in GRADES
        if wrong or not any(places):
            raise ValueError(f"{file.name}: {name} needs places, a source and a grade")
        found[name] = Region(*places)
    return found


def region(name: str) -> Region:
    """A part by its name in `regions.yaml`."""
    return regions()[name]
