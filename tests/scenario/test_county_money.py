"""Money by county in a plan: read, merged, refused, warned of; its sums lose no yuan."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.scenario.county_money import CountyMoney
from fupin.scenario.difference import changes
from fupin.scenario.digest import digest_text
from fupin.scenario.dump import dump_scenario
from fupin.scenario.load import load_scenario, resolve, resolve_text
from fupin.scenario.places import county_index
from fupin.scenario.schema import Scenario
from fupin.words.language import Language
from fupin.words.remarks import of_plan
from hypothesis import given, settings
from hypothesis import strategies as st

DAMING, WEI, SHE = 130425, 130434, 130426


def write(folder: Path, text: str, name: str = "plan.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def money(file: Path, key: str = "household_projects") -> Any:
    found = load_scenario(file).programmes.of(key).by_county
    assert found is not None
    return dict(found.counties)


def test_the_usual_allocation_table(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "extends: fupin:2009-document\nprogrammes:\n  household_projects:\n    budget:\n"
        "      大名县: 850万元\n      魏县: 900万元/年\n      130426: 4.2 million\n",
    )
    assert money(file) == {DAMING: 8_500_000, SHE: 4_200_000, WEI: 9_000_000}
    plan = load_scenario(file)
    assert plan.calendar("household_projects").total == 21_700_000
    assert plan.programmes.household_projects.county_codes() == (DAMING, SHE, WEI)
    assert Scenario.model_validate(plan.model_dump(mode="json")) == plan
    again = write(tmp_path, dump_scenario(plan), "again.yaml")
    assert load_scenario(again).programmes == plan.programmes
    said = digest_text(resolve(file))
    assert "Daming 大名县" in said and "each its own amount" in said
    assert "less than 2009-document" in said


def test_files_merge_by_county_whatever_a_county_is_called(tmp_path: Path) -> None:
    write(tmp_path, "programmes: {relocation: {budget: {Daming: 1 million, 魏县: 2 million}}}\n",
          "base.yaml")  # fmt: skip
    own = "extends: base.yaml\nprogrammes: {relocation: {budget: "
    assert money(write(tmp_path, own + "{大名县: 3 million}}}\n"), "relocation") == {
        DAMING: 3_000_000, WEI: 2_000_000,
    }  # fmt: skip
    assert money(write(tmp_path, own + "{大名县: null}}}\n"), "relocation") == {WEI: 2_000_000}
    for other, read in (("{2009: 5 million}", {2009: 5_000_000}), ("5 million", 5_000_000)):
        plan = load_scenario(write(tmp_path, own + other + "}}\n"))
        assert plan.programmes.relocation.budget == read
    (tmp_path / "t.csv").write_text("县,移民搬迁（万元）\n涉县,7\n", encoding="gb18030")
    table = write(tmp_path, own + "{by: county, table: t.csv}}}\n")
    assert money(table, "relocation") == {SHE: 70_000}  # a table is complete
    over = write(tmp_path, "extends: plan.yaml\nprogrammes: {relocation: {budget: {涉县: 8万}}}\n",
                 "over.yaml")  # fmt: skip
    assert money(over, "relocation") == {SHE: 80_000}


def test_balance_scales_counties_to_the_yuan(tmp_path: Path) -> None:
    write(tmp_path, "programmes:\n  relocation: {budget: {Daming: 1000001, 魏县: 2000002}}\n"
          "  skills_training: {budget: 500}\n", "base.yaml")  # fmt: skip
    file = write(tmp_path, "extends: base.yaml\nprogrammes: {skills_training: {budget: 1000}}\n"
                 "balance: relocation\n")  # fmt: skip
    found = money(file, "relocation")
    assert sum(found.values()) == 3_000_003 - 500 and found[WEI] == pytest.approx(
        2 * found[DAMING], abs=2
    )


@pytest.mark.parametrize(
    ("said", "found", "instead"),
    [
        ("budget: {Daming: 5, 大名县: 6}", "names already", "Keep one"),
        ("budget: {Damming: 5}", "no county", "`Daming`"),
        ("budget: {信都区: 5}", "means 2 counties", "its own line"),
        ("budget: {key: 5}", "means 52 counties", "its own line"),
        ("budget: {Daming: 5, 2009: 6}", "is a county, and other keys", "{2009: 5 million}"),
        ("budget: {Daming: 5, 魏县: {2009: 6}}", "by time", "or none"),
        ("budget: {Daming: {2009: 5, 2009-03: 6}}", "the same months", "out"),
        ("budget: {Daming: -5}", "negative", "cannot be negative"),
        ("budget: {Daming: null}", "No county has an amount", "off"),
        ("budget: {Daming: 5, 魏县: 3 M}", "unknown unit", "`3 million`"),
        ("budget: {Daming: 5}, counties: [魏县]", "where `counties`", "`counties: null`"),
        ("budget: {Daming: 5}, prefectures: [承德]", "where `prefectures`", "null"),
        ("budget: {Daming: 5}, except: [大名县]", "where `except`", "`except: null`"),
        ("budget: {Daming: 5}, counties: {poorest: 3}", "poorest are others", "counties: null"),
        ("budget: {by: county}", "not said which table", "table: money.xlsx"),
        ("budget: {by: county, table: gone.csv}", "no such file", ""),
        ("budget: {by: county, table: t.csv, sheeet: a}", "unknown key", "sheet"),
        ("budget: {by: village, table: t.csv}", "told by", "by: county"),
        ("budget: {by: county, table: t.csv}", "in which unit", "unit: 万元"),
        ("budget: {by: county, table: t.csv, unit: 斤}", "no unit of money", "万元"),
    ],
)
def test_a_mistake_is_one_message(tmp_path: Path, said: str, found: str, instead: str) -> None:
    (tmp_path / "t.csv").write_text("县,移民搬迁\n涉县,7\n", encoding="utf-8")
    file = write(tmp_path, f"programmes: {{relocation: {{{said}}}}}\n")
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    assert found in str(caught.value) and instead in (caught.value.instead or "")
    assert caught.value.line is not None


def test_parts_of_a_programme_say_what_to_do(tmp_path: Path) -> None:
    head = "extends: fupin:2009-document\nprogrammes: {village_advancement: {budget: {Daming: 5"
    with pytest.raises(InputError) as caught:
        load_scenario(write(tmp_path, head + "}}}\n"))
    assert "`lottery: null`" in (caught.value.instead or "")
    assert load_scenario(write(tmp_path, head + "}, lottery: null}}\n"))


def test_exclusion(tmp_path: Path) -> None:
    text = "programmes: {{relocation: {{budget: 5, {}}}}}\n"
    for where, number in (
        ("counties: key, except: [大名县]", 51),
        ("counties: {of: [key], except: Zhangjiakou key}", 40),
        ("prefectures: [Chengde], except: [Pingquan]", 10),
    ):
        plan = load_scenario(write(tmp_path, text.format(where)))
        codes = plan.programmes.relocation.county_codes()
        assert codes is not None and len(codes) == number
    alone = load_scenario(write(tmp_path, text.format("except: [大名县]")))
    assert DAMING not in (alone.programmes.relocation.county_codes() or ())
    for where, found in (
        ("counties: [大名县], except: [大名县]", "excluded"),
        ("counties: {of: key, except: 正定县}", "not among"),
    ):
        with pytest.raises(InputError, match=found):
            load_scenario(write(tmp_path, text.format(where)))


def test_an_envelope_holds(tmp_path: Path) -> None:
    text = "extends: fupin:2009-document\nenvelope: {{fiscal: {}}}\n"
    assert load_scenario(write(tmp_path, text.format("743 million"))).envelope
    file = write(tmp_path, text.format("742 million"))
    with pytest.raises(InputError, match="1 million yuan more than its envelope") as caught:
        load_scenario(file)
    assert caught.value.line == 2
    typed = (caught.value.instead or "").split("`")[1]
    assert load_scenario(write(tmp_path, text.format("0").replace("fiscal: 0", typed)))


def test_yuan_for_ten_thousands_is_warned_of(tmp_path: Path) -> None:
    def warned(programmes: str) -> list[str]:
        text = f"extends: fupin:2009-document\nprogrammes: {{{programmes}}}\n"
        return of_plan(Language("en"), load_scenario(write(tmp_path, text)))

    assert any("yuan were written" in w for w in warned("skills_training: {budget: 3054}"))
    counties = "household_projects: {budget: {大名县: 850万, 魏县: 900万, 涉县: 420, 广平县: 1万亿"
    assert any("涉县" in w for w in warned(counties.replace("1万亿", "300万") + "}}"))
    assert not warned("skills_training: {budget: 1 million}, relocation: off")
    assert not of_plan(Language("en"), load_scenario("fupin:2009-document"))


def test_a_later_name_is_said_by_check(tmp_path: Path) -> None:
    file = write(tmp_path, "programmes: {relocation: {budget: 5, counties: [平泉市, 大名县]}}\n")
    said = digest_text(resolve(file))
    assert (
        "平泉市 (平泉市 since 2017) is Pingquan 平泉县 in 2009" in said and "大名县 (" not in said
    )


def test_a_difference_names_the_counties(tmp_path: Path) -> None:
    text = "programmes: {{relocation: {{budget: {{Daming: 1 million, 魏县: {}}}}}}}\n"
    one, other = (load_scenario(write(tmp_path, text.format(n))) for n in ("5", "6"))
    (change,) = changes(one, other)
    assert "Weixian 魏县: 5 yuan" in change.before_words and "Daming" not in change.after_words


CODES = st.sampled_from(sorted(county_index().records))
TIMES = st.sampled_from([2009, "2009Q3", "2010-02", "2010Q4", 2011])
AMOUNTS = st.one_of(
    st.dictionaries(CODES, st.integers(0, 10**9), min_size=1, max_size=9),
    st.dictionaries(
        CODES, st.dictionaries(TIMES, st.integers(0, 10**9), min_size=1, max_size=1),
        min_size=1, max_size=9,
    ),
)  # fmt: skip


def _month(index: int) -> str:
    return f"{index // 12}-{index % 12 + 1:02d}"


@settings(max_examples=150, deadline=None)
@given(AMOUNTS, st.integers(1, 12), st.integers(0, 20), st.integers(0, 23))
def test_counties_sum_to_the_programme_in_every_year(
    counties: dict[int, Any], starts: int, first: int, months: int
) -> None:
    begin, end = 2009 * 12 + first, 2009 * 12 + first + months
    plan = Scenario.model_validate(
        {
            "name": "a", "fiscal_year_start": starts,
            "period": {"start": _month(begin), "end": _month(end)},
            "programmes": {"relocation": {"budget": counties}},
        }
    )  # fmt: skip
    whole = plan.calendar("relocation")
    assert isinstance(plan.programmes.relocation.budget, CountyMoney)
    each = [
        plan.calendar_with("relocation", yuan)
        for yuan in plan.programmes.relocation.budget.counties.values()
    ]
    for year in range(2008, 2013):
        assert whole.in_fiscal_year(year) == sum(one.in_fiscal_year(year) for one in each)
    assert whole.total == sum(one.total for one in each)
    assert sum(whole.outside.values()) == sum(sum(one.outside.values()) for one in each)


@pytest.mark.parametrize("prefecture", ["张家口", "Handan", "保定市"])
def test_a_prefecture_in_a_budget_is_answered_with_its_counties(prefecture: str) -> None:
    """What the advice names can stand there: a budget by county has no groups."""
    text = "programmes: {{household_projects: {{budget: {{{}: 850万元}}}}}}\n"
    with pytest.raises(InputError, match="is a prefecture") as refused:
        resolve_text(text.format(prefecture), Path("plan.yaml"))
    names = re.findall(r"`(.+?)`", refused.value.instead or "")
    assert len(names) == 2
    for name in names:
        assert resolve_text(text.format(name), Path("plan.yaml")).scenario


@pytest.mark.parametrize("time", ["2009H1", "2009上半年", "2009-Q1", "2010年底"])
def test_a_time_that_is_none_is_no_county(time: str) -> None:
    text = f"programmes: {{household_projects: {{budget: {{{time}: 850万元}}}}}}\n"
    with pytest.raises(InputError, match=r"quarter|month|2009Q1") as refused:
        resolve_text(text, Path("plan.yaml"))
    assert "2009" in (refused.value.instead or "")
