"""Worlds in memory whose plans are equal on average, or differ exactly where it is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from fupin.uncertainty.worlds import Input, Worlds

OUTCOMES = ("lifted", "income_poor_end")
FORMS = ("register", "survey")


def equal_plans(
    rng: np.random.Generator,
    vectors: int,
    seeds: int,
    sds: tuple[float, float, float, float],
    *,
    plans: int = 2,
    parameters: int = 6,
    better: Callable[[np.ndarray], Any] | None = None,
) -> Worlds:
    """Draws x two ways of counting x seeds; the first two parameters and the form move the level.

    Args:
        rng: of everything.
        vectors, seeds: how many there are.
        sds: how far a plan differs from the others by parameter vector, by seed, by both, by run.
        plans: how many.
        parameters: `p.0`, `p.1`, ... of each vector, standard normal.
        better: by how much the second plan is better in every way, from `p.0` of each world.
    """
    values = rng.normal(size=(vectors, parameters))
    vector = np.tile(np.arange(vectors), len(FORMS))
    form = np.repeat(np.array(FORMS, object), vectors)
    worlds = len(vector)
    shape = (plans, worlds, seeds)
    table = {}
    for outcome in OUTCOMES:
        level = values[vector, 0] + 0.6 * values[vector, 1] + (form == FORMS[1])
        of_vector, of_seed, of_both, of_run = sds
        y = 10 * level[None, :, None] + 10 * rng.normal(size=(1, 1, seeds)) + np.zeros(shape)
        y += of_vector * rng.normal(size=(plans, vectors, 1))[:, vector]
        y += of_seed * rng.normal(size=(plans, 1, seeds))
        y += of_both * rng.normal(size=(plans, vectors, seeds))[:, vector]
        y += of_run * rng.normal(size=shape)
        if better is not None:
            more = np.asarray(better(values[vector, 0]))[:, None]
            y[1] += more if outcome == "lifted" else -more
        table[outcome] = y
    inputs = [Input("counting", "structure", form, of_draw=False)]
    inputs += [
        Input(f"p.{k}", "parameter", values[vector, k], of_draw=True) for k in range(parameters)
    ]
    return Worlds(
        folder=Path("made-up"),
        about={"design": "grid"},
        plans=tuple(f"plan {k + 1}" for k in range(plans)),
        seeds=tuple(range(1, seeds + 1)),
        ids=np.zeros(shape),
        inputs=tuple(inputs),
        points=np.repeat(np.arange(len(FORMS)), vectors),
        draws=np.array([f"prior:{v}" for v in vector], object),
        table=table,
    )
