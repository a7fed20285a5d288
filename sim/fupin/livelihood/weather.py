"""Weather: what dry months take from the year's crops, by county and village.

The weather of a historical year is an input, not a lottery (`weather: historical`): the part of the
year's farm income that drought takes in each of four terrains, from parameters. `mean` puts the
mean of these years in every year; `chance` draws for each county and year one of the historical
years, keyed. A drought of a plan is the same thing: so much of the year's farm income, if it lasts
all growing months. Where both are at work in a month the worse one counts, and not both.

A month counts by what grows in it (`crop_calendar`). What did not grow is missing from that month
to the end of the year, as the seasons bring income; so nothing is lost before it is dry, and a
year's loss is the same in twelve steps and in one. Irrigated land loses less.

What a year takes beyond the climate's mean leaves a trace: a part is consumption forgone, a part is
covered by sales of productive assets, the rest by savings (`year.py: invest`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.parameters.province import province
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame

if TYPE_CHECKING:
    from fupin.scenario.shocks import Shock

TERRAINS = ("plain", "basin", "mountain", "plateau")
HISTORY = tuple(range(province().first_listing, province().last_official + 1))
"""Years with a recorded loss."""

Floats = npt.NDArray[np.float64]


class Drought(NamedTuple):
    """A drought of a scenario, resolved to county rows."""

    rows: npt.NDArray[np.int64]
    first: int  # month index
    last: int  # month index, included
    loss: float  # share of the year's farm income that it takes, if it lasts all growing months


def resolve(
    shocks: Mapping[str, Shock], frame: Frame, values: Mapping[str, float]
) -> tuple[Drought, ...]:
    """The droughts among a plan's shocks; severity 1 loses `livelihood.drought_loss`."""
    codes = np.asarray(frame.counties.code)
    return tuple(
        Drought(
            rows=np.flatnonzero(np.isin(codes, shock.drought.county_codes())),
            first=shock.drought.from_month.index,
            last=shock.drought.from_month.index + shock.drought.months - 1,
            loss=shock.drought.severity * values["livelihood.drought_loss"],
        )
        for shock in shocks.values()
    )


def farm_share(frame: Frame, values: Mapping[str, float]) -> Floats:
    """Share of farming in home income (farm and household business) by county, (counties,)."""
    primary = np.asarray(frame.counties.primary_share, np.float64)
    share = values["livelihood.farm_base_share"] + values["livelihood.farm_primary_slope"] * primary
    return np.clip(share, 0.05, 0.95)


def crop_calendar(values: Mapping[str, float]) -> Floats:
    """Part of a year's crops that grows in each month, (12 months, 4 terrains); columns sum to 1.

    Winter wheat and the crop sown after its harvest share the fields; elsewhere one crop a year.
    """
    wheat, autumn, single = np.zeros(12), np.zeros(12), np.zeros(12)
    for month in (1, 2, 3, 4, 5, 10, 11, 12):
        wheat[month - 1] = values[f"weather.wheat_{month:02d}"]
    for month in (6, 7, 8, 9):
        autumn[month - 1] = values[f"weather.autumn_{month:02d}"]
    for month in (5, 6, 7, 8, 9):
        single[month - 1] = values[f"weather.single_{month:02d}"]
    plain, basin = values["weather.wheat_plain"], values["weather.wheat_basin"]
    mountain = values["weather.wheat_mountain"]
    by_terrain = {
        "plain": plain * wheat + (1.0 - plain) * autumn,
        "basin": basin * wheat + (1.0 - basin) * single,
        "mountain": mountain * wheat + (1.0 - mountain) * single,
        "plateau": single,
    }
    return np.stack([by_terrain[terrain] for terrain in TERRAINS], axis=1)


def recorded_loss(values: ParameterValues) -> Floats:
    """Loss of farm income by (year of HISTORY, terrain), from `weather.<terrain>`."""
    return np.array([values.series(f"weather.{terrain}", HISTORY) for terrain in TERRAINS]).T


