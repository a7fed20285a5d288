"""What each year to the horizon brings, in the report of a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from fupin.lives.one_run import simulate
from fupin.lives.summary import summarise
from fupin.report.html.parts import Table
from fupin.report.html.run_years import BY_YEAR, years_section
from fupin.results.draws import CENTRAL
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.words.language import Language


@pytest.fixture(scope="module")
def small() -> Callable[[int], Any]:
    """The summary of one small run to a horizon, lived once."""

    @cache
    def of(horizon: int) -> Any:
        found = load_scenario("fupin:2009-document")
        people = found.population.model_copy(update={"sample": 0.005})
        plan = found.model_copy(update={"population": people, "horizon": horizon})
        return json.loads(json.dumps(summarise([simulate(plan, CENTRAL, 1)], PROGRAMME_KEYS)))

    return of


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("horizon", [2009, 2011])
def test_every_year_to_the_horizon_has_a_row(
    small: Callable[[int], Any], language: str, horizon: int
) -> None:
    summary = small(horizon)
    say = Language.of(language)
    sections = years_section(say, summary)
    if horizon == 2009:
        assert sections == []  # one year alone is told by the other sections
        return
    (section,) = sections
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert [row.cells[0] for row in table.rows] == ["2009", "2010", "2011"]
    assert all(len(row.cells) == 1 + len(BY_YEAR) for row in table.rows)
    total = say.estimate(summary["outcomes"]["person_years_out"])[0]
    assert total in section.lead and "2011" in section.lead


def test_costs_are_those_to_the_horizon_and_are_said_to_be(small: Callable[[int], Any]) -> None:
    summary = small(2011)
    costs = [part["outcomes"]["resource_cost"]["mean"] for part in summary["by_year"].values()]
    whole = summary["outcomes"]["resource_cost"]["mean"]
    assert whole == pytest.approx(sum(costs)) and abs(sum(costs[1:])) > 1e6
    assert "up to the horizon" in Language.of("en")("cost.note")
    assert "计至期末年" in Language.of("zh")("cost.note")
