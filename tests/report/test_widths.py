"""No printed table cuts a number, however narrow the terminal and however large the numbers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fupin.commands.sweep import print_sweep
from fupin.lives.one_run import simulate
from fupin.lives.summary import summarise
from fupin.parameters.document import load_document
from fupin.report.terminal.comparison import print_comparison
from fupin.report.terminal.run import print_run
from fupin.results.draws import CENTRAL, Draw
from fupin.results.outcome import OUTCOMES
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.words import choice, spoken
from rich.cells import cell_len
from rich.console import Console
from small_comparison import BASE, MORE, two_plans

WIDTHS = (72, 80, 120)
CUT = re.compile(r"\d…|…\d|\d\n *\d{1,2}%")
DRAWS = [CENTRAL, Draw("dear", {"programmes.training_unit_cost": 2_500.0})]


def ten_times(tree: Any) -> Any:
    """The same content with every estimate and interval ten times as large, years and seeds not."""
    if isinstance(tree, dict):
        if {"mean", "low", "high"} <= set(tree) or {"base", "plan", "difference"} <= set(tree):
            return {k: v * 10 if isinstance(v, float) and v else ten_times(v)
                    for k, v in tree.items()}  # fmt: skip
        return {key: ten_times(value) for key, value in tree.items()}
    return tree


def numbers_of(text: str) -> set[str]:
    """Whole numbers with their signs, as they are printed."""
    return set(re.findall(r"[+−]?\d[\d,.]*", text))


def plan(name: str, **keys: Any) -> Scenario:
    found = load_scenario(f"fupin:{name}")
    people = found.population.model_copy(update={"sample": 0.01})
    return found.model_copy(update={"population": people, **keys})


def plans() -> Iterator[Scenario]:
    yield plan("2009-document", horizon=2013)
    yield plan("2002-2009-history", horizon=2009)
    three = {"start": "2010-01", "end": "2012-12"}
    document = plan("2009-document")
    yield Scenario.model_validate(
        {
            "name": "three-years", "period": three, "horizon": 2015,
            "population": {"sample": 0.01},
            "programmes": {
                key: {"budget": 1_234_000_000}
                for key in PROGRAMME_KEYS
                if document.programmes.of(key).active or key == "cash_transfer"
            },
        }
    )  # fmt: skip


@pytest.fixture(scope="module", params=range(3), ids=["document", "history", "three-years"])
def lived(request: pytest.FixtureRequest) -> tuple[Scenario, dict[str, Any]]:
    scenario = list(plans())[request.param]
    runs = [simulate(scenario, draw, seed) for draw in DRAWS for seed in (1, 2)]
    summary = summarise(runs, PROGRAMME_KEYS)
    return scenario, json.loads(json.dumps(summary))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("larger", [False, True], ids=["as-it-is", "ten-times"])
def test_no_digit_of_a_run_is_cut(
    lived: tuple[Scenario, dict[str, Any]], width: int, larger: bool
) -> None:
    scenario, summary = lived
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False)
    content = ten_times(summary) if larger else summary
    print_run(console, scenario, DRAWS, [1, 2], content, load_document())
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text


class Heard(dict[str, str]):
    """Translations that remember which texts had none."""

    def __init__(self) -> None:
        super().__init__(spoken.translations())
        self.missing: set[str] = set()

    def get(self, english: str, default: str = "") -> str:  # type: ignore[override]
        if english not in self:
            self.missing.add(english)
        return super().get(english, default)


@pytest.mark.parametrize("width", WIDTHS)
def test_tables_in_chinese_fit_and_have_all_their_words(
    lived: tuple[Scenario, dict[str, Any]], width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard()
    monkeypatch.setattr(spoken, "translations", lambda: heard)
    scenario, summary = lived
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False)
    with choice.speaking("zh"):
        print_run(console, scenario, DRAWS, [1, 2], summary, load_document())
        if scenario.name == "2009-document":
            print_comparison(console, BASE, [MORE], [CENTRAL], [1, 2], two_plans()[2])
    text = stream.getvalue()
    assert not heard.missing
    assert max(map(cell_len, text.splitlines())) <= width
    assert "万元" in text and "million" not in text and "百万" not in text
    # Names of plans and draws are the user's, and files and options stay as they are typed.
    english = set(re.findall(r"(?<![\w-])[a-z]{4,}(?![\w.-])", text))
    # A narrow terminal breaks names of plans at their hyphens.
    assert width < 120 or english <= {"base", "more", "none", "years", "central"}, english


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("larger", [False, True], ids=["as-it-is", "ten-times"])
def test_no_digit_of_a_comparison_is_cut(width: int, larger: bool) -> None:
    """What stands in a narrow terminal stands in a wide one: a cut number would not."""
    _, _, found = two_plans()
    content = ten_times(found) if larger else found
    texts = {}
    for columns in (width, 120):
        stream = io.StringIO()
        console = Console(file=stream, width=columns, highlight=False)
        print_comparison(console, BASE, [MORE], [CENTRAL], [1, 2], content)
        texts[columns] = stream.getvalue()
    assert max(map(len, texts[width].splitlines())) <= width
    assert "…" not in texts[width]
    assert numbers_of(texts[width]) <= numbers_of(texts[120])
    assert texts[width].count("\n2012 ") == 1 and "Year by year" in texts[width]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("factor", [1.0, 10.0])
def test_no_digit_of_a_sweep_is_cut(
    width: int, factor: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every outcome, of thousands of points, with money of a whole province."""
    sizes = {"share": 0.98765, "index": 0.98765, "yuan": 1_234_567_890.1}
    ends = {
        name: {
            "least": {"mean": -factor * sizes.get(outcome.unit, 1_234_567.8), "point": 98_765},
            "most": {"mean": factor * sizes.get(outcome.unit, 1_234_567.8), "point": 12_345},
        }
        for name, outcome in OUTCOMES.items()
    }
    lived = {"start": "2009-01", "end": "2010-12", "horizon": 2013}
    summary = {
        "outcomes": ends, "points": 99_999, "runs": 99_999, "failed": 0, "missing": 0,
        "reassessed": None, "sample": "default", "lived": lived,
    }  # fmt: skip
    printed = {}
    for columns in (width, 300):
        print_sweep(summary, Path("somewhere"), columns)
        printed[columns] = capsys.readouterr().out
    table = printed[width].split("Plans have")[0]
    assert max(map(len, table.splitlines())) <= width and "…" not in table
    assert numbers_of(table) <= numbers_of(printed[300]) and "98,765" in table
    assert "Plans have money from 2009-01 to 2010-12, lived to 2013." in printed[width]
