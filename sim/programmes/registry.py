"""The one tuple that orders the programmes with a mechanism, and builds them for a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.programmes.base import Programme
from sim.programmes.enterprise_projects import EnterpriseProjects
from sim.programmes.household_projects import HouseholdProjects
from sim.programmes.integrated_funds import IntegratedFunds
from sim.programmes.loan_guarantee import LoanGuarantee
from sim.programmes.microfinance import Microfinance
from sim.programmes.minimum_living import MinimumLiving
from sim.programmes.mutual_funds import MutualFunds
from sim.programmes.paired_assistance import PairedAssistance
from sim.programmes.practical_training import PracticalTraining
from sim.programmes.project_management import ProjectManagement
from sim.programmes.relocation import Relocation
from sim.programmes.rural_works import RuralWorks
from sim.programmes.settings import PROGRAMME_KEYS
from sim.programmes.skills_training import SkillsTraining
from sim.programmes.subsidised_loans import SubsidisedLoans
from sim.programmes.technology import Technology
from sim.programmes.village_advancement import VillageAdvancement

if TYPE_CHECKING:
    from sim.model import PovertyModel

MECHANISMS: tuple[type[Programme], ...] = (
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
)


def build_programmes(model: PovertyModel) -> tuple[Programme, ...]:
    """The programmes that have money in the model's plan, in order.

    `off` means absent, but for what earlier years left: that belongs to the population and stays.
    """
    return tuple(
        mechanism(
            model, model.plan.programmes.of(mechanism.key), PROGRAMME_KEYS.index(mechanism.key)
        )
        for mechanism in MECHANISMS
        if model.plan.programmes.of(mechanism.key).active or mechanism.has_stock(model)
    )
