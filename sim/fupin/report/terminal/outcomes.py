"""Tables of a summary for the terminal: the headline outcomes, and where the money went."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from fupin.report.terminal.document import WIDE, interval_head
from fupin.report.terminal.wrapping import filled
from fupin.results.costs import PAYERS
from fupin.results.credit import COLUMNS as CREDIT
from fupin.results.money import (
    COSTS,
    FLOWS,
    ClassMoney,
    at_work,
    is_off,
    money_by_class,
    of_summary,
)
from fupin.results.outcome import OUTCOMES
from fupin.scenario.programme_catalogue import with_others
from fupin.words import numbers
from fupin.words.spoken import said, spoken

if TYPE_CHECKING:
    from rich.table import Table

    from fupin.scenario.programmes import Programme

_REACHED = ("households", "persons")
_TITLE = 20  # columns for a programme's title where there is little room

# Outcome -> how it is printed; all of them stand in summary.json.
_HEADLINES = {
    "registered_poor_start": "registered poor, start",
    "registered_poor_end": "registered poor, end",
    "lifted": "lifted (net fall)",
    "gross_exits": "  left the register",
    "entries": "  entered it",
    "registered_natural_loss": "  died, left, less births",
    "income_poor_start": "income-poor, start",
    "income_poor_end": "income-poor, end",
    "survey_poor_end": "survey-poor, end",
    "registered_and_income_poor_end": "registered and income-poor",
    "households_reached": "different households served",
    "placed": "placed after training",
    "employment_rate": "employment rate",
    "in_course_end": "  in a course at the end",
    "not_yet_placed_end": "  finished too late for a place",
    "placed_later": "  placed later, to the horizon",
    "employment_rate_horizon": "  rate of all, at the horizon",
    "repayment_rate": "repayment rate",
    "additional_jobs": "additional jobs",
    "additional_income_channel": "additional, by income",
    "additional_recognition_channel": "additional, re-assessed",
    "additional_out_of_poverty": "additional, out of poverty",
    "person_years_out": "person-years out of poverty",
    "gap_closed": "poverty gap closed",
    "npv_income_5": "income added, at 5%",
    "npv_income_poor_5": "  to the poor of the start",
    "benefit_cost_5": "income added / resource cost",
    "spent": "spent",
    "resource_cost": "resource cost",
    "fgt0": "poverty headcount (fgt0)",
    "fgt1": "poverty gap (fgt1)",
    "fgt2": "squared poverty gap (fgt2)",
    "gini": "Gini coefficient",
    "mean_income": "mean income",
}

_UNFINISHED = ("in_course_end", "not_yet_placed_end", "placed_later", "employment_rate_horizon")
"""Shown where somebody had no time to be placed."""


def headline_table(summary: Mapping[str, Any], width: int) -> Table:
    """The outcomes that a planner reads first: mean, 90% interval, what each counts."""
    table = _table()
    table.add_column(said("outcome"), no_wrap=True)
    table.add_column(said("mean"), justify="right", no_wrap=True)
    table.add_column(interval_head(summary), justify="right", no_wrap=True)
    table.add_column(said("unit"), overflow="fold")
    if width >= WIDE and not spoken().chinese:  # names in Chinese say it
        table.add_column("what it is", style="dim")
    for row in headlines(summary):
        table.add_row(*row[: len(table.columns)])
    return table


def headlines(summary: Mapping[str, Any]) -> list[list[str]]:
    """Rows of that table: name, mean, 90% interval, unit, what it is; none for unknown outcomes."""
    rows, say = [], spoken()
    outcomes = summary["outcomes"]
    unfinished = any(outcomes.get(key, {}).get("mean") for key in _UNFINISHED[:2])
    for key, name in _HEADLINES.items():
        outcome = OUTCOMES[key]
        entry = summary["outcomes"].get(key)  # an older fupin did not know all of them
        if entry is None or entry["mean"] is None or (key in _UNFINISHED and not unfinished):
            continue
        share = outcome.unit == "share"
        mean, interval = say.estimate(entry, 100.0 if share else 1.0)
        unit = {"share": "%", "index": ""}.get(outcome.unit, outcome.unit)
        shown = name
        if say.chinese:
            shown = name[: len(name) - len(name.lstrip())] + say(f"outcome.{key}")
            unit = unit and say(f"unit.{outcome.unit}")
        rows.append([shown, mean, interval, unit, outcome.description])
    return rows


_BY_YEAR = {
    "income_poor_end": "income-\npoor",
    "person_years_out": "person-\nyears out",
    "gap_closed": "gap\nclosed",
    "npv_income_5": "income\nadded",
    "resource_cost": "resource\ncost",
    "lifted": "\nlifted",
}
"""Outcome -> heading in the table by year; money is in the unit of tables."""


def years_table(summary: Mapping[str, Any]) -> Table | None:
    """Means of what each year to the horizon brings; None where there is one year alone."""
    years = summary["by_year"]
    if len(years) < 2:
        return None
    table = _table()
    say = spoken()
    table.add_column(said("\nyear"), no_wrap=True)
    for title in _BY_YEAR.values():
        table.add_column(said(title), justify="right", no_wrap=True)
    for year, part in years.items():
        cells = []
        for key in _BY_YEAR:
            mean = part["outcomes"][key]["mean"] if key in part["outcomes"] else None
            entry = {"mean": mean, "low": None, "high": None}
            money = OUTCOMES[key].unit == "yuan"
            factor = 1 / say.money[0] if money and not say.chinese else 1.0
            cells.append("" if mean is None else say.estimate(entry, factor, most_digits=4)[0])
        table.add_row(year, *cells)
    return table


def money_table(summary: Mapping[str, Any], width: int) -> Table:
    """Money put in and what came out, million yuan, by class and programme.

    The total of a class is the sum of its programmes. Programmes without money, people or
    households are left out; see `programmes_off`.
    """
    blocks = money_by_class(of_summary(summary["programmes"]), at_work(summary["programmes"]))
    return _widest_that_fits(
        width, lambda places, title: _money_table(summary["programmes"], blocks, places, title)
    )


def _money_table(
    programmes: Mapping[str, Any], blocks: Sequence[ClassMoney], places: int, room: int | None
) -> Table:
    table, say = _table(), spoken()
    table.add_column(say.money[1], min_width=room)
    whole = None if say.chinese else (1.0, "")
    for column in (*FLOWS, *_REACHED):
        table.add_column(said(column), justify="right", no_wrap=True)
    for block in blocks:
        names = {"credit": "credit (principal)", "claimed": "claimed (promised)"}
        title = said(names.get(block.money, block.money))
        total = block.total[: len(FLOWS)]
        totals = [f"[bold]{_million(yuan, places)}[/bold]" for yuan in total]
        table.add_row(f"[bold]{title}[/bold]", *totals, "", "")
        for programme, money in block.programmes:
            values = programmes[programme.key]
            table.add_row(
                _indented(say.programme(programme), room),
                *(_million(yuan, places) for yuan in money[: len(FLOWS)]),
                *(say.estimate(values[column], scale=whole)[0] for column in _REACHED),
            )
    return table


def _widest_that_fits(width: int, build: Callable[[int, int | None], Table]) -> Table:
    """A table with as many decimals, and as much room for titles, as there is room for.

    Args:
        width: columns of the terminal.
        build: a table of (decimals of millions, columns of titles; None: each on one line).
    """
    # Two decimals, as the document quotes its money.
    rooms = [(2, None)] if width >= WIDE else []
    for places, title in (*rooms, (1, _TITLE), (0, _TITLE), (0, 14), (0, 8)):
        table = build(places, title)
        if _has_room(table, width):
            return table
    return table


def _has_room(table: Table, width: int) -> bool:
    from rich.console import Console
    from rich.measure import Measurement

    console = Console(width=width)
    return Measurement.get(console, console.options, table).minimum <= width


def _fits(table: Table, width: int) -> bool:
    """Whether a table is printed in that width with every letter that it has in a wide one."""
    return _letters(table, width) == _letters(table, _NO_END)


def _letters(table: Table, width: int) -> Counter[str]:
    from rich.console import Console

    console = Console(file=io.StringIO(), width=width)
    with console.capture() as printed:
        console.print(table)
    return Counter(letter for letter in printed.get() if letter.isalnum())


_NO_END = 1_000
"""Columns in which every table has room."""


def costs_tables(summary: Mapping[str, Any], width: int) -> list[Table]:
    """What each programme cost, and who pays it, million yuan; none where the result has it not.

    Payers who pay nothing have no column. Where there is no room for all, the last have a table of
    their own: no number loses a digit.
    """
    payers = summary.get("payers")
    if not payers:
        return []
    shown = [payer for payer in PAYERS if any(of[payer]["mean"] for of in payers.values())]
    found: list[Table] = []
    heads: Sequence[str] = COSTS
    while shown or heads:
        for number in range(len(shown), -1, -1):
            build = partial(_costs_table, summary, heads, shown[:number])
            table = _widest_that_fits(width, build)
            if _fits(table, width) or number <= (0 if heads else 1):
                break
        found.append(table)
        heads, shown = (), shown[number:]
    return found


CREDIT_NOTE = (
    "out before + lent = repaid + written off + out at the end. Of lenders whose budget is the "
    "principal: budget + lent again = lent + unspent."
)
"""What adds up in the table of loans."""

_CREDIT_HEADS = ("out\nbefore", "\nlent", "\nrepaid", "lent\nagain", "written\noff", "out at\nend")


def credit_table(summary: Mapping[str, Any], width: int) -> Table | None:
    """What each lender lent, got back and lent again, million yuan; None where nobody lends."""
    lenders = summary.get("credit")
    if not lenders:
        return None
    return _widest_that_fits(width, lambda places, title: _credit_table(lenders, places, title))


def _credit_table(lenders: Mapping[str, Any], places: int, room: int | None) -> Table:
    table, say = _table(), spoken()
    table.add_column(say.money[1], min_width=room)
    for head in _CREDIT_HEADS:
        table.add_column(said(head), justify="right", no_wrap=True)
    for programme in with_others(lenders):
        if programme.key in lenders:
            yuan = [lenders[programme.key][name]["mean"] for name in CREDIT]
            cells = [_million(each, places) for each in yuan]
            table.add_row(_indented(say.programme(programme), room).strip(), *cells)
    return table


_COST_HEADS = {"spent": "spent", "resource_cost": "resource\ncost"}
_PAYER_HEADS = {"departments": "depart-\nments", "guarantors": "guaran-\ntors"}


def _costs_table(
    summary: Mapping[str, Any],
    costs: Sequence[str],
    shown: Sequence[str],
    places: int,
    room: int | None,
) -> Table:
    table, payers, say = _table(), summary["payers"], spoken()
    table.add_column(say.money[1], min_width=room)
    heads = [_COST_HEADS[name] for name in costs]
    for column in (*heads, *(_PAYER_HEADS.get(name, name) for name in shown)):
        table.add_column(said(column), justify="right", no_wrap=True)

    def cells(of: Mapping[str, Any], paid: Mapping[str, Any]) -> list[str]:
        yuan = [of[name]["mean"] for name in costs] + [paid[payer]["mean"] for payer in shown]
        return [_million(each, places) for each in yuan]

    whole = cells(summary["outcomes"], payers[""])
    table.add_row(f"[bold]{said('all')}[/bold]", *(f"[bold]{cell}[/bold]" for cell in whole))
    for programme in with_others(payers):
        values = summary["programmes"].get(programme.key)
        if programme.key in payers and values is not None and not is_off(values):
            title = _indented(say.programme(programme), room)
            table.add_row(title, *cells(values, payers[programme.key]))
    return table


def programmes_off(summary: Mapping[str, Any], programmes: Sequence[Programme]) -> list[str]:
    """Keys of the programmes in which nothing happened, in order."""
    return [p.key for p in programmes if is_off(summary["programmes"].get(p.key, {}))]


def _table() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)


def _indented(title: str, room: int | None) -> str:
    # Wrapped by hand: the table would lose the indent of the second line.
    return filled(title, room or 2 * len(title) + 2, first="  ", later="    ")


def _million(yuan: float | None, places: int) -> str:
    if yuan is None:
        return numbers.NOTHING
    say = spoken()
    if say.chinese:  # 万元 have two digits more than millions
        places = max(places - 2, 0)
    return numbers.rounded(yuan / say.money[0], places) if yuan else "0"
