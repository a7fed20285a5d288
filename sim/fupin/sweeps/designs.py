"""Designs: which combinations of factors are run. Every one is the same points every time.

A design is rows of shares (0 to 1 along each factor) or of levels (which of a factor's values).
A Morris design is one of levels, so that the step that is made is known and not guessed. Longer
Sobol designs begin with the shorter ones, and so do lists and Morris designs: more points extend a
sweep. A Latin hypercube of another size is another design. Two grids share the points that
both have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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


def sobol(names: Sequence[str], points: int) -> npt.NDArray[Any]:
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
    result: npt.NDArray[Any] = ((words ^ shifts).astype(np.float64) + 0.5) * 2.0**-_BITS
    return result


def latin_hypercube(names: Sequence[str], points: int) -> npt.NDArray[Any]:
    """Shares of a Latin hypercube, shape (points, factors): one point in each of `points` slices.

    A factor's column depends on its name and on the number of points alone (McKay et al. 1979).
    """
    import numpy as np

    columns = []
    for name in names:
        chance = np.random.default_rng(key(f"latin_hypercube/{name}"))
        columns.append((chance.permutation(points) + chance.random(points)) / points)
    return np.column_stack(columns)


def morris(
    names: Sequence[str],
    trajectories: int,
    levels: Sequence[int],
    choices: Sequence[bool] | None = None,
) -> npt.NDArray[Any]:
    """Levels of one-at-a-time trajectories, shape (trajectories x (factors + 1), factors).

    Each begins somewhere and changes one factor after the other, in an order of its own (Morris
    1991). A factor with an order moves by half of its levels, up or down, so that all are met
    equally often where their number is even; a choice moves to any other of its values.

    Args:
        names: of the factors. What a factor does in a trajectory depends on its name and the
            trajectory's number alone, so that more trajectories, or factors, keep the rest.
        trajectories: how many.
        levels: how many values each factor has, 2 or more.
        choices: whether each is a choice, whose values have no order; None for none.
    """
    import numpy as np

    apart = choices or [False] * len(names)
    parts = []
    for number in range(trajectories):
        start, end, turn = [], [], []
        for name, size, choice in zip(names, levels, apart, strict=True):
            chance = np.random.default_rng(key(f"morris/{number}/{name}"))
            turn.append(chance.random())
            low = int(chance.integers(0, size if choice else size - size // 2))
            step = int(chance.integers(1, size)) if choice else size // 2
            both = [low, (low + step) % size]
            start.append(both.pop(int(chance.integers(0, 2))))
            end += both
        rows = np.tile(np.array(start), (len(names) + 1, 1))
        for place, factor in enumerate(np.argsort(turn)):
            rows[place + 1 :, factor] = end[factor]
        parts.append(rows)
    return np.concatenate(parts)
