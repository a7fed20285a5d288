"""Chance is keyed: exact words, even and independent in every part of the key, honest normals.

All keys are fixed, so these tests either always pass or always fail. Bounds on a statistic are
those of its own sampling error, at about 5 standard errors (one test in a million would fail by
chance); where several are looked at, the sum of their squares is tested as well.
"""

from __future__ import annotations

import hashlib
import itertools

import numpy as np
import numpy.typing as npt
import pytest
from fupin import randomness
from fupin.kernels.jit import kernel
from fupin.randomness import draw, village_key
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

Words = npt.NDArray[np.uint32]
M32, M64 = 2**32 - 1, 2**64 - 1
HEBEI = 130_700_0000  # a county code x 10,000: ids of neighbouring villages follow it


# --- the same function once more, in Python's integers -------------------------------------------


def _mix64(z: int) -> int:
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M64
    z = (z ^ z >> 27) * 0x94D049BB133111EB & M64
    return z ^ z >> 31


def _mix32(x: int) -> int:
    x = (x ^ x >> 16) * 0x7FEB352D & M32
    x = (x ^ x >> 15) * 0x846CA68B & M32
    return x ^ x >> 16


def _word(seed: int, name: str, village: int, number: int, month: int, slot: int) -> int:
    digest = hashlib.blake2b(f"{name}\0{seed}".encode(), digest_size=8).digest()
    key = int.from_bytes(digest, "little")
    when = _mix64(key + month * 0xD6E8FEB86659FD93 & M64)
    when = _mix64(when + slot * 0xA0761D6478BD642F & M64)
    local = _mix64(when + _mix64(village * 0x9E3779B97F4A7C15 & M64) & M64)
    return _mix32(_mix32(number ^ local & M32) + (local >> 32) & M32)


GOLDEN = [
    ((1, "livelihood/health", 1307000001, 0, 24108, 0), 0x2D32775E),
    ((1, "livelihood/health", 1307000001, 1, 24108, 0), 0xEA0E3A87),
    ((1, "livelihood/health", 1307000002, 0, 24108, 0), 0x055CE4B7),
    ((1, "livelihood/health", 1307000001, 0, 24109, 0), 0xBDC2550E),
    ((1, "livelihood/health", 1307000001, 0, 24108, 1), 0x85C0E5E0),
    ((2, "livelihood/health", 1307000001, 0, 24108, 0), 0x7AB8CDE4),
    ((1, "register/review", 1307000001, 0, 24108, 0), 0xA56EECEC),
    ((-5, "", 0, 9999, 0, 0), 0x2451CDC5),
    ((2**70, "扶贫", 2**62, 0, 2**40, 2**40), 0xFFC2E046),
]


def _one(seed: int, name: str, village: int, number: int, month: int, slot: int) -> int:
    return int(randomness.words(seed, name, np.array([village]), number, month, slot)[0])


@pytest.mark.parametrize(("key", "word"), GOLDEN)
def test_exact_words(key: tuple[int, str, int, int, int, int], word: int) -> None:
    assert (hex(_one(*key)), hex(_word(*key))) == (hex(word), hex(word))


@settings(deadline=None, max_examples=200)
@given(
    st.integers(),
    st.text(max_size=8),
    st.integers(0, 2**63 - 1),
    st.integers(0, 9_999),
    st.integers(0, 2**31),
    st.integers(0, 2**31),
)
def test_words_are_those_of_plain_integers(
    seed: int, name: str, village: int, number: int, month: int, slot: int
) -> None:
    key = (seed, name, village, number, month, slot)
    assert _one(*key) == _word(*key)


def test_columns_have_the_shape_of_the_ids_and_do_not_depend_on_company_or_order() -> None:
    ids = np.array([[5, 9, 5], [7, 7, 1]])
    numbers = np.array([[0, 1, 2], [3, 4, 5]])
    together = randomness.words(1, "a", ids, numbers, 3, 1)
    assert together.shape == ids.shape
    for place in np.ndindex(ids.shape):
        assert together[place] == _one(1, "a", int(ids[place]), int(numbers[place]), 3, 1)
    frozen = ids[0].copy()
    frozen.flags.writeable = False
    backwards = randomness.words(1, "a", frozen[::-1], numbers[0, ::-1], 3, 1)
    assert (backwards[::-1] == together[0]).all()
    assert randomness.normals(1, "a", ids).shape == randomness.uniforms(1, "a", ids).shape == (2, 3)


