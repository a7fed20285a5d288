"""The object version lives by the same rules as the columns: a claim that can fail."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from fupin.livelihood.rates import Rates
from fupin.model import PovertyModel
from fupin.world.start import Start, live_history
from small_runs import NO_OLD_FUNDS
from small_worlds import plan, to_the_end

from benchmarks.peers.mesa_objects import COPIED, ObjectModel, spread_villages

Column = npt.NDArray[np.float64]

COMPARED = (
    "income", "earned", "flow", "reserve", "assets", "migrants", "size", "labour", "children",
    "elderly",
)  # fmt: skip
SAMPLE = 0.002
HOUSEHOLDS = 15_000


@cache
def lived() -> tuple[Start, PovertyModel, npt.NDArray[np.int64]]:
    """A start, columns that have lived 2009 from it without programmes, rows of some villages."""
    world = plan(parameters=NO_OLD_FUNDS, period={"start": "2009-01", "end": "2009-12"})
    start = live_history(world, 1, sample=SAMPLE)
    columns = to_the_end(PovertyModel(world, rng=1, start=start.copy()))
    return start, columns, spread_villages(start.core.villages.offsets, HOUSEHOLDS)


def objects(rates: Rates | None = None) -> ObjectModel:
    """Objects that have lived 2009 from the same start."""
    start, columns, villages = lived()
    model = ObjectModel(start, columns.plan, villages, rng=7, rates=rates)
    for _ in range(12):
        model.step()
    return model


def differences(model: ObjectModel) -> dict[str, float]:
    """Standardised difference, objects less columns, of each quantity's mean.

    Households of a village follow one another in migration, so villages are what is independent:
    the standard error comes from the spread of the difference between villages.
    """
    _, columns, villages = lived()
    offsets = columns.villages.offsets
    rows = np.concatenate([np.arange(offsets[v], offsets[v + 1]) for v in villages])
    group = np.repeat(np.arange(villages.size), np.diff(offsets)[villages])

    def standardised(here: Column, there: Column) -> float:
        total = np.bincount(group, here - there)
        return float(total.sum() / (total.std(ddof=1) * np.sqrt(total.size)))

    found = {
        name: standardised(
            model.column(name), getattr(columns.households, name)[rows].astype(np.float64)
        )
        for name in COMPARED
    }
    hit, hit_there = model.column("hit"), columns.households.hit[rows]
    for code, kind in enumerate(("illness", "death", "disaster"), start=1):
        found[kind] = standardised((hit == code) * 1.0, (hit_there == code) * 1.0)
    found["crashes"] = standardised((hit > 0) * 1.0, (hit_there > 0) * 1.0)
    log_income = np.log(model.column("income"))
    log_there = np.log(columns.households.income[rows].astype(np.float64))
    found["log income"] = standardised(log_income, log_there)
    found["spread"] = standardised(
        (log_income - log_there.mean()) ** 2, (log_there - log_there.mean()) ** 2
    )
    return found


def test_both_start_from_the_same_households() -> None:
    start, columns, villages = lived()
    model = ObjectModel(start, columns.plan, villages, rng=7)
    offsets = start.core.villages.offsets
    rows = np.concatenate([np.arange(offsets[v], offsets[v + 1]) for v in villages])
    for name in COPIED:
        there = getattr(start.core.households, name)[rows]
        assert np.array_equal(model.column(name), there.astype(np.float64)), name


def test_a_year_later_they_do_not_differ_beyond_chance() -> None:
    found = differences(objects())
    assert all(abs(z) < 4 for z in found.values()), found


@pytest.mark.parametrize(
    ("rate", "factor", "shows_in"),
    [
        ("crash_probability", 1.7, "crashes"),
        ("transitory_sd", 1.7, "spread"),
        ("asset_adjustment", 1.3, "assets"),
    ],
)
def test_another_rule_would_show(rate: str, factor: float, shows_in: str) -> None:
    start, _, _ = lived()
    rates = start.core.rates
    other = rates._replace(**{rate: np.float32(getattr(rates, rate) * factor)})
    assert abs(differences(objects(other))[shows_in]) > 4


def test_villages_are_spread_over_the_province() -> None:
    offsets = np.arange(0, 1001, 10)
    assert spread_villages(offsets, 200).tolist()[::19] == [0, 99]
    with pytest.raises(ValueError, match="fewer than 2000"):
        spread_villages(offsets, 2000)
