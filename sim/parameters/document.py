"""The document's figures S01 to S87, each with what it is for in the model."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from sim import paths
from sim.errors import InputError
from sim.parameters.records import Record, as_number
from sim.parameters.yaml_marks import read_marked
from sim.scenario.tree import Entry, Mapping
from sim.scenario.words import guess_or_list
from sim.scenario.yaml_tree import read_text

Kind = Literal["I", "O", "Y", "X"]
Role = Literal["input", "derived", "delivered", "fitted", "outcome"]
Bound = Literal["exact", "about", "at_least"]

KINDS: dict[str, str] = {"I": "put in", "O": "delivered", "Y": "outcome", "X": "context"}
ROLES: dict[str, str] = {
    "input": "put into a scenario or into the synthetic province",
    "derived": "a unit cost or a budget is inferred from this very figure",
    "delivered": "follows from money and a unit cost that was not inferred from it",
    "fitted": "the model is calibrated to it",
    "outcome": "none of these; held out",
}
BOUNDS: dict[str, str] = {"exact": "", "about": "about", "at_least": "more than"}
UNITS: tuple[str, ...] = (
    "persons", "households", "villages", "counties", "units", "yuan", "yuan/village", "share",
    "km2", "km", "li", "hectares", "head", "communities", "firms", "cooperatives", "zones",
    "projects", "items", "units/village",
)  # fmt: skip
UNUSED = ("S45",)
"""Ids that no figure has."""

_KEYS = (
    "programme", "quantity", "value", "bound", "unit", "when", "scope", "kind", "role", "measure",
    "scale", "parts", "note",
)  # fmt: skip
_ID = re.compile(r"S[0-9]{2}")


@dataclass(frozen=True)
class DocumentRow:
    """One figure of the document.

    Attributes:
        id: S01 to S87.
        programme: one of the 16 keys, or "overview" or "funds".
        quantity: what is counted, in our own words.
        value: the number, in `unit`.
        unit: one of UNITS.
        when, scope: time and place it holds for.
        kind: key of KINDS.
        role: key of ROLES.
        bound: exact, about, or at_least ("more than").
        measure: dotted path into summary.json of the same quantity, or None.
        scale: the model's number x this compares with `value`.
        parts: the numbers of a row that has several, by name.
        note: faults of translation, consistency, cautions.
    """

    id: str
    programme: str
    quantity: str
    value: float
    unit: str
    when: str
    scope: str
    kind: Kind
    role: Role
    bound: Bound = "exact"
    measure: str | None = None
    scale: float = 1.0
    parts: dict[str, float] = field(default_factory=dict, hash=False)
    note: str = ""


_loaded: dict[tuple[str, bytes], tuple[DocumentRow, ...]] = {}


def load_document(file: Path | None = None) -> tuple[DocumentRow, ...]:
    """All figures in order of their ids; read again only when the file's content has changed.

    Args:
        file: None is the file that comes with fupin.

    Raises:
        InputError: an unknown key, unit, kind, role, programme or id, a missing value, a number
            that is not finite; with file, line and column.
    """
    file = file or paths.parameters() / "document.yaml"
    text = read_text(file)
    key = (str(file), hashlib.blake2b(text.encode()).digest())
    if key not in _loaded:
        tree = read_marked(text, file)
        programmes = _programmes()
        rows = [_row(name, entry, programmes) for name, entry in tree.entries.items()]
        _loaded[key] = tuple(sorted(rows, key=lambda row: row.id))
    return _loaded[key]


def find_row(name: str) -> DocumentRow:
    """The figure of an id such as S39.

    Raises:
        InputError: no such figure.
    """
    rows = {row.id: row for row in load_document()}
    if name.upper() not in rows:
        instead = "S45 is unused." if name.upper() in UNUSED else "Figures are S01 to S87."
        raise InputError(f"The document has no figure {name}.", instead)
    return rows[name.upper()]


def _programmes() -> tuple[str, ...]:
    from sim.programmes.settings import PROGRAMME_KEYS

    return ("overview", "funds", *PROGRAMME_KEYS)


def _row(name: str, entry: Entry, programmes: tuple[str, ...]) -> DocumentRow:
    if not _ID.fullmatch(name) or name in UNUSED:
        raise entry.key_mark.error(f"{name} is no id of a figure.", "Ids are S01 to S87, not S45.")
    record = Record(name, entry.value, entry.key_mark, _KEYS)
    scale = record.number("scale", 1.0)
    if scale == 0 or not math.isfinite(scale):
        raise record.error("scale", "scale cannot be 0.")
    return DocumentRow(
        id=name,
        programme=record.choice("programme", programmes),
        quantity=record.text("quantity"),
        value=record.number("value"),
        unit=record.choice("unit", UNITS),
        when=record.text("when"),
        scope=record.text("scope"),
        kind=cast(Kind, record.choice("kind", KINDS)),
        role=cast(Role, record.choice("role", ROLES)),
        bound=cast(Bound, record.choice("bound", BOUNDS, "exact")),
        measure=_measure(record, programmes),
        scale=scale,
        parts=_parts(record),
        note=record.text("note", ""),
    )


def _measure(record: Record, programmes: tuple[str, ...]) -> str | None:
    """A path that a summary has: `outcomes.KEY` or `programmes.PROGRAMME.KEY`."""
    if "measure" not in record:
        return None
    from sim.experiments.outcome import OUTCOMES, PROGRAMME_OUTCOMES

    path = record.text("measure")
    head, _, rest = path.partition(".")
    known = [f"outcomes.{key}" for key in OUTCOMES]
    if head == "programmes":
        programme = rest.partition(".")[0]
        if programme in programmes[2:]:
            known = [f"programmes.{programme}.{key}" for key in PROGRAMME_OUTCOMES]
        else:
            known = [f"programmes.{key}.budget" for key in programmes[2:]]
    if path not in known:
        raise record.error("measure", f"summary.json has no {path}.", guess_or_list(path, known))
    return path


def _parts(record: Record) -> dict[str, float]:
    if "parts" not in record:
        return {}
    tree = record.entry("parts").value
    if not isinstance(tree, Mapping):
        raise record.error("parts", "parts must be a mapping of names to numbers.")
    return {
        key: as_number(record.name, f"parts, {key}", part.value)
        for key, part in tree.entries.items()
    }
