"""Units in which the page shows people and money: those of each language's own offices.

English has millions; Chinese has 万 (10,000), also for yuan, and 亿 (100 million) for large sums.
"""

from __future__ import annotations

from fupin.words.language import Language

MILLION = 1_000_000
WAN = 10_000
_YI = 100_000_000


def people_size(say: Language) -> tuple[float, int]:
    """What counts of millions of people are divided by on an axis, and the decimals they keep."""
    return (float(WAN), 1) if say.chinese else (float(MILLION), 2)


def jobs_size(say: Language) -> tuple[float, int]:
    """The same of jobs, by the thousand in English."""
    return (1.0, 0) if say.chinese else (1_000.0, 1)


def money_unit(say: Language) -> int:
    """Yuan of the unit in which tables and fields show money."""
    return WAN if say.chinese else MILLION


def cell(say: Language, yuan: float, signed: bool = False) -> str:
    """Money in a table whose head names the unit."""
    return say.number(yuan / WAN, 0, signed) if say.chinese else say.millions(yuan, signed)


def money(say: Language, yuan: float) -> str:
    """Money with its unit, in a sentence or at the head: `743 million yuan`, `7.43 亿元`."""
    if not say.chinese:
        return f"{say.millions(yuan)} million yuan"
    if abs(yuan) >= _YI:
        return f"{say.number(yuan / _YI, 2)} 亿元"
    return f"{say.number(yuan / WAN, 0)} 万元"


def sample_name(say: Language, sample: str | float) -> str:
    """A sample as a sentence names it."""
    known = sample if sample in ("default", "full") else "share"
    return say(f"sample_name.{known}", share=sample)
