"""A sweep folder whose runs follow a formula, so that what drives them is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas
from fupin.sweeps.folder import SCHEMA

Formula = Callable[[dict[str, Any], dict[str, float], int], dict[str, float | None]]
"""Outcomes of a run from its factors, the parameters of its draw and its seed."""


def luck(*what: Any) -> float:
    """A standard normal deviate that belongs to these words."""
    digest = hashlib.blake2b(repr(what).encode(), digest_size=8).digest()
    return float(np.random.default_rng(int.from_bytes(digest, "little")).normal())


def write_sweep(
    folder: Path,
    points: Sequence[dict[str, Any]],
    formula: Formula,
    *,
    design: str = "grid",
    draws: Sequence[dict[str, float]] = ({},),
    seeds: Sequence[int] = (1, 2),
) -> Path:
    """Write `sweep.json` and `runs.parquet` of points x draws x seeds; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = [f"prior:{i}" for i in range(1, len(draws) + 1)]
    rows = []
    for p, point in enumerate(points, start=1):
        for label, draw in zip(labels, draws, strict=True):
            for seed in seeds:
                run = hashlib.sha256(f"{point}{label}{seed}".encode()).hexdigest()[:32]
                lead = {"run": run, "point": p, "seed": seed, "draw": label}
                rows.append({**lead, **point, **formula(point, draw, seed)})
    pandas.DataFrame(rows).to_parquet(folder / "runs.parquet")
    about = {
        "schema": SCHEMA,
        "name": folder.name,
        "design": design,
        "points": len(points),
        "seeds": list(seeds),
        "draws": [
            {"label": label, "overrides": draw} for label, draw in zip(labels, draws, strict=True)
        ],
        "factors": list(points[0]),
    }
    (folder / "sweep.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def three_plans(folder: Path, vectors: int = 40) -> Path:
    """Three plans over draws and two forms: what drives them is planted.

    `lifted` falls by 60,000 under `survey` and with the chance of a review below 0.4; training is
    best where the premium is above 0.1, the poorest counties elsewhere.
    """
    rng = np.random.default_rng(3)
    draws = [
        {
            "register.review_probability": float(rng.uniform(0.1, 0.9)),
            "programmes.training_premium": float(rng.uniform(0.0, 0.2)),
            "livelihood.persistence": float(rng.uniform(0.4, 0.9)),
        }
        for _ in range(vectors)
    ]
    points = [
        {"plan": plan, "counting": counting}
        for plan in ("as-it-is", "training", "poorest-first")
        for counting in ("register", "survey")
    ]

    def formula(point: dict[str, Any], draw: dict[str, float], seed: int) -> dict[str, Any]:
        lifted = 200_000 + 200_000 * (draw["register.review_probability"] - 0.5)
        lifted -= 60_000 * (point["counting"] == "survey")
        lifted += 8_000 * luck("year", seed, draw["livelihood.persistence"])
        effect = {
            "as-it-is": 0.0,
            "training": 100_000 * draw["programmes.training_premium"],
            "poorest-first": 10_000.0,
        }[point["plan"]]
        return {
            "lifted": lifted + effect,
            "income_poor_end": 3e6 - effect + 1e5 * draw["livelihood.persistence"],
            "additional_jobs": None,
        }

    return write_sweep(folder, points, formula, draws=draws)
