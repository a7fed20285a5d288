"""Another division of a plan's money: to the yuan, whatever way the plan writes it."""

from __future__ import annotations

from typing import Any

import pytest
from fupin.allocation.money import money_of, with_money
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENT = load_scenario("fupin:2009-document")
YUAN = st.integers(0, 3_000_000_000)


def plan(**programmes: Any) -> Scenario:
    period = programmes.pop("period", {"start": "2009-01", "end": "2009-12"})
    starts = programmes.pop("fiscal_year_start", 1)
    return Scenario.model_validate(
        {"name": "p", "period": period, "fiscal_year_start": starts, "programmes": programmes}
    )


@given(st.lists(YUAN, min_size=5, max_size=5))
@settings(max_examples=25, deadline=None)
def test_the_document_gives_every_amount_to_the_yuan(yuan: list[int]) -> None:
    keys = ["village_advancement", "integrated_funds", "paired_assistance", "cash_transfer",
            "skills_training"]  # fmt: skip
    found = with_money(DOCUMENT, dict(zip(keys, yuan, strict=True)))
    after = money_of(found)
    for key, amount in zip(keys, yuan, strict=True):
        assert after.get(key, 0) == amount
    for key in set(money_of(DOCUMENT)) - set(keys):
        assert after[key] == money_of(DOCUMENT)[key]
    lottery = found.programmes.village_advancement.lottery
    assert lottery is not None and isinstance(lottery.budget, int) and lottery.budget <= yuan[0]


@pytest.mark.parametrize(
    "budget",
    [
        30_000_001,
        {2009: 5_000_001, 2010: 7, 2011: 0},
        {"2009Q1": 4_000_000, "2009Q3": 3},
        {"2009-03": 1, "2010-11": 99_999_999},
        {2009: 10_000_000, "2010Q3": 5_000_000},
    ],
)
@pytest.mark.parametrize("when", [{}, {"from": "2009-03"}, {"from": "2009-02", "to": "2011-04"}])
@pytest.mark.parametrize("starts", [1, 7])
@given(yuan=YUAN)
@settings(max_examples=8, deadline=None)
def test_every_way_of_writing_a_budget(budget: Any, when: Any, starts: int, yuan: int) -> None:
    base = plan(
        period={"start": "2009-02", "end": "2011-06"},
        fiscal_year_start=starts,
        rural_works={"budget": budget, **when},
    )
    if not money_of(base):
        return
    found = with_money(base, {"rural_works": yuan})
    assert money_of(found).get("rural_works", 0) == yuan
    before = base.calendar("rural_works").months
    assert set(found.calendar("rural_works").by_month) <= set(before)  # given when it was given


def test_what_is_not_named_stays_and_names_are_taken() -> None:
    found = with_money(DOCUMENT, {}, name="other", title="Other")
    assert (found.name, found.title) == ("other", "Other")
    assert found.programmes == DOCUMENT.programmes
