"""The year as it was: rows of posterior B whose own life gives what the document says of 2009.

A row is parameters, places that no table gives, and the luck of its history and of its year. Rows
come about in three steps, each by lives of the real model:

1. Candidates are drawn from the posterior of the emulators. Each lives a history of its own.
2. From that history each lives 2009 with other luck several times. The first of these years teach
   it its unit costs (`counts`); the others are the year as it may have been.
3. Years whose net fall of the register is the document's within its rounding are kept, weighted so
   that what the emulators had said of that fall counts no more; rows are drawn from them.

A counterfactual of 2009 asks what other money would have done in that year, to these people, with
that luck (abduction, action, prediction: Pearl 2009, Causality, ch. 7). No result is shifted, and
none is chosen by eye.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fupin.calibration.branches import branches, counted, year_key
from fupin.calibration.counts import Count, Delivery, informed, learned
from fupin.calibration.runs import Failure, Measure
from fupin.calibration.space import F64
from fupin.parameters.book import load_book
from fupin.randomness import key_of
from fupin.results.draws import Draw, OwnLuck

ROUNDING = 5_000.0
"""Persons about the document's 200,000: it is written to tens of thousands."""

Values = list[dict[str, float] | None]
RunJob = Callable[
    [Measure, Sequence[tuple[Draw, int]], Mapping[str, Any], str], tuple[Values, list[Failure]]
]
"""Runs a function with settings for (draw, seed) pairs; the text says what for."""


@dataclass(frozen=True)
class Settings:
    """How much work the search for the year does.

    Attributes:
        histories: candidates that the way counts go with unit costs is learned from.
        lives: years of each of these.
        candidates: rows of the emulators' posterior that are lived.
        lessons: years of each that teach it its unit costs.
        years: years of each that may be the year as it was.
        rows: rows wanted.
        seed: of the draw of rows.
    """

    histories: int = 4
    lives: int = 16
    candidates: int = 240
    lessons: int = 3
    years: int = 3
    rows: int = 100
    seed: int = 20091231


QUICK = Settings(histories=2, lives=12, candidates=16, lessons=2, years=3, rows=10)


@dataclass(frozen=True)
class Row:
    """One row of posterior B.

    Attributes:
        values: parameters.
        places: number of the places that no table gives.
        luck: of its history and of its year.
        moments: of its life.
    """

    values: dict[str, float]
    places: int
    luck: OwnLuck
    moments: dict[str, float]


@dataclass(frozen=True)
class Abduction:
    """Rows, and how they were found.

    Attributes:
        rows: of posterior B, in the order of candidates.
        delivery: how counts go with unit costs.
        tried: years that were lived as candidates.
        kept: years whose fall of the register is the document's.
        within: persons about the document's figure that count as such: its rounding, or more
            where too few of a small sample are so near.
        effective: independent ones among them, by their weights (Kish).
        failures: runs without a result.
    """

    rows: list[Row]
    delivery: Delivery
    tried: int
    kept: int
    within: float
    effective: float
    failures: list[Failure]


def candidate(number: int, values: Mapping[str, float]) -> Draw:
    """A row of the emulators' posterior with places and a history of its own, from 1."""
    luck = OwnLuck(key_of("history", number), None)
    return Draw(f"candidate:{number}", values, places=number, luck=luck)


