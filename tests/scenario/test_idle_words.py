"""What is legal and does nothing is warned of, with the reason that holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.scenario.load import load_scenario
from fupin.words.language import Language
from fupin.words.remarks import of_plan

DROUGHT = "counties: all, from: 2009-06, months: 2, severity"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"shocks: {{dry: {{drought: {{{DROUGHT}: 0}}}}}}\n", "severity of 0"),
        (f"shocks: {{dry: {{drought: {{{DROUGHT}: 0.3}}}}}}\n", None),
        ("quota: 100000\n", "no effect"),
        ("counting: quota\nquota: 100000\n", None),
        ("programmes: {household_projects: {except: key}}\n", "`except` takes away"),
        ("programmes: {bees: {kind: transfer, budget: 900, unit_cost: 1000}}\n", "less than one"),
        ("programmes: {bees: {kind: loan, budget: 900, unit_cost: 1000}}\n", "less than one"),
        ("programmes: {bees: {kind: transfer, budget: 5 million, unit_cost: 50}}\n", None),
    ],
)
def test_what_does_nothing_is_warned_of(tmp_path: Path, text: str, words: str | None) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("extends: fupin:2009-document\n" + text)
    plan = load_scenario(file)
    for code in ("en", "zh"):
        found = of_plan(Language(code), plan)
        assert bool(found) == (words is not None)
        assert all(code == "en" or any("一" <= c <= "龥" for c in one) for one in found)
    if words is not None:
        assert any(words in one for one in of_plan(Language(), plan))


def test_a_drought_that_spares_every_county_says_why(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        "extends: fupin:2009-document\n"
        f"shocks: {{dry: {{drought: {{except: all, {DROUGHT}: 0.3}}}}}}\n"
    )
    with pytest.raises(InputError, match="excluded"):
        load_scenario(file)
