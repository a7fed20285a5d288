"""The language of plans: every example of the page is a file, a command or what is printed."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from documented import ROOT
from fupin import cli

TEXT = (ROOT / "docs" / "plans.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w*)\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_every_example_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    said, shown = "", 0

    def typed(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["fupin", *words])
        with pytest.raises(SystemExit) as done:
            cli.main()
        nonlocal said
        out, err = capsys.readouterr()
        said = out + err
        return int(done.value.code or 0)

    for number, (language, block) in enumerate(FENCES):
        if language in ("yaml", "csv"):
            heading, content = block.split("\n", 1)
            file = heading.removeprefix("# ")
            assert file.endswith(f".{language}")
            Path(file).write_text(content if language == "csv" else block, encoding="utf-8")
            if language == "yaml":
                code = typed("check", file)
                following = [text for kind, text in FENCES[number + 1 : number + 2] if not kind]
                refused = bool(following) and file in following[0]
                assert code == (2 if refused else 0), said
        elif language == "bash":
            for line in block.splitlines():
                assert typed(*shlex.split(line)[1:]) == 0, said
        else:
            shown += 1
            assert squeezed(block) in squeezed(said), said
    assert shown >= 3
    assert "They are the same" in said or "平泉市" in said
    assert (tmp_path / "back.xlsx").is_file()


def test_a_table_that_goes_out_and_comes_back_is_the_same_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fupin.scenario.load import load_scenario

    monkeypatch.chdir(tmp_path)
    (table,) = (block for language, block in FENCES if language == "csv")
    Path("money.csv").write_text(table.split("\n", 1)[1], encoding="gb18030")
    for words in (
        ("import", "money.csv", "-o", "one.yaml"),
        ("export", "--plan", "one.yaml", "-o", "back.xlsx"),
        ("export", "one.yaml", "--plan", "back.csv", "--unit", "元"),
        ("import", "back.xlsx"),
        ("import", "back.csv", "-o", "three.yaml"),
    ):
        monkeypatch.setattr(sys, "argv", ["fupin", *words])
        with pytest.raises(SystemExit) as done:
            cli.main()
        assert not done.value.code, capsys.readouterr()
    plans = [load_scenario(name).programmes for name in ("one.yaml", "back.yaml", "three.yaml")]
    assert plans[0] == plans[1] == plans[2]
    assert plans[0].household_projects.by_county is not None
    assert sum(plans[0].household_projects.by_county.counties.values()) == 13_202_500
