"""Parameter values of one draw: what a run reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fupin.yaml.words import guess_or_list


class ParameterValues(Mapping[str, float]):
    """Name -> value of every undated parameter; dated ones by `dated` and `series`. Read only.

    Two objects with the same content are equal, hash alike and have the same fingerprint,
    whatever the order in which they were filled and in whichever process.

    Args:
        values: undated values by name.
        by_year: name -> year -> value.
    """

    __slots__ = ("_by_year", "_fingerprint", "_values")

    def __init__(
        self, values: Mapping[str, float], by_year: Mapping[str, Mapping[int, float]]
    ) -> None:
        self._values = {name: float(values[name]) for name in sorted(values)}
        self._by_year = {
            name: {int(year): float(by_year[name][year]) for year in sorted(by_year[name])}
            for name in sorted(by_year)
        }
        self._fingerprint = ""

    def __getitem__(self, name: str) -> float:
        try:
            return self._values[name]
        except KeyError:
            raise self._missing(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def dated(self, name: str, year: int) -> float:
        """Value of a calendar year.

        Raises:
            KeyError: no such dated parameter, or no value for that year; nothing is filled in.
        """
        if name not in self._by_year:
            raise self._missing(name)
        years = self._by_year[name]
        if int(year) not in years:
            raise KeyError(f"{name} has no value for {year}, only {min(years)} to {max(years)}")
        return years[int(year)]

    @property
    def by_year(self) -> Mapping[str, Mapping[int, float]]:
        """Name -> year -> value of all dated parameters."""
        return {name: dict(years) for name, years in self._by_year.items()}

    def series(self, name: str, years: Iterable[int]) -> tuple[float, ...]:
        """Values of some calendar years, in the order asked for."""
        return tuple(self.dated(name, year) for year in years)

    def fingerprint(self) -> str:
        """BLAKE2b of all values as canonical JSON; sources and notes do not enter."""
        if not self._fingerprint:
            text = json.dumps([self._values, self._by_year], sort_keys=True, allow_nan=False)
            self._fingerprint = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        return self._fingerprint

    def __hash__(self) -> int:
        return int(self.fingerprint()[:15], 16)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ParameterValues):
            return NotImplemented
        return self._values == other._values and self._by_year == other._by_year

    def __reduce__(self) -> tuple[Any, ...]:
        return (ParameterValues, (self._values, self._by_year))

    def __repr__(self) -> str:
        return f"<ParameterValues {self.fingerprint()[:8]}>"

    def _missing(self, name: str) -> KeyError:
        if name in self._by_year:
            return KeyError(f"{name} has a value for each year; use dated(name, year)")
        if name in self._values:
            return KeyError(f"{name} is not dated")
        return KeyError(
            f"no parameter {name}. {guess_or_list(name, [*self._values, *self._by_year])}"
        )
