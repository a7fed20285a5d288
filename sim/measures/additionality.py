"""What a plan changes for people, told apart from what happens anyway: two worlds, household by
household.

Two worlds with the same luck show each person's two outcomes, which no survey can (the principal
strata of Frangakis & Rubin 2002, Biometrics 58).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.measures.weighted import Flags, Numbers


class Additionality(NamedTuple):
    """Persons by their poverty in a world and in its twin.

    Attributes:
        always: poor in neither.
        because: poor in the twin and not here: out because of the plan.
        never: poor in both.
        harmed: poor here and not in the twin.
    """

    always: int
    because: int
    never: int
    harmed: int

    @property
    def poor_here(self) -> int:
        """Persons who are poor in this world."""
        return self.never + self.harmed

    @property
    def poor_twin(self) -> int:
        """Persons who are poor in the twin."""
        return self.never + self.because

    @property
    def net(self) -> int:
        """because - harmed, which is poor_twin - poor_here to the person."""
        return self.because - self.harmed


def additionality(
    poor_here: Flags, poor_twin: Flags, among: Flags, weights: Numbers
) -> Additionality:
    """Count the four kinds.

    Args:
        poor_here: who is poor under the plan.
        poor_twin: who is poor in the twin, the same households in the same order.
        among: who is counted, such as the poor before the plan.
        weights: persons; the same in both worlds.
    """
    # One pass over the people: a number for each combination.
    kind = (among.view(np.uint8) << 2) | (poor_twin.view(np.uint8) << 1) | poor_here.view(np.uint8)
    persons = np.bincount(kind, weights=np.asarray(weights, np.float64), minlength=8)[4:]
    neither, here, twin, both = (round(float(n)) for n in persons)
    return Additionality(always=neither, because=twin, never=both, harmed=here)
