"""January opens a household's year, December settles it.

Log income of household i in year t, relative to the provincial level m(t):

    x = s(t) endowment + u + e + kappa log(assets) + gain + village works

with u persistent (first-order autoregressive, stationary), e transitory, is what all earn at home.
Each who works away takes a part of it with him, and sends home pay in yuan that is the same for
rich and poor (`home_left`). Crashes, weather and migration act within the year.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.kernels import arithmetic
from fupin.kernels.jit import inline, kernel
from fupin.kernels.lanes import LANES, up_to
from fupin.kernels.words import f32
from fupin.livelihood.rates import Rates
from fupin.randomness import fill_normals, village_key
from fupin.state.households import Households

_ZERO, _ONE = f32(0.0), f32(1.0)
_LEAST_EARNED = f32(0.02)  # a year's income never falls below 2% of the reference
_LEAST_ASSETS, _MOST_ASSETS = f32(0.05), f32(20.0)


@inline
def by_third(third, poor, middle, rich):  # type: ignore[no-untyped-def]
    """The value of a household's third of the endowment distribution."""
    upper = middle if third == 1 else rich
    return poor if third == 0 else upper


@inline
def home_left(workers, away, forgone):  # type: ignore[no-untyped-def]
    """What the home earns where `away` of its workers are not there, to all of them at home.

    Linear: each takes the share `forgone` of a mean worker's part with him, so that much is
    forgone where much is earned, and little where little is.
    """
    most = max(workers, _ONE)
    return (most - forgone * away) / most


def open_year(
    h: Households,
    village_id: npt.NDArray[np.int64],
    offsets: npt.NDArray[np.int64],
    works_rich: npt.NDArray[np.float32],
    works_poor: npt.NDArray[np.float32],
    rates: Rates,
    spread: np.float32,
    pay: np.float32,
    month: int,
    first_year: bool,
    key_persistent: np.uint64,
    key_transitory: np.uint64,
) -> None:
    """Draw the year's shocks and set income and consumption plans.

    Args:
        h: household columns, changed in place.
        village_id, offsets: villages.
        works_rich, works_poor: log gain from finished village works for the halves, by village.
        rates: parameters.
        spread: s(t), multiplies the endowment.
        pay: what a migrant sends home in a year, income levels.
        month: index of the January, for the keys.
        first_year: the persistent shock is drawn from its stationary law.
        key_persistent, key_transitory: streams.
    """
    _open(
        h.endowment, h.assets, h.gain, h.size, h.labour, h.migrants, h.rank_half, h.third,
        h.reserve, h.persistent, h.base, h.flow, h.wages, h.plan,
        village_id, offsets, works_rich, works_poor, rates, spread, pay, month, first_year,
        key_persistent, key_transitory,
    )  # fmt: skip
    for column in (h.earned, h.hit, h.served):
        column[:] = 0


