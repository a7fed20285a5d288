"""Households as columns: one array a variable, sorted by village, village v at offsets[v:v+2].

Money is per registered person. Assets, savings and flows are in units of the household's own
reference income `base` (assets in units of its own reference assets), and `base` itself in units
of the year's provincial income level. So growth of the level revalues assets and savings with
incomes, every law of motion is free of units, and yuan appear only where something is compared
with a line or paid by a programme:

    income (yuan/person/year) = level(year) x base x earned
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.population.frame import Frame

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

# Codes of `hit`: what struck the household this year.
NO_HIT, ILLNESS, DEATH, DISASTER = 0, 1, 2, 3


class Households(NamedTuple):
    """State of N households. A NamedTuple, because compiled loops take it as it is."""

    size: U8  # registered persons
    labour: U8  # able-bodied persons of working age
    elderly: U8  # persons of 65 and over
    children: U8  # persons under 15
    schooling: U8  # mean years of schooling of adults x 10
    migrants: U8  # persons working away from the county
    frail: U8  # 1: without labour power
    rank_half: U8  # 1: better-off half of its village by endowment
    third: U8  # 0 poorest, 1 middle, 2 richest third of the province by endowment
    endowment: F32  # log points: county + schooling + permanent productivity + frailty
    bias: F32  # log points: how the village always misjudges this household
    persistent: F32  # log points: persistent income shock u
    gain: F32  # log points: lasting gains from household programmes
    base: F32  # exp(spread x endowment): own reference income, units of the level
    assets: F32  # productive assets / own reference assets
    savings: F32  # liquid savings (debt below 0), years of own reference income
    flow: F32  # income a year at present conditions, units of base
    plan: F32  # consumption a year, units of base
    earned: F32  # income since January, units of base
    income: F32  # yuan per person of the year last settled
    income_last: F32  # yuan per person of the year before
    hit: U8  # code of this year's shock
    registered: U8  # 1: on the register of the poor
    served: U8  # 1: reached by a programme this year
    reached: npt.NDArray[np.uint16]  # one bit a programme that ever reached it
    listed_month: npt.NDArray[np.int16]  # months since 2000-01 of the last change of register


def new_households(frame: Frame) -> Households:
    """Columns for the households of a frame: composition copied, everything else zero."""
    n = int(frame.households.size.size)
    columns: dict[str, Any] = {
        name: np.array(getattr(frame.households, name), dtype=np.uint8) for name in _COMPOSITION
    }
    columns |= {name: np.zeros(n, np.uint8) for name in _FLAGS}
    columns |= {"reached": np.zeros(n, np.uint16), "listed_month": np.zeros(n, np.int16)}
    rest = [name for name in Households._fields if name not in columns]
    columns |= {name: np.zeros(n, np.float32) for name in rest}
    return Households(**columns)


_COMPOSITION = ("size", "labour", "elderly", "children", "schooling", "migrants", "frail")
_FLAGS = ("rank_half", "third", "hit", "registered", "served")
