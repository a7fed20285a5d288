"""Answers in the form in which the same runs give the same bytes."""

from __future__ import annotations

from typing import Any

import numpy as np

from fupin.statistics.crossed import canonical


def canonical_answer(value: Any) -> Any:
    """Floats to the digits that no order of summation changes."""
    if isinstance(value, dict):
        return {key: canonical_answer(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical_answer(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return canonical(float(f"{float(value):.6g}"))
    return value
