"""What stands first in a report is what the terminal, the brief and the page say of the result."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import fupin
import pytest
from fupin.api import allocation_result
from fupin.report.html.page import page_of, rendered
from fupin.report.html.parts import Chart, Page, Points, Table
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.words.language import Language
from made_up_sweep import write_sweep

MONEY = {
    "relocation": {"budget": "300 million"},
    "cash_transfer": {"budget": "300 million"},
}
SMALL: dict[str, Any] = {"sample": 0.005, "workers": 1, "progress": False}


def squeezed(text: str) -> str:
    """A text without marks of pages and without any space, broken or not."""
    return re.sub(r"<[^>]*>|\s|&nbsp;", "", text)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A search and an attribution of a tiny plan, each made once."""
    home = tmp_path_factory.mktemp("money")
    nothing = fupin.load("2009-no-programmes")
    plan = nothing.with_(
        name="tiny", title="A tiny plan", title_zh="小方案", horizon=2009, programmes=MONEY
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allocation_result, "store_name", lambda plan: (home / "store").absolute())
        found = {
            "allocation": fupin.allocate(plan, check_draws=3, **SMALL),
            "attribution": fupin.attribute(plan, seeds=1, **SMALL),
        }
    return {name: result.save(home / name) for name, result in found.items()}


@pytest.fixture(params=["run", "comparison", "allocation"])
def told(request: pytest.FixtureRequest) -> Path:
    """A result whose report begins with a verdict."""
    if request.param == "allocation":
        made: dict[str, Path] = request.getfixturevalue("made")
        return made["allocation"]
    folder: Path = request.getfixturevalue(f"{request.param}_folder")
    return folder


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_head_is_the_verdict_of_the_result(told: Path, code: str) -> None:
    verdict = fupin.read(told).verdict(code)
    page = page_of(told, Language.of(code))
    assert page.title == verdict.title
    assert list(page.verdict)[: len(verdict.texts)] == verdict.texts
    for plan in (p for s in page.sections for b in s.blocks if b.kind == "plans" for p in b.plans):
        if plan.judged != "base":
            assert plan.judged == verdict.judgements[plan.name].direction


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_sweep_begins_with_its_verdict(tmp_path: Path, code: str) -> None:
    budgets = [{"programmes.relocation.budget": yuan} for yuan in (0, 10_000_000, 20_000_000)]
    folder = write_sweep(
        tmp_path / "mine", budgets, draws=[{}, {}], seeds=(1, 2, 3),
        formula=lambda point, draw, seed: {
            "income_poor_years": 5e6 - point["programmes.relocation.budget"] / 50 + seed,
            "lifted": 1e5, "spent": float(point["programmes.relocation.budget"]),
            "registered_poor_start": 2e6,
        },
    )  # fmt: skip
    say = Language.of(code)
    assert page_of(folder, say).verdict == []  # nothing is said where no summary counts the runs
    summary = {
        "points": 3, "runs": 18, "draws": ["prior:1", "prior:2"], "seeds": [1, 2, 3],
        "lived": {"start": "2009-01", "end": "2009-12", "horizon": 2020},
    }  # fmt: skip
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    page = page_of(folder, say)
    assert list(page.verdict) == fupin.read(folder).verdict(code).texts
    amount = "400,000" if code == "en" else r"\b40(?:\.0)? ?万"
    assert any(re.search(amount, text) for text in page.verdict), page.verdict


@pytest.mark.parametrize("kind", ["allocation", "attribution"])
@pytest.mark.parametrize("code", ["en", "zh"])
def test_reports_on_money_are_whole(made: dict[str, Path], kind: str, code: str) -> None:
    say = Language.of(code)
    page = page_of(made[kind], say)
    text = rendered(page, say)
    (title,) = re.findall("<h1>(.*?)</h1>", text, re.S)
    assert squeezed(title) == squeezed(page.title)
    assert len({section.id for section in page.sections}) == len(page.sections) >= 4
    for chart in page.charts:
        assert chart.numbers is None or chart.numbers.rows, chart.id
    assert text == rendered(page_of(made[kind], say), say)


def test_an_attribution_has_the_title_of_its_plan_in_each_language(made: dict[str, Path]) -> None:
    folder = made["attribution"]
    for code, title in (("en", "A tiny plan"), ("zh", "小方案")):
        assert title in page_of(folder, Language.of(code)).title
        assert title in fupin.read(folder).verdict(code).title


def test_shares_on_the_page_sum_to_what_the_plan_brings(made: dict[str, Path]) -> None:
    content = json.loads((made["attribution"] / "attribution.json").read_text(encoding="utf-8"))
    say = Language.of("en")
    page = page_of(made["attribution"], say)
    whole = f"{content['whole']['mean']:,}"
    assert any(whole in sentence for sentence in _points(page))
    names = [row.cells[0] for table in _tables(page) for row in table.rows]
    assert {say.programme(p) for p in PROGRAMMES if p.key in MONEY} <= set(names), names


def _points(page: Page) -> list[str]:
    return [
        s for x in page.sections for b in x.blocks if isinstance(b, Points) for s in b.sentences
    ]


def _tables(page: Page) -> list[Table]:
    blocks = [b for section in page.sections for b in section.blocks]
    drawn = [b.numbers for b in blocks if isinstance(b, Chart) and b.numbers]
    return [*drawn, *(b for b in blocks if isinstance(b, Table))]
