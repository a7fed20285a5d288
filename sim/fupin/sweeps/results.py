"""The tables of a sweep, written from its store: once complete, or whatever is there by now."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.engine.run_ids import RunIndex
from fupin.engine.run_tables import (
    columns_of,
    detail_tables,
    failure_table,
    programme_columns,
    run_tables,
)
from fupin.engine.session import Notify, wait_for_space
from fupin.files.exact import exact
from fupin.files.integrity import sealed
from fupin.results.reassessment import INCOME, REASSESSED, Channels
from fupin.scenario.schema import Scenario
from fupin.statistics.crossed import SIGNIFICANT_DIGITS, canonical
from fupin.store.runs import RunStore
from fupin.store.tables import CSV_ROWS
from fupin.sweeps import folder as sweep_folder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow

    F64 = npt.NDArray[np.float64]
    I64 = npt.NDArray[np.int64]

SUMMARY_SCHEMA = 1
"""Version of the form of a sweep's `summary.json`."""

SUMMARY_FILE = "summary.json"

DETAIL = {
    "months": "province_by_month",
    "years": "province_by_year",
    "counties": "county_by_year",
    "villages": "village_by_year",
    "programmes": "programme_counts_by_year",
    "ledger": "ledger_by_month",
}
"""What `--detail` may name, and the table of a run that it keeps."""


def write_results(
    folder: Path,
    index: RunIndex,
    store: RunStore,
    about: Mapping[str, Any],
    notify: Notify,
) -> dict[str, Any]:
    """Write all tables and `sweep.json` of a sweep folder; the content of `summary.json`.

    Where the disk is full, this says so and waits.
    """

    def write(make: Callable[[], Any]) -> None:
        wait_for_space(lambda: make() and None, notify)

    failures = failure_table(index, store)
    write(
        lambda: sweep_folder.write_table(
            folder / sweep_folder.RUNS_FILE, lambda: run_tables(index, store)
        )
    )
    _tables(folder, "failures", failures, write)
    means = point_means(index, store)
    # What an earlier, smaller or more detailed sweep left here and this one has not would be read
    # for a table of this one.
    _or_none(len(index) <= CSV_ROWS, folder / "runs.csv", write, lambda _: _csv_of(folder, "runs"))
    _or_none(
        means.num_rows <= CSV_ROWS,
        folder / "means.csv",
        write,
        lambda file: sweep_folder.write_csv(file, lambda: means),
    )
    recorded = any(means["runs"].to_pylist())
    for name, kind in DETAIL.items():
        _or_none(
            recorded and kind in index.job.tables,
            folder / f"{name}.parquet",
            write,
            lambda file, kind=kind: sweep_folder.write_table(  # type: ignore[misc]
                file, lambda: detail_tables(index, store, kind)
            ),
        )
    summary = summarise(index, means, failures.num_rows)
    write(lambda: sweep_folder.write_json(folder / SUMMARY_FILE, summary))
    hashes = {"files": sweep_folder.file_hashes(folder)}
    content = {**about, "runs": summary["runs"], "hashes": {**about.get("hashes", {}), **hashes}}
    write(lambda: sweep_folder.write_json(folder / sweep_folder.SWEEP_FILE, sealed(content)))
    return summary


def _or_none(
    wanted: bool,
    file: Path,
    write: Callable[[Callable[[], Any]], None],
    make: Callable[[Path], Any],
) -> None:
    if wanted:
        write(lambda: make(file))
    else:
        file.unlink(missing_ok=True)


def _tables(
    folder: Path, name: str, table: pyarrow.Table, write: Callable[[Callable[[], Any]], None]
) -> None:
    file = folder / f"{name}.parquet"
    write(lambda: sweep_folder.write_table(file, lambda: iter([table])))
    write(lambda: sweep_folder.write_csv(file.with_suffix(".csv"), lambda: table))


def _csv_of(folder: Path, name: str) -> None:
    import pyarrow.parquet as parquet

    file = folder / f"{name}.parquet"
    with parquet.ParquetFile(exact(file), pre_buffer=False) as opened:  # or all of it comes at once
        groups = range(opened.num_row_groups)
        sweep_folder.write_csv_of(
            file.with_suffix(".csv"),
            opened.schema_arrow,
            lambda: (b for g in groups for b in opened.read_row_group(g).to_batches()),
        )


