"""Random plans: accounts hold, every unspent yuan has a reason, and loans add up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from accounts import assert_accounts_and_reasons, summary_of
from five_counties import COUNTIES, THIN, live, plan
from fupin.lives.one_run import unspent_tables
from fupin.model import PovertyModel
from fupin.population.counties import county_table
from fupin.results.unspent import Tables, why
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.state.limits import Limit
from fupin.words import unspent as sentences
from fupin.words.language import Language
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reported import report
from sixteen import CASES

PLACES = (*COUNTIES, "Luannan", "正定县")
"""Two of them have no village on the list."""
NOWHERE = ("enterprise_projects", "minimum_living")
"""Money of these acts where no village is on the list."""


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, Any]:
    """Some programmes with budgets from nothing much to far too much, anywhere and at any time."""
    found: dict[str, Any] = {}
    for key in draw(st.sets(st.sampled_from(PROGRAMME_KEYS), min_size=1, max_size=6)):
        usual = CASES[key].settings
        own: dict[str, Any] = {k: v for k, v in usual.items() if k not in ("budget", "to")}
        own["budget"] = round(usual["budget"] * 10.0 ** draw(st.floats(-2.0, 2.0)))
        if draw(st.booleans()):
            own["counties"] = sorted(draw(st.sets(st.sampled_from(PLACES), min_size=1)))
        if draw(st.booleans()):
            own["places_per_month"] = draw(st.integers(0, 3 * CASES[key].places))
        first, last = sorted((draw(st.integers(1, 12)), draw(st.integers(1, 12))))
        own |= {"from": f"2009-{first:02d}", "to": f"2009-{last:02d}"}
        found[key] = own
    return found


@given(programmes())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_unspent_yuan_of_a_random_plan_has_a_reason(found: dict[str, Any]) -> None:
    assert_accounts_and_reasons(live(plan(programmes=found)))


@pytest.fixture(scope="module")
def with_and_without_list() -> PovertyModel:
    """All programmes in a county with a list and in one without, in a thin sample."""
    where = {"counties": ["大名县", "正定县"]}
    found = {key: {**case.settings, **where} for key, case in CASES.items()}
    model = PovertyModel(plan(end="2010-12", programmes=found), rng=1, sample=THIN)
    while model.running:
        model.step()
    return model


def test_accounts_and_reasons_of_two_years(with_and_without_list: PovertyModel) -> None:
    assert_accounts_and_reasons(with_and_without_list)


def test_where_no_village_is_listed_that_is_why(with_and_without_list: PovertyModel) -> None:
    table = with_and_without_list.world.limits.table()
    here = list(county_table().name_zh).index("正定县")
    rows = (table["county"] == here) & (table["unspent"] > 0)
    found = {
        key: {Limit(limit) for limit in table["limit"][rows & (table["programme"] == index)]}
        for index, key in enumerate(PROGRAMME_KEYS)
        if key not in NOWHERE
    }
    found = {key: limits for key, limits in found.items() if limits}
    assert set(map(frozenset, found.values())) == {frozenset({Limit.LIST})}
    assert {"skills_training", "household_projects", "microfinance"} <= set(found)


def test_a_county_is_told_by_both_names(with_and_without_list: PovertyModel) -> None:
    reasons = why([[Tables(*unspent_tables(with_and_without_list.world))]])
    result = report(with_and_without_list, "central", 1)
    (sentence,) = (
        sentence
        for sentence in sentences.of_run(Language("en"), summary_of(result, reasons))
        if sentence.startswith("Household (cell) projects")
    )
    assert "no village is on the list in Zhengding 正定县" in sentence


def test_full_places_are_told_with_their_number_and_month() -> None:
    """The budget of the second half would pay five times as many as there are places."""
    found = {"skills_training": {"budget": {"2009Q1": 100_000, "2009Q3": 10_000_000},
                                 "places_per_month": 90}}  # fmt: skip
    model = live(plan(programmes=found))
    reasons = why([[Tables(*unspent_tables(model.world))]])
    entry = reasons["skills_training"]["places"]
    assert (entry["when"], entry["first"], entry["places"]) == ("from", "2009-07", 90)
    summary = summary_of(report(model, "central", 1), reasons)
    (english,) = sentences.of_run(Language("en"), summary)
    assert "unspent: all 90 places a month were full from July 2009" in english
    (chinese,) = sentences.of_run(Language("zh"), summary)
    assert "90" in chinese and "2009 年 7 月" in chinese


def test_the_reasons_of_several_runs_are_means() -> None:
    """A limit that one of two runs has not counts as nothing there; months are of half of them."""

    def tables(yuan: dict[str, int], months: list[str]) -> Tables:
        keys = list(yuan)
        lead = {"programme": np.full(len(keys), "relocation", object)}
        by_month = {"programme": np.full(len(months) + 1, "relocation", object)}
        return Tables(
            lead | {"county": np.full(len(keys), 130425), "limit": np.array(keys, object),
                    "unspent": np.array(list(yuan.values()))},
            by_month | {"month": np.array([*months, "2009-01"], object),
                        "limit": np.array([*["places"] * len(months), "none"], object),
                        "counties": np.ones(len(months) + 1), "left": np.ones(len(months) + 1),
                        "places": np.full(len(months) + 1, 300)},
        )  # fmt: skip

    one = tables({"places": 400, "cash": 10}, ["2009-11", "2009-12"])
    other = tables({"places": 200}, ["2009-12"])
    found = why([[one, other]])["relocation"]
    assert {limit: entry["mean"] for limit, entry in found.items()} == {"places": 300, "cash": 5}
    assert (found["places"]["when"], found["places"]["first"]) == ("from", "2009-11")
    assert found["places"]["largest"] == [{"county": 130425, "yuan": 300}]