@kernel
def _open(  # type: ignore[no-untyped-def]
    endowments, all_assets, gains, sizes, labours, all_migrants, halves, thirds,
    all_savings, persistent, bases, flows, all_wages, plans,
    village_id, offsets, works_rich, works_poor, rates, spread, pay, month, first_year,
    key_persistent, key_transitory,
):  # fmt: skip
    widest = 0
    for i in range(village_id.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    x = np.empty(widest, np.float32)
    z = np.empty(widest + LANES, np.float32)
    stationary = rates.persistent_innovation / f32(
        np.sqrt(_ONE - rates.persistence * rates.persistence)
    )
    carry = _ZERO if first_year else rates.persistence
    shock = stationary if first_year else rates.persistent_innovation
    for i in range(village_id.size):
        first, last = offsets[i], offsets[i + 1]
        n = last - first
        u = persistent[first:last]
        base, endowment = bases[first:last], endowments[first:last]
        assets, gain = all_assets[first:last], gains[first:last]
        migrants, savings = all_migrants[first:last], all_savings[first:last]
        half, third = halves[first:last], thirds[first:last]
        size, labour = sizes[first:last], labours[first:last]
        flow, wages, plan = flows[first:last], all_wages[first:last], plans[first:last]
        low, high = village_key(key_persistent, village_id[i], month, 0)
        fill_normals(low, high, z[: up_to(n, LANES)])
        for j in range(n):
            u[j] = carry * u[j] + shock * z[j]
        low, high = village_key(key_transitory, village_id[i], month, 0)
        fill_normals(low, high, z[: up_to(n, LANES)])
        for j in range(n):
            log_income = u[j] + rates.transitory_sd * z[j] + gain[j]
            log_income += rates.asset_elasticity * arithmetic.log(assets[j])
            x[j] = log_income + (works_rich[i] if half[j] != 0 else works_poor[i])
        for j in range(n):
            base[j] = arithmetic.exp(spread * endowment[j])
            wages[j] = f32(migrants[j]) * pay / (f32(size[j]) * base[j])
        # Consumption follows income by what cannot be insured, shocks and jobs alike, and steers
        # savings to a buffer.
        for j in range(n):
            left = home_left(f32(labour[j]), f32(migrants[j]), rates.home_forgone)
            at_home = arithmetic.exp(x[j])
            flow[j] = left * at_home
            passed = by_third(third[j], rates.pass_poor, rates.pass_middle, rates.pass_rich)
            aim = by_third(third[j], rates.buffer_poor, rates.buffer_middle, rates.buffer_rich)
            to_buffer = rates.buffer_adjustment * (savings[j] - aim)
            by_jobs = passed * (flow[j] + wages[j] - at_home)
            plan[j] = arithmetic.exp(x[j] * passed) + by_jobs + to_buffer


def fill_buffers(h: Households, rates: Rates, beside: np.float32) -> None:
    """Savings of all households at the buffer of their third plus `beside`, years of income."""
    _fill_buffers(h.third, rates, beside, h.reserve)


@kernel
def _fill_buffers(third, rates, beside, reserve):  # type: ignore[no-untyped-def]
    for i in range(third.size):
        aim = by_third(third[i], rates.buffer_poor, rates.buffer_middle, rates.buffer_rich)
        reserve[i] = aim + beside


def settle_income(h: Households, level: np.float32) -> None:
    """December: the year's income in yuan per person, and its saving."""
    _settle(h.base, h.earned, h.plan, level, h.income, h.reserve)


@kernel
def _settle(base, earned, plan, level, income, reserve):  # type: ignore[no-untyped-def]
    for i in range(income.size):
        income[i] = level * base[i] * max(earned[i], _LEAST_EARNED)
        reserve[i] += earned[i] - plan[i]


def invest(
    h: Households,
    offsets: npt.NDArray[np.int64],
    rates: Rates,
    threshold: np.float32,
    shortfall: npt.NDArray[np.float32],
) -> None:
    """December: the trace of the year's weather, net investment, sale of assets when credit ends.

    What weather took beyond the climate's mean is in the year's income already, and would all fall
    on savings. Consumption gives way by the part that the household cannot insure (Jalan &
    Ravallion 1999), as in a crash, and productive assets are sold to cover another part; a good
    year raises consumption alone.

    `smooth`: assets return to the reference at the speed `asset_adjustment`, as far as savings
    above the informal credit limit pay for it; what a programme or a loan brought beyond the
    reference wears at its own speed `asset_wear`. A positive `threshold` (units of the level, as
    `base` times assets in years of income) makes households whose assets are worth less aim at
    the lower equilibrium instead. Net income already deducts wear, so only net investment is paid
    from savings.

    Args:
        h: household columns; `reserve` and `assets` change.
        offsets: villages.
        rates: parameters.
        threshold: of assets; 0 in the smooth variant.
        shortfall: share of a year's home income lost to weather beyond the mean by village, (V,).
    """
    _invest(
        h.third, h.labour, h.migrants, h.flow, h.base, h.assets, h.reserve,
        offsets, rates, threshold, shortfall,
    )  # fmt: skip


@kernel
def _invest(  # type: ignore[no-untyped-def]
    third, labour, migrants, flow, base, assets, reserve, offsets, rates, threshold, shortfall
):  # fmt: skip
    for i in range(shortfall.size):
        here = slice(offsets[i], offsets[i + 1])
        if shortfall[i] != _ZERO:
            _bear_weather(
                third[here], labour[here], migrants[here], flow[here], assets[here], reserve[here],
                rates, shortfall[i],
            )  # fmt: skip
        _adjust(base[here], assets[here], reserve[here], rates, threshold)


@inline
def _bear_weather(third, labour, migrants, flow, assets, reserve, rates, short):  # type: ignore[no-untyped-def]
    poor, middle, rich = rates.pass_poor, rates.pass_middle, rates.pass_rich
    ratio, per_ratio = rates.asset_ratio, _ONE / rates.asset_ratio
    part = rates.drought_sold if short > _ZERO else _ZERO
    for j in range(assets.size):
        at_home = _ONE - f32(migrants[j]) / max(f32(labour[j]), _ONE)
        lost = short * flow[j] * at_home
        sold = min(part * lost, max((assets[j] - _LEAST_ASSETS) * ratio, _ZERO))
        assets[j] -= sold * per_ratio
        reserve[j] += by_third(third[j], poor, middle, rich) * lost + sold


@inline
def _adjust(base, assets, savings, rates, threshold):  # type: ignore[no-untyped-def]
    per_ratio = _ONE / rates.asset_ratio
    for i in range(assets.size):
        aim = _ONE if rates.asset_ratio * base[i] * assets[i] >= threshold else rates.asset_low
        # Two speeds, without a branch: to the reference, and of what lies above it.
        own = min(assets[i], _ONE)
        wanted = rates.asset_adjustment * (aim - own) - rates.asset_wear * (assets[i] - own)
        wanted *= rates.asset_ratio
        affordable = savings[i] + rates.credit_limit
        spent = min(wanted, affordable)  # negative: assets are sold or run down
        spent = max(spent, (_LEAST_ASSETS - assets[i]) * rates.asset_ratio)
        assets[i] = min(assets[i] + spent * per_ratio, _MOST_ASSETS)
        savings[i] = max(savings[i] - spent, -rates.credit_limit)


def year_streams(seed: int) -> tuple[np.uint64, np.uint64]:
    """The two streams that `open_year` takes last."""
    return (
        randomness.stream(seed, "livelihood/persistent"),
        randomness.stream(seed, "livelihood/transitory"),
    )


def relative_income(
    h: Households, offsets: npt.NDArray[np.int64], weight: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """Weighted sums over persons of (income / level) and of persons, float64."""
    income, persons = _relative_income(h.size, h.base, h.earned, offsets, weight)
    return income, persons


@kernel
def _relative_income(sizes, base, earned, offsets, weight):  # type: ignore[no-untyped-def]
    income, persons = 0.0, 0.0
    for i in range(weight.size):
        here, people = 0.0, 0.0
        for j in range(offsets[i], offsets[i + 1]):
            size = np.float64(sizes[j])
            here += size * np.float64(base[j] * max(earned[j], _LEAST_EARNED))
            people += size
        income += here * weight[i]
        persons += people * weight[i]
    return income, persons


def mean_base(
    h: Households, offsets: npt.NDArray[np.int64], weight: npt.NDArray[np.int64]
) -> float:
    """Mean over persons of exp(endowment): the scale of the asset threshold."""
    mean: float = _mean_base(h.size, h.endowment, offsets, weight)
    return mean


@kernel
def _mean_base(sizes, endowment, offsets, weight):  # type: ignore[no-untyped-def]
    total, persons = 0.0, 0.0
    for i in range(weight.size):
        for j in range(offsets[i], offsets[i + 1]):
            size = np.float64(sizes[j]) * weight[i]
            total += size * np.float64(arithmetic.exp(endowment[j]))
            persons += size
    return total / persons
