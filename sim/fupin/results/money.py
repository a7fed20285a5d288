"""Where the money went: the one table of it that terminal, HTML report and page show.

A face renders the rows; what is counted, which programmes are shown and what their class adds up
to is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from fupin.scenario.programme_catalogue import (
    CLASS_OF,
    MONEY_CLASSES,
    PROGRAMMES,
    MoneyClass,
    Programme,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fupin.scenario.programmes import Programmes
    from fupin.state.ledger import Ledger


class Money(NamedTuple):
    """Yuan of a programme, or of all programmes of a class, over a period.

    Attributes:
        budget: what the plan gives.
        delivered: what reached its purpose, a gift once (`fupin.state.ledger.given`).
        lost: what leaked away.
        unspent: the rest of the budget; what a revolving fund keeps is not unspent.
    """

    budget: float | None
    delivered: float | None
    lost: float | None
    unspent: float | None


FLOWS = Money._fields
"""Columns of the table, in order; keys of PROGRAMME_OUTCOMES too."""


@dataclass(frozen=True)
class ClassMoney:
    """One block of the table: a money class.

    Attributes:
        money: the class.
        total: of the programmes shown.
        programmes: those shown, in their order, with what each has.
    """

    money: MoneyClass
    total: Money
    programmes: tuple[tuple[Programme, Money], ...]


def money_by_class(money: Mapping[str, Money], shown: Collection[str]) -> list[ClassMoney]:
    """Rows of the table: classes in the order of MONEY_CLASSES, those without a programme left out.

    Args:
        money: programme -> its yuan.
        shown: keys of the programmes that have a row.
    """
    found = []
    for name in MONEY_CLASSES:
        members = [(p, money[p.key]) for p in PROGRAMMES if p.money == name and p.key in shown]
        if members:
            sums = (sum(getattr(own, flow) or 0 for _, own in members) for flow in FLOWS)
            found.append(ClassMoney(name, Money(*sums), tuple(members)))
    return found


def of_accounts(
    ledger: Ledger,
    programmes: Programmes,
    years: Iterable[int],
    months: slice,
    in_hand: npt.NDArray[np.int64] | int = 0,
) -> dict[str, Money]:
    """Programme -> its whole yuan in the accounts of one run.

    Args:
        ledger: accounts of all programmes, in the order of PROGRAMMES.
        programmes: settings of the plan.
        years: calendar years whose budgets count.
        months: months of the period whose flows count.
        in_hand: budget money that is released and neither used nor returned yet, (programmes,).
    """
    years = list(years)
    given, lost = ledger.given(CLASS_OF, months), ledger.totals("lost", months)
    # Money that finds no taker in any county is never released.
    back = ledger.totals("returned", months) - ledger.totals("released", months) + in_hand
    found = {}
    for i, programme in enumerate(PROGRAMMES):
        budget = sum(programmes.of(programme.key).budget_in(year) for year in years)
        found[programme.key] = Money(budget, int(given[i]), int(lost[i]), budget + int(back[i]))
    return found


def of_summary(programmes: Mapping[str, Mapping[str, Any]]) -> dict[str, Money]:
    """Programme -> its mean yuan over the runs of a result; `programmes` as in summary.json."""
    return {
        key: Money(*(values[name]["mean"] for name in FLOWS)) for key, values in programmes.items()
    }


def is_off(values: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether nothing happened in a programme: no money, no people (`programmes.KEY`)."""
    return all(not statistics["mean"] for statistics in values.values())


def at_work(programmes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Programmes in which something happened; `programmes` as in summary.json."""
    return [key for key, values in programmes.items() if not is_off(values)]
