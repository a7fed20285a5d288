"""Households as columns: one array a variable, sorted by village, village v at offsets[v:v+2].

Money is per registered person. Assets, savings and flows are in units of the household's own
reference income `base` (assets in units of its own reference assets), and `base` itself in units
of the year's provincial income level. So growth of the level revalues assets and savings with
incomes, every law of motion is free of units, and yuan appear only where something is compared
with a line or paid by a programme:

    income (yuan/person/year) = level(year) x base x earned
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.population.frame import Frame

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
    reserve: F32  # liquid savings but for this year's income and consumption: `livelihood.savings`
    flow: F32  # income a year at present conditions, units of base
    plan: F32  # consumption a year, units of base
    earned: F32  # income since January, units of base
    income: F32  # yuan per person of the year last settled
    hit: U8  # code of this year's shock
    registered: U8  # 1: on the register of the poor
    served: U8  # 1: reached by a programme this year
    reached: npt.NDArray[np.uint16]  # one bit a programme that ever reached it
    listed_month: npt.NDArray[np.int16]  # months since 2000-01 of the last change of register


def new_households(frame: Frame) -> Households:
    """Columns for the households of a frame: composition copied, everything else zero."""
    columns = _block(int(frame.households.size.size), _DTYPES, np.zeros)
    households = Households(*columns)
    for name in _COMPOSITION:
        getattr(households, name)[:] = getattr(frame.households, name)
    return households


def copy_households(households: Households) -> Households:
    """A copy with columns of its own."""
    copy = Households(*_block(households.size.size, _DTYPES))
    for name in Households._fields:
        np.copyto(getattr(copy, name), getattr(households, name))
    return copy


class Kept:
    """Households as they are now, to be put back after a run has changed them.

    Half as large as a copy: left out are the columns that no run changes and those that January
    sets before anything reads them.
    """

    def __init__(self, households: Households) -> None:
        names = [n for n in Households._fields if n not in _FIXED and n not in _SET_IN_JANUARY]
        dtypes = [getattr(households, name).dtype for name in names]
        columns = _block(households.size.size, dtypes)
        self._columns = dict(zip(names, columns, strict=True))
        for name, column in self._columns.items():
            np.copyto(column, getattr(households, name))

    def put_back(self, households: Households) -> None:
        """Set the columns to what they were."""
        for name, column in self._columns.items():
            np.copyto(getattr(households, name), column)


def _block(
    n: int, dtypes: list[np.dtype[Any]], make: Callable[..., npt.NDArray[Any]] = np.empty
) -> list[npt.NDArray[Any]]:
    # One allocation for all columns: memory comes in large pages. What is made as zeros costs
    # nothing until it is used: the system hands out zeros.
    sizes = [-(-n * dtype.itemsize // _LINE) * _LINE for dtype in dtypes]
    block = make(sum(sizes), np.uint8)
    ends = np.cumsum(sizes)
    return [
        block[end - size : end - size + n * dtype.itemsize].view(dtype)
        for dtype, size, end in zip(dtypes, sizes, ends, strict=True)
    ]


_LINE = 64  # bytes; columns begin at the start of a cache line
_COMPOSITION = ("size", "labour", "elderly", "children", "schooling", "migrants", "frail")
_FIXED = ("schooling", "frail", "rank_half", "third", "endowment", "bias")
_SET_IN_JANUARY = ("flow", "plan", "earned", "hit", "served")
_BYTES = (*_COMPOSITION, "rank_half", "third", "hit", "registered", "served")
_WORDS = {"reached": np.uint16, "listed_month": np.int16}
_DTYPES = [
    np.dtype(np.uint8 if name in _BYTES else _WORDS.get(name, np.float32))
    for name in Households._fields
]
