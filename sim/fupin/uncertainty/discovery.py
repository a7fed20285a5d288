"""`fupin discover`: where plans fail, and how they stand over the same worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.errors import InputError
from fupin.uncertainty.boxes import Box, Restriction
from fupin.uncertainty.canonical import canonical_answer
from fupin.uncertainty.expression import Condition, columns_in, parse
from fupin.uncertainty.outcomes import GAIN, REGRET, percent_of, sign_of, unit_of
from fupin.uncertainty.prim import Found, find_box
from fupin.uncertainty.robustness import choices, regret, robustness
from fupin.uncertainty.search_test import FALSE_SEARCHES
from fupin.uncertainty.worlds import Input, Worlds

F64 = npt.NDArray[np.float64]

SCHEMA = 1
"""Version of the form of `discover.json`."""

WEAK = 1.25
"""A box whose held-out density is less than so many times that of all worlds is no rule."""

MOST_PLANS = 50


@dataclass(frozen=True)
class Failure:
    """Where one plan fails.

    Attributes:
        plan: its name.
        fails: part of each world's runs that fail, (worlds,).
        found: what PRIM found; None where it never or always fails.
    """

    plan: str
    fails: F64
    found: Found | None


@dataclass(frozen=True)
class Discovery:
    """Where plans fail.

    Attributes:
        condition: what failing is.
        failures: one a plan.
        content: of `discover.json`, but for the hash of the runs; docs/uncertainty.md#files.
    """

    condition: Condition
    failures: tuple[Failure, ...]
    content: dict[str, Any]


def discover(
    worlds: Worlds,
    fails: str,
    plans: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    most: int = 3,
    over: Sequence[str] = (),
    density: float | None = None,
) -> Discovery:
    """Find where plans fail, and compare them over the same worlds.

    Args:
        worlds: where the runs were made.
        fails: the condition (`fupin.uncertainty.expression`).
        plans: for which to find a box; all where empty.
        outcomes: of the robustness table; where empty those of the condition.
        most: how many inputs may restrict a box.
        over: inputs that may restrict it; all where empty.
        density: part of a box's runs that should fail, as of `prim.find_box`.

    Raises:
        InputError: the condition, a plan, an outcome or an input is wrong; an outcome is undefined
            in some run (with its id).
    """
    if len(worlds.plans) > MOST_PLANS:
        raise InputError(
            f"These are {len(worlds.plans):,} plans.",
            f"At most {MOST_PLANS}; vary budgets with `design: sobol` to find where they fail.",
        )
    condition = _condition(worlds, fails)
    columns = _columns(worlds, columns_in(condition))
    failing = condition.holds(columns)
    inputs = _inputs(worlds, over)
    chosen = [worlds.plan(name) for name in plans] or range(len(worlds.plans))
    failures = tuple(
        _failure(worlds.plans[p], failing[p].mean(axis=1), inputs, worlds, most, density)
        for p in chosen
    )
    measured = list(outcomes) or _measured(worlds, condition)
    tables = [_table(worlds, name, failing) for name in measured]
    content = {
        "schema": SCHEMA,
        "sweep": worlds.about.get("name", ""),
        "fails": str(condition),
        "plans": list(worlds.plans),
        "worlds": worlds.count,
        "vectors": len(np.unique(worlds.rest)),
        "seeds": len(worlds.seeds),
        "inputs": [one.name for one in inputs],
        "boxes": [_described(f, str(condition), worlds, density) for f in failures],
        "robustness": tables,
    }
    return Discovery(condition, failures, canonical_answer(content))


def _condition(worlds: Worlds, text: str) -> Condition:
    derived = [f"{name}{ending}" for name in worlds.table for ending in (REGRET, GAIN)] \
        if len(worlds.plans) > 1 else []  # fmt: skip
    numbers = [*worlds.table, *derived, *(i.name for i in worlds.inputs if i.numeric)]
    words = {
        i.name: sorted(set(i.values.astype(str).tolist())) for i in worlds.inputs if not i.numeric
    }
    return parse(text, dict.fromkeys(numbers), words)


def _columns(worlds: Worlds, names: Sequence[str]) -> Mapping[str, npt.NDArray[Any]]:
    """Values of every run, (plans, worlds, seeds)."""
    shape = worlds.ids.shape
    inputs = {i.name: i.values for i in worlds.inputs}
    found: dict[str, npt.NDArray[Any]] = {}
    for name in names:
        if name in inputs:
            found[name] = np.broadcast_to(inputs[name][None, :, None], shape)
        elif name.endswith(REGRET):
            base = name.removesuffix(REGRET)
            found[name] = regret(worlds.outcome(base), sign_of(base))
        elif name.endswith(GAIN):
            y = worlds.outcome(name.removesuffix(GAIN))
            found[name] = y - y[:1]
        else:
            found[name] = worlds.outcome(name)
    return found


def _inputs(worlds: Worlds, over: Sequence[str]) -> list[Input]:
    from fupin.yaml.words import guess_or_list

    known = {i.name: i for i in worlds.inputs}
    for name in over:
        if name not in known:
            raise InputError(f"--over {name} does not vary in {worlds.folder}.",
                             guess_or_list(name, known))  # fmt: skip
    found = [known[name] for name in dict.fromkeys(over)] or list(known.values())
    if not found:
        raise InputError(f"Nothing varies between the worlds of {worlds.folder}.",
                         "Run it with --draws 40, or vary parameters.")  # fmt: skip
    return found


def _measured(worlds: Worlds, condition: Condition) -> list[str]:
    """Outcomes of the condition, whatever is derived from them left away."""
    names = [n.removesuffix(REGRET).removesuffix(GAIN) for n in columns_in(condition)]
    found = [n for n in dict.fromkeys(names) if n in worlds.table]
    return found or list(worlds.table)[:1]


def _failure(
    plan: str,
    fails: F64,
    inputs: Sequence[Input],
    worlds: Worlds,
    most: int,
    density: float | None,
) -> Failure:
    if not 0 < fails.mean() < 1:
        return Failure(plan, fails, None)
    return Failure(plan, fails, find_box(inputs, fails, worlds.rest, most, density))


def _table(worlds: Worlds, name: str, failing: npt.NDArray[np.bool_]) -> dict[str, Any]:
    sign = sign_of(name)
    rows = robustness(worlds.plans, worlds.outcome(name), sign, failing)
    y = worlds.outcome(name)
    chosen = choices(y, sign, failing, worlds.rest) if len(worlds.plans) > 1 else {}
    found = {
        "outcome": name,
        "unit": unit_of(name),
        "better": sign,
        "vectors": len(np.unique(worlds.rest)),
        "plans": [asdict(row) for row in rows],
        "choices": {
            rule: None if plan is None else worlds.plans[plan] for rule, plan in chosen.items()
        },
    }
    return found | {"words": robustness_words(found)}


def _described(
    failure: Failure, condition: str, worlds: Worlds, density: float | None
) -> dict[str, Any]:
    found = failure.found
    about: dict[str, Any] = {"plan": failure.plan, "fails": float(failure.fails.mean())}
    if found is None:
        about |= {"box": None, "p": None, "trajectory": [], "held_out": None}
    else:
        about |= {
            "box": _box(found.box),
            "p": found.p,
            "trajectory": [_box(box) for box in found.trajectory],
            "held_out": None
            if found.held_out_density is None
            else {"coverage": found.held_out_coverage, "density": found.held_out_density},
        }
    return about | {"words": box_words(failure, condition, worlds, density)}


def _box(box: Box) -> dict[str, Any]:
    return {
        "coverage": box.coverage,
        "density": box.density,
        "mass": box.mass,
        "restrictions": [
            {**asdict(one), "words": list(one.words)} for one in box.restrictions
        ],
    }  # fmt: skip


def restriction_words(one: Restriction) -> str:
    """`counting is register`, `register.review_probability is above 0.41`."""
    if one.words:
        return f"{one.name} is {' or '.join(one.words)}"
    low, high = (None if end is None else f"{end:.3g}" for end in (one.low, one.high))
    if low is None:
        return f"{one.name} is below {high}"
    return f"{one.name} is above {low}" if high is None else f"{one.name} is {low} to {high}"


def box_words(
    failure: Failure, condition: str, worlds: Worlds, density: float | None = None
) -> list[str]:
    """Sentences on where a plan fails."""
    subject = failure.plan or "The plan"
    runs = worlds.count * len(worlds.seeds)
    share = failure.fails.mean()
    if failure.found is None:
        vectors = len(np.unique(worlds.rest))
        often = "never" if share == 0 else "always"
        words = [f"{subject} {often} fails ({condition}) in these {runs:,} runs."]
        if share == 0 and vectors >= 3:
            words.append(
                f"With {vectors} parameter vectors that leaves up to {percent_of(3 / vectors)} of "
                "all where it might (95%)."
            )
        return words
    found = failure.found
    box = found.box
    start = f"{subject} fails ({condition}) in {percent_of(found.base)} of {runs:,} runs"
    if not box.restrictions:
        if found.p > FALSE_SEARCHES:
            return [
                f"{start}. No box tells these worlds from others: with failures dealt out by "
                f"chance, {percent_of(found.p)} of searches come as far."
            ]
        return [f"{start}; no box tells these worlds from others."]
    where = " and ".join(restriction_words(one) for one in box.restrictions)
    words = [
        f"{start}. It fails when {where}: {percent_of(box.density)} of runs there fail, which are "
        f"{percent_of(box.coverage)} of all its failures, in {percent_of(box.mass)} of worlds.",
        f"With failures dealt out by chance, {percent_of(found.p)} of searches or fewer come as "
        "far.",
    ]
    if density is not None and box.density < density:
        words.append("No box that chance would not explain is as dense as asked for.")
    if found.held_out_density is not None and found.held_out_coverage is not None:
        weak = found.held_out_density < WEAK * found.base
        words.append(
            f"Boxes found the same way without a fifth of the parameter vectors hold there: "
            f"{percent_of(found.held_out_density)} of runs fail, {percent_of(found.base)} of all; "
            f"they cover {percent_of(found.held_out_coverage)}."
            + (" That is hardly better than no box: take it for chance." if weak else "")
        )
    else:
        words.append("These are too few parameter vectors to test the box on others.")
    return words


def choices_by_rule(table: Mapping[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
    """Plan -> rules by which it is the choice, and rules by which none leads beyond chance.

    A rule is the name of a column of the robustness table, of two plans or more: see
    `fupin.uncertainty.robustness.choices`. A table of an earlier fupin does not say what leads.
    """
    by_plan: dict[str, list[str]] = {}
    for rule, plan in table.get("choices", {}).items():
        if plan is not None:
            by_plan.setdefault(plan, []).append(rule)
    return by_plan, [rule for rule, plan in table.get("choices", {}).items() if plan is None]


_RULES = {"mean": "the mean", "cvar": "the worst tenth of worlds", "max_regret":
          "the largest regret", "mean_regret": "the mean regret",
          "satisficing": "failing least"}  # fmt: skip


def robustness_words(table: Mapping[str, Any]) -> list[str]:
    """Sentences on which plan to choose by which rule."""
    if len(table["plans"]) < 2:
        return []
    chosen, open_ = choices_by_rule(table)
    by_plan = {plan: ", ".join(_RULES[r] for r in rules) for plan, rules in chosen.items()}
    name = table["outcome"]
    few = f"{table['vectors']} parameter vectors" if "vectors" in table else "these worlds"
    if not by_plan:
        return [f"By {name}, no rule tells a plan from all others beyond ties and chance ({few})."]
    if len(by_plan) == 1 and not open_:
        ((plan, rules),) = by_plan.items()
        return [f"By {name}, {plan} is the choice by every rule: {rules}."]
    each = "; ".join(f"{plan} by {rules}" for plan, rules in by_plan.items())
    start = "the choice depends on the rule" if len(by_plan) > 1 else "the choice is"
    words = [f"By {name}, {start}: {each}."]
    if open_:
        rules = ", ".join(_RULES[rule] for rule in open_)
        words.append(f"No plan leads beyond ties and chance ({few}) by {rules}.")
    return words
