"""Whatever a command is told to write, no file of somebody's own is replaced, nothing half left.

One list says which options name a file to be written. A command that has another such option fails
a test here, so that it cannot be forgotten.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from fupin.cli import cli
from fupin.cli import main as command_line
from fupin.errors import InputError
from fupin.files.targets import BRIEF, REPORT, Kind, require_place
from fupin.lives.summary import summarise
from fupin.report import brief as briefs
from fupin.report import html as html_reports
from fupin.results.draws import Draw
from fupin.store import folder as store
from made_up_runs import KEYS, result

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="links, pipes and modes of Linux")

SMALL = ("--seeds", "1", "--draws", "central", "--workers", "1", "--sample", "0.005")
PLAN = "extends: fupin:2009-document\nhorizon: 2009\npopulation: {sample: 0.005}\n"

FILES: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("report", "--output"): (("it",), "report.html"),
    ("brief", "--out"): (("it",), "brief.html"),
    ("schema", "--out"): ((), "schema.json"),
    ("parameters", "--book"): ((), "book.md"),
    ("new", "--out"): (("mine",), "mine.yaml"),
    ("import", "--out"): (("money.csv",), "mine.yaml"),
    ("validate", "--out"): ((), "found.json"),
    ("export", "--out"): (("plan.yaml", "--plan"), "money.csv"),
    ("export", "--excel"): (("it",), "it.xlsx"),
    ("export", "--xarray"): (("it",), "it.nc"),
    ("export", "--ema"): (("it",), "it.tar.gz"),
}
"""(command, option that names a file): the other words, and a name that the file could have."""

FOLDERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("run", "--out"): ("plan.yaml", *SMALL),
    ("compare", "--out"): ("plan.yaml", "plan.yaml", *SMALL),
    ("allocate", "--out"): ("plan.yaml",),
    ("attribute", "--out"): ("plan.yaml",),
    ("sweep", "--out"): ("sweep.yaml",),
    ("export", "--csv"): ("it",),
    ("calibrate", "--folder"): ("--quick",),
}
"""The same of options that name a folder to be made."""

READS = {("validate", "--folder"), ("view", "--folder"), ("validate", "--calibration")}
"""Options with a path that is only read."""


def test_every_option_that_names_a_file_is_in_a_list() -> None:
    found = set()
    for name in cli.list_commands(click.Context(cli)):
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        for option in command.params:
            if isinstance(option, click.Option) and isinstance(option.type, click.Path):
                found.add((name, max(option.opts, key=len)))
    known = set(FILES) | set(FOLDERS)
    assert found - READS == known, (
        f"{sorted((found - READS) ^ known)}: add the option to FILES, FOLDERS or READS above"
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with a result, a plan, a table, a file of somebody's own."""
    monkeypatch.chdir(tmp_path)
    draws = [Draw("prior:1"), Draw("prior:2")]
    runs = [result(draw.label, 1) for draw in draws]
    store.write_result(
        tmp_path / "it", scenario={"name": "mine"}, draws=draws, seeds=[1],
        summary=summarise(runs, KEYS), results=runs, versions={"fupin": "0.2.0"},
        hashes={"sources": "ab"},
    )  # fmt: skip
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "sweep.yaml").write_text(
        "scenario: plan.yaml\nfactors: {programmes.skills_training.budget: [1 million, 2 million]}",
        encoding="utf-8",
    )
    (tmp_path / "money.csv").write_text("县,skills_training (万元)\n大名县,10\n", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("somebody's own")
    yield tmp_path


def _told(words: list[str], capfd: pytest.CaptureFixture[str], code: int = 2) -> str:
    """The one message of a command that is refused."""
    capfd.readouterr()
    before, sys.argv = sys.argv, ["fupin", *words]
    try:
        with pytest.raises(SystemExit) as ended:
            command_line()
    finally:
        sys.argv = before
    said = capfd.readouterr()
    assert ended.value.code == code, (words, said)
    assert code == 0 or said.err.count("\n") == 1, (words, said.err)
    return said.err


def _in_the_way(home: Path, name: str) -> dict[str, str]:
    """Names of the right ending at which nothing may be written."""
    ending = name[name.index(".") :]
    for folder in ("taken", "empty", "full"):
        (home / folder).mkdir()
    own, link, nowhere = f"own{ending}", f"link{ending}", f"nowhere{ending}"
    (home / own).write_text("somebody's own")
    (home / link).symlink_to("mine.txt")
    (home / nowhere).symlink_to("not/there")
    (home / f"folder{ending}").mkdir()
    return {
        "own": own, "link": link, "a link to nowhere": nowhere, "folder": f"folder{ending}",
        "below a file": f"mine.txt/{name}", "in no folder": f"away/{name}",
        "too long": "x" * 300 + ending, "a file of the result": "it/run.json",
        "the plan": "plan.yaml",
    }  # fmt: skip


def _content(home: Path) -> dict[str, bytes | str]:
    return {
        f.relative_to(home).as_posix(): str(f.readlink()) if f.is_symlink() else f.read_bytes()
        for f in home.rglob("*")
        if f.is_symlink() or f.is_file()
    }


@pytest.mark.parametrize("command", FILES, ids=" ".join)
def test_a_file_that_is_no_earlier_one_is_left_as_it_is(
    command: tuple[str, str], home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words, name = FILES[command]
    ways = _in_the_way(home, name)
    before = _content(home)
    for how, target in ways.items():
        said = _told([command[0], *words, command[1], target], capfd)
        assert said.startswith("fupin: ") and "Traceback" not in said, (how, said)
        assert _content(home) == before, how
    assert not (home / "away").exists()


@pytest.mark.parametrize("command", FOLDERS, ids=" ".join)
def test_a_folder_that_is_taken_is_left_as_it_is(
    command: tuple[str, str], home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (home / "folder").mkdir()
    (home / "folder" / "own").write_text("somebody's own")
    (home / "link").symlink_to("mine.txt")
    (home / "nowhere").symlink_to("not/there")
    before = _content(home)
    ways = ["mine.txt", "folder", "link", "nowhere", "mine.txt/below", "x" * 300, "/proc/x"]
    if command[0] == "calibrate":  # a folder of a calibration is added to
        ways.remove("folder")
    for target in ways:
        said = _told([command[0], *FOLDERS[command], command[1], target], capfd)
        assert said.startswith("fupin: "), (target, said)
        assert _content(home) == before, target


def test_templates_say_what_they_are() -> None:
    html, brief = (Path(module.__file__ or "").parent for module in (html_reports, briefs))
    report = (html / "page.html").read_bytes()
    assert all(words in report for words in REPORT.has)
    assert all(words in (brief / "brief.html").read_bytes() for words in BRIEF.has)


@pytest.mark.parametrize("command", [("schema", "--out"), ("parameters", "--book")], ids=" ".join)
def test_an_earlier_one_is_replaced(
    command: tuple[str, str], home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words, name = FILES[command]
    for _ in range(2):
        _told([command[0], *words, command[1], name], capfd, code=0)
        size = (home / name).stat().st_size
        assert size > 1000
        (home / name).write_bytes((home / name).read_bytes() + b" ")
    assert not [f for f in home.iterdir() if f.name.startswith(".")]


KIND = Kind("list of mine", (b"mine",))


def test_what_is_in_the_way_is_told(tmp_path: Path) -> None:
    file = tmp_path / "it"
    require_place(file, "--out", KIND)
    assert list(tmp_path.iterdir()) == []
    for content in (b"", b"a list of mine"):
        file.write_bytes(content)
        require_place(file, "--out", KIND)
        assert file.read_bytes() == content and len(list(tmp_path.iterdir())) == 1
        with pytest.raises(InputError, match="exists already"):
            require_place(file, "--out")
    for odd in ("/dev/null", "/dev/full", "/dev/zero"):
        with pytest.raises(InputError, match="no ordinary file"):
            require_place(Path(odd), "--out", KIND)
