"""What sentences of all verdicts need: facts of a plan, how sure the runs are, on what evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from fupin.parameters.province import province
from fupin.scenario.added import kind_of
from fupin.scenario.programme_catalogue import PROGRAMMES, Programme
from fupin.scenario.schema import Scenario
from fupin.statistics.crossed import ENOUGH_FOR_PERCENTILES
from fupin.words.language import Language
from fupin.words.sample import is_small, share
from fupin.words.verdict_parts import Sentence

VERDICT = Path(__file__).with_name("verdict.yaml")
"""Sentences of verdicts."""

SURE = 5
"""Runs whose smallest and largest result tell a direction: if there were none, all five would agree
by chance in one case of sixteen, which is less than a tenth."""

LEAST_ASSUMED = 0.005
"""Of some money; a smaller part that rests on assumptions has no sentence."""

TITLE_WORDS, TITLE_CHARACTERS = 6, 20
"""Of a plan's title inside a sentence."""


_DIGIT_BEFORE_HAN = re.compile(r"(?<=[0-9%])(?=[\u4e00-\u9fff])")

_SPACE_BEFORE_HAN = re.compile(r"(?<=[万亿]) (?=[\u4e00-\u9fff])")


class Speech(Language):
    """A language whose texts are whole sentences: in Chinese a space follows a digit."""

    def __call__(self, key: str, **values: object) -> str:
        text = super().__call__(key, **values)
        if not self.chinese:
            return text
        return _DIGIT_BEFORE_HAN.sub(" ", _SPACE_BEFORE_HAN.sub("", text))

    def programme(self, programme: Programme) -> str:
        """Title of a programme as it stands within a sentence."""
        title = super().programme(programme)
        return title if self.chinese or title[1:2].isupper() else title[0].lower() + title[1:]


def language(lang: str) -> Speech:
    """The language with the sentences of verdicts. Raises InputError for an unknown one."""
    return Speech(Language.of(lang).code, VERDICT)


@dataclass(frozen=True)
class Facts:
    """What a verdict says of a plan besides numbers.

    Attributes:
        name: of the plan.
        title: in the reader's language; the name where it has none.
        first, last: years of its period.
        year: the last year in which effects count.
        sample: as `population.sample`; None where unknown.
        measured: its own programmes whose effect it grades better than an assumption.
    """

    name: str
    title: str
    first: int
    last: int
    year: int
    sample: str | float | None
    measured: frozenset[str] = frozenset()

    @classmethod
    def of(cls, say: Language, scenario: Scenario | Mapping[str, Any]) -> Facts:
        """Of a scenario, or of its mapping in a record, also one that an older fupin wrote."""
        if not isinstance(scenario, Scenario):
            try:
                scenario = Scenario.model_validate(scenario)
            except ValidationError:
                return cls._of_mapping(say, dict(scenario))
        period = scenario.period
        titles = {"en": scenario.title, "zh": getattr(scenario, "title_zh", "")}
        return cls(
            scenario.name, titles[say.code] or scenario.title or scenario.name,
            period.start.year, period.end.year, scenario.lived.end.year, scenario.population.sample,
            measured_of(scenario),
        )  # fmt: skip

    @classmethod
    def _of_mapping(cls, say: Language, found: Mapping[str, Any]) -> Facts:
        period, name = found.get("period") or {}, str(found.get("name", ""))
        year = str(province().document_year)
        first, last = (int(str(period.get(end, year))[:4]) for end in ("start", "end"))
        title = (found.get("title_zh") if say.chinese else "") or found.get("title") or name
        horizon = int(found.get("horizon") or last)
        sample = (found.get("population") or {}).get("sample")
        return cls(name, str(title), first, last, max(horizon, last), sample)

    def short(self, say: Language) -> str:
        """The title, cut where it is too long for a sentence, in quotation marks."""
        title = self.title.strip().rstrip(".。")
        if any("\u4e00" <= letter <= "\u9fff" for letter in title):
            cut = title if len(title) <= TITLE_CHARACTERS else f"{title[: TITLE_CHARACTERS - 1]}…"
        else:
            words = title.split()
            cut = title if len(words) <= TITLE_WORDS else f"{' '.join(words[:TITLE_WORDS])}…"
        return f"“{cut}”"


