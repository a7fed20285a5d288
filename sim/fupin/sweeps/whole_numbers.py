"""Which factors between bounds take whole numbers only: months, households, yuan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fupin.errors import InputError
from fupin.scenario.load import Merged, scenario_over
from fupin.sweeps.factors import Factor, overlay
from fupin.yaml.tree import Node, Scalar

WITHIN = (0.6180339887, 0.4142135624)
"""Shares of a range where a value is tried; not both give a whole number."""

Values = Sequence[tuple[tuple[str, ...], Node]]


def whole_where_needed(factors: Sequence[Factor], base: Merged, path: Path) -> list[Factor]:
    """Factors with `whole` where their place refuses a fraction and takes a whole number.

    A value is tried alone, and then beside the first values of the other factors, as some mean
    nothing alone: the months of a drought need its severity.
    """
    return [
        replace(factor, whole=True) if _is_whole(factor, factors, base, path) else factor
        for factor in factors
    ]


def _is_whole(factor: Factor, factors: Sequence[Factor], base: Merged, path: Path) -> bool:
    if not factor.keys or factor.values:
        return False
    low, high = (_number(factor.at_share(end)) for end in (0.0, 1.0))
    tried = [low + share * (high - low) for share in WITHIN]
    broken = next((value for value in tried if value != round(value)), None)
    if broken is None or not math.ceil(low) <= math.floor(high):
        return False
    whole = min(max(round(broken), math.ceil(low)), math.floor(high))
    others = [
        (one.keys, _as_whole(one.at_share(0.0))) for one in factors if one.keys and one != factor
    ]
    return any(
        not _allowed(base, factor, broken, beside, path)
        and _allowed(base, factor, whole, beside, path)
        for beside in ([], others)
    )


def _number(node: Node) -> float:
    assert isinstance(node, Scalar) and isinstance(node.value, (int, float))
    return float(node.value)


def _as_whole(node: Node) -> Node:
    """1 for 1.0, which a count of months would not take."""
    if isinstance(node, Scalar) and isinstance(node.value, float) and node.value.is_integer():
        return Scalar(int(node.value), node.mark)
    return node


def _allowed(base: Merged, factor: Factor, value: float, beside: Values, path: Path) -> bool:
    try:
        own = overlay([(factor.keys, Scalar(value, factor.mark)), *beside], factor.mark)
        scenario_over(base, own, path)
    except InputError:
        return False
    return True
