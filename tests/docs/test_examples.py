"""The report and the brief to look at before anything is installed (docs/make_examples.py)."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from documented import ROOT
from fupin.commands.run import Options, run_scenario
from fupin.errors import InputError
from fupin.files.targets import BRIEF, PDF, REPORT

DOCS = ROOT / "docs"
EXAMPLES = sorted(file for file in (DOCS / "examples").iterdir() if file.is_file())


@pytest.fixture(scope="module")
def script() -> Any:
    """docs/make_examples.py as a module."""
    spec = importlib.util.spec_from_file_location("make_examples", DOCS / "make_examples.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_examples"] = module
    spec.loader.exec_module(module)
    return module


def kind_of(file: Path) -> Any:
    """What a file of this name is to be."""
    if file.suffix == ".pdf":
        return PDF
    return BRIEF if "-brief" in file.name else REPORT


def test_the_script_writes_what_lies_there(
    tmp_path: Path, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_scenario(
        Options(
            scenario="fupin:2009-document", seeds="1", draws="central", sample="0.005",
            workers=1, out=tmp_path / "run", quiet=True,
        )
    )  # fmt: skip
    made = script.written(run, tmp_path / "made")
    assert sorted(file.name for file in made) == [file.name for file in EXAMPLES]
    assert all(kind_of(file).is_one(file) for file in made)
    assert script.written(run, tmp_path / "made") == made  # earlier ones are replaced
    made[0].write_text("mine", encoding="utf-8")
    with pytest.raises(InputError):
        script.written(run, tmp_path / "made")
    monkeypatch.setattr(script, "MOST", 1000)
    made[0].unlink()
    with pytest.raises(SystemExit):
        script.written(run, tmp_path / "made")


def test_examples_are_small_and_all_are_linked(script: Any) -> None:
    assert sum(file.stat().st_size for file in EXAMPLES) <= script.MOST
    index = (DOCS / "README.md").read_text("utf-8")
    for file in EXAMPLES:
        assert kind_of(file).is_one(file), file
        assert f"(examples/{file.name})" in index, file


@pytest.mark.parametrize(
    "file", [f for f in EXAMPLES if f.suffix == ".html"], ids=lambda file: file.name
)
def test_an_example_is_of_the_default_run_and_names_no_folder_of_its_maker(file: Path) -> None:
    text = file.read_text("utf-8")
    assert re.search(r"20(?:\s|&nbsp;|\u2060)*(?:runs|次运行)", text)
    assert not re.search(r"/(tmp|home|work|root)/\w", text)
