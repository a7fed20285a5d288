"""`balance: KEY`: one programme absorbs what a plan changes, so that a money class keeps its total.

The plan is compared with the scenario that it extends, year by year. What the other programmes of
KEY's class take more or less, KEY gives or gets.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin.scenario.amounts import format_yuan
from fupin.scenario.programmes import PROGRAMMES, MoneyClass
from fupin.scenario.schema import Scenario
from fupin.yaml.tree import Entry, Mapping, Mark, Node, Scalar


@dataclass(frozen=True)
class Balance:
    """What balancing did: yuan of the absorbing programme by calendar year."""

    programme: str
    money: MoneyClass
    before: dict[int, int]  # in the scenario that is extended
    after: dict[int, int]


def balance(base: Scenario, plan: Scenario, key: str, own: Mapping, mark: Mark) -> Balance:
    """The budgets with which `key` keeps its class at the base's total.

    Args:
        base: the scenario that the plan extends.
        plan: the merged plan, before balancing.
        key: the absorbing programme.
        own: the tree of the plan's own file.
        mark: where the plan says `balance`.

    Raises:
        InputError: the file also sets the money of `key`, or `key` would have to be negative, or
            cannot take money in a year.
    """
    own_mark = _sets_money(own, key)
    if own_mark is not None:
        raise own_mark.error(
            f"balance: {key} absorbs the changes of this file, which also sets its money here.",
            "Leave one of the two out.",
        )
    money = next(programme.money for programme in PROGRAMMES if programme.key == key)
    others = [p.key for p in PROGRAMMES if p.money == money and p.key != key]
    years = sorted({*plan.period.years, *_budget_years(base, key), *_budget_years(plan, key)})
    before, after = {}, {}
    for year in years:
        before[year] = base.programmes.of(key).budget_in(year)
        more = sum(
            plan.programmes.of(other).budget_in(year) - base.programmes.of(other).budget_in(year)
            for other in others
        )
        after[year] = before[year] - more
        if after[year] < 0:
            raise mark.error(
                f"balance: {key} has {format_yuan(before[year])} of {money} money in {year} and "
                f"cannot give {format_yuan(more)}.",
                "Raise the other programmes by less, or balance with a larger programme.",
            )
        _check_can_take(plan, key, year, after[year], mark)
    return Balance(key, money, before, after)


def _sets_money(own: Mapping, key: str) -> Mark | None:
    programmes = own.get("programmes")
    entry = programmes.entries.get(key) if isinstance(programmes, Mapping) else None
    if entry is None:
        return None
    if isinstance(entry.value, Mapping):
        budget = entry.value.entries.get("budget")
        return None if budget is None else budget.key_mark
    return entry.value.mark


def _budget_years(scenario: Scenario, key: str) -> set[int]:
    budget = scenario.programmes.of(key).budget
    return set(budget) if isinstance(budget, dict) else set()


def _check_can_take(plan: Scenario, key: str, year: int, yuan: int, mark: Mark) -> None:
    settings = plan.programmes.of(key)
    if yuan == 0:
        return
    first = settings.from_month.year if settings.from_month else year
    last = settings.to_month.year if settings.to_month else year
    if not first <= year <= last:
        raise mark.error(
            f"balance: {key} would get {format_yuan(yuan)} in {year}, when it does not work.",
            "Change its `from` and `to`, or balance with another programme.",
        )


def with_budget(tree: Mapping, done: Balance, mark: Mark) -> Mapping:
    """The merged tree with the absorbing programme's new budget, marked as set by `balance`."""
    amounts = set(done.after.values())
    budget: Node
    if len(amounts) == 1:
        budget = Scalar(amounts.pop(), mark)
    else:
        years = {str(year): Entry(mark, Scalar(yuan, mark)) for year, yuan in done.after.items()}
        budget = Mapping(years, mark)
    programmes = tree.get("programmes")
    programmes = programmes if isinstance(programmes, Mapping) else Mapping({}, mark)
    settings = programmes.get(done.programme)
    settings = settings if isinstance(settings, Mapping) else Mapping({}, mark)
    settings = Mapping({**settings.entries, "budget": Entry(mark, budget)}, settings.mark)
    return tree.replaced("programmes", programmes.replaced(done.programme, settings))
