"""What a sweep found: its folder, which grows when the same sweep goes on."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from fupin.api import html, plots
from fupin.api.result import Result
from fupin.api.units import unit_of
from fupin.errors import PYTHON, InputError
from fupin.files.exact import exact
from fupin.results.outcome import OUTCOMES
from fupin.yaml.words import guess_or_list

if TYPE_CHECKING:
    import pandas

    from fupin.words.verdict_parts import Verdict


class SweepResult(Result):
    """The runs of a design.

    Attributes:
        folder: where it lies.
        summary: the content of its `summary.json`.
        about: the content of `sweep.json`.
    """

    plots: ClassVar = {"response": plots.response}
    folder: Path

    def __init__(self, folder: Path, summary: Mapping[str, Any]) -> None:
        from fupin.sweeps.folder import read_about

        self.folder, self.summary = folder, dict(summary)
        self.about: dict[str, Any] = read_about(folder)

    @property
    def name(self) -> str:
        """It names the folder."""
        return str(self.about["name"])

    @property
    def factors(self) -> list[str]:
        """What is varied: columns of `points`."""
        return list(self.about["factors"])

    @cached_property
    def points(self) -> pandas.DataFrame:
        """A row for each point: its factors, how many runs, OUTCOME.mean and OUTCOME.sd of them.

        Raises:
            InputError: there are more points than a table for people has; the runs are there.
        """
        from fupin.sweeps.folder import read_means

        table = read_means(self.folder)
        if table is None:
            raise InputError("There are too many points for one table.", 'Read table("runs").')
        frame: pandas.DataFrame = table.to_pandas().set_index("point")
        names = {name: unit_of(name.rpartition(".")[0]) for name in frame.columns}
        frame.attrs["units"] = {name: unit for name, unit in names.items() if unit}
        return frame

    @property
    def outcomes(self) -> pandas.DataFrame:
        """The outcomes of every point, a row each, by point and outcome.

        Columns: the factors, runs, mean and sd over the point's runs, unit, description.
        """
        import pandas

        wide = self.points
        keys = [name.removesuffix(".mean") for name in wide.columns if name.endswith(".mean")]
        lead = wide[[*self.factors, "runs"]]
        parts = {
            key: lead.assign(
                mean=wide[f"{key}.mean"].astype(float),
                sd=wide[f"{key}.sd"].astype(float),
                unit=unit_of(key),
                description=OUTCOMES[key].description if key in OUTCOMES else "",
            )
            for key in keys
        }
        long = pandas.concat(parts, names=["outcome", "point"]).swaplevel()
        return long.sort_index(level="point", sort_remaining=False)

    def verdict(self, lang: str = "en") -> Verdict:
        """As of `Result`; runs whose points share draws and seeds are compared as twins."""
        from fupin.sweeps.folder import read_columns
        from fupin.words.verdict import sweep_verdict
        from fupin.words.verdict_sweep import READ

        runs = read_columns(self.folder, ("point", "draw", "seed", *self.factors, *READ))
        return sweep_verdict(self.summary, self.factors, runs, lang)

    @property
    def tables(self) -> list[str]:
        """`runs`, `failures` and the tables that were kept of each run."""
        return sorted(f.stem for f in self.folder.glob("*.parquet") if f.stem != "points")

    def table(self, name: str) -> pandas.DataFrame:
        """A table of all runs. Raises InputError where there is none of that name."""
        import pyarrow.parquet as parquet

        if name not in self.tables:
            raise InputError(f"There is no table {name}.", guess_or_list(name, self.tables))
        with parquet.ParquetFile(exact(self.folder / f"{name}.parquet")) as opened:
            frame: pandas.DataFrame = opened.read().to_pandas()
        frame.attrs["units"] = {n: unit for n in frame.columns if (unit := unit_of(n))}
        return frame

    def save(self, folder: str | os.PathLike[str] | None = None) -> Path:
        """Copy the whole folder, with the records of runs, so that it can go on there.

        Args:
            folder: new or empty; None leaves it where it lies.

        Raises:
            InputError: it is taken or cannot be written to.
        """
        from fupin.store.folder import check_target

        if folder is None:
            return self.folder
        target = Path(folder)
        check_target(target, PYTHON("out"))
        partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
        try:
            shutil.copytree(self.folder, partial)
            if target.exists():
                target.rmdir()
            partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return target

    def _lying(self) -> AbstractContextManager[Path]:
        return nullcontext(self.folder)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SweepResult):
            return NotImplemented
        mine, others = (
            (r.summary, r.about["name"], r.about["hashes"]["files"]) for r in (self, other)
        )
        return mine == others

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        found = self.summary
        return f"<SweepResult {self.name}: {found['runs']:,} runs of {found['points']:,} points>"

    def _repr_html_(self) -> str:
        from fupin.words.numbers import estimate

        found, rows = self.summary, []
        for name, ends in found["outcomes"].items():
            row = [name]
            for end in (ends["least"], ends["most"]):
                row += [estimate({"low": None, "high": None, **end})[0], str(end["point"])]
            rows.append([*row, unit_of(name)])
        line = f"{found['runs']:,} runs of {found['points']:,} points, {found['failed']:,} failed"
        head = ["outcome", "least", "at point", "most", "at point", "unit"]
        return html.titled(self.about["title"], line) + html.table(head, rows)
