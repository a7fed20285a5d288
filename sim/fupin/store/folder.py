"""A result folder: written whole or not at all.

    run.json       what was run: resolved scenario, draws, seeds, versions, hashes, time
    summary.json   the outcomes; the same bytes for the same inputs
    *.parquet      every outcome of every run (`runs`) and the tables of the model
    *.csv          the smaller of these tables

Everything is written into a hidden folder beside the target, flushed to the disk and then renamed.
Whoever pulls the plug finds the complete result or none.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from fupin.errors import InputError
from fupin.files.integrity import altered, hash_of, read_json, sealed
from fupin.files.to_json import to_json
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult, Table
from fupin.store import tables

RUN_SCHEMA = 1
"""Version of the form of `run.json`."""

_A_LITTLE = 4096
"""Bytes that are written to see whether a disk takes any."""

RUN_FILE, SUMMARY_FILE = "run.json", "summary.json"


class ResultNotWritten(Exception):
    """The disk is full or refuses: nothing was left behind."""


def default_folder(results: Path, name: str, now: datetime | None = None) -> Path:
    """results/<scenario-name>-<utc time>, the first such that does not exist."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    safe = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "scenario"
    folder = results / f"{safe}-{moment:%Y%m%dT%H%M%SZ}"
    number = 2
    while folder.exists():
        folder = results / f"{safe}-{moment:%Y%m%dT%H%M%SZ}-{number}"
        number += 1
    return folder


def check_target(folder: Path, option: str = "--out") -> None:
    """See before hours of work whether the result can be written there, by trying.

    What will be made is made, written to and removed again: no permission, no such disk, a name
    that is too long and a full disk show now and not at the end.

    Args:
        folder: where.
        option: what names it, for messages.

    Raises:
        InputError: a file stands there, or a folder that is not empty, or writing is not allowed.
    """
    _check_free(folder, option)
    _try(folder, option)


def check_addable(folder: Path, option: str) -> None:
    """As `check_target`, of a folder that may hold files already, to which others are added.

    Raises:
        InputError: it is no folder, or cannot be written to.
    """
    if not (os.path.lexists(folder) and folder.is_dir() and any(folder.iterdir())):
        check_target(folder, option)
        return
    trial = folder / f".{secrets.token_hex(8)}.part"
    try:
        trial.write_bytes(bytes(_A_LITTLE))
    except OSError as error:
        raise _not_written(folder, option, error) from None
    finally:
        with contextlib.suppress(OSError):
            trial.unlink()


def _check_free(folder: Path, option: str) -> None:
    """Whether nothing stands there, and whether writing is allowed; arguments of `check_target`."""
    try:
        if os.path.lexists(folder) and not folder.is_dir():
            raise InputError(f"{folder} is a file.", f"Let {option} name a new folder.")
        taken = folder.is_dir() and any(folder.iterdir())
    except (OSError, ValueError) as error:
        raise _not_written(folder, option, error) from None
    if taken:
        raise InputError(
            f"{folder} is not empty, and results are never overwritten.",
            f"Let {option} name a new folder.",
        )
    check_writable(folder.absolute().parent, option)


def _try(folder: Path, option: str) -> None:
    """Make what a result begins with, write a little, and remove it and what had to be made."""
    folder = folder.absolute()
    made = [above for above in (folder, *folder.parents) if not os.path.lexists(above)]
    partial = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.partial"
    try:
        partial.mkdir(parents=True)
        (partial / RUN_FILE).write_bytes(bytes(_A_LITTLE))
        (partial / RUN_FILE).unlink()
        if folder in made:
            partial.rename(folder)  # the name that it will have
    except (OSError, ValueError) as error:
        raise _not_written(folder, option, error) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        for above in made[1:]:
            with contextlib.suppress(OSError):
                above.rmdir()


def _not_written(folder: Path, option: str, error: Exception) -> InputError:
    why = getattr(error, "strerror", None) or str(error)
    return InputError(f"{folder} cannot be written: {why}.", f"Let {option} name another folder.")


