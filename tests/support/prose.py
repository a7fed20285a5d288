"""Prose of pages, of help and of messages, cut into sentences, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 25
"""Words of a sentence that a second-language reader takes in at once."""

RIDDLES = {
    r"\bholds? (0|zero|chance|ignorance|doubt)\b": "the interval includes zero; it covers ...",
    r"\bnot told from\b|\bcounties told from\b": "the runs cannot tell the change from zero",
    r"\bare told\b": "are named, or: can be told apart",
    r"\b(is|are|was|were) lived\b": "is simulated",
    r"\blived (by|with|in|on)\b": "simulated for, followed on",
    r"\blives? (all|the|its|it|other|them|a plan|every)\b": "simulates",
    r"\bplans? beside\b": "compared with",
    r"\bhonesty of the line\b": "does the poverty line matter?",
    r"\bluck or ignorance\b": "how much of the spread is chance?",
    r"\bslip of the pen\b": "a typing mistake",
    r"\bsurely\b": "say how sure",
    r"\bflatters?\b": "looks cheap",
    r"\bignorance of\b": "uncertainty about",
    r"\bneither sure nor\b": "say what is not sure",
    r"\bknows? the interval\b": "makes the interval more reliable",
    r"\bthe served\b": "households that receive help",
}
"""What has to be decoded before it is understood -> what to write."""

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:[*+-]|\d+\.)\s+")
_SHORT = re.compile(r"\b(e\.g|i\.e|vs|etc|cf|No|St|ca|al|Fig|Eq|Sec|p|pp|approx)\.(?=\s)")


def plain(text: str) -> str:
    """Markdown of one paragraph as text: links as their words, code as one word."""
    text = re.sub(r"`[^`]*`", "code", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"https?://\S+", "link", text)
    return re.sub(r"[*_]{1,2}(\S(?:.*?\S)?)[*_]{1,2}", r"\1", text)


def paragraphs(markdown: str) -> Iterator[tuple[int, str]]:
    """Paragraphs and items of a page with their first lines; no code, tables and headings."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    text = _COMMENT.sub(blank, _FENCE.sub(blank, markdown))
    held: list[str] = []
    first = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        item = _ITEM.match(line)
        ends = not line.strip() or line.lstrip().startswith(("|", "#", ">", "<", "!!!")) or item
        if ends and held:
            yield first, plain(" ".join(held))
            held = []
        if not line.strip() or line.lstrip().startswith(("|", "#", "<", "!!!")):
            continue
        if not held:
            first = number
        held.append((line[item.end() :] if item else line).strip("> ").strip())


def sentences(text: str) -> list[str]:
    """Sentences of a paragraph; a colon before a capital letter ends one, as a full stop does."""
    text = _SHORT.sub(r"\1", " ".join(text.split()))
    found = re.split(r"(?<=[.!?])[\"”')*]*\s+(?=[\"“'(*]*[A-Z0-9a-z\u4e00-\u9fff])|:\s+(?=[A-Z])",
                     text)  # fmt: skip
    return [sentence.strip() for sentence in found if sentence.strip()]


def words(sentence: str) -> int:
    """Words of a sentence; a number is one, punctuation and signs are none."""
    return sum(any(c.isalnum() for c in word) for word in sentence.split())


def faults(text: str) -> Iterator[str]:
    """What is wrong with a paragraph, one line each."""
    for sentence in sentences(text):
        if (n := words(sentence)) > LONGEST:
            yield f"{n} words: {sentence}"
        for riddle, instead in RIDDLES.items():
            if re.search(riddle, sentence, re.IGNORECASE):
                yield f"a riddle ({instead}): {sentence}"


def faults_of(markdown: str) -> list[str]:
    """What is wrong with a page, each with its line."""
    return [f"{line}: {fault}" for line, text in paragraphs(markdown) for fault in faults(text)]
