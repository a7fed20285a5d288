"""Drawings in millimetres that HTML (as SVG) and PDF show alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fupin.words.unbroken import pieces

Anchor = Literal["start", "middle", "end"]

BLUE, ORANGE, GREY = "#1f5f99", "#c2570c", "#8a8f98"
INK, FAINT, RULE = "#1b1f24", "#57606a", "#d0d7de"
"""Better; worse; not told from zero. Text, notes and lines."""


@dataclass(frozen=True)
class Box:
    """A rectangle; (x, y) is its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = RULE
    width: float = 0.2


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    fill: str


@dataclass(frozen=True)
class Ring:
    """A closed area."""

    points: Sequence[tuple[float, float]]
    fill: str
    colour: str
    width: float


@dataclass(frozen=True)
class Label:
    """A text; (x, y) is where its line of writing begins, has its middle, or ends."""

    x: float
    y: float
    text: str
    size: float = 3.2
    anchor: Anchor = "start"
    colour: str = INK


Shape = Box | Line | Dot | Ring | Label


@dataclass(frozen=True)
class Drawing:
    """A picture.

    Attributes:
        width, height: millimetres.
        title: what it shows, with its unit.
        description: a sentence for those who cannot see it.
        shapes: from back to front.
        note: under it.
    """

    width: float
    height: float
    title: str
    description: str
    shapes: list[Shape] = field(default_factory=list)
    note: str = ""


def nice_steps(low: float, high: float, count: int = 4) -> list[float]:
    """Round values from below `low` to above `high`, about `count` of them."""
    import math

    low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9:  # nothing that could be drawn
        return [0.0, 1.0]
    raw = (high - low) / count
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * f for f in (1, 2, 5, 10) if size * f >= raw)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * i for i in range(first, last + 1)]


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in millimetres; a Chinese letter is a square."""
    return sum(size if ord(letter) > 0x2E80 else 0.54 * size for letter in text)


def in_lines(text: str, width: float, size: float, most: int) -> list[str]:
    """A text in at most some lines of a width; the last is cut where it does not fit."""
    lines = wrapped(text, width, lambda part: text_width(part, size))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"{lines[most - 1].rstrip(' ，,')}…"]


def wrapped(text: str, width: float, wide: Callable[[str], float]) -> list[str]:
    """A text in lines of a width: Chinese breaks between letters, other scripts between words.

    An amount and its unit stay together.

    Args:
        wide: how wide a text is.
    """
    lines, line = [], ""
    for part in pieces(text):
        if line and wide((line + part).rstrip()) > width:
            lines.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
    return [*lines, line.rstrip()]
