"""The page of `fupin view`: without a browser, and in a headless one where there is one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("solara", reason="the extra `view` is not installed")

import headless_chromium as chromium
import ipyvuetify
import ipywidgets
import solara
from matplotlib.figure import Figure

from sim.browser import figures as figures_of_page
from sim.browser import page as page_of_sim
from sim.browser.page import ScenarioPage
from sim.browser.world import PageModel, World, registered_share, with_budget
from sim.experiments.draws import central_draw
from sim.model import PovertyModel
from sim.parameters.document import find_row
from sim.programmes.settings import PROGRAMMES
from sim.scenario.load import load_scenario

SAMPLE = 0.01


@pytest.fixture(scope="module")
def world() -> World:
    plan = load_scenario("fupin:2009-document")
    population = plan.population.model_copy(update={"sample": SAMPLE})
    return World.of(plan.model_copy(update={"population": population}))


class Rendered:
    """The page without a browser: what a user sees and does."""

    def __init__(self, world: World) -> None:
        @solara.component
        def Whole() -> None:
            with solara.AppLayout():  # without it the sidebar with the buttons is nowhere
                ScenarioPage(world)

        self.box, self.context = solara.render(Whole(), handle_error=False)

    def pictures(self) -> list[bytes]:
        return [bytes(widget.value) for widget in self.context.find(ipywidgets.Image).widgets]

    def press(self, label: str) -> None:
        self.button(label).click()

    def button(self, label: str) -> Any:
        buttons = self.context.find(ipyvuetify.Btn).widgets
        return next(button for button in buttons if label in button.children)

    def says(self, words: str) -> bool:
        spans = self.context.find(ipyvuetify.Html, tag="span").widgets
        return any(words in str(child) for span in spans for child in span.children)

    def let_go(self, programme: str, million: float) -> None:
        """Move a programme's slider and let it go."""
        sliders = [s for s in self.context.find(ipyvuetify.Slider).widgets if not s.label]
        keys = [one.key for one in PROGRAMMES]  # the plan of 2009 has all of them
        sliders[keys.index(programme)].fire_event("change", million)


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> list[PageModel]:
    """The models that the page has drawn, in order, each once."""
    drawn: list[PageModel] = []

    def draw_series(model: PageModel) -> Any:
        if not drawn or drawn[-1] is not model:
            drawn.append(model)
        return figures_of_page.draw_series(model)

    monkeypatch.setattr(page_of_sim, "draw_series", draw_series)
    return drawn


@pytest.fixture
def page(world: World, models: list[PageModel]) -> Iterator[Rendered]:
    rendered = Rendered(world)
    yield rendered
    rendered.context.close()


def test_stepping_redraws_the_map_and_lengthens_the_series(
    page: Rendered, models: list[PageModel]
) -> None:
    before = page.pictures()
    assert len(before) == 2 and all(picture.startswith(b"\x89PNG") for picture in before)
    page.press("Step")
    page.press("Step")
    after = page.pictures()
    assert before[0] != after[0] and before[1] != after[1]
    assert models[-1].datacollector.model_vars["calendar"] == ["2008-12", "2009-01", "2009-02"]
    assert page.says("sample 0.01")


def test_the_page_changes_nothing(
    page: Rendered, models: list[PageModel], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_sim, "draw_map", lambda model: Figure())
    monkeypatch.setattr(figures_of_page, "draw_series", lambda model: Figure())
    for _ in range(12):
        page.press("Step")
    assert page.button("Step").disabled
    alone = PovertyModel(world.plan, rng=world.seed, draw=central_draw().overrides)
    while alone.running:
        alone.step()
    assert models[-1].datacollector.model_vars == alone.datacollector.model_vars


def test_a_slider_rebuilds_with_its_budget_and_reset_keeps_it(
    page: Rendered, models: list[PageModel]
) -> None:
    page.press("Step")
    page.let_go("skills_training", 50.0)
    first, changed = models
    assert first.plan.programmes.skills_training.budget == 30_540_000
    assert changed.plan.programmes.skills_training.budget == 50_000_000
    assert changed.calendar == "2008-12"
    assert page.says("Skills training for jobs away: 50 (plan: 30.54)")
    assert page.says("All fiscal money of 2009: 762.46 million yuan (plan: 743 million yuan)")
    page.press("Step")
    page.press("Reset")
    assert models[-1] is not changed
    assert models[-1].plan == changed.plan


