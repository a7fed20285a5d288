"""What a run reports: the outcomes, what each means, and the record of one run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Kind = Literal["flow", "stock", "index"]
Table = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Outcome:
    """One number of a run.

    Attributes:
        key: its name in `summary.json`.
        unit: persons, person-years, households, jobs, yuan, yuan/person, ratio, share
            or index.
        kind: a flow sums over the period; a stock is at its start or end; an index is that of
            the period's last December. Outcomes of the horizon say so.
        description: what it counts, in plain words.
        least: smallest possible value, or None.
        most: largest possible value, or None.
    """

    key: str
    unit: str
    kind: Kind
    description: str
    least: float | None = 0.0
    most: float | None = None


def _by_key(*outcomes: Outcome) -> dict[str, Outcome]:
    return {outcome.key: outcome for outcome in outcomes}


RATES = {"5": 0.05, "8": 0.08}
"""Yearly rates at which later income is discounted: end of the name of an outcome -> rate."""

HORIZON_KEYS = (
    "person_years_out",
    "person_years_out_national",
    "gap_closed",
    *(
        f"{key}_{name}"
        for name in RATES
        for key in ("npv_income", "npv_income_poor", "benefit_cost")
    ),
)
"""Outcomes of the years to the horizon that need a twin."""

OUTCOMES: dict[str, Outcome] = _by_key(
    Outcome("registered_poor_start", "persons", "stock", "registered poor before the first month"),
    Outcome("registered_poor_end", "persons", "stock", "registered poor after the last review"),
    Outcome("lifted", "persons", "flow", "net fall of the registered poor", least=None),
    Outcome("gross_exits", "persons", "flow", "people who left the register"),
    Outcome("entries", "persons", "flow", "people who entered the register"),
    Outcome("income_poor_start", "persons", "stock", "true income under the line, year before"),
    Outcome("income_poor_end", "persons", "stock", "true income under the line, last year"),
    Outcome("trained", "persons", "flow", "people who finished skills training"),
    Outcome("placed", "persons", "flow", "trained people who were placed in a job"),
    Outcome(
        "employment_rate", "share", "flow",
        "placed / trained, of those who finished early enough to be placed: three months before "
        "the end or more", most=1.0,
    ),
    Outcome(
        "additional_jobs", "jobs", "flow",
        "jobs that exist here and not in the twin without the programmes", least=None,
    ),
    Outcome(
        "additional_income_channel", "persons", "flow",
        "lifted because incomes rose, beyond the twin without the programmes", least=None,
    ),
    Outcome(
        "additional_recognition_channel", "persons", "flow",
        "off the register because the served are re-assessed, beyond the twin; no gain in income",
        least=None,
    ),
    Outcome(
        "spent", "yuan", "flow",
        "fiscal + social money + interest subsidy + defaults borne, to the horizon; no principal, "
        "no claims",
    ),
    Outcome("fgt0", "share", "index", "poverty headcount ratio, true income", most=1.0),
    Outcome("fgt1", "index", "index", "poverty gap index, true income", most=1.0),
    Outcome("fgt2", "index", "index", "squared poverty gap, true income", most=1.0),
    Outcome("gini", "index", "index", "Gini coefficient of income over persons"),
    Outcome("mean_income", "yuan/person", "index", "net income per person and year", least=None),
    Outcome("survey_poor_start", "persons", "stock", "reported income under the line, year before"),
    Outcome("survey_poor_end", "persons", "stock", "reported income under the line, last year"),
    Outcome(
        "registered_and_income_poor_end", "persons", "stock",
        "registered poor whose true income is under the line",
    ),
    Outcome(
        "households_reached", "households", "stock",
        "different households that programmes have served since the start, each counted once",
    ),
    Outcome("repayment_rate", "share", "flow", "instalments paid / instalments due", most=1.0),
    Outcome(
        "registered_natural_loss", "persons", "flow",
        "registered people lost to deaths and departures, births deducted: lifted minus exits "
        "plus entries; undefined where the official count is a survey", least=None,
    ),
    Outcome(
        "resource_cost", "yuan", "flow",
        "spent + what departments add + capital lent x its opportunity rate + lenders' running "
        "cost - all interest that lenders receive, whoever pays, to the horizon", least=None,
    ),
    Outcome(
        "additional_out_of_poverty", "persons", "stock",
        "fewer income-poor at the end of the period than in the twin without the programmes",
        least=None,
    ),
    Outcome(
        "income_poor_years", "person-years", "flow",
        "true income under the line, added up over the years to the horizon",
    ),
    Outcome(
        "gap_years", "yuan", "flow",
        "what the income-poor lack of the line, added up over the years to the horizon",
    ),
    Outcome(
        "person_years_out", "person-years", "flow",
        "years that people spend above the line, beyond the twin without the programmes, to the "
        "horizon", least=None,
    ),
    Outcome(
        "person_years_out_national", "person-years", "flow",
        "the same for the new national line, which is higher, to the horizon", least=None,
    ),
    Outcome(
        "gap_closed", "yuan", "flow",
        "what the income-poor lack of the line, less than in the twin, to the horizon", least=None,
    ),
    Outcome("in_course_end", "persons", "stock", "in a course at the end, neither trained nor not"),
    Outcome(
        "not_yet_placed_end", "persons", "stock",
        "trained in the last two months and without a place at the end",
    ),
    Outcome("placed_later", "persons", "flow", "placed after the period, to the horizon"),
    Outcome(
        "employment_rate_horizon", "share", "index",
        "placed / trained, of all who finished early enough before the horizon's end", most=1.0,
    ),
    *(
        Outcome(
            f"{key}_{name}", unit, "flow",
            f"{what}, to the horizon, discounted at {rate:.0%} a year", least=None,
        )
        for name, rate in RATES.items()
        for key, unit, what in (
            ("npv_income", "yuan", "income of all rural people, more than in the twin"),
            ("npv_income_poor", "yuan",
             "income of those who were income-poor before the plan, more than in the twin"),
            ("benefit_cost", "ratio", "income added / resource cost added"),
        )
    ),
)  # fmt: skip
"""Province-wide outcomes, in the order of `summary.json`."""

PROGRAMME_OUTCOMES: dict[str, Outcome] = _by_key(
    Outcome("budget", "yuan", "flow", "money given to the programme"),
    Outcome("delivered", "yuan", "flow", "money that reached its purpose"),
    Outcome("lost", "yuan", "flow", "money that leaked away"),
    Outcome("unspent", "yuan", "flow", "left at a fiscal year's end; a revolving stock stays"),
    Outcome("households", "households", "flow", "households that the programme reached"),
    Outcome("persons", "persons", "flow", "people in them, or trained"),
    Outcome("spent", "yuan", "flow", "what those who give the money lose by it; no principal"),
    Outcome(
        "resource_cost",
        "yuan",
        "flow",
        "what all resources are worth that it takes up, whoever "
        "pays; negative where a lender earns more than its money costs",
        least=None,
    ),
    Outcome("under_way", "yuan", "stock", "delivered for works and courses that are not finished"),
)
"""Outcomes of every programme, in the order of `summary.json`."""

Values = dict[str, float | None]


class NumbersAndTables(NamedTuple):
    """What a function of the engine's may return: numbers by name, and tables to keep.

    Attributes:
        numbers: name -> number; None where undefined.
        tables: name -> column -> values of equal length.
    """

    numbers: Mapping[str, float | None]
    tables: Mapping[str, Table]


@dataclass(frozen=True)
class RunResult:
    """One run: one draw and one seed under one scenario.

    Attributes:
        draw: label of the draw.
        seed: the run seed.
        outcomes: every key of OUTCOMES; None where undefined.
        by_year: year to the horizon -> {"outcomes": as `outcomes`, "programmes": as
            `programmes`}; an outcome of the horizon is that year's part of it.
        programmes: programme -> every key of PROGRAMME_OUTCOMES; None where undefined.
        figures: id of a figure of the document (S40; after a dot a part of it, S84.courses) -> the
            run's own number, or None (`fupin.lives.figures`); empty where none were measured.
        tables: name (such as "county_by_year") -> column -> values of equal length.

    Raises:
        ValueError: a missing or unknown key, a NaN or infinite value, columns of unequal length.
    """

    draw: str
    seed: int
    outcomes: Values
    by_year: dict[int, dict[str, Any]]
    programmes: dict[str, Values]
    figures: Values = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_period("the period", self.outcomes, self.programmes)
        for year, part in self.by_year.items():
            if set(part) != {"outcomes", "programmes"}:
                raise ValueError(f"{year} holds {sorted(part)}, not outcomes and programmes")
            _check_period(str(year), part["outcomes"], part["programmes"])
            if set(part["programmes"]) != set(self.programmes):
                raise ValueError(f"{year} has other programmes than the period")
        _check_numbers("figures", self.figures)
        for name, table in self.tables.items():
            lengths = {len(column) for column in table.values()}
            if len(lengths) != 1:
                raise ValueError(f"table {name} has columns of lengths {sorted(lengths)}")


def _check_period(period: str, outcomes: Values, programmes: Mapping[str, Values]) -> None:
    _check_values(period, outcomes, OUTCOMES)
    for name, values in programmes.items():
        _check_values(f"{period}, {name}", values, PROGRAMME_OUTCOMES)


def _check_values(where: str, values: Values, expected: Mapping[str, Outcome]) -> None:
    if wrong := set(values) ^ set(expected):
        raise ValueError(f"{where}: missing or unknown outcomes {sorted(wrong)}")
    _check_numbers(where, values)


def _check_numbers(where: str, values: Values) -> None:
    for key, value in values.items():
        if value is not None and not math.isfinite(value):
            raise ValueError(f"{where}: {key} is {value}; write None where it is undefined")


def defined(value: float | np.floating[Any]) -> float | None:
    """The number as a Python float, or None where it is NaN."""
    return None if math.isnan(value) else float(value)
