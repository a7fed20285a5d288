"""Many runs: memory does not grow, and whatever a plan asks for, the accounts of the world hold.

Few here; in full, with FUPIN_SOAK=10000 and FUPIN_PLANS=1000 in the environment:
`uv run pytest -m slow tests/faults/test_soak.py`.
"""

from __future__ import annotations

import gc
import os
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.experiments.draws import CENTRAL
from sim.experiments.simulate import simulate
from sim.model import PovertyModel
from sim.parameters.book import load_book
from sim.programmes.settings import PROGRAMME_KEYS
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario

RUNS = int(os.environ.get("FUPIN_SOAK", "2000"))
PLANS = int(os.environ.get("FUPIN_PLANS", "200"))
TINY = 0.002
GROWTH = 24 * 2**20
"""Bytes that a process may gain after it has settled: less than 3 kB a run over 10,000 runs."""

DOCUMENT = load_scenario("fupin:2009-document").model_dump(mode="json", by_alias=True)


def resident() -> int:
    """Bytes of this process in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def soak(runs: int, settled: int) -> list[int]:
    """Bytes in memory after `settled` runs and then every `settled` runs."""
    plan = Scenario.model_validate({**DOCUMENT, "population": {"sample": TINY}})
    sizes = []
    for seed in range(1, runs + 1):
        result = simulate(plan, CENTRAL, seed)
        assert result.outcomes["registered_poor_end"]
        if seed % settled == 0:
            sizes.append(resident())
    return sizes


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_runs() -> None:
    sizes = soak(60, 20)
    assert sizes[-1] - sizes[0] < GROWTH, sizes


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_many_runs() -> None:
    sizes = soak(RUNS, max(RUNS // 20, 20))
    print(f"\n{RUNS:,} runs, MB in memory: {[size >> 20 for size in sizes]}")
    assert sizes[-1] - sizes[0] < GROWTH


# -- plans by chance -------------------------------------------------------------------------------


def plan_by_chance(number: int) -> dict[str, Any]:
    """A valid plan that nobody would write: budgets from nothing to a hundredfold, odd places."""
    chance = random.Random(f"plan {number}")
    programmes = {}
    for key, settings in DOCUMENT["programmes"].items():
        if chance.random() < 0.25 or not settings:
            continue
        settings = {k: v for k, v in settings.items() if v is not None}
        factor = chance.choice((0, 0.001, 0.1, 1, 1, 3, 100))
        budget = settings["budget"]
        settings["budget"] = (
            {year: round(yuan * factor) for year, yuan in budget.items()}
            if isinstance(budget, dict)
            else round(budget * factor)
        )
        for part in list(settings):
            if isinstance(settings[part], dict) and "budget" in settings[part]:
                settings.pop(part)  # a part must not be larger than its programme
        if chance.random() < 0.3:
            settings["places_per_month"] = chance.choice((0, 1, 50, 100_000))
        if chance.random() < 0.3:
            settings["counties"] = chance.choice(("all", "key", ["Daming"], ["Chicheng", "魏县"]))
        programmes[key] = settings
    end = chance.choice(("2009-12", "2009-12", "2009-07", "2010-12"))
    names = chance.sample(sorted(_PRIORS), 12)
    return {
        "name": f"plan-{number}",
        "period": {"start": chance.choice(("2009-01", "2009-01", "2009-04")), "end": end},
        "population": {"sample": TINY},
        "counting": chance.choice(("register", "survey", "quota")),
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
        "parameters": {n: v for n, v in _prior_vector(number).items() if n in names},
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
    for flag in ("frail", "rank_half", "registered", "served"):
        assert (getattr(h, flag) <= 1).all(), flag
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
    for value in np.ravel(np.concatenate([np.ravel(np.asarray(x, float)) for x in model.hazards])):
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


def live(number: int) -> None:
    """One plan, month by month."""
    scenario = Scenario.model_validate(plan_by_chance(number))
    model = PovertyModel(scenario, rng=number)
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


def live_all(numbers: range) -> None:
    for number in numbers:
        try:
            live(number)
        except Exception as error:
            raise AssertionError(f"plan {number}: {plan_by_chance(number)}") from error


def test_every_account_holds_in_plans_by_chance() -> None:
    live_all(range(5))


@pytest.mark.slow
def test_every_account_holds_in_many_plans_by_chance() -> None:
    live_all(range(PLANS))
    print(f"\n{PLANS:,} plans by chance: every account held every month")
