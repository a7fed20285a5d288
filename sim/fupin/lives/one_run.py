"""One run: live the plan to its horizon, report its outcomes.

Nothing here changes a number: outcomes are read off the world, its register and its ledger.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fupin.livelihood.sources import SOURCES
from fupin.lives import figures
from fupin.lives.additional import KEYS as TWIN_KEYS
from fupin.lives.additional import additions, filled
from fupin.lives.gainers import IncomesAtEnd, fifths_before, gains_table
from fupin.lives.past import Past
from fupin.lives.series import JobsByYear, MonthlySeries
from fupin.month import live
from fupin.programmes.microfinance import Microfinance
from fupin.results.costs import costs_table
from fupin.results.credit import credit_table
from fupin.results.draws import Draw
from fupin.results.money import of_accounts
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, RunResult, Table, Values
from fupin.results.unspent import limits_table, unspent_table
from fupin.scenario.programmes import CLASS_OF
from fupin.scenario.schema import Scenario
from fupin.state.limits import NO_COUNTY, Limit
from fupin.world.december import YearMeasures, by_county
from fupin.world.start import settle_people
from fupin.world.watching import Watcher
from fupin.world.world import World


def simulate(scenario: Scenario, draw: Draw, seed: int, twins: bool = True) -> RunResult:
    """Run a scenario once, and its twins where a programme has money.

    Args:
        scenario: the plan and its world.
        draw: parameter vector.
        seed: run seed.
        twins: False leaves out what needs twins (`fupin.lives.additional`), in half the time.

    Returns:
        outcomes, yearly parts, programme counts and tables; None where a twin would be needed.
    """
    start = settle_people(scenario, seed, draw)
    past = Past(start)
    start.live_until(scenario.period.start.year - 1, past.note)
    compared = twins and bool(scenario.programmes.active())
    if compared:
        start.keep()
    fifth = fifths_before(start)
    series, jobs, beside, incomes = MonthlySeries(), JobsByYear(), FiguresOfYear(), IncomesAtEnd()
    world = live(scenario, start, seed, (series, jobs, beside, incomes))
    result = report(world, draw.label, seed, series, beside.found)
    result.tables["history_by_year"] = past.table()
    if not compared:
        return result
    theirs = IncomesAtEnd()
    added = additions(start, world, jobs.jobs, (theirs,))
    result.tables["gains_by_fifth"] = gains_table(start, fifth, incomes, theirs)
    return filled(result, added, scenario.period.years)


class FiguresOfYear(Watcher):
    """Reads the document's figures off a world when the last year that they are of is over.

    Attributes:
        found: as `figures.measure`; empty until then.
    """

    def __init__(self) -> None:
        self.found: Values = {}

    def after_month(self, world: World) -> None:
        if world.clock.month == 12 and world.clock.year == figures.year_read(world.plan):
            self.found = _figures(world)


def _figures(world: World) -> Values:
    year = figures.year_read(world.plan)
    before = world.measured.get(year - 1, world.at_start)
    return figures.measure(world, _outcomes(world, [year], before, [year]))


def report(
    world: World, draw: str, seed: int, series: MonthlySeries, beside: Values | None = None
) -> RunResult:
    """The record of a world that has reached its horizon.

    Args:
        world: the world.
        draw: label of the draw.
        seed: run seed.
        series: its months.
        beside: the document's figures, as `FiguresOfYear` found them; read off the world as it is
            now if not given.
    """
    years, lived = list(world.plan.period.years), list(world.plan.lived.years)
    before: YearMeasures = world.at_start
    by_year: dict[int, dict[str, Any]] = {}
    for year in lived:
        by_year[year] = {
            "outcomes": _outcomes(world, [year], before, [year]),
            "programmes": _programmes(world, [year]),
        }
        before = world.measured[year]
    outcomes = _outcomes(world, years, world.at_start, lived)
    return RunResult(
        draw=draw,
        seed=seed,
        outcomes=outcomes,
        by_year=by_year,
        programmes=_programmes(world, years),
        figures=_figures(world) if beside is None else beside,
        tables=_tables(world, lived, series),
    )


def _months(world: World, years: list[int]) -> slice:
    inside = [i for i, m in enumerate(world.plan.lived.months) if m.year in years]
    return slice(inside[0], inside[-1] + 1)


def _count_entries(world: World, key: str, name: str, years: list[int]) -> float | None:
    """The same of all entries of a programme together."""
    keys = [p.key for p in world.programmes if p.key.partition("/")[0] == key]
    return sum(_count(world, one, name, years) or 0.0 for one in keys) if keys else None


def _count(world: World, key: str, name: str, years: list[int]) -> float | None:
    """Sum of a programme's count over years; None where the programme is absent."""
    for programme in world.programmes:
        if programme.key == key:
            return float(sum(programme.counts_by_year[y].get(name, 0) for y in years))
    return None


