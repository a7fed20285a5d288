"""What a folder holds of an earlier sweep of the same name, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

from fupin.engine.run_ids import RunIndex
from fupin.errors import PYTHON, InputError, Wording
from fupin.sweeps import folder as sweep_folder


def loses(folder: Path, index: RunIndex, say: Wording = PYTHON) -> str | None:
    """What tables in a folder lose when those of a sweep take their place, in a sentence.

    A sweep goes on, grows by points, draws or seeds, and then nothing is lost. One that shares no
    run with what lies there is another sweep, whatever it is called.

    Args:
        folder: where the sweep is to lie.
        index: all of its runs.
        say: how messages name options.

    Returns:
        None where nothing is lost.

    Raises:
        InputError: the folder holds another sweep of this name.
    """
    if not (folder / sweep_folder.SWEEP_FILE).is_file():
        return None
    try:
        before = sweep_folder.read_index(folder)
    except (InputError, KeyError, ValueError, TypeError):
        return f"{folder} holds a sweep that cannot be read; its tables are made anew."
    if list(before.factors) != list(index.factors):
        raise _another(folder, say, f"it varies {_names(before)}, and this one {_names(index)}")
    if before.job.version != index.job.version:
        return f"{folder} was made by another version of fupin; all of its runs are made again."
    theirs = {run.tobytes() for run in before.ids.reshape(-1)}
    ours = {run.tobytes() for run in index.ids.reshape(-1)}
    if theirs and not theirs & ours:
        raise _another(folder, say, "the two have no run in common")
    if lost := len(theirs - ours):
        return (
            f"{lost:,} runs that {folder} holds are not of this sweep; its tables leave them out, "
            "and its store keeps them."
        )
    return None


def _names(index: RunIndex) -> str:
    return ", ".join(index.factors) or "nothing"


def _another(folder: Path, say: Wording, how: str) -> InputError:
    return InputError(
        f"{folder} holds another sweep of the same name: {how}.",
        f"Give this one another `name`, or let {say('out')} name another folder.",
    )
