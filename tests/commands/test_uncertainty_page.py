"""The worked example of docs/uncertainty.md: its very commands, on fewer runs of fewer villages."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from fupin import paths
from fupin.uncertainty.files import read_discovery, read_sensitivity

PAGE = (Path(__file__).parents[2] / "docs" / "uncertainty.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.split("\n## Which of three plans")[1].split("\n## ")[0]
COMMANDS = re.findall(r"^uv run fupin (.*)$", EXAMPLE, re.MULTILINE)

SMALLER = {
    "three-plans": [("sample: 0.02", "sample: 0.005"), ("draws: 12", "draws: prior:2")],
    "three-plans-assumptions": [
        ("sample: 0.02", "sample: 0.005"), ("points: 96", "points: 32"),
    ],
}  # fmt: skip


def test_the_example_runs_as_written(fupin, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(paths, "results", lambda: tmp_path / "results")
    sweeps = tmp_path / "scenarios" / "sweeps"
    sweeps.mkdir(parents=True)
    for name, changes in SMALLER.items():
        text = (paths.scenarios() / "sweeps" / f"{name}.yaml").read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text, (name, before)
            text = text.replace(before, after)
        (sweeps / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert [command.split()[0] for command in COMMANDS].count("sweep") == 2
    assert {"sensitivity", "discover"} <= {command.split()[0] for command in COMMANDS}
    said = []
    for command in COMMANDS:
        words = shlex.split(command.split("  #")[0])
        code, out, err = fupin(*words, *(("--workers", "1") if words[0] == "sweep" else ()))
        assert code == 0, (command, err)
        said.append(out)
    text = " ".join(" ".join(said).split())
    assert "Does a plan lead by" in text
    assert "worst tenth" in text or "worst" in text
    assert "The emulator of 32 points explains" in text
    results = tmp_path / "results"
    plans = [
        "2009-document", "training-instead-of-projects", "poorest-counties-first",
    ]  # fmt: skip
    three = read_sensitivity(results / "three-plans")
    assert three["plans"] == plans
    assert three["answers"][0]["variance"]["shares"]["structure"] is not None
    assert read_sensitivity(results / "three-plans-assumptions")["answers"][0]["method"] == "sobol"
    assert read_discovery(results / "three-plans-assumptions")["plans"] == plans
