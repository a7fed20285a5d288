"""Vega-Lite specifications of the report's charts. Numbers come computed and rounded for people.

Bars of a sweep stand in `vega_bars`, the map in `vega_map`.

Colours are Okabe and Ito's where they stand out from white by 3 : 1 (WCAG 1.4.11), darkened where
they do not; lines differ by dashes, and signs by side of a zero line, so that none is told by
colour alone. `cividis` and `blueorange` are made for colour-blind readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fupin.report.html.labels import placed_in_months, text_mark
from fupin.report.html.parts import Spec

INK, GREY, GRID = "#1c2733", "#5a6673", "#e3e7eb"
BLUE, VERMILION, GREEN, PURPLE, OCHRE, SKY = (
    "#0072b2", "#c44e00", "#007a5a", "#a0527f", "#8a6a00", "#1f78a0",
)  # fmt: skip
SERIES = (BLUE, VERMILION, GREEN, PURPLE, OCHRE, INK, SKY, GREY, "#6a3d9a", "#2f6b2f")
DASHES = (
    [1, 0],
    [6, 3],
    [2, 2],
    [8, 3, 2, 3],
    [4, 1],
    [1, 0],
    [6, 3],
    [2, 2],
    [8, 3, 2, 3],
    [4, 1],
)
MISSING = "#b4bcc4"
FONTS = (
    "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'WenQuanYi Micro Hei', Arial, sans-serif"
)

ACROSS = "container"
"""Width of a chart: what the page gives it, on a telephone as on a wide screen."""

HALF = 300
"""Pixels of a legend's name in a chart on half of the page."""

NIGHT = {
    INK: "#e6ebf0", GREY: "#a8b3bd", GRID: "#33404c", MISSING: "#4a5560",
    BLUE: "#5cb3ec", VERMILION: "#ff9a52", GREEN: "#4fc3a1", PURPLE: "#d696bd",
    OCHRE: "#d9b340", SKY: "#74c0e3", "#6a3d9a": "#b79be0", "#2f6b2f": "#8cc98c",
    "#a03f00": "#ffb27a", "#a9cbe0": "#2f5f80", "#8f9aa5": "#77838e", "white": "#141c23",
}  # fmt: skip
"""Colours of charts on a dark page, by those on a white one."""

DARK, LIGHTEST = 37.5, 80
"""Shares, %: below the first text on cividis is white, and from the second on all is as light."""

Rows = Sequence[Mapping[str, Any]]


def config() -> Spec:
    """What all charts share; the page gives it to Vega-Embed once."""
    text = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": FONTS,
        "background": "white",
        "view": {"stroke": None},
        "axis": {
            **text, "titleFontWeight": "normal", "gridColor": GRID, "domainColor": GREY,
            "tickColor": GREY, "labelLimit": 340,
        },
        "legend": {**text, "titleFontWeight": "normal", "labelLimit": 260},
        "header": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12},
    }  # fmt: skip


def data_of(rows: Rows) -> Spec:
    """Rows as a chart's own data."""
    return {"values": [dict(row) for row in rows]}


