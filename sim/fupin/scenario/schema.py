"""What a scenario is: the keys of a scenario file, their meaning and their defaults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from fupin.parameters.province import province
from fupin.scenario.allocate import Allocate
from fupin.scenario.county_table import INCOME, LEAST, MOST
from fupin.scenario.envelope import Envelope, refuse_more
from fupin.scenario.faults import fault
from fupin.scenario.fields import (
    Budget,
    Checked,
    MonthField,
    ScenarioName,
    Section,
    Switch,
    choice,
    number,
    text,
    whole,
)
from fupin.scenario.money_calendar import MoneyCalendar, calendar_of
from fupin.scenario.months import Month
from fupin.scenario.overlaps import refuse_overlaps, refuse_parts
from fupin.scenario.overrides import History, Overrides, OverridesField
from fupin.scenario.places import PlaceError, county_index
from fupin.scenario.programme_catalogue import path_of
from fupin.scenario.programmes import MONEY_CLASSES, PROGRAMME_KEYS, MoneyClass, Programmes
from fupin.scenario.shares import refuse_floors, refuse_two_splits
from fupin.scenario.shocks import Shock
from fupin.scenario.switches import Switches, refuse_switches_outside
from fupin.scenario.targets import with_budgets
from fupin.scenario.village_list import VillageListField, refuse_list_outside
from fupin.yaml.words import shown

FIRST_MONTH, LAST_MONTH = (Month(y, m) for y, m in zip(province().plan_years, (1, 12), strict=True))
POPULATION_SEED = 20091231
DEFAULT_HORIZON = 5
"""Years from a plan's first to the last in which its effects count, if it says nothing."""
_YEAR = province().document_year  # lived if a plan says no period


