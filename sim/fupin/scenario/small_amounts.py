"""Amounts so small that they may be written in another unit: yuan for 万元."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from statistics import median

from fupin.scenario.places import county_index
from fupin.scenario.programme_settings import amount_in
from fupin.scenario.schema import Scenario

SMALL = 100
"""An amount is small where this many of it are less than what is usual."""
_ENOUGH = 4  # counties of which a median means something


@dataclass(frozen=True)
class Small:
    """A small amount.

    Attributes:
        programme: its key.
        yuan: what the plan gives in an average year of 12 months, or a county's amount.
        usual: the same of the base; or the median of the programme's counties.
        of: name of the base.
        county: whose amount it is; None where it is the whole programme's.
    """

    programme: str
    yuan: int
    usual: int
    of: str
    county: str | None = None


def small_amounts_of(plan: Scenario, base: Scenario | None = None) -> Iterator[Small]:
    """Programmes with less than a hundredth of the base's money, counties of the usual county's.

    Args:
        plan: the plan.
        base: what it extends; the plan of the document if not given.
    """
    against = _document() if base is None else base
    for programme in plan.programmes.active():
        key = programme.key
        mine, theirs = _a_year(plan, key), _a_year(against, key)
        if 0 < mine * SMALL < theirs:
            yield Small(key, mine, theirs, against.name)
            continue
        money = plan.programmes.of(key).by_county
        if money is None or money.by_time:
            continue
        amounts = {code: amount_in(yuan, 0) for code, yuan in money.counties.items()}
        paid = [yuan for yuan in amounts.values() if yuan]
        usual = int(median(paid)) if len(paid) >= _ENOUGH else 0
        for code, yuan in amounts.items():
            if 0 < yuan * SMALL < usual:
                yield Small(key, yuan, usual, against.name, county_index().both(code))


def _a_year(plan: Scenario, key: str) -> int:
    """Whole yuan of twelve months in the mean of the period; 0 of what the plan has not."""
    if key not in plan.programmes.keys:
        return 0
    return plan.calendar(key).total * 12 // len(plan.period.months)


@cache
def _document() -> Scenario:
    from fupin.scenario import library
    from fupin.scenario.load import load_scenario

    return load_scenario(library.DOCUMENT)
