"""The page: Mesa's controls, budgets, the map and the series. The page changes nothing by itself.

Every random number and every step is the model's own; a slider that is let go rebuilds the model
from the same start with that budget.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter
from solara.alias import rw

from sim.browser.figures import draw_map, draw_series
from sim.browser.world import PageModel, World, with_budget, yearly_budget
from sim.programmes.settings import MONEY_CLASSES, Programme
from sim.scenario.amounts import format_yuan
from sim.scenario.schema import Scenario

Commit = Callable[[str, float], float]
"""Rebuilds the model with a programme's budget, million yuan; returns the one then in force."""

_SAMPLES = {
    "default": "every listed village and about one in ten others",
    "full": "every village of the province",
}

# Of Mesa's page: tabs of a single page, and the card of parameters, which is empty here.
_STYLE = """
.v-tabs, .v-card:has(> .v-card__text > .v-sheet:empty) {display: none}
"""


@solara.component
def Map(model: PageModel) -> None:
    """Villages as points."""
    update_counter.get()
    rw.Image(value=_picture(model, "map", draw_map), format="png")


@solara.component
def Series(model: PageModel) -> None:
    """Monthly series."""
    update_counter.get()
    rw.Image(value=_picture(model, "series", draw_series), format="png")


def _picture(model: PageModel, name: str, draw: Callable[[PageModel], Figure]) -> bytes:
    # Kept with the model: Mesa's page asks twice when a model is replaced.
    if model.pictures.get(name, (-1.0, b""))[0] != model.time:
        file = io.BytesIO()
        draw(model).savefig(file, format="png", dpi=110)
        model.pictures[name] = (model.time, file.getvalue())
    return model.pictures[name][1]


@solara.component
def BudgetSlider(programme: Programme, planned: float, now: float, commit: Commit) -> None:
    """A budget in million yuan."""
    value, set_value = solara.use_state(now)
    shown = f"{value:,.2f}".rstrip("0").rstrip(".")
    plan = "" if value == planned else f" (plan: {planned:,.7g})"
    solara.Text(f"{programme.title}: {shown}{plan}", style={"font-size": "0.85rem"})

    def let_go(*event: Any) -> None:
        set_value(commit(programme.key, round(float(event[-1]), 2)))

    slider = solara.v.Slider(
        v_model=value, on_v_model=lambda new: set_value(round(float(new), 2)),
        min=0, max=2 * planned, step=planned / 50, hide_details=True, dense=True,
        style_="margin: -4px 0 2px 0",
    )  # fmt: skip
    # Vuetify's `change` comes once, when the slider is let go or a key is pressed.
    solara.v.use_event(slider, "change", let_go)


@solara.component
def Budgets(world: World, plan: Scenario, commit: Commit, refused: str) -> None:
    """A slider for each programme that the plan has, and the totals of the money classes."""
    year = world.plan.period.start.year
    with solara.Sidebar(), solara.Card("Budgets"), solara.Column(gap="0px"):
        solara.Text("million yuan a year; a change starts the plan anew")
        if refused:
            solara.Error(refused)
        for programme in world.plan.programmes.active():
            planned = yearly_budget(world.plan.programmes.of(programme.key))
            now = yearly_budget(plan.programmes.of(programme.key))
            BudgetSlider(programme, planned, now, commit).key(programme.key)
        before, after = (p.programmes.class_totals(year) for p in (world.plan, plan))
        for money in MONEY_CLASSES:
            if before[money]:
                text = f"All {money} money of {year}: {format_yuan(after[money])}"
                if after[money] != before[money]:
                    text += f" (plan: {format_yuan(before[money])})"
                solara.Text(text, style={"font-weight": "bold", "font-size": "0.85rem"})


@solara.component
def BudgetsBelow(*arguments: Any) -> None:
    """Budgets below Mesa's controls: the sidebar orders by depth, and this makes it deeper."""
    with solara.Column():
        Budgets(*arguments)


@solara.component
def ScenarioPage(world: World) -> None:
    """The whole page of a world."""
    refused, set_refused = solara.use_state("")
    first = solara.use_memo(lambda: PageModel(world.plan, world), [])
    model: solara.Reactive[PageModel] = solara.use_reactive(first)
    plan = model.value.plan
    rebuilds = solara.use_ref(0)

    def commit(key: str, million: float) -> float:
        plan = model.value.plan
        try:
            plan = with_budget(plan, world.plan, key, million)
        except ValueError as error:
            set_refused(str(error))
        else:
            set_refused("")
            rebuilds.current += 1
            model.value = PageModel(plan, world)
        return yearly_budget(plan.programmes.of(key))

    solara.Title(f"{world.plan.title} - fupin")
    solara.Style(_STYLE)
    # Mesa's controls know neither that a model was replaced nor its new plan: they are made anew,
    # by a key, and in the sidebar, which keeps what stays in its place, by another place.
    with solara.Sidebar():
        with solara.Column(style={"margin": "12px 16px 0 16px"}):
            solara.Text("Step lives a month, ▶ plays, Reset goes back to the start.")
        if rebuilds.current % 2:
            solara.Div()
    with solara.Column(gap="2px", style={"margin": "8px 16px"}):
        for line in _caption(world):
            solara.Text(line)
    SolaraViz(
        model, components=[(Map, 0), (Series, 0)], model_params={"plan": plan, "world": world},
        name=world.plan.title,
    ).key(f"plan {rebuilds.current}")  # fmt: skip
    BudgetsBelow(world, plan, commit, refused)


def _caption(world: World) -> list[str]:
    villages, sample = world.start.frame.villages, world.plan.population.sample
    which = _SAMPLES.get(str(sample), f"a share of {sample} of the villages, listed and other")
    return [
        f"Synthetic Hebei, sample {sample}: {which}. The {len(villages):,} villages here stand for "
        f"{int(villages.weight.sum()):,}. One run, seed {world.seed}; another seed gives somewhat "
        "other numbers.",
        "The official list of the poor is reviewed, and incomes are settled, each December: look "
        "for the change there.",
    ]
