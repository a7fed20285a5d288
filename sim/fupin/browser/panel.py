"""The panel at the left: scenario, world and budgets. It changes nothing by itself.

Every control proposes a changed setup; the page takes it, or says why the scenario loader does not.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any, get_args

import solara

from fupin.browser.changes import Changes, DroughtChange, largest_budget
from fupin.browser.setup import BESIDE, Served, Setup
from fupin.errors import InputError
from fupin.population.counties import county_table
from fupin.scenario import library
from fupin.scenario.amounts import AmountError, parse_yuan
from fupin.scenario.load import load_scenario
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.scenario.programmes import MONEY_CLASSES, PROGRAMMES, Programme
from fupin.scenario.schema import Scenario
from fupin.words import remarks
from fupin.words.language import Language

Propose = Callable[[Callable[[], Setup]], None]
"""Takes a function that makes the next setup and may raise InputError."""

MILLION = 1_000_000
_STEPS = 100
_FREE_RANGE = 50 * MILLION
"""Range of a slider of a programme that no plan here gives money."""


@cache
def budget_limits() -> tuple[int, int, str]:
    """Least and most yuan of a budget and what it is, as the scenario schema says."""
    budget = ProgrammeSettings.model_json_schema()["properties"]["budget"]
    amount = next(form for form in budget["anyOf"] if form.get("type") == "integer")
    return int(amount["minimum"]), int(amount["maximum"]), str(budget["description"])


@cache
def _document_plan() -> Scenario:
    return load_scenario(library.DOCUMENT)


def slider_ends(base: Scenario, key: str, now: int) -> tuple[float, float, float]:
    """Least, most and step of a budget slider, million yuan: within the schema's bounds, and twice
    what the scenario or the document's plan gives."""
    least, most, _ = budget_limits()
    usual = max(largest_budget(base, key), largest_budget(_document_plan(), key))
    high = min(most, max(2 * usual, now) or _FREE_RANGE)
    step = 10.0 ** math.floor(math.log10(high / MILLION / _STEPS))
    step = next(k * step for k in (1, 2, 5, 10) if k * step * _STEPS >= high / MILLION * 0.999)
    return least / MILLION, math.ceil(high / MILLION / step) * step, step


def _shown(yuan: int) -> str:
    return f"{yuan / MILLION:,.6f}".rstrip("0").rstrip(".").replace(",", "")


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
def BudgetRow(
    say: Language, setup: Setup, programme: Programme, on_yuan: Callable[[str, int | str], None]
) -> None:
    """A budget: its slider, and a field that takes what a scenario file takes."""
    planned = largest_budget(setup.base.scenario, programme.key)
    now = largest_budget(setup.plan, programme.key)
    moving, set_moving = solara.use_state_or_update(now / MILLION)
    least, most, step = slider_ends(setup.base.scenario, programme.key, now)
    title = say.programme(programme)
    # A slider puts what it is given on its own steps; within one of them nothing has moved.
    shown = now if abs(moving - now / MILLION) < step else round(moving * MILLION)

    def propose(yuan: int | str) -> None:
        set_moving(now / MILLION)  # unless the page takes it
        on_yuan(programme.key, yuan)

    with solara.Div(classes=["budget"]):
        with solara.Div(classes=["name"]):
            solara.Text(title)
            if now != planned:
                solara.Text(say("panel.plan_was", value=_shown(planned)), classes=["was"])
        with solara.Div(classes=["amount"]):
            slider = solara.v.Slider(
                v_model=moving, on_v_model=lambda value: set_moving(float(value)), min=least,
                max=most, step=step, hide_details=True, dense=True,
                attributes={"aria-label": title, "title": budget_limits()[2]},
            )  # fmt: skip
            # Vuetify's `change` comes once, when the slider is let go or a key is pressed.
            solara.v.use_event(
                slider, "change",
                lambda *event: propose(round(float(event[-1]) * MILLION)),
            )  # fmt: skip
            TypedField(
                "", _shown(shown), propose, f"{title}: {budget_limits()[2]}",
            )  # fmt: skip


def typed_yuan(text: str) -> int:
    """Yuan of what was typed: an amount as in a scenario file, or a plain number of millions.

    Raises:
        InputError: not an amount.
    """
    try:
        typed = text.strip().replace(",", "")
        plain = typed.replace(".", "", 1).isdecimal()
        return parse_yuan(f"{typed} million" if plain else typed)
    except AmountError as error:
        raise InputError(str(error), error.instead) from None


