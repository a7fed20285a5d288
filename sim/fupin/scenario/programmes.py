"""What a plan may say about each programme beside what all have: the schema of `programmes:`.

A programme that a plan does not name is off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import ConfigDict, Field, SerializeAsAny, WrapValidator, model_validator

from fupin.parameters.province import province
from fupin.scenario.added import checked_others, kind_of, read_added
from fupin.scenario.entries import EXTRA, Extra, entries_of
from fupin.scenario.faults import fault, known_keys
from fupin.scenario.fields import PartBudgetField, Section, Switch, choice, number, whole
from fupin.scenario.lender_settings import (
    LoanGuaranteeSettings,
    MicrofinanceSettings,
    MutualFundsSettings,
    SubsidisedLoansSettings,
)
from fupin.scenario.own import OwnProgramme
from fupin.scenario.place_fields import Counties
from fupin.scenario.programme_catalogue import (
    ADDED,
    CLASS_OF,
    MONEY_CLASSES,
    PROGRAMME_KEYS,
    PROGRAMMES,
    MoneyClass,
    Programme,
    with_others,
)
from fupin.scenario.programme_settings import (
    Part,
    ProgrammeSettings,
    among,
    amount_in,
    check_part,
    refuse_unit_cost,
)
from fupin.scenario.targeting import CASH as RECIPIENTS
from fupin.scenario.targeting import CashWhoField, ChoosesHouseholds

if TYPE_CHECKING:  # a plan is checked without loading numpy
    from fupin.population.counties import CountyTable
    from fupin.scenario.programme_settings import CountyRows, Flags

__all__ = [
    "CLASS_OF",
    "MONEY_CLASSES",
    "PROGRAMMES",
    "PROGRAMME_KEYS",
    "RECIPIENTS",
    "MoneyClass",
    "Programme",
    "ProgrammeSettings",
    "Programmes",
]


class LotteryPart(Part):
    """A part of the village advancement money with villages of its own.

    The document names one: central lottery welfare funds for poor villages of two old
    revolutionary base areas.
    """

    villages: Annotated[int, whole(1, 10_000, "villages")] = Field(
        description="How many listed villages share it."
    )
    counties: Counties = Field(description="Where these villages lie.")

    def serves(self, table: CountyTable, rows: CountyRows) -> Flags:
        """Which of some counties, rows of the table, have villages of this part."""
        return among(self.counties, table, rows)


class VillageAdvancementSettings(ProgrammeSettings):
    """Entire village advancement: a plan of works for each listed village in turn."""

    extra: Extra[VillageAdvancementSettings] | None = EXTRA

    lottery: LotteryPart | None = Field(
        default=None, description="Part of the budget with villages of its own."
    )

    @model_validator(mode="after")
    def _lottery_is_a_part(self) -> Self:
        if self.lottery is not None:
            check_part(self.budget, self.lottery.budget, "lottery part", "lottery")
        return self


class SkillsTrainingSettings(ChoosesHouseholds):
    """Skills training with placement in jobs away from home."""

    extra: Extra[SkillsTrainingSettings] | None = EXTRA

    jobs_per_month: Annotated[int, whole(0, 10_000_000, "jobs")] | None = Field(
        default=None,
        description="Places that employers offer to trainees in a month, province-wide.",
    )


class RelocationSettings(ChoosesHouseholds):
    """Relocation of households from remote villages to built communities."""


class HouseholdProjectsSettings(ChoosesHouseholds):
    """Assets in kind for households, with cooperatives and enterprises that buy the produce."""

    extra: Extra[HouseholdProjectsSettings] | None = EXTRA

    cooperatives: Annotated[int, whole(0, 100_000, "cooperatives")] | None = Field(
        default=None, description="Cooperatives of the poor in the counties served."
    )
    leading_enterprises: Annotated[int, whole(0, 100_000, "enterprises")] | None = Field(
        default=None, description="Leading enterprises that buy from poor households there."
    )
    zones: Annotated[int, whole(0, province().counties, "zones")] | None = Field(
        default=None, description="Counties with a project zone, the poorest first."
    )


class FundPart(Part):
    """A part of the budget with counties of its own."""

    counties: Counties = Field(description="Which counties share it evenly.")


class IntegratedFundsSettings(ProgrammeSettings):
    """Pooled funds of a county for villages that lie side by side; unnamed: all key counties."""

    central: FundPart | None = Field(
        default=None, description="Central part, for counties of its own; the rest is provincial."
    )

    @model_validator(mode="after")
    def _central_is_a_part(self) -> Self:
        if self.central is not None:
            check_part(self.budget, self.central.budget, "central part", "central")
        return self


class CentralUnitsPart(Part):
    """What units of the central government give: village works, and projects of whole counties."""

    villages: Annotated[int, whole(0, 10_000, "villages")] = Field(
        description="How many listed villages they help with works."
    )
    village_budget: PartBudgetField = Field(
        description="Yuan a fiscal year for these villages, inside `budget` of this part."
    )

    def village_budget_in(self, year: int) -> int:
        """Whole yuan that the plan writes for the works of its villages in a fiscal year."""
        return amount_in(self.village_budget, year)

    @model_validator(mode="after")
    def _villages_are_a_part(self) -> Self:
        check_part(self.budget, self.village_budget, "money for villages", "village_budget")
        return self


class PairedAssistanceSettings(ChoosesHouseholds):
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
            check_part(self.budget, self.central_units.budget, "central part", "central_units")
        return self


class MinimumLivingSettings(ChoosesHouseholds):
    """Cards and transfers; `unit_cost` is yuan a person and month."""


class EnterpriseProjectsSettings(ChoosesHouseholds):
    """Projects of private enterprises; the budget is what they claim, never spent."""

    extra: Extra[EnterpriseProjectsSettings] | None = EXTRA

    projects: Annotated[int, whole(1, 10_000, "projects")] | None = Field(
        default=None, description="How many projects of a year share the claimed money."
    )

    @model_validator(mode="after")
    def _no_unit_cost(self) -> Self:
        refuse_unit_cost(self, "Write `projects`: they share the claimed money.")
        if self.share is not None and self.share.bounded:
            raise fault(
                "Enterprises choose where they go; no county has a floor or a cap.",
                "Leave `floor` and `cap` out: the rule is the odds of each county.",
                ("share",),
            )
        return self


class ProjectManagementSettings(ProgrammeSettings):
    """Registration review, disclosure, supervision; `unit_cost` is yuan a village and year."""


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


class PracticalTrainingSettings(ChoosesHouseholds):
    """Short courses for farmers; `unit_cost` is yuan a farmer."""

    extra: Extra[PracticalTrainingSettings] | None = EXTRA


class TechnologySettings(ChoosesHouseholds):
    """Technicians and courses; `unit_cost` is yuan a course, places are villages visited."""

    technicians: Annotated[int, whole(0, 1_000_000, "technicians")] | None = Field(
        default=None, description="Technicians who are sent to villages in a year."
    )
    items: Annotated[int, whole(1, 1_000_000, "items")] | None = Field(
        default=None, description="New varieties, techniques and results that they bring."
    )


class CashTransferSettings(ProgrammeSettings):
    """Yuan to chosen households; `unit_cost` is yuan a month for each person (or household)."""

    extra: Extra[CashTransferSettings] | None = EXTRA

    who: CashWhoField | None = Field(
        default=None,
        description="Whom committees choose from: households of listed villages (if not given), "
        "those on the register, the poorest as their village sees them, or all by lot; or a "
        "ranking: poorest_by_card, proxy_test, community.",
    )
    perfect: Switch | None = Field(
        default=None,
        description="On: the truly poorest of these by their income, which no office knows.",
    )
    per: Annotated[str, choice("person", "household")] | None = Field(
        default=None, description="What `unit_cost` is paid for; each person if not given."
    )
    months: Annotated[int, whole(1, 12, "months")] | None = Field(
        default=None,
        description="Payments to a household in a year; one in each month of activity if not "
        "given.",
    )

    @model_validator(mode="after")
    def _a_household_has_a_sum(self) -> Self:
        if self.per == "household" and self.unit_cost is None:
            raise fault(
                "What a household gets is not said.",
                "Write `unit_cost`, yuan a month, or leave out `per`.",
                ("per",),
            )
        return self


class Programmes(Section):
    """The settings of all programmes, in the order of PROGRAMMES, and of those that a plan adds.

    These are of its own (`fupin.scenario.own`) or of other packages (`fupin.scenario.outside`).
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[
        str, Annotated[SerializeAsAny[OwnProgramme], WrapValidator(read_added)]
    ] = Field(init=False)

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
    cash_transfer: CashTransferSettings = CashTransferSettings(budget=0)

    @model_validator(mode="before")
    @classmethod
    def _others_say_their_kind(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = known_keys(cls)
        others = checked_others(data, known)
        return {name: data[name] for name in data if name in known} | others

    @property
    def own(self) -> Mapping[str, ProgrammeSettings]:
        """Programmes that the plan adds, of its own and of other packages, by name."""
        return self.__pydantic_extra__ or {}

    def of(self, key: str) -> ProgrammeSettings:
        """The settings of one programme, or of a further entry of one (`household_projects/north`).

        Raises:
            KeyError: no programme has this key.
        """
        first, _, name = key.partition("/")
        if first in ADDED:
            return self.own[name]
        if first not in PROGRAMME_KEYS:
            raise KeyError(key)
        settings = getattr(self, first)
        assert isinstance(settings, ProgrammeSettings)
        return entries_of(settings)[name] if name else settings

    @property
    def keys(self) -> tuple[str, ...]:
        """PROGRAMME_KEYS, then those that the plan adds, in order."""
        more = [f"{key}/{name}" for key in PROGRAMME_KEYS for name in entries_of(self.of(key))]
        own = [f"{kind_of(settings)}/{name}" for name, settings in self.own.items()]
        return (*PROGRAMME_KEYS, *more, *own)

    def all(self) -> tuple[Programme, ...]:
        """PROGRAMMES, then those that the plan adds."""
        return with_others(self.keys)

    def active(self) -> tuple[Programme, ...]:
        """The programmes that have money, in order; further entries after their first."""
        found = [programme for programme in self.all() if self.of(programme.key).active]
        place = {key: i for i, key in enumerate(PROGRAMME_KEYS)}
        last = len(place)
        return tuple(sorted(found, key=lambda p: place.get(p.key.partition("/")[0], last)))

    def class_totals(self, year: int) -> dict[MoneyClass, int]:
        """Yuan that the plan writes for a year, by money class: the sum of its programmes."""
        totals: dict[MoneyClass, int] = dict.fromkeys(MONEY_CLASSES, 0)
        for programme in self.all():
            totals[programme.money] += self.of(programme.key).budget_in(year)
        return totals
