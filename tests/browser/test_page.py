"""The page without a browser: what a user sees and does, and that tabs share nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import ipyvuetify
import pytest
import solara
from fupin.browser import page as page_of_sim
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
        return next(button for button in buttons if label in button.children)

    def press(self, label: str) -> None:
        def pressed() -> bool:
            try:
                self.button(label).click()
            except (StopIteration, ValueError):  # not there yet, or not yet alive
                return False
            return True

        self.wait(pressed)

    def wait(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not true():
            assert time.monotonic() < end, self.html()[:500]
            time.sleep(0.3)  # a closer look would keep the page from working

    def let_go(self, programme: str, million: float) -> None:
        """Move a programme's slider and let it go."""
        title = next(p.title for p in PROGRAMMES if p.key == programme)
        sliders = self.context.find(ipyvuetify.Slider).widgets
        slider = next(s for s in sliders if s.attributes["aria-label"] == title)
        slider.fire_event("change", million)


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> list[PageModel]:
    """The models that pages have drawn, in order, each once."""
    drawn: list[PageModel] = []
    draw = page_of_sim.month_words

    def month_words(model: PageModel, say: Language) -> str:
        if model not in drawn:
            drawn.append(model)
        return draw(model, say)

    monkeypatch.setattr(page_of_sim, "month_words", month_words)
    return drawn


@pytest.fixture
def opened(
    served: Served, first: Setup, models: list[PageModel]
) -> Iterator[Callable[[], Rendered]]:
    tabs: list[Rendered] = []

    def open_tab() -> Rendered:
        tab = Rendered(ScenarioPage(served, first))
        tabs.append(tab)
        tab.wait(lambda: "December 2008" in tab.html())
        return tab

    yield open_tab
    for tab in tabs:
        tab.context.close()


Open = Callable[[], Rendered]


def test_steps_are_shown(opened: Open, models: list[PageModel]) -> None:
    tab = opened()
    before = tab.html()
    assert before.count("<svg") == 6 and "document S17" in before
    tab.press("Step")
    tab.press("Step")
    assert models[-1].calendar == "2009-02"
    assert "February 2009" in tab.html() and "A share of 0.01" in tab.html()


def test_a_budget_begins_anew_and_reset_keeps_it(opened: Open, models: list[PageModel]) -> None:
    tab = opened()
    tab.press("Step")
    tab.let_go("skills_training", 50.0)
    tab.wait(lambda: len(models) == 2)
    assert models[1].plan.programmes.skills_training.budget == 50_000_000
    assert models[1].calendar == "2008-12" and models[0].retired
    tab.wait(lambda: "fiscal 2009: 762.46 (file: 743)" in tab.html())
    assert "file: 30.54" in tab.html()
    tab.press("Step")
    tab.press("Reset")
    tab.wait(lambda: len(models) == 3)
    assert models[2].plan == models[1].plan
    assert models[2].calendar == "2008-12"
    tab.press("Undo all changes")
    tab.wait(lambda: len(models) == 4)
    assert models[3].plan == models[0].plan


def test_a_budget_that_the_schema_forbids_is_refused(opened: Open, models: list[PageModel]) -> None:
    tab = opened()
    tab.let_go("village_advancement", 10.0)  # less than its lottery part

    def refused() -> bool:
        alerts = tab.context.find(ipyvuetify.Alert).widgets
        return any("lottery part" in str(alert.children) for alert in alerts)

    tab.wait(refused)
    assert len(models) == 1 and "fiscal 2009: 743" in tab.html()


def test_tabs_share_no_state(opened: Open, models: list[PageModel]) -> None:
    one, other = opened(), opened()
    one.press("Step")
    one.let_go("relocation", 0.0)
    one.wait(lambda: len(models) == 3)
    one.press("Step")
    assert "January 2009" in one.html()
    assert "December 2008" in other.html() and "fiscal 2009: 743" in other.html()
    other.press("Step")
    assert other.html().count("January 2009") and models[1].plan != models[2].plan


def test_both_worlds_are_shown(
    served: Served, first: Setup, models: list[PageModel], opened: Open
) -> None:
    tab = opened()
    selects = {s.label: s for s in tab.context.find(ipyvuetify.Select).widgets}
    selects["Side by side with"].v_model = "no_programmes"
    tab.wait(lambda: len(models) == 2)
    twin = models[1].twin
    assert twin is not None and twin.plan == without_programmes(first.plan)
    tab.press("Step")
    tab.wait(lambda: tab.html().count("plan − beside") >= 6)
    tab.press("中文")
    tab.wait(lambda: "方案 − 对照" in tab.html() and "建档立卡贫困人口" in tab.html())


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
