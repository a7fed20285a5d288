"""The tutorial from its first command to its last: what it shows is what comes out."""

from __future__ import annotations

import csv
import re
import shlex
import sys
from pathlib import Path

import pytest
from documented import ROOT, blocks, commands
from fupin import cli

PAGE = ROOT / "docs" / "tutorial.md"
TEXT = PAGE.read_text(encoding="utf-8")
COLUMNS = ("trained", "placed", "additional_jobs", "households_reached", "lifted")


def in_order() -> list[str]:
    """Its commands, one after the other."""
    found = [line.removeprefix("uv run ") for line in TEXT.splitlines() if "uv run fupin" in line]
    assert set(found) == {c.removeprefix("uv run ") for c in commands(PAGE) if "fupin" in c}
    return found


def squeezed(text: str) -> set[str]:
    return {" ".join(line.split()) for line in text.splitlines() if line.strip()}


@pytest.mark.slow
def test_a_reader_who_types_along_sees_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path / "results")
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    mine, sweep = (b for b in blocks(PAGE, "yaml"))
    (tmp_path / "how-much.yaml").write_text(sweep, encoding="utf-8")
    said = {}
    for command in in_order():
        words = shlex.split(command)
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as done:
            cli.main()
        out, err = capsys.readouterr()
        assert done.value.code == 0, (command, err)
        said[words[1]] = out
        if words[1] == "new":  # the reader edits what was written
            (tmp_path / "more-training.yaml").write_text(mine, encoding="utf-8")
    for shown in (block for block in blocks(PAGE, "") if "uv run" not in block):
        name = "diff" if "->" in shown else "compare"
        assert squeezed(shown) <= squeezed(said[name]), squeezed(shown) - squeezed(said[name])
    rows = re.findall(r"^\| ([\d.]+) \| (.*) \|$", TEXT, re.MULTILINE)
    with (tmp_path / "how-much" / "means.csv").open(encoding="utf-8-sig") as file:
        means = {float(row[_BUDGET]): row for row in csv.DictReader(file)}
    assert len(rows) == len(means) == 4
    for budget, cells in rows:
        row = means[float(budget) * 1e6]
        for name, cell in zip(COLUMNS, cells.split(" | "), strict=True):
            shown_value = float(cell.replace(",", ""))
            assert shown_value == pytest.approx(float(row[f"{name}.mean"]), abs=5.1), (budget, name)
    assert (tmp_path / "decision" / "report.html").is_file()
    assert (tmp_path / "decision" / "report.zh.html").is_file()


_BUDGET = "programmes.skills_training.budget"
