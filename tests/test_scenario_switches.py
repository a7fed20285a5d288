"""The switches of a scenario: growth, weather, shocks, counting, assets, droughts, parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from five_counties import (
    THIN,
    begin,
    changed,
    differs,
    live,
    lived,
    plan,
    village_of,
)
from fupin.livelihood import weather
from fupin.model import PovertyModel


def test_without_growth_level_and_line_stay() -> None:
    keys = {"end": "2010-12"}
    still, growing = lived(growth="none", **keys), lived(**keys)
    begun = begin(plan(growth="none", **keys))
    assert still.level == begun.level == still.world.levels[2008]
    assert still.line == begun.line == 1196
    assert growing.level == growing.world.levels[2010] > 1.1 * still.level
    assert growing.line == 1274
    means = {
        y: (still.measured[y].mean_income, growing.measured[y].mean_income) for y in (2009, 2010)
    }
    start = still.at_start.mean_income
    assert abs(means[2010][0] / start - 1) < 0.06  # weather and demography remain
    assert means[2010][1] > 1.12 * means[2010][0]
    # who starts is the same
    assert still.at_start.registered == growing.at_start.registered


@pytest.mark.parametrize("rule", ["historical", "mean", "chance"])
def test_weather_of_the_model_is_the_rules(rule: str) -> None:
    model = begin(plan(end="2010-12", weather=rule))
    losses = {}
    while model.running:
        model.step()
        losses.setdefault(model.today // 12, []).append(model.world.home_loss.copy())
    seasons = np.asarray(model.world.seasons, np.float64)
    for year, months in losses.items():
        expected = weather.village_home_loss(
            model.frame,
            model.values,
            weather.county_loss(model.frame, model.world.core.loss, rule, year, model.run_seed),
        )
        # A year has one weather; its months take what grows in them.
        np.testing.assert_allclose(seasons @ np.array(months), expected, rtol=1e-5)
        assert (np.diff(months, axis=0) >= 0).all()
    if rule == "mean":
        assert (losses[2009][11] == losses[2010][11]).all()
    else:
        assert (losses[2009][11] != losses[2010][11]).any()


def test_weather_by_chance_is_a_seeds_own() -> None:
    losses = []
    for seed in (1, 2, 3):
        model = live(plan(weather="chance"), seed)
        losses.append(model.world.home_loss.copy())  # of December, after all that grew
    assert (losses[0] != losses[1]).any()
    assert (losses[0] != losses[2]).any()
    historical = lived(1).measured[2009].mean_income, lived(2).measured[2009].mean_income
    assert abs(historical[0] / historical[1] - 1) < 0.01


def test_household_shocks_can_be_switched_off() -> None:
    calm, usual = lived(household_shocks=False), lived()
    assert (calm.households.hit == 0).all()
    hit = usual.households.hit > 0
    p = usual.values["livelihood.crash_probability"]
    assert hit.mean() == pytest.approx(p, abs=0.01)
    assert calm.at_start.income_poor == usual.at_start.income_poor  # history had its shocks
    assert calm.measured[2009].income_poor < 0.9 * usual.measured[2009].income_poor
    assert calm.measured[2009].mean_income > usual.measured[2009].mean_income
    same = ~hit & (calm.households.migrants == usual.households.migrants)
    assert (calm.households.income[same] == usual.households.income[same]).mean() > 0.99


def test_counting_by_quota_takes_the_quota_off_the_register() -> None:
    model = lived(counting="quota", quota=20_000)
    year, start = model.measured[2009], model.at_start
    flows = year.delisted - year.listed
    largest = int(model.households.size.max())
    assert 20_000 <= flows < 20_000 + largest
    assert start.registered - year.registered == pytest.approx(20_000, abs=1_500)  # births, deaths
    review = lived()
    assert year.listed == review.measured[2009].listed  # the review's entries stand
    assert year.income_poor == review.measured[2009].income_poor  # nobody is lifted by decree
    # a quota that the review has passed puts nobody back
    by_review = review.measured[2009]
    assert by_review.delisted - by_review.listed > 1
    assert not changed(lived(counting="quota", quota=1), review).any()
    assert (model.households.listed_month[differs(model, review, "registered")] == 119).all()


def test_counting_by_survey_changes_no_household() -> None:
    """What is counted differs, not what happens."""
    assert not changed(lived(counting="survey"), lived()).any()


def test_an_asset_threshold_holds_the_poorest_down() -> None:
    start, smooth = begin(plan(assets="threshold")), begin(plan())
    assert start.world.core.asset_threshold > 0
    assert smooth.world.core.asset_threshold == 0
    h, s = start.households, smooth.households
    worth = h.base * start.world.rates.asset_ratio
    below, above = (
        worth < 0.8 * start.world.core.asset_threshold,
        worth > 3 * start.world.core.asset_threshold,
    )
    assert below.sum() > 1_000
    assert above.sum() > 1_000
    assert h.assets[below].mean() < s.assets[below].mean() - 0.2
    assert h.assets[above].mean() == pytest.approx(s.assets[above].mean(), abs=0.02)
    model = live(plan(assets="threshold"))
    assert model.measured[2009].mean_income < lived().measured[2009].mean_income


def drought(severity: float = 1.0, months: int = 4, first: str = "2009-06") -> dict[str, Any]:
    where = {"counties": ["Zhangbei"], "from": first, "months": months, "severity": severity}
    return {"shocks": {"dry summer": {"drought": where}}}


def test_a_drought_hits_its_county_its_months_and_the_dry_fields_most() -> None:
    dry, wet = begin(plan(**drought())), begin(plan())
    name = list(dry.frame.counties.name_en)
    there = np.asarray(dry.frame.villages.county) == name.index("Zhangbei")
    for month in range(1, 13):
        dry.step()
        wet.step()
        more = dry.world.home_loss > wet.world.home_loss
        assert (more == (there & (month >= 6))).all(), month  # what did not grow stays missing
        differ = changed(dry, wet)
        assert not differ[~there[village_of(dry)]].any()
        assert differ.any() == (month >= 6)
    h, w = dry.households, wet.households
    rows = np.flatnonzero(there[village_of(dry)] & (w.hit == 0))
    lost = 1 - h.income[rows].astype(float) / w.income[rows]
    assert 0.01 < lost.mean() < 0.5
    all_away = w.migrants[rows] >= w.labour[rows]
    at_home = w.migrants[rows] == 0
    assert lost[all_away & (w.labour[rows] > 0)].mean() < 0.5 * lost[at_home].mean()
    watered = np.asarray(dry.frame.villages.irrigation)[village_of(dry)[rows]]
    few, many = np.quantile(watered, [0.3, 0.7])
    assert many > few
    assert lost[at_home & (watered >= many)].mean() < lost[at_home & (watered <= few)].mean()
    assert dry.measured[2009].income_poor > wet.measured[2009].income_poor


def test_a_worse_or_longer_drought_costs_more() -> None:
    def income(**keys: Any) -> float:
        return lived(**drought(**keys)).measured[2009].mean_income

    mild, severe, long = income(severity=0.8), income(), income(months=5, first="2009-05")
    none = lived().measured[2009].mean_income
    assert none > mild > severe > long
    assert income(months=7) == severe  # from October on nothing grows on the plateau
    # 2009 was dry there: a drought that is no worse changes nothing, nor does one that is none.
    for severity in (0.0, 0.4):
        assert not changed(lived(**drought(severity=severity)), lived()).any()


def test_parameters_of_history_act() -> None:
    """They reach history as well as the period (`plan` of these tests writes them there)."""
    usual, risky = begin(plan()), begin(plan(parameters={"livelihood.crash_probability": 0.12}))
    assert risky.world.rates.crash_probability == np.float32(0.12)
    assert risky.world.hazards.crash > usual.world.hazards.crash
    assert changed(usual, risky).any()


def test_a_draw_and_a_plans_override_meet() -> None:
    """The draw comes first, the plan's own words overrule it."""
    scenario = plan(parameters={"programmes.training_drop_out": 0.2})
    model = PovertyModel(
        scenario,
        draw={"programmes.training_drop_out": 0.1, "programmes.group_size": 7.0},
        sample=THIN,
    )
    assert model.values["programmes.training_drop_out"] == 0.2
    assert model.values["programmes.group_size"] == 7.0
