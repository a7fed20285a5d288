"""What a verdict is made of: sentences with a kind, in order, and how they fit into lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fupin.words.judging import Judged

Kind = Literal[
    "effect", "poor", "register", "money", "cost", "cash", "jobs", "whom", "certainty", "warning",
    "evidence", "curve", "division",
]  # fmt: skip

MOST_SENTENCES = 10
MOST_WORDS = 25
MOST_CHARACTERS = 75
"""Of a sentence in Chinese, which has no words that a program could count."""


@dataclass(frozen=True)
class Sentence:
    """One sentence.

    Attributes:
        kind: what it is about.
        text: in the reader's language, with its full stop.
        plan: name of the plan that it is about; empty where it is about all.
    """

    kind: Kind
    text: str
    plan: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a result says.

    Attributes:
        lang: en or zh.
        title: the finding in one short line, without a full stop.
        sentences: at most ten, in the order in which they are read.
        judgements: plan -> what is known of its effect on true poverty.
    """

    lang: str
    title: str
    sentences: tuple[Sentence, ...]
    judgements: Mapping[str, Judged] = field(default_factory=dict)

    def of(self, *kinds: Kind) -> list[str]:
        """Texts of the sentences of some kinds."""
        return [one.text for one in self.sentences if one.kind in kinds]

    def about(self, plan: str) -> list[Sentence]:
        """The sentences about one plan."""
        return [one for one in self.sentences if one.plan == plan]

    @property
    def texts(self) -> list[str]:
        """All sentences."""
        return [one.text for one in self.sentences]

    @property
    def text(self) -> str:
        """All sentences in one paragraph."""
        return joined(self.texts, self.lang)

    def __str__(self) -> str:
        return "\n".join(self.texts)


def joined(texts: Sequence[str], lang: str) -> str:
    """Sentences one after the other; Chinese has no space between them."""
    return ("" if lang == "zh" else " ").join(texts)


KEPT_LAST: tuple[Kind, ...] = (
    "evidence", "whom", "poor", "jobs", "cash", "curve", "cost", "money", "register",
)  # fmt: skip
"""Kinds that give way where there is no room, the first of them first. An effect, a certainty and a
warning never do."""


def fitting(sentences: Sequence[Sentence], most: int = MOST_SENTENCES) -> tuple[Sentence, ...]:
    """As many sentences as there is room for; the less important ones give way."""
    found = list(sentences)
    for kind in KEPT_LAST:
        for one in [s for s in reversed(found) if s.kind == kind]:
            if len(found) <= most:
                return tuple(found)
            found.remove(one)
    return tuple(found[:most])
