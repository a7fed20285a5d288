"""What Python gives is what the commands write, and frames say what files say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import fupin
import numpy as np
import pandas
import pytest
from fupin.errors import InputError
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.scenario.programmes import PROGRAMME_KEYS

from tests.api.conftest import Both

KINDS = ("run", "comparison", "sweep")
WHEN = ("run.json", "report.html", "sweep.json", "journal", "report.zh.html")
"""Files that hold a time, or hashes of one that does."""


def of(both: Both, kind: str) -> fupin.Result:
    found: fupin.Result = getattr(both, kind)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_as_the_command_writes(both: Both, kind: str, tmp_path: Path) -> None:
    mine = of(both, kind).save(tmp_path / kind)
    theirs = both.folder(kind)
    names = {f.relative_to(theirs).as_posix() for f in theirs.rglob("*") if f.is_file()}
    names -= {"report.html"}
    assert {f.relative_to(mine).as_posix() for f in mine.rglob("*") if f.is_file()} == names
    same = [name for name in names if Path(name).name not in WHEN]
    assert len(same) > 5
    for name in same:
        assert (mine / name).read_bytes() == (theirs / name).read_bytes(), name
    if kind != "sweep":
        records = [json.loads((folder / "run.json").read_text()) for folder in (mine, theirs)]
        for record in records:
            del record["created"], record["hashes"]["record"]
        assert records[0] == records[1]


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_saved_is_read_back(both: Both, kind: str, tmp_path: Path) -> None:
    result = of(both, kind)
    read = fupin.read(result.save(tmp_path / "it"))
    assert type(read) is type(result)
    assert read == result and read.folder == tmp_path / "it"
    again = read.save(tmp_path / "again")
    for file in (f for f in (tmp_path / "it").rglob("*") if f.is_file()):
        place = again / file.relative_to(tmp_path / "it")
        assert place.read_bytes() == file.read_bytes(), file.name
    assert fupin.read(both.folder(kind)) == result
    assert read != of(both, KINDS[KINDS.index(kind) - 1])
    assert repr(read) == repr(result)


def test_results_that_differ_are_not_equal(both: Both) -> None:
    other = fupin.run(both.more, seeds=[1], draws="prior:8", sample=0.005, workers=1)
    assert other != both.run
    assert other.tables == both.run.tables


def test_outcomes_are_those_of_the_summary_with_units(both: Both) -> None:
    frame = both.run.outcomes
    assert frame.index.name == "outcome" and list(frame.index) == list(OUTCOMES)
    assert list(frame.columns) == ["mean", "low", "high", "sd_seeds", "sd_draws", "unit",
                                   "description"]  # fmt: skip
    for key, entry in both.run.summary["outcomes"].items():
        row = frame.loc[key]
        assert (row.unit, row.description) == (OUTCOMES[key].unit, OUTCOMES[key].description)
        for name, value in entry.items():
            assert row[name] == value if value is not None else np.isnan(row[name])
    assert [frame[name].dtype.kind for name in frame.columns[:5]] == ["f"] * 5
    years = both.run.by_year
    assert years.loc[(2009, "lifted"), "mean"] == frame.loc["lifted", "mean"]


def test_programmes_and_figures(both: Both) -> None:
    frame = both.run.programmes
    assert frame.index.names == ["programme", "outcome"]
    assert len(frame) == len(PROGRAMME_KEYS) * len(PROGRAMME_OUTCOMES)
    assert frame.loc[("skills_training", "budget"), "mean"] == 80_540_000
    figures = both.run.figures
    assert figures.loc["S27", "document"] == 200_000 and figures.loc["S27", "unit"] == "persons"
    assert figures.loc["S27", "mean"] == both.run.summary["figures"]["S27"]["mean"]
    lifted, document = figures.loc["S27", "mean"], figures.loc["S27", "document"]
    assert figures.loc["S27", "difference"] == pytest.approx(lifted / document - 1)
    assert figures.loc["S17", "bound"] == "about"
    parts = figures[figures.index.str.startswith("S84.")]
    assert len(parts) and all(": " in text for text in parts.quantity)
    off = fupin.run("2009-no-programmes", seeds=1, draws="central", sample=0.005, workers=1)
    assert off.figures.loc["S40", "status"] == "off"
    assert set(figures.status) == {"", "not modelled"} | (set(figures.status) & {"off"})


def test_differences_of_a_comparison(both: Both) -> None:
    frame = both.comparison.outcomes
    entry = both.comparison.summary["outcomes"]["more"]["spent"]
    row = frame.loc[("more", "spent")]
    assert (row.base, row.value, row["mean"]) == (
        entry["base"], entry["plan"], entry["difference"]["mean"],
    )  # fmt: skip
    assert row.unit == "yuan"
    budget = both.comparison.programmes.loc[("more", "skills_training", "budget")]
    assert budget["mean"] == pytest.approx(50_000_000)
    figures = both.comparison.figures
    assert list(figures.index.names) == ["plan", "figure"]
    worlds = both.comparison.table("figures").set_index(["world", "figure"])
    assert figures.loc[("more", "S27"), "mean"] == worlds.loc[("more", "S27"), "mean"]
    cost = both.comparison.cost
    assert cost.index.names == ["plan", "measure"] and set(cost.unit) == {"yuan/person"}


def test_points_of_a_sweep(both: Both) -> None:
    points, long = both.sweep.points, both.sweep.outcomes
    assert both.sweep.factors == ["programmes.skills_training.budget", "recognition"]
    assert points["programmes.skills_training.budget"].tolist() == [30e6, 30e6, 61e6, 61e6]
    assert long.loc[(3, "lifted"), "mean"] == points.loc[3, "lifted.mean"]
    assert long.loc[(3, "lifted"), "unit"] == points.attrs["units"]["lifted.mean"] == "persons"
    runs = both.sweep.table("runs")
    mean = runs[runs.point == 3].lifted.mean()
    assert long.loc[(3, "lifted"), "mean"] == pytest.approx(mean)
    assert both.sweep.tables == ["failures", "runs"]


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_tables_are_the_files_with_units(both: Both, kind: str) -> None:
    result = of(both, kind)
    assert result.tables == sorted(f.stem for f in both.folder(kind).glob("*.parquet"))
    for name in result.tables:
        frame = result.table(name)
        file = pandas.read_parquet(both.folder(kind) / f"{name}.parquet")
        added = ["unit"] if "unit" in frame and "unit" not in file else []
        assert list(frame.columns) == [*file.columns, *added], name
        for column in file.columns:
            a, b = frame[column], file[column]
            assert a.dtype == b.dtype or a.dtype.kind not in "iuf", (name, column)
            assert a.equals(b.astype(a.dtype)), (name, column)
        texts = frame.select_dtypes(exclude="number").columns
        assert not set(frame.attrs["units"]) & set(texts), name


def test_units_of_tables(both: Both) -> None:
    counties = both.run.table("county_by_year").attrs["units"]
    assert counties == {"persons": "persons", "registered_poor": "persons",
                        "income_poor": "persons", "income_yuan": "yuan"}  # fmt: skip
    year = both.run.table("province_by_year").attrs["units"]
    assert (year["mean_income"], year["gini"], year["share_wage"]) == (
        "yuan/person", "index", "share",
    )  # fmt: skip
    assert set(both.run.table("ledger_by_month").attrs["units"].values()) == {"yuan"}
    runs = both.run.table("runs").set_index("outcome").unit
    assert set(runs["mean_income"]) == {"yuan/person"} and set(runs["S27"]) == {"persons"}
    assert not (both.run.table("runs").unit == "").any()
    for name in ("months", "counties", "targeting", "dynamics", "line", "gains", "additionality"):
        assert not (both.comparison.table(name).unit == "").any(), name


def test_drivers(both: Both) -> None:
    frame = both.run.drivers("lifted")
    assert frame.index.names == ["outcome", "parameter"] and len(frame) == 10
    assert frame.correlation.abs().is_monotonic_decreasing
    changed = both.comparison.drivers("spent", "placed")
    assert set(changed.index.get_level_values("outcome")) <= {"spent", "placed"}
    few = fupin.run(both.plan, seeds=1, draws="prior:3", sample=0.005, workers=1)
    for ask, message in (
        (lambda: few.drivers(), "3 draws cannot tell"),
        (lambda: both.run.drivers("liftd"), "Did you mean lifted?"),
        (lambda: both.comparison.drivers(plan="mroe"), "Did you mean more?"),
    ):
        with pytest.raises(InputError, match=message):
            ask()


def test_a_report_of_what_was_not_saved(both: Both, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    result = fupin.run(both.plan, seeds=1, draws="central", sample=0.005, workers=1)
    file = result.report(tmp_path / "it.html")
    assert both.plan.title in file.read_text(encoding="utf-8")
    assert result.folder is None and list(tmp_path.iterdir()) == [file]
    with pytest.raises(InputError, match=r"report\(\"plan.html\"\)"):
        result.report()
    result.save(tmp_path / "saved")
    assert result.report(language="zh") == tmp_path / "saved" / "report.zh.html"
    with pytest.raises(InputError, match="language= has en"):
        result.report(language="fr")
    with pytest.raises(InputError, match="Let path= name a file"):
        result.report(tmp_path / "no" / "where.html")


def test_saving_never_replaces_anything(both: Both, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    for kind in KINDS:
        with pytest.raises(InputError, match=r"not empty.*Let folder= name a new folder"):
            of(both, kind).save(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.doc"]


def test_saving_without_a_name(both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path)
    assert both.run.save().name.startswith("more-20")
    assert both.comparison.save().name.startswith("compare-2009-document-20")
    assert both.sweep.save() == both.home / "python"


def test_reading_says_what_is_wrong(both: Both, tmp_path: Path) -> None:
    for place, message in ((tmp_path / "no", "There is no folder"), (tmp_path, "no result folder")):
        with pytest.raises(InputError, match=message):
            fupin.read(place)
    folder = tmp_path / "altered"
    shutil.copytree(both.folder("run"), folder)
    table = folder / "runs.csv"
    table.write_text(table.read_text() + "\n")
    with pytest.warns(UserWarning, match=r"altered since it was written: runs\.csv"):
        found = fupin.read(folder)
    with pytest.raises(InputError, match="Restore the folder"):
        found.save(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    (folder / "run.json").write_text("{}")
    with pytest.raises(InputError):
        fupin.read(folder)


def test_unknown_tables(both: Both) -> None:
    for kind in KINDS:
        with pytest.raises(InputError, match="There is no table runz"):
            of(both, kind).table("runz")


def test_a_notebook_shows_them(both: Both) -> None:
    for shown in (both.plan, both.run, both.comparison, both.sweep):
        page = shown._repr_html_()  # type: ignore[attr-defined]
        assert page.count("<tr>") == page.count("</tr>") > 5
        assert ">nan<" not in page and ">None<" not in page
    hostile = both.plan.with_(title="<script>alert(1)</script>")
    assert "<script>" not in hostile._repr_html_()


def test_a_notebook_calls_the_range_of_few_runs_a_range(both: Both) -> None:
    page = both.run._repr_html_()
    assert "range of 16 runs" in page and "90% interval" not in page
