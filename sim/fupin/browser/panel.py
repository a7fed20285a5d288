"""The panel at the left: the plan, its money and its world. It changes nothing by itself.

Every control proposes a changed setup; the page takes it, or says why the scenario loader does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, get_args

import solara

from fupin.browser.changes import Changes, DroughtChange
from fupin.browser.envelope import Budgets, classes
from fupin.browser.link import sample_of, seed_of, typed_yuan
from fupin.browser.page_model import PageModel
from fupin.browser.setup import BESIDE, Served, Setup
from fupin.browser.units import money_unit
from fupin.population.counties import county_table
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.words import remarks
from fupin.words.language import Language

Propose = Callable[[Callable[[], Setup]], None]
"""Takes a function that makes the next setup and may raise InputError."""


@solara.component
def Select(label: str, value: Any, items: dict[Any, str], on_value: Callable[[Any], None]) -> None:
    """A drop-down of values with words."""
    solara.v.Select(
        label=label, v_model=value, on_v_model=on_value, dense=True, hide_details=True,
        items=[{"text": text, "value": key} for key, text in items.items()],
    )  # fmt: skip


@solara.component
def TypedField(label: str, value: str, on_value: Callable[[str], None], title: str = "") -> None:
    """A text field that reports once, when it is left or Enter is pressed."""
    text, set_text = solara.use_state_or_update(value)

    def done(*_: Any) -> None:
        if text != value:
            set_text(value)  # unless it is taken
            on_value(text)

    field = solara.v.TextField(
        label=label, v_model=text, on_v_model=set_text, dense=True, hide_details=True,
        attributes={"title": title or label, "aria-label": title or label},
    )  # fmt: skip
    solara.v.use_event(field, "blur", done)
    solara.v.use_event(field, "keyup.enter", done)


@solara.component
def Panel(
    say: Language,
    served: Served,
    setup: Setup,
    refused: tuple[str, ...],
    propose: Propose,
    model: PageModel | None,
) -> None:
    """The plan: which one, its money, and the world it is carried out in.

    Args:
        refused: why something was not taken, in sentences.
        model: a life of the plan, which tells what a household costs.
    """
    plan, base = setup.plan, setup.base.scenario

    def change(changes: Callable[[], Changes]) -> None:
        propose(lambda: setup.with_changes(served, changes()))

    def switch(name: str, value: Any) -> None:
        change(lambda: setup.changes.with_switch(base, name, value))

    def budget(typed: dict[str, str]) -> None:
        change(
            lambda: setup.changes.with_budget(
                base, str(typed["key"]), typed_yuan(typed["text"], money_unit(say))
            )
        )

    for sentence in refused:
        solara.Error(sentence, dense=True)
    choices = {
        choice: served.folder.title_of(choice, say.chinese) for choice in served.folder.choices()
    }
    Select(
        say("panel.scenario"), setup.choice, choices,
        lambda choice: propose(
            lambda: Setup.opened(served, choice, setup.seed, setup.beside, setup.sample)
        ),
    )  # fmt: skip
    for sentence in remarks.of_plan(Language(say.code), plan):
        solara.Warning(sentence, dense=True)
    solara.Text(say("panel.programmes"), classes=["heading"])
    words = {name: say(f"budget.{name}") for name in ("less", "more", "amount")}
    Budgets(classes=classes(say, setup, model), words=words, event_set=budget)
    solara.Text(say("panel.programmes_hint"), classes=["hint"])
    absorbing: dict[str | None, str] = {None: say("balance.none")}
    absorbing |= {p.key: say.programme(p) for p in PROGRAMMES if p.money == "fiscal"}
    Select(
        say("panel.balance"), setup.changes.balance, absorbing,
        lambda key: change(lambda: replace(setup.changes, balance=key)),
    )  # fmt: skip
    with solara.Details(say("panel.world")):
        OtherConditions(say, setup, switch, change)
    with solara.Details(say("panel.view")):
        View(say, setup, propose)


@solara.component
def View(say: Language, setup: Setup, propose: Propose) -> None:
    """What is only looked at: never saved into a plan."""
    solara.Text(say("view.lead"), classes=["hint"])
    Select(
        say("panel.beside"), setup.beside, {key: say(f"beside.{key}") for key in BESIDE},
        lambda key: propose(lambda: replace(setup, beside=key)),
    )  # fmt: skip
    TypedField(say("panel.seed"), str(setup.seed), lambda text: propose(
        lambda: replace(setup, seed=seed_of(text))
    ))  # fmt: skip
    TypedField(say("panel.sample"), str(setup.lived.population.sample), lambda text: propose(
        lambda: replace(setup, sample=sample_of(text))
    ))  # fmt: skip


@solara.component
def OtherConditions(
    say: Language,
    setup: Setup,
    switch: Callable[[str, Any], None],
    change: Callable[[Callable[[], Changes]], None],
) -> None:
    """Counting rule and shocks."""
    plan, changes = setup.plan, setup.changes

    def shock_on(name: str, _: bool) -> None:
        change(lambda: replace(changes, shocks_off=changes.shocks_off ^ {name}))

    for name in ("counting", "weather"):
        words = get_args(Scenario.model_fields[name].annotation)
        Select(
            say(f"panel.{name}"), getattr(plan, name), {w: say(f"{name}.{w}") for w in words},
            partial(switch, name),
        )  # fmt: skip
    for name in ("household_shocks", "recognition"):
        solara.Checkbox(
            label=say(f"panel.{name}"), value=getattr(plan, name), on_value=partial(switch, name)
        )
    for name, shock in setup.base.scenario.shocks.items():
        solara.Checkbox(
            label=f"{name} ({say.month(shock.drought.from_month)})",
            value=name not in changes.shocks_off,
            on_value=partial(shock_on, name),
        )
    Drought(say, setup, change)


@solara.component
def Drought(say: Language, setup: Setup, change: Callable[[Callable[[], Changes]], None]) -> None:
    """A drought that the page adds."""
    table, now, period = county_table(), setup.changes.drought, setup.plan.period
    names = table.prefectures_zh if say.chinese else table.prefectures_en
    places: dict[str | None, str] = {None: say("drought.none")}
    places |= dict(zip(table.prefectures_en, names, strict=True))
    start = str(period.months[min(5, len(period.months) - 1)])

    def put(drought: DroughtChange | None) -> None:
        change(lambda: replace(setup.changes, drought=drought))

    def place(name: str | None) -> None:
        if name is None:
            put(None)
        else:
            put(replace(now, prefecture=name) if now else DroughtChange(name, start))

    Select(say("panel.drought"), now.prefecture if now else None, places, place)
    if now is not None:
        DroughtForm(say, setup, now, put)


@solara.component
def DroughtForm(
    say: Language, setup: Setup, now: DroughtChange, put: Callable[[DroughtChange], None]
) -> None:
    """When the added drought begins, and how severe it is."""
    moving, set_moving = solara.use_state_or_update(now.severity)
    Select(
        say("panel.drought_start"), now.start,
        {str(m): say.month(m) for m in setup.plan.period.months},
        lambda month: put(replace(now, start=month)),
    )  # fmt: skip
    words = say("panel.severity", value=f"{moving:g}", months=now.months)
    solara.Text(words, classes=["hint"])
    slider = solara.v.Slider(
        v_model=moving, on_v_model=lambda value: set_moving(round(float(value), 2)), min=0, max=1,
        step=0.1, hide_details=True, dense=True, attributes={"aria-label": words},
    )  # fmt: skip
    solara.v.use_event(
        slider, "change", lambda *event: put(replace(now, severity=round(float(event[-1]), 2)))
    )