def test_a_word_without_number_month_and_slot_is_that_of_zeros() -> None:
    """Defaults are part of the key; the words of a village are those of its household 0."""
    ids = np.array([HEBEI, HEBEI + 1])
    for column in (randomness.words, randomness.uniforms, randomness.normals):
        assert (column(3, "a", ids) == column(3, "a", ids, 0, 0, 0)).all()
    assert randomness.words(3, "a", ids)[1] == _word(3, "a", HEBEI + 1, 0, 0, 0)


def test_month_index_and_ids_are_those_of_recorded_runs() -> None:
    assert randomness.month_index(2009, 1) == 24_108
    assert randomness.month_index(2001, 12) == 24_023
    assert randomness.HOUSEHOLDS_PER_VILLAGE == 10_000


def test_month_index_counts_months() -> None:
    assert randomness.month_index(2009, 1) - randomness.month_index(2008, 12) == 1
    assert randomness.month_index(2009, 12) - randomness.month_index(2009, 1) == 11


def test_one_household_at_a_time_or_a_village_at_once() -> None:
    low, high = village_key(randomness.stream(4, "x"), HEBEI + 1, 24_100, 2)
    ids, numbers = np.full(301, HEBEI + 1), np.arange(301)
    for fill, column in (
        (randomness.fill_uniforms, randomness.uniforms),
        (randomness.fill_normals, randomness.normals),
    ):
        out = np.empty(301, np.float32)
        fill(np.uint32(low), np.uint32(high), out)
        assert (out == column(4, "x", ids, numbers, 24_100, 2)).all()


# --- sequences along each part of the key ---------------------------------------------------------

SIDE = 1 << 19  # words a sequence


@kernel
def _along(key, first, step, count, part, high_bits, out):  # type: ignore[no-untyped-def]
    for i in range(count):
        value = (first + i * step) << high_bits
        village, number, month, slot = 1307000001, 17, 24108, 0
        if part == 0:
            village = value
        elif part == 1:
            number = value
        elif part == 2:
            month = value
        else:
            slot = value
        low, high = village_key(key, village, month, slot)
        out[i] = draw(low, high, number)


def _sequence(part: str, seed: int = 1, name: str = "livelihood/health") -> Words:
    out = np.empty(SIDE, np.uint32)
    if part == "seed":
        for i in range(1 << 14):
            out[i] = _word(seed + i, name, 1307000001, 17, 24108, 0)
        return out[: 1 << 14]
    if part == "name":
        for i in range(1 << 14):
            out[i] = _word(seed, f"{name}/{i}", 1307000001, 17, 24108, 0)
        return out[: 1 << 14]
    key = randomness.stream(seed, name)
    kind, _, bits = part.partition(" in bits from ")
    index = ("village", "number", "month", "slot").index(kind)
    first = HEBEI if kind == "village" and not bits else 0
    _along(key, first, 1, SIDE, index, int(bits or 0), out)
    return out


@kernel
def _by_household(key, villages, households, month, slot, swapped, out):  # type: ignore[no-untyped-def]
    for v in range(villages):
        low, high = village_key(key, 1307000001 + v, month, slot)
        if swapped:
            low, high = high, low
        for j in range(households):
            out[v * households + j] = draw(low, high, j)


def _households(
    month: int = 24_108,
    slot: int = 0,
    seed: int = 1,
    name: str = "livelihood/health",
    villages: int = 2048,
    households: int = 256,
    swapped: bool = False,
) -> Words:
    out = np.empty(villages * households, np.uint32)
    _by_household(randomness.stream(seed, name), villages, households, month, slot, swapped, out)
    return out


PARTS = [
    "village",
    "number",
    "month",
    "slot",
    "seed",
    "name",
    "village in bits from 32",
    "village in bits from 40",
    "number in bits from 12",
]


@pytest.mark.parametrize("part", PARTS)
def test_even_along_every_part_of_the_key(part: str) -> None:
    words = _sequence(part)
    for shift in (24, 12, 0):  # uppermost, middle and lowest bits
        counts = np.bincount((words >> np.uint32(shift)) & 255, minlength=256)
        chi2 = stats.chisquare(counts)
        assert 1e-6 < chi2.pvalue < 1 - 1e-6, shift
    unit = (words + 0.5) / 2.0**32
    assert stats.kstest(unit, "uniform", method="asymp").pvalue > 1e-6


