"""The page without a browser: what a user sees and does, and that tabs share nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import ipyvuetify
import pytest
import solara
from fupin.browser import setup as setups
from fupin.browser.life import Life
from fupin.browser.page import ScenarioPage
from fupin.browser.page_model import PageModel
from fupin.browser.setup import Served, Setup
from fupin.model import PovertyModel
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.variants import without_programmes
from fupin.words.language import PAGE, Language, catalogue
from mesa.visualization import SolaraViz, make_plot_component


class Rendered:
    """One tab."""

    def __init__(self, element: solara.Element) -> None:
        self.box, self.context = solara.render(element, handle_error=False)

    def html(self) -> str:
        widgets = self.context.find(solara.widgets.HTML).widgets
        spans = self.context.find(ipyvuetify.Html, tag="span").widgets
        said = [str(child) for span in spans for child in span.children]
        return " ".join([*(str(w.unsafe_innerHTML) for w in widgets), *said])

    def button(self, label: str) -> Any:
        buttons = self.context.find(ipyvuetify.Btn).widgets
        return next(b for b in buttons if any(label in str(child) for child in b.children))

    def press(self, label: str) -> None:
        def pressed() -> bool:
            try:
                self.button(label).click()
            except (StopIteration, ValueError):  # not there yet, or not yet alive
                return False
            return True

        self.wait(pressed)

    def wait(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + 120
        while not true():
            assert time.monotonic() < end, self.html()[:500]
            time.sleep(0.3)  # a closer look would keep the page from working

    def vue(self, event: str) -> Any:
        """The one template of the page with an event of this name."""
        found = self.context.find(ipyvuetify.VuetifyTemplate).widgets
        return next(widget for widget in found if hasattr(widget, f"vue_{event}"))

    @property
    def month(self) -> str:
        return str(next(w.month for w in self.context.find(ipyvuetify.VuetifyTemplate).widgets
                        if hasattr(w, "final")))  # fmt: skip

    @property
    def fiscal(self) -> str:
        """What the page says of the envelope of the fiscal money."""
        return str(self.vue("set").classes[0]["left"])

    def type_budget(self, programme: str, text: str) -> None:
        self.vue("set").vue_set({"key": programme, "text": text})


@pytest.fixture
def lives(monkeypatch: pytest.MonkeyPatch) -> list[Life]:
    """The lives that pages have begun, in order."""
    begun: list[Life] = []

    def begin(model: PageModel) -> Life:
        begun.append(Life(model))
        return begun[-1]

    monkeypatch.setattr(setups, "Life", begin)
    return begun


@pytest.fixture
def opened(served: Served, first: Setup, lives: list[Life]) -> Iterator[Callable[[], Rendered]]:
    tabs: list[Rendered] = []

    def open_tab() -> Rendered:
        tab = Rendered(ScenarioPage(served, first))
        tabs.append(tab)
        tab.wait(lambda: "person-years" in tab.html() and tab.month == "December 2009")
        return tab

    yield open_tab
    for tab in tabs:
        tab.context.close()


Open = Callable[[], Rendered]


def test_the_page_opens_on_the_finished_year_and_replays_it(opened: Open) -> None:
    tab = opened()
    shown = tab.html()
    assert shown.count("<svg") == 3 and "yearbook S17" in shown and "A share of 0.01" in shown
    tab.press("Step")
    tab.wait(lambda: tab.month == "January 2009")
    tab.vue("set")
    scrub = next(w for w in tab.context.find(ipyvuetify.VuetifyTemplate).widgets
                 if hasattr(w, "final"))  # fmt: skip
    scrub.vue_pick(5)
    tab.wait(lambda: tab.month == "May 2009")
    tab.press("Reset")
    tab.wait(lambda: tab.month == "December 2008")


def test_a_budget_is_lived_undone_and_done_again(opened: Open, lives: list[Life]) -> None:
    tab = opened()
    tab.type_budget("skills_training", "50 million")
    tab.wait(lambda: len(lives) == 2 and tab.month == "December 2009")
    assert lives[1].model.plan.programmes.skills_training.budget == 50_000_000
    assert lives[0].model.retired and lives[1].model.plan.population.sample == 0.01
    tab.wait(lambda: tab.fiscal.startswith("19.5 million yuan over"))
    tab.press("Undo")
    tab.wait(lambda: len(lives) == 3)
    assert lives[2].model.plan == lives[0].model.plan
    tab.press("Redo")
    tab.wait(lambda: len(lives) == 4)
    assert lives[3].model.plan == lives[1].model.plan
    assert lives[1].model.twin is not None
    assert lives[1].model.twin.plan == without_programmes(lives[1].model.plan)


def test_what_the_schema_forbids_is_refused(opened: Open, lives: list[Life]) -> None:
    tab = opened()
    tab.type_budget("village_advancement", "10")  # less than its lottery part

    def refused() -> bool:
        alerts = tab.context.find(ipyvuetify.Alert).widgets
        return any("lottery part" in str(alert.children) for alert in alerts)

    tab.wait(refused)
    assert len(lives) == 1 and "exactly" in tab.fiscal


def test_tabs_share_no_state(opened: Open, lives: list[Life]) -> None:
    one, other = opened(), opened()
    one.type_budget("relocation", "off")
    one.wait(lambda: len(lives) == 3 and lives[2].ended)
    one.wait(lambda: one.fiscal.startswith("27.0 million yuan are left"))
    time.sleep(1.0)  # the replay of the new plan takes the place of the old one
    one.press("Step")
    one.wait(lambda: one.month == "January 2009")
    one.press("中文")
    one.wait(lambda: "建档立卡" in one.html())
    assert other.month == "December 2009" and "exactly" in other.fiscal
    assert "建档立卡" not in other.html() and not lives[1].model.retired


def test_pinned_plans_stand_beside_what_is_shown(opened: Open, lives: list[Life]) -> None:
    tab = opened()
    tab.vue("pin").vue_pin(None)
    tab.type_budget("skills_training", "60")
    tab.wait(lambda: len(lives) == 2)
    tab.vue("pin").vue_pin(None)

    def known() -> bool:
        rows = tab.vue("pin").rows
        return len(rows) == 3 and not any(row["waits"] for row in rows)

    tab.wait(known)
    rows = tab.vue("pin").rows
    assert rows[1]["title"] != rows[2]["title"] == rows[0]["title"]
    assert rows[0]["figures"] == rows[2]["figures"] != rows[1]["figures"]
    tab.vue("pin").vue_show(0)
    tab.wait(lambda: "exactly" in tab.fiscal)
    tab.vue("pin").vue_drop(1)
    tab.wait(lambda: len(tab.vue("pin").rows) == 2)


def test_every_word_is_there_in_both_languages() -> None:
    for key, texts in catalogue(PAGE)["words"].items():
        assert set(texts) == {"en", "zh"}, key
        blanks = [sorted(part.split("}")[0] for part in t.split("{")[1:]) for t in texts.values()]
        assert blanks[0] == blanks[1], key
    names = {Language.of_page("zh").programme(programme) for programme in PROGRAMMES}
    assert len(names) == len(PROGRAMMES) and not any(name.isascii() for name in names)


def test_a_plain_page_of_mesa_works() -> None:
    """As Mesa's own documentation has it."""
    model = PovertyModel(rng=1, sample=0.01)
    params = {
        "rng": {"type": "SliderInt", "value": 1, "min": 1, "max": 9, "label": "seed"},
        "sample": 0.01,
    }

    @solara.component
    def Whole() -> None:
        with solara.AppLayout():  # without it the sidebar with the buttons is nowhere
            SolaraViz(
                model, components=[make_plot_component("registered_poor")], model_params=params,
                name="Poverty in Hebei",
            )  # fmt: skip

    tab = Rendered(Whole())
    tab.press("Step")
    assert model.calendar == "2009-01" and "Time: 1" in tab.html()
    tab.press("Reset")
    assert "Time: 0" in tab.html()
    tab.context.close()
