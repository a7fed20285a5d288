"""Posterior tables and their manifest, as `--draws` reads them; imports nothing heavy."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fupin import paths
from fupin.errors import InputError
from fupin.files.integrity import is_sealed
from fupin.parameters.retired import RETIRED

SCHEMA = 1
"""Version of the form of `posterior.json`."""

MANIFEST = "posterior.json"

OUTCOMES = "outcomes-B.csv"
"""Outcomes of the life of each row of posterior B, as `fupin run` counts them."""

LUCK = ("places", "history", "year")
"""Columns of posterior B beside the parameters: keys, whole numbers."""


def table_file(posterior: str, folder: Path | None = None) -> Path:
    """Where a posterior's rows lie."""
    return (folder or paths.calibration()) / f"posterior-{posterior}.csv"


def is_calibrated(folder: Path | None = None) -> bool:
    """True if there is a posterior that runs can use."""
    return table_file("B", folder).is_file()


def read_posterior(
    posterior: str, folder: Path | None = None, names: Iterable[str] | None = None
) -> list[dict[str, float]]:
    """Rows of a posterior, in order.

    Args:
        posterior: A or B.
        folder: None is `calibration/`.
        names: the uncertain parameters; if given, the table must have these and no other.
            Columns of parameters that are no more are left out first.

    Raises:
        InputError: there is no posterior, or its table was altered since it was written.
    """
    file = table_file(posterior, folder)
    header, *lines = _table(file, folder)
    known = [name for name in header if name not in RETIRED and name not in LUCK]
    if names is not None and (wrong := set(names) ^ set(known)):
        raise InputError(
            f"This table lacks or has too many: {', '.join(sorted(wrong))}.",
            "Run `fupin calibrate` again.", file,
        )  # fmt: skip
    return [
        {name: float(text) for name, text in zip(header, line, strict=True) if name in known}
        for line in lines
    ]


def read_luck(posterior: str, folder: Path | None = None) -> list[tuple[int, int, int] | None]:
    """Places, history and year of the rows of a posterior; None for rows without any.

    Raises:
        InputError: as `read_posterior`.
    """
    header, *lines = _table(table_file(posterior, folder), folder)
    if not set(LUCK) <= set(header):
        return [None] * len(lines)
    first, second, third = (header.index(name) for name in LUCK)
    return [(int(line[first]), int(line[second]), int(line[third])) for line in lines]


def central_row(folder: Path | None = None) -> int:
    """Place of the row of posterior B that is nearest to the middle of all, by their outcomes."""
    return int(read_manifest(folder)["medoid"]["B"])


def read_outcomes(folder: Path | None = None) -> list[dict[str, float]]:
    """Outcomes of the life of each row of posterior B, in order; empty where none are kept.

    Raises:
        InputError: the table was altered since it was written.
    """
    file = table_file("B", folder).with_name(OUTCOMES)
    if OUTCOMES not in read_manifest(folder)["files"]:
        return []
    header, *lines = _table(file, folder)
    return [
        {name: float(text) for name, text in zip(header, line, strict=True) if text}
        for line in lines
    ]


def _table(file: Path, folder: Path | None) -> list[list[str]]:
    """Header and lines of a table of a calibration, checked against its manifest."""
    text = read_file(file, "The model is not calibrated yet", "Run `fupin calibrate`.")
    if read_manifest(folder)["files"].get(file.name) != hash_of(text):
        raise InputError(
            "This table is not the one that its manifest was written with.",
            "Run `fupin calibrate` again, or restore both files.", file,
        )  # fmt: skip
    return list(csv.reader(io.StringIO(text)))


def read_manifest(folder: Path | None = None) -> dict[str, Any]:
    """The manifest of a calibration.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    file = (folder or paths.calibration()) / MANIFEST
    text = read_file(file, "The model is not calibrated yet", "Run `fupin calibrate`.")
    try:
        manifest = json.loads(text)
        assert manifest["schema"] == SCHEMA and isinstance(manifest["files"], dict)
    except (ValueError, KeyError, TypeError, AssertionError):
        raise InputError(
            "This is no manifest of a calibration.", "Run `fupin calibrate` again.", file
        ) from None
    if is_sealed(manifest) is False:
        raise InputError(
            "This manifest was altered since it was written.",
            "Run `fupin calibrate` again, or restore it.", file,
        )  # fmt: skip
    return dict(manifest)


def hash_of(text: str) -> str:
    """Hash of a file's text."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def read_file(file: Path, missing: str, instead: str) -> str:
    """Text of a file of a calibration.

    Raises:
        InputError: `missing` where there is no such file; it cannot be read.
    """
    try:
        if file.is_fifo() or file.is_char_device():  # which could be waited for without end
            raise InputError("This is no ordinary file.", None, file)
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise InputError(f"{missing}: no {file.name}.", instead) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"This file cannot be read: {error}.", None, file) from None
