"""A drought in months without crops is said; the calendar is that of the weather."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.livelihood.weather import TERRAINS, crop_calendar
from fupin.parameters.book import load_book
from fupin.scenario.load import resolve_text
from fupin.scenario.places import county_index
from fupin.scenario.schema import Scenario
from fupin.state.dry_months import LITTLE, grows, of_droughts
from fupin.words.language import Language
from fupin.words.remarks import of_plan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

VALUES = load_book().values()
CODES = sorted(county_index().records)


def test_the_calendar_is_that_of_the_weather() -> None:
    calendar = crop_calendar(VALUES)
    mine = [[grows(terrain, month, VALUES) for terrain in TERRAINS] for month in range(1, 13)]
    np.testing.assert_allclose(mine, calendar, atol=1e-12)


def plan_of(tmp_path_factory: pytest.TempPathFactory, *droughts: str) -> Scenario:
    lines = [f"  d{k}: {{drought: {text}}}" for k, text in enumerate(droughts)]
    text = "\n".join(
        ["name: p", "extends: fupin:2009-document", "horizon: 2010", "shocks:", *lines]
    )
    return resolve_text(text, tmp_path_factory.getbasetemp() / "p.yaml").scenario


@given(code=st.sampled_from(CODES), first=st.integers(1, 12), months=st.integers(1, 12))
@settings(max_examples=40, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_it_is_said_exactly_where_little_grows(
    tmp_path_factory: pytest.TempPathFactory, code: int, first: int, months: int
) -> None:
    plan = plan_of(
        tmp_path_factory, f"{{counties: ['{code}'], from: 2009-{first:02d}, months: {months}, "
        "severity: 0.5}",
    )  # fmt: skip
    terrain = TERRAINS.index(county_index().records[code].terrain)
    calendar = crop_calendar(VALUES)[:, terrain]
    last = plan.lived.end.index
    begin = 2009 * 12 + first - 1
    taken = sum(calendar[m % 12] for m in range(begin, begin + months) if m <= last)
    kinds = [remark.kind for remark in of_droughts(plan)]
    expected = [] if taken >= LITTLE else ["drought_no_crop" if taken <= 0 else "drought_little"]
    assert kinds == expected
    if kinds:
        for code_of in ("en", "zh"):
            said = of_plan(Language(code_of), plan)
            assert any("d0" in sentence for sentence in said)


def test_places_without_a_crop_are_named_beside_those_with_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    plan = plan_of(
        tmp_path_factory, "{counties: [张北县, 大名县], from: 2009-03, months: 2, severity: 0.5}"
    )
    (remark,) = of_droughts(plan)
    assert remark.kind == "drought_places" and remark.values["places"] == ["Zhangbei 张北县"]


def test_droughts_over_one_another_are_said_with_their_places(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    one = "{counties: [隆化县, 大名县], from: 2009-06, months: 2, severity: 0.9}"
    other = "{prefectures: [Chengde], from: 2009-07, months: 2, severity: 0.9}"
    later = "{prefectures: [Chengde], from: 2010-07, months: 2, severity: 0.9}"
    (remark,) = of_droughts(plan_of(tmp_path_factory, one, other, later))
    assert remark.kind == "drought_twice" and remark.values["places"] == ["Longhua 隆化县"]
    assert remark.values["first"] == remark.values["last"] == "2009-07"
