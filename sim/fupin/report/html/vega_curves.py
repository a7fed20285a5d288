"""Vega-Lite specifications of response curves and of costs beside effects; see `vega`."""

from __future__ import annotations

from fupin.report.html.parts import Spec
from fupin.report.html.vega import ACROSS, BLUE, INK, VERMILION, Rows, data_of, tips_of


def response(rows: Rows, *, x_axis: str, axis: str, marks: Rows = ()) -> Spec:
    """A line with its band over the values of a factor.

    Args:
        rows: x, value, low, high, text, name (of the value).
        marks: x, label: vertical lines.
    """
    x: Spec = {"field": "x", "type": "quantitative", "title": x_axis, "axis": {"tickCount": 5},
               "scale": {"zero": False}}  # fmt: skip
    y: Spec = {"field": "value", "type": "quantitative", "title": axis, "axis": {"tickCount": 5}}
    layers: list[Spec] = []
    if marks:
        layers += [
            {
                "data": data_of(marks),
                "mark": {"type": "rule", "color": VERMILION, "strokeDash": [4, 3]},
                "encoding": {"x": x},
            },
            {
                "data": data_of(marks),
                "mark": {"type": "text", "align": "left", "baseline": "top", "dx": 4, "dy": 2,
                         "color": "#a03f00", "fontSize": 11},
                "encoding": {"x": x, "y": {"value": 0},
                             "text": {"field": "label", "type": "nominal"}},
            },
        ]  # fmt: skip
    layers += [
        {
            "mark": {"type": "area", "opacity": 0.18, "color": BLUE},
            "transform": [{"filter": "isValid(datum.low)"}],
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 2},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1, "color": BLUE},
            "encoding": {"x": x, "y": y, "tooltip": tips_of({"name": "", "text": axis})},
        },
    ]
    return {"data": data_of(rows), "width": ACROSS, "height": 220, "layer": layers}


def frontier(rows: Rows, *, x_axis: str, axis: str, better: float) -> Spec:
    """Choices by cost and effect; the line joins those that no cheaper one beats.

    Args:
        rows: x, value, name, text, front.
        better: 1 where more of the effect is better, else -1.
    """
    x: Spec = {"field": "x", "type": "quantitative", "title": x_axis, "axis": {"tickCount": 6},
               "scale": {"zero": False, "nice": True}}  # fmt: skip
    y: Spec = {"field": "value", "type": "quantitative", "title": axis, "axis": {"tickCount": 6},
               "scale": {"zero": False, "nice": True, "reverse": better < 0}}  # fmt: skip
    return {
        "data": data_of(rows),
        "width": ACROSS,
        "height": 320,
        "layer": [
            {
                "transform": [{"filter": "datum.front"}],
                "mark": {"type": "line", "color": BLUE, "strokeWidth": 1.6},
                "encoding": {"x": x, "y": y, "order": {"field": "x", "type": "quantitative"}},
            },
            {
                "mark": {"type": "point", "size": 70, "opacity": 1, "strokeWidth": 1.8},
                "encoding": {
                    "x": x, "y": y, "stroke": {"value": BLUE},
                    "fill": {"condition": {"test": "datum.front", "value": BLUE},
                             "value": "white"},
                    "tooltip": tips_of({"name": "", "text": axis}),
                },
            },
            {
                "transform": [{"filter": "datum.front"}],
                "mark": {"type": "text", "align": "left", "dx": 8, "dy": 4, "fontSize": 11,
                         "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "name", "type": "nominal"}},
            },
        ],
    }  # fmt: skip
