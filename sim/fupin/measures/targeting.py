"""Whom programmes reach: the counts from which errors of targeting follow."""

from __future__ import annotations

from typing import NamedTuple

from fupin.measures.weighted import Flags, Numbers, count


class Audit(NamedTuple):
    """Whom a programme served, beside whom it was for.

    Leakage (error of inclusion) is (served - both) / served, undercoverage (of exclusion)
    (eligible - both) / eligible; a comparison takes them over its runs.

    Attributes:
        served: persons in the households served.
        eligible: persons it was for.
        both: persons served and eligible.
        poorest: persons served who belong to the poorest fifth.
    """

    served: int
    eligible: int
    both: int
    poorest: int


def audit(served: Flags, eligible: Flags, poorest: Flags, weights: Numbers) -> Audit:
    """Count whom a programme served, as Coady, Grosh & Hoddinott (2004), World Bank, ch. 2.

    Args:
        served: households that it reached.
        eligible: households it was for (on the register, or truly poor) before it began.
        poorest: households of the poorest fifth of people before it began.
        weights: persons.
    """
    return Audit(
        count(served, weights),
        count(eligible, weights),
        count(served & eligible, weights),
        count(served & poorest, weights),
    )
