"""Sentences of the report of a sweep, in both languages, from the fields of the answers.

The files hold English sentences too (`words`), for the terminal. Here they are made anew, so that
both languages say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.parameters.parameter import GRADES
from fupin.report.html.sweep_names import plain
from fupin.results.outcome import OUTCOMES
from fupin.uncertainty.assumptions import LEAST_R2
from fupin.uncertainty.discovery import WEAK, choices_by_rule
from fupin.uncertainty.outcomes import GAIN, REGRET, base_name, percent_of
from fupin.uncertainty.rankings import THIRDS
from fupin.words.language import Language
from fupin.words.numbers import MINUS, NOTHING, places_of, rounded

Fields = Mapping[str, Any]

PARTS = ("chance", "parameters", "structure", "together")
"""Components of a variance."""


def outcome_title(say: Language, name: str) -> str:
    """Name of an outcome, also of a derived one; a function's own number keeps its name."""
    base = base_name(name)
    title = say(f"outcome.{base}") if base in OUTCOMES else base
    for ending in (REGRET, GAIN):
        if name.endswith(ending):
            return say(f"sweep.outcome_{ending[1:]}", outcome=title)
    return title


def plan_title(say: Language, plan: str) -> str:
    """Name of a plan; of the only one where it has none."""
    return plain(say, plan) or say("sweep.the_plan")


def amount(say: Language, value: float, unit: str, digits: int = 3) -> str:
    """A quantity to some significant digits, shares in percent."""
    value *= 100.0 if unit == "share" else 1.0
    size, suffix = say.magnitude(value)
    return rounded(value / size, places_of(value / size, digits)) + suffix


def method_of(answer: Fields) -> str:
    """How importance is counted: forms alone are parts of the variance, as associations are."""
    return answer["method"] or "association"


def importance(say: Language, value: float, method: str, unit: str) -> str:
    """How much an assumption matters, as its method counts."""
    if method == "morris":
        return amount(say, value, unit)
    return rounded(value, 2) if method == "sobol" else percent_of(value)


def grade_title(say: Language, one: Fields) -> str:
    """The grade of evidence of an assumption, or what it is where evidence has no say."""
    if one["grade"] in GRADES:
        return say(f"grade.{one['grade']}")
    known = ("structure", "lever", "event")
    return say(f"sweep.kind_{one['kind']}") if one["kind"] in known else "?"


def subject(say: Language, answer: Fields) -> str:
    """What an answer is about: the level under a plan, or the difference between two."""
    outcome = outcome_title(say, answer["outcome"])
    if answer["minus"]:
        return say("sweep.difference", outcome=outcome, plan=plain(say, answer["of"]),
                   other=plain(say, answer["minus"]))  # fmt: skip
    if not answer["of"]:
        return outcome
    return say("sweep.level", outcome=outcome, plan=plain(say, answer["of"]))


def two_lines(say: Language, answer: Fields) -> str:
    """The same in two lines, for the axis of a chart."""
    outcome, plans = outcome_title(say, answer["outcome"]), plain(say, answer["of"])
    if answer["minus"]:
        plans = f"{plans} {MINUS} {plain(say, answer['minus'])}"
    return f"{outcome}\n{plans}" if plans else outcome


def what_matters(say: Language, answer: Fields) -> str:
    """The assumptions that matter most, or that none can be told."""
    what, found = subject(say, answer), {a["name"]: a for a in answer["assumptions"]}
    if not answer["top"]:
        key = "sweep.none_matters" if answer["assumptions"] else "sweep.no_method"
        return say(key, what=what)
    each = [_assumption(say, found[name], answer) for name in answer["top"]]
    return say("sweep.matters", what=what, each=_listed(say, each))


def _assumption(say: Language, one: Fields, answer: Fields) -> str:
    method = method_of(answer)
    size = importance(say, one["importance"], method, answer["unit"])
    inner = [say(f"sweep.size_{method}", size=size)]
    if one["direction"]:
        inner.append(say("sweep.rises" if one["direction"] > 0 else "sweep.falls"))
    inner.append(grade_title(say, one))
    return say("sweep.with", name=one["name"], more=say.also(*inner))


def answer_sentences(say: Language, answer: Fields) -> list[str]:
    """What matters for one number, how far its emulator can be believed."""
    words = [what_matters(say, answer)]
    error = answer["emulator"]
    if error:
        text = say("sweep.emulator", points=error["points"],
                   share=percent_of(min(max(error["r2"], 0.0), 1.0)))  # fmt: skip
        if error["chance"] is not None:
            text += say("sweep.emulator_luck", share=percent_of(error["chance"]))
        if error["r2"] < LEAST_R2:
            text += say("sweep.emulator_weak")
        words.append(text)
    return words


def variance_sentence(say: Language, answer: Fields) -> str:
    """What the variance of one number is made of; the runs must tell it."""
    shares = answer["variance"]["shares"]
    parts = [
        say("sweep.part_share", share=percent_of(shares[p]), part=say(f"sweep.part_{p}"))
        for p in PARTS
        if shares[p] is not None
    ]
    return say("sweep.variance", what=subject(say, answer), parts=say.join(parts))


