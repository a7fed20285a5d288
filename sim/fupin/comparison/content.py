"""From the runs of a comparison to what is reported: the content of `comparison.json`.

Every number is a mean over pairs (the same draw and seed under two plans) with intervals as
`fupin.statistics.pairs` defines them. Signs: a difference is plan minus base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from fupin.comparison.cash import same_money_as_cash
from fupin.comparison.costs import costs_a_person, total_impacts, yuan_by_payer
from fupin.comparison.years import by_year
from fupin.measures import Additionality
from fupin.results.credit import credit
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, RunResult
from fupin.results.unspent import Tables, why
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.statistics.pairs import Grid, difference, level, mean_of, runs_needed

COMPARISON_SCHEMA = 1
"""Version of the form of `comparison.json`; raised when a key changes its meaning or goes away."""

BETTER = {
    "income_poor_years": -1,
    "lifted": 1,
    "income_poor_end": -1,
    "fgt1": -1,
    "fgt2": -1,
    "gini": -1,
    "mean_income": 1,
    "spent": -1,
    "resource_cost": -1,
}
"""Outcomes by which plans are ranked: 1 where more is better, -1 where less is."""

TOLD_APART_BY = ("income_poor_years", "lifted", "fgt1")
"""Outcomes for which the number of runs that tell two plans apart is named."""

DOMINANT = 0.95
"""A plan is better on an outcome where it is in this share of pairs."""

NEAR = ("left", "left_barely")

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Runs:
    """Runs of a contest, every draw with every seed.

    Attributes:
        base: name of the base.
        plans: names of the plans.
        bare_of: contender -> name of its world without programmes.
        draws, seeds: in order.
        results: draw by draw, what `live_twins` returned.
        cash: contenders that are nothing but cash.
    """

    base: str
    plans: tuple[str, ...]
    bare_of: Mapping[str, str]
    draws: tuple[str, ...]
    seeds: tuple[int, ...]
    results: Sequence[RunResult]
    cash: frozenset[str] = frozenset()

    @property
    def contenders(self) -> tuple[str, ...]:
        """The base, then the plans."""
        return (self.base, *self.plans)

    def grids(self, table: str, keys: Sequence[str], value: str) -> dict[Key, Grid]:
        """Values of a table's column by its key columns, each draws x seeds; NaN where absent."""
        shape = (len(self.draws), len(self.seeds))
        found: dict[Key, Grid] = {}
        for number, result in enumerate(self.results):
            columns = result.tables[table]
            place = divmod(number, shape[1])
            rows = zip(*(columns[key].tolist() for key in keys), strict=True)
            for row, number_found in zip(rows, columns[value].tolist(), strict=True):
                if row not in found:
                    found[row] = np.full(shape, np.nan)
                found[row][place] = number_found
        return found

    @cached_property
    def outcomes(self) -> dict[Key, Grid]:
        """(world, programme or "", outcome) -> grid."""
        return self.grids("world_outcomes", ("world", "programme", "outcome"), "value")

    @cached_property
    def payers(self) -> dict[tuple[str, str, str], Grid]:
        """(world, programme or "", payer) -> yuan of the whole period; empty where nobody pays."""
        found: dict[tuple[str, str, str], Grid] = {}
        if all("world_payers" not in result.tables for result in self.results):
            return found
        keys = ("world", "year", "programme", "payer")
        for (world, _, programme, payer), yuan in self.grids("world_payers", keys, "yuan").items():
            for whose in ("", programme):
                key = (world, whose, payer)
                found[key] = found.get(key, 0.0) + yuan
        return found

    def of(self, world: str, outcome: str) -> Grid:
        """An outcome of the province."""
        return self.outcomes[world, "", outcome]


def compared(runs: Runs) -> dict[str, Any]:
    """The content of `comparison.json`."""
    sections: dict[str, Any] = {
        "outcomes": _outcomes(runs),
        "programmes": _programmes(runs),
        "why": _why(runs),
        "credit": _credit(runs),
        "cost": costs_a_person(runs),
        "payers": yuan_by_payer(runs),
        "impact": total_impacts(runs),
        "cash": same_money_as_cash(runs),
        "additionality": _additionality(runs),
        "targeting": _targeting(runs),
        "dynamics": _dynamics(runs),
        "line": _line(runs),
        "dominance": _dominance(runs),
        "runs_needed": _runs_needed(runs),
        "by_year": by_year(runs),
    }
    return {
        "schema": COMPARISON_SCHEMA,
        "base": runs.base,
        "plans": list(runs.plans),
        "without_programmes": dict(runs.bare_of),
        "draws": list(runs.draws),
        "seeds": list(runs.seeds),
        **sections,
    }


