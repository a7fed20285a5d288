"""Words of chance along every part of the key: even, independent, and never the same luck twice.

All keys are fixed, so these tests either always pass or always fail. Bounds on a statistic are
those of its own sampling error, at about 5 standard errors (one test in a million would fail by
chance); where several are looked at, the sum of their squares is tested as well.
"""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from fupin import randomness
from fupin.kernels.jit import kernel
from fupin.randomness import draw, village_key
from plain_words import plain_word
from scipy import stats

Words = npt.NDArray[np.uint32]
HEBEI = 130_700_0000  # a county code x 10,000: ids of neighbouring villages follow it

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
            out[i] = plain_word(seed + i, name, 1307000001, 17, 24108, 0)
        return out[: 1 << 14]
    if part == "name":
        for i in range(1 << 14):
            out[i] = plain_word(seed, f"{name}/{i}", 1307000001, 17, 24108, 0)
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
