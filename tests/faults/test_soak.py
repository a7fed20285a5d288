"""Many runs: memory does not grow, and whatever a plan asks for, the accounts of the world hold.

Few here; in full, with FUPIN_SOAK=10000 and FUPIN_PLANS=1000 in the environment:
`uv run pytest -m slow tests/faults/test_soak.py`.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from fupin.lives.one_run import simulate
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.results.draws import CENTRAL, Draw
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.state.register import Service
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from scipy import stats

RUNS = int(os.environ.get("FUPIN_SOAK", "2000"))
PLANS = int(os.environ.get("FUPIN_PLANS", "200"))
TINY = 0.002
A_DRAW = 10
"""Runs with one parameter vector before the next: what is kept for each would add up too."""

LEAK = 1024.0
"""Bytes a run that would be a leak: 10 MB over 10,000 runs."""

Notes = npt.NDArray[np.int64]

DOCUMENT = load_scenario("fupin:2009-document").model_dump(mode="json", by_alias=True)


# -- many runs in one process ----------------------------------------------------------------------


HELD = ("resident", "blocks", "files", "threads")
"""What a process holds: bytes in memory, Python's own blocks, open files, threads."""


def held() -> tuple[int, ...]:
    """Numbers of HELD for this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    files = len(list(Path("/proc/self/fd").iterdir()))
    size = pages * os.sysconf("SC_PAGE_SIZE")
    return size, sys.getallocatedblocks(), files, threading.active_count()


class Growth(NamedTuple):
    """A straight line through what was held: by how much it rises with every run, and its error."""

    per_run: float
    error: float

    @classmethod
    def of(cls, values: Notes, every: int) -> Growth:
        """Of values noted after every so many runs.

        Memory goes up and down in steps that last for many notes, so neighbours are averaged into
        a tenth as many first; with single notes the error would be far too small.
        """
        groups = min(10, len(values) // 2)
        means = [part.mean() for part in np.array_split(values, groups)]
        runs = np.arange(groups) * len(values) / groups * every
        fit = stats.linregress(runs, means)
        return cls(float(fit.slope), float(fit.stderr))

    def at_least(self) -> float:
        """What it grows by for certain."""
        return self.per_run - 2 * self.error


def soak(runs: int, every: int, leak: int = 0) -> dict[str, Notes]:
    """Live the whole plan again and again with every programme on; note what is held.

    The first tenth is not noted: caches fill in it, and the heap takes its shape.

    Args:
        every: so many runs lie between two notes.
        leak: bytes to lose in every run, so that a test can see that a leak would be seen.

    Returns:
        the notes by the names of HELD.
    """
    plan = Scenario.model_validate({**DOCUMENT, "population": {"sample": TINY}})
    assert len(plan.programmes.active()) == len(PROGRAMME_KEYS) - 1  # all but cash
    notes = np.zeros((runs // every, len(HELD)), np.int64)  # made first: notes are no growth
    lost = []
    for run in range(1, runs + 1):
        vector = _prior_vector((run - 1) // A_DRAW)
        result = simulate(plan, Draw("soak", vector), run)
        assert result.outcomes["registered_poor_end"]
        if leak:
            lost.append(os.urandom(leak))
        if run % every == 0:
            notes[run // every - 1] = held()
    assert sum(map(len, lost)) == runs * leak
    first = max(len(notes) // 10, 1)
    return dict(zip(HELD, notes[first:].T, strict=True))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_runs() -> None:
    """Short, so only what is large is seen: a run that is kept has thousands of blocks."""
    notes = soak(60, 10)
    assert np.ptp(notes["resident"]) < 24 * 2**20, notes
    assert notes["blocks"][-1] - notes["blocks"][0] < 400, notes
    assert np.ptp(notes["files"]) == np.ptp(notes["threads"]) == 0, notes


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_many_runs() -> None:
    every = max(RUNS // 200, 10)
    notes = soak(RUNS, every)
    memory, blocks = Growth.of(notes["resident"], every), Growth.of(notes["blocks"], every)
    megabytes = notes["resident"] / 2**20
    print(
        f"\n{RUNS:,} runs with {RUNS // A_DRAW:,} parameter vectors; megabytes in memory:"
        f" {megabytes.min():.1f} to {megabytes.max():.1f}, in turn"
        f" {np.round(megabytes[:: max(len(megabytes) // 9, 1)], 1)}\n"
        f"growth: {memory.per_run:.1f} ± {memory.error:.1f} bytes a run,"
        f" {blocks.per_run:.4f} ± {blocks.error:.4f} of Python's blocks;"
        f" open files {np.unique(notes['files'])}, threads {np.unique(notes['threads'])}"
    )
    assert memory.at_least() < LEAK
    assert RUNS < 2000 or memory.error < LEAK, "too noisy to see a leak"
    assert blocks.at_least() < 0.5
    assert np.ptp(notes["files"]) == np.ptp(notes["threads"]) == 0, notes


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_leak_would_be_seen() -> None:
    """A process that loses 30 kB a run, which the test above must not let pass."""
    notes = soak(600, 10, leak=30_000)
    memory, blocks = Growth.of(notes["resident"], 10), Growth.of(notes["blocks"], 10)
    print(f"\nlost 30,000 bytes and one object a run; seen: {memory}, {blocks}")
    assert 15_000 < memory.per_run < 45_000
    assert memory.at_least() > LEAK
    assert blocks.at_least() > 0.5


# -- plans by chance -------------------------------------------------------------------------------


def plan_by_chance(chance: random.Random, number: int) -> dict[str, Any]:
    """A valid plan that nobody would write: budgets from nothing to a hundredfold, odd places.

    Args:
        chance: Python's own, or hypothesis' in its place, which finds the smallest plan that fails.
        number: of the vector of parameters, of which twelve are taken.
    """
    programmes = {}
    for key, given_settings in DOCUMENT["programmes"].items():
        if chance.random() < 0.25 or not given_settings:
            continue
        asked = {k: v for k, v in given_settings.items() if v is not None}
        factor = chance.choice((0, 0.001, 0.1, 1, 1, 3, 100))
        budget = asked["budget"]
        asked["budget"] = (
            {year: round(yuan * factor) for year, yuan in budget.items()}
            if isinstance(budget, dict)
            else round(budget * factor)
        )
        for part in list(asked):
            if isinstance(asked[part], dict) and "budget" in asked[part]:
                asked.pop(part)  # a part must not be larger than its programme
        if chance.random() < 0.3:
            asked["places_per_month"] = chance.choice((0, 1, 50, 100_000))
        if chance.random() < 0.3:
            asked["counties"] = chance.choice(("all", "key", ["Daming"], ["Chicheng", "魏县"]))
        programmes[key] = asked
    end = chance.choice(("2009-12", "2009-12", "2009-07", "2010-12"))
    names = chance.sample(sorted(_PRIORS), 12)
    return {
        "name": f"plan-{number}",
        "period": {"start": chance.choice(("2009-01", "2009-01", "2009-04")), "end": end},
        "population": {"sample": TINY},
        "counting": chance.choice(("register", "task", "survey", "quota")),
        "displacement": chance.random() < 0.3,
        "quota": chance.choice((0, 200_000, 5_000_000)),
        "assets": chance.choice(("smooth", "threshold")),
        "weather": chance.choice(("historical", "mean", "chance")),
        "growth": chance.choice(("document", "none")),
        "household_shocks": chance.random() < 0.8,
        "recognition": chance.random() < 0.8,
        "programmes": programmes,
        "shocks": {
            "dry": {
                "drought": {
                    "counties": chance.choice(("all", ["Daming"])), "from": "2009-04",
                    "months": chance.randint(1, 8), "severity": chance.choice((0.01, 0.5, 1)),
                }
            }
        } if chance.random() < 0.4 else {},
        "history": {
            "parameters": {n: v for n, v in _prior_vector(number).items() if n in names[:8]}
        },
        "parameters": {
            n: v
            for n, v in _prior_vector(number).items()
            if n in names[8:] and load_book()[n].acts != "start"
        },
    }  # fmt: skip


def _uncertain() -> tuple[str, ...]:
    book = load_book()
    return tuple(name for name in book if book[name].distribution is not None)


_PRIORS = _uncertain()


def _prior_vector(number: int) -> dict[str, float]:
    return load_book().sample_prior(_PRIORS, 1, number)[0]


def check_world(model: PovertyModel, households: int) -> None:
    """Everything that must hold at the end of every month."""
    h = model.households
    assert h.size.size == households == int(model.frame.households.size.size)
    for name, column in zip(h._fields, h, strict=True):
        if column.dtype.kind == "f":
            assert np.isfinite(column).all(), name
    for name in ("base", "assets", "income", "plan"):
        assert (getattr(h, name) >= 0).all(), name
    assert (h.size >= 1).all()
    assert (h.migrants <= h.labour).all()
    assert (h.labour.astype(int) + h.elderly + h.children <= h.size).all()
    for flag in ("frail", "rank_half", "registered"):
        assert (getattr(h, flag) <= 1).all(), flag
    assert (h.served <= max(Service)).all()
    weight = model.villages.weight
    persons = np.bincount(model.villages.of_household, h.size, weight.size).astype(np.int64)
    assert (model.registered_by_village <= persons).all()
    assert 0 <= model.registered_poor <= int(weight @ persons)
    assert 0 <= model.income_poor <= int(weight @ persons)

    assert model.ledger.imbalance() == 0
    for column in ("released", "delivered", "lost", "returned", "closing"):
        assert (getattr(model.ledger, column) >= 0).all(), column
    for programme in model.programmes:
        if programme.key == "mutual_funds":
            funds: Any = programme
            assert (funds.fund_cash >= 0).all()
            assert np.array_equal(funds.fund_cash + funds.outstanding(), funds.equity)
            held = model.sum_by_county(weight * funds.fund_cash)
            assert (model.ledger.available(funds.index) >= held).all()
            for before, lent in _LENT:
                assert (lent <= before).all()
    _LENT.clear()
    for value in np.ravel(
        np.concatenate([np.ravel(np.asarray(x, float)) for x in model.world.hazards])
    ):
        assert 0 <= value <= 1


_LENT: list[tuple[np.ndarray, np.ndarray]] = []


def watch_lending(model: PovertyModel) -> None:
    """Note what every fund could lend before it lent, and what it lent."""
    for programme in model.programmes:
        if programme.key == "mutual_funds":
            funds: Any = programme
            lend = funds._lend

            def watched(funds: Any = funds, lend: Any = lend) -> None:
                before = funds.fund_cash.copy()
                lend()
                _LENT.append((before, before - funds.fund_cash))

            funds._lend = watched


def live(plan: dict[str, Any], number: int) -> None:
    """One plan, month by month; `number` is the seed."""
    scenario = Scenario.model_validate(plan)
    model = PovertyModel(scenario, rng=number + 1)
    households = model.households.size.size
    watch_lending(model)
    while model.running:
        model.step()
        check_world(model, households)
    result = simulate(scenario, CENTRAL, number)
    values = result.outcomes
    for key in ("fgt0", "fgt1", "fgt2", "gini"):
        assert values[key] is None or 0 <= values[key] <= 1, key
    for key, programme in result.programmes.items():
        assert key in PROGRAMME_KEYS
        spent = (programme["delivered"] or 0) + (programme["lost"] or 0)
        if key not in ("mutual_funds", "microfinance", "loan_guarantee", "subsidised_loans"):
            assert spent <= (programme["budget"] or 0) + 1, key  # revolving money is lent again


@pytest.mark.parametrize("number", range(5))
def test_every_account_holds_in_plans_by_chance(number: int) -> None:
    live(plan_by_chance(random.Random(f"plan {number}"), number), number)


@pytest.mark.slow
def test_every_account_holds_in_many_plans_by_chance() -> None:
    seen: set[str] = set()

    @settings(
        max_examples=3 * PLANS, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.randoms(), st.integers(0, 10**6))
    def hold(chance: random.Random, number: int) -> None:
        plan = plan_by_chance(chance, number)
        if str(plan) in seen or len(seen) == PLANS:  # hypothesis likes some more than once
            return
        note(str(plan))
        live(plan, number)
        seen.add(str(plan))

    hold()
    print(f"\n{len(seen):,} different plans by chance: every account held every month")
    assert len(seen) == PLANS
