"""exp, log, logistic, uniform and normal against float64, and at their edges."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import pytest
from fupin.kernels import arithmetic, columns
from fupin.kernels.jit import COMPILED, kernel
from scipy.special import ndtri

F32 = npt.NDArray[np.float32]
TOP = np.iinfo(np.uint32).max


@kernel
def _logistic(x, out):  # type: ignore[no-untyped-def]
    for i in range(x.size):
        out[i] = arithmetic.logistic(x[i])


@kernel
def _uniform(words, out):  # type: ignore[no-untyped-def]
    for i in range(words.size):
        out[i] = arithmetic.uniform(words[i])


@kernel
def _normal(words, out):  # type: ignore[no-untyped-def]
    for i in range(words.size):
        out[i] = arithmetic.normal(words[i])


def _through(function, x: npt.NDArray) -> F32:  # type: ignore[no-untyped-def, type-arg]
    out = np.empty(x.size, np.float32)
    function(x, out)
    return out


def _every_exponent(low: float, high: float, count: int) -> F32:
    """Positive float32 spread evenly over their bit patterns, both ends included."""
    first, last = np.array([low, high], np.float32).view(np.uint32).astype(np.int64)
    return np.linspace(first, last, count).astype(np.uint32).view(np.float32)


def _exact_normal(words: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    """Quantile that a word stands for, in float64: lowest bit the sign, 31 bits the tail."""
    tail = ((words >> 1).astype(np.float64) + 0.5) * 2.0**-32
    return np.where(words & 1, 1.0, -1.0) * ndtri(tail)


def test_quantiles_of_shares_are_those_of_the_normal_law() -> None:
    share = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 100_001), [0.5, 1e-9, 1 - 1e-9]])
    found = columns.normal_quantiles(share).astype(np.float64)
    near = np.abs(ndtri(share)) < 4.5
    np.testing.assert_allclose(found[near], ndtri(share)[near], atol=2e-5)
    np.testing.assert_allclose(found[~near], ndtri(share)[~near], rtol=0.03)
    assert (np.diff(found[:-3]) >= 0).all()


def test_exp_relative_error() -> None:
    x = np.concatenate(
        [np.linspace(-87, 88, 1_000_001), np.linspace(-1e-3, 1e-3, 10_001), [0.0]]
    ).astype(np.float32)
    error = columns.exp(x).astype(np.float64) / np.exp(x.astype(np.float64)) - 1
    assert np.abs(error).max() < 1e-7


def test_exp_of_small_numbers_keeps_the_difference_from_one() -> None:
    x = _every_exponent(2.0**-20, 0.3, 20_001)
    gain = columns.exp(x).astype(np.float64) - 1
    assert np.abs(gain - np.expm1(x.astype(np.float64))).max() < 2.0**-23


def test_exp_at_and_beyond_its_edges() -> None:
    x = np.array([0, -0.0, -87, -1e30, -np.inf, 88, 1e30, np.inf], np.float32)
    low, high = np.exp(-87.0), np.exp(88.0)
    expected = [1, 1, low, low, low, high, high, high]
    assert columns.exp(x) == pytest.approx(expected, rel=1e-7)


def test_exp_rises_everywhere() -> None:
    x = np.unique(np.linspace(-20, 20, 2_000_001).astype(np.float32))
    assert (np.diff(columns.exp(x)) >= 0).all()


def test_log_relative_error_over_every_exponent() -> None:
    x = _every_exponent(1.1754944e-38, 3.4028235e38, 1_000_003)
    near_one = np.linspace(0.5, 2, 1_000_003).astype(np.float32)
    for values in (x, near_one):
        values = values[values != 1]
        error = columns.log(values).astype(np.float64) / np.log(values.astype(np.float64)) - 1
        assert np.abs(error).max() < 1e-7


def test_log_at_and_beyond_its_edges() -> None:
    x = np.array([1, 0, -5, 1e-42, np.inf], np.float32)
    tiny = np.log(1.17549435e-38)
    assert columns.log(x).tolist() == pytest.approx([0, tiny, tiny, tiny, np.inf], rel=1e-7)
    assert columns.log_of(1.0) == 0


def test_a_missing_number_is_never_hidden() -> None:
    nothing = np.array([np.nan, 1.0], np.float32)
    for out in (columns.exp(nothing), columns.log(nothing), _through(_logistic, nothing)):
        assert np.isnan(out[0]) and np.isfinite(out[1])


def test_log_undoes_exp() -> None:
    x = np.linspace(-80, 80, 100_001).astype(np.float32)
    assert np.abs(columns.log(columns.exp(x)) - x).max() < 1.1e-5  # one step of float32 at 80


def test_logistic() -> None:
    x = np.linspace(-60, 60, 200_001).astype(np.float32)
    out = _through(_logistic, x)
    exact = 1 / (1 + np.exp(-x.astype(np.float64)))
    assert np.abs(out / exact - 1).max() < 3e-7
    assert (out > 0).all() and (out <= 1).all()
    ends = _through(_logistic, np.array([-1e9, 0, 1e9], np.float32))
    assert ends[0] < 1e-37 and ends[1] == 0.5 and ends[2] == 1


def test_uniform_is_the_middle_of_its_cell_and_never_an_end() -> None:
    words = np.concatenate(
        [
            np.arange(0, 1 << 12, dtype=np.uint32),
            np.arange(TOP - (1 << 12), TOP, dtype=np.uint32),
            np.linspace(0, TOP, 100_001).astype(np.uint32),
        ]
    )
    out = _through(_uniform, words)
    assert (out.astype(np.float64) == ((words >> 9) + 0.5) * 2.0**-23).all()
    assert out.min() == 2.0**-24 and out.max() == 1 - 2.0**-24


@pytest.mark.parametrize(
    ("low", "high", "bound"), [(0, 1, 2e-6), (1, 3, 3e-6), (3, 5, 3e-6), (5, 7, 3e-6)]
)
def test_normal_against_the_exact_quantile(low: float, high: float, bound: float) -> None:
    span = np.unique((2.0 ** np.linspace(0, 32, 300_001)[:-1]).astype(np.uint32))
    words = np.concatenate(
        [span, TOP - span, np.arange(0, 1 << 16, dtype=np.uint32), [np.uint32(TOP)]]
    ).astype(np.uint32)
    exact = _exact_normal(words)
    here = (np.abs(exact) >= low) & (np.abs(exact) < high)
    assert here.sum() > 2_000  # of 2**32 words only 2,462 lie beyond 5
    assert np.abs(_through(_normal, words[here]) - exact[here]).max() < bound


def test_normal_reaches_its_outermost_words_on_both_sides() -> None:
    ends = _through(_normal, np.array([0, 1, TOP - 1, TOP], np.uint32))
    assert ends[0] == -ends[1] == pytest.approx(-ndtri(2.0**-33), abs=3e-6)
    assert abs(ends[2]) == abs(ends[3]) == 0  # the two middle words


def test_normal_of_opposite_words_is_opposite() -> None:
    words = np.linspace(0, TOP, 100_002).astype(np.uint32) & ~np.uint32(1)
    assert (_through(_normal, words) == -_through(_normal, words | np.uint32(1))).all()


def test_normal_falls_with_the_word_up_to_its_error() -> None:
    tails = np.arange(0, 1 << 32, 1 << 12, dtype=np.uint64).astype(np.uint32)
    steps = np.diff(_through(_normal, tails))
    assert steps.max() < 3e-6


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
@pytest.mark.parametrize(
    ("loop", "of"), [(columns._exp, "f"), (columns._log, "f"), (_logistic, "f"), (_normal, "u")]
)
def test_loops_work_on_several_households_at_once(loop, of: str) -> None:  # type: ignore[no-untyped-def]
    """Several lanes an instruction, or the floor on speed is out of reach; never a jump."""
    fresh = numba.njit(error_model="numpy")(loop.py_func)
    fresh(np.ones(64, f"{of}4"), np.empty(64, np.float32))
    (compiled,) = fresh.inspect_llvm().values()
    assert "x float> @llvm.fma.v" in compiled
