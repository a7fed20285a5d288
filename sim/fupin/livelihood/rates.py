"""The livelihood parameters as the float32 scalars that the kernels take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from fupin.population.apportion import power


class Rates(NamedTuple):
    """Scalars of the laws of motion; see docs/parameters.md for values and sources."""

    persistence: np.float32
    persistent_innovation: np.float32  # sd of the yearly innovation, log points
    transitory_sd: np.float32
    crash_mean: np.float32
    crash_sd: np.float32
    crash_probability: np.float32  # a year
    illness_share: np.float32
    death_share: np.float32
    disaster_asset_loss: np.float32
    illness_asset_loss: np.float32
    home_forgone: np.float32  # part of home income that is lost where all able hands are away
    migrant_return: np.float32  # a year, per migrant
    peer_effect: np.float32
    schooling_migration: np.float32  # change of departure odds per year of schooling
    asset_elasticity: np.float32
    asset_ratio: np.float32  # reference assets, years of income
    asset_adjustment: np.float32  # a year
    asset_wear: np.float32  # a year, of what exceeds the reference
    asset_low: np.float32  # lower equilibrium of the threshold variant
    drought_sold: np.float32  # of what a dry year takes, covered by sales of assets
    pass_poor: np.float32
    pass_middle: np.float32
    pass_rich: np.float32
    buffer_poor: np.float32  # savings aimed at, years of income
    buffer_middle: np.float32
    buffer_rich: np.float32
    buffer_adjustment: np.float32
    credit_limit: np.float32  # informal credit, years of income
    birth_rate: np.float32  # a year, per person
    death_rate: np.float32
    departure_rate: np.float32


def livelihood_rates(values: Mapping[str, float]) -> Rates:
    """Rates from parameter values named `livelihood.*`."""

    def get(name: str) -> np.float32:
        return np.float32(values[f"livelihood.{name}"])

    persistence = values["livelihood.persistence"]
    innovation = values["livelihood.persistent_sd"] * math.sqrt(1.0 - persistence**2)
    return Rates(
        persistence=np.float32(persistence),
        persistent_innovation=np.float32(innovation),
        **{name: get(name) for name in Rates._fields if not name.startswith("persist")},
    )


def over(yearly: np.float32 | float, months: int) -> np.float32:
    """Probability over some months of what has probability `yearly` in twelve: exact."""
    kept = np.array([1.0 - float(yearly)])
    return np.float32(1.0 - (kept if months == 12 else power(kept, months / 12.0))[0])
