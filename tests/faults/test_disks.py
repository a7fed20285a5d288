"""Full disks, folders that may not be written, readers that leave.

Few faults here, many with
`FUPIN_FAULTS=40 uv run pytest -m slow tests/faults`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from real_commands import RUN, done, files, fupin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and mounts of Linux")


def test_a_disk_without_space_for_the_result(home: Path, mounted: Callable[..., Path]) -> None:
    disk = mounted("size=64k")
    code, out, err = done(fupin(home, *RUN, "--out", str(disk / "it")))
    assert code == 1
    assert "No space left on device" in err and "Traceback" not in err
    assert "official number" in " ".join(out.split())  # what was computed is shown
    assert list(disk.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("what", ["runs", "levels", "frames", "worlds"])
def test_a_cache_without_space_is_told_and_done_without(
    home: Path, mounted: Callable[..., Path], what: str
) -> None:
    assert done(fupin(home, *RUN, "--out", "whole", "--quiet"))[0] == 0
    full = mounted("size=400k")
    with contextlib.suppress(OSError), (full / "x").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    kept = home.parent / "cache" / what
    if kept.is_symlink():
        kept.unlink()
    else:
        shutil.rmtree(kept, ignore_errors=True)
    kept.symlink_to(full)
    # A recorded run would be read, and would need no level; a fresh one is not recorded.
    fresh = [] if what == "runs" else ["--fresh"]
    code, _, err = done(fupin(home, *RUN, *fresh, "--out", "it", "--quiet"))
    assert code == 0 and "Traceback" not in err, err
    assert what == "worlds" or "the cache takes no" in err
    assert files(home / "it") == files(home / "whole")
    assert [f.name for f in full.rglob("*") if f.is_file() and f.stat().st_size] == ["x"]


@pytest.mark.slow
def test_a_disk_that_cannot_be_written(home: Path, mounted: Callable[..., Path]) -> None:
    disk = mounted("size=20m")
    assert done(fupin(home, *RUN, "--out", str(disk / "it"), "--quiet"))[0] == 0
    before = files(disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for words, allowed in (
        ([*RUN, "--out", str(disk / "other")], (1, 2)),
        (["report", str(disk / "it")], (2,)),
        (["verify", str(disk / "it")], (0,)),
        (["new", "mine", "--out", str(disk / "mine.yaml")], (2,)),
        (["sweep", "tiny.yaml", "--workers", "1", "--out", str(disk / "s")], (1, 2)),
        (["calibrate", "--quick", "--folder", str(disk / "c")], (2,)),
        (["validate", "--out", str(disk / "v.json")], (2,)),
        (["export", str(disk / "it"), "--csv", str(disk / "t")], (1, 2)),
        (["export", str(disk / "it"), "--excel", str(disk / "t.xlsx")], (1, 2)),
    ):
        code, _, err = done(fupin(home, *words))
        assert code in allowed, (words, err)
        assert "Traceback" not in err, words
        assert (code == 0) or "fupin: " in err
        assert ".part" not in err, words  # the name that a user gave
    assert files(disk) == before


def test_standard_output_on_a_full_disk(home: Path) -> None:
    for words in (["list"], ["programmes"], ["parameters"]):
        with open("/dev/full", "w") as full:  # noqa: PTH123
            process = subprocess.run(
                [sys.executable, "-c", "from fupin.cli import main; main()", *words],
                cwd=home, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        assert process.returncode == 1
        assert process.stderr == "fupin: No space left on device.\n"


def test_a_reader_that_leaves_early(home: Path) -> None:
    process = fupin(home, "parameters")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 141  # of SIGPIPE; 1 is what `verify` says of damage


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)], ids=str)
def test_what_is_printed_into_closed_streams_goes_into_no_file(
    closed: tuple[int, ...], tmp_path: Path
) -> None:
    """`fupin ... >&-`: the next file that is opened would be standard output, of children too."""
    child = "import os, subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1)'])"
    code = (
        "from fupin.cli import open_what_is_closed; open_what_is_closed()\n"
        f"file = open('data', 'w')\n{child}\n"
        "print('x', flush=True); print('y', file=sys.stderr, flush=True)\n"
        "os.write(1, b'x'); os.write(2, b'y'); sys.stdin.read()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        cwd=tmp_path, preexec_fn=lambda: [os.close(number) for number in closed] and None,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data").read_bytes() == b""
    assert ("x" in done.stdout, "y" in done.stderr) == (1 not in closed, 2 not in closed)


def test_a_word_that_python_reads_in_another_encoding_is_not_called_wrong(home: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, _, err = done(fupin(home, "check", "方案.yaml", **plain))
    assert code == 2 and "is UTF-8, and Python reads it as" in err
    assert "export PYTHONUTF8=1" in err and err.count("\n") == 1
