"""One parameter: its value, perhaps by year, with unit, source, grade, bounds and prior."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from fupin.parameters.distribution import Distribution, read_distribution
from fupin.parameters.records import Record, as_number
from fupin.yaml.tree import Entry, Mapping, Mark

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

_KEYS = (
    "value", "unit", "source", "grade", "range", "distribution", "share_of", "at_most", "acts",
    "note",
)  # fmt: skip
_DATED_KEYS = ("value", "source", "grade", "note")
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


def read_parameter(name: str, entry: Entry) -> Parameter:
    """A parameter from its entry in a file.

    Raises:
        InputError: see the head of `book.py`.
    """
    if not all(_NAME.fullmatch(part) for part in name.split(".")):
        raise entry.key_mark.error(
            f"{name}: a name has small letters, digits and underscores.",
            "Write it like home_forgone.",
        )
    record = Record(name, entry.value, entry.key_mark, _KEYS)
    value_entry = record.entry("value")
    dated = isinstance(value_entry.value, Mapping)
    unit = record.choice("unit", UNITS)
    later = dated and "grade" not in record  # each year may bring its own
    grade = "" if later else record.choice("grade", GRADES)
    source = record.text("source", "" if dated else None)
    prior = (
        read_distribution(name, record.entry("distribution")) if "distribution" in record else None
    )
    low, high = _bounds(record, prior, dated)
    value: float | tuple[DatedValue, ...]
    if dated:
        value = _dated(name, value_entry, source, grade)
        inside = [(year.value, value_entry.key_mark) for year in value]
        if prior or "share_of" in record:
            raise record.error("value", "dated values have no distribution and no share_of.")
    else:
        value = record.number("value")
        inside = [(value, value_entry.value.mark)]
    for one, mark in inside:
        if not low <= one <= high:
            raise mark.error(f"{name}: {one:g} is outside {low:g} to {high:g}.")
        if prior and not prior.low <= one <= prior.high:
            raise mark.error(f"{name}: {one:g} is outside its distribution, {prior}.")
    return Parameter(
        name=name,
        value=value,
        unit=unit,
        source=source,
        grade=grade,
        low=low,
        high=high,
        distribution=prior,
        share_of=record.text("share_of", ""),
        note=record.text("note", ""),
        mark=entry.key_mark,
        acts=record.choice("acts", ACTS, "always"),
        at_most=record.text("at_most", ""),
    )


def _bounds(record: Record, prior: Distribution | None, dated: bool) -> tuple[float, float]:
    if "range" in record:
        low, high = record.numbers("range", 2)
        if not low < high:
            raise record.error("range", f"[{low:g}, {high:g}] is no range.", "Write [low, high].")
        if prior and not (low <= prior.low and prior.high <= high):
            raise record.error("range", f"[{low:g}, {high:g}] does not hold all of {prior}.")
        return low, high
    if prior:
        return prior.low, prior.high
    if dated:
        return -math.inf, math.inf
    raise record.error("range", "no range and no distribution.", "Add `range: [low, high]`.")


def _dated(name: str, entry: Entry, source: str, grade: str) -> tuple[DatedValue, ...]:
    """Values by year; a year is a number, or a record with its own source, grade or note."""
    tree = entry.value
    assert isinstance(tree, Mapping)
    if not tree.entries:
        raise entry.key_mark.error(f"{name}: no year.", "Write `2009: 1196`, say.")
    years = []
    for key, one in tree.entries.items():
        if not _YEAR.fullmatch(key):
            raise one.key_mark.error(f"{name}: {key!r} is no year.", "Write a year such as 2009.")
        here = f"{name}, {key}"
        if not isinstance(one.value, Mapping):
            years.append(DatedValue(int(key), as_number(here, "value", one.value), source, grade))
        else:
            record = Record(here, one.value, one.key_mark, _DATED_KEYS)
            own_grade = record.choice("grade", GRADES) if "grade" in record else grade
            own_source, note = record.text("source", source), record.text("note", "")
            years.append(DatedValue(int(key), record.number("value"), own_source, own_grade, note))
        if not years[-1].source or not years[-1].grade:
            missing = "source" if not years[-1].source else "grade"
            raise one.key_mark.error(
                f"{here}: no {missing}.", f"Give the year or the whole parameter a {missing}."
            )
    return tuple(sorted(years, key=lambda one: one.year))
