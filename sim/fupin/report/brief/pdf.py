"""A brief as PDF: two A4 pages, without a browser, with an embedded Chinese font.

fpdf2 writes it; the font is Noto Sans SC (Open Font License) from the package
`pylopdf-fonts-zh-cn`, of which the letters that are used are embedded. The type shrinks until two
pages hold everything.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fupin.errors import InputError
from fupin.report.brief.drawing import Box, Dot, Drawing, Label, Line, Ring, wrapped
from fupin.report.brief.parts import Brief
from fupin.words.verdict_parts import joined

if TYPE_CHECKING:
    from fpdf import FPDF

MARGIN, WIDTH, HEIGHT = 18.0, 174.0, 297.0
TOP, BOTTOM = 13.0, 11.0
SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Points of the text, for each page the largest with which it holds everything."""

INK, FAINT, BLUE, RULE = (27, 31, 36), (87, 96, 106), (31, 95, 153), (208, 215, 222)
FONT = "noto"
_POINTS = 72 / 25.4


def as_pdf(brief: Brief) -> bytes:
    """The file's bytes; the same for the same brief.

    Raises:
        InputError: a package is missing.
    """
    try:
        import fpdf  # noqa: F401
        import pylopdf_fonts_zh_cn  # noqa: F401
    except ImportError:
        raise InputError(
            "A brief as PDF needs packages that are not installed.",
            'Install them with `pip install "fupin[brief]"`, or let --out name an .html file.',
        ) from None
    with _quiet():
        tried = _Pages(brief)  # to read the font is what takes time: one tries all sizes
        first, second = (_size(tried, write) for write in (tried.first, tried.second))
        pages = _Pages(brief)
        pages.first(first)
        pages.second(second)
        return bytes(pages.pdf.output())


def _size(pages: _Pages, write: Callable[[float], None]) -> float:
    """The largest size with which a page is one page."""
    for size in SIZES:
        before = pages.pdf.pages_count
        write(size)
        if pages.pdf.pages_count == before + 1:
            return size
    return SIZES[-1]


_NARROW = str.maketrans({"“": '"', "”": '"', "…": "...", "·": "|"})
"""What a Chinese font draws as wide as a letter, and English does not."""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """fontTools tells of every table that it leaves out of a font."""
    logger = logging.getLogger("fontTools")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


