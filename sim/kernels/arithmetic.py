"""exp, log and the inverse normal distribution in float32, from add, multiply and bits alone.

No mathematics library takes part, so results have the same bytes on every machine, and the loops
that call these vectorise. Polynomials: exp and log after Cephes (Moshier 1989, expf.c and logf.c);
the inverse error function after Giles (2010), "Approximating the erfinv function".
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.jit import inline
from sim.kernels.words import (
    add,
    bits_and,
    bits_of_float,
    bits_or,
    f32,
    float_of_bits,
    shift_left,
    shift_right,
    to_float,
    u32,
)

_LOG2E = f32(1.44269504088896341)
_LN2_HIGH = f32(0.693359375)
_LN2_LOW = f32(-2.12194440e-4)
_ROUND = f32(12582912.0)  # 1.5 * 2**23: adding it leaves the nearest integer in the low bits
_EXP_LOW, _EXP_HIGH = f32(-87.0), f32(88.0)
_ZERO, _HALF, _ONE, _TWO = f32(0.0), f32(0.5), f32(1.0), f32(2.0)
_SQRT_HALF = f32(0.70710678)
_E5, _E4, _E3 = f32(1.9875691500e-4), f32(1.3981999507e-3), f32(8.3334519073e-3)
_E2, _E1, _E0 = f32(4.1665795894e-2), f32(1.6666665459e-1), f32(5.0000001201e-1)
_L8, _L7, _L6 = f32(7.0376836292e-2), f32(-1.1514610310e-1), f32(1.1676998740e-1)
_L5, _L4, _L3 = f32(-1.2420140846e-1), f32(1.4249322787e-1), f32(-1.6668057665e-1)
_L2, _L1, _L0 = f32(2.0000714765e-1), f32(-2.4999993993e-1), f32(3.3333331174e-1)
# Giles' coefficients times the square root of 2, highest power first.
_SQRT2 = math.sqrt(2.0)
_C = tuple(
    f32(_SQRT2 * c)
    for c in (
        2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
        -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
    )
)  # fmt: skip
_T = tuple(
    f32(_SQRT2 * c)
    for c in (
        -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
        -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
    )
)  # fmt: skip
_C8, _C7, _C6, _C5, _C4, _C3, _C2, _C1, _C0 = _C
_T8, _T7, _T6, _T5, _T4, _T3, _T2, _T1, _T0 = _T
_W_CENTRE, _W_SPLIT, _W_TAIL = f32(2.5), f32(5.0), f32(3.0)
_TINY = f32(1.17549435e-38)
_STEP_23 = f32(2.0**-23)
_STEP_31 = f32(2.0**-31)


@inline
def exp(x: np.float32) -> np.float32:
    """e**x; relative error below 3e-7 for -87 <= x <= 88, clamped outside."""
    x = min(max(x, _EXP_LOW), _EXP_HIGH)
    shifted = x * _LOG2E + _ROUND
    n = shifted - _ROUND
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    p = ((((_E5 * r + _E4) * r + _E3) * r + _E2) * r + _E1) * r + _E0
    power = float_of_bits(shift_left(add(bits_of_float(shifted), u32(127)), u32(23)))
    return ((p * (r * r) + r) + _ONE) * power


@inline
def log(x: np.float32) -> np.float32:
    """Natural logarithm; relative error below 3e-7; arguments below 1.2e-38 count as that."""
    x = max(x, _TINY)
    bits = bits_of_float(x)
    mantissa = float_of_bits(bits_or(bits_and(bits, u32(0x007FFFFF)), u32(0x3F000000)))
    exponent = to_float(add(shift_right(bits, u32(23)), u32(0xFFFFFF82)))  # minus 126
    low = mantissa < _SQRT_HALF
    exponent = exponent - (_ONE if low else _ZERO)
    m = (mantissa + (mantissa if low else _ZERO)) - _ONE
    z = m * m
    p = _L8 * m + _L7
    p = p * m + _L6
    p = p * m + _L5
    p = p * m + _L4
    p = p * m + _L3
    p = p * m + _L2
    p = p * m + _L1
    p = p * m + _L0
    y = p * m * z
    y = y + exponent * _LN2_LOW
    y = y - _HALF * z
    return (m + y) + exponent * _LN2_HIGH


@inline
def uniform(word: np.uint32) -> np.float32:
    """Uniform on the open interval (0, 1) from the upper 23 bits of a word."""
    return (to_float(shift_right(word, u32(9))) + _HALF) * _STEP_23


@inline
def normal(word: np.uint32) -> np.float32:
    """Standard normal from a word: lowest bit the sign, the other 31 the tail probability.

    Small probabilities keep their relative precision, so the tails reach 6.2 standard deviations.
    """
    q = (to_float(shift_right(word, u32(1))) + _HALF) * _STEP_31
    q = min(q, _ONE)
    w = -log(q * (_TWO - q))
    centre = w - _W_CENTRE
    c = _C8
    c = c * centre + _C7
    c = c * centre + _C6
    c = c * centre + _C5
    c = c * centre + _C4
    c = c * centre + _C3
    c = c * centre + _C2
    c = c * centre + _C1
    c = c * centre + _C0
    tail = f32(math.sqrt(max(w, _ZERO))) - _W_TAIL
    t = _T8
    t = t * tail + _T7
    t = t * tail + _T6
    t = t * tail + _T5
    t = t * tail + _T4
    t = t * tail + _T3
    t = t * tail + _T2
    t = t * tail + _T1
    t = t * tail + _T0
    magnitude = (_ONE - q) * (c if w < _W_SPLIT else t)
    sign = shift_left(bits_and(word, u32(1)), u32(31))
    return float_of_bits(bits_or(bits_of_float(abs(magnitude)), sign))


@inline
def logistic(x: np.float32) -> np.float32:
    """1 / (1 + e**-x)."""
    return _ONE / (_ONE + exp(-x))
