"""Which parameters a world reads after its start: once, for its programmes, and by month."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fupin.month import begin, live_month
from fupin.parameters.book import load_book
from fupin.parameters.values import ParameterValues
from fupin.scenario.schema import Scenario
from fupin.world import world as world_module
from fupin.world.start import live_history
from sixteen import ALL, MILLION

ANY = {"livelihood.drought_loss": 0.35}
"""One parameter at its own value: the world adopts the plan's parameters, and nothing changes."""

PLENTY: dict[str, Any] = {key: {"budget": 20 * own["budget"]} for key, own in ALL.items()}
PLENTY["household_projects"]["budget"] = 1000 * MILLION  # more than offices can equip
PLENTY["paired_assistance"] |= {
    "central_units": {"budget": 100 * MILLION, "villages": 40, "village_budget": 40 * MILLION}
}
DROUGHT = {"dry": {"drought": {"counties": "all", "from": "2009-05", "months": 4, "severity": 0.5}}}

PLANS: list[dict[str, Any]] = [
    # Every programme with nothing but money, and every form of the model but two.
    {"programmes": PLENTY, "shocks": DROUGHT, "assets": "threshold", "displacement": True,
     "weather": "chance", "period": {"start": "2009-01", "end": "2010-12"}, "horizon": 2010},
    # The register by task, in the year of a campaign and after it; cash to other people.
    {"programmes": {"cash_transfer": {"budget": 20 * MILLION, "who": "poorest"}},
     "counting": "task", "period": {"start": "2010-01", "end": "2011-12"}, "horizon": 2011},
    # Ways of choosing households that a plan may name.
    {"programmes": {"household_projects": {**ALL["household_projects"], "who": "proxy_test"},
                    "minimum_living": {**ALL["minimum_living"], "who": "poorest_by_card"},
                    "cash_transfer": {"budget": 20 * MILLION, "who": "community"}},
     "period": {"start": "2009-01", "end": "2010-12"}, "horizon": 2010},
    # Village plans of the years before the rule of 2008.
    {"programmes": {"village_advancement": {"budget": 35 * MILLION},
                    "cash_transfer": {"budget": 20 * MILLION, "who": "registered"}},
     "period": {"start": "2006-01", "end": "2007-12"}, "horizon": 2007},
]  # fmt: skip
"""Together they read every parameter that any plan reads, where no setting of it says more."""


class Recording(ParameterValues):
    """Values that remember which names were asked for."""

    __slots__ = ("asked",)

    def __init__(self, values: ParameterValues) -> None:
        super().__init__({name: values[name] for name in values}, values.by_year)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> float:
        if hasattr(self, "asked"):
            self.asked.add(name)
        return super().__getitem__(name)


class _Book:
    """A book whose values remember."""

    def __init__(self) -> None:
        self.made: list[Recording] = []

    def values(self, overrides: dict[str, float]) -> Recording:
        self.made.append(Recording(load_book().values(overrides)))
        return self.made[-1]


@contextmanager
def _remembering() -> Iterator[_Book]:
    book = _Book()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world_module, "load_book", lambda: book)
        yield book


def plan_of(keys: dict[str, Any], sample: float, begins: str | None) -> Scenario:
    """A plan whose parameters act from its start, or from a later month."""
    parameters = ANY | ({} if begins is None else {"from": begins})
    rest = {"population": {"sample": sample}, "parameters": parameters}
    return Scenario.model_validate({"name": "t", **keys, **rest})


def read_after_the_start(sample: float = 0.02) -> tuple[set[str], set[str]]:
    """Names that worlds read: when programmes are set up; and from the second month on."""
    set_up: set[str] = set()
    monthly: set[str] = set()
    for keys in PLANS:
        for later in (False, True):
            begins = keys["period"]["start"][:5] + "02" if later else None
            scenario = plan_of(keys, sample, begins)
            with _remembering() as book:
                world = begin(scenario, live_history(scenario, 1), 1)
                if not later:
                    (values,) = book.made
                    set_up |= values.asked
                    continue
                while world.clock.running:
                    live_month(world)
                (values,) = book.made
                monthly |= values.asked
    return set_up, monthly


BINDS_BELOW = ("household_projects.lag_walnut", "programmes.training_jobs")
"""More of them than there is changes nothing in two years: less is another value."""


def bounds_of(name: str) -> tuple[float, float]:
    """Least and greatest value that a plan may set, all others being central."""
    book = load_book()
    low, high = book[name].low, book[name].high
    if book[name].at_most:
        high = min(high, book.values()[book[name].at_most])
    return low, high


def other_value(name: str) -> float:
    """A value of a parameter that is far from its own, within its range."""
    parameter = load_book()[name]
    own = float(parameter.value)  # type: ignore[arg-type]
    low, high = bounds_of(name)
    if parameter.distribution is not None:
        low, high = max(low, parameter.distribution.low), min(high, parameter.distribution.high)
    if name.endswith("places"):  # money binds before they do
        return low
    if name in BINDS_BELOW:
        return own - 0.9 * (own - low)
    room_up, room_down = high - own, own - low
    return own + 0.7 * room_up if room_up >= room_down else own - 0.7 * room_down
