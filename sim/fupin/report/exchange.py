"""A sweep for other tools: an xarray Dataset as netCDF, and results of the EMA workbench.

xarray: every outcome over point x draw x seed, factors as coordinates of the points, parameters of
the draws as a variable of their own. Runs that are missing are NaN.

EMA workbench: what its `load_results` reads (a tar.gz of its `save_results`, form 0.1): a table of
experiments, one row a run, and an array for each outcome. Written without the package.

Both keep the types of the table of runs: a text stays a text, whatever it looks like.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.errors import InputError
from fupin.files.exact import exact
from fupin.files.integrity import require_unchanged
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.store.typed import EXACT, plain
from fupin.sweeps import folder as sweep_folder

if TYPE_CHECKING:
    import pandas
    import pyarrow
    import xarray

LEADS = ("run", "point", "seed", "draw")
EMA_FORM = 0.1
EMA_OWN = ("seed", "scenario", "policy", "model")
"""Columns of experiments that are no factors."""

_LARGEST = 2**31 - 1  # whole number of netCDF 3


def _runs(folder: Path) -> tuple[dict[str, Any], pyarrow.Table]:
    import pyarrow.parquet as parquet

    about = sweep_folder.read_about(folder)
    file = folder / sweep_folder.RUNS_FILE
    if not file.is_file():
        raise InputError(f"{folder} has no {file.name} yet.", "Run the sweep to its end, or merge.")
    require_unchanged(folder)
    return about, plain(parquet.read_table(exact(file)))


def _numbers(column: pyarrow.ChunkedArray) -> Any:
    """An outcome as float64, NaN where it is undefined."""
    import pyarrow

    return column.cast(pyarrow.float64()).to_numpy()


def _refuse_names(factors: Sequence[str], taken: Sequence[str], what: str) -> None:
    for name in factors:
        if name in taken:
            raise InputError(
                f"A factor is called {name}, as {what} calls something of its own.",
                "Give the factor another name, and run the sweep again.",
            )


def _unit(name: str) -> dict[str, str]:
    if name in OUTCOMES:
        return {"units": OUTCOMES[name].unit, "long_name": OUTCOMES[name].description}
    for key, outcome in PROGRAMME_OUTCOMES.items():
        if name.endswith(f"_{key}"):
            return {"units": outcome.unit, "long_name": outcome.description}
    return {}


def to_xarray(folder: Path) -> xarray.Dataset:
    """The runs of a sweep folder over point, draw and seed.

    Raises:
        InputError: no sweep, or the package xarray is not installed.
    """
    try:
        import xarray
    except ImportError:
        raise InputError(
            "--xarray needs the package xarray.", 'Install it with `pip install "fupin[exchange]"`.'
        ) from None
    about, runs = _runs(folder)
    factors = [name for name in about["factors"] if name in runs.column_names]
    _refuse_names(factors, ("point", "draw", "seed", "parameter", "parameters"), "the dataset")
    draws = [draw["label"] for draw in about["draws"]]
    seeds = list(about["seeds"])
    shape = (about["points"], len(draws), len(seeds))
    place = {label: k for k, label in enumerate(draws)}
    turn = {seed: k for k, seed in enumerate(seeds)}
    at = (
        runs["point"].to_numpy() - 1,
        [place[label] for label in runs["draw"].to_pylist()],
        [turn[seed] for seed in runs["seed"].to_pylist()],
    )
    coordinates: dict[str, Any] = {
        "point": np.arange(1, shape[0] + 1), "draw": draws, "seed": seeds
    }  # fmt: skip
    for name in factors:
        of_point = dict(zip(runs["point"].to_pylist(), runs[name].to_pylist(), strict=True))
        values = [of_point.get(point) for point in range(1, shape[0] + 1)]
        coordinates[name] = ("point", *_coordinate(values))
    variables: dict[str, Any] = {}
    for name in runs.column_names:
        if name in LEADS or name in factors:
            continue
        grid = np.full(shape, np.nan)
        grid[at] = _numbers(runs[name])
        variables[name] = (("point", "draw", "seed"), grid, _unit(name))
    parameters = sorted({name for draw in about["draws"] for name in draw["overrides"]})
    if parameters:
        coordinates["parameter"] = parameters
        table = [[d["overrides"].get(p, np.nan) for p in parameters] for d in about["draws"]]
        variables["parameters"] = (("draw", "parameter"), np.array(table, np.float64), {})
    about_it = {key: str(about.get(key, "")) for key in ("name", "title", "design", "version")}
    return xarray.Dataset(variables, coordinates, about_it)


def _coordinate(values: Sequence[Any]) -> tuple[Any, dict[str, Any]]:
    """Values of a factor at all points and attributes, in types that netCDF 3 has.

    Numbers that are not set are NaN. A text or switch that is not set is "", and the attribute
    `not_set` has the points.
    """
    known = [value for value in values if value is not None]
    whole = all(_is_whole(value) for value in known) and bool(known)
    if whole and len(known) == len(values) and max(map(abs, known)) <= _LARGEST:
        return np.array(values, np.int64), {}
    fits = all(
        isinstance(value, float) or (_is_whole(value) and abs(value) <= EXACT) for value in known
    )
    if fits:
        return np.array([np.nan if value is None else value for value in values], np.float64), {}
    if all(isinstance(value, bool) for value in values):
        return np.array(values, bool), {}
    missing = [point for point, value in enumerate(values, start=1) if value is None]
    texts = np.array(["" if value is None else _as_text(value) for value in values])
    return texts, {"not_set": np.array(missing, np.int32)} if missing else {}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_netcdf(folder: Path, file: Path) -> None:
    """Write `to_xarray` as netCDF 3 (scipy).

    Raises:
        InputError: as `to_xarray`.
        DiskFull: no space.
    """
    made = to_xarray(folder)
    sweep_folder.write_whole(
        file, lambda part: made.to_netcdf(exact(part), engine="scipy", format="NETCDF3_64BIT")
    )


def to_ema(folder: Path) -> tuple[pandas.DataFrame, dict[str, Any]]:
    """`(experiments, outcomes)` as the EMA workbench's `perform_experiments` returns them.

    Experiments, one row a run: factors, parameters of the draw, seed, then scenario (the world),
    policy (the plan) and model. Outcomes: name -> (runs,).

    Raises:
        InputError: no sweep.
    """
    import pandas

    about, runs = _runs(folder)
    overrides = {draw["label"]: draw["overrides"] for draw in about["draws"]}
    factors = [name for name in about["factors"] if name in runs.column_names]
    _refuse_names(factors, EMA_OWN, "the EMA workbench")
    values = {name: runs[name].to_pylist() for name in factors}
    labels = runs["draw"].to_pylist()
    columns: dict[str, Any] = {
        name: _experiment_column(runs[name]) for name in factors if name != "plan"
    }
    for name in sorted({n for draw in overrides.values() for n in draw} - set(factors)):
        columns[name] = [overrides[label].get(name, np.nan) for label in labels]
    columns["seed"] = runs["seed"].to_numpy()
    worlds = zip(labels, *(values[name] for name in factors if name != "plan"), strict=True)
    known: dict[Any, int] = {}
    columns["scenario"] = [known.setdefault(world, len(known)) for world in worlds]
    columns["policy"] = _experiment_column(runs["plan"]) if "plan" in values else "as in the sweep"
    columns["model"] = "fupin"
    experiments = pandas.DataFrame(columns)
    outcomes = {
        name: _numbers(runs[name]) for name in runs.column_names if name not in {*LEADS, *factors}
    }
    return experiments, outcomes


def _experiment_column(column: pyarrow.ChunkedArray) -> Any:
    """Numbers and switches as NumPy holds them, all else as texts; a missing one is "" or NaN."""
    import pandas
    import pyarrow.types as types

    values = column.to_pylist()
    if types.is_floating(column.type) or types.is_integer(column.type):
        whole = types.is_integer(column.type) and not column.null_count
        missing = [np.nan if value is None else value for value in values]
        return np.array(values, np.int64) if whole else np.array(missing, np.float64)
    if types.is_boolean(column.type) and not column.null_count:
        return np.array(values, bool)
    texts = ["" if value is None else _as_text(value) for value in values]
    return pandas.Series(texts, dtype=object)


def _readable(experiments: pandas.DataFrame) -> pandas.DataFrame:
    """Experiments whose texts the workbench cannot take for something else.

    It reads the table without being told types: of "001" it makes 1, of "NA" nothing. A column
    with such a text has all its texts in quotes, as JSON has them.
    """
    import pandas

    texts = [name for name, kind in experiments.dtypes.items() if kind.kind not in "bfiu"]
    changed: dict[str, Any] = {}
    for name in texts:
        column = experiments[name]
        found = pandas.read_csv(io.StringIO(column.to_frame().to_csv(index=False)))[column.name]
        if found.tolist() != column.tolist():
            changed[name] = [json.dumps(value, ensure_ascii=False) for value in column]
    return experiments.assign(**changed)


def write_ema(folder: Path, file: Path) -> None:
    """Write `to_ema` as a tar.gz that the EMA workbench loads.

    Raises:
        InputError: no sweep.
        DiskFull: no space.
    """
    import pandas

    experiments, outcomes = to_ema(folder)
    experiments = _readable(experiments)
    kinds = {
        # What is no number is read back as a category, as the workbench's own tables have it.
        name: "object" if kind.kind not in "bfiu" else str(kind)
        for name, kind in experiments.dtypes.items()
    }
    files = {"experiments.csv": experiments.to_csv(index=False)}
    for name, values in outcomes.items():
        files[f"{name}.csv"] = pandas.DataFrame(values).to_csv(header=False, index=False,
                                                               na_rep="nan")  # fmt: skip
    listed = [["ScalarOutcome", name, f"{name}.csv"] for name in outcomes]
    files["metadata.json"] = json.dumps(
        {"version": EMA_FORM, "outcomes": listed, "experiments": kinds}
    )

    def write(part: Path) -> None:
        with tarfile.open(part, "w:gz", encoding="UTF8") as archive:
            for name, text in files.items():
                content = text.encode()
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))

    sweep_folder.write_whole(file, write)
