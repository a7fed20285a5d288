"""The answer at the head of the page: a verdict in sentences, and the numbers behind it.

Sentences come from the one generator of verdicts, out of the ensemble. Where a plan has none, what
the one world shows is said, and that it is one world.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from fupin.browser.page_model import delivered_by_class
from fupin.browser.scene import Scene
from fupin.browser.units import money
from fupin.scenario.programme_catalogue import GIFT_CLASSES

_RANGE, _WHOLE = re.compile(r"[(（][^()（）]*[)）]"), r'<span class="nowrap">\g<0></span>'
"""A range in brackets, which is not parted."""

_STRIP = 5
"""Sentences of a verdict that the page shows; the report has all."""


def verdict(scene: Scene) -> list[str]:
    """Sentences in order of importance."""
    known = scene.ensemble
    if known is not None:
        return _of_runs(scene, known.summary) or [_one_world(scene)]
    return [_one_world(scene)]


def _of_runs(scene: Scene, summary: Mapping[str, Any]) -> list[str]:
    from fupin.words.verdict import run_verdict  # the page opens without it

    found = run_verdict(summary, scene.model.plan, scene.say.code, _STRIP)
    return [sentence.text for sentence in found.sentences]


def _one_world(scene: Scene) -> str:
    model, say = scene.model, scene.say
    out = person_years_out(scene)
    if out is None or model.twin is None:
        return say("verdict.alone")
    year = max(model.measured)
    other = model.twin.plan.programmes.active()
    beside = say("verdict.beside_file" if other else "verdict.beside_none")
    return say("verdict.one", amount=say.people(out), year=year, beside=beside)


def person_years_out(scene: Scene) -> float | None:
    """Fewer person-years under the line than beside, as far as years are lived; None alone."""
    model, twin = scene.model, scene.model.twin
    if twin is None or not model.measured:
        return None
    years = set(model.measured) & set(twin.measured)
    return float(sum(twin.measured[y].income_poor - model.measured[y].income_poor for y in years))


def source(scene: Scene) -> str:
    """What the ranges are of, in a sentence."""
    known, say = scene.ensemble, scene.say
    if known is None:
        return say("range.none")
    return say("range.shipped" if known.shipped else "range.runs", draws=known.draws)


@dataclass(frozen=True)
class Headline:
    """One number at the head of the page; `exact` is what the pointer says of it."""

    title: str
    value: str
    exact: str
    note: str
    range: str = ""


def headlines(scene: Scene) -> list[Headline]:
    """The official count, the true one, what the plan does, and money."""
    return [*_counts(scene), _effect(scene), _money(scene)]


def _counts(scene: Scene) -> list[Headline]:
    model, say = scene.model, scene.say
    survey = model.plan.counting == "survey"
    official = ("head.survey", "survey_poor") if survey else ("head.official", "registered_poor")
    found = []
    for title, key in (official, ("head.true", "income_poor")):
        at, start = count_at(scene, key), count_at(scene, key, at_start=True)
        note = say("head.since", value=say.people(at - start, signed=True),
                   month=say.month(model.plan.period.start))  # fmt: skip
        found.append(
            Headline(say(title), say.people(at), say.number(at), note,
                     _range(scene, f"{key}_end", yearly=True))
        )  # fmt: skip
    return found


def count_at(scene: Scene, key: str, at_start: bool = False) -> float:
    """Persons of a count in the month that is shown."""
    model = scene.model
    if key == "registered_poor":
        return float(model.datacollector.model_vars[key][0 if at_start else scene.at])
    if at_start:
        return float(getattr(model.at_start, key))
    measured = model.measured.get(scene.year, model.at_start)
    return float(getattr(measured, key))


def _effect(scene: Scene) -> Headline:
    say, out = scene.say, person_years_out(scene)
    title = say("head.years_out")
    if out is None:
        return Headline(title, "·", "", say("head.no_twin"))
    model = scene.model
    year = max(model.measured)
    assert model.twin is not None
    note = say("head.to_year", year=year)
    bare = not model.twin.plan.programmes.active()
    range_ = _range(scene, "person_years_out", yearly=False) if bare else ""
    return Headline(title, say.people(out), say.number(out), note, range_)


def _money(scene: Scene) -> Headline:
    say = scene.say
    by_class = delivered_by_class(scene.model)
    yuan = float(sum(by_class[c][min(scene.at, by_class[c].size - 1)] for c in GIFT_CLASSES))
    shown = money(say, yuan)
    year = scene.model.plan.period.start
    return Headline(say("head.spent"), shown, say.number(yuan),
                    say("head.since_month", month=say.month(year)))  # fmt: skip


def _range(scene: Scene, key: str, yearly: bool) -> str:
    """Mean and range over draws of an outcome, where the month that is shown has them."""
    known, say = scene.ensemble, scene.say
    if known is None or key not in known.summary["outcomes"]:
        return ""
    found = known.outcome(key)
    if yearly:
        if scene.month.month != 12:
            return ""
        at_end = scene.at == scene.life.finish
        found = found if at_end else known.of_year(key, scene.year)
    if found is None:
        return ""
    return say("range.of", draws=known.draws, amount=say.with_interval(say.estimate(found)))


def strip(scene: Scene) -> str:
    """Verdict and numbers as HTML."""
    sentences = verdict(scene)
    first = f"<p class='finding'>{escape(sentences[0])}</p>" if sentences else ""
    rest = "".join(f"<li>{escape(text)}</li>" for text in sentences[1:])
    numbers = "".join(
        f'<div class="headline"><b class="what">{escape(one.title)}</b>'
        f'<span class="value" title="{escape(one.exact)}">{escape(one.value)}</span>'
        f'<span class="range">{_RANGE.sub(_WHOLE, escape(one.range))}</span>'
        f'<span class="hint">{escape(one.note)}</span></div>'
        for one in headlines(scene)
    )
    more = f"<ul>{rest}</ul>" if rest else ""
    hint = f'<p class="hint">{escape(source(scene))}</p>'
    return f'<div class="verdict">{first}{more}{hint}</div><div class="headlines">{numbers}</div>'
