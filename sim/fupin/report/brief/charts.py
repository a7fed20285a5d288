"""The one chart of a brief: what the money does year by year, or plans beside the base."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fupin.report.brief.drawing import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    Box,
    Dot,
    Drawing,
    Label,
    Line,
    in_lines,
    nice_steps,
)
from fupin.words import quantities
from fupin.words.judging import Estimate, Judged
from fupin.words.language import Language

WIDTH = 110.0
TEXT = 3.2


@dataclass(frozen=True)
class Row:
    """A plan of a chart: its title and its effect."""

    title: str
    judged: Judged


def note_of(say: Language, pairs: int) -> str:
    """What dots and lines are; one pair of runs has no lines."""
    return say("chart.plans_note", n=pairs) if pairs > 1 else say("chart.plans_note_one")


def by_year(say: Language, found: dict[str, Estimate], title: str, description: str,
            note: str) -> Drawing:  # fmt: skip
    """Bars by year with their ranges; blue above zero, orange below, grey where zero is inside."""
    left, right, top, bottom = 20.0, 2.0, 5.0, 8.0
    height = 46.0
    ends = [v for one in found.values() for v in (one.low, one.high, one.mean) if v is not None]
    steps = nice_steps(min(ends), max(ends))
    low, high, decimals = steps[0], steps[-1], _places(steps)

    def y(value: float) -> float:
        return top + (high - value) / (high - low) * (height - top - bottom)

    drawing = Drawing(WIDTH, height, title, description, note=note)
    for step in steps:
        drawing.shapes.append(Line(left, y(step), WIDTH - right, y(step)))
        text = quantities.number(say, step, decimals)
        drawing.shapes.append(Label(left - 1.5, y(step) + 1.1, text, TEXT, "end", FAINT))
    drawing.shapes.append(Line(left, y(0.0), WIDTH - right, y(0.0), INK, 0.3))
    wide = (WIDTH - left - right) / len(found)
    for number, (year, one) in enumerate(found.items()):
        centre = left + (number + 0.5) * wide
        colour = GREY if not one.told else BLUE if one.mean > 0 else ORANGE
        head = min(y(one.mean), y(0.0))
        size = max(abs(y(one.mean) - y(0.0)), 0.3)
        drawing.shapes.append(Box(centre - 0.3 * wide, head, 0.6 * wide, size, colour))
        if one.low is not None and one.high is not None:
            drawing.shapes.extend(
                [
                    Line(centre, y(one.low), centre, y(one.high), INK, 0.4),
                    Line(centre - 1.0, y(one.low), centre + 1.0, y(one.low), INK, 0.4),
                    Line(centre - 1.0, y(one.high), centre + 1.0, y(one.high), INK, 0.4),
                ]
            )
        most = max(value for value in (one.mean, one.high or one.mean, 0.0))
        drawing.shapes.append(
            Label(centre, y(most) - 1.2, quantities.amount(say, one), TEXT, "middle")
        )
        drawing.shapes.append(Label(centre, height - 2.5, str(year), TEXT, "middle", FAINT))
    return drawing


def of_plans(say: Language, rows: Sequence[Row], title: str, description: str,
             note: str) -> Drawing:  # fmt: skip
    """A dot with its range for each plan, beside the line of the base."""
    left, right, top, bottom, line = 46.0, 22.0, 2.0, 7.0, 11.0
    height = top + bottom + line * len(rows)
    gains = [row.judged.gain for row in rows if row.judged.gain is not None]
    ends = [v for one in gains for v in (one.low, one.high, one.mean) if v is not None]
    steps = nice_steps(min(ends, default=0.0), max(ends, default=0.0), 2)
    low, high, decimals = steps[0], steps[-1], _places(steps)

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (WIDTH - left - right)

    drawing = Drawing(WIDTH, height, title, description, note=note)
    floor = height - bottom
    for step in steps:
        drawing.shapes.append(Line(x(step), top, x(step), floor))
        text = quantities.number(say, step, decimals)
        drawing.shapes.append(Label(x(step), height - 2.5, text, TEXT, "middle", FAINT))
    drawing.shapes.append(Line(x(0.0), top, x(0.0), floor, INK, 0.4))
    colours = {"better": BLUE, "worse": ORANGE}
    for number, row in enumerate(rows):
        y = top + (number + 0.5) * line
        lines = in_lines(row.title, left - 3.0, TEXT, 3)
        for place, text in enumerate(lines):
            down = y + 1.1 + (place - (len(lines) - 1) / 2) * 3.6
            drawing.shapes.append(Label(left - 2.0, down, text, TEXT, "end"))
        gain = row.judged.gain
        if gain is None:
            continue
        colour = colours.get(row.judged.direction, GREY)
        if gain.low is not None and gain.high is not None:
            drawing.shapes.append(Line(x(gain.low), y, x(gain.high), y, colour, 0.8))
        drawing.shapes.append(Dot(x(gain.mean), y, 1.4, colour))
        amount = quantities.amount(say, gain)
        sign = "+" if gain.mean > 0 else ""
        drawing.shapes.append(Label(WIDTH, y + 1.1, f"{sign}{amount}", TEXT, "end", colour))
    return drawing


def _places(steps: Sequence[float]) -> int:
    """Decimal places that all steps of an axis need; negative where they end with zeros."""
    exact = (
        d for d in range(-9, 6) if all(math.isclose(round(s, d), s, abs_tol=1e-9) for s in steps)
    )
    return next(exact, 6)
