"""English agrees with one and with two, whatever catalogue a sentence comes from."""

from __future__ import annotations

import re

import pytest
from fupin.words.language import CATALOGUE, PAGE, Language, catalogue
from fupin.words.phrases import lines, phrase
from fupin.words.singular import NOUNS, in_number
from fupin.words.spoken import TERMINAL, said
from fupin.words.ten import TEN
from fupin.words.verdict_ground import VERDICT

_BLANK = re.compile(r"\{(\w+)(?:[^}]*)\}")
_MANY = re.compile(rf"(?<![\w.,:−–-])1 (?:(?:more|other) )?(?:{'|'.join(NOUNS)})(?![\w-])")


@pytest.mark.parametrize("file", [CATALOGUE, PAGE, VERDICT, TEN], ids=lambda file: file.stem)
def test_no_sentence_of_a_catalogue_counts_one_of_many(file: object) -> None:
    say = Language("en", file)  # type: ignore[arg-type]
    for key, texts in catalogue(file)["words"].items():  # type: ignore[arg-type]
        blanks = _BLANK.findall(texts["en"])
        if not blanks or re.search(r"\{\w+:", texts["en"]):
            continue
        text = say(key, **dict.fromkeys(blanks, "1"))
        assert not _MANY.search(text), text


def test_no_text_of_the_terminal_counts_one_of_many() -> None:
    for entry in catalogue(TERMINAL)["texts"]:
        blanks = _BLANK.findall(entry["en"])
        if blanks:
            text = said(entry["en"], **dict.fromkeys(blanks, "1"))
            assert not _MANY.search(text), text


@pytest.mark.parametrize(
    ("many", "right"),
    [
        ("All 2 runs show less; in all 2 runs", "Both runs show less; in both runs"),
        ("All 12 runs show less", "All 12 runs show less"),
        ("These 1 runs have 1 sets of parameters", "This 1 run has 1 set of parameters"),
        ("1 sets of parameters are too few", "1 set of parameters is too few"),
        ("1 people are poor because of it", "1 person is poor because of it"),
        ("11 people, 0.1 people, −1 people", "11 people, 0.1 people, −1 people"),
        ("0 to 1 person-years", "0 to 1 person-year"),
        ("1 of 2 runs", "1 of 2 runs"),
        ("and 1 more counties", "and 1 more county"),
        ("There are 1 places a month in 1 months", "There is 1 place a month in 1 month"),
        ("There are 12 places a month in 1 months", "There are 12 places a month in 1 month"),
        ("1 months from July 2009, severity 1", "1 month from July 2009, severity 1"),
        ("results/1 plans/a.yaml, 1 runs.yaml", "results/1 plans/a.yaml, 1 runs.yaml"),
    ],
)  # fmt: skip
def test_what_is_put_right_and_what_stays(many: str, right: str) -> None:
    assert in_number(many) == right


def test_digests_and_findings_agree_too() -> None:
    assert phrase("14 persons paid for 1 months") == "14 persons paid for 1 month"
    assert lines("Shock  dry: drought in Hebei, 1 months from May 2009\nLived  1 years") == (
        "Shock  dry: drought in Hebei, 1 month from May 2009\nLived  1 year"
    )
