"""The report of a sweep: made-up runs whose drivers are planted, and what one lacks."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import headless_chromium as chromium
import pandas
import pytest
import vl_convert
from fupin.commands.discover import run_discover
from fupin.commands.sensitivity import run_sensitivity
from fupin.report.html import scripts
from fupin.report.html.page import default_file, page_of, rendered, write_report
from fupin.report.html.parts import Chart, Note, Page, Points, Table
from fupin.words.language import LANGUAGES, Language
from made_up_sweep import luck, three_plans, write_sweep

SECTIONS = ["headline", "drivers", "split", "ranking", "fails", "robustness", "reading", "manifest"]


@pytest.fixture(params=list(LANGUAGES))
def say(request: pytest.FixtureRequest) -> Language:
    return Language.of(request.param)


def sentences(page: Page, section: str) -> list[str]:
    (found,) = [s for s in page.sections if s.id == section]
    return [text for b in found.blocks if isinstance(b, Points) for text in b.sentences]


def tables(page: Page, section: str) -> list[Table]:
    (found,) = [s for s in page.sections if s.id == section]
    return [b for b in found.blocks if isinstance(b, Table)]


def answer(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "uncertainty" / name).read_text(encoding="utf-8"))
    return found


def test_sections_and_charts(sweep_folder: Path, say: Language) -> None:
    page = page_of(sweep_folder, say)
    assert [section.id for section in page.sections] == SECTIONS
    assert [c.id for c in page.charts] == [*(f"drivers-{k}" for k in range(4)), "split"]
    assert not [b for s in page.sections[:-1] for b in s.blocks if isinstance(b, Note)]
    for chart in page.charts:
        assert vl_convert.vegalite_to_vega(chart.spec, vl_version=scripts.VEGA_LITE)["marks"]
        assert chart.numbers and chart.numbers.rows


def test_it_says_what_was_planted(sweep_folder: Path) -> None:
    page = page_of(sweep_folder, Language.of("en"))
    said = sentences(page, "drivers")
    level = next(text for text in said if "under as-it-is" in text)
    assert "register.review_probability" in level and "counting" in level
    assert "rises with it" in level and "assumption" in level
    changes = " ".join(sentences(page, "ranking"))
    assert "programmes.training_premium matters: highest third" in changes
    assert "training is ahead of poorest-first beyond chance" in changes
    fails = " ".join(sentences(page, "fails"))
    assert "as-it-is fails (lifted < 150,000)" in fails and "counting is survey" in fails


def test_numbers_are_those_of_the_answers(sweep_folder: Path, say: Language) -> None:
    page = page_of(sweep_folder, say)
    found, discovered = (
        answer(sweep_folder, "sensitivity.json"),
        answer(sweep_folder, "discover.json"),
    )
    for chart, one in zip(page.charts, found["answers"], strict=False):
        drawn = chart.spec["data"]["values"]
        assert [row["name"] for row in drawn] == [a["name"] for a in one["assumptions"][:10]]
        assert [row["told"] for row in drawn] == [a["matters"] for a in one["assumptions"][:10]]
        strongest = one["assumptions"][0]["importance"]
        assert drawn[0]["value"] == pytest.approx(100 * strongest)
    parts = page.charts[-1].spec["data"]["values"]
    by_name: dict[str, float] = {}
    for row in parts:
        by_name[row["name"]] = by_name.get(row["name"], 0.0) + row["value"]
    assert list(by_name.values()) == pytest.approx([100.0] * len(by_name), abs=1e-3)
    ranking = tables(page, "ranking")[0]
    shares = [float(text.rstrip("%")) for text in ranking.rows[0].cells[1:4]]
    assert shares == pytest.approx(
        [100 * s for s in found["rankings"][0]["best"].values()], abs=0.5
    )
    robust = tables(page, "robustness")[0]
    holds = [float(row.cells[6].rstrip("%")) for row in robust.rows]
    assert holds == pytest.approx(
        [100 * row["satisficing"] for row in discovered["robustness"][0]["plans"]], abs=0.5
    )
    boxes = [row for row in tables(page, "fails")[0].rows if row.total]
    assert [row.cells[0] for row in boxes] == discovered["plans"]
    density = [float(row.cells[2].rstrip("%")) for row in boxes]
    assert density == pytest.approx(
        [100 * box["box"]["density"] for box in discovered["boxes"]], abs=0.5
    )


def test_no_english_prose_on_the_chinese_page(sweep_folder: Path) -> None:
    """What is left of Latin letters is names, code and the condition that was typed."""
    say = Language.of("zh")
    page = page_of(sweep_folder, say)
    text = rendered(page, say)
    written = {"sensitivity.json", "discover.json"}
    prose = [w for n in written for w in _words(answer(sweep_folder, n))]
    assert len(prose) > 10
    assert not [one for one in prose if one in text]
    for section in SECTIONS:
        for sentence in sentences(page, section):
            assert not re.search(r"[a-z]+ (is|of|the|by|in) ", sentence), sentence
            assert re.search(r"[\u4e00-\u9fff]", sentence)


def _words(content: Any) -> list[str]:
    """All sentences of an answer's file."""
    if isinstance(content, dict):
        own = [w for w in content.get("words", []) if " " in w]
        return own + [w for v in content.values() for w in _words(v)]
    return [w for v in content for w in _words(v)] if isinstance(content, list) else []


