"""Money as what it buys, and back: `target: 16,184 persons` in place of a budget.

A target becomes a budget when a plan is read, at the plan's own costs: `unit_cost` and the like
where the plan says them, else the values of the parameter files and of the plan's `parameters`, and
what is lost on the way. A draw may have other values, places or need may bind, disclosure lowers
losses: so a run delivers about that much. The budget in yuan is what stays in the plan.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from fupin.scenario import amounts, spans
from fupin.scenario.faults import fault
from fupin.scenario.fields import Checked
from fupin.scenario.programme_catalogue import path_of
from fupin.yaml.words import one_of, shown

if TYPE_CHECKING:
    from fupin.parameters.values import ParameterValues
    from fupin.scenario.schema import Scenario

PLACEHOLDER = amounts.MOST_YUAN
"""Stands for a budget while what a target costs is looked up."""

HOUSEHOLD = 3.9
"""Persons of a household that programmes reach, about; the document's moved households have 3.5."""

PROJECT_MIX = {
    "cost_vegetables": 0.07,
    "cost_walnut": 0.23,
    "cost_chicken": 0.46,
    "cost_mushroom": 0.03,
    "cost_livestock": 0.21,
}
"""Kinds of household projects by the leading kinds of the counties of listed villages."""

_WORDS = {
    "persons": ("person", "people", "farmers", "farmer", "trainees", "人", "人次"),
    "households": ("household", "户", "家庭"),
    "villages": ("village", "村", "个村"),
    "loans": ("loan", "笔"),
    "projects": ("project", "个项目", "项目"),
    "jobs": ("job", "个岗位", "岗位"),
}
"""Unit -> other words for it."""
_UNIT_OF = {word: unit for unit, words in _WORDS.items() for word in (unit, *words)}
_TARGET = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(million|万|千)?\s*([^\W\d_][^\d]*)")
_SCALES = {"million": 10**6, "万": 10**4, "千": 10**3, None: 1}


class Target(NamedTuple):
    """So many of a unit a fiscal year."""

    number: int
    unit: str


class Unit(NamedTuple):
    """What money of a programme buys.

    Attributes:
        unit: one of the words of a target.
        words: for people, of what is counted: `persons trained`.
        each: yuan of the budget for one, losses included.
        fixed: yuan of the budget that buy something else.
        besides: how many come with that money.
        most: how many there can be in a year, whatever the money; None where that is not known.
    """

    unit: str
    words: str
    each: float
    fixed: float = 0.0
    besides: int = 0
    most: int | None = None

    def cost(self, number: int) -> int:
        """Whole yuan of a budget that buys so many."""
        return math.ceil(self.fixed + max(number - self.besides, 0) * self.each)

    def bought(self, yuan: int) -> int:
        """How many a budget buys."""
        number = self.besides + max(math.floor((yuan - self.fixed) / self.each), 0)
        return number if self.most is None else min(number, self.most)


def read_target(value: Any) -> Target:
    """A number and its unit, from text such as `16,184 persons` or `1.6万人`."""
    text = unicodedata.normalize("NFKC", value).strip().casefold() if isinstance(value, str) else ""
    found = _TARGET.fullmatch(text)
    unit = _UNIT_OF.get(found[3].strip()) if found else None
    if found is None or unit is None:
        raise fault(
            f"{shown(value)} is no target: a number and what is counted.",
            f"Write `target: 8000 persons`, say; counted are {one_of(list(_WORDS))}. "
            'Within braces a number with a comma is put in quotes: {target: "8,000 persons"}.',
        )
    exact = Decimal(found[1].replace(",", "")) * _SCALES[found[2]]
    if exact != exact.to_integral_value():
        raise fault(f"{shown(value)} is not a whole number.", f"Write {round(exact)} {unit}.")
    if exact > 10**9:
        raise fault(f"{shown(value)} is more than there are.", "Write a smaller number.")
    return Target(int(exact), unit)


def _read_field(value: Any) -> Any:
    """A target, or targets by year, quarter or month; as it is written, once it is known good."""
    if not isinstance(value, Mapping):
        read_target(value)
        return value
    for time, item in value.items():
        try:
            key = spans.read_key(str(time))
        except spans.SpanError as error:
            raise fault(str(error), error.instead, (str(time),), of_key=True) from None
        if item is not None:
            _at(key, item)
    if all(item is None for item in value.values()):
        raise fault("No time has a target.", "Write `target: 8,000 persons`, say.")
    return dict(value)


