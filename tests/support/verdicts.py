"""What is true of every verdict, for the tests of all kinds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fupin.words.verdict import Verdict
from fupin.words.verdict_parts import MOST_CHARACTERS, MOST_SENTENCES, MOST_WORDS


def in_both(make: Any) -> dict[str, Verdict]:
    """A verdict in each language."""
    return {lang: make(lang) for lang in ("en", "zh")}


def holds(verdicts: Mapping[str, Verdict]) -> None:
    """What is true of every verdict in both languages."""
    english, chinese = verdicts["en"], verdicts["zh"]
    assert [(s.kind, s.plan) for s in english.sentences] == [
        (s.kind, s.plan) for s in chinese.sentences
    ]
    assert 1 <= len(english.sentences) <= MOST_SENTENCES
    assert english.judgements == chinese.judgements
    for text in english.texts:
        assert len(text.split()) <= MOST_WORDS, text
        assert text[-1] in ".:" and not text[0].islower(), text
    for text in chinese.texts:
        assert len(text) <= MOST_CHARACTERS, text
        assert re.search("[\u4e00-\u9fff]", text) and text[-1] in "。：", text
    for verdict in verdicts.values():
        for text in (*verdict.texts, verdict.title):
            assert text and not re.search(r"{|\bNone\b(?! of)|\bnan\b|\binf\b", text), text
            assert "−0 " not in text and "--" not in text and "−−" not in text, text
        assert verdict.texts[0] in verdict.text and str(verdict).startswith(verdict.texts[0])
