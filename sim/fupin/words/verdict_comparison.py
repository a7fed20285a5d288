"""The verdict of a comparison: which plan does more against true poverty, for what money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fupin.results.reassessment import REASSESSED
from fupin.scenario.programme_catalogue import CLASS_OF, GIFT_CLASSES, record_of
from fupin.scenario.schema import Scenario
from fupin.words import quantities
from fupin.words.judging import PRACTICAL, Estimate, Judged, judged
from fupin.words.quantities import bracketed
from fupin.words.verdict_ground import Facts, Luck, Speech, evidence, in_order, language, of_sample
from fupin.words.verdict_parts import MOST_SENTENCES, Kind, Sentence, Verdict, fitting

SHOWN = 5
"""Plans that have a sentence of their own; of more, the best ones and the worst."""

LEAST_UNSPENT = 1_000_000.0
"""Yuan; less money that stays unspent has no sentence."""


def comparison_verdict(
    comparison: Mapping[str, Any],
    base: Scenario | Mapping[str, Any],
    plans: Sequence[Scenario | Mapping[str, Any]],
    lang: str = "en",
    most: int = MOST_SENTENCES,
) -> Verdict:
    """What a comparison says.

    Args:
        comparison: content of `comparison.json`.
        base, plans: the scenarios that it compares.
        lang: en or zh.
        most: how many sentences there is room for.

    Raises:
        InputError: there is no such language.
    """
    say = language(lang)
    luck = Luck.of(comparison)
    told = [_Plan(say, comparison, Facts.of(say, plan), luck) for plan in plans]
    told.sort(key=lambda plan: -plan.size)
    judgements = {plan.facts.name: plan.judged for plan in told}
    if len(told) == 1:
        groups, title = _alone(told[0]), told[0].title()
    else:
        groups = _several(say, comparison, Facts.of(say, base), told)
        title = _title(say, told)
    groups += [_certainty(say, luck), of_sample(say, told[0].facts.sample)]
    return Verdict(say.code, title, fitting(in_order(groups), most), judgements)


def _certainty(say: Speech, luck: Luck) -> list[Sentence]:
    found = luck.sentences(say)
    if found[0].kind == "certainty":
        text = say("certainty.pairs", n=say.number(luck.runs))
        return [Sentence("certainty", text), *found[1:]]
    return found


@dataclass(frozen=True)
class _Plan:
    """One plan beside the base."""

    say: Speech
    comparison: Mapping[str, Any]
    facts: Facts
    luck: Luck

    def change(self, outcome: str) -> Estimate | None:
        """Plan less base."""
        entry = self.comparison["outcomes"][self.facts.name].get(outcome)
        return None if entry is None else Estimate.of(entry["difference"])

    def of_base(self, outcome: str) -> float | None:
        """The base's own number."""
        entry = self.comparison["outcomes"][self.facts.name].get(outcome)
        return None if entry is None else entry["base"]

    @cached_property
    def judged(self) -> Judged:
        """What is known of true poverty."""
        more = self.change("income_poor_years")
        return judged(None if more is None else -more, self.of_base("income_poor_years"))

    @property
    def size(self) -> float:
        """By which plans are ordered: what is told apart from zero counts, and all else is none."""
        gain = self.judged.gain
        return gain.mean if gain is not None and self.judged.told else 0.0

    @property
    def key(self) -> str:
        """Of the sentence about true poverty."""
        gain = self.judged.gain
        if self.judged.direction == "unclear" and gain is not None and gain.low is None:
            return "one"
        return self.judged.direction

    def _values(self, name: str, money: str = "") -> dict[str, str]:
        values = {"plan": name, "year": str(self.facts.year), "money": money}
        gain = self.judged.gain
        if gain is None:
            return values
        shown = -gain if self.judged.direction == "worse" else gain
        return values | {
            "amount": quantities.amount(self.say, shown), "range": quantities.span(self.say, shown),
            "threshold": quantities.number(self.say, self.judged.threshold, 0),
        }  # fmt: skip

    def title(self) -> str:
        """The finding about this plan."""
        return self.say(f"plan.title.{self.key}", **self._values(self.facts.title))

    def effect(self, name: str, money: str = "") -> Sentence:
        """The sentence about true poverty."""
        text = self.say(f"plan.effect.{self.key}", **self._values(name, money))
        return self.sentence("effect", text[0].upper() + text[1:])

    def sentence(self, kind: Kind, text: str) -> Sentence:
        """A sentence about this plan."""
        return Sentence(kind, text, self.facts.name)

    def certainty(self, name: str = "") -> list[Sentence]:
        """That the other sign is not rare, where it is not."""
        gain = self.judged.gain
        if not self.judged.on_average or gain is None or gain.reversed is None:
            return []
        share = self.say.percent(gain.reversed)
        key = "plan.not_all_named" if name else "plan.not_all"
        return [self.sentence("certainty", self.say(key, share=share, plan=name))]

    def short_money(self) -> str:
        """The change in spending, as the end of a sentence."""
        spent, base = self.change("spent"), self.of_base("spent")
        if spent is None:
            return ""
        if abs(spent.mean) <= PRACTICAL * abs(base or 0.0):
            return self.say("plan.money.same")
        way = "more" if spent.mean > 0 else "less"
        size = spent if spent.mean > 0 else -spent
        return self.say(f"plan.money.{way}", yuan=quantities.yuan_of(self.say, size))

    def money(self) -> list[Sentence]:
        """What the plan spends more or less than the base, and why some of it is not spent."""
        say, spent, resources = self.say, self.change("spent"), self.change("resource_cost")
        if spent is None:
            return []
        plan = say("plan.it")
        if abs(spent.mean) <= PRACTICAL * abs(self.of_base("spent") or 0.0):
            found = [self.sentence("money", say("plan.money.equal", plan=plan))]
        else:
            size = spent if spent.mean > 0 else -spent
            values = {
                "plan": plan, "yuan": quantities.yuan_of(say, size),
                "way": say("plan.more" if spent.mean > 0 else "plan.less"),
                "range": bracketed(say, size),
            }  # fmt: skip
            key = "plan.money.alone"
            if resources is not None:
                key = "plan.money"
                size = resources if resources.mean > 0 else -resources
                values["resources"] = quantities.yuan_of(say, size)
                values["resources_way"] = say("plan.more" if resources.mean > 0 else "plan.less")
            found = [self.sentence("money", say(key, **values))]
        return found + self._unspent()

    def _unspent(self) -> list[Sentence]:
        entries = {
            key: of["unspent"]
            for key, of in self.comparison["programmes"][self.facts.name].items()
            if CLASS_OF.get(key) in GIFT_CLASSES and of["unspent"]["difference"]["mean"] is not None
        }
        if not entries:
            return []
        most = max(entries, key=lambda key: entries[key]["difference"]["mean"])
        more = Estimate.of(entries[most]["difference"])
        if more is None or more.mean < LEAST_UNSPENT or not (more.told or more.low is None):
            return []
        values = {
            "programme": self.say.programme(record_of(most)),
            "yuan": quantities.yuan(self.say, entries[most]["plan"]),
            "more": quantities.yuan(self.say, more.mean),
        }
        return [self.sentence("money", self.say("plan.unspent", **values))]

    def register(self) -> list[Sentence]:
        """The official number, and what re-assessment does to it alone."""
        say, found = self.say, []
        lifted = self.change("lifted")
        judgement = judged(lifted, self.of_base("registered_poor_start"))
        if lifted is None:
            return []
        if judgement.told:
            way = "more" if lifted.mean > 0 else "less"
            shown = lifted if lifted.mean > 0 else -lifted
            values = {"amount": quantities.amount(say, shown), "range": bracketed(say, shown)}
            found.append(say(f"plan.register.{way}", **values))
        else:
            way = "small" if judgement.direction == "small" else "unclear"
            found.append(say(f"plan.register.{way}", range=bracketed(say, lifted)))
        alone = self.change(REASSESSED)
        if alone is not None and alone.told and judgement.told:
            way = "more" if alone.mean > 0 else "less"
            shown = alone if alone.mean > 0 else -alone
            values = {"amount": quantities.amount(say, shown), "range": bracketed(say, shown)}
            found.append(say(f"plan.register.reassessed_{way}", **values))
        return [self.sentence("register", text) for text in found]

    def cost(self, name: str = "") -> list[Sentence]:
        """Yuan for each person-year more, where the effect is told from zero.

        Args:
            name: of the plan, where several stand in one verdict.
        """
        entry = self.comparison["cost"].get(self.facts.name, {}).get("per_extra_out_of_poverty")
        spent = Estimate.of(entry)
        if entry is None or self.judged.direction in ("same", "unknown"):
            return []
        if spent is None or not self.judged.told:
            way = "small" if self.judged.direction == "small" else "none"
            return [self.sentence("cost", self.say(f"plan.cost.{way}"))]
        fewer = entry["direction"] == "fewer"
        if spent.mean < 0:
            if fewer:
                return [self.sentence("cost", self.say("plan.cost.worse"))]
            key = "plan.cost.better_named" if name else "plan.cost.better"
            return [self.sentence("cost", self.say(key, plan=name))]
        values = {
            "spent": quantities.amount(self.say, spent),
            "spent_range": bracketed(self.say, spent),
        }
        resources = Estimate.of(entry.get("resource_cost"))
        if fewer:
            return [self.sentence("cost", self.say("plan.cost.saved", **values))]
        if resources is None:
            return []
        values["resources"] = quantities.amount(self.say, resources)
        values["range"] = bracketed(self.say, resources)
        key = "plan.cost.named" if name else "plan.cost"
        return [self.sentence("cost", self.say(key, plan=name, **values))]

    def cash(self) -> list[Sentence]:
        """Its money as cash, handed out as committees do today."""
        entry = self.comparison.get("cash", {}).get(self.facts.name, {}).get("today")
        less = Estimate.of(entry["out_of_poverty_difference"]) if entry else None
        if less is None or less.nothing:
            return []
        if not less.told:
            return [self.sentence("cash", self.say("plan.cash.unclear", range=""))]
        way, shown = ("more", -less) if less.mean < 0 else ("less", less)
        values = {"amount": quantities.amount(self.say, shown), "range": bracketed(self.say, shown)}
        return [self.sentence("cash", self.say(f"plan.cash.{way}", **values))]

    def jobs(self) -> list[Sentence]:
        """More or fewer jobs, where that is told from zero."""
        jobs = self.change("additional_jobs")
        if jobs is None or not jobs.told or abs(jobs.mean) < 1.0:
            return []
        way, shown = ("more", jobs) if jobs.mean > 0 else ("less", -jobs)
        values = {"amount": quantities.amount(self.say, shown), "range": bracketed(self.say, shown)}
        return [self.sentence("jobs", self.say(f"plan.jobs.{way}", last=self.facts.last, **values))]

    def whom(self) -> list[Sentence]:
        """Who is out of poverty because of the plan, and who is in it."""
        base = self.comparison["base"]
        kinds = self.comparison["additionality"].get(self.facts.name, {}).get(base, {})
        everybody = kinds.get("income", {}).get("all", {})
        out, harmed = (Estimate.of(everybody.get(key)) for key in ("because", "harmed"))
        if out is None or harmed is None or not self.judged.told:
            return []
        values = {name: quantities.amount(self.say, size)
                  for name, size in (("out", out), ("harmed", harmed))}  # fmt: skip
        return [self.sentence("whom", self.say("plan.whom", last=self.facts.last, **values))]

    def moved(self) -> dict[str, float]:
        """Yuan that a programme has more or less than in the base.

        Money that is lent or claimed counts where none is given: ten billion that enterprises claim
        would else be nearly all of it.
        """
        found = {}
        for key, of in self.comparison["programmes"][self.facts.name].items():
            more = of["budget"]["difference"]["mean"]
            found[key] = abs(more or 0.0)
        gifts = {key: yuan for key, yuan in found.items() if CLASS_OF.get(key) in GIFT_CLASSES}
        return gifts if any(gifts.values()) else found


