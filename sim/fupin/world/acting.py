"""The shape that a month expects of whatever acts in it: the phases of a programme."""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt


class Acting(Protocol):
    """A programme as the month and the world see it (`fupin.programmes.base.Programme`).

    Attributes:
        key: its key in a plan.
        index: its account in the ledger.
        revolving: True keeps its stock of money over the year's end.
        local_jobs: jobs near home that exist because of it, persons, weights applied.
        counts: delivered counts of the calendar year so far, province, weights applied.
        counts_by_year: the same of the years that are over.
    """

    key: str
    revolving: ClassVar[bool]
    index: int
    local_jobs: int
    counts: dict[str, int]
    counts_by_year: dict[int, dict[str, int]]

    def open_year(self) -> None: ...
    def open_fiscal_year(self) -> None: ...
    def release_and_allocate(self) -> None: ...
    def choose(self) -> None: ...
    def carry_out(self) -> None: ...
    def train_and_place(self) -> None: ...
    def lend_and_collect(self) -> None: ...
    def fade(self) -> None: ...
    def recognise(self, seen: npt.NDArray[np.float32]) -> None: ...
    def close_year(self) -> None: ...
    def close_fiscal_year(self) -> None: ...
    def held_by(self, row: int) -> dict[str, float]: ...
