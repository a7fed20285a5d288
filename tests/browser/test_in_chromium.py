"""The page in a real browser: what a planner does with it, from a link to a proposal."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import headless_chromium as chromium
import pytest
from fupin.scenario.load import load_scenario
from served_page import FUPIN, served

pytestmark = pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")

READY = (
    "document.querySelector('.tabrow') !== null && !document.querySelector('.living')"
    " && document.querySelector('.fupin.ready') !== null"
)
SMALL = "extends: fupin:2009-document\ntitle: A small plan\nhorizon: 2010\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the user's own, with a plan whose own sample is small."""
    folder = tmp_path_factory.mktemp("plans")
    text = f"{SMALL}population: {{sample: 0.01}}\n"
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """The page of that plan; one server for the whole file."""
    with served(folder, "small.yaml") as (address, _):
        yield address


@pytest.fixture(scope="module")
def tab(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Tab]:
    """One browser for the whole file; each test opens its own address."""
    with chromium.opened(url, tmp_path_factory.mktemp("browser"), (1280, 800)) as tab:
        tab.wait(READY, 240)
        yield tab
        assert tab.complaints(errors_alone=True) == []


def _open(tab: chromium.Tab, address: str) -> None:
    tab.call("Page.navigate", url=address)
    tab.wait(READY, 120)


def _month(words: str) -> str:
    return f"document.querySelector('.scrub .month').innerText === {json.dumps(words)}"


def _typed(programme: str, text: str) -> str:
    return (
        "(() => { const row = [...document.querySelectorAll('.budget')]"
        f".find(b => b.innerText.startsWith({json.dumps(programme)}));"
        f" const field = row.querySelector('input[type=text]'); field.value = {json.dumps(text)};"
        " field.dispatchEvent(new Event('change')); return true; })()"
    )


def _fupin(*words: str, folder: Path) -> str:
    done = subprocess.run([*FUPIN, *words], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_finished_year_is_what_fupin_run_counts(
    tab: chromium.Tab, url: str, folder: Path, tmp_path: Path
) -> None:
    _open(tab, url)
    tab.wait(_month("December 2009"))
    run = json.loads(
        _fupin("run", "small.yaml", "--seeds", "1,", "--draws", "central", "--json",
               "--out", str(tmp_path / "result"), folder=folder)
    )  # fmt: skip
    shown = [text.replace(",", "") for text in tab.run(
        "[...document.querySelectorAll('.headline .value')].map(v => v.title)")]  # fmt: skip
    outcomes = ("registered_poor_end", "income_poor_end", "person_years_out")
    assert [int(number.replace("−", "-")) for number in shown[:3]] == [
        run["outcomes"][key]["mean"] for key in outcomes
    ]
    tab.click("Step")
    tab.wait(_month("January 2009"))
    tab.click("▶")
    tab.wait(_month("December 2010"), 120)
    tab.click("Reset")
    tab.wait(_month("December 2008"))


def test_link_undo_and_reload_keep_the_plan(tab: chromium.Tab, url: str) -> None:
    _open(tab, f"{url}/?skills_training=80.5&tab=money")
    assert "50.0 million yuan over the envelope" in tab.text()
    assert tab.run("document.querySelector('.tabrow .chosen').innerText") == "Money"
    tab.run(_typed("Relocation to immigrant communities", "off"))
    tab.wait("location.search.includes('relocation=off')")
    tab.wait("document.body.innerText.includes('23.0 million yuan over the envelope')")
    tab.click("↶ Undo")
    tab.wait("!location.search.includes('relocation')")
    tab.click("↷ Redo")
    tab.wait("location.search.includes('relocation=off')")
    tab.call("Page.reload")
    tab.wait(READY, 120)
    assert "23.0 million yuan over the envelope" in tab.text()
    tab.run("history.back()")
    tab.wait("document.body.innerText.includes('50.0 million yuan over the envelope')")
    assert "skills_training=80.5" in tab.run("location.search")


def test_a_saved_plan_is_the_plan_and_not_the_view(
    tab: chromium.Tab, url: str, folder: Path
) -> None:
    _open(tab, f"{url}/?skills_training=60&sample=0.02&seed=3")
    tab.run("[...document.querySelectorAll('.v-expansion-panel-header')]"
            ".find(h => h.innerText.includes('Save and full run')).click()")  # fmt: skip
    tab.click("Save as a plan")
    tab.wait("document.body.innerText.includes('my-plan.yaml')")
    saved = (folder / "my-plan.yaml").read_text(encoding="utf-8")
    assert "sample" not in saved and "seed" not in saved
    plan = load_scenario(folder / "my-plan.yaml")
    assert plan.programmes.skills_training.budget == 60_000_000
    assert "60" in plan.title and plan.population.sample == 0.01
    assert "Skills training" in _fupin("check", "my-plan.yaml", folder=folder)


def test_five_plans_are_pinned_and_kept(tab: chromium.Tab, url: str) -> None:
    pins = [f"plan%3Dsmall.yaml%26skills_training%3D{n}" for n in (10, 20, 40, 50)]
    _open(tab, f"{url}/?pin=" + "&pin=".join(pins))
    tab.click("Pin this plan")
    tab.wait("(location.search.match(/pin=/g) || []).length === 5")
    tab.wait("[...document.querySelectorAll('.tray button')]"
             ".some(b => b.innerText.includes('Five plans') && b.disabled)")  # fmt: skip
    tab.wait("document.querySelectorAll('.tray svg').length === 6", 180)
    assert not tab.run("document.querySelector('.tray').innerText.includes('being simulated')")


def test_a_phone_in_chinese(tab: chromium.Tab, url: str, tmp_path: Path) -> None:
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    tab.call("Emulation.setDeviceMetricsOverride", **phone)
    _open(tab, f"{url}/?lang=zh")
    assert tab.run("document.documentElement.lang") == "zh-CN"
    assert "建档立卡" in tab.text() and "百万" not in tab.text()
    assert tab.run("document.documentElement.scrollWidth") <= 390
    assert not tab.run("document.querySelector('.budget').offsetParent")
    tab.click("修改方案")
    tab.wait("document.querySelector('.budget').offsetParent !== null")
    assert tab.run("document.documentElement.scrollWidth") <= 390
    tab.picture(tmp_path / "phone.png")
    assert (tmp_path / "phone.png").stat().st_size > 30_000
    tab.call("Emulation.clearDeviceMetricsOverride")


def test_a_full_run_shows_its_report(tab: chromium.Tab, url: str) -> None:
    _open(tab, url)
    tab.run("[...document.querySelectorAll('.v-expansion-panel-header')]"
            ".find(h => h.innerText.includes('Save and full run')).click()")  # fmt: skip
    tab.click("Full run and report")
    tab.wait("document.body.innerText.includes('The report is the last tab')", 400)
    tab.click("Report")
    tab.wait("document.querySelector('iframe.report') !== null")
    tab.wait("document.body.innerText.includes('20 stored runs')")
