"""Who pays for a programme: its resource cost by payer, to the yuan, from the accounts of a run.

`spent` is what those lose who give the money of a programme; `resource_cost` is what all resources
are worth that it takes up, whoever pays (`fupin.state.ledger` has the formula). The payers' parts
sum to the resource cost of a programme, and programmes sum to that of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from fupin.scenario.programme_catalogue import CLASS_OF, GIFT_CLASSES, with_others

if TYPE_CHECKING:
    from fupin.results.outcome import Table
    from fupin.state.ledger import Ledger

Payer = Literal["fiscal", "social", "departments", "guarantors", "lenders"]
PAYERS: tuple[Payer, ...] = get_args(Payer)
"""fiscal: the budget for poverty alleviation, interest subsidies included. social: helping units'
money. departments: what departments and sending units add out of other money, working time
included. guarantors: officers and neighbours who make good what a borrower owes. lenders: banks and
foundations; capital and offices less the interest they get, and defaults that nobody makes good."""

GUARANTEED = ("loan_guarantee",)
"""Programmes whose defaults a guarantor pays, and not the lender."""


def by_payer(ledger: Ledger, months: slice = slice(None)) -> dict[str, dict[Payer, int]]:
    """Programme -> payer -> whole yuan of its resource cost over some months.

    Args:
        ledger: accounts of all programmes.
    """
    totals = {
        name: ledger.totals(name, months)
        for name in (
            "lost", "interest_subsidy", "defaults_borne", "added_by_others", "capital_charge",
            "running_cost", "interest_paid",
        )
    }  # fmt: skip
    given = ledger.given(CLASS_OF, months)
    found: dict[str, dict[Payer, int]] = {}
    for i, programme in enumerate(with_others(ledger.programmes)):
        of = {name: int(column[i]) for name, column in totals.items()}
        paid: dict[Payer, int] = dict.fromkeys(PAYERS, 0)
        if programme.money in GIFT_CLASSES:
            giver: Payer = "fiscal" if programme.money == "fiscal" else "social"
            paid[giver] += int(given[i]) + of["lost"]
        paid["fiscal"] += of["interest_subsidy"]
        paid["departments"] += of["added_by_others"]
        bearer: Payer = "guarantors" if programme.key in GUARANTEED else "lenders"
        paid[bearer] += of["defaults_borne"]
        paid["lenders"] += of["capital_charge"] + of["running_cost"]
        paid["lenders"] -= of["interest_paid"] + of["interest_subsidy"]
        found[programme.key] = paid
    return found


def costs_table(ledger: Ledger, years: Mapping[int, slice], programmes: Iterable[str]) -> Table:
    """The same as a table: year, programme, payer, yuan; a row also where nobody paid.

    Args:
        ledger: the accounts.
        years: calendar year -> its months of the period.
        programmes: keys of those that the table has.
    """
    keys = list(programmes)
    rows = [
        (year, key, payer, yuan)
        for year, months in years.items()
        for costs in (by_payer(ledger, months),)
        for key in keys
        for payer, yuan in costs[key].items()
    ]
    return {
        "year": np.array([row[0] for row in rows], np.int16),
        "programme": np.array([row[1] for row in rows], object),
        "payer": np.array([row[2] for row in rows], object),
        "yuan": np.array([row[3] for row in rows], np.int64),
    }


def sums_by(table: Mapping[str, Any], *keys: str) -> dict[tuple[Any, ...], int]:
    """Yuan of a table of costs summed over all columns but `keys`."""
    found: dict[tuple[Any, ...], int] = {}
    for *key, yuan in zip(*(table[k].tolist() for k in keys), table["yuan"].tolist(), strict=True):
        found[tuple(key)] = found.get(tuple(key), 0) + int(yuan)
    return found
