"""Small charts as SVG text: lines over months and columns over a scale, each with a twin.

Charts are text so that the browser's fonts draw both languages, a redraw costs a millisecond, and a
test reads what a chart says. No number is computed here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from fupin.browser.svg_text import WIDTH, lines_of, shortest

Numbers = npt.NDArray[np.float64]
Say = Callable[[float], str]

INK, SOFT, GRID = "#1c2733", "#4f5b67", "#e3e7eb"
BLUE, VERMILION, GREEN, PURPLE, GREY = "#0072b2", "#c44e00", "#007a5a", "#a0527f", "#8f9aa5"

MOST_DOTS = 26
"""Months that have a dot each; of longer lines each twelfth has one."""

_LEFT, _RIGHT, _TOP = 38.0, 8.0, 24.0
_PLOT, _STRIP, _GAP, _FOOT = 98.0, 28.0, 20.0, 17.0
_LINE, _DIGIT = 14.0, 5.8
"""Height of a title's line; width of a digit of an axis."""


@dataclass(frozen=True)
class Line:
    """One line. A twin's is dashed; `name` stands in the legend and in tooltips."""

    name: str
    values: Numbers
    colour: str
    dashed: bool = False


@dataclass(frozen=True)
class Mark:
    """A figure of the document at a month's place on the axis."""

    name: str
    at: float
    value: float
    colour: str = INK


@dataclass(frozen=True)
class Whisker:
    """A range over draws at a month's place on the axis."""

    name: str
    at: float
    low: float
    high: float
    colour: str = INK


@dataclass(frozen=True)
class Scale:
    """A horizontal axis: from, to, and labelled places."""

    low: float
    high: float
    labels: Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Difference:
    """What stands under a chart: plan less beside, at the places of the chart."""

    name: str
    values: Numbers
    say: Say
    colon: str = ": "

    def label(self, when: str, said: str) -> str:
        """`difference, December 2009: +12`."""
        comma = "，" if self.colon == "：" else ", "
        return f"{self.name}{comma if when else ''}{when}{self.colon}{said}"


def line_chart(
    title: str,
    scale: Scale,
    lines: Sequence[Line],
    say: Say,
    marks: Sequence[Mark] = (),
    difference: Difference | None = None,
    tips: Sequence[str] = (),
    whiskers: Sequence[Whisker] = (),
    now: int | None = None,
    words: str = "",
) -> str:
    """Lines over months.

    Args:
        lines: values at scale.low + 0.5, + 1.5 and so on.
        tips: name of each place, for tooltips.
        whiskers: ranges over draws.
        now: the place that is shown elsewhere on the page.
        words: what the chart says, for those who cannot see it; the title if empty.
    """
    ends = [end for whisker in whiskers for end in (whisker.low, whisker.high)]
    everything = np.concatenate([line.values for line in lines] + [[m.value for m in marks], ends])
    low, high, step = _span(everything)
    frame = _Frame(title, scale, low, high, difference, words=words)
    parts = [frame.head(), frame.rules(step, say)]
    if now is not None:
        x = frame.x(scale.low + 0.5 + now)
        parts.append(
            f'<path d="M{x:.1f} {frame.top}V{frame.bottom:.1f}" stroke="{GREY}" '
            'stroke-dasharray="2 3"/>'
        )
    for one in whiskers:
        x, y0, y1 = frame.x(one.at), frame.y(one.low), frame.y(one.high)
        tip = escape(f"{one.name}: {say(one.low)} – {say(one.high)}")
        parts.append(
            f'<path class="whisker" d="M{x:.1f} {y0:.1f}V{y1:.1f}M{x - 3:.1f} {y0:.1f}h6'
            f'M{x - 3:.1f} {y1:.1f}h6" stroke="{one.colour}" stroke-width="1.5" '
            f'fill="none" opacity=".6"><title>{tip}</title></path>'
        )
    for line in lines:
        points = [
            (frame.x(scale.low + 0.5 + k), frame.y(float(v))) for k, v in enumerate(line.values)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = ' stroke-dasharray="4 3"' if line.dashed else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="1.8"{dash}'
            ' stroke-linejoin="round"/>'
        )
        for k, (x, y) in enumerate(points):
            tip = f"{tips[k]}: " if k < len(tips) else ""
            tip = escape(f"{tip}{line.name} {say(float(line.values[k]))}")
            if len(points) > MOST_DOTS and k % 12 and k not in (now, len(points) - 1):
                continue
            radius = 2.8 if k == (len(points) - 1 if now is None else now) else 1.5
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{line.colour}">'
                f"<title>{tip}</title></circle>"
            )
    for mark in marks:
        x, y = frame.x(mark.at), frame.y(mark.value)
        parts.append(
            f'<path d="M{x - 5:.1f} {y:.1f}L{x:.1f} {y - 5:.1f}L{x + 5:.1f} {y:.1f}L{x:.1f} '
            f'{y + 5:.1f}Z" fill="#fff" stroke="{mark.colour}" stroke-width="1.6">'
            f"<title>{escape(mark.name)}</title></path>"
        )
    if difference is not None:
        places = [scale.low + 0.5 + k for k in range(len(difference.values))]
        at = len(places) - 1 if now is None else now
        parts.append(frame.strip(difference, places, 0.7, tips, at))
    return frame.closed(parts)


