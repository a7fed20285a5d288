"""What a user asks of a search: the plan's `allocate:` with what is said beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from fupin.api.plan import Plan
from fupin.api.work import Work
from fupin.errors import COMMAND_LINE, PYTHON, InputError, Wording
from fupin.results.asked import Seeds, seeds_of
from fupin.scenario.allocate import Allocate
from fupin.scenario.floors import floor_place
from fupin.scenario.places import PlaceError

_MERGE = ("bounds", "packages", "floors", "at_least", "at_most", "envelope")
"""Keys of which options say parts alone: what they do not name stays."""

CHECK_DRAWS = 20
"""Parameter vectors of a check, where nobody says how many."""

MOST_CHECK_DRAWS = 10_000


def asked_of(plan: Plan, said: Mapping[str, Any], say: Wording = PYTHON) -> Allocate:
    """The question: what the plan says, and over it what is said beside it.

    Args:
        plan: it may have `allocate`.
        said: keys of `allocate`; None leaves what the plan says.

    Raises:
        InputError: a value that cannot be used.
    """
    own = plan.scenario.allocate
    known = {} if own is None else own.model_dump(mode="json", exclude_unset=True)
    given = {key: value for key, value in said.items() if value is not None}
    merged: dict[str, Any] = {**known}
    for key, value in given.items():
        merged[key] = _over(key, merged.get(key), value)
    if "target" in given and "envelope" not in given:
        merged.pop("envelope", None)
    if "envelope" in given and "target" not in given:
        merged.pop("target", None)
    try:
        return Allocate.model_validate(merged)
    except ValidationError as error:
        raise _explained(error, say, merged) from None


def _over(key: str, inside: Any, value: Any) -> Any:
    """What is said of a key, over what the plan says of it."""
    if key == "envelope" and isinstance(inside, dict) and not isinstance(value, Mapping):
        value = {"fiscal": value}
    if key == "floors" and isinstance(value, Mapping):
        value = _by_place(value)
    if key in _MERGE and isinstance(inside, dict) and isinstance(value, Mapping):
        deeper = key in ("bounds", "packages")
        return {
            **inside,
            **{
                name: {**inside[name], **item}
                if deeper and isinstance(inside.get(name), dict) and isinstance(item, Mapping)
                else item
                for name, item in value.items()
            },
        }
    return list(value) if isinstance(value, tuple) else value


def _by_place(floors: Mapping[str, Any]) -> dict[str, Any]:
    """Floors by place, as the plan's are; unless two names are one place, or none."""
    try:
        found = {floor_place(name): item for name, item in floors.items()}
    except PlaceError:
        return dict(floors)
    return found if len(found) == len(floors) else dict(floors)


def _option(name: str, path: list[str], asked: Mapping[str, Any]) -> str:
    """The option that says a key; the key of the file where none does."""
    if name in ("packages", "floors"):
        return f"allocate.{name}"
    if name == "bounds":
        said = asked["bounds"].get(path[1]) if len(path) > 1 else None
        of = [path[2]] if len(path) > 2 else [k for k in ("least", "most") if k in (said or {})]
        return COMMAND_LINE(of[0]) if of else "allocate.bounds"
    return COMMAND_LINE(name.replace("_", "-"))


def _explained(error: ValidationError, say: Wording, asked: Mapping[str, Any]) -> InputError:
    details = error.errors(include_url=False)[0]
    context = details.get("ctx") or {}
    path = [str(step) for step in (*details["loc"], *context.get("at", ())) if step != ""]
    name = path[0] if path else "allocate"
    where = ".".join(path[1:])
    message = context.get("text", details["msg"])
    option = say(name) if say.python else _option(name, path, asked)
    return InputError(
        f"{option}{' (' + where + ')' if where else ''}: {message}", context.get("instead")
    )


def check_of(
    work: Work, draws: int | str | None, seeds: Seeds, say: Wording = PYTHON
) -> tuple[int, tuple[int, ...]]:
    """How many parameter vectors check a proposal, and with which seeds.

    Raises:
        InputError: none, too many, or a seed of the search.
    """
    text = str(CHECK_DRAWS if draws is None else draws).strip()
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CHECK_DRAWS:
        option = "check_draws" if say.python else "check-draws"
        raise InputError(
            f"{say.given(option, draws)} is not a number of parameter vectors.",
            f"Write {say(option, 20)}.",
        )
    if seeds is None:
        return int(text), (max(work.seeds) + 1,)
    found = tuple(seeds_of(seeds, say))
    if used := sorted(set(found) & set(work.seeds)):
        option = "check_seeds" if say.python else "check-seeds"
        raise InputError(
            f"Seed {used[0]} has chosen the proposal, and cannot check it.",
            f"Let {say(option)} name seeds from {max(work.seeds) + 1} on.",
        )
    return int(text), found
