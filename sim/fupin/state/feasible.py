"""Money of a plan that cannot act, known before any run: facts to warn of.

The rules are those by which programmes allocate, read off the plan and the county file alone; a
test holds them against worlds. Capacity is reckoned in the plan's favour: full loans, every place
taken, the dearest kind of project. So what is said to stay does stay; what binds beside it, such as
who asks for a loan, only a run can tell (`fupin.state.limits`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from fupin.parameters.book import load_book
from fupin.scenario.amounts import format_yuan
from fupin.scenario.lender_settings import SubsidisedLoansSettings
from fupin.scenario.outside import OutsideSettings
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import KINDS
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.scenario.programmes import (
    PairedAssistanceSettings,
    TechnologySettings,
    VillageAdvancementSettings,
)
from fupin.scenario.remarks import Remark
from fupin.scenario.served import default_codes, key_codes, served_codes, task_codes, task_ranked
from fupin.scenario.village_list import listed_codes
from fupin.state.feasible_list import about, needs_list, of_the_list
from fupin.state.limits_of_shares import fiscal_years, of_caps, of_floors

if TYPE_CHECKING:
    from fupin.parameters.values import ParameterValues
    from fupin.scenario.schema import Scenario

SHARED_OUT = (
    "skills_training", "practical_training", "household_projects", "loan_guarantee",
    "microfinance", "subsidised_loans", "technology", "cash_transfer", "integrated_funds",
    "course", "asset", "loan", "transfer",
)  # fmt: skip
"""Programmes whose counties have a part of the money whether a village there is on the list or not,
as those of all have where a plan says the money of each, or splits it by anything but need."""

ENOUGH = 0.85
"""Part of a year's money that places and officers can take; of a little more than they take the
sentence after a run tells."""


_NOWHERE = ("nowhere", "nowhere_except", "all_unlisted")
"""Remarks that say all of a programme's money: nothing more is said of it."""


def infeasible(plan: Scenario) -> list[Remark]:
    """What of a plan's money cannot act, and why; places, then capacity, then the list."""
    values = load_book().values(plan.parameters)
    found: list[Remark] = []
    for programme in plan.programmes.active():
        settings = plan.programmes.of(programme.key)
        if isinstance(settings, OutsideSettings) or not plan.calendar(programme.key).total:
            continue  # what it can do its package alone knows; of no money others say it
        places = list(_of_places(plan, programme.key, settings))
        found += places
        if not any(remark.kind in _NOWHERE for remark in places):
            found += _of_capacity(plan, programme.key, settings, values)
            found += of_caps(plan, programme.key, settings)
            found += of_floors(plan, programme.key, settings)
    return [*found, *of_the_list(plan, values), *_of_the_nominated(plan, values)]


# -- where ---------------------------------------------------------------------------------------


def _of_places(plan: Scenario, key: str, settings: ProgrammeSettings) -> Iterator[Remark]:
    seed, yuan, first = plan.population.seed, plan.calendar(key).total, key.partition("/")[0]
    listed = listed_codes(plan)
    served = served_codes(key, settings, seed, listed)
    if not served:
        own = default_codes(first, settings, seed, listed)
        values = {"yuan": format_yuan(yuan), "own": _names(own)}
        emptied = settings.excluded is not None and settings.prefectures is None
        yield Remark("nowhere_except" if emptied else "nowhere", (key,), values)
        return
    lottery = settings.lottery if isinstance(settings, VillageAdvancementSettings) else None
    named = served | (set(lottery.counties) if lottery else set())
    if key == "relocation":
        without = named - set(task_codes(seed))
        kind = "no_community"
    elif needs_list(settings, first):
        without = named - listed
        kind = "no_workers" if first == "enterprise_projects" else "unlisted"
    else:
        return
    if not without:
        return
    values = {"places": _names(without), "yuan": format_yuan(yuan)}
    if without == named and kind != "no_workers":
        yield Remark(f"all_{kind}", (key,), values)
    elif kind == "no_community" and _shared_out(settings, first):
        yield Remark("no_community_own", (key,), values)
    elif kind == "unlisted" and not _shared_out(settings, first):
        yield Remark("unlisted_none", (key,), values)
    else:
        yield Remark(kind, (key,), values)


