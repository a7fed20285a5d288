"""Budgets in the tree of a scenario file: tables are read in, counties get their codes.

With codes for keys, a county that a base calls Daming and a plan 大名县 is one county when the two
files merge.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fupin.errors import InputError
from fupin.scenario import floors
from fupin.scenario.county_money import is_by_county
from fupin.scenario.money_table import MoneyTable, read_money_table
from fupin.scenario.places import PlaceError, county_index
from fupin.yaml.tree import Entry, Mapping, Mark, Node, Scalar, is_null
from fupin.yaml.words import guess_or_list, shown

_TABLE_KEYS = ("by", "table", "column", "sheet", "unit")
Kind = Literal["county", "table", "time", "other"]


def kind_of(budget: Node | None) -> Kind:
    """What the keys of a budget are."""
    if not isinstance(budget, Mapping) or not budget.entries:
        return "other"
    if "table" in budget.entries or "by" in budget.entries:
        return "table"
    return "county" if is_by_county(budget.entries) else "time"


Where = tuple[str, ...]
"""Keys below `programmes`, of a programme, or a further entry of one, and of what it says."""


_HOW_MUCH = ("budget", "target")
"""What says how much money there is, by time or by county."""


def _budgets(tree: Mapping) -> dict[Where, Node]:
    """Where in a tree programmes, and further entries of them, say how much money there is."""
    programmes = tree.get("programmes")
    found: dict[Where, Node] = {}
    for name, settings in _mappings(programmes):
        here: list[tuple[Where, Mapping]] = [((name,), settings)]
        here += [((name, "extra", n), entry) for n, entry in _mappings(settings.get("extra"))]
        for where, said in here:
            found |= {(*where, n): node for n in _HOW_MUCH if (node := said.get(n)) is not None}
    return found


def _mappings(node: Node | None) -> list[tuple[str, Mapping]]:
    entries = node.entries.items() if isinstance(node, Mapping) else ()
    return [(key, entry.value) for key, entry in entries if isinstance(entry.value, Mapping)]


def _with(tree: Mapping, budgets: dict[Where, Node]) -> Mapping:
    """The tree with other budgets for some programmes that have settings."""
    for where, budget in budgets.items():
        tree = _put(tree, ("programmes", *where), budget)
    return tree


def _put(tree: Mapping, path: Where, node: Node) -> Mapping:
    if len(path) == 1:
        return tree.replaced(path[0], node)
    below = tree.get(path[0])
    assert isinstance(below, Mapping)
    return tree.replaced(path[0], _put(below, path[1:], node))


def read_in(tree: Mapping) -> Mapping:
    """The tree of one file with its tables read and its counties by code, also those of floors.

    Raises:
        InputError: a table that cannot be read, a county that is named twice.
    """
    changed: dict[Where, Node] = {}
    for where, budget in _budgets(tree).items():
        kind = kind_of(budget)
        if kind == "table" and isinstance(budget, Mapping):
            changed[where] = _of_table(where[:-1], budget, where[-1])
        elif kind == "county" and isinstance(budget, Mapping):
            changed[where] = _by_code(budget)
    return floors.with_places(_with(tree, changed))


def _by_code(budget: Mapping) -> Mapping:
    """Keys as codes; a name that is none, or several counties, stays for the schema to refuse."""
    index, entries = county_index(), dict[str, Entry]()
    for name, entry in budget.entries.items():
        try:
            code = str(index.county(name))
        except PlaceError:
            code = name
        if code in entries:
            raise entry.key_mark.error(
                f"{shown(name)} is {index.title(int(code))}, which line "
                f"{entries[code].key_mark.line} names already.",
                "Keep one of the two.",
            )
        entries[code] = entry
    return Mapping(entries, budget.mark)


def replaced_kinds(base: Mapping, own: Mapping, raw: Mapping, merged: Mapping) -> Mapping:
    """A merged tree in which a budget of another kind replaces the base's, as a scalar does.

    Args:
        base: the tree that is extended, read in.
        own: the file's own tree, read in.
        raw: the same as it is written: a table is complete, and replaces.
        merged: `own` laid over `base`.
    """
    before, written = _budgets(base), _budgets(raw)
    changed: dict[Where, Node] = {}
    for key, budget in _budgets(own).items():
        under = before.get(key)
        if not isinstance(budget, Mapping) or not isinstance(under, Mapping):
            continue
        if kind_of(written.get(key)) == "table" or kind_of(budget) != kind_of(under):
            changed[key] = budget
    return _with(merged, changed)


# -- tables ---------------------------------------------------------------------------------------


def _of_table(where: Where, budget: Mapping, what: str) -> Mapping:
    """The mapping of counties that a column of a table stands for; `what`: budget or target."""
    key, said = where[0] if len(where) == 1 else f"{where[0]}/{where[-1]}", ".".join(where)
    given = {name: _text(budget, name) for name in _TABLE_KEYS}
    for name, entry in budget.entries.items():
        if name not in _TABLE_KEYS:
            raise entry.key_mark.error(
                f"programmes.{said}.{what}.{name}: unknown key.", guess_or_list(name, _TABLE_KEYS)
            )
    mark = budget.mark
    if given["table"] is None:
        raise mark.error(
            f"programmes.{said}.{what}: it is not said which table.",
            "Write {by: county, table: money.xlsx}.",
        )
    if given["by"] not in (None, "county"):
        raise mark.error(
            f"programmes.{said}.{what}: {shown(given['by'])} is nothing that money is told by.",
            "Write {by: county, table: money.xlsx}.",
        )
    named = budget.get("table")
    assert isinstance(named, Scalar)
    file = named.mark.file.parent / given["table"]
    try:
        table = read_money_table(
            file, sheet=given["sheet"], unit=given["unit"], only=key, column=given["column"]
        )
    except InputError as error:
        advice = (error.instead or "").replace("`--sheet '", "`sheet: '")
        advice = advice.replace("`--unit 万元`", "`unit: 万元` beside `table`")
        if error.line is not None:
            raise InputError(error.message, advice, error.file, error.line, error.column) from None
        message = f"programmes.{said}.{what}: {shown(given['table'])}: {error.message}"
        raise named.mark.error(message, advice or None) from None
    counts = table.head.counts.get(key)
    if (counts is None) != (what == "budget"):
        holds, other = ("money", "budget") if counts is None else (counts[0], "target")
        raise named.mark.error(
            f"programmes.{said}.{what}: the column of {shown(given['table'])} holds {holds}.",
            f"Write `{other}: {{by: county, table: {given['table']}}}`."
            if counts
            else f"Write `{other}: {{by: county, table: {given['table']}}}`, or head the column "
            "with what it counts, such as （人）.",
        )
    return tree_of_column(table, key, named.mark)


def _text(budget: Mapping, name: str) -> str | None:
    node = budget.get(name)
    if node is None or is_null(node):
        return None
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        raise node.mark.error(f"{name}: this is no text.", "Write it in quotes.")
    return node.value


def tree_of_column(table: MoneyTable, key: str, mark: Mark) -> Mapping:
    """Amounts of a programme in a table as they would stand in a file, with the cells as marks.

    Raises:
        InputError: money that is not by county beside money that is.
    """
    file: Path = table.grid.file
    entries: dict[str, Entry] = {}
    for (code, time), amount in table.money[key].items():
        cell = amount.cell
        here = Mark(file, cell.row, cell.column)
        if code is None:
            raise table.grid.error(
                cell, "This money is not by county, and the budget is.",
                "Give it to counties, or take the row out.",
            )  # fmt: skip
        said = amount.yuan if amount.unit is None else f"{amount.yuan} {amount.unit}"
        value: Node = Scalar(said, here)
        if time is not None:
            under = entries.get(str(code))
            times = under.value.entries if under and isinstance(under.value, Mapping) else {}
            value = Mapping({**times, str(time): Entry(here, value)}, here)
        entries[str(code)] = Entry(here, value)
    counts = table.head.counts.get(key)
    nothing = 0 if counts is None else f"0 {counts[0]}"
    return Mapping(entries, mark) if entries else Mapping(
        {str(code): Entry(mark, Scalar(nothing, mark)) for code in table.counties[:1]}, mark
    )  # fmt: skip
