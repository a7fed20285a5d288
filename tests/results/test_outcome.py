"""The record of a run refuses what is incomplete or no number."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, defined
from made_up_runs import KEYS, result

PROMISED = (
    "registered_poor_start", "registered_poor_end", "lifted", "gross_exits", "entries",
    "income_poor_start", "income_poor_end", "trained", "placed", "employment_rate",
    "additional_jobs", "additional_income_channel", "additional_recognition_channel", "spent",
    "fgt0", "fgt1", "fgt2", "gini", "mean_income",
)  # fmt: skip


def test_the_promised_outcomes_come_first_and_in_order() -> None:
    assert tuple(OUTCOMES)[: len(PROMISED)] == PROMISED
    assert tuple(PROGRAMME_OUTCOMES) == (
        "budget", "delivered", "lost", "unspent", "households", "persons",
        "spent", "resource_cost", "under_way",
    )  # fmt: skip


def test_every_outcome_says_what_it_is() -> None:
    for key, outcome in (OUTCOMES | PROGRAMME_OUTCOMES).items():
        assert outcome.key == key
        assert outcome.unit in {
            "persons", "person-years", "households", "jobs", "yuan", "yuan/person", "ratio",
            "share", "index",
        }  # fmt: skip
        assert outcome.kind in {"flow", "stock", "index"}
        assert len(outcome.description) > 10
        if key.endswith(("_start", "_end")):
            assert outcome.kind == "stock"


def test_a_result_survives_the_way_between_processes() -> None:
    run = result(seed=3)
    copy = pickle.loads(pickle.dumps(run))
    assert (copy.draw, copy.seed, copy.outcomes) == (run.draw, run.seed, run.outcomes)
    table = copy.tables["county_by_year"]
    assert np.array_equal(table["county"], run.tables["county_by_year"]["county"])


def test_nan_missing_and_unknown_outcomes_are_refused() -> None:
    run = result()
    with pytest.raises(ValueError, match="lifted is nan"):
        replace(run, outcomes=run.outcomes | {"lifted": math.nan})
    with pytest.raises(ValueError, match="figures: S40 is inf"):
        replace(run, figures={"S40": math.inf})
    with pytest.raises(ValueError, match="happiness"):
        replace(run, outcomes=run.outcomes | {"happiness": 1.0})
    with pytest.raises(ValueError, match="relocation: missing"):
        replace(run, programmes=run.programmes | {"relocation": {"budget": 1.0}})
    with pytest.raises(ValueError, match="2009 holds"):
        replace(run, by_year={2009: run.outcomes})
    fewer = {key: run.programmes[key] for key in KEYS[1:]}
    with pytest.raises(ValueError, match="other programmes"):
        replace(run, by_year={2009: {"outcomes": run.outcomes, "programmes": fewer}})
    with pytest.raises(ValueError, match="lengths"):
        replace(run, tables={"t": {"a": np.zeros(2), "b": np.zeros(3)}})


def test_defined_turns_nan_into_none() -> None:
    assert defined(np.float64(math.nan)) is None
    assert type(defined(np.float32(2))) is float
