"""Naive predictions of held-out figures: what the model has to be better than.

They stand in `calibration/baselines.yaml` beside the targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from fupin import paths

_KEYS = {"name", "low", "high", "source"}


@dataclass(frozen=True)
class Baseline:
    """One naive prediction of a target.

    Attributes:
        name: what it assumes.
        low, high: its prediction; equal where it is one number.
    """

    name: str
    low: float
    high: float

    def off(self, value: float) -> float:
        """Distance of a value from the prediction, 0 inside its range."""
        return max(self.low - value, value - self.high, 0.0)


@cache
def baselines() -> dict[str, tuple[Baseline, ...]]:
    """Target -> naive predictions of it.

    Raises:
        ValueError: an entry without name, low or source, with an unknown key or an empty range.
    """
    import yaml

    file = paths.calibration() / "baselines.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: dict[str, list[dict[str, Any]]] = yaml.load(file.read_text("utf-8"), loader)
    return {
        target: tuple(_baseline(target, one) for one in them) for target, them in entries.items()
    }


def _baseline(target: str, entry: dict[str, Any]) -> Baseline:
    if {"name", "low", "source"} - entry.keys() or entry.keys() - _KEYS:
        raise ValueError(f"baselines.yaml: {target}: {entry} needs name, low and source")
    low, high = float(entry["low"]), float(entry.get("high", entry["low"]))
    if low > high:
        raise ValueError(f"baselines.yaml: {target}: {entry} has no range")
    return Baseline(entry["name"], low, high)
