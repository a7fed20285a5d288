"""A whole calibration of a toy whose posterior is known."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from fupin.calibration.diagnostics import fits, learned, medoid, ridge
from fupin.calibration.files import read_runs, write_calibration
from fupin.calibration.manifest import manifest_of
from fupin.calibration.runs import run_many
from fupin.calibration.self_test import off_by_more_than_chance, self_test
from fupin.calibration.waves import Calibration, Settings, calibrate
from fupin.errors import InputError
from fupin.results.posterior_table import central_row, read_manifest, read_posterior
from toy_calibration import (
    CHANCE,
    NUISANCE,
    SPACE,
    TARGETS,
    exact_posterior,
    failing_at_times,
    linear,
)

SMALL = Settings(first=104, later=(20, 20), replicated=6, seeds=2, steps=200, rows=60)


def _run(function, tasks, what):  # type: ignore[no-untyped-def]
    return run_many(function, None, tasks, 1)


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrate(SPACE, TARGETS, partial(_run, linear), SMALL)


def test_posteriors_are_the_exact_ones(found: Calibration) -> None:
    by_name = {target.name: target for target in TARGETS}
    run = CHANCE**2 + NUISANCE**2 / 3  # chance, and a uniform nuisance that nobody calibrates
    for posterior, names in (("A", ("sum", "gap")), ("B", ("sum", "gap", "late"))):
        mean, covariance = exact_posterior(
            {name: by_name[name].value for name in names},
            {name: by_name[name].tolerance ** 2 + run for name in names},
        )
        z = found.chains[posterior].z  # type: ignore[index]
        assert z.mean(0) == pytest.approx(mean, abs=0.12)
        assert z.std(0) == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.15)


def test_emulators_pass_and_noise_is_split(found: Calibration) -> None:
    for moment, check in found.checks.items():
        assert check.passed and check.all >= 0.92, moment
        assert check.inflation >= 1.0
    linear_noise = [found.checks[name] for name in ("sum", "gap", "late")]
    assert np.mean([c.chance for c in linear_noise]) == pytest.approx(CHANCE, rel=0.35)
    assert np.mean([c.noise for c in linear_noise]) == pytest.approx(
        np.sqrt(CHANCE**2 + NUISANCE**2 / 3), rel=0.25
    )


def test_rows_hold_every_uncertain_parameter_and_others_come_from_the_prior(
    found: Calibration,
) -> None:
    for rows in found.rows.values():
        assert len(rows) == SMALL.rows
        assert all(set(row) == {*SPACE.names, *SPACE.others} for row in rows)
        nuisance = np.array([row["toy.nuisance"] for row in rows])
        assert abs(nuisance.mean()) < 0.05 and nuisance.std() == pytest.approx(0.577, abs=0.05)
        learned_about = np.array([row["toy.a"] for row in rows])
        assert abs(np.corrcoef(nuisance, learned_about)[0, 1]) < 0.4
    assert found.rows["A"] != found.rows["B"]


def test_what_was_not_learned_is_said(found: Calibration) -> None:
    by_name = {one.name: one for one in learned(SPACE, found.chains["B"].z)}
    assert by_name["toy.a"].learned and by_name["toy.b"].learned
    assert not by_name["toy.c"].learned
    assert by_name["toy.b"].posterior[0] > by_name["toy.b"].prior[0]


def test_held_out_figures_change_nothing() -> None:
    """The same calibration with another value of what is held out: the same posteriors, exactly."""
    tiny = replace(SMALL, first=32, later=(20,), replicated=2, seeds=1, steps=40)
    moved = [
        replace(target, value=target.value + 9.0) if target.role == "held_out" else target
        for target in TARGETS
    ]
    assert moved != TARGETS
    one, two = (
        calibrate(SPACE, targets, partial(_run, linear), tiny) for targets in (TARGETS, moved)
    )
    for posterior in ("A", "B"):
        assert np.array_equal(one.chains[posterior].z, two.chains[posterior].z)  # type: ignore[index]
        assert one.rows[posterior] == two.rows[posterior]  # type: ignore[index]


def test_targets_that_contradict_each_other_are_named(found: Calibration) -> None:
    assert not any(fit.conflict for fit in fits(found, "B") if fit.target in ("sum", "gap"))
    torn = [
        replace(target, value=-3.0, tolerance=0.05) if target.name == "late" else target
        for target in TARGETS
    ]
    wrong = replace(found, targets=torn)
    late = next(fit for fit in fits(wrong, "B") if fit.target == "late")
    assert late.conflict and late.apart > 2


def test_files_are_read_back_and_a_changed_table_is_refused(found: Calibration, tmp_path) -> None:  # type: ignore[no-untyped-def]
    manifest = manifest_of(found, {"plan": "toy", "sample": 1.0})
    write_calibration(tmp_path, found, manifest)
    names = (*SPACE.names, *SPACE.others)
    rows = read_posterior("B", tmp_path, names)
    assert rows == found.rows["B"]
    stored = read_manifest(tmp_path)
    assert stored["fitted"] == {"A": ["sum", "gap"], "B": ["sum", "gap", "late"]}
    assert central_row(tmp_path) == stored["medoid"]["B"] < len(rows)
    runs = read_runs(SPACE, tmp_path)
    assert runs.z == pytest.approx(found.runs.z, abs=1e-5)
    assert runs.moments[3] == pytest.approx(found.runs.moments[3])
    with pytest.raises(InputError, match="lacks or has too many: toy"):
        read_posterior("B", tmp_path, names[:-1])
    table = tmp_path / "posterior-B.csv"
    table.write_text(table.read_text().replace("toy.a", "toy.z"))
    with pytest.raises(InputError, match="not the one"):
        read_posterior("B", tmp_path, names)


def test_the_medoid_is_in_the_middle() -> None:
    rng = np.random.default_rng(3)
    z = rng.standard_normal((50, 3))
    z[7] = 0.0
    assert medoid(z) == 7


def test_without_its_names_there_is_no_ridge(found: Calibration) -> None:
    assert ridge(found) == []
    steps = ridge(found, SPACE.names)
    firsts = [step.parameters["toy.a"] for step in steps]
    assert firsts == sorted(firsts) and len(steps) == 5


def test_some_failed_runs_are_left_out_and_many_stop_it() -> None:
    tiny = replace(SMALL, first=30, later=(20,), replicated=2, seeds=1, steps=40)
    with pytest.raises(RuntimeError, match="failed"):
        calibrate(SPACE, TARGETS, lambda tasks, what: ([None] * len(tasks), []), tiny)
    found = calibrate(SPACE, TARGETS, partial(_run, failing_at_times), tiny)
    assert len(found.runs.seeds) == 45 and len(found.failures) == 5
    assert "nobody is poor" in found.failures[0].reason
    assert 10 not in found.runs.seeds


def test_the_self_test_covers_and_sees_an_emulator_that_is_too_sure(found: Calibration) -> None:
    good = self_test(SPACE, TARGETS, found.runs, found.emulators, sets=48)
    assert good.sets == 48
    assert good.half == pytest.approx(0.5, abs=2.5 * good.half_error)
    assert good.ninety == pytest.approx(0.9, abs=2.5 * good.ninety_error)
    assert off_by_more_than_chance(good) == []
    assert all(one.uniform > 1e-3 for one in good.parameters)

    class TooSure:
        """An emulator that is wrong by more than it says."""

        def __init__(self, emulator) -> None:  # type: ignore[no-untyped-def]
            self.emulator = emulator

        def without(self, rows):  # type: ignore[no-untyped-def]
            return TooSure(self.emulator.without(rows))

        def predict(self, z):  # type: ignore[no-untyped-def]
            mean, variance = self.emulator.predict(z)
            return mean + 0.8, variance / 20

        def mean_and_slope(self, z):  # type: ignore[no-untyped-def]
            mean, slope = self.emulator.mean_and_slope(z)
            return mean + 0.8, slope

    narrow = [replace(target, tolerance=0.02) for target in TARGETS]
    wrong = {name: TooSure(emulator) for name, emulator in found.emulators.items()}
    bad = self_test(SPACE, narrow, found.runs, wrong, sets=24)  # type: ignore[arg-type]
    assert not bad.passed
    assert {one.name for one in off_by_more_than_chance(bad)} >= {"toy.a"}
