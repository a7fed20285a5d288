"""Vega-Lite specification of the province by county; the other charts stand in `vega`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from fupin.report.html.parts import Spec
from fupin.report.html.vega import ACROSS, GREY, INK, MISSING, Rows, data_of, tips_of


def province(
    rows: Rows,
    *,
    value: str,
    said: str,
    params: Sequence[Spec],
    prefectures: Rows,
    labels: Rows,
    tips: Mapping[str, str],
    diverging: Mapping[str, float] | None = None,
    told: str = "true",
    legend: str = "",
) -> Spec:
    """The province by county; `data` named `counties` is put in by the page.

    Args:
        rows: code, name, and what `value` reads.
        value: expression of the drawn value over a row's fields and the parameters.
        said: expression of the same as text, for the tooltip's field `said`.
        tips: field -> title.
        diverging: choice -> largest distance from 0, for values on both sides of it.
        told: expression: grey where it is false.
        legend: words over the scale of colours.
    """
    if diverging is None:
        scale: Spec = {"scheme": "orangered", "nice": True, "zero": True}
    else:
        bound = f"({_object(diverging)})[choice]"
        scale = {
            # Not from the data: there may be no county that is told from 0.
            "scheme": "blueorange", "domainMid": 0, "clamp": True,
            "domain": [{"expr": f"-{bound}"}, {"expr": bound}],
        }  # fmt: skip
    fields = [name for name in rows[0] if name != "code"]
    # Rows stand once in the page: both layers of counties read them by name.
    join: list[Spec] = [
        {
            "lookup": "code",
            "from": {"data": {"name": "units"}, "key": "code", "fields": fields},
        },
        {"calculate": value, "as": "value"},
        {"calculate": said, "as": "said"},
    ]
    shape = {"type": "geoshape", "stroke": "white", "strokeWidth": 0.5}
    return {
        "params": list(params),
        "datasets": {"units": [dict(row) for row in rows]},
        "width": ACROSS,
        "height": 520,
        "projection": {"type": "identity", "reflectY": True},
        "layer": [
            {
                "data": {"name": "counties"},
                "transform": join,
                "mark": {**shape, "fill": MISSING},
                "encoding": {"tooltip": tips_of(tips)},
            },
            {
                "data": {"name": "counties"},
                "transform": [*join, {"filter": f"isValid(datum.value) && ({told})"}],
                "mark": shape,
                "encoding": {
                    "color": {
                        "field": "value",
                        "type": "quantitative",
                        "scale": scale,
                        "legend": {"title": legend or None, "orient": "bottom",
                                   "gradientLength": 230},
                    },
                    "tooltip": tips_of(tips),
                },
            },
            {
                "data": {"name": "counties"},
                "transform": [*join, {"filter": "!isValid(datum.value)"}],
                "mark": {"type": "geoshape", "fill": "white", "stroke": GREY, "strokeWidth": 0.7,
                         "strokeDash": [2, 2]},
                "encoding": {"tooltip": tips_of(tips)},
            },
            {
                "data": {"name": "counties"},
                "transform": [*join, {"filter": "datum.key"}],
                "mark": {"type": "geoshape", "filled": False, "stroke": INK, "strokeWidth": 1.6},
            },
            {
                "data": data_of(prefectures),
                "mark": {"type": "geoshape", "filled": False, "stroke": GREY, "strokeWidth": 0.9},
            },
            {
                "data": data_of(labels),
                "mark": {"type": "text", "fontSize": 11.5, "fontWeight": "bold", "color": INK,
                         "stroke": "white", "strokeWidth": 3, "strokeJoin": "round"},
                "encoding": _at_label(),
            },
            {
                "data": data_of(labels),
                "mark": {"type": "text", "fontSize": 11.5, "fontWeight": "bold", "color": INK},
                "encoding": _at_label(),
            },
        ],
    }  # fmt: skip


def _at_label() -> Spec:
    return {
        "longitude": {"field": "x", "type": "quantitative"},
        "latitude": {"field": "y", "type": "quantitative"},
        "text": {"field": "name", "type": "nominal"},
    }


def _object(numbers: Mapping[str, float]) -> str:
    return json.dumps(dict(numbers))
