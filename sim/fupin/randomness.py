"""Keyed random numbers: chance is a pure function of who, what and when.

Every random number is a function of (run seed, name of the decision, permanent id, month, slot).
There is no generator with a state, so a result does not depend on the order of work, on threads,
processes or shards, and two plans give the same household the same luck: twins.

    key   = stream(seed, "livelihood/health")             once per run
    local = village_key(key, village_id, month, slot)     once per village and month, 64 bits
    word  = draw(local[0], local[1], number)              per household, a 32-bit word

The household id is village id x 10,000 + number. Within one decision, month and slot the 64 bits
of `local` are a bijection of the village id, so no two villages share them, and the number enters
last, into all 64: there is no 32-bit key in which two households could meet. `slot` is the person,
loan or attempt. Two words of one household for one decision and month take two slots.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.kernels import arithmetic
from fupin.kernels.jit import inline, kernel
from fupin.kernels.words import add, add64, bits_of_float, mul, mul64, shift_right, u32, u64, xor

HOUSEHOLDS_PER_VILLAGE = 10_000
"""Household id = village id x this + number within the village."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31, _S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_F1, _F2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_MONTH, _SLOT = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
_X1, _X2 = u32(0x7FEB352D), u32(0x846CA68B)
_LOW32 = np.uint64(0xFFFFFFFF)


def month_index(year: int, month: int) -> int:
    """Month number used in keys: year x 12 + (month - 1), month counted from 1."""
    return year * 12 + month - 1


