"""Limits on outcomes in a search: how each is measured, what a result says, and whether it is kept.

A limit is a condition on a measure that money changes: the larger the measure, the better the limit
is kept. An outcome that needs a twin is counted beside the world without programmes. A ratio is at
least r where what is above the line less r times what is below it is at least 0, which adds up over
programmes as the two do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from fupin.allocation.measured import Grid, Levels
from fupin.allocation.search import Condition
from fupin.errors import InputError
from fupin.results.outcome import RATES
from fupin.scenario.allocate import COSTS, GOALS, Allocate
from fupin.scenario.amounts import format_yuan
from fupin.scenario.outcome_bounds import unit_of

NEAR = 0.005
"""Part of a limit by which a world may miss it and still keep it."""

TRIES = 5
"""Times that a limit is tightened by what the simulation has missed of it."""

TWINNED = (*(goal for goal in GOALS if goal != "lifted"), "additional_recognition_channel")
"""Outcomes that are counted beside the world without programmes."""

_RATIO = "benefit_cost_"


class Numbers(Protocol):
    """Numbers of a plan in every pair of draw and seed."""

    def grid(self, name: str) -> Grid:
        """A number in every pair."""

    def names(self, begin: str) -> list[str]:
        """Names that begin so."""


@dataclass(frozen=True)
class Bound:
    """A limit on an outcome.

    Attributes:
        outcome: its name; of a programme `PROGRAMME.OUTCOME`.
        limit: at_least or at_most.
        asked: the number, in the unit of the outcome.
    """

    outcome: str
    limit: str
    asked: float

    @property
    def unit(self) -> str:
        """Unit of the outcome."""
        return unit_of(self.outcome)

    @property
    def sign(self) -> float:
        """1 where more is better for the limit, else -1."""
        return 1.0 if self.limit == "at_least" else -1.0

    @property
    def measure(self) -> str:
        """Name of what is measured; the same as of the goal where it is one."""
        if self.limit == "at_least" and self.outcome in GOALS and self.outcome != "lifted":
            return self.outcome
        if self.limit == "at_most" and self.outcome in COSTS:
            return self.outcome
        if self.outcome.startswith(_RATIO):
            return f"{self.limit} {self.outcome} {self.asked!r}"
        return f"{self.limit} {self.outcome}"

    def value(self, world: Numbers, nobody: Numbers, begin: int) -> Grid:
        """The outcome as a result has it, in every pair; NaN where a ratio has no base.

        Args:
            world: a plan.
            nobody: the same without programmes.
            begin: the plan's first year, to which later money is discounted.
        """
        if self.outcome.startswith(_RATIO):
            gain, cost = (
                _part(self.outcome, world, begin, k) - _part(self.outcome, nobody, begin, k)
                for k in (0, 1)
            )
            return np.where(cost > 0, gain / np.where(cost > 0, cost, 1.0), np.nan)
        level = _level(self.outcome, world)
        return level - _level(self.outcome, nobody) if self.outcome in TWINNED else level

    def kept(self, value: Grid) -> Grid:
        """In which pairs it is kept."""
        return np.asarray(self.sign * (value - self.asked) >= -1e-9 * max(abs(self.asked), 1.0))

    def condition(self, start: Numbers, nobody: Numbers, begin: int) -> Condition:
        """What the measure must gain beside the start."""
        level = measured(self.measure, start, begin)
        if self.outcome.startswith(_RATIO):
            least = -float((level - measured(self.measure, nobody, begin)).mean())
            size = float(np.abs(_part(self.outcome, start, begin, 0)
                                - _part(self.outcome, nobody, begin, 0)).mean())  # fmt: skip
        else:
            now = float(self.value(start, nobody, begin).mean())
            least, size = self.sign * (self.asked - now), abs(self.asked)
        return Condition(self.measure, least, self.asked, self, NEAR * size)

    def said(self, reach: float | None = None) -> str:
        """The limit in words, and how near to it other limits let a plan come.

        Args:
            reach: the best value of the outcome that can be had; None where it is not known.
        """
        words = self.limit.replace("_", " ")
        asked = f"{self.outcome} {words} {shown_value(self.unit, self.asked)}"
        if reach is None or self.outcome.startswith(_RATIO):
            return asked
        found = shown_value(self.unit, reach)
        if self.limit == "at_most":
            return f"{asked}, which can be held down to {found}"
        return f"{asked}, of which {found} can be reached"


def shown_value(unit: str, value: float) -> str:
    """A value of an outcome for people."""
    if unit == "yuan":
        return format_yuan(round(value / 1e4) * 10_000 if abs(value) >= 1e6 else round(value))
    if unit == "share":
        return f"{100 * value:.4g}%"
    if unit in ("index", "ratio"):
        return f"{value:.4g}"
    return f"{value:,.0f}"


def bounds_of(asked: Allocate) -> tuple[Bound, ...]:
    """The limits on outcomes of a question."""
    least = [Bound(name, "at_least", number) for name, number in sorted(asked.at_least.items())]
    most = [Bound(name, "at_most", number) for name, number in sorted(asked.at_most.items())]
    return (*least, *most)


def measured(name: str, world: Numbers, begin: int) -> Grid:
    """Level of a goal or of a limit's measure in a world; only differences mean something."""
    limit, _, rest = name.partition(" ")
    if limit not in ("at_least", "at_most"):
        return world.grid(f"goal/{name}")
    sign = 1.0 if limit == "at_least" else -1.0
    outcome, _, ratio = rest.partition(" ")
    if ratio:
        gain, cost = (_part(outcome, world, begin, k) for k in (0, 1))
        return np.asarray(sign * (gain - float(ratio) * cost))
    return np.asarray(sign * _level(outcome, world))


