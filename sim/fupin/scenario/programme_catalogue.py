"""The one list of programmes, in the order in which they act: the policy streams of the document,
and cash, which it does not have and every comparison holds them against."""

from __future__ import annotations

from typing import Literal, NamedTuple

MoneyClass = Literal["fiscal", "social", "credit", "claimed"]
MONEY_CLASSES: tuple[MoneyClass, ...] = ("fiscal", "social", "credit", "claimed")
"""Who gives the money: the state's budget; helping units; banks and lenders, whose money is the
principal of loans; enterprises, whose investment is only claimed."""

GIFT_CLASSES: tuple[MoneyClass, ...] = ("fiscal", "social")
"""Classes whose money is a gift, and so a cost; principal and claims are not."""


NOT_OF_THE_DOCUMENT = "not of the document"
"""In place of a paragraph's heading."""


class Programme(NamedTuple):
    """One programme.

    Attributes:
        key: its name in plans, results and parameters.
        title: its name for people.
        paragraph: heading of the paragraph of the document, or NOT_OF_THE_DOCUMENT.
        money: class of its money.
        mechanism: what it does, in a line; in full at the head of its module.
        effect: the parameter that says how much it does, whose grade says how well that is known.
    """

    key: str
    title: str
    paragraph: str
    money: MoneyClass
    mechanism: str
    effect: str

    @property
    def of_document(self) -> bool:
        """True for a policy stream of the document."""
        return self.paragraph != NOT_OF_THE_DOCUMENT

    @property
    def gift(self) -> bool:
        """True where the programme's money is given and not to come back."""
        return self.money in GIFT_CLASSES


PROGRAMMES: tuple[Programme, ...] = (
    Programme(
        "village_advancement",
        "Entire village advancement",
        "Entire Village Advancement",
        "fiscal",
        "village works raise the incomes of those who use them, the better-off more",
        "programmes.advancement_better_off",
    ),
    Programme(
        "rural_works",
        "Water, basic farmland and roads",
        "Investment of anti-poverty funds",
        "fiscal",
        "water saves work and illness, farmland yields more and dries out less, roads bring jobs",
        "rural_works.yield_gain",
    ),
    Programme(
        "relocation",
        "Relocation to immigrant communities",
        "Poverty alleviation by relocation",
        "fiscal",
        "a household leaves a remote village: a dip and debt, then a gain as it settles",
        "programmes.relocation_gain",
    ),
    Programme(
        "skills_training",
        "Skills training for jobs away",
        "Poverty alleviation training",
        "fiscal",
        "courses and placement: one migrant more, or a better wage for one who is away already",
        "programmes.training_premium",
    ),
    Programme(
        "practical_training",
        "Practical farm training",
        "Poverty alleviation training",
        "fiscal",
        "a short course raises a little what the household's own farm yields",
        "practical_training.skill_gain",
    ),
    Programme(
        "household_projects",
        "Household (cell) projects",
        "Poverty alleviation by industrialization",
        "fiscal",
        "assets in kind that yield after a lag and may fail; cooperatives make them yield more",
        "household_projects.return_factor",
    ),
    Programme(
        "mutual_funds",
        "Village mutual funds",
        "Village-level pilot mutual funds",
        "fiscal",
        "a village's own fund lends what it has; part of a loan buys productive assets",
        "mutual_funds.invested_share",
    ),
    Programme(
        "loan_guarantee",
        "Loan guarantees",
        "Pilot program of poverty alleviation loan guarantee",
        "credit",
        "officers and neighbours stand surety, so that households with few assets can borrow",
        "loan_guarantee.invested_share",
    ),
    Programme(
        "microfinance",
        "Microfinance",
        "Microfinance Project of China Foundation for Poverty Alleviation",
        "credit",
        "group loans in instalments; part of a loan buys productive assets",
        "programmes.loan_invested_share",
    ),
    Programme(
        "subsidised_loans",
        "Subsidised bank loans",
        "Investment of anti-poverty funds",
        "credit",
        "bank loans to those with collateral, with cheaper interest; most go to enterprises",
        "subsidised_loans.invested_share",
    ),
    Programme(
        "minimum_living",
        "Link to the minimum living allowance",
        "Pilot projects of effective convergence between poverty alleviation and development "
        "policies and rural minimum living security system",
        "fiscal",
        "cards show the review who is poor; a monthly transfer to the neediest as they are seen",
        "minimum_living.transfer",
    ),
    Programme(
        "integrated_funds",
        "Integrated funds for contiguous development",
        "Pilot projects of integration of funds for contiguous development",
        "fiscal",
        "village works in clusters: more of them where neighbours are treated too",
        "integrated_funds.neighbour_gain",
    ),
    Programme(
        "paired_assistance",
        "Help from paired units (four helping one)",
        "Social poverty alleviation",
        "social",
        "helping units bring village works, assets in kind, and cadres who make works better",
        "paired_assistance.cadre_quality",
    ),
    Programme(
        "enterprise_projects",
        "Joint projects of private enterprises",
        "Social poverty alleviation",
        "claimed",
        "the part of claimed investment that is realised makes jobs near home",
        "enterprise_projects.job_wage",
    ),
    Programme(
        "technology",
        "Technicians and new varieties",
        "Social poverty alleviation",
        "social",
        "technicians win a few households for new varieties, others watch and follow",
        "technology.adoption_gain",
    ),
    Programme(
        "project_management",
        "Project registration and open disclosure",
        "Poverty alleviation project management",
        "fiscal",
        "disclosure and supervision: in every programme less leaks and fewer are favoured",
        "project_management.loss_cut",
    ),
    Programme(
        "cash_transfer",
        "Cash transfers",
        NOT_OF_THE_DOCUMENT,
        "fiscal",
        "yuan to chosen households are income of the month; what they do not consume is saved",
        "cash_transfer.share_of_line",
    ),
)
PROGRAMME_KEYS: tuple[str, ...] = tuple(programme.key for programme in PROGRAMMES)
CLASS_OF: dict[str, MoneyClass] = {programme.key: programme.money for programme in PROGRAMMES}
"""Programme -> the class of its money."""
