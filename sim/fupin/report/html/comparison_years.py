"""What plans bring year by year beyond the base: one section of a comparison's report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.report.html.parts import Block, Note, Row, Section, Table
from fupin.results.outcome import OUTCOMES
from fupin.words.language import Language

BY_YEAR = ("person_years_out", "gap_closed", "npv_income_5", "resource_cost", "lifted")
"""Outcomes that have a column."""


def years_section(
    say: Language, comparison: Mapping[str, Any], titles: Mapping[str, str]
) -> list[Section]:
    """A table for each plan; nothing where one year alone was lived, or an older fupin did."""
    found = comparison.get("by_year")
    if not found:
        return []
    heads = [say("column.year"), *(say(f"years.{key}") for key in BY_YEAR)]
    tables: list[Block] = []
    for plan, by_year in found.items():
        rows = []
        for year, entries in by_year.items():
            cells = [
                say.with_interval(_signed(say, key, entries[key]["difference"])) for key in BY_YEAR
            ]
            rows.append(Row([year, *cells]))
        caption = say("years.of_plan", plan=titles[plan], base=titles[comparison["base"]])
        tables.append(Table(caption, heads, "l" + "r" * len(BY_YEAR), rows))
    lead = say("years.comparison_lead", last=max(next(iter(found.values()))))
    return [Section("years", say("section.years"), lead, [*tables, Note(say("years.note"))])]


def _signed(say: Language, key: str, difference: Mapping[str, Any]) -> tuple[str, str]:
    if OUTCOMES[key].unit == "yuan":
        return say.money_estimate(difference, signed=True)
    return say.signed(difference)
