"""From a scenario file to a Scenario: reading, inheritance, balancing, checking.

Every way in which a file can be wrong ends in one InputError with file, line and column.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from pydantic import ValidationError

from fupin.errors import InputError
from fupin.scenario import budget_trees, library
from fupin.scenario.balance import Balance, balance, with_budget
from fupin.scenario.county_table import read_county_table
from fupin.scenario.faults import explain
from fupin.scenario.keys import keys_at
from fupin.scenario.names import NAMES
from fupin.scenario.overrides import BEGINS
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.yaml.events import read_text, read_tree
from fupin.yaml.tree import (
    Entry,
    Mapping,
    Mark,
    Node,
    Path_,
    Scalar,
    is_null,
    mark_at,
    origins,
    plain,
)
from fupin.yaml.words import guess_or_list, shown

if TYPE_CHECKING:
    from fupin.parameters.parameter import Parameter

OWN_KEYS = (*NAMES, "extends", "balance")
"""Keys that a file has for itself alone: its place in the line, its names, its own balancing."""

LONGEST_LINE = 8
"""How many files may extend one another in a line."""


class Resolved(NamedTuple):
    """A scenario with where everything in it comes from."""

    scenario: Scenario
    mapping: dict[str, Any]
    """The merged file as plain data, nulls dropped."""
    origins: dict[Path_, Mark]
    """Path of keys and list positions -> the place that set the value."""
    files: tuple[Path, ...]
    """The file itself, then what it extends, nearest first."""
    balance: Balance | None
    """What `balance` did in this file, if it says so."""


@dataclass(frozen=True)
class Merged:
    """A file laid over all that it extends.

    Attributes:
        tree: everything that is said, each value with the mark of the file that said it.
        files: the file itself, then what it extends, nearest first.
        balance: what `balance` did.
    """

    tree: Mapping
    files: tuple[Path, ...]
    balance: Balance | None = None


def load_scenario(path: str | Path) -> Scenario:
    """The scenario of a file, everything that it extends included.

    Args:
        path: a YAML file, or `fupin:NAME` for one that comes with fupin.

    Raises:
        InputError: anything that is wrong with the file, with its place.
    """
    return resolve(path).scenario


def resolve(path: str | Path) -> Resolved:
    """As `load_scenario`, with the merged mapping and the origin of every value."""
    file = library.find(path)
    return resolve_text(read_text(file), file)


def resolve_text(text: str, path: Path) -> Resolved:
    """As `resolve`, of text that is, or will be, in the file `path`."""
    merged = _merged(text, path, ())
    scenario = _validated(merged.tree, path)
    return Resolved(
        scenario,
        cast(dict[str, Any], _without_nulls(plain(merged.tree))),
        origins(merged.tree),
        merged.files,
        merged.balance,
    )


def base_scenario(resolved: Resolved) -> Scenario | None:
    """What a scenario extends; None where it extends nothing."""
    return resolve(resolved.files[1]).scenario if len(resolved.files) > 1 else None


def base_of(path: str | Path) -> Merged:
    """A scenario file with what it extends, to lay many small changes over (`scenario_over`)."""
    file = library.find(path)
    return _merged(read_text(file), file, ())


def scenario_over(base: Merged, own: Mapping, path: Path) -> Scenario:
    """The scenario of a file that extends `base` and says `own`, as if it had been written.

    Args:
        base: what is extended.
        own: the changes, with the marks at which a mistake is reported; may hold `balance`.
        path: the file that `own` comes from.

    Raises:
        InputError: as `load_scenario`.
    """
    return scenario_of(merged_over(base, own, path))


def merged_over(base: Merged, own: Mapping, path: Path) -> Merged:
    """`own` laid over `base` and balanced; arguments and errors as of `scenario_over`."""
    return _over(base, own, path)


def _over(base: Merged, raw: Mapping, path: Path) -> Merged:
    """A file's own tree, as it is written, laid over its base and balanced."""
    own = budget_trees.read_in(raw)
    tree = budget_trees.replaced_kinds(base.tree, own, raw, lay_over(base.tree, own))
    return _balanced(Merged(tree, (path, *base.files)), base, own, path)


def scenario_of(merged: Merged) -> Scenario:
    """The scenario of a file and all that it extends.

    Raises:
        InputError: anything that is wrong with it, with its place.
    """
    return _validated(merged.tree, merged.files[0])


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value


