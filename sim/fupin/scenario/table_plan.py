"""From a table of money to the text of a plan, and what to say about the two."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from fupin.scenario.amounts import format_yuan
from fupin.scenario.budget_trees import tree_of_column
from fupin.scenario.lender_settings import LoanGuaranteeSettings
from fupin.scenario.load import Resolved
from fupin.scenario.money_headings import Counted
from fupin.scenario.money_table import MoneyTable
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import ADDED, PROGRAMME_KEYS
from fupin.scenario.programme_settings import Part, ProgrammeSettings
from fupin.scenario.schema import Scenario
from fupin.scenario.starter import quoted, reference
from fupin.scenario.unit_costs import units_of
from fupin.yaml.tree import Mark, plain
from fupin.yaml.words import one_of, shown

_NAMES = {10**3: "千元", 10**4: "万元", 10**6: " million", 10**8: "亿元"}


@dataclass(frozen=True)
class Envelope:
    """Yuan of a money class in a plan, and in the plan that it extends.

    Attributes:
        money: fiscal, social, credit or claimed.
        given: of the plan.
        base: of what it extends.
    """

    money: str
    given: int
    base: int

    @property
    def words(self) -> str:
        """`748.2 million yuan, 5.2 million yuan more than 743 million yuan`."""
        if self.given == self.base:
            return f"{format_yuan(self.given)}, as much as before"
        more = "more" if self.given > self.base else "less"
        return (
            f"{format_yuan(self.given)}, {format_yuan(abs(self.given - self.base))} {more} than "
            f"{format_yuan(self.base)}"
        )


def envelopes(plan: Scenario, base: Scenario) -> list[Envelope]:
    """Totals of each class in the plan's period beside those of its base; classes without none."""
    mine, theirs = plan.class_totals(), base.class_totals(plan.period.years)
    return [Envelope(m, mine[m], theirs[m]) for m in mine if mine[m] or theirs[m]]


def plan_text(table: MoneyTable, base: Resolved, out: Path, name: str) -> str:
    """The text of a scenario file that extends `base` and has the money of a table.

    Args:
        table: as it was read.
        base: what is extended.
        out: where the text will lie.
        name: of the scenario.

    Raises:
        InputError: money that is by county and not by county in one programme.
    """
    source = table.grid.file.name
    sheet = "" if table.grid.sheet is None else f", sheet {table.grid.sheet}"
    lines = [
        f"name: {quoted(name)}",
        f"extends: {quoted(reference(base.files[0], out))}",
        f"title: {quoted(f'Money by county of {source}')}",
        "",
        f"# From {_one_line(source + sheet)}, in {_one_line(table.head.unit)}. "
        "`fupin export --plan` gives the table back.",
        "programmes:",
    ]
    for key in dict.fromkeys(k if k.partition("/")[0] in ADDED else k.partition("/")[0]
                             for k in (*PROGRAMME_KEYS, *table.money)):  # fmt: skip
        lines += _with_entries(table, key, base.scenario)
    return "\n".join(lines) + "\n"


def _with_entries(table: MoneyTable, key: str, base: Scenario) -> list[str]:
    """Lines of a programme and its further entries; none where the table has neither."""
    entries = [k for k in table.money if k.startswith(f"{key}/")]
    has = key in table.money
    lines = _programme(table, key, _before(table, key, base), base) if has else []
    if not entries:
        return lines
    if not lines:
        lines = [f"  {key}:"]
    elif lines[0].startswith(f"  {key}: off"):
        lines = [f"  {key}:", "    budget: 0  # no money in the table"]
    lines.append("    extra:")
    for entry in entries:
        found = _programme(table, entry, _before(table, entry, base), base)
        lines += [f"    {line}" for line in found]
    return lines


def _before(table: MoneyTable, key: str, base: Scenario) -> ProgrammeSettings:
    """What the base says of a programme; of an entry that it has not, nothing.

    Raises:
        InputError: a programme of a plan's own that the base has not.
    """
    if key in base.programmes.keys:
        return base.programmes.of(key)
    if key.partition("/")[0] in ADDED:
        raise table.grid.error(
            table.head.cells[table.head.programmes[key]],
            f"{base.name} has no programme {key.partition('/')[2]} of its own.",
            f"Add `--extends PLAN`, the plan that has it, or `--ignore '{key}'`.",
        )
    return ProgrammeSettings(budget=0)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refuse_other_unit(table: MoneyTable, key: str, base: Scenario, unit: str) -> None:
    """Raise InputError at the heading of a column that counts what the programme does not."""
    known = [one.unit for one in units_of(base, key)] if key in base.programmes.keys else [unit]
    if unit in known:
        return
    cell = table.head.cells[table.head.programmes[key]]
    raise table.grid.error(
        cell,
        f"{shown(cell.text)} is in {unit}, and {key} is not counted in {unit}.",
        f"Count it in {one_of(known)}, or give it money."
        if known
        else "Give it money, such as （万元）.",
    )


