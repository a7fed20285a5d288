"""Values of a scenario file that name places: counties, prefectures, and who is served."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic_core import PydanticCustomError

from fupin.scenario import places
from fupin.scenario.faults import fault
from fupin.scenario.fields import Checked, choice, whole
from fupin.yaml.words import guess_or_list, shown


def _read_counties(value: Any) -> tuple[int, ...]:
    if isinstance(value, dict) and set(value) <= {"of", "except"} and value.get("of") is not None:
        return _without(_read_listed(value["of"], ("of",)), value.get("except"))
    if isinstance(value, dict):
        raise fault(
            f"{shown(value)} stands where counties are needed.",
            "Write a list such as [Daming, 魏县], or {of: key, except: [Daming]}.",
        )
    return _read_listed(value)


def _read_listed(value: Any, path: tuple[str, ...] = ()) -> tuple[int, ...]:
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    if not items:
        raise fault("An empty list reaches nobody.", "Name counties, or delete the key.", path)
    index = places.county_index()
    found: set[int] = set()
    for position, item in enumerate(items):
        at: tuple[str | int, ...] = (*path, position) if isinstance(value, (list, tuple)) else path
        try:
            found |= set(index.counties(item))
        except places.PlaceError as error:
            raise fault(str(error), error.instead, at) from None
    return tuple(sorted(found))


def _without(codes: tuple[int, ...], excluded: Any) -> tuple[int, ...]:
    """Counties less those that are excluded; each of these must be among them."""
    if excluded is None:
        return codes
    items = list(excluded) if isinstance(excluded, (list, tuple)) else [excluded]
    index = places.county_index()
    gone = set(_read_listed(excluded, ("except",)))
    for position, item in enumerate(items):
        if not set(index.counties(item)) & set(codes):
            at = ("except", position) if isinstance(excluded, (list, tuple)) else ("except",)
            raise fault(f"{shown(item)} is not among the counties that are named.",
                        "Leave it out, or name more counties.", at)  # fmt: skip
    kept = tuple(code for code in codes if code not in gone)
    if not kept:
        raise fault("All counties that are named are excluded.", "Exclude fewer.", ("except",))
    return kept


def _read_served(value: Any) -> tuple[int, ...] | places.Poorest:
    if isinstance(value, places.Poorest):
        return value
    if not isinstance(value, dict) or "of" in value:
        return _read_counties(value)
    for key in value:
        if key not in ("poorest", "by"):
            instead = guess_or_list(str(key), ("poorest", "by", "of"))
            raise fault("unknown key.", instead, (str(key),), of_key=True)
    if value.get("poorest") is None:
        raise fault(
            "It is not said how many counties.", "Write {poorest: 21, by: registered}, say."
        )
    by = value.get("by")
    read = {"poorest": whole(1, len(places.county_index().records), "counties").read,
            "by": choice(*places.POOREST_BY).read}  # fmt: skip
    found = {}
    for key, given in (("poorest", value["poorest"]), ("by", "registered" if by is None else by)):
        try:
            found[key] = read[key](given)
        except PydanticCustomError as error:
            context = error.context or {}
            raise fault(context["text"], context["instead"], (key,)) from None
    return places.Poorest(found["poorest"], found["by"])


def _write_served(value: tuple[int, ...] | places.Poorest) -> Any:
    if isinstance(value, places.Poorest):
        return {"poorest": value.number, "by": value.by}
    return list(value)


def _read_prefectures(value: Any) -> tuple[str, ...]:
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    if not items:
        raise fault("An empty list reaches nobody.", "Name prefectures, or delete the key.")
    index = places.county_index()
    found: dict[str, None] = {}
    for position, item in enumerate(items):
        at = (position,) if isinstance(value, (list, tuple)) else ()
        try:
            found[index.prefecture(item)] = None
        except places.PlaceError as error:
            raise fault(str(error), error.instead, at) from None
    return tuple(name for name in index.prefectures if name in found)


_ONE_OR_MORE_PLACES: dict[str, Any] = {
    "anyOf": [
        {"type": ["string", "integer"]},
        {"type": "array", "minItems": 1, "items": {"type": ["string", "integer"]}},
    ]
}
_OF_EXCEPT: dict[str, Any] = {
    "type": "object",
    "properties": {"of": _ONE_OR_MORE_PLACES, "except": _ONE_OR_MORE_PLACES},
    "required": ["of"],
    "additionalProperties": False,
}
Counties = Annotated[
    tuple[int, ...],
    Checked(_read_counties, {"anyOf": [*_ONE_OR_MORE_PLACES["anyOf"], _OF_EXCEPT]}, list),
]
Excluded = Annotated[tuple[int, ...], Checked(_read_listed, _ONE_OR_MORE_PLACES, list)]
ServedCounties = Annotated[
    tuple[int, ...] | places.Poorest,
    Checked(
        _read_served,
        {
            "anyOf": [
                *_ONE_OR_MORE_PLACES["anyOf"],
                _OF_EXCEPT,
                {
                    "type": "object",
                    "properties": {
                        "poorest": {"type": "integer", "minimum": 1},
                        "by": {"enum": list(places.POOREST_BY)},
                    },
                    "additionalProperties": False,
                },
            ]
        },
        _write_served,
    ),
]
Prefectures = Annotated[tuple[str, ...], Checked(_read_prefectures, _ONE_OR_MORE_PLACES, list)]
