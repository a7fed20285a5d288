"""`parameters` of a plan act from its start or later; another past has a word of its own."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.scenario.difference import changes
from fupin.scenario.digest import digest_text
from fupin.scenario.dump import dump_scenario, scenario_mapping
from fupin.scenario.load import load_scenario, resolve
from fupin.scenario.months import Month
from fupin.scenario.overrides import Overrides

REVIEW = "register.review_probability"
TEXT = f"""
period: {{start: 2009-01, end: 2010-12}}
parameters:
  from: 2010-01
  {REVIEW}: 0
history: {{parameters: {{livelihood.village_sd: 0.3, {REVIEW}: 0.4}}}}
"""


def written(folder: Path, text: str, name: str = "plan.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def refused(folder: Path, text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        load_scenario(written(folder, text))
    return caught.value


def test_both_times_are_read_told_and_written_again(tmp_path: Path) -> None:
    plan = load_scenario(written(tmp_path, TEXT))
    assert plan.parameters == Overrides({REVIEW: 0.0}, Month(2010, 1))
    assert plan.history.parameters == {"livelihood.village_sd": 0.3, REVIEW: 0.4}
    again = load_scenario(written(tmp_path, dump_scenario(plan), "again.yaml"))
    assert again == plan
    assert scenario_mapping(plan)["parameters"] == {"from": "2010-01", REVIEW: 0.0}
    told = digest_text(resolve(written(tmp_path, TEXT)))
    assert f"{REVIEW} = 0 from 2010-01 on" in told
    assert f"{REVIEW} = 0.4, before the plan and on" in told


def test_they_are_values_like_others() -> None:
    one = Overrides({"a.b": 1.0}, Month(2010, 1))
    for other in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
        assert other == one and hash(other) == hash(one)
    assert one != Overrides({"a.b": 1.0}) == {"a.b": 1.0}
    assert dict(one) == {"a.b": 1.0} and one.as_written() == {"from": "2010-01", "a.b": 1.0}


def test_inherited_parameters_merge_and_null_takes_them_away(tmp_path: Path) -> None:
    written(tmp_path, TEXT, "base.yaml")
    more = "extends: base.yaml\nparameters: {programmes.financial_loss: 0.1}\n"
    plan = load_scenario(written(tmp_path, more))
    assert plan.parameters == Overrides(
        {REVIEW: 0.0, "programmes.financial_loss": 0.1}, Month(2010, 1)
    )
    less = f"extends: base.yaml\nparameters: {{from: null, {REVIEW}: null}}\n"
    assert load_scenario(written(tmp_path, less)).parameters == Overrides({})


@pytest.mark.parametrize(
    ("name", "value"), [("livelihood.village_sd", "0.2"), ("mutual_funds.old_villages", "10")]
)
def test_what_shapes_the_start_is_refused_with_advice_that_works(
    name: str, value: str, tmp_path: Path
) -> None:
    error = refused(tmp_path, f"parameters:\n  {name}: {value}\n")
    assert (error.line, error.column) == (2, 3)
    assert "history is not rewritten" in error.message
    (advice,) = [part for part in (error.instead or "").split("`") if part.startswith("history")]
    plan = load_scenario(written(tmp_path, advice + "\n"))
    assert plan.history.parameters == {name: float(value)}


def test_what_is_read_once_cannot_change_later(tmp_path: Path) -> None:
    line = "  rural_works.road_length: 5\n"
    assert load_scenario(written(tmp_path, "parameters:\n" + line)).parameters
    now = "parameters:\n  from: 2009-01\n" + line
    assert load_scenario(written(tmp_path, now)).parameters
    error = refused(tmp_path, "parameters:\n  from: 2009-02\n" + line)
    assert error.line == 3 and "read once" in error.message
    assert "Take out `from`" in str(error.instead)


@pytest.mark.parametrize(
    ("text", "line", "found", "instead"),
    [
        (f"parameters: {{from: 2008-12, {REVIEW}: 0}}\n", 1, "before the plan's first month",
         "history: {parameters"),
        (f"horizon: 2010\nparameters: {{from: 2011-01, {REVIEW}: 0}}\n", 2, "after the last month",
         "2009-01 to 2010-12"),
        (f"parameters: {{from: 2009, {REVIEW}: 0}}\n", 1, "names a year", "2009-01"),
        ("parameters: {from: 2009-06}\n", 1, "No parameter acts from 2009-06", "`from: null`"),
        (f"history: {{parameters: {{from: 2009-06, {REVIEW}: 0}}}}\n", 1, "no first month",
         "parameters: {from"),
        ("history: {parameters: {register.revue_probability: 0}}\n", 1, "revue_probability",
         "review_probability"),
        (f"history: {{parameters: {{{REVIEW}: 7}}}}\n", 1, "outside 0", "central value"),
        ("history: {years: 3}\n", 1, "unknown key", "parameters"),
        ("parameters: {costs.impact_low: 2}\n", 1, "no world reads it", "costs.yaml"),
        ("history: {parameters: {costs.impact_low: 2}}\n", 1, "no world reads it", "costs.yaml"),
        ("parameters: {programmes.fiscal_funds_of_last: 700000000000}\n", 1, "is a part of",
         "at most 3110000000"),
        ("history: {parameters: {programmes.fiscal_funds: 700}}\n", 1, "is a part of", "together"),
        ("parameters: {livelihood.season_01: 0.5}\n", 1, "sum to", "together"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_place(
    text: str, line: int, found: str, instead: str, tmp_path: Path
) -> None:
    error = refused(tmp_path, text)
    assert error.line == line
    assert found in error.message, error
    assert instead in str(error.instead), error


def test_shares_that_are_changed_together_are_taken(tmp_path: Path) -> None:
    """The advice was to change them together, and each was looked at alone."""
    text = "parameters: {livelihood.season_01: 0.0, livelihood.season_02: 0.2}\n"
    with pytest.raises(InputError):
        load_scenario(written(tmp_path, "parameters: {livelihood.season_01: 0.0}\n"))
    from fupin.parameters.book import load_book

    values = load_book().values()
    both = values["livelihood.season_01"] + values["livelihood.season_02"]
    text = f"parameters: {{livelihood.season_01: 0, livelihood.season_02: {both:.10g}}}\n"
    assert len(load_scenario(written(tmp_path, text)).parameters) == 2


def test_a_difference_says_which_time_it_is_of(tmp_path: Path) -> None:
    one = load_scenario(written(tmp_path, TEXT))
    other = load_scenario(
        written(tmp_path, TEXT.replace("from: 2010-01", "from: 2010-07").replace("0.4", "0.5"))
    )
    found: dict[str, Any] = {change.what: change for change in changes(one, other)}
    assert set(found) == {"first month of the parameters", f"history, parameter {REVIEW}"}
    assert found["first month of the parameters"].after_words == "2010-07"
