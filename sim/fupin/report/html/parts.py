"""What a report is made of: sections of paragraphs, tables, charts and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

Spec = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        cells: texts, one a column; of a heading the first alone.
        heading: it names the group of rows below it.
        dim: its interval holds 0, or it says nothing new.
        remark: a second line in small print, under `Table.remark_column`.
        total: it sums the rows below it, which are `inner`.
        inner: it belongs to the total above it.
    """

    cells: Sequence[str]
    heading: bool = False
    dim: bool = False
    remark: str = ""
    total: bool = False
    inner: bool = False

    @property
    def style(self) -> str:
        """Names of what it is, for the style sheet."""
        return " ".join(name for name in ("dim", "total", "inner") if getattr(self, name))


LONGEST_CODE = 8
"""Letters of a year, a month or a figure's number; what is longer is a name."""


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        caption: what it shows, with the unit.
        head: names of the columns.
        align: a letter a column, l or r.
        rows: in order.
        note: how to read it.
        remark_column: the column under which remarks stand.
    """

    kind: ClassVar[str] = "table"
    caption: str
    head: Sequence[str]
    align: str
    rows: Sequence[Row]
    note: str = ""
    remark_column: int = 0

    @property
    def named(self) -> bool:
        """Whether the first column has names, which need room, rather than years or numbers."""
        first = [row.cells[0] for row in self.rows if not row.heading]
        return bool(self.head[0]) and max(map(len, first), default=0) > LONGEST_CODE

    def __post_init__(self) -> None:
        width = len(self.head)
        if len(self.align) != width:
            raise ValueError(f"{self.caption}: {len(self.align)} alignments of {width} columns")
        for row in self.rows:
            if len(row.cells) != (1 if row.heading else width):
                raise ValueError(f"{self.caption}: {row.cells} beside {self.head}")


@dataclass(frozen=True)
class Chart:
    """A chart that a browser draws.

    Attributes:
        id: of its element; unique in the page.
        title: what it shows.
        unit: unit of what is drawn, and any choice of scale.
        source: where the numbers come from.
        summary: what a reader who cannot see it should know.
        spec: Vega-Lite, without data that the page holds once (`geometry`).
        numbers: the same numbers as a table; None where that stands below the chart.
        wide: false where two of them stand beside one another.
        controls: the reader chooses what is drawn.
    """

    kind: ClassVar[str] = "chart"
    id: str
    title: str
    unit: str
    source: str
    summary: str
    spec: Spec
    numbers: Table | None
    wide: bool = True
    controls: bool = False

    def __post_init__(self) -> None:
        for name in ("title", "unit", "source", "summary"):
            if not getattr(self, name):
                raise ValueError(f"chart {self.id} has no {name}")


@dataclass(frozen=True)
class Card:
    """One number that a planner reads first."""

    label: str
    value: str
    unit: str
    interval: str
    meaning: str


@dataclass(frozen=True)
class Cards:
    """Numbers beside one another."""

    kind: ClassVar[str] = "cards"
    cards: Sequence[Card]


@dataclass(frozen=True)
class Note:
    """A remark; with `command` what to type for what is missing here."""

    kind: ClassVar[str] = "note"
    text: str
    command: str = ""


@dataclass(frozen=True)
class Points:
    """Sentences below one another, under a heading if there is one; `small` where they only
    explain."""

    kind: ClassVar[str] = "points"
    sentences: Sequence[str]
    small: bool = False
    title: str = ""


@dataclass(frozen=True)
class Whisker:
    """A dot with its interval in a cell; places are 0 to 200 from left to right.

    Attributes:
        mean, low, high: places; None where unknown.
        zero: place of no difference.
    """

    mean: float | None
    low: float | None
    high: float | None
    zero: float


@dataclass(frozen=True)
class Plan:
    """A plan of a comparison.

    Attributes:
        title, name: for people, and in files.
        judged: better, worse, small, unclear, same or base: a class of the style sheet.
        whisker: its effect, drawn.
        effect, words: the same as a number and in words.
        cells: the further columns.
    """

    title: str
    name: str
    judged: str
    whisker: Whisker
    effect: str
    words: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Plans:
    """Plans below one another with their effects drawn; on a telephone each is a card.

    Attributes:
        head: names of the columns: plan, effect, and those of `Plan.cells`.
    """

    kind: ClassVar[str] = "plans"
    caption: str
    head: Sequence[str]
    plans: Sequence[Plan]
    note: str


Block = Table | Chart | Cards | Note | Points | Plans


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading and a place in its contents."""

    id: str
    title: str
    lead: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Page:
    """A whole report.

    Attributes:
        title: of the page; it states the finding.
        subtitle: what ran.
        sections: in order.
        data: name -> rows that several charts share.
        verdict: sentences that stand below the title.
    """

    title: str
    subtitle: str
    sections: Sequence[Section]
    data: Mapping[str, Any] = field(default_factory=dict)
    verdict: Sequence[str] = ()

    @property
    def charts(self) -> list[Chart]:
        """All charts in order."""
        return [b for s in self.sections for b in s.blocks if isinstance(b, Chart)]