def year_as_it_was(
    vectors: Sequence[Mapping[str, float]],
    undone: F64,
    counts: Sequence[Count],
    lifted: float,
    run: RunJob,
    settings: Settings,
) -> Abduction:
    """Rows whose own life gives what the document says of 2009.

    Args:
        vectors: candidates, rows of the emulators' posterior.
        undone: log weight of each: less what the emulators said of the fall of the register, (n,).
        counts: what the document counts.
        lifted: the document's fall of the register, persons.
        run: runs the model.
        settings: how much of everything.

    Raises:
        RuntimeError: hardly a year is like the document's.
    """
    draws = [candidate(i + 1, vector) for i, vector in enumerate(vectors[: settings.candidates])]
    taught = [count for count in counts if count.by]  # others follow from the plan alone
    delivery, failures = _delivery(draws, taught, run, settings)
    job = {"delivery": delivery.settings(), "lessons": settings.lessons, "years": settings.years}
    found, more = run(branches, [(draw, 1) for draw in draws], job, "years as they may have been")
    pool: list[Row] = []
    weights: list[float] = []
    tried = 0
    for draw, weight, lives in zip(draws, undone, found, strict=False):
        if lives is None:
            continue
        costs = {name: lives[f"learned/{name}"] for name in delivery.names}
        for year in range(1, settings.years + 1):
            life = _part(lives, f"{year}/")
            if not life:
                continue
            tried += 1
            assert draw.luck is not None
            history = draw.luck.history
            luck = OwnLuck(history, year_key(history, settings.lessons + year))
            pool.append(Row({**draw.overrides, **costs}, draw.places, luck, life))
            weights.append(float(weight))
    if tried < settings.rows:
        raise RuntimeError(f"only {tried} years were lived for {settings.rows} rows")
    off = np.abs([row.moments["lifted"] - lifted for row in pool])
    within = max(ROUNDING, float(np.sort(off)[settings.rows - 1]))
    like = np.flatnonzero(off <= within)
    pool = [pool[i] for i in like]
    w = np.array(weights)[like]
    w = np.exp(w - w.max())
    w /= w.sum()
    rng = np.random.default_rng([settings.seed, 11])
    chosen = drawn(w, min(settings.rows, len(pool)), rng)
    return Abduction(
        [pool[i] for i in chosen], delivery, tried, len(pool), within,
        float(1.0 / (w**2).sum()), [*failures, *more],
    )  # fmt: skip


def drawn(weights: F64, count: int, rng: np.random.Generator) -> list[int]:
    """Places of `count` different entries, chances in proportion to weights as far as can be.

    Pareto sampling (Rosen 1997, Journal of Statistical Planning and Inference 62:159-191): chances
    of more than 1 are 1, and the others share what is left.
    """
    chance = weights * count / weights.sum()
    sure = np.zeros(len(weights), bool)
    while (chance[~sure] >= 1.0).any():
        sure |= chance >= 1.0
        left = count - int(sure.sum())
        rest = weights[~sure].sum()
        chance = np.where(sure, 1.0, weights * left / rest if rest > 0 else 0.0)
    luck = rng.random(len(weights))
    inside = np.clip(chance, 1e-12, 1 - 1e-12)
    turn = np.where(sure, -1.0, luck / (1 - luck) * (1 - inside) / inside)
    return sorted(int(i) for i in np.argsort(turn, kind="stable")[:count])


def _delivery(
    draws: Sequence[Draw], counts: Sequence[Count], run: RunJob, settings: Settings
) -> tuple[Delivery, list[Failure]]:
    """How counts go with unit costs: some histories, each with years of other costs."""
    names = informed(counts)
    design = load_book().sample_prior(names, settings.histories * settings.lives, settings.seed)
    histories = draws[: settings.histories]
    own = {draw.label: design[k :: settings.histories] for k, draw in enumerate(histories)}
    listed = {
        label: [[vector[name] for name in names] for vector in part] for label, part in own.items()
    }
    job = {"names": names, "vectors": listed}
    found, failures = run(counted, [(draw, 1) for draw in histories], job, "what a unit costs")
    lives, vectors = [], []
    for draw, lived in zip(histories, found, strict=True):
        for i, vector in enumerate(own[draw.label] if lived else [], start=1):
            if lived and (life := _part(lived, f"{i}/")):
                lives.append(life)
                vectors.append(vector)
    return learned(counts, lives, vectors), failures


def _part(values: Mapping[str, float], prefix: str) -> dict[str, float]:
    """Values whose names begin with a prefix, without it."""
    return {n.removeprefix(prefix): v for n, v in values.items() if n.startswith(prefix)}