def check_writable(folder: Path, option: str) -> None:
    """See whether files can be written to a folder, which need not exist yet; writes nothing.

    Args:
        folder: where.
        option: what names it, for messages.

    Raises:
        InputError: a file stands in its place or above it, or writing is not allowed.
    """
    above = folder.absolute()
    while not above.exists():
        above = above.parent
    if not above.is_dir():
        raise InputError(f"{above} is a file.", f"Let {option} name a folder that can be made.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise InputError(f"{above} cannot be written to.", f"Let {option} name another folder.")


def write_result(
    folder: Path,
    *,
    scenario: Mapping[str, Any],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    summary: Mapping[str, Any],
    results: Sequence[RunResult],
    versions: Mapping[str, str],
    hashes: Mapping[str, str],
    created: datetime | None = None,
    option: str = "--out",
) -> Path:
    """Write a result folder.

    Args:
        folder: a path that does not exist or an empty folder.
        scenario: the resolved scenario as plain data.
        versions: package -> version.
        hashes: what the result depends on -> hash (sources, parameters, frame).
        created: time to record; now if None.
        option: what names the folder, for messages.

    Returns:
        `folder`.

    Raises:
        InputError: the target is taken or not writable.
        ResultNotWritten: the disk is full or fails; what was begun is removed.
    """

    def write(partial: Path) -> None:
        (partial / SUMMARY_FILE).write_text(to_json(summary), encoding="utf-8", newline="\n")
        tables.write_all(tables.gather(results), partial)

    record = run_record(scenario, draws, seeds, versions, hashes, created)
    return write_whole(folder, write, record, option)


def run_record(
    scenario: Mapping[str, Any],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    versions: Mapping[str, str],
    hashes: Mapping[str, str],
    created: datetime | None = None,
    kind: str | None = None,
    plans: Sequence[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Content of `run.json` but for the hashes of the other files.

    Args:
        scenario: the resolved scenario as plain data; of a comparison its base.
        draws, seeds: each draw was run with each seed.
        versions: package -> version.
        hashes: what the result depends on -> hash.
        created: time to record; now if None.
        kind: of a result that is not of one run; left out if None.
        plans: resolved scenarios beside the base; left out if None.
    """
    return {
        "schema": RUN_SCHEMA,
        **({} if kind is None else {"kind": kind}),
        "created": f"{created or datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "scenario": scenario,
        **({} if plans is None else {"plans": list(plans)}),
        "draws": [draw.record() for draw in draws],
        "seeds": list(seeds),
        "versions": dict(versions),
        "hashes": dict(hashes),
    }


def write_whole(
    folder: Path,
    write: Callable[[Path], None],
    record: Mapping[str, Any],
    option: str = "--out",
) -> Path:
    """Write a folder whole or not at all.

    Args:
        folder: a path that does not exist or an empty folder.
        write: writes the files into a folder that it is given.
        record: content of `run.json`; hashes of all other files are added under `hashes`.
        option: what names the folder, for messages.

    Raises:
        InputError: the target is taken or not writable.
        ResultNotWritten: the disk is full or fails; what was begun is removed.
    """
    _check_free(folder, option)
    partial = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.partial"
    try:
        partial.mkdir(parents=True)
        write(partial)
        files = {file.name: hash_of(file) for file in sorted(partial.iterdir())}
        whole = sealed({**record, "hashes": {**record["hashes"], "files": files}})
        text = json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        (partial / RUN_FILE).write_text(text, encoding="utf-8", newline="\n")
        _flush(partial)
        if folder.exists():
            folder.rmdir()  # empty: rename onto a folder is not possible everywhere
        partial.rename(folder)
    except OSError as error:
        raise ResultNotWritten(
            f"The result could not be written to {folder}: {error.strerror or error}. "
            "Nothing was left behind."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _flush(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        if path.is_dir() and os.name == "nt":
            continue  # Windows flushes folders by itself and refuses to open them
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(frozen=True)
class StoredFolder:
    """A folder that was read; tables are loaded when asked for.

    Attributes:
        folder: where it lies.
        run: content of `run.json`.
    """

    folder: Path
    run: dict[str, Any]

    @property
    def table_names(self) -> list[str]:
        """Names of the tables, sorted."""
        return sorted(file.stem for file in self.folder.glob("*.parquet"))

    def table(self, name: str) -> Table:
        """A table: column -> values. Raises InputError where there is none of that name."""
        file = self.folder / f"{name}.parquet"
        if not file.is_file():
            raise InputError(
                f"{self.folder} has no table {name}.", f"It has {', '.join(self.table_names)}."
            )
        return tables.read_parquet(file)

    def damaged_files(self) -> list[str]:
        """Files that are missing or changed since they were written, sorted."""
        return altered(self.folder)


@dataclass(frozen=True)
class StoredResult(StoredFolder):
    """A folder of `fupin run`.

    Attributes:
        summary: content of `summary.json`.
    """

    summary: dict[str, Any]

    @cached_property
    def results(self) -> list[RunResult]:
        """The runs, in the order in which they were written, without their tables."""
        return tables.scatter(self.table(tables.RUNS))


def read_both(
    folder: Path, file: str, schema: int, command: str, again: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Record and content of the folder of a comparison or a search.

    Args:
        folder: the folder.
        file: what holds the content.
        schema: the form of it that is read.
        command: that writes such a folder, for messages.
        again: what to do where it has another form, such as "Compare again".

    Raises:
        InputError: no such folder, none of this kind, or one that a newer fupin wrote.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", f"Give a folder of `{command}`.")
    run, content = (read_json(folder / name) for name in (RUN_FILE, file))
    if run.get("schema") != RUN_SCHEMA or content.get("schema") != schema:
        raise InputError(
            f"{folder} has another form than this fupin reads.",
            f"{again}, or use the version named in its {RUN_FILE}.",
        )
    return run, content


def read_result(folder: Path) -> StoredResult:
    """Read a result folder.

    Raises:
        InputError: no such folder, not a result, or one that a newer fupin wrote.
    """
    if not folder.is_dir():
        raise InputError(f"There is no result folder {folder}.", "Give a folder of `fupin run`.")
    run, summary = (read_json(folder / name) for name in (RUN_FILE, SUMMARY_FILE))
    if run.get("schema") != RUN_SCHEMA:
        raise InputError(
            f"{folder / RUN_FILE} has form {run.get('schema')}, and this fupin reads form "
            f"{RUN_SCHEMA}.",
            "Run the scenario again, or use the version named in the file.",
        )
    return StoredResult(folder, run, summary)
