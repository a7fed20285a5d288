"""What a programme does in a village is told in the lives of all who live there."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.lives.household import two_lives
from fupin.month import live
from fupin.population.household_ids import household_id
from fupin.results.draws import CENTRAL
from fupin.scenario.schema import Scenario
from fupin.world.start import live_history

TOLD = {
    "village_advancement": ("400 million", "works for"),
    "integrated_funds": ("400 million", "works for"),
    "rural_works": ("400 million", "adds"),
    "paired_assistance": ("400 million", "its village"),
}
"""Programme -> money, and what somebody is told whom it has not chosen."""

LARGE = ("village_advancement", "rural_works")
"""Whose works come to more than a thousandth of home income, beyond what wears off meanwhile."""


@pytest.mark.parametrize("key", TOLD)
def test_a_household_that_was_not_chosen_is_told_what_its_village_got(key: str) -> None:
    budget, words = TOLD[key]
    plan = Scenario.model_validate(
        {
            "name": "p",
            "population": {"sample": 0.005},
            "programmes": {key: {"budget": budget}},
        }
    )
    world = live(plan, live_history(plan, 1, CENTRAL), 1)
    villages = np.asarray(world.villages.of_household)
    gains = np.stack([np.asarray(gain) for gain in world.works.gains()])
    bare = live(Scenario(name="q", population=plan.population), live_history(plan, 1, CENTRAL), 1)
    without = np.stack([np.asarray(gain) for gain in bare.works.gains()])
    helped = (gains - without).max(axis=0) > 0.001
    row = int(np.flatnonzero(helped[villages] & (world.households.reached == 0))[0])
    here, twin = two_lives(plan, CENTRAL, 1, household_id(world.frame, row))
    mine = [event.text for event in here.events if event.source == key]
    assert any(words in text and "its village" in text for text in mine), mine
    assert not any(event.source == key for event in twin.events)
    ends = [event.text for event in here.events if event.source == "works"]
    assert all("of home income since" in text for text in ends)
    assert ends or key not in LARGE
