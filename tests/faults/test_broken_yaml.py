"""Every kind of input file refuses the same broken YAML in the same way.

One message on one line, with file and line; exit code 2; nothing is written. A kind that is read in
a way of its own would show here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fupin import cli, paths
from fupin.calibration import moments  # noqa: F401  it reads the counts that come with fupin
from fupin.calibration.counts import load_counts
from fupin.calibration.space import load_space
from fupin.calibration.targets import load_targets
from fupin.parameters.book import load_book
from fupin.parameters.document import load_document
from fupin.scenario.load import load_scenario
from fupin.sweeps.file import load_sweep

PERSISTENCE = "livelihood.persistence"


@dataclass(frozen=True)
class Kind:
    """A kind of input file: a right one, the part of it that is broken, and who reads it."""

    right: str
    key: str
    value: str
    words: tuple[str, ...]
    load: Callable[[Path], object]
    name: str = "mine.yaml"

    @property
    def line(self) -> int:
        return 1 + self.right[: self.right.index(self.part)].count("\n")

    @property
    def part(self) -> str:
        return f"{self.key}: {self.value}"

    def saying(self, value: str) -> str:
        return self.right.replace(self.part, f"{self.key}: {value}")


VALIDATE = ("validate", "--out", "it.json")
RUN = ("--seeds", "1", "--out", "it")
PLAN = "title: A plan\nquota: 5\nprogrammes: {relocation: {budget: 5 million}}\n"
FIGURE = (
    "S01:\n  programme: overview\n  quantity: area\n  value: 1\n  unit: km2\n  when: 2009\n"
    "  scope: province\n  kind: X\n  role: input\n"
)

KINDS: dict[str, Kind] = {
    "scenario": Kind(PLAN, "quota", "5", ("run", "mine.yaml", *RUN), load_scenario),
    "what a scenario extends": Kind(PLAN, "quota", "5", ("run", "plan.yaml", *RUN), load_scenario),
    "what a sweep varies": Kind(PLAN, "quota", "5", ("sweep", "of-mine.yaml", *RUN), load_scenario),
    "sweep": Kind(
        "scenario: fupin:2009-document\ndesign: sobol\npoints: 8\nfactors:\n"
        "  register.review_probability: {range: [0.3, 0.4]}\n",
        "points", "8", ("sweep", "mine.yaml", *RUN), load_sweep,
    ),
    "factor": Kind(
        "scenario: fupin:2009-document\nfactors:\n  register.review_probability:\n"
        "    range: [0.3, 0.4]\n    steps: 3\n",
        "steps", "3", ("sweep", "mine.yaml", *RUN), load_sweep,
    ),
    "parameters": Kind(
        "first:\n  value: 0.5\n  unit: share\n  range: [0, 1]\n  grade: assumption\n"
        "  source: a test\n",
        "value", "0.5", ("parameters", "--book", "it.md"), lambda file: load_book(file.parent),
    ),
    "figures": Kind(
        FIGURE, "value", "1", ("parameters", "document"), load_document, "document.yaml"
    ),
    "targets": Kind(
        "one:\n  moment: gini_2008\n  value: 0.3\n  tolerance: 0.1\n  unit: index\n  role: A\n"
        "  source: somebody\n",
        "tolerance", "0.1", VALIDATE, load_targets, "targets.yaml",
    ),
    "counts": Kind(
        "S23:\n  tolerance: 0.1\n  by: []\n", "tolerance", "0.1", VALIDATE, load_counts,
        "counts.yaml",
    ),
    "priors": Kind(
        f"names: [{PERSISTENCE}]\ncalibrated: [{PERSISTENCE}]\n", "calibrated",
        f"[{PERSISTENCE}]", VALIDATE, load_space, "priors.yaml",
    ),
}  # fmt: skip

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def _after(text: str, more: str | bytes) -> bytes:
    return text.encode() + (more if isinstance(more, bytes) else more.encode())


# What is broken -> what the file then holds, and how many lines after its right content (None: at
# the broken value; 0: anywhere) the message points.
SHAPES: dict[str, tuple[Callable[[Kind], bytes], int | None]] = {
    "a tab": (lambda kind: _after(kind.right, "\tx: 1\n"), 1),
    "a key twice": (lambda kind: _after(kind.right, kind.right.split(":")[0] + ": 1\n"), 1),
    "a bracket left open": (lambda kind: _after(kind.right, "x: [1\n"), 1),
    "a second document": (lambda kind: _after(kind.right, "---\nx: 1\n"), 1),
    "a tag": (lambda kind: _after(kind.right, "x: !!python/object:os.system 1\n"), 1),
    "an alias of nothing": (lambda kind: _after(kind.right, "x: *nothing\n"), 1),
    "a merge key": (lambda kind: _after(kind.right, "<<: {x: 1}\n"), 1),
    "another encoding": (lambda kind: _after(kind.right, b"# caf\xe9\n"), 1),
    "many aliases": (lambda kind: _after(kind.right, LAUGHS), 0),
    "depth": (lambda kind: _after(kind.right, "x: " + "[" * 5000 + "\n"), 1),
    "a list": (lambda kind: b"- one\n- two\n", 0),
    "a word": (lambda kind: b"words\n", 0),
    "nothing": (lambda kind: b"", 0),
    "comments": (lambda kind: b"# nothing else\n", 0),
    "text for a number": (lambda kind: kind.saying("many").encode(), None),
    "a switch for a number": (lambda kind: kind.saying("on").encode(), None),
    "a list for a number": (lambda kind: kind.saying("[1]").encode(), None),
    "a mapping for a number": (lambda kind: kind.saying("{x: 1}").encode(), None),
    "not a number": (lambda kind: kind.saying(".nan").encode(), None),
    "infinity": (lambda kind: kind.saying("-.inf").encode(), None),
    "an unknown key": (
        lambda kind: kind.right.replace(f"{kind.key}:", f"{kind.key}x:").encode(), None,
    ),
}  # fmt: skip


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in with a right file of every kind, which commands read."""
    for name in dict.fromkeys(kind.name for kind in KINDS.values()):
        kind = next(kind for kind in KINDS.values() if kind.name == name)
        (tmp_path / name).write_text(kind.right)
    (tmp_path / "plan.yaml").write_text("extends: mine.yaml\n")
    (tmp_path / "of-mine.yaml").write_text(
        "scenario: mine.yaml\nfactors: {assets: [smooth, threshold]}\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "calibration", lambda: tmp_path)
    return tmp_path


def _types(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    before, sys.argv = sys.argv, ["fupin", *words]
    try:
        cli.main()
    except SystemExit as done:
        code = int(done.code or 0)
    finally:
        sys.argv = before
    return code, *capsys.readouterr()


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_file_is_right(kind: str, away: Path) -> None:
    file = away / KINDS[kind].name
    file.write_text(KINDS[kind].right)
    for other in ("targets.yaml", "counts.yaml", "priors.yaml", "plan.yaml", "of-mine.yaml"):
        if other != file.name and kind == "parameters":  # of which every file of a folder is read
            (away / other).unlink()
    KINDS[kind].load(file)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_file_is_one_message_with_its_line(
    kind: str,
    shape: str,
    away: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    how, (broken, after) = KINDS[kind], SHAPES[shape]
    file = away / how.name
    if kind in ("parameters", "figures"):
        folder = away / "parameters"
        folder.mkdir()
        (folder / "mine.yaml").write_text(KINDS["parameters"].right)
        file = folder / how.name
        monkeypatch.setattr(paths, "parameters", lambda: folder)
    file.write_bytes(broken(how))
    before = sorted(away.rglob("*"))
    code, out, err = _types(how.words, capsys)
    assert code == 2 and not out, (out, err)
    assert re.match(rf"fupin: \S*{re.escape(how.name)}:[0-9]+:[0-9]+: .+\n\Z", err), err
    assert len(err) < 900
    if after != 0:
        line = how.line if after is None else how.right.count("\n") + after
        assert f"{how.name}:{line}:" in err
    if shape == "an unknown key":
        assert f"{how.key}x: unknown key. Did you mean {how.key}?" in err
    assert sorted(away.rglob("*")) == before
