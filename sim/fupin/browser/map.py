"""The map: counties as shapes that stay in the browser, colours and points that change.

Only what a month changes is sent: a style sheet with the colours of the counties, and villages as
six paths of points, one for each colour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import solara

from fupin.browser import measures
from fupin.browser.measures import CLASSES, MEASURES
from fupin.browser.page_model import PageModel
from fupin.browser.scene import Scene
from fupin.population.counties import county_table
from fupin.report.html.geometry import ASPECT, Shapes, load_shapes
from fupin.words.language import Language

HEIGHT = 1000.0
_EDGE, _LABEL = 12.0, 150.0
MISSING = "url(#none)"
"""Hatched: where there is no number, there is no colour."""

GREY = "#dfe3e7"
USUAL_VILLAGES = 11_000
"""Of the usual sample; fewer points are drawn larger."""

BLANK = "#f3f5f7"
"""Of counties under villages as points."""

LEVELS = ("#fee8d6", "#fdc99b", "#fb9f5b", "#e5701c", "#b34700", "#6e2600")
"""One hue from light to dark: much of what is mapped is a lack, and dark is much."""

DIFFERENCES = ("#a33c00", "#dd8452", "#f6d9c6", "#cfe3f1", "#5aa1cf", "#00568a")
"""Below 0 vermilion, above it blue."""

RANKED = 10
"""Counties that a list beside the map names."""


@dataclass(frozen=True)
class Base:
    """What does not change.

    Attributes:
        width: of the view box; its height is HEIGHT.
        shapes: SVG of counties and borders of prefectures.
        names: SVG of the names of prefectures, above all else.
        outlines: code -> path of a county that is drawn.
        drawn: county row -> row of the county that is drawn for it.
        schematic: no boundaries are installed.
        points: a, b, c, d of the place of a village: x = a + b lon, y = c - d lat.
    """

    width: float
    shapes: str
    names: str
    outlines: dict[int, str]
    drawn: npt.NDArray[np.int64]
    schematic: bool
    points: tuple[float, float, float, float]


@cache
def base(chinese: bool) -> Base:
    """The shapes in one language, made once a process."""
    shapes, table = load_shapes(), county_table()
    x0, y0, x1, y1 = _extent(shapes)
    scale = (HEIGHT - 2 * _EDGE) / (y1 - y0)
    a, b = _EDGE - x0 * scale, scale * ASPECT
    c, d = _EDGE + y1 * scale, scale

    def place(x: float, y: float) -> str:
        return f"{a + x * scale:.1f} {c - y * d:.1f}"

    parts, written, outlines = [], [], {}
    for feature in shapes.counties:
        code = int(feature["code"])
        path = "".join(_path(ring, place) for ring in _rings(feature["geometry"]))
        outlines[code] = path
        parts.append(f'<path class="u u{code}" data-code="{code}" fill="{BLANK}" d="{path}"/>')
    keys = {int(c) for c, status in zip(table.code, table.key_status, strict=True)
            if status != "none"}  # fmt: skip
    around = "".join(path for code, path in outlines.items() if code in keys)
    parts.append(f'<path class="keys" d="{around}"/>')
    for feature in shapes.prefectures:
        path = "".join(_path(line, place) for line in _rings(feature["geometry"]))
        parts.append(f'<path class="border" d="{path}"/>')
    names = table.prefectures_zh if chinese else table.prefectures_en
    width = (x1 - x0) * scale + 2 * _EDGE
    most = width - _LABEL / 2
    for label in shapes.labels:
        x, y = place(label["x"], label["y"]).split()
        name = escape(names[int(label["prefecture"])])
        written.append(f'<text x="{min(float(x), most)}" y="{y}" class="prefecture">{name}</text>')
    row_of = {int(code): row for row, code in enumerate(table.code)}
    drawn = np.array([row_of[shapes.shared.get(int(code), int(code))] for code in table.code])
    return Base(
        width, "".join(parts), "".join(written), outlines, drawn, shapes.schematic, (a, b, c, d)
    )


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    kind, content = geometry["type"], geometry["coordinates"]
    if kind == "LineString":
        return [content]
    if kind in ("Polygon", "MultiLineString"):
        return list(content)
    return [ring for polygon in content for ring in polygon]


def _path(ring: list[list[float]], place: Callable[[float, float], str]) -> str:
    return "M" + "L".join(place(x, y) for x, y in ring)


def _extent(shapes: Shapes) -> tuple[float, float, float, float]:
    corners = np.array(
        [xy for feature in shapes.counties for ring in _rings(feature["geometry"]) for xy in ring]
    )
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


@dataclass(frozen=True)
class Coloured:
    """What a month changes.

    Attributes:
        css: a rule for each county.
        points: SVG of villages; empty where counties are coloured.
        tips: county code -> what the pointer says.
        legend: HTML.
    """

    css: str
    points: str
    tips: dict[str, str]
    legend: str


def coloured(scene: Scene, key: str, which: str, villages: bool) -> Coloured:
    """Colours of a measure.

    Args:
        key: a key of MEASURES.
        which: "plan", "beside" or "difference"; the latter two are of a model with a twin.
        villages: villages as points, rather than counties as shapes.
    """
    model, say = scene.model, scene.say
    measure, ground = MEASURES[key], base(say.chinese)
    plan, beside = model.numbers(scene.at, key), model.numbers_beside(scene.at, key)
    shown, signed = shown_values(scene, key, which), which == "difference" and beside is not None
    numbers = shown.villages if villages else shown.counties
    palette = DIFFERENCES if signed else LEVELS
    if signed:
        bounds = measures.bounds_of_difference(numbers)
    else:
        bounds = _kept_bounds(model, measure, villages, plan, beside)
    classes = measures.class_of(numbers, bounds)
    if signed:  # what is equal in both has no colour
        classes[numbers == 0] = -1
    table = model.frame.counties
    css, points = "", ""
    if villages:
        points = _points(model, ground, classes, palette)
    else:
        known = np.isfinite(numbers)
        css = "".join(
            f".u{int(table.code[row])}{{fill:"
            f"{palette[c] if c >= 0 else GREY if known[row] else MISSING}}}"
            for row, c in enumerate(classes)
            if ground.drawn[row] == row
        )
    tips = _tips(model, say, measure, plan, beside, ground)
    return Coloured(css, points, tips, _legend(say, measure, bounds, palette, signed))


def shown_values(scene: Scene, key: str, which: str) -> measures.Values:
    """A measure of the plan, of the world beside it, or the difference of the two."""
    plan, beside = scene.model.numbers(scene.at, key), scene.model.numbers_beside(scene.at, key)
    if beside is None or which == "plan":
        return plan
    if which == "beside":
        return beside
    return measures.Values(plan.villages - beside.villages, plan.counties - beside.counties)


def ranking(scene: Scene, key: str, which: str) -> str:
    """The counties with the largest numbers as bars, and the people behind them, as HTML."""
    model, say, table = scene.model, scene.say, scene.model.frame.counties
    numbers = shown_values(scene, key, which).counties
    signed = which == "difference" and model.twin is not None
    size = np.nan_to_num(np.abs(numbers) if signed else numbers, nan=-1.0)
    order = [int(row) for row in np.argsort(-size)[:RANKED] if np.isfinite(numbers[row])]
    most = max((abs(float(numbers[row])) for row in order), default=0.0) or 1.0
    decimals = MEASURES[key].decimals + signed
    names = table.name_zh if say.chinese else table.name_en
    rows = "".join(
        f"<tr><th>{escape(str(names[row]))}{_key_mark(say, table.key_status[row])}</th><td>"
        f'<i class="bar wide"><b style="width:{100 * abs(float(numbers[row])) / most:.0f}%"></b>'
        f"</i></td><td>{say.number(float(numbers[row]), decimals, signed)}</td></tr>"
        for row in order
    )
    title = escape(say("map.ranking", measure=say(f"measure.{key}")))
    return f'<h3>{title}</h3><table class="figures ranking">{rows}</table>'


def _key_mark(say: Language, status: str) -> str:
    return (
        "" if status == "none" else f' <abbr title="{escape(say(f"card.key_{status}"))}">◆</abbr>'
    )


def _kept_bounds(
    model: PageModel,
    measure: measures.Measure,
    villages: bool,
    plan: measures.Values,
    beside: measures.Values | None,
) -> measures.Numbers:
    """Bounds that hold this month and those before, in both worlds: a colour keeps its meaning."""
    both = [plan] if beside is None else [plan, beside]
    numbers = np.concatenate([one.villages if villages else one.counties for one in both])
    new = measures.bounds_of(numbers, measure.floor)
    old = model.bounds.get((measure.key, villages))
    if old is None or new[1] - new[0] > old[1] - old[0]:
        model.bounds[measure.key, villages] = new
        return new
    return old


def _points(
    model: PageModel, ground: Base, classes: npt.NDArray[np.int64], palette: tuple[str, ...]
) -> str:
    villages = model.frame.villages
    a, b, c, d = ground.points
    x = a + b * np.asarray(villages.lon, np.float64)
    y = c - d * np.asarray(villages.lat, np.float64)
    listed = np.asarray(villages.listed)
    larger = min(2.0, max(1.0, (USUAL_VILLAGES / len(villages)) ** 0.5))
    parts = []
    for k in (-1, *range(CLASSES)):
        colour = GREY if k < 0 else palette[k]
        for who, size in ((~listed, 3.6), (listed, 6.2)):
            here = np.flatnonzero(who & (classes == k))
            if here.size:
                path = "".join(f"M{x[v]:.0f} {y[v]:.0f}h0" for v in here)
                parts.append(
                    f'<path d="{path}" stroke="{colour}" stroke-width="{size * larger:.1f}"/>'
                )
    return "".join(parts)


def _tips(
    model: PageModel,
    say: Language,
    measure: measures.Measure,
    plan: measures.Values,
    beside: measures.Values | None,
    ground: Base,
) -> dict[str, str]:
    table, tips = model.frame.counties, {}
    names = table.name_zh if say.chinese else table.name_en
    for row, code in enumerate(table.code):
        if ground.drawn[row] != row:
            continue
        value = float(plan.counties[row])
        if not np.isfinite(value):
            tips[str(int(code))] = f"{names[row]}: {say('map.unknown')}"
            continue
        text = f"{names[row]}: {say.number(value, measure.decimals)}"
        if beside is not None:
            other = float(beside.counties[row])
            text += (
                f" · {say('beside')} {say.number(other, measure.decimals)}"
                f" · {say('difference')} "
                f"{say.number(value - other, measure.decimals + 1, signed=True)}"
            )
        tips[str(int(code))] = text
    return tips


def _legend(
    say: Language,
    measure: measures.Measure,
    bounds: measures.Numbers,
    palette: tuple[str, ...],
    signed: bool,
) -> str:
    width = float(bounds[1] - bounds[0])
    places = 0
    while places < 6 and abs(round(width, places) - width) > 1e-9 * width:
        places += 1
    swatches = "".join(f'<i style="background:{colour}"></i>' for colour in palette)
    labels = "".join(f"<span>{say.number(float(at), places, signed)}</span>" for at in bounds)
    title = escape(say(f"measure.{measure.key}"))
    if signed:
        title += f": {escape(say('difference'))}"
    return f'<b>{title}</b><div class="swatches">{swatches}</div><div class="ends">{labels}</div>'


@solara.component_vue("map.vue")
def ProvinceMap(
    shapes: str,
    names: str,
    width: float,
    colours: str,
    points: str,
    tips: dict[str, str],
    hint: str,
    label: str,
    picked: str,
    event_pick: Callable[[int], None],
) -> None:
    """The map in the browser; `picked` outlines a county, `event_pick` gets the code of a click."""
