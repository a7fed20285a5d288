"""The folder of a sweep: what was asked for, the store of runs, and the tables made from it.

    sweep.json        the sweep: design, factors, draws, seeds, versions, hashes of the tables
    points.parquet    every point: its factors, its whole scenario, the ids of its runs
    store/            the recorded runs (`fupin.store.runs`)
    runs.parquet      one row a run; the same bytes whoever ran it, in whatever order
    runs.csv          the same, where it has at most 100,000 rows
    failures.parquet  runs that failed, and .csv
    NAME.parquet      monthly or county detail, where it was asked for

With `points.parquet` the folder explains itself: it can be merged, verified and run again without
the files that the sweep was made from.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.engine.run_ids import Job, Point, RunIndex, factor_columns, present_name
from fupin.errors import InputError
from fupin.files.exact import exact
from fupin.files.integrity import hash_of, read_json
from fupin.results.draws import Draw
from fupin.store.record import table_bytes, table_of
from fupin.store.shards import write_named
from fupin.store.typed import plain, read_csv

if TYPE_CHECKING:
    import pyarrow

SCHEMA = 1
"""Version of the form of `sweep.json`."""

SWEEP_FILE, POINTS_FILE, STORE = "sweep.json", "points.parquet", "store"
RUNS_FILE, FAILURES_FILE = "runs.parquet", "failures.parquet"
MEANS_FILE = "means.csv"
_POINTS_PER_GROUP = 1000


class PointsWriter:
    """Writes `points.parquet` while points are made; a context manager.

    Raises:
        DiskFull: no space.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[dict[str, Any]] = []
        self._groups: list[bytes] = []  # compressed: scenarios are much alike

    def add(self, i: int, point: Point, runs: list[str]) -> None:
        """A point with the ids of its runs; made for `index_runs`."""
        self._rows.append(
            {
                "point": i + 1,
                "factors": json.dumps(dict(point.factors), ensure_ascii=False),
                "scenario": json.dumps(_scenario_of(point), ensure_ascii=False),
                "runs": runs,
            }
        )
        if len(self._rows) == _POINTS_PER_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        columns = {name: [row[name] for row in self._rows] for name in _schema().names}
        columns["scenario"] = pyarrow.array(columns["scenario"]).dictionary_encode()
        self._groups.append(table_bytes(pyarrow.table(columns).cast(_schema())))
        self._rows = []

    def write(self) -> None:
        """Write the file, or replace it."""
        import pyarrow.parquet as parquet

        if self._rows or not self._groups:
            self._flush()

        def write(part: Path) -> None:
            with parquet.ParquetWriter(exact(part), _schema(), compression="zstd") as writer:
                for group in self._groups:
                    writer.write_table(table_of(group))

        write_named(self._folder, write, lambda _: POINTS_FILE)


def _schema() -> pyarrow.Schema:
    import pyarrow

    text = pyarrow.string()
    return pyarrow.schema(
        [
            ("point", pyarrow.int64()),
            ("factors", text),
            ("scenario", pyarrow.dictionary(pyarrow.int32(), text)),
            ("runs", pyarrow.list_(text)),
        ]
    )


def _scenario_of(point: Point) -> Any:
    from fupin.engine.run_ids import scenario_of
    from fupin.scenario.dump import scenario_mapping
    from fupin.scenario.schema import Scenario

    scenario = scenario_of(point)
    return scenario_mapping(scenario) if isinstance(scenario, Scenario) else scenario


