"""The verdict of a search for a better division of money, checked on luck it had not seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.words import quantities
from fupin.words.judging import Estimate, judged
from fupin.words.quantities import bracketed
from fupin.words.verdict_bounds import bound_sentences
from fupin.words.verdict_ground import Speech, evidence, in_order, language, of_sample
from fupin.words.verdict_parts import Sentence, Verdict, fitting

NAMED = 2
"""Programmes that a sentence names, with what they get more or less."""

LEAST_COST = 0.02
"""Of today's resource cost; a smaller change has no sentence."""


def allocation_verdict(allocation: Mapping[str, Any], lang: str = "en") -> Verdict:
    """What a search found.

    Args:
        allocation: content of `allocation.json`.
        lang: en or zh.

    Raises:
        InputError: there is no such language.
    """
    say = language(lang)
    head, title = _head(say, allocation)
    proposed = allocation["moves"] and (
        allocation["better"] or allocation["asked"].get("target") is not None
    )
    moves = _moves(allocation)
    groups = [head]
    if proposed:
        groups += [
            _poverty(say, allocation), _division(say, moves), _costs(say, allocation),
            _cash(say, allocation), evidence(say, "moved", {k: abs(v) for k, v in moves.items()}),
        ]  # fmt: skip
    if allocation["moves"]:
        groups.append(_check(say, allocation))
        limits = [Sentence("certainty", text) for text in bound_sentences(allocation, say.code)]
        groups.append(limits)
    groups.append(of_sample(say, allocation.get("sample")))
    check = allocation["check"].get(allocation["goal"], {})
    gain = Estimate.of(check.get("gain")) if allocation["moves"] else None
    found = judged(gain, (check.get("today") or {}).get("mean"))
    return Verdict(say.code, title, fitting(in_order(groups)), {allocation["plan"]: found})


def _head(say: Speech, allocation: Mapping[str, Any]) -> tuple[list[Sentence], str]:
    """What was found, and the title."""
    goal = say(f"goal.{allocation['goal']}")
    plan, target = allocation["plan"], allocation["asked"].get("target")
    none = say("allocation.title.none")
    if target is not None:
        number = quantities.amount(say, Estimate(float(target)))
        if not allocation["target_reached"]:
            text = say("allocation.target_no", target=number, goal=goal)
            return [Sentence("effect", _capital(text), plan)], text.rstrip(".。")
        values = {
            "target": number, "goal": goal,
            "yuan": quantities.yuan(say, sum(allocation["proposed"].values())),
        }  # fmt: skip
        today = quantities.yuan(say, sum(allocation["start"].values()))
        title = say("allocation.title.target", **values)
        return [Sentence("effect", say("allocation.target", today=today, **values), plan)], title
    gain = Estimate.of(allocation["check"][allocation["goal"]]["gain"])
    if not allocation["moves"] or gain is None:
        return [Sentence("effect", say("allocation.nothing", goal=goal), plan)], none
    values = {
        "goal": goal, "amount": quantities.amount(say, gain), "range": quantities.span(say, gain),
    }  # fmt: skip
    if not allocation["better"]:
        return [Sentence("effect", say("allocation.unclear", **values), plan)], none
    key = "better" if allocation["same_envelope"] else "better_shares"
    title = say("allocation.title.better", **values)
    return [Sentence("effect", say(f"allocation.{key}", **values), plan)], title


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _poverty(say: Speech, allocation: Mapping[str, Any]) -> list[Sentence]:
    """What the proposal does to true poverty, where another goal was asked for."""
    if allocation["goal"] == "person_years_out":
        return []
    gain = Estimate.of(allocation["other_outcomes"].get("person_years_out"))
    if gain is None:
        return []
    found = judged(gain, None)
    year = str(allocation["horizon"])
    if not found.told:
        text = say("allocation.poverty.none", year=year, range=bracketed(say, gain))
    else:
        shown = gain if gain.mean > 0 else -gain
        text = say(
            f"allocation.poverty.{found.direction}", year=year,
            amount=quantities.amount(say, shown), range=quantities.span(say, shown),
        )  # fmt: skip
    return [Sentence("effect", text, allocation["plan"])]


def _moves(allocation: Mapping[str, Any]) -> dict[str, float]:
    """Programme -> yuan that it gets more, below zero less."""
    return {
        key: row["proposed"] - allocation["start"].get(key, 0)
        for key, row in allocation["programmes"].items()
        if row["proposed"] != allocation["start"].get(key, 0)
    }


def _division(say: Speech, moves: Mapping[str, float]) -> list[Sentence]:
    titles = {programme.key: say.programme(programme) for programme in PROGRAMMES}
    found = []
    for key, name, sign in (("more", "name", 1), ("less", "name_less", -1)):
        most = sorted((k for k in moves if sign * moves[k] > 0), key=lambda k: -abs(moves[k]))
        if not most:
            continue
        names = [
            say(f"allocation.{name}", programme=titles[k], yuan=quantities.yuan(say, abs(moves[k])))
            for k in most[:NAMED]
        ]
        found.append(Sentence("division", say(f"allocation.{key}", names=say.join(names))))
    return found


def _costs(say: Speech, allocation: Mapping[str, Any]) -> list[Sentence]:
    cost = allocation["check"][allocation["goal"]]["cost"]
    today, proposed = (cost[key]["mean"] for key in ("today", "proposed"))
    if today is None or proposed is None or abs(proposed - today) < LEAST_COST * abs(today):
        return []
    way = say("plan.more" if proposed > today else "plan.less")
    yuan = quantities.yuan(say, abs(proposed - today))
    return [Sentence("money", say("allocation.costs", yuan=yuan, way=way))]


def _cash(say: Speech, allocation: Mapping[str, Any]) -> list[Sentence]:
    gain = Estimate.of(allocation["check"][allocation["goal"]]["gain_on_cash"])
    if gain is None:
        return []
    if not gain.told:
        return [Sentence("cash", say("allocation.cash.unclear"))]
    way, shown = ("more", -gain) if gain.mean < 0 else ("less", gain)
    values = {"amount": quantities.amount(say, shown), "range": bracketed(say, shown)}
    return [Sentence("cash", say(f"allocation.cash.{way}", **values))]


def _check(say: Speech, allocation: Mapping[str, Any]) -> list[Sentence]:
    check = allocation["check"][allocation["goal"]]
    text = say("allocation.check", pairs=check["pairs"], share=say.percent(check["share_better"]))
    found = [Sentence("certainty", text)]
    if len(allocation.get("draws", ())) == 1:
        found.append(Sentence("warning", say("allocation.one_row")))
    for key, number in (("worst", "worst_tenth"), ("check_few", "gain_on_search")):
        if check.get(number) is None or (key == "worst") != bool(allocation["better"]):
            continue
        amount = quantities.amount(say, Estimate(float(check[number])))
        found.append(Sentence("certainty", say(f"allocation.{key}", amount=amount)))
    return found
