"""Chance is keyed: exact words, columns that do not depend on company, honest normals.

All keys are fixed, so these tests either always pass or always fail. Bounds on a statistic are
those of its own sampling error, at about 5 standard errors (one test in a million would fail by
chance); where several are looked at, the sum of their squares is tested as well.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from fupin import randomness
from fupin.randomness import village_key
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_words import plain_word
from scipy import stats

Words = npt.NDArray[np.uint32]
HEBEI = 130_700_0000  # a county code x 10,000: ids of neighbouring villages follow it


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
    assert (hex(_one(*key)), hex(plain_word(*key))) == (hex(word), hex(word))


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
    assert _one(*key) == plain_word(*key)


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
    assert randomness.words(3, "a", ids)[1] == plain_word(3, "a", HEBEI + 1, 0, 0, 0)


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