# -- which plan is best ----------------------------------------------------------------------------


def group_title(say: Language, group: Fields) -> str:
    """A third, with its ends, or a choice."""
    label = str(group["label"])
    if label in THIRDS:
        label = say(f"sweep.third_{THIRDS.index(label) + 1}")
    if group["low"] is None or group["low"] == group["high"]:
        return label
    ends = say("sweep.between", low=_plain(group["low"]), high=_plain(group["high"]))
    return say("sweep.with", name=label, more=ends)


def leader_sentence(say: Language, ranking: Fields) -> str:
    """Which plan is best on average, and how often it is best; or that none leads."""
    outcome, leader = outcome_title(say, ranking["outcome"]), ranking["leader"]
    if not ranking.get("told"):
        return say("sweep.no_leader", outcome=outcome)
    return say("sweep.leader", outcome=outcome, plan=plain(say, leader),
               share=percent_of(ranking["best"][leader]))  # fmt: skip


def ahead(say: Language, found: Fields, leader: str) -> tuple[str, str]:
    """Which plan has the highest mean in all worlds or a group, and whether that is chance.

    Where the leader of all worlds has another plan beside it, nothing is said of which is first.
    """
    if found["lead"] == 0:
        return NOTHING, say("sweep.untold")
    sure = say("sweep.told" if found.get("told") else "sweep.untold")
    return (found["leader"] if found["lead"] < 0 else leader), sure


def change_sentences(say: Language, ranking: Fields) -> list[str]:
    """Assumptions that change which plan leads, that may, and that do not."""
    words, kept, leader = [], [], ranking["leader"]
    known = ranking.get("told")
    for one in ranking["by"]:
        behind = [g for g in one["groups"] if g["lead"] < 0]
        for told, key in ((True, "sweep.changes"), (False, "sweep.may_change")):
            words += [
                say(key, name=one["name"], group=group_title(say, g), plan=plain(say, g["leader"]),
                    leader=plain(say, leader))
                for g in behind
                if g["told"] == told and (told or known)
            ]  # fmt: skip
        if known and all(g["lead"] > 0 for g in one["groups"]):
            kept.append(one["name"])
    if kept:
        words.append(say("sweep.keeps", names=say.join(kept)))
    return words


# -- where plans fail ------------------------------------------------------------------------------


def restriction(say: Language, one: Fields) -> str:
    """One side of a box in words."""
    name = one["name"]
    if one["words"]:
        return say("sweep.is", name=name, words=say.join(list(one["words"])))
    low, high = (None if end is None else _plain(end) for end in (one["low"], one["high"]))
    if low is None:
        return say("sweep.below", name=name, high=high)
    if high is None:
        return say("sweep.above", name=name, low=low)
    return say("sweep.inside", name=name, low=low, high=high)


def box_sentences(say: Language, found: Fields, condition: str) -> list[str]:
    """Where a plan fails, and whether that holds in worlds that the search had not seen."""
    plan, box, fails = plan_title(say, found["plan"]), found["box"], found["fails"]
    if box is None:
        key = "sweep.never_fails" if fails == 0 else "sweep.always_fails"
        return [say(key, plan=plan, condition=condition)]
    start = {"plan": plan, "condition": condition, "fails": percent_of(fails)}
    if not box["restrictions"]:
        return [say("sweep.no_box", **start)]
    where = say("sweep.and").join(restriction(say, one) for one in box["restrictions"])
    words = [
        say("sweep.box", **start, where=where, density=percent_of(box["density"]),
            coverage=percent_of(box["coverage"]), mass=percent_of(box["mass"]))
    ]  # fmt: skip
    held = found["held_out"]
    if held is None:
        return [*words, say("sweep.not_held_out")]
    text = say("sweep.held_out", density=percent_of(held["density"]), fails=percent_of(fails),
               coverage=percent_of(held["coverage"]))  # fmt: skip
    if held["density"] < WEAK * fails:
        text += say("sweep.weak")
    return [*words, text]


def choice_sentence(say: Language, table: Fields) -> str:
    """Which plan is the choice by which rule; the table has two plans or more."""
    outcome, (chosen, open_) = outcome_title(say, table["outcome"]), choices_by_rule(table)
    if not chosen:
        return say("sweep.no_choice", outcome=outcome)
    if len(chosen) == 1 and not open_:
        return say("sweep.every_rule", outcome=outcome, plan=plain(say, next(iter(chosen))))

    def listed(rules: list[str]) -> str:
        return say.join([say(f"sweep.rule_{rule}") for rule in rules])

    each = [
        say("sweep.by_rule", plan=plain(say, plan), rules=listed(rules))
        for plan, rules in chosen.items()
    ]
    if open_:
        each.append(say("sweep.by_rule", plan=say("sweep.no_plan"), rules=listed(open_)))
    return say("sweep.rules", outcome=outcome, each=_listed(say, each))


def _plain(value: float) -> str:
    return rounded(value, max(places_of(value, 3), 0))


def _listed(say: Language, texts: list[str]) -> str:
    """An enumeration of what has commas inside."""
    return say("sweep.semicolon").join(texts)
