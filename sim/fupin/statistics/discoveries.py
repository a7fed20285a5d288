"""Many tests at once: which differences of a map or a long table are told from 0.

Of 172 intervals of 90% around nothing some 17 exclude 0. Where so many are shown beside one another
the share of false ones among those that are pointed out is held instead (false discovery rate;
Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57; `scipy.stats.false_discovery_control`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import LEVEL, two_sided_chance, two_sided_t

FALSE_SHARE = round(1 - LEVEL, 12)
"""Expected share of differences that are pointed out and are none."""


def freedom_of(draws: int, seeds: int) -> float:
    """Degrees of freedom of a mean over pairs that are known at least; 0 for one pair.

    Of draws crossed with seeds it is estimated and lies between those of the two factors and of
    all pairs; the smaller claims less.
    """
    several = [n for n in (draws, seeds) if n > 1]
    return float(min(several) - 1) if several else 0.0


def chance_of(mean: float, low: float, high: float, freedom: float) -> float:
    """Chance of a mean difference at least this far from 0 where nothing is there, 0 to 1.

    Args:
        mean, low, high: of the difference, with its interval of `confidence.LEVEL`.
        freedom: degrees of freedom of that interval.
    """
    if mean == 0.0:
        return 1.0
    error = (high - low) / 2 / two_sided_t(freedom)
    return two_sided_chance(mean / error, freedom) if error > 0 else 0.0


def entries_of(
    table: Mapping[str, npt.NDArray[np.generic]], where: npt.NDArray[np.bool_]
) -> list[dict[str, float | None]]:
    """Differences of a stored table, as `discovered` takes them; NaN is None.

    Args:
        table: columns `mean`, `low`, `high`, and `freedom` where the table has it.
        where: rows of the table, (rows,).
    """
    names = [name for name in ("mean", "low", "high", "freedom") if name in table]
    columns = [np.asarray(table[name][where], float).tolist() for name in names]
    return [
        {name: None if np.isnan(v) else v for name, v in zip(names, row, strict=True)}
        for row in zip(*columns, strict=True)
    ]


def discovered(
    entries: Sequence[Mapping[str, float | None]], freedom: float, share: float = FALSE_SHARE
) -> npt.NDArray[np.bool_]:
    """Which of many differences are told from 0 with at most `share` false ones among them.

    Args:
        entries: `mean`, `low`, `high` of each, and `freedom`, the degrees of freedom of its
            interval, where it is known; unknown ones are no test and are never told.
        freedom: of the intervals that do not say theirs; where it is 0 nothing is told.
        share: of false discoveries.

    Returns:
        (entries,).
    """
    from scipy.stats import false_discovery_control

    found = np.zeros(len(entries), bool)
    if freedom <= 0:
        return found
    chances = {
        i: chance_of(entry["mean"], entry["low"], entry["high"], entry.get("freedom") or freedom)
        for i, entry in enumerate(entries)
        if entry["mean"] is not None and entry["low"] is not None and entry["high"] is not None
    }
    # What cannot change (a county without rural people) is no test that could have failed.
    tested = [i for i, p in chances.items() if not (p == 1.0 and _still(entries[i]))]
    if tested:
        adjusted = false_discovery_control([chances[i] for i in tested])
        found[tested] = adjusted <= share
    return found


def count_of_tests(entries: Sequence[Mapping[str, float | None]]) -> int:
    """How many of the entries are tests: known, and not 0 in every pair."""
    return sum(
        entry["mean"] is not None and entry["low"] is not None and not _still(entry)
        for entry in entries
    )


def _still(entry: Mapping[str, float | None]) -> bool:
    return entry["mean"] == entry["low"] == entry["high"] == 0.0
