"""A comparison as tables for Parquet and CSV: one row a number, plans and worlds by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from fupin.comparison.cash import TARGETINGS
from fupin.comparison.content import Runs, ratio_of
from fupin.comparison.years import BY_YEAR, rows_of
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, Table
from fupin.statistics.crossed import canonical, statistics
from fupin.statistics.pairs import difference, level, mean_of

_LEVEL = ("mean", "low", "high")
COUNTY_OUTCOMES = ("registered_poor", "income_poor", "mean_income")


def tables_of(runs: Runs, summary: Mapping[str, Any]) -> dict[str, Table]:
    """Tables by name.

    Args:
        runs: of the contest.
        summary: what `compared` made of them.
    """
    tables = {
        "differences": _rows_of_differences(summary["outcomes"], summary["programmes"]),
        "figures": _figures(runs),
        "counties": _counties(runs),
        "months": _months(runs),
        "cost": _long(summary["cost"], ("world", "measure")),
        "costs_by_payer": _payers(summary["payers"]),
        "unspent": _unspent(runs),
        "credit": _long(summary.get("credit", {}), ("world", "programme", "measure")),
        "impact": _long(summary["impact"], ("world", "money")),
        "cash": _cash(summary["cash"]),
        "additionality": _long(
            summary["additionality"], ("plan", "twin", "status", "before", "kind")
        ),
        "targeting": _long(summary["targeting"], ("world", "programme", "by", "measure")),
        "dynamics": _long(summary["dynamics"], ("world", "measure")),
        "spells": _means(
            runs, "world_spells", ("world", "first_year", "years", "open_start", "open_end")
        ),
        "mobility": _means(runs, "world_mobility", ("world", "groups", "before", "after")),
        "line": _long(summary["line"], ("world", "multiple", "measure")),
        "gains": _gains(runs),
        "dominance": _rows_of_dominance(summary["dominance"]),
        "runs_needed": _table(summary["runs_needed"]),
        "pairs": _pairs(runs),
        "years": _table(rows_of(summary["by_year"], {k: OUTCOMES[k].unit for k in BY_YEAR})),
    }
    return {name: table for name, table in tables.items() if table}


def summary_of(world: str, comparison: Mapping[str, Any], figures: Table | None) -> dict[str, Any]:
    """Figures and programmes of a contender in the form of summary.json.

    Args:
        comparison: the content of comparison.json.
        figures: the table of that name; folders of an older fupin have none.
    """
    names = ("world", "figure", *_LEVEL)
    columns = [] if figures is None else [figures[name].tolist() for name in names]
    is_base = world == comparison["base"]
    plan = comparison["plans"][0] if is_base else world
    side = "base" if is_base else "plan"
    return {
        "figures": {
            figure: {
                key: None if np.isnan(v) else v for key, v in zip(_LEVEL, numbers, strict=True)
            }
            for whose, figure, *numbers in zip(*columns, strict=True)
            if whose == world
        },
        "programmes": {
            programme: {
                key: {"mean": entry[side], "low": None, "high": None}
                for key, entry in entries.items()
            }
            for programme, entries in comparison["programmes"][plan].items()
        },
    }


def _table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Rows as columns; None, and what a row lacks, is NaN or empty; switches are 0 and 1."""
    rows = list(rows)
    table: Table = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [row.get(name) for row in rows]
        if any(isinstance(value, str) for value in values):
            table[name] = np.array(["" if v is None else str(v) for v in values], str)
        else:
            table[name] = np.array([np.nan if v is None else float(v) for v in values])
    return table


def _rows_of_differences(outcomes: Mapping[str, Any], programmes: Mapping[str, Any]) -> Table:
    rows: list[dict[str, Any]] = []
    for plan in outcomes:
        for programme, entries in {"": outcomes[plan], **programmes[plan]}.items():
            units = PROGRAMME_OUTCOMES if programme else OUTCOMES
            rows.extend(
                {
                    "plan": plan,
                    "programme": programme,
                    "outcome": key,
                    "unit": units[key].unit,
                    "base": entry["base"],
                    "value": entry["plan"],
                    **entry["difference"],
                }
                for key, entry in entries.items()
            )
    return _table(rows)


def _figures(runs: Runs) -> Table:
    """The document's figures of each contender, with the predictive interval of summary.json."""
    rows = []
    for (world, figure), grid in runs.grids("world_figures", ("world", "figure"), "value").items():
        if world not in runs.contenders:
            continue
        values = [[None if np.isnan(v) else v for v in draw] for draw in grid.tolist()]
        found = statistics(values)
        rows.append({"world": world, "figure": figure} | {k: found[k] for k in _LEVEL})
    return _table(rows)


def _payers(section: Mapping[str, Any]) -> Table:
    """Yuan by world, programme and payer; programme "" is the whole plan."""
    return _table(
        {"world": world, "programme": programme, "payer": payer, **yuan}
        for world, programmes in section.items()
        for programme, payers in programmes.items()
        for payer, yuan in payers.items()
    )