def _merged(text: str, path: Path, line: tuple[Path, ...]) -> Merged:
    """The tree of a file over its bases; `line` holds the files that led here."""
    own = read_tree(text, path)
    line = (*line, path)
    extends = own.entries.get("extends")
    if extends is None or is_null(extends.value):
        asked = own.entries.get("balance")
        if asked is not None and not is_null(asked.value):
            raise asked.key_mark.error(
                "balance compares a plan with the scenario that it extends; this file extends "
                "none.",
                "Add `extends: ...`, or delete `balance`.",
            )
        return Merged(budget_trees.read_in(own.without("extends", "balance")), (path,))
    return _over(_base(extends.value, path, line), own, path)


def _base(extends: object, path: Path, line: tuple[Path, ...]) -> Merged:
    assert hasattr(extends, "mark")
    mark: Mark = extends.mark
    if not isinstance(extends, Scalar) or not isinstance(extends.value, str):
        raise mark.error("What `extends` says is not the name of a file.", "Write one file name.")
    try:
        file = library.find(extends.value, beside=path.parent)
    except InputError as error:
        raise mark.error(f"extends: {error.message}", error.instead) from None
    if file.resolve() in [above.resolve() for above in line]:
        circle = " -> ".join(above.name for above in (*line, file))
        raise mark.error(f"extends: these files extend one another in a circle: {circle}.")
    if len(line) >= LONGEST_LINE:
        raise mark.error(f"extends: more than {LONGEST_LINE} files extend one another in a line.")
    try:
        text = read_text(file)
    except InputError as error:
        if error.line is not None:
            raise
        raise mark.error(
            f"extends: {shown(extends.value)}: {error.message}", error.instead
        ) from None
    return _merged(text, file, line)


def _balanced(together: Merged, base: Merged, own: Mapping, path: Path) -> Merged:
    asked = own.entries.get("balance")
    if asked is None or is_null(asked.value):
        return replace(together, tree=together.tree.without("balance"))
    plan = _validated(together.tree.without("envelope"), path)  # which holds what is balanced
    key = plan.balance
    assert key in PROGRAMME_KEYS  # the schema has checked it
    basis = _validated(base.tree, base.files[0])
    done = balance(basis, plan, key, own, asked.key_mark)
    tree = with_budget(together.tree.without("balance"), done, asked.key_mark)
    return replace(together, tree=tree, balance=done)


def _validated(tree: Mapping, path: Path) -> Scenario:
    """The scenario of a merged tree.

    A file that gives no name has its file's; a title that is absent is the name.
    """
    if tree.get("name") is None or is_null(tree.get("name")):
        tree = tree.replaced("name", Scalar(_name_of(path), tree.mark))
    tree = _with_county_table(tree)
    if tree.get("title") is None or is_null(tree.get("title")):
        tree = tree.replaced("title", Scalar(str(plain(tree)["name"]), tree.mark))  # type: ignore[index]
    try:
        scenario = Scenario.model_validate(plain(tree))
    except ValidationError as error:
        raise explain(error, tree, keys_at) from None
    _check_parameters(tree, scenario)
    return scenario


def _with_county_table(tree: Mapping) -> Mapping:
    """The tree with the content of a table of counties in place of its file's name."""
    population = tree.get("population")
    if not isinstance(population, Mapping):
        return tree
    named = population.get("counties")
    if not isinstance(named, Scalar) or not isinstance(named.value, str):
        return tree
    file = named.mark.file.parent / named.value
    try:
        incomes = read_county_table(file)
    except InputError as error:
        if error.line is not None:
            raise
        message = f"population.counties: {shown(named.value)}: {error.message}"
        raise named.mark.error(message, error.instead) from None
    entries = {
        str(code): Entry(named.mark, Scalar(yuan, named.mark)) for code, yuan in incomes.items()
    }
    table = population.replaced("counties", Mapping(entries, named.mark))
    return tree.replaced("population", table)


def _name_of(path: Path) -> str:
    """A name for results from a file's name."""
    kept = "".join(c if c.isalnum() or c in "-_" else "-" for c in path.stem).strip("-_")
    return kept[:64] or "scenario"


def _check_parameters(tree: Mapping, scenario: Scenario) -> None:
    """Overrides must name parameters, lie within their ranges, and act when they are to."""
    begins = scenario.parameters.begins
    later = begins is not None and begins > scenario.period.start
    for path in (("history", "parameters"), ("parameters",)):
        found: Node | None = tree
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, Mapping) and found.entries:
            _check_overrides(tree, path, found, scenario, later)


