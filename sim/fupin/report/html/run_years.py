"""What a plan does in each year to its horizon: one section of a run's report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.report.html.parts import Row, Section, Table
from fupin.report.html.shared import of_ends, runs_of
from fupin.results.outcome import OUTCOMES
from fupin.words.language import Language

BY_YEAR = ("income_poor_end", "person_years_out", "gap_closed", "npv_income_5", "resource_cost")
"""Outcomes that have a column."""


def years_section(say: Language, summary: Mapping[str, Any]) -> list[Section]:
    """A table by year; nothing where there is one year alone, or an older fupin's result."""
    years = {year: part["outcomes"] for year, part in summary["by_year"].items()}
    if len(years) < 2 or any("person_years_out" not in outcomes for outcomes in years.values()):
        return []
    rows = []
    for year, outcomes in years.items():
        cells = []
        for key in BY_YEAR:
            money = OUTCOMES[key].unit == "yuan"
            estimate = say.money_estimate if money else say.estimate
            cells.append(say.with_interval(estimate(outcomes[key])))
        rows.append(Row([year, *cells]))
    heads = [say("column.year"), *(say(f"years.{key}") for key in BY_YEAR)]
    caption = of_ends(say, "years.caption", runs_of(summary))
    table = Table(caption, heads, "l" + "r" * len(BY_YEAR), rows, note=say("years.note"))
    first = next(iter(years.values()))["person_years_out"]
    lead = say(
        "years.lead",
        total=say.with_interval(say.estimate(summary["outcomes"]["person_years_out"])),
        first=say.with_interval(say.estimate(first)),
        last=max(years),
    )
    return [Section("years", say("section.years"), lead, [table])]