def point_means(index: RunIndex, store: RunStore) -> pyarrow.Table:
    """One row a point: its factors, how many runs it has, mean and sd of each outcome over them.

    Outcomes are those of the province, or all numbers of a function of one's own. Means are null
    where a run leaves the outcome undefined, sds where there are fewer than two runs.
    """
    import numpy as np
    import pyarrow

    apart = set(programme_columns())
    columns = [name for name in columns_of(store) if name not in apart]
    count = np.zeros(len(index.points), np.int64)
    means = {name: np.full(len(index.points), np.nan) for name in columns}
    sds = {name: np.full(len(index.points), np.nan) for name in columns}
    for table in run_tables(index, store):  # a point's runs are all in one of them
        points, starts, runs = np.unique(
            table["point"].to_numpy() - 1, return_index=True, return_counts=True
        )
        count[points] = runs
        for name in columns:
            values = table[name].to_numpy()  # NaN where undefined
            mean, sd = _mean_and_sd(values, starts, runs)
            means[name][points], sds[name][points] = mean, sd
    made: dict[str, Any] = {
        "point": pyarrow.array(range(1, len(index.points) + 1), pyarrow.int64()),
        **index.factors,
        "runs": pyarrow.array(count),
    }
    for name in columns:
        made[f"{name}.mean"] = pyarrow.array(means.pop(name), from_pandas=True)
        made[f"{name}.sd"] = pyarrow.array(sds.pop(name), from_pandas=True)
    return pyarrow.table(made)


def _mean_and_sd(values: F64, starts: I64, runs: I64) -> tuple[F64, F64]:
    """Of groups of runs that begin at `starts`; to the digits that a sum's order cannot change."""
    import numpy as np

    if not starts.size:
        return np.zeros(0), np.zeros(0)
    mean = np.add.reduceat(values, starts) / runs
    squares = np.add.reduceat((values - np.repeat(mean, runs)) ** 2, starts)
    sd = np.sqrt(squares / np.where(runs > 1, runs - 1, np.nan))
    return _rounded(mean), _rounded(sd)


def _rounded(values: F64) -> F64:
    import numpy as np

    return np.array([float(f"{value:.{SIGNIFICANT_DIGITS}g}") for value in values.tolist()])


def summarise(index: RunIndex, means: pyarrow.Table, failed: int) -> dict[str, Any]:
    """What `--json` prints: how many runs, and the least and the largest point mean of outcomes."""
    recorded = sum(means["runs"].to_pylist())
    outcomes = {}
    for column in means.column_names:
        if not column.endswith(".mean"):
            continue
        values = enumerate(means[column].to_pylist(), start=1)
        known = [(value, point) for point, value in values if value is not None]
        if known:
            (least, at_least), (most, at_most) = min(known), max(known)
            outcomes[column.removesuffix(".mean")] = {
                "least": {"mean": canonical(least), "point": at_least},
                "most": {"mean": canonical(most), "point": at_most},
            }
    return {
        "schema": SUMMARY_SCHEMA,
        "points": len(index.points),
        "seeds": list(index.seeds),
        "draws": [draw.label for draw in index.draws],
        "factors": list(index.factors),
        "runs": recorded,
        "failed": failed,
        "missing": len(index) - recorded - failed,
        "outcomes": outcomes,
        "reassessed": _reassessed(means),
        **_of_first_point(index),
    }


def _of_first_point(index: RunIndex) -> dict[str, Any]:
    """Sample and months of the first point, which mostly are those of all; None without any."""
    scenario = getattr(index.points[0], "scenario", None) if len(index.points) else None
    if not isinstance(scenario, Scenario):
        return {"sample": None, "lived": None}
    period = scenario.period
    lived = {
        "start": str(period.start),
        "end": str(period.end),
        "horizon": scenario.lived.end.year,
    }
    return {"sample": scenario.population.sample, "lived": lived}


def _reassessed(means: pyarrow.Table) -> dict[str, int | None] | None:
    """At how many points re-assessment outweighs the effect by income, and the first of them.

    None where no point has both.
    """
    columns = [f"{name}.mean" for name in (INCOME, REASSESSED)]
    if not set(columns) <= set(means.column_names):
        return None
    pairs = zip(*(means[column].to_pylist() for column in columns), strict=True)
    known = {point: pair for point, pair in enumerate(pairs, start=1) if None not in pair}
    if not known:
        return None
    found = [point for point, pair in known.items() if Channels(*pair).outweighed]
    return {"points": len(found), "first": found[0] if found else None}


def summary_text(summary: Mapping[str, Any]) -> str:
    """The text of `summary.json`."""
    return json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
