"""Tables of a comparison for the terminal, from the content of `comparison.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiments.outcome import OUTCOMES
from sim.report import numbers

if TYPE_CHECKING:
    from rich.table import Table

Comparison = Mapping[str, Any]

_SHOWN = {
    "lifted": "lifted (net fall of the register)",
    "income_poor_end": "income-poor at the end",
    "fgt1": "poverty gap (fgt1)",
    "mean_income": "mean income",
    "gini": "Gini coefficient",
    "placed": "placed after training",
    "additional_jobs": "additional jobs",
    "households_reached": "different households served",
    "spent": "spent",
}
_DYNAMICS = {
    "fgt1": ("poverty\ngap, %", 100.0),
    "exit_rate": ("leave\na year, %", 100.0),
    "fall_back_rate": ("fall\nback, %", 100.0),
    "chronic_share": ("\nchronic, %", 100.0),
    "mean_spell_years": ("mean spell,\nyears", 1.0),
}
_COSTS = {
    "per_lifted": "lifted, all counted",
    "per_additional_lifted": "lifted beyond none",
    "per_additional_out_of_poverty": "out of poverty beyond none",
    "per_extra_lifted": "lifted beyond the base",
    "per_extra_out_of_poverty": "out of poverty beyond the base",
}
UNDEFINED = "undefined"
_NAMES = 18  # columns that names of plans and programmes have at least


def signed(statistics: Mapping[str, Any], factor: float = 1.0) -> tuple[str, str, str]:
    """Mean with its sign, interval of the mean, interval of one further pair."""
    mean = statistics["mean"]
    if mean is None:
        return numbers.NOTHING, "", ""
    scale = numbers.magnitude(mean * factor)
    text, interval = numbers.estimate(statistics, factor, scale)
    following = {"mean": mean, "low": statistics.get("next_low")}
    following["high"] = statistics.get("next_high")
    _, further = numbers.estimate(following, factor, scale)
    if text.strip("0.,") and not text.startswith(numbers.MINUS):
        text = f"+{text}"
    return text, interval, further


def holds_zero(statistics: Mapping[str, Any]) -> bool:
    """True where the interval of the mean does not tell it from 0."""
    low, high = statistics["low"], statistics["high"]
    return low is None or low <= 0 <= high


def _dim(cells: Sequence[str], dim: bool) -> list[str]:
    return [f"[dim]{cell}[/dim]" if dim and cell else cell for cell in cells]


def _grid(*columns: str, left: int = 1) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for i, column in enumerate(columns):
        if i < left:
            table.add_column(column, min_width=_NAMES if i == 0 else None, overflow="fold")
        else:
            table.add_column(column, justify="right", no_wrap=True)
    return table


def _unit(unit: str) -> tuple[float, str]:
    return {
        "share": (100.0, "points"),
        "index": (1000.0, "thousandths"),
        "yuan": (1.0, "yuan"),
    }.get(unit, (1.0, unit))


def differences(comparison: Comparison) -> Table:
    """The headline outcomes, under each the plans."""
    table = _grid("outcome, plan", "plan − base", "90% interval", "next pair", "base")
    for key, name in _SHOWN.items():
        entries = {plan: comparison["outcomes"][plan][key] for plan in comparison["plans"]}
        if all(not _moves(entry) for entry in entries.values()):
            continue
        factor, unit = _unit(OUTCOMES[key].unit)
        first = next(iter(entries.values()))
        base = numbers.NOTHING
        if first["base"] is not None:
            base, _ = numbers.estimate({"mean": first["base"], "low": None, "high": None}, factor)
        table.add_row(f"[bold]{name}[/bold], {unit}", "", "", "", f"[bold]{base}[/bold]")
        for plan, entry in entries.items():
            found = entry["difference"]
            cells = signed(found, factor)
            table.add_row(f"  {plan}", *_dim(cells, holds_zero(found)))
    return table


def _moves(entry: Mapping[str, Any]) -> bool:
    found = entry["difference"]
    return found["mean"] is not None and (found["mean"] != 0 or bool(found["low"]))


def programmes_that_move(comparison: Comparison) -> Table | None:
    """Money and people of programmes that differ between plan and base; None where none does."""
    table = _grid("plan, programme", "delivered, M yuan", "90% interval", "persons", "90% interval")
    for plan in comparison["plans"]:
        moved = {
            key: entry
            for key, entry in comparison["programmes"][plan].items()
            if any(_moves(entry[name]) for name in ("budget", "delivered", "persons"))
        }
        if moved:
            table.add_row(f"[bold]{plan}[/bold]")
        for key, entry in moved.items():
            money, persons = (entry[name]["difference"] for name in ("delivered", "persons"))
            table.add_row(
                f"  {key.replace('_', ' ')}", *_dim(signed(money, 1e-6)[:2], holds_zero(money)),
                *_dim(signed(persons)[:2], holds_zero(persons)),
            )  # fmt: skip
    return table if table.row_count else None


def additionality(comparison: Comparison) -> Table:
    """Who is out because of a plan, beside the world without programmes and beside the base."""
    table = _grid("plan", "beside", "because", "harmed", "net", "90% interval", "register", left=2)
    for plan, twins in comparison["additionality"].items():
        for twin, by_status in twins.items():
            income, register = (by_status[s]["all"] for s in ("income", "register"))
            net, interval, _ = signed(income["net"])
            table.add_row(
                plan, "none" if twin.startswith("none") else twin,
                *(numbers.estimate(income[kind])[0] for kind in ("because", "harmed")),
                *_dim((net, interval), holds_zero(income["net"])),
                signed(register["net"])[0],
            )  # fmt: skip
    return table


def cost(comparison: Comparison) -> Table:
    """Yuan a person by every way of counting persons."""
    table = _grid("plan, person", "yuan", "90% interval", "persons", "million yuan")
    for world, entries in comparison["cost"].items():
        table.add_row(f"[bold]{world}[/bold]")
        for key, name in _COSTS.items():
            if key not in entries:
                continue
            entry = entries[key]
            yuan, interval = numbers.estimate(entry)
            if entry["mean"] is None:
                yuan = f"[dim]{UNDEFINED}[/dim]"
            elif entry["direction"] == "fewer":
                yuan = f"{yuan} saved"
            persons = signed(entry["persons"])[0]
            if key == "per_lifted":
                persons = persons.removeprefix("+")
            money = signed(entry["yuan"], 1e-6)[0]
            table.add_row(f"  {name}", yuan, interval, persons, money)
    return table


def targeting(comparison: Comparison) -> Table:
    """The audit of the base, or of the plan where there is one alone or the base has none."""
    audits = comparison["targeting"]
    world = comparison["base"]
    if world not in audits or (len(comparison["plans"]) == 1 and comparison["plans"][0] in audits):
        world = next((plan for plan in comparison["plans"] if plan in audits), world)
    table = _grid(
        world,
        "served",
        "leak:\nincome",
        "\nregister",
        "missed:\nincome",
        "\nregister",
        "poorest\nfifth",
    )

    def share(entry: Mapping[str, Any], name: str) -> str:
        mean = entry[name]["mean"]
        return numbers.NOTHING if mean is None else f"{100 * mean:.0f}%"

    for key, by in audits[world].items():
        income, register = by["income"], by["registered"]
        table.add_row(
            key.replace("_", " "),
            numbers.estimate(income["served"])[0],
            share(income, "inclusion_error"),
            share(register, "inclusion_error"),
            share(income, "exclusion_error_nearby"),
            share(register, "exclusion_error_nearby"),
            share(income, "poorest_fifth_share"),
        )
    return table


def dynamics(comparison: Comparison) -> Table:
    """Spells and falling back, a row a contender."""
    table = _grid("plan", *(head for head, _ in _DYNAMICS.values()))
    for world, entries in comparison["dynamics"].items():
        cells = [
            numbers.NOTHING
            if entries[key]["mean"] is None
            else f"{factor * entries[key]['mean']:.2f}"
            for key, (_, factor) in _DYNAMICS.items()
        ]
        table.add_row(world, *cells)
    return table


def line(comparison: Comparison) -> Table:
    """Differences at multiples of the line, and how far the lifted came."""
    multiples = list(comparison["line"][comparison["base"]])
    heads = [f"{100 * float(multiple):.0f}%" for multiple in multiples]
    table = _grid("plan", *heads, "lifted\n< 5% past", "of the\nplan's")

    def percent(entry: Mapping[str, Any] | None) -> str:
        mean = None if entry is None else entry["mean"]
        return numbers.NOTHING if mean is None else f"{100 * mean:.1f}%"

    for world, entries in comparison["line"].items():
        own = entries["1.0"]
        cells = []
        for multiple in multiples:
            found = entries[multiple]["difference"]
            cells += _dim([signed(found)[0]], holds_zero(found))
        if world == comparison["base"]:
            cells = [numbers.estimate(entries[multiple]["poor_after"])[0] for multiple in multiples]
        table.add_row(
            world,
            *cells,
            percent(own["left_barely_share"]),
            percent(own.get("because_barely_share")),
        )
    return table


def dominance(comparison: Comparison) -> Table:
    """Every plan beside the base, and plans that dominate another."""
    table = _grid("plan", "beside", "better on", "worse on", "dominates", left=4)
    for row in comparison["dominance"]:
        with_base = row["a"] == comparison["base"]
        if not with_base and row["dominates"] is None:
            continue
        ours, theirs = row["b_better_on"], row["a_better_on"]
        plan, beside = row["b"], row["a"]
        if not with_base and row["dominates"] == row["a"]:
            plan, beside, ours, theirs = beside, plan, theirs, ours
        dominates = {plan: "yes", beside: "is dominated"}.get(row["dominates"] or "", "no")
        table.add_row(plan, beside, ", ".join(ours) or "–", ", ".join(theirs) or "–", dominates)
    return table


def runs_needed(comparison: Comparison) -> Table:
    """Each plan beside the base."""
    rows = [row for row in comparison["runs_needed"] if row["a"] == comparison["base"]]
    outcomes = list(dict.fromkeys(row["outcome"] for row in rows))
    table = _grid("plan", *outcomes)
    for plan in comparison["plans"]:
        cells = {row["outcome"]: _needed(row) for row in rows if row["b"] == plan}
        table.add_row(plan, *(cells.get(outcome, numbers.NOTHING) for outcome in outcomes))
    return table


def _needed(row: Mapping[str, Any]) -> str:
    if row["told_apart"]:
        return "told"
    if row["more"] is None:
        return "not by more runs" if row["have"] > 1 else "unknown"
    return f"{row['more']:,} more {row['unit']}"
