"""From a sweep folder to a box in words, and a table of robustness."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.uncertainty.boxes import Restriction
from fupin.uncertainty.discovery import discover, restriction_words
from fupin.uncertainty.worlds import Worlds, read_worlds
from made_up_sweep import three_plans


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return read_worlds(three_plans(tmp_path_factory.mktemp("sweeps") / "mine"))


def test_the_planted_box_in_words(worlds: Worlds) -> None:
    content = discover(worlds, "lifted < 150000", plans=["as-it-is"]).content
    (box,) = content["boxes"]
    assert box["fails"] == pytest.approx((worlds.outcome("lifted")[0] < 150_000).mean(), abs=1e-6)
    restrictions = {r["name"]: r for r in box["box"]["restrictions"]}
    assert "register.review_probability" in restrictions
    assert set(restrictions) <= {"register.review_probability", "counting"}
    assert restrictions["register.review_probability"]["high"] < 0.65
    assert box["held_out"]["density"] > 1.5 * box["fails"]
    said = " ".join(box["words"])
    assert "It fails when" in said and "register.review_probability is below" in said


def test_where_a_plan_is_not_the_best(worlds: Worlds) -> None:
    content = discover(worlds, "lifted.regret > 0", plans=["training", "as-it-is"]).content
    training, as_it_is = content["boxes"]
    (only,) = training["box"]["restrictions"]
    assert only["name"] == "programmes.training_premium"
    assert only["high"] == pytest.approx(0.1, abs=0.02)  # 100,000 x 0.1 = 10,000
    assert training["box"]["density"] > 0.95
    assert as_it_is["box"] is None
    assert "always fails" in as_it_is["words"][0]
    never = discover(worlds, "lifted < 0", plans=["training"]).content["boxes"][0]
    assert "never fails" in never["words"][0]
    assert "8% of all" in never["words"][1]  # 3 / 40


def test_the_robustness_table_by_hand(worlds: Worlds) -> None:
    (table,) = discover(worlds, "lifted.regret > 5000").content["robustness"]
    assert (table["outcome"], table["better"]) == ("lifted", 1)
    premium = worlds.inputs[2].values
    training, poorest = 1e5 * premium, np.full(len(premium), 1e4)
    best = np.maximum(training, poorest)
    rows = {row["plan"]: row for row in table["plans"]}
    for plan, effect in (("training", training), ("poorest-first", poorest)):
        regret = best - effect
        assert rows[plan]["mean_regret"] == pytest.approx(regret.mean(), rel=1e-4)
        assert rows[plan]["max_regret"] == pytest.approx(regret.max(), rel=1e-4)
        assert rows[plan]["satisficing"] == pytest.approx((regret <= 5000).mean(), abs=1e-5)
    worst = np.sort(worlds.outcome("lifted")[0].ravel())[:16].mean()  # a tenth of 160 runs
    assert rows["as-it-is"]["cvar"] == pytest.approx(worst, rel=1e-4)
    less = discover(worlds, "income_poor_end > 3050000").content["robustness"][0]
    assert less["better"] == -1
    assert {r["plan"]: r["best"] for r in less["plans"]}["as-it-is"] == 0.0


def test_only_what_is_named_may_restrict(worlds: Worlds) -> None:
    content = discover(
        worlds, "lifted < 150000", plans=["training"], over=["livelihood.persistence"]
    ).content
    assert content["inputs"] == ["livelihood.persistence"]
    restrictions = content["boxes"][0]["box"]["restrictions"]
    assert {r["name"] for r in restrictions} <= {"livelihood.persistence"}
    for keywords, message in [
        ({"over": ["livelihood.persistance"]}, "Did you mean livelihood.persistence?"),
        ({"plans": ["trainin"]}, "Did you mean training?"),
    ]:
        with pytest.raises(InputError) as caught:
            discover(worlds, "lifted < 150000", **keywords)  # type: ignore[arg-type]
        assert message in str(caught.value)
    with pytest.raises(InputError, match="undefined in every run"):
        discover(worlds, "additional_jobs < 5")


def test_a_factor_may_be_part_of_failing(worlds: Worlds) -> None:
    content = discover(worlds, "lifted < 150000 and counting = survey", plans=["training"]).content
    assert content["fails"] == "lifted < 150,000 and counting = survey"
    assert any(r["words"] == ["survey"] for r in content["boxes"][0]["box"]["restrictions"])


def test_restrictions_in_words() -> None:
    assert restriction_words(Restriction("a", None, 0.4)) == "a is below 0.4"
    assert restriction_words(Restriction("a", 0.1234, None)) == "a is above 0.123"
    assert restriction_words(Restriction("a", 0.1, 0.2)) == "a is 0.1 to 0.2"
    assert restriction_words(Restriction("a", words=("x", "y"))) == "a is x or y"
