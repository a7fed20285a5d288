"""The page of one tab: the plan at the left, its answer in the middle, pinned plans at the right.

A plan is lived to its horizon in the background, and Mesa's controller replays it. Whatever is
changed lives another plan from the same start, with all else as the scenario file has it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import solara
import solara.lab

from fupin.browser import files, link
from fupin.browser.answer import strip
from fupin.browser.controller import ModelController, update_counter
from fupin.browser.drawing import TICK, Drawn
from fupin.browser.ensemble import Ensemble, known_of
from fupin.browser.life import Life, Replay
from fupin.browser.page_model import month_at
from fupin.browser.panel import Panel
from fupin.browser.pinned import Pinned
from fupin.browser.pins import MOST, plain
from fupin.browser.scene import Scene
from fupin.browser.setup import Live, Served, Setup
from fupin.browser.tabs import REPORT, TABS, Content, Exports, ReportFrame, Scrub, TabRow, View
from fupin.browser.trail import Trail
from fupin.browser.units import sample_name
from fupin.browser.work import Begun, Files, Search
from fupin.errors import InputError
from fupin.words.language import LANGUAGES, Language
from fupin.words.sample import of_sample
from fupin.words.titles import title as title_of
from fupin.words.unbroken import unbroken_html

Shown = solara.Reactive[Any]
"""Holds the Replay that is shown: Mesa's Reset puts a new one into it."""

_STYLE = Path(__file__).with_name("style.css")


def _of_life(setup: Setup) -> tuple[Any, ...]:
    """What a life depends on: who absorbs changes, for one, makes no other."""
    return (setup.lived, setup.seed, setup.beside, setup.beside == "file" and setup.base.scenario)


@solara.component
def ScenarioPage(served: Served, first: Setup) -> None:
    """The whole page of one tab.

    Args:
        served: what tabs share.
        first: what the tab begins with.
    """
    router = solara.use_router()
    opened = solara.use_memo(lambda: link.read(served, first, router.search), [])
    trail, set_trail = solara.use_state(Trail((opened.setup,)))
    pins, set_pins = solara.use_state(opened.pins)
    code, set_code = solara.use_state(opened.lang)
    refused, set_refused = solara.use_state(opened.problems)
    drawer, set_drawer = solara.use_state(False)
    begun = solara.use_memo(lambda: solara.reactive(Begun()), [])
    tab = opened.tab if opened.tab in TABS else TABS[0]
    view = View(
        solara.use_reactive(tab), solara.use_reactive("income_poor"),
        solara.use_reactive("plan"), solara.use_reactive(False), solara.use_reactive(None),
        solara.use_reactive(None),
    )  # fmt: skip
    setup, say = trail.now, Language.of_page(code)
    drawn = solara.use_memo(Drawn, [])
    live, pending, error = _use_life(served, setup, drawn)
    ensemble = _use_ensemble(setup, begun.value.ended)

    def propose(next_setup: Callable[[], Setup]) -> None:
        try:
            set_trail(trail.then(next_setup()))
        except InputError as problem:
            set_refused((f"{problem.message} {problem.instead or ''}".strip(),))
        else:
            set_refused(())

    def go(address: link.Address) -> None:
        set_trail(trail.then(address.setup))
        set_pins(address.pins)
        set_code(address.lang)
        set_refused(address.problems)
        view.tab.set(address.tab if address.tab in TABS else TABS[0])

    shown_tab = "" if view.tab.value in (TABS[0], REPORT) else view.tab.value
    _use_address(served, first, link.Address(setup, pins, code, shown_tab), go)
    replay: Shown = solara.use_memo(
        lambda: solara.reactive(live and Replay(live.life, None)), [live]
    )

    def pin(proposal: Setup | None = None) -> None:
        new = plain(setup if proposal is None else proposal)
        if new not in pins and len(pins) < MOST:
            set_pins((*pins, new))

    solara.Title(f"{title_of(say, setup.plan)} - fupin")
    solara.Style(_STYLE.read_text(encoding="utf-8"))
    kinds = ["fupin", code, "waiting" if pending else "ready", "open" if drawer else "shut"]
    with solara.Div(classes=kinds):
        with solara.Div(classes=["side"], attributes={"id": "plan"}):
            with solara.Div(classes=["top"]):
                Undo(say, trail, set_trail, propose)
                Languages(code, set_code)
            model = live.life.model if live is not None else None
            Panel(say, served, setup, refused, propose, model).key("panel")
            with solara.Details(say("panel.search")).key("search"):
                Search(say, served, setup, begun, pin)
            with solara.Details(say("panel.file")).key("files"):
                Files(say, served, setup, begun)
        with solara.Div(classes=["main"]):
            solara.Button(
                say("page.close" if drawer else "page.change"), small=True, classes=["drawer"],
                on_click=lambda: set_drawer(not drawer),
            )  # fmt: skip
            if error is not None:
                solara.Error(str(error))
            if pending or live is None:
                solara.Text(
                    say("page.living", month=say.month(setup.plan.period.start)),
                    classes=["living"],
                )
                solara.ProgressLinear(True)
            if live is not None:
                Middle(say, served, live, replay, view, ensemble, begun, pins, drawn).key("middle")
        with solara.Div(classes=["right"]):
            if live is not None:
                Pinned(say, served, live, ensemble, pins, set_pins, propose, pin, drawn)


