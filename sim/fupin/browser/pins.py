"""Plans that are pinned beside each other: what each does in one world, and over draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import solara

from fupin.browser import svg
from fupin.browser.changes import largest_budget
from fupin.browser.ensemble import Ensemble, known_of
from fupin.browser.envelope import amount
from fupin.browser.life import Life
from fupin.browser.page_model import delivered_by_class
from fupin.browser.setup import Served, Setup
from fupin.browser.units import money
from fupin.scenario.programme_catalogue import GIFT_CLASSES
from fupin.scenario.programmes import PROGRAMMES
from fupin.words.language import Language
from fupin.words.titles import title as title_of

MOST = 5
COLOURS = ("#0072b2", "#c44e00", "#007a5a", "#a0527f", "#8a6d00", "#4f5b67")
"""Of the plan that is shown, and of the pinned ones in order."""

_WIDTH, _HEIGHT = 220.0, 20.0


@dataclass(frozen=True)
class Figures:
    """What one world says of a plan at its horizon.

    Attributes:
        years_out: fewer person-years under the line than without programmes.
        lifted: net fall of the official count in the plan's period, persons.
        jobs: jobs that are not there without programmes, at the end of the period.
        yuan: fiscal and social money delivered.
    """

    years_out: float
    lifted: float
    jobs: float
    yuan: float

    @classmethod
    def of(cls, life: Life) -> Figures:
        """Of a life that has reached its horizon, with the world without programmes beside."""
        model, twin = life.model, life.model.twin
        assert twin is not None
        counting, end = model.plan.counting, model.plan.period.end.year
        out = sum(twin.measured[y].income_poor - model.measured[y].income_poor
                  for y in model.measured)  # fmt: skip
        lifted = model.at_start.official(counting) - model.measured[end].official(counting)
        here, bare = (
            sum(one.datacollector.model_vars[name][life.finish]
                for name in ("migrants", "local_jobs")) for one in (model, twin)
        )  # fmt: skip
        by_class = delivered_by_class(model)
        yuan = sum(by_class[money][-1] for money in GIFT_CLASSES)
        return cls(float(out), float(lifted), float(here - bare), float(yuan))


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of a pinned plan."""

    figures: Figures
    ensemble: Ensemble | None


def plain(setup: Setup) -> Setup:
    """A setup as it is pinned: beside the world without programmes."""
    return replace(setup, beside="no_programmes")


def find_out(served: Served, setup: Setup) -> Known:
    """Live a pinned plan to its horizon, and look what is known over draws."""
    life = plain(setup).begin(served)
    life.live()
    known = Known(Figures.of(life), known_of(setup.plan))
    life.model.retire()
    return known


def kept(now: Known, before: Known | None) -> Known:
    """What is known now; a range that was known stays while that of another plan is looked for."""
    if now.ensemble is not None or before is None:
        return now
    return replace(now, ensemble=before.ensemble)


def label_of(say: Language, setup: Setup) -> str:
    """The title of a plan, with what is changed in it."""
    title = title_of(say, setup.base.scenario)
    if not setup.altered:
        return title
    moved = [
        f"{say.programme(p)} {amount(say, largest_budget(setup.plan, p.key))}"
        for p in PROGRAMMES
        if largest_budget(setup.plan, p.key) != largest_budget(setup.base.scenario, p.key)
    ]
    more = say("pins.more", count=len(moved) - 2) if len(moved) > 2 else ""
    changes = say.join(moved[:2]) + more if moved else say("pins.changed")
    return f"{title}{'：' if say.chinese else ': '}{changes}"


def rows_of(say: Language, plans: Sequence[tuple[Setup, Known | None]]) -> list[dict[str, Any]]:
    """What `tray.vue` draws: the plan that is shown first, then the pinned ones."""
    low, high = _ends([known for _, known in plans if known is not None])
    base = next((known for _, known in plans[1:2]), None)
    rows = []
    for k, (setup, known) in enumerate(plans):
        row: dict[str, Any] = {"title": label_of(say, setup), "colour": COLOURS[k], "figures": [],
                               "dots": "", "beside": "", "waits": known is None}  # fmt: skip
        if known is not None:
            row["dots"] = _dots(say, known, COLOURS[k], low, high)
            row["figures"] = _figures(say, known)
            row["beside"] = _beside(say, known, base) if k > 1 and base is not None else ""
        rows.append(row)
    return rows


def _interval(known: Known) -> tuple[float, float] | None:
    found = known.ensemble.outcome("person_years_out") if known.ensemble else None
    if found is None or found["low"] is None or found["high"] is None:
        return None
    return float(found["low"]), float(found["high"])


def _ends(known: Sequence[Known]) -> tuple[float, float]:
    values = [0.0]
    for one in known:
        values += [one.figures.years_out, *(_interval(one) or ())]
    low, high = min(values), max(values)
    return (low, high) if high > low else (low, low + 1.0)


def _dots(say: Language, known: Known, colour: str, low: float, high: float) -> str:
    def x(value: float) -> float:
        return 6 + (value - low) / (high - low) * (_WIDTH - 12)

    value, range_ = known.figures.years_out, _interval(known)
    words = f"{say('head.years_out')}: {say.people(value)}"
    whisker = ""
    if range_ is not None:
        words += f" ({say.people(range_[0])} – {say.people(range_[1])})"
        whisker = (
            f'<path d="M{x(range_[0]):.1f} 10H{x(range_[1]):.1f}" stroke="{colour}" '
            'stroke-width="4" opacity=".35"/>'
        )
    return (
        f'<svg viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" aria-label="{escape(words)}">'
        f"<title>{escape(words)}</title>"
        f'<path d="M{x(0.0):.1f} 2V18" stroke="{svg.GREY}"/>{whisker}'
        f'<circle cx="{x(value):.1f}" cy="10" r="4.5" fill="{colour}"/></svg>'
    )


def _figures(say: Language, known: Known) -> list[list[str]]:
    one, ensemble = known.figures, known.ensemble

    def row(name: str, value: str, outcome: str = "") -> list[str]:
        found = ensemble.outcome(outcome) if ensemble is not None and outcome else None
        return [say(f"pins.{name}"), value, say.with_interval(say.estimate(found)) if found else ""]

    each = one.yuan / one.years_out if one.years_out > 0 else None
    return [
        row("years_out", say.people(one.years_out), "person_years_out"),
        row("lifted", say.people(one.lifted), "lifted"),
        row("jobs", say.number(one.jobs), "additional_jobs"),
        row("yuan", money(say, one.yuan)),
        row("each", say("head.yuan", value=say.number(each)) if each is not None else "·"),
    ]


def _beside(say: Language, known: Known, base: Known) -> str:
    """A pinned plan beside the first pinned one, draw by draw where both were run."""
    change = known.figures.years_out - base.figures.years_out
    told = say("pins.beside", change=say.people(change, signed=True))
    if known.ensemble is not None and base.ensemble is not None:
        found = known.ensemble.beside(base.ensemble, "person_years_out")
        if found is not None:
            told += " " + say("pins.beside_range", amount=say.with_interval(say.signed(found)))
    return told


@solara.component_vue("tray.vue")
def Tray(
    rows: list[dict[str, Any]],
    words: dict[str, str],
    full: bool,
    event_pin: Callable[[Any], None],
    event_show: Callable[[int], None],
    event_drop: Callable[[int], None],
) -> None:
    """Pinned plans; `event_show` and `event_drop` get the number of a pinned plan from 0."""
