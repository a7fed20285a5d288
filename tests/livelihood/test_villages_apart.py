"""A village lives the same whoever else is there: alone, in another order, across blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from few_people import copied
from fupin.kernels.words import f32
from fupin.livelihood import month as month_kernel
from fupin.livelihood.events import VILLAGES_AT_ONCE
from fupin.livelihood.month import Hazards, VillageMonth
from fupin.state.households import Households
from small_worlds import PAY, central, newborn, open_january, province, village_month

STORMY = Hazards(*(f32(p) for p in (0.4, 0.2, 0.03, 0.03, 0.4)))


@pytest.fixture(scope="module")
def world() -> tuple[Households, VillageMonth]:
    """Two hundred villages of 0 to 120 households, some at the borders of blocks and lanes."""
    core = newborn(province(0.02), central())
    open_january(core, 2009)
    rng = np.random.default_rng(3)
    sizes = rng.integers(0, 120, 3 * VILLAGES_AT_ONCE + 8)
    sizes[[0, 63, 64, 65, 127, 128, 199]] = [0, 0, 1, 16, 17, 0, 0]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    inputs, total = village_month(core), sizes.size
    columns = {n: getattr(inputs, n)[:total].copy() for n in inputs._fields if n != "offsets"}
    columns["farm_loss"][:] = 0.1
    households = Households(*(c[: offsets[-1]].copy() for c in core.households))
    return households, VillageMonth(**columns, offsets=offsets)


def lived(h: Households, v: VillageMonth) -> Households:
    rates = newborn(province(0.002), central()).rates
    for month in range(4):
        month_kernel.live_months(
            h, v, rates, STORMY, PAY, f32(1 / 12), 24_200 + month, *month_kernel.streams(9)
        )
    return h


def some(
    h: Households, v: VillageMonth, order: npt.NDArray[np.int64]
) -> tuple[Households, VillageMonth, npt.NDArray[np.int64]]:
    """These villages in this order; rows of their households before."""
    none = np.zeros(0, np.int64)
    rows = np.concatenate([none, *(np.arange(v.offsets[i], v.offsets[i + 1]) for i in order)])
    offsets = np.concatenate([[0], np.cumsum(np.diff(v.offsets)[order])]).astype(np.int64)
    columns = {n: getattr(v, n)[order].copy() for n in v._fields if n != "offsets"}
    taken = Households(*(column[rows].copy() for column in h))
    return taken, VillageMonth(**columns, offsets=offsets), rows


def test_every_village_lives_as_it_does_in_company(world: tuple[Households, VillageMonth]) -> None:
    h, v = world
    whole, total = lived(copied(h), v), v.id.size
    assert (whole.hit > 0).mean() > 0.5 and (whole.size != h.size).mean() > 0.1
    orders = [np.array([i]) for i in (0, 1, 62, 63, 64, 65, 127, 128, total - 2)]
    orders += [np.arange(total)[::-1], np.random.default_rng(1).permutation(total)]
    orders += [np.arange(63, total), np.arange(0, total, 3), np.zeros(0, np.int64)]
    for order in orders:
        few, inputs, rows = some(h, v, order)
        lived(few, inputs)
        for name in h._fields:
            np.testing.assert_array_equal(getattr(few, name), getattr(whole, name)[rows], name)
