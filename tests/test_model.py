"""PovertyModel as users of Mesa know models, and the switches of a scenario."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import mesa
import numpy as np
import pytest
from five_counties import (
    THIN,
    begin,
    changed,
    differs,
    fresh_start,
    live,
    lived,
    plan,
    programme,
    reached,
    village_of,
)

from sim import paths, register
from sim.agents.county import County
from sim.agents.village import Village
from sim.livelihood import weather
from sim.model import MONTHLY_REPORTERS, PovertyModel

ALL: dict[str, Any] = {
    "village_advancement": {"budget": 60_000_000},
    "relocation": {"budget": 6_000_000},
    "skills_training": {"budget": 5_000_000},
    "microfinance": {"budget": 8_000_000},
}


@pytest.fixture(scope="module")
def province() -> PovertyModel:
    """The document's 2009 in a thin sample, at its end."""
    model = PovertyModel(sample=THIN)
    while model.running:
        model.step()
    return model


# -- Mesa ------------------------------------------------------------------------------------------


def test_agents_are_all_counties_and_villages(province: PovertyModel) -> None:
    by_type = province.agents_by_type
    assert len(by_type[County]) == 172
    assert len(by_type[Village]) == province.villages.id.size > 900
    assert len(province.agents) == 172 + province.villages.id.size
    assert {v.row for v in by_type[Village]} == set(range(province.villages.id.size))


def test_data_collector_has_the_start_and_every_month(province: PovertyModel) -> None:
    frame = province.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(MONTHLY_REPORTERS)
    months = [f"2009-{m:02d}" for m in range(1, 13)]
    assert frame["calendar"].tolist() == ["2008-12", *months]
    assert frame["registered_poor"].iloc[0] == province.at_start.registered
    assert frame["registered_poor"].iloc[-1] == province.measured[2009].registered
    assert frame["income_poor"].iloc[0] == province.at_start.income_poor
    assert frame["income_poor"].iloc[-1] == province.measured[2009].income_poor
    assert frame["yuan_delivered"].is_monotonic_increasing
    assert frame["yuan_delivered"].iloc[-1] == province.ledger.delivered.sum() > 0


def test_running_stops_at_the_periods_end(province: PovertyModel) -> None:
    assert not province.running
    assert province.time == 12
    model = PovertyModel(plan("2009-03", "2009-05"), sample=THIN)
    steps = 0
    while model.running:
        model.step()
        steps += 1
    assert steps == 3
    assert model.calendar == "2009-05"


def test_no_arguments_mean_the_documents_2009() -> None:
    defaults = {k: p.default for k, p in inspect.signature(PovertyModel).parameters.items()}
    assert (defaults["scenario"], defaults["rng"], defaults["sample"]) == (None, 1, None)
    model = PovertyModel()
    assert model.plan.name == "2009-document"
    assert (model.run_seed, model.frame.sample, model.calendar) == (1, "default", "2008-12")
    listed = np.asarray(model.frame.villages.listed)
    assert listed.sum() == 7_102
    assert (model.villages.weight[listed] == 1).all()
    assert len(model.plan.period.months) == 12
    assert [p.key for p in model.programmes] == list(ALL)
    assert model.registered_poor > 3_000_000


def test_mesas_batch_run_works() -> None:
    rows = mesa.batch_run(
        PovertyModel,
        {
            "sample": THIN,
            "scenario": [
                str(paths.scenarios() / f"2009-{n}.yaml") for n in ("document", "no-programmes")
            ],
        },
        rng=[1, 2],
        number_processes=1,
        display_progress=False,
    )
    assert len(rows) == 4
    assert {(r["rng"], "no-prog" in r["scenario"], r["calendar"]) for r in rows} == {
        (seed, off, "2009-12") for seed in (1, 2) for off in (False, True)
    }
    for row in rows:
        assert (row["yuan_delivered"] == 0) == ("no-prog" in row["scenario"])


def test_a_batch_run_without_seeds_is_seed_one(province: PovertyModel) -> None:
    (row,) = mesa.batch_run(
        PovertyModel, {"sample": THIN}, number_processes=1, display_progress=False
    )
    assert row["registered_poor"] == province.registered_poor