def test_hostile_names_are_only_text(sweep_folder: Path, say: Language) -> None:
    text = rendered(page_of(sweep_folder, say), say)
    assert "alert('hostile')</script>" not in text
    assert "&lt;script&gt;alert(&#39;hostile&#39;)" in text and "{{ 7 * 7 }}" in text


@pytest.mark.parametrize("lacking", ["sensitivity.json", "discover.json"])
def test_what_is_missing_says_its_command(
    sweep_folder: Path, say: Language, lacking: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(sweep_folder, tmp_path / "mine")
    (folder / "uncertainty" / lacking).unlink()
    page = page_of(folder, say)
    here = {"sensitivity.json": ["drivers", "split", "ranking"],
            "discover.json": ["fails", "robustness"]}[lacking]  # fmt: skip
    # It is said once, at the head, and empty sections are left out.
    assert [section.id for section in page.sections] == [s for s in SECTIONS if s not in here]
    (note,) = [b for b in page.sections[0].blocks if isinstance(b, Note)]
    assert note.command.startswith(f"fupin {lacking.removesuffix('.json')} {folder.name}")
    assert lacking in note.text
    assert rendered(page, say)


def test_answers_of_other_runs_are_not_shown(
    sweep_folder: Path, say: Language, tmp_path: Path
) -> None:
    folder = shutil.copytree(sweep_folder, tmp_path / "mine")
    runs = pandas.read_parquet(folder / "runs.parquet")
    runs["lifted"] += 1.0
    runs.to_parquet(folder / "runs.parquet")
    page = page_of(folder, say)
    assert not page.charts
    notes = [b for s in page.sections for b in s.blocks if isinstance(b, Note)]
    assert {n.text for n in notes} >= {
        say("sweep.stale", file=name) for name in ("sensitivity.json", "discover.json")
    }


def test_a_sweep_nobody_asked(tmp_path: Path, say: Language) -> None:
    folder = three_plans(tmp_path / "fresh", 4)
    file = write_report(folder, say.code)
    assert file == default_file(folder, say.code)
    assert file.parent == folder / "uncertainty"
    assert say("sweep.headline_none") in file.read_text(encoding="utf-8")
    assert sorted(f.name for f in folder.iterdir() if f.is_file()) == ["runs.parquet", "sweep.json"]


@pytest.mark.parametrize("design", ["morris", "sobol"])
def test_one_plan_and_a_design(tmp_path: Path, say: Language, design: str) -> None:
    from fupin.sweeps import designs

    names = ["register.review_probability", "livelihood.permanent_sd", "events.drought"]
    unit = (
        designs.morris(names, 12, [4] * 3) / 3 if design == "morris" else designs.sobol(names, 40)
    )
    points = [dict(zip(names, map(float, row), strict=True)) for row in unit]

    def formula(point: dict[str, Any], draw: dict[str, float], seed: int) -> dict[str, Any]:
        first, second, _ = point.values()
        rate = 0.4 + 0.3 * first - 0.1 * second * second
        return {"employment_rate": rate + 0.001 * luck(seed, first)}

    folder = write_sweep(tmp_path / "one", points, formula, design=design)
    run_sensitivity(folder, ("employment_rate",), quiet=True)
    run_discover(folder, "employment_rate < 0.5", quiet=True)
    page = page_of(folder, say)
    bars = page.charts[0]
    assert bars.id == "drivers-0"
    first = bars.spec["data"]["values"][0]
    assert (first["name"], first["told"]) == ("register.review_probability", True)
    if design == "morris":  # in percent, as the unit of the outcome is
        assert first["value"] == pytest.approx(30, rel=0.15)
        assert "%" in bars.unit
    else:
        assert 0.5 < first["value"] <= 1.1
        assert any("40" in text for text in sentences(page, "drivers"))  # the emulator's points
    (note,) = next(s for s in page.sections if s.id == "ranking").blocks
    assert isinstance(note, Note) and note.text == say("sweep.one_plan")
    assert len(tables(page, "robustness")[0].rows) == 1
    assert all(isinstance(chart, Chart) for chart in page.charts)
    assert rendered(page, say)


def test_forms_alone_where_vectors_are_too_few(tmp_path: Path, say: Language) -> None:
    folder = three_plans(tmp_path / "few", 4)
    run_sensitivity(folder, quiet=True)
    one = answer(folder, "sensitivity.json")["answers"][0]
    assert one["method"] == "" and [a["name"] for a in one["assumptions"]] == ["counting"]
    page = page_of(folder, say)
    (row,) = page.charts[0].spec["data"]["values"]
    assert row["value"] == pytest.approx(100 * one["assumptions"][0]["importance"])
    assert rendered(page, say)


def test_commands_write_it_anew_and_the_same(sweep_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sweep_folder, tmp_path / "mine")
    report = folder / "uncertainty" / "report.html"
    before = report.read_text(encoding="utf-8")
    assert "lifted &lt; 150,000" in before
    for condition in ("lifted < 160", "lifted < 150"):
        run_discover(folder, f"{condition} thousand", over=("counting",), quiet=True)
        assert f"{condition.replace('<', '&lt;')},000" in report.read_text(encoding="utf-8")
    again = report.read_text(encoding="utf-8")
    assert write_report(folder) == report and report.read_text(encoding="utf-8") == again


@pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")
def test_it_opens_from_disk(sweep_folder: Path, say: Language, tmp_path: Path) -> None:
    file = write_report(sweep_folder, say.code, tmp_path / "report.html")
    with chromium.opened(file.as_uri(), tmp_path / "profile", (1280, 1000)) as tab:
        tab.wait("document.documentElement.dataset.ready === 'yes'")
        assert tab.complaints() == []
        states = tab.run(
            "[...document.querySelectorAll('.drawing')].map(d => [d.id, d.dataset.drawn, "
            "d.querySelectorAll('svg path').length])"
        )
        assert len(states) == 5
        for name, drawn, marks in states:
            assert (drawn, marks > 3) == ("yes", True), (name, drawn, marks)
        assert tab.run("document.documentElement.scrollWidth <= innerWidth")
        assert "alert('hostile')" in tab.text()
        assert tab.run("typeof hostile") == "undefined"
