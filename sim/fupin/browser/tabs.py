"""The middle of the page: tabs with charts, tables, map and card; only the open one is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from fupin.browser import cards, map, tables
from fupin.browser.charts import income_chart, job_charts, key_of, money_chart, poverty_charts
from fupin.browser.measures import MEASURES
from fupin.browser.panel import Select
from fupin.browser.questions import questions_tab
from fupin.browser.scene import Scene
from fupin.words.unbroken import unbroken_html

TABS = ("poverty", "questions", "jobs", "money", "who", "where", "county")
REPORT = "report"


@dataclass(frozen=True)
class View:
    """What a tab of the browser looks at; a new plan changes nothing of it.

    Attributes:
        tab: one of TABS, or REPORT.
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
        self.tab.value = "county"


@solara.component
def TabRow(scene: Scene, view: View, report: bool) -> None:
    """The names of the tabs; arrow keys are those of the browser's own buttons."""
    with solara.Div(classes=["tabrow"], attributes={"role": "tablist"}):
        for key in (*TABS, *((REPORT,) if report else ())):
            chosen = key == view.tab.value
            solara.Button(
                scene.say(f"tab.{key}"), text=True, small=True,
                on_click=lambda key=key: view.tab.set(key), classes=["chosen"] if chosen else [],
                attributes={"role": "tab", "aria-selected": str(chosen).lower()},
            )  # fmt: skip


@solara.component
def Content(scene: Scene, view: View) -> None:
    """What the open tab shows."""
    tab = view.tab.value
    if tab == "poverty":
        with solara.Div(classes=["two"]):
            _html("".join(poverty_charts(scene)), "charts")
            Map(scene, view)
        _html(key_of(scene), "hint")
    elif tab == "questions":
        _html(questions_tab(scene), "scrolls")
    elif tab == "jobs":
        _html("".join(job_charts(scene)), "charts")
        _html(tables.jobs_table(scene))
        _html(key_of(scene), "hint")
    elif tab == "money":
        _html(money_chart(scene), "charts")
        _html(tables.money_table(scene), "scrolls")
        _html(key_of(scene, money=True), "hint")
    elif tab == "who":
        _html(income_chart(scene), "charts")
        _html(tables.whom_table(scene), "scrolls")
        _html(tables.exits_table(scene), "scrolls")
    elif tab == "where":
        with solara.Div(classes=["two", "where"]):
            Map(scene, view)
            which = view.which.value if scene.model.twin is not None else "plan"
            _html(map.ranking(scene, view.measure.value, which))
    else:
        Card(scene, view)


def _html(text: str, *classes: str) -> None:
    solara.HTML("div", unsafe_innerHTML=unbroken_html(text), classes=list(classes))


@solara.component
def Map(scene: Scene, view: View) -> None:
    """The map with its choosers and legend."""
    model, say = scene.model, scene.say
    which = view.which.value if model.twin is not None else "plan"
    ground = map.base(say.chinese)
    shown = map.coloured(scene, view.measure.value, which, view.villages.value)
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
        _html(shown.legend, "legend")
        solara.Text(("" if say.chinese else " ").join([say("map.keys"), form]), classes=["hint"])


@solara.component
def Card(scene: Scene, view: View) -> None:
    """A county or a village of it."""
    model, say = scene.model, scene.say
    county, village = view.county.value, view.village.value
    names = cards.county_names(model, say)

    def pick(row: int | None) -> None:
        view.village.value = None
        view.county.value = row

    with solara.Div(classes=["choosers"]):
        order = sorted(range(len(names)), key=lambda row: names[row])
        Select(say("card.choose"), county, {row: names[row] for row in order}, pick)
        if county is not None:
            rows = cards.villages_of(scene, county)
            share = model.numbers(scene.at, "registered").villages
            words: dict[Any, str] = {None: say("card.all_villages")}
            words |= {
                int(row): cards.village_name(model, say, row, float(share[row])) for row in rows
            }
            Select(say("card.village"), village, words, view.village.set)
    if county is None:
        solara.Text(say("card.empty"), classes=["hint"])
    else:
        _html(cards.card(scene, county, village), "card", "scrolls")


@solara.component_vue("scrub.vue")
def Scrub(
    at: int,
    last: int,
    month: str,
    first: str,
    final: str,
    label: str,
    event_pick: Callable[[int], None],
) -> None:
    """A slider over the months that are lived; `event_pick` gets months after the start."""


@solara.component_vue("exports.vue")
def Exports(
    words: dict[str, str],
    name: str,
    caption: str,
    file: dict[str, Any] | None,
    lang: str,
    event_ask: Callable[[str], None],
) -> None:
    """Link and downloads; `event_ask` gets a kind of file, and the answer is a new `file`."""


@solara.component_vue("frame.vue")
def ReportFrame(address: str, title: str) -> None:
    """A report within the page; its scripts are of no site and cannot reach the page."""
