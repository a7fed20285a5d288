"""Names that parameters had in earlier versions, and what stands in their place.

A table of an older posterior may still hold them as columns: they are left out when it is read,
since nothing acts by them. A plan that sets one is told what to write instead.
"""

from __future__ import annotations

from collections.abc import Mapping

RETIRED: Mapping[str, str] = {
    "livelihood.migrant_gain": (
        "A job away is worth yuan now: set livelihood.migrant_remitted or livelihood.home_forgone."
    ),
    "livelihood.migrant_pay": (
        "What migrants send is known in yuan: livelihood.migrant_wage, migrant_months and "
        "migrant_remitted."
    ),
    "enterprise_projects.job_gain": (
        "A job is worth its pay: set enterprise_projects.job_wage or job_months."
    ),
    "paired_assistance.grant_lag": "Assets of all programmes share one: set assets.lag.",
    "paired_assistance.grant_hazard": "Assets of all programmes share one: set assets.hazard.",
    "paired_assistance.grant_failure_loss": (
        "Assets of all programmes share one: set assets.failure_loss."
    ),
}
"""Former name -> what to write instead."""
