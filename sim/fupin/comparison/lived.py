"""One world of a comparison: a scenario lived from a start that it shares, and what is kept of it.

A world is kept small: its numbers and tables, and for each household only what a twin must be
compared with (income, size and place on the register at the end). Populations stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import measures
from fupin.comparison.years import years_of
from fupin.lives.additional import Course
from fupin.lives.one_run import FiguresOfYear, credit_of, report, unspent_tables
from fupin.lives.series import JobsByYear, MonthlySeries
from fupin.measures import Flags
from fupin.month import live as live_plan
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult, Table, Values
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS, bit_index
from fupin.scenario.schema import Scenario
from fupin.state.households import reached_by
from fupin.world.december import by_county
from fupin.world.start import Start
from fupin.world.watching import Watcher
from fupin.world.world import World

MULTIPLES = (0.8, 0.9, 1.0, 1.1, 1.2)
"""Of the poverty line, at which outcomes are shown."""

MARGIN = 0.05
"""Whoever is lifted by less than this part of the line has hardly moved."""

BANDS = (0.8, 1.0, 1.2, 2.0)
"""Multiples of the line between which people move."""

Persons = npt.NDArray[np.int64]
Sizes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Before:
    """The households of a start, before any world is lived.

    Attributes:
        income: yuan per person of the year before, (N,).
        poor: who was income-poor in each year of the panel before the period, the last is `income`.
        registered: who was on the register, (N,).
        decile: 0 poorest to 9, of people by `income`, (N,).
        persons: people that each household stands for at the start, (N,).
        weight: households that each stands for, (N,).
        year: the year before.
        line: of that year.
    """

    income: npt.NDArray[np.float32]
    poor: tuple[Flags, ...]
    registered: Flags
    decile: npt.NDArray[np.int8]
    persons: Persons
    weight: Persons
    year: int
    line: float

    @classmethod
    def live(cls, start: Start, plan: Scenario) -> Before:
        """Live history to the end of the year before the plan, and copy what worlds change."""
        h, v = start.core.households, start.core.villages
        year = plan.period.start.year - 1
        panel: dict[int, Flags] = {}

        def line_of(each: int) -> float:
            return start.values.dated("official.low_income_line", each)

        def note(each: int) -> None:
            if each >= year - 1:
                panel[each] = h.income < np.float64(line_of(each))

        start.live_until(year, note)
        poor = tuple(panel.values())
        weight = np.repeat(v.weight, np.diff(v.offsets)).astype(np.int64)
        persons = weight * h.size
        decile = measures.quantile_groups(h.income, persons, 10)
        return cls(
            h.income.copy(), poor, h.registered != 0, decile, persons, weight, year, line_of(year)
        )

    @property
    def fifth(self) -> npt.NDArray[np.int8]:
        """0 poorest to 4, of people by income."""
        fifth: npt.NDArray[np.int8] = self.decile // np.int8(2)
        return fifth

    def persons_of(self, size: Sizes) -> Persons:
        """People that each household stands for when it has `size` members, (N,)."""
        return self.weight * size


@dataclass(frozen=True)
class LivedWorld:
    """What is kept of a scenario that was lived with a draw and a seed.

    Attributes:
        outcomes: every key of OUTCOMES; those that need a twin are None here.
        programmes: programme -> every key of PROGRAMME_OUTCOMES.
        here: what is compared between twins, by year to the horizon.
        tables: name -> columns; the same names in every world.
        income: yuan per person of the period's last year, (N,).
        registered: on the register at its end, (N,).
        size: members of each household then, when its income was settled, (N,). Nearly the same
            in every twin, and not quite: whether a worker dies or leaves can hang on who of it is
            away.
        line: poverty line of that year.
    """

    outcomes: Values
    programmes: dict[str, Values]
    here: Course
    tables: dict[str, Table]
    income: npt.NDArray[np.float32]
    registered: Flags
    size: Sizes
    line: float

    @property
    def poor(self) -> Flags:
        """Who is income-poor at the end, (N,)."""
        return self.income < np.float64(self.line)


class _Decembers(Watcher):
    """Who is income-poor in each December of the period; the households at its end; who got what.

    What is said household by household is of the period: then the money was given.
    """

    size: Sizes
    income: npt.NDArray[np.float32]
    registered: Flags
    line: float
    targeting: Table

    def __init__(self, before: Before) -> None:
        self.earlier, self.poor = before, list(before.poor)

    def after_month(self, world: World) -> None:
        clock, h = world.clock, world.households
        if clock.month != 12 or clock.year > world.plan.period.end.year:
            return
        self.poor.append(h.income < np.float64(world.line))
        if clock.year == world.plan.period.end.year:
            self.size, self.income = h.size.copy(), h.income.copy()
            self.registered, self.line = h.registered != 0, world.line
            self.targeting = _targeting(world, self.earlier)


def live(plan: Scenario, draw: Draw, seed: int, start: Start, before: Before) -> LivedWorld:
    """Live a scenario from a start, which is used up, and measure it."""
    series, jobs, figures = MonthlySeries(), JobsByYear(), FiguresOfYear()
    decembers = _Decembers(before)
    world = live_plan(plan, start, seed, (series, jobs, figures, decembers))
    result = report(world, draw.label, seed, series, figures.found)
    return _kept(world, result, before, decembers, jobs)


def _kept(
    world: World,
    result: RunResult,
    before: Before,
    decembers: _Decembers,
    jobs: JobsByYear,
) -> LivedWorld:
    # Tables of one world count its own people, also where they describe the time before (who left
    # poverty, who moved from which fifth): so they sum to that world's own outcomes.
    income, size, poor = decembers.income, decembers.size, decembers.poor
    line, persons = decembers.line, before.persons_of(size)
    ever = np.flatnonzero(np.any(poor, axis=0))
    panel, theirs = [flags[ever] for flags in poor], persons[ever]
    tables = {
        "figures": _figures(result.figures),
        "counties": _counties(world),
        "months": _texts(result.tables["province_by_month"]),
        "dynamics": _dynamics(panel, theirs, int(persons.sum())),
        "spells": _spells(panel, theirs, before.year + 1 - len(before.poor)),
        "incomes": _incomes(before, income, persons),
        "mobility": _mobility(before, income, line, persons),
        "line": _line(before, income, line, persons),
        "targeting": decembers.targeting,
        "years": years_of(result.by_year),
    }
    if costs := result.tables.get("costs_by_payer"):
        tables["payers"] = _texts(costs)
    # A world in which all is spent, or nobody lends, has these without rows.
    for name, table in unspent_tables(world)._asdict().items():
        tables[name] = _texts(table)
    tables["credit_by_year"] = _texts(credit_of(world))
    return LivedWorld(
        result.outcomes, result.programmes, Course.of(world, jobs.jobs), tables,
        income, decembers.registered, size, line,
    )  # fmt: skip


def _figures(figures: Values) -> Table:
    """The document's figures as this world has them; NaN where it has none."""
    return {
        "figure": np.array(list(figures), str),
        "value": np.array([np.nan if v is None else v for v in figures.values()], np.float64),
    }