def in_result(goal: str, world: Numbers, nobody: Numbers) -> Grid:
    """A goal as a result has it, in every pair: beside no programmes, but for `lifted`."""
    if goal == "lifted":
        return world.grid("outcome/lifted")
    return np.asarray(world.grid(f"goal/{goal}") - nobody.grid(f"goal/{goal}"))


def counts_money(name: str) -> bool:
    """Whether a measure goes with money alone: costs, and what programmes count."""
    if name in COSTS:
        return True
    outcome = name.partition(" ")[2]
    return "." in outcome or outcome in (*COSTS, "trained", "placed", "households_reached")


def _level(outcome: str, world: Numbers) -> Grid:
    programme, dot, own = outcome.partition(".")
    if dot:
        return world.grid(f"{programme}/{own}")
    return world.grid(f"goal/{outcome}" if outcome in TWINNED else f"outcome/{outcome}")


def _part(outcome: str, world: Numbers, begin: int, which: int) -> Grid:
    """What stands above (0) or below (1) the line of a ratio, as a level."""
    rate = outcome.removeprefix(_RATIO)
    if which == 0:
        return world.grid(f"goal/npv_income_{rate}")
    total = np.zeros_like(world.grid(f"goal/npv_income_{rate}"))
    for name in world.names("cost/"):
        year = int(name.partition("/")[2])
        total = total + world.grid(name) * (1.0 + RATES[rate]) ** (begin - year)
    return np.asarray(total)


# -- limits in worlds that were lived ------------------------------------------------------------


def shortfalls(conditions: Sequence[Condition], beside: Levels) -> list[float]:
    """What a lived division lacks of each condition that somebody named; 0 where it is kept.

    Args:
        beside: measure -> its change beside the start, in every pair.
    """
    found = []
    for one in conditions:
        short = one.least - float(beside[one.goal].mean())
        found.append(short if one.bound is not None and short > one.near else 0.0)
    return found


def tightened(conditions: Sequence[Condition], short: Sequence[float]) -> tuple[Condition, ...]:
    """Conditions that ask for what was missed as well."""
    return tuple(
        replace(one, least=one.least + lack) for one, lack in zip(conditions, short, strict=True)
    )


def refuse_missed(conditions: Sequence[Condition], nearest: Sequence[float]) -> InputError:
    """The error where curves promised what no lived division keeps.

    Args:
        nearest: what the nearest division lacked of each condition.
    """
    named = []
    for one, lack in zip(conditions, nearest, strict=True):
        if lack > 0 and one.bound is not None:
            ratio = one.bound.outcome.startswith(_RATIO)
            named.append(one.bound.said(None if ratio else one.bound.asked - one.bound.sign * lack))
    return InputError(
        f"In the worlds that were simulated no division keeps: {'; '.join(named)}.",
        "Loosen one of them, or let more programmes move.",
    )
