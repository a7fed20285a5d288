"""Time series of the page: the plan, the world beside it, their difference, the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from fupin.browser import svg
from fupin.browser.page_model import (
    december_series,
    delivered_by_class,
    series,
)
from fupin.browser.scene import Scene
from fupin.browser.units import jobs_size, money, money_unit, people_size
from fupin.model import PovertyModel
from fupin.parameters.document import figure_of
from fupin.parameters.province import province
from fupin.scenario.months import Month
from fupin.scenario.programme_catalogue import MONEY_CLASSES
from fupin.words.language import Language

MONEY_COLOURS = dict(
    zip(MONEY_CLASSES, (svg.BLUE, svg.GREEN, svg.PURPLE, svg.VERMILION), strict=True)
)
MONEY_TOLD = ("fiscal", "social", "credit")
"""Money classes of which the document has a figure; what enterprises invested it only claims."""

LONGEST_NAMED = 14
"""Months whose ticks are a quarter apart; longer periods are labelled by year."""


@dataclass(frozen=True)
class _Series:
    key: str
    yearly: bool
    size: float
    decimals: int


def poverty_charts(scene: Scene) -> list[str]:
    """The official count, the true one, and what the plan changes in each year."""
    count = _Series("survey_poor", True, *people_size(scene.say))
    if scene.model.plan.counting != "survey":
        count = _Series("registered_poor", False, *people_size(scene.say))
    marks = _register_marks(scene)
    title = "registered" if marks is not None else "survey"
    charts = [
        _chart(scene, count, title, marks or [], _whiskers(scene, "registered_poor", count.size)),
        _chart(scene, _Series("income_poor", False, *people_size(scene.say)), "income_poor", [],
               _whiskers(scene, "income_poor", count.size)),
    ]  # fmt: skip
    effect = effect_chart(scene)
    return [*charts, effect] if effect else charts


def job_charts(scene: Scene) -> list[str]:
    """People who work away, and jobs near home."""
    return [
        _chart(scene, _Series("migrants", False, *people_size(scene.say)), "migrants"),
        _chart(scene, _Series("local_jobs", False, *jobs_size(scene.say)), "jobs"),
    ]


def income_chart(scene: Scene) -> str:
    """Mean income."""
    return _chart(scene, _Series("mean_income", True, 1.0, 0), "income")


def effect_chart(scene: Scene) -> str:
    """Fewer income-poor than beside, by year; nothing before a year is settled, or alone."""
    model, say = scene.model, scene.say
    if model.twin is None:
        return ""
    columns = []
    for year in sorted(set(model.measured) & set(model.twin.measured)):
        value = float(model.twin.measured[year].income_poor - model.measured[year].income_poor)
        known = scene.ensemble.of_year("person_years_out", year) if scene.ensemble else None
        ends = None
        if known is not None and known["low"] is not None and known["high"] is not None:
            ends = (float(known["low"]), float(known["high"]))
        columns.append((str(year), value, ends))
    if not columns:
        return ""
    told = say.join([f"{year}: {say.people(value, signed=True)}" for year, value, _ in columns])
    title = say("chart.effect")
    return svg.year_columns(title, columns, lambda v: say.number(v), f"{title}. {told}")


def _whiskers(scene: Scene, name: str, size: float) -> list[svg.Whisker]:
    """Ranges over draws of a stock, at the start and in each December that is known."""
    known, model = scene.ensemble, scene.model
    if known is None or (name == "registered_poor" and model.plan.counting == "survey"):
        return []
    first, period = model.plan.period.start.index - 1, model.plan.period
    places = {first: known.outcome(f"{name}_start"), period.end.index: known.outcome(f"{name}_end")}
    for year in model.plan.lived.years:
        if (found := known.of_year(f"{name}_end", year)) is not None:
            places[Month(year, 12).index] = found
    words = scene.say("range.draws", draws=known.draws)
    return [
        svg.Whisker(words, at + 0.5, float(found["low"]) / size, float(found["high"]) / size)
        for at, found in places.items()
        if found is not None and found["low"] is not None and found["high"] is not None
    ]


def _scale(model: PovertyModel, say: Language) -> svg.Scale:
    first, last = model.plan.period.start.index - 1, model.plan.lived.end.index
    labels = []
    for month in range(first, last + 1):
        at = Month.of_index(month)
        if last - first <= LONGEST_NAMED:
            if (month - first) % 3 == 0:
                year = f" {at.year}" if month == first and not say.chinese else ""
                labels.append((month + 0.5, f"{say.short_month(at)}{year}"))
        elif at.month == 12 and (last - first < 100 or at.year % 2 == 0):
            labels.append((month + 0.5, str(at.year)))
    return svg.Scale(first, last + 1.2, labels)


def _names(model: PovertyModel, say: Language) -> list[str]:
    first = model.plan.period.start.index - 1
    return [say.month(Month.of_index(m)) for m in range(first, model.today + 1)]


def _numbers(model: PovertyModel, one: _Series) -> npt.NDArray[np.float64]:
    found = december_series(model, one.key) if one.yearly else series(model, one.key)
    return found / one.size


def _chart(
    scene: Scene,
    one: _Series,
    title: str,
    marks: Sequence[svg.Mark] = (),
    whiskers: Sequence[svg.Whisker] = (),
) -> str:
    model, say = scene.model, scene.say
    values = _numbers(model, one)
    lines, difference = [svg.Line(say("plan"), values, svg.BLUE)], None
    if model.twin is not None:
        beside = _numbers(model.twin, one)
        both = min(values.size, beside.size)  # months are lived while they are drawn
        values, beside = values[:both], beside[:both]
        lines = [svg.Line(say("beside"), beside, svg.VERMILION, dashed=True),
                 svg.Line(say("plan"), values, svg.BLUE)]  # fmt: skip
        # A difference is small beside the level: whole persons, jobs and yuan.
        # In Chinese it is short from ten thousand on, as counts are.
        said = say.people if say.chinese else say.number
        difference = svg.Difference(
            say("difference"), (values - beside) * one.size, lambda v: said(v, signed=True),
            say.colon,
        )  # fmt: skip
    now = min(scene.at, values.size - 1)
    heading = say(f"chart.{title}")
    words = f"{heading}: {say.month(scene.month)}, {say.number(values[now], one.decimals)}"
    if difference is not None:
        change = say.number(difference.values[now], 0, signed=True)
        words += f"; {say('difference')} {change}"
    return svg.line_chart(
        heading, _scale(model, say), lines, lambda v: say.number(v, one.decimals), marks,
        difference, _names(model, say), whiskers, now, words,
    )  # fmt: skip


def _document_year(model: PovertyModel) -> float | None:
    """Where the document's December lies on the axis; None unless all of its year is lived."""
    period, december = model.plan.period, Month(province().document_year, 12)
    if period.start <= _january() and december <= period.end:
        return december.index + 0.5
    return None


