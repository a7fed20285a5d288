"""`fupin sensitivity`: what drives an answer, how sure that is, whether it decides between plans.

For each outcome two questions are asked: what drives its level under the first plan, and what
drives the difference between the two best plans in the same world. An assumption may move the
first by half and leave the second alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.uncertainty.association import LEAST_VECTORS
from fupin.uncertainty.assumptions import LEAST_KNOWN, LEAST_R2, Answer, Assumption, what_matters
from fupin.uncertainty.canonical import canonical_answer
from fupin.uncertainty.outcomes import percent_of, said, sign_of, unit_of
from fupin.uncertainty.rankings import ranking, tell
from fupin.uncertainty.worlds import Worlds

F64 = npt.NDArray[np.float64]

SCHEMA = 1
"""Version of the form of `sensitivity.json`."""

TOP, GROUPED = 3, 4
USUAL = ("lifted", "income_poor_end")
"""Outcomes that are asked about where the user names none, and the sweep has them."""


def usual_outcomes(worlds: Worlds) -> list[str]:
    """The usual outcomes, or the first of a sweep of one's own function."""
    known = [name for name in USUAL if name in worlds.table]
    return known or list(worlds.table)[:1]


def sensitivity(worlds: Worlds, outcomes: Sequence[str]) -> dict[str, Any]:
    """The content of `sensitivity.json` but for the hash of the runs; docs/uncertainty.md#files.

    Raises:
        InputError: an outcome that is unknown, or undefined in some run (with its id); a package
            is missing.
    """
    values = {name: worlds.outcome(name) for name in outcomes}
    answers = []
    rankings: list[dict[str, Any]] = []
    for name, y in values.items():
        sign = sign_of(name)
        mine = [_question(worlds, name, y[0], worlds.plans[0], None)]
        if len(worlds.plans) > 1:
            order = np.argsort(-sign * y.mean(axis=(1, 2)), kind="stable")
            best, second = int(order[0]), int(order[1])
            mine.append(
                _question(
                    worlds, name, y[best] - y[second], worlds.plans[best], worlds.plans[second]
                )
            )
            told = list(dict.fromkeys(n for q in mine[::-1] for n in q["top"]))[:GROUPED]
            found = {"outcome": name, "better": sign, **ranking(worlds, y, sign, told)}
            rankings.append(found)
        answers += mine
    tell(rankings)
    for found in rankings:
        found["words"] = ranking_words(found, found["outcome"])
    content: dict[str, Any] = canonical_answer(
        {
            "schema": SCHEMA,
            "sweep": worlds.about.get("name", ""),
            "design": worlds.design,
            "plans": list(worlds.plans),
            "worlds": worlds.count,
            "vectors": len(np.unique(worlds.rest)),
            "forms": len(np.unique(worlds.structure)),
            "seeds": len(worlds.seeds),
            "answers": answers,
            "rankings": rankings,
        }
    )
    return content


def _question(worlds: Worlds, name: str, y: F64, of: str, minus: str | None) -> dict[str, Any]:
    answer = what_matters(worlds, y)
    assumptions = [_described(a) for a in answer.assumptions]
    top = [a["name"] for a in assumptions if a["matters"]][:TOP]
    found = {
        "outcome": name,
        "unit": unit_of(name),
        "of": of,
        "minus": minus,
        "mean": float(y.mean()),
        "sd": float(y.std()),
        "variance": None if answer.split is None else _split(answer),
        "method": answer.method,
        "emulator": answer.emulator,
        "floor": answer.floor,
        "assumptions": assumptions,
        "top": top,
    }
    return found | {"words": answer_words(found, len(np.unique(worlds.rest)))}


def _split(answer: Answer) -> dict[str, Any]:
    split = answer.split
    assert split is not None
    return {
        "total": split.total, "parts": split.parts, "errors": split.errors, "shares": split.shares
    }  # fmt: skip


def _described(one: Assumption) -> dict[str, Any]:
    from fupin.parameters.book import load_book

    book = load_book()
    grade, unit = "", ""
    if one.name in book:
        grade, unit = book[one.name].grade, book[one.name].unit
    elif one.kind == "structure":
        grade = "form of the model"
    elif one.kind == "lever":
        grade = "a decision"
    elif one.kind == "event":
        grade = "an event"
    return {**asdict(one), "grade": grade, "unit": unit}


def _what(found: dict[str, Any]) -> str:
    name, of, minus = found["outcome"], found["of"], found["minus"]
    if minus is not None:
        return f"the difference in {name} between {of} and {minus}"
    return f"{name} under {of}" if of else name


