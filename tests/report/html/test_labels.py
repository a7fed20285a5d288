"""Names of the document's figures keep clear of lines and of the frame."""

from __future__ import annotations

import numpy as np
from fupin.report.html.labels import ABOVE, BELOW, LEVEL, placed, placed_in_months
from fupin.report.html.parts import Row, Table
from hypothesis import given, settings
from hypothesis import strategies as st

YEARS = range(2001, 2014)
VALUES = st.lists(st.floats(0.5, 9.0), min_size=len(YEARS), max_size=len(YEARS))


def lines(*values: list[float]) -> list[list[tuple[float, float]]]:
    return [list(zip(map(float, YEARS), one, strict=True)) for one in values]


@given(VALUES, st.sampled_from(YEARS), st.sampled_from((0.3, -0.3)))
@settings(max_examples=60)
def test_a_name_turns_from_the_line_beside_it(level: list[float], year: int, apart: float) -> None:
    """One flat line a little above or below a figure: its name stands on the other side."""
    flat = [level[0]] * len(YEARS)
    marks = [{"year": year, "value": level[0] - apart}]
    found = placed(marks, "year", lines(flat), 300, (ABOVE, BELOW))[0]
    assert found["dy"] == (BELOW if apart > 0 else ABOVE)


@given(VALUES, VALUES, st.sampled_from(YEARS), st.floats(0.5, 9.0))
@settings(max_examples=60)
def test_a_name_stays_in_the_chart(
    one: list[float], other: list[float], year: int, value: float
) -> None:
    found = placed([{"year": year, "value": value}], "year", lines(one, other), 300,
                   (ABOVE, LEVEL, BELOW))[0]  # fmt: skip
    assert found["side"] == ("left" if year <= 2007 else "right")
    assert found["dx"] * (1 if found["side"] == "left" else -1) >= 0


def test_months_of_several_worlds_and_a_figure_outside() -> None:
    rows = [
        {"month": f"2009-{month:02d}-01", "value": value, "world": world}
        for world, value in (("a", 4.0), ("b", 4.1)) for month in range(1, 13)
    ]  # fmt: skip
    marks = [{"month": "2009-12-01", "value": 3.9}, {"month": "2010-12-01", "value": 3.9}]
    found = placed_in_months(marks, rows, 190)
    assert [row["month"] for row in found] == ["2009-12-01"]
    assert found[0]["side"] == "right" and found[0]["dy"] == BELOW
    assert placed_in_months([], rows, 190) == []
    assert np.isfinite(found[0]["dy"])


def test_years_need_no_room_of_names() -> None:
    def table(*first: str) -> Table:
        return Table("caption", ["head", "n"], "lr", [Row([name, "1"]) for name in first])

    assert not table("2009", "2010").named and not table("S17", "").named
    assert table("2009", "Skills training").named
