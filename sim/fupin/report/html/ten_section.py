"""The ten questions of a planner with their answers, first of all sections after the answer."""

from __future__ import annotations

from collections.abc import Sequence

from fupin.report.html.parts import Row, Section, Table
from fupin.words.language import Language
from fupin.words.ten import Answer, speech


def ten_section(say: Language, answers: Sequence[Answer], plan: str = "") -> Section:
    """Question and answer side by side.

    Args:
        plan: which of several the answers are about.
    """
    words = speech(say.code)
    head = [words("head.question"), words("head.answer")]
    rows = [Row([one.question, one.text]) for one in answers]
    table = Table(words("caption"), head, "ll", rows)
    lead = words("lead_of", plan=plan) if plan else words("lead")
    return Section("questions", words("title"), lead, [table])
