"""Tables of a comparison for the terminal, from the content of `comparison.json`.

Those about money stand in `comparison_costs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin.report.terminal.wrapping import filled
from fupin.results.outcome import OUTCOMES
from fupin.statistics.crossed import ENOUGH_FOR_PERCENTILES
from fupin.words import numbers
from fupin.words.spoken import said, spoken

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table

Comparison = Mapping[str, Any]

SHOWN = {
    "lifted": "lifted (net fall of the register)",
    "income_poor_end": "income-poor at the end",
    "fgt1": "poverty gap (fgt1)",
    "mean_income": "mean income",
    "gini": "Gini coefficient",
    "placed": "placed after training",
    "additional_jobs": "additional jobs",
    "households_reached": "different households served",
    "spent": "spent",
    "resource_cost": "resource cost, whoever pays",
}
_DYNAMICS = {
    "fgt1": ("poverty\ngap, %", 100.0),
    "exit_rate": ("leave\na year, %", 100.0),
    "fall_back_rate": ("fall\nback, %", 100.0),
    "chronic_share": ("\nchronic, %", 100.0),
    "mean_spell_years": ("mean spell,\nyears", 1.0),
}
_NAMES = 14  # columns that names of plans and programmes have at least, where there is room
_FEWEST = 8  # and where numbers leave no room
DIGITS = 4  # significant digits of a mean difference, however narrow its interval
WIDE = 100
"""Columns from which there is room for where one further pair, or all few, would fall."""


def signed(statistics: Mapping[str, Any], factor: float = 1.0) -> tuple[str, str, str]:
    """Mean with its sign, interval of the mean, interval of one further pair or range of few."""
    mean = statistics["mean"]
    if mean is None:
        return numbers.NOTHING, "", ""
    say = spoken()
    scale = say.magnitude(mean * factor)
    text, interval = say.estimate(statistics, factor, scale, DIGITS)
    following = {"mean": mean, "low": statistics.get("next_low")}
    following["high"] = statistics.get("next_high")
    _, further = say.estimate(following, factor, scale, DIGITS)
    if text.strip("0.,") and not text.startswith(numbers.MINUS):
        text = f"+{text}"
    return text, interval, further


def signed_money(statistics: Mapping[str, Any]) -> tuple[str, str]:
    """Mean with its sign and its interval, of yuan in the unit of tables."""
    say = spoken()
    if say.chinese:
        return say.money_estimate(statistics, signed=True)
    return signed(statistics, 1e-6)[:2]


def holds_zero(statistics: Mapping[str, Any]) -> bool:
    """True where the interval of the mean does not tell it from 0."""
    low, high = statistics["low"], statistics["high"]
    return low is None or low <= 0 <= high


def dim(cells: Sequence[str], faint: bool) -> list[str]:
    """Cells that are shown faintly where nothing is told by them."""
    return [f"[dim]{cell}[/dim]" if faint and cell else cell for cell in cells]


Rows = list[list[str]]


def blocks(width: int, head: list[str], groups: Sequence[tuple[str, Rows]]) -> Group:
    """Groups of rows under headings of their own, with the same columns; names wrap at hyphens."""
    from rich.cells import cell_len
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    every = [head, *(row for _, rows in groups for row in rows)]
    widths = [
        max(cell_len(Text.from_markup(line).plain) for row in every for line in row[i].split("\n"))
        for i in range(len(head))
    ]
    of_numbers, gaps = sum(widths[1:]), len(head) - 1
    gap = 2 if of_numbers + 2 * gaps + min(widths[0], _NAMES) <= width else 1
    widths[0] = max(min(widths[0], width - of_numbers - gap * gaps), _FEWEST)

    def grid(rows: Rows) -> Table:
        table = Table.grid(padding=(0, gap, 0, 0))
        for i, size in enumerate(widths):
            table.add_column(width=size, justify="right" if i else "left", vertical="bottom")
        for row in rows:
            name = filled(row[0], widths[0], later="  ") if row[0] else ""
            table.add_row(name, *row[1:])
        return table

    total = sum(widths) + gap * gaps
    parts: list[RenderableType] = [grid([head]), Text("─" * total, "dim")]
    for title, rows in groups:
        if title:
            parts.append(Text.from_markup(title))
        parts.append(grid(rows))
    return Group(*parts)


def _unit(unit: str) -> tuple[float, str]:
    factor = {"share": 100.0, "index": 1000.0}.get(unit, 1.0)
    say = spoken()
    if say.chinese:
        return factor, say("unit.yuan" if unit == "yuan" else f"unit_difference.{unit}")
    return factor, {"share": "points", "index": "thousandths"}.get(unit, unit)


def differences(comparison: Comparison, width: int) -> Group:
    """The headline outcomes, under each the plans."""
    say = spoken()
    pairs = len(comparison["draws"]) * len(comparison["seeds"])
    head = [said(text) for text in ("plan", "plan − base", "90% interval")]
    enough = pairs >= ENOUGH_FOR_PERCENTILES
    head.append(said("next pair") if enough else said("range of {n} pairs", n=pairs))
    groups: list[tuple[str, Rows]] = []
    for key, name in SHOWN.items():
        entries = {
            plan: outcomes[key]  # an older fupin did not know all of them
            for plan, outcomes in comparison["outcomes"].items()
            if key in outcomes
        }
        if all(not _moves(entry) for entry in entries.values()):
            continue
        factor, unit = _unit(OUTCOMES[key].unit)
        first = next(iter(entries.values()))
        base = ""
        if first["base"] is not None:
            alone = {"mean": first["base"], "low": None, "high": None}
            base = said("; base {value}", value=say.estimate(alone, factor)[0])
        rows = [
            [plan, *dim(signed(entry["difference"], factor), holds_zero(entry["difference"]))]
            for plan, entry in entries.items()
        ]
        title = say(f"outcome.{key}") if say.chinese else name
        groups.append((f"[bold]{title}[/bold]{said(', ')}{unit}[dim]{base}[/dim]", rows))
    if width < WIDE:
        head, groups = head[:3], [(title, [row[:3] for row in rows]) for title, rows in groups]
    return blocks(width, head, groups)


def _moves(entry: Mapping[str, Any]) -> bool:
    found = entry["difference"]
    return found["mean"] is not None and (found["mean"] != 0 or bool(found["low"]))


def programmes_that_move(comparison: Comparison, width: int) -> Group | None:
    """Money and people of programmes that differ between plan and base; None where none does."""
    say = spoken()
    head = ["programme", "delivered, M yuan", "90% interval", "persons", "90% interval"]
    head = [said(text) for text in head]
    groups: list[tuple[str, Rows]] = []
    for plan in comparison["plans"]:
        rows = []
        for key, entry in comparison["programmes"][plan].items():
            if not any(_moves(entry[name]) for name in ("budget", "delivered", "persons")):
                continue
            money, persons = (entry[name]["difference"] for name in ("delivered", "persons"))
            cells = dim(signed_money(money), holds_zero(money))
            cells += dim(signed(persons)[:2], holds_zero(persons))
            rows.append([say.name("programmes", key, key.replace("_", " ")), *cells])
        if rows:
            groups.append((f"[bold]{plan}[/bold]", rows))
    if width < WIDE:
        head = [head[0], head[1], head[3]]
        groups = [(t, [[row[0], row[1], row[3]] for row in rows]) for t, rows in groups]
    return blocks(width, head, groups) if groups else None


def has_resized(comparison: Comparison) -> bool:
    """Are there poor persons whom only one of two worlds has? Mostly not: then no column is due.

    Comparisons that were written before these persons were counted apart have none.
    """
    none = {"mean": 0.0}
    return any(
        parts["all"].get(kind, none)["mean"]
        for twins in comparison["additionality"].values()
        for by_status in twins.values()
        for parts in by_status.values()
        for kind in ("only_here", "only_twin")
    )


def additionality(comparison: Comparison, width: int) -> Group:
    """Who is out because of a plan, beside the world without programmes and beside the base."""
    kinds = ["because", "harmed", *(["resized"] if has_resized(comparison) else [])]
    head = [said(text) for text in ("plan", *kinds, "net", "90% interval", "register")]
    groups: dict[str, Rows] = {}
    for plan, twins in comparison["additionality"].items():
        for twin, by_status in twins.items():
            income, register = (by_status[s]["all"] for s in ("income", "register"))
            net, interval, _ = signed(income["net"])
            cells = [
                signed(income[kind])[0] if kind == "resized" else spoken().estimate(income[kind])[0]
                for kind in kinds
            ]
            cells += dim((net, interval), holds_zero(income["net"]))
            none = twin == comparison["without_programmes"][plan]
            beside = said("beside {world}", world=spoken()("world.none") if none else twin)
            rows = groups.setdefault(f"[bold]{beside}[/bold]", [])
            rows.append([plan, *cells, signed(register["net"])[0]])
    return blocks(width, head, list(groups.items()))


def targeting(comparison: Comparison, width: int) -> Group:
    """The audit of the base, or of the plan where there is one alone or the base has none."""
    audits = comparison["targeting"]
    world = comparison["base"]
    if world not in audits or (len(comparison["plans"]) == 1 and comparison["plans"][0] in audits):
        world = next((plan for plan in comparison["plans"] if plan in audits), world)
    head = [
        world,
        *map(said, ("served", "leak:\nincome", "\nregister", "missed:\nincome", "\nregister",
                    "poorest\nfifth")),
    ]  # fmt: skip

    def share(entry: Mapping[str, Any], name: str) -> str:
        mean = entry[name]["mean"]
        return numbers.NOTHING if mean is None else f"{100 * mean:.0f}%"

    rows = []
    for key, by in audits[world].items():
        income, register = by["income"], by["registered"]
        rows.append(
            [
                spoken().name("programmes", key, key.replace("_", " ")),
                spoken().estimate(income["served"], most_digits=DIGITS)[0],
                share(income, "inclusion_error"),
                share(register, "inclusion_error"),
                share(income, "exclusion_error_nearby"),
                share(register, "exclusion_error_nearby"),
                share(income, "poorest_fifth_share"),
            ]
        )
    return blocks(width, head, [("", rows)])


def dynamics(comparison: Comparison, width: int) -> Group:
    """Spells and falling back, a row a contender."""
    rows = [
        [
            world,
            *(
                numbers.NOTHING
                if entries[key]["mean"] is None
                else f"{factor * entries[key]['mean']:.2f}"
                for key, (_, factor) in _DYNAMICS.items()
            ),
        ]
        for world, entries in comparison["dynamics"].items()
    ]
    heads = [said("plan"), *(said(head) for head, _ in _DYNAMICS.values())]
    return blocks(width, heads, [("", rows)])


def line(comparison: Comparison, width: int) -> Group:
    """Differences at multiples of the line, and how far the lifted came."""
    multiples = list(comparison["line"][comparison["base"]])
    heads = [f"{100 * float(multiple):.0f}%" for multiple in multiples]

    def percent(entry: Mapping[str, Any] | None) -> str:
        mean = None if entry is None else entry["mean"]
        return numbers.NOTHING if mean is None else f"{100 * mean:.1f}%"

    rows = []
    for world, entries in comparison["line"].items():
        own = entries["1.0"]
        cells = []
        for multiple in multiples:
            found = entries[multiple]["difference"]
            cells += dim([signed(found)[0]], holds_zero(found))
        if world == comparison["base"]:
            cells = [_level(entries[m]["poor_after"]["mean"]) for m in multiples]
        near = (percent(own["left_barely_share"]), percent(own.get("because_barely_share")))
        rows.append([world, *cells, *near])
    last = (said("lifted\n< 5%"), said("plan's\n< 5%"))
    return blocks(width, [said("plan"), *heads, *last], [("", rows)])


def _level(persons: float) -> str:
    say = spoken()
    return say.people(persons) if say.chinese else f"{persons / 1e6:.3f} M"


def dominance(comparison: Comparison) -> list[str]:
    """A line for every plan beside the base, and for plans that dominate another."""
    lines = []
    for row in comparison["dominance"]:
        with_base = row["a"] == comparison["base"]
        if not with_base and row["dominates"] is None:
            continue
        ours, theirs = row["b_better_on"], row["a_better_on"]
        plan, beside = row["b"], row["a"]
        if not with_base and row["dominates"] == row["a"]:
            plan, beside, ours, theirs = beside, plan, theirs, ours
        told = (("better on {outcomes}", ours), ("worse on {outcomes}", theirs))
        parts = [said(words, outcomes=_short(keys)) for words, keys in told if keys]
        verdict = {plan: said(": it dominates"), beside: said(": it is dominated")}
        found = said("; ").join(parts) or said("no difference is sure")
        lines.append(
            said("{plan} beside {other}: {found}", plan=plan, other=beside, found=found)
            + verdict.get(row["dominates"] or "", "")
        )
    return lines


def _short(outcomes: Sequence[str]) -> str:
    names = {
        "income_poor_end": "income-poor",
        "income_poor_years": "person-years poor",
        "fgt1": "gap",
        "fgt2": "squared gap",
        "gini": "Gini",
        "mean_income": "income",
        "spent": "money spent",
        "resource_cost": "resources",
    }
    say = spoken()
    if say.chinese:
        return say.join([say(f"outcome.{outcome}") for outcome in outcomes])
    return ", ".join(names.get(outcome, outcome) for outcome in outcomes)


def runs_needed(comparison: Comparison, width: int) -> Group:
    """Each plan beside the base."""
    found = [row for row in comparison["runs_needed"] if row["a"] == comparison["base"]]
    outcomes = list(dict.fromkeys(row["outcome"] for row in found))
    rows = []
    for plan in comparison["plans"]:
        cells = {row["outcome"]: _needed(row) for row in found if row["b"] == plan}
        rows.append([plan, *(cells.get(outcome, numbers.NOTHING) for outcome in outcomes)])
    heads = [_short([outcome]) for outcome in outcomes]
    return blocks(width, [said("plan"), *heads], [("", rows)])


def _needed(row: Mapping[str, Any]) -> str:
    if row["told_apart"]:
        return said("told")
    if row["more"] is None:
        return said("not by more runs") if row["have"] > 1 else said("unknown")
    unit = row["unit"].removesuffix("s") if row["more"] == 1 else row["unit"]
    return said("{n} more {unit}", n=f"{row['more']:,}", unit=said(unit))
