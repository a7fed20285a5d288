"""A few villages through two years and two months, with or without the compiler.

    python -m tiny_life OUT.npz

The run of a plan's kernels, from endowments to the review, on so few households that plain Python
can do it.
"""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from fupin import randomness
from fupin.kernels import columns
from fupin.kernels.jit import COMPILED
from fupin.livelihood import month as month_kernel
from fupin.livelihood.sources import income_by_source
from fupin.population.frame import Frame
from fupin.programmes.selection import choose_households, criteria
from fupin.state import register
from small_worlds import CALM, central, live, newborn, open_january, persons, province

VILLAGES, MEMBERS = 4, 60


def few_villages() -> Frame:
    """The first households of some villages of a small sample, two of them listed."""
    whole = province(0.002)
    listed = np.asarray(whole.villages.listed)
    rows = np.sort(np.concatenate([np.flatnonzero(listed)[:2], np.flatnonzero(~listed)[:2]]))
    villages = replace(
        whole.villages,
        **{f.name: getattr(whole.villages, f.name)[rows] for f in fields(whole.villages)},
    )
    first = np.asarray(whole.households.offsets)[rows]
    keep = np.concatenate([np.arange(a, a + MEMBERS) for a in first])
    offsets = np.arange(rows.size + 1, dtype=np.int64) * MEMBERS
    households = replace(
        whole.households,
        **{
            f.name: getattr(whole.households, f.name)[keep] if f.name != "offsets" else offsets
            for f in fields(whole.households)
        },
    )
    return replace(whole, villages=villages, households=households)


def lived() -> dict[str, npt.NDArray[Any]]:
    """Two yearly steps with listing and review, then two months with births and a selection."""
    core = newborn(few_villages(), central(), seed=5, threshold=True)
    v, h = core.villages, core.households
    flows = []
    for year in (2001, 2002):
        core.live(year, 3000.0)
        settled = core.settle(year, 3000.0)
        flows += [settled.registered, settled.delisted, settled.listed, settled.mean_income]
    open_january(core, 2003)
    busy = month_kernel.hazards(core.rates, 1)._asdict()
    live(core, 2003, 12, upto=2, **CALM | busy)
    register.perceive(
        h, v.id, v.offsets, core.perception, randomness.month_index(2003, 12),
        *register.perception_streams(5, "survey"), core.seen,
    )  # fmt: skip
    chosen = np.full(40, -1, np.int64)
    _, taken = choose_households(
        h, v.id, v.offsets, np.arange(v.id.size), np.full(v.id.size, 10), criteria(1.0), 7,
        randomness.stream(5, "test"), chosen,
    )  # fmt: skip
    return {
        **h._asdict(),
        "seen": core.seen.copy(),
        "flows": np.array(flows),
        "chosen": chosen,
        "taken": taken,
        "persons": persons(core).astype(np.int64),
        "sources": income_by_source(h, core.frame, core.values, 3000.0),
        "line": np.array([columns.log_of(1196.0)]),
        "compiled": np.array([COMPILED]),
    }


if __name__ == "__main__":
    np.savez(Path(sys.argv[1]), **lived())
