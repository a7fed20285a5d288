"""Response to money: a further yuan does no more than the yuan before it, within chance.

A budget of 2009 alone at multiples of its usual size, beside the plan with one yuan: fewer
income-poor in 2009 and 2010 for each further million of budget, over seeds. The slow test prints
the curves of all programmes (`pytest -m slow -s tests/programmes/test_response_curves.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from five_counties import live, plan, programme
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.state.limits import Limit
from sixteen import CASES, MILLION

WHY_NOT = {
    "village_advancement": "second instalments",
    "integrated_funds": "neighbours",
    "minimum_living": "cards",
    "relocation": "communities",
}
"""Programmes whose further yuan may do more, and the word by which their page says why."""
NO_EFFECT = {"project_management"}  # it reaches nobody by itself
PAGE = (Path(__file__).parents[2] / "docs" / "odd-programmes.md").read_text("utf-8")


class Marginal(NamedTuple):
    """What each further million yuan of budget does between two multiples of a budget."""

    low: float
    high: float
    effect: float  # fewer income-poor, person-years of 2009 and 2010, for a million
    error: float  # half-width of its 95% interval over seeds


@cache
def _poor(key: str, yuan: int, seed: int) -> int:
    """Income-poor of 2009 and 2010 in the five counties."""
    settings = {**CASES[key].settings, "budget": {2009: yuan, 2010: 0}}
    # Without re-assessment, which has no part in incomes.
    model = live(plan(end="2010-12", programmes={key: settings}, recognition=False), seed)
    return sum(model.world.measured[year].income_poor for year in (2009, 2010))


def curve(key: str, factors: Sequence[float], seeds: Sequence[int]) -> list[Marginal]:
    """Marginal effects between multiples of a programme's usual budget, from nothing on."""
    from scipy.stats import t

    usual = CASES[key].settings["budget"]
    found = []
    for low, high in pairwise([0.0, *factors]):
        fewer = np.array(
            [_poor(key, max(round(usual * low), 1), s) - _poor(key, round(usual * high), s)
             for s in seeds]
        ) / ((high - low) * usual / MILLION)  # fmt: skip
        width = float(t.ppf(0.975, len(seeds) - 1)) / math.sqrt(len(seeds))
        found.append(Marginal(low, high, float(fewer.mean()), width * float(fewer.std(ddof=1))))
    return found


def told(key: str, marginals: Sequence[Marginal]) -> str:
    """One line of a curve."""
    parts = (f"x{m.low:g}-{m.high:g} {m.effect:.2f} +- {m.error:.2f}" for m in marginals)
    return f"{key}: " + ", ".join(parts)


def rises(marginals: Sequence[Marginal]) -> list[tuple[Marginal, Marginal]]:
    """Neighbours of which the later does more than the earlier, beyond what chance can."""
    return [
        (before, after)
        for before, after in pairwise(marginals)
        if after.effect - before.effect > math.hypot(before.error, after.error)
    ]


@pytest.mark.parametrize("key", ["rural_works", "technology"])
def test_further_money_does_less(key: str) -> None:
    """Best first: four budgets do less a yuan than one, sixteen less again, by more than chance."""
    one, four, sixteen = marginals = curve(key, (1, 4, 16), (1, 2, 3))
    assert not rises(marginals), told(key, marginals)
    assert one.effect - four.effect > 0.1 * one.effect, told(key, marginals)
    assert four.effect - sixteen.effect > 0.3 * four.effect, told(key, marginals)


def test_works_end_where_need_ends() -> None:
    settings = {**CASES["rural_works"].settings, "places_per_month": 10**6}
    used = []
    for factor in (16, 64):
        budget = CASES["rural_works"].settings["budget"] * factor
        model = live(plan(programmes={"rural_works": {**settings, "budget": budget}}))
        index = programme(model, "rural_works").index
        assert set(model.world.limits.unspent(index)) == {Limit.NEED}
        used.append(int(model.ledger.totals("delivered")[index]))
    assert used[1] < 1.2 * used[0]


@pytest.mark.parametrize("key", [k for k in PROGRAMME_KEYS if k not in NO_EFFECT])
@pytest.mark.slow
def test_no_further_yuan_does_more_than_the_one_before(key: str) -> None:
    marginals = curve(key, (0.25, 1, 4, 16), (1, 2, 3, 4, 5))
    print(told(key, marginals))
    if key in WHY_NOT:
        section = PAGE[PAGE.index(f"`sim/fupin/programmes/{key}.py`") :].split("\n## ")[0]
        assert "*Response to money*" in section and WHY_NOT[key] in section
    else:
        assert not rises(marginals), told(key, marginals)
