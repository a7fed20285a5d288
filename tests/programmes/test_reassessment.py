"""Who is looked at because a programme met it: many where officials come, hardly any elsewhere."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import numpy as np
import pytest
from five_counties import live, plan
from fupin.programmes.registry import MECHANISMS
from fupin.results.reassessment import MOST
from fupin.state.register import Service
from sixteen import ALL

NOBODY_COMES = {
    "practical_training": {"budget": 8_000_000},
    "technology": {"budget": 1_000_000},
    "skills_training": {"budget": 10_000_000},
}


def channels(programmes: dict[str, Any], seeds: range) -> tuple[int, int]:
    """Persons taken off the register of the five counties by income, and by re-assessment."""
    income = reassessed = 0
    for seed in seeds:
        nothing, plain, whole = (
            live(plan(**keys), seed).measured[2009].registered
            for keys in (
                {},
                {"programmes": programmes, "recognition": False},
                {"programmes": programmes},
            )
        )
        income += nothing - plain
        reassessed += plain - whole
    return income, reassessed


@pytest.mark.parametrize("key", NOBODY_COMES)
def test_a_course_sends_nobody_to_the_door(key: str) -> None:
    """At central values, over eight twins; with one chance for all it was fifty times."""
    income, reassessed = channels({key: NOBODY_COMES[key]}, range(1, 9))
    assert income > 100
    assert reassessed <= MOST * income


def test_cash_on_an_account_takes_off_the_register_by_income() -> None:
    """Re-assessment stays the lesser part, whatever the kind of list."""
    for who in ("listed_villages", "registered"):
        settings = {"budget": 20_000_000, "who": who}
        income, reassessed = channels({"cash_transfer": settings}, range(1, 3))
        assert income > 100, who
        assert reassessed < income, who


def test_officials_who_bring_a_project_look_at_the_house() -> None:
    income, reassessed = channels({"household_projects": {"budget": 30_000_000}}, range(1, 3))
    assert reassessed > MOST * income > 0


def test_every_programme_that_reaches_households_says_how_it_meets_them() -> None:
    """A new programme that forgets it would send nobody, and nobody would notice."""
    for mechanism in MECHANISMS:
        source = inspect.getsource(sys.modules[mechanism.__module__])
        reaches = "mark_reached" in source or "enter_loans" in source or "Lender" in source
        assert (mechanism.service != Service.NONE) == reaches, mechanism.key
        assert not reaches or "service" in vars(mechanism), mechanism.key


def test_the_column_holds_the_largest_kind_of_the_year() -> None:
    """Whoever sat in a course and got a project was visited; January forgets."""
    keys = ("practical_training", "microfinance", "household_projects", "cash_transfer")
    model = live(plan(programmes={key: ALL[key] for key in keys}))
    h, found = model.households, np.zeros(model.households.size.size, np.uint8)
    for programme in model.programmes:
        mine = (h.reached & programme.bit) != 0
        found[mine] = np.maximum(found[mine], programme.service)
    assert (h.served == found).all()
    assert set(np.unique(found)) == set(Service)
