"""One sweep from its shards: each was run by itself, on machines that need not know of another."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fupin.engine.run_ids import RunIndex
from fupin.engine.session import Notify, wait_for_space
from fupin.errors import COMMAND_LINE, InputError
from fupin.files.integrity import altered, only_intact
from fupin.store.journal import DiskFull, is_full
from fupin.store.runs import RunStore, altered_files
from fupin.sweeps import folder as sweep_folder
from fupin.sweeps.earlier import loses
from fupin.sweeps.results import write_results

SHARDS = "shard-*-of-*"
"""Folders of shards inside the folder of their sweep."""


def shards_in(folder: Path) -> list[Path]:
    """The shards that lie in a folder, by their number.

    Raises:
        InputError: there is none.
    """
    found = [path for path in folder.glob(SHARDS) if path.is_dir()]
    if not found:
        raise InputError(f"{folder} holds no shards.", "Name them: fupin merge OUT SHARD SHARD ...")
    return sorted(found, key=lambda path: int(path.name.split("-")[1]))


def merge(out: Path, shards: Sequence[Path], notify: Notify) -> dict[str, Any]:
    """Put the runs of shards into `out`, which becomes a folder like that of the whole sweep.

    Args:
        out: may hold earlier shards of the same sweep.
        shards: folders of `fupin sweep --shard`.
        notify: called with a line for the user when something unusual happens.

    Returns:
        the content of `summary.json`; `missing` says how many runs no shard has yet.

    Raises:
        InputError: no sweep, shards of different sweeps or versions, or a process that still works
            on one of them. Nothing is written then.
    """
    index = _index(shards[0])
    first = sweep_folder.read_about(shards[0])
    for shard in shards[1:]:
        other = _index(shard)
        if other.ids.shape != index.ids.shape or (other.ids != index.ids).any():
            raise InputError(
                f"{shard} and {shards[0]} ask for different runs.",
                "Merge shards of one sweep file, made with the same options by the same fupin.",
            )
    if (out / sweep_folder.SWEEP_FILE).exists():
        before = sweep_folder.read_about(out)["name"]
        if before != first["name"]:
            raise InputError(
                f"{out} holds the sweep {before}, not {first['name']}.", "Name another folder."
            )
    if sentence := loses(out, index, COMMAND_LINE):
        notify(sentence)
    with RunStore(out / sweep_folder.STORE) as store:
        for shard in shards:
            with RunStore(shard / sweep_folder.STORE) as part:
                wait_for_space(lambda part=part: _take(store, part), notify)  # type: ignore[misc]
        wait_for_space(lambda: _copy(shards[0], out), notify)
        about = {**first, "part": [1, 1]}
        return write_results(out, index, store, about, notify)


def _index(shard: Path) -> RunIndex:
    """All runs of a shard's sweep, if what it is read from is what was written."""
    read = {sweep_folder.SWEEP_FILE, sweep_folder.POINTS_FILE}
    wrong = [*altered_files(shard / sweep_folder.STORE), *read.intersection(altered(shard))]
    if wrong:
        raise InputError(
            f"{wrong[0]} was altered since it was written.",
            "Delete it and run the shard again: it computes what is missing.",
            shard,
        )
    with only_intact(shard):
        return sweep_folder.read_index(shard)


def _take(store: RunStore, part: RunStore) -> None:
    store.take_over(part)


def _copy(shard: Path, out: Path) -> None:
    name = sweep_folder.POINTS_FILE
    try:
        shutil.copyfile(shard / name, out / f".{name}.part")
    except OSError as error:
        if is_full(error):
            raise DiskFull(str(out)) from error
        raise
    (out / f".{name}.part").replace(out / name)
