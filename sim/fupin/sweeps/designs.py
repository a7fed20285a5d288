"""Designs: which combinations of factors are run. Every one is the same points every time.

A design is rows of shares (0 to 1 along each factor) or of levels (which of a factor's values).
Longer Sobol designs begin with the shorter ones, and so do lists and Morris designs: more points
extend a sweep. A Latin hypercube of another size is another design. Two grids share the points that
both have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fupin.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

DESIGNS = ("grid", "list", "latin_hypercube", "sobol", "morris")
"""What `design:` may say."""

SEED = 20091231
"""Of all designs."""

_BITS = 32


def key(name: str) -> int:
    """64 bits that belong to a name."""
    digest = hashlib.blake2b(f"{name}\0{SEED}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def grid(levels: Sequence[int], number: int) -> list[int]:
    """Levels of one point of a full grid, the last factor changing fastest."""
    found = []
    for size in reversed(levels):
        number, level = divmod(number, size)
        found.append(level)
    return found[::-1]


def sobol(names: Sequence[str], points: int) -> npt.NDArray:
    """Shares of a Sobol sequence, shape (points, factors).

    Its points (Joe & Kuo 2008) are moved by a digital shift that belongs to the factor's name; the
    exclusive or of digits keeps what is good about the sequence.
    """
    import numpy as np
    from scipy.stats import qmc

    sequence = qmc.Sobol(len(names), scramble=False, bits=_BITS)
    shares = sequence.random_base2(max(points - 1, 1).bit_length())[:points]
    words = (shares * 2.0**_BITS).astype(np.uint64)
    shifts = np.array([key(f"sobol/{name}") >> (64 - _BITS) for name in names], np.uint64)
    return ((words ^ shifts).astype(np.float64) + 0.5) * 2.0**-_BITS


def latin_hypercube(names: Sequence[str], points: int) -> npt.NDArray:
    """Shares of a Latin hypercube, shape (points, factors): one point in each of `points` slices.

    A factor's column depends on its name and on the number of points alone (McKay et al. 1979).
    """
    import numpy as np

    columns = []
    for name in names:
        chance = np.random.default_rng(key(f"latin_hypercube/{name}"))
        columns.append((chance.permutation(points) + chance.random(points)) / points)
    return np.column_stack(columns)


def morris(names: Sequence[str], trajectories: int, levels: int = 4) -> npt.NDArray:
    """Shares of one-at-a-time trajectories, shape (trajectories x (factors + 1), factors).

    Each begins at a point of a grid of `levels` and changes one factor after the other (Morris
    1991), as `SALib.analyze.morris` expects.

    Raises:
        InputError: the package SALib is not installed.
    """
    import numpy as np

    try:
        from SALib.sample import morris as salib
    except ImportError:
        raise InputError(
            "`design: morris` needs the package SALib.", "pip install 'fupin[sensitivity]'."
        ) from None
    problem = {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[0.0, 1.0]] * len(names),
    }
    # Trajectory by trajectory, each with a key of its own, so that more of them extend the design.
    parts = [
        salib.sample(problem, 1, num_levels=levels, seed=key(f"morris/{t}") >> 32)
        for t in range(trajectories)
    ]
    return np.concatenate(parts)