def _programme(table: MoneyTable, key: str, before: ProgrammeSettings, base: Scenario) -> list[str]:
    money, name = table.money[key], key.rpartition("/")[2]
    total = sum(amount.yuan for amount in money.values())
    counts = table.head.counts.get(key)
    how_much = "budget" if counts is None else "target"
    if counts is not None and total:
        _refuse_other_unit(table, key, base, counts[0])
    if total == 0:
        return [f"  {name}: off  # no money in the table"]
    if all(code is None for code, _ in money):
        times = {time: amount.yuan for (_, time), amount in money.items()}
        lines = [f"  {name}:"]
        if None in times:
            amount = _amount(times[None], table, counts)
            return [*lines, f"    {how_much}: {amount}  # not by county"]
        said = ", ".join(f"{time}: {_amount(n, table, counts)}" for time, n in times.items())
        return [*lines, f"    {how_much}: {{{said}}}  # not by county"]
    tree: Any = plain(tree_of_column(table, key, Mark(table.grid.file, 1, 1)))
    index = county_index()
    in_all = format_yuan(total) if counts is None else f"{total:,} {counts[0]}"
    places = "1 county" if len(tree) == 1 else f"{len(tree)} counties"
    lines = [f"  {name}:  # {places}, {in_all}"]
    lines += [f"    {name}: {value}" for name, value in _in_the_way(before, tree).items()]
    lines.append(f"    {how_much}:")
    for code, given in tree.items():
        if isinstance(given, dict):
            said = ", ".join(f"{t}: {_amount(n, table, counts)}" for t, n in given.items())
            lines.append(f"      {index.chinese(int(code))}: {{{said}}}")
        else:
            lines.append(f"      {index.chinese(int(code))}: {_amount(given, table, counts)}")
    return lines


def _in_the_way(before: ProgrammeSettings, tree: dict[str, Any]) -> dict[str, str]:
    """Keys of the base that money by county cannot stand beside, and what takes them away."""
    found: dict[str, str] = {}
    if before.counties is not None:
        found["counties"] = "null"
    codes = {int(code) for code in tree}
    for key, value, allowed in (
        ("prefectures", before.prefectures, before.county_codes()),
        ("except", before.excluded, before.county_codes()),
    ):
        if value is not None and codes - set(allowed or ()):
            found[key] = "null"
    if before.share is not None:
        found["share"] = "null  # the table says the money of each county"
    for name in type(before).model_fields:
        if isinstance(getattr(before, name), Part):
            found[name] = "null  # its money is in the amounts of its counties"
    if isinstance(before, LoanGuaranteeSettings) and before.rollout:
        found["rollout"] = "off"
    return found


def _amount(yuan: int | str, table: MoneyTable, counts: Counted | None) -> str:
    """An amount in the table's unit, exact; or a target."""
    if isinstance(yuan, str):
        return yuan
    if counts is not None:
        return f"{yuan} {counts[0]}"
    unit = _NAMES.get(table.head.yuan)
    if unit is None or yuan == 0:
        return str(yuan)
    number = (Decimal(yuan) / table.head.yuan).normalize()
    return f"{number:f}{unit}"


def words_of(table: MoneyTable) -> str:
    """`52 counties and 16 programmes from sheet '资金' of plan.xlsx, in 万元`."""
    counties, programmes = len(table.counties), len(table.money)
    where = "" if table.grid.sheet is None else f"sheet {shown(table.grid.sheet)} of "
    return (
        f"{counties} {'county' if counties == 1 else 'counties'} and {programmes} "
        f"{'programme' if programmes == 1 else 'programmes'} from {where}{table.grid.file.name}, "
        f"in {table.head.unit}{_counted(table)}"
    )


def _counted(table: MoneyTable) -> str:
    """What columns of a table of money count in place of it."""
    counts = table.head.counts
    if not counts or len(counts) == len(table.money):
        return ""
    return ", and " + ", ".join(f"{key} in {unit}" for key, (unit, _) in counts.items())
