"""What is to be run: points crossed with draws and seeds, each run with an id that is its content.

The id of a run is a hash of all that its result depends on: the sources of the model and the
versions of the packages under it, the frame, the scenario without its names, the parameter values
that are in force, the seed, and the function with its settings. Two sweeps that share a run share
its id, whatever they are called, wherever they lie and in whatever order they come to it.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fupin.errors import InputError
from fupin.results.draws import CENTRAL, Draw
from fupin.scenario.names import NAMES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow

    from fupin.parameters.book import ParameterBook

SIMULATE = "fupin.lives.one_run:simulate"
"""The function that a run calls unless told otherwise."""

EARLIER_NAMES = {"sim.experiments.simulate:simulate": SIMULATE}
"""Names that functions had in results of earlier versions -> what they are called now."""

_NAMES = (*NAMES, "allocate")
"""Keys of a scenario that no number depends on."""

_ID_BYTES = 16

Function = Callable[..., Any]


@dataclass(frozen=True)
class Job:
    """What is done with every task.

    Attributes:
        function: `f(scenario, draw, seed, **settings)` as "module:name", at module level. It
            returns a `RunResult`, a flat mapping of names to numbers (None where undefined), or
            `NumbersAndTables`.
        settings: further arguments, such as {"twins": False}; they are part of a run's id.
        tables: names of tables to keep besides the numbers.
        whole: True keeps a RunResult with everything in it (`fupin run`).
        version: hash of the sources that results depend on; a worker that has others refuses.
        call: the function itself, where it is at hand; None looks it up by its name.
    """

    function: str = SIMULATE
    settings: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    whole: bool = False
    version: str = ""
    call: Function | None = None

    @cached_property
    def content(self) -> str:
        """What of it a run's id depends on, as canonical JSON."""
        kept = "everything" if self.whole else sorted(self.tables)
        return canonical([self.function, dict(self.settings), kept])


@dataclass(frozen=True)
class RunTask:
    """One run.

    Attributes:
        run: its id, 32 hexadecimal digits.
        scenario: handed to the function as it is.
        draw: parameter vector.
        seed: run seed.
    """

    run: str
    scenario: Any
    draw: Draw
    seed: int


@dataclass(frozen=True)
class Point:
    """One combination of what is varied.

    Attributes:
        scenario: the plan and its world.
        parameters: values of parameters that replace those of the scenario's history and of the
            draw.
        factors: column -> what is varied at this point, for the table (numbers or texts).
    """

    scenario: Any
    parameters: Mapping[str, float] = field(default_factory=dict)
    factors: Mapping[str, Any] = field(default_factory=dict)


def canonical(content: Any) -> str:
    """JSON that is the same for the same content."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def function_of(name: str) -> Function:
    """The function that "module:name" means.

    Raises:
        InputError: no such module or function.
    """
    module, _, attribute = present_name(name).partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(f"There is no function {name} ({error}).", "Write module:name.") from None
    if not callable(found):
        raise InputError(f"{name} is not a function.", "Write module:name of one.")
    function: Function = found
    return function


def present_name(function: str) -> str:
    """What a function is called now that may have been recorded by an earlier version."""
    return EARLIER_NAMES.get(function, function)


def name_of(function: Function) -> str:
    """ "module:name" of a function at module level."""
    return f"{function.__module__}:{function.__qualname__}"


def job_version(function: str = SIMULATE) -> str:
    """Hash of what the results of a function depend on, apart from its arguments.

    The sources of the model, the numeric packages, and the file of the function where it is not
    part of the model.
    """
    from fupin.store.versions import function_fingerprint

    return function_fingerprint(function.partition(":")[0])


@dataclass(frozen=True)
class RunIndex:
    """All runs of points x draws x seeds, in that order, without their scenarios.

    Attributes:
        points: made when asked for.
        draws, seeds: what each point runs with.
        job: what is done.
        ids: of the runs, shape (points, draws, seeds).
        factors: column -> its value at each point, as an Arrow array.
    """

    points: Sequence[Point]
    draws: tuple[Draw, ...]
    seeds: tuple[int, ...]
    job: Job
    ids: npt.NDArray[np.void]
    factors: Mapping[str, pyarrow.Array]

    def __len__(self) -> int:
        return self.ids.size

    def run_at(self, number: int) -> str:
        """Id of the run with a number, counted from 0."""
        run: str = self.ids.reshape(-1)[number].tobytes().hex()
        return run

    def place(self, number: int) -> tuple[int, int, int]:
        """Positions of a run's point, draw and seed."""
        _, draws, seeds = self.ids.shape
        return number // (draws * seeds), number // seeds % draws, number % seeds

    def tasks(
        self, wanted: Callable[[str], bool], part: tuple[int, int] = (1, 1)
    ) -> Iterator[RunTask]:
        """Tasks of the runs that are wanted, one at a time.

        Args:
            wanted: called with an id.
            part: (i, n) leaves every n-th run only, beginning with the i-th.
        """
        held: tuple[int, Point | None, Any] = (-1, None, None)
        first, step = part
        for number in range(first - 1, len(self), step):
            run = self.run_at(number)
            if not wanted(run):
                continue
            p, d, s = self.place(number)
            if held[0] != p:
                point = self.points[p]
                held = p, point, scenario_of(point)
            yield RunTask(run, held[2], self.draws[d], self.seeds[s])


