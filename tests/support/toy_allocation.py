"""A province of closed form in place of worlds: a search of it costs little and is real otherwise.

Every programme does in every county gain x (1 - exp(-money / reach)) person-years, with a factor of
the county; a pair of draw and seed has luck that grows with the money that moves.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from fupin.results.draws import Draw
from fupin.scenario.county_money import CountyMoney
from fupin.scenario.programme_catalogue import CLASS_OF, PROGRAMME_KEYS
from fupin.scenario.schema import Scenario

COUNTIES = (130722, 130732, 130828, 130425, 130630, 130922)
"""Zhangbei, Chicheng, Weichang, Daming, Laiyuan, Dongguang; of a share each that is not equal."""
SHARES = np.array([0.3, 0.25, 0.15, 0.12, 0.1, 0.08])
FACTORS = np.array([1.5, 0.6, 1.2, 0.9, 0.7, 1.1])
"""What money does in each county, times the same share elsewhere."""
REACH = 60_000_000
NOISE = 4e-6
"""Standard deviation of luck, person-years a yuan that a county gets."""


def gain_of(key: str, draw: Draw) -> float:
    """Person-years that endless money of a programme brings, in a draw."""
    place = PROGRAMME_KEYS.index(key)
    told = draw.overrides.get("training.hazard_scale", 0.0)
    return 4000.0 * (1 + place % 5) * (1.0 + 0.1 * told * (place % 3 - 1))


def money_in(plan: Scenario, key: str) -> np.ndarray:
    """Yuan of each county, as the plan says it or in SHARES."""
    budget = plan.programmes.of(key).budget
    if isinstance(budget, CountyMoney):
        return np.array(
            [
                plan.calendar_with(key, CountyMoney({c: budget.counties[c]})).total
                if c in budget.counties
                else 0
                for c in COUNTIES
            ],
            np.float64,
        )
    return plan.calendar(key).total * SHARES


def live_world(task: Mapping[str, Any], draw: Draw, seed: int) -> dict[str, float | None]:
    """In place of `fupin.allocation.worlds.live_world`; each call is a line of FUPIN_TOY_LOG."""
    plan = Scenario.model_validate(task["plan"])
    own, luck = Draw.of_record(task["draw"]), int(task["seed"])
    numbers: dict[str, float | None] = {}
    total, cost = np.zeros(len(COUNTIES)), 0.0
    for programme in plan.programmes.active():
        key = programme.key
        money = money_in(plan, key)
        if not money.sum():
            continue
        words = f"{key}/{own.label}/{own.record()}/{luck}".encode()
        chance = np.random.default_rng(int.from_bytes(hashlib.blake2b(words).digest()[:8]))
        gain = gain_of(key, own) * SHARES * FACTORS
        total += gain * (1 - np.exp(-money / (REACH * SHARES)))
        total += NOISE * money * chance.normal(size=money.size)
        share = 0.5 if key == "minimum_living" else 0.0
        numbers |= {
            f"{key}/budget": float(money.sum()), f"{key}/delivered": float(money.sum()),
            f"{key}/persons": float(money.sum() / 1000),
            f"{key}/unspent/need": share * float(money.sum()),
        }  # fmt: skip
        for code, yuan in zip(COUNTIES, money.tolist(), strict=True):
            if yuan:
                numbers[f"{key}/released/{code}"] = yuan
                numbers[f"{key}/unspent_in/{code}/need"] = share * yuan
        cost += 0.0 if CLASS_OF[key] == "credit" else float(money.sum()) * (1 + len(key) % 3)
    for code, poor in zip(COUNTIES, (50_000.0 - total).tolist(), strict=True):
        numbers[f"county/{code}/income_poor_years"] = poor
    numbers |= {
        "goal/person_years_out": float(total.sum()), "goal/gap_closed": float(900 * total.sum()),
        "outcome/resource_cost": cost, "goal/resource_cost": -cost, "outcome/spent": cost,
        "goal/spent": -cost, f"cost/{plan.period.start.year}": cost,
    }  # fmt: skip
    if log := os.environ.get("FUPIN_TOY_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write("world\n")
    return numbers
