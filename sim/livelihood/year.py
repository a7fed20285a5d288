"""January opens a household's year, December settles it.

Log income of household i in year t, relative to the provincial level m(t):

    x = s(t) endowment + u + e + kappa log(assets) + migrant_gain x migrants + gain + village works

with u persistent (first-order autoregressive, stationary), e transitory. Crashes, weather and
migration act within the year (`month.py`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim import randomness
from sim.agents.households import Households
from sim.kernels import arithmetic
from sim.kernels.jit import inline, kernel
from sim.kernels.words import f32
from sim.livelihood.rates import Rates
from sim.randomness import fill_normals, village_key

_ZERO, _ONE = f32(0.0), f32(1.0)
_LEAST_EARNED = f32(0.02)  # a year's income never falls below 2% of the reference
_LEAST_ASSETS, _MOST_ASSETS = f32(0.05), f32(20.0)


@inline
def by_third(third, poor, middle, rich):  # type: ignore[no-untyped-def]
    """The value of a household's third of the endowment distribution."""
    upper = middle if third == 1 else rich
    return poor if third == 0 else upper


@kernel
def open_year(  # type: ignore[no-untyped-def]
    h: Households,
    village_id: npt.NDArray[np.int64],
    offsets: npt.NDArray[np.int64],
    works_rich: npt.NDArray[np.float32],
    works_poor: npt.NDArray[np.float32],
    rates: Rates,
    spread: np.float32,
    month: int,
    first_year: bool,
    key_persistent: np.uint64,
    key_transitory: np.uint64,
):
    """Draw the year's shocks and set income and consumption plans.

    Args:
        h: household columns, changed in place.
        village_id, offsets: villages.
        works_rich, works_poor: log gain from finished village works for the halves, by village.
        rates: parameters.
        spread: s(t), multiplies the endowment.
        month: index of the January, for the keys.
        first_year: the persistent shock is drawn from its stationary law.
        key_persistent, key_transitory: streams.
    """
    widest = 0
    for i in range(village_id.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    x = np.empty(widest, np.float32)
    z = np.empty(widest, np.float32)
    stationary = rates.persistent_innovation / f32(
        np.sqrt(_ONE - rates.persistence * rates.persistence)
    )
    carry = _ZERO if first_year else rates.persistence
    shock = stationary if first_year else rates.persistent_innovation
    for i in range(village_id.size):
        first, last = offsets[i], offsets[i + 1]
        n = last - first
        u = h.persistent[first:last]
        base, endowment = h.base[first:last], h.endowment[first:last]
        assets, gain, migrants = h.assets[first:last], h.gain[first:last], h.migrants[first:last]
        half, third = h.rank_half[first:last], h.third[first:last]
        flow, plan = h.flow[first:last], h.plan[first:last]
        savings = h.savings[first:last]
        low, high = village_key(key_persistent, village_id[i], month, 0)
        fill_normals(low, high, z[:n])
        for j in range(n):
            u[j] = carry * u[j] + shock * z[j]
        low, high = village_key(key_transitory, village_id[i], month, 0)
        fill_normals(low, high, z[:n])
        for j in range(n):
            x[j] = u[j] + rates.transitory_sd * z[j] + gain[j]
        for j in range(n):
            x[j] += rates.migrant_gain * f32(migrants[j])
        for j in range(n):
            x[j] += rates.asset_elasticity * arithmetic.log(assets[j])
        for j in range(n):
            x[j] += works_rich[i] if half[j] != 0 else works_poor[i]
        for j in range(n):
            flow[j] = arithmetic.exp(x[j])
        for j in range(n):
            base[j] = arithmetic.exp(spread * endowment[j])
        # Consumption follows income by what cannot be insured, and steers savings to a buffer.
        for j in range(n):
            x[j] *= by_third(third[j], rates.pass_poor, rates.pass_middle, rates.pass_rich)
        for j in range(n):
            plan[j] = arithmetic.exp(x[j])
        for j in range(n):
            aim = by_third(third[j], rates.buffer_poor, rates.buffer_middle, rates.buffer_rich)
            plan[j] += rates.buffer_adjustment * (savings[j] - aim)
        h.earned[first:last] = _ZERO
        h.hit[first:last] = np.uint8(0)
        h.served[first:last] = np.uint8(0)


@kernel
def settle_income(h: Households, level: np.float32):  # type: ignore[no-untyped-def]
    """December: the year's income in yuan per person; last year's moves back."""
    for i in range(h.income.size):
        h.income_last[i] = h.income[i]
    for i in range(h.income.size):
        h.income[i] = level * h.base[i] * max(h.earned[i], _LEAST_EARNED)


@kernel
def invest(h: Households, rates: Rates, threshold: np.float32):  # type: ignore[no-untyped-def]
    """December: net investment from savings, sale of assets when credit ends.

    `smooth`: assets return to the reference at the speed `asset_adjustment`, as far as savings
    above the informal credit limit pay for it. A positive `threshold` (units of the level, as
    `base` times assets in years of income) makes households whose assets are worth less aim at
    the lower equilibrium instead.

    Net income already deducts wear, so only net investment is paid from savings.
    """
    for i in range(h.assets.size):
        aim = _ONE if rates.asset_ratio * h.base[i] * h.assets[i] >= threshold else rates.asset_low
        wanted = rates.asset_adjustment * (aim - h.assets[i]) * rates.asset_ratio
        affordable = h.savings[i] + rates.credit_limit
        spent = min(wanted, affordable)  # negative: assets are sold or run down
        spent = max(spent, (_LEAST_ASSETS - h.assets[i]) * rates.asset_ratio)
        h.assets[i] = min(h.assets[i] + spent / rates.asset_ratio, _MOST_ASSETS)
        h.savings[i] = max(h.savings[i] - spent, -rates.credit_limit)


def year_streams(seed: int) -> tuple[np.uint64, np.uint64]:
    """The two streams that `open_year` takes last."""
    return (
        randomness.stream(seed, "livelihood/persistent"),
        randomness.stream(seed, "livelihood/transitory"),
    )


@kernel
def relative_income(  # type: ignore[no-untyped-def]
    h: Households, offsets: npt.NDArray[np.int64], weight: npt.NDArray[np.int64]
):
    """Weighted sums over persons of (income / level) and of persons, float64."""
    income, persons = 0.0, 0.0
    for i in range(weight.size):
        here, people = 0.0, 0.0
        for j in range(offsets[i], offsets[i + 1]):
            size = np.float64(h.size[j])
            here += size * np.float64(h.base[j] * max(h.earned[j], _LEAST_EARNED))
            people += size
        income += here * weight[i]
        persons += people * weight[i]
    return income, persons


@kernel
def mean_base(  # type: ignore[no-untyped-def]
    h: Households, offsets: npt.NDArray[np.int64], weight: npt.NDArray[np.int64]
):
    """Mean over persons of exp(endowment): the scale of the asset threshold."""
    total, persons = 0.0, 0.0
    for i in range(weight.size):
        for j in range(offsets[i], offsets[i + 1]):
            size = np.float64(h.size[j]) * weight[i]
            total += size * np.float64(arithmetic.exp(h.endowment[j]))
            persons += size
    return total / persons
