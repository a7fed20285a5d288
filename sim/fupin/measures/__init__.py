"""Poverty, inequality, mobility, targeting, additionality and cost of weighted people.

Functions take one entry per household: `income` is yuan per person and year, `weights` are the
persons that the household stands for (size x weight of its village). Arrays of the same length;
incomes may be negative after a bad year. Undefined values (nobody poor, no weight) are NaN.
Sums run in float64 by additions alone (no BLAS), so that bytes do not depend on a machine; counts
of persons are whole numbers and exact.
"""

from fupin.measures.additionality import Additionality, additionality
from fupin.measures.inequality import gini
from fupin.measures.mobility import (
    Spells,
    cross_counts,
    fall_back_rate,
    line_groups,
    persons_by_years_poor,
    spells,
)
from fupin.measures.poverty import (
    Lifted,
    exit_rate,
    foster_greer_thorbecke,
    lifted_past,
    new_poor_share,
    persons_under,
    poverty_gaps,
    transient_share,
)
from fupin.measures.targeting import Audit, audit
from fupin.measures.weighted import Flags, Numbers, count, quantile_groups, rank, weighted_mean

__all__ = [
    "Additionality",
    "Audit",
    "Flags",
    "Lifted",
    "Numbers",
    "Spells",
    "additionality",
    "audit",
    "count",
    "cross_counts",
    "exit_rate",
    "fall_back_rate",
    "foster_greer_thorbecke",
    "gini",
    "lifted_past",
    "line_groups",
    "new_poor_share",
    "persons_by_years_poor",
    "persons_under",
    "poverty_gaps",
    "quantile_groups",
    "rank",
    "spells",
    "transient_share",
    "weighted_mean",
]
