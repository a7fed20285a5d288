"""The document's figures of single programmes, as functions of a run's `Reading`.

None where the programme is off or has no such part. Which of them is set beside which figure of
the document stands in `fupin.lives.figures`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fupin.lives.reading import Flags, Measure, Reading

# -- village advancement, relocation, funds of villages --------------------------------------------


def paid_villages(run: Reading) -> Flags | None:
    """Villages of the roster whose plan is paid in full at the end, (V,)."""
    programme = run.programme("village_advancement")
    if programme is None:
        return None
    return (np.asarray(run.world.frame.villages.batch) >= 0) & run.world.works.plan_complete


def completed(run: Reading) -> float | None:
    paid = paid_villages(run)
    return None if paid is None else run.villages(paid)


def three_guarantees(run: Reading) -> float | None:
    """Share of the listed villages of old bases with their plan paid.

    The rule names old bases, small peoples and national borders; Hebei has the first alone.
    """
    paid, villages = paid_villages(run), run.world.frame.villages
    first = np.asarray(villages.old_base) & run.listed
    if paid is None or not first.any():
        return None
    return run.villages(first & paid) / run.villages(first)


def lottery(run: Reading) -> Any:
    return run.part("village_advancement", "lottery")


def lottery_villages(run: Reading) -> float | None:
    return None if lottery(run) is None else float(lottery(run).villages)


def lottery_money(run: Reading) -> float | None:
    return run.part_budget("village_advancement", "lottery") or None


def lottery_money_a_village(run: Reading) -> float | None:
    money, villages = lottery_money(run), lottery_villages(run)
    return None if money is None or not villages else money / villages


def lottery_counties(run: Reading) -> float | None:
    return None if lottery(run) is None else float(len(lottery(run).counties))


def communities(run: Reading) -> Flags | None:
    """Communities of the counties that relocation works in, (C,)."""
    programme = run.programme("relocation")
    if programme is None:
        return None
    result: Flags = programme.serves[np.asarray(run.world.frame.communities.county)]
    return result


def task_counties(run: Reading) -> float | None:
    here = communities(run)
    county = np.asarray(run.world.frame.communities.county)
    return None if here is None else float(np.unique(county[here]).size)


def set_up(finished: bool) -> Measure:
    def measure_it(run: Reading) -> float | None:
        here = communities(run)
        as_asked = run.world.frame.communities.finished == finished
        return None if here is None else float((here & as_asked).sum())

    return measure_it


def task_done(run: Reading) -> float | None:
    """Share of the money for relocation with which households moved, losses included."""
    programme, ledger = run.programme("relocation"), run.world.ledger
    budget = run.budget("relocation")
    if programme is None or not budget:
        return None
    months = run.world.plan.lived.months
    inside = np.array([month.year in run.years for month in months])
    used = ledger.delivered[programme.index] + ledger.lost[programme.index]
    return float(used[:, inside].sum()) / budget


def fund_members(registered: bool) -> Measure:
    def measure_it(run: Reading) -> float | None:
        programme: Any = run.programme("mutual_funds")
        if programme is None:
            return None
        weight = programme.weight_of(programme.members)
        if registered:
            weight = weight * (run.world.households.registered[programme.members] > 0)
        return float(weight.sum())

    return measure_it


def fund_villages(run: Reading) -> float | None:
    programme: Any = run.programme("mutual_funds")
    return None if programme is None else run.villages(programme.has_fund)


def fund_money(run: Reading) -> float | None:
    programme: Any = run.programme("mutual_funds")
    return None if programme is None else float(programme.equity @ run.world.villages.weight)


# -- guarantees, integrated funds, paired assistance -----------------------------------------------


def own(key: str, *names: str) -> Measure:
    """Product of parameters of a programme."""

    def measure_it(run: Reading) -> float | None:
        programme = run.programme(key)
        if programme is None:
            return None
        result: float = math.prod(programme.own(name) for name in names)
        return result

    return measure_it


def integrated_money(central: bool) -> Measure:
    def measure_it(run: Reading) -> float | None:
        whole = run.budget("integrated_funds")
        part = run.part_budget("integrated_funds", "central")
        return None if whole is None else part if central else whole - part

    return measure_it


def four_helping_one(run: Reading) -> float | None:
    """Social money other than that of central units."""
    if run.programme("paired_assistance") is None:
        return None
    return run.of_class("social") - run.part_budget("paired_assistance", "central_units")


def of_central_units(name: str) -> Measure:
    def measure_it(run: Reading) -> float | None:
        part = run.part("paired_assistance", "central_units")
        if part is None:
            return None
        if name == "villages":
            return float(part.villages)
        budget = part.budget if name == "budget" else part.village_budget
        return run.budget_of("paired_assistance", budget)

    return measure_it


def units_a_village(run: Reading) -> float | None:
    """Helping units of a listed village: one wherever units are at work."""
    programme = run.programme("paired_assistance")
    if programme is None:
        return None
    helped = run.listed & programme.serves[np.asarray(run.world.frame.villages.county)]
    return run.villages(helped) / run.villages(run.listed)


def lent_since_the_start(run: Reading) -> float | None:
    """Principal of the group lender: the years before, which are an input, and the plan's."""
    budget = run.budget("microfinance")
    return (
        None if budget is None else budget + run.world.values["programmes.microfinance_lent_before"]
    )


def borrowers_since_the_start(run: Reading) -> float | None:
    """Households that ever borrowed in groups: those of earlier years are an input."""
    borrowers = run.count("microfinance", "households")
    if borrowers is None:
        return None
    return borrowers + run.world.values["programmes.microfinance_households_before"]
