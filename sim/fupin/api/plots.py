"""Pictures of results on axes of matplotlib: each draws numbers that stand in the result's frames.

A drawing is called with the result, the axes, and outcomes or None; axes say the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from fupin.api.units import unit_of
from fupin.errors import InputError
from fupin.results.outcome import OUTCOMES
from fupin.words.numbers import magnitude, rounded
from fupin.yaml.words import guess_or_list

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from fupin.api.comparison_result import ComparisonResult
    from fupin.api.plan_result import PlanResult
    from fupin.api.sweep_result import SweepResult

Chosen = Sequence[str] | None

POOR = ("registered_poor_end", "income_poor_end")
CHANGES = ("lifted", "registered_poor_end", "income_poor_end")
NAMES = {
    "registered_poor_end": "registered poor",
    "income_poor_end": "income-poor",
    "survey_poor_end": "poor by reported income",
    "lifted": "lifted (net fall of the register)",
}
GAP = 0.15
"""Between the whiskers of two plans, in rows."""


def poor_by_year(result: PlanResult, ax: Axes, outcomes: Chosen) -> None:
    """Outcomes at the end of each year with their 90% intervals; the start where it is known."""
    import pandas

    frame = result.by_year
    years = sorted(set(frame.index.get_level_values("year")))
    for key in _checked(outcomes or POOR, OUTCOMES):
        found = frame.xs(key, level="outcome").loc[years]
        start = key.replace("_end", "_start")
        if start != key and start in OUTCOMES:
            before = frame.loc[[(years[0], start)]].droplevel("outcome")
            before.index = before.index - 1
            found = pandas.concat([before, found])
        _band(ax, found.index.to_numpy(), found, NAMES.get(key, key))
    ax.set_xlabel("December of")
    ax.set_xticks(range(years[0] - 1, years[-1] + 1))
    _finish(ax, ax.yaxis, outcomes or POOR)


def document(result: PlanResult, ax: Axes, outcomes: Chosen) -> None:
    """Figures of the document that are held out, fitted or delivered: the model's in percent of it.

    `outcomes` are ids of figures, such as S27.
    """
    frame = result.figures
    if outcomes is None:
        shown = frame[frame.role.isin(["outcome", "fitted", "delivered"]) & frame["mean"].notna()]
        shown = shown[~shown.index.str.contains(".", regex=False) & (shown.document != 0)]
    else:
        shown = frame.loc[_checked(outcomes, frame.index, one_unit=False)]
    shares = shown[["mean", "low", "high"]].div(shown.document, axis=0) * 100
    labels = [shorten(f"{key}  {row.quantity}", 44) for key, row in shown.iterrows()]
    _whiskers(ax, range(len(shown)), shares, "the model")
    ax.axvline(100.0, color="black", linewidth=1)
    _rows(ax, labels)
    ax.set_xlabel("the model's figure, % of the document's")


def money(result: PlanResult, ax: Axes, outcomes: Chosen) -> None:
    """Where fiscal and social money went, by programme: delivered, lost, unspent; means, yuan.

    `outcomes` are others of a programme, such as budget. Loans and claimed investment are larger
    by far and no money that is given; they stand in `programmes`.
    """
    from fupin.scenario.programme_catalogue import GIFT_CLASSES

    parts = list(outcomes or ("delivered", "lost", "unspent"))
    budgets = result.plan.budgets
    given = budgets[budgets.money.isin(GIFT_CLASSES)]
    frame = result.programmes["mean"].unstack().loc[given.index]
    _checked(parts, frame.columns)
    left = frame[parts[0]] * 0.0
    for part in parts:
        ax.barh(range(len(frame)), frame[part], left=left, label=part)
        left = left + frame[part].fillna(0.0)
    _rows(ax, given.title)
    _finish(ax, ax.xaxis, parts, "fiscal and social money, ")


def differences(result: ComparisonResult, ax: Axes, outcomes: Chosen) -> None:
    """What each plan changes: mean differences as dots, their 90% confidence intervals as lines."""
    chosen = _checked(outcomes or CHANGES, OUTCOMES)
    frame = result.outcomes
    for k, plan in enumerate(result.plans):
        found = frame.loc[plan.name].loc[chosen]
        shift = (k - (len(result.plans) - 1) / 2) * GAP
        _whiskers(ax, [row + shift for row in range(len(chosen))], found, plan.name)
    ax.axvline(0.0, color="black", linewidth=1)
    _rows(ax, [NAMES.get(key, key.replace("_", " ")) for key in chosen])
    _finish(ax, ax.xaxis, chosen, f"plan less {result.base.name}, ")


def cost(result: ComparisonResult, ax: Axes, outcomes: Chosen) -> None:
    """Yuan a person, a row for each plan and measure, where a cost can be named.

    `outcomes` are measures, such as per_extra_lifted.
    """
    from fupin.report.terminal.comparison_costs import COSTS

    frame = result.cost.dropna(subset=["mean"])
    chosen = _checked(outcomes or [key for key in COSTS if key != "per_lifted"], COSTS)
    frame = frame[frame.index.get_level_values("measure").isin(chosen)]
    _whiskers(ax, range(len(frame)), frame, "cost")
    saved = {"fewer": ", saved for each fewer"}
    _rows(ax, [f"{plan}\n{COSTS[key]}{saved.get(row.direction, '')}"
               for (plan, key), row in frame.iterrows()])  # fmt: skip
    if frame.empty:
        ax.text(0.5, 0.5, "No cost can be named:\nthe interval of the persons holds 0.",
                ha="center", va="center", transform=ax.transAxes)  # fmt: skip
    _finish(ax, ax.xaxis, ["per_lifted"])


def by_month(result: ComparisonResult, ax: Axes, outcomes: Chosen) -> None:
    """What each plan changes in a monthly series: mean differences with 90% intervals.

    `outcomes` is one series of the table `months`, registered_poor if None.
    """
    frame = result.table("months")
    (series,) = _checked(list(outcomes or ["registered_poor"])[:1], frame.series.unique())
    frame = frame[frame.series == series]
    for plan in result.plans:
        found = frame[frame.world == plan.name].filter(like="difference_")
        _band(ax, range(len(found)), found.rename(columns=lambda n: n[11:]), plan.name)
    months = frame[frame.world == result.base.name].calendar.tolist()
    step = max(len(months) // 6, 1)
    ax.set_xticks(range(0, len(months), step), months[::step])
    ax.set_xlabel("end of month")
    ax.axhline(0.0, color="black", linewidth=1)
    _finish(ax, ax.yaxis, [series], f"{series.replace('_', ' ')}, plan less base, ")


def response(result: SweepResult, ax: Axes, outcomes: Chosen) -> None:
    """An outcome by the factor that varies: means of points, with the sd between their runs.

    Further factors have a line each; `outcomes` is one outcome, lifted if None.
    """
    frame = result.points
    known = [name.removesuffix(".mean") for name in frame.columns if name.endswith(".mean")]
    (key,) = _checked(list(outcomes or ["lifted"])[:1], known)
    factors = [name for name in result.factors if frame[name].nunique() > 1]
    if not factors:
        raise InputError("Nothing varies in this sweep.", "Read `outcomes` instead.")
    x = next((n for n in factors if frame[n].dtype.kind in "if"), factors[0])
    others = [name for name in factors if name != x]
    groups: Iterable[Any] = frame.groupby(others) if others else [((), frame)]
    for values, found in groups:
        found = found.sort_values(x)
        words = zip(others, values, strict=True)
        label = ", ".join(f"{name.rpartition('.')[2]} {value}" for name, value in words)
        ax.errorbar(found[x], found[f"{key}.mean"], yerr=found[f"{key}.sd"].fillna(0.0),
                    marker="o", capsize=3, label=label or None)  # fmt: skip
    ax.set_xlabel(x)
    if frame[x].dtype.kind in "if":
        ax.xaxis.set_major_formatter(lambda value, _: _short(value))
    _finish(ax, ax.yaxis, [key], f"{NAMES.get(key, key)}, ")


def _checked(names: Sequence[str], known: Iterable[str], *, one_unit: bool = True) -> list[str]:
    """The names, found to be known and to have one unit."""
    known = list(known)
    for name in names:
        if name not in known:
            raise InputError(f"There is no outcome {name} to draw.", guess_or_list(name, known))
    units = list(dict.fromkeys(unit_of(name) for name in names))
    if one_unit and len(units) > 1:
        raise InputError(
            f"One picture cannot have {' and '.join(units)} on one axis.", "Draw one after another."
        )
    return list(names)


def _band(ax: Axes, x: Any, found: pandas.DataFrame, label: str) -> None:
    """A line through means in a band from low to high."""
    (line,) = ax.plot(x, found["mean"].to_numpy(), marker="o", markersize=3, label=label)
    low, high = found["low"].to_numpy(), found["high"].to_numpy()
    ax.fill_between(x, low, high, color=line.get_color(), alpha=0.15, linewidth=0)


def _whiskers(ax: Axes, rows: Iterable[float], found: pandas.DataFrame, label: str) -> None:
    """Means as dots, low to high as lines, a row each; no line where there is no interval."""
    rows = list(rows)
    mean, low, high = (found[name].to_numpy(float) for name in ("mean", "low", "high"))
    (dots,) = ax.plot(mean, rows, "o", markersize=5, label=label)
    ax.hlines(rows, low, high, color=dots.get_color(), linewidth=1.5)


def _rows(ax: Axes, labels: Sequence[str]) -> None:
    """Names of rows, the first on top; the picture grows with their number."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    if (figure := ax.get_figure(root=True)) is not None and len(figure.axes) == 1:
        figure.set_figheight(max(figure.get_figheight(), 1.2 + 0.28 * len(labels)))


def _finish(ax: Axes, axis: Axis, names: Sequence[str], before: str = "") -> None:
    """Unit and short numbers on the axis of values, a legend where there is a choice."""
    axis.set_label_text(f"{before}{unit_of(names[0])}")
    axis.set_major_formatter(lambda value, _: _short(value))
    handles, labels = ax.get_legend_handles_labels()
    if len(labels) > 1:
        ax.legend(handles, labels, fontsize="small")


def _short(value: float) -> str:
    size, suffix = magnitude(value)
    text = rounded(value / size, 6)
    return (text.rstrip("0").rstrip(".") if "." in text else text) + suffix
