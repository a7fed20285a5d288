"""Small models of a plan, for tests of programmes; villages of sample 0.02 weigh about 50."""

from __future__ import annotations

from typing import Any

import numpy as np
from fupin.model import PovertyModel
from fupin.programmes.base import Programme
from fupin.scenario.schema import Scenario

NO_OLD_FUNDS = {"mutual_funds.old_villages": 0.0, "mutual_funds.all_villages": 0.0}
"""A province without village funds of earlier years: nothing goes on where no programme is on."""


class Remembered(PovertyModel):
    """A model that remembers what its households earned in each year.

    Attributes:
        incomes: yuan per person of every settled year, (N,).
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.incomes: dict[int, np.ndarray] = {}
        super().__init__(*args, **options)

    def step(self) -> None:
        """One month."""
        year, december = self.year, self.month == 12
        super().step()
        if december:
            self.incomes[year] = self.households.income.copy()


def model_of(
    programmes: dict[str, Any],
    end: str = "2009-12",
    parameters: dict[str, float] | None = None,
    sample: str | float = 0.02,
    steps: int | None = None,
    **rest: Any,
) -> Remembered:
    """A model from January 2009 that has lived to `end` or for `steps` months."""
    plan = Scenario.model_validate(
        {
            "name": "test",
            "title": "test",
            "period": {"start": "2009-01", "end": end},
            "programmes": programmes,
            "history": {"parameters": parameters or {}},
            **rest,
        }
    )
    model = Remembered(plan, rng=1, sample=sample)
    lived = 0
    while model.running and (steps is None or lived < steps):
        model.step()
        lived += 1
    return model


def programme_of(model: PovertyModel, key: str) -> Any:
    """The programme with a key."""
    (found,) = [p for p in model.programmes if p.key == key]
    assert isinstance(found, Programme)
    return found


def money(model: PovertyModel, key: str) -> dict[str, int]:
    """Yuan released, delivered, lost and returned by a programme since the start."""
    index = programme_of(model, key).index
    return {
        column: int(model.ledger.totals(column)[index])
        for column in ("released", "delivered", "lost", "returned")
    }


def log_gain(model: PovertyModel, twin: PovertyModel) -> np.ndarray:
    """Log income of the last settled year beside the twin's, by household."""
    return np.log(model.households.income) - np.log(twin.households.income)


def log_gain_of(year: int, model: Remembered, twin: Remembered) -> np.ndarray:
    """Log income of a year beside the twin's, by household."""
    return np.log(model.incomes[year]) - np.log(twin.incomes[year])


def columns_differ(model: PovertyModel, twin: PovertyModel) -> list[str]:
    """Household columns that are not the same bytes in both."""
    pairs = zip(model.households, twin.households, strict=True)
    names = type(model.households)._fields
    return [n for n, (a, b) in zip(names, pairs, strict=True) if a.tobytes() != b.tobytes()]
