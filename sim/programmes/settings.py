"""What a plan may say about each programme: money, time, places, capacity.

`PROGRAMMES` is the one list of the 16 policy streams of the document, in the order in which they
act and are reported. A programme that a plan does not name is off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from sim.scenario.amounts import format_yuan
from sim.scenario.faults import fault
from sim.scenario.fields import (
    Budget,
    BudgetField,
    Counties,
    MonthField,
    Prefectures,
    Price,
    Section,
    Switch,
    number,
    whole,
)
from sim.scenario.months import Month
from sim.scenario.places import codes_within
from sim.scenario.words import shown

if TYPE_CHECKING:  # a plan is checked without loading numpy
    import numpy as np
    import numpy.typing as npt

    from sim.population.counties import CountyTable

    CountyRows = npt.NDArray[np.integer]
    Flags = npt.NDArray[np.bool_]

MoneyClass = Literal["fiscal", "social", "credit", "claimed"]
MONEY_CLASSES: tuple[MoneyClass, ...] = ("fiscal", "social", "credit", "claimed")
"""Budget of the state; gifts of helping units; principal of loans; investment that is claimed."""


class Programme(NamedTuple):
    """One policy stream of the document."""

    key: str
    title: str
    paragraph: str  # heading of the paragraph of the document
    money: MoneyClass


PROGRAMMES: tuple[Programme, ...] = (
    Programme(
        "village_advancement", "Entire village advancement", "Entire Village Advancement", "fiscal"
    ),
    Programme(
        "rural_works",
        "Water, basic farmland and roads",
        "Investment of anti-poverty funds",
        "fiscal",
    ),
    Programme(
        "relocation",
        "Relocation to immigrant communities",
        "Poverty alleviation by relocation",
        "fiscal",
    ),
    Programme(
        "skills_training",
        "Skills training for jobs away",
        "Poverty alleviation training",
        "fiscal",
    ),
    Programme(
        "practical_training", "Practical farm training", "Poverty alleviation training", "fiscal"
    ),
    Programme(
        "household_projects",
        "Household (cell) projects",
        "Poverty alleviation by industrialization",
        "fiscal",
    ),
    Programme("mutual_funds", "Village mutual funds", "Village-level pilot mutual funds", "fiscal"),
    Programme(
        "loan_guarantee",
        "Loan guarantees",
        "Pilot program of poverty alleviation loan guarantee",
        "credit",
    ),
    Programme(
        "microfinance",
        "Microfinance",
        "Microfinance Project of China Foundation for Poverty Alleviation",
        "credit",
    ),
    Programme(
        "subsidised_loans", "Subsidised bank loans", "Investment of anti-poverty funds", "credit"
    ),
    Programme(
        "minimum_living",
        "Link to the minimum living allowance",
        "Pilot projects of effective convergence between poverty alleviation and development "
        "policies and rural minimum living security system",
        "fiscal",
    ),
    Programme(
        "integrated_funds",
        "Integrated funds for contiguous development",
        "Pilot projects of integration of funds for contiguous development",
        "fiscal",
    ),
    Programme(
        "paired_assistance",
        "Help from paired units (four helping one)",
        "Social poverty alleviation",
        "social",
    ),
    Programme(
        "enterprise_projects",
        "Joint projects of private enterprises",
        "Social poverty alleviation",
        "claimed",
    ),
    Programme(
        "technology", "Technicians and new varieties", "Social poverty alleviation", "social"
    ),
    Programme(
        "project_management",
        "Project registration and open disclosure",
        "Poverty alleviation project management",
        "fiscal",
    ),
)
PROGRAMME_KEYS: tuple[str, ...] = tuple(programme.key for programme in PROGRAMMES)

_OFF = (False, "off", "Off", "OFF", "no", "false")


def _amount_in(budget: Budget, year: int) -> int:
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
    counties: Counties | None = Field(
        default=None,
        description="Names, Chinese names or codes; or: key, national key, provincial key, all.",
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
        return _amount_in(self.budget, year) if first <= year <= last else 0

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
        """Codes of the counties that the plan names, in order; None: the programme chooses."""
        return codes_within(self.counties, self.prefectures)

    def serves(self, table: CountyTable, rows: CountyRows) -> Flags:
        """Which of some counties the plan lets the programme work in.

        Args:
            table: the county table.
            rows: row numbers in the table, any shape.

        Returns:
            Booleans of the shape of `rows`; all true where the plan names no places.
        """
        return _among(self.county_codes(), table, rows)


def _among(codes: tuple[int, ...] | None, table: CountyTable, rows: CountyRows) -> Flags:
    import numpy as np

    if codes is None:
        return np.ones(np.shape(rows), np.bool_)
    return np.isin(table.code[rows], codes)


class LotteryPart(Section):
    """A part of the village advancement money with villages of its own.

    The document names one: central lottery welfare funds for poor villages of two old
    revolutionary base areas.
    """

    budget: BudgetField = Field(description="Yuan a calendar year, inside the whole budget.")
    villages: Annotated[int, whole(1, 10_000, "villages")] = Field(
        description="How many listed villages share it."
    )
    counties: Counties = Field(description="Where these villages lie.")

    def budget_in(self, year: int) -> int:
        """Whole yuan for a calendar year."""
        return _amount_in(self.budget, year)

    def serves(self, table: CountyTable, rows: CountyRows) -> Flags:
        """Which of some counties, rows of the table, have villages of this part."""
        return _among(self.counties, table, rows)


class VillageAdvancementSettings(ProgrammeSettings):
    """Entire village advancement: a plan of works for each listed village in turn."""

    lottery: LotteryPart | None = Field(
        default=None, description="Part of the budget with villages of its own."
    )

    @model_validator(mode="after")
    def _lottery_is_a_part(self) -> Self:
        if self.lottery is None:
            return self
        years: set[int] = set()
        for budget in (self.budget, self.lottery.budget):
            years |= set(budget) if isinstance(budget, dict) else set()
        for year in sorted(years) or [0]:
            part, whole_budget = self.lottery.budget_in(year), _amount_in(self.budget, year)
            if part > whole_budget:
                when = f" in {year}" if year else ""
                raise fault(
                    f"The lottery part ({format_yuan(part)}) is more than the whole budget of the "
                    f"programme{when} ({format_yuan(whole_budget)}).",
                    "Raise the budget, lower the part, or write `lottery: null`.",
                    ("budget",),
                )
        return self


class SkillsTrainingSettings(ProgrammeSettings):
    """Skills training with placement in jobs away from home."""

    jobs_per_month: Annotated[int, whole(0, 10_000_000, "jobs")] | None = Field(
        default=None,
        description="Places that employers offer to trainees in a month, province-wide.",
    )


class RelocationSettings(ProgrammeSettings):
    """Relocation of households from remote villages to built communities."""


class MicrofinanceSettings(ProgrammeSettings):
    """Group loans in small instalments; the budget is principal that is lent."""

    loan_size: Price | None = Field(default=None, description="Yuan of a first loan.")


class HouseholdProjectsSettings(ProgrammeSettings):
    """Assets in kind for households, with cooperatives and enterprises that buy the produce."""

    cooperatives: Annotated[int, whole(0, 100_000, "cooperatives")] | None = Field(
        default=None, description="Cooperatives of the poor in the counties served."
    )
    leading_enterprises: Annotated[int, whole(0, 100_000, "enterprises")] | None = Field(
        default=None, description="Leading enterprises that buy from poor households there."
    )
    zones: Annotated[int, whole(0, 172, "zones")] | None = Field(
        default=None, description="Counties with a project zone, the poorest first."
    )


class FundPart(Section):
    """A part of the budget with counties of its own."""

    budget: BudgetField = Field(description="Yuan a calendar year, inside the whole budget.")
    counties: Counties = Field(description="Which counties share it evenly.")

    def budget_in(self, year: int) -> int:
        """Whole yuan for a calendar year."""
        return _amount_in(self.budget, year)


class IntegratedFundsSettings(ProgrammeSettings):
    """Pooled funds of a county for villages that lie side by side; unnamed: all key counties."""

    central: FundPart | None = Field(
        default=None, description="Central part, for counties of its own; the rest is provincial."
    )

    @model_validator(mode="after")
    def _central_is_a_part(self) -> Self:
        if self.central is not None:
            _check_part(self.budget, self.central.budget, "central part", "central")
        return self


class CentralUnitsPart(Section):
    """What units of the central government give: village works, and projects of whole counties."""

    budget: BudgetField = Field(description="Yuan a calendar year, inside the whole budget.")
    villages: Annotated[int, whole(0, 10_000, "villages")] = Field(
        description="How many listed villages they help with works."
    )
    village_budget: BudgetField = Field(
        description="Yuan a calendar year for these villages, inside `budget` of this part."
    )

    def budget_in(self, year: int) -> int:
        """Whole yuan for a calendar year."""
        return _amount_in(self.budget, year)

    def village_budget_in(self, year: int) -> int:
        """Whole yuan for the works of its villages."""
        return _amount_in(self.village_budget, year)

    @model_validator(mode="after")
    def _villages_are_a_part(self) -> Self:
        _check_part(self.budget, self.village_budget, "money for villages", "village_budget")
        return self


class PairedAssistanceSettings(ProgrammeSettings):
    """Help of units that are paired with villages: money, goods and cadres."""

    cadres: Annotated[int, whole(0, 1_000_000, "cadres")] | None = Field(
        default=None, description="Officials who are sent to live and work in listed villages."
    )
    province_villages: Annotated[int, whole(0, 10_000, "villages")] | None = Field(
        default=None, description="Villages with a unit of the province; others have local ones."
    )
    central_units: CentralUnitsPart | None = Field(
        default=None, description="Part of the budget that units of the central government give."
    )

    @model_validator(mode="after")
    def _central_is_a_part(self) -> Self:
        if self.central_units is not None:
            _check_part(self.budget, self.central_units.budget, "central part", "central_units")
        return self


def _check_part(whole_budget: Budget, part: Budget, name: str, key: str) -> None:
    years: set[int] = set()
    for budget in (whole_budget, part):
        years |= set(budget) if isinstance(budget, dict) else set()
    for year in sorted(years) or [0]:
        if _amount_in(part, year) > _amount_in(whole_budget, year):
            when = f" in {year}" if year else ""
            raise fault(
                f"The {name} ({format_yuan(_amount_in(part, year))}) is more than the whole "
                f"budget{when} ({format_yuan(_amount_in(whole_budget, year))}).",
                f"Raise the budget, lower the part, or write `{key}: null`.",
                ("budget",),
            )


class MinimumLivingSettings(ProgrammeSettings):
    """Cards and transfers; `unit_cost` is yuan a person and month."""


class EnterpriseProjectsSettings(ProgrammeSettings):
    """Projects of private enterprises; the budget is what they claim, never spent."""

    projects: Annotated[int, whole(1, 10_000, "projects")] | None = Field(
        default=None, description="How many projects of a year share the claimed money."
    )


class ProjectManagementSettings(ProgrammeSettings):
    """Registration review, disclosure, supervision; `unit_cost` is yuan a village and year."""


class MutualFundsSettings(ProgrammeSettings):
    """Funds of new villages; the budget is seed money and `unit_cost` the seed of a village."""

    loan_size: Price | None = Field(default=None, description="Yuan of a full loan.")


class LoanGuaranteeSettings(ProgrammeSettings):
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
        return self


class SubsidisedLoansSettings(ProgrammeSettings):
    """Bank loans with subsidised interest; the budget is principal that is lent."""

    loan_size: Price | None = Field(default=None, description="Yuan of a full household loan.")
    enterprise_share: Annotated[float, number(0, 1)] | None = Field(
        default=None, description="Part of the money that goes to enterprises and infrastructure."
    )


class WorksParts(Section):
    """How the money of rural works is split; the three parts sum to 1."""

    water: Annotated[float, number(0, 1)] = Field(description="Part for safe water.")
    farmland: Annotated[float, number(0, 1)] = Field(description="Part for basic farmland.")
    roads: Annotated[float, number(0, 1)] = Field(description="Part for roads.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = self.water + self.farmland + self.roads
        if abs(total - 1.0) > 1e-9:
            raise fault(
                f"The parts of water, farmland and roads sum to {total:g}, not to 1.",
                "Change them together.",
                ("water",),
            )
        return self


class RuralWorksSettings(ProgrammeSettings):
    """Water, farmland, roads; `unit_cost` is yuan a person with water, places are villages."""

    parts: WorksParts | None = Field(default=None, description="Split of the money.")
    department_match: Annotated[float, number(0, 50)] | None = Field(
        default=None,
        description="Yuan that departments promise to each yuan of the budget, outside of it.",
    )


class PracticalTrainingSettings(ProgrammeSettings):
    """Short courses for farmers; `unit_cost` is yuan a farmer."""


class TechnologySettings(ProgrammeSettings):
    """Technicians and courses; `unit_cost` is yuan a course, places are villages visited."""

    technicians: Annotated[int, whole(0, 1_000_000, "technicians")] | None = Field(
        default=None, description="Technicians who are sent to villages in a year."
    )
    items: Annotated[int, whole(1, 1_000_000, "items")] | None = Field(
        default=None, description="New varieties, techniques and results that they bring."
    )


class Programmes(Section):
    """The settings of all 16 programmes, in the order of PROGRAMMES."""

    village_advancement: VillageAdvancementSettings = VillageAdvancementSettings(budget=0)
    rural_works: RuralWorksSettings = RuralWorksSettings(budget=0)
    relocation: RelocationSettings = RelocationSettings(budget=0)
    skills_training: SkillsTrainingSettings = SkillsTrainingSettings(budget=0)
    practical_training: PracticalTrainingSettings = PracticalTrainingSettings(budget=0)
    household_projects: HouseholdProjectsSettings = HouseholdProjectsSettings(budget=0)
    mutual_funds: MutualFundsSettings = MutualFundsSettings(budget=0)
    loan_guarantee: LoanGuaranteeSettings = LoanGuaranteeSettings(budget=0)
    microfinance: MicrofinanceSettings = MicrofinanceSettings(budget=0)
    subsidised_loans: SubsidisedLoansSettings = SubsidisedLoansSettings(budget=0)
    minimum_living: MinimumLivingSettings = MinimumLivingSettings(budget=0)
    integrated_funds: IntegratedFundsSettings = IntegratedFundsSettings(budget=0)
    paired_assistance: PairedAssistanceSettings = PairedAssistanceSettings(budget=0)
    enterprise_projects: EnterpriseProjectsSettings = EnterpriseProjectsSettings(budget=0)
    technology: TechnologySettings = TechnologySettings(budget=0)
    project_management: ProjectManagementSettings = ProjectManagementSettings(budget=0)

    def of(self, key: str) -> ProgrammeSettings:
        """The settings of one programme.

        Raises:
            KeyError: no programme has this key.
        """
        if key not in PROGRAMME_KEYS:
            raise KeyError(key)
        settings = getattr(self, key)
        assert isinstance(settings, ProgrammeSettings)
        return settings

    def active(self) -> tuple[Programme, ...]:
        """The programmes that have money, in order."""
        return tuple(programme for programme in PROGRAMMES if self.of(programme.key).active)

    def class_totals(self, year: int) -> dict[MoneyClass, int]:
        """Yuan of each money class in a calendar year: the sum of its programmes."""
        totals: dict[MoneyClass, int] = dict.fromkeys(MONEY_CLASSES, 0)
        for programme in PROGRAMMES:
            totals[programme.money] += self.of(programme.key).budget_in(year)
        return totals
