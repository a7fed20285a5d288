"""Places of floors: one county or prefecture, under one name in whatever spelling it is written."""

from __future__ import annotations

from fupin.scenario.places import PlaceError, county_index
from fupin.yaml.tree import Entry, Mapping
from fupin.yaml.words import shown


def floor_place(name: str) -> str:
    """English name of a prefecture, or code of a county.

    Raises:
        PlaceError: no place, or several counties.
    """
    index = county_index()
    try:
        return index.prefecture(name)
    except PlaceError:
        codes = index.counties(name)
    if len(codes) != 1:
        raise PlaceError("A floor is of one county or prefecture.", "Name one.")
    return str(codes[0])


def place_title(place: str) -> str:
    """Name of the place of a floor."""
    return county_index().title(int(place)) if place.isdecimal() else place


def twice(name: str, other: str, place: str) -> str:
    """What is wrong where two names are one place."""
    return f"{shown(name)} is {place_title(place)}, as {shown(other)} is."


def with_places(tree: Mapping) -> Mapping:
    """The tree of one file with the floors of its `allocate` by place, so that files merge by it.

    A name that is none stays for the schema to refuse.

    Raises:
        InputError: a place that is named twice.
    """
    allocate = tree.get("allocate")
    floors = allocate.get("floors") if isinstance(allocate, Mapping) else None
    if not isinstance(allocate, Mapping) or not isinstance(floors, Mapping):
        return tree
    entries: dict[str, Entry] = {}
    written: dict[str, str] = {}
    for name, entry in floors.entries.items():
        try:
            place = floor_place(name)
        except PlaceError:
            place = name
        if place in entries:
            raise entry.key_mark.error(twice(name, written[place], place), "Keep one of the two.")
        entries[place], written[place] = entry, name
    return tree.replaced("allocate", allocate.replaced("floors", Mapping(entries, floors.mark)))
