"""The record of a Mesa model that was stepped to its end, as `fupin.lives` makes it of a world."""

from __future__ import annotations

from fupin.lives import one_run
from fupin.lives.series import COUNTS, MonthlySeries
from fupin.model import PovertyModel
from fupin.results.outcome import RunResult


def report(model: PovertyModel, draw: str, seed: int) -> RunResult:
    """`fupin.lives.one_run.report` with the months that Mesa's collector kept."""
    kept, series = model.datacollector.model_vars, MonthlySeries()
    series.calendar = kept["calendar"]
    series.counts = {name: kept[name] for name in COUNTS}
    return one_run.report(model.world, draw, seed, series)
