"""What other forms of the model say once each is held to the same figures as posterior B.

A posterior belongs to one form: other ways of counting, of assets, or of what a listed village's
money draws away would have learned other parameters. Here every form lives the same histories, and
many years 2009 after each. Years in which the register falls as the document says are kept, and a
history weighs as much more as the form agrees better with the targets of posterior A than the
shipped form does (importance sampling). What these years say of held-out figures is scored; some
of them are lived with the world without programmes, to see what each form says of effects.

Parameters of people, places and the register come from posterior A, which has not seen 2009.
Those of programmes come from B: counts of 2009 teach them unit costs and places for trainees, and
that does not depend on the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fupin.calibration.abduction import ROUNDING, candidate, drawn
from fupin.calibration.branches import branches, year_key
from fupin.calibration.emulator import slope_of_scale, to_scale
from fupin.calibration.runs import Failure, Measure
from fupin.calibration.shipped import outcomes_of
from fupin.calibration.space import F64
from fupin.calibration.targets import Posterior, Target, held_out
from fupin.results.draws import Draw, OwnLuck
from fupin.statistics.crossed import statistics

Change = Mapping[str, str | bool]
"""Keys of a plan -> what they are set to."""

SHIPPED = "as shipped"
"""By register, smooth assets, no displacement."""

FORMS: dict[str, Change] = {
    SHIPPED: {},
    "counting: task": {"counting": "task"},
    "counting: survey": {"counting": "survey"},
    "counting: quota": {"counting": "quota"},
    "assets: threshold": {"assets": "threshold"},
    "displacement: on": {"displacement": True},
}
"""Forms of the model -> what they change in the plan."""

EFFECTS = (
    "lifted", "person_years_out", "additional_income_channel", "additional_recognition_channel",
    "additional_jobs",
)  # fmt: skip
"""Outcomes that are shown of each form's own lives."""

FIRST = 1_001
"""Number of the first history; a calibration's own candidates come before."""

UNTAUGHT: dict[str, list[Any]] = {
    "figures": [],
    "values": [],
    "tolerances": [],
    "names": [],
    "elasticities": [],
}
"""Unit costs are known already: no year is lived to learn them."""

Run = Callable[
    [Measure, Sequence[tuple[Draw, int]], Mapping[str, Any], str, Change],
    tuple[list[dict[str, float] | None], list[Failure]],
]
"""Runs a function with settings for (draw, seed) pairs under a changed plan; the text says why."""


@dataclass(frozen=True)
class Amount:
    """How many lives of each form.

    Attributes:
        histories: rows of posterior A.
        years: lived after each history.
        kept: years at least that are taken as the document's, where its rounding holds fewer.
        effects: of these, lived with the world without programmes.
    """

    histories: int = 40
    years: int = 8
    kept: int = 20
    effects: int = 10


@dataclass(frozen=True)
class _Year:
    """One year of one history."""

    history: int
    number: int
    moments: Mapping[str, float]


def forms(
    run: Run,
    rows: Mapping[Posterior, Sequence[Mapping[str, float]]],
    targets: Sequence[Target],
    amount: Amount,
) -> dict[str, dict[str, Any]]:
    """Every form of the model, held to what posterior B was fitted to.

    Args:
        run: runs the model.
        rows: of posteriors A and B.
        targets: with roles; `lifted` is one of role B.
        amount: how many lives.

    Returns:
        by form: `years` lived, `kept`, `within` (persons about the document's fall), `effective`
        (independent histories among them, Kish), `histories` (different ones), `held_out` (each
        with `mean` and `crps`), `score` (geometric mean over held-out figures of the crps against
        that of the shipped form; below 1 predicts better), `effects` and `failed`. A form none of
        whose years is like the document's has `kept` 0 and nothing else.
    """
    draws = candidates(rows["A"], rows["B"], amount.histories)
    job = {"delivery": UNTAUGHT, "lessons": 0, "years": amount.years}
    agreed: dict[int, float] = {}
    found: dict[str, dict[str, Any]] = {}
    for name, change in FORMS.items():
        lives, failures = run(branches, [(draw, 1) for draw in draws], job, name, change)
        years = _years(lives, amount.years)
        fits = agreement(years, [one for one in targets if one.role == "A"])
        if name == SHIPPED:
            agreed = fits
        kept, weights, within = chosen(years, fits, agreed, targets, amount.kept)
        line: dict[str, Any] = {"years": len(years), "kept": len(kept), "failed": len(failures)}
        if kept:
            line |= {
                "within": round(within),
                "effective": round(independent(kept, weights), 1),
                "histories": len({year.history for year in kept}),
                "held_out": scored(kept, weights, targets),
            }
            effects, failed = _effects(kept, weights, draws, run, name, change, amount)
            line |= {"effects": effects, "failed": line["failed"] + failed}
        found[name] = line
    for line in found.values():
        line["score"] = _against(line.get("held_out"), found[SHIPPED].get("held_out"))
    return found


