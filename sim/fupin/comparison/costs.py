"""What plans of a comparison cost: a person, by payer, and beside what studies found.

Every cost a person is told twice: of what is spent, and of all resources, whoever pays
(`fupin.results.costs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.results.impact import impacts
from fupin.results.money import COSTS
from fupin.statistics.pairs import Grid, cost_per, level

if TYPE_CHECKING:
    from fupin.comparison.content import Runs


def costs_a_person(runs: Runs) -> dict[str, Any]:
    """Yuan a person: of all money, beyond the world without programmes, beyond the base."""
    found: dict[str, Any] = {}
    for world in runs.contenders:
        money, lifted = _money(runs, world), runs.of(world, "lifted")
        entries = {"per_lifted": _one_cost(money, lifted)}
        for twin, name in ((runs.bare_of[world], "additional"), (runs.base, "extra")):
            if twin == world:
                continue
            more = {key: yuan - runs.of(twin, key) for key, yuan in money.items()}
            for effect, of in (
                (lifted - runs.of(twin, "lifted"), "lifted"),
                (
                    runs.of(twin, "income_poor_years") - runs.of(world, "income_poor_years"),
                    "out_of_poverty",
                ),
            ):
                entries[f"per_{name}_{of}"] = _one_cost(more, effect)
        found[world] = entries
    return found


def _money(runs: Runs, world: str) -> dict[str, Grid]:
    return {key: runs.of(world, key) for key in COSTS}


def _one_cost(money: Mapping[str, Grid], effect: Grid) -> dict[str, Any]:
    """Ratios of what is spent and of all resources to an effect; where money and effect both fall
    it is yuan saved a person forgone."""
    fewer = bool(np.nanmean(effect) < 0) if not np.isnan(effect).all() else False
    sign = -1.0 if fewer else 1.0
    return {
        **cost_per(sign * money["spent"], sign * effect),
        "direction": "fewer" if fewer else "more",
        "yuan": level(money["spent"]),
        "persons": level(effect),
        "resource_cost": cost_per(sign * money["resource_cost"], sign * effect),
        "resource_yuan": level(money["resource_cost"]),
    }


def yuan_by_payer(runs: Runs) -> dict[str, Any]:
    """World -> programme, and "" for the plan -> payer -> yuan."""
    found: dict[str, Any] = {}
    for (world, programme, payer), yuan in runs.payers.items():
        if world in runs.contenders:
            found.setdefault(world, {}).setdefault(programme, {})[payer] = level(yuan)
    return found


def total_impacts(runs: Runs) -> dict[str, Any]:
    """World -> money -> persons out of poverty per 10,000 yuan beyond no programmes."""
    found: dict[str, Any] = {}
    for world in runs.contenders:
        bare = runs.bare_of[world]
        if bare == world:
            continue
        more = {key: yuan - runs.of(bare, key) for key, yuan in _money(runs, world).items()}
        out = runs.of(bare, "income_poor_end") - runs.of(world, "income_poor_end")
        found[world] = impacts(out, more)
    return found
