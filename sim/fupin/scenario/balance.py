"""`balance: KEY`: one programme absorbs what a plan changes, so that a money class keeps its total.

The plan is compared with the scenario that it extends, fiscal year by fiscal year. What the other
programmes of KEY's class take more or less, KEY gives or gets; where its money is written by
quarter or month, these change in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin.scenario.amounts import format_yuan
from fupin.scenario.county_money import CountyMoney
from fupin.scenario.fields import Budget
from fupin.scenario.programme_catalogue import with_others
from fupin.scenario.programme_settings import amount_in
from fupin.scenario.programmes import PROGRAMMES, MoneyClass
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import Key, fiscal_year, fiscal_year_of, span_of
from fupin.yaml.tree import Entry, Mapping, Mark, Node, Scalar


@dataclass(frozen=True)
class Balance:
    """What balancing did: yuan of the absorbing programme by fiscal year."""

    programme: str
    money: MoneyClass
    before: dict[int, int]  # in the scenario that is extended
    after: dict[int, int]
    budget: Budget  # what is written for it now


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
    both = with_others((*base.programmes.keys, *plan.programmes.keys))
    others = [p.key for p in both if p.money == money and p.key != key]
    starts = plan.fiscal_year_start
    first, last = (fiscal_year_of(m.index, starts) for m in (plan.period.start, plan.period.end))
    years = sorted({*range(first, last + 1), *_budget_years(base, key), *_budget_years(plan, key)})
    before, after = {}, {}

    def written(scenario: Scenario, programme: str, year: int) -> int:
        if programme not in scenario.programmes.keys:
            return 0
        return scenario.programmes.of(programme).budget_in(year, starts)

    for year in years:
        before[year] = written(base, key, year)
        more = sum(written(plan, other, year) - written(base, other, year) for other in others)
        after[year] = before[year] - more
        if after[year] < 0:
            raise mark.error(
                f"balance: {key} has {format_yuan(before[year])} of {money} money in {year} and "
                f"cannot give {format_yuan(more)}.",
                "Raise the other programmes by less, or balance with a larger programme.",
            )
        _check_can_take(plan, key, year, after[year], mark)
    return Balance(key, money, before, after, _rewritten(base, key, before, after, mark))


def _rewritten_by_county(
    old: CountyMoney, key: str, before: dict[int, int], after: dict[int, int], mark: Mark
) -> Budget:
    """Every county's amount in the same proportion."""
    amounts = set(after.values())
    if old.by_time or len(amounts) != 1 or (not sum(before.values()) and any(amounts)):
        raise mark.error(
            f"balance: {key} has money by county that differs from year to year.",
            "Balance with another programme, or write its amounts in this file.",
        )
    return old.scaled(amounts.pop())


def _rewritten(
    base: Scenario, key: str, before: dict[int, int], after: dict[int, int], mark: Mark
) -> Budget:
    """The budget that says the new amounts as the old one said the old."""
    old, starts = base.programmes.of(key).budget, base.fiscal_year_start
    if isinstance(old, CountyMoney):
        return _rewritten_by_county(old, key, before, after, mark)
    if not isinstance(old, dict) or all(isinstance(time, int) for time in old):
        one = len(set(after.values())) == 1
        return next(iter(after.values())) if one else {year: after[year] for year in after}
    new: dict[Key, int] = {}
    for year, yuan in after.items():
        whole = fiscal_year(year, starts)
        inside = {t: y for t, y in old.items() if span_of(t, starts).overlaps(whole)}
        running = given = 0
        for time, amount in inside.items():
            running += amount_in({time: amount}, year, starts)
            until = yuan * running // before[year] if before[year] else 0
            new[time], given = new.get(time, 0) + until - given, until
        if given < yuan or not inside:  # a year that had nothing has one amount
            new = {t: y for t, y in new.items() if t not in inside} | {year: yuan}
    return new


def _sets_money(own: Mapping, key: str) -> Mark | None:
    programmes = own.get("programmes")
    entry = programmes.entries.get(key) if isinstance(programmes, Mapping) else None
    if entry is None:
        return None
    if isinstance(entry.value, Mapping):
        said = [entry.value.entries.get(name) for name in ("budget", "target")]
        return next((money.key_mark for money in said if money is not None), None)
    return entry.value.mark


def _budget_years(scenario: Scenario, key: str) -> set[int]:
    budget = scenario.programmes.of(key).budget
    starts = scenario.fiscal_year_start
    times = budget.keys if isinstance(budget, CountyMoney) else ()
    times = tuple(budget) if isinstance(budget, dict) else times
    return {fiscal_year_of(span_of(time, starts).first, starts) for time in times}


def _check_can_take(plan: Scenario, key: str, year: int, yuan: int, mark: Mark) -> None:
    settings, span = plan.programmes.of(key), fiscal_year(year, plan.fiscal_year_start)
    begun = settings.from_month is None or settings.from_month.index < span.after
    ended = settings.to_month is not None and settings.to_month.index < span.first
    if yuan and (ended or not begun):
        raise mark.error(
            f"balance: {key} would get {format_yuan(yuan)} in {year}, when it does not work.",
            "Change its `from` and `to`, or balance with another programme.",
        )


def with_budget(tree: Mapping, done: Balance, mark: Mark) -> Mapping:
    """The merged tree with the absorbing programme's new budget, marked as set by `balance`."""
    budget: Node
    if isinstance(done.budget, CountyMoney):
        counties = {
            code: Entry(mark, Scalar(yuan, mark)) for code, yuan in done.budget.written().items()
        }
        budget = Mapping(counties, mark)
    elif isinstance(done.budget, dict):
        times = {str(time): Entry(mark, Scalar(yuan, mark)) for time, yuan in done.budget.items()}
        budget = Mapping(times, mark)
    else:
        budget = Scalar(done.budget, mark)
    programmes = tree.get("programmes")
    programmes = programmes if isinstance(programmes, Mapping) else Mapping({}, mark)
    settings = programmes.get(done.programme)
    settings = settings if isinstance(settings, Mapping) else Mapping({}, mark)
    kept = settings.without("target").entries
    settings = Mapping({**kept, "budget": Entry(mark, budget)}, settings.mark)
    return tree.replaced("programmes", programmes.replaced(done.programme, settings))
