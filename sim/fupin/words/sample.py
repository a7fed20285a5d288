"""The sentences that stand where numbers of a small sample are shown."""

from __future__ import annotations

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
    whole = abs(100 * sample - round(100 * sample)) < 1e-9
    return [say("sample.small", share=say.percent(sample, 0 if whole else 1))]
