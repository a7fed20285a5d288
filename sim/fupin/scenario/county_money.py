"""Money of a programme by county: what a plan says of each, and sums that lose no yuan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fupin.scenario import amounts, spans
from fupin.scenario.faults import fault
from fupin.scenario.places import PlaceError, county_index
from fupin.scenario.spans import Key
from fupin.yaml.words import shown

Amounts = int | dict[Key, int]
"""Yuan a fiscal year, or yuan by the time that each amount is for."""


@dataclass(frozen=True)
class CountyMoney:
    """What a plan gives a programme in each county.

    Attributes:
        counties: code -> its amounts, ascending by code; all plain, or all by time.
    """

    counties: Mapping[int, Amounts]

    def __hash__(self) -> int:
        return hash(tuple(self.counties))

    @property
    def codes(self) -> tuple[int, ...]:
        """The counties with money, ascending."""
        return tuple(code for code, yuan in self.counties.items() if _any(yuan))

    @property
    def by_time(self) -> bool:
        """Whether amounts are written by year, quarter or month."""
        return any(isinstance(yuan, dict) for yuan in self.counties.values())

    @property
    def total(self) -> Amounts:
        """The sum of all counties, as it is written for each."""
        if not self.by_time:
            return sum(yuan for yuan in self.counties.values() if isinstance(yuan, int))
        found: dict[Key, int] = {}
        for yuan in self.counties.values():
            for key, amount in yuan.items() if isinstance(yuan, dict) else ():
                found[key] = found.get(key, 0) + amount
        return {key: found[key] for key in sorted(found, key=spans.in_order)}

    @property
    def keys(self) -> tuple[Key, ...]:
        """The times of any county's amounts, in order; none where they are plain."""
        total = self.total
        return tuple(total) if isinstance(total, dict) else ()

    def scaled(self, yuan: int) -> CountyMoney:
        """Plain amounts in the same proportions that sum to `yuan` exactly.

        Raises:
            ValueError: amounts by time, or no money to take the proportions of.
        """
        total = self.total
        if not isinstance(total, int) or (total == 0 and yuan):
            raise ValueError("amounts by time, or of nothing, have no proportions")
        running = given = 0
        found: dict[int, Amounts] = {}
        for code, amount in self.counties.items():
            assert isinstance(amount, int)
            running += amount
            until = yuan * running // total if total else 0
            found[code], given = until - given, until
        return CountyMoney(found)

    def written(self) -> dict[str, Any]:
        """As plain data, in the form of a file."""
        return {
            str(code): dict(yuan) if isinstance(yuan, dict) else yuan
            for code, yuan in self.counties.items()
        }


_LIKE_A_TIME = re.compile(r"(19|20)[0-9]{2}\s*[^0-9\s]")
"""Such as 2009H1: no code of a place begins so."""


def _any(yuan: Amounts) -> bool:
    return any(yuan.values()) if isinstance(yuan, dict) else yuan > 0


def is_by_county(keys: Iterable[object]) -> bool:
    """Whether the keys of a budget are counties: one of them at least is, and no time.

    Times that are written otherwise, such as 2009年3月, count as times.
    """
    found = False
    for key in keys:
        text = str(key)
        try:
            spans.read_key(text)
            return False
        except spans.SpanError as error:
            if "is not written as" in str(error):
                return False
        found = True
    return found


def read_county_money(value: Mapping[Any, Any], read: Any) -> CountyMoney | None:
    """A mapping from names of counties to amounts.

    Args:
        value: of a plan; amounts may be by time.
        read: reads amounts that are no mapping of counties: `fields._read_amounts`.

    Returns:
        The amounts; None where no county has one (all are null).
    """
    index = county_index()
    found: dict[int, Amounts] = {}
    named: dict[int, str] = {}
    for name, given in value.items():
        try:
            code = index.county(name)
        except PlaceError as error:
            like_a_time = _LIKE_A_TIME.match(str(name)) is not None
            found_none = like_a_time or str(error).startswith("There is no county")
            message = (
                f"{shown(name)} is not a year, a quarter or a month, and no county."
                if found_none
                else str(error)
            )
            guessed = not found_none or "Did you mean" in (error.instead or "")
            instead = (
                error.instead if guessed else "Write {2009: 5 million} or {大名县: 5 million}."
            )
            if like_a_time:
                instead = "Write {2009: 5 million}, {2009Q1: 2 million} or {2009-03: 1 million}."
            elif "is a prefecture" in str(error):
                of = index.prefecture(name)
                codes = [c for c, row in index.records.items() if row.prefecture_en == of]
                some = " or ".join(f"`{index.chinese(code)}`" for code in codes[:2])
                instead = f"Give each of its counties a line of its own, such as {some}."
            raise fault(message, instead, (str(name),), of_key=True) from None
        if code in named:
            raise fault(
                f"{shown(name)} is {index.title(code)}, as {shown(named[code])} is.",
                "Keep one of the two.", (str(name),), of_key=True,
            )  # fmt: skip
        named[code] = str(name)
        if given is None:  # null takes away what is inherited
            continue
        found[code] = read(given, (str(name),))
    plain = [code for code, yuan in found.items() if isinstance(yuan, int)]
    if plain and len(plain) < len(found):
        timed = next(code for code in found if code not in plain)
        raise fault(
            f"{index.both(timed)} has amounts by time, and {index.both(plain[0])} has one amount.",
            "Write all amounts of the programme by time, or none.", (named[plain[0]],),
        )  # fmt: skip
    if not found:
        return None
    return CountyMoney({code: found[code] for code in sorted(found)})


def too_much(money: CountyMoney) -> str | None:
    """What is wrong where the sum of the counties is beyond any amount; None where it is not."""
    total = money.total
    most = max(total.values(), default=0) if isinstance(total, dict) else total
    if most > amounts.MOST_YUAN:
        return f"The counties sum to {most:,} yuan, more than ten trillion."
    return None
