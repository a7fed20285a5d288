"""The page: Mesa's controller, the panel, the map and what stands beside it.

Every random number and every step is the model's own; whatever is changed builds the model anew
from the same start, with the changes and all else as the scenario file has it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import solara
import solara.lab

from fupin.browser import cards, map, tables
from fupin.browser.charts import MONEY_COLOURS, headlines, month_words, series_charts
from fupin.browser.controller import ModelController, update_counter
from fupin.browser.measures import MEASURES, values_of
from fupin.browser.page_model import PageModel
from fupin.browser.panel import Panel, Select, TypedField
from fupin.browser.runs import FullRun
from fupin.browser.setup import Served, Setup
from fupin.errors import InputError
from fupin.words.language import LANGUAGES, Language
from fupin.words.sample import of_sample
from fupin.words.titles import title as title_of

Shown = solara.Reactive[Any]
"""Holds the PageModel that is shown: Mesa's Reset puts a new one into it."""

TABS = ("time", "money", "exits", "place")
_STYLE = Path(__file__).with_name("style.css")


@dataclass(frozen=True)
class View:
    """What a tab looks at; a new model changes nothing of it.

    Attributes:
        tab: one of TABS.
        measure, which, villages: what the map shows.
        county, village: rows of the card, or None.
    """

    tab: solara.Reactive[str]
    measure: solara.Reactive[str]
    which: solara.Reactive[str]
    villages: solara.Reactive[bool]
    county: solara.Reactive[int | None]
    village: solara.Reactive[int | None]

    def pick(self, county: int | None) -> None:
        """Show the card of a county."""
        self.village.value = None
        self.county.value = county
        self.tab.value = "place"


@dataclass(frozen=True, eq=False)  # compared by identity: it holds a population
class Live:
    """A setup with the model that lives it, and the arguments with which it was built."""

    setup: Setup
    model: PageModel
    parameters: dict[str, Any]


@solara.component
def ScenarioPage(served: Served, first: Setup) -> None:
    """The whole page of one tab.

    Args:
        served: what tabs share.
        first: what the tab begins with.
    """
    setup, set_setup = solara.use_state(first)
    refused, set_refused = solara.use_state("")
    code, set_code = solara.use_state("en")
    view = View(
        solara.use_reactive(TABS[0]), solara.use_reactive("registered"),
        solara.use_reactive("plan"), solara.use_reactive(False), solara.use_reactive(None),
        solara.use_reactive(None),
    )  # fmt: skip
    lived: list[Live] = solara.use_memo(list, [])

    def build() -> Live:
        if lived and lived[0].setup is setup:
            return lived[0]
        while lived:  # one population at a time
            lived.pop().model.retire()
        model, parameters = setup.model(served)
        lived.append(Live(setup, model, parameters))
        return lived[0]

    def build_now() -> Live | None:
        """The first tab most often finds its model built, and is then drawn once."""
        return build() if served.ahead.ready(setup) else None

    opened = solara.use_memo(build_now, [])
    task = solara.lab.use_task(build, dependencies=[setup], raise_error=False)

    def propose(next_setup: Callable[[], Setup]) -> None:
        try:
            set_setup(next_setup())
        except InputError as error:
            set_refused(f"{error.message} {error.instead or ''}".strip())
        else:
            set_refused("")

    say = Language.of_page(code)
    live: Live | None = task.latest or opened
    pending = task.pending and not (live is not None and live.setup is setup)
    # Every setup has a reactive of its own: a thread that still plays the last one keeps to it.
    model: Shown = solara.use_memo(lambda: solara.reactive(live and live.model), [live])
    solara.Title(f"{title_of(say, setup.plan)} - fupin")
    solara.Style(_STYLE.read_text(encoding="utf-8"))
    with solara.Div(classes=["fupin", code, "waiting" if pending else "ready"]):
        with solara.Div(classes=["side"]):
            with solara.Div(classes=["languages"]):
                for key, name in LANGUAGES.items():
                    solara.Button(
                        name, text=True, small=True, disabled=key == code,
                        on_click=lambda key=key: set_code(key),
                    )  # fmt: skip
            if live is not None:
                Controls(model, live.parameters).key(f"controls {id(live)}")
            solara.Text(say("control.reset"), classes=["hint"])
            Panel(say, served, setup, refused, propose).key("panel")
            with solara.Details(say("panel.file")).key("files"):
                Files(say, served, setup)
        with solara.Div(classes=["main"]):
            if task.error:
                solara.Error(str(task.exception))
            if pending:
                words = say("page.living", month=say.month(setup.plan.period.start))
                solara.Text(words, classes=["living"])
                solara.ProgressLinear(True)
            if live is not None:
                Head(say, live.setup, model)
                with solara.Div(classes=["columns"]):
                    Map(say, model, view)
                    Beside(say, model, view)
                Caption(say, live.setup, model)


