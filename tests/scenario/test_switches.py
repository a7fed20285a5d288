"""Switches act from their month on: nothing before it moves, and what they stop stops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from five_counties import FOUR, lived, plan
from fupin.model import PovertyModel
from fupin.scenario.dump import dump_scenario
from fupin.scenario.load import load_scenario
from fupin.scenario.remarks import remarks
from fupin.scenario.schema import Scenario
from pydantic import ValidationError
from reported import report

TWO_YEARS = {"end": "2010-12", "programmes": FOUR}


def switched(**switches: Any) -> PovertyModel:
    more: dict[str, Any] = {"switches": switches} if switches else {}
    return lived(**TWO_YEARS, **more)


def of_year(model: PovertyModel, year: int) -> dict[str, float | None]:
    found: dict[str, float | None] = report(model, "central", 1).by_year[year]["outcomes"]
    return found


TRUE = ("income_poor_end", "mean_income", "gini", "fgt1", "spent")
"""Outcomes in which no register has a part."""


@pytest.mark.parametrize("name", ["review", "recognition", "disclosure"])
def test_a_switch_that_stays_as_it_is_changes_nothing(name: str) -> None:
    same = switched(**{name: {"2009-05": True}})
    for year in (2009, 2010):
        assert of_year(same, year) == of_year(switched(), year)
    (remark,) = remarks(same.plan)
    assert remark.kind in ("switch_idle", "switch_december")


def test_without_review_nobody_enters_or_leaves_and_before_it_nothing_moves() -> None:
    without = switched(review={"2010-01": False})
    assert of_year(without, 2009) == of_year(switched(), 2009)
    year = of_year(without, 2010)
    assert year["gross_exits"] == year["entries"] == 0
    assert of_year(switched(), 2010)["gross_exits"] > 0
    for key in TRUE:
        assert year[key] == of_year(switched(), 2010)[key]
    # The list is what it was but for births, deaths and departures.
    assert year["lifted"] == year["registered_natural_loss"]


def test_a_review_that_comes_back_is_held() -> None:
    one_year = switched(review={"2009-01": False, "2010-06": True})
    assert of_year(one_year, 2009)["gross_exits"] == 0 < of_year(one_year, 2010)["gross_exits"]


@pytest.mark.parametrize("counting", ["quota", "task"])
def test_no_form_of_the_register_moves_without_a_review(counting: str) -> None:
    found = lived(counting=counting, programmes=FOUR, switches={"review": {"2009-01": False}})
    year = of_year(found, 2009)
    assert year["gross_exits"] == year["entries"] == 0


def test_recognition_acts_from_its_year_on() -> None:
    on, off = switched(), lived(**TWO_YEARS, recognition=False)
    later_off = switched(recognition={"2010-03": False})
    later_on = lived(**TWO_YEARS, recognition=False, switches={"recognition": {"2010-03": True}})
    assert of_year(later_off, 2009) == of_year(on, 2009)
    first = of_year(later_on, 2009)
    assert all(first[k] == of_year(off, 2009)[k] for k in (*TRUE, "gross_exits", "entries"))
    assert of_year(on, 2009)["gross_exits"] != of_year(off, 2009)["gross_exits"]
    assert of_year(later_off, 2010)["gross_exits"] < of_year(on, 2010)["gross_exits"]
    assert of_year(later_on, 2010)["gross_exits"] > of_year(off, 2010)["gross_exits"]
    # Whoever is on the register at the end of 2009 is where money goes in 2010.
    assert all(of_year(later_off, 2010)[key] == of_year(on, 2010)[key] for key in TRUE)


def test_without_disclosure_more_is_lost_from_its_month_on() -> None:
    open_, closed = switched(), switched(disclosure={"2009-07": False})
    for column in ("delivered", "lost"):
        before = [getattr(m.ledger, column)[:, :, :6] for m in (open_, closed)]
        assert np.array_equal(*before)
    share = []
    for model in (open_, closed):
        lost, given = (getattr(model.ledger, c)[:, :, 6:12].sum() for c in ("lost", "delivered"))
        share.append(lost / (lost + given))
    assert share[1] > share[0] > 0


# -- what is written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switches", "text"),
    [
        ({"review": {"2001-01": False}}, "outside the months that are simulated"),
        ({"review": {"2010-01": False}}, "outside the months that are simulated"),
        ({"review": {"2009": False}}, "not a month"),
        ({"review": {"2009-13": False}}, "no month 13"),
        ({"review": {"2009-01-05": False}}, "names a day"),
        ({"review": False}, "from which month"),
        ({"review": {"2009-01": "maybe"}}, "not a switch"),
        ({"reviews": {"2009-01": False}}, "reviews"),
    ],
)
def test_what_is_no_switch_is_refused(switches: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        plan(switches=switches)


def test_switches_are_read_from_a_file_inherited_and_written(tmp_path: Any) -> None:
    (tmp_path / "base.yaml").write_text(
        "name: base\nperiod: {start: 2009-01, end: 2010-12}\n"
        "switches:\n  review: {2010-01: off, 2010-06: on}\n  disclosure: {2009-07: off}\n"
    )
    (tmp_path / "more.yaml").write_text(
        "name: more\nextends: base.yaml\nswitches:\n  review: {2010-06: null}\n  disclosure: null\n"
    )
    base, more = (load_scenario(str(tmp_path / f"{name}.yaml")) for name in ("base", "more"))
    assert base.switches.review == {"2010-01": False, "2010-06": True}
    assert more.switches.review == {"2010-01": False} and more.switches.disclosure == {}
    (tmp_path / "again.yaml").write_text(dump_scenario(base))
    assert load_scenario(str(tmp_path / "again.yaml")) == base
    assert "switches" not in dump_scenario(Scenario(name="none"))


def test_money_for_disclosure_while_it_is_off_is_warned_of() -> None:
    paid = {"project_management": {"budget": 500_000}}
    found = remarks(plan(programmes=paid, switches={"disclosure": {"2009-09": False}}))
    assert [remark.kind for remark in found] == ["disclosure_off"]
    ends = {"project_management": {"budget": 500_000, "to": "2009-08"}}
    kinds = [r.kind for r in remarks(plan(programmes=ends, switches={
        "disclosure": {"2009-09": False}}))]  # fmt: skip
    assert "disclosure_off" not in kinds
