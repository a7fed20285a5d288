"""What lenders lend, get back and lend again: one table of a run, one section of its summary.

For every lender and any time

    outstanding at the start + lent = repaid + written off + outstanding at the end

and for lenders whose budget is the principal that they lend (money class credit)

    budget + lent again = lent + unspent

A village fund's budget is a gift, which its villages lend; what it lends again is what it lent
beyond all seeds, deposits and interest that were put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.results.outcome import Table
from fupin.statistics.crossed import Statistics, statistics

if TYPE_CHECKING:
    from fupin.state.ledger import Ledger

LENDERS = ("mutual_funds", "loan_guarantee", "microfinance", "subsidised_loans")
"""Programmes that lend, in their order; what a plan adds to them, and its own loans, follow."""
_LENDS = (*LENDERS, "loan")

FLOWS = ("lent", "repaid", "lent_again", "written_off")
COLUMNS = ("outstanding_start", *FLOWS, "outstanding_end")
"""Yuan of a lender over a time, in the order of tables."""

_NOTES = {"lent": "principal"}


def credit_table(ledger: Ledger, years: Mapping[int, slice], last: int) -> Table:
    """Lenders by year; those with nothing out and nothing lent are left out.

    Columns: year; `of_period`, 1 for years in which the plan has money and 0 for those after;
    programme; COLUMNS.

    Args:
        ledger: the accounts.
        years: calendar year -> its months of the run.
        last: the last year of the plan's period.
    """
    rows: list[tuple[Any, ...]] = []
    for year, months in years.items():
        flows = [ledger.totals(_NOTES.get(name, name), months) for name in FLOWS]
        start, end = ledger.outstanding(months.start), ledger.outstanding(months.stop)
        for key in _in_order(ledger.programmes):
            i = ledger.programmes.index(key)
            yuan = [int(column[i]) for column in (start, *flows, end)]
            if any(yuan):
                rows.append((year, int(year <= last), key, *yuan))
    columns = ("year", "of_period", "programme", *COLUMNS)
    kinds: tuple[Any, ...] = (np.int16, np.int8, object, *[np.int64] * len(COLUMNS))
    return {
        name: np.array([row[k] for row in rows], kind)
        for k, (name, kind) in enumerate(zip(columns, kinds, strict=True))
    }


def _in_order(keys: Iterable[str]) -> list[str]:
    """The lenders among keys of programmes, each once: LENDERS, then others as they come."""
    found = dict.fromkeys(key for key in keys if key.partition("/")[0] in _LENDS)
    return sorted(found, key=lambda key: LENDERS.index(key) if key in LENDERS else len(LENDERS))


def of_period(table: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Lender -> yuan of COLUMNS over the plan's period."""
    found: dict[str, dict[str, int]] = {}
    columns = (table[name].tolist() for name in ("year", "of_period", "programme", *COLUMNS))
    for _, inside, key, *yuan in sorted(zip(*columns, strict=True)):
        if not inside:
            continue
        own = dict(zip(COLUMNS, yuan, strict=True))
        sums = found.setdefault(key, dict.fromkeys(COLUMNS, 0) | {"outstanding_start": yuan[0]})
        for name in FLOWS:
            sums[name] += own[name]
        sums["outstanding_end"] = own["outstanding_end"]
    return {key: found[key] for key in _in_order(found)}


def credit(
    grid: Sequence[Sequence[Mapping[str, Any] | None]],
) -> dict[str, dict[str, Statistics]]:
    """Lender -> statistics of its yuan over the plan's period; lenders of any run.

    Args:
        grid: tables as of `credit_table`, draws x seeds; None where nobody lends.
    """
    found = [[{} if table is None else of_period(table) for table in row] for row in grid]
    nothing = dict.fromkeys(COLUMNS, 0)
    lenders = _in_order(key for row in found for of in row for key in of)
    return {
        key: {
            name: statistics([[of.get(key, nothing)[name] for of in row] for row in found])
            for name in COLUMNS
        }
        for key in lenders
    }
