"""What a brief holds, whatever it is a brief of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fupin.report.brief.drawing import Drawing


@dataclass(frozen=True)
class Finding:
    """A finding: what it is about, and its sentences in one paragraph."""

    head: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table of money: the first column is text, all others are numbers as text."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class Brief:
    """Two A4 pages.

    Attributes:
        lang: en or zh.
        kind: the line over the title.
        title: the finding.
        subject: what was run.
        question: what a reader wants to know.
        findings: three.
        chart: the one chart.
        maps: the map and its ranked counties; none of a sweep.
        money: the table, and sentences under it.
        certainty, change: sentences.
        citation: how to cite it, how to check it.
        answers: further questions with their answers; none of a sweep.
        heads: titles of the sections by key: question, findings, money, certainty, change, cite.
    """

    lang: str
    kind: str
    title: str
    subject: str
    question: str
    findings: Sequence[Finding]
    chart: Drawing | None
    maps: Sequence[Drawing]
    money: Table
    certainty: Sequence[str]
    change: Sequence[str]
    citation: Sequence[str]
    heads: dict[str, str] = field(default_factory=dict)
    answers: Sequence[Finding] = ()