def column_chart(
    title: str,
    scale: Scale,
    stacks: Sequence[tuple[str, Numbers, str]],
    say: Say,
    outline: tuple[str, Numbers] | None = None,
    line: tuple[float, str] | None = None,
    difference: Difference | None = None,
    foot: str = "",
) -> str:
    """Stacked columns of equal width over a scale, with a twin's outline and an upright line."""
    count = len(stacks[0][1])
    width = (scale.high - scale.low) / count
    tops = np.sum([values for _, values, _ in stacks], axis=0)
    most = max(float(tops.max(initial=0)), float(outline[1].max(initial=0)) if outline else 0.0)
    step = _nice(max(most, 1.0) / 3)
    frame = _Frame(title, scale, 0.0, step * math.ceil(max(most, 1.0) / step), difference, foot)
    parts = [frame.head(), frame.rules(step, say)]
    base = np.zeros(count)
    for name, values, colour in stacks:
        for k, value in enumerate(values):
            x, right = frame.x(scale.low + k * width), frame.x(scale.low + (k + 1) * width)
            y, under = frame.y(float(base[k] + value)), frame.y(float(base[k]))
            if value > 0:
                tip = escape(f"{name}: {say(float(value))}")
                parts.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{right - x - 0.8:.1f}" '
                    f'height="{under - y:.1f}" fill="{colour}"><title>{tip}</title></rect>'
                )
        base = base + values
    if outline is not None:
        path = []
        for k, value in enumerate(outline[1]):
            y = frame.y(float(value))
            path += [
                f"{frame.x(scale.low + k * width):.1f},{y:.1f}",
                f"{frame.x(scale.low + (k + 1) * width):.1f},{y:.1f}",
            ]
        parts.append(
            f'<polyline points="{" ".join(path)}" fill="none" stroke="{VERMILION}" '
            f'stroke-width="1.4" stroke-dasharray="4 3"><title>{escape(outline[0])}</title>'
            "</polyline>"
        )
    if line is not None:
        x = frame.x(line[0])
        parts.append(
            f'<path d="M{x:.1f} {frame.top:.1f}V{frame.bottom:.1f}" stroke="{INK}" '
            f'stroke-width="1.2" stroke-dasharray="2 2"/><text x="{x + 4:.1f}" '
            f'y="{frame.top + 8:.1f}" class="soft">{escape(line[1])}</text>'
        )
    if difference is not None:
        places = [scale.low + (k + 0.5) * width for k in range(count)]
        parts.append(frame.strip(difference, places, width * 0.8, (), None))
    return frame.closed(parts)


def year_columns(
    title: str,
    columns: Sequence[tuple[str, float, tuple[float, float] | None]],
    say: Say,
    words: str = "",
    colour: str = BLUE,
) -> str:
    """A column for each year, with its range over draws where that is known.

    Args:
        columns: name of the year, value, ends of the range.
        words: what the chart says, for those who cannot see it.
    """
    ends = [end for _, _, range_ in columns for end in range_ or ()]
    values = np.array([0.0, *(value for _, value, _ in columns), *ends])
    low, high = float(values.min()), float(values.max())
    step = _nice(max(high - low, 1.0) / 3)
    low, high = (
        step * math.floor(low / step + 1e-9),
        step * math.ceil(max(high, step) / step - 1e-9),
    )
    labels = [(k + 0.5, name) for k, (name, _, _) in enumerate(columns)]
    frame = _Frame(title, Scale(0.0, max(len(columns), 1), labels), low, high, None, words=words)
    parts = [frame.head(), frame.rules(step, say)]
    for k, (name, value, range_) in enumerate(columns):
        x, right = frame.x(k + 0.22), frame.x(k + 0.78)
        y, zero = frame.y(value), frame.y(0.0)
        tip = f"{name}: {say(value)}"
        if range_ is not None:
            tip += f" ({say(range_[0])} – {say(range_[1])})"
        parts.append(
            f'<rect x="{x:.1f}" y="{min(y, zero):.1f}" width="{right - x:.1f}" '
            f'height="{abs(zero - y):.1f}" fill="{colour}"><title>{escape(tip)}</title></rect>'
        )
        if range_ is not None:
            middle, y0, y1 = (x + right) / 2, frame.y(range_[0]), frame.y(range_[1])
            parts.append(
                f'<path class="whisker" d="M{middle:.1f} {y0:.1f}V{y1:.1f}M{middle - 4:.1f} '
                f'{y0:.1f}h8M{middle - 4:.1f} {y1:.1f}h8" stroke="{INK}" stroke-width="1.5" '
                f'fill="none"><title>{escape(tip)}</title></path>'
            )
    return frame.closed(parts)


