"""What money of a programme buys in a fiscal year, at the plan's own costs.

`unit_cost` and the like where the plan says them, else the values of the parameter files and of the
plan's `parameters`, with what is lost on the way. So it is "about": draws have other values, and
places, need or officers may bind.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fupin.parameters.values import ParameterValues
    from fupin.scenario.schema import Scenario

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


class Unit(NamedTuple):
    """What money of a programme buys.

    Attributes:
        unit: one of the words of a target.
        words: for people, of what is counted: `persons trained`.
        each: yuan of the budget for one, losses included.
        fixed: yuan of the budget that buy something else.
        besides: how many come with that money.
        most: how many there can be in a year, whatever the money; None where that is not known.
        wider: what to write instead of more, as advice; empty where nothing makes more possible.
    """

    unit: str
    words: str
    each: float
    fixed: float = 0.0
    besides: int = 0
    most: int | None = None
    wider: str = ""

    def cost(self, number: int) -> int:
        """Whole yuan of a budget that buys so many."""
        return math.ceil(self.fixed + max(number - self.besides, 0) * self.each)

    def bought(self, yuan: int) -> int:
        """How many a budget buys."""
        number = self.besides + max(math.floor((yuan - self.fixed) / self.each), 0)
        return number if self.most is None else min(number, self.most)


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
    from fupin.scenario.served import served_codes

    # Officers stand surety for so many loans at a time, whatever the bank's money.
    in_each = round(c.own("officers") * c.own("guarantees_each"))
    at_a_time = in_each * len(served_codes(c.of, c.settings))
    wide = getattr(c.settings, "rollout", False)
    wider = (
        "" if wide else "Write a smaller number, or let more counties take part with `rollout: on`."
    )
    return _lent(each, at_a_time if c.own("term_months") >= 12 else None, wider)


def _micro(c: _Costs) -> tuple[Unit, ...]:
    each = c.said("loan_size", c.said("unit_cost", c.value("loan_size")))
    return _lent(each)


def _subsidised(c: _Costs) -> tuple[Unit, ...]:
    to_households = 1.0 - c.said("enterprise_share", c.own("enterprise_share"))
    if to_households <= 0.0:
        return ()
    return _lent(c.said("loan_size", c.own("loan_size")) / to_households)


def _lent(each: float, most: int | None = None, wider: str = "") -> tuple[Unit, ...]:
    words = "loans to households before any is repaid"
    return (
        Unit("loans", words, each, most=most, wider=wider),
        Unit("households", "households with a loan", each, most=most, wider=wider),
    )


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
    words = "villages visited by technicians"
    return (
        Unit(
            "villages",
            words,
            each,
            most=int(teams),
            wider="Write a smaller number, or more `technicians`.",
        ),
    )


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
