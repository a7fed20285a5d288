"""The document's figures, each with what it is for in the model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fupin import paths
from fupin.errors import InputError
from fupin.parameters.figure_measures import id_of
from fupin.yaml.events import read_marked, read_text
from fupin.yaml.faults import fault, read_as
from fupin.yaml.fields import Line, Number, Section, choice
from fupin.yaml.tree import Mapping, mark_at
from fupin.yaml.words import guess_or_list, shown

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
APART = ("overview", "funds")
"""What stands in place of a programme where a figure is of none."""

_ID = re.compile(r"S[0-9]{2}")


@dataclass(frozen=True)
class DocumentRow:
    """One figure of the document.

    Attributes:
        id: an S and two digits.
        programme: the key of one, or "overview" or "funds".
        quantity: what is counted, in our own words.
        value: the number, in `unit`.
        unit: one of UNITS.
        when, scope: time and place it holds for.
        kind: key of KINDS.
        role: key of ROLES.
        bound: exact, about, or at_least ("more than").
        counterpart: what a run counts where it is not quite the same (`fupin.lives.figures`).
        not_modelled: why no run has a counterpart; empty where one has.
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
    counterpart: str = ""
    not_modelled: str = ""
    parts: dict[str, float] = field(default_factory=dict, hash=False)
    note: str = ""


_loaded: dict[tuple[str, bytes, tuple[str, ...]], tuple[DocumentRow, ...]] = {}


def load_document(
    file: Path | None = None, programmes: Sequence[str] = ()
) -> tuple[DocumentRow, ...]:
    """All figures in order of their ids; read again only when the file's content has changed.

    Args:
        file: None is the file that comes with fupin.
        programmes: keys that figures may belong to, besides APART; without them any may. Those
            of the file that comes with fupin are looked at by a test.

    Raises:
        InputError: an unknown key, unit, kind, role, programme or id, a missing value, a number
            that is not finite; with file, line and column.
    """
    file = file or paths.parameters() / "document.yaml"
    text = read_text(file)
    key = (str(file), hashlib.blake2b(text.encode()).digest(), tuple(programmes))
    if key not in _loaded:
        rows = _rows(read_marked(text, file), programmes)
        _loaded[key] = tuple(sorted(rows, key=lambda row: row.id))
    return _loaded[key]


def find_row(name: str) -> DocumentRow:
    """The figure of an id such as S39.

    Raises:
        InputError: no such figure.
    """
    rows = {row.id: row for row in load_document()}
    if name.upper() not in rows:
        first, last = min(rows), max(rows)
        instead = f"Figures are {first} to {last}."
        if _ID.fullmatch(name.upper()) and first < name.upper() < last:
            instead = f"{name.upper()} is unused."
        raise InputError(f"The document has no figure {name}.", instead)
    return rows[name.upper()]


def figure_of(measure: str) -> DocumentRow:
    """The figure that a measure of a run is set beside (`figures.yaml`).

    Raises:
        KeyError: the document has none.
    """
    return find_row(id_of(measure))


class _Written(Section):
    """What the file says of a figure; see `DocumentRow`."""

    programme: Line
    quantity: Line
    value: Number
    unit: Annotated[str, choice(*UNITS)]
    when: Line
    scope: Line
    kind: Annotated[Kind, choice(*KINDS)]
    role: Annotated[Role, choice(*ROLES)]
    bound: Annotated[Bound, choice(*BOUNDS)] = "exact"
    counterpart: Line = ""
    not_modelled: Line = ""
    parts: dict[str, Number] = Field(default_factory=dict)
    note: Line = ""

    @model_validator(mode="after")
    def _has_a_counterpart_or_none(self) -> Self:
        if self.counterpart and self.not_modelled:
            raise fault("It has a counterpart, so it is modelled.", "Keep one.", ("not_modelled",))
        return self


def _rows(tree: Mapping, programmes: Sequence[str]) -> list[DocumentRow]:
    for name, entry in tree.entries.items():
        if not _ID.fullmatch(name):
            raise entry.key_mark.error(
                f"{name} is no id of a figure.", "Ids are an S and two digits, as in the document."
            )
    rows = [DocumentRow(name, **dict(row)) for name, row in read_as(_FILE, tree).items()]
    for row in rows:
        if programmes and row.programme not in (*APART, *programmes):
            raise mark_at(tree, (row.id, "programme")).error(
                f"{row.id}.programme: {shown(row.programme)} is no programme.",
                guess_or_list(row.programme, [*APART, *programmes]),
            )
    return rows


_FILE = dict[str, _Written]