def independent(years: Sequence[_Year], weights: F64) -> float:
    """Histories that count: years after the same history share nearly all that they say (Kish)."""
    of: dict[int, float] = {}
    for year, weight in zip(years, weights, strict=True):
        of[year.history] = of.get(year.history, 0.0) + float(weight)
    return 1.0 / sum(share**2 for share in of.values())


def candidates(
    a: Sequence[Mapping[str, float]], b: Sequence[Mapping[str, float]], count: int
) -> list[Draw]:
    """People, places and register of rows of A, programmes of rows of B, each with a history."""
    return [
        candidate(
            FIRST + i,
            {**row, **{n: v for n, v in b[i % len(b)].items() if n.startswith("programmes.")}},
        )
        for i, row in enumerate(a[:count])
    ]


def agreement(years: Sequence[_Year], targets: Sequence[Target]) -> dict[int, float]:
    """Log likelihood of each history: its years' mean moments against targets, on their scales."""
    of: dict[int, list[_Year]] = {}
    for year in years:
        of.setdefault(year.history, []).append(year)
    found = {}
    for history, lived in of.items():
        total = 0.0
        for target in targets:
            x = np.mean([float(to_scale(y.moments[target.moment], target.scale)) for y in lived])
            slope = slope_of_scale(target.value, target.scale)
            allowed = slope**2 * (target.tolerance**2 + target.discrepancy**2)
            total -= 0.5 * (float(x) - float(to_scale(target.value, target.scale))) ** 2 / allowed
        found[history] = total
    return found


def chosen(
    years: Sequence[_Year],
    fits: Mapping[int, float],
    agreed: Mapping[int, float],
    targets: Sequence[Target],
    least: int,
) -> tuple[list[_Year], F64, float]:
    """Years like the document's, their weights (which sum to 1), and what counts as like it.

    Args:
        years: of one form.
        fits: how this form agrees with A's targets, by history.
        agreed: how the shipped form does: rows of A were drawn by that.
        targets: `lifted` among them.
        least: so many years are kept, if there are so many.
    """
    known = [year for year in years if year.history in agreed]
    if not known:
        return [], np.zeros(0), ROUNDING
    lifted = next(target for target in targets if target.moment == "lifted").value
    off = np.abs([year.moments["lifted"] - lifted for year in known])
    within = max(ROUNDING, float(np.sort(off)[min(least, len(known)) - 1]))
    kept = [year for year, away in zip(known, off, strict=True) if away <= within]
    log = np.array([fits[year.history] - agreed[year.history] for year in kept])
    weights = np.exp(log - log.max())
    return kept, weights / weights.sum(), within


def scored(
    years: Sequence[_Year], weights: F64, targets: Sequence[Target]
) -> list[dict[str, float | str]]:
    """Weighted mean and continuous ranked probability score of what was held out of B."""
    from scoringrules import crps_ensemble

    lines: list[dict[str, float | str]] = []
    for target in held_out(targets, "B"):
        values = np.array([year.moments[target.moment] for year in years])
        score = float(crps_ensemble(target.value, values, ens_w=weights))
        mean = float(values @ weights)
        lines.append(
            {
                "target": target.name,
                "value": target.value,
                "mean": float(f"{mean:.6g}"),
                "crps": float(f"{score:.6g}"),
            }
        )
    return lines


def _against(held: Any, shipped: Any) -> float | None:
    if not held or not shipped:
        return None
    ratios = [one["crps"] / other["crps"] for one, other in zip(held, shipped, strict=True)]
    return round(float(np.exp(np.mean(np.log(ratios)))), 3)


def _years(lives: Sequence[Mapping[str, float] | None], count: int) -> list[_Year]:
    found = []
    for history, life in enumerate(lives):
        for number in range(1, count + 1):
            prefix = f"{number}/"
            moments = {
                name.removeprefix(prefix): value
                for name, value in (life or {}).items()
                if name.startswith(prefix)
            }
            if moments:
                found.append(_Year(history, number, moments))
    return found


def _effects(
    kept: Sequence[_Year],
    weights: F64,
    draws: Sequence[Draw],
    run: Run,
    name: str,
    change: Change,
    amount: Amount,
) -> tuple[dict[str, Any], int]:
    """Some of the kept years lived again as `fupin run` lives them, with their luck."""
    rng = np.random.default_rng([FIRST, len(kept)])
    tasks = []
    for place in drawn(weights, min(amount.effects, len(kept)), rng):
        year = kept[place]
        draw = draws[year.history]
        assert draw.luck is not None
        luck = OwnLuck(draw.luck.history, year_key(draw.luck.history, year.number))
        label = f"{name}:{year.history + 1}:{year.number}"
        tasks.append((Draw(label, draw.overrides, draw.places, luck), 1))
    lived, failures = run(outcomes_of, tasks, {}, f"{name}, effects", change)
    runs = [one for one in lived if one is not None]
    known = [outcome for outcome in EFFECTS if runs and all(outcome in one for one in runs)]
    return {outcome: statistics([[one[outcome]] for one in runs]) for outcome in known}, len(
        failures
    )
