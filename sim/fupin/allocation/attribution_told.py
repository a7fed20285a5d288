"""What an attribution says of one household: which programmes took it over the line, in parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fupin.allocation.attribution_folder import HOUSEHOLDS, StoredAttribution
from fupin.allocation.attribution_rounding import summing
from fupin.results.outcome import Table
from fupin.scenario.programme_catalogue import PROGRAMMES

LEAST = 0.005
"""Smaller parts are not named."""

_TITLES = {programme.key: programme.title for programme in PROGRAMMES}


def parts_of(stored: StoredAttribution, household: int) -> list[dict[str, Any]]:
    """What the plan changes for a household: out of poverty, or into it.

    Returns:
        a mapping for each: what ("out" or "into"), years, and programmes -> part, the largest
        first, summing to 1. Empty where the plan changes nothing, or nobody looked at households.
    """
    table = _table(stored)
    if table is None:
        return []
    found = []
    for row in np.flatnonzero(table["household"] == household).tolist():
        parts = {key: float(table[key][row]) for key in _keys(stored)}
        named = sorted((k for k in parts if abs(parts[k]) >= LEAST), key=lambda k: -parts[k])
        found.append(
            {
                "what": str(table["what"][row]),
                "years": [int(year) for year in str(table["years"][row]).split()],
                "programmes": {key: parts[key] for key in named},
            }
        )
    return found


def sentences(stored: StoredAttribution, household: int) -> list[str]:
    """The same in sentences; one that says so where the plan changes nothing."""
    about = stored.attribution["households"]
    if about is None:
        return ["Nobody looked at single households: attribute without --no-households."]
    said = []
    for one in parts_of(stored, household):
        where = "Out of poverty" if one["what"] == "out" else "In poverty"
        keys = list(one["programmes"])
        percents = _percents([one["programmes"][key] for key in keys])
        parts = ", ".join(f"{p}% {_TITLES[key]}" for key, p in zip(keys, percents, strict=True))
        years = ", ".join(map(str, one["years"]))
        said.append(f"{where} in {years} because of the plan: {parts}.")
    return said or ["In no year does the plan decide whether this household is poor."]


def _percents(parts: Sequence[float]) -> list[int]:
    """Whole per cent that sum as the parts do."""
    values = [100 * part for part in parts]
    found: list[int] = summing(values, round(sum(values))).tolist()
    return found


def examples(stored: StoredAttribution) -> list[tuple[int, str]]:
    """Households worth looking at: (id, why), of each programme that with the largest part."""
    table = _table(stored)
    if table is None:
        return []
    found: dict[int, str] = {}
    for what, why in (("out", "out of poverty"), ("into", "in poverty")):
        rows = np.flatnonzero(table["what"] == what)
        for key in _keys(stored):
            if not rows.size:
                continue
            parts = table[key][rows]
            best = int(np.argmax(parts))
            if parts[best] >= LEAST:
                one = int(table["household"][rows[best]])
                found.setdefault(one, f"{why}: {parts[best]:.0%} {_TITLES[key]}")
    return list(found.items())


def _table(stored: StoredAttribution) -> Table | None:
    return stored.table(HOUSEHOLDS) if HOUSEHOLDS in stored.table_names else None


def _keys(stored: StoredAttribution) -> list[str]:
    return list(stored.attribution["programmes"])
