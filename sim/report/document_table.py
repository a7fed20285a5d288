"""The table "document | role | model": each figure of the yearbook beside the model's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from sim.errors import InputError
from sim.report import numbers

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table

    from sim.parameters.document import DocumentRow

WIDE = 100
"""Columns from which the interval has a column of its own."""

GAP = 2
"""Spaces between columns."""

NARROWEST = 22
"""Columns that the name of a quantity gets at least."""

_ROLE_STYLES = {"outcome": "bold", "fitted": "bold", "delivered": "", "derived": "dim"}


_BOUNDS = {"at_least": "≥ ", "about": "≈ "}

OFF = "off"
"""Stands in place of the model's number where the scenario has switched the programme off."""


@dataclass(frozen=True)
class Comparison:
    """One row of the table.

    Attributes:
        id: S01 to S87.
        programme: a programme key, or overview or funds.
        quantity: what is counted, with its unit.
        document: the document's figure as text.
        role: input, derived, delivered, fitted or outcome.
        model: the model's mean as text.
        interval: its 90% interval as text; empty where there is none.
        deviation: (model - document) / document; None where undefined, where the programme is
            off, or where the document says "more than" and the model has that.
        within: whether the document's figure lies in the interval; None without one.
    """

    id: str
    programme: str
    quantity: str
    document: str
    role: str
    model: str
    interval: str
    deviation: float | None
    within: bool | None


def compare(rows: Iterable[DocumentRow], summary: Mapping[str, Any]) -> list[Comparison]:
    """Comparisons of those figures of the document that the model measures, in their order.

    Raises:
        InputError: a row whose `measure` is no entry of the summary.
    """
    return [_compare(row, summary) for row in rows if row.measure is not None]


def _compare(row: DocumentRow, summary: Mapping[str, Any]) -> Comparison:
    statistics = _entry(row, summary)
    percent = row.unit == "share"
    value = row.value * (100.0 if percent else 1.0)
    factor = row.scale * (100.0 if percent else 1.0)
    scale = numbers.magnitude(value)
    model, interval = numbers.estimate(statistics, factor, scale)
    mean, low, high = (
        None if statistics[key] is None else float(statistics[key]) * factor
        for key in ("mean", "low", "high")
    )
    at_least = row.bound == "at_least"
    deviation = None if mean is None or value == 0 else (mean - value) / value
    if at_least and deviation is not None and deviation >= 0:
        deviation = None
    within = None
    if low is not None and high is not None and high > low:
        within = high >= value if at_least else low <= value <= high
    if _switched_off(row, summary):
        model, interval, deviation, within = OFF, "", None, None
    return Comparison(
        id=row.id,
        programme=row.programme,
        quantity=f"{row.quantity}, {'%' if percent else row.unit}",
        document=_BOUNDS.get(row.bound, "") + numbers.exact(value, scale),
        role=row.role,
        model=model,
        interval=interval,
        deviation=deviation,
        within=within,
    )


def is_off(values: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether nothing happened in a programme: no money, no people (`programmes.KEY`)."""
    return all(not statistics["mean"] for statistics in values.values())


def _switched_off(row: DocumentRow, summary: Mapping[str, Any]) -> bool:
    head, _, rest = str(row.measure).partition(".")
    return head == "programmes" and is_off(summary["programmes"][rest.partition(".")[0]])


def _entry(row: DocumentRow, summary: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = summary
    for key in str(row.measure).split("."):
        if not isinstance(found, Mapping) or key not in found:
            raise InputError(f"{row.id} of the document names {row.measure}, and no run has that.")
        found = found[key]
    if not isinstance(found, Mapping) or "mean" not in found:
        raise InputError(f"{row.id} of the document names {row.measure}, which is no outcome.")
    return found


def document_table(
    comparisons: Sequence[Comparison], titles: Mapping[str, str], width: int
) -> Group:
    """The table for a terminal of `width` columns.

    Args:
        titles: programme key -> heading of its group.
        width: 80 is enough; the interval moves under the mean where there is little room.
    """
    from rich.cells import cell_len
    from rich.console import Group
    from rich.text import Text

    wide = width >= WIDE
    head = ["", "quantity", "document", "role", "model", "90% interval", "differs"]
    if not wide:
        head.remove("90% interval")
    groups = [(title, [_cells(row, wide) for row in rows]) for title, rows in
              _groups(comparisons, titles)]  # fmt: skip
    cells = [head, *(row for _, rows in groups for row in rows)]
    # A heading runs across all columns, so each group is a grid with the same column widths.
    widths = [
        max(cell_len(line) for row in cells for line in _plain(row[i]).split("\n"))
        for i in range(len(head))
    ]
    room = width - sum(widths) - GAP * (len(head) - 1) + widths[1]
    widths[1] = max(min(widths[1], room), NARROWEST)
    parts: list[RenderableType] = [_grid([head], widths), Text("─" * _total(widths), "dim")]
    for title, rows in groups:
        parts += [Text(title, "bold"), _grid(rows, widths), Text()]
    return Group(*parts)


def _cells(row: Comparison, wide: bool) -> list[str]:
    style = _ROLE_STYLES.get(row.role, "dim")
    role = f"[{style}]{row.role}[/{style}]" if style else row.role
    model = [row.model, row.interval] if wide else [_stacked(row)]
    return [
        f"[dim]{row.id}[/dim]", escape(row.quantity), row.document, role, *model, _deviation(row),
    ]  # fmt: skip


def _plain(markup: str) -> str:
    from rich.text import Text

    return Text.from_markup(markup).plain


def _grid(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Table:
    from rich.table import Table

    grid = Table.grid(padding=(0, GAP, 0, 0))
    for i, width in enumerate(widths):
        left = i in (0, 1, 3)
        grid.add_column(width=width, justify="left" if left else "right", no_wrap=i != 1)
    for row in rows:
        grid.add_row(*row)
    return grid


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _groups(
    comparisons: Sequence[Comparison], titles: Mapping[str, str]
) -> Iterator[tuple[str, list[Comparison]]]:
    # Stable: within a group the document's order stays; groups come in the order of the titles.
    order = {key: i for i, key in enumerate(titles)}
    ordered = sorted(comparisons, key=lambda row: order.get(row.programme, len(order)))
    for key, group in groupby(ordered, key=lambda row: row.programme):
        yield titles.get(key, key), list(group)


def _stacked(row: Comparison) -> str:
    return f"{row.model}\n[dim]{row.interval}[/dim]" if row.interval else row.model


def _deviation(row: Comparison) -> str:
    if row.model in (numbers.NOTHING, OFF):
        return ""
    if row.deviation is None:
        return "met" if row.document.startswith("≥") else ""
    text = numbers.percent(row.deviation)
    return f"[dim]{text}[/dim]" if text == "0%" or row.within else text