def _alone(plan: _Plan) -> list[list[Sentence]]:
    return [
        [plan.effect(plan.say("plan.it"))],
        plan.certainty(),
        plan.register(),
        plan.money(),
        plan.cost(),
        plan.cash(),
        plan.jobs(),
        plan.whom(),
        evidence(plan.say, "moved", plan.moved(), plan.facts.measured),
    ]


def _several(
    say: Speech, comparison: Mapping[str, Any], base: Facts, plans: Sequence[_Plan]
) -> list[list[Sentence]]:
    """A sentence a plan, best first; the base has its place among them as what makes no change."""
    names = _names(say, plans)
    lead = say("plans.lead", n=len(plans), base=base.short(say))
    shown = list(plans)
    between: list[Sentence] = []
    if len(plans) > SHOWN:
        best, worst = SHOWN - 2, 2
        shown = [*plans[:best], *plans[-worst:]]
        text = say("plans.between", n=len(plans) - SHOWN)
        between = [Sentence("certainty", text)]
    effects = [plan.effect(names[plan.facts.name], plan.short_money()) for plan in shown]
    if between:
        effects[SHOWN - 2 : SHOWN - 2] = between
    return [
        [Sentence("effect", lead)],
        effects,
        _not_apart(say, comparison, plans, names),
        [one for plan in shown[:1] for one in plan.certainty(names[plan.facts.name])],
        shown[0].cost(names[shown[0].facts.name]) if shown[0].judged.direction == "better" else [],
    ]


