"""What all results have in common: tables, a report, a folder, plots."""

from __future__ import annotations

import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from fupin import paths
from fupin.errors import PYTHON, InputError
from fupin.files.integrity import OWN
from fupin.results.outcome import Table
from fupin.store.folder import StoredFolder, default_folder, write_whole
from fupin.yaml.words import guess_or_list

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

    from fupin.words.verdict_parts import Verdict

Drawing = Callable[..., None]
"""Draws on axes: `drawing(result, axes, outcomes)`."""


class Result(ABC):
    """What `fupin.run`, `fupin.compare` and `fupin.sweep` give, and `fupin.read` gives back.

    Attributes:
        folder: where it lies, or None where it was not saved.
        summary: the content of its JSON file (`summary.json`, of a comparison
            `comparison.json`).
    """

    folder: Path | None
    summary: dict[str, Any]
    plots: ClassVar[Mapping[str, Drawing]]
    """What `plot` can draw, the first if nothing is said."""

    @property
    @abstractmethod
    def outcomes(self) -> pandas.DataFrame:
        """What the runs found, with units and in plain words."""

    @property
    @abstractmethod
    def tables(self) -> list[str]:
        """Names of the tables, sorted."""

    @abstractmethod
    def table(self, name: str) -> pandas.DataFrame:
        """A table as a frame. Raises InputError where there is none of that name."""

    @abstractmethod
    def save(self, folder: str | os.PathLike[str] | None = None) -> Path:
        """Write the folder that the command would write; the folder.

        Args:
            folder: new or empty; `results/NAME-TIME` if None.

        Raises:
            InputError: it is taken or cannot be written to.
            ResultNotWritten: the disk is full or fails; nothing was left behind.
        """

    @abstractmethod
    def verdict(self, lang: str = "en") -> Verdict:
        """What was found, in at most ten sentences: `print(result.verdict("zh"))`.

        Args:
            lang: en or zh.

        Raises:
            InputError: there is no such language.
        """

    def report(self, path: str | os.PathLike[str] | None = None, language: str = "en") -> Path:
        """Write the report, one HTML file; the file.

        Args:
            path: replaced if it exists; `report.html` in the folder of a saved result if None.
            language: en or zh.

        Raises:
            InputError: no such language, a package is missing, or the file cannot be written.
        """
        from fupin.report.html.page import write_report

        if self.folder is None and path is None:
            raise InputError(
                "This result lies in no folder yet.",
                'Write report("plan.html"), or save the result first.',
            )
        with self._lying() as folder:
            return write_report(folder, language, None if path is None else Path(path), PYTHON)

    @abstractmethod
    def _lying(self) -> AbstractContextManager[Path]:
        """A folder of the result, for as long as the block lasts where it was not saved."""

    def plot(
        self,
        name: str | None = None,
        ax: Axes | None = None,
        outcomes: str | Sequence[str] | None = None,
    ) -> Axes:
        """Draw a picture; the axes of matplotlib.

        Args:
            name: a key of `plots`; the first if None.
            ax: axes to draw on; new ones if None.
            outcomes: which to draw, of one unit; the usual ones if None.

        Raises:
            InputError: no such picture or outcome, or outcomes of several units.
        """
        name = name or next(iter(self.plots))
        if name not in self.plots:
            raise InputError(f"There is no plot {name}.", guess_or_list(name, self.plots))
        if ax is None:
            from matplotlib import pyplot

            _, ax = pyplot.subplots(figsize=(8.0, 4.0), layout="constrained")
        self.plots[name](self, ax, [outcomes] if isinstance(outcomes, str) else outcomes)
        return ax


class Stored(Mapping[str, Table]):
    """The tables of a folder, each read when asked for."""

    def __init__(self, stored: StoredFolder) -> None:
        self._stored = stored

    def __getitem__(self, name: str) -> Table:
        if name not in self._stored.table_names:
            raise KeyError(name)
        return self._stored.table(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored.table_names)

    def __len__(self) -> int:
        return len(self._stored.table_names)


class TablesResult(Result):
    """A result whose tables are columns, in memory or in a folder (a run, a comparison).

    Attributes:
        store: the tables by name.
        stored: the folder that it was read from, or None.
    """

    store: Mapping[str, Table]
    stored: StoredFolder | None

    @property
    @abstractmethod
    def label(self) -> str:
        """It names the folder."""

    @abstractmethod
    def _write(self, folder: Path) -> None:
        """Write the folder of a result that was not read from one."""

    @contextmanager
    def _lying(self) -> Iterator[Path]:
        if self.folder is not None:
            yield self.folder
            return
        with tempfile.TemporaryDirectory(prefix="fupin-") as home:
            folder = Path(home) / self.label
            self._write(folder)
            yield folder

    @property
    def tables(self) -> list[str]:
        """Names of the tables, sorted."""
        return sorted(self.store)

    def table(self, name: str) -> pandas.DataFrame:
        """A table as a frame; its columns are those of the file, with `unit` where rows differ.

        Raises:
            InputError: there is none of that name.
        """
        from fupin.api.frames import table_frame

        if name not in self.store:
            raise InputError(f"There is no table {name}.", guess_or_list(name, self.tables))
        return table_frame(self.store[name])

    def save(self, folder: str | os.PathLike[str] | None = None) -> Path:
        """As of `Result`."""
        target = default_folder(paths.results(), self.label) if folder is None else Path(folder)
        if self.stored is None:
            self._write(target)
        else:
            _copy(self.stored, target)
        self.folder = self.folder or target
        return target

    def same_tables(self, other: TablesResult) -> bool:
        """Whether every value of every table is the same, NaN as NaN."""
        import numpy as np

        if set(self.store) != set(other.store):
            return False
        for name in self.store:
            mine, others = self.store[name], other.store[name]
            if list(mine) != list(others):
                return False
            for column in mine:
                a, b = mine[column], others[column]
                numeric = a.dtype.kind == b.dtype.kind == "f"
                if not np.array_equal(a, b, equal_nan=numeric):
                    return False
        return True


def _copy(stored: StoredFolder, folder: Path) -> None:
    """Write the folder of a result again elsewhere, with the same bytes."""
    if wrong := stored.damaged_files():
        raise InputError(
            f"{stored.folder} was altered since it was written: {', '.join(wrong[:5])}.",
            "Restore the folder, or run again.",
        )
    hashes = stored.run["hashes"]

    def write(partial: Path) -> None:
        for name in hashes["files"]:
            shutil.copyfile(stored.folder / name, partial / name)

    kept = {key: value for key, value in hashes.items() if key not in ("files", OWN)}
    write_whole(folder, write, {**stored.run, "hashes": kept}, PYTHON("out"))
