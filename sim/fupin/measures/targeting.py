"""Whom programmes reach: errors of inclusion and exclusion, the share of the poorest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fupin.measures.weighted import Flags, Numbers, count, quantile_groups, ratio, share, total


def inclusion_error(served: Flags, eligible: Flags, weights: Numbers) -> float:
    """Leakage: share of the served who were not eligible."""
    return share(~eligible, served, weights)


def exclusion_error(served: Flags, eligible: Flags, weights: Numbers) -> float:
    """Undercoverage: share of the eligible who were not served."""
    return share(~served, eligible, weights)


def share_to_poorest_fifth(amount: Numbers, income: Numbers, weights: Numbers) -> float:
    """Share of the money that goes to the poorest fifth of people.

    Args:
        amount: yuan that all households which the row stands for receive together.
        income: what people are ranked by, usually income before the programme.
        weights: persons.
    """
    poorest = quantile_groups(income, weights, 5) == 0
    money = np.asarray(amount, np.float64)
    return ratio(total(money[poorest]), total(money))


class Audit(NamedTuple):
    """Whom a programme served, beside whom it was for.

    Attributes:
        served: persons in the households served.
        eligible: persons it was for.
        both: persons served and eligible.
        poorest: persons served who belong to the poorest fifth.
        inclusion_error: share of the served who were not eligible (leakage).
        exclusion_error: share of the eligible who were not served (undercoverage).
        poorest_share: share of the served who belong to the poorest fifth.
    """

    served: int
    eligible: int
    both: int
    poorest: int

    @property
    def inclusion_error(self) -> float:
        return ratio(self.served - self.both, self.served)

    @property
    def exclusion_error(self) -> float:
        return ratio(self.eligible - self.both, self.eligible)

    @property
    def poorest_share(self) -> float:
        return ratio(self.poorest, self.served)


def audit(served: Flags, eligible: Flags, poorest: Flags, weights: Numbers) -> Audit:
    """Count whom a programme served; errors as Coady, Grosh & Hoddinott (2004), World Bank, ch. 2.

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