@solara.component
def Panel(say: Language, served: Served, setup: Setup, refused: str, propose: Propose) -> None:
    """All controls but Mesa's own."""
    plan, base = setup.plan, setup.base.scenario

    def change(changes: Callable[[], Changes]) -> None:
        propose(lambda: setup.with_changes(served, changes()))

    def unchanged() -> Setup:
        return setup.unchanged(served)

    def switch(name: str, value: Any) -> None:
        change(lambda: setup.changes.with_switch(base, name, value))

    def budget(key: str, yuan: int | str) -> None:
        change(
            lambda: setup.changes.with_budget(
                base, key, typed_yuan(yuan) if isinstance(yuan, str) else yuan
            )
        )

    if refused:
        solara.Error(refused, dense=True)
    for sentence in remarks.of_plan(Language(say.code), plan):
        solara.Warning(sentence, dense=True)
    with solara.Div(classes=["group"]):
        choices = {choice: _choice_words(say, choice) for choice in served.folder.choices()}
        Select(
            say("panel.scenario"), setup.choice, choices,
            lambda choice: propose(
                lambda: Setup.opened(served, choice, setup.seed, setup.beside)
            ),
        )  # fmt: skip
        Select(
            say("panel.beside"), setup.beside, {key: say(f"beside.{key}") for key in BESIDE},
            lambda key: propose(lambda: replace(setup, beside=key)),
        )  # fmt: skip
        if setup.altered(served):
            solara.Button(
                say("panel.undo"), text=True, small=True, classes=["undo"],
                on_click=lambda: propose(unchanged),
            )  # fmt: skip
    with solara.Details(say("panel.programmes"), expand=True):
        solara.Text(say("panel.programmes_hint"), classes=["hint"])
        year = plan.period.start.year
        totals, before = (p.class_totals([year]) for p in (plan, base))
        for money in MONEY_CLASSES:
            was = ""
            if totals[money] != before[money]:
                was = f" ({say('panel.plan_was', value=_shown(before[money]))})"
            total = f"{say(f'money.{money}')} {year}: {_shown(totals[money])}{was}"
            solara.Text(total, classes=["total"])
            for programme in PROGRAMMES:
                if programme.money == money:
                    BudgetRow(say, setup, programme, budget).key(programme.key)
        absorbing: dict[str | None, str] = {None: say("balance.none")}
        absorbing |= {p.key: say.programme(p) for p in PROGRAMMES if p.money == "fiscal"}
        Select(
            say("panel.balance"), setup.changes.balance, absorbing,
            lambda key: change(lambda: replace(setup.changes, balance=key)),
        )  # fmt: skip
    with solara.Details(say("panel.world")):
        OtherConditions(say, setup, switch, change, propose)


@solara.component
def OtherConditions(
    say: Language,
    setup: Setup,
    switch: Callable[[str, Any], None],
    change: Callable[[Callable[[], Changes]], None],
    propose: Propose,
) -> None:
    """Counting rule, shocks, seed, sample."""
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
    TypedField(say("panel.seed"), str(setup.seed), lambda text: propose(
        lambda: replace(setup, seed=_seed(text))
    ))  # fmt: skip
    TypedField(say("panel.sample"), str(plan.population.sample), lambda text: change(
        lambda: replace(changes, sample=_sample(text, setup))
    ))  # fmt: skip


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


def _choice_words(say: Language, choice: str) -> str:
    return choice.removeprefix("fupin:") if choice.startswith("fupin:") else (
        f"{choice} ({say('panel.own')})"
    )  # fmt: skip


def _seed(text: str) -> int:
    if not (text.strip().isdecimal() and 1 <= int(text) < 10**9):
        raise InputError(f"{text!r} is not a seed.", "Write a whole number from 1.")
    return int(text)


def _sample(text: str, setup: Setup) -> str | float | None:
    """What a typed sample changes; the scenario's own is no change, and the loader checks it."""
    sample: str | float = text.strip().lower()
    with contextlib.suppress(ValueError):
        sample = float(sample)
    return None if sample == setup.base.scenario.population.sample else sample
