"""What is true of one province alone and is asked for by name: `province.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from fupin import paths


@dataclass(frozen=True)
class Tail:
    """Between which incomes the spread of the lower tail was measured; yuan of one year.

    Attributes:
        mean: income per person of that year.
        ends: lower and upper income.
    """

    mean: float
    ends: tuple[float, float]


@dataclass(frozen=True)
class Province:
    """The facts; sources stand in the file.

    Attributes:
        name: in English.
        document: what the figures of `document.yaml` are from.
        codes: the standard of the counties' codes.
        counties: number of county-level units.
        document_year: the year that the document reports on.
        first_listing: the year in which everybody poor was listed; history begins with it.
        listing_campaigns: later years in which everybody is looked at again, where a register is
            kept by task.
        roster_since: first year of village advancement by the roster, and of its funds.
        last_official: last year with an official mean income, line and weather; no later one can
            be lived.
        plan_years: first and last year of a plan.
        mutual_funds_since: the year in which village funds began; before it there are none.
        plan: the scenario that is taken if none is named.
        quota: persons a year that a counting by quota delists if a plan gives none.
        tail: where the lower tail of reported incomes lies (`fupin.calibration.moments`).
    """

    name: str
    document: str
    codes: str
    counties: int
    document_year: int
    first_listing: int
    listing_campaigns: tuple[int, ...]
    roster_since: int
    last_official: int
    plan_years: tuple[int, int]
    mutual_funds_since: int
    plan: str
    quota: int
    tail: Tail

    @property
    def year_before(self) -> int:
        """The year at whose end a plan of the document's year begins."""
        return self.document_year - 1


FILE = "province.yaml"


def read_province(file: Path) -> Province:
    """The facts of a file.

    Raises:
        ValueError: a fact is missing or unknown, or lacks its value or source.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: dict[str, Any] = yaml.load(file.read_text("utf-8"), loader)
    wrong = set(entries) ^ {field.name for field in fields(Province)}
    wrong |= {name for name, entry in entries.items() if set(entry) != {"value", "source"}}
    if wrong:
        raise ValueError(f"{file.name}: missing, unknown, or without source: {sorted(wrong)}")
    facts = {name: entry["value"] for name, entry in entries.items()}
    for name in ("plan_years", "listing_campaigns"):
        facts[name] = tuple(facts[name])
    facts["tail"] = Tail(facts["tail"]["mean"], tuple(facts["tail"]["ends"]))
    return Province(**facts)


@cache
def province() -> Province:
    """The facts that come with fupin, read once a process."""
    return read_province(paths.parameters() / FILE)
