"""The page on Python and the notebook: their code runs, and the notebook shows what comes out."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import nbformat
import pytest
from documented import ROOT, blocks
from matplotlib import pyplot

RENEW = "run: uv run python docs/make_notebook.py"


SMALLER = (("sample=0.02", "sample=0.005"), ('"sample": 0.02', '"sample": 0.005'),
           ("draws=8, seeds=2", "draws=8, seeds=1"))  # fmt: skip
"""What a page asks for, and what is run of it here: the same calls, of fewer villages."""


@pytest.mark.parametrize("page", ["docs/python.md", "README.md"])
def test_the_code_of_a_page_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path / "results")
    pyplot.switch_backend("Agg")
    found = blocks(ROOT / page, "python")
    assert found
    for written, tried in SMALLER:
        if page == "docs/python.md":
            assert any(written in code for code in found), written
        found = [code.replace(written, tried) for code in found]
    names: dict[str, Any] = {}
    for number, code in enumerate(found, start=1):
        exec(compile(code, f"{page}, block {number}", "exec"), names)
    pyplot.close("all")


def test_the_notebook_shows_what_comes_out(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("notebook", ROOT / "docs" / "make_notebook.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    written = nbformat.read(made.PAGE, as_version=4)
    now = made.executed(tmp_path)
    assert written.metadata == now.metadata, RENEW
    pictures = 0
    for shown, cell in zip(written.cells, now.cells, strict=True):
        assert shown.source == cell.source and shown.id == cell.id
        if cell.cell_type == "code":
            assert _said(shown.outputs) == _said(cell.outputs), RENEW
            pictures += sum("image/png" in output.get("data", {}) for output in cell.outputs)
    assert pictures >= 3


def _said(outputs: list[Any]) -> list[Any]:
    """What outputs say; pictures are of a machine's fonts."""
    return [
        output.get("text") or {k: v for k, v in output.data.items() if k != "image/png"}
        for output in outputs
    ]