# --- sections --------------------------------------------------------------------------------


def _beside(plan: Grid, base: Grid) -> dict[str, Any]:
    return {"base": mean_of(base), "plan": mean_of(plan), "difference": difference(plan - base)}


def _outcomes(runs: Runs) -> dict[str, Any]:
    return {
        plan: {key: _beside(runs.of(plan, key), runs.of(runs.base, key)) for key in OUTCOMES}
        for plan in runs.plans
    }


def _programmes(runs: Runs) -> dict[str, Any]:
    grids = runs.outcomes
    added = dict.fromkeys(key for _, key, _ in grids if "/" in key)
    nothing = 0.0 * grids[runs.base, PROGRAMME_KEYS[0], "budget"]  # of what one plan alone has

    def of(world: str, programme: str, key: str) -> Grid:
        return grids.get((world, programme, key), nothing)

    return {
        plan: {
            programme: {
                key: _beside(of(plan, programme, key), of(runs.base, programme, key))
                for key in PROGRAMME_OUTCOMES
            }
            for programme in (*PROGRAMME_KEYS, *added)
        }
        for plan in runs.plans
    }


def _of_world(table: Mapping[str, Any], world: str) -> dict[str, Any]:
    """Rows of a table of all worlds that are of one."""
    ours = table["world"] == world
    return {name: column[ours] for name, column in table.items()}


def _grid_of(runs: Runs, found: list[Any]) -> list[list[Any]]:
    """One entry a run as draws x seeds."""
    width = len(runs.seeds)
    return [found[first : first + width] for first in range(0, len(found), width)]


def _why(runs: Runs) -> dict[str, Any]:
    """Contender -> programme -> why money stayed unspent (`fupin.results.unspent`)."""
    names = ("world_unspent_by_county", "world_limits_by_programme")
    if any(name not in result.tables for result in runs.results for name in names):
        return {}
    found: dict[str, Any] = {}
    for world in runs.contenders:
        tables = [
            Tables(*(_of_world(result.tables[name], world) for name in names))
            for result in runs.results
        ]
        found[world] = why(_grid_of(runs, tables))
    return found


def _credit(runs: Runs) -> dict[str, Any]:
    """Contender -> lender -> what it lent and got back in the period (`fupin.results.credit`)."""
    name = "world_credit_by_year"
    if any(name not in result.tables for result in runs.results):
        return {}
    found: dict[str, Any] = {}
    for world in runs.contenders:
        tables = [_of_world(result.tables[name], world) for result in runs.results]
        if lenders := credit(_grid_of(runs, tables)):
            found[world] = lenders
    return found


def _additionality(runs: Runs) -> dict[str, Any]:
    keys = ("plan", "twin", "status", "before")
    found: dict[str, Any] = {}
    by_kind = {kind: runs.grids("additionality", keys, kind) for kind in Additionality._fields}
    for plan in runs.contenders:
        twins = dict.fromkeys((runs.base, runs.bare_of[plan]))
        found[plan] = {
            twin: {
                status: _kinds(
                    {
                        before: {k: by_kind[k][plan, twin, status, before] for k in by_kind}
                        for before in ("poor", "not_poor")
                    }
                )
                for status in ("income", "register")
            }
            for twin in twins
            if twin != plan
        }
    return {plan: twins for plan, twins in found.items() if twins}


def _kinds(parts: Mapping[str, Mapping[str, Grid]]) -> dict[str, Any]:
    everybody = {kind: parts["poor"][kind] + parts["not_poor"][kind] for kind in parts["poor"]}
    return {
        before: {
            **{kind: level(grid) for kind, grid in kinds.items()},
            "resized": level(kinds["only_twin"] - kinds["only_here"]),
            "net": level(
                kinds["because"] - kinds["harmed"] + kinds["only_twin"] - kinds["only_here"]
            ),
        }
        for before, kinds in {**parts, "all": everybody}.items()
    }


