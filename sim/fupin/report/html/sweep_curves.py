"""How much is right: response curves of a sweep's factors, and what each choice costs.

A curve shows differences to the factor's smallest value in the same worlds: the same other
factors, parameter vector and seed. Values that were not run in the same worlds make no curve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from fupin.files.exact import exact
from fupin.report.html import sweep_names, vega_curves
from fupin.report.html.parts import Block, Chart, Points, Row, Section, Table
from fupin.report.html.shared import source
from fupin.results.outcome import OUTCOMES
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.statistics.crossed import Statistics
from fupin.statistics.levels import grid_of, rows_of_levels, told_apart
from fupin.statistics.pairs import Grid, difference
from fupin.words.language import Language

ANSWERS = ("person_years_out", "income_poor_end", "additional_jobs", "trained", "lifted")
"""Outcomes that have a curve where the sweep changes them; poverty by true income first."""

FALLING = 0.5
"""Share of the first step's gain for a unit below which the last step is called small."""

NOTHING_MORE = 0.01
"""Share of the largest difference of a curve below which a step brings nothing, told or not."""


@dataclass(frozen=True)
class Curve:
    """An outcome over the values of a factor.

    Attributes:
        factor, outcome: names.
        values: of the factor, ascending.
        beside_least: difference to the smallest value, one each.
        steps: difference to the value before, one fewer.
        ends: place of the value from which more makes no difference; None where none makes one.
        worlds: pairs behind each difference.
    """

    factor: str
    outcome: str
    values: list[float]
    beside_least: list[Statistics]
    steps: list[Statistics]
    ends: int | None
    worlds: int


def curves_section(say: Language, folder: Path, about: Mapping[str, Any]) -> list[Section]:
    """Curves and the frontier; nothing where no factor is a number that was run in pairs."""
    table = runs_of(folder)
    found = curves(table, list(about.get("factors", ())))
    blocks: list[Block] = []
    if found:
        blocks.append(Points([saturation(say, curve) for curve in found]))
    blocks += [_chart(say, curve) for curve in found]
    if front := frontier(say, table, list(about.get("factors", ()))):
        blocks.append(front)
    if not blocks:
        return []
    return [Section("curves", say("section.curves"), say("curves.lead"), blocks)]


