"""The right side of the page: pinned plans, lived one after another, beside what is shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import solara
import solara.lab

from fupin.browser import link
from fupin.browser.drawing import TICK, Drawn
from fupin.browser.ensemble import Ensemble
from fupin.browser.pins import MOST, Figures, Known, Tray, find_out, kept, plain, rows_of
from fupin.browser.setup import Live, Served, Setup
from fupin.words.language import Language


@solara.component
def Pinned(
    say: Language,
    served: Served,
    live: Live,
    ensemble: Ensemble | None,
    pins: tuple[Setup, ...],
    set_pins: Callable[[tuple[Setup, ...]], None],
    propose: Callable[[Callable[[], Setup]], None],
    pin: Callable[[], None],
    drawn: Drawn,
) -> None:
    """The plan that is shown and the pinned ones beside each other."""
    drawn.ticks.get()
    _, set_count = solara.use_state(0)
    known: dict[str, Known] = solara.use_memo(dict, [])
    one_at_a_time = solara.use_memo(threading.Lock, [])
    names = tuple(link.pin_text(served, one) for one in pins)
    wanted = solara.use_ref(names)
    wanted.current = names
    now = None
    own = link.pin_text(served, plain(live.setup))
    alone = live.setup.beside == "no_programmes"
    if alone and live.life.ended:
        now = Known(Figures.of(live.life), ensemble)
        if own in names:
            now = known[own] = kept(now, known.get(own))

    def live_missing() -> None:
        while live.life.going:  # what is looked at goes first
            time.sleep(TICK)
        with one_at_a_time:
            for name, one in zip(names, pins, strict=True):
                if name == own and alone:  # its figures are drawn when it has ended
                    continue
                if name in wanted.current and name not in known:
                    known[name] = find_out(served, one)
                    set_count(len(known))

    solara.lab.use_task(live_missing, dependencies=[names, live], raise_error=False)

    def show(k: int) -> None:
        propose(lambda: replace(pins[k], seed=live.setup.seed, sample=live.setup.sample))

    rows = rows_of(say, [(live.setup, now), *((p, known.get(n)) for p, n in zip(
        pins, names, strict=True))])  # fmt: skip
    words = {key: say(f"tray.{key}") for key in
             ("title", "lead", "pin", "full", "now", "waits", "show", "drop")}  # fmt: skip
    Tray(
        rows=rows, words=words, full=len(pins) >= MOST, event_pin=lambda _: pin(), event_show=show,
        event_drop=lambda k: set_pins(pins[:k] + pins[k + 1 :]),
    )  # fmt: skip
