"""The left column's money: budgets in proportion, and what is left of each class's envelope."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import solara

from fupin.browser.about import about
from fupin.browser.changes import largest_budget
from fupin.browser.page_model import MILLION, PageModel
from fupin.browser.setup import Setup
from fupin.browser.units import cell, money_unit
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.scenario.programmes import MONEY_CLASSES, PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.words.language import Language

_STEP = 0.1
"""Part of a programme's money that a press of a button adds or takes."""

_LEAST = 10 * MILLION
"""Scale of a class in which no plan has money."""


@cache
def most_budget() -> int:
    """Most yuan of a budget, as the scenario schema says."""
    budget = ProgrammeSettings.model_json_schema()["properties"]["budget"]
    amount = next(form for form in budget["anyOf"] if form.get("type") == "integer")
    return int(amount["maximum"])


def scale_of(base: Scenario, plan: Scenario, money: str) -> int:
    """Right end of the bars of a class, yuan: all of its programmes share it."""
    keys = [p.key for p in PROGRAMMES if p.money == money]
    largest = max(1.25 * max(largest_budget(base, key) for key in keys),
                  max(largest_budget(plan, key) for key in keys), _LEAST)  # fmt: skip
    return math.ceil(min(largest, most_budget()) / MILLION) * MILLION


def step_of(yuan: int) -> float:
    """Million yuan of one press: a round tenth of what the plan's file gives."""
    size = max(yuan * _STEP / MILLION, 0.1)
    power = 10.0 ** math.floor(math.log10(size))
    return float(max(k * power for k in (1, 2, 5) if k * power <= size * 1.0001))


def amount(say: Language, yuan: int) -> str:
    """Money as a field shows it, in the unit of the language."""
    return f"{yuan / money_unit(say):.6f}".rstrip("0").rstrip(".")


def classes(say: Language, setup: Setup, model: PageModel | None = None) -> list[dict[str, Any]]:
    """What `budgets.vue` draws: a section for each class of money.

    Args:
        model: a life of the plan, which tells what a household costs.
    """
    plan, base, year = setup.plan, setup.base.scenario, setup.plan.period.start.year
    unit = money_unit(say)
    totals, before = (p.class_totals([year]) for p in (plan, base))
    found = []
    for money in MONEY_CLASSES:
        rows = []
        for programme in PROGRAMMES:
            if programme.money != money:
                continue
            now, planned = (largest_budget(p, programme.key) for p in (plan, base))
            told = about(say, programme, model)
            rows.append({
                "key": programme.key, "title": say.programme(programme), "value": now / unit,
                "text": amount(say, now), "step": step_of(planned or now) * MILLION / unit,
                "was": say("panel.plan_was", value=amount(say, planned)) if now != planned else "",
                "does": told.does, "cost": told.cost, "evidence": told.evidence,
                "source": told.source,
            })  # fmt: skip
        state, left = _left(say, totals[money], before[money])
        found.append({
            "key": money, "name": say(f"money.{money}"), "rows": rows, "state": state, "left": left,
            "total": say("envelope.total", value=cell(say, totals[money]),
                         all=cell(say, before[money])),
            "used": min(1.0, totals[money] / before[money]) if before[money] else 0.0,
            "most": scale_of(base, plan, money) / unit,
        })  # fmt: skip
    return found


def _left(say: Language, now: int, envelope: int) -> tuple[str, str]:
    if now == envelope:
        return "even", say("envelope.even")
    words, state = ("envelope.left", "under") if now < envelope else ("envelope.over", "over")
    return state, say(words, value=cell(say, abs(now - envelope)))


@solara.component_vue("budgets.vue")
def Budgets(
    classes: list[dict[str, Any]],
    words: dict[str, str],
    event_set: Callable[[dict[str, str]], None],
) -> None:
    """Budgets as bars in proportion; `event_set` gets a programme's key and what was typed."""