def _outcomes(world: World, years: list[int], start: YearMeasures, horizon: list[int]) -> Values:
    # Person-years are of `horizon`, all others of `years`, before which stands `start`.
    measured = [world.measured[y] for y in years]
    end, later = measured[-1], [world.measured[y] for y in horizon]
    counting = world.plan.counting
    poor_start, poor_end = start.official(counting), end.official(counting)
    trained = _count_entries(world, "skills_training", "trained", years)
    placed = _count_entries(world, "skills_training", "placed", years)
    to_horizon = _months(world, horizon)
    spent = world.ledger.spent(CLASS_OF, to_horizon)
    values: Values = {
        "registered_poor_start": poor_start,
        "registered_poor_end": poor_end,
        "lifted": poor_start - poor_end,
        "gross_exits": sum(m.delisted for m in measured),
        "entries": sum(m.listed for m in measured),
        "registered_natural_loss": None
        if counting == "survey"
        else poor_start - poor_end - sum(m.delisted - m.listed for m in measured),
        "income_poor_start": start.income_poor,
        "income_poor_end": end.income_poor,
        "trained": trained or 0,
        "placed": placed or 0,
        "employment_rate": _rate(world, years, "had_time"),
        "spent": int(spent.sum()),
        "fgt0": end.fgt[0],
        "fgt1": end.fgt[1],
        "fgt2": end.fgt[2],
        "gini": end.gini,
        "mean_income": end.mean_income,
        "survey_poor_start": start.survey_poor,
        "survey_poor_end": end.survey_poor,
        "registered_and_income_poor_end": end.registered_income_poor,
        "households_reached": end.households_reached,
        "repayment_rate": _repayment(world, years),
        "income_poor_years": sum(m.income_poor for m in later),
        "gap_years": sum(m.gap_yuan for m in later),
        "resource_cost": int(world.ledger.resource_cost(CLASS_OF, to_horizon).sum()),
        "in_course_end": _count_entries(world, "skills_training", "in_course", years[-1:]) or 0,
        "not_yet_placed_end": _count_entries(world, "skills_training", "not_yet_placed", years[-1:])
        or 0,
        "placed_later": _count_entries(
            world, "skills_training", "placed", [y for y in horizon if y > years[-1]]
        )
        or 0,
        "employment_rate_horizon": _rate(world, horizon[-1:], "had_time_so_far"),
    } | dict.fromkeys(TWIN_KEYS)
    return {key: None if values[key] is None else float(values[key]) for key in OUTCOMES}  # type: ignore[arg-type]


def _rate(world: World, years: list[int], cohort: str) -> float | None:
    """Part of the graduates of some months who were placed."""
    trained = _count_entries(world, "skills_training", cohort, years)
    placed = _count_entries(world, "skills_training", f"{cohort}_placed", years)
    return placed / trained if trained and placed is not None else None


def _repayment(world: World, years: list[int]) -> float | None:
    due = paid = 0
    for programme in world.programmes:
        if isinstance(programme, Microfinance):
            due += programme.counts_by_year[years[0]]["arrears_in_january"]
            due += sum(programme.counts_by_year[y]["yuan_due"] for y in years)
            paid += sum(programme.counts_by_year[y]["yuan_repaid"] for y in years)
    return paid / due if due else None


def _programmes(world: World, years: list[int]) -> dict[str, Values]:
    months = _months(world, years)
    keys = world.plan.programmes.keys
    calendars = {key: world.plan.calendar(key) for key in keys}
    budgets = {key: sum(map(calendars[key].in_year, years)) for key in keys}
    limits = world.limits  # what banks took home is no budget
    left = (limits.unreleased - limits.taken_home)[:, months].sum(axis=1)
    money = of_accounts(world.ledger, budgets, months, left)
    out: dict[str, Values] = {}
    for programme in world.plan.programmes.all():
        values = {
            **{name: float(yuan) for name, yuan in money[programme.key]._asdict().items()},
            "households": _count(world, programme.key, "households", years) or 0.0,
            "persons": _count(world, programme.key, "persons", years) or 0.0,
            "under_way": _count(world, programme.key, "yuan_under_way", years[-1:]) or 0.0,
        }
        out[programme.key] = {key: values[key] for key in PROGRAMME_OUTCOMES}
    return out


