"""Words wrap as 32-bit and 64-bit hardware does: checked against Python's integers."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.kernels import words
from fupin.kernels.jit import kernel
from hypothesis import given, settings
from hypothesis import strategies as st

WORD = st.integers(0, 2**32 - 1)
WIDE = st.integers(0, 2**64 - 1)


@kernel
def _all32(a, b, out):  # type: ignore[no-untyped-def]
    for i in range(a.size):
        out[0, i] = words.add(a[i], b[i])
        out[1, i] = words.mul(a[i], b[i])
        out[2, i] = words.xor(a[i], b[i])
        out[3, i] = words.bits_and(a[i], b[i])
        out[4, i] = words.bits_or(a[i], b[i])
        out[5, i] = words.shift_left(a[i], words.bits_and(b[i], words.u32(31)))
        out[6, i] = words.shift_right(a[i], words.bits_and(b[i], words.u32(31)))


@kernel
def _all64(a, b, out):  # type: ignore[no-untyped-def]
    for i in range(a.size):
        out[0, i] = words.add64(a[i], b[i])
        out[1, i] = words.mul64(a[i], b[i])


@kernel
def _floats(a, b, c, fused, chosen, back):  # type: ignore[no-untyped-def]
    for i in range(a.size):
        fused[i] = words.multiply_add(a[i], b[i], c[i])
        chosen[i] = words.choose(a[i] < b[i], a[i], b[i])
        back[i] = words.float_of_bits(words.bits_of_float(c[i]))


@kernel
def _signed(a, out):  # type: ignore[no-untyped-def]
    for i in range(a.size):
        out[i] = words.to_float(a[i])


@settings(deadline=None)
@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=20))
def test_32_bit_words_wrap(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array(column, np.uint32) for column in zip(*pairs, strict=True))
    out = np.empty((7, a.size), np.uint32)
    _all32(a, b, out)
    for i, (x, y) in enumerate(pairs):
        expected = [x + y, x * y, x ^ y, x & y, x | y, x << (y & 31), x >> (y & 31)]
        assert out[:, i].tolist() == [number % 2**32 for number in expected]


@settings(deadline=None)
@given(st.lists(st.tuples(WIDE, WIDE), min_size=1, max_size=20))
def test_64_bit_words_wrap(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array(column, np.uint64) for column in zip(*pairs, strict=True))
    out = np.empty((2, a.size), np.uint64)
    _all64(a, b, out)
    for i, (x, y) in enumerate(pairs):
        assert out[:, i].tolist() == [(x + y) % 2**64, x * y % 2**64]


def test_fused_sums_are_rounded_once() -> None:
    a = np.array([1 + 2.0**-12, 3.0, -2.0], np.float32)
    c = np.array([-1.0, 0.5, 4.0], np.float32)
    fused, chosen, back = (np.empty(3, np.float32) for _ in range(3))
    _floats(a, a, c, fused, chosen, back)
    assert fused[0] == 2.0**-11 + 2.0**-24  # a product rounded first would lose the last term
    assert fused[1:].tolist() == [9.5, 8.0]
    assert (chosen == a).all() and (back == c).all()


def test_words_become_signed_floats() -> None:
    out = np.empty(4, np.float32)
    _signed(np.array([0, 7, 2**31 - 1, 2**32 - 5], np.uint32), out)
    assert out.tolist() == [0, 7, pytest.approx(2**31), -5]
