"""What a plan changes for people, told apart from what happens anyway: two worlds, household by
household.

Two worlds with the same luck show each person's two outcomes, which no survey can (the principal
strata of Frangakis & Rubin 2002, Biometrics 58). A plan may also change how many people there are:
a household loses only workers who are at home, never its last one, so that a job away can keep a
member or cost one.
Persons whom only one world has are no stratum, as they have no other outcome; they are counted
apart, and with them the sums are exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.measures.weighted import Flags, count

Persons = npt.NDArray[np.integer]


class Additionality(NamedTuple):
    """Persons by their poverty in a world and in its twin.

    The first four are of persons whom both worlds have.

    Attributes:
        always: poor in neither.
        because: poor in the twin and not here: out because of the plan.
        never: poor in both.
        harmed: poor here and not in the twin.
        only_here: poor here; the twin's household is smaller by them.
        only_twin: poor in the twin; the household here is smaller by them.
    """

    always: int
    because: int
    never: int
    harmed: int
    only_here: int
    only_twin: int

    @property
    def poor_here(self) -> int:
        """Persons who are poor in this world, to the person."""
        return self.never + self.harmed + self.only_here

    @property
    def poor_twin(self) -> int:
        """Persons who are poor in the twin, to the person."""
        return self.never + self.because + self.only_twin

    @property
    def resized(self) -> int:
        """By how many the poor are fewer because households have other sizes; mostly 0."""
        return self.only_twin - self.only_here

    @property
    def net(self) -> int:
        """because - harmed + resized, which is poor_twin - poor_here to the person."""
        return self.because - self.harmed + self.resized


def additionality(
    poor_here: Flags, poor_twin: Flags, among: Flags, here: Persons, twin: Persons
) -> Additionality:
    """Count the kinds, exactly: whole persons, with no tolerance (up to 2^53 of them).

    Args:
        poor_here: who is poor under the plan, a household a row.
        poor_twin: who is poor in the twin, the same households in the same order.
        among: who is counted, such as the poor before the plan.
        here: persons that each household stands for in this world.
        twin: the same in the twin.

    Raises:
        TypeError: persons are no whole numbers.
        ValueError: the worlds have not the same number of households.
    """
    if here.dtype.kind not in "iu" or twin.dtype.kind not in "iu":
        raise TypeError("persons are counted in whole numbers")
    if not here.shape == twin.shape == poor_here.shape == poor_twin.shape == among.shape:
        raise ValueError("two worlds are told apart household by household: the same households")
    # One pass over the people: a number for each combination.
    kind = (among.view(np.uint8) << 2) | (poor_twin.view(np.uint8) << 1) | poor_here.view(np.uint8)
    common = np.minimum(here, twin)
    persons = np.bincount(kind, weights=common.astype(np.float64), minlength=8)[4:]
    neither, poor_here_alone, poor_twin_alone, both = (round(float(n)) for n in persons)
    changed = np.flatnonzero((here != twin) & among)  # a handful of households, if any
    return Additionality(
        always=neither,
        because=poor_twin_alone,
        never=both,
        harmed=poor_here_alone,
        only_here=count(poor_here[changed], here[changed] - common[changed]),
        only_twin=count(poor_twin[changed], twin[changed] - common[changed]),
    )
