"""Programmes of other packages: found by their entry point when a plan names them.

    [project.entry-points."fupin.programmes"]
    tree_planting = "fupin_trees:PROGRAMME"

    programmes:
      tree_planting: {budget: 20 million, counties: [Zhangbei]}

The entry point's name is the key in plans; in results the programme is `outside/tree_planting`.
A package that no plan names is not imported, and changes nothing. One that a plan names is part of
what the plan says: its settings carry the hash of its sources, and so does everything that is told
apart by the plan (runs, kept worlds, stored scenarios).
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from fupin.errors import InputError
from fupin.scenario.fields import text
from fupin.scenario.programme_catalogue import (
    MONEY_CLASSES,
    NOT_OF_THE_DOCUMENT,
    MoneyClass,
    Programme,
)
from fupin.scenario.programme_settings import ProgrammeSettings

GROUP = "fupin.programmes"
"""Group of entry points."""

_SOURCES = (".py", ".yaml", ".csv")


class OutsideSettings(ProgrammeSettings):
    """What a plan may say of a programme from outside; subclasses add fields of their own."""

    sources: Annotated[str, text(64)] | None = Field(
        default=None,
        description="Hash of the package's sources. Stored plans have it; fupin writes it anew.",
    )


@dataclass(frozen=True)
class OutsideProgramme:
    """What an entry point leads to.

    Attributes:
        title: its name for people.
        money: class of its money.
        mechanism: what it does, in a line.
        effect: how large its effect is, and how that is known, in a line.
        settings: what a plan may say of it.
        act: "module:Class" of the `fupin.programmes.base.Programme` that carries it out; a text, so
            that a plan can be read without the libraries of a run.
        paragraph: heading of the document's paragraph that it comes from, if any.
    """

    title: str
    money: MoneyClass
    mechanism: str
    effect: str
    settings: type[OutsideSettings]
    act: str
    paragraph: str = NOT_OF_THE_DOCUMENT


@dataclass(frozen=True)
class Installed:
    """A programme of an installed package, looked at and whole.

    Attributes:
        name: its key in plans.
        package: name and version.
        programme: what the package says of it.
        acts: the class that carries it out.
        sources: hash of the sources of the modules that define it, with their packages.
    """

    name: str
    package: str
    programme: OutsideProgramme
    acts: type[Any]
    sources: str


class OutsideError(Exception):
    """An installed programme that cannot be used.

    Attributes:
        instead: what to do.
    """

    def __init__(self, message: str, instead: str) -> None:
        super().__init__(message)
        self.instead = instead

    def of_user(self) -> InputError:
        """The same where no line of a plan is to blame."""
        return InputError(str(self), self.instead)


@cache
def _by_name() -> dict[str, list[EntryPoint]]:
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        found.setdefault(entry.name, []).append(entry)
    return found


def names() -> tuple[str, ...]:
    """Names of installed programmes, whole or not."""
    return tuple(sorted(_by_name()))


def refuse_taken(name: str) -> None:
    """Refuse a programme of fupin whose name a package claims too.

    Raises:
        OutsideError: naming the package.
    """
    for entry in _by_name().get(name, []):
        raise OutsideError(
            f"The package {_package(entry)} calls its programme {name}, as one of fupin is called.",
            _mend(entry, "Rename its entry point"),
        )


@cache
def find(name: str) -> Installed | None:
    """The installed programme of a name; None where no package has one.

    Raises:
        OutsideError: it cannot be used: which package, and why.
    """
    entries = _by_name().get(name, [])
    if not entries:
        return None
    entry = entries[0]
    if len(entries) > 1:
        both = " and ".join(_package(each) for each in entries)
        raise OutsideError(
            f"The packages {both} both have a programme {name}.", _mend(entry, "Keep one")
        )
    programme = _imported(entry, entry.value)
    _check(entry, programme)
    acts = _imported(entry, programme.act)
    if not isinstance(acts, type) or not hasattr(acts, "open_fiscal_year"):
        raise _broken(entry, f"{programme.act} is no class of programmes")
    modules = [entry.module, programme.act.partition(":")[0], programme.settings.__module__]
    return Installed(name, _package(entry), programme, acts, _hash_of(modules))


def record(key: str) -> Programme:
    """The record of `outside/NAME`; of a package that is gone, what the name says."""
    name = key.partition("/")[2]
    try:
        found = find(name)
    except OutsideError:
        found = None
    if found is None:
        title = f"{name.replace('_', ' ')} (of a package that is not installed)"
        return Programme(key, title, NOT_OF_THE_DOCUMENT, "fiscal", "", "")
    said = found.programme
    return Programme(key, said.title, said.paragraph, said.money, said.mechanism, "")


def _check(entry: EntryPoint, programme: Any) -> None:
    if not isinstance(programme, OutsideProgramme):
        raise _broken(entry, f"{entry.value} is no `fupin.scenario.outside.OutsideProgramme`")
    settings = programme.settings
    if not isinstance(settings, type) or not issubclass(settings, OutsideSettings):
        raise _broken(entry, "its settings are no subclass of `OutsideSettings`")
    if programme.money not in MONEY_CLASSES:
        raise _broken(
            entry, f"its money is {programme.money!r} and not one of {', '.join(MONEY_CLASSES)}"
        )
    for said in ("title", "mechanism", "effect"):
        if not str(getattr(programme, said)).strip():
            raise _broken(entry, f"it has no {said}")


def _imported(entry: EntryPoint, name: str) -> Any:
    module, _, path = name.partition(":")
    try:
        found: Any = importlib.import_module(module)
    except Exception as error:  # whatever a module does when it is imported
        raise _broken(
            entry, f"{module} cannot be imported ({type(error).__name__}: {error})"
        ) from error
    for part in path.split("."):
        if not hasattr(found, part):
            raise _broken(entry, f"{module} has no {path or 'name after a colon'}")
        found = getattr(found, part)
    return found


def _broken(entry: EntryPoint, why: str) -> OutsideError:
    return OutsideError(
        f"The programme {entry.name} of the package {_package(entry)} cannot be used: {why}.",
        _mend(entry, "Mend the package"),
    )


def _mend(entry: EntryPoint, how: str) -> str:
    name = entry.dist.name if entry.dist is not None else "PACKAGE"
    return f"{how}, or remove it: `uv pip uninstall {name}`."


def _package(entry: EntryPoint) -> str:
    return "?" if entry.dist is None else f"{entry.dist.name} {entry.dist.version}"


def _hash_of(modules: list[str]) -> str:
    """Hash of all sources of the top-level packages of some modules, names included."""
    digest = hashlib.blake2b(digest_size=16)
    for top in sorted({module.partition(".")[0] for module in modules}):
        spec = importlib.util.find_spec(top)
        folders = [] if spec is None else list(spec.submodule_search_locations or ())
        files = [f for folder in folders for f in Path(folder).rglob("*") if f.suffix in _SOURCES]
        if not folders and spec is not None and spec.origin is not None:
            files = [Path(spec.origin)]
        roots = [Path(folder) for folder in folders]
        for name, file in sorted((_name_in(file, roots), file) for file in files):
            content = file.read_bytes()
            digest.update(f"{top}/{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _name_in(file: Path, roots: list[Path]) -> str:
    inside = [file.relative_to(root).as_posix() for root in roots if file.is_relative_to(root)]
    return inside[0] if inside else file.name
