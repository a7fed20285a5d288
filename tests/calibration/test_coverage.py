"""Coverage of the default design: known where it can be known, and as asked on the shipped rows."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from fupin import paths
from fupin.calibration.coverage import LEAST, MEAN, coverage, summary
from fupin.results.posterior_table import OUTCOMES, is_calibrated


@pytest.mark.parametrize("skewed", [False, True])
def test_twenty_rows_hold_nine_further_runs_of_ten_whatever_the_distribution(skewed: bool) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(400, 6))
    x = np.exp(1.5 * x) if skewed else x
    rows = [{f"o{i}": float(v) for i, v in enumerate(row)} for row in x]
    # Between the 1.05th and the 19.95th of twenty numbers lie 18.9 of 21 further ones.
    for share in coverage(rows, designs=400).values():
        assert share == pytest.approx(18.9 / 21, abs=0.02)


def test_fewer_rows_than_percentiles_need_hold_less() -> None:
    rng = np.random.default_rng(4)
    rows = [{"o": float(v)} for v in rng.normal(size=300)]
    assert coverage(rows, rows=5)["o"] == pytest.approx(4 / 6, abs=0.03)


def test_what_never_varies_or_is_not_known_of_every_row_is_left_out() -> None:
    rows = [{"same": 1.0, "moves": float(i)} for i in range(30)]
    rows[3] = {**rows[3], "rare": 2.0}
    assert set(coverage(rows)) == {"moves"}
    with pytest.raises(ValueError, match="leave none"):
        coverage(rows[:20])


@pytest.mark.skipif(not is_calibrated(), reason="no posterior is committed yet")
def test_the_default_run_of_the_shipped_rows_holds_what_it_says() -> None:
    with (paths.calibration() / OUTCOMES).open(encoding="utf-8", newline="") as file:
        rows = [
            {name: float(value) for name, value in row.items() if value}
            for row in csv.DictReader(file)
        ]
    found = summary(coverage(rows))
    assert MEAN[0] <= found["mean"] <= MEAN[1]
    assert found["least_share"] >= LEAST, found