def _use_life(
    served: Served, setup: Setup, drawn: Drawn
) -> tuple[Live | None, bool, Exception | None]:
    """The life of a setup, the last one while it is built, and whether it is."""
    kept: list[Live] = solara.use_memo(list, [])
    one_at_a_time = solara.use_memo(threading.Lock, [])
    wanted, own = solara.use_ref(_of_life(setup)), _of_life(setup)
    wanted.current = own

    def build() -> Live | None:
        with one_at_a_time:
            if wanted.current != own:  # undone while another was built: nobody looks at it
                return None
            if kept and _of_life(kept[0].setup) == own:
                return kept[0]
            while kept:  # one population at a time
                kept.pop().life.model.retire()
            life = setup.life(served)
            life.begin()
            kept.append(Live(setup, life))
            return kept[0]

    def build_now() -> Live | None:
        """The first tab most often finds its life begun, and is then drawn once."""
        return build() if served.ahead.ready(setup) else None

    at_once = solara.use_memo(build_now, [])
    task = solara.lab.use_task(build, dependencies=[own], raise_error=False)
    live: Live | None = task.latest or at_once
    fits = live is not None and _of_life(live.setup) == own

    def watch() -> None:
        shown = -1
        while live is not None and not live.life.model.retired:
            lived, ended = live.life.lived, not live.life.going
            if (lived > shown or ended) and drawn.ask():
                if ended:
                    return
                shown = lived
            time.sleep(TICK / 2)

    solara.lab.use_task(watch, dependencies=[live], raise_error=False)
    return live, task.pending and not fits, task.exception if task.error else None


def _use_ensemble(setup: Setup, ended: int) -> Ensemble | None:
    """What is known of a plan over draws, looked up anew when a run has ended."""
    task = solara.lab.use_task(
        lambda: (setup.plan, known_of(setup.plan)), dependencies=[setup.plan, ended],
        raise_error=False,
    )  # fmt: skip
    found = task.latest
    return found[1] if found is not None and found[0] == setup.plan else None


def _use_address(
    served: Served, first: Setup, address: link.Address, go: Callable[[link.Address], None]
) -> None:
    """Keep the browser's address as what is shown, and go where it is set to (back, forward)."""
    router = solara.use_router()
    asked = f"?{router.search}" if router.search else ""
    said = solara.use_ref(asked)
    text = link.text_of(served, address)

    def tell() -> None:
        if text != said.current and router.set_path is not None:
            said.current = text
            router.push(f"/{text}")

    def follow() -> None:
        if asked != said.current:
            said.current = asked
            go(link.read(served, first, asked))

    solara.use_effect(follow, [asked])
    solara.use_effect(tell, [text])


@solara.component
def Undo(
    say: Language,
    trail: Trail,
    set_trail: Callable[[Trail], None],
    propose: Callable[[Callable[[], Setup]], None],
) -> None:
    """One step back or forward, or all changes at once."""
    with solara.Div(classes=["undo"]):
        solara.Button(
            f"↶ {say('undo.undo')}", text=True, small=True, disabled=not trail.can_undo,
            on_click=lambda: set_trail(trail.undo()),
        )  # fmt: skip
        solara.Button(
            f"↷ {say('undo.redo')}", text=True, small=True, disabled=not trail.can_redo,
            on_click=lambda: set_trail(trail.redo()),
        )  # fmt: skip
        if trail.now.altered:
            solara.Button(
                say("panel.undo"), text=True, small=True, classes=["all"],
                on_click=lambda: propose(trail.now.unchanged),
            )  # fmt: skip