class _Frame:
    """The axes of a chart, and the strip of differences under them."""

    def __init__(
        self,
        title: str,
        scale: Scale,
        low: float,
        high: float,
        difference: Difference | None,
        foot: str = "",
        words: str = "",
    ) -> None:
        self.title, self.scale, self.foot, self.words = title, scale, foot, words
        self.low, self.high, self.left = low, high, _LEFT
        self.lines = lines_of(title)
        self.top = _TOP + _LINE * (len(self.lines) - 1)
        self.bottom = self.top + _PLOT
        self.height = self.bottom + _FOOT + (11 if foot else 0)
        if difference is not None:
            self.height += _STRIP + _GAP

    def x(self, at: float) -> float:
        share = (at - self.scale.low) / (self.scale.high - self.scale.low)
        return self.left + share * (WIDTH - self.left - _RIGHT)

    def y(self, value: float) -> float:
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def head(self) -> str:
        return (
            f'<svg viewBox="0 0 {WIDTH:.0f} {self.height:.0f}" class="chart" role="img" '
            f'aria-label="{escape(self.words or self.title)}">'
            + "".join(
                f'<text x="2" y="{12 + _LINE * k:.0f}" class="heading">{escape(line)}</text>'
                for k, line in enumerate(self.lines)
            )
        )

    def rules(self, step: float, say: Say) -> str:
        """Grid and labels; the left edge makes room for the longest number, so call this first."""
        parts = []
        values = [self.low + k * step for k in range(round((self.high - self.low) / step) + 1)]
        texts = shortest([say(value) for value in values])
        self.left = max(_LEFT, 7 + _DIGIT * max(map(len, texts)))
        for value, text in zip(values, texts, strict=True):
            y = self.y(value)
            parts.append(
                f'<path d="M{self.left:.1f} {y:.1f}H{WIDTH - _RIGHT}" stroke="{GRID}"/><text x="'
                f'{self.left - 5:.1f}" y="{y + 3:.1f}" class="soft" text-anchor="end">'
                f"{escape(text)}</text>"
            )
        for at, label in self.scale.labels:
            anchor = "end" if at >= self.scale.high else "middle"
            x = self.x(at) + (_RIGHT - 1 if anchor == "end" else 0)
            parts.append(
                f'<text x="{x:.1f}" y="{self.height - (15 if self.foot else 4):.1f}" '
                f'class="soft" text-anchor="{anchor}">{escape(label)}</text>'
            )
        if self.foot:
            parts.append(
                f'<text x="{WIDTH - _RIGHT}" y="{self.height - 3:.1f}" class="soft" '
                f'text-anchor="end">{escape(self.foot)}</text>'
            )
        return "".join(parts)

    def strip(
        self,
        difference: Difference,
        places: Sequence[float],
        width: float,
        tips: Sequence[str],
        at: int | None,
    ) -> str:
        """Columns under the chart; the label says that of a place, or how tall the tallest is."""
        top = self.bottom + _GAP
        middle, half = top + _STRIP / 2, _STRIP / 2
        most = float(np.abs(difference.values).max(initial=0.0)) or 1.0
        if at is None or not difference.values.size:
            label = difference.label("", f"±{difference.say(most).lstrip('+')}")
        else:
            at = min(at, difference.values.size - 1)
            label = difference.label(
                tips[at] if at < len(tips) else "", difference.say(float(difference.values[at]))
            )
        parts = [
            f'<text x="{self.left:.1f}" y="{top - 4:.1f}" class="soft">{escape(label)}</text>',
            f'<path d="M{self.left:.1f} {middle:.1f}H{WIDTH - _RIGHT}" stroke="{GREY}"/>',
        ]
        wide = self.x(width) - self.x(0.0)
        for k, value in enumerate(difference.values):
            size = abs(float(value)) / most * half
            y = middle - size if value > 0 else middle
            tip = f"{tips[k]}: " if k < len(tips) else ""
            tip = escape(f"{tip}{difference.name} {difference.say(float(value))}")
            parts.append(
                f'<rect x="{self.x(places[k]) - wide / 2:.1f}" y="{y:.2f}" width="{wide:.1f}" '
                f'height="{size:.2f}" fill="{SOFT}"><title>{tip}</title></rect>'
            )
        return "".join(parts)

    def closed(self, parts: list[str]) -> str:
        return "".join([*parts, "</svg>"])


def _span(values: Numbers) -> tuple[float, float, float]:
    """Ends and step of an axis; a flat line looks flat: a tenth of its value at least."""
    low, high = float(values.min()), float(values.max())
    if low == high == 0.0:
        return 0.0, 1.0, 1.0
    if low >= 0 and low < 0.35 * high:
        low = 0.0
    room = max(high - low, 0.1 * abs(high), 1e-9)
    middle = (low + high) / 2
    if low == 0.0:
        step = _nice(max(high, 1e-9) / 3)
        return 0.0, step * max(1, math.ceil(high / step - 1e-9)), step
    step = _nice(room * 1.15 / 3)
    first = math.floor((middle - room * 0.55) / step) * step
    return first, first + step * math.ceil((middle + room * 0.55 - first) / step), step


def _nice(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(k * power for k in (1.0, 2.0, 2.5, 5.0, 10.0) if k * power >= step * 0.999)
