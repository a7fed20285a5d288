"""A sweep for other tools: an xarray Dataset as netCDF, and results of the EMA workbench.

xarray: every outcome over point x draw x seed, factors as coordinates of the points, parameters of
the draws as a variable of their own. Runs that are missing are NaN.

EMA workbench: what its `load_results` reads (a tar.gz of its `save_results`, form 0.1): a table of
experiments, one row a run, and an array for each outcome. Written without the package.
"""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.errors import InputError
from fupin.files.integrity import require_unchanged
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.sweeps import folder as sweep_folder

if TYPE_CHECKING:
    import pandas
    import xarray

LEADS = ("run", "point", "seed", "draw")
EMA_FORM = 0.1


def _runs(folder: Path) -> tuple[dict[str, Any], pandas.DataFrame]:
    import pandas

    about = sweep_folder.read_about(folder)
    file = folder / sweep_folder.RUNS_FILE
    if not file.is_file():
        raise InputError(f"{folder} has no {file.name} yet.", "Run the sweep to its end, or merge.")
    require_unchanged(folder)
    return about, pandas.read_parquet(file)


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
            "--xarray needs the package xarray.", "pip install 'fupin[exchange]'."
        ) from None
    about, runs = _runs(folder)
    draws = [draw["label"] for draw in about["draws"]]
    seeds = list(about["seeds"])
    shape = (about["points"], len(draws), len(seeds))
    at = (
        runs["point"].to_numpy() - 1,
        runs["draw"].map({label: k for k, label in enumerate(draws)}).to_numpy(),
        runs["seed"].map({seed: k for k, seed in enumerate(seeds)}).to_numpy(),
    )
    coordinates: dict[str, Any] = {
        "point": np.arange(1, shape[0] + 1), "draw": draws, "seed": seeds
    }  # fmt: skip
    for name in about["factors"]:
        values = runs.groupby("point")[name].first().reindex(coordinates["point"])
        coordinates[name] = ("point", _plain(values))
    variables: dict[str, Any] = {}
    for name in runs.columns:
        if name in LEADS or name in about["factors"]:
            continue
        grid = np.full(shape, np.nan)
        grid[at] = runs[name].to_numpy(np.float64)
        variables[name] = (("point", "draw", "seed"), grid, _unit(name))
    parameters = sorted({name for draw in about["draws"] for name in draw["overrides"]})
    if parameters:
        coordinates["parameter"] = parameters
        table = [[d["overrides"].get(p, np.nan) for p in parameters] for d in about["draws"]]
        variables["parameters"] = (("draw", "parameter"), np.array(table, np.float64), {})
    about_it = {key: str(about.get(key, "")) for key in ("name", "title", "design", "version")}
    return xarray.Dataset(variables, coordinates, about_it)


def _plain(values: pandas.Series) -> Any:
    """Numbers as float64 (netCDF 3 has no long integers), everything else as texts."""
    if values.dtype.kind in "fiu":
        return values.to_numpy(np.float64)
    return np.array(["" if v is None or v != v else str(v) for v in values])


def write_netcdf(folder: Path, file: Path) -> None:
    """Write `to_xarray` as netCDF 3 (scipy).

    Raises:
        InputError: as `to_xarray`.
        DiskFull: no space.
    """
    made = to_xarray(folder)
    sweep_folder.write_whole(
        file, lambda part: made.to_netcdf(part, engine="scipy", format="NETCDF3_64BIT")
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
    factors = [name for name in about["factors"] if name in runs]
    columns: dict[str, Any] = {
        name: _plain(runs[name]) for name in factors if name != "plan"
    }  # fmt: skip
    for name in sorted({n for draw in overrides.values() for n in draw} - set(factors)):
        columns[name] = [overrides[label].get(name, np.nan) for label in runs["draw"]]
    columns["seed"] = runs["seed"].to_numpy()
    worlds = [runs[name].astype(str) for name in factors if name != "plan"]
    world = runs["draw"].str.cat(worlds, sep="|") if worlds else runs["draw"]
    columns["scenario"] = pandas.factorize(world)[0]
    columns["policy"] = runs["plan"].to_numpy() if "plan" in runs else "as in the sweep"
    columns["model"] = "fupin"
    experiments = pandas.DataFrame(columns)
    apart = {*LEADS, *about["factors"]}
    outcomes = {name: runs[name].to_numpy(np.float64) for name in runs.columns if name not in apart}
    return experiments, outcomes


def write_ema(folder: Path, file: Path) -> None:
    """Write `to_ema` as a tar.gz that the EMA workbench loads.

    Raises:
        InputError: no sweep.
        DiskFull: no space.
    """
    import pandas

    experiments, outcomes = to_ema(folder)
    kinds = {
        # What is no number is read back as a category, as the workbench's own tables have it.
        name: "object" if kind.kind not in "fiu" else str(kind)
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
