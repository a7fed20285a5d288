"""Where the money went: the one table of it that terminal, HTML report and page show.

A face renders the rows; what is counted, which programmes are shown and what their class adds up
to is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from fupin.scenario.programme_catalogue import (
    CLASS_OF,
    MONEY_CLASSES,
    MoneyClass,
    Programme,
    with_others,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fupin.state.ledger import Ledger


class Money(NamedTuple):
    """Yuan of a programme, or of all programmes of a class, over a period.

    Attributes:
        budget: what the plan gives.
        delivered: what reached its purpose, a gift once (`fupin.state.ledger.given`).
        lost: what leaked away.
        unspent: the rest of the budget; what a revolving fund keeps is not unspent.
        spent: what those lose who give the money; never principal or claims.
        resource_cost: what all resources are worth, whoever pays (`fupin.results.costs`).
    """

    budget: float | None
    delivered: float | None
    lost: float | None
    unspent: float | None
    spent: float | None = None  # results of an older fupin have these two not
    resource_cost: float | None = None


FLOWS = ("budget", "delivered", "lost", "unspent")
COSTS = ("spent", "resource_cost")
"""Columns of the table, in order: where the money went, and what it cost; keys of
PROGRAMME_OUTCOMES too."""


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
        members = [
            (p, money[p.key]) for p in with_others(money) if p.money == name and p.key in shown
        ]
        if members:
            found.append(ClassMoney(name, _total([own for _, own in members]), tuple(members)))
    return found


def _total(members: Sequence[Money]) -> Money:
    """Sums, of what is known; a cost that none of them knows stays unknown."""
    sums = {name: sum(getattr(own, name) or 0 for own in members) for name in Money._fields}
    unknown = [name for name in COSTS if all(getattr(own, name) is None for own in members)]
    return Money(**sums)._replace(**dict.fromkeys(unknown))


def of_accounts(
    ledger: Ledger,
    budgets: Mapping[str, int],
    months: slice,
    left: npt.NDArray[np.int64],
) -> dict[str, Money]:
    """Programme -> its whole yuan in the accounts of one run.

    Args:
        ledger: accounts of all programmes.
        budgets: programme -> yuan that the plan gives.
        months: months of the ledger whose flows count.
        left: yuan that are unspent and did not return, since they reached no county or are still
            in hand, (programmes,).
    """
    given, lost = ledger.given(CLASS_OF, months), ledger.totals("lost", months)
    spent, cost = ledger.spent(CLASS_OF, months), ledger.resource_cost(CLASS_OF, months)
    unspent = ledger.totals("returned", months) + left
    found = {}
    for i, programme in enumerate(with_others(ledger.programmes)):
        flows = budgets[programme.key], int(given[i]), int(lost[i]), int(unspent[i])
        found[programme.key] = Money(*flows, int(spent[i]), int(cost[i]))
    return found


def of_summary(programmes: Mapping[str, Mapping[str, Any]]) -> dict[str, Money]:
    """Programme -> its mean yuan over the runs of a result; `programmes` as in summary.json."""
    nothing = {"mean": None}
    return {
        key: Money(*(values.get(name, nothing)["mean"] for name in Money._fields))
        for key, values in programmes.items()
    }


def is_off(values: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether nothing happened in a programme: no money, no people (`programmes.KEY`)."""
    return all(not entry["mean"] for name, entry in values.items() if name != "why")


def at_work(programmes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Programmes in which something happened; `programmes` as in summary.json."""
    return [key for key, values in programmes.items() if not is_off(values)]
