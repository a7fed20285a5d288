"""The posterior that runs use, once it is there: made from these targets and priors, and good."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from fupin import paths
from fupin.calibration.files import read_runs
from fupin.calibration.space import load_space
from fupin.calibration.targets import POSTERIORS, fitted, load_targets
from fupin.parameters.book import load_book
from fupin.results.posterior_table import (
    hash_of,
    is_calibrated,
    medoid_values,
    read_manifest,
    read_posterior,
)

pytestmark = pytest.mark.skipif(not is_calibrated(), reason="no posterior is committed yet")
SPACE = load_space()

CALIBRATION_PAGE = (Path(__file__).parents[2] / "docs" / "calibration.md").read_text("utf-8")


def test_it_was_made_from_these_targets_and_priors() -> None:
    """Whoever changes a target or a prior has to calibrate again."""
    manifest = read_manifest()
    text = (paths.calibration() / "targets.yaml").read_text("utf-8")
    assert manifest["hashes"]["targets"] == hash_of(text)
    assert manifest["hashes"]["priors"] == SPACE.fingerprint()
    assert manifest["plan"] == "2009-document" and manifest["sample"] == "default"
    targets = load_targets()
    for posterior in POSTERIORS:
        names = [target.name for target in fitted(targets, posterior)]
        assert manifest["fitted"][posterior] == names


def test_rows_are_valid_and_shuffled() -> None:
    names = (*SPACE.names, *SPACE.others)
    book = load_book()
    for posterior in POSTERIORS:
        rows = read_posterior(posterior, names=names)
        assert len(rows) == 200 and len({json.dumps(row) for row in rows}) == 200
        for row in rows:
            book.values(row)  # inside every range, shares sum to one
        z = SPACE.normals(rows)
        # Rows next to each other are no more alike than others.
        steps = np.abs(np.diff(z, axis=0)).mean()
        apart = np.abs(z[:, None] - z[None]).mean()
        assert steps > 0.9 * apart
    assert set(medoid_values()) == set(SPACE.names)


def test_its_emulators_pass_and_its_chains_are_long() -> None:
    manifest = read_manifest()
    failed = [name for name, check in manifest["emulators"].items() if not check["passed"]]
    assert failed == []
    for chain in manifest["chains"].values():
        assert chain["settled"] and chain["effective_draws"] >= 4000
        assert chain["largest_difference_between_starts_in_sd"] < 0.1
    assert len(manifest["failed"]) <= 0.02 * manifest["runs"]


def test_every_fitted_target_is_met_or_named_as_a_conflict() -> None:
    for posterior, fits in read_manifest()["fits"].items():
        for fit in fits:
            if fit["target"] in read_manifest()["fitted"][posterior]:
                assert abs(fit["off"]) <= 2 or fit["conflict"], fit["target"]
                # The page of the calibration says why.
                assert not fit["conflict"] or f"`{fit['target']}`" in CALIBRATION_PAGE


def test_posterior_b_agrees_with_what_it_was_fitted_to() -> None:
    fits = {fit["target"]: fit for fit in read_manifest()["fits"]["B"]}
    # By the emulator; what the model itself must do stands in test_posterior_predictive. Chance and
    # parameters that are not calibrated are 16,000 of a run's figure.
    assert fits["lifted"]["mean"] == pytest.approx(200_000, rel=0.06)
    assert fits["lifted"]["low"] > 120_000 and fits["lifted"]["high"] < 280_000
    assert 0.985 <= fits["employment_rate"]["mean"] <= 0.998


def test_the_method_knows_what_it_does_not_know_on_its_own_runs() -> None:
    """What `fupin calibrate --self-test` found on the runs that are committed."""
    found = json.loads((paths.calibration() / "self-test.json").read_text("utf-8"))
    assert found["sets"] >= 100
    # `passed` asks for two standard errors; docs/calibration.md says by how much the halves miss.
    for share, near in (("half", 0.025), ("ninety", 0.015)):
        held = np.mean([one[share] for one in found["parameters"]])
        assert held == pytest.approx({"half": 0.5, "ninety": 0.9}[share], abs=near)
    runs = (paths.calibration() / "runs.csv").read_text("utf-8")
    assert found["runs"] == hash_of(runs)


def test_its_runs_are_there_to_be_looked_at() -> None:
    runs = read_runs(SPACE)
    assert len(runs.seeds) == read_manifest()["runs"]
    assert set(runs.wave) == set(range(1, 2 + len(read_manifest()["settings"]["later"])))
