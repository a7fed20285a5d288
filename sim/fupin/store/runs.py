"""A store of runs: what is recorded once is never computed again, whatever dies in between.

    journal             runs since the last shard, each flushed to the disk with its batch
    runs-HASH.parquet   immutable shards of some hundred runs (`fupin.store.shards`)
    failures            runs that ended with an error, as a journal
    lock                held by the one process that writes

A run is known by its id alone, which is a hash of all that it depends on: a store may hold runs of
several scenarios, draws and versions, and takes over from another store what it lacks. A process
that dies between writing a shard and clearing the journal leaves runs in both; they are read once.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from fupin.errors import InputError
from fupin.files import kept
from fupin.store import shards
from fupin.store.journal import DiskFull, Journal, Place
from fupin.store.record import RUN, SECONDS, Failure, Record, decode, head_of

if TYPE_CHECKING:
    import pyarrow

RUNS_PER_SHARD = 250
BYTES_PER_SHARD = 32 * 2**20
"""A journal becomes a shard at so many runs or so many bytes."""

JOURNAL, FAILURES, LOCK = "journal", "failures", "lock"
_SHARDS_IN_MEMORY = 8


class StoreBusy(InputError):
    """Another process writes to this folder."""


class RunStore:
    """A store that is open for writing by this process alone.

    Args:
        folder: made if it does not exist.

    Raises:
        StoreBusy: another process has it open.
        DiskFull: not even an empty store fits.
    """

    def __init__(self, folder: Path) -> None:
        import filelock

        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        lock = folder / LOCK
        if os.path.lexists(lock) and not stat.S_ISREG(lock.lstat().st_mode):
            kept.mend(lock, kept.RUNS, "no ordinary file")  # what a link leads to would be emptied
        self._lock = filelock.FileLock(folder / LOCK)
        try:
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            raise StoreBusy(
                f"Another process writes to {folder.parent}.",
                "Wait for it, or give --out another folder.",
            ) from None
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise

    def _open(self) -> None:
        for leftover in self.folder.glob(".*.part"):
            leftover.unlink(missing_ok=True)
        self._shards: list[shards.Shard] = []
        self._in_shard: dict[str, int] = {}
        for name in altered_files(self.folder):
            kept.mend(self.folder / name, kept.RUNS, "altered since it was written")
        for file in shards.shard_files(self.folder):
            shard = shards.open_shard(file)
            if shard is None:
                kept.mend(file, kept.RUNS, "it, or a table that it names, cannot be read")
            else:
                self._add_shard(shard)
        self._cache: OrderedDict[int, pyarrow.Table] = OrderedDict()
        self._held: dict[str, tuple[int, dict[str, pyarrow.Table]]] = {}
        self._journal = Journal(self.folder / JOURNAL)
        self._in_journal: dict[str, Place] = {}
        self._columns = {name for shard in self._shards for name in shard.columns}
        self._seconds_sum, self._seconds_count, self._seconds_last = 0.0, 0, 0.0
        for place in self._journal.places:
            try:
                head = head_of(self._journal.read(place))
                head[RUN], head[SECONDS], head["numbers"], head["tables"]
            except (ValueError, KeyError, TypeError):  # whole, and of another kind of journal
                continue
            self._columns.update(head["numbers"])
            self._note_seconds(head[SECONDS])
            if head[RUN] not in self._in_shard:
                self._in_journal[head[RUN]] = place
        self._failures = Journal(self.folder / FAILURES)
        self._failed: dict[str, Place] = {}
        for place in self._failures.places:
            with contextlib.suppress(ValueError, TypeError):
                self._failed[Failure.decode(self._failures.read(place)).run] = place

    def _add_shard(self, shard: shards.Shard) -> None:
        for run in shard.runs:
            self._in_shard.setdefault(run, len(self._shards))
        self._shards.append(shard)

    def _note_seconds(self, seconds: float) -> None:
        self._seconds_last = seconds
        self._seconds_sum += seconds
        self._seconds_count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._in_shard) + len(self._in_journal)

    def __contains__(self, run: object) -> bool:
        return run in self._in_shard or run in self._in_journal

    def __iter__(self) -> Iterator[str]:
        yield from self._in_shard
        yield from self._in_journal

    def failed(self, run: str) -> bool:
        """True where the run's last attempt ended with an error."""
        return run in self._failed and run not in self

    def failure(self, run: str) -> Failure:
        """The error of a run that failed."""
        return Failure.decode(self._failures.read(self._failed[run]))

    @property
    def columns(self) -> list[str]:
        """Names of all numbers of the recorded runs, sorted."""
        return sorted(self._columns)

    @property
    def kinds(self) -> list[str]:
        """Kinds of tables that recorded runs have, sorted."""
        kinds = {kind for shard in self._shards for kind in shard.tables}
        for place in self._in_journal.values():
            kinds.update(head_of(self._journal.read(place))["tables"])
        return sorted(kinds)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.stat().st_size for file in self.folder.iterdir() if file.is_file())

    def mean_seconds(self) -> float | None:
        """Mean time of recent runs; None where there is none yet."""
        if not self._seconds_count and self._shards:
            for seconds in self._numbers_of(len(self._shards) - 1)[SECONDS].to_pylist():
                self._note_seconds(seconds)
        return self._seconds_sum / self._seconds_count if self._seconds_count else None

    def last_seconds(self) -> float | None:
        """Time of the run that was recorded last in this session; None before the first."""
        return self._seconds_last if self._seconds_count else None

    def append(self, payloads: Sequence[bytes]) -> None:
        """Record finished runs (`record.encode`); when this returns they are on the disk.

        Raises:
            DiskFull: no space; none of them was recorded, and it can be tried again.
        """
        new = {}
        for payload in payloads:
            head = head_of(payload)
            if head[RUN] not in self:
                new[head[RUN]] = (payload, head)
        if new:
            places = self._journal.append([payload for payload, _ in new.values()])
            for (run, (_, head)), place in zip(new.items(), places, strict=True):
                self._in_journal[run] = place
                self._columns.update(head["numbers"])
                self._note_seconds(head[SECONDS])
        if len(self._in_journal) >= RUNS_PER_SHARD or self._journal.size >= BYTES_PER_SHARD:
            self._make_shard()

    def _make_shard(self) -> None:
        ordered = sorted(self._in_journal)  # the same runs give the same file
        records = [decode(self._journal.read(self._in_journal[run])) for run in ordered]
        shard = shards.write_shard(self.folder, records)
        self._journal.clear()
        self._in_journal.clear()
        self._add_shard(shard)

    def append_failures(self, failures: Sequence[Failure]) -> None:
        """Record runs that failed; raises as `append`."""
        places = self._failures.append([failure.encode() for failure in failures])
        self._failed |= {f.run: place for f, place in zip(failures, places, strict=True)}

    def take_over(self, other: RunStore) -> int:
        """Record what another store has and this one lacks; how many runs that were."""
        taken = 0
        for batch in other._batches():
            new = [record for record in batch if record.run not in self]
            if not new:
                continue
            taken += len(new)
            shard = shards.write_shard(self.folder, sorted(new, key=lambda record: record.run))
            self._add_shard(shard)
            self._columns.update(shard.columns)
        lacking = [other.failure(run) for run in sorted(other._failed) if run not in self._failed]
        if lacking:
            self.append_failures(lacking)
        return taken

    def _batches(self) -> Iterator[list[Record]]:
        """All records, shard by shard, the journal's last."""
        for number, shard in enumerate(self._shards):
            tables = {kind: shards.read_kind(shard, kind) for kind in shard.tables}
            rows = self._numbers_of(number).to_pylist()
            yield [
                Record(
                    row.pop(RUN),
                    row.pop(SECONDS),
                    row,
                    {kind: of_run[run] for kind, of_run in tables.items() if run in of_run},
                )
                for run, row in zip(shard.runs, rows, strict=True)
            ]
        journal = [decode(self._journal.read(place)) for place in self._in_journal.values()]
        if journal:
            yield journal

    def _numbers_of(self, number: int) -> pyarrow.Table:
        """Numbers of a shard; the last few read are kept."""
        if number in self._cache:
            self._cache.move_to_end(number)
        else:
            self._cache[number] = shards.read_numbers(self._shards[number])
            if len(self._cache) > _SHARDS_IN_MEMORY:
                self._cache.popitem(last=False)
        return self._cache[number]

    def record(self, run: str) -> Record:
        """Everything that is kept of one run.

        Raises:
            KeyError: it is not recorded.
        """
        if run in self._in_journal:
            return decode(self._journal.read(self._in_journal[run]))
        number = self._in_shard[run]
        shard = self._shards[number]
        found = {kind: self._table(number, kind, run) for kind in shard.tables}
        tables = {kind: table for kind, table in found.items() if table is not None}
        row: dict[str, Any] = (
            self._numbers_of(number).slice(shard.runs.index(run), 1).to_pylist()[0]
        )
        return Record(row.pop(RUN), row.pop(SECONDS), row, tables)

    def numbers(self, runs: Sequence[str], columns: Sequence[str]) -> pyarrow.Table:
        """Numbers of recorded runs, in the order asked for: float64 columns, null where undefined.

        Raises:
            KeyError: one of them is not recorded.
        """
        import pyarrow

        schema = pyarrow.schema([(name, pyarrow.float64()) for name in columns])
        by_shard: dict[int, list[int]] = {}
        journal: list[int] = []
        for i, run in enumerate(runs):
            if run in self._in_journal:
                journal.append(i)
            else:
                by_shard.setdefault(self._in_shard[run], []).append(i)
        parts, order = [], []
        for number in sorted(by_shard):
            rows = {run: row for row, run in enumerate(self._shards[number].runs)}
            wanted = by_shard[number]
            table = self._numbers_of(number).take([rows[runs[i]] for i in wanted])
            parts.append(_shaped(table, schema))
            order += wanted
        if journal:
            found = [decode(self._journal.read(self._in_journal[runs[i]])) for i in journal]
            values = {name: [record.numbers.get(name) for record in found] for name in columns}
            parts.append(pyarrow.table(values, schema=schema))
            order += journal
        if not parts:
            return schema.empty_table()
        place = [0] * len(order)
        for row, i in enumerate(order):
            place[i] = row
        return pyarrow.concat_tables(parts).take(place).combine_chunks()

    def tables(self, runs: Sequence[str], kind: str) -> Iterator[tuple[int, pyarrow.Table]]:
        """One kind of table of recorded runs, in the order asked for, with the run's position."""
        for i, run in enumerate(runs):
            if run in self._in_journal:
                table = decode(self._journal.read(self._in_journal[run])).tables.get(kind)
            else:
                table = self._table(self._in_shard[run], kind, run)
            if table is not None:
                yield i, table

    def _table(self, number: int, kind: str, run: str) -> pyarrow.Table | None:
        """One kind of table of one run of a shard; what was read last is kept."""
        held = self._held.get(kind)
        if held is None or held[0] != number:
            held = self._held[kind] = number, shards.read_kind(self._shards[number], kind)
        return held[1].get(run)

    def close(self) -> None:
        """Let other processes write."""
        self._journal.close()
        self._failures.close()
        self._lock.release()