def _tables(world: World, years: list[int], series: MonthlySeries) -> dict[str, Table]:
    tables = {
        "province_by_month": series.table(),
        "province_by_year": _province_by_year(world, years),
        "county_by_year": _county_by_year(world, years),
        "village_by_year": _village_by_year(world, years),
        "programme_counts_by_year": _counts(world, years),
        "ledger_by_month": _ledger_by_month(world),
        "limits_by_month": _limits_by_month(world),
        **unspent_tables(world)._asdict(),
        "credit_by_year": credit_of(world),
        "costs_by_payer": costs_table(
            world.ledger, {y: _months(world, [y]) for y in years}, [p.key for p in world.programmes]
        ),
    }
    return {name: table for name, table in tables.items() if next(iter(table.values())).size}


def _ledger_by_month(world: World) -> Table:
    """The accounts, with names in place of the ledger's indexes."""
    rows: Table = dict(world.ledger.table())
    return _named(world, rows) | rows


def _limits_by_month(world: World) -> Table:
    """Where money was left and why, with names; county 0: it never reached a county."""
    rows: Table = dict(world.limits.table())
    named = _named(world, rows)
    codes = np.array([limit.name.lower() for limit in Limit], object)
    return named | {"limit": codes[rows.pop("limit")]} | rows


def credit_of(world: World) -> Table:
    """What each lender lent and got back in the years of a world at its end."""
    years = {year: _months(world, [year]) for year in world.plan.lived.years}
    return credit_table(world.ledger, years, world.plan.period.end.year)


class UnspentTables(NamedTuple):
    """Tables of a run that say why money stayed unspent; see `fupin.results.unspent`."""

    unspent_by_county: Table
    limits_by_programme: Table


def unspent_tables(world: World) -> UnspentTables:
    """Of a world at its end."""
    counties = world.frame.counties
    names = {"name": counties.name_en, "name_zh": counties.name_zh}
    keys = world.plan.programmes.keys
    return UnspentTables(
        unspent_table(world.limits, keys, np.asarray(counties.code, np.int32), names),
        limits_table(world.limits, keys, [str(m) for m in world.plan.lived.months]),
    )


def _named(world: World, rows: Table) -> Table:
    """Names in place of the indexes of programme, county and month, which leave `rows`."""
    months = np.array([str(m) for m in world.plan.lived.months], object)
    county = rows.pop("county")
    codes = np.asarray(world.frame.counties.code, np.int32)[county]
    return {
        "programme": np.array(world.ledger.programmes, object)[rows.pop("programme")],
        "county": np.where(county == NO_COUNTY, np.int32(0), codes),
        "month": months[rows.pop("month")],
    }


def _province_by_year(world: World, years: list[int]) -> Table:
    rows = [world.measured[y] for y in years]
    table: Table = {"year": np.array(years, np.int16)}
    for name in ("registered", "income_poor", "survey_poor", "persons", "mean_income", "gini"):
        table[name] = np.array([getattr(m, name) for m in rows])
    for k, source in enumerate(SOURCES):
        table[f"share_{source}"] = np.array([m.sources[k] for m in rows])
    return table


def _county_by_year(world: World, years: list[int]) -> Table:
    counties = world.frame.counties
    units = len(counties.code)
    table: Table = {
        "year": np.repeat(np.array(years, np.int16), units),
        "county": np.tile(np.asarray(counties.code, np.int32), len(years)),
        "name": np.tile(np.array(counties.name_en, object), len(years)),
        "prefecture": np.tile(np.array(counties.prefecture_en, object), len(years)),
    }
    counts = [by_county(world, world.measured[year]) for year in years]
    if counts:
        table |= {name: np.concatenate([each[name] for each in counts]) for name in counts[0]}
    return table


def _village_by_year(world: World, years: list[int]) -> Table:
    villages = world.villages
    table: Table = {
        "year": np.repeat(np.array(years, np.int16), villages.id.size),
        "village": np.tile(villages.id, len(years)),
        "weight": np.tile(villages.weight.astype(np.int32), len(years)),
    }
    for name in ("persons", "registered", "income_poor"):
        table[name] = np.concatenate(
            [getattr(world.measured[y], f"village_{name}") for y in years]
            or [np.zeros(0, np.int64)]
        ).astype(np.int32)
    return table


def _counts(world: World, years: list[int]) -> Table:
    rows = [
        (year, programme.key, name, float(value))
        for programme in world.programmes
        for year in years
        for name, value in programme.counts_by_year[year].items()
    ]
    return {
        "year": np.array([r[0] for r in rows], np.int16),
        "programme": np.array([r[1] for r in rows], object),
        "count": np.array([r[2] for r in rows], object),
        "value": np.array([r[3] for r in rows], np.float64),
    }