@solara.component
def Controls(model: Shown, parameters: dict[str, Any]) -> None:
    """Mesa's buttons: step, play and pause, reset to the start with everything as it is set."""
    interval, every = solara.use_reactive(50), solara.use_reactive(1)
    threads = solara.use_reactive(False)
    with solara.Div(classes=["controls"]):
        ModelController(
            model, model_parameters=parameters, play_interval=interval, render_interval=every,
            use_threads=threads,
        )  # fmt: skip


@solara.component
def Head(say: Language, setup: Setup, reactive: Shown) -> None:
    """Title, month and the few numbers that matter."""
    update_counter.get()
    model = reactive.value
    plan = setup.plan
    with solara.Div(classes=["head"]):
        solara.HTML("h1", unsafe_innerHTML=escape(title_of(say, plan)))
        with solara.Div(classes=["month"]):
            solara.Text(month_words(model, say))
    numbers = "".join(
        f'<div class="headline"><b class="what">{escape(one.title)}</b>'
        f'<span class="value" title="{escape(one.exact)}">{escape(one.value)}</span>'
        f'<span class="hint">{escape(one.note)}</span></div>'
        for one in headlines(model, say)
    )
    solara.HTML("div", unsafe_innerHTML=numbers, classes=["headlines"])


@solara.component
def Caption(say: Language, setup: Setup, reactive: Shown) -> None:
    """What is shown: how many villages stand for how many, and that it is one run."""
    model, plan = reactive.value, setup.plan
    villages, sample = model.frame.villages, plan.population.sample
    known = sample if sample in ("default", "full") else "share"
    words = say(
        "page.caption",
        sample=say(f"sample.{known}", share=sample),
        shown=say.number(len(villages)),
        all=say.number(int(villages.weight.sum())),
        seed=setup.seed,
    )
    solara.Text(" ".join([words, *of_sample(say, sample)]), classes=["hint"])


@solara.component
def Map(say: Language, reactive: Shown, view: View) -> None:
    """The map with its choosers and legend."""
    update_counter.get()
    model = reactive.value
    which = view.which.value if model.twin is not None else "plan"
    ground = map.base(say.chinese)
    shown = map.coloured(model, say, view.measure.value, which, view.villages.value)
    table = model.frame.counties
    row_of = {int(code): row for row, code in enumerate(table.code)}
    picked = ""
    if view.county.value is not None:
        picked = ground.outlines[int(table.code[ground.drawn[view.county.value]])]
    with solara.Div(classes=["map"]):
        with solara.Div(classes=["choosers"]):
            Select(
                say("map.colour"), view.measure.value,
                {key: say(f"measure.{key}") for key in MEASURES}, view.measure.set,
            )  # fmt: skip
            Select(
                say("map.show"), view.villages.value,
                {False: say("map.counties"), True: say("map.villages")}, view.villages.set,
            )  # fmt: skip
            if model.twin is not None:
                Select(
                    say("map.which"), which,
                    {key: say(f"map.{key}") for key in ("plan", "beside", "difference")},
                    view.which.set,
                )  # fmt: skip
        map.ProvinceMap(
            shapes=ground.shapes, names=ground.names, width=ground.width,
            colours=shown.css, points=shown.points,
            tips=shown.tips, hint=say("map.hint"), label=say(f"measure.{view.measure.value}"),
            picked=picked, event_pick=lambda code: view.pick(row_of[int(code)]),
        )  # fmt: skip
        form = say("map.schematic" if ground.schematic else "map.boundaries")
        solara.HTML("div", unsafe_innerHTML=shown.legend, classes=["legend"])
        solara.Text(form, classes=["hint"])


@solara.component
def Beside(say: Language, reactive: Shown, view: View) -> None:
    """Tabs; only the one that is looked at is drawn."""
    update_counter.get()
    model, tab = reactive.value, view.tab.value
    with solara.Div(classes=["tabs"]):
        with solara.Div(classes=["tabrow"], attributes={"role": "tablist"}):
            for key in TABS:
                solara.Button(
                    say(f"tab.{key}"), text=True, small=True, on_click=lambda key=key: (
                        view.tab.set(key)
                    ), classes=["chosen"] if key == tab else [],
                    attributes={"role": "tab", "aria-selected": str(key == tab).lower()},
                )  # fmt: skip
        if tab == "time":
            solara.HTML(
                "div", unsafe_innerHTML="".join(series_charts(model, say)), classes=["charts"]
            )
            solara.HTML("div", unsafe_innerHTML=_key(say, model), classes=["hint"])
        elif tab == "money":
            solara.HTML("div", unsafe_innerHTML=tables.money_table(model, say))
        elif tab == "exits":
            solara.HTML("div", unsafe_innerHTML=tables.exits_table(model, say))
        else:
            Card(say, model, view)


