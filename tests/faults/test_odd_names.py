"""Folders whose names mean something to a library: a result goes there and nowhere else."""

from __future__ import annotations

import ast
import shutil
import sys
from pathlib import Path

import fupin
import pytest
from fupin.commands.sweep import Options as SweepOptions
from fupin.commands.sweep import run_sweep
from fupin.files.integrity import read_json
from fupin.lives.summary import summarise
from fupin.report.exchange import write_ema, write_netcdf
from fupin.report.export import sheets, write_csv
from fupin.report.html.page import write_report
from fupin.report.workbook import write_excel
from fupin.results.draws import Draw
from fupin.store import folder as store
from fupin.sweeps.folder import read_columns, read_index, read_means
from fupin.verify.reruns import verify
from made_up_runs import KEYS, result

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not take")

NAMES = (
    "~root",
    "~",
    "con:",
    "s3:",
    "file:",
    "a b%20c",
    "x?y=1#z",
    "[a-z]*",
    "方案",
    "-x",
    "$HOME",
)
FUNCTIONS = {"read_table", "write_table", "ParquetFile", "ParquetWriter", "read_schema",
             "read_metadata", "read_csv", "open_csv", "to_netcdf"}  # fmt: skip
SWEEP = """\
scenario: fupin:2009-document
sample: 0.005
twins: off
seeds: 1
factors: {programmes.skills_training.budget: [15 million, 60 million]}
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home that nobody may write to by mistake."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.mark.parametrize("name", NAMES)
def test_a_run_is_written_read_and_exported_where_it_was_told(name: str, tmp_path: Path) -> None:
    draws = [Draw("prior:1"), Draw("prior:2")]
    runs = [result(draw.label, 1) for draw in draws]
    folder = Path(name) / "it"
    store.write_result(
        folder, scenario={"name": "mine"}, draws=draws, seeds=[1], summary=summarise(runs, KEYS),
        results=runs, versions={"fupin": "0.2.0"}, hashes={"sources": "ab"},
    )  # fmt: skip
    assert read_json(folder / store.RUN_FILE)["scenario"] == {"name": "mine"}
    assert "runs" in sheets(folder) and verify(folder).wrong == []
    write_csv(sheets(folder), Path(name) / "csv")
    write_excel(sheets(folder), Path(name) / "book.xlsx")
    assert sorted(f.name for f in Path(name).iterdir()) == ["book.xlsx", "csv", "it"]
    assert [f.name for f in Path().iterdir()] == [name]
    assert [f.name for f in (tmp_path / "home").iterdir() if f.name != ".cache"] == []


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep whose folder is called as no other: `~`, a colon and all."""
    home = tmp_path_factory.mktemp("swept")
    (home / "steps.yaml").write_text(SWEEP, encoding="utf-8")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(home)
        run_sweep(
            SweepOptions(sweep=Path("steps.yaml"), out=Path("~root:1"), workers=1, quiet=True)
        )
    assert sorted(f.name for f in home.iterdir()) == ["steps.yaml", "~root:1"]
    return home / "~root:1"


@pytest.mark.parametrize("name", ["~root", "con:"])
def test_a_sweep_is_read_and_exported_where_it_was_told(name: str, swept: Path) -> None:
    shutil.copytree(swept, name)
    folder = Path(name)
    assert len(read_index(folder).points) == 2
    assert read_means(folder) is not None and read_columns(folder, ["lifted"])["lifted"]
    assert verify(folder).wrong == []
    write_report(folder)
    Path("to:").mkdir()
    write_netcdf(folder, Path("to:") / "it.nc")
    write_ema(folder, Path("to:") / "it.tar.gz")
    assert sorted(f.name for f in Path("to:").iterdir()) == ["it.nc", "it.tar.gz"]
    here = {f.name for f in Path().iterdir() if not f.name.startswith(".coverage")}
    assert here == {name, "to:"}


def _given(call: ast.Call) -> ast.expr:
    """What a function of FUNCTIONS is given as its file."""
    of_table = isinstance(call.func, ast.Attribute) and call.func.attr == "write_table"
    return call.args[1 if of_table else 0]


def test_no_library_is_given_a_name_that_it_could_read_more_into() -> None:
    package = Path(fupin.__file__).parent
    seen = 0
    for file in package.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr not in FUNCTIONS or not call.args:
                continue
            of = ast.unparse(call.func.value)
            if of not in ("parquet", "pyarrow.parquet", "csv", "made"):
                continue  # a method of an open file, or of ours
            seen += 1
            given = _given(call)
            assert isinstance(given, ast.Call) and ast.unparse(given.func) == "exact", (
                f"{file.relative_to(package)}:{call.lineno}: give exact(file), of fupin.files.exact"
            )
    assert seen > 10
