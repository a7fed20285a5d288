"""Contrast by WCAG 2.1 of what the style sheet and the charts name."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib
import pytest
from fupin.report.html import page, vega

STYLE = (Path(page.__file__).parent / "style.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{([^}]+)\}", STYLE)
)
"""Colours by name on a white page, and on a dark one."""
HEADERS = re.findall(r"header \{ background: (#[0-9a-f]{6});", STYLE)
TEXT, GRAPHICS = 4.5, 3.0

WHITE = LIGHT["sheet"]
ON = {
    "ink": ("sheet", "pale"), "soft": ("sheet", "pale"), "accent": ("sheet", "pale"),
    "warm": ("sheet", "pale"), "banner": ("sheet",), "banner-text": ("header",),
    "banner-soft": ("header",),
}  # fmt: skip
"""Name of a text colour -> backgrounds that it stands on."""


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize("name", ON)
def test_text_of_the_page(name: str, night: bool) -> None:
    assert set(DARK) == set(LIGHT) and len(HEADERS) == 2
    colours = DARK if night else LIGHT
    # The style sheet gives the dark header first.
    header = min(HEADERS, key=luminance) if night else max(HEADERS, key=luminance)
    for background in ON[name]:
        assert contrast(colours[name], {**colours, "header": header}[background]) >= TEXT


@pytest.mark.parametrize("colour", sorted(set(vega.NIGHT) - {"white", vega.GRID}))
def test_charts_at_night(colour: str) -> None:
    """What is told from white by day is told from the dark page at night."""
    night, page_at_night = vega.NIGHT[colour], vega.NIGHT["white"]
    assert page_at_night == DARK["sheet"]
    if contrast(colour, WHITE) >= GRAPHICS:
        assert contrast(night, page_at_night) >= GRAPHICS


def test_no_text_has_another_colour() -> None:
    used = set(re.findall(r"[;{ ]color: ([^;}]+)[;}]", STYLE))
    assert used == {f"var(--{name})" for name in ON if f"var(--{name})" in used}
    assert len(used) >= 5


@pytest.mark.parametrize("colour", [*vega.SERIES, vega.VERMILION])
def test_lines_and_points(colour: str) -> None:
    assert contrast(colour, WHITE) >= GRAPHICS


@pytest.mark.parametrize("colour", [vega.INK, vega.GREY, "#a03f00"])
def test_text_of_charts(colour: str) -> None:
    assert contrast(colour, WHITE) >= TEXT


def test_numbers_on_a_matrix() -> None:
    scale = matplotlib.colormaps["cividis"]
    for share in range(101):
        cell = matplotlib.colors.to_hex(scale(min(share / vega.LIGHTEST, 1.0)))
        assert contrast("#ffffff" if share < vega.DARK else "#000000", cell) >= TEXT, share


def test_no_two_of_many_plans_look_alike() -> None:
    looks = [
        (vega.SERIES[i % len(vega.SERIES)], tuple(dash)) for i, dash in enumerate(vega.dashes(50))
    ]
    assert len(set(looks)) == 50
    assert vega.dashes(10) == list(vega.DASHES)
