"""Lists of villages as plans write them: read, refused, told, written back and warned of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.population.counties import county_table
from fupin.scenario.difference import changes
from fupin.scenario.digest import digest_text
from fupin.scenario.dump import dump_scenario, scenario_mapping
from fupin.scenario.load import load_scenario, resolve
from fupin.scenario.schema import Scenario
from fupin.scenario.served import default_codes, key_codes, served_codes
from fupin.scenario.village_list import MOST_VILLAGES, listed_codes
from fupin.state.feasible import infeasible
from fupin.words.language import LANGUAGES, Language
from fupin.words.remarks import of_plan
from hypothesis import given, settings
from hypothesis import strategies as st

MILLION = 10**6
PLANS = {"village_advancement": {"budget": 100 * MILLION}}


def plan(start: str = "2011-01", end: str = "2012-12", **keys: Any) -> Scenario:
    keys = {"programmes": PLANS, **keys}
    return Scenario.model_validate({"name": "a", "period": {"start": start, "end": end}, **keys})


def loaded(folder: Path, said: str, more: str = "") -> Scenario:
    file = folder / "a.yaml"
    file.write_text(
        f"name: a\nperiod: {{start: 2011-01, end: 2012-12}}\nvillage_list: {said}\n{more}",
        encoding="utf-8",
    )
    return load_scenario(file)


@pytest.mark.parametrize("said, groups", [
    ("{add: 1000}", 1_000),
    ('{add: "1,000"}', 1_000),
    ("{add: 1,000 个村}", None),  # braces end a number at its comma
    ("{add: 1000个村}", 1_000),
    ("{add: 0.1万个村}", 1_000),
    ("{add: ２００}", 200),
    ("{renew: 3000 villages, by: registered}", 3_000),
    ("{add: {张北县: 20个村, Daming: 15, 130132: null}}", 35),
    ("{add: 0}", 0),
    ("null", 0),
])  # fmt: skip
def test_numbers_are_read_as_offices_write_them(
    said: str, groups: int | None, tmp_path: Path
) -> None:
    if groups is None:
        with pytest.raises(InputError, match="comma"):
            loaded(tmp_path, said)
        return
    found = loaded(tmp_path, said).village_list
    assert (0 if found is None else found.number) == groups
    assert found is None or sum(number for _, number in found.groups) == groups


REFUSED = {
    "{add: 100, from: 2013-05}": "outside the plan's period, 2011-01 to 2012-12",
    "{add: 100, from: 2010-12}": "outside the plan's period",
    "{add: 100, renew: 4}": "either added to or renewed",
    "{by: income}": "not said how many",
    "{renew: 0}": "no village",
    "{add: {张北县: 20}, counties: key}": "names its counties already",
    "{add: some}": "no number of villages",
    "{add: 20 persons}": "no number of villages",
    "{add: yes}": "no number of villages",
    "{add: 2.5}": "no number of villages",
    "{add: -3}": "out of range",
    "{add: 70000}": "out of range",
    "{add: {2011: 300}}": "no counties",
    "{add: {Atlantis: 300}}": "no county",
    "{add: {张北县: 3, Zhangbei: 4}}": "Keep one of the two",
    "{add: 300, by: poverty}": "not one of the choices",
    "{add: 300, counties: [Atlantis]}": "no county",
    "{ad: 300}": "unknown key",
    "500": "no list",
    "[张北县]": "no list",
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_is_no_list_is_refused_with_its_line_in_one_message(said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        loaded(tmp_path, said)
    text = str(refused.value)
    assert REFUSED[said] in text and "a.yaml:3:" in text and "village_list" in text
    assert "\n" not in text


def test_a_list_under_a_programme_is_told_where_it_stands(tmp_path: Path) -> None:
    more = "programmes: {rural_works: {budget: 20 million, list: {add: 4}}}\n"
    with pytest.raises(InputError, match="beside `programmes`"):
        loaded(tmp_path, "null", more)


NAMES = ["张北县", "Daming", "正定县", "130682"]
LISTS = st.fixed_dictionaries(
    {"by": st.sampled_from(["income", "registered", "need", "equal"])},
    optional={"from": st.sampled_from(["2011-01", "2011-07", "2012-12"])},
).flatmap(
    lambda rest: st.one_of(
        st.fixed_dictionaries(
            {"add": st.integers(1, MOST_VILLAGES)},
            optional={"counties": st.lists(st.sampled_from(NAMES), min_size=1, unique=True)},
        ),
        st.fixed_dictionaries({"renew": st.integers(1, MOST_VILLAGES)}),
        st.fixed_dictionaries(
            {"add": st.dictionaries(st.sampled_from(NAMES), st.integers(1, 99), min_size=1)}
        ),
    ).map(lambda said: {**rest, **said})
)


@settings(max_examples=40, deadline=None)
@given(said=LISTS)
def test_a_list_is_written_as_it_is_read_and_told_in_both_languages(said: dict[str, Any]) -> None:
    found = plan(village_list=said)
    assert Scenario.model_validate(scenario_mapping(found)) == found
    assert plan() != found and [c.path for c in changes(plan(), found)] == ["village_list"]
    for code in LANGUAGES:
        for sentence in of_plan(Language(code), found):
            assert "{" not in sentence and "remark." not in sentence


def test_a_dumped_plan_loads_as_the_same_and_one_without_a_list_says_nothing(
    tmp_path: Path,
) -> None:
    found = plan(village_list={"add": {"张北县": 20, "Daming": 3}, "from": "2012-01"})
    file = tmp_path / "dumped.yaml"
    file.write_text(dump_scenario(found), encoding="utf-8")
    assert load_scenario(file) == found
    for none in (plan(), plan(village_list={"add": 0})):
        assert "village_list" not in dump_scenario(none)
        assert dump_scenario(none) == dump_scenario(plan())


def test_check_says_how_many_from_when_where_and_by_what(tmp_path: Path) -> None:
    loaded(tmp_path, "{add: 300, from: 2011-07, by: registered, counties: [张北县, Daming]}")
    text = " ".join(digest_text(resolve(tmp_path / "a.yaml")).split())
    assert "300 villages more from 2011-07, in Daming 大名县, Zhangbei 张北县" in text
    assert "most people registered" in text


# -- warnings --------------------------------------------------------------------------------------


def kinds(**keys: Any) -> list[str]:
    return [remark.kind for remark in infeasible(plan(**keys))]


def test_a_list_is_warned_of_where_it_cannot_act() -> None:
    assert kinds(village_list={"add": 1_000}) == []
    assert kinds(village_list={"add": 1_000}, programmes={}) == ["list_idle"]
    cards = {"minimum_living": {"budget": 5 * MILLION}}
    assert "list_idle" in kinds(village_list={"add": 1_000}, programmes=cards)
    works = {"rural_works": {"budget": 50 * MILLION}}
    assert kinds(village_list={"add": 1_000}, programmes=works) == ["list_no_plans"]
    early = {"village_advancement": {"budget": 60 * MILLION, "to": "2011-12"}}
    assert kinds(village_list={"add": 9, "from": "2012-01"}, programmes=early) == ["list_idle"]
    assert kinds(village_list={"add": 9, "from": "2011-02"}) == ["list_waits"]
    assert kinds(village_list={"add": 9, "from": "2012-02"}) == ["list_late"]
    assert kinds(village_list={"add": 9, "from": "2011-07"}, fiscal_year_start=7) == []
    assert kinds(village_list={"add": 40_000}) == ["list_whole"]
    assert kinds(village_list={"renew": 40_000}) == ["list_renewed_whole"]
    assert kinds(village_list={"add": {"张北县": 4_000, "Daming": 3}}) == ["list_whole"]


def test_more_villages_than_there_are_are_counted_with_the_county_table() -> None:
    table = county_table()
    row = list(table.code).index(130722)
    free = int(table.villages[row] - table.listed_villages[row])
    for more in (0, 1):
        said = {"add": {"张北县": free + more}}
        assert kinds(village_list=said) == ["list_whole"] * more


def test_money_that_the_first_list_leaves_has_takers_on_a_longer_one() -> None:
    rich = {"village_advancement": {"budget": 450 * MILLION}}

    def left(**keys: Any) -> list[str]:
        found = [r for r in infeasible(plan(programmes=rich, **keys)) if r.kind == "list_finished"]
        return [amount for remark in found for amount in remark.values["most"]]

    assert len(left()) == 2
    assert left(village_list={"add": 3_000}) == []
    assert len(left(village_list={"add": 3_000, "from": "2012-01"})) == 1
    assert left(village_list={"renew": 4_000}) == []
    # One that has hardly any village in the counties served is of no use there.
    far = {"village_list": {"add": 3_000, "counties": ["正定县", "任丘市"]}}
    here = {"village_advancement": {"budget": 450 * MILLION, "counties": ["Zhangbei"]}}
    assert kinds(programmes=here, **far).count("list_finished") == 1


def test_counties_with_villages_of_the_list_are_served() -> None:
    other = {"add": 20, "counties": ["正定县"]}
    found = plan(village_list=other)
    (code,) = {code for code in listed_codes(found)} - key_codes()
    settings_ = found.programmes.of("village_advancement")
    assert served_codes("village_advancement", settings_, listed=listed_codes(found)) == {
        code, *key_codes(),
    }  # fmt: skip
    assert default_codes("mutual_funds", settings_, listed=listed_codes(found)) == key_codes()
    named = {"village_advancement": {"budget": 9 * MILLION, "counties": ["正定县"]}}
    assert "all_unlisted" in kinds(programmes=named)
    assert "all_unlisted" not in kinds(programmes=named, village_list=other)
    # A new list from the start takes the place of the first; a later one follows it.
    only = {"renew": 20, "counties": ["正定县"]}
    assert listed_codes(plan(village_list=only)) == {code}
    assert listed_codes(plan(village_list={**only, "from": "2012-01"})) == {code, *key_codes()}
