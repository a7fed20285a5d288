"""`fupin sensitivity`, `fupin discover` and exports as a user meets them, on made-up runs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas
import pytest
from fupin.errors import InputError
from fupin.uncertainty.files import read_discovery, read_sensitivity
from made_up_sweep import three_plans

SIZE = 16  # parameter vectors


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return three_plans(tmp_path / "mine", SIZE)


def test_sensitivity_prints_writes_and_is_read(fupin, mine: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, err = fupin("sensitivity", "mine")
    assert code == 0, err
    assert "96 runs" not in out
    assert "What drives mine: 32 worlds (16 parameter vectors under 2 forms of the model)" in (
        " ".join(out.split())
    )
    assert "matter" in out and "register.review_probability" in out
    assert "Does a plan lead by lifted?" in out
    folder = mine / "uncertainty"
    assert sorted(f.name for f in folder.iterdir()) == [
        "assumptions.csv", "report.html", "sensitivity.json", "sensitivity.svg", "variance.csv",
    ]  # fmt: skip
    content = read_sensitivity(mine)
    rows = pandas.read_csv(folder / "assumptions.csv", keep_default_na=False)
    assert len(rows) == sum(len(a["assumptions"]) for a in content["answers"])
    shares = pandas.read_csv(folder / "variance.csv").groupby(["outcome", "of"]).share.sum()
    assert shares.tolist() == pytest.approx([1.0] * len(shares), abs=1e-4)
    before = {f.name: f.read_bytes() for f in folder.iterdir()}
    code, out, _ = fupin("sensitivity", "mine", "--json")
    assert out.encode() == before["sensitivity.json"]
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == before  # the same bytes

    runs = pandas.read_parquet(mine / "runs.parquet")
    runs["lifted"] += 1.0
    runs.to_parquet(mine / "runs.parquet")
    with pytest.raises(InputError, match="made from other runs"):
        read_sensitivity(mine)
    with pytest.raises(InputError, match=r"has no discover.json yet\. Give `fupin discover"):
        read_discovery(mine)


def test_reports_in_other_languages_follow(fupin, mine: Path) -> None:  # type: ignore[no-untyped-def]
    """A Chinese report that stood there from before must not go on telling half of it."""
    chinese = mine / "uncertainty" / "report.zh.html"
    assert fupin("sensitivity", "mine", "--quiet")[0] == 0
    assert not chinese.exists()  # nobody asked for one
    assert fupin("report", "mine", "--lang", "zh")[0] == 0
    before = chinese.read_text(encoding="utf-8")
    code, out, err = fupin("discover", "mine", "--fails", "lifted < 150 thousand")
    assert code == 0, err
    assert [line.split("/")[-1] for line in out.splitlines() if line.startswith("Report: ")] == [
        "report.html", "report.zh.html",
    ]  # fmt: skip
    after = chinese.read_text(encoding="utf-8")
    assert after != before
    assert fupin("report", "mine", "--lang", "zh")[0] == 0
    assert chinese.read_text(encoding="utf-8") == after  # as if it was asked for


def test_discover_prints_writes_and_is_read(fupin, mine: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, err = fupin("discover", "mine", "--fails", "lifted < 150 thousand")
    assert code == 0, err
    text = " ".join(out.split())
    assert "as-it-is fails (lifted < 150,000) in" in text
    assert "lifted over the same 32 worlds, persons; more is better" in text
    folder = mine / "uncertainty"
    assert sorted(f.name for f in folder.iterdir()) == [
        "boxes.csv", "discover.json", "discover.svg", "report.html", "robustness.csv",
    ]  # fmt: skip
    content = read_discovery(mine)
    assert [box["plan"] for box in content["boxes"]] == content["plans"]
    assert pandas.read_csv(folder / "robustness.csv").plan.tolist() == content["plans"]
    picture = (folder / "discover.svg").read_text(encoding="utf-8")
    assert picture.count("coverage: part of all failures inside") == 3 or "<path" in picture
    code, out, _ = fupin(
        "discover", "mine", "--fails", "lifted.regret > 5000", "--plan", "training", "--most", "1",
        "--over", "programmes.training_premium", "--outcome", "income_poor_end", "--quiet",
    )  # fmt: skip
    assert (code, Path(out.strip())) == (0, Path("mine/uncertainty/discover.json"))
    assert [t["outcome"] for t in read_discovery(mine)["robustness"]] == ["income_poor_end"]


def test_bad_input_is_exit_2_and_nothing_is_written(fupin, mine: Path) -> None:  # type: ignore[no-untyped-def]
    runs = pandas.read_parquet(mine / "runs.parquet")
    runs.loc[3, "income_poor_end"] = np.nan
    runs.to_parquet(mine / "runs.parquet")
    fails = ("--fails", "lifted < 150000")
    for arguments, message in [
        (("sensitivity", "mine"), f"run {runs.run[3]}"),
        (("sensitivity", "mine", "--outcome", "liftd"), "Did you mean lifted?"),
        (("sensitivity", "nowhere"), "no folder of a sweep"),
        (("discover", "mine"), "--fails"),
        (("discover", "mine", "--fails", "liftd < 3"), "no column liftd. Did you mean lifted?"),
        (("discover", "mine", "--fails", "income_poor_end > 3"), f"run {runs.run[3]}"),
        (("discover", "mine", *fails, "--plan", "trainin"), "Did you mean training?"),
        (("discover", "mine", *fails, "--most", "0"), "--most 0 is not from 1 to 10"),
        (("discover", "mine", *fails, "--density", "60"), "--density 60 is no share"),
        (("export", "mine"), "--xarray FILE or --ema FILE"),
    ]:
        code, out, err = fupin(*arguments)
        assert (code, out) == (2, ""), (arguments, err)
        assert message in err, (arguments, err)
    assert not (mine / "uncertainty").exists()


def test_xarray_has_runs_over_point_draw_and_seed(fupin, mine: Path) -> None:  # type: ignore[no-untyped-def]
    import xarray

    code, _, err = fupin("export", "mine", "--xarray", "mine.nc")
    assert code == 0, err
    runs = pandas.read_parquet(mine / "runs.parquet")
    with xarray.open_dataset(mine.parent / "mine.nc") as found:
        assert dict(found["lifted"].sizes) == {"point": 6, "draw": SIZE, "seed": 2}
        one = runs[(runs.point == 4) & (runs.draw == "prior:7") & (runs.seed == 2)]
        there = found["lifted"].sel(point=4, draw="prior:7", seed=2)
        assert float(there) == one.lifted.item()
        assert str(there["plan"].item()) == one.plan.item() == "training"
        assert found["lifted"].attrs["units"] == "persons"
        assert found["additional_jobs"].isnull().all()
        review = found["parameters"].sel(draw="prior:7", parameter="register.review_probability")
        about = json.loads((mine / "sweep.json").read_text())
        assert float(review) == about["draws"][6]["overrides"]["register.review_probability"]


def test_the_ema_workbench_loads_what_we_write(fupin, mine: Path) -> None:  # type: ignore[no-untyped-def]
    import warnings

    code, _, err = fupin("export", "mine", "--ema", "mine.tar.gz")
    assert code == 0, err
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import load_results

    experiments, outcomes = load_results(str(mine.parent / "mine.tar.gz"))
    runs = pandas.read_parquet(mine / "runs.parquet")
    assert outcomes["lifted"].tolist() == pytest.approx(runs.lifted.tolist())
    assert np.isnan(outcomes["additional_jobs"]).all()
    assert experiments["policy"].astype(str).tolist() == runs.plan.tolist()
    assert experiments["scenario"].nunique() == 2 * SIZE
    assert str(experiments["counting"].dtype) == "category"
    assert experiments["programmes.training_premium"].nunique() == SIZE
    code, _, err = fupin("export", "mine", "--ema", "mine.tar.gz")
    assert code == 2 and "exists already" in err
