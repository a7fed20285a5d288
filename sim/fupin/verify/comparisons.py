"""A comparison made again: the worlds of one draw and seed, or all of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fupin.comparison.cash import is_cash_itself
from fupin.comparison.content import Runs, compared
from fupin.comparison.contest import Contest, twins_without_programmes
from fupin.comparison.folder import COMPARISON_FILE, StoredComparison
from fupin.comparison.tables import tables_of
from fupin.engine.run_ids import RunTask
from fupin.files.to_json import to_json
from fupin.results.outcome import RunResult
from fupin.scenario.schema import Scenario
from fupin.scenario.stored import stored_scenario
from fupin.statistics.crossed import canonical
from fupin.verify.equal import same_table
from fupin.verify.summaries import rows_of

LIVE_TWINS = "fupin.comparison.contest:live_twins"
"""The function that makes one draw and seed of a comparison."""


def contest_of(stored: StoredComparison, base: Scenario) -> Contest:
    """What was compared, without a cache; as cash too where the folder says that it was."""
    plans = tuple(stored_scenario(plan) for plan in stored.run["plans"])
    cash = "cash" in stored.table_names or bool(stored.comparison.get("cash"))
    return Contest(base, plans, None, "", cash)


def different_pairs(stored: StoredComparison, again: RunResult, task: RunTask) -> list[str]:
    """Outcomes of every world of the pair, rounded as the folder holds them."""
    before = rows_of(stored.table("pairs"), task.draw.label, task.seed)
    made = again.tables["world_outcomes"]
    now = made | {
        "value": np.array(
            [np.nan if np.isnan(v) else float(canonical(v) or 0.0) for v in made["value"]]
        )
    }
    if {name: len(values) for name, values in before.items()} != {
        name: len(values) for name, values in now.items()
    }:
        return ["the worlds of the pair"]
    here = before["value"].view(np.uint64) != now["value"].view(np.uint64)
    for name in ("world", "programme", "outcome"):
        here |= before[name].astype(str) != now[name].astype(str)
    rows = np.flatnonzero(here)
    return [
        " ".join(filter(None, (str(before[n][row]) for n in ("world", "programme", "outcome"))))
        for row in rows
    ]


def different_comparison(stored: StoredComparison, results: Sequence[RunResult]) -> list[str]:
    contest = contest_of(stored, stored_scenario(stored.run["scenario"]))
    runs = Runs(
        contest.base.name,
        tuple(plan.name for plan in contest.plans),
        twins_without_programmes(contest),
        tuple(draw["label"] for draw in stored.run["draws"]),
        tuple(stored.run["seeds"]),
        results,
        frozenset(plan.name for plan in contest.contenders if is_cash_itself(plan)),
    )
    comparison = compared(runs)
    tables = tables_of(runs, comparison)
    wrong = [
        f"table {name} comes out differently"
        for name in sorted({*tables, *stored.table_names})
        if name not in tables
        or name not in stored.table_names
        or not same_table(stored.table(name), tables[name])
    ]
    if to_json(comparison) != (stored.folder / COMPARISON_FILE).read_text("utf-8"):
        wrong.append(f"{COMPARISON_FILE} comes out differently")
    return wrong
