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
from fupin.parameters.retired import RETIRED

SCHEMA = 1
"""Version of the form of `posterior.json`."""

MANIFEST = "posterior.json"


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
    text = read_file(file, "The model is not calibrated yet", "Run `fupin calibrate`.")
    manifest = read_manifest(folder)
    if manifest["files"].get(file.name) != hash_of(text):
        raise InputError(
            "This table is not the one that its manifest was written with.",
            "Run `fupin calibrate` again, or restore both files.", file,
        )  # fmt: skip
    header, *lines = csv.reader(io.StringIO(text))
    known = [name for name in header if name not in RETIRED]
    if names is not None and (wrong := set(names) ^ set(known)):
        raise InputError(
            f"This table lacks or has too many: {', '.join(sorted(wrong))}.",
            "Run `fupin calibrate` again.", file,
        )  # fmt: skip
    return [
        {name: float(text) for name, text in zip(header, line, strict=True) if name in known}
        for line in lines
    ]


def medoid_values(folder: Path | None = None) -> dict[str, float]:
    """Calibrated parameters of the medoid row of posterior B."""
    manifest = read_manifest(folder)
    row = read_posterior("B", folder)[manifest["medoid"]["B"]]
    return {name: row[name] for name in manifest["calibrated"]}


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
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise InputError(f"{missing}: no {file.name}.", instead) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"This file cannot be read: {error}.", None, file) from None