def _cash(section: Mapping[str, Any]) -> Table:
    """What each plan does, and its money as cash; targeting "" is the plan's own."""
    return _table(
        {"world": world, "targeting": targeting, "measure": measure, **numbers}
        for world, entry in section.items()
        for targeting, own in (("", entry), *((t, entry[t]) for t in TARGETINGS if t in entry))
        for measure, numbers in own.items()
        if isinstance(numbers, Mapping) and measure not in TARGETINGS
    )


def _counties(runs: Runs) -> Table:
    keys = ("world", "county", "name", "prefecture")
    grids = {
        name: runs.grids("world_counties", keys, name)
        for name in ("persons", "registered_poor", "income_poor", "income_yuan")
    }
    grids["mean_income"] = {
        key: ratio_of(income, grids["persons"][key]) for key, income in grids["income_yuan"].items()
    }
    rows = []
    for key in grids["persons"]:
        world, county, name, prefecture = key
        if world not in runs.plans:
            continue
        for outcome in COUNTY_OUTCOMES:
            here, base = grids[outcome][key], grids[outcome][runs.base, *key[1:]]
            if np.isnan(here).all():
                continue  # a county without rural people has no mean income
            rows.append(
                {
                    "plan": world,
                    "county": county,
                    "name": name,
                    "prefecture": prefecture,
                    "outcome": outcome,
                    "base": mean_of(base),
                    "value": mean_of(here),
                    **difference(here - base),
                }
            )
    table = _table(rows)
    table["county"] = table["county"].astype(np.int32)
    return table


def _months(runs: Runs) -> Table:
    first = runs.results[0].tables["world_months"]
    rows = []
    for series in (name for name in first if name not in ("world", "calendar")):
        grids = runs.grids("world_months", ("world", "calendar"), series)
        for (world, month), grid in grids.items():
            change = level(grid - grids[runs.base, month])
            beside = {f"difference_{name}": value for name, value in change.items()}
            rows.append(
                {"world": world, "calendar": month, "series": series, **level(grid), **beside}
            )
    return _table(rows)


def _unspent(runs: Runs) -> Table:
    """Yuan that stayed unspent by world, programme, county (0: it reached none) and limit."""
    name, keys = "world_unspent_by_county", ("programme", "county", "name", "name_zh", "limit")
    if any(name not in result.tables for result in runs.results):
        return {}
    return _table(
        dict(zip(("world", *keys), key, strict=True)) | level(np.nan_to_num(grid))
        for key, grid in runs.grids(name, ("world", *keys), "unspent").items()
        if key[0] in runs.contenders
    )


def _means(runs: Runs, table: str, keys: Sequence[str]) -> Table:
    return _table(
        dict(zip(keys, key, strict=True)) | level(grid)
        for key, grid in runs.grids(table, keys, "persons").items()
        if key[0] in runs.contenders
    )


def _gains(runs: Runs) -> Table:
    keys = ("plan", "twin", "decile")
    grids = {
        name: runs.grids("gains", keys, name)
        for name in ("persons", "winners", "losers", "change_yuan", "income_yuan")
    }
    rows: list[dict[str, Any]] = []
    for key, persons in grids["persons"].items():
        shares = {
            "winners_share": ratio_of(grids["winners"][key], persons),
            "losers_share": ratio_of(grids["losers"][key], persons),
            "change_yuan_a_person": ratio_of(grids["change_yuan"][key], persons),
            "change_share": ratio_of(grids["change_yuan"][key], grids["income_yuan"][key]),
        }
        lead = dict(zip(keys, key, strict=True))
        rows += [{**lead, "measure": name, **level(grid)} for name, grid in shares.items()]
    return _table(rows)


def _long(section: Mapping[str, Any], keys: Sequence[str]) -> Table:
    """A nested section as rows: keys, then the numbers of the innermost entries, flattened."""
    rows: list[dict[str, Any]] = []

    def walk(node: Any, lead: dict[str, Any]) -> None:
        if len(lead) < len(keys):
            for name, below in node.items():
                walk(below, {**lead, keys[len(lead)]: name})
            return
        row = dict(lead)
        for name, value in node.items():
            if isinstance(value, Mapping):
                row |= {f"{name}_{inner}": number for inner, number in value.items()}
            else:
                row[name] = value
        rows.append(row)

    walk(section, {})
    return _table(rows)


def _rows_of_dominance(section: Sequence[Mapping[str, Any]]) -> Table:
    return _table(
        {
            "a": row["a"],
            "b": row["b"],
            "a_better_on": " ".join(row["a_better_on"]),
            "b_better_on": " ".join(row["b_better_on"]),
            "dominates": row["dominates"] or "",
        }
        for row in section
    )


def _pairs(runs: Runs) -> Table:
    """Every outcome of every world, run by run."""
    parts = []
    for result in runs.results:
        table = result.tables["world_outcomes"]
        rows = len(table["value"])
        lead: Table = {
            "draw": np.full(rows, result.draw),
            "seed": np.full(rows, result.seed, np.int64),
        }
        parts.append(lead | table)
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    table["value"] = np.array(
        [np.nan if np.isnan(v) else float(canonical(v) or 0.0) for v in table["value"]]
    )
    return table
