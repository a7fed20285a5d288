"""Vega-Lite specifications of a run's first charts: poverty over years, and the register's steps.

Colours and what all charts share stand in `vega`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fupin.report.html.labels import ABOVE, BELOW, placed, text_mark
from fupin.report.html.parts import Spec
from fupin.report.html.vega import (
    ACROSS,
    BLUE,
    GREY,
    INK,
    VERMILION,
    Rows,
    data_of,
    tall,
    tips_of,
)

COLOURS = (BLUE, VERMILION, GREY)
DASHES = ([1, 0], [1, 0], [5, 4])


def history(
    rows: Rows, *, axis: str, series: Sequence[str], marks: Rows, money: tuple[int, int], said: str
) -> Spec:
    """Lines over Decembers with the range of the runs, the document's figures, the plan's money.

    Args:
        rows: year, series, value, low, high, text, banded (its range is drawn).
        axis: title of the vertical axis.
        series: at most three names, in the order of rows; the third is dashed.
        marks: year, value, label: figures of the document.
        money: first and last year of the plan's money.
        said: words over these years.
    """
    years = [int(row["year"]) for row in rows]
    x: Spec = {
        "field": "year", "type": "quantitative",
        "scale": {"domain": [min(years) - 0.4, max(years) + 0.4], "nice": False, "zero": False},
        "axis": {"title": None, "format": "d", "grid": False, "tickMinStep": 1, "labelFlush": True,
                 "labelOverlap": "greedy"},
    }  # fmt: skip
    y: Spec = {
        "field": "value", "type": "quantitative", "title": axis,
        "scale": {"zero": True, "nice": True}, "axis": {"tickCount": 6},
    }  # fmt: skip
    n = len(series)
    named: Spec = {"field": "series", "type": "nominal", "sort": None}
    key: Spec = {"title": None, "orient": "top", "columns": 1, "symbolType": "stroke",
                 "symbolSize": 400, "symbolStrokeWidth": 2.5, "symbolOpacity": 1,
                 "labelLimit": 320}  # fmt: skip
    colour = {**named, "scale": {"domain": list(series), "range": list(COLOURS[:n])},
              "legend": key}  # fmt: skip
    dash = {**named, "scale": {"domain": list(series), "range": list(DASHES[:n])}, "legend": key}
    tips = tips_of({"series": "", "year": "", "text": axis})
    first, last = money
    band = {"from": first - 0.9, "to": last + 0.1, "said": said}
    late = first - min(years) > 0.6 * (max(years) - min(years))  # no room to the right
    layers: list[Spec] = [
        {
            "data": {"values": [band]},
            "mark": {"type": "rect", "color": "#8f9aa5", "opacity": 0.16},
            "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
        },
        {
            "data": {"values": [band]},
            "mark": {"type": "text", "align": "right" if late else "left", "baseline": "top",
                     "dx": -3 if late else 3, "dy": 3, "color": GREY, "fontSize": 11},
            "encoding": {"x": {**x, "field": "to" if late else "from"}, "y": {"value": 0},
                         "text": {"field": "said", "type": "nominal"}},
        },
        {
            "mark": {"type": "area", "opacity": 0.16},
            # The third differs little from the second, and its range would hide that one's.
            "transform": [{"filter": "isValid(datum.low) && datum.banded"}],
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                         "color": colour},
        },
        {
            "mark": {"type": "line", "strokeWidth": 2.2},
            "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 34, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips},
        },
    ]  # fmt: skip
    lines = [
        [(float(row["year"]), float(row["value"])) for row in rows if row["series"] == one]
        for one in series
    ]
    at: Spec = {"x": x, "y": y}
    figures = placed(marks, "year", lines, 300, (ABOVE, BELOW))
    layers += [
        {
            "data": data_of(figures),
            "mark": {"type": "point", "shape": "diamond", "size": 130, "filled": True,
                     "color": INK, "opacity": 1},
            "encoding": {**at, "tooltip": tips_of({"label": ""})},
        },
        {
            "data": data_of(figures),
            "mark": text_mark(INK, 11.5),
            "encoding": {**at, "text": {"field": "label", "type": "nominal"}},
        },
    ]  # fmt: skip
    return {"data": data_of(rows), "width": ACROSS, "height": 300, "layer": layers}


def by_year(rows: Rows, *, axis: str, name: str) -> Spec:
    """A bar for each year with the range of the runs as a whisker.

    Args:
        rows: year (text), value, low, high, text, told.
    """
    x: Spec = {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    y: Spec = {"field": "value", "type": "quantitative", "title": axis, "axis": {"tickCount": 5}}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "width": {"band": 0.55}, "stroke": BLUE, "strokeWidth": 1.3},
            "encoding": {
                "x": x, "y": y,
                "fill": {"condition": {"test": "datum.told === false", "value": "white"},
                         "value": BLUE},
                "tooltip": tips_of({"year": "", "text": name}),
            },
        }
    ]  # fmt: skip
    if any(row["low"] is not None for row in rows):
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "transform": [{"filter": "isValid(datum.low)"}],
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            }
        )
    layers.append(
        {
            "data": {"values": [{"at": 0}]},
            "mark": {"type": "rule", "color": GREY},
            "encoding": {"y": {"field": "at", "type": "quantitative"}},
        }
    )
    return {"data": data_of(rows), "width": ACROSS, "height": 210, "layer": layers}


def waterfall(rows: Rows, *, axis: str) -> Spec:
    """Horizontal steps: levels from 0, changes from where the step before ended.

    Args:
        rows: name, from, to, kind (level, less, more), text, middle (where the text stands).
    """
    y: Spec = {"field": "name", "type": "nominal", "sort": None, "title": None,
               "axis": {"domain": False, "ticks": False}}  # fmt: skip
    x: Spec = {"field": "from", "type": "quantitative", "title": axis,
               "scale": {"zero": True, "nice": True}, "axis": {"tickCount": 6}}  # fmt: skip
    kinds = ["level", "less", "more"]
    x["scale"]["domain"] = [0, 1.16 * max(row["right"] for row in rows)]  # room for the numbers
    x["scale"]["nice"] = False
    return {
        "data": data_of(rows),
        "width": ACROSS,
        "height": tall(rows, 40),
        "layer": [
            {
                "mark": {"type": "bar", "height": 20},
                "encoding": {
                    "x": x, "x2": {"field": "to"}, "y": y,
                    "color": {"field": "kind", "type": "nominal", "legend": None,
                              "scale": {"domain": kinds, "range": [GREY, BLUE, VERMILION]}},
                    "tooltip": tips_of({"name": "", "text": axis}),
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": INK},
                "transform": [{"filter": "datum.inside === false"}],
                "encoding": {"x": {**x, "field": "right"}, "y": y,
                             "text": {"field": "text", "type": "nominal"}},
            },
            {
                "mark": {"type": "text", "align": "right", "dx": -6, "fontSize": 12,
                         "color": "white"},
                "transform": [{"filter": "datum.inside === true"}],
                "encoding": {"x": {**x, "field": "right"}, "y": y,
                             "text": {"field": "text", "type": "nominal"}},
            },
        ],
    }  # fmt: skip


def fifths(rows: Rows, *, axis: str, name: str) -> Spec:
    """A bar with its whisker for each fifth of the people, the poorest on top.

    Args:
        rows: name, value, low, high, text.
    """
    y: Spec = {"field": "name", "type": "nominal", "sort": None, "title": None,
               "axis": {"domain": False, "ticks": False}}  # fmt: skip
    x: Spec = {"field": "value", "type": "quantitative", "title": axis, "axis": {"tickCount": 5}}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 18},
            "encoding": {"x": x, "y": y, "color": {"value": BLUE},
                         "tooltip": tips_of({"name": "", "text": name})},
        }
    ]  # fmt: skip
    if any(row["low"] is not None for row in rows):
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "transform": [{"filter": "isValid(datum.low)"}],
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y},
            }
        )
    return {"data": data_of(rows), "width": ACROSS, "height": tall(rows, 32), "layer": layers}


def both_sides(rows: Rows, *, axis: str, parts: tuple[str, str]) -> Spec:
    """Bars to the right and to the left of 0.

    Args:
        rows: name, part, value (negative to the left), text.
        parts: names of the right and of the left.
    """
    y: Spec = {"field": "name", "type": "nominal", "sort": None, "title": None,
               "axis": {"domain": False, "ticks": False}}  # fmt: skip
    return {
        "data": data_of(rows),
        "width": ACROSS,
        "height": tall(rows, 32),
        "layer": [
            {
                "mark": {"type": "bar", "height": 18},
                "encoding": {
                    "x": {"field": "value", "type": "quantitative", "title": axis, "stack": "zero",
                          "axis": {"tickCount": 5}},
                    "y": y,
                    "color": {
                        "field": "part", "type": "nominal",
                        "scale": {"domain": list(parts), "range": [BLUE, VERMILION]},
                        "legend": {"title": None, "orient": "top", "columns": 1},
                    },
                    "tooltip": tips_of({"name": "", "part": "", "text": axis}),
                },
            }
        ],
    }  # fmt: skip
