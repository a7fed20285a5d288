"""Every kind of result has a brief of two pages in both languages, as HTML and PDF."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import fupin
import pytest
from fupin.api import allocation_result
from fupin.report.brief.html import as_html
from fupin.report.brief.write import brief_of, write_brief
from fupin.report.html.page import page_of, rendered
from fupin.words.language import Language
from made_up_sweep import write_sweep

pytest.importorskip("fpdf")
pytest.importorskip("pylopdf_fonts_zh_cn")

KINDS = ("allocation", "attribution", "sweep")
MONEY = {
    "relocation": {"budget": "300 million"}, "cash_transfer": {"budget": "300 million"},
}  # fmt: skip
SMALL: dict[str, Any] = {"sample": 0.005, "workers": 1, "progress": False}


BUDGET = "programmes.cash_transfer.budget"
BUDGETS = [{BUDGET: yuan} for yuan in (1e8, 2e8, 3e8)]
SEEDS = tuple(range(1, 9))


def answer(point: dict[str, Any], draw: dict[str, float], seed: int) -> dict[str, float | None]:
    """A made-up answer: more money, fewer poor, and the luck of the seed in all points."""
    years = 1e-4 * point[BUDGET] + 100.0 * seed
    return {
        "income_poor_years": 4e6 - years, "person_years_out": years, "lifted": 2e5 + years,
        "spent": point[BUDGET], "registered_poor_start": 4e6,
    }  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("kinds")
    nothing = fupin.load("2009-no-programmes")
    plan = nothing.with_(
        name="tiny", title="A tiny plan", title_zh="小方案", horizon=2009, programmes=MONEY
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allocation_result, "store_name", lambda plan: (home / "store").absolute())
        found = {
            "allocation": fupin.allocate(plan, check_draws=3, check_seeds=[8, 9], **SMALL),
            "attribution": fupin.attribute(plan, seeds=1, **SMALL),
        }
    folders = {name: result.save(home / name) for name, result in found.items()}
    sweep = write_sweep(home / "sweep", BUDGETS, answer, seeds=SEEDS)
    summary = {
        "runs": 24, "points": 3, "draws": ["central"], "seeds": list(SEEDS), "sample": "default",
        "lived": {"horizon": 2013},
    }  # fmt: skip
    about = json.loads((sweep / "sweep.json").read_text(encoding="utf-8"))
    about["versions"] = {"fupin": "0"}
    (sweep / "sweep.json").write_text(json.dumps(about), encoding="utf-8")
    (sweep / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return {**folders, "sweep": sweep}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_brief_of_any_kind_is_two_pages_with_numbers(
    kind: str, lang: str, made: dict[str, Path], tmp_path: Path
) -> None:
    folder = made[kind]
    brief = brief_of(folder, lang)
    assert len(brief.findings) == 3 and brief.question and brief.certainty and brief.change
    assert all(re.search(r"\d", finding.text) for finding in brief.findings[:1])
    text = as_html(brief)
    assert text.count('<article class="sheet">') == 2
    assert f"fupin verify {folder.name}" in text and "?" not in brief.citation[0]
    shown = re.sub(r"<(style|svg)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    if lang == "zh" and kind != "sweep":  # names of a made-up sweep are English
        assert not re.search(r"(?:[A-Za-z]{3,} ){4}", shown.replace("fupin verify", "")), shown
    file = write_brief(folder, lang, tmp_path / "brief.pdf")
    assert len(re.findall(rb"/Type /Page\b", file.read_bytes())) == 2


@pytest.mark.parametrize(
    ("gains", "english", "chinese"),
    [
        ([0, 1000, 40_000], "falls by 40,000 people more at 300 million yuan than at 100 million",
         "多减少 4.00 万人"),
        ([0, -1000, -40_000], "falls by 40,000 people less at 300 million", "少减少 4.00 万人"),
        ([0, 0, 3], "does not differ measurably between 100 million yuan and 300", "没有可测"),
        ([0, 0, 0], "is the same at all these levels", "各水平的在册贫困人口相同"),
        (None, "", ""),
    ],
)  # fmt: skip
def test_a_sweep_tells_of_the_list_though_poverty_does_not_change(
    gains: list[float] | None, english: str, chinese: str, tmp_path: Path
) -> None:
    def answer(point: dict[str, Any], draw: dict[str, float], seed: int) -> dict[str, Any]:
        step = round(point[BUDGET] / 1e8) - 1
        found = {"income_poor_years": 4e6 + seed, "person_years_out": 9.0, "income_poor_end": step,
                 "spent": point[BUDGET], "registered_poor_start": 4e6}  # fmt: skip
        return found if gains is None else {**found, "lifted": 2e5 + gains[step] + seed}

    folder = write_sweep(tmp_path / "sweep", BUDGETS, answer, seeds=SEEDS)
    summary = {"runs": 24, "points": 3, "draws": ["central"], "seeds": list(SEEDS)}
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    for lang, said in (("en", english), ("zh", chinese)):
        brief = brief_of(folder, lang)
        texts = [one.text for one in brief.findings]
        assert not any("no numbers" in text or "没有这方面" in text for text in texts)
        if gains is None:
            assert len(texts) == 2 and brief.heads["findings"] in ("Two findings", "两点结论")
        else:
            assert said.replace(" ", "") in texts[1].replace(" ", ""), texts
            assert len(texts) == 3 and brief.heads["findings"] in ("Three findings", "三点结论")


def test_a_search_says_what_ran_in_it_and_in_its_check(made: dict[str, Path]) -> None:
    folder = made["allocation"]
    found = json.loads((folder / "allocation.json").read_text(encoding="utf-8"))
    search, check = (len(found[f"{k}draws"]) * len(found[f"{k}seeds"]) for k in ("", "check_"))
    assert check > 3, "more seeds than one, or the test sees nothing"
    brief, chinese = (brief_of(folder, lang) for lang in ("en", "zh"))
    ran = f"; {search} runs a plan in the search and {check} others in the check, "
    assert ran in brief.citation[0]
    assert f"；每个方案搜索 {search} 次运行、检验另 {check} 次，" in chinese.citation[0]
    assert brief.chart is None or f"over {check} pairs" in brief.chart.note
    say = Language.of("en")
    html = unescape(rendered(page_of(folder, say), say))
    draws, seeds = (len(found[f"check_{k}"]) for k in ("draws", "seeds"))
    assert html.count(f"check: {draws} other parameter vectors, {seeds} other random seeds") == 2
    assert f"check: {', '.join(found['check_draws'])}" in html


def test_the_finding_of_a_search_is_that_of_its_verdict(made: dict[str, Path]) -> None:
    folder = made["allocation"]
    assert brief_of(folder, "en").title == fupin.read(folder).verdict().title
