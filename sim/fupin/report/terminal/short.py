"""What commands print of a result by default: what ran, and a verdict of at most ten lines.

The verdict comes last, nearest to the prompt. `--full` prints all tables before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fupin.words.spoken import said, spoken
from fupin.words.ten import IN_VERDICT, Answer, said_of
from fupin.words.verdict_parts import KEPT_LAST, MOST_SENTENCES, Kind, Sentence, Verdict, joined

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 120
"""Columns; lines longer than this are hard to follow."""

NARROWEST = 20
"""Columns; a terminal that says it has fewer is not believed."""

MOST_LINES = MOST_SENTENCES

_TOPICS: tuple[tuple[Kind, ...], ...] = (
    ("effect",),
    ("poor", "curve", "division", "register", "money", "cost", "cash", "jobs", "whom"),
    ("evidence", "certainty", "warning"),
)
"""Kinds that follow one another in one paragraph; each effect has lines of its own."""


def print_heading(
    console: Console, title: str, what_ran: str, more: str = "", answers: Sequence[Answer] = ()
) -> None:
    """Title of a result, answers to what the verdict does not say, what ran, how to see more."""
    if console.width > WIDEST:
        console.width = WIDEST
    console.print(title, style="bold", markup=False)
    for answer in answers:
        if answer.key not in IN_VERDICT:
            for line in _lines(console, said_of(answer, spoken().chinese), 1):
                console.print(line, markup=False, soft_wrap=True)
    for line in (what_ran, said(more)):
        if line:
            console.print(line, style="dim", markup=False)


def print_verdict(console: Console, verdict: Verdict) -> None:
    """The verdict, its first line bold; sentences give way where ten lines do not hold them."""
    if console.width > WIDEST:
        console.width = WIDEST
    console.print()
    for number, line in enumerate(lines_of(console, verdict)):
        console.print(line, style="bold" if number == 0 else "", markup=False, soft_wrap=True)


def lines_of(console: Console, verdict: Verdict, most: int = MOST_LINES) -> list[str]:
    """The verdict wrapped to the console's width.

    The less important sentences give way, in the order of `KEPT_LAST`, until the rest fits; an
    effect, a certainty and a warning never do, so that many plans on a narrow terminal may take
    more lines.
    """
    kept = list(verdict.sentences)
    while True:
        lines = _wrapped(console, kept, verdict.lang)
        going = next(
            (one for kind in KEPT_LAST for one in reversed(kept) if one.kind == kind), None
        )
        if len(lines) <= most or going is None:
            return lines
        kept.remove(going)


def _wrapped(console: Console, sentences: Sequence[Sentence], lang: str) -> list[str]:
    paragraphs: list[list[str]] = []
    before: tuple[Kind, ...] | None = None
    for one in sentences:
        topic = next(kinds for kinds in _TOPICS if one.kind in kinds)
        if topic == before and one.kind != "effect":
            paragraphs[-1].append(one.text)
        else:
            paragraphs.append([one.text])
        before = topic
    found = []
    for texts in paragraphs:
        found += _lines(console, joined(texts, lang))
    return found


def _lines(console: Console, text: str, margin: int = 3) -> list[str]:
    """A text in lines, from the second on indented; `margin` columns stay free."""
    from fupin.report.terminal.unbroken_text import UnbrokenText

    width = max(console.width - margin, NARROWEST)
    found = []
    for number, line in enumerate(UnbrokenText(text).wrap(console, width)):
        line.rstrip()
        found.append(("  " if number else "") + line.plain)
    return found