def test_a_model_that_was_put_away_in_june_goes_on_the_same() -> None:
    model = begin(plan(programmes=ALL))
    for _ in range(6):
        model.step()
    twin: PovertyModel = pickle.loads(pickle.dumps(model))
    for m in (model, twin):
        while m.running:
            m.step()
    assert not changed(model, twin).any()
    assert model.measured[2009].registered == twin.measured[2009].registered
    frames = [m.datacollector.get_model_vars_dataframe() for m in (model, twin)]
    assert frames[0].equals(frames[1])
    assert [p.counts_by_year for p in model.programmes] == [
        p.counts_by_year for p in twin.programmes
    ]
    for column in ("released", "delivered", "lost", "returned", "received"):
        assert (getattr(model.ledger, column) == getattr(twin.ledger, column)).all()


def test_nothing_draws_from_mesas_generators(province: PovertyModel) -> None:
    untouched = PovertyModel(sample=THIN)
    assert province.random.getstate() == untouched.random.getstate()
    assert province.rng.bit_generator.state == untouched.rng.bit_generator.state


def test_what_agents_say_is_the_sum_over_their_households(province: PovertyModel) -> None:
    h, v = province.households, province.villages
    for village in province.village_agents[::101]:
        rows = slice(v.offsets[village.row], v.offsets[village.row + 1])
        assert (village.first, village.last) == (rows.start, rows.stop)
        listed = h.registered[rows] != 0
        assert village.registered == int(h.size[rows][listed].sum())
        assert village.registered_share == pytest.approx(
            h.size[rows][listed].sum() / h.size[rows].sum()
        )
        assert village.migrants == int(h.migrants[rows].sum())
        size, income = h.size[rows].astype(float), h.income[rows].astype(float)
        assert village.mean_income == pytest.approx((size * income).sum() / size.sum(), rel=1e-6)
        assert village.id == province.frame.villages.id[village.row]
        assert village.works_index == province.works.index[village.row]
    by_county = np.zeros(172)
    for village in province.village_agents:
        by_county[province.frame.villages.county[village.row]] += (
            village.registered * village.weight
        )
    assert [c.registered for c in province.counties] == by_county.tolist()
    assert province.registered_poor == by_county.sum()
    assert province.measured[2009].registered == province.registered_poor
    weight = np.repeat(v.weight, np.diff(v.offsets))
    assert province.migrants == int((h.migrants * weight).sum())
    assert sum(c.villages.size for c in province.counties) == v.id.size


# -- the calendar ----------------------------------------------------------------------------------


def test_a_july_start_is_a_january_start_whose_first_half_year_passes() -> None:
    """The months before the start are lived without programmes, to the byte."""
    july, january = begin(plan("2009-07", "2010-12")), begin(plan("2009-01", "2010-12"))
    assert july.calendar == "2009-06"
    for _ in range(6):
        january.step()
    assert not changed(july, january).any()
    while july.running:
        july.step()
        january.step()
        assert not changed(july, january).any()
        assert july.calendar == january.calendar
    for year in (2009, 2010):  # a full year's income in the first December
        assert july.measured[year].mean_income == january.measured[year].mean_income
        assert july.measured[year].registered == january.measured[year].registered
    assert july.at_start.income_poor == january.at_start.income_poor


def test_programmes_of_a_july_start_begin_in_july() -> None:
    on = begin(plan("2009-07", "2009-12", programmes=ALL))
    off = begin(plan("2009-07", "2009-12"))
    assert not changed(on, off).any()
    while on.running:
        on.step()
        off.step()
        assert on.ledger.imbalance() == 0
    released = on.ledger.released.sum(axis=1)
    for key, settings in ALL.items():
        index = programme(on, key).index
        assert (
            released[index].sum() == settings["budget"]
        )  # the calendar year's money in six months
        assert released.shape[1] == 6
        assert (released[index] > 0).all()
    for key in ("relocation", "skills_training", "microfinance"):
        assert reached(on, key).size > 100


