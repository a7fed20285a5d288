"""`fupin.sweep`: every point of a design with every draw and seed; goes on after a stop."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin import paths
from fupin.api.comparison_result import warnings_of
from fupin.api.display import Display
from fupin.api.plan import Plan
from fupin.api.sweep_result import SweepResult
from fupin.errors import PYTHON, InputError, Wording
from fupin.results.asked import Draws, Sample, Seeds, processes_of
from fupin.yaml.words import guess_or_list

if TYPE_CHECKING:
    from fupin.engine.many import Missing
    from fupin.engine.run_ids import Job, RunIndex
    from fupin.engine.workers import Workers
    from fupin.sweeps.file import Sweep


@dataclass(frozen=True)
class Sweeping:
    """A sweep that is found to be right, and where and by whom its runs are made.

    Attributes:
        sweep: what is run.
        folder: where runs are recorded and tables are written.
        part: (i, n): only every n-th run, beginning with the i-th.
        job: what is done with each run.
        workers, scheduler: as of `Work`.
        retry_failed: run again what failed before.
        say: how messages name options.
    """

    sweep: Sweep
    folder: Path
    part: tuple[int, int]
    job: Job
    workers: int | None = None
    scheduler: str | None = None
    retry_failed: bool = False
    say: Wording = PYTHON

    @classmethod
    def of(
        cls,
        sweep: str | Path | Mapping[str, Any],
        *,
        seeds: Seeds = None,
        draws: Draws = None,
        sample: Sample = None,
        workers: int | None = None,
        scheduler: str | None = None,
        shard: str | None = None,
        folder: Path | None = None,
        detail: str | None = None,
        retry_failed: bool = False,
        say: Wording = PYTHON,
    ) -> Sweeping:
        """What the user asks for; writes nothing.

        Args:
            sweep: a sweep file, or a mapping that says what a file would.
            seeds, draws, sample: replace what the file says.
            shard: "3/8" for the third of eight parts.
            folder: `results/NAME` if None.
            detail: names of tables to keep of each run, such as "months,counties".

        Raises:
            InputError: anything wrong with them, or a folder that holds something else.
        """
        part = parse_shard(shard, say)
        found = _loaded(sweep, seeds=seeds, draws=draws, sample=sample, say=say)
        where = folder_of(folder, found.name, part)
        check_folder(where, found.name, say)
        from fupin.engine.many import job_of

        job = _with_detail(job_of(settings={"twins": found.twins}), detail, say)
        processes = processes_of(workers, say)
        return cls(found, where, part, job, processes, scheduler, retry_failed, say)

    def run(self, display: Display, agreed: Callable[[float], None] | None = None) -> SweepResult:
        """Make the runs that are missing, and write the tables.

        Args:
            display: shows how far it is.
            agreed: called with the seconds that it will take, before; raises to stop.

        Raises:
            InputError: a point is wrong, or nobody can work; nothing is written then.
            WorkersDie: processes die whatever they do.
        """
        from fupin.engine.many import STORE, Missing, working
        from fupin.engine.workers import workers_of
        from fupin.store.runs import RunStore
        from fupin.store.versions import package_versions, sources_fingerprint
        from fupin.sweeps import folder as sweep_folder
        from fupin.sweeps.earlier import loses
        from fupin.sweeps.results import write_results

        for sentence in self._warnings():
            display.warn(sentence)
        if self.sweep.repeated:
            display.warn(
                f"{self.sweep.repeated:,} points of the design were others again and are left out; "
                f"{len(self.sweep.points) // len(self.sweep.plans):,} are different."
            )
        points = sweep_folder.PointsWriter(self.folder)
        index = self._indexed(points.add, display)
        if lost := loses(self.folder, index, self.say):
            display.warn(lost)
        # Nothing is written before it is known that somebody will work.
        workers = workers_of(self.workers, self.scheduler, len(index), say=self.say, main=False)
        with working(workers), RunStore(self.folder / STORE) as store:
            points.write()
            about = sweep_folder.about(
                index,
                name=self.sweep.name,
                title=self.sweep.title,
                **({"title_zh": self.sweep.title_zh} if self.sweep.title_zh else {}),
                design=self.sweep.design,
                part=list(self.part),
                **({"scales": dict(self.sweep.scales)} if self.sweep.scales else {}),
                versions=package_versions(),
                hashes={"sources": sources_fingerprint()},
            )
            sweep_folder.write_json(self.folder / sweep_folder.SWEEP_FILE, about)
            missing = Missing(index, store, self.part, self.retry_failed)
            if missing.count:
                self._execute(missing, workers, display, agreed)
            else:
                display.tell("All runs are recorded.")
            summary = write_results(self.folder, index, store, about, display.warn)
        return SweepResult(self.folder, summary)

    def _warnings(self) -> list[str]:
        """What to warn of in the first point of each plan; a point that is wrong is told later."""
        points = self.sweep.points
        each = len(points) // len(self.sweep.plans)
        with contextlib.suppress(InputError):
            firsts = [points[plan * each].scenario for plan in range(len(self.sweep.plans))]
            return warnings_of([Plan.of(scenario) for scenario in firsts])
        return []

    def _indexed(self, add: Callable[..., None], display: Display) -> RunIndex:
        """The index of all runs, every point validated."""
        from fupin.engine.run_ids import index_runs

        sweep = self.sweep
        with display.points(len(sweep.points)) as advance:

            def on_point(i: int, *what: Any) -> None:
                add(i, *what)
                advance(i + 1)

            index = index_runs(sweep.points, sweep.draws, sweep.seeds, self.job, on_point)
        if sweep.design in ("grid", "list"):
            _refuse_a_point_twice(index, len(sweep.plans))
        return index

    def _execute(
        self,
        missing: Missing,
        workers: Workers,
        display: Display,
        agreed: Callable[[float], None] | None,
    ) -> None:
        index, store = missing.index, missing.store
        known = f", {missing.recorded:,} of them recorded before" if missing.recorded else ""
        part = "" if self.part[1] == 1 else f" in shard {self.part[0]} of {self.part[1]}"
        display.tell(
            f"{len(index.points):,} points x {len(index.draws)} draws x {len(index.seeds)} seeds: "
            f"{missing.recorded + missing.count:,} runs{part}{known}."
        )
        seconds = store.mean_seconds()
        if seconds is None:
            # One run is measured, and then one that finds everything compiled and loaded.
            for _ in range(2):
                missing.execute(workers, most=1, notify=display.warn)
            seconds = store.last_seconds()
        left = missing.count * (seconds or 0.0) / workers.slots
        if missing.count:
            each = store.size / max(len(store), 1)
            display.tell(
                f"About {_duration(left)} on {workers.slots} at a time "
                f"({seconds or 0.0:.2g} s a run), "
                f"{_bytes(each * (missing.count + missing.recorded))}."
            )
        if agreed is not None:
            agreed(left)
        with display.runs() as on_progress:
            missing.execute(workers, on_progress=on_progress, notify=display.warn)


def _refuse_a_point_twice(index: RunIndex, plans: int) -> None:
    """What is written in two ways may be one: two points of a plan with the same runs are refused.

    Raises:
        InputError: naming the two.
    """
    first = [run.tobytes() for run in index.ids[:, 0, 0]]
    each = len(first) // plans
    for plan in range(plans):
        seen: dict[bytes, int] = {}
        for point in range(plan * each, (plan + 1) * each):
            before = seen.setdefault(first[point], point)
            if before != point:
                values = ", ".join(
                    f"{name} = {column[point].as_py()}" for name, column in index.factors.items()
                )
                raise InputError(
                    f"Points {before + 1} and {point + 1} ({values}) are the same.",
                    "Keep one of the two ways to write it.",
                )


def _loaded(sweep: str | Path | Mapping[str, Any], **options: Any) -> Sweep:
    """The sweep of a file, or of a mapping in which plans may stand for their files."""
    from fupin.scenario.fields import is_scenario_name
    from fupin.sweeps.file import load_sweep, sweep_of
    from fupin.yaml.data import tree_of
    from fupin.yaml.tree import Mapping as Tree
    from fupin.yaml.tree import Mark

    if not isinstance(sweep, Mapping):
        return load_sweep(Path(sweep), **options)
    if "name" not in sweep:
        raise InputError("The sweep has no name.", 'Add one, such as {"name": "how-much", ...}.')
    name = str(sweep["name"])
    here = Path.cwd() / f"{name if is_scenario_name(name) else 'sweep'}.yaml"
    with tempfile.TemporaryDirectory(prefix="fupin-") as home:

        def filed(plan: object) -> object:
            saved = isinstance(plan, Plan)
            return str(plan.save(Path(home) / f"{plan.name}.yaml")) if saved else plan  # type: ignore[attr-defined]

        said = dict(sweep)
        if "scenario" in said:
            said["scenario"] = filed(said["scenario"])
        if isinstance(said.get("plans"), (list, tuple)):
            said["plans"] = [filed(plan) for plan in said["plans"]]
        tree = tree_of(said, Mark(here, 1, 1))
        assert isinstance(tree, Tree)
        try:
            return sweep_of(tree, here, **options)
        except InputError as error:
            if error.file != here:
                raise
            raise replace(error, file=None, line=None, column=None) from None


def parse_shard(text: str | None, say: Wording = PYTHON) -> tuple[int, int]:
    """(i, n) of a shard "i/n"; (1, 1) where there is none.

    Raises:
        InputError: another form, or i not within 1 to n.
    """
    if text is None:
        return 1, 1
    first, _, second = str(text).partition("/")
    if first.strip().isdecimal() and second.strip().isdecimal():
        part = int(first), int(second)
        if 1 <= part[0] <= part[1]:
            return part
    raise InputError(
        f"{say('shard', text)} is not a shard.",
        f"Write {say('shard', '3/8')} for the third of eight, counted from 1.",
    )


def folder_of(out: Path | None, name: str, part: tuple[int, int]) -> Path:
    """Where a sweep, or one of its shards, lies: always the same, so that it can go on."""
    folder = out or paths.results() / name
    i, n = part
    return folder if n == 1 else folder / f"shard-{i}-of-{n}"


def check_folder(folder: Path, name: str, say: Wording = PYTHON) -> None:
    """See before any work that the folder is free or holds this sweep; writes nothing.

    Raises:
        InputError: a file, another sweep, or anything else lies there.
    """
    from fupin.store.folder import check_target
    from fupin.sweeps.folder import SWEEP_FILE, read_about

    if folder.is_dir() and (folder / SWEEP_FILE).exists():
        before = read_about(folder).get("name")
        if before != name:
            raise InputError(
                f"{folder} holds the sweep {before}, not {name}.",
                f"Let {say('out')} name another folder.",
            )
        return
    if folder.is_dir() and all(f.name == "store" or f.name[0] == "." for f in folder.iterdir()):
        return  # it was stopped before it had begun
    if folder.is_dir() and all(f.name.startswith("shard-") for f in folder.iterdir()):
        raise InputError(
            f"{folder} holds shards of a sweep.", f"Put them together: fupin merge {folder}."
        )
    check_target(folder, say("out"))


def _with_detail(job: Job, text: str | None, say: Wording) -> Job:
    from fupin.sweeps.results import DETAIL

    if text is None:
        return job
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in DETAIL:
            raise InputError(f"{say('detail', name)} is no table.", guess_or_list(name, DETAIL))
    return replace(job, tables=tuple(sorted({DETAIL[name] for name in names})))


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    if seconds < 6000:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"


def _bytes(count: float) -> str:
    return f"{count / 2**20:.0f} MB" if count >= 2**20 else f"{count / 2**10:.0f} kB"
