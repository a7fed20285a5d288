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
    """One programme."""

    key: str
    title: str
    paragraph: str  # heading of the paragraph of the document, or NOT_OF_THE_DOCUMENT
    money: MoneyClass

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
        "village_advancement", "Entire village advancement", "Entire Village Advancement", "fiscal"
    ),
    Programme(
        "rural_works",
        "Water, basic farmland and roads",
        "Investment of anti-poverty funds",
        "fiscal",
    ),
    Programme(
        "relocation",
        "Relocation to immigrant communities",
        "Poverty alleviation by relocation",
        "fiscal",
    ),
    Programme(
        "skills_training",
        "Skills training for jobs away",
        "Poverty alleviation training",
        "fiscal",
    ),
    Programme(
        "practical_training", "Practical farm training", "Poverty alleviation training", "fiscal"
    ),
    Programme(
        "household_projects",
        "Household (cell) projects",
        "Poverty alleviation by industrialization",
        "fiscal",
    ),
    Programme("mutual_funds", "Village mutual funds", "Village-level pilot mutual funds", "fiscal"),
    Programme(
        "loan_guarantee",
        "Loan guarantees",
        "Pilot program of poverty alleviation loan guarantee",
        "credit",
    ),
    Programme(
        "microfinance",
        "Microfinance",
        "Microfinance Project of China Foundation for Poverty Alleviation",
        "credit",
    ),
    Programme(
        "subsidised_loans", "Subsidised bank loans", "Investment of anti-poverty funds", "credit"
    ),
    Programme(
        "minimum_living",
        "Link to the minimum living allowance",
        "Pilot projects of effective convergence between poverty alleviation and development "
        "policies and rural minimum living security system",
        "fiscal",
    ),
    Programme(
        "integrated_funds",
        "Integrated funds for contiguous development",
        "Pilot projects of integration of funds for contiguous development",
        "fiscal",
    ),
    Programme(
        "paired_assistance",
        "Help from paired units (four helping one)",
        "Social poverty alleviation",
        "social",
    ),
    Programme(
        "enterprise_projects",
        "Joint projects of private enterprises",
        "Social poverty alleviation",
        "claimed",
    ),
    Programme(
        "technology", "Technicians and new varieties", "Social poverty alleviation", "social"
    ),
    Programme(
        "project_management",
        "Project registration and open disclosure",
        "Poverty alleviation project management",
        "fiscal",
    ),
    Programme("cash_transfer", "Cash transfers", NOT_OF_THE_DOCUMENT, "fiscal"),
)
PROGRAMME_KEYS: tuple[str, ...] = tuple(programme.key for programme in PROGRAMMES)
CLASS_OF: dict[str, MoneyClass] = {programme.key: programme.money for programme in PROGRAMMES}
"""Programme -> the class of its money."""
