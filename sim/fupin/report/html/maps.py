"""The map of the province by county, for levels of a run or differences of plans."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fupin.population.counties import county_table
from fupin.report.html import vega, vega_map, vega_time
from fupin.report.html.geometry import Shapes
from fupin.report.html.parts import Chart, Row, Table
from fupin.report.html.shared import source
from fupin.statistics.quantiles import quantile
from fupin.words.language import Language

INSIDE = 0.95
"""Share of counties within the scale of colours: one county must not whiten all others."""


@dataclass(frozen=True)
class Layer:
    """One thing that the map can show.

    Attributes:
        title: what it is, with its unit.
        values: code -> number to draw; None where undefined.
        texts: code -> the number for people, with its interval where there is one.
        told: code -> whether the number is told from 0; empty where that is no question.
    """

    title: str
    values: Mapping[int, float | None]
    texts: Mapping[int, str]
    told: Mapping[int, bool]


def county_names(say: Language) -> dict[int, tuple[str, str]]:
    """Code -> names of county and prefecture."""
    table = county_table()
    names = table.name_zh if say.chinese else table.name_en
    above = table.prefecture_zh if say.chinese else table.prefecture_en
    return {int(c): (n, p) for c, n, p in zip(table.code, names, above, strict=True)}


def county_map(
    say: Language,
    shapes: Shapes,
    layers: Mapping[str, Layer],
    *,
    title: str,
    summary: str,
    names: Sequence[str],
    differences: bool,
) -> Chart:
    """The map with a chooser.

    Args:
        layers: in the order of the chooser.
        summary: what a reader who cannot see the map should know.
        names: tables of the folder.
        differences: values lie on both sides of 0, and grey is where they are not told from it.
    """
    known, table_of_counties = county_names(say), county_table()
    important = set(table_of_counties.code[table_of_counties.key > 0].tolist())
    rows = [
        {
            "code": code,
            "name": name,
            "prefecture": prefecture,
            "v": {key: layer.values.get(code) for key, layer in layers.items()},
            "t": {key: layer.texts.get(code, "") for key, layer in layers.items()},
            "told": {key: layer.told.get(code, True) for key, layer in layers.items()},
            "key": code in important,
        }
        for code, (name, prefecture) in known.items()
        if code not in shapes.shared
    ]
    here = table_of_counties
    prefectures = here.prefectures_zh if say.chinese else here.prefectures_en
    labels = [{**one, "name": prefectures[int(one["prefecture"])]} for one in shapes.labels]
    titles = {key: layer.title for key, layer in layers.items()}
    spec = vega_map.province(
        rows,
        value="datum.v ? datum.v[choice] : null",
        said="datum.t ? datum.t[choice] : ''",
        params=[vega.select("choice", titles, say("choose.map"), "map")],
        prefectures=shapes.prefectures,
        labels=labels,
        tips={"name": say("column.county"), "prefecture": say("column.prefecture"),
              "said": say("column.value")},
        diverging={key: _extent(layer) for key, layer in layers.items()} if differences else None,
        told="datum.told && datum.told[choice]",
        legend="" if differences else say("map.legend"),
    )  # fmt: skip
    table = Table(
        title,
        [say("column.county"), say("column.prefecture"), *titles.values()],
        "ll" + "r" * len(layers),
        [
            Row([name, prefecture, *(layer.texts.get(code, "") for layer in layers.values())])
            for code, (name, prefecture) in known.items()
            if any(layer.values.get(code) is not None for layer in layers.values())
        ],
    )
    unit = say("map.unit_differences" if differences else "map.unit_levels")
    form = say("map.schematic" if shapes.schematic else "map.boundaries")
    return Chart(
        id="map",
        title=title,
        unit=f"{unit} {say('map.key')}",
        source=f"{source(say, *names)} {form}",
        summary=summary,
        spec=spec,
        numbers=table,
        wide=False,
        controls=True,
    )


TOP = 10
"""Counties beside a map."""


def ranked(
    say: Language,
    entries: Mapping[int, Mapping[str, float | None]],
    *,
    title: str,
    unit: str,
    names: Sequence[str],
    ends: str,
    key: Collection[int] = (),
    signed: bool = False,
) -> Chart:
    """The counties with the largest numbers, as bars with the range of the runs.

    Args:
        entries: code -> `mean`, `low`, `high`.
        names: tables of the folder.
        ends: heading of `low` and `high`.
        key: codes of key counties, which are named so.
        signed: they are differences.
    """
    known = county_names(say)
    first = sorted(entries, key=lambda code: -abs(entries[code]["mean"] or 0.0))[:TOP]
    rows, lines = [], []
    for code in first:
        entry = entries[code]
        name, prefecture = known[code]
        texts = (say.signed if signed else say.estimate)(entry)
        named = say.also(name, say("map.key_county")) if code in key else name
        rows.append(
            {
                "name": named, "value": entry["mean"], "low": entry["low"], "high": entry["high"],
                "text": say.with_interval(texts),
            }
        )  # fmt: skip
        lines.append(Row([name, prefecture, *texts]))
    largest = say.join([f"{row['name']} {row['text']}" for row in rows[:3]])
    heads = [*(say(f"column.{k}") for k in ("county", "prefecture", "mean")), ends]
    return Chart(
        id="ranked",
        title=title,
        unit=unit,
        source=source(say, *names),
        summary=say("map.ranked_summary", largest=largest),
        spec=vega_time.fifths(rows, axis="%" if not signed else "", name=say("column.value")),
        numbers=Table(title, heads, "llrr", lines),
        wide=False,
    )


def _extent(layer: Layer) -> float:
    """A round number that INSIDE of the counties lie within."""
    sizes = [abs(v) for code, v in layer.values.items() if v and layer.told.get(code, True)]
    if not sizes:
        return 1.0
    bound = float(quantile(sizes, INSIDE))
    step = 10.0 ** math.floor(math.log10(bound))
    return float(f"{math.ceil(bound / step) * step:.6g}")


def three_largest(layer: Layer, known: Mapping[int, tuple[str, str]], say: Language) -> str:
    """Names of the three counties with the largest numbers (or changes), with these."""
    values: dict[int, Any] = {c: v for c, v in layer.values.items() if v is not None}
    first = sorted(values, key=lambda code: -abs(values[code]))[:3]
    return say.join([f"{known[code][0]} {layer.texts[code]}" for code in first])
