"""The one tuple that orders the programmes with a mechanism, and builds them for a world."""

from __future__ import annotations

from typing import Any

from fupin.errors import InputError
from fupin.programmes.base import Programme
from fupin.programmes.cash_transfer import CashTransfer
from fupin.programmes.enterprise_projects import EnterpriseProjects
from fupin.programmes.household_projects import HouseholdProjects
from fupin.programmes.integrated_funds import IntegratedFunds
from fupin.programmes.loan_guarantee import LoanGuarantee
from fupin.programmes.microfinance import Microfinance
from fupin.programmes.minimum_living import MinimumLiving
from fupin.programmes.mutual_funds import MutualFunds
from fupin.programmes.own import build
from fupin.programmes.paired_assistance import PairedAssistance
from fupin.programmes.practical_training import PracticalTraining
from fupin.programmes.project_management import ProjectManagement
from fupin.programmes.relocation import Relocation
from fupin.programmes.rural_works import RuralWorks
from fupin.programmes.skills_training import SkillsTraining
from fupin.programmes.subsidised_loans import SubsidisedLoans
from fupin.programmes.technology import Technology
from fupin.programmes.village_advancement import VillageAdvancement
from fupin.scenario.added import kind_of
from fupin.scenario.entries import entries_of
from fupin.scenario.outside import OutsideError, find
from fupin.scenario.own import OwnProgramme
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.world.world import World

MECHANISMS: tuple[type[Programme[Any]], ...] = (
    VillageAdvancement,
    RuralWorks,
    Relocation,
    SkillsTraining,
    PracticalTraining,
    HouseholdProjects,
    MutualFunds,
    LoanGuarantee,
    Microfinance,
    SubsidisedLoans,
    MinimumLiving,
    IntegratedFunds,
    PairedAssistance,
    EnterpriseProjects,
    Technology,
    ProjectManagement,
    CashTransfer,
)


def build_programmes(world: World) -> tuple[Programme[Any], ...]:
    """The programmes that have money in the world's plan, in order.

    `off` means absent, but for what earlier years left: that belongs to the population and stays.
    """
    programmes, keys = world.plan.programmes, world.plan.programmes.keys
    found: list[Programme[Any]] = []
    for mechanism in MECHANISMS:
        settings = programmes.of(mechanism.key)
        if settings.active or mechanism.has_stock(world):
            found.append(mechanism(world, settings, keys.index(mechanism.key)))
        for name, entry in entries_of(settings).items():
            if entry.active:
                found.append(mechanism(world, entry, keys.index(f"{mechanism.key}/{name}")))
    for name, added in programmes.own.items():
        index = keys.index(f"{kind_of(added)}/{name}")
        if added.active and isinstance(added, OwnProgramme):
            found.append(build(world, added, index))
        elif added.active:
            found.append(_of_package(world, name, added, index))
    return tuple(found)


def _of_package(world: World, name: str, settings: ProgrammeSettings, index: int) -> Programme[Any]:
    """A programme of another package.

    Raises:
        InputError: the package is not there, is broken, or is another than the plan was read with.
    """
    try:
        found = find(name)
    except OutsideError as error:
        raise error.of_user() from None
    if found is None or found.sources != getattr(settings, "sources", None):
        raise InputError(
            f"The programme {name} is another here than where the plan was read.",
            "Install the same package on every machine that runs it.",
        )
    if not issubclass(found.acts, Programme):
        raise InputError(
            f"{found.programme.act} of the package {found.package} is no programme.",
            "Let it extend `fupin.programmes.base.Programme`.",
        )
    made: Programme[Any] = found.acts(world, settings, index)
    return made