@pytest.mark.parametrize("part", PARTS)
def test_neighbours_along_every_part_of_the_key_are_independent(part: str) -> None:
    words = _sequence(part)
    # Serial test: pairs and triples of neighbours fill the square and the cube evenly.
    top = (words >> np.uint32(28)).astype(np.int64)
    for lag in (1, 2, 12):
        pairs = np.bincount(top[lag:] * 16 + top[:-lag], minlength=256)
        assert stats.chisquare(pairs).pvalue > 1e-6, lag
    cube = top >> 1
    triples = np.bincount(cube[2:] * 64 + cube[1:-1] * 8 + cube[:-2], minlength=512)
    assert stats.chisquare(triples).pvalue > 1e-6
    # The same in the lowest bits, and neighbours xored together.
    low = (words & np.uint32(15)).astype(np.int64)
    assert stats.chisquare(np.bincount(low[1:] * 16 + low[:-1], minlength=256)).pvalue > 1e-6
    changed = np.bitwise_count(words[1:] ^ words[:-1]).astype(np.float64)
    assert abs(changed.mean() - 16) < 5 * np.sqrt(8 / changed.size)
    assert abs(changed.var() / 8 - 1) < 5 * np.sqrt(2 / changed.size)
    # Autocorrelation at many lags at once.
    z = stats.zscore(words.astype(np.float64))
    r = np.array([np.dot(z[lag:], z[:-lag]) / np.sqrt(z.size - lag) for lag in range(1, 49)])
    assert np.abs(r).max() < 5
    assert stats.chi2.sf((r**2).sum(), r.size) > 1e-6


@pytest.mark.parametrize("part", ["village", "number", "month", "slot"])
def test_avalanche(part: str) -> None:
    """Flipping any bit of an id, month or slot flips every bit of the word half of the time."""
    trials = 4096
    reach = {"village": 48, "number": 14, "month": 16, "slot": 16}[part]
    base = {"village": np.full(trials, HEBEI), "number": np.arange(trials) % 300}
    base["village"] = HEBEI + np.arange(trials) * 7
    flips = np.zeros((reach, 32))
    for bit in range(reach):
        if part in base:
            other = {**base, part: base[part] ^ (1 << bit)}
            a = randomness.words(5, "b", base["village"], base["number"], 24_108, 3)
            b = randomness.words(5, "b", other["village"], other["number"], 24_108, 3)
        else:
            when = {"month": 24_108, "slot": 3}
            a = randomness.words(5, "b", base["village"], base["number"], **when)
            when[part] ^= 1 << bit
            b = randomness.words(5, "b", base["village"], base["number"], **when)
        changed = a ^ b
        flips[bit] = [((changed >> np.uint32(k)) & 1).mean() for k in range(32)]
    z = (flips - 0.5) * 2 * np.sqrt(trials)
    assert np.abs(z).max() < 5.2
    assert abs((z**2).mean() - 1) < 0.3


def test_words_of_households_are_uncorrelated_across_everything() -> None:
    columns = {
        "first": _households(),
        "next month": _households(month=24_109),
        "month before": _households(month=24_107),
        "next year": _households(month=24_120),
        "slot": _households(slot=1),
        "slot for month": _households(month=24_107, slot=1),
        "far slot": _households(slot=1000),
        "seed": _households(seed=2),
        "far seed": _households(seed=10**12),
        "name": _households(name="livelihood/healtg"),
        "longer name": _households(name="livelihood/health/size"),
        "halves swapped": _households(swapped=True),
    }
    first = columns["first"].reshape(2048, 256)
    columns["village beside"] = np.roll(first, 1, axis=0).ravel()
    columns["household beside"] = np.roll(first, 1, axis=1).ravel()
    units = np.array([column / 2.0**32 for column in columns.values()])
    count = units.shape[1]
    both = np.vstack([units, (units - 0.5) ** 2])  # levels, and distance from the middle
    z = np.corrcoef(both) * np.sqrt(count)
    pairs = z[np.triu_indices(len(both), 1)]
    assert np.abs(pairs).max() < 5
    assert 1e-6 < stats.chi2.sf((pairs**2).sum(), pairs.size) < 1 - 1e-6
    # Joint tails: both words under 1/256, as when two rare misfortunes should rarely meet.
    rare = units < 1 / 256
    for a, b in itertools.combinations(range(len(units)), 2):
        meet = int((rare[a] & rare[b]).sum())
        assert stats.poisson.sf(meet - 1, count / 65536) > 1e-7
        assert stats.poisson.cdf(meet, count / 65536) > 1e-7


def test_villages_and_provinces_have_means_as_scattered_as_chance_makes_them() -> None:
    """No village is luckier than chance: means of villages vary by 1/12/n and not more."""
    unit = (_households(villages=16_384, households=256) / 2.0**32).reshape(16_384, 256)
    z = (unit.mean(axis=1) - 0.5) * np.sqrt(12 * 256)
    assert abs(z.mean()) < 5 / np.sqrt(z.size)
    assert abs(z.var() - 1) < 5 * np.sqrt(2 / z.size)
    assert stats.kstest(z, "norm").pvalue > 1e-6
    by_number = (unit.mean(axis=0) - 0.5) * np.sqrt(12 * 16_384)
    assert stats.chi2.sf((by_number**2).sum(), 256) > 1e-6


