"""`fupin calibrate` and `fupin validate` end to end, with a toy in the model's place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fupin.calibration.waves import QUICK, Settings
from fupin.commands import calibrate, validate
from fupin.results import posterior_table
from fupin.results.draws import parse_draws
from toy_calibration import (
    REGISTER_SPACE,
    REGISTER_TARGETS,
    register_toy,
    register_toy_and_twins,
)

Fupin = Callable[..., tuple[int, str, str]]


TINY = Settings(first=40, later=(12, 12), replicated=3, seeds=1, steps=60, rows=60)


class Plan(dict[str, Any]):
    """As much of a scenario as the commands touch; a mapping, so that runs can be named by it."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def model_copy(self, update: dict[str, Any]) -> Plan:
        return Plan({**self, **update})


def _plan() -> Plan:
    return Plan(name="toy", counting="register", population=Plan(sample="default"))


def _about(plan: Any) -> dict[str, Any]:
    return {"plan": plan.name, "sample": plan.population.sample, "versions": {}, "hashes": {}}


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Both commands with the toy; their caches and results lie in a temporary folder."""
    monkeypatch.setenv("FUPIN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path / "results")
    monkeypatch.setattr("fupin.calibration.waves.QUICK", TINY)
    common = (_plan, lambda: REGISTER_SPACE, lambda: REGISTER_TARGETS, _about)
    monkeypatch.setattr(calibrate, "_parts", lambda: calibrate.Parts(register_toy, *common))
    monkeypatch.setattr(
        validate, "_parts",
        lambda: validate.Parts(register_toy, *common, register_toy_and_twins),
    )  # fmt: skip
    return tmp_path


def test_calibrate_then_validate(fupin: Fupin, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin.calibration.waves.QUICK", QUICK)
    code, out, err = fupin("calibrate", "--quick", "--workers", "1")
    assert code == 0, err
    folder = toy / "results" / "calibration"
    assert {file.name for file in folder.iterdir()} == {
        "posterior-A.csv", "posterior-B.csv", "posterior.json", "runs.csv",
        "learned.png", "targets.png",
    }  # fmt: skip
    assert max(len(line) for line in out.splitlines()) <= 80 and "…" not in out
    for text in ("Posterior A", "held out", "The ridge", "autocorrelation time"):
        assert text in out
    manifest = json.loads((folder / "posterior.json").read_text())
    fits = {fit["target"]: fit for fit in manifest["fits"]["B"]}
    assert abs(fits["lifted"]["mean"] - 200_000) < 10_000
    # The toy's net fall is a product: growth of the spread and the chance of a review trade off.
    ridge = manifest["ridge"]
    reviews = [step["parameters"]["register.review_probability"] for step in ridge]
    growth = [step["parameters"]["livelihood.spread_growth"] for step in ridge]
    assert reviews == sorted(reviews) and growth[0] < growth[-1]

    code, out, err = fupin(
        "validate", "--folder", str(folder), "--draws", "20", "--seeds", "2",
        "--few", "3", "--workers", "1",
        "--out", "report.json",
    )  # fmt: skip
    assert code == 0, err
    assert max(len(line) for line in out.splitlines()) <= 80 and "…" not in out
    for text in ("no change since 2001", "naive", "because incomes rose",
                 "counting: survey", "assets: threshold", "alone", "missed"):  # fmt: skip
        assert text in out
    report = json.loads(Path("report.json").read_text())
    b = report["predictive"]["B"]
    assert abs(b["lifted"]["mean"] - 200_000) < 12_000 and b["lifted"]["sd_draws"] > 0
    survey, register = (
        report["variants"][f"counting: {x}"]["lifted"] for x in ("survey", "register")
    )
    assert survey["mean"] == pytest.approx(register["mean"] / 2)
    a_only = {line["target"] for line in report["held_out"]["A"]}
    assert a_only == {"lifted", "registered_2009", "three_prefectures_2009"}
    alone = [step["moments"]["lifted"] for step in report["ridge"]["alone"]]
    along = [step["moments"]["lifted"] for step in report["ridge"]["along"]]
    assert max(alone) - min(alone) > 2 * (max(along) - min(along))
    missed = {one["what"]: one["passed"] for one in report["requirements"]}
    assert missed["lifted within two tolerances (and two standard errors), or named"] is True
    code, out, _ = fupin("validate", "--folder", str(folder), "--draws", "20", "--quiet")
    assert code == 0 and "three_prefectures" not in out  # held out is not required


def test_a_second_calibration_runs_nothing_and_gives_the_same_bytes(
    fupin: Fupin, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("calibrate", "--quick", "--workers", "1", "--quiet")
    assert fupin(*words, "--folder", str(toy / "one"))[0] == 0

    def never(scenario: Any, draw: Any, seed: int) -> dict[str, float]:
        raise AssertionError("this run was done")

    never.__module__ = register_toy.__module__
    never.__qualname__ = never.__name__ = register_toy.__name__
    parts = calibrate._parts()
    monkeypatch.setattr(
        calibrate, "_parts",
        lambda: calibrate.Parts(never, parts.plan, parts.space, parts.targets, parts.about),
    )  # fmt: skip
    assert fupin(*words, "--folder", str(toy / "two"))[0] == 0
    for name in ("posterior-A.csv", "posterior-B.csv", "posterior.json", "runs.csv"):
        assert (toy / "one" / name).read_bytes() == (toy / "two" / name).read_bytes()


def test_the_self_test_needs_runs_and_reports_coverage(fupin: Fupin, toy: Path) -> None:
    code, _, err = fupin("calibrate", "--self-test", "--folder", str(toy / "none"))
    assert code == 2 and "no runs of a calibration" in err
    assert fupin("calibrate", "--quick", "--workers", "1", "--quiet")[0] == 0
    folder = toy / "results" / "calibration"
    code, out, err = fupin("calibrate", "--self-test", "--folder", str(folder), "--workers", "1")
    assert code == 0 and "data sets" in out
    assert "fewer than 100 data sets" in err
    test = json.loads((folder / "self-test.json").read_text())
    assert test["sets"] == 40
    assert 0.35 < test["half"] < 0.65 and 0.8 < test["ninety"] <= 1


def test_draws_are_rows_of_posterior_b(
    fupin: Fupin, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fupin("calibrate", "--quick", "--workers", "1", "--quiet")[0] == 0
    folder = toy / "results" / "calibration"
    monkeypatch.setattr("fupin.paths.calibration", lambda: folder)
    rows = posterior_table.read_posterior("B")
    draws = parse_draws("3")
    assert [draw.label for draw in draws] == ["posterior:1", "posterior:2", "posterior:3"]
    assert [dict(draw.overrides) for draw in draws] == rows[:3]
    (central,) = parse_draws("central")
    assert central.label == "central"
    assert (
        dict(central.overrides)
        == posterior_table.read_posterior("B")[posterior_table.central_row()]
    )
    code, _, err = fupin("validate", "--draws", "999")
    assert code == 2 and "more rows" in err
    with pytest.raises(Exception, match="more rows"):
        parse_draws("999")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("calibrate", "--runs", "3"), "too few"),
        (("calibrate", "--sample", "lots"), "not a sample"),
        (("calibrate", "--workers", "0"), "nobody to work"),
        (("validate",), "not calibrated"),
        (("validate", "--folder", "nowhere"), "not calibrated"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(
    fupin: Fupin, toy: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.setattr("fupin.paths.calibration", lambda: toy / "empty")
    code, out, err = fupin(*words)
    assert code == 2 and message in err and out == ""
    assert list(toy.iterdir()) == []


def test_a_file_in_the_folder_s_place(fupin: Fupin, toy: Path) -> None:
    Path("taken").write_text("")
    code, _, err = fupin("calibrate", "--folder", "taken")
    assert code == 2 and "is a file" in err


@pytest.mark.parametrize("command", ["calibrate", "validate"])
def test_without_the_extra_it_says_what_to_install(
    fupin: Fupin, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(calibrate, "_NEEDED", ("a_package_that_nobody_has",))
    code, out, err = fupin(command)
    assert code == 2 and out == ""
    assert "fupin[calibrate]" in err