@solara.component
def Languages(code: str, set_code: Callable[[str], None]) -> None:
    """English or Chinese."""
    with solara.Div(classes=["languages"]):
        for key, name in LANGUAGES.items():
            solara.Button(
                name, text=True, small=True, on_click=lambda key=key: set_code(key),
                classes=["chosen"] if key == code else [],
                attributes={"aria-pressed": str(key == code).lower(), "lang": key},
            )  # fmt: skip


@solara.component
def Middle(
    say: Language,
    served: Served,
    live: Live,
    reactive: Shown,
    view: View,
    ensemble: Ensemble | None,
    begun: solara.Reactive[Begun],
    pins: tuple[Setup, ...],
    drawn: Drawn,
) -> None:
    """Title, verdict, replay and tabs."""
    solara.use_effect(drawn.note, [update_counter.get(), drawn.ticks.get(), live])
    no_file: dict[str, Any] | None = None
    file, set_file = solara.use_state(no_file)
    replay, life = reactive.value, live.life
    scene = Scene(say, life, replay.shown, ensemble)
    plan = live.setup.plan

    def ask(kind: str) -> None:
        made: Any = files.download(kind, served, live.setup, scene, [(p, None) for p in pins])
        set_file({**made, "number": time.monotonic()})

    title = title_of(say, live.setup.base.scenario)
    with solara.Div(classes=["head"]):
        changed = f" <em>{escape(say('head.changed'))}</em>" if live.setup.altered else ""
        solara.HTML("h1", unsafe_innerHTML=f"{escape(title)}{changed}")
        words = {key: say(f"export.{key}") for key in
                 ("title", "link", "copied", *files.KINDS, "svg", "png")}  # fmt: skip
        caption = f"{title}, {say.month(scene.month)}: {say(f'tab.{view.tab.value}')}"
        Exports(words=words, name=plan.name, caption=caption, file=file, lang=say.code,
                event_ask=ask)  # fmt: skip
    solara.HTML("div", unsafe_innerHTML=unbroken_html(strip(scene)), classes=["answer"])
    Player(say, live, reactive, drawn)
    run = begun.value.run
    reported = run is not None and run.report() is not None
    with solara.Div(classes=["tabs"]):
        TabRow(scene, view, reported)
        if view.tab.value == REPORT and reported:
            assert run is not None
            address = f"/fupin-report/{run.token}" + ("?lang=zh" if say.chinese else "")
            ReportFrame(address=address, title=say("tab.report"))
        else:
            Content(scene, view)
    Caption(say, live.setup, life)


@solara.component
def Player(say: Language, live: Live, reactive: Shown, drawn: Drawn) -> None:
    """Mesa's buttons, and a slider over the months."""
    update_counter.get()
    drawn.ticks.get()
    rounds, set_rounds = solara.use_state(0)
    replay, life = reactive.value, live.life
    model = life.model
    over = not replay.running

    def begin_anew() -> None:
        """Mesa greys its buttons at the end; a replay may begin again there."""
        if over:
            replay.running = True
            set_rounds(rounds + 1)

    solara.use_effect(begin_anew, [over])

    def pick(at: int) -> None:
        reactive.value.at = min(int(at), life.lived)
        update_counter.value += 1

    with solara.Div(classes=["player"]):
        Controls(reactive, {"life": life}).key(f"controls {id(life)} {rounds}")
        Scrub(
            at=replay.shown, last=life.last, month=say.month(month_at(model, replay.shown)),
            first=say.month(month_at(model, 0)), final=say.month(month_at(model, life.last)),
            label=say("replay.label"), event_pick=pick,
        )  # fmt: skip
    if life.going:
        month = say.month(month_at(model, life.lived))
        solara.Text(say("replay.living", month=month), classes=["hint", "living"])
    else:
        solara.Text(say("replay.hint", month=say.month(month_at(model, life.finish))),
                    classes=["hint"])  # fmt: skip


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
def Caption(say: Language, setup: Setup, life: Life) -> None:
    """What is shown: how many villages stand for how many, and that it is one world of many."""
    villages, sample = life.model.frame.villages, setup.lived.population.sample
    known = sample if sample in ("default", "full") else "share"
    words = [
        say(
            "page.caption",
            sample=say(f"sample.{known}", share=sample),
            shown=say.number(len(villages)),
            all=say.number(int(villages.weight.sum())),
            seed=setup.seed,
        ),
        *of_sample(say, sample),
    ]
    if not setup.same_sample:
        words.append(
            say("page.other_sample", sample=sample_name(say, setup.plan.population.sample))
        )
    solara.Text(("" if say.chinese else " ").join(words), classes=["hint"])
