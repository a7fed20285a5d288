"""Which month brings how much: every yuan once, in its own months, or said not to be given."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.scenario.load import load_scenario
from fupin.scenario.money_calendar import MoneyCalendar
from fupin.scenario.months import Month
from fupin.scenario.remarks import remarks
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import Key, fiscal_year_of, read_key, span_of
from hypothesis import given, settings
from hypothesis import strategies as st

KEY = "relocation"


def plan(budget: Any, start: str = "2009-01", end: str = "2009-12", **keys: Any) -> Scenario:
    """A plan of one programme; `from_`, `to` and `starts` in `keys`."""
    named = {"from_": "from", "to": "to"}
    own = {named[key]: value for key, value in keys.items() if key in named}
    return Scenario.model_validate(
        {
            "name": "t",
            "period": {"start": start, "end": end},
            "fiscal_year_start": keys.get("starts", 1),
            "programmes": {KEY: {"budget": budget, **own}},
        }
    )


def by_month(scenario: Scenario) -> dict[str, int]:
    months = scenario.calendar(KEY).by_month
    return {str(Month.of_index(month)): yuan for month, yuan in months.items()}


def kinds(scenario: Scenario) -> list[str]:
    # Budgets of these plans are small on purpose, and that is remarked too.
    return [remark.kind for remark in remarks(scenario) if remark.kind != "small"]


# -- what planners write ---------------------------------------------------------------------------


def test_a_plan_of_eighteen_months_has_a_year_and_a_half_of_money() -> None:
    scenario = plan(12_000, "2009-01", "2010-06")
    assert set(by_month(scenario).values()) == {1000} and len(by_month(scenario)) == 18
    assert scenario.class_totals()["fiscal"] == 18_000
    assert kinds(scenario) == ["cut_year"]


def test_twelve_months_from_july_have_one_year_of_money() -> None:
    """Each half-year got a whole year's."""
    for starts in (1, 7):
        scenario = plan(12_000, "2009-07", "2010-06", starts=starts)
        assert set(by_month(scenario).values()) == {1000} and len(by_month(scenario)) == 12
        assert kinds(scenario) == (["cut_year", "cut_year"] if starts == 1 else [])


def test_a_year_s_money_is_paid_out_by_june() -> None:
    scenario = plan(12_000, to="2009-06")
    assert by_month(scenario) == {f"2009-{m:02d}": 2000 for m in range(1, 7)}
    assert kinds(scenario) == []


def test_from_and_to_over_two_years_give_a_twelfth_a_month() -> None:
    scenario = plan(12_000, "2009-01", "2010-12", from_="2009-10", to="2010-03")
    assert sum(by_month(scenario).values()) == 6_000
    assert kinds(scenario) == ["part_year", "part_year"]


def test_amounts_with_a_time_are_given_whole() -> None:
    scenario = plan({2009: 900, 2010: 600}, "2009-01", "2010-12", from_="2009-10", to="2010-03")
    assert by_month(scenario) == {
        "2009-10": 300, "2009-11": 300, "2009-12": 300,
        "2010-01": 200, "2010-02": 200, "2010-03": 200,
    }  # fmt: skip
    assert kinds(scenario) == []


def test_quarters_and_months_beside_a_year() -> None:
    scenario = plan({"2009Q1": 30, "2009-11": 7, 2010: 12}, "2009-01", "2010-12")
    first = {f"2009-{m:02d}": 10 for m in (1, 2, 3)} | {"2009-11": 7}
    assert by_month(scenario) == first | {f"2010-{m:02d}": 1 for m in range(1, 13)}
    assert kinds(scenario) == []


def test_a_programme_rests_until_its_first_money_of_a_year() -> None:
    calendar = plan({"2009Q3": 30, "2010Q2": 3}, "2009-01", "2011-12").calendar(KEY)
    acts = [str(Month.of_index(month)) for month in calendar.months]
    assert acts == [f"2009-{m:02d}" for m in range(7, 13)] + [f"2010-{m:02d}" for m in range(4, 13)]
    assert kinds(plan({"2009Q3": 30, "2010Q2": 3}, "2009-01", "2011-12")) == ["no_money"]
    assert kinds(plan({"2009Q3": 30, "2010Q2": 3, 2011: 0}, "2009-01", "2011-12")) == []


def test_what_lies_outside_is_said_and_not_given() -> None:
    scenario = plan({2008: 5, "2009Q1": 30, "2009Q4": 9, 2011: 8}, "2009-02", "2009-11")
    assert by_month(scenario) == {"2009-02": 10, "2009-03": 10, "2009-10": 3, "2009-11": 3}
    assert scenario.calendar(KEY).outside == {2008: 5, "2009Q1": 10, "2009Q4": 3, 2011: 8}
    assert kinds(scenario) == ["outside"]


