"""Money by county, and tables, of further entries and of programmes of a plan's own."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.scenario.budget_trees import tree_of_column
from fupin.scenario.load import Resolved, resolve, resolve_text
from fupin.scenario.money_table import read_money_table
from fupin.scenario.plan_table import csv_text, table_of_plan
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS, WITH_ENTRIES
from fupin.scenario.programme_names import heading_of, programme_of
from fupin.scenario.programmes import Programmes
from fupin.scenario.remarks import remarks
from fupin.scenario.table_plan import plan_text
from fupin.yaml.tree import Mark
from hypothesis import given, settings
from hypothesis import strategies as st

BASE = """
extends: fupin:2009-document
programmes:
  household_projects:
    extra:
      north: {budget: {Zhangbei: 4 million, 康保县: 6000001}}
      south: {budget: 3 million, counties: [Daming]}
  bee_keeping:
    kind: asset
    unit_cost: 1500
    budget: {大名县: 100万元, 阜平: 20万元}
    effect: {value: 1.1, source: a guess}
"""


def loaded(text: str, folder: Path) -> Resolved:
    return resolve_text(textwrap.dedent(text), folder / "plan.yaml")


def money(plan: Resolved, key: str) -> dict[int, Any]:
    said = plan.scenario.programmes.of(key).by_county
    assert said is not None
    return dict(said.counties)


def test_the_catalogue_knows_which_programmes_have_entries() -> None:
    fields = Programmes.model_fields
    have = [k for k in PROGRAMME_KEYS if "extra" in type(fields[k].default).model_fields]
    assert tuple(have) == WITH_ENTRIES


def test_a_county_is_one_county_whatever_its_name_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    own = """
        extends: base.yaml
        programmes:
          household_projects: {extra: {north: {budget: {张北: 5 million, Kangbao: null}}}}
          bee_keeping: {budget: {Fuping: 30万元}}
    """
    plan = loaded(own, tmp_path)
    assert money(plan, "household_projects/north") == {130722: 5_000_000}
    assert money(plan, "asset/bee_keeping") == {130425: 1_000_000, 130624: 300_000}


def test_a_column_of_a_table_is_the_money_of_an_entry(tmp_path: Path) -> None:
    (tmp_path / "money.csv").write_text(
        "单位：万元\n县,产业扶贫,产业扶贫/north,蜂\n大名县,7,,3\n张北县,8,12.5,4\n",
        encoding="gb18030",
    )
    own = """
        extends: fupin:2009-document
        programmes:
          household_projects:
            budget: {by: county, table: money.csv}
            extra: {north: {budget: {by: county, table: money.csv}}}
          bee_keeping:
            kind: asset
            unit_cost: 1500
            budget: {by: county, table: money.csv, column: 蜂}
            effect: {value: 1.1, source: a guess}
    """
    plan = loaded(own, tmp_path)
    assert money(plan, "household_projects") == {130425: 70_000, 130722: 80_000}
    assert money(plan, "household_projects/north") == {130722: 125_000}
    assert money(plan, "asset/bee_keeping") == {130425: 30_000, 130722: 40_000}


def _through_a_table(plan: Resolved, base: str, folder: Path) -> Resolved:
    """A plan's table, written, read and laid over `base`."""
    file = folder / "back.csv"
    file.write_text(csv_text(table_of_plan(plan.scenario, "元")), encoding="utf-8")
    table = read_money_table(file)
    out = folder / "again.yaml"
    return resolve_text(plan_text(table, resolve(base), out, "again"), out)


amounts = st.dictionaries(
    st.sampled_from([130425, 130722, 130624, 130121, 130723]), st.integers(1, 10**9), min_size=1
)


@settings(deadline=None, max_examples=6)
@given(st.dictionaries(st.sampled_from(WITH_ENTRIES), amounts, min_size=1, max_size=3), amounts)
def test_entries_and_own_programmes_come_back_to_the_yuan(
    tmp_path_factory: pytest.TempPathFactory, more: dict[str, dict[int, int]], own: dict[int, int]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    entries = "".join(f"  {key}: {{extra: {{more: {{budget: {said}}}}}}}\n"
                      for key, said in more.items())  # fmt: skip
    bees = f"kind: asset, unit_cost: 9, budget: {own}, effect: {{value: 1, source: a guess}}"
    text = f"extends: fupin:2009-document\nprogrammes:\n{entries}  bees: {{{bees}}}\n"
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    plan = resolve(str(folder / "plan.yaml"))
    again = _through_a_table(plan, str(folder / "plan.yaml"), folder)
    for key in plan.scenario.programmes.keys:
        assert again.scenario.calendar(key).total == plan.scenario.calendar(key).total, key
    for key, said in more.items():
        assert money(again, f"{key}/more") == dict(sorted(said.items()))
    assert money(again, "asset/bees") == dict(sorted(own.items()))


def test_an_own_programme_that_the_base_has_not_is_refused_with_a_way_out(tmp_path: Path) -> None:
    plan = loaded(BASE, tmp_path)
    with pytest.raises(InputError) as refused:
        _through_a_table(plan, "fupin:2009-document", tmp_path)
    assert "--extends" in (refused.value.instead or "")
    assert "bee_keeping" in refused.value.message


@pytest.mark.parametrize("key", [*PROGRAMME_KEYS, "household_projects/north", "asset/bees"])
def test_headings_of_fupin_are_read(key: str) -> None:
    assert programme_of(heading_of(key)) == key
    assert programme_of(f"{heading_of(key)} (万元)") == key


def test_a_further_entry_of_a_programme_that_has_none_is_no_heading() -> None:
    assert programme_of("relocation/north") is None
    assert programme_of("产业扶贫/北部") is None


def test_what_only_the_plan_has_is_compared_with_nothing(tmp_path: Path) -> None:
    """Warnings of small amounts do not ask a base for what it has not."""
    small = loaded(BASE.replace("budget: 3 million", "budget: 3000"), tmp_path).scenario
    assert not [r for r in remarks(small) if "household_projects/south" in r.programmes]


def test_the_marks_of_a_table_of_entries_are_its_cells(tmp_path: Path) -> None:
    file = tmp_path / "money.csv"
    file.write_text("单位：元\n县,产业扶贫/north\n大名县,7\n", encoding="utf-8")
    table = read_money_table(file)
    tree = tree_of_column(table, "household_projects/north", Mark(file, 1, 1))
    assert tree.entries["130425"].key_mark.line == 3
