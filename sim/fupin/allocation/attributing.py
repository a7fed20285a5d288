"""A whole attribution: which worlds are lived, as twins, and the shares of the programmes in them.

Every coalition of programmes is the plan with these alone, lived with the same households, draw and
seed. So what a coalition is worth differs from what another is by what they cause, and by nothing
else. Worlds are those of `fupin.allocation.lives`: searches and attributions share them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fupin.allocation.attribution_game import Grid, Shares, coalitions, shares
from fupin.allocation.attribution_groups import FIFTHS, GROUPED, by_group_name
from fupin.allocation.attribution_households import HouseholdYears, household_years
from fupin.allocation.attribution_worlds import CHANGED, COALITION, COLUMNS
from fupin.allocation.lives import WORLD, Engine, Lives, World
from fupin.allocation.money import money_of
from fupin.engine.many import job_of
from fupin.engine.run_ids import Point, index_runs
from fupin.errors import InputError
from fupin.results.draws import CENTRAL, Draw
from fupin.results.outcome import OUTCOMES, Table
from fupin.scenario.allocate import GOALS
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import CLASS_OF, MONEY_CLASSES, PROGRAMME_KEYS
from fupin.scenario.programmes import Programmes
from fupin.scenario.schema import Scenario
from fupin.store.record import Record, encode
from fupin.yaml.words import guess_or_list

LEVELS = (*GOALS, "additional_recognition_channel")
"""Outcomes that a world keeps as levels whose differences between twins they are."""

UNDEFINED = (
    "employment_rate", "employment_rate_horizon", "repayment_rate", "registered_natural_loss",
    "benefit_cost_5", "benefit_cost_8",
)  # fmt: skip
"""Outcomes that some coalitions leave undefined, or that are ratios of what is attributed."""

ATTRIBUTED = (
    *LEVELS,
    *(
        key
        for key in OUTCOMES
        if key not in LEVELS and key not in UNDEFINED and not key.endswith("_start")
    ),
)
"""Outcomes of which shares can be asked, the usual one first."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Attribution:
    """Shares of a plan's programmes.

    Attributes:
        base: the plan.
        outcome: what is attributed.
        keys: the programmes, in the order of the catalogue.
        money: programme -> whole yuan of the period.
        classes: class of money -> positions of its programmes.
        draws, seeds: every draw with every seed.
        worth: coalition -> its worth in every pair.
        shares: in every pair, (draws, seeds).
        parts: "county" (by code) or "fifth" (0 poorest) -> group -> shares there; empty for an
            outcome that is not counted by group.
        households: of the first draw and seed; None where nobody asked.
    """

    base: Scenario
    outcome: str
    keys: tuple[str, ...]
    money: Mapping[str, int]
    classes: Mapping[str, tuple[int, ...]]
    draws: tuple[Draw, ...]
    seeds: tuple[int, ...]
    worth: Mapping[int, Grid]
    shares: Shares
    parts: Mapping[str, Mapping[int, Shares]]
    households: HouseholdYears | None

    @property
    def exact(self) -> bool:
        """Whether all coalitions were lived."""
        return self.shares.residual is None

    def members(self, mask: int) -> list[str]:
        """Programmes of a coalition."""
        return [key for k, key in enumerate(self.keys) if mask >> k & 1]


def checked_outcome(outcome: str | None, option: str) -> str:
    """The outcome that is asked for; the usual one for None.

    Raises:
        InputError: no outcome, or one that has no shares.
    """
    if outcome is None:
        return ATTRIBUTED[0]
    if outcome in ATTRIBUTED:
        return outcome
    if outcome in OUTCOMES:
        why = (
            "is of the time before the plan"
            if outcome.endswith("_start")
            else "is a ratio, or unknown where some programmes are off"
        )
        raise InputError(
            f"{option}: {outcome} {why}, so that programmes have no shares in it.",
            f"Name another, such as {ATTRIBUTED[0]}.",
        )
    raise InputError(
        f"{option}: there is no outcome {outcome}.", guess_or_list(outcome, ATTRIBUTED)
    )


def programmes_of(plan: Scenario) -> tuple[str, ...]:
    """Programmes that have money in the plan's period. Raises InputError where none has."""
    money = money_of(plan)
    keys = tuple(key for key in PROGRAMME_KEYS if money.get(key))
    if not keys:
        raise InputError(
            f"{plan.name} gives no programme money, so there is nothing to attribute.",
            "Name a plan whose programmes have money; `fupin list` shows some.",
        )
    return keys


