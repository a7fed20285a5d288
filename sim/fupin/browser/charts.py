"""Time series of the page: the plan, the world beside it, their difference, the document."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.browser import svg
from fupin.browser.page_model import (
    MILLION,
    PageModel,
    december_series,
    delivered_by_class,
    last_month,
    series,
)
from fupin.model import PovertyModel
from fupin.parameters.document import figure_of
from fupin.parameters.province import province
from fupin.scenario.months import Month
from fupin.scenario.programme_catalogue import GIFT_CLASSES, MONEY_CLASSES
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


def series_charts(model: PageModel, say: Language) -> list[str]:
    """Six charts as SVG texts, in the order in which they are read."""
    count = _Series("survey_poor", True, MILLION, 2)
    if model.plan.counting != "survey":
        count = _Series("registered_poor", False, MILLION, 2)
    marks = _register_marks(model, say)
    return [
        _chart(model, say, count, "registered" if marks is not None else "survey", marks or []),
        _chart(model, say, _Series("income_poor", False, MILLION, 2), "income_poor"),
        _chart(model, say, _Series("migrants", False, MILLION, 2), "migrants"),
        _chart(model, say, _Series("mean_income", True, 1.0, 0), "income"),
        _chart(model, say, _Series("local_jobs", False, 1000.0, 1), "jobs"),
        _money_chart(model, say),
    ]


def _scale(model: PovertyModel, say: Language) -> svg.Scale:
    first, last = model.plan.period.start.index - 1, model.plan.period.end.index
    labels = []
    for month in range(first, last + 1):
        at = Month.of_index(month)
        if last - first <= LONGEST_NAMED:
            if (month - first) % 3 == 0:
                year = f" {at.year}" if month == first and not say.chinese else ""
                labels.append((month + 0.5, f"{say.short_month(at)}{year}"))
        elif at.month == 12 and (last - first < 100 or at.year % 2 == 0):
            labels.append((month + 0.5, f"{say.short_month(at)} {at.year}"))
    return svg.Scale(first, last + 1.2, labels)


def _names(model: PovertyModel, say: Language) -> list[str]:
    first = model.plan.period.start.index - 1
    return [say.month(Month.of_index(m)) for m in range(first, model.today + 1)]


def _numbers(model: PovertyModel, one: _Series) -> npt.NDArray[np.float64]:
    found = december_series(model, one.key) if one.yearly else series(model, one.key)
    return found / one.size


def _chart(
    model: PageModel, say: Language, one: _Series, title: str, marks: list[svg.Mark] | None = None
) -> str:
    values = _numbers(model, one)
    lines, difference = [svg.Line(say("plan"), values, svg.BLUE)], None
    if model.twin is not None:
        beside = _numbers(model.twin, one)
        lines.insert(0, svg.Line(say("beside"), beside, svg.VERMILION, dashed=True))
        # A difference is small beside the level: whole persons, jobs and yuan.
        difference = svg.Difference(
            say("difference"), (values - beside) * one.size, lambda v: say.number(v, 0, signed=True)
        )
    return svg.line_chart(
        say(f"chart.{title}"), _scale(model, say), lines,
        lambda v: say.number(v, one.decimals), marks or (), difference, _names(model, say),
    )  # fmt: skip


def _document_year(model: PovertyModel) -> float | None:
    """Where the document's December lies on the axis; None unless all of its year is lived."""
    period, december = model.plan.period, Month(province().document_year, 12)
    if period.start <= _january() and december <= period.end:
        return december.index + 0.5
    return None


def _january() -> Month:
    return Month(province().document_year, 1)


def _register_marks(model: PageModel, say: Language) -> list[svg.Mark] | None:
    """The document's poor and lifted; None where it is not the register that counts."""
    if model.plan.counting == "survey":
        return None
    at = _document_year(model)
    if at is None:
        return []
    poor, lifted = (figure_of(name).value for name in ("registered_poor_end", "lifted"))
    words = say("mark.poor", value=f"{poor / MILLION:g}")
    marks = [svg.Mark(words, at, poor / MILLION)]
    if model.plan.period.start == _january():  # "lifted" is the fall of one year
        start = float(series(model, "registered_poor")[0])
        words = say("mark.lifted", value=say.people(lifted))
        marks.append(svg.Mark(words, at, (start - lifted) / MILLION, svg.VERMILION))
    return marks


