"""Where the name of a figure of the document stands beside its diamond: clear of all lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fupin.report.html.parts import Spec

Rows = Sequence[Mapping[str, Any]]
Line = Sequence[tuple[float, float]]
"""Places and values of a line, from left to right."""

ABOVE, LEVEL, BELOW = -9, 4, 19
"""From the diamond to the foot of the letters, pixels."""

_HALF_LETTER = 4.0
_REACH = 0.3
"""Of the axis, what a name covers at most on a narrow page."""


def placed(
    marks: Rows, at: str, lines: Sequence[Line], height: float, levels: Sequence[int]
) -> list[dict[str, Any]]:
    """Figures with the place of their names: `side`, `dx` and `dy`, as Vega's text has them.

    A name runs into the wider half of the chart. It stands at that of the levels that is farthest
    from all lines over its whole length.

    Args:
        marks: rows with `value`.
        at: field of their place on the horizontal axis, a number.
        lines: what a name must not touch.
        height: of the chart, pixels.
        levels: some of ABOVE, LEVEL and BELOW.
    """
    places = [x for line in lines for x, _ in line] + [row[at] for row in marks]
    values = [y for line in lines for _, y in line] + [row["value"] for row in marks]
    left, right = min(places), max(places)
    unit = (max(values) - min(values) or 1.0) / height  # a pixel, at least
    found = []
    for row in marks:
        after = row[at] - left <= (right - left) / 2
        ends = sorted((row[at], row[at] + (_REACH if after else -_REACH) * (right - left)))
        over = np.linspace(ends[0], ends[1], 25)

        def room(level: int, over: Any = over, row: Any = row) -> float:
            middle = row["value"] - unit * (level - _HALF_LETTER)
            return min((_distance(line, over, middle) for line in lines), default=0.0)

        best = max(levels, key=room)
        beside = 9 if best == LEVEL else 0
        found.append({**row, "side": "left" if after else "right",
                      "dx": beside if after else -beside, "dy": best})  # fmt: skip
    return found


def placed_in_months(marks: Rows, rows: Rows, height: float) -> list[dict[str, Any]]:
    """Figures of months (YYYY-MM-DD) beside the lines of a chart over months."""
    months = list(dict.fromkeys(row["month"] for row in rows))
    at = {month: place for place, month in enumerate(months)}
    known = [{**row, "at": at[row["month"]]} for row in marks if row["month"] in at]
    lines: dict[Any, list[tuple[float, float]]] = {}
    for row in rows:
        if row["value"] is not None:
            lines.setdefault(row["world"], []).append((at[row["month"]], row["value"]))
    return placed(known, "at", list(lines.values()), height, (ABOVE, LEVEL, BELOW))


def _distance(line: Line, over: Any, middle: float) -> float:
    x, y = np.array(line, float).T
    inside = over[(over >= x.min()) & (over <= x.max())]
    if inside.size == 0:
        return float("inf")
    return float(np.abs(np.interp(inside, x, y) - middle).min())


def text_mark(colour: str, size: float) -> Spec:
    """The mark of such a name, of rows that `placed` has placed."""
    return {
        "type": "text", "align": {"expr": "datum.side"}, "dx": {"expr": "datum.dx"},
        "dy": {"expr": "datum.dy"}, "color": colour, "fontSize": size,
    }  # fmt: skip
