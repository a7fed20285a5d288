"""What plans bring year by year sums to what they bring, and is told of every year."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.comparison.tables import tables_of
from fupin.comparison.years import BY_YEAR, OF_TWINS, by_year
from fupin.report.html.comparison_years import years_section
from fupin.report.html.parts import Table
from fupin.words.language import Language
from small_comparison import BASE, MORE, two_plans

YEARS = ["2010", "2011", "2012"]


def test_years_are_those_of_the_horizon_and_sum_to_the_whole() -> None:
    _, _, found = two_plans()
    years = found["by_year"][MORE.name]
    assert list(years) == YEARS and all(list(of) == list(BY_YEAR) for of in years.values())
    whole = found["outcomes"][MORE.name]
    for key in ("person_years_out", "gap_closed", "npv_income_5", "resource_cost"):
        for side in ("base", "plan"):
            parts = [of[key][side] for of in years.values()]
            assert sum(parts) == pytest.approx(whole[key][side], rel=1e-9, abs=1e-6), key
    # Money and the register are of the period: nothing is spent after it.
    assert years["2012"]["spent"]["plan"] < 0.05 * whole["spent"]["plan"]
    assert years["2010"]["spent"]["difference"]["mean"] > 0
    # What courses bring goes on after their money.
    assert years["2012"]["person_years_out"]["plan"] > 0


def test_a_world_without_programmes_adds_nothing_to_itself() -> None:
    _, runs, _ = two_plans()
    grids = runs.grids("world_years", ("world", "year", "outcome"), "value")
    (none,) = set(runs.bare_of.values())
    for year in map(int, YEARS):
        assert all((grids[none, year, key] == 0).all() for key in OF_TWINS)
        poor = grids[none, year, "income_poor_end"] - grids[MORE.name, year, "income_poor_end"]
        np.testing.assert_array_equal(poor, grids[MORE.name, year, "person_years_out"])


def test_every_number_is_a_row_of_the_table() -> None:
    _, runs, found = two_plans()
    table = tables_of(runs, found)["years"]
    assert len(table["plan"]) == len(YEARS) * len(BY_YEAR)
    assert set(table["unit"]) >= {"persons", "yuan"}


def test_one_year_has_no_table_of_years() -> None:
    _, runs, _ = two_plans()
    rows = [r.tables["world_years"] for r in runs.results]
    first = [{name: column[t["year"] == 2010] for name, column in t.items()} for t in rows]
    kept = [r.tables for r in runs.results]
    try:
        for result, table in zip(runs.results, first, strict=True):
            object.__setattr__(result, "tables", {**result.tables, "world_years": table})
        assert by_year(runs) == {}
    finally:
        for result, tables in zip(runs.results, kept, strict=True):
            object.__setattr__(result, "tables", tables)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_has_a_row_for_every_year(language: str) -> None:
    _, _, found = two_plans()
    say = Language.of(language)
    titles = {plan.name: plan.name for plan in (BASE, MORE)}
    (section,) = years_section(say, found, titles)
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert [row.cells[0] for row in table.rows] == YEARS
    assert MORE.name in table.caption and BASE.name in table.caption
    assert years_section(say, {**found, "by_year": {}}, titles) == []
    assert years_section(say, {k: v for k, v in found.items() if k != "by_year"}, titles) == []
