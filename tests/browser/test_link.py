"""The address carries the plan: what is read from it is what was written into it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fupin.browser.changes import DroughtChange
from fupin.browser.link import Address, read, text_of
from fupin.browser.setup import BESIDE, Served, Setup
from fupin.browser.tabs import TABS
from fupin.browser.trail import Trail
from fupin.scenario.programmes import PROGRAMME_KEYS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PARTS = ("village_advancement", "integrated_funds", "paired_assistance")
"""Budgets below their parts are refused."""


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    budgets=st.dictionaries(
        st.sampled_from([k for k in PROGRAMME_KEYS if k not in PARTS]), st.integers(0, 10**10),
        max_size=3,
    ),
    balance=st.sampled_from([None, "rural_works"]),
    weather=st.sampled_from(["historical", "mean"]),
    drought=st.sampled_from([None, DroughtChange("Zhangjiakou", "2009-07", 3, 0.6)]),
    seed=st.integers(1, 99),
    beside=st.sampled_from(BESIDE),
    tab=st.sampled_from(["", *TABS[1:]]),
    lang=st.sampled_from(["en", "zh"]),
    plan=st.sampled_from(["fupin:2009-document", "fupin:plans/more-training"]),
)  # fmt: skip
def test_a_link_opens_what_it_was_made_of(
    served: Served, first: Setup, budgets: dict[str, int], balance: str | None, weather: str,
    drought: DroughtChange | None, seed: int, beside: str, tab: str, lang: str, plan: str,
) -> None:  # fmt: skip
    opened = Setup.opened(served, plan, seed, beside)
    changes = opened.changes.with_switch(opened.base.scenario, "weather", weather)
    for key, yuan in budgets.items():
        changes = changes.with_budget(opened.base.scenario, key, yuan)
    changes = replace(changes, balance=None, drought=drought)
    if balance not in budgets:
        changes = replace(changes, balance=balance if not budgets else None)
    setup = opened.with_changes(served, changes)
    address = Address(setup, (setup, first), lang, tab)
    found = read(served, first, text_of(served, address))
    assert found == address and not found.problems


def test_an_address_without_changes_is_empty(served: Served, first: Setup) -> None:
    assert text_of(served, Address(first)) == ""
    assert read(served, first, None).setup is first
    assert read(served, first, "lang=zh&tab=money").setup is first


@pytest.mark.parametrize(
    "text",
    [
        "skils_training=80", "skills_training=much", "skills_training=-5", "plan=../../etc/passwd",
        "plan=/etc/passwd.yaml", "plan=nowhere.yaml", "balance=nobody", "weather=fine", "seed=0",
        "sample=2", "beside=me", "without=rain", "drought=Hebei,2009-06,4,0.4",
        "drought=Zhangjiakou,2009-13,4,0.4", "village_advancement=1", "household_shocks=perhaps",
        f"skills_training={'9' * 9000}",
    ],
)  # fmt: skip
def test_a_wrong_address_says_what_is_wrong(served: Served, first: Setup, text: str) -> None:
    found = read(served, first, f"?{text}")
    assert found.setup is first and len(found.problems) == 1
    assert found.problems[0].endswith((".", "?"))


def test_undo_and_redo(served: Served, first: Setup) -> None:
    other = replace(first, seed=2)
    third = replace(first, seed=3)
    trail = Trail((first,))
    assert not trail.can_undo and not trail.can_redo and trail.then(first) is trail
    trail = trail.then(other).then(third)
    assert trail.undo().now is other and trail.undo().undo().undo().now is first
    assert trail.undo().redo().redo().now is third
    again = trail.undo().undo().then(third)
    assert not again.can_redo and again.undo().now is first