def classes_of(keys: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Class of money -> positions of its programmes, classes in the order of the catalogue."""
    found = {
        group: tuple(k for k, key in enumerate(keys) if CLASS_OF[key] == group)
        for group in MONEY_CLASSES
    }
    return {group: members for group, members in found.items() if members}


def with_only(plan: Scenario, keys: Sequence[str]) -> Scenario:
    """The same world in which of the plan's programmes these alone have money."""
    off = Programmes()
    others = {key: off.of(key) for key in PROGRAMME_KEYS if key not in keys}
    programmes = plan.programmes.model_copy(update=others)
    return plan.model_copy(update={"programmes": programmes, "balance": None, "allocate": None})


def attribute(
    plan: Scenario,
    outcome: str,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    engine: Engine,
    households: bool = True,
    tell: Tell = lambda line: None,
) -> Attribution:
    """Live the coalitions of a plan's programmes, and share out what the plan does.

    Args:
        plan: what is attributed.
        outcome: one of ATTRIBUTED.
        draws, seeds: every draw with every seed.
        engine: lives worlds.
        households: look at each household in the first pair of draw and seed.
        tell: called with a line on what goes on.

    Raises:
        InputError: no programme has money.
        RunFailed, WorkersDie: as of `Engine.live`.
    """
    keys = programmes_of(plan)
    classes = classes_of(keys)
    masks = coalitions(len(keys), list(classes.values()))
    plans = [with_only(plan, [k for n, k in enumerate(keys) if mask >> n & 1]) for mask in masks]
    pairs = len(draws) * len(seeds)
    how = "every coalition" if len(masks) == 1 << len(keys) else "singles, pairs, leave-one-outs"
    tell(
        f"Worlds of {len(keys)} programmes: {how}, {len(masks)} plans x {pairs} "
        f"{'pairs' if pairs > 1 else 'pair'} of draw and seed."
    )
    found = None
    if households:
        first = Lives(plan, draws[:1], seeds[:1], (outcome,), engine)
        tables = dict(zip(masks, _with_households(first, plans), strict=True))
        found = household_years(len(keys), tables, plan.lived.years)
    level = f"goal/{outcome}" if outcome in LEVELS else f"outcome/{outcome}"
    lives = Lives(plan, draws, seeds, (outcome,), engine)
    worlds = dict(zip(masks, _worlds(lives, plans, level, outcome), strict=True))
    worth = _worth(worlds, level)
    unions = list(classes.values())
    whole = shares(len(keys), worth, unions)
    parts: dict[str, dict[int, Shares]] = {}
    if outcome in GROUPED and _is_grouped(worlds, outcome):
        groups = {"county": sorted(county_index().records), "fifth": range(FIFTHS)}
        for kind, each in groups.items():
            parts[kind] = {
                group: shares(
                    len(keys),
                    _worth(worlds, by_group_name(kind, group, outcome)),
                    unions,
                    whole.weights,
                )
                for group in each
            }
    money = money_of(plan)
    return Attribution(
        plan, outcome, keys, {key: money[key] for key in keys}, classes, tuple(draws),
        tuple(seeds), worth, whole, parts, found,
    )  # fmt: skip


def _worlds(lives: Lives, plans: Sequence[Scenario], level: str, outcome: str) -> list[World]:
    """Worlds with the numbers that matter here alone: all of many worlds would fill the memory."""
    engine, pairs = lives.engine, lives.shape[0] * lives.shape[1]
    tasks = lives.tasks([[plan] * pairs for plan in plans])
    index = index_runs([Point(task) for task in tasks], [CENTRAL], [1], job_of(WORLD))
    engine.execute(index)
    ending, known = f"/{outcome}", dict[str, dict[str, float]]()
    for number in range(len(index)):
        run = index.run_at(number)
        if run not in known:
            numbers = engine.store.record(run).numbers
            known[run] = {
                sys.intern(name): value
                for name, value in numbers.items()
                if value and (name == level or (name.startswith("by/") and name.endswith(ending)))
            }
    runs = [known[index.run_at(number)] for number in range(len(index))]
    return [World(tuple(runs[k :: len(plans)]), lives.shape) for k in range(len(plans))]


def _worth(worlds: Mapping[int, World], name: str) -> dict[int, Grid]:
    nobody = worlds[0].grid(name)
    return {mask: world.grid(name) - nobody for mask, world in worlds.items()}


def _is_grouped(worlds: Mapping[int, World], outcome: str) -> bool:
    """Whether worlds have the outcome by group: not where a survey is the official count."""
    return any(
        name.endswith(f"/{outcome}")
        for world in worlds.values()
        for name in world.names("by/fifth/")
    )


def _with_households(lives: Lives, plans: Sequence[Scenario]) -> list[Table]:
    """Tables of households of some plans in one pair; their numbers are kept for all to find."""
    engine = lives.engine
    points = [Point(task) for task in lives.tasks([[plan] for plan in plans])]
    job = replace(job_of(COALITION), tables=(CHANGED,))
    index = index_runs(points, [CENTRAL], [1], job)
    engine.execute(index)
    plain = index_runs(points, [CENTRAL], [1], job_of(WORLD))
    tables, known = [], set[str]()
    for number in range(len(index)):
        record = engine.store.record(index.run_at(number))
        table = record.tables.get(CHANGED)  # a table without rows is not kept for ever
        tables.append(
            {name: np.zeros(0, np.int64) for name in COLUMNS}
            if table is None
            else {name: table.column(name).to_numpy() for name in COLUMNS}
        )
        run = plain.run_at(number)
        if run not in engine.store and run not in known:
            known.add(run)
            engine.store.append([encode(Record(run, record.seconds, record.numbers))])
    return tables
