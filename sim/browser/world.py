"""What the page shows and what its sliders change: a plan, its start, and models made from them."""

from __future__ import annotations

import gc
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from sim.agents.households import Households
from sim.experiments.draws import central_draw
from sim.model import PovertyModel
from sim.programmes.settings import ProgrammeSettings
from sim.scenario.schema import Scenario
from sim.start import Start, live_history

MILLION = 1_000_000


@dataclass(frozen=True)
class World:
    """A plan with its start, which is lived once and copied for every model of the page.

    Attributes:
        plan: the scenario as the file has it, with the page's sample.
        seed: run seed.
        start: the world at the end of the year before the plan's first month.
        most_share: per cent at which the map's colours end; the same for all months and budgets.
    """

    plan: Scenario
    seed: int
    start: Start
    most_share: float

    @classmethod
    def of(cls, plan: Scenario, seed: int = 1) -> World:
        """Live the history of a plan, at the draw that `fupin run --draws central` takes."""
        start = live_history(plan, seed, central_draw().overrides)
        shares = registered_share(start.core.households, start.core.villages.offsets)
        high = float(np.quantile(shares[shares > 0], 0.99)) if shares.any() else 0.0
        return cls(plan, seed, start, 5.0 * (high // 5.0 + 1.0))


def registered_share(h: Households, offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Registered poor of each village, per cent of its people, (V,)."""
    people = np.concatenate([[0], np.cumsum(h.size, dtype=np.int64)])
    poor = np.concatenate([[0], np.cumsum(np.where(h.registered > 0, h.size, 0), dtype=np.int64)])
    return 100.0 * np.diff(poor[offsets]) / np.maximum(np.diff(people[offsets]), 1)


class PageModel(PovertyModel):
    """The model as Mesa's buttons rebuild it: from a plan and the world's start."""

    def __init__(self, plan: Scenario, world: World) -> None:
        gc.collect()  # Mesa's models hold cycles, and with them a population
        super().__init__(plan, rng=world.seed, start=world.start.copy())
        self.most_share = world.most_share
        self.pictures: dict[str, tuple[float, bytes]] = {}  # name -> time drawn at, PNG

    def step(self) -> None:
        """One month; none after the end, which Mesa's render interval may reach past."""
        if self.running:
            super().step()

    def delivered_by_class(self) -> dict[str, npt.NDArray[np.float64]]:
        """Million yuan delivered since the start by money class, months lived + 1 values each."""
        lived = self.ledger.delivered[:, :, : self.ledger.month].sum(axis=1) / MILLION
        sums: dict[str, npt.NDArray[np.float64]] = {}
        for programme in self.plan.programmes.active():
            yuan = lived[self.ledger.programmes.index(programme.key)]
            total = np.concatenate([[0.0], np.cumsum(yuan)])
            sums[programme.money] = sums.get(programme.money, 0.0) + total
        return sums


def yearly_budget(settings: ProgrammeSettings) -> float:
    """Million yuan of a calendar year; of a budget that differs by year, the largest."""
    budget = settings.budget
    return (max(budget.values()) if isinstance(budget, dict) else budget) / MILLION


def with_budget(plan: Scenario, of: Scenario, key: str, million: float) -> Scenario:
    """A plan in which one programme has another budget.

    Args:
        plan: the plan to change.
        of: the plan of the file, from which the programme's other settings come.
        key: the programme.
        million: million yuan a year; 0 switches the programme off. Budgets by year scale alike.

    Raises:
        ValueError: the schema forbids this budget; its message says why.
    """
    settings = of.programmes.of(key)
    yuan = round(million * MILLION)
    changed: object = {"budget": 0}
    if yuan:
        budget = settings.budget
        if isinstance(budget, dict):
            scale = million / yearly_budget(settings)
            changed = {year: round(amount * scale) for year, amount in budget.items()}
        else:
            changed = yuan
        changed = settings.model_dump(exclude_none=True) | {"budget": changed}
    try:
        new = type(settings).model_validate(changed)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None
    programmes = plan.programmes.model_copy(update={key: new})
    return plan.model_copy(update={"programmes": programmes})
