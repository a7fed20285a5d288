"""Every sweep that comes with fupin is valid, runs, and opens as docs/sweeps.md shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from fupin import paths
from fupin.commands.sweep import Options, run_sweep
from fupin.engine.many import run_many
from fupin.sweeps.file import load_sweep

OURS = sorted((paths.scenarios() / "sweeps").glob("*.yaml"))
PAGE = (Path(__file__).parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_every_point_of_ours_is_valid_and_one_runs(file: Path) -> None:
    sweep = load_sweep(file, sample=0.005)
    assert sweep.name == file.stem
    assert sweep.title != sweep.name
    points = [sweep.points[i] for i in range(len(sweep.points))]
    if sweep.design != "morris":  # whose trajectories may cross
        assert len({str(point.factors) for point in points}) == len(points)
    one = run_many([points[-1]], [1], settings={"twins": False}, workers=1)
    assert one.failures.num_rows == 0, one.failures.to_pylist()
    assert one.table["mean_income"].to_pylist()[0] > 1000


def test_ours_keep_their_fiscal_total() -> None:
    for name in ("training-budget", "packages", "space-filling"):
        sweep = load_sweep(paths.scenarios() / "sweeps" / f"{name}.yaml")
        totals = {
            sweep.points[i].scenario.class_totals()["fiscal"] for i in range(len(sweep.points))
        }
        assert totals == {743_000_000}, name


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two of our sweeps as the page reads them, on very few villages."""
    home = tmp_path_factory.mktemp("page")
    for name, shorter in (
        ("training-budget", ("steps: 3", "steps: 2")),
        ("screening", ("trajectories: 10", "trajectories: 2")),
    ):
        text = (paths.scenarios() / "sweeps" / f"{name}.yaml").read_text(encoding="utf-8")
        assert shorter[0] in text
        file = home / f"{name}.yaml"
        file.write_text(text.replace(*shorter) + "twins: off\n", encoding="utf-8")
        out = home / "results" / name
        run_sweep(Options(sweep=file, seeds="1", sample="0.005", workers=1, out=out, quiet=True))
    return home


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda text: text.split()[1])
def test_the_page_reads_tables_as_it_says(
    snippet: str,
    results: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(results)
    exec(compile(snippet, "docs/sweeps.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "lifted" in shown or "mu_star" in shown
    runs = parquet.read_table(results / "results" / "training-budget" / "runs.parquet")
    if "mu_star" not in shown:
        # Three budgets, three rows, and the mean of the first that anybody would compute.
        assert sum(budget in shown.replace(",", "") for budget in ("15270000", "1.527")) >= 1
        assert runs.num_rows == 6


def test_the_page_shows_the_sweep_that_we_have(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "training-budget.yaml"
    file.write_text(shown, encoding="utf-8")
    ours = paths.scenarios() / "sweeps" / "training-budget.yaml"
    copied = shutil.copy(ours, tmp_path / "ours.yaml")
    one, other = load_sweep(file), load_sweep(Path(copied))
    assert [one.points[i].factors for i in range(9)] == [other.points[i].factors for i in range(9)]
    assert one.seeds == other.seeds
