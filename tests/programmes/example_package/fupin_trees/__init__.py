"""Trees on steep land, as an example of a programme of another package."""

from __future__ import annotations

from typing import Annotated

from fupin.scenario.fields import number
from fupin.scenario.outside import OutsideProgramme, OutsideSettings
from fupin.scenario.targeting import ChoosesHouseholds
from pydantic import Field


class TreeSettings(OutsideSettings, ChoosesHouseholds):
    """Yuan for a household that plants trees; `unit_cost` is yuan a household."""

    gain: Annotated[float, number(0, 0.5)] = Field(
        default=0.04, description="Log points by which the household's income rises for good."
    )


PROGRAMME = OutsideProgramme(
    title="Trees on steep land",
    money="fiscal",
    mechanism="households plant trees, whose fruit raises what they earn at home",
    effect="0.04 log points of income unless the plan says another gain (assumption: an example)",
    settings=TreeSettings,
    act="fupin_trees.act:Trees",
)
