"""A brief as one HTML file: two sheets that print on A4 and flow on a telephone."""

from __future__ import annotations

import html
from pathlib import Path

from fupin.report.brief.drawing import Box, Dot, Drawing, Label, Line, Ring, Shape
from fupin.report.brief.parts import Brief
from fupin.words.unbroken import unbroken_html

HERE = Path(__file__).parent


def as_html(brief: Brief) -> str:
    """The file's text; it needs nothing else, no script and no network."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style = (HERE / "brief.css").read_text(encoding="utf-8")
    between = "" if brief.lang == "zh" else " "
    text = environment.get_template("brief.html").render(
        brief=brief, style=style, drawn=svg, between=between
    )
    return unbroken_html(text) if brief.lang == "zh" else text


def svg(drawing: Drawing) -> str:
    """A drawing as SVG that says what it shows."""
    size = f"0 0 {drawing.width:g} {drawing.height:g}"
    label = html.escape(f"{drawing.title}. {drawing.description}", quote=True)
    font = "font-family='inherit'"
    body = "".join(_shape(shape) for shape in drawing.shapes)
    return f'<svg viewBox="{size}" role="img" aria-label="{label}" {font}>{body}</svg>'


def _shape(shape: Shape) -> str:
    match shape:
        case Box(x, y, width, height, fill):
            return (f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" '
                    f'fill="{fill}"/>')  # fmt: skip
        case Line(x1, y1, x2, y2, colour, width):
            return (f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" '
                    f'stroke="{colour}" stroke-width="{width:g}"/>')  # fmt: skip
        case Dot(x, y, radius, fill):
            return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" fill="{fill}"/>'
        case Ring(points, fill, colour, width):
            path = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
            return (f'<path d="M{path}Z" fill="{fill}" stroke="{colour}" '
                    f'stroke-width="{width:g}" stroke-linejoin="round"/>')  # fmt: skip
        case Label(x, y, text, size, anchor, colour):
            return (f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" text-anchor="{anchor}" '
                    f'fill="{colour}">{html.escape(text)}</text>')  # fmt: skip
