"""The ten questions of a planner with their answers, first of all sections after the answer."""

from __future__ import annotations

from collections.abc import Sequence

from fupin.report.html.parts import Row, Section, Table
from fupin.words.language import Language
from fupin.words.ten import Answer, speech


def ten_section(say: Language, answers: Sequence[Answer]) -> Section:
    """Question and answer side by side."""
    words = speech(say.code)
    head = [words("head.question"), words("head.answer")]
    rows = [Row([one.question, one.text]) for one in answers]
    table = Table(words("caption"), head, "ll", rows)
    return Section("questions", words("title"), words("lead"), [table])
