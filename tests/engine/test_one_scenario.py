"""Runs on one process and on several give the same list, or one clear error."""

from __future__ import annotations

import os

import made_up_runs
import pytest
from fupin.engine.one_scenario import RunFailed, run, usable_cores
from fupin.errors import InputError
from fupin.files.to_json import to_json
from fupin.lives.summary import summarise
from fupin.results.draws import CENTRAL, Draw

TWO = [Draw("prior:1"), Draw("prior:2")]


def test_order_is_that_of_draws_and_seeds_whatever_finishes_first() -> None:
    progress: list[tuple[int, int]] = []
    alone = run({}, TWO, [3, 1], 1, made_up_runs.simulate)
    environment = dict(os.environ)
    pooled = run(
        {"parent": os.getpid()},
        TWO,
        [3, 1],
        2,
        made_up_runs.simulate_last_first,
        lambda p: progress.append((p.done, p.total)),
    )
    assert dict(os.environ) == environment
    asked = [("prior:1", 3), ("prior:1", 1), ("prior:2", 3), ("prior:2", 1)]
    for results in (alone, pooled):
        assert [(r.draw, r.seed) for r in results] == asked
    texts = {to_json(summarise(results, made_up_runs.KEYS)) for results in (alone, pooled)}
    assert len(texts) == 1
    assert progress[0] == (0, 4)
    assert progress[-1] == (4, 4)
    assert progress == sorted(progress)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_run_is_named(workers: int) -> None:
    with pytest.raises(RunFailed) as caught:
        run({}, [CENTRAL], [1, 2, 3], workers, made_up_runs.fail_at_seed_two)
    assert "draw central and seed 2" in str(caught.value)
    assert "no eligible household" in str(caught.value)
    assert "fail_at_seed_two" in caught.value.details  # the traceback reaches the user


@pytest.mark.parametrize("workers", [1, 2])
def test_a_mistake_of_the_user_stays_one(workers: int) -> None:
    with pytest.raises(InputError) as caught:
        run({}, [CENTRAL], [1, 2], workers, made_up_runs.mistake_of_the_user)
    assert str(caught.value) == "plan.yaml:3:7: There is no county Atlantis."


def test_a_killed_worker_is_explained() -> None:
    with pytest.raises(RunFailed, match="want of memory"):
        run({}, [CENTRAL], [1, 2], 2, made_up_runs.killed)


def test_what_does_not_pickle_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="does not pickle"):
        run({}, [CENTRAL], [1, 2], 2, lambda *_: made_up_runs.result())


def test_no_worker_is_refused() -> None:
    with pytest.raises(InputError, match="--workers 0"):
        run({}, [CENTRAL], [1], 0, made_up_runs.simulate)
    assert usable_cores() >= 1


def test_a_result_of_another_run_is_refused() -> None:
    with pytest.raises(RunFailed, match="reports draw central, seed 9"):
        run({}, [CENTRAL], [1], 1, lambda *_: made_up_runs.result("central", 9))
