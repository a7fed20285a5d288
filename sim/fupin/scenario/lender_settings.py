"""What a plan may say about each programme that lends."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from fupin.scenario.entries import EXTRA, Extra
from fupin.scenario.faults import fault
from fupin.scenario.fields import Price, Switch, number
from fupin.scenario.programme_settings import refuse_unit_cost
from fupin.scenario.targeting import ChoosesHouseholds


class MicrofinanceSettings(ChoosesHouseholds):
    """Group loans in small instalments; the budget is principal that is lent."""

    extra: Extra[MicrofinanceSettings] | None = EXTRA

    loan_size: Price | None = Field(default=None, description="Yuan of a first loan.")


class MutualFundsSettings(ChoosesHouseholds):
    """Funds of new villages; the budget is seed money and `unit_cost` the seed of a village."""

    loan_size: Price | None = Field(default=None, description="Yuan of a full loan.")


class LoanGuaranteeSettings(ChoosesHouseholds):
    """Bank loans that officers stand surety for; the budget is principal that is lent."""

    rollout: Switch = Field(
        default=False, description="In all key counties, not in the pilot counties alone."
    )
    loan_size: Price | None = Field(default=None, description="Yuan of a full loan.")

    @model_validator(mode="after")
    def _one_way_to_say_where(self) -> Self:
        if self.rollout and self.counties is not None:
            raise fault(
                "`rollout` means all key counties, and `counties` names others.",
                "Leave one of the two out.",
                ("counties",),
            )
        refuse_unit_cost(self, "Write `loan_size`, yuan of a full loan.")
        return self


class SubsidisedLoansSettings(ChoosesHouseholds):
    """Bank loans with subsidised interest; the budget is principal that is lent."""

    extra: Extra[SubsidisedLoansSettings] | None = EXTRA

    loan_size: Price | None = Field(default=None, description="Yuan of a full household loan.")
    enterprise_share: Annotated[float, number(0, 1)] | None = Field(
        default=None, description="Part of the money that goes to enterprises and infrastructure."
    )

    @model_validator(mode="after")
    def _no_unit_cost(self) -> Self:
        refuse_unit_cost(self, "Write `loan_size`, yuan of a full household loan.")
        return self
