"""Look for a better division of the envelope: `fupin allocate`, asked for on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from fupin.browser.changes import largest_budget
from fupin.browser.panel import Select, TypedField
from fupin.browser.runs import Work
from fupin.browser.setup import Served, Setup
from fupin.errors import InputError
from fupin.scenario.allocate import GOALS, read_share
from fupin.scenario.programmes import PROGRAMMES
from fupin.words.language import Language

OFFERED = GOALS[:5]
"""Goals that the page offers; the command has more."""

CHECKS = (5, 20)
"""Numbers of parameter vectors that may check a proposal; the last is the usual one."""


@dataclass(frozen=True)
class Question:
    """What is looked for.

    Attributes:
        goal: one of OFFERED.
        protect: programmes whose money stays.
        most_change: largest change of a programme, such as "30%"; "" is none.
        check_draws: one of CHECKS.
    """

    goal: str = OFFERED[0]
    protect: tuple[str, ...] = ()
    most_change: str = "30%"
    check_draws: int = CHECKS[-1]

    @property
    def said(self) -> dict[str, Any]:
        """Keys of `allocate:`."""
        asked: dict[str, Any] = {"goal": self.goal, "protect": list(self.protect)}
        if self.most_change.strip():
            asked["most_change"] = self.most_change.strip()
        return asked


def most_change_of(text: str) -> str:
    """A largest change as it was typed. Raises InputError where it is none."""
    if text.strip():
        try:
            read_share(text)
        except Exception as error:
            raise InputError(f"{text!r} is no largest change.", "Write 30%, or 0.3.") from error
    return text.strip()


def proposal_of(served: Served, setup: Setup, found: dict[str, Any]) -> Setup | None:
    """The plan that a search proposes; None where it found nothing better.

    Args:
        setup: what was asked about.
        found: the content of `allocation.json`.
    """
    if not found["better"]:
        return None
    changes, years = setup.changes, max(1, len(setup.plan.period.years))
    for key, yuan in found["proposed"].items():
        today = found["today"].get(key, 0)
        if yuan == today:
            continue
        now = largest_budget(setup.plan, key)
        budget = round(now * yuan / today) if today else round(yuan / years)
        changes = changes.with_budget(setup.base.scenario, key, budget)
    return setup.with_changes(served, changes)


def told(say: Language, found: dict[str, Any]) -> list[str]:
    """What a search found, in sentences."""
    from fupin.words.verdict import allocation_verdict  # the page opens without it

    return [sentence.text for sentence in allocation_verdict(found, say.code).sentences]


@solara.component
def SearchForm(
    say: Language,
    question: Question,
    setup: Setup,
    work: Work | None,
    set_question: Callable[[Question], None],
    on_start: Callable[[], None],
) -> None:
    """Goal, protected programmes, largest change, and the button that starts."""
    problem, set_problem = solara.use_state("")
    with_money = [p for p in PROGRAMMES if p.money in ("fiscal", "social")
                  and largest_budget(setup.plan, p.key)]  # fmt: skip

    def change(**new: Any) -> None:
        set_question(Question(**{**question.__dict__, **new}))

    def take_change(text: str) -> None:
        try:
            change(most_change=most_change_of(text))
        except InputError as error:
            set_problem(f"{error.message} {error.instead}")
        else:
            set_problem("")

    solara.Text(say("search.lead"), classes=["hint"])
    Select(say("search.goal"), question.goal, {key: say(f"goal.{key}") for key in OFFERED},
           lambda key: change(goal=key))  # fmt: skip
    solara.v.Select(
        label=say("search.protect"), v_model=list(question.protect), multiple=True, dense=True,
        on_v_model=lambda keys: change(protect=tuple(keys)), hide_details=True,
        items=[{"text": say.programme(p), "value": p.key} for p in with_money],
    )  # fmt: skip
    TypedField(say("search.most_change"), question.most_change, take_change)
    Select(say("search.check"), question.check_draws,
           {n: say("search.checks", count=n) for n in CHECKS},
           lambda n: change(check_draws=n))  # fmt: skip
    if problem:
        solara.Error(problem, dense=True)
    solara.Button(say("search.start"), small=True, color="primary", on_click=on_start,
                  disabled=work is not None and work.going)  # fmt: skip
