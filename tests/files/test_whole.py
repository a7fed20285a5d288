"""A user's file is there whole or not at all: on a full disk, killed, and where two write it."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fupin.files import whole

Writer = Callable[[Path, bytes], None]

both = pytest.mark.parametrize("write", [whole.write_new, whole.replace], ids=["new", "replace"])


@pytest.fixture(params=["nameless", "beside", "no links"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ways in which systems let a file come to be at once."""
    if request.param != "nameless":
        monkeypatch.setattr(whole, "_NAMELESS", 0)
    if request.param == "no links":

        def link(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", link)
    return str(request.param)


@both
def test_it_is_written_where_nothing_stands(write: Writer, tmp_path: Path) -> None:
    write(tmp_path / "it", b"content")
    assert (tmp_path / "it").read_bytes() == b"content"
    assert [f.name for f in tmp_path.iterdir()] == ["it"]


@both
def test_its_permissions_are_those_of_any_new_file(write: Writer, tmp_path: Path) -> None:
    earlier = os.umask(0o027)
    try:
        write(tmp_path / "it", b"content")
    finally:
        os.umask(earlier)
    assert (tmp_path / "it").stat().st_mode & 0o777 == 0o640


def test_what_stands_there_is_replaced_or_left(tmp_path: Path) -> None:
    (tmp_path / "it").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        whole.write_new(tmp_path / "it", b"other")
    assert (tmp_path / "it").read_bytes() == b"old"
    whole.replace(tmp_path / "it", b"new")
    assert (tmp_path / "it").read_bytes() == b"new"
    (tmp_path / "nowhere").symlink_to("gone")
    with pytest.raises(FileExistsError):
        whole.write_new(tmp_path / "nowhere", b"other")
    assert sorted(f.name for f in tmp_path.iterdir()) == ["it", "nowhere"]


def test_who_was_quicker_is_not_replaced(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "it").write_bytes(b"theirs")
    monkeypatch.setattr(os.path, "lexists", lambda file: False)  # when it was looked at
    with pytest.raises(FileExistsError):
        whole.write_new(tmp_path / "it", b"mine")
    assert (tmp_path / "it").read_bytes() == b"theirs"
    assert [f.name for f in tmp_path.iterdir()] == ["it"]


@both
@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process")
def test_where_there_is_no_space_nothing_is_left(way: str, write: Writer, tmp_path: Path) -> None:
    script = (
        "import os, resource, signal, sys\n"
        "from pathlib import Path\n"
        "from fupin.files import whole\n"
        f"whole._NAMELESS = {whole._NAMELESS}\n"
        "if sys.argv[3] == 'no links':\n"
        "    def link(*_, **__): raise OSError(1, 'Operation not permitted')\n"
        "    os.link = link\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    getattr(whole, sys.argv[1])(Path(sys.argv[2]), bytes(1_000_000))\n"
        "except OSError as error:\n"
        "    print(error.errno, error.filename)\n"
    )
    file = tmp_path / "it"
    if write is whole.replace:
        file.write_bytes(b"old")
    words = [sys.executable, "-c", script, write.__name__, str(file), way]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert said.startswith(f"{errno.EFBIG} ")
    assert ".part" not in said
    left = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    assert left == ({"it": b"old"} if write is whole.replace else {})


@pytest.mark.skipif(sys.platform != "linux", reason="links, pipes and modes of Linux")
def test_killed_at_any_moment_it_leaves_the_old_or_the_new(way: str, tmp_path: Path) -> None:
    if way == "no links":
        return  # replacing needs none
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from fupin.files import whole\n"
        f"whole._NAMELESS = {whole._NAMELESS}\n"
        "print(flush=True)\n"
        "for turn in range(10**6):\n"
        "    whole.replace(Path(sys.argv[1]), bytes([turn % 256]) * 300_000)\n"
    )
    nameless = way == "nameless" and whole._by_link(b"", tmp_path / "try", tmp_path / "try")
    (tmp_path / "try").unlink(missing_ok=True)
    chance = random.Random(1)
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "it")], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        left = {f for f in tmp_path.iterdir() if f.stat().st_size != 300_000}
        assert not left or not nameless  # written beside, a half stays under a hidden name
        assert tmp_path / "it" not in left
        content = (tmp_path / "it").read_bytes() if (tmp_path / "it").exists() else b""
        assert len(set(content)) <= 1
