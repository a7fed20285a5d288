"""Briefs: two A4 pages whatever they hold, in both languages, as HTML and as PDF."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from fupin.errors import InputError
from fupin.files.targets import PDF
from fupin.report.brief import charts, drawing
from fupin.report.brief.drawing import Drawing, Label
from fupin.report.brief.ground import HEADS, WORDS
from fupin.report.brief.html import as_html, svg
from fupin.report.brief.parts import Brief, Finding, Table
from fupin.report.brief.write import write_brief
from fupin.words.judging import Estimate, judged
from fupin.words.verdict_ground import Speech
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("fpdf")
pytest.importorskip("pylopdf_fonts_zh_cn")

SENTENCE = {
    "en": "By 2013 the programmes bring 98,000 person-years out of poverty (86,000 to 118,000). ",
    "zh": "到 2013 年，扶贫措施按实际收入使 9.8 万人年脱离贫困（8.6 万至 11.8 万）。",
}


def brief(lang: str, length: int) -> Brief:
    """A brief with so many sentences in every part."""
    say = Speech(lang, WORDS)
    years = {str(year): Estimate(1e4 * (year - 2008), 5e3, 6e4) for year in range(2009, 2014)}
    text = SENTENCE[lang] * length
    return Brief(
        lang=lang, kind="kind", title=SENTENCE[lang].strip(), subject=text[:150],
        question=text[:200],
        findings=[Finding("head", text) for _ in range(3)],
        chart=charts.by_year(say, years, "chart", "described", "note"),
        maps=[Drawing(84.0, 92.0, "map", "described", [Label(1.0, 5.0, "县")])],
        money=Table(["a", "b", "c"], [["措施 programme", "1", "2"]] * 8, text[:200]),
        certainty=[SENTENCE[lang]] * length, change=[SENTENCE[lang]] * min(length, 5),
        citation=["fupin"], heads={key: say(f"head.{key}") for key in HEADS},
    )  # fmt: skip


@pytest.mark.parametrize(("lang", "length"), [("en", 1), ("en", 6), ("zh", 6)])
def test_a_pdf_has_two_pages_and_its_own_font(lang: str, length: int) -> None:
    from fupin.report.brief.pdf import as_pdf

    made = as_pdf(brief(lang, length))
    assert made.startswith(b"%PDF-") and len(re.findall(rb"/Type /Page\b", made)) == 2
    assert b"/FontFile" in made and b"NotoSansSC" in made
    assert length > 1 or as_pdf(brief(lang, length)) == made


def test_a_pdf_is_told_from_other_peoples(tmp_path: Path) -> None:
    from fpdf import FPDF
    from fupin.report.brief.pdf import as_pdf

    ours, other = tmp_path / "ours.pdf", FPDF()
    ours.write_bytes(as_pdf(brief("zh", 1)))
    other.add_page()
    (tmp_path / "other.pdf").write_bytes(bytes(other.output()))
    assert PDF.is_one(ours) and not PDF.is_one(tmp_path / "other.pdf")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_html_has_two_sheets_and_needs_nothing_else(lang: str) -> None:
    text = as_html(brief(lang, 2))
    assert text.count('<article class="sheet">') == 2
    assert not re.search(r"<script|<link|src=|href=|https?://|url\(", text)
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in text
    assert text.count('role="img" aria-label="') == 2 and "{{" not in text


def test_names_of_plans_are_text_and_not_html() -> None:
    text = as_html(replace(brief("en", 1), title="<b>&", subject='"<script>'))
    assert "<script>" not in text and "<b>" not in text
    assert "<x>" not in svg(Drawing(1, 1, "<x>", "", [Label(0, 0, "<x>")]))


def test_words_are_there_in_both_languages_with_the_same_blanks() -> None:
    for key, texts in yaml.safe_load(WORDS.read_text(encoding="utf-8"))["words"].items():
        assert set(texts) == {"en", "zh"}, key
        blanks = [set(re.findall(r"{(\w+)}", texts[code])) for code in ("en", "zh")]
        assert blanks[0] == blanks[1], key


@given(st.text("ab ，。（）万元“”", max_size=60), st.integers(3, 30))
@settings(max_examples=60, deadline=None)
def test_lines_lose_nothing_and_begin_with_no_full_stop(text: str, width: int) -> None:
    lines = drawing.wrapped(text, width, len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines[1:]:
        assert not line or line[0] not in "，。）”", lines


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6)), min_size=1, max_size=6),
    st.sampled_from(["en", "zh"]),
)
@settings(max_examples=25, deadline=None)
def test_charts_stay_inside_their_frame(numbers: list[tuple[float, float]], lang: str) -> None:
    say = Speech(lang, WORDS)
    gains = [Estimate(mean, mean - half, mean + half) for mean, half in numbers]
    years = {str(2009 + i): one for i, one in enumerate(gains)}
    rows = [charts.Row("Sixty million yuan for skills training", judged(g, 1e7)) for g in gains]
    for made in (
        charts.by_year(say, years, "t", "d", "n"), charts.of_plans(say, rows, "t", "d", "n"),
    ):  # fmt: skip
        for shape in made.shapes:
            ys = [value for name, value in vars(shape).items() if re.fullmatch(r"y\d?", name)]
            assert all(-1.0 <= y <= made.height + 1.0 for y in ys), shape


@pytest.mark.parametrize(
    ("output", "said"), [("brief.docx", "neither .html nor .pdf"), ("no/brief.pdf", "lies in")]
)
def test_bad_outputs_are_refused_and_nothing_is_written(
    tmp_path: Path, output: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        write_brief(tmp_path, "en", tmp_path / output)
    with pytest.raises(InputError, match="no report in the language"):
        write_brief(tmp_path, "fr")
    with pytest.raises(InputError, match="no result folder"):
        write_brief(tmp_path / "nowhere", "en")
    assert list(tmp_path.iterdir()) == []


def test_streams_of_a_pdf_can_be_read() -> None:
    from fupin.report.brief.pdf import as_pdf

    made = as_pdf(brief("zh", 1))
    streams = re.findall(rb"stream\n(.*?)\nendstream", made, re.S)
    pages = [zlib.decompress(s) for s in streams if s[:1] == b"x"]
    assert sum(b"BT" in page for page in pages) >= 2


def test_an_axis_has_no_needless_decimals() -> None:
    years = {2009: Estimate(16_600, 7_300, 22_400), 2010: Estimate(31_000, 11_000, 58_000)}
    drawn = charts.by_year(Speech("zh"), years, "t", "d", "n")
    said = [shape.text for shape in drawn.shapes if isinstance(shape, Label)]
    assert "4 万" in said and not any(".00" in text for text in said)