def test_money_of_idle_months_is_said_and_not_given() -> None:
    scenario = plan({"2009Q1": 30, "2009Q3": 9}, from_="2009-05")
    assert sum(by_month(scenario).values()) == 9
    assert scenario.calendar(KEY).idle == {"2009Q1": 30}
    assert kinds(scenario) == ["idle"]


def test_a_lengthened_plan_says_who_has_no_month_or_no_money() -> None:
    assert kinds(plan(9, "2009-01", "2010-12", to="2009-07")) == ["after_to"]
    assert kinds(plan(9, "2008-01", "2009-12", from_="2009-02")) == ["before_from"]
    assert kinds(plan({2009: 9}, "2009-01", "2010-12")) == ["no_money"]
    assert kinds(plan({2009: 9, 2010: 0}, "2009-01", "2010-12")) == []
    assert kinds(plan(9, "2010-01", "2010-12", from_="2009-01", to="2009-07")) == ["after_to"]
    assert kinds(plan(9, from_="2008-03", to="2010-02")) == ["from_before", "to_after"]


def test_a_shock_that_outlasts_the_world_is_said() -> None:
    dry = {"drought": {"counties": "all", "from": "2009-11", "months": 12, "severity": 0.1}}
    mapping = {"name": "t", "shocks": {"dry": dry}}
    assert kinds(Scenario.model_validate(mapping | {"horizon": 2010})) == []
    found = remarks(Scenario.model_validate(mapping | {"horizon": 2009}))
    assert [(r.kind, r.values["end"]) for r in found] == [("shock", "2010-10")]


def test_a_fiscal_year_has_the_name_of_the_year_in_which_it_begins() -> None:
    scenario = plan({2009: 1200}, "2009-07", "2010-12", starts=7)
    assert list(by_month(scenario)) == [f"2009-{m:02d}" for m in range(7, 13)] + [
        f"2010-{m:02d}" for m in range(1, 7)
    ]
    assert kinds(scenario) == ["no_money"]  # of the fiscal year 2010


def test_an_inherited_year_goes_when_its_quarters_come(tmp_path: Any) -> None:
    """The advice of the message works when it is typed."""
    (tmp_path / "base.yaml").write_text("programmes: {relocation: {budget: {2009: 5 million}}}\n")
    child = tmp_path / "child.yaml"
    line = "extends: base.yaml\nprogrammes: {relocation: {budget: {2009Q1: 2 million}}}\n"
    child.write_text(line)
    with pytest.raises(InputError, match="amounts for the same months") as caught:
        load_scenario(child)
    assert caught.value.line == 2 and "`2009: null`" in str(caught.value.instead)
    child.write_text(line.replace("{2009Q1", "{2009: null, 2009Q1"))
    assert load_scenario(child).programmes.relocation.budget == {"2009Q1": 2_000_000}


# -- any plan --------------------------------------------------------------------------------------

MONTHS = st.integers(Month(2008, 1).index, Month(2011, 12).index).map(Month.of_index)
TIMES: list[Key] = [
    *range(2007, 2013),
    *(f"{y}Q{q}" for y in range(2008, 2012) for q in range(1, 5)),
    *(f"{y}-{m:02d}" for y in range(2008, 2012) for m in range(1, 13)),
]


@st.composite
def budgets(draw: st.DrawFn, starts: int) -> int | dict[str, int]:
    """One amount, or amounts by year, quarter and month that do not overlap."""
    yuan = st.integers(0, 10**9)
    if draw(st.booleans()):
        return draw(yuan)
    found: dict[str, int] = {}
    taken: list[Any] = []
    for key in draw(st.lists(st.sampled_from(TIMES), min_size=1, max_size=9, unique=True)):
        span = span_of(key, starts)
        if not any(span.overlaps(other) for other in taken):
            taken.append(span)
            found[str(key)] = draw(yuan)
    return found


@st.composite
def plans(draw: st.DrawFn) -> Scenario:
    """Any period, fiscal year, budget, `from` and `to`."""
    start, end = sorted((draw(MONTHS), draw(MONTHS)))
    starts = draw(st.integers(1, 12))
    keys: dict[str, Any] = {"starts": starts}
    times = sorted((draw(MONTHS), draw(MONTHS)))
    for name, month in zip(("from_", "to"), times, strict=True):
        if draw(st.booleans()):
            keys[name] = str(month)
    return plan(draw(budgets(starts)), str(start), str(end), **keys)


