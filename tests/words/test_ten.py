"""The ten sentences of plans that do nothing, that are cash, and that have no money."""

from __future__ import annotations

import pytest
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.words.judging import Estimate
from fupin.words.ten import Gain, Known, ten_answers

KEYS = sorted(PROGRAMME_KEYS)


def texts(lang: str, known: Known) -> dict[str, str]:
    return {answer.key: answer.text for answer in ten_answers(lang, known)}


@pytest.mark.parametrize("key", KEYS)
def test_money_that_reaches_nobody_is_money_all_the_same(key: str) -> None:
    known = Known(
        2009, 2009, out=Estimate(0.0), people=0.0, gain=Gain(0.0, 0.0), budgets={key: 2400.0},
        persons={key: 0.0}, by_year={2009: 0.0},
    )  # fmt: skip
    said = texts("en", known)
    assert "no programme has money" not in said["programmes"].lower()
    assert "reaches anybody" in said["programmes"]
    assert said["whom"].startswith("Nobody")
    assert "0 fewer" not in said["after"]
    chinese = texts("zh", known)
    assert "没有惠及" in chinese["programmes"]
    assert "没有人" in chinese["whom"]
    assert "没有变化" in chinese["after"]


def test_a_plan_without_money_says_so() -> None:
    assert texts("en", Known(2009, 2009))["programmes"] == "No programme has money."


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("cost", [None, 10_300.0])
def test_only_cash_is_not_held_beside_cash(key: str, cost: float | None) -> None:
    known = Known(2009, 2009, cost=cost, resources=1e8, budgets={key: 1e8, "relocation": 0.0})
    itself = key.partition("/")[0] == "cash_transfer"
    assert ("already" in texts("en", known)["cash"]) is itself
    assert ("本身就是" in texts("zh", known)["cash"]) is itself
    more = Known(2009, 2009, cost=cost, resources=1e8, budgets={key: 1e8, "cash_transfer": 1.0})
    assert ("already" in texts("en", more)["cash"]) is itself


@pytest.mark.parametrize("budget", [1.0, 2400.0, 60_000.0, 4e6])
def test_money_of_which_nothing_is_spent_is_not_called_spent(budget: float) -> None:
    known = Known(2009, 2009, budgets={"relocation": budget}, unspent={"relocation": budget})
    assert not texts("en", known)["unspent"].startswith("Nothing")
    assert "全部用完" not in texts("zh", known)["unspent"]


@pytest.mark.parametrize("more", [1_160.0, -1_160.0])
def test_a_cost_that_cannot_be_told_does_not_deny_the_people(more: float) -> None:
    known = Known(
        2009, 2009, beside_base=True, out=Estimate(more, -3e3, 5e3), resources=3e7,
        payers={"fiscal": 3e7}, gain=Gain(1160.0, 0.0, of_line=True),
    )  # fmt: skip
    said = texts("en", known)
    assert ("no fewer poor people" in said["cost"]) is (more < 0)
    assert "anything" not in said["cash"].lower()
    assert "--horizon" in said["after"]
