"""All worlds of a comparison for one draw and one seed: history once, every plan from its end.

The worlds are the base, each plan, and for each of these the same world without programmes (one
for all where nothing but programmes differs). What needs two worlds household by household is
counted in `fupin.comparison.pairs`. Where it is asked for, the money of base and plans is also
lived as cash (`fupin.comparison.cash`). Worlds with no programmes, the base and its money as cash
are kept in a cache by their content, so that another plan does not live them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fupin.comparison.arrays import from_arrays, to_arrays
from fupin.comparison.cache import WorldCache, world_key
from fupin.comparison.cash import TARGETINGS, cash_world, is_cash_itself, money_by_year
from fupin.comparison.lived import Before, LivedWorld, live
from fupin.comparison.pairs import paired
from fupin.comparison.years import beside_twin
from fupin.errors import COMMAND_LINE, InputError, Wording
from fupin.lives.additional import Additions
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult, Table, Values
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.names import NAMES
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import as_cash, without_programmes
from fupin.world.start import Start, settle_people

NOBODY = "none"
"""The world of the base without programmes, as a twin of every plan that has no other."""

ALWAYS_THE_SAME = ("period", "lived", "population", "assets", "history")
"""Keys of a scenario that decide the start; worlds of one comparison have the same."""


@dataclass(frozen=True)
class Contest:
    """What is compared: picklable, the same for every draw and seed.

    Attributes:
        base: what every plan is compared with.
        plans: under different names, none of them the base's.
        cache: folder of the world cache; None keeps nothing.
        version: fingerprint of sources and packages, for the cache's keys.
        cash: live the money of base and plans as cash too.
    """

    base: Scenario
    plans: tuple[Scenario, ...]
    cache: Path | None = None
    version: str = ""
    cash: bool = False

    @property
    def contenders(self) -> tuple[Scenario, ...]:
        """The base, then the plans."""
        return (self.base, *self.plans)


def require_twins(base: Scenario, plan: Scenario, say: Wording = COMMAND_LINE) -> None:
    """Two scenarios are twins where they start from the same households and last as long.

    Raises:
        InputError: another period or population, or settings under which history itself differs.
    """
    if base.by_task != plan.by_task:
        raise InputError(
            f"{plan.name} counts by {plan.counting} and {base.name} by {base.counting}; a register "
            "kept by task has another past, and twins start from the same households.",
            "Give both the same `counting`, or run each by itself.",
        )
    for key in ALWAYS_THE_SAME:
        here, there = getattr(base, key), getattr(plan, key)
        if here == there:
            continue
        if key == "period":
            raise InputError(
                f"{plan.name} lasts from {there.start} to {there.end} and {base.name} from "
                f"{here.start} to {here.end}; twins live through the same months.",
                "Give both the same period.",
            )
        if key == "lived":
            raise InputError(
                f"{plan.name} is simulated to the end of {there.end.year} and {base.name} to the "
                f"end of {here.end.year}; twins live through the same months.",
                "Give both the same `horizon`.",
            )
        if key == "population":
            raise InputError(
                f"{plan.name} has sample {there.sample} with seed {there.seed} and {base.name} "
                f"sample {here.sample} with seed {here.seed}; twins are the same households.",
                f"Give both the same `population`; {say('sample')} sets the sample of all."
                if there.seed == here.seed
                else "Give both the same `population`.",
            )
        what = f"`{key}`"
        if key == "history":
            what = f"`history` ({_differing(here.parameters, there.parameters)})"
        raise InputError(
            f"{plan.name} and {base.name} differ in {what}, which changes the years before the "
            "plan and so the start; twins start from the same households.",
            "Let them differ in programmes, parameters, shocks or the way of counting, or run each "
            "by itself.",
        )


def _differing(here: dict[str, float], there: dict[str, float]) -> str:
    names = sorted(k for k in {*here, *there} if here.get(k) != there.get(k))
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")


def twins_without_programmes(contest: Contest) -> dict[str, str]:
    """Contender -> name of its world without programmes: a contender's own, `none`, or `none:PLAN`.

    Two contenders share it where nothing but programmes differs between them.
    """
    named: dict[str, str] = {}
    found: dict[str, str] = {}
    for plan in contest.contenders:  # a contender without programmes is a twin itself
        if not plan.programmes.active():
            named.setdefault(_content(without_programmes(plan)), plan.name)
    for plan in contest.contenders:
        own = NOBODY if plan is contest.base else f"{NOBODY}:{plan.name}"
        found[plan.name] = named.setdefault(_content(without_programmes(plan)), own)
    return found


def _content(plan: Scenario) -> str:
    mapping = scenario_mapping(plan)
    for key in NAMES:
        mapping.pop(key, None)
    return repr(mapping)


class _Worlds:
    """Lives worlds of one draw and seed, one after the other, from one past."""

    def __init__(self, contest: Contest, draw: Draw, seed: int) -> None:
        self.draw, self.seed, self.contest = draw, seed, contest
        self.start: Start = settle_people(contest.base, seed, draw)
        self.before = Before.live(self.start, contest.base)
        self.start.keep()
        self.cache = None if contest.cache is None else WorldCache(contest.cache)

    def live(self, plan: Scenario) -> LivedWorld:
        """Live a world."""
        return live(plan, self.draw, self.seed, self.start.again(), self.before)

    def recall_or_live(self, plan: Scenario) -> LivedWorld:
        """A world from the cache, else lived and kept there."""
        if self.cache is None:
            return self.live(plan)
        frame = self.start.frame.fingerprint
        key = world_key(self.contest.version, frame, plan, self.draw, self.seed)
        arrays = self.cache.get(key)
        if arrays is not None:
            try:
                return from_arrays(arrays, self.before.income.size)
            except (KeyError, ValueError):
                self.cache.forget(key)
        world = self.live(plan)
        self.cache.put(key, to_arrays(world))
        return world


def live_twins(contest: Contest, draw: Draw, seed: int) -> RunResult:
    """Live all worlds of a contest with a draw and a seed.

    Returns:
        the base's run, without years, whose tables hold what is known of all worlds: each begins
        with `world`, a name of a contender or of a world without programmes; tables of pairs have
        `plan` and `twin` instead.
    """
    worlds = _Worlds(contest, draw, seed)
    bare_of = twins_without_programmes(contest)
    names = [plan.name for plan in contest.contenders]
    bare_plans = {
        bare_of[plan.name]: without_programmes(plan)
        for plan in contest.contenders
        if bare_of[plan.name] not in names
    }
    kept: dict[str, LivedWorld] = {}
    tables: dict[str, list[Table]] = {}

    def collect_numbers(name: str, world: LivedWorld) -> None:
        lead: Table = {"world": np.array([name])}
        tables.setdefault("world_outcomes", []).append(_led(lead, _numbers(world)))

    def collect(name: str, world: LivedWorld) -> None:
        collect_numbers(name, world)
        lead: Table = {"world": np.array([name])}
        for table, columns in world.tables.items():
            tables.setdefault(f"world_{table}", []).append(_led(lead, columns))

    def compare(plan: str, here: LivedWorld, twin: str) -> None:
        lead: Table = {"plan": np.array([plan]), "twin": np.array([twin])}
        for table, columns in paired(here, kept[twin], worlds.before).items():
            tables.setdefault(table, []).append(_led(lead, columns))

    # The base and worlds without programmes first; of the other plans no household stays, so that
    # no more than these are in memory at the same time.
    for name, plan in bare_plans.items():
        kept[name] = worlds.recall_or_live(plan)
    for plan in contest.contenders:
        if plan is contest.base:
            kept[plan.name] = worlds.recall_or_live(plan)
        elif plan.name in bare_of.values():
            kept[plan.name] = worlds.live(plan)
    for plan in contest.contenders:
        world, bare = kept.get(plan.name) or worlds.live(plan), bare_of[plan.name]
        if bare != plan.name:
            world = _filled(world, kept[bare], contest.base)
        collect(plan.name, world)
        if contest.cash and not is_cash_itself(plan):
            for name, lived in _as_cash(worlds, plan, world):
                collect_numbers(name, lived)
        for twin in dict.fromkeys((contest.base.name, bare)):
            if twin != plan.name:
                compare(plan.name, world, twin)
    for name in bare_plans:
        collect(name, kept[name])
    base = _filled(kept[contest.base.name], kept[bare_of[contest.base.name]], contest.base)
    return RunResult(
        draw.label,
        seed,
        base.outcomes,
        {},
        base.programmes,
        tables={name: _stacked(parts) for name, parts in tables.items()},
    )


def _as_cash(
    worlds: _Worlds, plan: Scenario, lived: LivedWorld
) -> Iterator[tuple[str, LivedWorld]]:
    """The worlds in which a contender's money is cash, by name; none where it costs nothing."""
    yuan = money_by_year(lived)
    for targeting in TARGETINGS if yuan else ():
        other = as_cash(plan, yuan, perfect=targeting == "perfect")
        live_it = worlds.recall_or_live if plan is worlds.contest.base else worlds.live
        yield cash_world(plan.name, targeting), live_it(other)


def _filled(world: LivedWorld, bare: LivedWorld, plan: Scenario) -> LivedWorld:
    """The world with the outcomes that need a twin without programmes, where it has any."""
    if bare is world:
        return world
    beside = Additions(world.here, bare.here)
    added = beside.over(plan.period.years, plan.lived.years)
    years = {"years": beside_twin(world.tables["years"], beside)}
    return replace(world, outcomes=world.outcomes | added, tables=world.tables | years)


def _numbers(world: LivedWorld) -> Table:
    rows = list(_rows(world.outcomes, world.programmes))
    return {
        "programme": np.array([row[0] for row in rows], str),
        "outcome": np.array([row[1] for row in rows], str),
        "value": np.array([np.nan if row[2] is None else row[2] for row in rows], np.float64),
    }


def _rows(
    outcomes: Values, programmes: dict[str, Values]
) -> Iterator[tuple[str, str, float | None]]:
    for programme, values in {"": outcomes, **programmes}.items():
        for key, value in values.items():
            yield programme, key, value


def _led(lead: Table, columns: Table) -> Table:
    rows = len(next(iter(columns.values())))
    return {name: np.repeat(value, rows) for name, value in lead.items()} | columns


def _stacked(parts: list[Table]) -> Table:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