def _texts(table: Table) -> Table:
    """The same table with texts as a file holds them."""
    return {name: v.astype(str) if v.dtype == object else v for name, v in table.items()}


def _counties(world: World) -> Table:
    """Counts of every county at the end of the period."""
    last, counties = world.measured[world.plan.period.end.year], world.frame.counties
    return {
        "county": np.asarray(counties.code, np.int32),
        "name": np.array(counties.name_en, str),
        "prefecture": np.array(counties.prefecture_en, str),
        **{name: column.astype(np.float64) for name, column in by_county(world, last).items()},
    }


def _dynamics(poor: list[Flags], persons: Persons, everybody: int) -> Table:
    """Of those who were ever poor in the panel; `everybody` counts the others too."""
    by_years = measures.persons_by_years_poor(poor, persons)
    chronic, transient = by_years[-1], sum(by_years[1:-1])
    ever = chronic + transient
    values: dict[str, float] = {
        "fall_back_rate": measures.fall_back_rate(poor, persons),
        "exit_rate": measures.exit_rate(poor[-2], poor[-1], persons) if len(poor) > 1 else np.nan,
        "new_poor_share": measures.new_poor_share(poor[-2], poor[-1], persons)
        if len(poor) > 1
        else np.nan,
        "chronic_persons": chronic,
        "transient_persons": transient,
        "never_poor_persons": everybody - ever,
        "chronic_share": chronic / ever if ever else np.nan,
        "transient_share": transient / ever if ever else np.nan,
        "mean_spell_years": measures.spells(poor, persons).mean_length,
    }
    return {
        "measure": np.array(list(values), str),
        "value": np.array(list(values.values()), np.float64),
    }


def _spells(poor: list[Flags], persons: Persons, first_year: int) -> Table:
    found = measures.spells(poor, persons)
    return {
        "first_year": np.array(found.first, np.int64) + first_year,
        "years": np.array(found.length, np.int64),
        "open_start": np.array(found.open_start, np.int64),
        "open_end": np.array(found.open_end, np.int64),
        "persons": np.array(found.persons, np.float64),
    }


