"""The verdict of a run: what its programmes do beside the same world without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.results.reassessment import INCOME, REASSESSED
from fupin.scenario.programme_catalogue import CLASS_OF, GIFT_CLASSES, record_of
from fupin.scenario.schema import Scenario
from fupin.words import quantities
from fupin.words.judging import Estimate, Judged, judged
from fupin.words.language import Language
from fupin.words.quantities import bracketed
from fupin.words.unspent import LEAST as LEAST_SAID
from fupin.words.verdict_ground import Facts, Luck, evidence, in_order, language, mean, of_sample
from fupin.words.verdict_parts import MOST_SENTENCES, Sentence, Verdict, fitting

LEAST_UNSPENT = 0.01
"""Of the fiscal and social budget; less unspent money has no sentence."""


def run_verdict(
    summary: Mapping[str, Any],
    scenario: Scenario | Mapping[str, Any],
    lang: str = "en",
    most: int = MOST_SENTENCES,
) -> Verdict:
    """What the runs of one plan say.

    Args:
        summary: content of `summary.json`.
        scenario: the plan.
        lang: en or zh.
        most: how many sentences there is room for.

    Raises:
        InputError: there is no such language.
    """
    say = language(lang)
    facts, luck = Facts.of(say, scenario), Luck.of(summary)
    outcomes, programmes = summary["outcomes"], summary["programmes"]
    found, key = _judged(outcomes, programmes, luck)
    values = _values(say, found, facts, luck)
    effect = Sentence("effect", say(f"run.effect.{key}", **values), facts.name)
    groups = [
        [effect],
        _poor(say, outcomes, facts, luck),
        _register(say, outcomes, facts),
        _money(say, outcomes),
        _unspent(say, programmes),
        _cost(say, outcomes, found),
        # Old funds go on to lend where no money is given; that is not what the plan does.
        [] if key == "none" else _jobs(say, outcomes, facts),
        _whom(say, outcomes, facts) if _reach(programmes) else [],
        evidence(say, "assumed", _gifts(programmes), facts.measured),
        luck.sentences(say),
        of_sample(say, facts.sample),
    ]
    title = say(f"run.title.{key}", **values)
    return Verdict(say.code, title, fitting(in_order(groups), most), {facts.name: found})


def _judged(
    outcomes: Mapping[str, Any], programmes: Mapping[str, Any], luck: Luck
) -> tuple[Judged, str]:
    """What is known of true poverty, and the key of the sentence that says it."""
    gain = Estimate.of(outcomes.get("person_years_out"))
    found = judged(gain, mean(outcomes, "income_poor_years"))
    if not any(mean(of, "budget") for of in programmes.values()):
        # Nothing is spent, so whatever differs is not what the plan does.
        return Judged("unclear" if found.told else found.direction, gain, found.threshold), "none"
    worse = gain is not None and gain.mean < 0
    if luck.runs == 1 and gain is not None and not gain.nothing:
        found = Judged("unclear", gain, found.threshold)
        return found, "one_worse" if worse else "one"
    if luck.few and found.told:
        found = Judged("unclear", gain, found.threshold)
        return found, "few_worse" if worse else "few"
    return found, found.direction


def _values(say: Language, found: Judged, facts: Facts, luck: Luck) -> dict[str, str]:
    """What fills the blanks of sentences about true poverty."""
    if found.gain is None:
        return {"year": str(facts.year)}
    gain = found.gain
    low, high = quantities.ends(say, -gain if luck.few and gain.mean < 0 else gain)
    size = quantities.amount(say, gain)
    if found.direction != "small":  # the words say which way it goes
        size = size.lstrip("−")
    span = quantities.span(say, -gain if found.direction == "worse" else gain)
    return {
        "year": str(facts.year), "amount": size, "low": low, "high": high,
        "range": luck.range(say, span) if span else "", "n": say.number(luck.runs),
        "threshold": quantities.number(say, found.threshold, 0),
    }  # fmt: skip


def _poor(say: Language, outcomes: Mapping[str, Any], facts: Facts, luck: Luck) -> list[Sentence]:
    end = Estimate.of(outcomes.get("income_poor_end"))
    if end is None:
        return []
    values = {"end": quantities.amount(say, end), "range": bracketed(say, end)}
    found = [Sentence("poor", say("run.poor", last=facts.last, **values), facts.name)]
    without = Estimate.of(outcomes.get("additional_out_of_poverty"))
    if without is not None and without.told and without.mean > 0 and not luck.few:
        values = {"amount": quantities.amount(say, without), "range": quantities.span(say, without)}
        found.append(Sentence("poor", say("run.poor.without", **values), facts.name))
    return found


def _register(say: Language, outcomes: Mapping[str, Any], facts: Facts) -> list[Sentence]:
    """The official number, and what of its fall is income and what re-assessment."""
    lifted = Estimate.of(outcomes.get("lifted"))
    if lifted is None:
        return []
    key = "when" if facts.first == facts.last else "from"
    when = say(f"run.register.{key}", year=facts.last, first=facts.first, last=facts.last)
    falls = lifted if lifted.mean >= 0 else -lifted
    values = {"amount": quantities.amount(say, falls), "range": bracketed(say, falls)}
    which = "falls" if lifted.mean >= 0 else "grows"
    texts = [say(f"run.register.{which}", when=when, **values)]
    income = Estimate.of(outcomes.get(INCOME))
    if income is not None and not income.nothing:
        key = "income_unclear" if not income.told else "income" if income.mean > 0 else "added"
        size = income if income.mean > 0 or not income.told else -income
        key = "income_added" if key == "added" else key
        values = {"amount": quantities.amount(say, size), "range": bracketed(say, size)}
        texts.append(say(f"run.register.{key}", **values))
    reassessed = Estimate.of(outcomes.get(REASSESSED))
    if reassessed is not None and reassessed.mean >= 1.0:
        values = {
            "amount": quantities.amount(say, reassessed), "range": bracketed(say, reassessed),
        }  # fmt: skip
        texts.append(say("run.register.reassessed", **values))
    return [Sentence("register", text, facts.name) for text in texts]


def _money(say: Language, outcomes: Mapping[str, Any]) -> list[Sentence]:
    spent = Estimate.of(outcomes.get("spent"))
    if spent is None or spent.nothing:
        return []
    resources = Estimate.of(outcomes.get("resource_cost"))
    if resources is None:
        values = {"spent": quantities.yuan_of(say, spent), "range": bracketed(say, spent)}
        return [Sentence("money", say("run.money.spent", **values))]
    values = {
        "spent": quantities.yuan(say, spent.mean), "range": bracketed(say, resources),
        "resources": quantities.yuan_of(say, resources),
    }  # fmt: skip
    return [Sentence("money", say("run.money", **values))]


def _gifts(programmes: Mapping[str, Any], key: str = "budget") -> dict[str, float]:
    """Yuan of programmes whose money is given, fiscal or social."""
    return {
        name: mean(of, key) or 0.0
        for name, of in programmes.items()
        if CLASS_OF.get(name) in GIFT_CLASSES
    }


def _reach(programmes: Mapping[str, Any]) -> bool:
    """Whether programmes that have money reach anybody."""
    return any(mean(of, "budget") and mean(of, "persons") for of in programmes.values())


def _unspent(say: Language, programmes: Mapping[str, Any]) -> list[Sentence]:
    left, budget = _gifts(programmes, "unspent"), sum(_gifts(programmes).values())
    total = sum(left.values())
    if total < LEAST_SAID or total < LEAST_UNSPENT * budget:
        return []
    most = record_of(max(left, key=lambda name: left[name]))
    values = {"yuan": quantities.yuan(say, total), "programme": say.programme(most)}
    return [Sentence("money", say("run.unspent", **values))]


def _cost(say: Language, outcomes: Mapping[str, Any], found: Judged) -> list[Sentence]:
    """Yuan for a person-year, where it is known that there are any.

    Ranges go from the least money over the most person-years to the most over the least: they are
    wide rather than narrow.
    """
    gain = found.gain
    if found.direction != "better" or gain is None or not gain.low or not gain.high:
        return []
    parts = {}
    for key, name in (("spent", "spent"), ("resource_cost", "resources")):
        money = Estimate.of(outcomes.get(key))
        if money is None or not money.mean > 0:
            return []
        low, high = (money.mean if end is None else end for end in (money.low, money.high))
        parts[name] = Estimate(money.mean / gain.mean, low / gain.high, high / gain.low)
    values = {
        "spent": quantities.amount(say, parts["spent"]),
        "spent_range": bracketed(say, parts["spent"]),
        "resources": quantities.amount(say, parts["resources"]),
        "range": bracketed(say, parts["resources"]),
    }
    return [Sentence("cost", say("run.cost", **values))]


def _jobs(say: Language, outcomes: Mapping[str, Any], facts: Facts) -> list[Sentence]:
    jobs = Estimate.of(outcomes.get("additional_jobs"))
    if jobs is None or not jobs.told or jobs.mean <= 0:
        return []
    values = {"amount": quantities.amount(say, jobs), "range": bracketed(say, jobs)}
    return [Sentence("jobs", say("run.jobs", last=facts.last, **values), facts.name)]


def _whom(say: Language, outcomes: Mapping[str, Any], facts: Facts) -> list[Sentence]:
    everybody, poor = (
        Estimate.of(outcomes.get(key)) for key in ("npv_income_5", "npv_income_poor_5")
    )
    if (
        everybody is not None
        and poor is not None
        and min(everybody.low or 0.0, poor.low or 0.0) > 0
    ):
        values = {
                "all": quantities.yuan(say, everybody.mean), "poor": quantities.yuan(say, poor.mean)
            }  # fmt: skip
        return [Sentence("whom", say("run.whom", year=facts.year, **values), facts.name)]
    reached = Estimate.of(outcomes.get("households_reached"))
    if reached is None or reached.nothing:
        return []
    values = {"households": quantities.amount(say, reached), "range": bracketed(say, reached)}
    return [Sentence("whom", say("run.whom_none", **values), facts.name)]