def _shared_out(settings: ProgrammeSettings, key: str) -> bool:
    """Whether counties without a village on the list have a part of the money."""
    by_rule = settings.share is not None and settings.share.by != "need"
    return key in SHARED_OUT or by_rule or settings.by_county is not None


def _names(codes: set[int]) -> list[str]:
    """Counties in both languages; the key counties as a group."""
    index = county_index()
    if codes == key_codes():
        return [index.describe(codes)]
    rows = [index.records[code] for code in sorted(codes)]
    return [f"{row.name_en} {row.name_zh}" for row in rows]


# -- capacity ------------------------------------------------------------------------------------


class Capacity(NamedTuple):
    """What a programme can begin in a month at most.

    Attributes:
        places: units.
        yuan: that one unit takes from the budget at most.
        beside: yuan a year that need no place.
    """

    places: int
    yuan: float
    beside: float = 0.0


def _of_capacity(
    plan: Scenario, key: str, settings: ProgrammeSettings, values: ParameterValues
) -> Iterator[Remark]:
    """Years whose budget is more than all places can take, or less than one unit."""
    calendar = plan.calendar(key)
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for year in fiscal_years(plan):
        budget, months = calendar.in_fiscal_year(year), len(calendar.months_in(year))
        price = settings.unit_cost or 0
        if key.partition("/")[0] in KINDS and 0 < budget < price:
            blanks = {"budget": format_yuan(budget), "price": format_yuan(price)}
            found.setdefault(("below_a_unit", tuple(blanks.items())), []).append(str(year))
            continue
        capacity = capacity_of(key, settings, values, budget)
        if not budget or capacity is None:
            continue
        said = _beyond(capacity, budget, months, _guarantees(plan, key, settings, values))
        if said is None and key.partition("/")[0] in _WHOLE and budget < capacity.yuan:
            said = "below_a_unit", {"price": format_yuan(round(capacity.yuan))}
        if said is not None:
            kind, words = said
            entry = kind, tuple({"budget": format_yuan(budget), **words}.items())
            found.setdefault(entry, []).append(str(year))
    for (kind, said_of), years in found.items():
        yield Remark(kind, (key,), {**dict(said_of), "years": years})


def _beyond(
    capacity: Capacity, budget: int, months: int, officers: int | None
) -> tuple[str, dict[str, str]] | None:
    """Which capacity is less than a year's money, and how much it takes; None where none is."""
    most = capacity.places * months * capacity.yuan + capacity.beside
    if officers is not None and officers * capacity.yuan < min(most, ENOUGH * budget):
        return "officers", {"most": about(officers * capacity.yuan), "loans": f"{officers:,}"}
    if most < ENOUGH * budget:
        places = {"places": f"{capacity.places:,}", "months": str(months)}
        return "places", {"most": about(most), **places}
    return None


_WHOLE = ("village_advancement", "mutual_funds", "integrated_funds", "skills_training", "works")
"""Programmes whose unit has one price; where money is less than it nothing can be done."""


