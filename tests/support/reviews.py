"""Reviews of the register of December 2009, and households by hand to be reviewed."""

from __future__ import annotations

import numpy as np
from fupin import randomness
from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.state import register
from small_worlds import central, hand_made

LINE = columns.log_of(1196.0)
POOR, RICH = f32(LINE - 0.5), f32(LINE + 0.5)
MONTH = randomness.month_index(2009, 12)
MONTHS = np.int16(MONTH - 24_000)


def reviewed(h, seen, offsets=None, seed=1, month=MONTH, **changed):
    """Review households in place; returns flows by village, (V, 2)."""
    offsets = np.array([0, h.size.size], np.int64) if offsets is None else offsets
    p = register.perception(central())._replace(**{k: f32(v) for k, v in changed.items()})
    flows = np.full((offsets.size - 1, 2), -1, np.int64)
    register.review(
        h, np.arange(1, offsets.size) + 1_301_230_000, offsets, np.asarray(seen, np.float32), LINE,
        p, month, MONTHS, randomness.stream(seed, "register/review"), flows,
    )  # fmt: skip
    return flows


def crowd(registered, n=200_000, **more):
    return hand_made(n, registered=registered, **more)
