"""The one list of programmes, in the order in which they act: the policy streams of the document,
and cash, which it does not have and every comparison holds them against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

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
        added = self.key.startswith(f"{OUTSIDE}/")
        return not added and self.paragraph not in (NOT_OF_THE_DOCUMENT, OF_THE_PLAN)

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
_BY_KEY = {programme.key: programme for programme in PROGRAMMES}

KINDS: dict[str, str] = {
    "transfer": "yuan to chosen households are income of the month",
    "subsidy": "yuan for land or people are income of the month",
    "course": "what a course teaches raises what the home earns",
    "asset": "assets in kind yield after a lag, may fail and wear",
    "loan": "group loans buy assets and are paid back in instalments",
    "works": "works of a village raise the incomes of its households",
}
"""Kinds of programmes of a plan's own -> their mechanism, in a line."""

OUTSIDE = "outside"
"""What the keys of programmes of other packages begin with (`fupin.scenario.outside`)."""

ADDED = (*KINDS, OUTSIDE)
"""What the keys of programmes that a plan adds begin with."""

OF_THE_PLAN = "of the plan itself"
"""In place of a paragraph's heading: a programme that whoever wrote the plan has made up."""


WITH_ENTRIES = (
    "village_advancement", "skills_training", "practical_training", "household_projects",
    "microfinance", "subsidised_loans", "enterprise_projects", "cash_transfer",
)  # fmt: skip
"""Programmes that can have further entries (`fupin.scenario.entries`)."""


def record_of(key: str) -> Programme:
    """The record of any programme of a plan, those that a plan adds included.

    Args:
        key: one of PROGRAMME_KEYS; `household_projects/north` for a further entry of one of them;
            `course/bee_keeping` for a programme of the plan's own, of one of KINDS;
            `outside/tree_planting` for one of another package.

    Raises:
        KeyError: no programme can have this key.
    """
    if key in _BY_KEY:
        return _BY_KEY[key]
    first, _, name = key.partition("/")
    if not name:
        raise KeyError(key)
    if first in _BY_KEY:
        base = _BY_KEY[first]
        return base._replace(key=key, title=f"{base.title}: {name}")
    if first == OUTSIDE:
        from fupin.scenario.outside import record  # which needs what stands here

        return record(key)
    money: MoneyClass = "credit" if first == "loan" else "fiscal"
    title = f"{name.replace('_', ' ')} (the plan's own {first})"
    return Programme(key, title, OF_THE_PLAN, money, KINDS[first], "")


def with_others(keys: Iterable[str]) -> tuple[Programme, ...]:
    """PROGRAMMES, then the records of all other keys, each once, in their order."""
    others = dict.fromkeys(key for key in keys if key not in _BY_KEY and "/" in key)
    return (*PROGRAMMES, *(record_of(key) for key in others))


def path_of(key: str) -> tuple[str, ...]:
    """Where a programme of a plan, or a further entry of one, stands in a scenario file."""
    first, _, name = key.partition("/")
    if not name:
        return ("programmes", first)
    return ("programmes", name) if first in ADDED else ("programmes", first, "extra", name)


def bit_index(key: str, keys: Sequence[str]) -> int:
    """Which bit of `reached` stands for a programme: further entries share that of the first.

    Args:
        key: of the programme.
        keys: of all programmes of the plan, in order.
    """
    first = key.partition("/")[0]
    if first in _BY_KEY:
        return PROGRAMME_KEYS.index(first)
    own = [other for other in keys if other.partition("/")[0] in ADDED]
    return len(PROGRAMME_KEYS) + own.index(key)


class _Classes(dict[str, MoneyClass]):
    """Programme -> the class of its money; knows those that a plan adds as well."""

    def __missing__(self, key: str) -> MoneyClass:
        return record_of(key).money

    def get(self, key: str, default: Any = None) -> Any:
        """Class of a programme, or `default` where there can be none of that key."""
        try:
            return self[key]
        except KeyError:
            return default


CLASS_OF: dict[str, MoneyClass] = _Classes({p.key: p.money for p in PROGRAMMES})
"""Programme -> the class of its money."""
