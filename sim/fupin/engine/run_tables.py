"""From recorded runs to tables: one row a run, in the order of points, draws and seeds.

Rows, columns and bytes depend on what was asked for alone, not on who ran it when, where and after
how many interruptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fupin.engine.run_ids import RunIndex
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.store.runs import RunStore
from fupin.store.shards import with_lead

if TYPE_CHECKING:
    import pyarrow

ROWS = 4_000
"""Runs in memory at a time."""

DETAIL_ROWS = 50 * ROWS
"""Rows of their tables in memory at a time, or those of one run."""


def columns_of(store: RunStore) -> list[str]:
    """Names of the numbers in the order of the table: outcomes, programmes, then all others."""
    place = {name: i for i, name in enumerate([*OUTCOMES, *programme_columns()])}
    return sorted(store.columns, key=lambda name: (place.get(name, len(place)), name))


def programme_columns() -> list[str]:
    """Columns of what each programme did, such as skills_training_delivered."""
    from fupin.scenario.programmes import PROGRAMME_KEYS

    return [f"{key}_{name}" for key in PROGRAMME_KEYS for name in PROGRAMME_OUTCOMES]


def run_tables(index: RunIndex, store: RunStore) -> Iterator[pyarrow.Table]:
    """The table of recorded runs, some thousand rows at a time but whole points, at least one.

    Columns: run (id), point, seed, draw, the factors, the numbers. Points count from 1.
    """
    import pyarrow

    columns = columns_of(store)
    of_a_point = max(len(index.draws) * len(index.seeds), 1)
    rows = max(ROWS // of_a_point, 1) * of_a_point  # a point's runs stay together
    for start in range(0, max(len(index), 1), rows):
        numbers = [
            n for n in range(start, min(start + rows, len(index))) if index.run_at(n) in store
        ]
        if not numbers and start:
            continue
        lead = lead_columns(index, numbers)
        runs = lead["run"].to_pylist()
        found = store.numbers(runs, columns)
        yield pyarrow.table(
            {name: lead[name] for name in lead.column_names}
            | {name: found[name] for name in columns}
        )


def lead_columns(index: RunIndex, numbers: list[int]) -> pyarrow.Table:
    """Which runs these are: run, point, seed, draw and the factors."""
    import pyarrow

    places = [index.place(n) for n in numbers]
    points = pyarrow.array([p for p, _, _ in places], pyarrow.int64())
    columns = {
        "run": pyarrow.array([index.run_at(n) for n in numbers], pyarrow.string()),
        "point": pyarrow.array([p + 1 for p, _, _ in places], pyarrow.int64()),
        "seed": pyarrow.array([index.seeds[s] for _, _, s in places], pyarrow.int64()),
        "draw": pyarrow.array([index.draws[d].label for _, d, _ in places], pyarrow.string()),
    }
    return pyarrow.table(
        columns | {name: values.take(points) for name, values in index.factors.items()}
    )


def failure_table(index: RunIndex, store: RunStore) -> pyarrow.Table:
    """Runs that failed and have not succeeded since: which (`lead_columns`), and what they said."""
    import pyarrow

    numbers = [n for n in range(len(index)) if store.failed(index.run_at(n))]
    lead = lead_columns(index, numbers)
    failures = [store.failure(run) for run in lead["run"].to_pylist()]
    said = {
        name: pyarrow.array([getattr(f, name) for f in failures], pyarrow.string())
        for name in ("error", "message", "traceback")
    }
    return pyarrow.table({name: lead[name] for name in lead.column_names} | said)


def detail_tables(index: RunIndex, store: RunStore, kind: str) -> Iterator[pyarrow.Table]:
    """One kind of table of recorded runs below one another, led by run, point, seed and draw."""
    import pyarrow

    batch: list[pyarrow.Table] = []
    rows = 0
    for start in range(0, len(index), ROWS):
        numbers = [
            n for n in range(start, min(start + ROWS, len(index))) if index.run_at(n) in store
        ]
        runs = [index.run_at(n) for n in numbers]
        for i, table in store.tables(runs, kind):
            p, d, s = index.place(numbers[i])
            lead = {
                "run": runs[i],
                "point": p + 1,
                "seed": index.seeds[s],
                "draw": index.draws[d].label,
            }
            batch.append(with_lead(table, lead))
            rows += table.num_rows
            if rows >= DETAIL_ROWS:
                yield pyarrow.concat_tables(batch, promote_options="permissive")
                batch, rows = [], 0
    if batch:
        yield pyarrow.concat_tables(batch, promote_options="permissive")
