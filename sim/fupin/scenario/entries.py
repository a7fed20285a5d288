"""Further entries of one programme: a base for all counties, and more for some.

    household_projects:
      budget: 200 million
      extra:
        north: {budget: 10 million, counties: [Zhangbei, Kangbao]}

Each entry has money, counties, months, costs and a way of choosing of its own. What it does not say
is left to the programme's parameters, not taken from the first entry. The first keeps its key, and
so its luck; the others are called `household_projects/north`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

from fupin.scenario.faults import fault
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.yaml.words import shown

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def entries_of(settings: ProgrammeSettings) -> Mapping[str, Any]:
    """Further entries of a programme by name, in order; most have none."""
    return getattr(settings, "extra", None) or {}


def check_entries[T: Mapping[str, Any]](entries: T) -> T:
    """Refuse names that cannot stand in results, and entries of entries."""
    for name, settings in entries.items():
        check_name(name)
        if entries_of(settings):
            raise fault(
                "A further entry has no further entries.",
                "Put it beside this one, in the same `extra`.",
                (name, "extra"),
                of_key=True,
            )
    return entries


def check_name(name: str) -> None:
    """Refuse a name that a plan gives and that cannot stand in results."""
    if _NAME.fullmatch(name) is None:
        raise fault(
            f"{shown(name)} cannot be a name in results.",
            "Use up to 32 small letters, digits and _, beginning with a letter.",
            (name,),
            of_key=True,
        )


S = TypeVar("S", bound=ProgrammeSettings)
Extra = Annotated[dict[str, S], AfterValidator(check_entries)]
EXTRA: Any = Field(
    default=None,
    description="Further entries of this programme by a name of your choice, each with settings "
    "of its own, say more money for some counties. The first entry keeps its luck.",
)
