"""Small provinces and short lives for tests of livelihoods: frames, parameter values, twins."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from few_people import copied, hand_made
from fupin import randomness
from fupin.kernels.words import f32
from fupin.livelihood import month as month_kernel
from fupin.livelihood import weather
from fupin.livelihood import year as year_kernel
from fupin.livelihood.core import FIRST_YEAR, Core
from fupin.livelihood.levels import load_levels
from fupin.livelihood.month import Hazards, VillageMonth
from fupin.livelihood.savings import savings_of
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame, load_frame
from fupin.scenario.schema import Scenario
from fupin.state import works
from fupin.state.households import Households
from fupin.world.start import Start

__all__ = ["copied", "hand_made"]  # from here for those that also need a province

NO_WORKS = {
    "programmes.advancement_better_off": 0.0,
    "programmes.advancement_poorer": 0.0,
}
"""Overrides: village works change no income, so that history has no programme."""

PAY = f32(0.97)
"""What a migrant sends home in a year, in income levels where none is solved: 5,000 / 5,150."""

SEASONS = tuple(f"livelihood.season_{month:02d}" for month in range(1, 13))


@cache
def province(sample: str | float) -> Frame:
    """The frame of a sample, one for all tests of a session."""
    return load_frame(sample)


def central(overrides: Mapping[str, float] | None = None) -> ParameterValues:
    """Central parameter values, some of them replaced."""
    return load_book().values(overrides)


def stationary(values: ParameterValues, year: int = 2008) -> ParameterValues:
    """A world in which nothing changes but luck: no growth, one line, climate's mean, no works."""
    series = {name: dict(by) for name, by in values.by_year.items()}
    for name in ("official.mean_income", "official.low_income_line"):
        series[name] = dict.fromkeys(series[name], series[name][year])
    for terrain in weather.TERRAINS:
        name = f"weather.{terrain}"
        mean = sum(series[name][y] for y in weather.HISTORY) / len(weather.HISTORY)
        series[name] = dict.fromkeys(series[name], mean)
    return ParameterValues({**values, **NO_WORKS}, series)


def newborn(frame: Frame, values: ParameterValues, seed: int = 1, **options: Any) -> Core:
    """A core before its first year, under history's village works."""
    return Core(frame, values, seed, works.history(frame, values), **options)


def settled(frame: Frame, values: ParameterValues, seed: int = 1, **options: Any) -> Core:
    """A core after the burn-in: savings, assets and migrants near where they stay."""
    core = newborn(frame, values, seed, **options)
    core.burn_in(levels_of(frame, values)[FIRST_YEAR])
    return core


def levels_of(frame: Frame, values: ParameterValues) -> dict[int, float]:
    """Levels of a frame and values, from the cache."""
    return load_levels(frame, values, works.history(frame, values))


def persons(core: Core | PovertyModel) -> npt.NDArray[np.float64]:
    """Persons that each household stands for, (N,)."""
    h, v = core.households, core.villages
    return h.size * np.repeat(v.weight, np.diff(v.offsets)).astype(np.float64)


def village_month(core: Core, **changed: npt.NDArray[Any]) -> VillageMonth:
    """Village inputs without weather and without new works; some of them replaced."""
    v = core.villages
    same = np.ones(v.id.size, np.float32)
    plain = VillageMonth(
        id=v.id,
        offsets=v.offsets,
        pull=v.pull,
        migrants_frame=v.migrants_frame,
        crash_factor=v.crash_factor,
        farm_loss=np.zeros(v.id.size, np.float32),
        works_rich=same,
        works_poor=same,
    )
    return plain._replace(**changed)


def open_january(core: Core, year: int, h: Households | None = None) -> None:
    """January of a year, spread 1, no village works."""
    v = core.villages
    none = np.zeros(v.id.size, np.float32)
    year_kernel.open_year(
        core.households if h is None else h, v.id, v.offsets, none, none, core.rates, f32(1.0), PAY,
        randomness.month_index(year, 1), core.first, *year_kernel.year_streams(core.seed),
    )  # fmt: skip
    core.first = False


def live(
    core: Core,
    year: int,
    steps: int,
    h: Households | None = None,
    inputs: VillageMonth | None = None,
    upto: int | None = None,
    **hazard: np.float32,
) -> None:
    """Live a year in `steps` equal steps (1 or 12), or the first `upto` of them.

    Args:
        core: gives villages, rates and the seed.
        year: calendar year, for the keys.
        steps: 12 is the monthly model, with its seasons; 1 the yearly core.
        h: households instead of the core's.
        inputs: village inputs, `village_month(core)` if absent.
        upto: how many steps are lived, all if absent.
        hazard: fields of `Hazards` that are replaced; births and deaths are off unless given.
    """
    months = 12 // steps
    seasons = [core.values[name] for name in SEASONS] if steps == 12 else [1.0]
    p = month_kernel.hazards(core.rates, months, core.shocks, demography=False)._replace(**hazard)
    for step in range(steps if upto is None else upto):
        month_kernel.live_months(
            core.households if h is None else h,
            village_month(core) if inputs is None else inputs,
            core.rates,
            p,
            PAY,
            f32(seasons[step]),
            randomness.month_index(year, 1 + step * months),
            *month_kernel.streams(core.seed),
        )


def saved(h: Households) -> npt.NDArray[np.float32]:
    """Savings of all households at the end of a year that was lived and is not settled."""
    return savings_of(h, np.arange(h.size.size), 12)


CALM = Hazards(*(f32(0.0),) * 5)._asdict()
"""Hazards of a year in which nothing happens to anybody."""


def plan(**keys: Any) -> Scenario:
    """A plan without programmes."""
    return Scenario.model_validate({"name": "test", **keys})


def stationary_model(scenario: Scenario, seed: int, sample: float) -> PovertyModel:
    """A monthly model after a history without growth: the register starts where it stays."""
    frame, values = province(sample), stationary(central())
    levels = levels_of(frame, values)
    core = newborn(frame, values, seed)
    core.run(levels, until=scenario.period.start.year - 1)
    start = Start(frame, values, levels, core)
    return PovertyModel(scenario, rng=seed, sample=sample, start=start)


def to_the_end(model: PovertyModel) -> PovertyModel:
    """Step a model through its period."""
    while model.running:
        model.step()
    return model
