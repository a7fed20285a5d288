"""One parameter: its value, perhaps by year, with unit, source, grade, bounds and prior."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import TypeAdapter, model_validator

from fupin.parameters.distribution import Distribution, WrittenDistribution
from fupin.yaml.faults import fault, read_as
from fupin.yaml.fields import Checked, Line, Number, Pair, Section, choice
from fupin.yaml.fields import number as finite
from fupin.yaml.tree import Mapping, Mark

UNITS: tuple[str, ...] = (
    "share", "log points", "probability", "probability/month", "probability/year", "per year",
    "per person and year", "odds ratio", "log odds", "index", "dimensionless",
    "yuan", "yuan/person", "yuan/person/year", "yuan/person/month",
    "yuan/household", "yuan/village", "yuan/trainee",
    "years", "months", "years of income", "persons", "households", "villages", "counties",
    "villages/month", "persons/month", "households/month", "jobs/month", "loans/month", "mu",
    "mu/person", "firms", "cooperatives", "zones", "projects", "jobs/million yuan", "km",
    "yuan/hectare", "yuan/km", "yuan/course", "head/person", "items", "persons/10,000 yuan",
)  # fmt: skip
"""All units that a parameter may have; add one here when none fits."""

GRADES: tuple[str, ...] = ("document", "official statistic", "literature", "assumption")
"""How far a value can be trusted, best first. `document`: the yearbook entry of 2009."""

ACTS: tuple[str, ...] = ("always", "start", "plan", "report")
"""When a parameter acts: in every month; in the years before a plan; when programmes begin; in
reports alone."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_YEAR = re.compile(r"(19|20)[0-9]{2}")


def number(value: float) -> str:
    """A number for people: no trailing zeros, thousands apart."""
    return f"{value:,.10g}" if abs(value) < 1e10 else f"{value:,.0f}"


@dataclass(frozen=True)
class DatedValue:
    """The value of one calendar year."""

    year: int
    value: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True)
class Parameter:
    """A parameter of the model.

    Attributes:
        name: dotted name; its first part is the file's name.
        value: the central value, or values of calendar years in order.
        unit: one of UNITS.
        source: where the value comes from (of dated values: of the years without their own).
        grade: one of GRADES (of dated values: the same).
        low, high: bounds of what a plan or a draw may set.
        distribution: the prior, or None for what is not uncertain or not sampled.
        share_of: group of parameters whose values sum to one, or "".
        at_most: name of a parameter whose value its own never exceeds, as a part its whole; or "".
        note: anything a reader should know.
        acts: one of ACTS.
        mark: where it stands.
    """

    name: str
    value: float | tuple[DatedValue, ...]
    unit: str
    source: str
    grade: str
    low: float
    high: float
    distribution: Distribution | None
    share_of: str
    note: str
    mark: Mark
    acts: str = "always"
    at_most: str = ""

    @property
    def file(self) -> str:
        """Name of its file without `.yaml`."""
        return self.name.partition(".")[0]

    @property
    def dated(self) -> bool:
        """True where each year has its own value."""
        return isinstance(self.value, tuple)

    @property
    def bounds(self) -> str:
        """Bounds in words, such as `0 to 1`; empty where there are none."""
        if math.isinf(self.low) and math.isinf(self.high):
            return ""
        return f"{number(self.low)} to {number(self.high)}"


def read_parameters(tree: Mapping, stem: str) -> dict[str, Parameter]:
    """The parameters of a file, whose names begin with the file's stem.

    Raises:
        InputError: see the head of `book.py`.
    """
    for key, entry in tree.entries.items():
        if not _NAME.fullmatch(key):
            raise entry.key_mark.error(
                f"{stem}.{key}: a name has small letters, digits and underscores.",
                "Write it like home_forgone.",
            )
    written = read_as(dict[str, _Written], tree, stem)
    return {
        f"{stem}.{key}": one.parameter(f"{stem}.{key}", tree.entries[key].key_mark)
        for key, one in written.items()
    }


_Grade = Annotated[str, choice(*GRADES)]


