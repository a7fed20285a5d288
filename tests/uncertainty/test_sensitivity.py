"""From a sweep folder to sentences: planted drivers come out, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.sweeps import designs
from fupin.uncertainty.sensitivity import sensitivity, usual_outcomes
from fupin.uncertainty.worlds import read_worlds
from made_up_sweep import luck, three_plans, write_sweep


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    worlds = read_worlds(three_plans(tmp_path_factory.mktemp("sweeps") / "mine"))
    assert usual_outcomes(worlds) == ["lifted", "income_poor_end"]
    return sensitivity(worlds, ["lifted"])


def test_what_drives_the_level_by_associations(found: dict[str, Any]) -> None:
    level = found["answers"][0]
    assert (level["of"], level["minus"], level["method"]) == ("as-it-is", None, "association")
    assert level["top"] == ["register.review_probability", "counting"]
    review = level["assumptions"][0]
    assert (review["grade"], review["direction"]) == ("assumption", 1)
    # By construction: variances of 200,000 uniform over 0.8, of 60,000 halved, of luck.
    parameters, structure, chance = (2e5 * 0.8) ** 2 / 12, 3e4**2, 8e3**2
    whole = parameters + structure + chance
    shares = level["variance"]["shares"]
    assert shares["structure"] == pytest.approx(structure / whole, abs=0.12)
    assert shares["chance"] == pytest.approx(chance / whole, abs=0.03)
    assert shares["together"] == pytest.approx(0.0, abs=0.01)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-5)
    assert level["words"][0].startswith(
        "Two assumptions matter for lifted under as-it-is: register.review_probability ("
    )
    assert "rises with it, an assumption" in level["words"][0]


def test_what_drives_the_difference_is_another_thing(found: dict[str, Any]) -> None:
    gap = found["answers"][1]
    assert {gap["of"], gap["minus"]} == {"training", "poorest-first"}
    assert gap["top"] == ["programmes.training_premium"]
    assert gap["variance"]["shares"]["parameters"] == pytest.approx(1.0, abs=0.01)


def test_the_ranking_depends_on_what_was_planted(found: dict[str, Any]) -> None:
    (ranking,) = found["rankings"]
    by_name = {one["name"]: one for one in ranking["by"]}
    premium = by_name["programmes.training_premium"]
    assert premium["changes"]
    assert premium["groups"][0]["leader"] == "poorest-first"
    assert premium["groups"][0]["best"]["poorest-first"] == 1.0
    assert premium["groups"][2]["leader"] == "training"
    assert premium["groups"][2]["best"]["training"] == 1.0
    assert not by_name["counting"]["changes"]
    said = " ".join(ranking["words"])
    # Half of the worlds want the one and half the other: none leads in all, and each in its part.
    assert not ranking["told"] and "no plan leads" in said
    assert "programmes.training_premium matters: ahead of poorest-first" in said
    assert "counting matters" not in said


def test_morris_says_what_matters_and_forgives_common_luck(tmp_path: Path) -> None:
    names = ["register.review_probability", "livelihood.persistence", "livelihood.home_forgone"]
    shares = designs.morris(names, 8, [4] * 3) / 3
    points = [dict(zip(names, row, strict=True)) for row in shares.tolist()]

    def formula(point: dict[str, Any], _: dict[str, float], seed: int) -> dict[str, float | None]:
        # Much luck that all points share, a little of each point's own.
        y = 1e5 * luck(seed) + 5_000 * point[names[0]] - 1_000 * point[names[1]]
        return {"lifted": y + 30 * luck(seed, tuple(point.values()))}

    worlds = read_worlds(write_sweep(tmp_path / "m", points, formula, design="morris"))
    (answer,) = sensitivity(worlds, ["lifted"])["answers"]
    assert (answer["method"], answer["variance"]) == ("morris", None)
    assert answer["top"] == names[:2]
    by_name = {a["name"]: a for a in answer["assumptions"]}
    assert by_name[names[0]]["importance"] == pytest.approx(5_000, rel=0.02)
    assert by_name[names[1]]["importance"] == pytest.approx(1_000, rel=0.1)
    assert by_name[names[1]]["direction"] == -1
    assert not by_name[names[2]]["matters"]
    few = read_worlds(write_sweep(tmp_path / "few", points[:8], formula, design="morris"))
    with pytest.raises(InputError, match="2 trajectories say little"):
        sensitivity(few, ["lifted"])


def test_sobol_on_a_spread_design_states_the_emulators_error(tmp_path: Path) -> None:
    names = ["register.review_probability", "livelihood.persistence", "assets"]
    shares = designs.sobol(names, 64)
    points = [
        {names[0]: a, names[1]: b, "assets": "smooth" if c < 0.5 else "threshold"}
        for a, b, c in shares.tolist()
    ]

    def formula(point: dict[str, Any], _: dict[str, float], seed: int) -> dict[str, float | None]:
        y = 100 * point[names[0]] + 20 * (point["assets"] == "threshold")
        return {"lifted": y + 4 * luck(seed, point[names[0]])}

    worlds = read_worlds(write_sweep(tmp_path / "s", points, formula, design="sobol"))
    (answer,) = sensitivity(worlds, ["lifted"])["answers"]
    assert answer["method"] == "sobol"
    assert answer["top"] == [names[0], "assets"]
    first, second = 100**2 / 12, 10**2
    by_name = {a["name"]: a for a in answer["assumptions"]}
    assert by_name[names[0]]["importance"] == pytest.approx(first / (first + second), abs=0.06)
    error = answer["emulator"]
    assert error["chance"] == pytest.approx(8 / (first + second + 8), abs=0.01)
    assert 0.0 < error["missed"] < 3 * error["chance"]  # little beyond what no emulator could know
    assert error["r2"] == pytest.approx(1 - error["missed"], abs=1e-5)
    assert any("that it had not seen" in sentence for sentence in answer["words"])


def test_an_undefined_outcome_is_refused(tmp_path: Path) -> None:
    worlds = read_worlds(three_plans(tmp_path / "mine", vectors=3))
    with pytest.raises(InputError, match="undefined in every run"):
        sensitivity(worlds, ["additional_jobs"])
