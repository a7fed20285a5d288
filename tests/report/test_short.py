"""The end of a command: a verdict in at most ten lines, whatever the terminal."""

from __future__ import annotations

import io

import pytest
from fupin.report.terminal.short import lines_of, print_verdict
from fupin.words.verdict_parts import Kind, Sentence, Verdict
from rich.cells import cell_len
from rich.console import Console

KINDS: tuple[Kind, ...] = (
    "effect", "poor", "register", "register", "money", "cost", "jobs", "whom", "evidence",
    "warning",
)  # fmt: skip
TEXT = {
    "en": "The plan spends 1.12 billion yuan; all resources cost 1.99 billion yuan (1.76 to 2.11).",
    "zh": "方案支出 11.2 亿元；不论由谁承担，全部资源成本为 19.9 亿元（17.6 亿至 21.1 亿）。",
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1, 40, 80, 120, 300])
def test_ten_lines_hold_it_and_the_effect_and_warnings_stay(lang: str, width: int) -> None:
    sentences = tuple(Sentence(kind, f"{kind} {TEXT[lang]}") for kind in KINDS)
    verdict = Verdict(lang, "title", sentences)
    console = Console(width=width, file=io.StringIO(), highlight=False)
    lines = lines_of(console, verdict)
    text = "".join(lines)
    assert "effect" in text and "warning" in text
    if width >= 40:
        assert len(lines) <= 10
        assert all(cell_len(line) <= width for line in lines)
    assert width < 120 or ("money" in text and "cost" in text)


def test_it_is_printed_as_it_is_whatever_brackets_it_has() -> None:
    file = io.StringIO()
    console = Console(width=80, file=file, highlight=False)
    print_verdict(console, Verdict("en", "t", (Sentence("effect", "[bold]“a” [1] does it."),)))
    assert file.getvalue() == "\n[bold]“a” [1] does it.\n"


def test_every_kind_has_a_place() -> None:
    from typing import get_args

    from fupin.report.terminal import short

    placed = [kind for kinds in short._TOPICS for kind in kinds]
    assert sorted(placed) == sorted(get_args(Kind))