def test_a_slider_after_the_end_begins_anew(
    page: Rendered, models: list[PageModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_sim, "draw_map", lambda model: Figure())
    for _ in range(12):
        page.press("Step")
    assert page.button("Step").disabled
    for million in (100.0, 120.0):
        page.let_go("household_projects", million)
        assert not page.button("Step").disabled
        page.press("Step")
        assert models[-1].calendar == "2009-01"


def test_a_budget_that_the_schema_forbids_is_refused(
    page: Rendered, models: list[PageModel]
) -> None:
    page.let_go("village_advancement", 10.0)  # less than its lottery part
    assert len(models) == 1
    alerts = page.context.find(ipyvuetify.Alert).widgets
    assert any("lottery part" in str(alert.children) for alert in alerts)
    assert page.says("Entire village advancement: 224.46")
    assert page.says("Water, basic farmland and roads: 150")
    page.let_go("village_advancement", 0.0)
    assert not models[-1].plan.programmes.village_advancement.active


def test_budgets_by_year_scale_alike() -> None:
    plan = load_scenario("fupin:2009-document")
    training = type(plan.programmes.skills_training)(budget={2009: 10_000_000, 2010: 20_000_000})
    programmes = plan.programmes.model_copy(update={"skills_training": training})
    plan = plan.model_copy(update={"programmes": programmes})
    changed = with_budget(plan, plan, "skills_training", 30.0)
    assert changed.programmes.skills_training.budget == {2009: 15_000_000, 2010: 30_000_000}


def test_figures_show_what_the_model_and_the_document_say(world: World) -> None:
    model = PageModel(world.plan, world)
    for _ in range(3):
        model.step()
    share = registered_share(model.households, model.villages.offsets)
    people = model.villages.id.size
    assert share.shape == (people,) and 0 < share.max() <= 100
    one = model.village_agents[int(np.argmax(share))]
    assert one.registered_share * 100 == pytest.approx(share.max())
    by_class = model.delivered_by_class()
    assert sum(yuan[-1] for yuan in by_class.values()) == pytest.approx(model.yuan_delivered / 1e6)
    assert all(len(yuan) == 4 for yuan in by_class.values())

    chart = figures_of_page.draw_map(model)
    assert "March 2009" in chart.axes[0].get_title()
    points = sum(len(c.get_offsets()) for c in chart.axes[0].collections)  # type: ignore[arg-type]
    assert points == (share > 0).sum()
    registered = figures_of_page.draw_series(model).axes[0]
    lines = {str(line.get_label()): line.get_ydata() for line in registered.lines}
    assert len(lines["model"]) == 4  # type: ignore[arg-type]
    start = model.datacollector.model_vars["registered_poor"][0]
    marks = {label: y for label, y in lines.items() if label.startswith("document")}
    assert [float(np.ravel(y)[0]) * 1e6 for y in marks.values()] == pytest.approx(
        [find_row("S17").value, start - find_row("S27").value]
    )


@pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")
def test_the_page_in_a_browser(tmp_path: Path) -> None:
    program = "import sys; sys.argv[0] = 'fupin'; from sim.cli import main; main()"
    options = ["view", "--no-open", "--port", "0", "--sample", str(SAMPLE)]
    server = subprocess.Popen(
        [sys.executable, "-c", program, *options],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert url, said
        with chromium.opened(url[0], tmp_path / "profile") as tab:
            tab.wait("document.querySelectorAll('img').length >= 2")
            tab.wait("document.body.innerText.includes('Entire village advancement: 224.46')")
            assert "Hebei 2009" in tab.text()
            assert "Hebei 2009" in tab.run("document.title")
            pictures = "[...document.querySelectorAll('img')].map(i => i.src).join()"
            before = tab.run(pictures)
            tab.click("Step")
            tab.wait("document.body.innerText.includes('Time: 1.0')")
            for _ in range(50):
                if tab.run(pictures) != before:
                    break
                time.sleep(0.1)
            assert tab.run(pictures) != before
            tab.press_right("Entire village advancement: ")
            tab.wait("/Entire village advancement: [0-9.]+ .plan: 224.46/"
                     ".test(document.body.innerText)")  # fmt: skip
            tab.wait("document.body.innerText.includes('Time: 0.0')")
            tab.picture(tmp_path / "page.png")
        assert (tmp_path / "page.png").stat().st_size > 50_000
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
    finally:
        server.kill()
        server.communicate()