def _at(time: spans.Key, item: Any) -> Target:
    from pydantic_core import PydanticCustomError

    try:
        return read_target(item)
    except PydanticCustomError as error:
        context = error.context or {}
        raise fault(context["text"], context["instead"], (str(time),)) from None


_TEXT = {"type": "string"}
TargetField = Annotated[
    Any,
    Checked(
        _read_field,
        {"anyOf": [_TEXT, {"type": "object", "additionalProperties": {"anyOf": [_TEXT]}}]},
    ),
]


# -- from targets to budgets ---------------------------------------------------------------------


def with_budgets(data: Any, validate: Callable[[Any], Scenario]) -> Any:
    """The data of a scenario with a budget in place of each target.

    Args:
        data: as it is read from a file.
        validate: makes a scenario of data without targets.
    """
    programmes = data.get("programmes") if isinstance(data, Mapping) else None
    if not isinstance(programmes, Mapping):
        return data
    aimed = dict(_targets(programmes))
    if not aimed:
        return data
    for key, (settings, target) in aimed.items():
        if settings.get("budget") is not None:
            raise fault(
                "Both a budget and a target say how much money there is.",
                "Leave one of the two out.",
                (*path_of(key), "target"),
                of_key=True,
            )
        _checked(key, target)
    probe = _replaced(data, {key: _placeholder(target) for key, (_, target) in aimed.items()})
    try:  # the envelope holds what targets come to, not the placeholders
        plan = validate({name: value for name, value in probe.items() if name != "envelope"})
    except ValueError:  # whatever else is wrong is said where it stands
        return probe
    return _replaced(data, {key: _budget(plan, key, target) for key, (_, target) in aimed.items()})


def _targets(programmes: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Mapping[str, Any], Any]]]:
    """Key, settings and target of each programme, or entry, that has one."""
    for first, settings in programmes.items():
        if not isinstance(settings, Mapping):
            continue
        kind = settings.get("kind")
        key = f"{kind}/{first}" if isinstance(kind, str) else first
        further = settings.get("extra")
        further = further if isinstance(further, Mapping) else {}
        for name, entry in ((key, settings), *((f"{first}/{n}", e) for n, e in further.items())):
            if isinstance(entry, Mapping) and entry.get("target") is not None:
                yield name, (entry, entry["target"])


def _checked(key: str, target: Any) -> None:
    from pydantic_core import PydanticCustomError

    try:
        _read_field(target)
    except PydanticCustomError as error:
        context = error.context or {}
        at = (*path_of(key), "target", *context["at"])
        raise fault(context["text"], context["instead"], at, of_key=context["of_key"]) from None


def _replaced(data: Any, budgets: Mapping[str, Any]) -> Any:
    """The data with budgets of programmes in place of their targets."""
    for key, budget in budgets.items():
        data = _put(data, path_of(key), budget)
    return data


def _put(data: Mapping[str, Any], path: tuple[str, ...], budget: Any) -> dict[str, Any]:
    if path:
        return {**data, path[0]: _put(data[path[0]], path[1:], budget)}
    return {**{name: value for name, value in data.items() if name != "target"}, "budget": budget}


def _placeholder(target: Any) -> Any:
    if isinstance(target, Mapping):
        return {time: PLACEHOLDER for time, item in target.items() if item is not None}
    return PLACEHOLDER


def _budget(plan: Scenario, key: str, target: Any) -> Any:
    """Yuan of a target, or of each time's."""
    if isinstance(target, Mapping):
        return {
            time: _cost(plan, key, read_target(item), (str(time),))
            for time, item in target.items()
            if item is not None
        }
    return _cost(plan, key, read_target(target), ())


def _cost(plan: Scenario, key: str, target: Target, at: tuple[str, ...]) -> int:
    known = units_of(plan, key)
    for unit in known:
        if unit.unit == target.unit:
            if unit.most is not None and target.number > unit.most:
                raise fault(
                    f"There can be at most {unit.most:,} {unit.words} in a year.",
                    "Write a smaller number, or more of those who do it.",
                    (*path_of(key), "target", *at),
                )
            yuan = unit.cost(target.number)
            if yuan > amounts.MOST_YUAN:
                raise fault(
                    f"{target.number:,} {target.unit} cost more than ten trillion yuan.",
                    "Write a smaller number.",
                    (*path_of(key), "target", *at),
                )
            return yuan
    words = one_of([f"{target.number:,} {unit.unit}" for unit in known])
    raise fault(
        f"This programme's money is not counted in {target.unit}.",
        f"Write {words}." if known else "Write a `budget`.",
        (*path_of(key), "target", *at),
    )


