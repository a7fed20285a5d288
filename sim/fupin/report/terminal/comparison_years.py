"""What plans bring year by year beyond the base, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fupin.report.terminal.comparison_tables import blocks, dim, holds_zero, signed
from fupin.words.spoken import said, spoken

if TYPE_CHECKING:
    from rich.console import Group

_COLUMNS = {
    "person_years_out": ("person-\nyears out", 1.0),
    "gap_closed": ("gap\nclosed", 1e-6),
    "npv_income_5": ("income\nadded", 1e-6),
    "spent": ("\nspent", 1e-6),
    "resource_cost": ("resource\ncost", 1e-6),
    "lifted": ("\nlifted", 1.0),
}
"""Outcome -> heading and factor."""

NOTE = (
    "Means of plan minus base. person-years out: people above the line. gap, income (discounted at "
    "5% a year) and money: million yuan. In later years the register is shown as if the old "
    "practice had gone on. Dim: the 90% interval includes zero; intervals: years.csv."
)


def years(comparison: Mapping[str, Any], width: int) -> Group | None:
    """A block of years for each plan; None where one year alone was lived, or an older fupin did.

    Args:
        comparison: content of `comparison.json`.
        width: columns of the terminal.
    """
    found = comparison.get("by_year")
    if not found:
        return None
    groups = []
    for plan, by_year in found.items():
        rows = []
        for year, entries in by_year.items():
            cells = []
            for key, (_, factor) in _COLUMNS.items():
                of = entries[key]["difference"]
                if spoken().chinese:
                    factor = 1.0  # 万 and 亿 stand with the number
                cells += dim([signed(of, factor)[0]], holds_zero(of))
            rows.append([year, *cells])
        groups.append((f"[bold]{plan}[/bold]", rows))
    heads = [said("year"), *(said(head) for head, _ in _COLUMNS.values())]
    return blocks(width, heads, groups)
