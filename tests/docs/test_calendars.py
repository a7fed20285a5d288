"""The page about time: its example is a plan, and has the money that the page says."""

from __future__ import annotations

import re
from pathlib import Path

from fupin.scenario.load import load_scenario
from fupin.scenario.months import Month

PAGE = Path(__file__).parents[2] / "docs" / "calendars.md"


def test_the_example_is_a_plan_with_the_money_that_it_says(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.S)
    file = tmp_path / "plan.yaml"
    file.write_text(blocks[0])
    plan = load_scenario(file)
    assert (str(plan.period.start), str(plan.period.end)) == ("2009-07", "2011-06")
    assert plan.fiscal_year_start == 7 and plan.lived.end.year == 2013
    works = plan.calendar("rural_works").by_month
    given = {str(Month.of_index(month)): yuan for month, yuan in works.items()}
    assert sum(given.values()) == 85_000_000
    assert min(given) == "2009-07" and max(given) == "2011-06"
    assert sum(plan.calendar("skills_training").by_month.values()) == 60_000_000
