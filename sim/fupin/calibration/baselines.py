"""Naive predictions of what is held out: what somebody would say without a model.

From the evidence sheet of the project; none uses the figure that it predicts. A line from 5.7
million down by 0.25 million a year would, and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Baseline:
    """One naive prediction.

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


BASELINES: dict[str, tuple[Baseline, ...]] = {
    "registered_2009": (
        Baseline("no change since 2001", 5.7e6, 5.7e6),
        Baseline("a quota of 200,000 a year", 4.1e6, 4.1e6),
        Baseline("growth alone, one lognormal (Gini 0.33 to 0.40)", 1.7e6, 3.0e6),
        Baseline("pace of the national survey, -60%", 2.3e6, 2.3e6),
    ),
    "three_prefectures_2009": (
        Baseline("their share of key counties", 0.481, 0.481),
        Baseline("their share of listed villages", 0.395, 0.395),
        Baseline("their share of rural residents", 0.28, 0.28),
    ),
}
"""Target -> naive predictions of it."""