class _Pages:
    """The pages; each is written with a size of text of its own."""

    def __init__(self, brief: Brief) -> None:
        from datetime import UTC, datetime

        from fpdf import FPDF
        from pylopdf_fonts_zh_cn import sans_path

        self.brief, self.chinese = brief, brief.lang == "zh"
        self.size, self.line = SIZES[0], 0.0
        self.pdf: FPDF = FPDF(format="A4")
        self.pdf.set_creation_date(datetime(1980, 1, 1, tzinfo=UTC))  # the same bytes each time
        self.pdf.set_creator("fupin")  # by which a later brief knows that it may replace this one
        self.pdf.set_title(brief.title)
        self.pdf.set_lang("zh-CN" if self.chinese else "en")
        self.pdf.set_margins(MARGIN, TOP, MARGIN)
        self.pdf.set_auto_page_break(True, BOTTOM)
        self.pdf.add_font(FONT, "", str(sans_path()))

    def first(self, size: float) -> None:
        """Question, findings, chart and further questions."""
        brief = self.brief
        self._new_page(size)
        self._text(brief.kind, 0.85, FAINT)
        self._text(brief.title, 1.8, BLUE)
        self._text(brief.subject, 1.0, FAINT)
        self._head(brief.heads["question"])
        self._text(brief.question, 1.1, INK)
        self._head(brief.heads["findings"])
        for number, finding in enumerate(brief.findings, start=1):
            self._text(f"{number}. {finding.head}", 1.05, BLUE)
            self._text(finding.text, 1.0, INK)
            self.pdf.ln(1.2)
        if brief.chart is not None:
            self.pdf.ln(2.0)
            self._text(brief.chart.title, 1.05, INK)
            self._draw(brief.chart, MARGIN, self.pdf.get_y() + 1.0, 1.3)
            self._text(brief.chart.note, 0.85, FAINT)
        if brief.answers:
            self._head(brief.heads["also"])
        for one in brief.answers:
            between = "" if self.chinese else " "
            self._text(f"– {one.head}{between}{one.text}", 0.92, INK)

    def second(self, size: float) -> None:
        """Map, money, certainty, what would change the answer, and the citation."""
        brief = self.brief
        self._new_page(size)
        if brief.maps:
            self._head(brief.heads["where"])
            top, lowest = self.pdf.get_y(), 0.0
            for number, one in enumerate(brief.maps):
                x = MARGIN + number * (one.width + 6.0)
                self.pdf.set_xy(x, top)
                self._text(one.title, 0.9, INK, one.width)
                self._draw(one, x, self.pdf.get_y() + 0.5, 1.0)
                if one.note:
                    self.pdf.set_x(x)
                    self._text(one.note, 0.85, FAINT, one.width)
                lowest = max(lowest, self.pdf.get_y())
            self.pdf.set_xy(MARGIN, lowest)
        self._head(brief.heads["money"])
        self._table(brief)
        self._text(brief.money.note, 0.92, INK)
        self._head(brief.heads["certainty"])
        self._text(joined(brief.certainty, brief.lang), 0.92, INK)
        self._head(brief.heads["change"])
        for text in brief.change:
            self._text(f"– {text}", 0.92, INK)
        self._head(brief.heads["cite"])
        for text in brief.citation:
            self._text(text, 0.85, FAINT)

    def _new_page(self, size: float) -> None:
        self.size, self.line = size, size * 0.48
        self.pdf.add_page()

    def _set(self, text: str) -> str:
        return text if self.chinese else text.translate(_NARROW)

    def _text(self, text: str, scale: float, colour: tuple[int, ...], width: float = WIDTH) -> None:
        from fpdf.enums import Align, XPos, YPos

        self.pdf.set_font(FONT, "", self.size * scale)
        self.pdf.set_text_color(*colour)
        text = self._set(text)
        lines = wrapped(text, width - 2.0, self.pdf.get_string_width)
        self.pdf.multi_cell(
            width, self.line * scale, "\n".join(lines), align=Align.L,
            new_x=XPos.LEFT, new_y=YPos.NEXT,
        )  # fmt: skip

    def _head(self, text: str) -> None:
        self.pdf.ln(1.8)
        self._text(text, 1.15, INK)
        y = self.pdf.get_y() + 0.3
        self.pdf.set_draw_color(*RULE)
        self.pdf.set_line_width(0.25)
        self.pdf.line(MARGIN, y, MARGIN + WIDTH, y)
        self.pdf.set_y(y + 1.0)

    def _table(self, brief: Brief) -> None:
        rows = [[self._set(cell) for cell in row]
                for row in (brief.money.head, *brief.money.rows)]  # fmt: skip
        if not brief.money.rows:
            return
        columns = len(brief.money.head)
        wide = min(24.0 if columns > 4 else 34.0, 110.0 / (columns - 1))
        first = WIDTH - wide * (columns - 1)
        self.pdf.set_font(FONT, "", self.size * 0.88)
        self.pdf.set_draw_color(*RULE)
        self.pdf.set_line_width(0.15)
        for number, row in enumerate(rows):
            self.pdf.set_text_color(*(FAINT if number == 0 else INK))
            y = self.pdf.get_y()
            for place, cell in enumerate(row):
                width = first if place == 0 else wide
                text = self._cut(cell, width)
                self.pdf.cell(width, self.line * 0.98, text, align="L" if place == 0 else "R")
            y += self.line * 0.98
            self.pdf.line(MARGIN, y, MARGIN + WIDTH, y)
            self.pdf.set_xy(MARGIN, y)
        self.pdf.ln(0.8)

    def _cut(self, text: str, width: float) -> str:
        if self.pdf.get_string_width(text) <= width - 2.0:
            return text
        while text and self.pdf.get_string_width(f"{text}…") > width - 2.0:
            text = text[:-1]
        return f"{text}…"

    def _draw(self, drawing: Drawing, left: float, top: float, scale: float) -> None:
        """Draw, and go on writing below it."""
        pdf: Any = self.pdf
        if top + drawing.height * scale > HEIGHT - BOTTOM:
            pdf.add_page()
            top = TOP
        for shape in drawing.shapes:
            match shape:
                case Box(x, y, width, height, fill):
                    pdf.set_fill_color(*_rgb(fill))
                    pdf.rect(left + x * scale, top + y * scale, width * scale, height * scale, "F")
                case Line(x1, y1, x2, y2, colour, width):
                    pdf.set_draw_color(*_rgb(colour))
                    pdf.set_line_width(width * scale)
                    ends = ((x1, y1), (x2, y2))
                    pdf.line(*(v for x, y in ends for v in (left + x * scale, top + y * scale)))
                case Dot(x, y, radius, fill):
                    pdf.set_fill_color(*_rgb(fill))
                    pdf.circle(left + x * scale, top + y * scale, radius * scale, style="F")
                case Ring(points, fill, colour, width):
                    pdf.set_fill_color(*_rgb(fill))
                    pdf.set_draw_color(*_rgb(colour))
                    pdf.set_line_width(width * scale)
                    ring = [(left + x * scale, top + y * scale) for x, y in points]
                    pdf.polygon(ring, style="DF")
                case Label(x, y, text, size, anchor, colour):
                    pdf.set_font(FONT, "", size * scale * _POINTS)
                    pdf.set_text_color(*_rgb(colour))
                    text = self._set(text)
                    wide = pdf.get_string_width(text)
                    back = {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
                    pdf.text(left + x * scale - back, top + y * scale, text)
        pdf.set_xy(left, top + drawing.height * scale + 1.0)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