def index_runs(
    points: Sequence[Point],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    job: Job,
    on_point: Callable[[int, Point, list[str]], None] | None = None,
) -> RunIndex:
    """Make every point once and name its runs.

    Args:
        points: any sequence; `points[i]` may make its Point when asked (and must make the same one
            again).
        draws: parameter vectors.
        seeds: run seeds.
        job: what is done.
        on_point: called with the position of a point, the point, and the ids of its runs (draw by
            draw).

    Raises:
        InputError: whatever `points[i]` finds; a parameter that does not exist or is out of range.
    """
    import numpy as np

    ids: npt.NDArray[np.void] = np.zeros((len(points), len(draws), len(seeds)), f"V{_ID_BYTES}")
    contents = _Contents(job)
    factors: dict[str, list[Any]] = {}
    for i in range(len(points)):
        point = points[i]
        for d, draw in enumerate(draws):
            base = contents.of(point, draw)
            for s, seed in enumerate(seeds):
                one = base.copy()
                one.update(b"%d" % seed)
                ids[i, d, s] = one.digest()[:_ID_BYTES]
        if on_point is not None:
            on_point(i, point, [run.tobytes().hex() for run in ids[i].reshape(-1)])
        for name, value in point.factors.items():
            column = factors.setdefault(name, [])
            column.extend([None] * (i - len(column)))
            column.append(value)
    return RunIndex(
        points, tuple(draws), tuple(seeds), job, ids, factor_columns(factors, len(points))
    )


def factor_columns(factors: Mapping[str, list[Any]], points: int) -> dict[str, pyarrow.Array]:
    """Columns of factors by name; a list that ends early is null from there."""
    return {
        name: factor_column([*values, *[None] * (points - len(values))])
        for name, values in factors.items()
    }


def factor_column(values: Sequence[Any]) -> pyarrow.Array:
    """Values of a factor: whole numbers, numbers or switches where all are, else texts."""
    import pyarrow

    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {bool}:
        return pyarrow.array(values, pyarrow.bool_())
    if kinds <= {int}:
        return pyarrow.array(values, pyarrow.int64())
    if kinds <= {int, float}:
        floats = [None if value is None else float(value) for value in values]
        return pyarrow.array(floats, pyarrow.float64())
    texts = [v if v is None or isinstance(v, str) else canonical(v) for v in values]
    return pyarrow.array(texts, pyarrow.string())


def scenario_of(point: Point) -> Any:
    """What the function is given: the point's scenario with the point's parameter values.

    They hold in history too, as those of a draw do.
    """
    if not point.parameters:
        return point.scenario
    history = point.scenario.history
    together = {**history.parameters, **point.parameters}
    changed = history.model_copy(update={"parameters": together})
    return point.scenario.model_copy(update={"history": changed})


class _Contents:
    """Hashes of what runs depend on, apart from the seed; scenarios are hashed once each."""

    def __init__(self, job: Job) -> None:
        self._start = f"{job.version or job_version(job.function)}\0{job.content}\0"
        self._last: tuple[Any, str] = (None, "")
        self._book: ParameterBook | None = None
        self._frames: dict[tuple[Any, int], str] = {}

    def of(self, point: Point, draw: Draw) -> Any:
        scenario = point.scenario
        if self._last[0] is not scenario:
            self._last = scenario, self._world(scenario)
        history = getattr(scenario, "history", None)
        own = {} if history is None else history.parameters
        in_force = {**draw.overrides, **own, **point.parameters}
        if point.parameters:
            if self._book is None:
                from fupin.parameters.book import load_book

                self._book = load_book()
            self._book.values(in_force)
        numbers = canonical({name: float(value) for name, value in in_force.items()})
        world = f"{self._last[1]}\0{numbers}\0{draw.places}\0{draw.luck}\0"
        return hashlib.sha256(f"{self._start}{world}".encode())

    def _world(self, scenario: Any) -> str:
        """The scenario without names and parameters of history, and its frame."""
        from fupin.scenario.dump import scenario_mapping
        from fupin.scenario.schema import Scenario

        if not isinstance(scenario, Scenario):
            return canonical(scenario)
        content = scenario_mapping(scenario)
        for name in (*_NAMES, "history"):
            content.pop(name, None)
        people = scenario.population
        key = (people.sample, people.seed)
        if key not in self._frames:
            self._frames[key] = frame_fingerprint(*key)
        return canonical([content, self._frames[key]])


def scenario_key(scenario: Any, job: Job) -> str:
    """A name for all runs of a scenario, whatever their draws and seeds; 32 hexadecimal digits."""
    digest: str = _Contents(job).of(Point(scenario), CENTRAL).hexdigest()
    return digest[: 2 * _ID_BYTES]


def frame_fingerprint(sample: str | float, seed: int) -> str:
    """Fingerprint of a frame, which is built first where it is not cached.

    It is built in another process, and not loaded: that takes the compiler and much memory, and a
    process that only hands out runs should stay small.
    """
    from fupin.population.frame import load_frame, stored_fingerprint

    found = stored_fingerprint(sample, seed)
    if found is None:
        import multiprocessing

        from fupin import processes
        from fupin.engine.workers import without_main
        from fupin.files import kept

        kept.try_cache()
        builder = multiprocessing.get_context("spawn").Process(
            target=load_frame, args=(sample, seed)
        )
        with processes.safe_path(), without_main():
            builder.start()
        builder.join()
        found = stored_fingerprint(sample, seed)
    # A frame that cannot be cached is built here after all.
    return found or load_frame(sample, seed).fingerprint
