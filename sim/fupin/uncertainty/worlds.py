"""A sweep as plans over worlds: every plan in every world with every seed.

A *world* is one combination of everything that nobody decides: parameter values (factors, or a row
of the posterior), the form of the model (`assets`, `counting`, `displacement`), events. A *plan* is
what somebody decides. The same world and seed under two plans are twins, so that they may be
subtracted.

What is missing or undefined is refused with the id of the run: one NaN makes common estimators of
sensitivity return zeros without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from fupin.errors import InputError
from fupin.files.exact import exact
from fupin.yaml.words import guess_or_list

F64 = npt.NDArray[np.float64]
Kind = Literal["parameter", "structure", "event", "lever", "other"]

PLAN = "plan"
LEADS = ("run", "point", "seed", "draw")
STRUCTURE = ("assets", "counting", "displacement", "quota", "recognition")
"""Paths of a scenario that choose a form of the model or a way of counting."""

EVENTS = ("shocks", "weather", "growth", "household_shocks")
LEVERS = ("programmes", "balance")


@dataclass(frozen=True)
class Input:
    """Something that differs between worlds.

    Attributes:
        name: a factor of the sweep or a parameter of its draws.
        kind: parameter, structure, event, lever (varied as a number, not as a plan) or other.
        values: of every world, (worlds,); numbers, or texts where it is a choice.
        of_draw: True where it varies with the draw and is no factor.
    """

    name: str
    kind: Kind
    values: npt.NDArray[Any]
    of_draw: bool

    @property
    def numeric(self) -> bool:
        """False for a choice among texts or switches."""
        return self.values.dtype.kind == "f"


@dataclass(frozen=True)
class Worlds:
    """Runs of a sweep as plans x worlds x seeds.

    Attributes:
        folder: of the sweep.
        about: its `sweep.json`.
        plans: names, the first is the one that others are measured against.
        seeds: run seeds.
        ids: of the runs, (plans, worlds, seeds).
        inputs: what differs between worlds.
        points, draws: position of each world's point in the design and label of its draw,
            (worlds,).
        table: column -> numbers, (plans, worlds, seeds); NaN where undefined.
    """

    folder: Path
    about: Mapping[str, Any]
    plans: tuple[str, ...]
    seeds: tuple[int, ...]
    ids: npt.NDArray[Any]
    inputs: tuple[Input, ...]
    points: npt.NDArray[np.int64]
    draws: npt.NDArray[Any]
    table: Mapping[str, F64]

    @property
    def count(self) -> int:
        """Number of worlds."""
        result: int = self.ids.shape[1]
        return result

    @property
    def design(self) -> str:
        """The sweep's design, or "" for points of one's own."""
        return str(self.about.get("design", ""))

    def outcome(self, name: str) -> F64:
        """An outcome of every run, (plans, worlds, seeds).

        Raises:
            InputError: no such column (did you mean), or a run in which it is undefined.
        """
        if name not in self.table:
            raise InputError(f"{name} is no outcome of {self.folder}.",
                             guess_or_list(name, self.table))  # fmt: skip
        values = self.table[name]
        undefined = ~np.isfinite(values)
        if undefined.all():
            raise InputError(
                f"{name} is undefined in every run of {self.folder}.",
                "If it is what programmes add, write `twins: on` in the sweep; else choose another "
                "outcome.",
            )
        if undefined.any():
            run = self.ids[undefined][0]
            raise InputError(
                f"{name} is undefined in {undefined.sum():,} of {values.size:,} runs, the first "
                f"is run {run}.",
                "Choose another outcome, or leave those points out of the sweep.",
            )
        return values

    def plan(self, name: str) -> int:
        """Position of a plan.

        Raises:
            InputError: no such plan.
        """
        if name not in self.plans:
            raise InputError(f"{name} is no plan of {self.folder}.",
                             guess_or_list(name, self.plans))  # fmt: skip
        return self.plans.index(name)

    @cached_property
    def structure(self) -> npt.NDArray[np.int64]:
        """Which form of the model each world has, counted from 0, (worlds,)."""
        forms = [i.values.tolist() for i in self.inputs if i.kind == "structure"]
        return _numbered(list(zip(*forms, strict=True)) if forms else [()] * self.count)

    @cached_property
    def rest(self) -> npt.NDArray[np.int64]:
        """Which combination of everything but the form each world has, (worlds,)."""
        return self.without("structure")

    def without(self, left_out: str) -> npt.NDArray[np.int64]:
        """Which combination of inputs but those of a name or kind each world has, (worlds,)."""
        rest = [
            i.values.tolist()
            for i in self.inputs
            if not i.of_draw and left_out not in (i.name, i.kind)
        ]
        return _numbered(list(zip(*rest, self.draws.tolist(), strict=True)))


def _numbered(keys: Sequence[Any]) -> npt.NDArray[np.int64]:
    seen: dict[Any, int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], np.int64)


def kind_of(name: str) -> Kind:
    """What a factor is, from its name."""
    from fupin.parameters.book import load_book

    first = name.partition(".")[0]
    if name in load_book():
        return "parameter"
    if first in STRUCTURE:
        return "structure"
    if first in EVENTS:
        return "event"
    return "lever" if first in LEVERS or name == PLAN else "other"


def read_worlds(folder: Path) -> Worlds:
    """The runs of a sweep folder.

    Raises:
        InputError: no sweep; runs that failed or are missing, with the id of one; plans that did
            not live in the same worlds.
    """
    import pyarrow.parquet as parquet

    from fupin.files.integrity import require_unchanged
    from fupin.sweeps import folder as sweep_folder

    about = sweep_folder.read_about(folder)
    file = folder / sweep_folder.RUNS_FILE
    if not file.is_file():
        raise InputError(f"{folder} has no {file.name} yet.", "Run the sweep to its end, or merge.")
    require_unchanged(folder)
    table = parquet.read_table(exact(file))
    _refuse_gaps(folder, about, table.num_rows)
    columns = {name: _values(table[name]) for name in table.column_names}
    return worlds_of(columns, about, folder)


def _refuse_gaps(folder: Path, about: Mapping[str, Any], found: int) -> None:
    import pyarrow.parquet as parquet

    asked = about["points"] * len(about["seeds"]) * len(about["draws"])
    if found == asked:
        return
    failures = folder / "failures.parquet"
    failed = parquet.read_table(exact(failures)) if failures.is_file() else None
    if failed is not None and failed.num_rows:
        raise InputError(
            f"{failed.num_rows:,} of {asked:,} runs of {folder} failed, the first is run "
            f"{failed['run'][0].as_py()}.",
            "`fupin sweep ... --retry-failed` tries them again; failures.csv says why.",
        )
    raise InputError(f"{asked - found:,} of {asked:,} runs of {folder} are not made yet.",
                     "Give the command of the sweep again.")  # fmt: skip


def _values(column: Any) -> npt.NDArray[Any]:
    import pyarrow.types as types

    if types.is_null(column.type):  # undefined in every run
        return np.full(len(column), np.nan)
    if types.is_floating(column.type) or types.is_integer(column.type):
        return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)
    return np.array([str(v).lower() if isinstance(v, bool) else v or "" for v in
                     column.to_pylist()], object)  # fmt: skip


def worlds_of(
    columns: Mapping[str, npt.NDArray[Any]], about: Mapping[str, Any], folder: Path = Path()
) -> Worlds:
    """Plans x worlds x seeds from the columns of a table of runs.

    Args:
        columns: run, point, seed, draw, the factors and the outcomes, one value a run.
        about: needs `factors`, `seeds`, `draws`; `design` where there is one.
        folder: for messages.

    Raises:
        InputError: plans that did not live in the same worlds.
    """
    factors = [name for name in about["factors"] if name in columns]
    decided = _decided(factors, str(about.get("design", "")))
    labels = _labels(columns, decided)
    plans = tuple(dict.fromkeys(labels))
    order = np.lexsort(
        (columns["seed"], _numbered(columns["draw"].tolist()), columns["point"],
         _numbered(labels))
    )  # fmt: skip
    seeds = tuple(int(s) for s in about["seeds"])
    shape = (len(plans), len(order) // (len(plans) * len(seeds)), len(seeds))
    if shape[0] * shape[1] * shape[2] != len(order):
        raise InputError(f"The plans of {folder} did not live in the same worlds.",
                         "Cross every plan with every world (`plans:`, or a grid).")  # fmt: skip
    world_columns = [name for name in factors if name not in decided]
    for name in (*world_columns, "draw"):
        grid = columns[name][order].reshape(shape)
        if any(grid[p, :, 0].tolist() != grid[0, :, 0].tolist() for p in range(1, shape[0])):
            raise InputError(
                f"The plans of {folder} did not live in the same worlds: {name} differs.",
                "Cross every plan with every world (`plans:`, or a grid).",
            )
    first = order.reshape(shape)[0, :, 0]
    inputs = _inputs(columns, world_columns, first, about)
    apart = {*LEADS, *factors}
    return Worlds(
        folder=folder,
        about=about,
        plans=plans,
        seeds=seeds,
        ids=columns["run"][order].reshape(shape),
        inputs=inputs,
        points=_numbered(columns["point"][first].tolist()),
        draws=columns["draw"][first],
        table={
            name: values[order].reshape(shape)
            for name, values in columns.items()
            if name not in apart and values.dtype.kind == "f"
        },
    )


def _decided(factors: Sequence[str], design: str) -> list[str]:
    """Factors that make plans: the column `plan`, else levers of a grid or a list."""
    if PLAN in factors:
        return [PLAN]
    if design in ("grid", "list"):
        return [name for name in factors if kind_of(name) == "lever"]
    return []


def _labels(columns: Mapping[str, npt.NDArray[Any]], decided: Sequence[str]) -> list[str]:
    if not decided:
        return [""] * len(columns["run"])
    if list(decided) == [PLAN]:
        return [str(label) for label in columns[PLAN]]
    return [
        ", ".join(f"{name} {_short(value)}" for name, value in zip(decided, row, strict=True))
        for row in zip(*(columns[name].tolist() for name in decided), strict=True)
    ]


def _short(value: Any) -> str:
    if isinstance(value, float):
        return "as it is" if np.isnan(value) else f"{value:,.10g}"
    return str(value) or "as it is"


def _inputs(
    columns: Mapping[str, npt.NDArray[Any]],
    names: Sequence[str],
    first: npt.NDArray[Any],
    about: Mapping[str, Any],
) -> tuple[Input, ...]:
    found = []
    for name in names:
        values = columns[name][first]
        if len(set(values.tolist())) > 1:
            found.append(Input(name, kind_of(name), values, of_draw=False))
    overrides = {draw["label"]: draw["overrides"] for draw in about["draws"]}
    mine = [overrides.get(label, {}) for label in columns["draw"][first].tolist()]
    common = set.intersection(*(set(one) for one in mine)) - set(names)
    for name in (n for n in mine[0] if n in common):
        values = np.array([one[name] for one in mine], np.float64)
        if np.ptp(values) > 0:
            found.append(Input(name, kind_of(name), values, of_draw=True))
    return tuple(found)
