"""exp, log and normal deviates in float32, from add, multiply, divide and bits alone.

No mathematics library takes part, so results have the same bytes on every machine, and the loops
that call these vectorise. Products and sums are fused where that is written (`multiply_add`, an
IEEE operation), and polynomials are summed in pairs (Estrin's scheme): in a loop over households
the length of the chain of dependent operations is what costs time, not their number. Measured on
one core of an AMD EPYC at 2.3 GHz: a normal deviate 4.5 ns with Horner's rule, 1.1 ns like this.

Sources. exp and log: polynomials of Cephes (Moshier 1989, expf.c and logf.c). The normal deviate
keeps the form of Giles (2010), "Approximating the erfinv function": x times a smooth function of
log(1 - x**2); in place of his two polynomials stands one ratio of polynomials, which reaches the
outermost word (his polynomials leave their range at 5.4 standard deviations and are 0.0024 off at
6.2). Its coefficients are those of `benchmarks/fit_normal.py`. The bounds on errors below were
checked against float64 once for every float32 and every word.
"""

from __future__ import annotations

import numpy as np

from fupin.kernels.jit import inline
from fupin.kernels.words import (
    add,
    bits_and,
    bits_of_float,
    bits_or,
    choose,
    f32,
    float_of_bits,
    multiply_add,
    shift_left,
    shift_right,
    to_float,
    u32,
    xor,
)

_HALF, _ONE = f32(0.5), f32(1.0)
_STEP_23, _STEP_24 = f32(2.0**-23), f32(2.0**-24)
_STEP_30, _STEP_31, _STEP_32 = f32(2.0**-30), f32(2.0**-31), f32(2.0**-32)
_MANTISSA, _EXPONENT, _BITS_OF_ONE = u32(0x007FFFFF), u32(0xFF800000), u32(0x3F800000)

# exp: e**x = 2**n e**r; ln 2 in two parts, so that x - n ln 2 loses nothing.
_LOG2E = f32(1.44269504088896341)
_LN2_HIGH, _LN2_LOW = f32(0.693359375), f32(-2.12194440e-4)
_ROUND = f32(12582912.0)  # 1.5 * 2**23: adding it leaves the nearest integer in the low bits
_EXP_LOW, _EXP_HIGH = f32(-87.0), f32(88.0)
_E0, _E1, _E2 = f32(5.0000001201e-1), f32(1.6666665459e-1), f32(4.1665795894e-2)
_E3, _E4, _E5 = f32(8.3334519073e-3), f32(1.3981999507e-3), f32(1.9875691500e-4)

# log: x = 2**n (1 + r) with 1 + r between the square roots of 1/2 and 2.
_TINY, _HUGE = f32(1.17549435e-38), f32(3.4028235e38)
_BITS_OF_SQRT_HALF, _MINUS_SQRT_HALF = u32(0x3F3504F3), u32(0x100000000 - 0x3F3504F3)
_L0, _L1, _L2 = f32(3.3333331174e-1), f32(-2.4999993993e-1), f32(2.0000714765e-1)
_L3, _L4, _L5 = f32(-1.6668057665e-1), f32(1.4249322787e-1), f32(-1.2420140846e-1)
_L6, _L7, _L8 = f32(1.1676998740e-1), f32(-1.1514610310e-1), f32(7.0376836292e-2)

# normal: log2 of a number between 1 and 2 (the first less the exponent's bias of 127) ...
_G0, _G1, _G2, _G3 = f32(-130.04004376), f32(6.11297632), f32(-5.34200947), f32(3.28654494)
_G4, _G5, _G6 = f32(-1.26692529), f32(0.27515034), f32(-0.02569123)
# ... and numerator and denominator of quantile / (1 - 2 tail), in the log2 of 1 - (1 - 2 tail)**2.
_P0, _P1, _P2 = f32(1.253316646), f32(-3.225555345e-1), f32(4.525017983e-2)
_P3, _P4, _P5 = f32(-4.227178854e-3), f32(2.590961987e-4), f32(-4.729979643e-6)
_Q1, _Q2, _Q3 = f32(-7.590852145e-2), f32(1.604834867e-2), f32(-8.774558778e-4)
_Q4, _Q5 = f32(4.136101160e-5), f32(-1.575911965e-7)


