"""The page's model is the model, and its twin is a twin; what is shown adds up."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from fupin.browser.answer import headlines, strip, verdict
from fupin.browser.cards import card, income_columns
from fupin.browser.charts import job_charts, money_chart, poverty_charts
from fupin.browser.ensemble import Ensemble, known_of
from fupin.browser.life import Life, Replay
from fupin.browser.map import coloured, ranking
from fupin.browser.measures import CLASSES, MEASURES, bounds_of, class_of
from fupin.browser.page_model import (
    PageModel,
    SharedStart,
    SharedStarts,
    december_series,
    delivered_by_class,
)
from fupin.browser.pins import Figures, Known, rows_of
from fupin.browser.scene import Scene
from fupin.browser.setup import Served, Setup
from fupin.browser.tables import (
    exits_table,
    jobs_table,
    money_by_programme,
    money_table,
    whom_table,
)
from fupin.lives.one_run import simulate
from fupin.model import PovertyModel
from fupin.results.draws import central_draw
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes
from fupin.words.language import LANGUAGES, Language
from fupin.words.verdict import run_verdict


@pytest.fixture(scope="module")
def life(plan: Scenario, world: SharedStart) -> Life:
    life = Life(PageModel(plan, world, without_programmes(plan)))
    life.live()
    for _ in range(3):  # three more than there are
        life.model.step()
    return life


@pytest.fixture(scope="module")
def lived(life: Life) -> PageModel:
    return life.model


@pytest.fixture(scope="module", params=LANGUAGES)
def scene(life: Life, request: pytest.FixtureRequest) -> Scene:
    return Scene(Language.of_page(request.param), life, life.finish, known_of(life.model.plan))


@pytest.fixture(scope="module")
def english(life: Life) -> Scene:
    return Scene(Language.of_page("en"), life, life.finish)


def _alone(plan: Scenario, programmes: bool) -> PovertyModel:
    plan = plan if programmes else without_programmes(plan)
    model = PovertyModel(plan, rng=1, draw=central_draw())
    while model.running:
        model.step()
    return model


def test_the_page_changes_nothing(lived: PageModel, plan: Scenario) -> None:
    alone = _alone(plan, programmes=True)
    assert lived.datacollector.model_vars == alone.datacollector.model_vars
    for name in ("income", "registered", "reserve"):
        mine, other = (getattr(m.households, name) for m in (lived, alone))
        assert np.array_equal(mine, other)


def test_the_twin_is_the_world_without_programmes(lived: PageModel, plan: Scenario) -> None:
    alone = _alone(plan, programmes=False)
    assert lived.twin is not None
    assert lived.twin.datacollector.model_vars == alone.datacollector.model_vars
    assert lived.twin.registered_poor > lived.registered_poor


def test_the_page_counts_as_fupin_run_counts(life: Life, plan: Scenario) -> None:
    lived = life.model
    result = simulate(plan, central_draw(), 1, twins=True)
    assert lived.measured[2009].registered == result.outcomes["registered_poor_end"]
    assert lived.measured[2009].income_poor == result.outcomes["income_poor_end"]
    figures = Figures.of(life)
    assert figures.years_out == result.outcomes["person_years_out"]
    assert figures.lifted == result.outcomes["lifted"]
    assert figures.jobs == result.outcomes["additional_jobs"]
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
    assert sums["reached"] == pytest.approx(lived.measured[2010].households_reached)
    empty = [len(county.villages) == 0 for county in lived.counties]
    for key in MEASURES:
        counties = lived.numbers(12, key).counties
        assert np.array_equal(np.isnan(counties), empty)
        bounds = bounds_of(counties, MEASURES[key].floor)
        assert len(bounds) == CLASSES + 1 and np.all(np.diff(bounds) > 0)
        classes = class_of(counties, bounds)
        assert classes.min() == -1 and classes.max() < CLASSES and len(np.unique(classes)) >= 3


def test_a_card_holds_every_household(lived: PageModel) -> None:
    villages = lived.counties[int(lived.frame.villages.county[0])].villages
    offsets, weight = lived.villages.offsets, lived.villages.weight
    registered, others = income_columns(lived.record, 2009, villages, weight)
    assert (registered + others).sum() == (np.diff(offsets) * weight)[villages].sum()


def test_the_line_of_a_card_is_that_of_its_incomes(lived: PageModel) -> None:
    h, v = lived.households, lived.villages
    below = np.where(h.income < lived.line_of_last_december, h.size, 0).astype(np.int64)
    assert (below * v.weight[v.of_household]).sum() == lived.income_poor


def test_yearly_series_step_in_december(lived: PageModel) -> None:
    series = december_series(lived, "income_poor")
    assert len(series) == 25 and np.all(series[:12] == lived.at_start.income_poor)
    assert series[12] == lived.measured[2009].income_poor
    assert series[24] == lived.measured[2010].income_poor == lived.income_poor


def test_money_by_class_is_the_sum_of_programmes(lived: PageModel) -> None:
    given = sum(yuan[-1] for yuan in delivered_by_class(lived).values())
    assert given == sum(money.delivered for money in money_by_programme(lived).values())
    assert given < lived.yuan_delivered  # a village fund lends what it was given


def test_charts_and_tables_say_both_worlds_and_the_document(english: Scene) -> None:
    lived = english.model
    lived_2009 = lived.measured[2009]
    registered, poor, effect = poverty_charts(english)
    assert "yearbook S17: 3.70 M" in registered and "200,000 lifted" in registered
    assert lived.twin is not None
    change = lived.twin.measured[2009].registered - lived_2009.registered
    assert change > 0 and f"difference −{change:,}" in registered
    assert registered.count("<polyline") == poor.count("<polyline") == 2
    years = sum(lived.twin.measured[y].income_poor - lived.measured[y].income_poor
                for y in lived.measured)  # fmt: skip
    assert headlines(english)[2].exact.replace("−", "-").replace(",", "") == str(years)
    assert effect.count("<rect") == len(lived.measured)
    assert f"<td>{lived.exits[2009]['all']:,}</td>" in exits_table(english)
    assert "<th>Skills training for jobs away" in money_table(english)


def test_every_tab_is_drawn_in_both_languages(scene: Scene) -> None:
    """Also where months are still to come, and at the start."""
    for at in (0, 7, scene.life.finish, scene.life.last):
        now = Scene(scene.say, scene.life, at, scene.ensemble)
        drawn = [
            *poverty_charts(now), *job_charts(now), money_chart(now), money_table(now),
            whom_table(now), exits_table(now), jobs_table(now), strip(now),
            ranking(now, "income_poor", "difference"), card(now, 40, None),
        ]  # fmt: skip
        assert all(text.startswith("<") and not re.search(r"\bnan\b", text) for text in drawn)
    village = int(scene.model.counties[40].villages[0]) if len(
        scene.model.counties[40].villages) else None  # fmt: skip
    assert "<svg" in card(scene, 40, village) or village is None
    assert "百万" not in "".join(text for text in drawn if text != money_table(now))


def test_fifths_hold_everybody(lived: PageModel) -> None:
    found = lived.whom[2009]
    assert found.persons.sum() == pytest.approx(lived.measured[2009].persons, rel=1e-9)
    assert lived.twin is not None
    fewer = (found.poor_beside - found.poor).sum()
    assert fewer == lived.twin.measured[2009].income_poor - lived.measured[2009].income_poor
    assert np.all(found.winners + found.losers <= found.persons)


@pytest.mark.parametrize("villages", [False, True])
@pytest.mark.parametrize("key", MEASURES)
def test_maps_colour_counties_or_villages(scene: Scene, key: str, villages: bool) -> None:
    if not villages:
        counties = coloured(scene, key, "plan", villages=False)
        assert counties.css.count("fill:") == len(counties.tips) > 160 and not counties.points
    else:
        shown = coloured(scene, key, "difference", villages=True)
        assert shown.points.count("M") == len(scene.model.frame.villages)


# -- the replay ---------------------------------------------------------------------------------


def test_a_replay_opens_on_the_finished_year_and_plays_all_of_it(life: Life) -> None:
    replay = Replay(life, None)
    assert replay.shown == life.finish == 12 and life.last == 24
    seen = []
    while replay.running:
        replay.step()
        seen.append(replay.shown)
    assert seen == list(range(1, life.last + 1))
    replay.step()
    assert replay.shown == 1
    assert type(replay)(life=life).shown == 0  # as Mesa's Reset builds it


def test_a_replay_shows_what_was_lived(life: Life, plan: Scenario, world: SharedStart) -> None:
    again = PageModel(plan, world)
    for at in range(3):
        for key in MEASURES:
            shown = life.model.numbers(at, key)
            assert np.array_equal(
                shown.villages, again.record.months[at][key].villages, equal_nan=True
            )
        again.step()


# -- over draws ---------------------------------------------------------------------------------


def test_ranges_are_of_the_plan_that_is_shown(served: Served, first: Setup) -> None:
    """Of the document's plan they come with the calibration; of a changed one nobody knows any."""
    known = known_of(first.base.scenario)
    assert known is not None
    out = known.outcome("person_years_out")
    assert out is not None and out["low"] < out["mean"] < out["high"]  # type: ignore[operator]
    changes = first.changes.with_budget(first.base.scenario, "skills_training", 31_000_001)
    assert known_of(first.with_changes(served, changes).plan) is None
    renamed = first.base.scenario.model_copy(update={"name": "other", "title": "Another"})
    again = known_of(renamed)
    assert again is not None and again.shipped is known.shipped
    same = known.beside(again, "lifted")
    assert same is not None and same["mean"] == same["low"] == same["high"] == 0


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_verdict_is_that_of_the_generator(life: Life, first: Setup, code: str) -> None:
    """Shipped ranges are of outcomes alone: that the plan gives money is known all the same."""
    known = known_of(first.base.scenario)
    assert known is not None
    plan = life.model.plan
    told = verdict(Scene(Language.of_page(code), life, life.finish, known))
    assert told == [one.text for one in run_verdict(known.summary, plan, code, 5).sentences]
    nothing = run_verdict({**known.summary, "programmes": {}}, plan, code, 5)
    assert told[0] != nothing.sentences[0].text
    alone = verdict(Scene(Language.of_page(code), life, life.finish, None))
    assert len(alone) == 1 and alone[0] not in told