def runs_of(folder: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Columns of a sweep's runs; none where it has no table."""
    import pyarrow.parquet

    file = folder / "runs.parquet"
    if not file.is_file():
        return {}
    table = pyarrow.parquet.read_table(exact(file))
    return {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}


def curves(table: Mapping[str, Any], factors: list[str]) -> list[Curve]:
    """Of every numeric factor that has three values or more (or is a budget), the answers.

    Args:
        table: columns of the sweep's runs.
        factors: names of factors.
    """
    found = []
    for factor in factors:
        column = table.get(factor)
        if column is None or column.dtype.kind not in "fi" or np.isnan(column).any():
            continue
        values = np.unique(column)
        if len(values) < (2 if sweep_names.is_budget(factor) else 3) or len(values) > 40:
            continue
        names = [name for name in factors if name != factor and name in table]
        others = list(zip(*(table[name].tolist() for name in names), strict=True))
        rows = rows_of_levels(
            column.tolist(), table["draw"].tolist(), table["seed"].tolist(),
            others or [()] * len(column),
        )  # fmt: skip
        if rows is None:
            continue
        for outcome in ANSWERS:
            runs = np.asarray(table.get(outcome, ()), float)
            if not runs.size or np.isnan(runs).any():
                continue
            at = [grid_of(runs, rows[value]) for value in values.tolist()]
            if all(np.array_equal(here, at[0]) for here in at):
                continue
            beside = [difference(here - at[0]) for here in at]
            steps = [difference(here - before) for before, here in pairwise(at)]
            amounts = values.tolist()
            found.append(Curve(factor, outcome, amounts, beside, steps, _end(at), at[0].size))
    return found


def _end(at: list[Grid]) -> int | None:
    """The lowest value that is told from a lower one, and that no higher one is told from.

    Values are compared two by two: steps that no runs can tell from nothing may together make a
    difference that they can.
    """
    least = NOTHING_MORE * max(abs(float((here - at[0]).mean())) for here in at)
    apart = [pair for pair, one in told_apart(at).items() if abs(one["mean"] or 0.0) > least]
    lower = {i for i, _ in apart}
    return min((j for _, j in apart if j not in lower), default=None)


def saturation(say: Language, curve: Curve) -> str:
    """Where more stops to help, in words."""
    outcome, values = say(f"outcome.{curve.outcome}"), curve.values
    factor = sweep_names.factor_title(say, curve.factor)
    texts = [sweep_names.amount(say, curve.factor, value) for value in values]
    if curve.ends is None:
        return say("curves.none", factor=factor, outcome=outcome)
    if curve.ends < len(values) - 1:
        return say("curves.saturated", factor=factor, at=texts[curve.ends], outcome=outcome)
    each = [
        (step["mean"] or 0.0) / (values[k + 1] - values[k]) for k, step in enumerate(curve.steps)
    ]
    gain = say.with_interval(say.signed(curve.steps[-1]))
    last = {"at": texts[-2], "to": texts[-1], "outcome": outcome, "gain": gain}
    if each[0] and 0 <= each[-1] / each[0] < FALLING and len(each) > 1:
        share = say.percent(each[-1] / each[0])
        return say("curves.falling", factor=factor, share=share, **last)
    return say("curves.steady", factor=factor, **last)


def _chart(say: Language, curve: Curve) -> Chart:
    outcome = say(f"outcome.{curve.outcome}")
    factor = sweep_names.factor_title(say, curve.factor)
    budget = sweep_names.is_budget(curve.factor)
    rows, lines = [], []
    for value, entry in zip(curve.values, curve.beside_least, strict=True):
        texts = say.signed(entry)
        rows.append(
            {
                "x": value / say.money[0] if budget else value, "value": entry["mean"],
                "low": entry["low"], "high": entry["high"], "text": say.with_interval(texts),
                "name": sweep_names.amount(say, curve.factor, value),
            }
        )  # fmt: skip
        lines.append(Row([sweep_names.amount(say, curve.factor, value), *texts]))
    title = say("curves.title", outcome=outcome, factor=factor)
    axis = say("curves.axis_yuan", name=factor) if budget else factor
    least = sweep_names.amount(say, curve.factor, curve.values[0])
    measure = say(f"unit.{OUTCOMES[curve.outcome].unit}")
    mark = _document(say, curve.factor)
    marks = [{"x": mark / say.money[0], "label": say("curves.document")}] if mark else []
    return Chart(
        id=f"curve-{curve.factor.replace('.', '-')}-{curve.outcome}",
        title=title,
        unit=say("curves.unit", unit=measure, least=least),
        source=source(say, "runs"),
        summary=saturation(say, curve),
        spec=vega_curves.response(rows, x_axis=axis, axis=measure, marks=marks),
        numbers=Table(
            title, [axis, say("curves.column_difference"), say("column.interval")], "lrr", lines
        ),
        wide=False,
    )


def _document(say: Language, factor: str) -> float | None:
    """Budget of a programme in the document's plan, yuan; None where it has none."""
    from fupin.parameters.province import province
    from fupin.scenario.load import load_scenario

    key = factor.split(".")[1] if sweep_names.is_budget(factor) else ""
    if key not in {programme.key for programme in PROGRAMMES}:
        return None
    plan = load_scenario(f"fupin:{province().plan}")
    budget = getattr(getattr(plan.programmes, key), "budget", None)
    return float(budget) if isinstance(budget, int | float) and budget else None


def frontier(say: Language, table: Mapping[str, Any], factors: list[str]) -> Chart | None:
    """What the choices of levers cost beside what they bring; None without two of them."""
    levers = [f for f in factors if f == "plan" or sweep_names.is_budget(f)]
    levers = [f for f in levers if f in table]
    effect = next(
        (o for o in ("person_years_out", "income_poor_end")
         if o in table and not np.isnan(np.asarray(table[o], float)).any()), None,
    )  # fmt: skip
    if not levers or effect is None or "spent" not in table:
        return None
    names = [
        ", ".join(_choice(say, f, v) for f, v in zip(levers, row, strict=True))
        for row in zip(*(table[f].tolist() for f in levers), strict=True)
    ]
    sign = -1.0 if effect == "income_poor_end" else 1.0
    spent, gain = np.asarray(table["spent"], float), sign * np.asarray(table[effect], float)
    points: list[dict[str, Any]] = []
    for name in dict.fromkeys(names):
        here = np.array([other == name for other in names])
        points.append({"name": name, "x": float(spent[here].mean()) / say.money[0],
                       "value": float(gain[here].mean())})  # fmt: skip
    if len({(p["x"], p["value"]) for p in points}) < 2:
        return None
    points.sort(key=lambda p: (p["x"], -p["value"]))
    best = -np.inf
    for point in points:
        point["front"] = point["value"] > best
        best = max(best, point["value"])
    shown = say(f"outcome.{effect}")
    lines = []
    for point in points:
        text = say.estimate({"mean": sign * point["value"], "low": None, "high": None})[0]
        point["text"], point["value"] = text, sign * point["value"]
        lines.append(Row([point["name"], f"{point['x']:,.1f}", text], dim=not point["front"]))
    title, axis = say("frontier.title"), say("frontier.axis")
    front = say.join([point["name"] for point in points if point["front"]])
    return Chart(
        id="frontier",
        title=title,
        unit=say("frontier.unit", outcome=shown),
        source=source(say, "runs"),
        summary=say("frontier.summary", plans=front),
        spec=vega_curves.frontier(points, x_axis=axis, axis=shown, better=sign),
        numbers=Table(title, [say("column.plan"), axis, shown], "lrr", lines),
    )


def _choice(say: Language, factor: str, value: Any) -> str:
    if factor == "plan":
        return sweep_names.plain(say, str(value))
    name, text = sweep_names.factor_title(say, factor), sweep_names.amount(say, factor, value)
    return say("factor.with_value", name=name, value=text)
