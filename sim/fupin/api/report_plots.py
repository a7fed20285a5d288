"""The charts of the report on axes of matplotlib: history, register, who gains, plans.

They are called as the drawings of `plots`, and read the same numbers as the report's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.errors import InputError
from fupin.parameters.document import figure_of
from fupin.parameters.province import province

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fupin.api.comparison_result import ComparisonResult
    from fupin.api.plan_result import PlanResult
    from fupin.api.plots import Chosen

BLUE, ORANGE, GREY = "#0072b2", "#c44e00", "#5a6673"
COLUMNS = {"registered": ("on the register", BLUE), "income_poor": ("poor by true income", ORANGE)}
MILLION = 1e6


def history(result: PlanResult, ax: Axes, outcomes: Chosen) -> None:
    """Register and true poverty from the first listing to the horizon; bands hold all runs.

    `outcomes` are columns of the tables: registered, income_poor.
    """
    chosen = list(outcomes or COLUMNS)
    for name in chosen:
        if name not in COLUMNS:
            raise InputError(
                f"There is no line {name} in the chart of years.",
                f"There are {', '.join(COLUMNS)}.",
            )
    tables = [result.store[n] for n in ("history_by_year", "province_by_year") if n in result.store]
    for name in chosen:
        years: list[int] = []
        values: list[Any] = []
        for table in tables:
            for year in sorted(set(table["year"].tolist())):
                years.append(int(year))
                values.append(table[name][table["year"] == year] / MILLION)
        label, colour = COLUMNS[name]
        means = [float(np.mean(runs)) for runs in values]
        ax.plot(years, means, color=colour, marker="o", markersize=3, label=label)
        low, high = ([float(f(runs)) for runs in values] for f in (np.min, np.max))
        ax.fill_between(years, low, high, color=colour, alpha=0.15, linewidth=0)
    if "registered" in chosen:
        facts = (("first_listing", "first_listing/poor"), ("document_year", "registered_poor_end"))
        for fact, measure in facts:
            figure, year = figure_of(measure), getattr(province(), fact)
            ax.plot(year, figure.value / MILLION, marker="D", color="black", linestyle="none")
            at = (year, figure.value / MILLION)
            ax.annotate(
                f"{figure.id}: {at[1]:.2f}", at, xytext=(5, 7), textcoords="offset points",
                fontsize=8,
            )  # fmt: skip
    ax.set_ylim(bottom=0)
    ax.set_xlabel("December of")
    ax.set_ylabel("million persons")
    ax.legend(frameon=False)


def register(result: PlanResult, ax: Axes, outcomes: Chosen) -> None:
    """The register as steps: its start, who left, who entered, deaths and moves, its end."""
    found = {key: entry["mean"] for key, entry in result.summary["outcomes"].items()}
    keys = ("registered_poor_start", "gross_exits", "entries", "registered_natural_loss",
            "registered_poor_end")  # fmt: skip
    if any(found[key] is None for key in keys):
        raise InputError(
            "This plan counts the poor by survey, so nobody leaves or enters a register.",
            'Draw "poor" instead.',
        )
    start, exits, entries, natural, end = (found[key] / MILLION for key in keys)
    steps = [
        ("start", 0.0, start, GREY), ("left", start - exits, exits, BLUE),
        ("entered", start - exits, entries, ORANGE),
        ("died or moved", min(end, end + natural), abs(natural), BLUE), ("end", 0.0, end, GREY),
    ]  # fmt: skip
    for row, (_, left, width, colour) in enumerate(steps):
        ax.barh(row, width, left=left, color=colour, height=0.6)
        ax.text(left + width, row, f" {width:.3g}", va="center", fontsize=9)
    ax.set_yticks(range(len(steps)), [name for name, *_ in steps])
    ax.invert_yaxis()
    ax.set_xlabel("million persons on the register")


def fifths(result: PlanResult, ax: Axes, outcomes: Chosen) -> None:
    """What the programmes add to incomes, by fifth of the people; whiskers hold all runs."""
    if "gains_by_fifth" not in result.store:
        raise InputError(
            "This result does not hold who gains.",
            "Run the plan anew, with programmes that have money.",
        )
    table = result.store["gains_by_fifth"]
    each = table["change_yuan"] / table["persons"]
    runs = [each[table["fifth"] == fifth] for fifth in range(1, 6)]
    means = np.array([float(np.mean(values)) for values in runs])
    ends = np.array([[means[k] - np.min(v), np.max(v) - means[k]] for k, v in enumerate(runs)]).T
    ax.barh(range(5), means, xerr=ends, color=BLUE, height=0.6, capsize=3)
    ax.set_yticks(range(5), ["poorest fifth", "second", "middle", "fourth", "richest fifth"])
    ax.invert_yaxis()
    ax.axvline(0.0, color="black", linewidth=1)
    ax.set_xlabel("yuan a person in the last year of the money")


def plans(result: ComparisonResult, ax: Axes, outcomes: Chosen) -> None:
    """Plans in order of their effect on true poverty, with 90% intervals.

    `outcomes` is one outcome, person_years_out if None.
    """
    from fupin.api.units import unit_of

    key = next(iter(outcomes or ["person_years_out"]))
    known = result.summary["outcomes"]
    if any(key not in of_plan for of_plan in known.values()):
        raise InputError(f"There is no outcome {key} to draw.", "Read `result.outcomes` for names.")
    entries = {plan.name: known[plan.name][key]["difference"] for plan in result.plans}

    def told_apart(name: str) -> bool:
        low, high = entries[name]["low"], entries[name]["high"]
        return low is not None and not low <= 0 <= high

    # As the verdict: what cannot be told from no effect stands with the base.
    means = {name: entries[name]["mean"] or 0.0 for name in entries}
    order = sorted(means, key=lambda name: (-means[name] * told_apart(name), -means[name]))
    for row, name in enumerate(order):
        entry = entries[name]
        if entry["mean"] is None:
            continue
        told = told_apart(name)
        colour = (BLUE if entry["mean"] > 0 else ORANGE) if told else GREY
        if entry["low"] is not None:
            ax.plot([entry["low"], entry["high"]], [row, row], color=colour, linewidth=2)
        ax.plot(entry["mean"], row, marker="o", color=colour,
                markerfacecolor=colour if told else "white")  # fmt: skip
    ax.set_yticks(range(len(order)), order)
    ax.invert_yaxis()
    ax.axvline(0.0, color="black", linewidth=1)
    ax.set_xlabel(f"{key.replace('_', ' ')}, {unit_of(key)}: plan less {result.base.name}")
