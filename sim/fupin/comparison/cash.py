"""The same money as cash: what a plan does beside what its money would do if it were paid out.

A plan's money is its resource cost, year by year (`fupin.results.costs`), so that works which
departments pay for, or credit with cheap capital, are held against all that they take up. It is
paid out in a twin without any other programme: once as today's programmes find people (committees
of listed villages in key counties, with their targeting errors), once to the truly poorest, whom
nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

from fupin.results.costs import sums_by
from fupin.statistics.pairs import cost_per, difference, level

if TYPE_CHECKING:
    from fupin.comparison.content import Runs
    from fupin.comparison.lived import LivedWorld
    from fupin.scenario.schema import Scenario

Targeting = Literal["today", "perfect"]
TARGETINGS: tuple[Targeting, ...] = get_args(Targeting)

CASH = "cash_transfer"


def cash_world(contender: str, targeting: Targeting) -> str:
    """Name of the world in which a contender's money is cash."""
    return f"cash:{contender}:{targeting}"


def is_cash_itself(plan: Scenario) -> bool:
    """True where nothing but cash has money: the plan is its own benchmark."""
    return [programme.key for programme in plan.programmes.active()] == [CASH]


def money_by_year(world: LivedWorld) -> dict[int, int]:
    """What a world's resources cost, whole yuan by year, as budgets of cash; empty for nothing."""
    costs = world.tables.get("payers")
    if costs is None:
        return {}
    return money_of_costs({year: yuan for (year,), yuan in sums_by(costs, "year").items()})


def money_of_costs(costs: Mapping[int, int]) -> dict[int, int]:
    """Yuan by year as budgets of cash; empty for nothing.

    A year in which lenders earned more than their money cost takes from the years after it, else
    from those before, so that the years sum to the resource cost of all.
    """
    found: dict[int, int] = {}
    earned = 0
    for year, yuan in sorted(costs.items()):
        found[year] = max(yuan - earned, 0)
        earned = max(earned - yuan, 0)
    for year in reversed(list(found)):
        taken = min(found[year], earned)
        found[year], earned = found[year] - taken, earned - taken
    return found if any(found.values()) else {}


def same_money_as_cash(runs: Runs) -> dict[str, Any]:
    """World -> what it does, and what its money does as cash, each beyond no programmes.

    Returns:
        for each contender `yuan`, `out_of_poverty` (person-years), `fgt1` (fall of the poverty
        gap); `itself` for cash; else for each targeting the same three and `per_out_of_poverty`,
        what is `unspent` because it is less than the next household needs, and plan less cash.
    """
    found: dict[str, Any] = {}
    for world in runs.contenders:
        bare = runs.bare_of[world]
        cash = [(t, cash_world(world, t)) for t in TARGETINGS]
        itself = world in runs.cash
        if bare == world or not (itself or (cash[0][1], "", "fgt1") in runs.outcomes):
            continue
        yuan = runs.of(world, "resource_cost") - runs.of(bare, "resource_cost")
        out = runs.of(bare, "income_poor_years") - runs.of(world, "income_poor_years")
        gap = runs.of(bare, "fgt1") - runs.of(world, "fgt1")
        entry = {
            "itself": itself, "yuan": level(yuan),
            "out_of_poverty": level(out), "fgt1": level(gap),
        }  # fmt: skip
        for targeting, name in () if itself else cash:
            as_cash = runs.of(bare, "income_poor_years") - runs.of(name, "income_poor_years")
            closed = runs.of(bare, "fgt1") - runs.of(name, "fgt1")
            entry[targeting] = {
                "yuan": level(runs.outcomes[name, CASH, "budget"]),
                "unspent": level(runs.outcomes[name, CASH, "unspent"]),
                "out_of_poverty": level(as_cash),
                "per_out_of_poverty": cost_per(runs.of(name, "resource_cost"), as_cash),
                "fgt1": level(closed),
                "out_of_poverty_difference": difference(out - as_cash),
                "fgt1_difference": difference(gap - closed),
            }
        found[world] = entry
    return found