class Period(Section):
    """The months in which programmes have money, both ends included."""

    start: MonthField = Field(default=Month(_YEAR, 1), description="First month (YYYY-MM).")
    end: MonthField = Field(default=Month(_YEAR, 12), description="Last month (YYYY-MM).")

    @model_validator(mode="after")
    def _in_order_and_known(self) -> Self:
        for key, month in (("start", self.start), ("end", self.end)):
            if not FIRST_MONTH <= month <= LAST_MONTH:
                raise fault(
                    f"{month} is outside the years that fupin knows.",
                    f"Write a month from {FIRST_MONTH} to {LAST_MONTH}.",
                    (key,),
                )
        if self.end < self.start:
            raise fault(
                f"{self.end} is before the start, {self.start}.",
                "Let `end` be the same month or later.",
                ("end",),
                or_at=("start",),
            )
        return self

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month of the period, in order."""
        return tuple(Month.of_index(i) for i in range(self.start.index, self.end.index + 1))

    @property
    def start_year(self) -> int:
        """Calendar year of the first month."""
        return self.start.year

    @property
    def start_month(self) -> int:
        """The first month, 1 to 12."""
        return self.start.month

    @property
    def years(self) -> tuple[int, ...]:
        """Every calendar year that the period touches, in order."""
        return tuple(range(self.start.year, self.end.year + 1))

    def has_december(self, year: int) -> bool:
        """Whether the December of a year lies in it."""
        return self.start <= Month(year, 12) <= self.end

    def has_whole(self, year: int) -> bool:
        """Whether all months of a calendar year lie in it."""
        return self.start <= Month(year, 1) and self.has_december(year)


def _read_sample(value: Any) -> str | float:
    if value in ("default", "full") and isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 1:
        raise fault(
            f"{shown(value)} is not a sample.",
            "Write default, full, or a share above 0 and up to 1, such as 0.02.",
        )
    return float(value)


SampleField = Annotated[
    str | float,
    Checked(
        _read_sample,
        {
            "anyOf": [
                {"enum": ["default", "full"]},
                {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            ]
        },
    ),
]


def _read_incomes(value: Any) -> dict[int, float]:
    if isinstance(value, str):
        raise fault(
            "A table of counties is read when a scenario file is loaded.",
            "Load the file, or write {Chicheng: 2645}, say.",
        )
    if not isinstance(value, dict):
        raise fault(
            f"{shown(value)} is no table of counties.",
            "Write the name of a CSV file, or {Chicheng: 2645}, say.",
        )
    index, income = county_index(), number(LEAST, MOST)
    found: dict[int, float] = {}
    for name, yuan in value.items():
        if yuan is None:  # null restores what the table of fupin says
            continue
        try:
            codes = index.counties(name)
            if len(codes) != 1:
                raise PlaceError(f"{shown(name)} means {len(codes)} counties.", "Name each.")
            if codes[0] in found:
                raise PlaceError(f"{index.title(codes[0])} is named twice.", "Name it once.")
        except PlaceError as error:
            raise fault(str(error), error.instead, (str(name),), of_key=True) from None
        try:
            found[codes[0]] = income.read(yuan)
        except PydanticCustomError as error:
            context = error.context or {}
            raise fault(context["text"], context["instead"], (str(name),)) from None
    return dict(sorted(found.items()))


CountyIncomes = Annotated[
    dict[int, float],
    Checked(
        _read_incomes,
        {
            "anyOf": [
                {"type": "string", "pattern": r"\.csv$"},
                {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
            ]
        },
    ),
]


class Population(Section):
    """Which villages of the synthetic province take part, and which synthetic province it is."""

    sample: SampleField = Field(
        default="default",
        description="default (all listed villages, one in ten others), full, or a share of both.",
    )
    seed: Annotated[int, whole(0, 2**63 - 1, "")] = Field(
        default=POPULATION_SEED,
        description="Which synthetic province; plans are compared within one.",
    )
    counties: CountyIncomes | None = Field(
        default=None,
        description=f"Known net incomes of counties in {_YEAR}, yuan per person: a CSV file with "
        f"the columns county (or code) and {INCOME}, or {{Chicheng: 2645}}; over those of fupin.",
    )


class Scenario(Section):
    """A plan with the world in which it is carried out."""

    name: ScenarioName = Field(description="Names the results; the file's own name if absent.")
    title: Annotated[str, text(200)] = Field(default="", description="One line for people.")
    title_zh: Annotated[str, text(200)] | None = Field(
        default=None, description="The title in Chinese, shown wherever the reader's is Chinese."
    )
    description: Annotated[str, text(5000)] = Field(
        default="", description="What the plan is about."
    )
    description_zh: Annotated[str, text(5000)] | None = Field(
        default=None, description="The same in Chinese."
    )
    period: Period = Field(default=Period(), description="Months in which money is given.")
    horizon: Annotated[int, whole(*province().plan_years, "")] | None = Field(
        default=None,
        description="Last year that is lived on, without new programme money, for what the plan "
        f"does later; by default the fifth from its first, at most {province().last_official}.",
    )
    fiscal_year_start: Annotated[int, whole(1, 12, "")] = Field(
        default=1,
        description="Month (1 to 12) in which fiscal years begin: with 7, an amount for 2009 is "
        "for 2009-07 to 2010-06. Unspent money returns at a fiscal year's end.",
    )
    population: Population = Field(default=Population(), description="Who is simulated.")
    counting: Annotated[
        Literal["register", "task", "survey", "quota"],
        choice("register", "task", "survey", "quota"),
    ] = Field(
        default="register",
        description="Who counts as poor: the official register (as the document counts), a "
        "register kept by yearly tasks since the first listing, reported income under the "
        "line, or delisting by a yearly quota.",
    )
    quota: Annotated[int, whole(0, 10_000_000, "persons a year")] = Field(
        default=province().quota, description="Persons a year that `counting: quota` delists."
    )
    assets: Annotated[Literal["smooth", "threshold"], choice("smooth", "threshold")] = Field(
        default="smooth", description="How income depends on productive assets."
    )
    displacement: Switch = Field(
        default=False,
        description="Whether works that poverty funds pay in a village draw other public money "
        "away from it, of which other villages of the county get a part.",
    )
    weather: Annotated[
        Literal["historical", "mean", "chance"], choice("historical", "mean", "chance")
    ] = Field(
        default="historical",
        description="The weather as it was, every year at its mean, or drawn by chance.",
    )
    growth: Annotated[Literal["document", "none"], choice("document", "none")] = Field(
        default="document", description="Income growth of the document's years, or none."
    )
    household_shocks: Switch = Field(
        default=True, description="Illness, deaths and disasters that strike households: on or off."
    )
    recognition: Switch = Field(
        default=True,
        description="Whether a household that a programme meets may be re-assessed.",
    )
    switches: Switches = Field(
        default=Switches(),
        description="Review of the register, disclosure, recognition: on or off from a month on.",
    )
    parameters: OverridesField = Field(
        default_factory=lambda: Overrides({}),
        description="Parameters of the model with other values, from the plan's first month on, "
        "or from the month of the key `from`; not in the years before the plan (`history`).",
    )
    history: History = Field(
        default=History(), description="What is otherwise in the years before the plan."
    )
    programmes: Programmes = Field(
        default=Programmes(),
        description="The programmes of the plan; one that is not named is off.",
    )
    village_list: VillageListField = Field(
        default=None,
        description="Villages that come onto the list, or a list in place of the first, from a "
        "month on: {add: 1000, from: 2011-01}.",
    )
    envelope: Envelope | None = Field(
        default=None,
        description="The most that the plan may give in a fiscal year, by money class: "
        "{fiscal: 743 million}. A plan that gives more is refused.",
    )
    balance: Annotated[str, choice(*PROGRAMME_KEYS)] | None = Field(
        default=None,
        description="This programme absorbs what the file changes against the scenario that it "
        "extends, so that the total of its money class stays.",
    )
    shocks: dict[str, Shock] = Field(default={}, description="Events by a name of your choice.")
    allocate: Allocate | None = Field(
        default=None, description="The better division of money that `fupin allocate` looks for."
    )

    @model_validator(mode="before")
    @classmethod
    def _null_removes_a_shock(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("shocks"), dict):
            kept = {key: value for key, value in data["shocks"].items() if value is not None}
            return {**data, "shocks": kept}
        return data

    @model_validator(mode="before")
    @classmethod
    def _targets_become_budgets(cls, data: Any) -> Any:
        return with_budgets(data, cls.model_validate)

    @model_validator(mode="after")
    def _all_within_the_period(self) -> Self:
        if self.horizon is not None and self.horizon < self.period.end.year:
            raise fault(
                f"{self.horizon} is before the end of the period, {self.period.end}.",
                f"Write {self.period.end.year} or a later year.",
                ("horizon",),
                or_at=("period", "end"),
            )
        for key in self.programmes.keys:
            settings = self.programmes.of(key)
            refuse_two_splits(path_of(key), settings.share, settings.by_county is not None)
            refuse_overlaps(key, settings.budget, self.fiscal_year_start)
            refuse_parts(key, settings, self.calendar_with)
            self._refuse_floors(key)
        self._check_parameters_begin()
        refuse_more(self.envelope, ((p.money, self.calendar(p.key)) for p in self.programmes.all()))
        lived = self.lived
        for name, shock in self.shocks.items():
            begins = shock.drought.from_month
            if not lived.start <= begins <= lived.end:
                raise fault(
                    f"{begins} is outside the months that are simulated, {lived.start} to "
                    f"{lived.end}.",
                    f"Write a month from {lived.start} to {lived.end}.",
                    ("shocks", name, "drought", "from"),
                )
        refuse_switches_outside(self.switches, lived.start, lived.end)
        refuse_list_outside(self.village_list, self.period)
        return self

    def _refuse_floors(self, key: str) -> None:
        settings, calendar = self.programmes.of(key), self.calendar(key)
        years = dict.fromkeys(calendar.year_of(month) for month in calendar.by_month)
        budgets = {year: calendar.in_fiscal_year(year) for year in years}
        if settings.poorest is None:
            refuse_floors(path_of(key), settings.share, settings.county_codes(), budgets)

    def _check_parameters_begin(self) -> None:
        begins, lived = self.parameters.begins, self.lived
        if begins is None or lived.start <= begins <= lived.end:
            return
        if begins < lived.start:
            raise fault(
                f"{begins} is before the plan's first month, {lived.start}.",
                f"Write a month from {lived.start} on; values for the years before the plan stand "
                "under `history: {parameters: ...}`.",
                ("parameters", "from"),
            )
        raise fault(
            f"{begins} is after the last month that is simulated, {lived.end}.",
            f"Write a month from {lived.start} to {lived.end}.",
            ("parameters", "from"),
        )

    def switched_on(self, name: str, month: Month) -> bool:
        """Whether a switch of policy (`fupin.scenario.switches`) is on in a month."""
        before = self.recognition if name == "recognition" else True
        return self.switches.state(name, month, before)

    @property
    def ever_recognises(self) -> bool:
        """Whether households that a programme meets may be re-assessed in any month."""
        return self.recognition or any(self.switches.recognition.values())

    @property
    def lived(self) -> Period:
        """All months that are lived: the period and what follows to the December of the horizon."""
        fifth = min(self.period.start.year + DEFAULT_HORIZON - 1, province().last_official)
        year = max(self.period.end.year, fifth) if self.horizon is None else self.horizon
        return Period(start=self.period.start, end=Month(year, 12))

    @property
    def by_task(self) -> bool:
        """Whether the register is kept by task, in history as well: plans with another past."""
        return self.counting == "task"

    def calendar(self, key: str) -> MoneyCalendar:
        """The months of a programme and their money."""
        return self.calendar_with(key, self.programmes.of(key).budget)

    def calendar_with(self, key: str, budget: Budget) -> MoneyCalendar:
        """The same where the programme, or a part of it, has another budget."""
        settings = self.programmes.of(key)
        begins, ends = settings.from_month, settings.to_month
        return calendar_of(budget, begins, ends, self.period, self.fiscal_year_start)

    def class_totals(self, years: Iterable[int] | None = None) -> dict[MoneyClass, int]:
        """Yuan that are given of each money class.

        Args:
            years: calendar years; all of the period if not given.
        """
        totals: dict[MoneyClass, int] = dict.fromkeys(MONEY_CLASSES, 0)
        wanted = self.period.years if years is None else list(years)
        for programme in self.programmes.all():
            calendar = self.calendar(programme.key)
            totals[programme.money] += sum(calendar.in_year(year) for year in wanted)
        return totals
