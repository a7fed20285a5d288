"""A store of runs: recorded once, found again, in whatever pieces it lies."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from fupin.store import runs as module
from fupin.store import shards
from fupin.store.journal import DiskFull
from fupin.store.record import Failure, NotANumber, Record, checked, decode, encode
from fupin.store.runs import RunStore, StoreBusy, damaged
from hypothesis import given, settings
from hypothesis import strategies as st


def record(i: int, **more: float | None) -> Record:
    months = pyarrow.table({"month": [1, 2], "name": ["县", f"{i}"]})
    return Record(f"{i:032x}", 0.5 + i, {"poor": float(i), "jobs": None, **more}, {"m": months})


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RUNS_PER_SHARD", 4)


def fill(folder: Path, numbers: range) -> None:
    with RunStore(folder) as store:
        for i in numbers:
            store.append([encode(record(i))])


def test_a_record_reads_back() -> None:
    back = decode(encode(record(7, share=0.1)))
    assert back.run == f"{7:032x}"
    assert back.seconds == 7.5
    assert back.numbers == {"poor": 7.0, "jobs": None, "share": 0.1}
    assert back.tables["m"].to_pydict() == {"month": [1, 2], "name": ["县", "7"]}


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), "many", [1]])
def test_what_is_no_number_is_refused(wrong: Any) -> None:
    with pytest.raises(NotANumber, match="poor"):
        checked({"poor": wrong})
    with pytest.raises(NotANumber, match="name"):
        checked({"run": 1.0})


def test_everything_is_found_again_in_shards_and_journal(
    tmp_path: Path, small_shards: None
) -> None:
    fill(tmp_path, range(6))
    fill(tmp_path, range(3, 11))  # some of them again
    assert len(list(tmp_path.glob("runs-*.parquet"))) == 2
    with RunStore(tmp_path) as store:
        assert len(store) == 11
        assert sorted(store) == [f"{i:032x}" for i in range(11)]
        assert f"{11:032x}" not in store
        asked = [f"{i:032x}" for i in (10, 0, 5, 4, 9)]
        found = store.numbers(asked, ["jobs", "poor"])
        assert found.to_pydict() == {"jobs": [None] * 5, "poor": [10.0, 0.0, 5.0, 4.0, 9.0]}
        tables = {i: table["name"].to_pylist() for i, table in store.tables(asked, "m")}
        assert tables == {0: ["县", "10"], 1: ["县", "0"], 2: ["县", "5"], 3: ["县", "4"],
                          4: ["县", "9"]}  # fmt: skip
        assert store.record(f"{2:032x}").tables["m"].to_pydict() == {
            "month": [1, 2], "name": ["县", "2"],
        }  # fmt: skip
        assert store.record(f"{9:032x}").seconds == 9.5
        assert store.kinds == ["m"]
        assert store.columns == ["jobs", "poor"]
    assert damaged(tmp_path) == []


def test_runs_with_other_columns_live_together(tmp_path: Path, small_shards: None) -> None:
    with RunStore(tmp_path) as store:
        store.append([encode(record(i, **({"extra": 1.0} if i == 1 else {}))) for i in range(5)])
        found = store.numbers([f"{i:032x}" for i in range(5)], store.columns)
    assert found["extra"].to_pylist() == [None, 1.0, None, None, None]


def test_a_death_between_shard_and_journal_leaves_one_of_each(
    tmp_path: Path, small_shards: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    store = RunStore(tmp_path)
    monkeypatch.setattr(store._journal, "clear", die)
    with pytest.raises(KeyboardInterrupt):
        store.append([encode(record(i)) for i in range(4)])
    store.close()
    with RunStore(tmp_path) as again:
        assert len(again) == 4
        again.append([encode(record(4))])
        assert len(again) == 5
    assert len(list(tmp_path.glob("runs-*.parquet"))) == 1


def test_a_table_without_its_shard_does_not_count(tmp_path: Path, small_shards: None) -> None:
    fill(tmp_path, range(4))
    next(tmp_path.glob("runs-*.parquet")).unlink()
    (tmp_path / ".0123.part").write_bytes(b"begun")
    with RunStore(tmp_path) as store:
        assert len(store) == 0
        assert not list(tmp_path.glob("*.part"))
    fill(tmp_path, range(4))
    assert len(list(tmp_path.glob("m-*.parquet"))) == 1  # the same runs, the same file


def test_a_full_disk_while_a_shard_is_written_loses_nothing(
    tmp_path: Path, small_shards: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> str:
        raise DiskFull(str(tmp_path))

    with RunStore(tmp_path) as store:
        with monkeypatch.context() as patch:
            patch.setattr(shards, "write_shard", full)
            payloads = [encode(record(i)) for i in range(4)]
            with pytest.raises(DiskFull):
                store.append(payloads)
            assert len(store) == 4
        store.append(payloads)  # as the engine tries again
        assert len(store) == 4
    assert len(list(tmp_path.glob("runs-*.parquet"))) == 1


def test_pyarrow_on_a_full_disk_is_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(part: Path) -> None:
        part.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(DiskFull):
        shards.write_named(tmp_path, full, lambda _: "x.parquet")
    assert list(tmp_path.iterdir()) == []


def test_two_processes_cannot_write(tmp_path: Path) -> None:
    busy = pytest.raises(StoreBusy, match="Another process writes to")
    with RunStore(tmp_path / "store"), busy:
        RunStore(tmp_path / "store")
    RunStore(tmp_path / "store").close()


def test_failures_are_kept_and_superseded(tmp_path: Path) -> None:
    run = f"{3:032x}"
    with RunStore(tmp_path) as store:
        store.append_failures([Failure(run, "ZeroDivisionError", "nobody \udc80", "at line 1")])
        assert store.failed(run)
    with RunStore(tmp_path) as store:
        assert store.failed(run)
        assert store.failure(run).error == "ZeroDivisionError"
        store.append([encode(record(3))])
        assert not store.failed(run)


def test_one_store_takes_over_from_another(tmp_path: Path, small_shards: None) -> None:
    fill(tmp_path / "a", range(6))
    fill(tmp_path / "b", range(4, 9))
    with RunStore(tmp_path / "a") as one, RunStore(tmp_path / "b") as two:
        two.append_failures([Failure("f" * 32, "ValueError", "x")])
        assert one.take_over(two) == 3
        assert one.take_over(two) == 0
        assert len(one) == 9
        assert one.failed("f" * 32)
        assert one.record(f"{8:032x}").tables["m"]["name"].to_pylist() == ["县", "8"]


def test_every_altered_byte_is_found(tmp_path: Path, small_shards: None) -> None:
    fill(tmp_path, range(6))
    assert damaged(tmp_path) == []
    for file in (next(tmp_path.glob("runs-*")), next(tmp_path.glob("m-*")), tmp_path / "journal"):
        before = file.read_bytes()
        altered = bytearray(before)
        altered[len(altered) // 2] ^= 4
        file.write_bytes(altered)
        (found,) = damaged(tmp_path)
        assert file.name in found
        file.write_bytes(before)


@given(
    st.integers(1, 5), st.integers(1, 3000), st.integers(1, 2),
    st.lists(st.lists(st.integers(0, 11), max_size=5), max_size=6), st.data(),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_what_is_found_does_not_depend_on_the_size_of_shards(
    runs: int, size: int, in_memory: int, batches: list[list[int]], data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(module, "RUNS_PER_SHARD", runs)
        patch.setattr(module, "BYTES_PER_SHARD", size)
        patch.setattr(module, "_SHARDS_IN_MEMORY", in_memory)
        with RunStore(Path(folder) / "a") as store, RunStore(Path(folder) / "b") as other:
            for batch in batches:
                store.append([encode(record(i, **{f"of {i % 3}": 1.0})) for i in batch])
            known = sorted({i for batch in batches for i in batch})
            asked = data.draw(st.lists(st.sampled_from(known), max_size=20)) if known else []
            other.take_over(store)
            for one in (store, other):
                assert sorted(one) == [f"{i:032x}" for i in known]
                for order in (asked, asked[::-1]):  # shards are read, let go and read again
                    ids = [f"{i:032x}" for i in order]
                    found = one.numbers(ids, ["poor", "of 1"]).to_pylist()
                    assert found == [
                        {"poor": float(i), "of 1": 1.0 if i % 3 == 1 else None} for i in order
                    ]
                    tables = [(k, t["name"][1].as_py()) for k, t in one.tables(ids, "m")]
                    assert tables == [(k, str(i)) for k, i in enumerate(order)]
                    assert [one.record(run).numbers["poor"] for run in ids] == order