def _check_overrides(
    tree: Mapping, path: Path_, overrides: Mapping, scenario: Scenario, later: bool
) -> None:
    from fupin.parameters.book import load_book

    book, values = load_book(), {}
    where = ".".join(map(str, path))
    for name, entry in overrides.entries.items():
        if name == BEGINS:
            continue
        mark = mark_at(tree, (*path, name), of_key=True)
        if is_null(entry.value):
            if name not in book:
                raise mark.error(f"{where}.{name}: unknown parameter.", guess_or_list(name, book))
            continue
        assert isinstance(entry.value, Scalar)  # the schema has checked it
        value = float(cast(float, entry.value.value))
        try:
            values[name] = book.checked(name, value)
        except InputError as error:
            place = entry.key_mark if name not in book else entry.value.mark
            said = error.message.removeprefix(f"{name}: ")
            raise place.error(f"{where}.{name}: {said}", error.instead) from None
        if book[name].acts == "report":
            raise mark.error(
                f"{where}.{name}: no world reads it, only reports do.",
                f"Change it in {book[name].mark.file.name}.",
            )
        if path == ("parameters",):
            _check_time(book[name], value, mark, later)
    try:
        book.values({**scenario.history.parameters, **values})
    except InputError as error:  # shares that no longer sum to one, a part above its whole
        told = [name for name in values if name in error.message] or list(values)
        mark = overrides.entries[told[0]].value.mark
        raise mark.error(f"{where}: {error.message}", error.instead) from None


def _check_time(parameter: Parameter, value: float, mark: Mark, later: bool) -> None:
    """Refuse what shapes the start, and from a later month on what is read only once."""
    name = parameter.name
    if parameter.acts == "start":
        raise mark.error(
            f"parameters.{name}: it shapes the years before the plan and acts in none of its "
            "months; history is not rewritten by a plan.",
            f"Write `history: {{parameters: {{{name}: {value:g}}}}}` for another past.",
        )
    if parameter.acts == "plan" and later:
        raise mark.error(
            f"parameters.{name}: it is read once, when programmes begin, and cannot change later.",
            f"Take out `{BEGINS}`, or this parameter.",
        )


# -- inheritance: what a file says, laid over the file that it extends ----------------------------


def merge(base: Mapping, own: Mapping) -> Mapping:
    """`own` laid over `base`: mappings merge key by key, all else replaces.

    A `null` in `own` stays as null, so that it hides what the base says; the schema then restores
    the default. Keys keep the order of the base, new ones follow. Every value keeps the mark of
    the file that set it.
    """
    entries = dict(base.entries)
    for key, entry in own.entries.items():
        under = base.get(key)
        if isinstance(under, Mapping) and isinstance(entry.value, Mapping):
            entries[key] = Entry(entry.key_mark, merge(under, entry.value))
        else:
            entries[key] = entry
    return Mapping(entries, own.mark)


def lay_over(base: Mapping, own: Mapping) -> Mapping:
    """A whole file over the scenario that it extends: `merge`, less what is the base's alone."""
    merged = merge(base.without(*OWN_KEYS), own.without("extends"))
    return _one_way_to_say_how_much(_without_own(merged, base, own), own)


def _without_own(merged: Mapping, base: Mapping, own: Mapping) -> Mapping:
    """Without programmes of the base's own that a file takes away, by null or off."""
    theirs, mine, all_of_them = (tree.get("programmes") for tree in (base, own, merged))
    if not (isinstance(theirs, Mapping) and isinstance(mine, Mapping)):
        return merged
    assert isinstance(all_of_them, Mapping)
    gone = [
        key
        for key, entry in mine.entries.items()
        if isinstance(entry.value, Scalar)
        and entry.value.value in (None, False, "off")
        and isinstance(settings := theirs.get(key), Mapping)
        and settings.get("kind") is not None
    ]
    return merged.replaced("programmes", all_of_them.without(*gone)) if gone else merged


def _one_way_to_say_how_much(merged: Mapping, own: Mapping) -> Mapping:
    """Without inherited budgets of programmes that a file gives a target, and the other way."""
    mine, everything = own.get("programmes"), merged.get("programmes")
    if not isinstance(mine, Mapping) or not isinstance(everything, Mapping):
        return merged
    return merged.replaced("programmes", _settled(everything, mine))


def _settled(programmes: Mapping, mine: Mapping) -> Mapping:
    """Merged settings by name without what `mine`, of the same names, replaces."""
    for key, entry in mine.entries.items():
        settings = programmes.get(key)
        if not isinstance(entry.value, Mapping) or not isinstance(settings, Mapping):
            continue
        said = [name for name in ("budget", "target") if _says(entry.value, name)]
        if len(said) == 1:
            settings = settings.without("target" if said == ["budget"] else "budget")
        further, own = settings.get("extra"), entry.value.get("extra")
        if isinstance(further, Mapping) and isinstance(own, Mapping):
            settings = settings.replaced("extra", _settled(further, own))
        programmes = programmes.replaced(key, settings)
    return programmes


def _says(settings: Mapping, name: str) -> bool:
    value = settings.get(name)
    return value is not None and not is_null(value)