def _mobility(
    before: Before, income: npt.NDArray[np.float32], line: float, persons: Persons
) -> Table:
    fifths = measures.cross_counts(
        before.fifth, measures.quantile_groups(income, persons, 5), persons, 5
    )
    groups = len(BANDS) + 1
    bands = measures.cross_counts(
        measures.line_groups(before.income, before.line, BANDS),
        measures.line_groups(income, line, BANDS),
        persons,
        groups,
    )
    pairs = [("fifths", fifths), ("line", bands)]
    table: Table = {
        "groups": np.array([name for name, cells in pairs for _ in cells.flat], str),
        "before": np.concatenate([np.repeat(np.arange(len(c)), len(c)) for _, c in pairs]),
        "after": np.concatenate([np.tile(np.arange(len(c)), len(c)) for _, c in pairs]),
        "persons": np.concatenate([cells.ravel() for _, cells in pairs]),
    }
    return table


def low_incomes(
    *worlds: tuple[npt.NDArray[np.float32], float],
) -> npt.NDArray[np.intp]:
    """Rows of households that any multiple of the line concerns, for (incomes, line) of worlds."""
    bound = MULTIPLES[-1] * (1.0 + MARGIN)
    low = np.zeros(worlds[0][0].size, bool)
    for income, line in worlds:
        low |= income < np.float32(1.001 * bound * line)
    return np.flatnonzero(low)


def _line(before: Before, income: npt.NDArray[np.float32], line: float, persons: Persons) -> Table:
    rows = low_incomes((before.income, before.line), (income, line))
    past, income, persons = before.income[rows], income[rows], persons[rows]
    start = measures.persons_under(past, before.line, MULTIPLES, persons)
    end = measures.persons_under(income, line, MULTIPLES, persons)
    lifted = [
        measures.lifted_past(past < np.float64(before.line * k), income, line * k, persons, MARGIN)
        for k in MULTIPLES
    ]
    return {
        "multiple": np.array(MULTIPLES),
        "poor_before": np.array(start, np.float64),
        "poor_after": np.array(end, np.float64),
        "left": np.array([found.persons for found in lifted], np.float64),
        "left_barely": np.array([found.barely for found in lifted], np.float64),
    }


def _incomes(before: Before, income: npt.NDArray[np.float32], persons: Persons) -> Table:
    """People and their income by tenth of the income before."""

    def by_decile(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        return np.bincount(before.decile, weights=values, minlength=10)

    return {
        "decile": np.arange(1, 11),
        "persons": by_decile(persons),
        "income_yuan": by_decile(income * persons),
    }


def _targeting(world: World, before: Before) -> Table:
    """Audit of every programme by who was registered and who was truly poor before the period.

    Where a programme cannot reach everybody it should, its error of exclusion is mostly its size;
    so beside all eligible people stand those in villages in which it served somebody. People are
    those of the start, which all worlds share: an audit asks who they were when they were chosen.
    """
    h, v = world.households, world.villages
    anyone = np.flatnonzero(h.reached)
    reached, persons = h.reached[anyone], before.persons[anyone]
    village, poorest = v.of_household[anyone], before.decile[anyone] < 2
    groups = {"registered": before.registered, "income": before.poor[-1]}
    entitled = {by: measures.count(flags, before.persons) for by, flags in groups.items()}
    in_village = {
        by: np.add.reduceat(np.append(before.persons * flags, 0), v.offsets[:-1])
        for by, flags in groups.items()
    }
    rows: list[tuple[Any, ...]] = []
    keys = world.plan.programmes.keys
    for key in keys:
        first = key.partition("/")[0]
        if first in PROGRAMME_KEYS and first != key:
            continue  # a further entry is audited with its first
        served = reached_by(reached, bit_index(key, keys))
        if not served.any():
            continue
        here = np.unique(village[served])
        for by, flags in groups.items():
            found = measures.audit(served, flags[anyone], poorest, persons)
            found = found._replace(eligible=entitled[by])
            rows.append((key, by, *found, int(in_village[by][here].sum())))
    columns = ("served", "eligible", "both", "poorest", "eligible_nearby")
    table: Table = {
        "programme": np.array([row[0] for row in rows], str),
        "by": np.array([row[1] for row in rows], str),
    }
    return table | {
        name: np.array([row[2 + k] for row in rows], np.float64) for k, name in enumerate(columns)
    }
