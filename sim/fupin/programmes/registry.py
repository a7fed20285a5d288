"""The one tuple that orders the programmes with a mechanism, and builds them for a world."""

from __future__ import annotations

from typing import Any

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
from fupin.scenario.entries import entries_of
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
    for name, own in programmes.own.items():
        if own.active:
            found.append(build(world, own, keys.index(f"{own.kind}/{name}")))
    return tuple(found)
