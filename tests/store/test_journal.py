"""A journal gives back what was written, whatever happened to the rest of the file."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from fupin.store import journal as module
from fupin.store.journal import DiskFull, Journal, damaged_bytes, framed, whole_frames
from hypothesis import given, settings
from hypothesis import strategies as st

PAYLOADS = [b"one", b"", b"three " * 50, module.MARK * 3, bytes(range(256))]


def contents(file: Path) -> list[bytes]:
    content = file.read_bytes()
    return [content[p.start : p.start + p.length] for p in whole_frames(content)]


def test_what_was_appended_is_there_after_opening_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    first = journal.append(PAYLOADS[:2])
    second = journal.append(PAYLOADS[2:])
    assert [journal.read(place) for place in first + second] == PAYLOADS
    journal.close()
    again = Journal(tmp_path / "j")
    assert [again.read(place) for place in again.places] == PAYLOADS
    again.append([b"six"])
    assert contents(tmp_path / "j") == [*PAYLOADS, b"six"]
    again.clear()
    assert contents(tmp_path / "j") == []
    again.append([b"seven"])
    again.close()
    assert contents(tmp_path / "j") == [b"seven"]


@given(cut=st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_a_cut_anywhere_loses_only_what_was_behind_it(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("cut") / "j"
    frames = [framed(payload) for payload in PAYLOADS]
    whole = b"".join(frames)
    cut %= len(whole) + 1
    file.write_bytes(whole[:cut])
    ends = [sum(map(len, frames[: i + 1])) for i in range(len(frames))]
    left = sum(end <= cut for end in ends)
    journal = Journal(file)
    assert [journal.read(place) for place in journal.places] == PAYLOADS[:left]
    journal.append([b"after the accident"])
    journal.close()
    assert contents(file) == [*PAYLOADS[:left], b"after the accident"]
    assert damaged_bytes(file.read_bytes()) == 0


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_a_flipped_bit_anywhere_loses_one_record(
    at: int, bit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("flip") / "j"
    frames = [framed(payload) for payload in PAYLOADS]
    altered = bytearray(b"".join(frames))
    at %= len(altered)
    altered[at] ^= 1 << bit
    file.write_bytes(altered)
    hit = next(i for i in range(len(frames)) if at < sum(map(len, frames[: i + 1])))
    journal = Journal(file)
    found = [journal.read(place) for place in journal.places]
    assert found == PAYLOADS[:hit] + PAYLOADS[hit + 1 :]
    journal.append([b"after the accident"])
    journal.close()
    assert contents(file) == [*found, b"after the accident"]


@pytest.mark.parametrize("step", ["write", "half a write", "flush"])
def test_a_full_disk_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    journal = Journal(tmp_path / "j")
    journal.append([b"before"])
    write, flush = module._write, os.fsync

    def full(handle: int, data: bytes = b"", at: int = 0) -> None:
        if step == "half a write":
            write(handle, data[: len(data) // 2], at)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def no_flush(handle: int) -> Any:
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    monkeypatch.setattr(module, "_write", write if step == "flush" else full)
    monkeypatch.setattr(os, "fsync", no_flush if step == "flush" else flush)
    with pytest.raises(DiskFull):
        journal.append([b"during", b"too"])
    assert contents(tmp_path / "j") == [b"before"]
    monkeypatch.setattr(module, "_write", write)
    monkeypatch.setattr(os, "fsync", flush)
    journal.append([b"during", b"too"])
    journal.close()
    assert contents(tmp_path / "j") == [b"before", b"during", b"too"]


def test_a_failing_disk_is_no_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "j")

    def fail(*_: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(module, "_write", fail)
    with pytest.raises(OSError, match="Input/output"):
        journal.append([b"x"])
