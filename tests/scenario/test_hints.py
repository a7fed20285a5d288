"""Keys that are known elsewhere: the advice is what to write, and it can be typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.scenario.load import load_scenario
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.scenario.programme_names import CHINESE
from fupin.sweeps.file import load_sweep

BASE = "extends: fupin:2009-document\n"


def refused(tmp_path: Path, text: str) -> InputError:
    file = tmp_path / "plan.yaml"
    file.write_text(BASE + text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_scenario(file)
    assert error.value.file == file  # never a place in a file that the planner did not write
    assert error.value.line is not None
    return error.value


@pytest.mark.parametrize("key", [key for key in PROGRAMME_KEYS if key in CHINESE])
def test_programmes_are_known_by_their_names_wherever_they_stand(tmp_path: Path, key: str) -> None:
    name = CHINESE[key][0]
    advice = refused(tmp_path, f"programmes: {{'{name}': {{budget: 1 million}}}}\n").instead
    assert f"`{key}`" in (advice or "")
    for written in (key, f"'{name}'"):
        advice = refused(tmp_path, f"{written}: {{budget: 1 million}}\n").instead
        assert f"programmes: {{{key}:" in (advice or "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("programmes: {relocation: {start: 2009-02}}\n", "`from`"),
        ("programmes: {relocation: {until: 2009-05}}\n", "`to`"),
        ("programmes: {relocation: {县: 张北}}\n", "`counties`"),
        ("programmes: {relocation: , budget: 1}\n", "below the programme's name"),
        ("programmes: {household_projects/north: {budget: 1}}\n", "extra: {north:"),
        ("programmes.relocation.budget: 5\n", "`programmes: {relocation: {budget: ...}}`"),
        ("period: {from: 2009-01}\n", "`start`"),
        ("seeds: 3\n", "--seeds"),
        ("sample: 0.1\n", "population: {sample:"),
        ("factors: {counting: [survey]}\n", "fupin sweep"),
        ("shocks: {drought: {counties: all, from: 2009-06}}\n", "dry: {drought:"),
        ("programmes:\n\u3000\u3000relocation: off\n", "plain space"),
        ("programmes: {\xa0relocation: off}\n", "plain space"),
        ("programmes: {relocation\u200b: off}\n", "Delete it"),
    ],
)
def test_a_key_in_the_wrong_place_is_told_where_it_stands(
    tmp_path: Path, text: str, words: str
) -> None:
    assert words in (refused(tmp_path, text).instead or "")


@pytest.mark.parametrize(
    "text",
    [
        "period: {start: 2010-01}\n",  # the end is inherited
        "programmes: {skills_training: {from: 2010-01}}\n",
        "programmes: {integrated_funds: {budget: {大名: 1 million}}}\n",
        "programmes: {integrated_funds: {budget: 1 million}}\n",
    ],
)
def test_what_does_not_go_with_what_is_inherited_is_told_in_the_own_file(
    tmp_path: Path, text: str
) -> None:
    refused(tmp_path, text)


@pytest.mark.parametrize(
    ("factor", "advice"),
    [
        ("skills_training.budget", "programmes.skills_training.budget"),
        ("history.parameters.register.review_probability", "Write register.review_probability"),
        ("programmes.household_projects/n.budget", "programmes.household_projects.extra.n.budget"),
        ("name", "Delete it"), ("balance", "Delete it"),
    ],
)  # fmt: skip
def test_advice_on_factors_is_another_path(tmp_path: Path, factor: str, advice: str) -> None:
    file = tmp_path / "sweep.yaml"
    file.write_text(f"scenario: fupin:2009-document\nfactors:\n  {factor}: [1, 2]\n")
    with pytest.raises(InputError) as error:
        load_sweep(file)
    assert advice in (error.value.instead or "")


def test_a_plan_given_as_a_sweep_and_a_table_as_a_plan(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(BASE)
    with pytest.raises(InputError, match="fupin run"):
        load_sweep(file)
    table = tmp_path / "money.csv"
    table.write_text("单位：万元\n", encoding="utf-8")
    with pytest.raises(InputError, match="fupin import"):
        load_scenario(table)
    refused_ = refused(tmp_path, f"title: x\nparameters: {{}}\nprogrammes: {{x: {table.name}}}\n")
    assert refused_.instead


@pytest.mark.parametrize("year", ["２００９", "' 2009'", "1999", "2101"])
def test_years_of_budgets_are_no_codes(tmp_path: Path, year: str) -> None:
    error = refused(tmp_path, f"programmes: {{relocation: {{budget: {{{year}: 1 million}}}}}}\n")
    assert "2009" in (error.instead or "")


@pytest.mark.parametrize("group", ["国定", "重点县", "黑龙港", "key"])
def test_a_group_in_brackets_is_checked(tmp_path: Path, group: str) -> None:
    file = tmp_path / "plan.yaml"
    text = "programmes: {{relocation: {{counties: ['{}（{}）']}}}}\n"
    file.write_text(BASE + text.format("大名县", group), encoding="utf-8")
    assert load_scenario(file).programmes.of("relocation").county_codes() == (130425,)
    assert "is not true" in refused(tmp_path, text.format("正定县", group)).message
