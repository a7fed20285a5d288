"""From an attribution to what is reported: the content of `attribution.json`, and its tables.

Amounts in whole units (persons, jobs, yuan) are rounded so that they sum to the whole in every row
and column of every table (`fupin.allocation.attribution_rounding`); others keep nine decimals, and
sum in these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.allocation.attributing import Attribution
from fupin.allocation.attribution_folder import ATTRIBUTION_SCHEMA
from fupin.allocation.attribution_game import Grid, Shares
from fupin.allocation.attribution_households import HouseholdYears
from fupin.allocation.attribution_rounding import Whole, nearest, summing, summing_both_ways
from fupin.results.outcome import HORIZON_KEYS, OUTCOMES, Table
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import CLASS_OF
from fupin.scenario.schema import Scenario
from fupin.statistics.crossed import canonical
from fupin.statistics.pairs import difference, level

WHOLE_UNITS = ("persons", "person-years", "households", "jobs", "yuan")
"""Units of which there are no parts."""

FINEST = 1e-9
"""Of other units so much is one."""

Content = dict[str, Any]


def unit_of(outcome: str) -> float:
    """The amount that is not divided."""
    return 1.0 if OUTCOMES[outcome].unit in WHOLE_UNITS else FINEST


def until_of(plan: Scenario, outcome: str) -> int:
    """The last year that an outcome counts: of the horizon, or of the period."""
    to_horizon = outcome in HORIZON_KEYS or "horizon" in OUTCOMES[outcome].description
    return plan.lived.end.year if to_horizon else plan.period.end.year


def content_of(found: Attribution) -> Content:
    """The content of `attribution.json`; the same bytes for the same inputs."""
    plan, one = found.base, found.shares
    unit = unit_of(found.outcome)
    total = nearest(_mean(one.whole) / unit)
    rounded = summing(_means(one.share) / unit, total)
    groups = summing(_means(one.unions) / unit, total)
    owen = _within(found, groups, unit)
    names = list(found.classes)
    return {
        "schema": ATTRIBUTION_SCHEMA,
        "plan": plan.name,
        "outcome": found.outcome,
        "unit": OUTCOMES[found.outcome].unit,
        "finest": unit,
        "period": [str(plan.period.start), str(plan.period.end)],
        "horizon": plan.lived.end.year,
        "until": until_of(plan, found.outcome),
        "sample": plan.population.sample,
        "draws": [draw.label for draw in found.draws],
        "seeds": list(found.seeds),
        "exact": found.exact,
        "coalitions": len(found.worth),
        "whole": _told(one.whole, total, unit),
        "programmes": {
            key: {
                "class": CLASS_OF[key],
                "money": found.money[key],
                **_told(one.share[k], int(rounded[k]), unit),
                "part": _part(int(rounded[k]), total),
                "in_class": _number(int(owen[k]), unit),
                "alone": level(one.alone[k]),
                "last": level(one.last[k]),
            }
            for k, key in enumerate(found.keys)
        },
        "classes": {
            name: {
                "money": sum(found.money[found.keys[k]] for k in found.classes[name]),
                **_told(one.unions[n], int(groups[n]), unit),
                "part": _part(int(groups[n]), total),
                "programmes": [found.keys[k] for k in found.classes[name]],
            }
            for n, name in enumerate(names)
        },
        "sums": {"alone": level(one.alone.sum(axis=0)), "last": level(one.last.sum(axis=0))},
        "residual": _residual(one),
        "interactions": _interactions(found),
        "by_fifth": _fifths(found, total, rounded, unit),
        "households": _households(found),
    }


def _mean(grid: Grid) -> float:
    return float(np.mean(grid))


def _means(grids: Grid) -> Grid:
    found: Grid = grids.reshape(len(grids), -1).mean(axis=1)
    return found


def _number(units: int, unit: float) -> float | int | None:
    return units if unit == 1.0 else canonical(units * unit)


def _told(grid: Grid, units: int, unit: float) -> Content:
    """A mean in whole units with its interval, spreads and signs."""
    found = difference(grid)
    kept = ("low", "high", "next_low", "next_high", "sd_seeds", "sd_draws", "above", "below")
    return {"mean": _number(units, unit), **{key: found[key] for key in kept}}


def _part(units: int, total: int) -> float | int | None:
    return canonical(units / total) if total else None


def _within(found: Attribution, groups: Whole, unit: float) -> Whole:
    """Owen values in whole units: in each class they sum to what the class has."""
    owen = np.zeros(len(found.keys), np.int64)
    for n, members in enumerate(found.classes.values()):
        here = list(members)
        owen[here] = summing(_means(found.shares.owen[here]) / unit, int(groups[n]))
    return owen


def _residual(one: Shares) -> Content | None:
    """What the pairwise game misses of the whole; None where all coalitions were lived."""
    if one.residual is None or one.left is None:
        return None
    whole = abs(_mean(one.whole))

    def said(grid: Grid) -> Content:
        return {**level(grid), "part": canonical(_mean(grid) / whole) if whole else None}

    return {"pairwise": said(one.residual), "left": said(one.left)}


def _interactions(found: Attribution) -> list[Content]:
    """Every two programmes, those that do most to one another first."""
    rows = []
    for (i, j), grid in found.shares.interactions.items():
        row = level(grid)
        mean, low, high = row["mean"] or 0.0, row["low"], row["high"]
        told = low is not None and high is not None and not low <= 0 <= high
        rows.append(
            {"a": found.keys[i], "b": found.keys[j], **row, "told": told,
             "kind": "help" if mean > 0 else "replace" if mean < 0 else "nothing"}
        )  # fmt: skip
    return sorted(rows, key=lambda row: (-abs(row["mean"] or 0.0), row["a"], row["b"]))


def _fifths(found: Attribution, total: int, columns: Whole, unit: float) -> list[Content] | None:
    if "fifth" not in found.parts:
        return None
    groups = found.parts["fifth"]
    rows, cells = _table(groups, total, columns, unit)
    return [
        {
            "fifth": group + 1,
            **_told(one.whole, int(rows[n]), unit),
            "programmes": {
                key: _number(int(cells[n, k]), unit) for k, key in enumerate(found.keys)
            },
        }
        for n, (group, one) in enumerate(groups.items())
    ]


def _table(
    groups: Mapping[int, Shares], total: int, columns: Whole, unit: float
) -> tuple[Whole, Whole]:
    """Groups x programmes in whole units, with sums of rows; columns sum as in the whole."""
    rows = summing([_mean(one.whole) / unit for one in groups.values()], total)
    values = np.stack([_means(one.share) / unit for one in groups.values()])
    return rows, summing_both_ways(values, rows, columns)


def _households(found: Attribution) -> Content | None:
    """Of household-years that the plan changes, what each programme did; by persons."""
    one = found.households
    if one is None:
        return None
    content: Content = {"draw": found.draws[0].label, "seed": found.seeds[0]}
    for name, sign in (("out", 1), ("into", -1)):
        here = one.changed & (one.sign == sign)
        persons = one.persons[here]
        whole = int(persons.sum())
        parts = (one.share[here] * sign * persons[:, None]).sum(axis=0)
        given = summing(parts, whole)
        matter = np.minimum(one.matter[here], 5)
        content[name] = {
            "households": int(np.unique(one.household[here]).size),
            "person_years": whole,
            "programmes": {key: int(given[k]) for k, key in enumerate(found.keys)},
            "by_how_many": {
                str(m) if m < 5 else "5 or more": int(persons[matter == m].sum())
                for m in range(1, 6)
            },
        }
    return content


# --- tables ----------------------------------------------------------------------------------


def tables_of(found: Attribution, content: Content) -> dict[str, Table]:
    """Tables by name: shares, interactions, pairs_of_worlds, coalitions, counties and others."""
    unit = unit_of(found.outcome)
    tables = {
        "shares": _shares_table(content),
        "interactions": _columns(content["interactions"]) if content["interactions"] else {},
        "pairs_of_worlds": _pairs_table(found),
        "coalitions": _coalitions_table(found),
    }
    columns = np.array(
        [nearest(row["mean"] / unit) for row in content["programmes"].values()], np.int64
    )
    total = int(columns.sum())
    if "county" in found.parts:
        groups = found.parts["county"]
        rows, cells = _table(groups, total, columns, unit)
        records = county_index().records
        about: Table = {
            "county": np.array(list(groups), np.int32),
            "name": np.array([records[code].name_en for code in groups], str),
            "prefecture": np.array([records[code].prefecture_en for code in groups], str),
        }
        tables["counties"] = about | _cells(found.keys, rows, cells, unit)
    if "fifth" in found.parts:
        rows, cells = _table(found.parts["fifth"], total, columns, unit)
        fifths: Table = {"fifth": np.arange(1, len(rows) + 1, dtype=np.int32)}
        tables["fifths"] = fifths | _cells(found.keys, rows, cells, unit)
    if found.households is not None:
        tables["households"] = _households_table(found.keys, found.households)
    return {name: table for name, table in tables.items() if table}


def _cells(keys: Sequence[str], rows: Whole, cells: Whole, unit: float) -> Table:
    def scaled(values: Whole) -> npt.NDArray[Any]:
        return values if unit == 1.0 else values * unit

    return {"total": scaled(rows)} | {key: scaled(cells[:, k]) for k, key in enumerate(keys)}


def _shares_table(content: Content) -> Table:
    rows = []
    for key, row in content["programmes"].items():
        flat = {k: v for k, v in row.items() if k not in ("alone", "last", "class")}
        for name in ("alone", "last"):
            flat |= {name: row[name]["mean"], f"{name}_low": row[name]["low"],
                     f"{name}_high": row[name]["high"]}  # fmt: skip
        rows.append({"programme": key, "class": row["class"], **flat})
    return _columns(rows)


def _pairs_table(found: Attribution) -> Table:
    rows = []
    for d, draw in enumerate(found.draws):
        for s, seed in enumerate(found.seeds):
            for k, key in enumerate(found.keys):
                one = found.shares
                rows.append(
                    {"draw": draw.label, "seed": seed, "programme": key,
                     "share": float(one.share[k, d, s]), "in_class": float(one.owen[k, d, s]),
                     "alone": float(one.alone[k, d, s]), "last": float(one.last[k, d, s]),
                     "whole": float(one.whole[d, s])}
                )  # fmt: skip
    return _columns(rows)


def _coalitions_table(found: Attribution) -> Table:
    """What every coalition is worth in every pair: all that the shares follow from."""
    rows = []
    for mask, grid in found.worth.items():
        for d, draw in enumerate(found.draws):
            for s, seed in enumerate(found.seeds):
                rows.append(
                    {"programmes": " ".join(found.members(mask)), "draw": draw.label,
                     "seed": seed, "worth": float(grid[d, s])}
                )  # fmt: skip
    return _columns(rows)


def _households_table(keys: Sequence[str], one: HouseholdYears) -> Table:
    """Households that the plan changes, out of poverty or into it: years, and shares of each."""
    here = np.flatnonzero(one.changed)
    order = here[np.lexsort((one.year[here], one.household[here], -one.sign[here]))]
    kind = one.sign[order] * (one.household[order] + 1)
    first = np.flatnonzero(np.r_[True, kind[1:] != kind[:-1]]) if order.size else order
    if not first.size:
        return {}
    counts = np.diff(np.r_[first, order.size])
    sums = np.add.reduceat(one.share[order] * one.sign[order][:, None], first, axis=0)
    head = order[first]
    years = [
        " ".join(map(str, one.year[order[a : a + n]].tolist()))
        for a, n in zip(first.tolist(), counts.tolist(), strict=True)
    ]
    return {
        "household": one.household[head],
        "county": one.county[head].astype(np.int32),
        "persons": one.persons[head],
        "what": np.where(one.sign[head] > 0, "out", "into"),
        "years": np.array(years, str),
        "person_years": one.persons[head] * counts,
        **{key: sums[:, k] / counts for k, key in enumerate(keys)},
    }


def _columns(rows: Sequence[Mapping[str, Any]]) -> Table:
    table: Table = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        if all(isinstance(v, str) for v in values):
            table[name] = np.array(values, str)
        elif all(isinstance(v, int) for v in values):  # of what is true or false 1 or 0
            table[name] = np.array(values, np.int64)
        else:
            table[name] = np.array([np.nan if v is None else float(v) for v in values])
    return table
