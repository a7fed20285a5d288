"""Names of places beside those of the county table: `places.yaml`, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fupin.population.assumptions import GRADES


@dataclass(frozen=True)
class LaterUnit:
    """A unit that came after 2009.

    Attributes:
        name_zh, name_en: its names.
        code: six digits of 2020; None where the same code means another unit in 2009.
        year: of the change.
        of: codes of the units of 2009 that it has the people of.
    """

    name_zh: str
    name_en: str
    code: int | None
    year: int
    of: tuple[int, ...]


@dataclass(frozen=True)
class Area:
    """A part of the province that plans speak of.

    Attributes:
        name_en, name_zh: for people.
        names: what a plan may call it.
        counties: codes of 2009, in order.
    """

    name_en: str
    name_zh: str
    names: tuple[str, ...]
    counties: tuple[int, ...]


@dataclass(frozen=True)
class PlaceData:
    """Everything in `places.yaml`."""

    later: tuple[LaterUnit, ...]
    areas: tuple[Area, ...]
    readings: dict[str, int]
    traditional: dict[str, str]


@cache
def place_data() -> PlaceData:
    """The file, read once per process.

    Raises:
        ValueError: an entry without source or grade.
    """
    import yaml

    file = Path(__file__).with_name("places.yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(file.read_text("utf-8"), loader)
    for entry in (found["later"], found["readings"], *found["areas"].values()):
        if not entry.get("source") or entry.get("grade") not in GRADES:
            raise ValueError(f"{file.name}: an entry needs a source and a grade")
    later = (
        LaterUnit(u["zh"], u["en"], u.get("code"), u["year"], tuple(u["of"]))
        for u in found["later"]["units"]
    )
    areas = (
        Area(a["en"], a["zh"], tuple(a["names"]), tuple(sorted(a["counties"])))
        for a in found["areas"].values()
    )
    return PlaceData(tuple(later), tuple(areas), found["readings"]["names"], found["traditional"])