def _money_chart(model: PageModel, say: Language) -> str:
    now = delivered_by_class(model)
    beside = delivered_by_class(model.twin) if model.twin is not None else {}
    used = [c for c in MONEY_CLASSES if now[c][-1] or (beside and beside[c][-1])] or ["fiscal"]
    lines = [
        svg.Line(f"{say('beside')}, {say(f'money.{c}')}", beside[c] / MILLION, MONEY_COLOURS[c],
                 dashed=True) for c in used if beside
    ]  # fmt: skip
    lines += [svg.Line(say(f"money.{c}"), now[c] / MILLION, MONEY_COLOURS[c]) for c in used]
    at, marks = _document_year(model), []
    if at is not None and model.plan.period.start == _january():
        for name in MONEY_TOLD:
            if name in used:
                told = figure_of(f"money/{name}")
                value = told.value / MILLION
                words = say("mark.money", id=told.id, value=say.number(value))
                marks.append(svg.Mark(words, at, value, MONEY_COLOURS[name]))
    difference = None
    if beside:
        change = sum((now[c] - beside[c] for c in used), np.zeros(now["fiscal"].size))
        difference = svg.Difference(
            say("difference"), change / MILLION, lambda v: say.number(v, 1, signed=True)
        )
    return svg.line_chart(
        say("chart.money"), _scale(model, say), lines, say.number, marks, difference,
        _names(model, say),
    )  # fmt: skip


@dataclass(frozen=True)
class Headline:
    """One number at the head of the page; `exact` is what the pointer says of it."""

    title: str
    value: str
    exact: str
    note: str


def headlines(model: PageModel, say: Language) -> list[Headline]:
    """The official count, the true one, income and money, each beside the twin's."""
    survey = model.plan.counting == "survey"
    start = Month.of_index(model.plan.period.start.index - 1)
    counts = (
        ("head.survey", "survey_poor", True)
        if survey
        else ("head.official", "registered_poor", False),
        ("head.true", "income_poor", False),
    )
    found = []
    for title, key, yearly in counts:
        one = _Series(key, yearly, 1.0, 0)
        values = _numbers(model, one)
        note = say("head.since", value=say.people(values[-1] - values[0], signed=True),
                   month=say.month(start))  # fmt: skip
        if model.twin is not None:
            beside = float(_numbers(model.twin, one)[-1])
            note = say("head.twin", value=say.people(beside),
                       difference=say.people(values[-1] - beside, signed=True))  # fmt: skip
        found.append(Headline(say(title), say.people(values[-1]), say.number(values[-1]), note))
    income = _Series("mean_income", True, 1.0, 0)
    values = _numbers(model, income)
    note = say("head.since", value=say.number(values[-1] - values[0], 0, signed=True),
               month=say.month(start))  # fmt: skip
    if model.twin is not None:
        beside = float(_numbers(model.twin, income)[-1])
        note = say("head.twin", value=say.number(beside),
                   difference=say.number(values[-1] - beside, 1, signed=True))  # fmt: skip
    shown = say("head.yuan", value=say.number(values[-1]))
    found.append(Headline(say("head.income"), shown, say.number(values[-1], 2), note))
    money = _grants(model)
    note = ""
    if model.twin is not None:
        beside = _grants(model.twin)
        note = say("head.twin", value=say.millions(beside),
                   difference=say.millions(money - beside, signed=True))  # fmt: skip
    shown = say("head.million_yuan", value=say.millions(money))
    found.append(Headline(say("head.spent"), shown, say.number(money), note))
    return found


def _grants(model: PovertyModel) -> float:
    by_class = delivered_by_class(model)
    return float(sum(by_class[money][-1] for money in GIFT_CLASSES))


def month_words(model: PovertyModel, say: Language) -> str:
    """The month that is shown."""
    return say.month(last_month(model))
