"""The one map of a brief: light is little and dark is much; key counties are outlined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from fupin.population.counties import county_table
from fupin.report.brief.drawing import (
    BLUE,
    FAINT,
    INK,
    ORANGE,
    Box,
    Drawing,
    Label,
    Line,
    Ring,
    in_lines,
)
from fupin.report.html.geometry import load_shapes
from fupin.words.language import Language

LEVELS = ("#fee8c8", "#fdbb84", "#fc8d59", "#d7301f", "#7f0000")
"""From little to much (ColorBrewer OrRd); readable without colours, too."""

LESS = ("#c6dbef", "#6baed6", "#2171b5")
MORE = ("#fdd0a2", "#fd8d3c", "#d94801")
NONE, NOT_TOLD = "#ffffff", "#e6e8eb"

WIDTH = 84.0
HEIGHT = 92.0
TEXT = 3.0
TOP = 10


def level_map(say: Language, values: Mapping[int, float | None], title: str,
              description: str, words: Mapping[str, str]) -> Drawing:  # fmt: skip
    """Counties by a share in percent, in five classes of round limits.

    Args:
        values: code -> percent; None where nobody lives.
        words: `none` for a county without rural people, `key` for the outline.
    """
    known = sorted(value for value in values.values() if value is not None)
    limits = _limits(known)
    colours = {
        code: NONE if value is None else LEVELS[sum(value >= limit for limit in limits)]
        for code, value in values.items()
    }
    texts = [f"< {limits[0]:g}%"]
    texts += [f"{a:g}–{b:g}%" for a, b in pairwise(limits)]
    texts.append(f"≥ {limits[-1]:g}%")
    legend = [*zip(LEVELS, texts, strict=True), (NONE, words["none"])]
    return _map(colours, legend, title, description, words["key"])


def change_map(say: Language, values: Mapping[int, float | None], told: Mapping[int, bool],
               title: str, description: str, words: Mapping[str, str]) -> Drawing:  # fmt: skip
    """Counties by a change per thousand people; those not told from zero are pale.

    Args:
        values: code -> fewer poor per thousand people, below zero more; None where nobody lives.
        told: code -> whether it may be coloured.
        words: `none`, `not_told`, `less`, `more`, `key`.
    """
    size = max((abs(v) for code, v in values.items() if v is not None and told[code]), default=1.0)

    def colour(code: int, value: float | None) -> str:
        if value is None:
            return NONE
        if not told[code]:
            return NOT_TOLD
        scale = LESS if value > 0 else MORE
        return scale[min(int(3 * abs(value) / size), 2)]

    legend = [(LESS[1], words["less"]), (MORE[1], words["more"]), (NOT_TOLD, words["not_told"]),
              (NONE, words["none"])]  # fmt: skip
    colours = {code: colour(code, value) for code, value in values.items()}
    return replace(_map(colours, legend, title, description, words["key"]), note=description)


def _limits(known: Sequence[float]) -> list[float]:
    """Four limits of five classes, steps of 1, 2, 5 or 10 percent."""
    most = known[int(0.95 * (len(known) - 1))] if known else 5.0
    step = next((s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if 5 * s >= most), 25)
    return [round(step * i, 6) for i in range(1, 5)]


def _map(
    colours: Mapping[int, str], legend: Sequence[tuple[str, str]], title: str, description: str,
    key: str,
) -> Drawing:  # fmt: skip
    shapes = load_shapes()
    table = county_table()
    outlined = {int(c) for c, status in zip(table.code, table.key, strict=True) if status}
    rings = [
        (int(feature["code"]), [(point[0], point[1]) for point in ring])
        for feature in shapes.counties
        for ring in _outer(feature["geometry"])
    ]
    xs = [x for _, ring in rings for x, _ in ring]
    ys = [y for _, ring in rings for _, y in ring]
    west, north = min(xs), max(ys)
    scale = min((WIDTH - 2.0) / (max(xs) - west), (HEIGHT - 2.0) / (north - min(ys)))

    def place(point: Sequence[float]) -> tuple[float, float]:
        return 1.0 + (point[0] - west) * scale, 1.0 + (north - point[1]) * scale

    drawing = Drawing(WIDTH, HEIGHT, title, description)
    for last in (False, True):  # outlines of key counties lie over those of neighbours
        for code, ring in rings:
            if (code in outlined) == last:
                edge, width = (INK, 0.35) if last else ("#9aa0a8", 0.1)
                points = [place(point) for point in ring]
                drawing.shapes.append(Ring(points, colours.get(code, NONE), edge, width))
    x, y = WIDTH - 30.0, HEIGHT - 5.2 * (len(legend) + 1)
    for colour, text in legend:
        drawing.shapes.append(Ring([(x, y), (x + 4, y), (x + 4, y + 3.4), (x, y + 3.4)], colour,
                                   "#9aa0a8", 0.1))  # fmt: skip
        drawing.shapes.append(Label(x + 5.5, y + 2.8, text, TEXT))
        y += 5.2
    drawing.shapes.append(Ring([(x, y), (x + 4, y), (x + 4, y + 3.4), (x, y + 3.4)], NONE, INK,
                               0.35))  # fmt: skip
    drawing.shapes.append(Label(x + 5.5, y + 2.8, key, TEXT))
    return drawing


def _outer(geometry: Mapping[str, object]) -> list[list[list[float]]]:
    """Outer rings of a polygon or of several."""
    found = geometry["coordinates"]
    assert isinstance(found, list)
    return [found[0]] if geometry["type"] == "Polygon" else [part[0] for part in found]


def ranked(rows: Sequence[tuple[str, float, str]], title: str, description: str) -> Drawing:
    """Bars of some counties, the largest first.

    Args:
        rows: name, value and its text.
    """
    left, right, line = 34.0, 16.0, 6.4
    height = line * len(rows) + 4.0
    most = max((abs(value) for _, value, _ in rows), default=1.0) or 1.0
    drawing = Drawing(WIDTH, height, title, description)
    for number, (name, value, text) in enumerate(rows):
        y = 2.0 + number * line
        wide = (WIDTH - left - right) * abs(value) / most
        drawing.shapes.append(Label(left - 1.5, y + 3.6, in_lines(name, left - 2, TEXT, 1)[0], TEXT,
                                    "end"))  # fmt: skip
        colour = BLUE if value >= 0 else ORANGE
        drawing.shapes.append(Box(left, y + 0.6, max(wide, 0.2), line - 2.0, colour))
        drawing.shapes.append(Label(left + wide + 1.2, y + 3.6, text, TEXT, "start", FAINT))
    drawing.shapes.append(Line(left, 1.0, left, height - 2.0, INK, 0.3))
    return drawing
