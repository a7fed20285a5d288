"""What a programme does, what a unit of it costs, and how well its effect is known, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.scenario.programmes import PROGRAMME_KEYS, Programme
from fupin.words.language import Language

LONGEST = 240
"""Characters of a source that are shown."""


@dataclass(frozen=True)
class About:
    """What the page tells of a programme when somebody points at it.

    Attributes:
        does: its mechanism.
        cost: what a household that it reached has cost, in words; empty where that is not known.
        evidence: the grade of its main effect.
        source: where that is from.
    """

    does: str
    cost: str
    evidence: str
    source: str


def about(say: Language, programme: Programme, model: PovertyModel | None = None) -> About:
    """Of one programme.

    Args:
        model: a life of the plan; what a household cost there is told where it is given.
    """
    grade = say(f"grade.{load_book().find(programme.effect).grade.replace(' ', '_')}")
    return About(
        say(f"does.{programme.key}"),
        "" if model is None else _cost(say, programme, model),
        say("about.evidence", grade=grade),
        _source(programme.effect),
    )


@cache
def _source(effect: str) -> str:
    """Where the value of a parameter is from, as it was written, shortened."""
    text = " ".join(load_book().find(effect).source.split())
    first = re.split(r"(?<=[a-z)\d])[.;] ", text)[0]
    return first if len(first) <= LONGEST else first[: LONGEST - 1].rstrip() + "…"


def _cost(say: Language, programme: Programme, model: PovertyModel) -> str:
    """Yuan for each household that the programme has reached in a life."""
    row = PROGRAMME_KEYS.index(programme.key)
    yuan = float(model.ledger.delivered[row, :, : model.ledger.month].sum())
    counts = next((p.counts_by_year for p in model.programmes if p.key == programme.key), {})
    households = sum(of.get("households", 0) for of in list(counts.values()))
    if not yuan or not households:
        return ""
    return say("about.cost", yuan=say.number(yuan / households), households=say.people(households))
