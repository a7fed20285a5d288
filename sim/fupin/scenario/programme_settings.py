"""What a plan may say about every programme: money, time, places, capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from fupin.scenario.amounts import format_yuan
from fupin.scenario.faults import fault
from fupin.scenario.fields import (
    Budget,
    BudgetField,
    MonthField,
    Prefectures,
    Price,
    Section,
    ServedCounties,
    whole,
)
from fupin.scenario.months import Month
from fupin.scenario.places import Poorest, codes_within
from fupin.yaml.words import shown

if TYPE_CHECKING:  # a plan is checked without loading numpy
    import numpy as np
    import numpy.typing as npt

    from fupin.population.counties import CountyTable

    CountyRows = npt.NDArray[np.integer]
    Flags = npt.NDArray[np.bool_]

_OFF = (False, "off", "Off", "OFF", "no", "false")


def amount_in(budget: Budget, year: int) -> int:
    """Whole yuan of a budget in a calendar year."""
    return budget.get(year, 0) if isinstance(budget, dict) else budget


class ProgrammeSettings(Section):
    """What every programme has; None leaves the choice to the programme's parameters.

    Money is yuan per calendar year and never prorated: a programme that starts in October has the
    whole year's budget.
    """

    budget: BudgetField = Field(description="Yuan a calendar year, or an amount for each year.")
    from_month: MonthField | None = Field(
        default=None, alias="from", description="First month of activity (YYYY-MM)."
    )
    to_month: MonthField | None = Field(
        default=None, alias="to", description="Last month of activity (YYYY-MM)."
    )
    counties: ServedCounties | None = Field(
        default=None,
        description="Names, Chinese names or codes; or: key, national key, provincial key, all; "
        "or {poorest: 21, by: registered}, which is looked up in each draw.",
    )
    prefectures: Prefectures | None = Field(
        default=None, description="Only the counties of these prefectures."
    )
    unit_cost: Price | None = Field(
        default=None, description="Yuan for one unit of what is delivered."
    )
    places_per_month: Annotated[int, whole(0, 10_000_000, "places")] | None = Field(
        default=None, description="Capacity: units that can be begun in a month, province-wide."
    )

    @model_validator(mode="before")
    @classmethod
    def _off_is_no_money(cls, data: Any) -> Any:
        if isinstance(data, (bool, str)) and data in _OFF:
            return {"budget": 0}
        if data is True or data in ("on", "yes"):
            raise fault(
                "A programme needs money to be on.", "Write {budget: 30 million}, say, or off."
            )
        if not isinstance(data, (dict, ProgrammeSettings)):
            raise fault(
                f"{shown(data)} stands where settings are needed.",
                "Write {budget: 30 million}, say, or off.",
            )
        return data

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.from_month and self.to_month and self.to_month < self.from_month:
            raise fault(
                f"{self.to_month} is before the programme's start, {self.from_month}.",
                "Let `to` be the same month or later.",
                ("to",),
            )
        self._places_fit()
        return self

    def _places_fit(self) -> None:
        if not self.counties or not self.prefectures:
            return
        if not self.county_codes():
            raise fault(
                "None of these counties lies in the programme's prefectures "
                f"({', '.join(self.prefectures)}).",
                "`prefectures` keeps only the counties that lie in them; change one of the two.",
                ("counties",),
            )

    @property
    def active(self) -> bool:
        """True where any year has money."""
        return any(self.budget.values()) if isinstance(self.budget, dict) else self.budget > 0

    def budget_in(self, year: int) -> int:
        """Whole yuan for a calendar year; 0 in a year without any month of activity."""
        first = self.from_month.year if self.from_month else year
        last = self.to_month.year if self.to_month else year
        return amount_in(self.budget, year) if first <= year <= last else 0

    def acts(self, year: int, month: int) -> bool:
        """True in a month (1 to 12) within from..to of a programme that has money."""
        now = Month(year, month)
        begun = self.from_month is None or self.from_month <= now
        ended = self.to_month is not None and self.to_month < now
        return self.active and begun and not ended

    def active_months(self, year: int) -> tuple[int, ...]:
        """The months (1 to 12) of a calendar year in which the programme acts."""
        return tuple(month for month in range(1, 13) if self.acts(year, month))

    def county_codes(self) -> tuple[int, ...] | None:
        """Codes of the counties that the plan names, in order; None: the programme chooses.

        Where it names the poorest, the programme chooses too (`poorest`), within the prefectures.
        """
        return codes_within(self.counties, self.prefectures)

    @property
    def poorest(self) -> Poorest | None:
        """How many of the poorest counties the plan wants, if it says so."""
        return self.counties if isinstance(self.counties, Poorest) else None

    def serves(self, table: CountyTable, rows: CountyRows) -> Flags:
        """Which of some counties the plan lets the programme work in.

        Args:
            table: the county table.
            rows: row numbers in the table, any shape.

        Returns:
            Booleans of the shape of `rows`; all true where the plan names no places.
        """
        return among(self.county_codes(), table, rows)


def among(codes: tuple[int, ...] | None, table: CountyTable, rows: CountyRows) -> Flags:
    """Which county rows have one of some codes; all where no codes are named."""
    import numpy as np

    if codes is None:
        return np.ones(np.shape(rows), np.bool_)
    return np.isin(table.code[rows], codes)


def refuse_unit_cost(settings: ProgrammeSettings, instead: str) -> None:
    """Raise a fault where a plan gives a cost that the programme has no use for."""
    if settings.unit_cost is not None:
        raise fault("This programme has no cost of a unit.", instead, ("unit_cost",))


class Part(Section):
    """A part of a programme's budget with a rule of its own."""

    budget: BudgetField = Field(description="Yuan a calendar year, inside the whole budget.")

    def budget_in(self, year: int) -> int:
        """Whole yuan for a calendar year."""
        return amount_in(self.budget, year)


def check_part(whole_budget: Budget, part: Budget, name: str, key: str) -> None:
    """Raise a fault where a part is more than the whole budget of any year."""
    years: set[int] = set()
    for budget in (whole_budget, part):
        years |= set(budget) if isinstance(budget, dict) else set()
    for year in sorted(years) or [0]:
        if amount_in(part, year) > amount_in(whole_budget, year):
            when = f" in {year}" if year else ""
            raise fault(
                f"The {name} ({format_yuan(amount_in(part, year))}) is more than the whole "
                f"budget of the programme{when} ({format_yuan(amount_in(whole_budget, year))}).",
                f"Raise the budget, lower the part, or write `{key}: null`.",
                ("budget",),
            )
