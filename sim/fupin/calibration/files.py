"""The files of a calibration: posterior tables, their manifest, the runs behind them.

posterior-A.csv   rows of parameters, shuffled
posterior-B.csv   rows of parameters with their places and luck; the first 20 are `--draws 20`
outcomes-B.csv    outcomes of each row's own life
posterior.json    what they were made from and how good they are
runs.csv          calibrated parameters and moments of all runs
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fupin import paths
from fupin.calibration.self_test import SelfTest
from fupin.calibration.shipped import Shipped
from fupin.calibration.space import DIGITS, Space
from fupin.calibration.waves import Calibration, Runs
from fupin.errors import InputError
from fupin.files.integrity import sealed
from fupin.results.posterior_table import (
    LUCK,
    MANIFEST,
    OUTCOMES,
    SCHEMA,
    hash_of,
    read_file,
    table_file,
)
from fupin.sweeps.folder import write_text

RUNS = "runs.csv"
SELF_TEST = "self-test.json"

_MOMENT_DIGITS = 9


def write_calibration(
    folder: Path,
    calibration: Calibration,
    manifest: Mapping[str, Any],
    shipped: Shipped | None = None,
) -> list[Path]:
    """Write both posteriors, the manifest and the runs; each file whole or not at all.

    Returns:
        the files, in the order in which they were written; the manifest, which holds the hashes
        of the tables, last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".*.part"):  # by one that was killed while it wrote
        left.unlink(missing_ok=True)
    space = calibration.space
    texts: dict[str, str] = {}
    for posterior, rows in calibration.rows.items():
        names = [*space.names, *space.others]
        if posterior == "B" and shipped is not None:
            continue
        texts[table_file(posterior, folder).name] = _csv(
            names, ([row[name] for name in names] for row in rows)
        )
    if shipped is not None:
        texts |= _shipped_texts(folder, shipped, [*space.names, *space.others])
    texts[RUNS] = _runs_text(space, calibration.runs)
    hashes = {name: hash_of(text) for name, text in texts.items()}
    full = sealed({"schema": SCHEMA, **manifest, "files": hashes})
    texts[MANIFEST] = json.dumps(full, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    for name, text in texts.items():
        write_text(folder / name, text)
    return [folder / name for name in texts]


def _shipped_texts(folder: Path, shipped: Shipped, names: list[str]) -> dict[str, str]:
    rows = (
        [row.places, row.luck.history, row.luck.year, *(row.values[name] for name in names)]
        for row in shipped.rows
    )
    keys = list(dict.fromkeys(name for one in shipped.outcomes for name in one))
    lives = ([one.get(name) for name in keys] for one in shipped.outcomes)
    return {
        table_file("B", folder).name: _csv([*LUCK, *names], rows),
        OUTCOMES: _csv(keys, lives),
    }


def read_runs(space: Space, folder: Path | None = None) -> Runs:
    """The runs of a calibration.

    Raises:
        InputError: there are none, they are not those that the manifest beside them names, or
            they have other calibrated parameters.
    """
    file = (folder or paths.calibration()) / RUNS
    text = read_file(
        file, "There are no runs of a calibration here", "Run `fupin calibrate` first."
    )
    if not _named(text, file):
        raise InputError(
            f"These runs are not those of the {MANIFEST} beside them.",
            "Run `fupin calibrate` again, or restore both files.", file,
        )  # fmt: skip
    names, *lines = csv.reader(io.StringIO(text))
    columns = set(names)
    if not set(space.names) <= columns or not {"wave", "seed"} <= columns:
        raise InputError(
            "These runs have other calibrated parameters.", "Run `fupin calibrate` again.", file
        )
    rows = [dict(zip(names, map(float, line), strict=True)) for line in lines]
    vectors = [{name: row[name] for name in space.names} for row in rows]
    moments = [n for n in names if n not in space.names and n not in ("wave", "seed")]
    return Runs(
        z=space.normals(vectors),
        vectors=vectors,
        seeds=[int(row["seed"]) for row in rows],
        wave=np.array([int(row["wave"]) for row in rows]),
        moments=[{name: row[name] for name in moments} for row in rows],
    )


def _named(text: str, file: Path) -> bool:
    """Whether the manifest beside a file, where there is one, holds the hash of its text."""
    try:
        files = json.loads((file.parent / MANIFEST).read_text("utf-8"))["files"]
        return bool(files.get(file.name, hash_of(text)) == hash_of(text))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True  # a manifest that cannot be read is told by who reads the posterior


def write_self_test(folder: Path, test: SelfTest) -> Path:
    """Write `self-test.json`, with the hash of the runs in the folder that were tested."""
    runs = read_file(folder / RUNS, "The runs that were tested are gone", "Test again.")
    content = {"passed": test.passed, "runs": hash_of(runs), **asdict(test)}
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    file = folder / SELF_TEST
    write_text(file, text)
    return file


def _runs_text(space: Space, runs: Runs) -> str:
    moments = list(runs.moments[0])
    rows = (
        [int(runs.wave[i]), runs.seeds[i]]
        + [runs.vectors[i][name] for name in space.names]
        + [float(f"{runs.moments[i][name]:.{_MOMENT_DIGITS}g}") for name in moments]
        for i in range(len(runs.seeds))
    )
    return _csv(["wave", "seed", *space.names, *moments], rows)


def _csv(names: Sequence[str], rows: Any) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_number(value) for value in row])
    return out.getvalue()


def _number(value: float | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int):  # keys of luck have more digits than a float
        return str(value)
    return f"{value:.{DIGITS}g}" if abs(value) < 1e6 else f"{value:.10g}"
