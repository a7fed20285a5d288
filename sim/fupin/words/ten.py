"""The ten questions of a planner, each answered in one sentence from the numbers of a result.

Terminal, report, brief and page say the same sentences. What a face knows of its result it puts
into `Known`; what is not known there is said to be unknown, and never left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fupin.scenario.programme_catalogue import CLASS_OF, GIFT_CLASSES, with_others
from fupin.words import quantities
from fupin.words.judging import Estimate
from fupin.words.language import Language
from fupin.words.verdict_ground import Speech, assumed_share

TEN = Path(__file__).with_name("ten.yaml")
"""Questions and answers."""

QUESTIONS = (
    "out", "sure", "cost", "whom", "where", "unspent", "cash", "change", "after", "programmes",
)  # fmt: skip
"""In the order in which they are asked."""

IN_VERDICT = ("out", "sure")
"""What the first sentences of a verdict say already."""

_NAMED = 3  # counties, payers and years that a sentence names
_LEAST_UNSPENT = 50_000.0  # yuan; less would be shown as 0.0 million
_CASH = "cash_transfer"
_LEAST_PART = 0.01  # of all resources; payers of less are not named


@dataclass(frozen=True)
class Gain:
    """Who gains and who loses, in persons; `share` is what the poorest fifth gets of all gains."""

    winners: float
    losers: float
    share: float | None = None
    of_line: bool = False


@dataclass(frozen=True)
class Places:
    """Counties with most of something: `kind` is a key below `where`, `values` are texts."""

    kind: str
    year: int
    values: Sequence[tuple[str, str]]
    told: int = 0
    all: int = 0


@dataclass(frozen=True)
class Cash:
    """Person-years out of poverty by a whole plan, and by its money as cash; None for cash."""

    plan: float
    cash: float | None


@dataclass(frozen=True)
class Known:
    """What a face knows of a result.

    Attributes:
        beside_base: the plan is held against a base with programmes, not against none.
        last, year: last year of the money, last year that is lived.
        out: person-years out of poverty, with their range.
        people: fewer poor people at the end of the money.
        runs, draws: how many.
        cost: yuan of all resources for a person-year of the whole plan; None where there is none.
        resources: yuan of all resources.
        payers: payer -> yuan.
        gain, places, cash: see there.
        budgets: programme -> yuan; of a plan beside a base what it has.
        moved: programme -> yuan more or less than under the base.
        unspent: programme -> yuan.
        limits: reason -> yuan that it kept from being spent, gifts only.
        by_year: year -> fewer poor people in it.
        persons: programme -> people reached.
        more_draws: sets of parameters that would tell the plan from the base.
        check: name of the result's folder.
        measured: own programmes whose effect the plan grades better than an assumption.
    """

    last: int
    year: int
    beside_base: bool = False
    out: Estimate | None = None
    people: float | None = None
    runs: int = 1
    draws: int = 1
    cost: float | None = None
    resources: float = 0.0
    payers: Mapping[str, float] = field(default_factory=dict)
    gain: Gain | None = None
    places: Places | None = None
    cash: Cash | None = None
    budgets: Mapping[str, float] = field(default_factory=dict)
    moved: Mapping[str, float] = field(default_factory=dict)
    unspent: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    by_year: Mapping[int, float] = field(default_factory=dict)
    persons: Mapping[str, float] = field(default_factory=dict)
    more_draws: int = 0
    check: str = ""
    measured: Collection[str] = ()


@dataclass(frozen=True)
class Answer:
    """A question and its answer.

    Attributes:
        key: one of QUESTIONS.
        label: a word or two for it.
        question: the whole question.
        text: the answer, with a capital letter and a full stop.
    """

    key: str
    label: str
    question: str
    text: str


def speech(lang: str) -> Speech:
    """The language with these words. Raises InputError for an unknown one."""
    return Speech(Language.of(lang).code, TEN)


def ten_answers(lang: str, known: Known) -> list[Answer]:
    """All ten, in order."""
    say = speech(lang)
    texts = {
        "out": _out(say, known), "sure": _sure(say, known), "cost": _cost(say, known),
        "whom": _whom(say, known), "where": _where(say, known),
        "unspent": _unspent(say, known), "cash": _cash(say, known),
        "change": _change(say, known), "after": _after(say, known),
        "programmes": _programmes(say, known),
    }  # fmt: skip
    found = []
    for key in QUESTIONS:
        text = texts[key] or say("none")
        end = "。" if say.chinese else "."
        text = text[0].upper() + text[1:]
        text = text if text.endswith(end) else text + end
        found.append(Answer(key, say(f"label.{key}"), say(f"ask.{key}"), text))
    return found


def _people(say: Language, value: float) -> str:
    return quantities.amount(say, Estimate(value))


def _out(say: Language, known: Known) -> str:
    if known.out is None:
        return ""
    years, year = quantities.amount(say, known.out), str(known.year)
    if known.beside_base:
        key = "out.more" if known.out.mean >= 0 else "out.fewer"
        return say(key, years=years.lstrip("−"), year=year)
    if known.people is None:
        return say("out.years", years=years, year=year)
    people = _people(say, known.people)
    return say("out.people", people=people, years=years, year=year, last=known.last)


def _sure(say: Language, known: Known) -> str:
    span = quantities.span(say, known.out) if known.out is not None else ""
    if not span:
        return say("sure.one") if known.runs == 1 else ""
    return say("sure.range", n=known.runs, draws=known.draws, range=span)


def _cost(say: Language, known: Known) -> str:
    total = sum(known.payers.values())
    if total <= 0:
        return ""
    order = sorted(known.payers, key=lambda payer: -known.payers[payer])
    shares = {payer: known.payers[payer] / total for payer in order[:_NAMED]}
    parts = [
        say("cost.payer", payer=say(f"payer.{payer}"), share=say.percent(share))
        for payer, share in shares.items()
        if share > _LEAST_PART
    ]
    if known.cost is None or known.cost <= 0:
        yuan = quantities.yuan(say, known.resources or total)
        # Beside a base there may be people and yet no cost: chance alone could have brought them.
        key = "cost.untold" if known.out is not None and known.out.mean > 0 else "cost.none"
        return say(key, yuan=yuan, payers=say.join(parts))
    return say("cost.all", yuan=_people(say, known.cost), payers=say.join(parts))


def _whom(say: Language, known: Known) -> str:
    gain = known.gain
    if gain is None:
        return ""
    more, less = _people(say, gain.winners), _people(say, gain.losers)
    if not gain.winners and not gain.losers:
        return say("whom.nobody_out" if gain.of_line else "whom.nobody")
    if gain.of_line:
        return say("whom.line", out=more, harmed=less)
    if gain.share is None or not 0 <= gain.share <= 1:
        return say("whom.people", winners=more, losers=less)
    return say("whom.fifths", winners=more, losers=less, share=say.percent(gain.share))


def _where(say: Language, known: Known) -> str:
    places = known.places
    if places is None or not places.values:
        return ""
    named = [say("where.county", name=n, value=v) for n, v in places.values[:_NAMED]]
    return say(
        f"where.{places.kind}", counties=say.join(named), n=places.told, all=places.all,
        last=places.year, year=places.year,
    )  # fmt: skip


def _gifts(of: Mapping[str, float]) -> float:
    return sum(yuan for key, yuan in of.items() if CLASS_OF.get(key) in GIFT_CLASSES)


def _unspent(say: Language, known: Known) -> str:
    budget, left = _gifts(known.budgets), _gifts(known.unspent)
    if budget <= 0:
        return ""
    shown = quantities.yuan(say, budget)
    least = min(_LEAST_UNSPENT, _LEAST_PART * budget)  # of a small budget little is much
    if left < least:
        return say("unspent.none", budget=shown)
    order = sorted(known.limits, key=lambda limit: -known.limits[limit])[:1]
    named = [limit for limit in order if known.limits[limit] >= least]
    reasons = [
        say("limit.part", part=_part(say, known.limits[one]), limit=say(f"limit.{one}"))
        for one in named
    ]
    if not reasons:
        reasons = [say("limit.other")]
    part = _part(say, left)
    return say("unspent.some", part=part, budget=shown, reasons=say.join(reasons))


def _part(say: Language, yuan: float) -> str:
    """Some of an amount whose unit is said beside it."""
    text = quantities.yuan(say, yuan, 2)
    return text if say.chinese else text.removesuffix(" yuan")


def _cash(say: Language, known: Known) -> str:
    if known.cash is not None:
        plan = _people(say, known.cash.plan)
        if known.cash.cash is None:
            return say("cash.itself", plan=plan)
        return say("cash.beside", cash=_people(say, known.cash.cash), plan=plan)
    if _only_cash(known.budgets):
        return say("cash.only")
    if known.resources <= 0:
        return ""
    if known.beside_base and known.cost is None:
        return say("cash.unknown")
    if known.cost is None or known.cost <= 0:
        return say("cash.any")
    return say("cash.even", yuan=_people(say, known.cost))


def _only_cash(budgets: Mapping[str, float]) -> bool:
    """Whether all money of a plan is cash transfers, so that there is nothing to hold beside it."""
    paid = {key.partition("/")[0] for key, yuan in budgets.items() if yuan > 0}
    return paid == {_CASH}


def _change(say: Language, known: Known) -> str:
    moved = {key: abs(yuan) for key, yuan in known.moved.items() if yuan}
    money = moved or known.budgets
    gifts = {key: yuan for key, yuan in money.items() if CLASS_OF.get(key) in GIFT_CLASSES}
    share = assumed_share(gifts if any(gifts.values()) else money, known.measured)
    parts = []
    if share is not None:
        key = "change.moved" if moved else "change.assumed"
        parts.append(say(key, share=say.percent(share)))
    if known.more_draws:
        parts.append(say("change.pairs", n=known.more_draws))
    elif len(known.by_year) > 1:
        first = min(known.by_year)
        parts.append(say("change.first", first=first, part=_people(say, known.by_year[first])))
    return ("；" if say.chinese else "; ").join(parts)


def _after(say: Language, known: Known) -> str:
    if not known.by_year:
        return "" if known.year > known.last else say("after.end", year=known.last)
    years = sorted(known.by_year)
    after = [year for year in years if year >= known.last]
    chosen = after if len(after) <= _NAMED else [after[0], after[len(after) // 2], after[-1]]
    items = [
        say("after.year", year=year, amount=_people(say, known.by_year[year])) for year in chosen
    ]
    if years[-1] <= known.last:
        last = _people(say, known.by_year[years[-1]])
        last = f"{last}人" if say.chinese else last
        if not known.by_year[years[-1]]:
            return say("after.none", year=years[-1])
        return say("after.only", year=years[-1], items=last)
    key = "after.more" if known.beside_base else "after.years"
    return say(key, items=say.join(items))


def _programmes(say: Speech, known: Known) -> str:
    moved = {key: yuan for key, yuan in known.moved.items() if abs(yuan) >= _LEAST_UNSPENT}
    names = Speech(say.code)
    title = {p.key: names.programme(p) for p in with_others({**known.persons, **known.budgets})}
    if moved:  # what enterprises claim and what is lent is named where nothing is given
        given = {key: yuan for key, yuan in moved.items() if CLASS_OF.get(key) in GIFT_CLASSES}
        order = sorted(given or moved, key=lambda key: -abs(moved[key]))[:1]
        texts = [
            say("programmes.one_moved", name=title.get(key, key), yuan=_signed(say, moved[key]))
            for key in order
        ]
        text = say("programmes.moved", names=say.join(texts))
    else:
        reached = {key: n for key, n in known.persons.items() if n > 0}
        order = sorted(reached, key=lambda key: -reached[key])[:1]
        if not order:
            paid = any(yuan > 0 for yuan in known.budgets.values())
            return say("programmes.nobody" if paid else "programmes.none")
        texts = [
            say("programmes.one", name=title.get(key, key), persons=_people(say, reached[key]))
            for key in order
        ]
        text = say("programmes.reach", names=say.join(texts))
    if known.check:
        check = say("programmes.check", name=known.check)
        return ("；" if say.chinese else "; ").join([text, check])
    return text


def _signed(say: Language, yuan: float) -> str:
    return ("+" if yuan > 0 else "") + quantities.yuan(say, yuan)


def said_of(answer: Answer, chinese: bool = False) -> str:
    """An answer behind its label, as a terminal shows it."""
    return f"{answer.label}{'：' if chinese else ': '}{answer.text}"
