"""The check: a proposal lived on rows and seeds that the search has not seen.

What looks best on the luck that chose it is partly luck. So the proposal is lived again, beside
today's division and beside the same money as cash, with other parameter vectors and other seeds.
It is proposed only if it is better beyond chance there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fupin.allocation.bounds import in_result
from fupin.allocation.lives import Lives, World
from fupin.allocation.measured import Grid
from fupin.allocation.money import with_money
from fupin.comparison.cash import money_of_costs
from fupin.results.draws import Draw
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import as_cash, without_programmes
from fupin.statistics.confidence import LEVEL
from fupin.statistics.crossed import Statistics
from fupin.statistics.pairs import difference, level

WORST = 0.1
"""Part of the pairs in which the proposal does worst, whose mean is said."""


@dataclass(frozen=True)
class Checked:
    """Worlds of a check.

    Attributes:
        draws, seeds: that the search had not used.
        nobody, today, proposed, cash: the world without programmes; the division that the search
            began with; the proposal; the proposal's money as cash, as today's programmes find
            people.
        in_counties: a plan of county money beside it: what was found for counties, where counties
            were searched; None elsewhere.
        by_programme: the best division among programmes alone, where counties were searched.
        by_county: whether the proposal is the plan of county money.
    """

    draws: tuple[Draw, ...]
    seeds: tuple[int, ...]
    nobody: World
    today: World
    proposed: World
    cash: World
    in_counties: World | None = None
    by_programme: World | None = None
    by_county: bool = False

    def counties_add(self, goal: str) -> Grid | None:
        """What county money does beside the best division among programmes, in every pair."""
        if self.in_counties is None or self.by_programme is None:
            return None
        name = f"goal/{goal}"
        return np.asarray(self.in_counties.grid(name) - self.by_programme.grid(name))

    def gain(self, goal: str) -> Grid:
        """Proposal less today's division, in every pair."""
        return self.proposed.grid(f"goal/{goal}") - self.today.grid(f"goal/{goal}")

    def content(self, goal: str, chosen: float) -> dict[str, object]:
        """What the check says of a goal.

        Args:
            chosen: gain on the luck that the search has seen.
        """
        gain = self.gain(goal)
        name = f"goal/{goal}"
        today, proposed, cash = (
            level(in_result(goal, world, self.nobody))
            for world in (self.today, self.proposed, self.cash)
        )
        ordered = np.sort(gain.ravel())
        worst = ordered[: max(1, math.ceil(WORST * ordered.size))]
        found = difference(gain)
        return {
            "level": LEVEL,
            "pairs": gain.size,
            "today": today,
            "proposed": proposed,
            "cash": cash,
            "gain": found,
            "gain_on_cash": difference(self.proposed.grid(name) - self.cash.grid(name)),
            "better": _better(found),
            "share_better": float((gain > 0).mean()),
            "worst_tenth": float(worst.mean()),
            "gain_on_search": chosen,
            "winners_curse": chosen - float(gain.mean()),
            "cost": {
                "today": level(self.today.grid("outcome/resource_cost")),
                "proposed": level(self.proposed.grid("outcome/resource_cost")),
            },
        }


def _better(found: Statistics) -> bool:
    """Whether a gain is told from nothing."""
    low = found["low"]
    return low is not None and low > 0


def unseen(searched: Sequence[Draw], seeds: Sequence[int], count: int) -> list[Draw]:
    """Parameter vectors that a search has not used: further rows of the posterior, else of priors.

    Args:
        searched: draws of the search.
        count: how many.
    """
    from fupin.results.draws import parse_draws
    from fupin.results.posterior_table import is_calibrated, read_posterior

    used = {draw.label for draw in searched}
    if is_calibrated() and not any(label.startswith("prior:") for label in used):
        most = len(read_posterior("B"))
        rows = parse_draws(str(min(count + len(used), most)))
        found = [draw for draw in rows if draw.label not in used][:count]
        if len(found) == count:
            return found
    vectors = parse_draws(f"prior:{count + len(used)}")
    return [draw for draw in vectors if draw.label not in used][:count]


def check(
    lives: Lives,
    start: Mapping[str, int],
    money: Mapping[str, int],
    goal: str,
    in_counties: Scenario | None = None,
    firm: bool = False,
) -> Checked:
    """Live a proposal on luck that is new.

    Args:
        lives: with the draws and seeds of the check.
        start: today's division.
        money: the best division among programmes.
        goal: that the search made large.
        in_counties: what was found for counties. It is the proposal unless the division among
            programmes alone does more here.
        firm: it is the proposal in any case, since it alone keeps all limits.
    """
    plan = with_money(lives.base, money)
    asked = [without_programmes(lives.base), with_money(lives.base, start), plan]
    asked += [] if in_counties is None else [in_counties]
    nobody, today, proposed, *others = lives.worlds(asked)
    by_programme, of_counties, by_county = None, None, False
    if in_counties is not None:
        by_programme, of_counties = proposed, others[0]
        more = of_counties.grid(f"goal/{goal}") - by_programme.grid(f"goal/{goal}")
        by_county = firm or float(more.mean()) > 0
        plan, proposed = (in_counties, of_counties) if by_county else (plan, proposed)
    (cash,) = lives.worlds_by_pair([_as_cash(plan, proposed)])
    return Checked(
        lives.draws, lives.seeds, nobody, today, proposed, cash, of_counties, by_programme,
        by_county,
    )  # fmt: skip


def _as_cash(plan: Scenario, lived: World) -> list[Scenario]:
    """The plan's money as cash in every pair: what its resources cost there."""
    found = []
    for run in lived.runs:
        costs = {
            int(name.partition("/")[2]): round(yuan or 0.0)
            for name, yuan in run.items()
            if name.startswith("cost/")
        }
        yuan = money_of_costs(costs)
        found.append(as_cash(plan, yuan, perfect=False) if yuan else without_programmes(plan))
    return found