def _key(say: Language, model: PageModel) -> str:
    parts = []
    if model.twin is not None:
        parts = [f'<i class="plan"></i>{escape(say("plan"))}',
                 f'<i class="beside"></i>{escape(say("beside"))}']  # fmt: skip
    parts += [
        f'<i style="border-color:{colour}"></i>{escape(say(f"money.{name}"))}'
        for name, colour in MONEY_COLOURS.items()
    ]
    return f'<p>{escape(say("chart.lead"))}</p><p class="key">{"".join(parts)}</p>'


@solara.component
def Card(say: Language, model: PageModel, view: View) -> None:
    """A county or a village of it."""
    update_counter.get()
    county, village = view.county.value, view.village.value
    names = cards.county_names(model, say)

    def pick(row: int | None) -> None:
        view.village.value = None
        view.county.value = row

    with solara.Div(classes=["choosers"]):
        order = sorted(range(len(names)), key=lambda row: names[row])
        Select(say("card.choose"), county, {row: names[row] for row in order}, pick)
        if county is not None:
            rows = cards.villages_of(model, county)
            share = values_of(model, "registered").villages
            words: dict[Any, str] = {None: say("card.all_villages")}
            words |= {
                int(row): cards.village_name(model, say, row, float(share[row])) for row in rows
            }
            Select(say("card.village"), village, words, view.village.set)
    if county is None:
        solara.Text(say("card.empty"), classes=["hint"])
    else:
        body = cards.card(model, say, county, village)
        solara.HTML("div", unsafe_innerHTML=body, classes=["card"])


@solara.component
def Files(say: Language, served: Served, setup: Setup) -> None:
    """Save the plan, run the file, open the report."""
    name, set_name = solara.use_state("my-plan")
    title, set_title = solara.use_state("")
    nothing_saved: tuple[Setup, Path] | None = None
    saved, set_saved = solara.use_state(nothing_saved)
    problem, set_problem = solara.use_state("")
    no_run: FullRun | None = None
    run, set_run = solara.use_state(no_run)

    def save() -> None:
        try:
            file = served.folder.save(name, title, setup.base, setup.changes)
        except InputError as error:
            set_problem(f"{error.message} {error.instead or ''}".strip())
        else:
            set_problem("")
            set_saved((setup, file))

    TypedField(say("save.name"), name, set_name)
    TypedField(say("save.title"), title or setup.plan.title, set_title)
    solara.Button(say("save.button"), color="primary", small=True, on_click=save)
    if problem:
        solara.Error(problem, dense=True)
    if saved is not None:
        solara.Text(say("save.done", file=saved[1].name), classes=["hint"])
    file = file_to_run(setup, saved)
    going = run is not None and run.going

    def start() -> None:
        if file is not None:
            set_run(served.runs.start(file))

    solara.Button(
        say("run.button"), small=True, disabled=file is None or going,
        on_click=start,
    )  # fmt: skip
    if file is None:
        solara.Text(say("run.unsaved"), classes=["hint"])
    if run is not None:
        RunState(say, run).key(run.token)


def file_to_run(setup: Setup, saved: tuple[Setup, Path] | None) -> Path | None:
    """The file that says what is shown: the scenario's own, or the one saved last; else None."""
    if not setup.changes.any:
        return setup.base.files[0]
    if saved is not None and (saved[0].choice, saved[0].plan) == (setup.choice, setup.plan):
        return saved[1]
    return None


@solara.component
def RunState(say: Language, run: FullRun) -> None:
    """How far a full run is; in the end its report."""
    seconds = solara.use_reactive(0)

    def watch() -> None:
        while run.going:
            time.sleep(1.0)
            seconds.value += 1
        seconds.value += 1

    solara.lab.use_task(watch, dependencies=[run.token], raise_error=False)
    passed = seconds.value
    if run.going:
        solara.Text(say("run.going", seconds=passed), classes=["hint"])
        solara.ProgressLinear(True)
    elif run.failed:
        solara.Error(say("run.failed", why=run.errors.strip()[-600:]), dense=True)
    else:
        solara.Text(say("run.done", folder=run.folder.name), classes=["hint"])
        if run.report() is not None:
            address = f"/fupin-report/{run.token}" + ("?lang=zh" if say.chinese else "")
            solara.HTML(
                "a", unsafe_innerHTML=escape(say("run.report")),
                attributes={"href": address, "target": "_blank", "rel": "noopener"},
            )  # fmt: skip
