"""From a failed check to one InputError that points to the line which is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from fupin.errors import InputError
from fupin.scenario.counted import key_hint
from fupin.yaml.tree import Node, Path_, mark_at
from fupin.yaml.words import guess_or_list, printable, shown

_KIND = "fupin"


def fault(
    message: str,
    instead: str | None = None,
    at: Path_ = (),
    *,
    of_key: bool = False,
    or_at: Path_ | None = None,
) -> PydanticCustomError:
    """An error to raise inside a validator.

    Args:
        message: what was found.
        instead: what to write instead.
        at: keys from the checked value to the part of it that is wrong.
        of_key: the last key itself is wrong, not its value.
        or_at: of two that do not go together the other; told where the planner's own file holds it
            and `at` stands in a file that it extends.
    """
    context = {
        "text": message, "instead": instead, "at": at, "of_key": of_key, "or_at": or_at,
    }  # fmt: skip
    return PydanticCustomError(_KIND, "{text}", context)


def reading(read: Callable[[Any], Any], *errors: type[Exception]) -> Callable[[Any], Any]:
    """`read` as a validator: its own errors become faults with the same words."""

    def checked(value: Any) -> Any:
        try:
            return read(value)
        except errors as error:
            raise fault(str(error), getattr(error, "instead", None)) from None

    return checked


def explain(
    error: ValidationError, tree: Node, known: Callable[[Path_], Iterable[str]]
) -> InputError:
    """The first fault of a failed validation, with its place in the files.

    Args:
        error: what pydantic found.
        tree: the merged tree that was validated.
        known: the keys that may stand in the mapping at a path, for "did you mean".
    """
    faults = [_Fault.of(details, known) for details in error.errors(include_url=False)]
    # An unknown key often explains why a known one is missing: it is told first.
    first = min(faults, key=lambda found: found.rank)
    mark = mark_at(tree, first.path, of_key=first.of_key)
    if first.other is not None and mark.file != tree.mark.file:
        other = mark_at(tree, first.other)
        mark = other if other.file == tree.mark.file else mark
    # a position in a list is told by the column alone
    where = ".".join(printable(step, 40) for step in first.path if isinstance(step, str))
    message = f"{where}: {first.message}" if where else first.message
    return mark.error(message, first.instead)


class _Fault:
    """One entry of pydantic's list, in plain words."""

    def __init__(
        self, path: Path_, message: str, instead: str | None, of_key: bool = False, rank: int = 1
    ) -> None:
        self.path, self.message, self.instead = path, message, instead
        self.of_key, self.rank = of_key, rank
        self.other: Path_ | None = None

    @classmethod
    def of(cls, details: Mapping[str, Any], known: Callable[[Path_], Iterable[str]]) -> _Fault:
        path: Path_ = tuple(details["loc"])
        kind = details["type"]
        if kind == _KIND:
            context = details["ctx"]
            at = (*path, *context["at"])
            found = cls(at, context["text"], context["instead"], context["of_key"])
            if context["or_at"] is not None:
                found.other = (*path, *context["or_at"])
            return found
        if kind == "extra_forbidden":
            key = str(path[-1])
            if "：" in key or "，" in key:
                wide, plain = ("：", "`: `") if "：" in key else ("，", "`, `")
                return cls(path, f"unknown key; {wide} is full-width.", f"Write {plain}.", True, 0)
            hint = None
            if len(path) == 3 and path[0] == "programmes":
                hint = key_hint(str(path[1]), key, details["input"])
            instead = hint or guess_or_list(key, known(path[:-1]))
            return cls(path, "unknown key.", instead, True, 0)
        if kind == "missing":
            return cls(path[:-1], f"`{path[-1]}` is missing.", f"Add `{path[-1]}: ...`.", True, 2)
        if kind in ("model_type", "model_attributes_type", "dict_type"):
            keys = ", ".join(known(path))
            return cls(
                path,
                f"{shown(details['input'])} stands where keys are needed.",
                f"Write `key: value` pairs; keys are {keys}."
                if keys
                else "Write `name: value` pairs.",
            )
        return cls(path, f"{details['msg']}.", None)


def known_keys(model: type[BaseModel]) -> list[str]:
    """The keys of a model as they are written in a file."""
    return [field.alias or name for name, field in model.model_fields.items()]