def _shaped(table: pyarrow.Table, schema: pyarrow.Schema) -> pyarrow.Table:
    """The table with exactly the columns of a schema; those that it lacks are null."""
    import pyarrow

    return pyarrow.table(
        {
            name: table[name]
            if name in table.column_names
            else pyarrow.nulls(table.num_rows, pyarrow.float64())
            for name in schema.names
        },
        schema=schema,
    )


def damaged(folder: Path) -> list[str]:
    """What in a store does not hold what was written, in plain words; reads every byte.

    Needs no lock: a process that writes meanwhile only adds.
    """
    from fupin.store.journal import damaged_bytes

    found = [f"{name} was altered" for name in altered_files(folder)]
    found += [
        f"{file.name} cannot be read, or a table of it is missing"
        for file in shards.shard_files(folder)
        if f"{file.name} was altered" not in found and shards.open_shard(file) is None
    ]
    for name in (JOURNAL, FAILURES):
        file = folder / name
        if os.path.lexists(file) and not file.is_file():
            found.append(f"{name} is no ordinary file")
        elif file.is_file() and (lost := damaged_bytes(file.read_bytes())):
            found.append(f"{name} has {lost} bytes that belong to no whole record")
    return found


def altered_files(folder: Path) -> list[str]:
    """Names of files of a store whose bytes are not those that their names promise, sorted."""
    return [file.name for file in sorted(folder.glob("*.parquet")) if not shards.is_intact(file)]


__all__ = ["DiskFull", "RunStore", "StoreBusy", "altered_files", "damaged"]