def _january() -> Month:
    return Month(province().document_year, 1)


def _register_marks(scene: Scene) -> list[svg.Mark] | None:
    """The document's poor and lifted; None where it is not the register that counts."""
    model, say = scene.model, scene.say
    if model.plan.counting == "survey":
        return None
    at = _document_year(model)
    if at is None:
        return []
    poor, lifted = (figure_of(name).value for name in ("registered_poor_end", "lifted"))
    size, _ = people_size(say)
    marks = [svg.Mark(say("mark.poor", value=say.people(poor)), at, poor / size)]
    if model.plan.period.start == _january():  # "lifted" is the fall of one year
        start = float(series(model, "registered_poor")[0])
        words = say("mark.lifted", value=say.people(lifted))
        marks.append(svg.Mark(words, at, (start - lifted) / size, svg.VERMILION))
    return marks


def money_chart(scene: Scene) -> str:
    """Money delivered since the start, by class."""
    model, say = scene.model, scene.say
    unit = money_unit(say)
    now = delivered_by_class(model)
    beside = delivered_by_class(model.twin) if model.twin is not None else {}
    both = min(v.size for v in (*now.values(), *beside.values()))
    now, beside = ({c: v[:both] for c, v in one.items()} for one in (now, beside))
    used = [c for c in MONEY_CLASSES if now[c][-1] or (beside and beside[c][-1])] or ["fiscal"]
    lines = [
        svg.Line(f"{say('beside')}, {say(f'money.{c}')}", beside[c] / unit, MONEY_COLOURS[c],
                 dashed=True) for c in used if beside
    ]  # fmt: skip
    lines += [svg.Line(say(f"money.{c}"), now[c] / unit, MONEY_COLOURS[c]) for c in used]
    at, marks = _document_year(model), []
    if at is not None and model.plan.period.start == _january():
        for name in MONEY_TOLD:
            if name in used:
                told = figure_of(f"money/{name}")
                value = told.value / unit
                words = say("mark.money", id=told.id, value=money(say, told.value))
                marks.append(svg.Mark(words, at, value, MONEY_COLOURS[name]))
    difference = None
    if beside:
        change = sum((now[c] - beside[c] for c in used), np.zeros(now["fiscal"].size))
        difference = svg.Difference(
            say("difference"),
            change / unit,
            lambda v: say.number(v, 0 if say.chinese else 1, signed=True),
            say.colon,
        )
    return svg.line_chart(
        say("chart.money"), _scale(model, say), lines, say.number, marks, difference,
        _names(model, say), now=min(scene.at, both - 1),
    )  # fmt: skip


def key_of(scene: Scene, money: bool = False) -> str:
    """What lines and marks mean, as HTML."""
    model, say = scene.model, scene.say
    parts = []
    if model.twin is not None:
        parts = [f'<i class="plan"></i>{escape(say("plan"))}',
                 f'<i class="beside"></i>{escape(say("beside"))}']  # fmt: skip
    if money:
        parts += [
            f'<i style="border-color:{colour}"></i>{escape(say(f"money.{name}"))}'
            for name, colour in MONEY_COLOURS.items()
        ]
    if scene.ensemble is not None and not money:
        words = say("range.draws", draws=scene.ensemble.draws)
        parts.append(f'<i class="whisk"></i>{escape(words)}')
    # Colours are classes of money there, so that dashes alone tell the plans apart.
    kind = "key classes" if money else "key"
    return f'<p>{escape(say("chart.lead"))}</p><p class="{kind}">{"".join(parts)}</p>'
