"""How often a further run falls into the interval of a default run, by outcome.

A default run shows the 5th and 95th percentiles of twenty rows of posterior B, each with its own
year. Designs of so many rows are drawn from all rows of the posterior; the rows that a design does
not hold are the further runs. No run of the model is needed: the rows' own outcomes are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fupin.statistics.quantiles import central_interval

DESIGNS = 200
ROWS = 20
MEAN, LEAST = (0.88, 0.92), 0.80
"""Coverage asked of the mean over outcomes, and of every one."""

_SEED = 20091231


def coverage(
    outcomes: Sequence[Mapping[str, float]], rows: int = ROWS, designs: int = DESIGNS
) -> dict[str, float]:
    """Share of further runs inside the interval of a design, by outcome; those that vary.

    Args:
        outcomes: of each row's own life; an outcome that some row lacks is left out.
        rows: of a design.
        designs: drawn at random without replacement within each; the same for every outcome.

    Raises:
        ValueError: no more rows than a design has.
    """
    if len(outcomes) <= rows:
        raise ValueError(f"{len(outcomes)} rows leave none beside a design of {rows}")
    names = [name for name in outcomes[0] if all(name in one for one in outcomes)]
    values = np.array([[one[name] for name in names] for one in outcomes], np.float64)
    varied = values.std(0) > 0
    rng = np.random.default_rng(_SEED)
    inside = np.zeros(len(names))
    for _ in range(designs):
        order = rng.permutation(len(values))
        low, high = central_interval(values[order[:rows]])
        others = values[order[rows:]]
        inside += ((others >= low) & (others <= high)).mean(0)
    shares = inside / designs
    return {
        name: round(float(share), 4)
        for name, share, moved in zip(names, shares, varied, strict=True)
        if moved
    }


def summary(found: Mapping[str, float]) -> dict[str, Any]:
    """Mean over outcomes, and the outcome that is held least often."""
    least = min(found, key=lambda name: found[name])
    return {
        "outcomes": len(found),
        "mean": round(float(np.mean(list(found.values()))), 4),
        "least": least,
        "least_share": found[least],
    }