# -- what money buys -----------------------------------------------------------------------------


def units_of(plan: Scenario, key: str) -> tuple[Unit, ...]:
    """What money of a programme buys in a fiscal year, the unit that people ask for first."""
    find = _UNITS.get(key.partition("/")[0])
    return () if find is None else find(_Costs(plan, key))


class _Costs:
    """Costs of a programme in a plan: what the plan says, else parameters."""

    def __init__(self, plan: Scenario, key: str) -> None:
        from fupin.errors import InputError
        from fupin.parameters.book import load_book

        book = load_book()
        begins = plan.parameters.begins  # values of a later month are not those of the first money
        first = next(iter(plan.calendar(key).by_month), plan.period.start.index)
        ours = plan.parameters if begins is None or begins.index <= first else {}
        said = {
            name: value
            for name, value in {**plan.history.parameters, **ours}.items()
            if name in book and isinstance(value, (int, float))
        }
        try:
            self.values: ParameterValues = book.values(said)
        except InputError:  # said where the parameter stands
            self.values = book.values()
        self.key, self.settings, self.plan = key, plan.programmes.of(key), plan
        self.of = key.partition("/")[0]  # whose parameters count
        self.lost = self.values["programmes.financial_loss"]

    def own(self, name: str) -> float:
        return self.values[f"{self.of}.{name}"]

    def value(self, name: str) -> float:
        return self.values[f"programmes.{name}"]

    def said(self, name: str, otherwise: float) -> float:
        given = getattr(self.settings, name, None)
        return otherwise if given is None else float(given)

    def gross(self, yuan: float) -> float:
        """With what is lost on the way."""
        return yuan / (1.0 - self.lost)

    @property
    def year(self) -> int:
        calendar = self.plan.calendar(self.key)
        return next(iter(calendar.by_month), self.plan.period.start.index) // 12

    @property
    def months(self) -> int:
        """Months of activity in the first fiscal year with money."""
        calendar = self.plan.calendar(self.key)
        first = next(iter(calendar.by_month), None)
        return 12 if first is None else len(calendar.months_in(calendar.year_of(first)))

    def part(self, name: str, amount: str = "budget") -> float:
        """Yuan of a part of the budget in the first year; 0 where the plan has none."""
        part = getattr(self.settings, name, None)
        return 0.0 if part is None else float(part.budget_in(self.year))


def _villages_with_a_plan(c: _Costs) -> tuple[Unit, ...]:
    each = c.gross(c.said("unit_cost", c.value("advancement_plan")) / 2.0)
    lottery = getattr(c.settings, "lottery", None)
    named = 0 if lottery is None else lottery.villages
    words = "villages that get a year's half of their plan"
    return (Unit("villages", words, each, c.part("lottery"), named),)


def _works(c: _Costs) -> tuple[Unit, ...]:
    parts = getattr(c.settings, "parts", None)
    water = c.own("part_water") if parts is None else parts.water
    match = 1.0 + c.said("department_match", c.own("department_match")) * c.own("promises_kept")
    each = c.said("unit_cost", c.own("water_cost")) / match
    if water <= 0.0:
        return ()
    return (Unit("persons", "persons with safe water", c.gross(each) / water),)


def _moved(c: _Costs) -> tuple[Unit, ...]:
    each = c.gross(c.said("unit_cost", c.value("relocation_grant")))
    return Unit("persons", "persons moved", each), _of_households(each, "households moved")


def _of_households(each: float, words: str) -> Unit:
    return Unit("households", words, each * HOUSEHOLD)


def _trained(c: _Costs) -> tuple[Unit, ...]:
    each = c.gross(c.said("unit_cost", c.value("training_unit_cost")))
    stay = 1.0 - c.value("training_drop_out")
    return (Unit("persons", "persons trained", each / max(stay, 1e-9)),)


def _priced(unit: str, words: str, name: str) -> Callable[[_Costs], tuple[Unit, ...]]:
    def find(c: _Costs) -> tuple[Unit, ...]:
        return (Unit(unit, words, c.gross(c.said("unit_cost", c.own(name)))),)

    return find


def _projects(c: _Costs) -> tuple[Unit, ...]:
    mean = sum(c.own(name) * part for name, part in PROJECT_MIX.items()) * c.own("cost_factor")
    return (Unit("households", "households with a project", c.gross(c.said("unit_cost", mean))),)


def _guaranteed(c: _Costs) -> tuple[Unit, ...]:
    # A loan is at most a part of what a household earns; those who get one live near the line.
    line = c.values.dated("official.low_income_line", c.year)
    each = min(c.said("loan_size", c.own("loan_size")), c.own("income_multiple") * line * HOUSEHOLD)
    return _lent(each)


