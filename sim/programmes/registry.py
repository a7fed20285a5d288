"""The one tuple that orders the programmes with a mechanism, and builds them for a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.programmes.base import Programme
from sim.programmes.microfinance import Microfinance
from sim.programmes.relocation import Relocation
from sim.programmes.settings import PROGRAMME_KEYS
from sim.programmes.skills_training import SkillsTraining
from sim.programmes.village_advancement import VillageAdvancement

if TYPE_CHECKING:
    from sim.model import PovertyModel

MECHANISMS: tuple[type[Programme], ...] = (
    VillageAdvancement,
    Relocation,
    SkillsTraining,
    Microfinance,
)


def build_programmes(model: PovertyModel) -> tuple[Programme, ...]:
    """The programmes that have money in the model's plan, in order; `off` means absent."""
    return tuple(
        mechanism(
            model, model.plan.programmes.of(mechanism.key), PROGRAMME_KEYS.index(mechanism.key)
        )
        for mechanism in MECHANISMS
        if model.plan.programmes.of(mechanism.key).active
    )
