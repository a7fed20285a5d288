"""No line ends within an amount: in the terminal, in tables, on paper and in a browser."""

from __future__ import annotations

import io

import pytest
from fupin.report.brief import drawing
from fupin.report.terminal.unbroken_text import UnbrokenText
from fupin.report.terminal.wrapping import wrapped
from fupin.words.unbroken import pieces, unbroken, unbroken_html
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

AMOUNTS = ("2,400 万元", "9.8 万人年", "30,540 元", "−1.2 亿元", "12 个", "2013 年")
OTHERS = ("方案支出", "（其中）", "至 ", "在册贫困人口")
TEXTS = st.lists(st.sampled_from(AMOUNTS + OTHERS), min_size=1, max_size=12).map("，".join)


def whole(lines: list[str], text: str) -> bool:
    """Whether each amount of the text lies on one line."""
    return all(sum(line.count(one) for line in lines) == text.count(one) for one in AMOUNTS)


@given(TEXTS, st.integers(24, 60))
@settings(max_examples=60)
def test_lines_of_the_terminal_break_no_amount(text: str, width: int) -> None:
    lines = wrapped(text.strip() or "无", width)
    assert whole(lines, text), lines
    shown = [line.plain for line in UnbrokenText(text).wrap(Console(width=width), width)]
    assert whole(shown, text), shown
    assert all(cell_len(line.rstrip()) <= width for line in shown)


@given(TEXTS)
@settings(max_examples=60)
def test_pieces_sum_to_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text
    lines = drawing.wrapped(text, 16, cell_len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert whole(lines, text), lines


def test_a_cell_of_a_table_breaks_no_amount() -> None:
    table = Table()
    table.add_column("发生了什么")
    table.add_row(
        UnbrokenText("方案：易地扶贫搬迁：存款增加到 2,400 万元，收入 30,540 元，另有 12 个")
    )
    for width in range(16, 50):
        text = io.StringIO()
        Console(file=text, width=width).print(table)
        for amount in ("2,400 万元", "30,540 元", "12 个"):
            assert amount in text.getvalue(), (width, text.getvalue())


SCRIPT = '<script>x = "5 万"</script>'
DRAWING = "<svg><text>5 万</text></svg> 90% 区间 "


@pytest.mark.parametrize(("source", "expected"), [
    ("支出 2,400 万元", "支出 2,400\u00a0万元"),
    (f'<p title="3 个">12 个</p>{SCRIPT}', f'<p title="3 个">12\u00a0个</p>{SCRIPT}'),
    (f"{DRAWING}3 次", f"{DRAWING}3\u00a0次"),
    ("12 places", "12 places"),
])  # fmt: skip
def test_html_has_no_break_spaces_in_what_is_shown(source: str, expected: str) -> None:
    assert unbroken_html(source) == expected
    assert unbroken_html(unbroken_html(source)) == expected


def test_english_stays() -> None:
    assert unbroken("1.24 million people in 2013") == "1.24 million people in 2013"
