"""The page's model is the model, and its twin is a twin; what is shown adds up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fupin.browser.cards import income_columns
from fupin.browser.charts import series_charts
from fupin.browser.map import coloured
from fupin.browser.measures import CLASSES, MEASURES, bounds_of, class_of, values_of
from fupin.browser.page_model import (
    PageModel,
    SharedStart,
    SharedStarts,
    december_series,
    delivered_by_class,
)
from fupin.browser.setup import Served, Setup
from fupin.browser.tables import exits_table, money_by_programme, money_table
from fupin.lives.one_run import simulate
from fupin.model import PovertyModel
from fupin.results.draws import central_draw
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.variants import without_programmes
from fupin.words.language import LANGUAGES, Language


@pytest.fixture(scope="module")
def lived(first: Setup, world: SharedStart) -> PageModel:
    model = PageModel(first.plan, world, without_programmes(first.plan))
    for _ in range(15):  # three more than the period has
        model.step()
    return model


def _alone(setup: Setup, programmes: bool) -> PovertyModel:
    plan = setup.plan if programmes else without_programmes(setup.plan)
    model = PovertyModel(plan, rng=1, draw=central_draw().overrides)
    while model.running:
        model.step()
    return model


def test_the_page_changes_nothing(lived: PageModel, first: Setup) -> None:
    alone = _alone(first, programmes=True)
    assert lived.datacollector.model_vars == alone.datacollector.model_vars
    for name in ("income", "registered", "reserve"):
        mine, other = (getattr(m.households, name) for m in (lived, alone))
        assert np.array_equal(mine, other)


def test_the_twin_is_the_world_without_programmes(lived: PageModel, first: Setup) -> None:
    alone = _alone(first, programmes=False)
    assert lived.twin is not None
    assert lived.twin.datacollector.model_vars == alone.datacollector.model_vars
    assert lived.twin.registered_poor > lived.registered_poor


def test_the_page_counts_as_fupin_run_counts(lived: PageModel, first: Setup) -> None:
    result = simulate(first.plan, central_draw(), 1, twins=False)
    assert lived.registered_poor == result.outcomes["registered_poor_end"]
    assert lived.income_poor == result.outcomes["income_poor_end"]
    money = money_by_programme(lived)
    for programme in PROGRAMMES:
        told, counted = result.programmes[programme.key], money[programme.key]
        assert (counted.budget, counted.delivered) == (told["budget"], told["delivered"])
        assert counted.lost == told["lost"]
        assert counted.unspent == told["unspent"]


def test_exits_by_source_add_up(lived: PageModel) -> None:
    december, exits = lived.measured[2009], lived.exits[2009]
    assert exits["all"] == december.delisted > 0
    assert exits["net"] == lived.at_start.registered - december.registered
    assert exits["net"] == exits["all"] - exits["entered"] + exits["natural"]
    by_programme = [exits[p.key] for p in PROGRAMMES]
    assert max(by_programme) <= exits["all"] - exits["nobody"] <= sum(by_programme)
    assert lived.exits_beside[2009]["nobody"] > exits["nobody"]


def test_measures_sum_to_the_province(lived: PageModel) -> None:
    weight = lived.villages.weight
    sums = {key: (one.parts(lived)[0] * weight).sum() / 100 for key, one in MEASURES.items()}
    assert sums["registered"] == pytest.approx(lived.registered_poor)
    assert sums["migrants"] == pytest.approx(lived.migrants)
    assert sums["income_poor"] == pytest.approx(lived.income_poor)
    assert sums["reached"] == pytest.approx(lived.measured[2009].households_reached)
    empty = [len(county.villages) == 0 for county in lived.counties]
    for key in MEASURES:
        counties = values_of(lived, key).counties
        assert np.array_equal(np.isnan(counties), empty)
        bounds = bounds_of(counties, MEASURES[key].floor)
        assert len(bounds) == CLASSES + 1 and np.all(np.diff(bounds) > 0)
        classes = class_of(counties, bounds)
        assert classes.min() == -1 and classes.max() < CLASSES and len(np.unique(classes)) >= 3


def test_a_card_holds_every_household(lived: PageModel) -> None:
    villages = lived.counties[int(lived.frame.villages.county[0])].villages
    registered, others = income_columns(lived, villages)
    offsets, weight = lived.villages.offsets, lived.villages.weight
    assert (registered + others).sum() == (np.diff(offsets) * weight)[villages].sum()


def test_the_line_of_a_card_is_that_of_its_incomes(lived: PageModel) -> None:
    h, v = lived.households, lived.villages
    below = np.where(h.income < lived.line_of_last_december, h.size, 0).astype(np.int64)
    assert (below * v.weight[v.of_household]).sum() == lived.income_poor


def test_yearly_series_step_in_december(lived: PageModel) -> None:
    series = december_series(lived, "income_poor")
    assert len(series) == 13 and np.all(series[:12] == lived.at_start.income_poor)
    assert series[12] == lived.measured[2009].income_poor == lived.income_poor


def test_money_by_class_is_the_sum_of_programmes(lived: PageModel) -> None:
    given = sum(yuan[-1] for yuan in delivered_by_class(lived).values())
    assert given == sum(money.delivered for money in money_by_programme(lived).values())
    assert given < lived.yuan_delivered  # a village fund lends what it was given


def test_charts_and_tables_say_both_worlds_and_the_document(lived: PageModel) -> None:
    charts = series_charts(lived, Language.of_page("en"))
    assert "document S17: 3.7 M" in charts[0] and "200,000 lifted" in charts[0]
    change = lived.registered_poor - lived.twin.registered_poor  # type: ignore[union-attr]
    assert change < 0 and f"plan − beside: −{-change:,}" in charts[0]
    assert all(chart.count("<polyline") >= 2 for chart in charts)
    assert f"<td>{lived.exits[2009]['all']:,}</td>" in exits_table(lived, Language.of_page("en"))
    assert "<th>Skills training for jobs away" in money_table(lived, Language.of_page("en"))
    assert "劳动力转移培训" in money_table(lived, Language.of_page("zh"))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("key", MEASURES)
def test_maps_colour_counties_or_villages(lived: PageModel, key: str, code: str) -> None:
    say = Language.of_page(code)
    counties = coloured(lived, say, key, "plan", villages=False)
    assert counties.css.count("fill:") == len(counties.tips) > 160 and not counties.points
    villages = coloured(lived, say, key, "difference", villages=True)
    assert villages.points.count("M") == len(lived.frame.villages)


def test_a_retired_model_stops(first: Setup, world: SharedStart) -> None:
    model = PageModel(first.plan, world)
    model.step()
    model.retire()
    model.step()
    assert not model.running and model.calendar == "2009-01"


def test_starts_are_shared_only_where_they_are_the_same(first: Setup) -> None:
    worlds = SharedStarts()
    one = worlds.of(first.plan, 1)
    assert worlds.of(without_programmes(first.plan), 1) is one
    assert worlds.of(first.plan, 2) is not one
    before = one.start.core.households.income.copy()
    model = PageModel(first.plan, one)
    for _ in range(12):
        model.step()
    assert np.array_equal(one.start.core.households.income, before)
    past = first.plan.history.model_copy(update={"parameters": {"programmes.financial_loss": 0.05}})
    other = first.plan.model_copy(update={"history": past})
    assert worlds.of(other, 1) is not one
    assert worlds.of(first.plan, 1) is not one  # only the last few are kept


@pytest.mark.parametrize("counting", ["register", "task", "survey", "quota"])
def test_the_file_beside_a_plan_has_the_past_of_the_plan(
    counting: str, first: Setup, served: Served
) -> None:
    """A register kept by task was so in history; any other way of counting may differ."""
    changes = first.changes.with_switch(first.base.scenario, "counting", counting)
    setup = replace(first.with_changes(served, changes), beside="file")
    assert setup.plan.counting == counting and setup.twin is not None
    assert setup.twin.by_task == setup.plan.by_task
    assert setup.twin.counting == ("task" if counting == "task" else "register")


def test_reset_builds_the_same_model(first: Setup, served: Served) -> None:
    changes = first.changes.with_budget(first.base.scenario, "skills_training", 50_000_000)
    setup = replace(first.with_changes(served, changes), beside="file")
    model, parameters = setup.model(served)
    assert model.twin is not None
    assert model.twin.plan.programmes.skills_training.budget == 30_540_000
    again = type(model)(**parameters)
    for _ in range(3):
        model.step()
        again.step()
    assert model.datacollector.model_vars == again.datacollector.model_vars
    assert again.plan == setup.plan and again.plan.programmes.skills_training.budget == 50_000_000