@settings(max_examples=400, deadline=None)
@given(plans())
def test_every_yuan_is_given_once_or_said_not_to_be(scenario: Scenario) -> None:
    settings_, calendar = scenario.programmes.of(KEY), scenario.calendar(KEY)
    period = range(scenario.period.start.index, scenario.period.end.index + 1)
    given_ = calendar.by_month
    acting = [
        month
        for month in period
        if (settings_.from_month is None or settings_.from_month.index <= month)
        and (settings_.to_month is None or month <= settings_.to_month.index)
    ]
    assert set(given_) <= set(calendar.months) <= set(acting)
    assert sum(given_.values()) == calendar.total == sum(p.yuan for p in calendar.pieces)
    assert len({m for p in calendar.pieces for m in p.months}) == sum(
        len(p.months) for p in calendar.pieces
    )  # no month is paid twice
    written = settings_.budget
    if isinstance(written, dict):
        refused = sum(calendar.outside.values()) + sum(calendar.idle.values())
        assert calendar.total + refused == sum(written.values())
        for key, yuan in written.items():
            span = span_of(key, calendar.starts)
            mine = sum(y for m, y in given_.items() if span.first <= m < span.after)
            assert mine == yuan - calendar.outside.get(key, 0) - calendar.idle.get(key, 0)
    else:
        years = {fiscal_year_of(month, calendar.starts) for month in acting}
        if len(years) > 1:  # a twelfth for each month
            assert calendar.total == pytest.approx(written * len(acting) / 12, abs=len(years))
        for year in years:
            assert calendar.in_fiscal_year(year) <= written


@settings(max_examples=400, deadline=None)
@given(plans())
def test_no_month_is_without_money_in_silence(scenario: Scenario) -> None:
    """A month of the period has money, rests within a year that has some, or somebody says so."""
    calendar, said = scenario.calendar(KEY), remarks(scenario)
    written = scenario.programmes.of(KEY).budget
    spoken = {year for remark in said for year in _years_of(remark.values.get("years", []))}
    for month in range(scenario.period.start.index, scenario.period.end.index + 1):
        year = calendar.year_of(month)
        if calendar.in_fiscal_year(year) or not scenario.programmes.of(KEY).active:
            continue
        if isinstance(written, int):
            zero = written < 24  # a twelfth is less than a yuan
        else:
            whole = span_of(year, calendar.starts)
            zero = any(span_of(key, calendar.starts).overlaps(whole) for key in written)
        told = {remark.kind for remark in said} & {"idle", "outside", "cut_year"}
        assert year in spoken or zero or told, (str(Month.of_index(month)), written)


def _years_of(texts: list[str]) -> set[int]:
    found: set[int] = set()
    for text in texts:
        ends = [int(part[:4]) for part in text.split(" ")[0].split("-")]
        found |= set(range(ends[0], ends[-1] + 1))
    return found


@settings(max_examples=200, deadline=None)
@given(plans())
def test_shares_of_a_year_rise_to_the_whole(scenario: Scenario) -> None:
    calendar: MoneyCalendar = scenario.calendar(KEY)
    for year in {calendar.year_of(month) for month in calendar.months}:
        shares = [calendar.share_given(month) for month in calendar.months_in(year)]
        assert all(one <= other for one, other in pairwise(shares))
        assert shares[-1] == 1 and shares[0] > 0


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 12), st.integers(0, 10**9))
def test_two_periods_side_by_side_share_the_money_of_one(
    data: st.DataObject, starts: int, yuan: int
) -> None:
    start, cut, end = (Month.of_index(Month(2008, 1).index + i) for i in sorted(
        data.draw(st.lists(st.integers(0, 40), min_size=3, max_size=3, unique=True))
    ))  # fmt: skip
    after = Month.of_index(cut.index + 1)
    budget: Any = data.draw(st.sampled_from([yuan, {2008: yuan, "2009Q2": 5}, {"2010-03": yuan}]))
    if isinstance(budget, dict) and starts > 3 and 2008 in budget:
        budget = {2008: yuan}  # a fiscal year that reaches over the quarter
    whole = plan(budget, str(start), str(end), starts=starts).calendar(KEY)
    parts = [plan(budget, str(a), str(b), starts=starts).calendar(KEY)
             for a, b in ((start, cut), (after, end))]  # fmt: skip
    assert sum(part.total for part in parts) == whole.total


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("2009-1", "2009-01"), ("2009年3月", "2009-03"), ("2009 Q2", "2009Q2"),
        ("Q3 2009", "2009Q3"), ("2009年第二季度", "2009Q2"), ("2009q4", "2009Q4"),
        ("2009-13", "2009: 5 million"),
        ("2009Q5", "2009: 5 million"), ("1999", "2009: 5 million"), ("from", "2009: 5 million"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_time_are_told_the_right_one(text: str, instead: str) -> None:
    with pytest.raises(ValueError, match=r"is not") as caught:
        read_key(text)
    assert instead in getattr(caught.value, "instead", "")
    for word in instead.replace(":", " ").split():
        if word[:2] == "20":
            read_key(word)