def test_cards_show_the_range_over_draws(english: Scene) -> None:
    counties = len(english.model.frame.counties.code)
    low, high = np.full(counties, 1.0), np.full(counties, 9.0)
    summary = {"draws": ["posterior:1"], "seeds": [1], "outcomes": {}, "programmes": {}}
    known = Ensemble(False, summary, {}, {("registered", 2009): (low, high)})
    county = int(english.model.frame.villages.county[0])
    assert "1.0–9.0" in card(replace(english, ensemble=known), county, None)
    assert "one world that the page shows" in card(english, county, None)


def test_pinned_plans_are_compared(english: Scene, first: Setup) -> None:
    known = Known(Figures.of(english.life), known_of(first.base.scenario))
    rows = rows_of(english.say, [(first, known), (first, known), (first, None)])
    assert [row["waits"] for row in rows] == [False, False, True]
    assert "<svg" in rows[0]["dots"] and rows[0]["figures"][0][2]  # with its range


def test_a_retired_model_stops(plan: Scenario, world: SharedStart) -> None:
    model = PageModel(plan, world)
    model.step()
    model.retire()
    model.step()
    assert not model.running and model.calendar == "2009-01"


def test_starts_are_shared_only_where_they_are_the_same(first: Setup) -> None:
    worlds = SharedStarts()
    plan = first.lived
    one = worlds.of(plan, 1)
    assert worlds.of(without_programmes(plan), 1) is one
    assert worlds.of(plan, 2) is not one
    before = one.start.core.households.income.copy()
    model = PageModel(plan, one)
    for _ in range(12):
        model.step()
    assert np.array_equal(one.start.core.households.income, before)
    past = plan.history.model_copy(update={"parameters": {"programmes.financial_loss": 0.05}})
    other = plan.model_copy(update={"history": past})
    assert worlds.of(other, 1) is not one
    assert worlds.of(plan, 1) is not one  # only the last few are kept
    longer = plan.model_copy(update={"horizon": 2012})  # has levels of more years
    assert worlds.of(longer, 1).start.levels.keys() > one.start.levels.keys()


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


def test_what_is_looked_at_is_no_part_of_the_plan(first: Setup, served: Served) -> None:
    setup = replace(first, seed=7, sample=0.02, beside="file")
    assert setup.lived.population.sample == 0.02 and setup.plan == first.base.scenario
    assert not setup.altered and setup.plan.population.sample == "default"
    changes = setup.changes.with_budget(setup.base.scenario, "skills_training", 50_000_000)
    changed = setup.with_changes(served, changes)
    assert changed.plan.population.sample == "default" and changed.altered
    assert changed.twin is not None
    assert changed.twin.programmes.skills_training.budget == 30_540_000
    assert changed.twin.population.sample == 0.02
    assert changed.unchanged() == setup
