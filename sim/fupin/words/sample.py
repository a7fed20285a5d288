"""The sentences that stand where numbers of a small sample are shown."""

from __future__ import annotations

from typing import Any

from fupin.words.language import Language


def of_sample(say: Language, sample: Any) -> list[str]:
    """What to know of the numbers of a sample: nothing of the usual or the full one.

    Args:
        say: the language.
        sample: as `population.sample`; None where nobody knows.
    """
    if not isinstance(sample, float) or sample >= 1.0:
        return []
    whole = abs(100 * sample - round(100 * sample)) < 1e-9
    return [say("sample.small", share=say.percent(sample, 0 if whole else 1))]
