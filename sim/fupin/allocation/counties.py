"""Counties: what a programme's money does in each, from the worlds that measured its curve.

Within a plan's years counties touch each other through few things: places and jobs that they share,
and the split of one budget. So a world in which a programme's money is changed everywhere holds an
experiment for each county. One county in one world is mostly noise; so each is measured by one
number, how many times what its share of the programme's curve says it gains, and that number is
shrunk towards the mean of all counties by its noise (DerSimonian & Laird 1986, Control. Clin.
Trials 7, for the spread between counties).

What couples counties is measured: what changes where the programme gives no money, and what single
counties gain when they alone have theirs (`coupling`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.allocation.county_plan import is_local, shares_of, with_county_money
from fupin.allocation.curves import Curve
from fupin.allocation.lives import Lives, World
from fupin.allocation.measured import Lever, Singles
from fupin.allocation.question import COUNTED
from fupin.scenario.schema import Scenario

F64 = npt.NDArray[np.float64]

GOAL = COUNTED

TRIED_ALONE = 3
"""Counties, those with most money, that get their money alone to measure what couples them."""


@dataclass(frozen=True)
class CountyCurve:
    """A programme in a county.

    Attributes:
        programme, county: key and code.
        share: part of the programme's money that it gets at the start.
        raw: times what its share of the programme's curve says, as measured.
        error: standard error of that.
        times: the same, shrunk; the counties of a programme sum to its curve.
    """

    programme: str
    county: int
    share: float
    raw: float
    error: float
    times: float


@dataclass(frozen=True)
class Coupling:
    """What a county gains from its money of a programme.

    Attributes:
        programme, county: key and code.
        together: person-years where all counties have their money.
        alone: the same where it alone has its own.
        error: standard error of the difference.
        elsewhere: what changes in other counties when it alone has it.
    """

    programme: str
    county: int
    together: float
    alone: float
    error: float
    elsewhere: float


def county_curves(singles: Singles, lives: Lives) -> tuple[list[CountyCurve], dict[str, float]]:
    """Curves of every programme in every county that it gives money.

    Returns:
        the curves, and programme -> part of its effect that falls on counties without its money.
    """
    (start,) = lives.divisions([singles.start])
    found: list[CountyCurve] = []
    outside: dict[str, float] = {}
    for lever in singles.levers:
        doses = sorted(singles.changes.get(lever.key, {}))
        if not doses or not lever.start:
            continue
        worlds = lives.divisions([{**singles.start, lever.key: dose} for dose in doses])
        curve = singles.curve(lever.key, GOAL)
        shares = shares_of(start, lever.key)
        every = _gains(start, worlds, sorted(_codes(start)))
        mine = sorted(shares)
        gains = {code: every[code] for code in mine}
        total = sum(np.abs(np.sum([g.mean(axis=(1, 2)) for g in every.values()], axis=0)))
        away = np.sum([every[c].mean(axis=(1, 2)) for c in every if c not in shares], axis=0)
        outside[lever.key] = float(np.sum(np.abs(away)) / total) if total else 0.0
        found += shrunk(lever, curve, doses, shares, gains)
    return found, outside


def _codes(world: World) -> list[int]:
    return [int(name.split("/")[1]) for name in world.names("county/")]


def _gains(start: World, worlds: Sequence[World], codes: Sequence[int]) -> dict[int, F64]:
    """County -> fewer person-years under the line than at the start, (doses, draws, seeds)."""
    names = {code: f"county/{code}/income_poor_years" for code in codes}
    return {
        code: np.array([start.grid(name) - world.grid(name) for world in worlds])
        for code, name in names.items()
    }


def shrunk(
    lever: Lever,
    curve: Curve,
    doses: Sequence[int],
    shares: dict[int, float],
    gains: dict[int, F64],
) -> list[CountyCurve]:
    """Counties of a programme, shrunk to its curve.

    Args:
        lever: the programme.
        curve: of the province.
        doses: amounts of the province at which counties were measured.
        shares: county -> part of the money.
        gains: county -> what it gained at each dose, (doses, draws, seeds).
    """
    codes = sorted(shares)
    expected = np.array([shares[c] * curve.value(doses) for c in codes])  # (counties, doses)
    reach = np.array([shares[c] * np.abs(np.array(doses) - lever.start) for c in codes])
    grids = np.array([gains[c] for c in codes])
    means = grids.mean(axis=(2, 3))
    pairs = grids.shape[2] * grids.shape[3]
    if pairs < 2 or not np.abs(expected).max(initial=0.0):
        return [CountyCurve(lever.key, c, shares[c], 1.0, float("nan"), 1.0) for c in codes]
    rest = ((grids - means[:, :, None, None]) ** 2).sum(axis=(2, 3))
    per_yuan = float((rest / reach).sum() / (reach.size * (pairs - 1)))
    variance = np.maximum(per_yuan * reach / pairs, 1e-300)
    known = (expected**2 / variance).sum(axis=1)
    raw = (expected * means / variance).sum(axis=1) / known
    # Doses of a pair share its luck, so that they know less than as many that are independent: how
    # much less, the pairs of all counties say together.
    weight = expected / variance / known[:, None]
    by_pair = np.einsum("cd,cdij->cij", weight, grids).reshape(len(codes), pairs)
    own = float((by_pair.var(axis=1, ddof=1) / pairs * known).mean()) / known
    own = np.maximum(own, 1e-300)
    mean, spread = _spread(raw, own)
    times = mean + spread / (spread + own) * (raw - mean)
    weights = np.array([shares[c] for c in codes])
    times = np.maximum(times, 0.0)
    whole = float((weights * times).sum())
    times = times / whole if whole > 0 else np.ones_like(times)
    return [
        CountyCurve(
            lever.key, code, shares[code], float(raw[k]), float(np.sqrt(own[k])), float(times[k])
        )
        for k, code in enumerate(codes)
    ]


def _spread(values: F64, variances: F64) -> tuple[float, float]:
    """Mean of some numbers that are known with noise, and their true variance."""
    weight = 1.0 / variances
    mean = float((weight * values).sum() / weight.sum())
    if values.size < 2:
        return mean, 0.0
    excess = float((weight * (values - mean) ** 2).sum()) - (values.size - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    return mean, max(excess / scale, 0.0) if scale > 0 else 0.0


def coupling(lives: Lives, singles: Singles, base: Scenario) -> list[Coupling]:
    """Single counties with their money alone, of the programme that does most.

    Only programmes whose money has no parts of its own can be tried so.
    """
    can = [
        one
        for one in singles.levers
        if 0 in singles.changes.get(one.key, {}) and is_local(base, one.key)
    ]
    if not can:
        return []
    lever = max(can, key=lambda one: abs(float(singles.changes[one.key][0][GOAL].mean())))
    start, without = lives.divisions([singles.start, {**singles.start, lever.key: 0}])
    shares = shares_of(start, lever.key)
    tried = sorted(shares, key=lambda c: (-shares[c], c))[:TRIED_ALONE]
    own = {code: round(shares[code] * lever.start) for code in tried}
    plans = [
        with_county_money(base, {**singles.start, lever.key: y}, {lever.key: {c: y}})
        for c, y in own.items()
    ]
    found = []
    for code, world in zip(tried, lives.worlds(plans), strict=True):
        name = f"county/{code}/income_poor_years"
        together = without.grid(name) - start.grid(name)
        alone = without.grid(name) - world.grid(name)
        every = without.grid(f"goal/{GOAL}") - world.grid(f"goal/{GOAL}")
        apart = together - alone
        error = float(apart.std(ddof=1) / np.sqrt(apart.size)) if apart.size > 1 else float("nan")
        found.append(
            Coupling(
                lever.key, code, float(together.mean()), float(alone.mean()), error,
                float((-every - alone).mean()),
            )
        )  # fmt: skip
    return found