def county_loss(frame: Frame, loss: Floats, rule: str, year: int, seed: int) -> Floats:
    """Share of the year's farm income lost to weather in each county, (counties,).

    Args:
        frame: gives the counties' terrain.
        loss: from `recorded_loss`.
        rule: "historical", "mean" or "chance".
        year: calendar year; a year outside HISTORY has the mean under "historical".
        seed: run seed, for "chance".
    """
    terrain = np.asarray(frame.counties.terrain, np.int64)
    if rule == "historical" and year in HISTORY:
        result: Floats = loss[HISTORY.index(year)][terrain]
        return result
    if rule == "chance":
        ids = np.asarray(frame.counties.code, np.int64) * 10_000
        u = randomness.uniforms(seed, "livelihood/weather", ids, month=year * 12)
        picked = np.minimum((u * len(HISTORY)).astype(np.int64), len(HISTORY) - 1)
        return loss[picked, terrain]
    return loss.mean(axis=0)[terrain]


def _lost_by_month(
    frame: Frame,
    values: Mapping[str, float],
    year_loss: Floats,
    droughts: Sequence[Drought],
    january: int,
) -> Floats:
    # Share of the year's farm income that each month takes, (12, counties): what grows in it, times
    # the worse of the year's weather and the plan's droughts.
    grows = crop_calendar(values)[:, np.asarray(frame.counties.terrain, np.int64)]
    worst = np.tile(year_loss, (12, 1))
    for drought in droughts:
        for month in range(12):
            if drought.first <= january + month <= drought.last:
                row = worst[month]
                row[drought.rows] = np.maximum(row[drought.rows], drought.loss)
    return grows * worst


def village_home_loss(
    frame: Frame,
    values: Mapping[str, float],
    year_loss: Floats,
    droughts: Sequence[Drought] = (),
    month: int | None = None,
    irrigation: Floats | None = None,
) -> npt.NDArray[np.float32]:
    """Share of home income lost in a step by village, (V,).

    Args:
        frame: villages and counties.
        values: parameter values of the draw.
        year_loss: from `county_loss`, (counties,).
        droughts: of the plan.
        month: month index of a step of one month; None is a step of the whole year, without the
            plan's droughts.
        irrigation: share of land watered now, (V,); the frame's where None.
    """
    loss = year_loss
    if month is not None:
        now = month % 12
        seasons = np.array([values[f"livelihood.season_{m:02d}"] for m in range(1, 13)])
        left = np.cumsum(seasons[::-1])[::-1]  # of the year's income, from each month on
        lost = _lost_by_month(frame, values, year_loss, droughts, month - now)
        loss = np.minimum((lost[: now + 1] / left[: now + 1, None]).sum(axis=0), 1.0)
    return _of_villages(frame, values, loss, irrigation).astype(np.float32)


def village_shortfall(
    frame: Frame,
    values: Mapping[str, float],
    loss: Floats,
    year_loss: Floats,
    droughts: Sequence[Drought] = (),
    year: int | None = None,
    irrigation: Floats | None = None,
) -> npt.NDArray[np.float32]:
    """Share of a year's home income lost beyond the climate's mean, by village, (V,).

    Negative in a good year. Arguments as of `village_home_loss`; `loss` from `recorded_loss`,
    `year` where the plan's droughts count.
    """
    whole = year_loss
    if year is not None:
        january = randomness.month_index(year, 1)
        whole = _lost_by_month(frame, values, year_loss, droughts, january).sum(axis=0)
    usual = county_loss(frame, loss, "mean", 0, 0)
    return _of_villages(frame, values, whole - usual, irrigation).astype(np.float32)


def _of_villages(
    frame: Frame, values: Mapping[str, float], loss: Floats, irrigation: Floats | None
) -> Floats:
    """Share of home income that a loss of farm income is in each village, (V,)."""
    now = frame.villages.irrigation if irrigation is None else irrigation
    watered: Floats = np.asarray(now, np.float64)
    spared = 1.0 - values["livelihood.irrigation_saves"] * watered
    of_county = (loss * farm_share(frame, values))[np.asarray(frame.villages.county)]
    return np.asarray(of_county * spared)
