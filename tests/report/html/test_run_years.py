"""What each year to the horizon brings, in the report of a run."""

from __future__ import annotations

import json

import pytest
from fupin.lives.one_run import simulate
from fupin.lives.summary import summarise
from fupin.report.html.parts import Table
from fupin.report.html.run_years import BY_YEAR, years_section
from fupin.results.draws import CENTRAL
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.words.language import Language


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("horizon", [2009, 2011])
def test_every_year_to_the_horizon_has_a_row(language: str, horizon: int) -> None:
    found = load_scenario("fupin:2009-document")
    people = found.population.model_copy(update={"sample": 0.005})
    plan = found.model_copy(update={"population": people, "horizon": horizon})
    summary = json.loads(json.dumps(summarise([simulate(plan, CENTRAL, 1)], PROGRAMME_KEYS)))
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
