"""The table "document | role | model": each figure of the yearbook beside the model's own.

Every row of the document stands in it once, with its role. Where a run has no counterpart the row
says "not modelled" and why; where it counts something slightly different a second line says what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from fupin.parameters.province import province
from fupin.results.money import is_off
from fupin.statistics.crossed import ENOUGH_FOR_PERCENTILES
from fupin.words import numbers
from fupin.words.language import Language
from fupin.words.spoken import said, spoken

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table

    from fupin.parameters.document import DocumentRow

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

NOT_MODELLED = "not modelled"
"""Stands in place of the model's number where no run can have one."""

OTHER_YEAR = "other year"
"""Stands in place of the model's number where the plan is of other months than the figure."""

_UNKNOWN: Mapping[str, float | None] = dict.fromkeys(("mean", "low", "high"))


@dataclass(frozen=True)
class Comparison:
    """One row of the table.

    Attributes:
        id: S01 to S87; empty for a further part of the row above.
        programme: a programme key, or overview or funds.
        quantity: what is counted, with its unit.
        document: the document's figure as text.
        role: input, derived, delivered, fitted or outcome.
        model: the model's mean as text, or OFF, NOT_MODELLED or OTHER_YEAR.
        interval: its 90% interval as text; empty where there is none.
        deviation: (model - document) / document; None where undefined, where the programme is
            off, or where the document says "more than" and the model has that.
        within: whether the document's figure lies in the interval; None without one.
        remark: what the model counts where that is not quite the same, or why it has nothing.
        figure: its key under `figures` of a summary, where a run has it.
        value: the document's figure as a number, in `unit`.
        unit: of both.
    """

    id: str
    programme: str
    quantity: str
    document: str
    role: str
    model: str
    interval: str = ""
    deviation: float | None = None
    within: bool | None = None
    remark: str = ""
    figure: str = ""
    value: float = 0.0
    unit: str = ""


def other_year(start: str, end: str) -> bool:
    """Whether a period (YYYY-MM) lacks a month of the document's year."""
    year = province().document_year
    return not (start <= f"{year}-01" and f"{year}-12" <= end)


def compare(
    rows: Iterable[DocumentRow],
    summary: Mapping[str, Any],
    magnitude: Callable[[float], tuple[float, str]] = numbers.magnitude,
    period: tuple[str, str] | None = None,
) -> list[Comparison]:
    """Comparisons of all figures of the document, in their order.

    A row with several numbers is followed by those parts that the summary has.

    Args:
        summary: `figures` and `programmes` as in summary.json.
        magnitude: divisor and suffix that make a number short, as the reader's language has them.
        period: first and last month of the plan (YYYY-MM); the document's year if None.
    """
    elsewhere = period is not None and other_year(*period)
    return [one for row in rows for one in _comparisons(row, summary, magnitude, elsewhere)]


def _comparisons(
    row: DocumentRow,
    summary: Mapping[str, Any],
    magnitude: Callable[[float], tuple[float, str]],
    elsewhere: bool,
) -> Iterator[Comparison]:
    figures = summary.get("figures", {})
    yield _compare(row, figures.get(row.id, _UNKNOWN), summary, magnitude, elsewhere)
    for name, value in row.parts.items():
        if (key := f"{row.id}.{name}") in figures:
            part = replace(row, value=value, counterpart="")
            found = _compare(part, figures[key], summary, magnitude, elsewhere)
            yield replace(found, id="", figure=key, quantity=f"  {name.replace('_', ' ')}")


def _compare(
    row: DocumentRow,
    statistics: Mapping[str, Any],
    summary: Mapping[str, Any],
    magnitude: Callable[[float], tuple[float, str]],
    elsewhere: bool,
) -> Comparison:
    factor = 100.0 if row.unit == "share" else 1.0
    value = row.value * factor
    scale = magnitude(value)
    found = Comparison(
        id=row.id,
        programme=row.programme,
        quantity=_with_unit(row),
        document=_BOUNDS.get(row.bound, "") + numbers.exact(value, scale),
        role=row.role,
        model=NOT_MODELLED,
        remark=row.not_modelled or row.counterpart,
        figure=row.id,
        value=row.value,
        unit=row.unit,
    )
    if row.not_modelled:
        return found
    if _switched_off(row, statistics, summary, elsewhere):
        return replace(found, model=OFF, remark="")
    if elsewhere and statistics["mean"] is None:
        return replace(found, model=OTHER_YEAR, remark="")
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
    return replace(found, model=model, interval=interval, deviation=deviation, within=within)


def _with_unit(row: DocumentRow) -> str:
    if row.unit == "share":
        return f"{row.quantity}, %"
    # "villages of the lottery project" says what is counted; "units" says nothing.
    said = row.unit == "units" or row.unit in row.quantity
    return row.quantity if said else f"{row.quantity}, {row.unit}"