def _micro(c: _Costs) -> tuple[Unit, ...]:
    each = c.said("loan_size", c.said("unit_cost", c.value("loan_size")))
    return _lent(each)


def _subsidised(c: _Costs) -> tuple[Unit, ...]:
    to_households = 1.0 - c.said("enterprise_share", c.own("enterprise_share"))
    if to_households <= 0.0:
        return ()
    return _lent(c.said("loan_size", c.own("loan_size")) / to_households)


def _lent(each: float) -> tuple[Unit, ...]:
    words = "loans to households before any is repaid"
    return Unit("loans", words, each), Unit("households", "households with a loan", each)


def _monthly(c: _Costs) -> tuple[Unit, ...]:
    a_month = c.gross(c.said("unit_cost", c.own("transfer")))
    each = a_month * c.months / max(1.0 - c.own("card_share"), 1e-9)
    return Unit("persons", f"persons paid for {c.months} months", each), _of_households(
        each, "households paid"
    )


def _paired(c: _Costs) -> tuple[Unit, ...]:
    each = c.gross(c.said("unit_cost", c.own("project_cost")))
    return (Unit("projects", "projects of helping units", each, c.part("central_units")),)


def _enterprises(c: _Costs) -> tuple[Unit, ...]:
    jobs = c.own("realised_share") * c.own("jobs_per_million") / 1e6
    return (Unit("jobs", "jobs near home", 1.0 / jobs),) if jobs > 0 else ()


def _visited(c: _Costs) -> tuple[Unit, ...]:
    # Money goes to visits first; where teams are fewer than it, the rest is for courses.
    teams = c.said("technicians", c.own("technicians")) / max(c.own("team"), 1.0)
    each = c.gross(c.own("visit_cost"))
    return (Unit("villages", "villages visited by technicians", each, most=int(teams)),)


def _cash(c: _Costs) -> tuple[Unit, ...]:
    payments = min(int(c.said("months", c.months)), c.months) or 1
    year = c.own("share_of_line") * c.values.dated("official.low_income_line", c.year)
    month = c.said("unit_cost", math.ceil(year / payments))
    each = c.gross(month * (1.0 + c.own("delivery_cost"))) * payments
    if getattr(c.settings, "per", None) == "household":
        return (Unit("households", f"households paid {payments} times", each),)
    return Unit("persons", f"persons paid {payments} times", each), _of_households(
        each, "households paid"
    )


def _own(unit: str, words: str) -> Callable[[_Costs], tuple[Unit, ...]]:
    """Of a programme of the plan's own, whose cost the plan says."""

    def find(c: _Costs) -> tuple[Unit, ...]:
        each = c.said("unit_cost", 1.0)
        return (Unit(unit, words, each if unit == "loans" else c.gross(each)),)

    return find


def _own_transfer(c: _Costs) -> tuple[Unit, ...]:
    payments = min(int(c.said("months", c.months)), c.months) or 1
    delivered = c.said("unit_cost", 1.0) * (1.0 + c.values["cash_transfer.delivery_cost"])
    unit = "households" if getattr(c.settings, "per", None) == "household" else "persons"
    return (Unit(unit, f"{unit} paid {payments} times", c.gross(delivered) * payments),)


def _integrated(c: _Costs) -> tuple[Unit, ...]:
    return _priced("villages", "villages of a cluster", "village_grant")(c)


_UNITS: dict[str, Callable[[_Costs], tuple[Unit, ...]]] = {
    "village_advancement": _villages_with_a_plan,
    "rural_works": _works,
    "relocation": _moved,
    "skills_training": _trained,
    "practical_training": _priced("persons", "farmers taught", "unit_cost"),
    "household_projects": _projects,
    "mutual_funds": _priced("villages", "villages with a new fund", "seed"),
    "loan_guarantee": _guaranteed,
    "microfinance": _micro,
    "subsidised_loans": _subsidised,
    "minimum_living": _monthly,
    "integrated_funds": _integrated,
    "paired_assistance": _paired,
    "enterprise_projects": _enterprises,
    "technology": _visited,
    "project_management": _priced("villages", "villages opened", "supervision_cost"),
    "cash_transfer": _cash,
    "transfer": _own_transfer,
    "course": _own("persons", "persons taught"),
    "asset": _own("households", "households with an asset"),
    "loan": _own("loans", "loans before any is repaid"),
    "works": _own("villages", "villages with the works"),
}
