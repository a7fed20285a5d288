"""Where the coefficients of `fupin.kernels.arithmetic.normal` come from.

    uv run python benchmarks/fit_normal.py

A standard normal deviate z has the tail q / 2 above it. With x = 1 - q and v = log2(1 - x**2),
z / x is a smooth function of v (Giles 2010), here a ratio of two polynomials of degree 5. The
ratio with the smallest largest error in z over all 31 bits of the tail is found by differential
correction (Barrodale, Powell & Roberts 1972): a linear programme is solved again and again. The
polynomial for log2 between 1 and 2 is fitted by Lawson's weights. Prints both beside the
coefficients in use, and the largest error of each.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from fupin.kernels import arithmetic
from numpy.polynomial import Chebyshev, Polynomial
from numpy.polynomial.chebyshev import chebvander
from scipy.optimize import linprog
from scipy.special import ndtri

F64 = npt.NDArray[np.float64]
BITS = 31.0
DEGREE = 5
LOG2_DEGREE = 6


def exact(w: F64) -> tuple[F64, F64]:
    """(x, z) at w = -v: x = sqrt(1 - 2**-w), z the deviate with (1 - x) / 2 above it."""
    x: F64 = np.sqrt(-np.expm1(-w * np.log(2)))
    return x, -ndtri(2.0**-w / (1 + x) / 2)


def fit_ratio(nodes: int = 399) -> tuple[Polynomial, Polynomial, float]:
    """Numerator and denominator in v, and the largest error in z at the nodes."""
    s = (1 - np.cos(np.linspace(0, np.pi, nodes + 1)[1:])) / 2
    w = BITS * (s * s + s) / 2
    x, z = exact(w)
    basis = chebvander(2 * w / BITS - 1, DEGREE)
    below, error = np.ones_like(w), 1.0
    best = np.zeros(0)
    for _ in range(20):
        # Smallest d with |x P - z Q| - error Q <= d * (Q of the last turn) at every node.
        rows = np.block(
            [
                [x[:, None] * basis, -(z + error)[:, None] * basis, -below[:, None]],
                [-x[:, None] * basis, (z - error)[:, None] * basis, -below[:, None]],
            ]
        )
        found = linprog(
            np.eye(rows.shape[1])[-1],
            A_ub=rows,
            b_ub=np.zeros(len(rows)),
            bounds=[(None, None)] * (DEGREE + 1) + [(-1, 1)] * (DEGREE + 1) + [(None, None)],
            method="highs-ds",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if found.x is None:
            break
        above_c, below_c = np.split(found.x[:-1], 2)
        now = basis @ below_c
        largest = float(np.abs(x * (basis @ above_c) / now - z).max())
        if now.min() <= 0 or largest >= 0.999 * error:
            break
        error, below, best = largest, now, found.x[:-1]
    above_c, below_c = np.split(best, 2)
    above, under = (
        Chebyshev(c, domain=[-BITS, 0]).convert(kind=Polynomial)
        for c in (above_c * _mirror(), below_c * _mirror())
    )
    scale = under.coef[0]
    return above / scale, under / scale, error


def _mirror() -> F64:
    # From a Chebyshev series in w to one in v = -w: odd terms change their sign.
    return np.where(np.arange(DEGREE + 1) % 2, -1.0, 1.0)


def fit_log2(nodes: int = 6001) -> tuple[Polynomial, float]:
    """Polynomial for log2(m), 1 <= m <= 2, and its largest error."""
    m = np.linspace(1, 2, nodes)
    basis, y = chebvander(2 * m - 3, LOG2_DEGREE), np.log2(m)
    weight, error, best = np.ones_like(m), np.inf, np.zeros(0)
    for _ in range(400):
        root = np.sqrt(weight)
        c = np.linalg.lstsq(basis * root[:, None], y * root, rcond=None)[0]
        off = np.abs(basis @ c - y)
        if off.max() < error:
            error, best = float(off.max()), c
        weight *= off / off.max() + 1e-6
        weight /= weight.sum()
    return Chebyshev(best, domain=[1, 2]).convert(kind=Polynomial), error


def main() -> None:
    """Fit, print, compare with the coefficients in use."""
    above, under, error = fit_ratio()
    log2, log2_error = fit_log2()
    log2 = log2 - 127  # the bias of a float32's exponent
    print(f"largest error of the ratio {error:.1e} in z, of log2 {log2_error:.1e}")
    for letter, fitted in (("P", above), ("Q", under), ("G", log2)):
        for power, value in enumerate(fitted.coef):
            used = 1.0 if letter + str(power) == "Q0" else getattr(arithmetic, f"_{letter}{power}")
            print(f"{letter}{power}  fitted {value:16.9e}  in use {float(used):16.9e}")


if __name__ == "__main__":
    main()
