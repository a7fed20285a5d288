"""Can the register be gamed? Random plans of the same money, by what they lift and what they do.

    uv run python -m benchmarks.gaming              2,000 plans: a table and docs/gaming.png
    uv run python -m benchmarks.gaming --plans 60   fewer

Whoever chooses a plan by the fall of the register may buy visits in place of incomes: a served
household is looked at again. So every plan here gets the same fiscal and social money, divided
among the programmes at random, and is lived to its horizon beside the same world without
programmes. Of the plans that are best by `lifted`, either the fall of the register is at most MOST
times the fall of income-poverty, or fupin says in words that people were re-assessed
(`fupin.results.reassessment`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fupin.lives.additional import Additions, Course
from fupin.lives.series import JobsByYear
from fupin.month import live
from fupin.population.apportion import apportion
from fupin.results.draws import CENTRAL
from fupin.results.reassessment import MOST, Channels
from fupin.scenario.load import load_scenario
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes
from fupin.world.start import Start, live_history
from scipy.stats import spearmanr

MONEY = 1_096_000_000
"""Yuan of every plan: the fiscal and social money of the document."""
DIVIDED = tuple(p.key for p in PROGRAMMES if p.money in ("fiscal", "social"))
"""Programmes among which it is divided."""
UNEVEN = 0.3
"""Parameter of the Dirichlet distribution of shares: below 1, so that corners are tried too."""
BEST = 20
PICTURE = Path(__file__).parent.parent / "docs" / "gaming.png"


@dataclass(frozen=True)
class Tried:
    """What one plan adds to the world without programmes.

    Attributes:
        money: programme -> yuan.
        lifted: persons off the register in the first year.
        income, reassessed: the two parts of it.
        out: fewer income-poor in the first year.
        person_years: out of poverty, to the horizon.
    """

    money: dict[str, int]
    lifted: float
    income: float
    reassessed: float
    out: float
    person_years: float

    @property
    def warned(self) -> bool:
        """True where fupin says that the register falls because people are looked at."""
        return Channels(self.income, self.reassessed).outweighed

    @property
    def honest(self) -> bool:
        """True where the register falls by no more than poverty allows, or a warning says so."""
        return self.warned or self.lifted <= MOST * max(self.out, 0.0)


def random_plans(
    base: Scenario, number: int, seed: int = 1
) -> Iterator[tuple[Scenario, dict[str, Any]]]:
    """Plans that divide MONEY at random among DIVIDED, and nothing else; with their money."""
    shares = np.random.default_rng(seed).dirichlet(np.full(len(DIVIDED), UNEVEN), number)
    for row in shares:
        money = dict(zip(DIVIDED, apportion(row, MONEY).tolist(), strict=True))
        programmes = {key: {"budget": yuan} for key, yuan in money.items() if yuan}
        plan = Scenario.model_validate({"name": "random", "programmes": programmes})
        yield base.model_copy(update={"programmes": plan.programmes, "balance": None}), money


def course(plan: Scenario, start: Start) -> Course:
    """What is compared between twins, of a plan lived from a start that was kept."""
    jobs = JobsByYear()
    return Course.of(live(plan, start.again(), 1, (jobs,)), jobs.jobs)


def tried(number: int, sample: float, seed: int = 1) -> list[Tried]:
    """Live so many random plans of a small sample, all from one start."""
    base = load_scenario("fupin:2009-document")
    people = base.population.model_copy(update={"sample": sample})
    base = base.model_copy(update={"population": people})
    start = live_history(base, 1, CENTRAL)
    start.keep()
    bare = course(without_programmes(base), start)
    found = []
    for plan, money in random_plans(base, number, seed):
        added = Additions(course(plan, start), bare).over(plan.period.years, plan.lived.years)
        income, reassessed, out, years = (
            float(added[key] or 0.0)
            for key in (
                "additional_income_channel",
                "additional_recognition_channel",
                "additional_out_of_poverty",
                "person_years_out",
            )
        )
        found.append(Tried(money, income + reassessed, income, reassessed, out, years))
    return found


def best_by_lifted(plans: Sequence[Tried], number: int = BEST) -> list[Tried]:
    """The plans that lift most, most first."""
    return sorted(plans, key=lambda plan: -plan.lifted)[:number]


def picture(plans: Sequence[Tried], file: Path) -> None:
    """Lifted against person-years out of poverty; plans that are warned of apart."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for warned, colour, label in (
        (False, "#1f6f8b", "falls by income"),
        (True, "#c8553d", "falls because people are looked at (warned)"),
    ):
        some = [plan for plan in plans if plan.warned == warned]
        axes.scatter(
            [plan.person_years / 1e3 for plan in some],
            [plan.lifted / 1e3 for plan in some],
            s=6, color=colour, alpha=0.6, label=label,
        )  # fmt: skip
    axes.set_xlabel("person-years out of poverty to the horizon, thousand")
    axes.set_ylabel("lifted off the register in the year, thousand")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=110)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plans", type=int, default=2_000)
    parser.add_argument("--sample", type=float, default=0.02)
    asked = parser.parse_args()
    plans = tried(asked.plans, asked.sample)
    print("lifted  income  re-assessed  fewer poor  person-years  warned  largest")
    for plan in best_by_lifted(plans):
        largest = max(plan.money, key=lambda key: plan.money[key])
        print(
            f"{plan.lifted:6.0f}  {plan.income:6.0f}  {plan.reassessed:11.0f}  {plan.out:10.0f}  "
            f"{plan.person_years:12.0f}  {'yes' if plan.warned else 'no':>6}  {largest}"
        )
    lifted, years = ([getattr(plan, k) for plan in plans] for k in ("lifted", "person_years"))
    print(f"rank correlation of the two: {float(spearmanr(lifted, years).statistic):.2f}")
    print(f"honest among the best {BEST}: {sum(p.honest for p in best_by_lifted(plans))}")
    if asked.plans >= 300:
        picture(plans, PICTURE)


if __name__ == "__main__":
    main()
