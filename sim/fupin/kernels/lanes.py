"""Loops that take many households at once, and what is left over at their end."""

from __future__ import annotations

from fupin.kernels.jit import inline

LANES = 16
"""Households that the widest loop of a processor takes at once.

Loops over scratch memory go on to the next multiple: up to fifteen numbers that nobody reads cost
less than fifteen rounds of one.
"""


@inline
def up_to(n: int, step: int) -> int:
    """The next multiple of `step` from `n` on."""
    return (n + step - 1) // step * step