def capacity_of(
    key: str, settings: ProgrammeSettings, values: ParameterValues, budget: int = 0
) -> Capacity | None:
    """Places a month and the most that one takes; None where a place has no price of its own.

    Args:
        key: of the programme.
        settings: what the plan says of it.
        values: parameters under the plan.
        budget: yuan of the year.
    """
    given, cost, key = settings.places_per_month, settings.unit_cost, key.partition("/")[0]
    lost = 1.0 - values["programmes.financial_loss"]

    def places(parameter: str) -> int:
        return round(values[parameter]) if given is None else int(given)

    def price(parameter: str, factor: float = 1.0) -> float:
        return factor * (values[parameter] if cost is None else float(cost)) / lost

    if key == "village_advancement":
        # Half of a plan a year; villages of the lottery have more.
        lottery = settings.lottery if isinstance(settings, VillageAdvancementSettings) else None
        beside = budget if lottery else 0
        return Capacity(
            places("programmes.advancement_places"),
            price("programmes.advancement_plan", 0.5), beside,
        )  # fmt: skip
    if key == "skills_training":
        return Capacity(
            places("programmes.training_places"), price("programmes.training_unit_cost")
        )
    if key == "relocation":
        return Capacity(
            places("programmes.relocation_places"), price("programmes.relocation_grant", _PERSONS)
        )
    if key in ("practical_training", "course"):
        return Capacity(places("practical_training.places"), price("practical_training.unit_cost"))
    if key in ("asset", "works"):  # which take as many as the money pays, if nothing is said
        return Capacity(_NO_LIMIT if given is None else int(given), price("", 1.0))
    if key == "household_projects":
        kinds = [n for n in values if n.startswith(f"{key}.") and ".cost_" in n]
        kinds.remove("household_projects.cost_factor")
        dearest = max(kinds, key=lambda name: values[name])
        factor = 1.0 if cost is not None else values["household_projects.cost_factor"]
        return Capacity(places("household_projects.places"), price(dearest, factor))
    if key == "mutual_funds":
        return Capacity(places("mutual_funds.places"), price("mutual_funds.seed"))
    if key == "integrated_funds":
        return Capacity(places("integrated_funds.places"), price("integrated_funds.village_grant"))
    if key == "project_management":
        return Capacity(
            places("project_management.villages_per_month"),
            price("project_management.supervision_cost"),
        )
    if key == "paired_assistance":
        assert isinstance(settings, PairedAssistanceSettings)
        central = settings.central_units
        beside = budget if central is not None else 0
        # Projects differ in size: those of a year's mean.
        return Capacity(
            places("paired_assistance.places"), price("paired_assistance.project_cost"), beside
        )
    if key == "technology":
        assert isinstance(settings, TechnologySettings)
        visit = values["technology.visit_cost"] / lost + price("technology.course_cost")
        own = settings.technicians
        teams = values["technology.technicians"] if own is None else float(own)
        yearly = int(teams / max(values["technology.team"], 1.0)) + 1
        return Capacity(int(given) if given is not None else -(-yearly // 12), visit)
    if key in ("microfinance", "loan_guarantee", "subsidised_loans", "loan"):
        return _of_lender("microfinance" if key == "loan" else key, settings, values, budget)
    return None


_NO_LIMIT = 10**9

_PERSONS = 4.0
"""Of a household that moves, at most on average; 5,359 / 1,547 in the document."""


def _of_lender(
    key: str, settings: ProgrammeSettings, values: ParameterValues, budget: int
) -> Capacity:
    own = getattr(settings, "loan_size", None)
    if own is None and key == "microfinance":
        own = settings.unit_cost
    name = "programmes.loan_size" if key == "microfinance" else f"{key}.loan_size"
    size = values[name] if own is None else float(own)
    given = settings.places_per_month
    if given is None:
        name = "programmes.microfinance_places" if key == "microfinance" else f"{key}.places"
        given = round(values[name])
        if key == "loan_guarantee":  # of each county
            given *= len(served_codes(key, settings) & key_codes())
    beside = 0.0
    if isinstance(settings, SubsidisedLoansSettings):
        share = settings.enterprise_share
        part = values["subsidised_loans.enterprise_share"] if share is None else float(share)
        beside = part * budget
    return Capacity(int(given), size, beside)


def _guarantees(
    plan: Scenario, key: str, settings: ProgrammeSettings, values: ParameterValues
) -> int | None:
    """Loans that officers can stand surety for at a time; None of other programmes."""
    if key != "loan_guarantee":
        return None
    each = values["loan_guarantee.officers"] * values["loan_guarantee.guarantees_each"]
    years = -(-12 // max(round(values["loan_guarantee.term_months"]), 1))
    counties = served_codes(key, settings, plan.population.seed) & key_codes()
    return round(each) * len(counties) * years


# -- who moves -----------------------------------------------------------------------------------


def _of_the_nominated(plan: Scenario, values: ParameterValues) -> Iterator[Remark]:
    """More money for moving than all nominated households need."""
    key, yuan = "relocation", plan.calendar("relocation").total
    capacity = capacity_of(key, plan.programmes.of(key), values)
    served = served_codes(key, plan.programmes.of(key), plan.population.seed)
    if not yuan or capacity is None or not served & set(task_codes(plan.population.seed)):
        return
    from fupin.population.assumptions import count

    communities = count("relocation.finished") + count("relocation.building")
    ranked = task_ranked(plan.population.seed)
    here = sum(ranked[turn % len(ranked)] in served for turn in range(communities))
    households = count("relocation.nominated") * here
    most = households * capacity.yuan
    if most < ENOUGH * yuan:
        values_ = {"most": about(most), "budget": format_yuan(yuan)}
        yield Remark("nominated", (key,), {**values_, "households": f"{households:,}"})
