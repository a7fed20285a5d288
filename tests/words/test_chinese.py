"""Chinese as offices in Hebei write it: both languages of every entry, their terms, their units."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from chinese_terms import REFUSED
from fupin import paths
from fupin.scenario import library
from fupin.scenario.load import resolve
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.scenario.programme_names import CHINESE, programme_of
from fupin.words.language import LANGUAGES, Language, catalogue
from hypothesis import given
from hypothesis import strategies as st

ZH, EN = Language("zh"), Language("en")
CATALOGUES = sorted((paths.PACKAGE / "words").glob("*.yaml"))
ONE_LANGUAGE = "help"
"""The catalogue whose English stands in the code."""

STILL = {
    "grade.literature",  # 研究文献: studies, and not the document
    # Of the page, whose amounts are in millions:
    "panel.programmes", "chart.registered", "chart.survey", "chart.income_poor", "chart.migrants",
    "chart.jobs", "chart.money", "mark.poor", "mark.money",
}  # fmt: skip
"""Entries that may have a refused term."""


def entries(content: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every entry that says something in a language, with where it stands."""
    if isinstance(content, dict) and set(content) & set(LANGUAGES):
        yield at, content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from entries(value, (*at, str(key)))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from entries(value, (*at, str(number)))


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_an_entry_has_both_languages_and_the_same_blanks(file: Path) -> None:
    found = dict(entries(yaml.safe_load(file.read_text("utf-8"))))
    assert found or file.stem == ONE_LANGUAGE
    for at, entry in found.items():
        assert set(entry) == set(LANGUAGES), at
        if all(isinstance(text, str) for text in entry.values()):
            spare = blanks(entry["en"]) - blanks(entry["zh"])
            assert blanks(entry["zh"]) <= blanks(entry["en"]), at
            # of messages, what was quoted may go unsaid
            assert not spare or file.stem.startswith("messages"), at
            assert bool(entry["en"]) == bool(entry["zh"]), at


def all_texts(content: Any) -> Iterator[str]:
    """Every text of a catalogue of one language."""
    if isinstance(content, dict):
        for value in content.values():
            yield from all_texts(value)
    else:
        yield str(content)


def chinese_texts() -> Iterator[tuple[str, str]]:
    """All Chinese that people read: entries of catalogues, names, titles of plans."""
    for file in CATALOGUES:
        content = yaml.safe_load(file.read_text("utf-8"))
        if file.stem == ONE_LANGUAGE:
            yield from ((file.stem, text) for text in all_texts(content))
        for at, entry in entries(content):
            if isinstance(entry["zh"], str):
                yield at[-1], entry["zh"]
        for kind, names in content.get("names_zh", {}).items():
            yield from ((f"{kind}.{key}", str(name)) for key, name in names.items())
    for key, names in CHINESE.items():
        yield key, names[0]
    for plan in library.scenario_files():
        scenario = resolve(plan).scenario
        yield scenario.name, f"{scenario.title_zh} {scenario.description_zh}"


def test_no_term_that_no_office_uses() -> None:
    wrong = [
        f"{at}: {text} ({term}: {right})"
        for at, text in chinese_texts()
        for term, right in REFUSED.items()
        if term in text and at not in STILL
    ]
    assert not wrong, "\n".join(wrong)


def test_the_check_of_terms_can_fail() -> None:
    assert all(any(term in text for term in REFUSED) for text in ("文献与模型", "0.0 百万元"))


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.key)
def test_a_programme_is_found_by_the_name_that_is_shown(programme: Any) -> None:
    assert programme_of(ZH.programme(programme)) == programme.key
    assert programme_of(CHINESE[programme.key][0]) == programme.key


@pytest.mark.parametrize(
    ("yuan", "chinese", "english"),
    [
        (0, "0 元", "0 yuan"),
        (1_196, "1,196 元", "1,196 yuan"),
        (9_999, "9,999 元", "9,999 yuan"),
        (10_000, "1 万元", "10,000 yuan"),
        (30_540_000, "3,054 万元", "30.54 million yuan"),
        (743_000_000, "7.43 亿元", "743 million yuan"),
        (10_000_000_000, "100 亿元", "10 billion yuan"),
        (-1_234_567, "−123.5 万元", "−1.235 million yuan"),
    ],
)
def test_an_amount_in_a_sentence(yuan: float, chinese: str, english: str) -> None:
    assert (ZH.yuan(yuan), EN.yuan(yuan)) == (chinese, english)


@given(st.floats(-1e11, 1e11), st.booleans())
def test_amounts_are_what_they_say(yuan: float, signed: bool) -> None:
    sizes = {"": 1.0, "万": 1e4, "亿": 1e8}
    text = ZH.yuan(yuan, signed)
    digits, size = re.fullmatch(r"([+−]?[\d,.]+) ?([万亿]?) ?元", text).groups()  # type: ignore[union-attr]
    said = float(digits.replace(",", "").replace("−", "-")) * sizes[size]
    assert said == pytest.approx(yuan, rel=6e-4, abs=0.5)
    assert size or abs(said) < 1e4  # from ten thousand on in 万


@given(st.floats(10_000, 1e9), st.floats(0.01, 0.5))
def test_people_from_ten_thousand_on_are_in_wan(persons: float, spread: float) -> None:
    entry = {"mean": persons, "low": persons * (1 - spread), "high": persons * (1 + spread)}
    text = ZH.with_interval(ZH.estimate(entry))
    assert re.fullmatch(r"[\d,.]+ ([万亿])（[\d,.]+ \1至 [\d,.]+ \1）", text), (
        text
    )  # each end says its unit
    assert "万" in ZH.people(persons) or "亿" in ZH.people(persons)


def test_intervals_of_small_and_negative_numbers() -> None:
    assert ZH.between("−430 to 240") == "−430 至 240"
    assert ZH.between("1.3–4.5", " 万") == "1.3 万至 4.5 万"
    assert ZH.between("") == "" and EN.between("−1 to 2") == "−1 to 2"


@given(st.integers(0, 10**11))
def test_tables_of_money_say_the_same_in_both_languages(yuan: int) -> None:
    entry = {"mean": float(yuan), "low": None, "high": None}
    texts = (EN.money_estimate(entry)[0], ZH.money_estimate(entry)[0])
    english, chinese = (float(text.replace(",", "")) for text in texts)
    assert chinese == pytest.approx(100 * english, rel=2e-3, abs=51)
    assert (EN.money, ZH.money) == ((1e6, "million yuan"), (1e4, "万元"))


def test_remarks_of_figures_name_the_same_numbers_and_figures_in_both_languages() -> None:
    """A remark that changes in English alone is found by what it names."""
    from fupin.parameters.document import load_document

    def named(text: str) -> set[str]:
        figures = set(re.findall(r"S\d\d", text))
        millions = re.findall(r"([\d.]+) million(?! rural)", text)
        myriads = {f"{float(number) * 100:g}" for number in millions}
        plain = set(re.findall(r"\d{4,}", text.replace(",", ""))) - myriads
        return figures | myriads | plain

    remarks = catalogue()["names_zh"]["remarks"]
    for row in load_document():
        if not row.counterpart:
            continue
        chinese = remarks[row.id]
        for name in named(row.counterpart):
            shown = {name, f"{float(name) / 1e4:g} 亿"} if name[0] != "S" else {name}
            assert any(one in chinese for one in shown), (row.id, row.counterpart, chinese)
