"""Each programme's mechanism in a line, and the parameter that says how much it does.

What a mechanism does in full stands at the head of its module. How well its effect is known is the
grade of that parameter in the parameter book.
"""

from __future__ import annotations

from typing import NamedTuple


class Summary(NamedTuple):
    """What a programme does, and by which parameter."""

    mechanism: str
    effect: str  # name of its main effect parameter in the book


SUMMARIES: dict[str, Summary] = {
    "village_advancement": Summary(
        "village works raise the incomes of those who use them, the better-off more",
        "programmes.advancement_better_off",
    ),
    "rural_works": Summary(
        "water saves work and illness, farmland yields more and dries out less, roads bring jobs",
        "rural_works.yield_gain",
    ),
    "relocation": Summary(
        "a household leaves a remote village: a dip and debt, then a gain as it settles",
        "programmes.relocation_gain",
    ),
    "skills_training": Summary(
        "courses and placement: one migrant more, or a better wage for one who is away already",
        "programmes.training_premium",
    ),
    "practical_training": Summary(
        "a short course raises a little what the household's own farm yields",
        "practical_training.skill_gain",
    ),
    "household_projects": Summary(
        "assets in kind that yield after a lag and may fail; cooperatives make them yield more",
        "household_projects.return_factor",
    ),
    "mutual_funds": Summary(
        "a village's own fund lends what it has; part of a loan buys productive assets",
        "mutual_funds.invested_share",
    ),
    "loan_guarantee": Summary(
        "officers and neighbours stand surety, so that households with few assets can borrow",
        "loan_guarantee.invested_share",
    ),
    "microfinance": Summary(
        "group loans in instalments; part of a loan buys productive assets",
        "programmes.loan_invested_share",
    ),
    "subsidised_loans": Summary(
        "bank loans to those with collateral, with cheaper interest; most go to enterprises",
        "subsidised_loans.invested_share",
    ),
    "minimum_living": Summary(
        "cards show the review who is poor; a monthly transfer to the neediest as they are seen",
        "minimum_living.transfer",
    ),
    "integrated_funds": Summary(
        "village works in clusters: more of them where neighbours are treated too",
        "integrated_funds.neighbour_gain",
    ),
    "paired_assistance": Summary(
        "helping units bring village works, assets in kind, and cadres who make works better",
        "paired_assistance.cadre_quality",
    ),
    "enterprise_projects": Summary(
        "the part of claimed investment that is realised makes jobs near home",
        "enterprise_projects.job_wage",
    ),
    "technology": Summary(
        "technicians win a few households for new varieties, others watch and follow",
        "technology.adoption_gain",
    ),
    "project_management": Summary(
        "disclosure and supervision: in every programme less leaks and fewer are favoured",
        "project_management.loss_cut",
    ),
}
"""By programme key, in the order of `settings.PROGRAMMES`."""