def answer_words(found: dict[str, Any], vectors: int) -> list[str]:
    """Sentences for one question: what matters, on what evidence, and what is luck."""
    words = []
    by_name = {a["name"]: a for a in found["assumptions"]}
    unit = f" {found['unit']}" if found["unit"] else ""
    if found["top"]:
        count = {1: "One assumption matters", 2: "Two assumptions matter"}.get(
            len(found["top"]), "Three assumptions matter most"
        )
        each = "; ".join(_one_assumption(by_name[n], found["method"], unit) for n in found["top"])
        words.append(f"{count} for {_what(found)}: {each}.")
    elif found["method"] == "sobol" and not found["assumptions"]:
        words.append(
            f"No Sobol index is given for {_what(found)}: what the emulator foresees and the luck "
            f"of seeds are less than {percent_of(LEAST_KNOWN)} of the variance between points."
        )
    elif found["method"]:
        words.append(f"No assumption can be told from noise for {_what(found)}.")
    if not found["method"] and vectors < LEAST_VECTORS:
        words.append(
            f"Of {vectors} parameter vectors no parameter can be named; that takes {LEAST_VECTORS}."
        )
    if found["method"] == "association" and found["floor"] is not None:
        words += _floor_words(found, vectors)
    if found["emulator"]:
        words.append(_emulator_words(found["emulator"]))
    if found["variance"]:
        words.append(_variance_words(found))
    return words


def _one_assumption(one: dict[str, Any], method: str, unit: str) -> str:
    grade = one["grade"]
    evidence = {"assumption": "an assumption", "literature": "from literature",
                "document": "from the document",
                "official statistic": "an official statistic"}.get(grade, grade)  # fmt: skip
    more = {1: "rises with it", -1: "falls with it"}.get(one["direction"], "")
    if method == "morris":
        size = f"{said(one['importance'])}{unit} over its range"
    elif method == "sobol":
        size = f"total index {one['importance']:.2f}"
    else:
        size = f"{percent_of(one['importance'])} of the variance of a run"
    inner = ", ".join(part for part in (size, more, evidence) if part)
    return f"{one['name']} ({inner})"


BLUNT = 0.3
"""A floor of noise above this part of the variance hides all but the strongest parameters."""


def _floor_words(found: dict[str, Any], vectors: int) -> list[str]:
    """What so few parameter vectors cannot name."""
    variance = found["variance"]
    part = variance["shares"]["parameters"] if variance else None
    noise = found["floor"] / part if part else 1.0
    if noise < BLUNT:
        return []
    return [
        f"With {vectors} parameter vectors a parameter is named only if it explains more than "
        f"{percent_of(noise)} of the variance between them. More vectors are needed to name others."
    ]


def _emulator_words(error: dict[str, Any]) -> str:
    text = (
        f"The emulator of {error['points']} points explains {percent_of(max(error['r2'], 0))} of "
        "the variance between points that it had not seen and misses "
        f"{percent_of(min(error['missed'], 1))}"
    )
    if error["chance"] is not None:
        text += f"; luck of seeds alone is {percent_of(error['chance'])}"
    if error["r2"] < LEAST_R2:
        text += ". That is too little to say what matters: more seeds or points are needed"
    return text + "."


def _variance_words(found: dict[str, Any]) -> str:
    shares = found["variance"]["shares"]
    if shares["chance"] is None:
        return "With one seed luck cannot be told from parameters."
    names = {
        "chance": "luck of a year",
        "parameters": "parameters",
        "structure": "the form of the model",
        "together": "parameters that act otherwise under another form",
    }
    known = [f"{percent_of(shares[k])} {said_}" for k, said_ in names.items()
             if shares[k] is not None]  # fmt: skip
    return f"Of the variance of one run's {_what(found).removeprefix('the ')}: {', '.join(known)}."


def ranking_words(found: dict[str, Any], name: str) -> list[str]:
    """Sentences on whether a plan leads, and whether an assumption decides which."""
    leader, told = found["leader"], found["told"]
    if told:
        words = [
            f"By {name}, {leader} is best on average, and in {percent_of(found['best'][leader])} "
            "of worlds."
        ]
    else:
        words = [f"By {name}, no plan leads on average beyond ties and chance in these worlds."]
    kept = []
    for one in found["by"]:
        behind = [g for g in one["groups"] if g["lead"] < 0]
        other, open_ = [g for g in behind if g["told"]], [g for g in behind if not g["told"]]
        if other:
            where = ", ".join(f"{g['leader']} where it is {_group(g)}" for g in other)
            verb = "changes that" if told else "matters"
            words.append(f"{one['name']} {verb}: ahead of {leader} beyond chance is {where}.")
        if open_ and told:
            where = ", ".join(f"{g['leader']} where it is {_group(g)}" for g in open_)
            words.append(f"{one['name']} may change that: ahead, but not told apart, is {where}.")
        if told and all(g["lead"] > 0 for g in one["groups"]):
            shares = [g["best"][leader] for g in one["groups"]]
            kept.append(f"{one['name']} ({percent_of(min(shares))} to {percent_of(max(shares))})")
    if kept:
        words.append(
            f"It stays ahead on average whatever these are, with its share of worlds in brackets: "
            f"{', '.join(kept)}."
        )
    return words


def _group(group: dict[str, Any]) -> str:
    if group["low"] is None or group["low"] == group["high"]:
        return str(group["label"])
    return f"in the {group['label']} ({group['low']:.3g} to {group['high']:.3g})"