class StoredPoints(Sequence[Point]):
    """The points of a folder, read when asked for; parameters are inside their scenarios."""

    def __init__(self, file: Path) -> None:
        import pyarrow.parquet as parquet

        self._file = parquet.ParquetFile(exact(file))
        self._count: int = self._file.metadata.num_rows
        self._groups: OrderedDict[int, list[dict[str, Any]]] = OrderedDict()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, i: Any) -> Any:
        from fupin.scenario.stored import stored_scenario

        if not isinstance(i, int) or not 0 <= i < self._count:
            raise IndexError(i)
        number, row = divmod(i, _POINTS_PER_GROUP)
        if number not in self._groups:
            self._groups[number] = self._file.read_row_group(number).to_pylist()
            if len(self._groups) > 2:
                self._groups.popitem(last=False)
        found = self._groups[number][row]
        content = json.loads(found["scenario"])
        scenario = stored_scenario(content) if "period" in content else content
        return Point(scenario, {}, json.loads(found["factors"]))


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file whole, or replace it.

    Raises:
        DiskFull: no space; the old file stays.
    """
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_text(file, text)


def write_text(file: Path, text: str) -> None:
    """Write a text file whole, or replace it.

    Raises:
        DiskFull: no space; the old file stays.
    """
    write_whole(file, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))


def write_whole(file: Path, write: Callable[[Path], Any]) -> None:
    """Write a file under another name and rename it, so that it is never half there.

    Raises:
        DiskFull: no space; nothing is left behind.
        OSError: the disk fails otherwise; it names the file.
    """
    try:
        write_named(file.parent, write, lambda _: file.name)
    except OSError as error:
        if error.filename is not None:
            error.filename = str(file)  # the other name says nothing to a user
        raise


def about(index: RunIndex, **more: Any) -> dict[str, Any]:
    """The content of `sweep.json`.

    Args:
        index: all runs.
        more: what else is to be said, such as name and design.
    """
    job = index.job
    return {
        "schema": SCHEMA,
        **more,
        "points": len(index.points),
        "seeds": list(index.seeds),
        "draws": [draw.record() for draw in index.draws],
        "factors": list(index.factors),
        "function": job.function,
        "settings": dict(job.settings),
        "tables": list(job.tables),
        "version": job.version,
    }


def read_about(folder: Path) -> dict[str, Any]:
    """The content of `sweep.json`.

    Raises:
        InputError: no such folder, no sweep in it, or one of another form.
    """
    file = folder / SWEEP_FILE
    if not file.is_file():
        raise InputError(
            f"{folder} is no folder of a sweep: it has no {SWEEP_FILE}.",
            "Give a folder of `fupin sweep`.",
        )
    content = read_json(file)
    form = content.get("schema")
    if form != SCHEMA:
        raise InputError(
            f"{file} has form {form}, and this fupin reads form {SCHEMA}.",
            "Run the sweep again, or use the version named in the file.",
        )
    return content


def read_index(folder: Path) -> RunIndex:
    """All runs that a folder's sweep asks for, as they were named when it ran.

    Raises:
        InputError: no sweep, or its points are missing.
    """
    import numpy as np
    import pyarrow
    import pyarrow.parquet as parquet

    content = read_about(folder)
    file = folder / POINTS_FILE
    try:
        table = parquet.read_table(exact(file), columns=["factors", "runs"])
        points = StoredPoints(file)
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"The points of the sweep cannot be read ({error}).", file=file) from None
    draws = tuple(Draw.of_record(draw) for draw in content["draws"])
    seeds = tuple(content["seeds"])
    runs = "".join(table["runs"].combine_chunks().flatten().to_pylist())
    ids = np.frombuffer(bytes.fromhex(runs), "V16").reshape(len(points), len(draws), len(seeds))
    factors: dict[str, list[Any]] = {name: [] for name in content["factors"]}
    for text in table["factors"].to_pylist():
        values = json.loads(text)
        for name, column in factors.items():
            column.append(values.get(name))
    job = Job(
        present_name(content["function"]),
        content["settings"],
        tuple(content["tables"]),
        version=content["version"],
    )
    return RunIndex(points, draws, seeds, job, ids, factor_columns(factors, len(points)))


def write_table(file: Path, make: Callable[[], Iterator[pyarrow.Table]]) -> int:
    """Write tables of one form below one another, at least one; how many rows they have.

    Raises:
        DiskFull: no space; nothing is left behind, and an old file stays.
    """
    import pyarrow.parquet as parquet

    rows = 0

    def write(part: Path) -> None:
        nonlocal rows
        rows = 0
        tables = make()
        first = next(tables)
        with parquet.ParquetWriter(
            exact(part), first.schema, compression="zstd", version="2.6"
        ) as writer:
            writer.write_table(first)
            rows += first.num_rows
            for table in tables:
                writer.write_table(table.cast(first.schema))
                rows += table.num_rows

    write_whole(file, write)
    return rows


def write_csv(file: Path, make: Callable[[], pyarrow.Table]) -> None:
    """Write a table as CSV that spreadsheets open: UTF-8 with a byte order mark.

    Raises:
        DiskFull: no space; nothing is left behind.
    """
    table = plain(make())
    write_csv_of(file, table.schema, table.to_batches)


def write_csv_of(
    file: Path, schema: pyarrow.Schema, batches: Callable[[], Iterable[pyarrow.RecordBatch]]
) -> None:
    """As `write_csv`, of a table that comes in pieces."""
    from pyarrow import csv

    def write(part: Path) -> None:
        with part.open("wb") as stream:
            stream.write("\ufeff".encode())
            with csv.CSVWriter(stream, schema) as writer:
                for batch in batches():
                    writer.write_batch(batch)

    write_whole(file, write)


def read_means(folder: Path) -> pyarrow.Table | None:
    """`means.csv` of a sweep with the types of its runs; None where there are too many points.

    Raises:
        InputError: it is no such table.
    """
    import pyarrow
    import pyarrow.parquet as parquet

    file = folder / MEANS_FILE
    if not file.is_file():
        return None
    try:
        known = parquet.read_schema(exact(folder / RUNS_FILE))
        return read_csv(file, lambda name: _type_of_mean(name, known))
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"The means of the sweep cannot be read ({error}).", file=file) from None


def read_columns(folder: Path, names: Iterable[str]) -> dict[str, list[Any]]:
    """Columns of the runs of a sweep, as far as it has them.

    Raises:
        InputError: the runs cannot be read.
    """
    import pyarrow
    import pyarrow.parquet as parquet

    wanted, file = set(names), folder / RUNS_FILE
    try:
        with parquet.ParquetFile(exact(file)) as opened:
            here = [name for name in opened.schema_arrow.names if name in wanted]
            found: dict[str, list[Any]] = opened.read(columns=here).to_pydict()
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"The runs of the sweep cannot be read ({error}).", file=file) from None
    return found


def _type_of_mean(name: str, runs: pyarrow.Schema) -> pyarrow.DataType:
    import pyarrow

    if name in ("point", "runs"):
        return pyarrow.int64()
    return runs.field(name).type if name in runs.names else pyarrow.float64()


def file_hashes(folder: Path) -> dict[str, str]:
    """BLAKE2b of every file of the folder itself but `sweep.json`, by name."""
    files = sorted(f for f in folder.iterdir() if f.is_file() and not f.name.startswith("."))
    return {file.name: hash_of(file) for file in files if file.name != SWEEP_FILE}


__all__ = ["PointsWriter", "about", "read_index", "write_table"]
