"""The pictures of the page: a map of villages and monthly series, drawn from arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter

from sim.browser.world import MILLION, PageModel, registered_share
from sim.parameters.document import find_row
from sim.scenario.months import Month

ASPECT = 1 / 0.7738
"""Degrees of latitude are longer than those of longitude, here by 1 / cos(39.3 degrees)."""

DOCUMENT = "#b2182b"
MONEY = {
    "fiscal": ("fiscal", "#1b6ca8", "S18"),
    "social": ("helping units", "#3a923a", "S20"),
    "credit": ("bank loans (principal)", "#8a5fbf", "S21"),
    "claimed": ("enterprises (realised)", "#c17d11", None),
}
"""Money class -> words, colour, the document's figure of 2009."""


def month_of(model: PageModel) -> Month:
    """The last month lived; before the first step the month before the start."""
    return Month.of_index(model.today)


def draw_map(model: PageModel) -> Figure:
    """Villages with registered poor, coloured by their share of the village's people."""
    # Margins by hand: matplotlib's own layout takes as long as drawing.
    figure = Figure(figsize=(6.4, 6.8))
    axes = figure.add_axes((0.09, 0.07, 0.76, 0.87))
    villages = model.frame.villages
    share = registered_share(model.households, model.villages.offsets)
    lon, lat = np.asarray(villages.lon), np.asarray(villages.lat)
    listed, some = np.asarray(villages.listed), share > 0
    colours: dict[str, Any] = {"cmap": "YlOrRd", "vmin": 0, "linewidths": 0}
    colours["vmax"] = model.most_share
    for who, size, marker, word in (
        (~listed & some, 3, "s", "other village"),
        (listed & some, 7, "o", "listed poor village"),
    ):
        points = axes.scatter(
            lon[who], lat[who], c=share[who], s=size, marker=marker, label=word, **colours
        )
    bar = figure.colorbar(points, cax=figure.add_axes((0.88, 0.2, 0.025, 0.6)), extend="max")
    bar.set_label("registered poor, % of the village's people")
    _name_prefectures(model, axes)
    axes.set_aspect(ASPECT)
    axes.set_facecolor("#e9edf0")
    axes.set(xlabel="degrees east", ylabel="degrees north")
    legend = axes.legend(loc="lower right", title="a point is", markerscale=2.5, fontsize=9)
    for handle in legend.legend_handles:
        assert isinstance(handle, PathCollection)
        handle.set_array(None)  # the colour says how poor, the shape what the village is
        handle.set_facecolor("#555555")
    axes.set_title(
        f"Registered poor, {month_of(model).words}: {model.registered_poor / MILLION:.2f} million",
        fontsize=12,
    )
    return figure


def _name_prefectures(model: PageModel, axes: Axes) -> None:
    table = model.frame.counties
    for row, name in enumerate(table.prefectures_en):
        here = table.prefecture == row
        axes.text(
            float(table.lon[here].mean()), float(table.lat[here].mean()), name, ha="center",
            fontsize=8.5, color="#222222", path_effects=[withStroke(linewidth=2.5, foreground="w")],
        )  # fmt: skip


def draw_series(model: PageModel) -> Figure:
    """Registered poor, income poor, migrants and money by month, with the document's figures."""
    figure = Figure(figsize=(6.9, 6.8))
    figure.subplots_adjust(left=0.07, right=0.98, bottom=0.07, top=0.87, wspace=0.2, hspace=0.42)
    (registered, income), (migrants, money) = figure.subplots(2, 2)
    monthly = model.datacollector.model_vars
    first = model.plan.period.start.index - 1
    months = first + np.arange(len(monthly["calendar"]))
    for axes, name, title in (
        (registered, "registered_poor", "Registered poor (official list)\nmillion persons"),
        (income, "income_poor", "Income-poor (true, settled in December)\nmillion persons"),
        (migrants, "migrants", "Migrants (working outside their county)\nmillion persons"),
    ):
        people = np.array(monthly[name]) / MILLION
        axes.plot(months, people, marker="o", markersize=3.5, color="#1b6ca8", label="model")
        _leave_room(axes, people)
        axes.set_title(title, fontsize=10)
    _mark_register(model, registered, monthly["registered_poor"][0] / MILLION)
    _draw_money(model, money, months)
    for axes in (registered, income, migrants, money):
        _calendar(axes, first, model.plan.period.end.index)
    figure.suptitle(f"Month by month to {month_of(model).words}", fontsize=12)
    return figure


def _leave_room(axes: Axes, people: npt.NDArray[np.float64]) -> None:
    # A flat line shall look flat: the axis spans a tenth of the value at least.
    middle = (people.min() + people.max()) / 2
    half = max(people.max() - people.min(), 0.1 * middle) * 0.7
    axes.set_ylim(middle - half, middle + half)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.2f}"))


def _mark_register(model: PageModel, axes: Axes, at_start: float) -> None:
    """The document's poor at the end of 2009, and its lifted taken from the model's start."""
    period, december = model.plan.period, Month(2009, 12).index
    if not period.start.index <= december <= period.end.index:
        return
    poor, lifted = find_row("S17"), find_row("S27")
    marks = [
        (poor.value / MILLION, "D", f"document: {poor.value / MILLION:g} million, end of 2009")
    ]
    if period.start == Month(2009, 1):  # "lifted" is the fall of one year
        text = f"document: {lifted.value:,.0f} lifted in 2009\n(model's start less that)"
        marks.append((at_start - lifted.value / MILLION, "_", text))
    low, high = axes.get_ylim()
    for value, marker, text in marks:
        axes.plot(
            december, value, marker, color=DOCUMENT, markersize=8, markeredgewidth=2, label=text
        )
        low, high = min(low, value - 0.05), max(high, value + 0.05)
    axes.set_ylim(low, high)
    axes.legend(loc="lower left", fontsize=8)


def _draw_money(model: PageModel, axes: Axes, months: npt.NDArray[np.int64]) -> None:
    year = model.plan.period
    whole_2009 = year.start == Month(2009, 1) and year.end >= Month(2009, 12)
    for name, yuan in model.delivered_by_class().items():
        words, colour, figure = MONEY[name]
        axes.plot(months, yuan, marker="o", markersize=3, color=colour, label=words)
        if figure and whole_2009:
            axes.plot(Month(2009, 12).index, find_row(figure).value / MILLION, "D", color=colour,
                      markerfacecolor="white", markersize=7)  # fmt: skip
    if whole_2009:
        axes.plot([], [], "D", color="#555555", markerfacecolor="white", label="document, 2009")
    axes.set_ylim(0, 1.5 * axes.get_ylim()[1])  # room for the legend
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_title("Money delivered since the start\nmillion yuan", fontsize=10)
    axes.legend(loc="upper left", fontsize=8)


def _calendar(axes: Axes, first: int, last: int) -> None:
    every = max(1, round((last - first) / 6))
    ticks = range(first, last + 1, every)
    axes.set_xticks(list(ticks), [_short(Month.of_index(tick)) for tick in ticks], fontsize=8)
    axes.set_xlim(first - 0.5, last + 0.8)
    axes.grid(alpha=0.25)


def _short(month: Month) -> str:
    return f"{month.words[:3]}\n{month.year}"
