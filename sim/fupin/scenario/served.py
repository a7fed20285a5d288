"""Which counties a programme may serve under a plan, known without building a province.

The rules are those of the programmes (`Programme.serves`, `default_counties`); a test holds one
against the other.
"""

from __future__ import annotations

from fupin.scenario.lender_settings import LoanGuaranteeSettings
from fupin.scenario.places import county_index
from fupin.scenario.programme_settings import ProgrammeSettings

USUAL_SEED = 20091231
"""Of the population; that of `fupin.scenario.schema`."""

PILOTS = {"loan_guarantee": (130425, 130529, 131122), "minimum_living": (131123,)}
"""Programmes of the document's pilot counties -> these, where a plan names none."""

WHERE_LISTED = (
    "village_advancement", "rural_works", "practical_training", "enterprise_projects",
    "technology", "project_management",
)  # fmt: skip
"""Programmes that serve every county with villages on the list, where a plan names none."""

TASK_RANKED = (
    130722, 130633, 130634, 130627, 130125, 130321, 130723, 130828, 130821, 130823, 130131,
)  # fmt: skip
"""Counties with communities to move to, in the population of the usual seed, in the order in which
they get one. Finding them takes all villages of the province, a second; a test finds them anew."""

TASK_COUNTIES = tuple(sorted(TASK_RANKED))
"""The same by code."""


def served_codes(
    key: str,
    settings: ProgrammeSettings,
    seed: int | None = None,
    listed: set[int] | None = None,
) -> set[int]:
    """Codes of the counties that a programme may serve: those that the plan names, or its own.

    Of programmes that choose by who is on the register (the five of microfinance, the poorest) all
    that they may choose from.

    Args:
        key: of the programme.
        settings: what the plan says of it.
        seed: of the population, where it is not the usual one.
        listed: counties with villages on a list, where they are not the key counties
            (`fupin.scenario.village_list.listed_codes`).
    """
    codes = settings.county_codes()
    own = default_codes(key.partition("/")[0], settings, seed, listed)
    if settings.poorest is not None:
        return own if codes is None else own & set(codes)
    if codes is None:
        return own
    one_by_one = settings.counties is not None or settings.by_county is not None
    return set(codes) if one_by_one else own & set(codes)


def default_codes(
    key: str,
    settings: ProgrammeSettings,
    seed: int | None = None,
    listed: set[int] | None = None,
) -> set[int]:
    """The same where a plan names no place."""
    if key in PILOTS and not (isinstance(settings, LoanGuaranteeSettings) and settings.rollout):
        return set(PILOTS[key])
    if key == "relocation":
        return set(task_codes(seed))
    return key_codes() if listed is None or key not in WHERE_LISTED else set(listed)


def key_codes() -> set[int]:
    """The key counties: all villages of the list lie in them, and each has some."""
    return {code for code, county in county_index().records.items() if county.key_status != "none"}


def task_codes(seed: int | None = None) -> tuple[int, ...]:
    """Counties with communities for relocation in the population of a seed."""
    return tuple(sorted(task_ranked(seed)))


def task_ranked(seed: int | None = None) -> tuple[int, ...]:
    """The same in the order in which they get a community, the first ones also a second."""
    if seed is None or seed == USUAL_SEED:
        return TASK_RANKED
    from fupin.population.communities import task_counties
    from fupin.population.counties import county_table
    from fupin.population.frame import every_village

    counties = county_table()
    rows = task_counties(counties, every_village(seed))
    return tuple(int(code) for code in counties.code[rows])
