"""What needs two worlds household by household: who is out because of a plan, and who gains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import measures
from fupin.comparison.lived import MARGIN, MULTIPLES, Before, LivedWorld, Persons, low_incomes
from fupin.lives.gainers import GAIN
from fupin.results.outcome import Table


def paired(here: LivedWorld, twin: LivedWorld, before: Before) -> dict[str, Table]:
    """What needs two worlds household by household.

    The worlds have the same households, and nearly the same people: whether the last worker at
    home dies or leaves can hang on who of the household is away. Each world's poor are counted
    with its own people. What compares a person's two lives (out because of the plan, winner,
    loser) is counted over persons whom both worlds have; others have one life only.
    """
    people = before.persons_of(here.size), before.persons_of(twin.size)
    common = np.minimum(*people)
    return {
        "additionality": _additionality(here, twin, before, people),
        "near_line": _near_line(here, twin, common),
        "gains": _gains(here, twin, before, common),
    }


def _additionality(
    here: LivedWorld, twin: LivedWorld, before: Before, people: tuple[Persons, Persons]
) -> Table:
    rows = []
    for status, poor_here, poor_twin, poor_before in (
        ("income", here.poor, twin.poor, before.poor[-1]),
        ("register", here.registered, twin.registered, before.registered),
    ):
        parts = {
            name: measures.additionality(poor_here, poor_twin, group, *people)
            for name, group in (("poor", poor_before), ("not_poor", ~poor_before))
        }
        require_exact(
            status, list(parts.values()), _own_poor(here, status), _own_poor(twin, status)
        )
        rows += [(status, name, *found) for name, found in parts.items()]
    columns = measures.Additionality._fields
    table: Table = {
        "status": np.array([row[0] for row in rows], str),
        "before": np.array([row[1] for row in rows], str),
    }
    return table | {
        name: np.array([row[2 + k] for row in rows], np.float64) for k, name in enumerate(columns)
    }


def _own_poor(world: LivedWorld, status: str) -> float | None:
    """The poor of a world as the world itself counted them, persons.

    By the register not `registered_poor_end`, which under the counting rule `survey` is another
    count; the counties' sum is of the register under every rule.
    """
    if status == "income":
        return world.outcomes["income_poor_end"]
    return float(world.tables["counties"]["registered_poor"].sum())


def require_exact(
    status: str,
    parts: Sequence[measures.Additionality],
    here: float | None,
    twin: float | None,
) -> None:
    """Do the kinds of people sum to the two worlds' own counts, and so to their difference?

    Whole persons, so that exact means equal: 1 person of 51 million more is an error.

    Args:
        status: what poor means.
        parts: of people who are together everybody.
        here, twin: the poor of each world by its own count.

    Raises:
        RuntimeError: no: the worlds are no twins, or their people are others than they counted.
    """
    found = sum(part.poor_here for part in parts), sum(part.poor_twin for part in parts)
    if found != (here, twin):
        raise RuntimeError(
            f"poor by {status}, household by household: {found[0]} here and {found[1]} in the "
            f"twin; by the worlds' own counts {here} and {twin}: these worlds are no twins"
        )


def _near_line(here: LivedWorld, twin: LivedWorld, persons: Persons) -> Table:
    """Of those who are out because of the plan: who stands less than a margin above the line."""
    rows = low_incomes((here.income, here.line), (twin.income, twin.line))
    income, other, persons = here.income[rows], twin.income[rows], persons[rows]
    found = [
        measures.lifted_past(
            other < np.float64(twin.line * k), income, here.line * k, persons, MARGIN
        )
        for k in MULTIPLES
    ]
    return {
        "multiple": np.array(MULTIPLES),
        "because": np.array([one.persons for one in found], np.float64),
        "because_barely": np.array([one.barely for one in found], np.float64),
    }


def _gains(here: LivedWorld, twin: LivedWorld, before: Before, persons: Persons) -> Table:
    """Winners, losers and change of income by tenth of the income before.

    The change is that of persons who have both incomes. The difference of the worlds' totals would
    also hold the whole income of a person whom one world lacks, as if somebody had lost it.
    """
    bound = np.float32(GAIN) * np.abs(twin.income)
    change = here.income - twin.income

    def by_decile(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        return np.bincount(before.decile, weights=values, minlength=10)

    others = by_decile(twin.income * persons)
    return {
        "decile": np.arange(1, 11),
        "persons": by_decile(persons),
        "winners": by_decile(np.where(change > bound, persons, 0)),
        "losers": by_decile(np.where(change < -bound, persons, 0)),
        "change_yuan": by_decile(here.income * persons) - others,
        "income_yuan": others,
    }
