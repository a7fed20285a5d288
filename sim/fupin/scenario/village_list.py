"""A list of villages that a plan adds to the 7,102, or puts in their place, from a month on.

    village_list: {add: 1000, from: 2011-01}                          # beside the first list
    village_list: {add: {张北县: 20, 大名县: 10}, by: registered}       # so many of each county
    village_list: {renew: 3000, from: 2011-01, counties: key}         # in place of the first list

It is one list for all programmes that go by one: village plans, rural works, village funds, units
that help, and committees of listed villages. Nobody can name a village of a synthetic province: a
plan says how many, where, and by what offices choose, who see villages with an error
(`fupin.programmes.village_list`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from fupin.scenario.county_money import is_by_county, read_county_money
from fupin.scenario.faults import fault
from fupin.scenario.fields import Checked, MonthField, Section, choice
from fupin.scenario.place_fields import Counties
from fupin.scenario.places import county_index
from fupin.scenario.served import key_codes
from fupin.scenario.targets import Target, read_target
from fupin.yaml.folding import GroupedNumber, plain_forms
from fupin.yaml.words import shown

if TYPE_CHECKING:
    from fupin.scenario.months import Month
    from fupin.scenario.schema import Period, Scenario

LIST_BY = ("income", "registered", "need", "equal")
"""What offices can choose villages by."""

MOST_VILLAGES = 60_000
"""More than the province has; how many a county has is told with the county table."""

Villages = int | dict[int, int]
"""How many: of all counties together, or by code of a county."""

_HOW_MANY = "Write a number such as 1000, or {张北县: 20, 大名县: 10}."


def _villages_in(text: str) -> Target | None:
    try:
        return read_target(text)
    except PydanticCustomError:  # what is no number of villages is said here, in words of lists
        return None


def _read_number(value: Any, path: tuple[str, ...] = ()) -> int:
    if isinstance(value, GroupedNumber):
        raise fault(value.unclear, value.instead, path)
    found: object = value
    if isinstance(value, str):
        text = plain_forms(value).strip()
        if text.replace(",", "").isdecimal():
            found = int(text.replace(",", ""))
        else:
            target = _villages_in(text)
            if target is None or target.unit != "villages":
                raise fault(f"{shown(value)} is no number of villages.", _HOW_MANY, path)
            found = target.number
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        raise fault(f"{shown(value)} is no number of villages.", _HOW_MANY, path)
    if not 0 <= found <= MOST_VILLAGES:
        raise fault(
            f"{shown(value)} is out of range.", f"Write 0 to {MOST_VILLAGES} villages.", path
        )
    return found


def _read_villages(value: Any) -> Villages:
    if not isinstance(value, dict):
        return _read_number(value)
    if not is_by_county(value):
        raise fault("These are no counties; a list has one month, `from`.", _HOW_MANY)
    found = read_county_money(value, _read_number)
    if found is None:
        raise fault("No county has a number of villages.", _HOW_MANY)
    return {code: number for code, number in found.counties.items() if isinstance(number, int)}


_NUMBER: dict[str, Any] = {
    "anyOf": [{"type": "integer", "minimum": 0, "maximum": MOST_VILLAGES}, {"type": "string"}]
}
VillagesField = Annotated[
    Villages,
    Checked(
        _read_villages,
        {
            "anyOf": [
                *_NUMBER["anyOf"],
                {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": {"anyOf": [*_NUMBER["anyOf"], {"type": "null"}]},
                },
            ]
        },
        lambda value: (
            {str(code): number for code, number in value.items()}
            if isinstance(value, dict)
            else value
        ),
    ),
]


class VillageList(Section):
    """Villages that come onto the list, or a list in place of the first one."""

    add: VillagesField | None = Field(
        default=None,
        description="How many villages that are not on the list come onto it: of all counties "
        "together, or by county ({张北县: 20}).",
    )
    renew: VillagesField | None = Field(
        default=None,
        description="In place of `add`: how many villages a new list has, which takes the place "
        "of the 7,102. Plans under way are paid to their end.",
    )
    from_month: MonthField | None = Field(
        default=None,
        alias="from",
        description="Month (YYYY-MM) from which the list holds; the plan's first if not given.",
    )
    by: Annotated[str, choice(*LIST_BY)] = Field(
        default="income",
        description="What offices choose villages by, as they see it when the plan begins: the "
        "lowest income, the largest share of people registered, the most that roads, water and "
        "irrigation lack (need), or every village with an equal chance.",
    )
    counties: Counties | None = Field(
        default=None, description="Where these villages lie; the key counties if not given."
    )

    @model_validator(mode="before")
    @classmethod
    def _a_number_says_not_what_becomes_of_it(cls, data: Any) -> Any:
        if not isinstance(data, (dict, VillageList)):
            number = data if isinstance(data, int) and not isinstance(data, bool) else 1000
            raise fault(f"{shown(data)} is no list.", f"Write {{add: {number}}}, say.")
        return data

    @model_validator(mode="after")
    def _says_how_many(self) -> Self:
        if self.add is not None and self.renew is not None:
            raise fault(
                "A list is either added to or renewed.",
                "Write `add: null`, or `renew: null`.", ("renew",), or_at=("add",),
            )  # fmt: skip
        if self.add is None and self.renew is None:
            raise fault("It is not said how many villages.", "Write {add: 1000}, say.")
        if self.renew is not None and not self.number:
            raise fault(
                "A new list of no village.",
                "Write at least one village, or `village_list: null` to keep the first list.",
                ("renew",),
            )
        if isinstance(self.villages, dict) and self.counties is not None:
            key = "add" if self.renew is None else "renew"
            raise fault(
                f"`{key}` names its counties already.",
                "Write `counties: null`.", ("counties",), or_at=(key,),
            )  # fmt: skip
        return self

    @property
    def villages(self) -> Villages:
        """How many, as they are written."""
        said = self.add if self.renew is None else self.renew
        assert said is not None
        return said

    @property
    def renews(self) -> bool:
        """Whether the list takes the place of the first one."""
        return self.renew is not None

    @property
    def number(self) -> int:
        """How many villages in all."""
        said = self.villages
        return sum(said.values()) if isinstance(said, dict) else said

    @property
    def groups(self) -> tuple[tuple[tuple[int, ...], int], ...]:
        """Codes of counties and how many villages come from them together."""
        said = self.villages
        if isinstance(said, dict):
            return tuple(((code,), number) for code, number in said.items() if number)
        counties = tuple(sorted(key_codes())) if self.counties is None else self.counties
        return ((counties, said),)

    @property
    def codes(self) -> set[int]:
        """Counties in which villages may come onto the list."""
        return {code for codes, _ in self.groups for code in codes}

    def begins(self, period: Period) -> Month:
        """Month from which the list holds."""
        return self.from_month or period.start

    def words(self, period: Period | None = None) -> str:
        """What the list is, in words; `period` of the plan, if known."""
        what = "in place of the first list" if self.renews else "more"
        villages = "village" if self.number == 1 else "villages"
        begins: Month | str = self.from_month or "the plan's first month"
        begins = begins if period is None else self.begins(period)
        where = county_index().describe(sorted(self.codes))
        return (
            f"{self.number:,} {villages} {what} from {begins}, in {where}; "
            f"offices choose {_CHOSEN[self.by]}"
        )


VillageListField = Annotated[
    VillageList | None,
    AfterValidator(lambda said: said if said is not None and said.number else None),
]
"""A list; one that adds no village is none at all."""

_CHOSEN = {
    "income": "those of the lowest income as they see it",
    "registered": "those with most people registered as they see it",
    "need": "those that lack most as they see it",
    "equal": "by lot",
}


def refuse_list_outside(said: VillageList | None, period: Period) -> None:
    """Raise a fault where a list begins in a month without any money."""
    if said is None or said.from_month is None:
        return
    if not period.start <= said.from_month <= period.end:
        raise fault(
            f"{said.from_month} is outside the plan's period, {period.start} to {period.end}.",
            f"Write a month from {period.start} to {period.end}.", ("village_list", "from"),
        )  # fmt: skip


def listed_codes(plan: Scenario) -> set[int]:
    """Counties with villages on a list in some month of the plan, as far as a plan can know."""
    said = plan.village_list
    if said is None:
        return key_codes()
    if said.renews and said.begins(plan.period) == plan.period.start:
        return said.codes
    return key_codes() | said.codes