def _switched_off(
    row: DocumentRow, statistics: Mapping[str, Any], summary: Mapping[str, Any], elsewhere: bool
) -> bool:
    if row.programme == "funds":  # sums over programmes
        return statistics["mean"] is None and not elsewhere
    return row.programme in summary["programmes"] and is_off(summary["programmes"][row.programme])


def interval_head(summary: Mapping[str, Any]) -> str:
    """What stands over the two ends: few runs have a range and no 90% interval."""
    runs = len(summary["draws"]) * len(summary["seeds"])
    if runs >= ENOUGH_FOR_PERCENTILES:
        return said("90% interval")
    return said("range of {n} runs", n=runs)


def document_table(
    comparisons: Sequence[Comparison],
    titles: Mapping[str, str],
    width: int,
    interval: str | None = None,
) -> Group:
    """The table for a terminal of `width` columns.

    Args:
        titles: programme key -> heading of its group.
        width: 80 is enough; the interval moves under the mean where there is little room.
        interval: what stands over the two ends, as `interval_head` says it.
    """
    from rich.cells import cell_len
    from rich.console import Group
    from rich.text import Text

    wide, say = width >= WIDE, spoken()
    head = ["", *map(said, ("quantity", "document", "role", "model")), said("differs")]
    if wide:
        head.insert(-1, said("90% interval") if interval is None else interval)
    comparisons = [_in_language(say, one) for one in comparisons]
    groups = [(title, [_cells(row, wide) for row in rows]) for title, rows in
              _groups(comparisons, titles)]  # fmt: skip
    cells = [head, *(row for _, rows in groups for row in rows)]
    # A heading runs across all columns, so each group is a grid with the same column widths.
    widths = [
        max(cell_len(line) for row in cells for line in _plain(row[i]).split("\n"))
        for i in range(len(head))
    ]
    room = width - sum(widths) - GAP * (len(head) - 1) + widths[1]
    if room < NARROWEST:  # what differs can be seen from the two numbers; neither is ever cut
        for row in cells:
            row.pop()
        room += widths.pop() + GAP
    widths[1] = max(min(widths[1], room), NARROWEST)
    parts: list[RenderableType] = [_grid([head], widths), Text("─" * _total(widths), "dim")]
    for title, rows in groups:
        parts += [Text(title, "bold"), _grid(rows, widths), Text()]
    return Group(*parts)


def _in_language(say: Language, row: Comparison) -> Comparison:
    """A row with its names in the reader's language."""
    if not say.chinese:
        return row
    factor = 100.0 if row.unit == "share" else 1.0
    interval = say.between(row.interval, say.magnitude(row.value * factor)[1])
    model = "0" if row.model.startswith("0 ") else row.model  # not 0 万
    row = replace(row, model=model, interval=interval)
    if not row.id:
        return replace(row, quantity=f"  {say.name('parts', row.quantity.strip(), '')}")
    remark = say.name("remarks", row.id, "") if row.remark else ""
    return replace(row, quantity=say.name("figures", row.id, ""), remark=remark)


_STATES = {OFF: "document.off", NOT_MODELLED: "document.not_modelled",
           OTHER_YEAR: "document.other_year"}  # fmt: skip


def _cells(row: Comparison, wide: bool) -> list[str]:
    say = spoken()
    style = _ROLE_STYLES.get(row.role, "dim")
    role = say(f"role.{row.role}")
    role = f"[{style}]{role}[/{style}]" if style else role
    state = _STATES.get(row.model)
    shown = replace(row, model=say(state)) if state else row
    model = [shown.model, row.interval] if wide else [_stacked(shown)]
    quantity = escape(row.quantity)
    if row.remark:
        quantity += f"\n[dim]({escape(row.remark)})[/dim]"
    return [
        f"[dim]{row.id}[/dim]", quantity, row.document, role, *model, _deviation(row),
    ]  # fmt: skip


def _plain(markup: str) -> str:
    from rich.text import Text

    return Text.from_markup(markup).plain


def _grid(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Table:
    from rich.table import Table

    grid = Table.grid(padding=(0, GAP, 0, 0))
    for i, width in enumerate(widths):
        left = i in (0, 1, 3)
        grid.add_column(
            width=width, justify="left" if left else "right", no_wrap=i != 1, overflow="fold"
        )
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
    if row.model in (numbers.NOTHING, OFF, NOT_MODELLED, OTHER_YEAR):
        return ""
    if row.deviation is None:
        return said("met") if row.document.startswith("≥") else ""
    text = numbers.percent(row.deviation)
    return f"[dim]{text}[/dim]" if text == "0%" or row.within else text