class _OfYear(Section):
    """The value of a year: a number, or a record with its own source, grade or note."""

    value: Number
    source: Line = ""
    grade: _Grade = ""
    note: Line = ""


_YEARS = TypeAdapter(dict[str, _OfYear])


def _read_value(value: Any) -> float | dict[str, _OfYear]:
    if not isinstance(value, dict):
        found: float = finite().read(value)
        return found
    if not value:
        raise fault("There is no year.", "Write `2009: 1196`, say.")
    for year in value:
        if not _YEAR.fullmatch(year):
            raise fault(f"{year!r} is no year.", "Write a year such as 2009.", (year,), of_key=True)
    records = {y: one if isinstance(one, dict) else {"value": one} for y, one in value.items()}
    return _YEARS.validate_python(records)


class _Written(Section):
    """What a file says of a parameter."""

    value: Annotated[float | dict[str, _OfYear], Checked(_read_value, {})]
    unit: Annotated[str, choice(*UNITS)]
    source: Line = ""
    grade: _Grade = ""
    range: Pair | None = None
    distribution: WrittenDistribution | None = None
    share_of: Line = ""
    at_most: Line = ""
    acts: Annotated[str, choice(*ACTS)] = "always"
    note: Line = ""

    @property
    def prior(self) -> Distribution | None:
        return None if self.distribution is None else self.distribution.distribution()

    @model_validator(mode="after")
    def _is_whole_and_within_bounds(self) -> Self:
        dated = isinstance(self.value, dict)
        if dated and (self.distribution or self.share_of):
            raise fault(
                "Dated values have no distribution and no share_of.", "Take it out.", ("value",)
            )
        years = self.value if isinstance(self.value, dict) else {}
        for key in ("source", "grade"):
            if not dated and not getattr(self, key):
                raise fault("it is missing.", f"Add `{key}: ...`.", (key,))
            for year, one in years.items():
                if not getattr(self, key) and not getattr(one, key):
                    raise fault(
                        f"There is no {key}.",
                        f"Give the year or the whole parameter a {key}.",
                        ("value", year),
                        of_key=True,
                    )
        low, high = self.bounds()
        prior = self.prior
        values = {("value", year): one.value for year, one in years.items()}
        for at, value in values.items() if dated else [(("value",), self.value)]:
            assert isinstance(value, float)
            if not low <= value <= high:
                raise fault(
                    f"{value:g} is outside {low:g} to {high:g}.", "Change it or the range.", at
                )
            if prior and not prior.low <= value <= prior.high:
                raise fault(
                    f"{value:g} is outside its distribution, {prior}.", "Change one of them.", at
                )
        return self

    def bounds(self) -> tuple[float, float]:
        """Least and largest value that a plan or a draw may set."""
        prior = self.prior
        if self.range is not None:
            low, high = self.range
            if not low < high:
                raise fault(
                    f"[{low:g}, {high:g}] is no range.", "Write the lower number first.", ("range",)
                )
            if prior and not (low <= prior.low and prior.high <= high):
                raise fault(
                    f"[{low:g}, {high:g}] does not hold all of {prior}.",
                    "Widen it, or truncate the distribution.",
                    ("range",),
                )
            return low, high
        if prior:
            return prior.low, prior.high
        if isinstance(self.value, dict):
            return -math.inf, math.inf
        raise fault("There is no range and no distribution.", "Add `range: [low, high]`.")

    def parameter(self, name: str, mark: Mark) -> Parameter:
        """The parameter; its years inherit source and grade."""
        low, high = self.bounds()
        value: float | tuple[DatedValue, ...]
        if not isinstance(self.value, dict):
            value = self.value
        else:
            value = tuple(
                DatedValue(
                    int(year), one.value, one.source or self.source, one.grade or self.grade,
                    one.note,
                )
                for year, one in sorted(self.value.items())
            )  # fmt: skip
        return Parameter(
            name=name, value=value, unit=self.unit, source=self.source, grade=self.grade,
            low=low, high=high, distribution=self.prior, share_of=self.share_of, note=self.note,
            mark=mark, acts=self.acts, at_most=self.at_most,
        )  # fmt: skip