def _targeting(runs: Runs) -> dict[str, Any]:
    keys = ("world", "programme", "by")
    columns = ("served", "eligible", "both", "poorest", "eligible_nearby")
    grids = {name: runs.grids("world_targeting", keys, name) for name in columns}
    found: dict[str, Any] = {world: {} for world in runs.contenders}
    for key in grids["served"]:
        world, programme, by = key
        if world not in found:
            continue
        served, eligible, both, poorest, nearby = (grids[name][key] for name in columns)
        # A run in which it served nobody has no row.
        served, both, poorest = (np.nan_to_num(grid) for grid in (served, both, poorest))
        found[world].setdefault(programme, {})[by] = {
            "served": level(served),
            "inclusion_error": level(ratio_of(served - both, served)),
            "exclusion_error": level(ratio_of(eligible - both, eligible)),
            "exclusion_error_nearby": level(ratio_of(nearby - both, nearby)),
            "poorest_fifth_share": level(ratio_of(poorest, served)),
        }
    order = {key: i for i, key in enumerate(PROGRAMME_KEYS)}
    return {
        world: dict(sorted(by_key.items(), key=lambda item: order.get(item[0], len(order))))
        for world, by_key in found.items()
        if by_key
    }


def _dynamics(runs: Runs) -> dict[str, Any]:
    grids = runs.grids("world_dynamics", ("world", "measure"), "value")
    names = dict.fromkeys(measure for _, measure in grids)
    for world in runs.contenders:
        for key in ("fgt0", "fgt1", "fgt2"):
            grids[world, key] = runs.of(world, key)
    return {
        world: {
            measure: {
                **level(grids[world, measure]),
                "difference": difference(grids[world, measure] - grids[runs.base, measure]),
            }
            for measure in ("fgt0", "fgt1", "fgt2", *names)
        }
        for world in runs.contenders
    }


def _line(runs: Runs) -> dict[str, Any]:
    keys = ("world", "multiple")
    columns = ("poor_before", "poor_after", *NEAR)
    grids = {name: runs.grids("world_line", keys, name) for name in columns}
    because = runs.grids("near_line", ("plan", "twin", "multiple"), "because")
    barely = runs.grids("near_line", ("plan", "twin", "multiple"), "because_barely")
    multiples = dict.fromkeys(multiple for _, multiple in grids["poor_after"])
    found: dict[str, Any] = {}
    for world in runs.contenders:
        found[world] = {}
        for multiple in multiples:
            here = {name: grids[name][world, multiple] for name in columns}
            entry: dict[str, Any] = {name: level(grid) for name, grid in here.items()}
            entry["left_barely_share"] = level(ratio_of(here["left_barely"], here["left"]))
            base = grids["poor_after"][runs.base, multiple]
            entry["difference"] = difference(here["poor_after"] - base)
            twin = runs.bare_of[world]
            if twin != world:
                out, near = because[world, twin, multiple], barely[world, twin, multiple]
                entry["because"] = level(out)
                entry["because_barely_share"] = level(ratio_of(near, out))
            found[world][str(multiple)] = entry
    return found


def ratio_of(part: Grid, whole: Grid) -> Grid:
    """part / whole, NaN where there is no whole."""
    result: Grid = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return result


def _dominance(runs: Runs) -> list[dict[str, Any]]:
    """For every two contenders: on which outcomes either is better.

    It must be so in 95% of the pairs or more, and the interval of the mean difference must say so
    too: pairs of the same draw agree more than pairs of different ones.
    """
    found = []
    for a, b in combinations(runs.contenders, 2):
        better: dict[str, list[str]] = {a: [], b: []}
        for outcome, sign in BETTER.items():
            gap = sign * (runs.of(a, outcome) - runs.of(b, outcome))
            if np.isnan(gap).any() or gap.size < 2:
                continue
            for who, lead in ((a, gap), (b, -gap)):
                low = difference(lead)["low"]
                if (lead > 0).mean() >= DOMINANT and low is not None and low > 0:
                    better[who].append(outcome)
        dearer = float((runs.of(a, "spent") - runs.of(b, "spent")).mean())
        sides = ((a, b, dearer), (b, a, -dearer))
        winner = next((x for x, y, d in sides if better[x] and not better[y] and d <= 0), None)
        found.append(
            {
                "a": a,
                "b": b,
                "a_better_on": better[a],
                "b_better_on": better[b],
                "dominates": winner,
            }
        )
    return found


def _runs_needed(runs: Runs) -> list[dict[str, Any]]:
    found = []
    for a, b in combinations(runs.contenders, 2):
        for outcome in TOLD_APART_BY:
            needed = runs_needed(runs.of(a, outcome) - runs.of(b, outcome))
            if needed is not None:
                found.append(
                    {
                        "a": a,
                        "b": b,
                        "outcome": outcome,
                        "told_apart": needed.told,
                        "unit": needed.unit,
                        "have": needed.have,
                        "need": needed.need,
                        "more": needed.more,
                    }
                )
    return found
