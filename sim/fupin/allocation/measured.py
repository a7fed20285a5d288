"""What is measured around the start: each lever alone at some amounts, as twins, and its curve.

An oracle lives plans and says what each does to the goals in every pair of draw and seed; here it
is asked only for plans in which one lever is moved. So the additive model is exact at the start,
and what levers do to one another is found later, where it matters (`fupin.allocation.propose`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from fupin.allocation.curves import Curve, fit, noise_of

Grid = npt.NDArray[np.float64]
"""A number in every pair, (draws, seeds)."""

Levels = Mapping[str, Grid]
"""Goal -> its level in a world; only differences between worlds mean something."""

SHARES = (0.0, 0.5, 1.5, 2.0)
"""Amounts at which a lever is measured, in multiples of its start."""

NEW_SHARES = (0.25, 0.5, 1.0)
"""The same of a lever that has no money at the start, in parts of its most."""

BEYOND = 1.02
"""A most that lies further above the largest amount gets amounts of its own."""


class Oracle(Protocol):
    """Lives plans; what it was asked before it need not live again."""

    def levels(self, plans: Sequence[Mapping[str, int]]) -> list[Levels]:
        """Levels of the goals under each division of money."""


@dataclass(frozen=True)
class Lever:
    """A programme whose money may change.

    Attributes:
        key: the programme.
        group: class of its money.
        start, least, most: whole yuan.
        why: what holds it, where it may not move freely; "" where nothing does.
    """

    key: str
    group: str
    start: int
    least: int
    most: int
    why: str = ""

    @property
    def free(self) -> bool:
        """Whether it may move at all."""
        return self.least < self.most

    def doses(self) -> list[int]:
        """Amounts at which it is measured, the start left out; ascending.

        They reach far beyond a narrow range: the slope at the start is better known from afar.
        """
        if self.start == 0:
            return sorted({round(share * self.most) for share in NEW_SHARES} - {0})
        amounts = {round(share * self.start) for share in SHARES}
        if self.most > BEYOND * max(amounts):
            amounts |= {round((max(amounts) * self.most) ** 0.5), self.most}
        return sorted(amounts - {self.start})


@dataclass
class Singles:
    """Changes of the goals where one lever alone is moved.

    Attributes:
        levers: all of them, in order.
        goals: what was measured.
        at_start: levels at the start.
        changes: lever -> amount -> goal -> change beside the start in every pair.
    """

    levers: tuple[Lever, ...]
    goals: tuple[str, ...]
    at_start: Levels
    changes: dict[str, dict[int, dict[str, Grid]]] = field(default_factory=dict)

    @property
    def start(self) -> dict[str, int]:
        """Money at the start."""
        return {lever.key: lever.start for lever in self.levers}

    def add(self, key: str, amount: int, levels: Levels) -> None:
        """Note what a world says in which one lever is moved."""
        self.changes.setdefault(key, {})[amount] = beside(levels, self.at_start)

    def curve(self, key: str, goal: str, draw: int | None = None) -> Curve:
        """Curve of a lever.

        Args:
            draw: of one draw alone, by its position; None for the mean over all.
        """
        lever = next(one for one in self.levers if one.key == key)
        found = sorted(self.changes.get(key, {}).items())
        amounts = [amount for amount, _ in found]
        grids = [changes[goal] for _, changes in found]
        if draw is not None:
            grids = [grid[draw : draw + 1] for grid in grids]
        distance = [abs(amount - lever.start) for amount in amounts]
        noise = noise_of(grids, distance)
        noise = np.where(np.isfinite(noise), noise, 0.0)
        means = [float(grid.mean()) for grid in grids]
        return fit(amounts, means, noise.tolist(), lever.start)

    def curves(self, draw: int | None = None) -> dict[str, dict[str, Curve]]:
        """Lever -> goal -> curve."""
        return {
            lever.key: {goal: self.curve(lever.key, goal, draw) for goal in self.goals}
            for lever in self.levers
        }


def beside(levels: Levels, base: Levels) -> dict[str, Grid]:
    """What a world has more of each goal than another, in every pair."""
    return {goal: np.asarray(grid - base[goal]) for goal, grid in levels.items()}


def measure(levers: Sequence[Lever], goals: Sequence[str], oracle: Oracle) -> Singles:
    """Move each lever that is free alone, at every one of its amounts."""
    start = {lever.key: lever.start for lever in levers}
    asked = [(lever.key, dose) for lever in levers if lever.free for dose in lever.doses()]
    levels = oracle.levels([start, *({**start, key: dose} for key, dose in asked)])
    singles = Singles(tuple(levers), tuple(goals), levels[0])
    for (key, dose), found in zip(asked, levels[1:], strict=True):
        singles.add(key, dose, found)
    return singles
