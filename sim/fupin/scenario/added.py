"""Programmes that a plan adds to those of fupin: of its own, and of other packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fupin.scenario.entries import check_name
from fupin.scenario.faults import fault
from fupin.scenario.hints import scenario_hint
from fupin.scenario.outside import Installed, OutsideError, find, names, refuse_taken
from fupin.scenario.own import MOST, OwnProgramme
from fupin.scenario.programme_catalogue import KINDS, OUTSIDE
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.yaml.faults import unseen_in
from fupin.yaml.words import guess_or_list


@dataclass(frozen=True)
class _OfPackage:
    """What a plan says of a programme of another package, until it is checked."""

    found: Installed
    said: Any

    def read(self) -> ProgrammeSettings:
        settings = self.found.programme.settings.model_validate(self.said)
        sources = self.found.sources if settings.active else None
        return settings.model_copy(update={"sources": sources})


def kind_of(settings: ProgrammeSettings) -> str:
    """What the key of a programme that a plan adds begins with."""
    return settings.kind if isinstance(settings, OwnProgramme) else OUTSIDE


def checked_others(data: Mapping[Any, Any], known: Sequence[str]) -> dict[Any, Any]:
    """What stands under other keys than those of fupin's programmes, to be read by `read_added`.

    Args:
        data: the mapping `programmes` of a plan.
        known: keys of fupin's programmes.
    """
    others = {name: data[name] for name in data if name not in known}
    for name in data:
        try:
            if name in known:
                refuse_taken(str(name))
            elif _is_open(others[name]) and (found := find(str(name))) is not None:
                check_name(str(name))
                others[name] = _OfPackage(found, others[name])
        except OutsideError as error:
            raise fault(str(error), error.instead, (str(name),), of_key=True) from None
    for name, settings in others.items():
        if isinstance(settings, (ProgrammeSettings, _OfPackage)):
            continue
        if _is_open(settings):
            raise _unknown(str(name), settings, known)
        check_name(str(name))
    if len(others) > MOST:
        raise fault(f"{len(others)} programmes of its own.", f"A plan can have {MOST}.")
    return others


def read_added(value: Any, read: Callable[[Any], OwnProgramme]) -> Any:
    """The settings of one of `checked_others`."""
    if isinstance(value, ProgrammeSettings):
        return value
    return value.read() if isinstance(value, _OfPackage) else read(value)


def _is_open(settings: Any) -> bool:
    """Whether it is no programme of the plan's own, which says its kind."""
    of_plan = isinstance(settings, Mapping) and "kind" in settings
    return not of_plan and not isinstance(settings, ProgrammeSettings)


def _unknown(name: str, settings: Any, known: Sequence[str]) -> Exception:
    if isinstance(settings, Mapping) and "sources" in settings:
        return fault(
            "it is of a package that is not installed here.",
            "Install the package that has it, or delete it.",
            (name,),
            of_key=True,
        )
    there = names()
    if (unseen := unseen_in(name)) is not None:
        return fault(*unseen, (name,), of_key=True)
    if (hint := scenario_hint(("programmes", name), settings)) is not None:
        return fault("unknown key.", hint, (name,), of_key=True)
    guess, kinds = guess_or_list(name, known), ", ".join(KINDS)
    return fault(
        "unknown key.",
        f"{guess} A programme of the plan's own says its `kind`: {kinds}. Other packages have: "
        f"{', '.join(there)}."
        if there
        else f"{guess} A programme of the plan's own says its `kind`: {kinds}.",
        (name,),
        of_key=True,
    )
