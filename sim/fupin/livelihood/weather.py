"""Weather: the share of home income that drought takes, by county and month.

The weather of a historical year is an input, not a lottery (`weather: historical`): a yearly loss
of farm income for each of four terrains from parameters. `mean` puts the mean of these years in
every year; `chance` draws for each county and year one of the historical years, keyed. Scenario
droughts come on top. Irrigated land loses less.
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
    from fupin.scenario.schema import Shock

TERRAINS = ("plain", "basin", "mountain", "plateau")
HISTORY = tuple(range(province().first_listing, province().last_official + 1))
"""Years with a recorded loss."""


class Drought(NamedTuple):
    """A drought of a scenario, resolved to county rows."""

    rows: npt.NDArray[np.int64]
    first: int  # month index
    last: int  # month index, included
    loss: float  # share of the farm income of these months that is lost


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


def farm_share(frame: Frame, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Share of farming in home income (farm and household business) by county, (counties,)."""
    primary = np.asarray(frame.counties.primary_share, np.float64)
    share = values["livelihood.farm_base_share"] + values["livelihood.farm_primary_slope"] * primary
    return np.clip(share, 0.05, 0.95)


def recorded_loss(values: ParameterValues) -> npt.NDArray[np.float64]:
    """Loss of farm income by (year of HISTORY, terrain), from `weather.<terrain>`."""
    return np.array([values.series(f"weather.{terrain}", HISTORY) for terrain in TERRAINS]).T


def county_loss(
    frame: Frame,
    loss: npt.NDArray[np.float64],
    rule: str,
    year: int,
    seed: int,
) -> npt.NDArray[np.float64]:
    """Share of the year's farm income lost in each county, (counties,).

    Args:
        frame: gives the counties' terrain.
        loss: from `recorded_loss`.
        rule: "historical", "mean" or "chance".
        year: calendar year; a year outside HISTORY has the mean under "historical".
        seed: run seed, for "chance".
    """
    terrain = np.asarray(frame.counties.terrain, np.int64)
    if rule == "historical" and year in HISTORY:
        return loss[HISTORY.index(year)][terrain]
    if rule == "chance":
        ids = np.asarray(frame.counties.code, np.int64) * 10_000
        u = randomness.uniforms(seed, "livelihood/weather", ids, month=year * 12)
        picked = np.minimum((u * len(HISTORY)).astype(np.int64), len(HISTORY) - 1)
        return loss[picked, terrain]
    return loss.mean(axis=0)[terrain]


def village_home_loss(
    frame: Frame,
    values: Mapping[str, float],
    year_loss: npt.NDArray[np.float64],
    droughts: Sequence[Drought] = (),
    month: int | None = None,
    irrigation: npt.NDArray[np.float64] | None = None,
) -> npt.NDArray[np.float32]:
    """Share of home income lost this step by village, (V,).

    `month` selects scenario droughts; `irrigation` is the share of land watered now, (V,), the
    frame's where None.
    """
    loss = year_loss.copy()
    if month is not None:
        for drought in droughts:
            if drought.first <= month <= drought.last:
                loss[drought.rows] = 1.0 - (1.0 - loss[drought.rows]) * (1.0 - drought.loss)
    county = np.asarray(frame.villages.county)
    now = frame.villages.irrigation if irrigation is None else irrigation
    watered: npt.NDArray[np.float64] = np.asarray(now, np.float64)
    spared = 1.0 - values["livelihood.irrigation_saves"] * watered
    return ((loss * farm_share(frame, values))[county] * spared).astype(np.float32)
