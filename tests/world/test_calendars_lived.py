"""Any start, end, horizon, fiscal year and budget by time: what a world is paid is what is written.

What the calendar of a plan says is tested in `tests/scenario/test_money_calendar.py`; here worlds
live it, month by month.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from five_counties import fresh_start, plan
from fupin.model import PovertyModel
from fupin.scenario.money_calendar import MoneyCalendar
from fupin.scenario.months import Month
from fupin.scenario.remarks import remarks
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import span_of
from hypothesis import given, settings
from hypothesis import strategies as st
from sixteen import ALL, MILLION

FIRST, LAST = 2006, 2014
BY_REGISTER = ("skills_training", "practical_training", "household_projects", "technology",
               "microfinance", "minimum_living")  # fmt: skip
"""Programmes that split a fiscal year's money by counties' registered poor, every month a part."""

BY_QUEUE = ("village_advancement", "relocation", "paired_assistance", "mutual_funds",
            "rural_works", "loan_guarantee", "enterprise_projects")  # fmt: skip
"""Programmes that pay otherwise: by a queue of villages, by need, by claims."""


@st.composite
def budgets(draw: st.DrawFn, first: int, last: int, starts: int) -> int | dict[str, int]:
    """One amount, or amounts by year, quarter and month that do not overlap."""
    yuan = st.integers(0, 30 * MILLION)
    if draw(st.booleans()):
        return draw(yuan)
    years = range(first, last + 1)
    times = [
        *map(str, years),
        *(f"{y}Q{q}" for y in years for q in range(1, 5)),
        *(f"{y}-{m:02d}" for y in years for m in range(1, 13)),
    ]
    found: dict[str, int] = {}
    for key in draw(st.lists(st.sampled_from(times), min_size=1, max_size=6, unique=True)):
        time: int | str = int(key) if key.isdigit() else key
        span = span_of(time, starts)
        if not any(span.overlaps(span_of(int(k) if k.isdigit() else k, starts)) for k in found):
            found[key] = draw(yuan)
    return found


@st.composite
def plans(draw: st.DrawFn) -> Scenario:
    """Some programmes with any months and money, lived to any horizon."""
    start = Month(draw(st.integers(FIRST, LAST)), draw(st.integers(1, 12)))
    end = Month.of_index(min(start.index + draw(st.integers(0, 29)), Month(2015, 12).index))
    starts = draw(st.sampled_from((1, 1, 4, 7, 10, 12)))
    programmes: dict[str, Any] = {}
    keys = st.sampled_from(BY_REGISTER + BY_QUEUE)
    for key in draw(st.lists(keys, min_size=1, max_size=4, unique=True)):
        asked = {k: v for k, v in ALL[key].items() if k not in ("budget", "from", "to")}
        asked["budget"] = draw(budgets(start.year - 1, end.year + 1, starts))
        for name in ("from", "to"):
            if draw(st.integers(0, 3)) == 0:
                asked[name] = str(Month.of_index(start.index + draw(st.integers(-6, 30))))
        if {"from", "to"} <= set(asked) and asked["from"] > asked["to"]:
            asked["from"], asked["to"] = asked["to"], asked["from"]
        programmes[key] = asked
    return plan(
        str(start), str(end), programmes=programmes, fiscal_year_start=starts,
        horizon=draw(st.integers(end.year, min(end.year + 1, 2015))),
    )  # fmt: skip


def paid_by_month(model: PovertyModel, key: str) -> dict[int, int]:
    """Yuan that reached the counties, by index of the month, those with some."""
    (row,) = [p.index for p in model.programmes if p.key == key]
    yuan = model.ledger.released[row].sum(axis=0)
    months = model.plan.lived.months
    return {m.index: int(y) for m, y in zip(months, yuan, strict=True) if y}


def check_money(model: PovertyModel, key: str) -> None:
    """What counties got is what the calendar gives: in its months, each fiscal year's once."""
    calendar: MoneyCalendar = model.plan.calendar(key)
    paid = paid_by_month(model, key)
    assert set(paid) <= set(calendar.months), key  # never before, between, or after its months
    counties = model.ledger.counties
    for year in {calendar.year_of(month) for month in calendar.months}:
        months = calendar.months_in(year)
        given_, got = calendar.in_fiscal_year(year), sum(paid.get(m, 0) for m in months)
        assert got <= given_, (key, year)  # no month is paid twice
        if key not in BY_REGISTER:
            continue
        assert got == given_, (key, year)  # none is unpaid
        soon = np.cumsum([calendar.by_month.get(m, 0) for m in months])
        late = np.cumsum([paid.get(m, 0) for m in months])
        assert (np.abs(soon - late) <= counties).all(), (key, year)  # each in its own month


def live(scenario: Scenario) -> PovertyModel:
    """Lived to its horizon; accounts hold in every month, and nothing stays over a fiscal year."""
    model = PovertyModel(scenario, rng=1, start=fresh_start(scenario))
    while model.running:
        ends = model.world.clock.closes_fiscal_year
        model.step()
        assert model.ledger.imbalance() == 0
        if ends:
            for programme in model.programmes:
                if not programme.revolving:
                    assert model.ledger.available(programme.index).sum() == 0, programme.key
    return model


@settings(max_examples=12, deadline=None)
@given(plans())
def test_whatever_is_written_every_month_is_paid_once(scenario: Scenario) -> None:
    model = live(scenario)
    said = {key for remark in remarks(scenario) for key in remark.programmes}
    at_work = {programme.key for programme in model.programmes}
    for programme in scenario.programmes.active():
        calendar = scenario.calendar(programme.key)
        if calendar.total:
            assert programme.key in at_work
            check_money(model, programme.key)
        if calendar.outside or calendar.idle:
            assert programme.key in said  # no yuan goes in silence


@pytest.mark.parametrize("starts", [4, 7, 12])
def test_a_world_with_another_fiscal_year(starts: int) -> None:
    """All programmes, two fiscal years of money from the middle of the first, and a year after."""
    first = Month(2009, starts)
    end = Month.of_index(first.index + 17)
    scenario = plan(
        str(first),
        str(end),
        fiscal_year_start=starts,
        horizon=end.year + 1,
        programmes={key: settings | {"to": None} for key, settings in ALL.items()},
    )
    model = live(scenario)
    for programme in scenario.programmes.active():
        check_money(model, programme.key)
    for key in BY_REGISTER:
        calendar = scenario.calendar(key)
        assert calendar.in_fiscal_year(2009) > calendar.in_fiscal_year(2010) > 0, key
    got = sum(paid_by_month(model, "practical_training").values())
    assert got == pytest.approx(1.5 * ALL["practical_training"]["budget"], rel=0.01)
