"""Charts of the page keep their titles and numbers whole."""

from __future__ import annotations

import re

import numpy as np
import pytest

pytest.importorskip("solara", reason="the extra `view` is not installed")

from fupin.browser import svg, svg_text
from fupin.words.language import PAGE, catalogue
from hypothesis import given, settings
from hypothesis import strategies as st

SCALE = svg.Scale(0.0, 3.0, [(0.5, "2009"), (2.5, "2011")])


def chart(title: str, values: list[float], decimals: int = 0) -> str:
    lines = [svg.Line("plan", np.array(values), svg.BLUE)]
    difference = svg.Difference("相差", np.array(values), lambda v: f"{v:+,.0f}", "：")
    return svg.line_chart(
        title, SCALE, lines, lambda v: f"{v:,.{decimals}f}", difference=difference,
        tips=["一月", "二月", "三月"], now=1,
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_titles_of_all_charts_fit(lang: str) -> None:
    for key, entry in catalogue(PAGE)["words"].items():
        if key.startswith("chart.") and key != "chart.lead":
            drawn = re.findall(r'class="heading">([^<]*)<', chart(entry[lang], [1.0, 2.0, 3.0]))
            assert re.sub(r"\s", "", "".join(drawn)) == re.sub(r"\s", "", entry[lang])
            assert all(svg_text.width_of(line) <= svg_text.WIDTH for line in drawn), drawn


@given(st.lists(st.floats(-1e7, 1e7), min_size=3, max_size=3), st.integers(0, 3))
@settings(max_examples=30, deadline=None)
def test_numbers_of_an_axis_are_not_cut(values: list[float], decimals: int) -> None:
    found = re.findall(r'<text x="([\d.]+)" y="[\d.]+" class="soft" text-anchor="end">([−\d.,-]+)<',
                       chart("x", values, decimals))  # fmt: skip
    assert found
    for x, text in found:
        assert float(x) - 5.6 * len(text) >= 0, (x, text)


def test_an_axis_has_no_needless_decimals_and_a_difference_its_month() -> None:
    drawn = chart("x", [2.0, 4.0, 6.0], 2)
    labels = re.findall(r'text-anchor="end">([\d.]+)<', drawn)
    assert "6" in labels and not any(label.endswith(".00") for label in labels)
    assert "相差，二月：+4" in drawn