def _repeats(column: npt.NDArray) -> int:  # type: ignore[type-arg]
    ordered = np.sort(column)
    return int((ordered[1:] == ordered[:-1]).sum())


def test_no_two_of_four_million_households_share_their_luck() -> None:
    """More than 32 bits of state: words meet as often as chance says, pairs of months never.

    Four million words of 32 bits meet about 2,048 times. If a 32-bit key stood between id and
    word, each of these would be two households that are the same in every later month.
    """
    villages, households = 16_384, 256
    one = _households(24_108, villages=villages, households=households)
    two = _households(24_109, villages=villages, households=households)
    count = one.size
    expected = count * (count - 1) / 2 / 2.0**32
    for column in (one, two):
        assert abs(_repeats(column) - expected) < 5 * np.sqrt(expected)
    lives = one.astype(np.uint64) << np.uint64(32) | two
    assert _repeats(lives) == 0  # by chance 5e-7 pairs
    # Nor does one list come back shifted or shuffled elsewhere: other decision, month before.
    other = _households(24_108, name="register/review", villages=villages, households=households)
    met = _repeats(np.concatenate([one, other])) - _repeats(one) - _repeats(other)
    assert abs(met / (count * (count / 2.0**32)) - 1) < 5 / 64


@kernel
def _keys(key, ids, month, slot, out):  # type: ignore[no-untyped-def]
    for i in range(ids.size):
        low, high = village_key(key, ids[i], month, slot)
        out[i] = np.uint64(high) << np.uint64(32) | np.uint64(low)


def test_keys_of_villages_never_meet_within_a_decision() -> None:
    """All ids of 172 counties x 10,000, in two months and two slots: 64-bit keys are distinct."""

    ids = (130_000 + np.arange(172))[:, None] * 10_000 + np.arange(10_000)
    ids = ids.ravel()
    every = []
    for month, slot in ((24_108, 0), (24_109, 0), (24_108, 1)):
        out = np.empty(ids.size, np.uint64)
        _keys(randomness.stream(1, "a"), ids, month, slot, out)
        assert _repeats(out) == 0
        every.append(out)
    assert _repeats(np.concatenate(every)) == 0


# --- normals --------------------------------------------------------------------------------------


def test_moments_of_normals() -> None:
    count = 1 << 22
    ids = np.repeat(HEBEI + np.arange(1 << 14), 1 << 8)
    numbers = np.tile(np.arange(1 << 8), 1 << 14)
    z = randomness.normals(1, "livelihood/ability", ids, numbers).astype(np.float64)
    assert z.size == count
    assert abs(z.mean()) < 1e-3
    assert abs(z.mean()) < 5 / np.sqrt(count)
    assert abs(z.var() - 1) < 5 * np.sqrt(2 / count)
    assert abs((z**3).mean()) < 5 * np.sqrt(15 / count)
    assert abs((z**4).mean() - 3) < 5 * np.sqrt(96 / count)
    cells = np.bincount(np.clip((stats.norm.cdf(z) * 1000).astype(int), 0, 999))
    assert stats.chisquare(cells).pvalue > 1e-6
    for edge in (1, 2, 3, 4, 4.5):
        for beyond in ((z > edge).sum(), (z < -edge).sum()):
            expected = count * stats.norm.sf(edge)
            assert stats.poisson.cdf(beyond, expected) > 1e-7
            assert stats.poisson.sf(beyond - 1, expected) > 1e-7
    assert 4.6 < np.abs(z).max() < 6.34


def test_normals_of_all_words_have_the_moments_of_a_normal() -> None:
    """The transform itself, without chance: an even grid of words gives moments to 1e-5."""
    words = (np.arange(1 << 22, dtype=np.uint64) << np.uint64(10)).astype(np.uint32)
    words += np.uint32(1 << 9)
    words |= (np.arange(1 << 22) & 1).astype(np.uint32)
    z = np.empty(words.size, np.float32)
    randomness._to_normals(words, z)
    z = z.astype(np.float64)
    assert abs(z.mean()) < 1e-5
    assert abs(z.var() - 1) < 2e-5
    assert abs((z**3).mean()) < 1e-3
    assert abs((z**4).mean() / 3 - 1) < 2e-4


def test_what_happens_does_not_depend_on_how_often_one_asks() -> None:
    ids = HEBEI + np.arange(1000)
    before = randomness.normals(9, "a", ids, 3, 24_108)
    randomness.normals(9, "b", ids, 3, 24_108)
    assert (randomness.normals(9, "a", ids, 3, 24_108) == before).all()
