"""How something new spreads among the households of a village (Bass 1969).

Every suitable household of a village with the item has a keyed exponential threshold; the village
accumulates

    exposure += (innovation while the team stays + imitation x share of adopters) / 12

each month, and a household adopts when exposure passes its threshold. So the chance to adopt in a
month is exactly that of the hazard, one random number serves a household's whole waiting time, and
a month costs one comparison. A household that was taught meets exposure `taught_factor` times as
fast from then on. Adopters give up at a constant hazard and may adopt again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.kernels.jit import kernel
from fupin.livelihood.rates import over

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]


class Diffusion:
    """Who has the item, who may still take it up.

    Args:
        programme: whose item it is; gives parameters `innovation`, `imitation`, `taught_factor`,
            `give_up`, `stay_months` and keyed chance.
        taught: bits of `reached` of households that were taught.

    Attributes:
        seeded: villages that have the item, (V,).
        rows: suitable households of these villages; a position in it stays the same household's.
        gains: log income that each adopter owes to the item.
    """

    def __init__(self, programme: Programme[Any], taught: np.uint32) -> None:
        self._programme = programme
        self._world = programme.world
        self._taught_bits = taught
        villages = self._world.villages.id.size
        self.seeded = np.zeros(villages, np.bool_)
        self._at: Ints = np.zeros(0, np.int64)  # positions of adopters in `rows`
        self.gains: F32 = np.zeros(0, np.float32)
        self._exposure = np.zeros(villages)
        self._since = np.zeros(villages, np.int64)  # month in which the team came
        self._suitable = np.zeros(villages, np.int64)  # households that can use it
        # Columns of the suitable households, with room to grow; `_used` entries are in use.
        self._used = 0
        self._rows: Ints = np.zeros(0, np.int64)
        self._village = np.zeros(0, np.int32)
        self._threshold = np.zeros(0)
        self._is_taught = np.zeros(0, np.bool_)
        self._has = np.zeros(0, np.bool_)

    @property
    def rows(self) -> Ints:
        """Suitable households of the villages that have the item."""
        return self._rows[: self._used]

    @property
    def adopters(self) -> Ints:
        """Household rows that have the item, in the order of `gains`."""
        return self._rows[self._at]

    def share(self) -> npt.NDArray[np.float64]:
        """Adopters among the suitable households of each village, (V,)."""
        number = np.zeros(self.seeded.size, np.int64)
        _count(self._village[: self._used], self._has, number)
        return np.asarray(number / np.maximum(self._suitable, 1))

    def seed(self, villages: Ints, rows: Ints) -> Ints:
        """The item reaches new villages; positions of those of `rows` that can start with it."""
        h, offsets = self._world.households, self._world.villages.offsets
        first, most = self._used, int((offsets[villages + 1] - offsets[villages]).sum())
        self._make_room(first + most)
        self._used += _suitable_homes(
            offsets, villages, self._world.frame.households.land, h.labour, h.migrants,
            self._rows[first:], self._village[first:], self._suitable,
        )  # fmt: skip
        self.seeded[villages] = True
        self._since[villages] = self._world.clock.today
        here = slice(first, self._used)
        homes = self._rows[here]
        self._threshold[here] = self._exposure[self._village[here]] + self._waits(homes)
        self._is_taught[here] = self._has[here] = False
        at = np.searchsorted(homes, rows)  # villages and so homes are in order
        suitable = at < homes.size
        suitable[suitable] = homes[at[suitable]] == rows[suitable]
        started = first + np.sort(at[suitable])
        self._has[started] = True
        return started

    def _make_room(self, entries: int) -> None:
        if entries > self._rows.size:
            for name in ("_rows", "_village", "_threshold", "_is_taught", "_has"):
                column = getattr(self, name)
                larger = np.empty(2 * entries, column.dtype)
                larger[: self._used] = column[: self._used]
                setattr(self, name, larger)

    def _at_home(self, rows: Ints) -> npt.NDArray[np.bool_]:
        h = self._world.households
        return np.asarray(h.labour[rows] > h.migrants[rows])

    def _waits(self, rows: Ints) -> npt.NDArray[np.float64]:
        """Keyed exponential deviates: exposure that an untaught household waits for."""
        luck = self._programme.uniforms("adopt", rows)
        return -columns.log(luck).astype(np.float64)

    def live_month(self) -> tuple[Ints, Ints, F32]:
        """One month of watching neighbours, from the shares at its start.

        Returns:
            positions of those that take the item up (to be recorded), household rows of those
            that give it up, and the gains that they lose.
        """
        if self._used == 0:
            return self._at, self.rows, self.gains
        _hear_of_courses(
            self._world.households.reached, self.rows, self._village, self._taught_bits,
            self._exposure, self._programme.own("taught_factor"), self._threshold,
            self._is_taught,
        )  # fmt: skip
        own = self._programme.own
        stays = self.seeded & (self._world.clock.today - self._since < round(own("stay_months")))
        hazard = own("innovation") * stays + own("imitation") * self.share()
        lost, gains = self._give_up()
        self._exposure += hazard / 12.0
        ready = np.empty(self._used, np.int64)
        found = _ready(self.rows, self._village, self._exposure, self._threshold, self._has, ready)
        ready = ready[:found]
        ready = ready[self._at_home(self._rows[ready])]
        self._has[ready] = True
        return ready, lost, gains

    def _give_up(self) -> tuple[Ints, F32]:
        """Adopters that stop this month wait anew."""
        if self._at.size == 0:
            return self.adopters, self.gains
        luck = self._programme.uniforms("give-up", self.adopters)
        stops = luck < over(self._programme.own("give_up"), 1)
        at, gains = self._at[stops], self.gains[stops]
        self._at, self.gains = self._at[~stops], self.gains[~stops]
        faster = np.where(self._is_taught[at], self._programme.own("taught_factor"), 1.0)
        waits = self._waits(self._rows[at]) / faster
        self._has[at] = False
        self._threshold[at] = self._exposure[self._village[at]] + waits
        return self._rows[at], gains

    def record(self, positions: Ints, gains: F32) -> None:
        """Positions that took the item up, with the log income that it brings them."""
        self._at = np.concatenate([self._at, positions])
        self.gains = np.concatenate([self.gains, gains])


@kernel
def _suitable_homes(  # type: ignore[no-untyped-def]
    offsets, villages, land, labour, migrants, rows, village, suitable
):  # fmt: skip
    # Households with land and somebody at home, in order, and their number by village.
    found = np.int64(0)
    for i in villages:
        before = found
        for j in range(offsets[i], offsets[i + 1]):
            rows[found], village[found] = j, i
            found += np.int64((land[j] > 0) & (labour[j] > migrants[j]))
        suitable[i] = found - before
    return found


@kernel
def _count(village, has, number):  # type: ignore[no-untyped-def]
    for i in range(village.size):
        number[village[i]] += np.int64(has[i])


@kernel
def _hear_of_courses(  # type: ignore[no-untyped-def]
    reached, rows, village, taught, exposure, factor, threshold, is_taught
):
    # Who was taught since last month waits for less of what is still to come.
    for i in range(rows.size):
        if (reached[rows[i]] & taught) != 0 and not is_taught[i]:
            now = exposure[village[i]]
            threshold[i] = now + (threshold[i] - now) / factor
            is_taught[i] = True


@kernel
def _ready(rows, village, exposure, threshold, has, out):  # type: ignore[no-untyped-def]
    # Positions of those without the item whose exposure has reached their threshold.
    found = 0
    for i in range(rows.size):
        if not has[i] and exposure[village[i]] >= threshold[i]:
            out[found] = i
            found += 1
    return found
