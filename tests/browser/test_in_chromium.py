"""The page in a real browser, from opening it to a saved plan that `fupin check` takes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import headless_chromium as chromium
import pytest
from fupin.scenario.load import load_scenario
from fupin.scenario.months import Month
from served_page import FUPIN, served

SAMPLE, SEED = "0.01", "1,"

pytestmark = pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plans").mkdir()
    return tmp_path / "plans"


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    """The page, served from a folder of the user's own."""
    with served(folder, "--sample", SAMPLE) as (address, _):
        yield address


def _fupin(*words: str) -> str:
    done = subprocess.run([*FUPIN, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_plan_is_played_changed_saved_and_checked(url: str, folder: Path, tmp_path: Path) -> None:
    with chromium.opened(url, tmp_path / "profile", (1280, 800)) as tab:
        tab.wait("document.querySelectorAll('.chart').length === 6", 120)
        tab.wait("document.querySelectorAll('.province .u').length > 160")
        for month in range(1, 13):
            tab.click("Step")
            words = json.dumps(Month(2009, month).words)
            tab.wait(f"document.querySelector('.month').innerText === {words}")
        tab.click("Who leaves the register")
        cell = "[...document.querySelectorAll('.figures tr')].find(r => r.innerText.startsWith({}))"
        lifted = tab.wait(cell.format("'lifted'") + "?.querySelector('td').innerText")
        shown = tab.run("document.querySelector('.headline .value').title").replace(",", "")
        run = json.loads(
            _fupin("run", "fupin:2009-document", "--seeds", SEED, "--draws", "central",
                   "--sample", SAMPLE, "--json", "--out", str(tmp_path / "result"))
        )  # fmt: skip
        outcomes = run["outcomes"]
        assert int(shown) == outcomes["registered_poor_end"]["mean"]
        assert int(lifted.replace(",", "").replace("−", "-")) == outcomes["lifted"]["mean"]

        tab.press_right("Skills training for jobs away")
        tab.wait("document.querySelector('.month').innerText === 'December 2008'")
        tab.wait("document.body.innerText.includes('(file: 743)')")
        tab.wait("document.querySelectorAll('.fupin.ready').length === 1")
        tab.click("Step")
        tab.wait("document.querySelector('.month').innerText === 'January 2009'")
        tab.click("Reset")
        tab.wait("document.querySelector('.month').innerText === 'December 2008'")
        assert "(file: 743)" in tab.text()  # reset keeps what was changed

        tab.run("[...document.querySelectorAll('.v-expansion-panel-header')]"
                ".find(h => h.innerText.includes('Save and run')).click()")  # fmt: skip
        tab.click("Save as scenario")
        tab.wait("document.body.innerText.includes('Saved: my-plan.yaml')")
        tab.picture(tmp_path / "page.png")
        assert tab.complaints(errors_alone=True) == []
    assert (tmp_path / "page.png").stat().st_size > 50_000
    saved = load_scenario(folder / "my-plan.yaml")
    assert 30_540_000 < saved.programmes.skills_training.budget < 33_000_000
    assert "Skills training" in _fupin("check", str(folder / "my-plan.yaml"))