def stream(seed: int, name: str) -> np.uint64:
    """64-bit key of a decision in a run: BLAKE2b of the name and the seed.

    Args:
        seed: the run seed (or the population seed), any integer.
        name: the decision's explicit name, such as "livelihood/health".
    """
    digest = hashlib.blake2b(f"{name}\0{int(seed)}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


@inline
def _mix64(z: np.uint64) -> np.uint64:
    # splitmix64's finaliser (Steele, Lea & Flood 2014): a bijection of 64-bit words.
    z = mul64(z ^ (z >> _S30), _F1)
    z = mul64(z ^ (z >> _S27), _F2)
    return z ^ (z >> _S31)


@inline
def village_key(
    key: np.uint64, village_id: int, month: int, slot: int
) -> tuple[np.uint32, np.uint32]:
    """Two 32-bit halves of the 64-bit key of (decision, month, slot, village).

    Month and slot are mixed first: in a loop over villages the compiler does that once, and it
    mixes a village's id once for all decisions taken in the loop. The id is mixed before it meets
    the rest, so that no two decisions give neighbouring villages shifted copies of one list.

    Args:
        key: the decision's key, from `stream`.
        village_id, month, slot: not negative; the month as `month_index` counts it.
    """
    when = _mix64(add64(_mix64(add64(key, mul64(u64(month), _MONTH))), mul64(u64(slot), _SLOT)))
    z = _mix64(add64(when, _mix64(mul64(u64(village_id), _GOLDEN))))
    return u32(z & _LOW32), u32(z >> _S32)


@inline
def mix32(x: np.uint32) -> np.uint32:
    """A bijection of 32-bit words with low bias (constants by Wellons 2018, "lowbias32")."""
    x = mul(xor(x, shift_right(x, u32(16))), _X1)
    x = mul(xor(x, shift_right(x, u32(15))), _X2)
    return xor(x, shift_right(x, u32(16)))


@inline
def draw(low: np.uint32, high: np.uint32, number: int) -> np.uint32:
    """The random word of household `number` under a village key (mixed twice)."""
    return mix32(add(mix32(xor(u32(number), low)), high))


@kernel
def fill_uniforms(low, high, out):  # type: ignore[no-untyped-def]
    """Uniforms of households 0, 1, ... under a village key, into `out` (float32)."""
    for j in range(out.size):
        out[j] = arithmetic.uniform(draw(low, high, j))


@kernel
def fill_normals(low, high, out):  # type: ignore[no-untyped-def]
    """Standard normals of households 0, 1, ... under a village key, into `out` (float32).

    The same numbers as normal(draw(low, high, j)) in one loop, a quarter sooner: words first, then
    deviates in their place, because a processor overlaps few rounds of a long chain.
    """
    words_of = out.view(np.uint32)
    for j in range(out.size):
        words_of[j] = draw(low, high, j)
    for j in range(out.size):
        words_of[j] = bits_of_float(arithmetic.normal(words_of[j]))


@kernel
def _fill_words(key, village_ids, numbers, month, slot, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        low, high = village_key(key, village_ids[i], month, slot)
        out[i] = draw(low, high, numbers[i])


@kernel
def _to_uniforms(words, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        out[i] = arithmetic.uniform(words[i])


@kernel
def _to_normals(words, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        out[i] = arithmetic.normal(words[i])


def words(
    seed: int,
    name: str,
    village_ids: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.int64] | int = 0,
    month: int = 0,
    slot: int = 0,
) -> npt.NDArray[np.uint32]:
    """Random words of many households or villages (number 0), shape of `village_ids`."""
    ids = np.array(village_ids, dtype=np.int64)  # writable: one compiled variant
    local = np.array(np.broadcast_to(numbers, ids.shape), dtype=np.int64)
    out = np.empty(ids.shape, np.uint32)
    _fill_words(
        stream(seed, name), ids.reshape(-1), local.reshape(-1), month, slot, out.reshape(-1)
    )
    return out


def uniforms(
    seed: int,
    name: str,
    village_ids: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.int64] | int = 0,
    month: int = 0,
    slot: int = 0,
) -> npt.NDArray[np.float32]:
    """Keyed uniforms on (0, 1), float32, shape of `village_ids`."""
    drawn = words(seed, name, village_ids, numbers, month, slot)
    out = np.empty(drawn.shape, np.float32)
    _to_uniforms(drawn.reshape(-1), out.reshape(-1))
    return out


def normals(
    seed: int,
    name: str,
    village_ids: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.int64] | int = 0,
    month: int = 0,
    slot: int = 0,
) -> npt.NDArray[np.float32]:
    """Keyed standard normals, float32, shape of `village_ids`."""
    drawn = words(seed, name, village_ids, numbers, month, slot)
    out = np.empty(drawn.shape, np.float32)
    _to_normals(drawn.reshape(-1), out.reshape(-1))
    return out


@dataclass(frozen=True)
class Luck:
    """What happened by chance in one world: a run seed for each stretch of years.

    Attributes:
        first: seed of lasting traits and of the years before all in `since`.
        since: (year, seed) in order: from that year on this seed holds.
    """

    first: int
    since: tuple[tuple[int, int], ...] = ()

    def of(self, year: int) -> int:
        """The seed that holds in a calendar year."""
        held = [seed for first, seed in self.since if first <= year]
        return held[-1] if held else self.first


def key_of(name: str, number: int) -> int:
    """A run seed made from a name and a number, 63 bits: never one that a user counts up to."""
    return int(stream(number, name) >> np.uint64(1)) | 1 << 62


@dataclass(frozen=True)
class Chance:
    """The luck of one run: keyed numbers of its seed, for whoever decides by chance.

    Attributes:
        seed: the seed that holds.
        lasting: the seed of what is decided once and for all (month 0), if another.
    """

    seed: int
    lasting: int | None = None

    def _seed_of(self, month: int) -> int:
        return self.seed if month or self.lasting is None else self.lasting

    def stream(self, name: str) -> np.uint64:
        """64-bit key of a decision of this run, for kernels."""
        return stream(self.seed, name)

    def uniforms(
        self,
        name: str,
        village_ids: npt.NDArray[np.int64],
        numbers: npt.NDArray[np.int64] | int = 0,
        month: int = 0,
        slot: int = 0,
    ) -> npt.NDArray[np.float32]:
        """Keyed uniforms on (0, 1), float32, shape of `village_ids`."""
        return uniforms(self._seed_of(month), name, village_ids, numbers, month, slot)

    def normals(
        self,
        name: str,
        village_ids: npt.NDArray[np.int64],
        numbers: npt.NDArray[np.int64] | int = 0,
        month: int = 0,
        slot: int = 0,
    ) -> npt.NDArray[np.float32]:
        """Keyed standard normals, float32, shape of `village_ids`."""
        return normals(self._seed_of(month), name, village_ids, numbers, month, slot)
