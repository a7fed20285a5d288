"""Events of a scenario: the keys of `shocks:`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from fupin.scenario.faults import fault
from fupin.scenario.fields import MonthField, Section, number, whole
from fupin.scenario.place_fields import Counties, Excluded, Prefectures
from fupin.scenario.places import codes_within


class Drought(Section):
    """Lost rain, common to counties, beside the weather of the scenario."""

    counties: Counties | None = Field(
        default=None, description="Where: names, codes or group words."
    )
    prefectures: Prefectures | None = Field(default=None, description="Where: all their counties.")
    excluded: Excluded | None = Field(
        default=None, alias="except", description="Counties of these that are not hit."
    )
    from_month: MonthField = Field(alias="from", description="First month (YYYY-MM).")
    months: Annotated[int, whole(1, 36, "months")] = Field(description="How many months.")
    severity: Annotated[float, number(0, 1)] = Field(
        description="0 (none) to 1 (the worst): scales the loss of harvests."
    )

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.counties is None and self.prefectures is None:
            raise fault(
                "A drought needs a place.",
                "Add `prefectures: [...]`, `counties: [...]` or `counties: all`.",
            )
        if not self.county_codes() and codes_within(self.counties, self.prefectures, None):
            raise fault(
                "All counties that are named are excluded.", "Exclude fewer.", ("except",),
                or_at=("counties",),
            )  # fmt: skip
        if not self.county_codes():
            raise fault(
                "None of these counties lies in these prefectures.",
                "`prefectures` keeps only the counties that lie in them; change one of the two.",
                ("counties",),
            )
        return self

    def county_codes(self) -> tuple[int, ...]:
        """Codes of the counties that are hit, in order."""
        return codes_within(self.counties, self.prefectures, self.excluded) or ()


class Shock(Section):
    """One named event; `drought` is the one kind so far."""

    drought: Drought = Field(description="A drought.")
