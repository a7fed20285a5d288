"""What a plan may say about every programme: money, time, places, capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from fupin.scenario.amounts import format_yuan
from fupin.scenario.county_money import CountyMoney
from fupin.scenario.faults import fault
from fupin.scenario.fields import (
    Budget,
    BudgetField,
    MonthField,
    PartBudgetField,
    Price,
    Section,
    whole,
)
from fupin.scenario.place_fields import Excluded, Prefectures, ServedCounties
from fupin.scenario.places import Poorest, codes_within, county_index
from fupin.scenario.shares import ShareField
from fupin.scenario.spans import fiscal_year, span_of
from fupin.scenario.targets import TargetField
from fupin.yaml.words import shown

if TYPE_CHECKING:  # a plan is checked without loading numpy
    import numpy as np
    import numpy.typing as npt

    from fupin.population.counties import CountyTable

    CountyRows = npt.NDArray[np.integer]
    Flags = npt.NDArray[np.bool_]

_OFF = (False, "off", "Off", "OFF", "no", "false")


def amount_in(budget: Budget, year: int, starts: int = 1) -> int:
    """Whole yuan that a budget writes for the months of a fiscal year.

    Args:
        budget: as it is written.
        year: in which the fiscal year begins.
        starts: month (1 to 12) in which fiscal years begin.
    """
    if isinstance(budget, CountyMoney):
        return sum(amount_in(yuan, year, starts) for yuan in budget.counties.values())
    if not isinstance(budget, dict):
        return budget
    whole = fiscal_year(year, starts)
    total = 0
    for key, yuan in budget.items():
        span = span_of(key, starts)
        first = max(span.first, whole.first) - span.first
        after = min(span.after, whole.after) - span.first
        if first < after:
            total += yuan * after // span.months - yuan * first // span.months
    return total


class ProgrammeSettings(Section):
    """What every programme has; None leaves the choice to the programme's parameters.

    Which months have how much of the money: `fupin.scenario.money_calendar`.
    """

    budget: BudgetField = Field(
        description="Yuan a fiscal year, or amounts by year (2009), quarter (2009Q1) or month "
        "(2009-03), each given once, in its own months; or by county ({大名县: 850万元}), or the "
        "column of a table: {by: county, table: money.xlsx}."
    )
    target: TargetField | None = Field(
        default=None,
        description="In place of `budget`: what its money is to buy in a fiscal year (or by time), "
        "such as 8,000 persons; it becomes a budget at the plan's own costs.",
    )
    from_month: MonthField | None = Field(
        default=None,
        alias="from",
        description="First month of activity (YYYY-MM). What is given for a year, or another time, "
        "is given in those of its months in which the programme acts.",
    )
    to_month: MonthField | None = Field(
        default=None, alias="to", description="Last month of activity (YYYY-MM), as `from`."
    )
    counties: ServedCounties | None = Field(
        default=None,
        description="Names, Chinese names or codes; or: key, national key, provincial key, all; "
        "or {poorest: 21, by: registered}, which is looked up in each draw.",
    )
    prefectures: Prefectures | None = Field(
        default=None, description="Only the counties of these prefectures."
    )
    excluded: Excluded | None = Field(
        default=None,
        alias="except",
        description="Counties that the programme does not work in: names, codes or groups.",
    )
    share: ShareField | None = Field(
        default=None,
        description="By what the money is split among the counties served, with floors and caps: "
        "registered, income_poor, rural_people, equal, need, or a formula.",
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
        if isinstance(data, dict) and data.get("extra") and data.get("budget") is None:
            return {**data, "budget": 0}  # its further entries alone have money
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
                or_at=("from",),
            )
        self._places_fit()
        self._money_is_where_it_works()
        return self

    def _money_is_where_it_works(self) -> None:
        """Money by county is for counties that nothing else takes away, and has no parts."""
        money = self.by_county
        if money is None:
            return
        for name in type(self).model_fields:
            if isinstance(getattr(self, name), Part):
                raise fault(
                    "With money by county, a part of the budget has no place of its own.",
                    f"Add its money to its counties, and write `{name}: null`.", (name,),
                    or_at=("budget",),
                )  # fmt: skip
        if self.poorest is not None:
            raise fault(
                "Money by county says which counties there are; the poorest are others.",
                "Write `counties: null`, or one amount as the budget.", ("counties",),
                or_at=("budget",),
            )  # fmt: skip
        for key, allowed in (
            ("counties", codes_within(self.counties, None)),
            ("prefectures", codes_within(None, self.prefectures)),
            ("except", codes_within(None, None, self.excluded)),
        ):
            lost = [] if allowed is None else sorted(set(money.codes) - set(allowed))
            if lost:
                few = county_index().describe(lost, 3)
                raise fault(
                    f"There is money for {few}, where `{key}` does not let the programme work.",
                    f"Write `{key}: null`, or take these counties out of the budget.", (key,),
                )  # fmt: skip

    def _places_fit(self) -> None:
        if self.counties and not self.county_codes() and self.excluded:
            raise fault("All counties that are named are excluded.", "Exclude fewer.", ("except",))
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
        total = self.budget.total if isinstance(self.budget, CountyMoney) else self.budget
        return any(total.values()) if isinstance(total, dict) else total > 0

    @property
    def by_county(self) -> CountyMoney | None:
        """The money of each county, where the plan says it."""
        return self.budget if isinstance(self.budget, CountyMoney) else None

    def budget_in(self, year: int, starts: int = 1) -> int:
        """Whole yuan that the plan writes for a fiscal year, whatever the period has of it.

        0 where the programme has no month of activity in the year; `starts`: as `amount_in`.
        """
        span = fiscal_year(year, starts)
        ended = self.to_month is not None and self.to_month.index < span.first
        begun = self.from_month is None or self.from_month.index < span.after
        return amount_in(self.budget, year, starts) if begun and not ended else 0

    def county_codes(self) -> tuple[int, ...] | None:
        """Codes of the counties that the plan names, in order; None: the programme chooses.

        Where it names the poorest, the programme chooses too (`poorest`), within the prefectures.
        Money by county names those that have some.
        """
        if self.by_county is not None:
            return self.by_county.codes
        return codes_within(self.counties, self.prefectures, self.excluded)

    @property
    def names_places(self) -> bool:
        """Whether the plan says where, by counties, prefectures or the money of each county."""
        return not (self.counties is None and self.prefectures is None and self.by_county is None)

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
    """A part of a programme's budget with a rule of its own; it is given at the whole's pace."""

    budget: PartBudgetField = Field(description="Yuan a fiscal year, inside the whole budget.")

    def budget_in(self, year: int) -> int:
        """Whole yuan that the plan writes for a fiscal year."""
        return amount_in(self.budget, year)


def check_part(whole_budget: Budget, part: Budget, name: str, key: str) -> None:
    """Raise a fault where a part is more than the whole budget of any year.

    Where amounts are for quarters or months this is known only with the scenario's fiscal years
    (`fupin.scenario.schema`).
    """
    if isinstance(whole_budget, CountyMoney):
        return  # which has no parts
    if isinstance(whole_budget, dict) and not all(isinstance(k, int) for k in whole_budget):
        return
    years: set[Any] = set()
    for budget in (whole_budget, part):
        years |= set(budget) if isinstance(budget, dict) else set()
    for year in sorted(years) or [0]:
        if amount_in(part, year) > amount_in(whole_budget, year):
            more, whole = (format_yuan(amount_in(of, year)) for of in (part, whole_budget))
            raise fault(
                f"The {name} ({more}) is more than the whole budget of the programme in {year} "
                f"({whole})."
                if year
                else f"The {name} ({more}) is more than the whole budget of the programme "
                f"({whole}).",
                f"Raise the budget, lower the part, or write `{key}: null`.",
                (key,) if key.endswith("budget") else (key, "budget"),
                or_at=("budget",),
            )
