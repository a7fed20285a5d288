"""The one tuple that orders the programmes with a mechanism, and builds them for a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fupin.programmes.base import Programme
from fupin.programmes.enterprise_projects import EnterpriseProjects
from fupin.programmes.household_projects import HouseholdProjects
from fupin.programmes.integrated_funds import IntegratedFunds
from fupin.programmes.loan_guarantee import LoanGuarantee
from fupin.programmes.microfinance import Microfinance
from fupin.programmes.minimum_living import MinimumLiving
from fupin.programmes.mutual_funds import MutualFunds
from fupin.programmes.paired_assistance import PairedAssistance
from fupin.programmes.practical_training import PracticalTraining
from fupin.programmes.project_management import ProjectManagement
from fupin.programmes.relocation import Relocation
from fupin.programmes.rural_works import RuralWorks
from fupin.programmes.skills_training import SkillsTraining
from fupin.programmes.subsidised_loans import SubsidisedLoans
from fupin.programmes.technology import Technology
from fupin.programmes.village_advancement import VillageAdvancement
from fupin.scenario.programmes import PROGRAMME_KEYS

if TYPE_CHECKING:
    from fupin.model import PovertyModel

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