def _names(say: Speech, plans: Sequence[_Plan]) -> dict[str, str]:
    """Titles for sentences; names where cut titles would be the same."""
    short = {plan.facts.name: plan.facts.short(say) for plan in plans}
    if len(set(short.values())) < len(short):
        return {name: f"“{name}”" for name in short}
    return short


def _not_apart(
    say: Speech, comparison: Mapping[str, Any], plans: Sequence[_Plan], names: Mapping[str, str]
) -> list[Sentence]:
    """That the best two are not told apart, where both do more than the base."""
    first, second = plans[:2]
    if second.judged.direction != "better":
        return []
    both = {first.facts.name, second.facts.name}
    for pair in comparison["runs_needed"]:
        if {pair["a"], pair["b"]} == both and pair["outcome"] == "income_poor_years":
            if pair["told_apart"]:
                return []
            text = say("plans.not_apart", first=names[first.facts.name],
                       second=names[second.facts.name])  # fmt: skip
            return [Sentence("certainty", text)]
    return []


def _title(say: Speech, plans: Sequence[_Plan]) -> str:
    best = plans[0]
    if best.judged.direction != "better" or best.judged.gain is None:
        return say("plans.title.none", n=len(plans))
    amount = quantities.amount(say, best.judged.gain)
    means = [one.judged.gain.mean for one in plans[1:] if one.judged.gain is not None]
    if any(mean > best.judged.gain.mean for mean in means):  # but the runs cannot tell it from zero
        return say("plans.title.told", n=len(plans), plan=best.facts.short(say), amount=amount)
    return say("plans.title.best", n=len(plans), plan=best.facts.short(say), amount=amount)
