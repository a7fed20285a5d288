"""Twelve months are a year: totals, chances and distributions do not depend on the split.

History is lived a year at a time and a plan a month at a time, by the same kernel. If the two
differed, every plan would start with a jump that no programme caused.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from fupin.kernels.words import f32
from fupin.livelihood import month as month_kernel
from fupin.livelihood.rates import livelihood_rates, over
from fupin.model import PovertyModel
from small_worlds import (
    CALM,
    NO_WORKS,
    PAY,
    central,
    copied,
    levels_of,
    live,
    newborn,
    open_january,
    persons,
    plan,
    province,
    saved,
    settled,
    to_the_end,
    village_month,
)

SMALL, LARGE = 0.02, 0.1


@pytest.fixture(scope="module")
def core():
    return settled(province(SMALL), central(NO_WORKS))


def both_ways(core, year, inputs=None, **hazard):
    """The same households after twelve months and after one year."""
    open_january(core, year)
    monthly, yearly = copied(core.households), copied(core.households)
    live(core, year, 12, monthly, inputs, **hazard)
    live(core, year, 1, yearly, inputs, **hazard)
    return monthly, yearly


# --- totals ----------------------------------------------------------------------------------


def test_without_chance_twelve_months_earn_and_save_exactly_a_year(core):
    monthly, yearly = both_ways(core, 2001, **CALM)
    np.testing.assert_allclose(monthly.earned, yearly.earned, rtol=2e-6)
    np.testing.assert_allclose(saved(monthly), saved(yearly), atol=1e-5)
    for name in ("size", "labour", "migrants", "assets", "hit", "flow"):
        np.testing.assert_array_equal(getattr(monthly, name), getattr(yearly, name))


def test_a_dry_year_and_its_works_do_not_depend_on_the_split(core):
    villages = core.villages.id.size
    inputs = village_month(
        core,
        farm_loss=np.linspace(0.0, 0.4, villages).astype(np.float32),
        works_rich=np.full(villages, 1.05, np.float32),
        works_poor=np.full(villages, 1.02, np.float32),
    )
    monthly, yearly = both_ways(core, 2002, inputs, **CALM)
    np.testing.assert_allclose(monthly.earned, yearly.earned, rtol=2e-6)


def test_seasons_sum_to_a_year():
    values = central()
    assert math.fsum(values[f"livelihood.season_{m:02d}"] for m in range(1, 13)) == pytest.approx(1)


@pytest.mark.parametrize("struck_in", [1, 4, 12])
def test_a_crash_costs_the_same_in_whichever_month_it_comes(core, struck_in):
    # All are struck in one month, and in no other; without other chance the year's income and
    # what is left of the savings can depend on the size of the crash alone.
    open_january(core, 2003)
    well, ill = copied(core.households), copied(core.households)
    live(core, 2003, 12, well, **CALM)
    strike = {**CALM, "crash": f32(1.0)}
    everywhere = village_month(core, crash_factor=np.full(core.villages.id.size, 2, np.float32))
    for month in range(1, 13):
        _one_month(core, ill, everywhere, month, strike if month == struck_in else CALM)
    assert (ill.hit > 0).all()
    lost = (well.earned - ill.earned).astype(np.float64)
    less = (saved(well) - saved(ill)).astype(np.float64)
    assert lost.min() >= 0.0
    third = ill.third
    for k, name in enumerate(("poor", "middle", "rich")):
        passed = 1.0 - less[third == k].sum() / lost[third == k].sum()
        assert passed == pytest.approx(core.values[f"livelihood.pass_{name}"], abs=1e-4)


def _one_month(core, h, inputs, month, hazard):
    from fupin import randomness

    month_kernel.live_months(
        h, inputs, core.rates, month_kernel.Hazards(**hazard), PAY,
        f32(core.values[f"livelihood.season_{month:02d}"]),
        randomness.month_index(2003, month), *month_kernel.streams(core.seed),
    )  # fmt: skip


def test_a_move_counts_for_half_a_year_on_average_in_both_splits(core):
    """Migrants who leave or come home once: which part of the year's income is already the new?

    A yearly step draws the eighth of the year in which somebody moves, months have their seasons.
    """
    open_january(core, 2004)
    moves_only = {**CALM, "migrant_return": core.rates.migrant_return}
    by_month = {**CALM, "migrant_return": f32(over(core.rates.migrant_return, 1))}
    before = copied(core.households)
    parts = {}
    for steps, hazard in ((1, moves_only), (12, by_month)):
        h = copied(before)
        live(core, 2004, steps, h, **hazard)
        once = np.abs(h.migrants.astype(int) - before.migrants) == 1
        old, new = (
            x.flow[once].astype(np.float64) + x.wages[once].astype(np.float64) for x in (before, h)
        )
        # Where pay is about what the home forgoes a part of the difference says nothing.
        tells = np.abs(new - old) > 0.05
        parts[steps] = ((h.earned[once] - old) / (new - old))[tells]
        assert tells.sum() > 5000
    middles = np.arange(1, 16, 2) / 16  # of the eighths
    assert np.abs(parts[1][:, None] - middles).min(axis=1).max() < 1e-3
    for part in parts.values():
        assert part.mean() == pytest.approx(0.5, abs=0.03)
        assert part.std() > 0.2


# --- hazards ---------------------------------------------------------------------------------


@pytest.mark.parametrize("yearly", [0.0, 1e-4, 0.0129, 0.075, 0.25, 0.9, 1.0])
def test_twelve_monthly_hazards_compose_to_the_yearly_probability(yearly):
    monthly = float(over(yearly, 1))
    assert 1.0 - (1.0 - monthly) ** 12 == pytest.approx(yearly, rel=2e-6, abs=1e-9)
    assert float(over(yearly, 12)) == np.float32(yearly)


def test_switches_take_only_their_own_hazards():
    rates = livelihood_rates(central())
    quiet = month_kernel.hazards(rates, 1, shocks=False, demography=False)
    assert quiet.crash == quiet.birth == quiet.loss == 0
    assert quiet.migrant_return == month_kernel.hazards(rates, 1).migrant_return > 0


@pytest.mark.parametrize("steps", [1, 12])
def test_the_yearly_share_of_crashes_is_the_parameter(steps):
    """Binomial: within four standard errors of 0.075 among 294,000 households."""
    values = central({"livelihood.water_saves_illness": 0.0})
    core = newborn(province(SMALL), values)
    assert (core.villages.crash_factor == 1).all()
    open_january(core, 2003)
    live(core, 2003, steps)
    struck = core.households.hit > 0
    chance = values["livelihood.crash_probability"]
    noise = math.sqrt(chance * (1 - chance) / struck.size)
    assert abs(struck.mean() - chance) < 4 * noise


def test_safe_water_shifts_crashes_alike_in_both_splits():
    # A hazard times a factor does not compose exactly; the error must stay far below the effect.
    core = newborn(province(SMALL), central({"livelihood.water_saves_illness": 0.30}))
    factor = core.villages.crash_factor.astype(np.float64)
    assert np.ptp(factor) > 0.1
    yearly = float(over(core.rates.crash_probability, 12)) * factor
    monthly = 1.0 - (1.0 - float(over(core.rates.crash_probability, 1)) * factor) ** 12
    np.testing.assert_allclose(monthly, yearly, rtol=0.012)


@pytest.mark.parametrize("steps", [1, 12])
def test_yearly_returns_of_migrants_are_the_parameter(steps):
    core = newborn(province(SMALL), central())
    open_january(core, 2003)
    before = core.households.migrants.sum(dtype=np.int64)
    stay = village_month(core, pull=np.zeros(core.villages.id.size, np.float32))
    live(core, 2003, steps, inputs=stay)
    home = before - core.households.migrants.sum(dtype=np.int64)
    chance = core.values["livelihood.migrant_return"]
    # A household with m migrants sends home one with chance m p a step: narrower than binomial.
    noise = math.sqrt(before * chance * (1 - chance))
    assert abs(home - before * chance) < 4 * noise


@pytest.mark.parametrize("event", ["birth", "loss"])
def test_births_and_losses_of_a_year_are_at_most_the_parameter(event):
    core = newborn(province(SMALL), central())
    rates = month_kernel.hazards(core.rates, 1)._asdict()
    chance = month_kernel.hazards(core.rates, 12)._asdict()[event]
    open_january(core, 2003)
    people = core.households.size.sum(dtype=np.int64)
    hazard = {**CALM, event: rates[event], "net_share": rates["net_share"]}
    live(core, 2003, 12, **hazard)
    change = abs(int(core.households.size.sum(dtype=np.int64)) - int(people))
    # Households without workers have no births and lose at the net rate, and a household keeps its
    # last worker: some events fall through.
    assert 0.75 * chance * people < change < 1.02 * chance * people


# --- distributions ---------------------------------------------------------------------------


def test_the_distribution_of_a_year_s_income_does_not_depend_on_the_split():
    """Mean, variance and quantiles of 1.5 M households, with crashes and migration.

    The two splits share luck where keys are yearly and not where they are monthly, so the bounds
    are those of two independent samples (four standard errors): too wide by a little.
    """
    core = settled(province(LARGE), central(NO_WORKS))
    monthly, yearly = (h.earned.astype(np.float64) for h in both_ways(core, 2001))
    n = monthly.size
    spread = yearly.std()
    assert abs(monthly.mean() - yearly.mean()) < 4 * spread * math.sqrt(2 / n)
    kurtosis = np.mean((yearly - yearly.mean()) ** 4) / spread**4
    assert abs(monthly.var() / yearly.var() - 1) < 4 * math.sqrt(2 * (kurtosis - 1) / n)
    for q in (0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.99):
        a, b = np.quantile(monthly, q), np.quantile(yearly, q)
        width = 0.002
        low, high = np.quantile(yearly, [max(q - width, 0), min(q + width, 1)])
        density = (min(q + width, 1) - max(q - width, 0)) / (high - low)
        noise = math.sqrt(2 * q * (1 - q) / n) / density
        assert abs(a - b) < 4 * noise, f"quantile {q}: {a} and {b}, noise {noise}"


def test_seven_years_of_months_reach_the_register_of_the_yearly_core():
    """2002 to 2008, with growth and the weather of history, the same people throughout.

    Measured noise of one run at this sample: 0.014 points of registered, 0.02 of income-poor.
    """
    values = central(NO_WORKS)
    frame = province(LARGE)
    core = newborn(frame, values)
    history = core.run(levels_of(frame, values), until=2008)
    people = persons(core)
    poor = people[core.households.income < values.dated("official.low_income_line", 2008)].sum()

    months = PovertyModel(
        plan(period={"start": "2002-01", "end": "2008-12"}), rng=1, draw=NO_WORKS, sample=LARGE
    )
    months.world.hazards = month_kernel.hazards(months.world.rates, 1, demography=False)
    assert months.registered_poor == history[0].registered
    to_the_end(months)
    end = months.measured[2008]
    assert end.persons == people.sum()
    # 0.08 points of the register: four standard deviations of a difference.
    assert end.registered / end.persons == pytest.approx(
        history[-1].registered / people.sum(), abs=0.0008
    )
    assert end.income_poor / end.persons == pytest.approx(poor / people.sum(), abs=0.0011)
    assert end.mean_income == pytest.approx(history[-1].mean_income, rel=0.0025)
    # Savings and assets carry the past; they must not wander off in one of the splits.
    for third in range(3):
        mine, theirs = months.households, core.households
        here = theirs.third == third
        assert mine.reserve[here].mean() == pytest.approx(theirs.reserve[here].mean(), abs=0.004)
        assert mine.assets[here].mean() == pytest.approx(theirs.assets[here].mean(), abs=0.004)