def tips_of(pairs: Mapping[str, str]) -> list[Spec]:
    """What a tooltip says: field -> title."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in pairs.items()]


def tall(rows: Rows, step: int, field: str = "name") -> int:
    """Height of a chart with a row of `step` pixels for each value of a field."""
    return step * max(len({row[field] for row in rows}), 1)


def select(name: str, choices: Mapping[str, str], label: str, chart: str) -> Spec:
    """A parameter that the reader chooses; its control stands in the element `controls-CHART`."""
    return {
        "name": name,
        "value": next(iter(choices)),
        "bind": {
            "input": "select",
            "name": label,
            "options": list(choices),
            "labels": list(choices.values()),
            "element": f"#controls-{chart}",
        },
    }


def months(rows: Rows, *, axis: str, name: str, marks: Rows = (), zero: bool = False) -> Spec:
    """Lines with bands over calendar months, and figures of the document as diamonds.

    Args:
        rows: month (YYYY-MM-DD), when, value, low, high, text, and `world` where there are several.
        axis: title of the vertical axis.
        name: title of the tooltip's value.
        marks: month, value, label.
        zero: a line at 0, for differences.
    """
    x: Spec = {
        "field": "month", "type": "temporal", "scale": {"type": "utc"},
        "axis": {"title": None, "format": "%Y-%m", "labelOverlap": True, "tickCount": 5,
                 "grid": False},
    }  # fmt: skip
    y: Spec = {
        "field": "value", "type": "quantitative", "title": axis,
        "scale": {"zero": zero, "nice": True}, "axis": {"tickCount": 5},
    }  # fmt: skip
    worlds = list(dict.fromkeys(row["world"] for row in rows))
    colour: Spec = {"value": BLUE}
    dash: Spec = {}
    tips = tips_of({"when": "", "text": name})
    if len(worlds) > 1:
        key = {"title": None, "orient": "bottom", "columns": 1, "symbolType": "stroke",
               "symbolSize": 400, "symbolOpacity": 1, "symbolStrokeWidth": 2.5,
               "labelLimit": HALF}  # fmt: skip
        named = {"field": "world", "type": "nominal", "legend": key}
        colour = {**named, "scale": {"domain": worlds, "range": _cycle(SERIES, len(worlds))}}
        dash = {
            "strokeDash": {
                **named,
                "scale": {"domain": worlds, "range": dashes(len(worlds))},
            }
        }
        tips = tips_of({"world": "", "when": "", "text": name})
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}
    layers: list[Spec] = []
    if zero:
        layers.append(
            {
                "data": {"values": [{"at": 0}]},
                "mark": {"type": "rule", "color": GREY},
                "encoding": {"y": {"field": "at", "type": "quantitative"}},
            }
        )
    layers += [
        {"mark": {"type": "area", "opacity": 0.16 if len(worlds) == 1 else 0.08}, "encoding": band},
        {
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {"x": x, "y": y, "color": colour, **dash},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 26},
            "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips},
        },
    ]
    if marks:
        at, figures = {"x": x, "y": y}, data_of(placed_in_months(marks, rows, 190))
        layers += [
            {
                "data": figures,
                "mark": {"type": "point", "shape": "diamond", "size": 110, "filled": True,
                         "color": VERMILION},
                "encoding": {**at, "tooltip": tips_of({"label": ""})},
            },
            {
                "data": figures,
                "mark": text_mark("#a03f00", 11),
                "encoding": {**at, "text": {"field": "label", "type": "nominal"}},
            },
        ]  # fmt: skip
    return {"data": data_of(rows), "width": ACROSS, "height": 190, "layer": layers}


def dashes(n: int) -> list[list[int]]:
    """Of n worlds; where colours begin again, the next of each, so that no two lines are alike."""
    return [DASHES[(i + i // len(SERIES)) % len(DASHES)] for i in range(n)]


def _cycle(values: Sequence[Any], n: int) -> list[Any]:
    return [values[i % len(values)] for i in range(n)]


def intervals(
    rows: Rows,
    *,
    axis: str,
    name: str,
    zero: bool = True,
    reference: float | None = None,
    params: Sequence[Spec] = (),
    filters: Sequence[str] = (),
    kinds: Sequence[str] = (),
    ratios: tuple[float, float] | None = None,
) -> Spec:
    """Points with their 90% intervals, a row each; hollow where the interval holds 0.

    Args:
        rows: name, value, low, high, text, told, and fields that `filters` read.
        axis: title of the horizontal axis.
        name: title of the tooltip's value.
        zero: a line at 0.
        reference: a dashed line elsewhere.
        params, filters: what the reader chooses, and expressions over it.
        kinds: values of the field `kind` (at most three), told apart by colour and shape.
        ratios: ends of a logarithmic scale; None is a linear one.
    """
    x: Spec = {"field": "value", "type": "quantitative", "title": axis,
               "scale": {"zero": False, "nice": True}, "axis": {"tickCount": 6}}  # fmt: skip
    if ratios:
        x["scale"] = {"type": "log", "domain": list(ratios), "nice": False}
        x["axis"] = {"values": [0.2, 0.5, 1, 2, 5], "format": "~g"}
    y: Spec = {"field": "name", "type": "nominal", "sort": None, "title": None,
               "axis": {"grid": True, "domain": False, "ticks": False}}  # fmt: skip
    colour: Spec = {"value": BLUE}
    fill: Spec = {
        "condition": {"test": "datum.told === false", "value": "white"}, "value": BLUE,
    }  # fmt: skip
    extra: Spec = {}
    if kinds:
        colour = _kind(kinds, (OCHRE, PURPLE, BLUE))
        fill, extra = colour, {"shape": _kind(kinds, ("square", "triangle-up", "circle"))}
    layers: list[Spec] = [
        {
            "data": {"values": [{"at": at}]},
            "mark": {"type": "rule", "color": GREY, "strokeDash": dash},
            "encoding": {"x": {"field": "at", "type": "quantitative"}},
        }
        for at, dash in ((0.0 if zero else None, [1, 0]), (reference, [4, 3]))
        if at is not None
    ]
    if any(row["low"] is not None for row in rows):
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "transform": [{"filter": "isValid(datum.low)"}],
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y,
                             "color": colour},
            }
        )  # fmt: skip
    layers.append(
        {
            "mark": {"type": "point", "size": 75, "strokeWidth": 1.8, "opacity": 1},
            "encoding": {"x": x, "y": y, "stroke": colour, "fill": fill, **extra,
                         "tooltip": tips_of({"name": "", "text": name})},
        }
    )  # fmt: skip
    names = len(dict.fromkeys(row["name"] for row in rows))
    spec: Spec = {
        "data": data_of(rows),
        "params": list(params),
        "width": ACROSS,
        "height": max(names * (22 if names > 12 else 30), 60),
        "layer": layers,
    }
    if filters:
        spec["transform"] = [{"filter": one} for one in filters]
    return spec


def _kind(kinds: Sequence[str], values: Sequence[str]) -> Spec:
    return {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(kinds), "range": list(values[: len(kinds)])},
        "legend": {"title": None, "orient": "top"},
    }


def stacked(rows: Rows, *, axis: str, parts: Sequence[str]) -> Spec:
    """Horizontal bars of parts that add up.

    Args:
        rows: name, part, value, text.
        parts: names of the parts in order.
    """
    y = {"field": "name", "type": "nominal", "sort": None, "title": None,
         "axis": {"domain": False, "ticks": False}}  # fmt: skip
    return {
        "data": data_of([{**row, "order": parts.index(row["part"])} for row in rows]),
        "width": ACROSS,
        "height": tall(rows, 24),
        "mark": {"type": "bar", "stroke": "white", "strokeWidth": 1},
        "encoding": {
            "x": {"field": "value", "type": "quantitative", "title": axis, "stack": "zero",
                  "axis": {"tickCount": 6}},
            "y": y,
            "order": {"field": "order", "type": "quantitative"},
            "color": {
                "field": "part", "type": "nominal",
                "scale": {"domain": list(parts), "range": [BLUE, VERMILION, "#8f9aa5"]},
                "legend": {"title": None, "orient": "top"},
            },
            "tooltip": tips_of({"name": "", "part": "", "text": axis}),
        },
    }  # fmt: skip


def paired(rows: Rows, *, axis: str, parts: Sequence[str]) -> Spec:
    """Two dots a row, joined: before hollow, after filled.

    Args:
        rows: name, part, value, text.
        parts: names of before and after.
    """
    y: Spec = {"field": "name", "type": "nominal", "sort": None, "title": None,
               "axis": {"grid": True, "domain": False, "ticks": False}}  # fmt: skip
    x: Spec = {"field": "value", "type": "quantitative", "title": axis, "axis": {"tickCount": 6}}
    scale = {"domain": list(parts), "range": [GREY, BLUE]}
    key = {"title": None, "orient": "top", "columns": 2}
    part: Spec = {"field": "part", "type": "nominal", "scale": scale, "legend": key}
    shapes = {"domain": list(parts), "range": ["circle", "diamond"]}
    return {
        "data": data_of(rows),
        "width": ACROSS,
        "height": tall(rows, 30),
        "layer": [
            {
                "mark": {"type": "line", "color": GREY, "strokeWidth": 1.5},
                "encoding": {"x": x, "y": y, "detail": {"field": "name", "type": "nominal"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "x": x, "y": y, "color": part, "shape": {**part, "scale": shapes},
                    "tooltip": tips_of({"name": "", "part": "", "text": axis}),
                },
            },
        ],
    }  # fmt: skip


def columns(
    rows: Rows, *, x_axis: str, name: str, params: Sequence[Spec], filters: Sequence[str]
) -> Spec:
    """A point with its interval for each tenth of the people, from poorest to richest.

    Args:
        rows: tenth, value, low, high, text, told, and fields that `filters` read.
    """
    x = {"field": "tenth", "type": "ordinal", "title": x_axis, "axis": {"labelAngle": 0}}
    y = {"field": "value", "type": "quantitative", "title": None, "axis": {"tickCount": 6}}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "size": 30, "color": "#a9cbe0", "stroke": BLUE},
            "encoding": {"x": x, "y": y, "tooltip": tips_of({"tenth": x_axis, "text": name})},
        }
    ]
    if any(row["low"] is not None for row in rows):
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "transform": [{"filter": "isValid(datum.low)"}],
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            }
        )
    return {
        "data": data_of(rows),
        "params": list(params),
        "transform": [{"filter": one} for one in filters],
        "width": ACROSS,
        "height": 230,
        "layer": layers,
    }


def heat(rows: Rows, *, x_axis: str, y_axis: str, name: str, params: Sequence[Spec]) -> Spec:
    """A matrix of shares with the numbers in it.

    Args:
        rows: before, after, value (0 to 100), label, and `world` that a parameter chooses.
    """
    y = {"field": "before", "type": "nominal", "sort": None, "title": y_axis}
    x = {"field": "after", "type": "nominal", "sort": None, "title": x_axis,
         "axis": {"orient": "top", "labelAngle": 0}}  # fmt: skip
    dark = f"datum.value < {DARK}"
    return {
        "data": data_of(rows),
        "params": list(params),
        "transform": [{"filter": "datum.world === world"}],
        "width": ACROSS,
        "height": tall(rows, 34, "before"),
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": "rect", "encoding": {
                "color": {"field": "value", "type": "quantitative", "legend": None,
                          "scale": {"scheme": "cividis", "domain": [0, LIGHTEST]}},
                "tooltip": tips_of({"before": y_axis, "after": x_axis, "label": name})}},
            {"mark": {"type": "text", "fontSize": 12}, "encoding": {
                "text": {"field": "label", "type": "nominal"},
                "color": {"condition": {"test": dark, "value": "#ffffff"}, "value": "#000000"}}},
        ],
    }  # fmt: skip
