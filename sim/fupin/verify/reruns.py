"""Is a result still what was written, and would it come out again?

Nothing is trusted: files are compared with their hashes and the record with its own, whatever the
record does not name is a fault, links are; summaries are made from the tables again, the tables of
a sweep from its records, and these from the checksums of each. Rerunning makes some runs again from
what the folder itself says, in a process that takes nothing from the cache (`fupin.verify.again`)
and with packages that are what was installed, and compares all numbers and tables bit by bit.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.comparison.folder import StoredComparison, is_comparison, read_comparison
from fupin.engine.run_ids import (
    SIMULATE,
    Job,
    RunIndex,
    RunTask,
    index_runs,
    job_version,
    scenario_of,
)
from fupin.engine.run_tables import run_tables
from fupin.engine.worker import Failed, Finished
from fupin.errors import InputError
from fupin.files import kept
from fupin.files.integrity import hash_of, only_intact, read_json
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult
from fupin.store.folder import RUN_FILE, SUMMARY_FILE, StoredResult, read_result
from fupin.store.record import Record, decode
from fupin.store.runs import RunStore, damaged
from fupin.sweeps import folder as sweep_folder
from fupin.verify.again import runs_again
from fupin.verify.comparisons import (
    LIVE_TWINS,
    contest_of,
    different_comparison,
    different_pairs,
)
from fupin.verify.equal import same, same_table
from fupin.verify.files import check_answers, check_files, links_below
from fupin.verify.findings import Findings
from fupin.verify.sources import check_packages, note_versions, same_versions
from fupin.verify.summaries import (
    rows_of,
    wrong_comparison,
    wrong_copies,
    wrong_summary_of_run,
)

if TYPE_CHECKING:
    from fupin.scenario.schema import Scenario

_MOST_POINTS = 200
"""Points of a sweep whose ids are made again."""

Notify = Callable[[str], None]


def verify(folder: Path, rerun: int = 0, notify: Notify | None = None) -> Findings:
    """Check a result folder of `fupin run`, `fupin compare` or `fupin sweep`.

    Args:
        folder: the result.
        rerun: how many of its runs to make again.
        notify: called with a line for the user before something takes long.

    Raises:
        InputError: no result, or one whose record cannot be read.
        WorkersDie: the process that makes runs again ends without an answer.
    """
    before = len(kept.mended)
    tell = notify or (lambda line: None)
    with only_intact(folder):
        if (folder / sweep_folder.SWEEP_FILE).is_file():
            found = _of_sweep(folder, rerun, tell)
        elif (folder / RUN_FILE).is_file():
            found = _of_run(folder, rerun, tell)
        else:
            raise InputError(
                f"There is no result in {folder}: neither a file {RUN_FILE} nor a "
                f"{sweep_folder.SWEEP_FILE}.",
                "Give a folder of `fupin run`, compare or sweep.",
            )
    found.repaired += kept.mended[before:]
    if not rerun:
        found.not_checked.append("whether the runs come out again: --rerun N makes N of them again")
    return found


# -- runs and comparisons --------------------------------------------------------------------------


def _of_run(folder: Path, rerun: int, tell: Notify) -> Findings:
    found = Findings()
    record = read_json(folder / RUN_FILE)
    check_files(found, folder, RUN_FILE, record)
    if found.wrong:
        found.not_checked.append("everything else: what follows believes the files")
        return found
    note_versions(found, record)
    if not (is_comparison(folder) or (folder / SUMMARY_FILE).is_file()):
        _of_another_kind(found, record, rerun)
        return found
    stored: StoredComparison | StoredResult
    stored = read_comparison(folder) if is_comparison(folder) else read_result(folder)
    _check_summary(found, stored)
    scenario = _scenario_of(record)
    _check_frame(found, scenario, record["hashes"])
    _check_parameters(found, scenario, record["hashes"])
    if rerun:
        _rerun(found, stored, scenario, rerun, tell)
    return found


def _of_another_kind(found: Findings, record: Mapping[str, Any], rerun: int) -> None:
    """A result that is neither of a run nor of a comparison: its files are all that is known."""
    if rerun:
        raise InputError(
            "The runs of this result cannot be made again one by one.", "Leave out --rerun."
        )
    found.not_checked.append(f"what is particular to a result of kind {record.get('kind')!r}")
    if "scenario" in record:
        _check_frame(found, _scenario_of(record), record["hashes"])


def _check_summary(found: Findings, stored: StoredComparison | StoredResult) -> None:
    if not same_versions(stored.run):
        found.not_checked.append(
            "whether the summary follows from the tables: other versions made it"
        )
        return
    found.add("CSV files beside their Parquet files", wrong_copies(stored))
    if isinstance(stored, StoredResult):
        found.add("the summary made from the tables again", wrong_summary_of_run(stored))
        return
    wrong = wrong_comparison(stored.comparison, stored.table("pairs"))
    found.add("the differences made from all pairs again", wrong)
    found.not_checked.append(
        "sections of comparison.json that need more than the pairs; --rerun with all runs does"
    )


def _scenario_of(content: Mapping[str, Any], key: str = "scenario") -> Scenario:
    from fupin.scenario.stored import stored_scenario

    return stored_scenario(content[key])


def _check_frame(found: Findings, scenario: Scenario, recorded: Mapping[str, Any]) -> None:
    from fupin.population.frame import load_frame
    from fupin.store.versions import sources_fingerprint

    people = scenario.population
    frame = load_frame(people.sample, people.seed, verify=True)
    if recorded.get("frame") == frame.fingerprint:
        found.add("the population", [])
    elif recorded.get("sources") != sources_fingerprint():
        found.looked_at.append("the population: that of another version of fupin")
    else:
        found.add("the population", ["the population is another one than that of the result"])


def _check_parameters(found: Findings, scenario: Scenario, recorded: Mapping[str, Any]) -> None:
    from fupin.parameters.book import load_book
    from fupin.store.versions import sources_fingerprint

    if recorded.get("sources") == sources_fingerprint() and "parameters" in recorded:
        now = load_book().values(scenario.parameters).fingerprint()
        same = recorded["parameters"] == now
        found.add("the parameters", [] if same else ["run.json names other parameters"])


def _rerun(
    found: Findings,
    stored: StoredComparison | StoredResult,
    scenario: Scenario,
    rerun: int,
    tell: Notify,
) -> None:
    draws = [Draw.of_record(d) for d in stored.run["draws"]]
    pairs = _some([(draw, seed) for draw in draws for seed in stored.run["seeds"]], rerun)
    what: Any = scenario
    function = SIMULATE
    if isinstance(stored, StoredComparison):
        what, function = contest_of(stored, scenario), LIVE_TWINS
    job = Job(function, whole=True)
    tasks = [RunTask(f"{n:032x}", what, *pair) for n, pair in enumerate(pairs)]
    check_packages(found)
    again: list[RunResult] = []
    for task, outcome in zip(tasks, _again(job, tasks, tell), strict=True):
        name = f"draw {task.draw.label}, seed {task.seed}"
        if isinstance(outcome, Failed):
            _note_rerun(found, name, [_failure(outcome)])
            continue
        result = _result(outcome, task)
        again.append(result)
        if isinstance(stored, StoredResult):
            different = _different_tables(stored, result, task)
        else:
            different = different_pairs(stored, result, task)
        _note_rerun(found, name, different)
    if isinstance(stored, StoredComparison) and len(again) == len(draws) * len(stored.run["seeds"]):
        found.add("the comparison made from all runs again", different_comparison(stored, again))


def _again(job: Job, tasks: Sequence[RunTask], tell: Notify) -> list[Finished | Failed]:
    tell(
        f"Making {len(tasks)} runs again with nothing from the cache; the model is compiled first."
    )
    return runs_again(job, tasks)


def _result(outcome: Finished, task: RunTask) -> RunResult:
    from fupin.engine.one_scenario import whole_result

    return whole_result(decode(outcome.payload), task.draw.label, task.seed)


def _different_tables(stored: StoredResult, again: RunResult, task: RunTask) -> list[str]:
    from fupin.store.tables import gather

    made = gather([again])
    different = []
    for name in sorted({*stored.table_names, *made}):
        if name not in made or name not in stored.table_names:
            different.append(f"table {name}")
            continue
        before, now = (
            rows_of(table, task.draw.label, task.seed) for table in (stored.table(name), made[name])
        )
        if not same_table(before, now):
            different.append(f"table {name}")
    return different


# -- sweeps ----------------------------------------------------------------------------------------


ANSWERS = "uncertainty"
"""Folder of the answers that were made from a sweep (`fupin.uncertainty.files`)."""
_CHECKED_FOLDERS = (sweep_folder.STORE, ANSWERS)


def _of_sweep(folder: Path, rerun: int, tell: Notify) -> Findings:
    about = sweep_folder.read_about(folder)
    found = Findings()
    folders = (sweep_folder.STORE, ANSWERS, r"shard-\d+-of-\d+")
    check_files(found, folder, sweep_folder.SWEEP_FILE, about, folders)
    where = folder / sweep_folder.STORE
    wrong = damaged(where) if where.is_dir() else [f"{where.name} is missing"]
    found.add("the records of runs", [*wrong, *links_below(where)])
    check_answers(found, folder / ANSWERS, folder / sweep_folder.RUNS_FILE)
    others = [
        f.name for f in sorted(folder.iterdir()) if f.is_dir() and f.name not in _CHECKED_FOLDERS
    ]
    if others:
        found.not_checked.append(f"folders within: {', '.join(others)}")
    if found.wrong:  # what follows believes the files, and opening a store mends it
        found.not_checked.append("everything else: what follows believes the files")
        return found
    index = sweep_folder.read_index(folder)
    note_versions(found, about)
    _check_ids(found, index)
    again: list[tuple[RunTask, Record]] = []
    with RunStore(where) as store:
        found.looked_at.append(f"{len(store):,} recorded runs")
        _check_number(found, about, index, store)
        _check_tables(found, folder, about, index, store)
        if rerun:
            _only_ours(index.job)
            done = [n for n in range(len(index)) if index.run_at(n) in store]
            for n in _some(done, rerun):
                p, d, s = index.place(n)
                scenario = scenario_of(index.points[p])
                task = RunTask(index.run_at(n), scenario, index.draws[d], index.seeds[s])
                again.append((task, store.record(task.run)))
    if again:
        check_packages(found)
        places = {index.run_at(n): index.place(n)[0] + 1 for n in range(len(index))}
        outcomes = _again(index.job, [task for task, _ in again], tell)
        for (task, before), outcome in zip(again, outcomes, strict=True):
            what = f"point {places[task.run]}, draw {task.draw.label}, seed {task.seed}"
            _note_rerun(found, what, _differences(outcome, before))
    return found


def _only_ours(job: Job) -> None:
    """A folder may come from anywhere: what it names is run only where it is the model itself."""
    if job.function != SIMULATE:
        raise InputError(
            f"The runs were made by {job.function}, which is not part of fupin.",
            "Leave out --rerun, and repeat the sweep with `run_many`.",
        )


def _check_ids(found: Findings, index: RunIndex) -> None:
    """Are the records those of the scenarios that the folder names?"""
    if index.job.function != SIMULATE or index.job.version != job_version(SIMULATE):
        found.not_checked.append(
            "whether runs are those of their points: another version made them"
        )
        return
    chosen = _some(list(range(len(index.points))), _MOST_POINTS)
    points = [index.points[p] for p in chosen]
    again = index_runs(points, index.draws, index.seeds, index.job)
    same = (again.ids == index.ids[chosen]).all()
    wrong = [] if same else ["points.parquet names other runs than those of its scenarios"]
    found.add(f"the names of the runs of {len(chosen):,} points", wrong)


def _check_number(
    found: Findings, about: Mapping[str, Any], index: RunIndex, store: RunStore
) -> None:
    there = sum(run in store for run in {index.run_at(n) for n in range(len(index))})
    if about.get("runs") != there:
        found.add(
            "the number of recorded runs",
            [f"{about.get('runs')} runs were recorded and {there} are there: a journal or a shard "
             "of the store is gone"],
        )  # fmt: skip


def _check_tables(
    found: Findings,
    folder: Path,
    about: Mapping[str, Any],
    index: RunIndex,
    store: RunStore,
) -> None:
    from fupin.sweeps.results import write_results

    files: dict[str, str] = about["hashes"]["files"]
    with tempfile.TemporaryDirectory(prefix="fupin-") as home:
        made = Path(home)
        if same_versions(about):
            write_results(made, index, store, {**about, "hashes": {}}, lambda line: None)
            names = sorted({f.name for f in made.iterdir()} - {sweep_folder.SWEEP_FILE})
            wrong = [
                f"{name} is not what the records give"
                for name in sorted({*files, *names} - {sweep_folder.POINTS_FILE})
                if not (made / name).is_file() or hash_of(made / name) != files.get(name)
            ]
            found.add("tables and summary made from the records again", wrong)
            return
        found.not_checked.append("whether the summary follows from the records: as of versions")
        if sweep_folder.RUNS_FILE in files:
            again = made / sweep_folder.RUNS_FILE
            sweep_folder.write_table(again, lambda: run_tables(index, store))
            same = hash_of(again) == files[sweep_folder.RUNS_FILE]
            found.add(
                "the table made from the records again",
                [] if same else [f"{sweep_folder.RUNS_FILE} is not what the records say"],
            )


def _differences(outcome: Finished | Failed, before: Record) -> list[str]:
    if isinstance(outcome, Failed):
        return [_failure(outcome)]
    now = decode(outcome.payload)
    names = sorted({*now.numbers, *before.numbers})
    different = [n for n in names if now.numbers.get(n) != before.numbers.get(n)]
    for name in sorted({*now.tables, *before.tables}):
        tables = [r.tables[name] for r in (before, now) if name in r.tables]
        if len(tables) < 2 or not same(*tables):
            different.append(f"table {name}")
    return different


# -- shared ----------------------------------------------------------------------------------------


def _failure(outcome: Failed) -> str:
    return f"it failed: {outcome.failure.error}: {outcome.failure.message}"


def _note_rerun(found: Findings, what: str, different: Sequence[str]) -> None:
    if different:
        shown = ", ".join(different[:5]) + (" and more" if len(different) > 5 else "")
        found.looked_at.append(f"run again, {what}: DIFFERENT")
        found.wrong.append(f"{what} comes out differently: {shown}")
    else:
        found.looked_at.append(f"run again, {what}: the same, bit by bit")


def _some[T](things: list[T], count: int) -> list[T]:
    """`count` of the things, evenly spread, all if there are no more."""
    if not things:
        raise InputError("There is no run to make again.", "Leave out --rerun.")
    count = min(count, len(things))
    return [things[i * len(things) // count] for i in range(count)]