@inline
def exp(x: np.float32) -> np.float32:
    """e**x; relative error below 1e-7 for -87 <= x <= 88, clamped outside; NaN stays NaN."""
    x = choose(x < _EXP_LOW, _EXP_LOW, x)
    x = choose(x > _EXP_HIGH, _EXP_HIGH, x)
    shifted = multiply_add(x, _LOG2E, _ROUND)
    n = shifted - _ROUND
    r = multiply_add(n, -_LN2_LOW, multiply_add(n, -_LN2_HIGH, x))
    r2 = r * r
    high = multiply_add(multiply_add(_E5, r, _E4), r2, multiply_add(_E3, r, _E2))
    p = multiply_add(high, r2, multiply_add(_E1, r, _E0))
    power = float_of_bits(shift_left(add(bits_of_float(shifted), u32(127)), u32(23)))
    return (multiply_add(p, r2, r) + _ONE) * power


@inline
def log(x: np.float32) -> np.float32:
    """Natural logarithm; relative error below 1e-7.

    Arguments below 1.18e-38 (zero and negative ones too) count as that; infinity and NaN stay.
    """
    positive = choose(x < _TINY, _TINY, x)
    bits = bits_of_float(positive)
    over = bits_and(add(bits, _MINUS_SQRT_HALF), _EXPONENT)  # the power of 2, in place
    n = to_float(over) * _STEP_23
    r = float_of_bits(add(bits_and(add(bits, _MINUS_SQRT_HALF), _MANTISSA), _BITS_OF_SQRT_HALF))
    r = r - _ONE
    r2 = r * r
    r4 = r2 * r2
    low = multiply_add(multiply_add(_L3, r, _L2), r2, multiply_add(_L1, r, _L0))
    high = multiply_add(multiply_add(_L7, r, _L6), r2, multiply_add(_L5, r, _L4))
    p = multiply_add(multiply_add(_L8, r4, high), r4, low)
    y = multiply_add(multiply_add(r, p, -_HALF), r2, multiply_add(n, _LN2_LOW, r))
    return choose(x <= _HUGE, multiply_add(n, _LN2_HIGH, y), x)


@inline
def uniform(word: np.uint32) -> np.float32:
    """Uniform on the open interval (0, 1): middles of 2**23 equal cells, by a word's upper bits."""
    return multiply_add(to_float(shift_right(word, u32(9))), _STEP_23, _STEP_24)


@inline
def normal(word: np.uint32) -> np.float32:
    """Standard normal from a word: lowest bit the sign, the other 31 the tail's probability.

    Small probabilities keep their relative precision, so the tails reach 6.34 standard deviations.
    Absolute error against the exact quantile of the same word: below 3e-6 everywhere.
    """
    step = to_float(shift_right(word, u32(1)))
    q = multiply_add(step, _STEP_31, _STEP_32)  # twice the tail's probability, 0 < q <= 1
    twice = multiply_add(step, _STEP_30, _STEP_31)
    bits = bits_of_float(multiply_add(-q, q, twice))  # q (2 - q) = 1 - (1 - q)**2
    n = multiply_add(to_float(bits_and(bits, _EXPONENT)), _STEP_23, _G0)
    m = float_of_bits(bits_or(bits_and(bits, _MANTISSA), _BITS_OF_ONE))
    m2 = m * m
    m4 = m2 * m2
    low = multiply_add(multiply_add(_G3, m, _G2), m2, multiply_add(_G1, m, n))
    v = multiply_add(multiply_add(_G6, m2, multiply_add(_G5, m, _G4)), m4, low)
    v2 = v * v
    above = multiply_add(multiply_add(_P5, v, _P4), v2, multiply_add(_P3, v, _P2))
    above = multiply_add(above, v2, multiply_add(_P1, v, _P0))
    below = multiply_add(multiply_add(_Q5, v, _Q4), v2, multiply_add(_Q3, v, _Q2))
    below = multiply_add(below, v2, multiply_add(_Q1, v, _ONE))
    magnitude = (_ONE - q) * above / below
    return float_of_bits(xor(bits_of_float(magnitude), shift_left(word, u32(31))))


@inline
def logistic(x: np.float32) -> np.float32:
    """1 / (1 + e**-x)."""
    return _ONE / (_ONE + exp(-x))