@dataclass(frozen=True)
class Luck:
    """How many runs there are, and whether they differ in their parameters.

    Attributes:
        draws: labels of draws, of which prior:3 is one of the priors.
        seeds: how many.
        points: whether these are the runs of each point of a sweep, which has more in all.
    """

    draws: tuple[str, ...]
    seeds: int
    points: bool = False

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Luck:
        """Of a result's JSON file."""
        return cls(tuple(map(str, summary["draws"])), len(summary["seeds"]))

    @property
    def runs(self) -> int:
        """How many runs a plan has."""
        return len(self.draws) * self.seeds

    @property
    def few(self) -> bool:
        """Too few for a direction that smallest and largest run agree on."""
        return self.runs < SURE

    @property
    def percentiles(self) -> bool:
        """Whether the ranges of a run are percentiles."""
        return self.runs >= ENOUGH_FOR_PERCENTILES

    def range(self, say: Language, span: str) -> str:
        """A range with what it is, for the first time that one is shown."""
        key = "percentiles" if self.percentiles else "runs"
        return say(f"range.{key}", range=span, n=self.runs)

    def sentences(self, say: Language) -> list[Sentence]:
        """How sure these runs are."""
        n, draws, each = say.number(self.runs), len(self.draws), "_point" if self.points else ""
        if self.runs == 1:
            found = [Sentence("warning", say(f"warning.one{each}"))]
        elif draws == 1:
            found = [Sentence("warning", say(f"warning.chance{each}", n=n))]
        elif self.runs < ENOUGH_FOR_PERCENTILES:
            text = say(f"warning.few{each}", n=n, draws=say.number(draws))
            found = [Sentence("warning", text)]
        else:
            found = [Sentence("certainty", say("certainty.parameters", n=n))]
        if any(label.startswith("prior:") for label in self.draws):
            found.append(Sentence("warning", say("warning.prior")))
        return found


def of_sample(say: Language, sample: str | float | None) -> list[Sentence]:
    """What to know of a small sample; nothing of the usual or the full one."""
    if not isinstance(sample, float) or not is_small(sample):
        return []
    return [Sentence("warning", say("warning.sample", share=share(sample)))]


def measured_of(plan: Scenario) -> frozenset[str]:
    """The plan's own programmes whose effect it grades better than an assumption."""
    effects = {
        f"{kind_of(own)}/{name}": getattr(own, "effect", None)
        for name, own in plan.programmes.own.items()
    }
    graded = {key: getattr(effect, "grade", "assumption") for key, effect in effects.items()}
    return frozenset(key for key, grade in graded.items() if grade != "assumption")


def assumed_share(weights: Mapping[str, float], measured: Collection[str] = ()) -> float | None:
    """Part of some money that goes to programmes whose effect is graded an assumption.

    What a programme of the plan's own does is the word of whoever wrote the plan: an assumption,
    unless the plan grades it better.

    Args:
        weights: programme -> yuan, none below zero; None is returned where they sum to nothing.
        measured: see `Facts`.
    """
    assumed, known = set(assumed_programmes()), {p.key for p in PROGRAMMES}
    total = sum(weights.values())

    def rests(key: str) -> bool:
        first = key.partition("/")[0]  # a further entry acts as its programme does
        return first in assumed or (first not in known and key not in measured)

    return sum(yuan for key, yuan in weights.items() if rests(key)) / total if total > 0 else None


@cache
def assumed_programmes() -> tuple[str, ...]:
    """Programmes whose effect is graded an assumption."""
    from fupin.parameters.book import load_book

    book = load_book()
    return tuple(p.key for p in PROGRAMMES if book.find(p.effect).grade == "assumption")


def evidence(
    say: Language, key: str, weights: Mapping[str, float], measured: Collection[str] = ()
) -> list[Sentence]:
    """What part of some money rests on assumptions; nothing where there is no money."""
    share = assumed_share(weights, measured)
    if share is None or share < LEAST_ASSUMED:
        return []
    return [Sentence("evidence", say(f"evidence.{key}", share=say.percent(share)))]


def mean(entries: Mapping[str, Any], key: str) -> float | None:
    """Mean of an entry; None where it is not known."""
    found = (entries.get(key) or {}).get("mean")
    return None if found is None else float(found)


def in_order(sentences: Sequence[Sequence[Sentence]]) -> list[Sentence]:
    """All sentences of some groups."""
    return [one for group in sentences for one in group]
