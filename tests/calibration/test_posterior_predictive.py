"""The real model at rows of the committed posterior B: 200 runs at the default sample."""

from __future__ import annotations

import pytest
from fupin.calibration.counts import load_counts
from fupin.calibration.requirements import required_counts, requirements
from fupin.calibration.space import load_space
from fupin.calibration.targets import load_targets
from fupin.calibration.validation import Amount, conflicts, posterior_predictive
from fupin.commands.calibrate import load_plan
from fupin.engine.one_scenario import usable_cores
from fupin.results.draws import lived_rows
from fupin.results.posterior_table import is_calibrated, read_manifest, read_posterior

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_calibrated(), reason="no posterior is committed yet"),
]


def test_posterior_b_does_what_is_required_of_it() -> None:
    from fupin.calibration.moments import moments
    from fupin.calibration.runs import run_many

    space = load_space()
    rows = read_posterior("B", names=(*space.names, *space.others))
    plan = load_plan()

    def run(tasks, what, twins, change):  # type: ignore[no-untyped-def]
        return run_many(moments, plan, tasks, usable_cores())

    amount = Amount(draws=100, seeds=1)
    found, errors, failures, _ = posterior_predictive(rows, run, amount, "B", lived_rows())
    assert len(failures) <= 2
    asked = requirements(load_targets(), found, errors, conflicts(read_manifest()), True)
    asked += required_counts(load_counts(), found)
    assert [one for one in asked if not one.passed] == []
