"""What is kept is what was kept, or it is not there; and nothing that happens to it is fatal."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fupin import paths, processes
from fupin.files import kept
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    kept.forget()
    yield
    kept.forget()


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_what_is_kept_comes_back(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "below" / "it"
        assert kept.read(file, kept.LEVELS) is None
        assert kept.write(file, kept.LEVELS, content)
        found = kept.read(file, kept.LEVELS)
        assert found is not None and bytes(found) == content
        assert [f.name for f in file.parent.iterdir()] == ["it"]


@given(st.binary(min_size=1, max_size=60), st.data())
@settings(max_examples=150, deadline=None)
def test_no_other_bytes_are_believed(content: bytes, data: st.DataObject) -> None:
    """Any flipped bit, any cut, anything added, in the head as in the content."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "it"
        kept.write(file, kept.LEVELS, content)
        whole = bytearray(file.read_bytes())
        match data.draw(st.sampled_from(["flip", "cut", "add", "double"])):
            case "flip":
                bit = data.draw(st.integers(0, 8 * len(whole) - 1))
                whole[bit // 8] ^= 1 << bit % 8
            case "cut":
                whole = whole[: data.draw(st.integers(0, len(whole) - 1))]
            case "add":
                whole += data.draw(st.binary(min_size=1, max_size=5))
            case "double":
                whole = 2 * whole
        file.write_bytes(whole)
        assert kept.read(file, kept.LEVELS) is None
        assert not file.exists()
        assert kept.mended


def test_another_file_or_kind_is_not_believed(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for file in (one, other):
        kept.write(file, kept.LEVELS, file.name.encode())
    one.replace(other)
    assert kept.read(other, kept.LEVELS) is None
    kept.write(one, kept.LEVELS, b"1")
    assert kept.read(one, kept.KERNELS) is None


@pytest.mark.parametrize(
    "what", ["folder", "link", "nowhere", "round", "pipe", "device", "huge", "closed"]
)
def test_whatever_stands_there_is_replaced(
    tmp_path: Path, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file, aside = tmp_path / "it", tmp_path / "aside"
    aside.write_bytes(b"somebody's")
    if what == "folder":
        (file / "below").mkdir(parents=True)
    elif what == "link":
        file.symlink_to(aside)
    elif what == "nowhere":
        file.symlink_to(tmp_path / "nowhere")
    elif what == "round":
        file.symlink_to(file)
    elif what == "pipe":
        os.mkfifo(file)
    elif what == "device":
        file.symlink_to("/dev/zero")
    elif what == "huge":
        with file.open("wb") as stream:
            stream.truncate(2**40)
    else:
        kept.write(file, kept.WORLDS, b"x")
        file.chmod(0)
        if os.access(file, os.R_OK):
            pytest.skip("root reads everything")
    assert kept.read(file, kept.LEVELS) is None
    assert capfd.readouterr().err.count("\n") == 1
    assert kept.write(file, kept.LEVELS, b"new")
    found = kept.read(file, kept.LEVELS)
    assert found is not None and bytes(found) == b"new"
    assert aside.read_bytes() == b"somebody's"
    assert sorted(f.name for f in tmp_path.iterdir()) == ["aside", "it"]


def test_a_full_disk_is_said_once_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    real = Path.open

    def full(self: Path, mode: str = "r", *rest: object, **more: object) -> object:
        if "w" in mode:
            real(self, mode).close()  # the name fits, the content does not
            raise OSError(28, "No space left on device")
        return real(self, mode, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    for name in ("a", "b"):
        assert not kept.write(tmp_path / name, kept.LEVELS, b"x")
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr().err.count("No space left on device") == 1


def test_what_killed_writers_left_goes_after_a_day(tmp_path: Path) -> None:
    for name in (".old.partial", ".new.partial", "kept"):
        (tmp_path / name).write_text("")
    (tmp_path / ".folder").mkdir()
    for name in (".old.partial", "kept", ".folder"):
        os.utime(tmp_path / name, (0, 0))
    kept.sweep_up(tmp_path)
    assert sorted(f.name for f in tmp_path.iterdir()) == [".new.partial", "kept"]


@pytest.mark.skipif(os.name == "nt", reason="links and devices of Unix")
@pytest.mark.parametrize("how", ["a file", "nowhere", "a device", "no home"])
def test_a_cache_that_takes_nothing_is_said_once_for_all_processes(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "cache"
    if how == "a file":
        place.write_text("mine")
    elif how == "nowhere":
        place.symlink_to(tmp_path / "not" / "there")
    names = {"a device": "/dev/full", "no home": "~nobody-of-this-name/x"}
    monkeypatch.setenv("FUPIN_CACHE", names.get(how, str(place)))
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    kept.try_cache()
    assert not kept.write(paths.cache() / "it", kept.LEVELS, b"content")
    program = processes.python(
        "from fupin import paths; from fupin.files import kept; kept.try_cache();"
        "assert not kept.write(paths.cache() / 'it', kept.LEVELS, b'x')"
    )
    subprocess.run(program, check=True)
    said = capfd.readouterr().err
    assert said.count("\n") == said.count("the cache takes no") == 1
    assert str(paths.cache()) in said
    assert sorted(tmp_path.iterdir()) == before


def test_a_cache_that_takes_everything_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUPIN_CACHE", str(tmp_path / "new"))
    kept.try_cache()
    (tmp_path / "new" / "runs").mkdir()
    kept.try_cache()
    assert [f.name for f in tmp_path.rglob("*")] == ["new", "runs"]
    assert capfd.readouterr().err == ""


def test_the_sign_of_home_is_read_where_no_shell_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FUPIN_CACHE", "~/mine")
    assert paths.cache() == tmp_path / "mine"
