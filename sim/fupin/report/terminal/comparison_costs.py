"""Tables of a comparison for the terminal that are about money: a person's cost, who pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fupin.comparison.cash import TARGETINGS
from fupin.report.terminal.comparison_tables import (
    DIGITS,
    WIDE,
    Comparison,
    Rows,
    blocks,
    dim,
    holds_zero,
    signed,
    signed_money,
)
from fupin.results.costs import PAYERS
from fupin.results.credit import COLUMNS as CREDIT
from fupin.words import numbers
from fupin.words.costs import impact_rows
from fupin.words.spoken import said, spoken

if TYPE_CHECKING:
    from rich.console import Group

COSTS = {
    "per_lifted": "lifted, all counted",
    "per_additional_lifted": "lifted beyond none",
    "per_additional_out_of_poverty": "a person-year out of poverty, beyond none",
    "per_extra_lifted": "lifted beyond the base",
    "per_extra_out_of_poverty": "a person-year out of poverty, beyond the base",
}
UNDEFINED = "undefined"


def cost(comparison: Comparison, width: int) -> Group:
    """Yuan a person, of what is spent and of all resources, for every way of counting persons."""
    wide = width >= WIDE
    head = ["plan", "spent,\nyuan a person", "\n90% interval", "all resources,\nyuan a person"]
    head += ["\n90% interval"] * wide + ["\npersons"] + ["spent,\nM yuan", "all,\nM yuan"] * wide
    groups: list[tuple[str, Rows]] = []
    for key, title in COSTS.items():
        rows = []
        for world, entries in comparison["cost"].items():
            if key not in entries:
                continue
            entry = entries[key]
            counted = [signed(entry["persons"])[0]]
            if wide:
                money = (entry["yuan"], entry.get("resource_yuan"))
                counted += [numbers.NOTHING if m is None else signed_money(m)[0] for m in money]
            if key == "per_lifted":
                counted = [text.removeprefix("+") for text in counted]
            resources = _yuan(entry.get("resource_cost"), entry["direction"])
            rows.append(
                [world, *_yuan(entry, entry["direction"]), *resources[: 1 + wide], *counted]
            )
        if rows:
            groups.append((f"[bold]{said(title)}[/bold]", rows))
    return blocks(width, [said(text) for text in head], groups)


def _yuan(ratio: Mapping[str, Any] | None, direction: str) -> tuple[str, str]:
    """A ratio and its interval, or what there is to say where it is none."""
    if ratio is None:  # of an older fupin
        return numbers.NOTHING, ""
    mean, fewer = ratio["mean"], direction == "fewer"
    if mean is None:
        return f"[dim]{said(UNDEFINED)}[/dim]", ""
    if mean < 0:  # the plan is worse and costs more, or better and costs less
        return (said("dearer, fewer") if fewer else said("cheaper, more")), ""
    yuan, interval = spoken().estimate(ratio, most_digits=DIGITS)
    return (said("{yuan} saved", yuan=yuan) if fewer else yuan), interval


def payers(comparison: Comparison, width: int) -> Group | None:
    """What base and plans cost and who pays it, million yuan; None where the folder has it not."""
    found: Mapping[str, Any] = comparison.get("payers", {})
    whole = {world: of[""] for world, of in found.items()}
    shown = [p for p in PAYERS if any(of[p]["mean"] for of in whole.values())]
    if not shown:
        return None
    rows = []
    for world, of in whole.items():
        plan = comparison["plans"][0] if world == comparison["base"] else world
        side = "base" if world == comparison["base"] else "plan"
        outcomes = comparison["outcomes"][plan]
        yuan = [outcomes[key][side] for key in ("spent", "resource_cost")]
        yuan += [of[payer]["mean"] for payer in shown]
        rows.append([world, *map(_million, yuan)])
    heads = [said(text) for text in ("plan", "spent", "resource\ncost", *shown)]
    return blocks(width, heads, [("", rows)])


def _million(yuan: float | None) -> str:
    if yuan is None:
        return numbers.NOTHING
    say = spoken()
    return numbers.rounded(yuan / say.money[0], 0 if say.chinese else 1)


def credit(comparison: Comparison, width: int) -> Group | None:
    """What lenders of base and plans lent, got back and lent again, million yuan; None if none."""
    head = ["lender", "out\nbefore", "lent", "repaid", "lent\nagain", "written\noff", "out at\nend"]
    groups: list[tuple[str, Rows]] = []
    for world, lenders in comparison.get("credit", {}).items():
        rows = [
            [
                spoken().name("programmes", key, key.replace("_", " ")),
                *(_million(yuan[name]["mean"]) for name in CREDIT),
            ]
            for key, yuan in lenders.items()
        ]
        groups.append((f"[bold]{world}[/bold]", rows))
    return blocks(width, [said(text) for text in head], groups) if groups else None


def impacts(comparison: Comparison, width: int) -> Group | None:
    """Persons out of poverty per 10,000 yuan beside what studies found; None where not known."""
    found = impact_rows(spoken(), comparison.get("impact", {}))
    if not found:
        return None
    head = ["plan", "spent", "90% interval", "all\nresources", "90% interval", "beside\nstudies"]
    rows = [[one.world, *one.spent, *one.resources, one.verdict] for one in found]
    return blocks(width, [said(text) for text in head], [("", rows)])


def cash(comparison: Comparison, width: int) -> Group | None:
    """Person-years out of poverty of a plan, and of the same money as cash; None without any."""
    found: Mapping[str, Any] = comparison.get("cash", {})
    if not found:
        return None
    titles = {
        "today": "as cash, found as today's programmes find people",
        "perfect": "as cash to the truly poorest, whom nobody knows",
    }
    head = ["plan", "M yuan", "plan", "as cash", "plan − cash", "90% interval"]
    groups: list[tuple[str, Rows]] = []
    for targeting in TARGETINGS:
        rows = []
        for world, entry in found.items():
            money = _million(entry["yuan"]["mean"])
            own = spoken().estimate(entry["out_of_poverty"], most_digits=DIGITS)[0]
            if targeting not in entry:
                rows.append([world, money, own, said("is cash itself"), "", ""])
                continue
            other = entry[targeting]
            difference = other["out_of_poverty_difference"]
            cells = dim(signed(difference)[:2], holds_zero(difference))
            as_cash = spoken().estimate(other["out_of_poverty"], most_digits=DIGITS)[0]
            rows.append([world, money, own, as_cash, *cells])
        groups.append((f"[bold]{said(titles[targeting])}[/bold]", rows))
    return blocks(width, [said(text) for text in head], groups)


CASH_NOTE = (
    "Person-years out of income poverty beyond no programmes, to the horizon. M yuan: the plan's "
    "resource cost, year by year; each person gets the poverty line of the year. What is left is "
    "less than the next household needs. Poverty gap and yuan a person-year: cash.csv. Without "
    "it: --no-cash."
)