def test_an_end_before_december_has_no_review() -> None:
    model = lived(end="2009-11", programmes=ALL)
    assert model.measured == {}
    start = begin(plan(end="2009-11"))
    assert not (model.households.registered != start.households.registered).any()
    assert not (model.households.income != start.households.income).any()
    assert model.ledger.closing[:, :, -1].sum() > 0  # the stock of loans
    grants = [p.index for p in model.programmes if not p.revolving]
    assert (model.ledger.closing[grants, :, -1] == 0).all()


# -- switches --------------------------------------------------------------------------------------


def test_without_growth_level_and_line_stay() -> None:
    keys = {"end": "2010-12"}
    still, growing = lived(growth="none", **keys), lived(**keys)
    begun = begin(plan(growth="none", **keys))
    assert still.level == begun.level == still.levels[2008]
    assert still.line == begun.line == 1196
    assert growing.level == growing.levels[2010] > 1.1 * still.level
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
        losses.setdefault(model.today // 12, []).append(model.home_loss.copy())
    for year, months in losses.items():
        assert all((m == months[0]).all() for m in months)  # a year has one weather
        expected = weather.village_home_loss(
            model.frame,
            model.values,
            weather.county_loss(model.frame, model.core.loss, rule, year, model.run_seed),
        )
        assert (months[0] == expected).all()
    if rule == "mean":
        assert (losses[2009][0] == losses[2010][0]).all()
    else:
        assert (losses[2009][0] != losses[2010][0]).any()


def test_weather_by_chance_is_a_seeds_own() -> None:
    losses = []
    for seed in (1, 2, 3):
        model = begin(plan(weather="chance"), seed)
        model.step()
        losses.append(model.home_loss.copy())
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
    modest = lived(counting="quota", quota=1)
    by_review = review.measured[2009]
    if by_review.delisted - by_review.listed >= 1:
        assert not changed(modest, review).any()
    assert (model.households.listed_month[differs(model, review, "registered")] == 119).all()


def test_counting_by_survey_changes_no_household() -> None:
    """What is counted differs, not what happens."""
    assert not changed(lived(counting="survey"), lived()).any()


def test_an_asset_threshold_holds_the_poorest_down() -> None:
    start, smooth = begin(plan(assets="threshold")), begin(plan())
    assert start.core.asset_threshold > 0
    assert smooth.core.asset_threshold == 0
    h, s = start.households, smooth.households
    worth = h.base * start.rates.asset_ratio
    below, above = worth < 0.8 * start.core.asset_threshold, worth > 3 * start.core.asset_threshold
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
        more = dry.home_loss > wet.home_loss
        assert (more == (there & (6 <= month <= 9))).all(), month
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
    if many > few:
        assert lost[at_home & (watered >= many)].mean() < lost[at_home & (watered <= few)].mean()
    assert dry.measured[2009].income_poor > wet.measured[2009].income_poor


def test_a_worse_or_longer_drought_costs_more() -> None:
    def income(**keys: Any) -> float:
        return lived(**drought(**keys)).measured[2009].mean_income

    mild, severe, long = income(severity=0.4), income(), income(months=7)
    none = lived().measured[2009].mean_income
    assert none > mild > severe > long
    assert not changed(lived(**drought(severity=0.0)), lived()).any()


def test_a_plans_parameters_act() -> None:
    """An override reaches history as well as the period."""
    usual, risky = begin(plan()), begin(plan(parameters={"livelihood.crash_probability": 0.12}))
    assert risky.rates.crash_probability == np.float32(0.12)
    assert risky.hazards.crash > usual.hazards.crash
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


def test_registered_counts_are_as_of_the_month() -> None:
    """The cached count is thrown away when people are born, die or are reviewed."""
    model = begin(plan("2009-10", "2010-01", programmes=ALL))
    while model.running:
        model.step()
        out = np.zeros(model.villages.id.size, np.int64)
        h = model.households
        register.count_persons(model.villages.offsets, h.size, h.registered, out)
        assert (out == model.registered_by_village).all()
    assert fresh_start(plan()).core.households.income is not model.households.income
