"""Is a result still what was written, and would it come out again?

Files are checked against the hashes that were recorded with them, the records of a sweep against
their own checksums, its tables against its records, and the population's frame against its
manifest. Rerunning makes some runs again from what the folder itself says, and compares all of
their numbers and tables bit by bit.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.comparison.folder import is_comparison
from fupin.engine.run_ids import SIMULATE, Job, RunTask, function_of, job_version, scenario_of
from fupin.engine.run_tables import run_tables
from fupin.engine.worker import Failed, attempt
from fupin.errors import InputError
from fupin.files.integrity import altered, hash_of, only_intact, read_json
from fupin.results.draws import Draw
from fupin.store.folder import RUN_FILE, read_result
from fupin.store.record import Record, decode
from fupin.store.runs import RunStore, damaged
from fupin.sweeps import folder as sweep_folder

if TYPE_CHECKING:
    import pyarrow

    from fupin.scenario.schema import Scenario


@dataclass
class Findings:
    """What was looked at, and what is wrong."""

    looked_at: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, what: str, wrong: list[str]) -> None:
        """Something that was looked at, and the faults that were found there."""
        self.looked_at.append(f"{what}: {'intact' if not wrong else 'NOT intact'}")
        self.wrong += wrong


def verify(folder: Path, rerun: int = 0) -> Findings:
    """Check a result folder of `fupin run`, `fupin compare` or `fupin sweep`.

    Args:
        folder: the result.
        rerun: how many of its runs to make again; those of a comparison are not made again.

    Raises:
        InputError: no result, or one whose record cannot be read.
    """
    with only_intact(folder):
        return _verified(folder, rerun)


def _verified(folder: Path, rerun: int) -> Findings:
    if (folder / sweep_folder.SWEEP_FILE).is_file():
        return _verify_sweep(folder, rerun)
    if not (folder / RUN_FILE).is_file():
        raise InputError(
            f"There is no result in {folder}.", "Give a folder of `fupin run`, compare or sweep."
        )
    found = Findings()
    record = read_json(folder / RUN_FILE)
    _check_files(found, folder, record)
    if found.wrong:
        return found  # what follows believes the files
    scenario = _scenario_of(record)
    _check_frame(found, scenario, record["hashes"])
    if not rerun:
        return found
    if is_comparison(folder):
        raise InputError(
            f"{folder} is a comparison, and its worlds are not made again.",
            "Leave out --rerun, or compare again with --fresh.",
        )
    if record.get("kind") == "allocation":
        raise InputError(
            f"{folder} is a search, and its worlds are not made again.",
            "Leave out --rerun, or search again with --fresh.",
        )
    _rerun(found, folder, scenario, rerun)
    return found


def _check_files(found: Findings, folder: Path, record: Mapping[str, Any]) -> None:
    wrong = [f"{name} was altered or is missing" for name in altered(folder)]
    hashes = record.get("hashes", {})
    files = hashes.get("files", {}) if isinstance(hashes, dict) else {}
    found.add(f"{len(files)} files and their record", wrong)


def _scenario_of(record: Mapping[str, Any]) -> Scenario:
    from fupin.scenario.schema import Scenario

    return Scenario.model_validate(record["scenario"])


def _rerun(found: Findings, folder: Path, scenario: Scenario, rerun: int) -> None:
    stored = read_result(folder)
    _note_version(found, stored.run["hashes"].get("sources"))
    draws = [Draw.of_record(d) for d in stored.run["draws"]]
    pairs = [(draw, seed) for draw in draws for seed in stored.run["seeds"]]
    tables = {name: stored.table(name) for name in stored.table_names}
    for draw, seed in _some(pairs, rerun):
        different = _differences_of_run(scenario, draw, seed, tables)
        _note_rerun(found, f"draw {draw.label}, seed {seed}", different)


def _differences_of_run(
    scenario: Scenario, draw: Draw, seed: int, tables: dict[str, Any]
) -> list[str]:
    from fupin.lives.one_run import simulate
    from fupin.store.tables import gather, to_arrow

    again = gather([simulate(scenario, draw, seed)])
    different = []
    for name, table in tables.items():
        rows = (table["draw"] == draw.label) & (table["seed"] == seed)
        before = to_arrow({column: values[rows] for column, values in table.items()})
        if name not in again or not _same(before, to_arrow(again[name])):
            different.append(f"table {name}")
    return different


def _verify_sweep(folder: Path, rerun: int) -> Findings:
    about = sweep_folder.read_about(folder)
    found = Findings()
    _check_files(found, folder, about)
    where = folder / sweep_folder.STORE
    wrong = damaged(where) if where.is_dir() else [f"{where.name} is missing"]
    found.add("the records of runs", wrong)
    if found.wrong:
        return found  # what follows believes the files, and opening a store mends it
    index = sweep_folder.read_index(folder)
    with RunStore(where) as store:
        found.looked_at.append(f"{len(store):,} recorded runs")
        files: dict[str, str] = about.get("hashes", {}).get("files", {})
        if sweep_folder.RUNS_FILE in files:
            with tempfile.TemporaryDirectory(prefix="fupin-") as made:
                again = Path(made) / sweep_folder.RUNS_FILE
                sweep_folder.write_table(again, lambda: run_tables(index, store))
                same = hash_of(again) == files[sweep_folder.RUNS_FILE]
            found.add(
                "the table made from the records again",
                [] if same else [f"{sweep_folder.RUNS_FILE} is not what the records say"],
            )
        if rerun:
            _only_ours(index.job)
            if index.job.version != job_version(index.job.function):
                found.looked_at.append(_OTHER)
            done = [n for n in range(len(index)) if index.run_at(n) in store]
            for n in _some(done, rerun):
                p, d, s = index.place(n)
                point = index.points[p]
                task = RunTask(index.run_at(n), scenario_of(point), index.draws[d], index.seeds[s])
                what = f"point {p + 1}, draw {task.draw.label}, seed {task.seed}"
                _note_rerun(found, what, _differences(index.job, task, store.record(task.run)))
    return found


def _only_ours(job: Job) -> None:
    """A folder may come from anywhere: what it names is run only where it is the model itself."""
    if job.function != SIMULATE:
        raise InputError(
            f"The runs were made by {job.function}, which is not part of fupin.",
            "Leave out --rerun, and repeat the sweep with `run_many`.",
        )


def _differences(job: Job, task: RunTask, before: Record) -> list[str]:
    outcome = attempt(function_of(job.function), job, task)
    if isinstance(outcome, Failed):
        return [f"it failed: {outcome.failure.error}: {outcome.failure.message}"]
    now = decode(outcome.payload)
    names = sorted({*now.numbers, *before.numbers})
    different = [n for n in names if now.numbers.get(n) != before.numbers.get(n)]
    for name in sorted({*now.tables, *before.tables}):
        tables = [r.tables[name] for r in (before, now) if name in r.tables]
        if len(tables) < 2 or not _same(*tables):
            different.append(f"table {name}")
    return different


def _same(one: pyarrow.Table, other: pyarrow.Table) -> bool:
    """True where names and every bit of every value agree (so NaN is the same as NaN)."""
    import numpy as np

    if one.column_names != other.column_names or one.num_rows != other.num_rows:
        return False
    for name in one.column_names:
        a, b = one[name].to_numpy(), other[name].to_numpy()
        if a.dtype != b.dtype:
            return False
        if a.dtype.kind == "f":
            a, b = (column.view(f"u{column.dtype.itemsize}") for column in (a, b))
        if not np.array_equal(a, b):
            return False
    return True


_OTHER = "the result was made by another version of fupin: reruns may differ"


def _note_version(found: Findings, recorded: str | None) -> None:
    from fupin.store.versions import sources_fingerprint

    if recorded != sources_fingerprint():
        found.looked_at.append(_OTHER)


def _note_rerun(found: Findings, what: str, different: list[str]) -> None:
    if different:
        shown = ", ".join(different[:5]) + (" and more" if len(different) > 5 else "")
        found.looked_at.append(f"run again, {what}: DIFFERENT")
        found.wrong.append(f"{what} comes out differently: {shown}")
    else:
        found.looked_at.append(f"run again, {what}: the same, bit by bit")


def _check_frame(found: Findings, scenario: Scenario, recorded: Mapping[str, Any]) -> None:
    from fupin.population.frame import load_frame
    from fupin.store.versions import sources_fingerprint

    people = scenario.population
    frame = load_frame(people.sample, people.seed, verify=True)
    if recorded.get("frame") in (None, frame.fingerprint):
        found.add("the population", [])
    elif recorded.get("sources") != sources_fingerprint():
        found.looked_at.append("the population: that of another version of fupin")
    else:
        found.add("the population", ["the population is another one than that of the result"])


def _some(things: list[Any], count: int) -> Iterator[Any]:
    """`count` of the things, evenly spread, all if there are no more."""
    if not things:
        raise InputError("There is no run to make again.", "Leave out --rerun.")
    count = min(count, len(things))
    for i in range(count):
        yield things[i * len(things) // count]
