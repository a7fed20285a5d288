"""The sentences that stand where numbers of a small sample are shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fupin.words.language import Language


def is_small(sample: Any) -> bool:
    """True for a share of the villages; the usual and the full sample are not small."""
    return isinstance(sample, float) and sample < 1.0


def of_sample(say: Language, sample: Any) -> list[str]:
    """What to know of the numbers of a sample: nothing of the usual or the full one.

    Args:
        say: the language.
        sample: as `population.sample`; None where nobody knows.
    """
    if not is_small(sample):
        return []
    return [say("sample.small", share=share(sample))]


def share(sample: float) -> str:
    """A share of the villages: 5%, 0.5%, 0.0001%; no share is too small to be a number."""
    text = f"{Decimal(f'{100 * sample:.3g}'):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
