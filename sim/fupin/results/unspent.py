"""Why money stayed unspent, for people: yuan by limit, where, when, and how many places there were.

Programme by programme the yuan of all limits sum to what is unspent. The record by county and month
is that of `fupin.state.limits`; here it becomes two tables of a run and, over all runs, the entry
`why` of a programme in `summary.json`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from fupin.results.outcome import Table
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.state.limits import NO_COUNT, NO_COUNTY, Limit
from fupin.statistics.crossed import canonical, statistics

if TYPE_CHECKING:
    import numpy.typing as npt

    from fupin.state.limits import Limits

When = Literal["always", "from", "some", "never"]
"""A limit bound in every month of activity, in every one from a month on, in some, or in none: then
its money reached no office."""

LARGEST = 5
"""Counties that `why` names of each limit, those with most unspent money first."""

CODES = np.array([limit.name.lower() for limit in Limit], object)


class Tables(NamedTuple):
    """Two tables of one run.

    Attributes:
        by_county: programme, county (its code, 0 where the money reached none), limit, unspent;
            None where all money was spent.
        by_month: programme, month (2009-03), limit, counties, left, places (-1 where it counts
            none); every month of activity has a row, of `none` where no money was left.
    """

    by_county: Mapping[str, Any] | None
    by_month: Mapping[str, Any]


def unspent_table(
    limits: Limits,
    keys: Sequence[str],
    codes: npt.NDArray[np.int32],
    names: Mapping[str, Any],
) -> Table:
    """Yuan of the whole run that stayed unspent, by programme, county and limit.

    Args:
        limits: of the run.
        keys: of its programmes, in the order of its accounts.
        codes: of counties, (counties,).
        names: column -> name of each county, (counties,).
    """
    rows = limits.table()
    kept = rows["unspent"] > 0
    where = np.stack([rows[name][kept] for name in ("programme", "county", "limit")])
    found, at = np.unique(where, axis=1, return_inverse=True)
    yuan = np.zeros(found.shape[1], np.int64)
    np.add.at(yuan, at.ravel(), rows["unspent"][kept])
    programme, county, limit = found
    nowhere = county == NO_COUNTY
    return {
        "programme": np.array(keys, object)[programme],
        "county": np.where(nowhere, np.int32(0), codes[county]),
        **{name: np.where(nowhere, "", np.array(of, object)[county]) for name, of in names.items()},
        "limit": CODES[limit],
        "unspent": yuan,
    }


def limits_table(limits: Limits, keys: Sequence[str], months: Sequence[str]) -> Table:
    """What bound in each programme and month, in how many counties, and with how much money left.

    Args:
        limits: of the run.
        keys: of its programmes, in the order of its accounts.
        months: names of its months, in order.
    """
    rows = limits.by_programme()
    return {
        "programme": np.array(keys, object)[rows["programme"]],
        "month": np.array(months, object)[rows["month"]],
        "limit": CODES[rows["limit"]],
        "counties": rows["counties"],
        "left": rows["left"],
        "places": rows["places"],
    }


def why(grid: Sequence[Sequence[Tables]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Programme -> limit -> why its money stayed unspent, most yuan first.

    Each entry has the statistics of its yuan over the runs; `counties` in which it bound, and the
    `largest` of them with their mean yuan; `when` (as `When`), `first` month, the number of
    `months` and those of activity (`of_months`); `places` of a month, null where none are counted.
    A month counts where the limit bound in half of the runs or more.

    Args:
        grid: tables of every run, draws x seeds.
    """
    runs = [run for row in grid for run in row]
    months, width = _Months(runs), len(grid[0])
    out: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for (programme, limit), yuan in sorted(_yuan(runs).items()):
        counties: dict[int, float] = defaultdict(float)
        for run in yuan.values():
            for county, own in run.items():
                counties[county] += own / len(runs)
        real = [(county, own) for county, own in counties.items() if county]
        largest = sorted(real, key=lambda entry: (-entry[1], entry[0]))
        sums = [float(sum(yuan.get(place, {}).values())) for place in range(len(runs))]
        rows = [sums[first : first + width] for first in range(0, len(sums), width)]
        entry = {
            **statistics(rows),
            "counties": len(largest),
            "largest": [{"county": c, "yuan": canonical(y)} for c, y in largest[:LARGEST]],
            **months.of(programme, limit),
        }
        out.setdefault(programme, []).append((limit, entry))
    return {
        programme: dict(sorted(out[programme], key=lambda entry: -entry[1]["mean"]))
        for programme in dict.fromkeys((*PROGRAMME_KEYS, *out))
        if programme in out
    }


def _yuan(runs: Sequence[Tables]) -> dict[tuple[str, str], dict[int, dict[int, int]]]:
    """(programme, limit) -> place of a run -> county -> yuan that stayed unspent, where any did."""
    found: dict[tuple[str, str], dict[int, dict[int, int]]] = {}
    for place, run in enumerate(runs):
        if run.by_county is None:
            continue
        names = ("programme", "limit", "county", "unspent")
        columns = (run.by_county[name].tolist() for name in names)
        for programme, limit, county, yuan in zip(*columns, strict=True):
            if yuan:
                of = found.setdefault((programme, limit), {}).setdefault(place, {})
                of[county] = of.get(county, 0) + yuan
    return found


class _Months:
    """In how many runs each limit bound in each month, and which months were active."""

    def __init__(self, runs: Sequence[Tables]) -> None:
        self.half = len(runs) / 2.0
        self.bound: dict[tuple[str, str], dict[str, int]] = {}
        self.active: dict[str, dict[str, int]] = {}
        self.places: dict[tuple[str, str], float] = {}
        for run in runs:
            columns = (run.by_month[n].tolist() for n in ("programme", "month", "limit", "places"))
            seen = set()
            for programme, month, limit, places in zip(*columns, strict=True):
                bound = self.bound.setdefault((programme, limit), {})
                bound[month] = bound.get(month, 0) + 1
                if limit != "month" and (programme, month) not in seen:
                    seen.add((programme, month))
                    active = self.active.setdefault(programme, {})
                    active[month] = active.get(month, 0) + 1
                if places != NO_COUNT:
                    self.places[programme, month] = places

    def of(self, programme: str, limit: str) -> dict[str, Any]:
        """When a limit bound."""
        active = sorted(m for m, n in self.active.get(programme, {}).items() if n >= self.half)
        counts = self.bound.get((programme, limit), {})
        bound = sorted(m for m, n in counts.items() if n >= self.half)
        when: When = "some"
        if not bound:
            when = "never"
        elif bound == active:
            when = "always"
        elif bound == [month for month in active if month >= bound[0]]:
            when = "from"
        places = [p for m in bound if (p := self.places.get((programme, m))) is not None]
        return {
            "when": when,
            "first": bound[0] if bound else None,
            "months": len(bound),
            "of_months": len(active),
            "places": canonical(max(places)) if places else None,
        }
