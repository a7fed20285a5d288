"""The one reader of input files: from a tree to checked values, or to one InputError with its line.

Scenarios, sweeps, parameters, targets, counts and priors are read by it. What a kind of file may
say is a `fupin.yaml.fields.Section`, or a mapping of names to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from unicodedata import category

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from fupin.errors import InputError
from fupin.yaml.tree import Node, Path_, mark_at, plain
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


Hint = Callable[[Path_, Any], str | None]
"""What to write for an unknown key at a path, of the value that it has."""


def read_as[T](
    kind: type[T], tree: Node, under: str = "", hint: Hint = lambda path, value: None
) -> T:
    """The values of a tree.

    Args:
        kind: a Section, or a mapping such as `dict[str, Section]`.
        tree: what was read.
        under: what the tree's keys stand under, for messages.
        hint: better advice for some unknown keys.

    Raises:
        InputError: the first thing that is wrong, with its place.
    """
    try:
        reader: TypeAdapter[T] = _reader(kind)  # type: ignore[arg-type]  # types can be hashed
        return reader.validate_python(plain(tree))
    except ValidationError as error:
        known = lambda path: keys_at(kind, path)  # noqa: E731
        raise explain(error, tree, known, hint=hint, under=under) from None


@cache
def _reader(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def explain(
    error: ValidationError,
    tree: Node,
    known: Callable[[Path_], Iterable[str]],
    *,
    hint: Hint = lambda path, value: None,
    under: str = "",
) -> InputError:
    """The first fault of a failed validation, with its place in the files.

    Args:
        error: what pydantic found.
        tree: the merged tree that was validated.
        known: the keys that may stand in the mapping at a path, for "did you mean".
        hint: better advice for some unknown keys.
        under: what the tree's keys stand under.
    """
    faults = [_Fault.of(details, known, hint) for details in error.errors(include_url=False)]
    # An unknown key often explains why a known one is missing: it is told first.
    first = min(faults, key=lambda found: found.rank)
    mark = mark_at(tree, first.path, of_key=first.of_key)
    if first.other is not None and mark.file != tree.mark.file:
        other = mark_at(tree, first.other)
        mark = other if other.file == tree.mark.file else mark
    # a position in a list is told by the column alone
    steps = [printable(step, 40) for step in first.where if isinstance(step, str)]
    where = ".".join([under, *steps] if under else steps)
    message = f"{where}: {first.message}" if where else first.message
    return mark.error(message, first.instead)


def unseen_in(key: str) -> tuple[str, str] | None:
    """What is wrong with an unknown key that holds a space or a mark which cannot be seen.

    Such ones come with text from chats and word processors. None where there is none.
    """
    strange = next((c for c in key if c != " " and category(c) in ("Cf", "Zs", "Cc")), None)
    if strange is None:
        return None
    named = {"\u3000": "A full-width space", "\xa0": "A no-break space"}
    what = named.get(strange, "A character that cannot be seen")
    return (
        f"unknown key. {what} (U+{ord(strange):04X}) stands in it.",
        "Delete it, or write a plain space.",
    )


class _Fault:
    """One entry of pydantic's list, in plain words."""

    def __init__(
        self, path: Path_, message: str, instead: str | None, of_key: bool = False, rank: int = 1
    ) -> None:
        self.path, self.message, self.instead = path, message, instead
        self.of_key, self.rank = of_key, rank
        self.other: Path_ | None = None
        self.where = path

    @classmethod
    def of(
        cls, details: Mapping[str, Any], known: Callable[[Path_], Iterable[str]], hint: Hint
    ) -> _Fault:
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
            if (unseen := unseen_in(key)) is not None:
                return cls(path, *unseen, True, 0)
            instead = hint(path, details["input"]) or guess_or_list(key, known(path[:-1]))
            return cls(path, "unknown key.", instead, True, 0)
        if kind == "missing":  # or null, and then that is the place
            found = cls(path, f"`{path[-1]}` is missing.", f"Add `{path[-1]}: ...`.", rank=2)
            found.where = path[:-1]
            return found
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


def keys_at(kind: Any, path: Path_) -> list[str]:
    """The keys that the mapping at a path may have; none where they are the user's own names.

    Args:
        kind: of the whole: a model, a mapping or list of them, or a union with one of these.
        path: keys and list positions from the root.
    """
    for step in path:
        kind = below(kind, step)
    model = model_in(kind)
    return known_keys(model) if model else []


def below(kind: Any, step: str | int) -> Any:
    """The kind of what stands at a key, or at a position of a list; None where nothing is known."""
    for one in _options(kind):
        if get_origin(one) in (dict, list, tuple):
            return get_args(one)[-1]
        for name, field in one.model_fields.items() if _is_model(one) else ():
            if (field.alias or name) == step:
                return field.annotation
    return None


def model_in(kind: Any) -> type[BaseModel] | None:
    """The model that a kind is, or is if it is a mapping of fixed keys."""
    return next((one for one in _options(kind) if _is_model(one)), None)


def _options(kind: Any) -> list[Any]:
    """The members of a union, without what is annotated to them."""
    if get_origin(kind) is Annotated:
        return _options(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [option for member in get_args(kind) for option in _options(member)]
    return [kind]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
