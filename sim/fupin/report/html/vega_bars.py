"""Vega-Lite specifications of the bars in the report of a sweep; the rest stands in `vega`."""

from __future__ import annotations

from collections.abc import Sequence

from fupin.report.html.parts import Spec
from fupin.report.html.vega import ACROSS, BLUE, GREEN, GREY, INK, MISSING, VERMILION, Rows, tall

_PARTS = (MISSING, BLUE, VERMILION, GREEN)
_Y: Spec = {"field": "name", "type": "nominal", "sort": None, "title": None,
            "axis": {"domain": False, "ticks": False}}  # fmt: skip


def importances(rows: Rows, *, axis: str, name: str, floor: float | None) -> Spec:
    """Bars from 0 with 90% intervals, a word at the right; hollow where noise would explain them.

    Args:
        rows: name, value, low, high, text, told, grade (the word).
        axis: title of the horizontal axis.
        name: title of the tooltip's value.
        floor: a dashed line: what chance reaches; None is no line.
    """
    x: Spec = {"field": "value", "type": "quantitative", "title": axis, "axis": {"tickCount": 6}}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.6}, "stroke": BLUE, "strokeWidth": 1.2},
            "encoding": {
                "x": x,
                "y": _Y,
                "fill": {"condition": {"test": "datum.told === false", "value": "white"},
                         "value": BLUE},
                "tooltip": [
                    {"field": "name", "type": "nominal", "title": ""},
                    {"field": "text", "type": "nominal", "title": name},
                    {"field": "grade", "type": "nominal", "title": ""},
                ],
            },
        }
    ]  # fmt: skip
    if any(row["low"] is not None for row in rows):
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "transform": [{"filter": "isValid(datum.low)"}],
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": _Y},
            }
        )
    if floor is not None:
        layers.append(
            {
                "data": {"values": [{"at": floor}]},
                "mark": {"type": "rule", "color": VERMILION, "strokeDash": [5, 4]},
                "encoding": {"x": {"field": "at", "type": "quantitative"}},
            }
        )
    layers.append(
        {
            "mark": {"type": "text", "align": "right", "dx": -2, "fontSize": 11, "color": GREY},
            "encoding": {"x": {"value": {"expr": "width"}}, "y": _Y,
                         "text": {"field": "grade", "type": "nominal"}},
        }
    )  # fmt: skip
    return {
        "data": {"values": [dict(row) for row in rows]},
        "width": ACROSS,
        "height": tall(rows, 26),
        "layer": layers,
    }


def shares(rows: Rows, *, axis: str, parts: Sequence[str]) -> Spec:
    """Horizontal bars of at most four parts that add up to 100, with the numbers in them.

    Args:
        rows: name (of one line or more), part, value (%), text.
        parts: names of the parts in order.
    """
    order = [{**row, "order": parts.index(row["part"])} for row in rows]
    x: Spec = {"field": "value", "type": "quantitative", "title": axis, "stack": "zero",
               "scale": {"domain": [0, 100]}, "axis": {"tickCount": 6}}  # fmt: skip
    in_order = {"field": "order", "type": "quantitative"}
    y = {**_Y, "axis": {**_Y["axis"], "labelExpr": r"split(datum.label, '\n')", "labelLimit": 340}}
    # A number stands in the middle of its bar, and only where there is room for it.
    middle = {**x, "bandPosition": 0.5}
    return {
        "data": {"values": order},
        "width": ACROSS,
        "height": tall(rows, 44),
        "encoding": {"y": y, "order": in_order},
        "layer": [
            {
                "mark": {"type": "bar", "stroke": "white", "strokeWidth": 1},
                "encoding": {
                    "x": x,
                    "color": {
                        "field": "part", "type": "nominal",
                        "scale": {"domain": list(parts), "range": list(_PARTS)},
                        "legend": {"title": None, "orient": "top", "columns": 2},
                    },
                    "tooltip": [
                        {"field": "name", "type": "nominal", "title": ""},
                        {"field": "part", "type": "nominal", "title": ""},
                        {"field": "text", "type": "nominal", "title": axis},
                    ],
                },
            },
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "x": middle,
                    "detail": {"field": "part", "type": "nominal"},
                    "text": {"condition": {"test": "datum.value >= 7", "field": "text",
                                           "type": "nominal"}, "value": ""},
                    "color": {"condition": {"test": "datum.order === 0", "value": INK},
                              "value": "white"},
                },
            },
        ],
    }  # fmt: skip
