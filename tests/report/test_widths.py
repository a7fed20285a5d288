"""No printed table cuts a number, however narrow the terminal and however large the numbers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fupin.lives.one_run import simulate
from fupin.lives.summary import summarise
from fupin.parameters.document import load_document
from fupin.report.terminal.run import print_run
from fupin.results.draws import CENTRAL, Draw
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from rich.console import Console

WIDTHS = (72, 80, 120)
CUT = re.compile(r"\d…|…\d|\d\n *\d{1,2}%")
DRAWS = [CENTRAL, Draw("dear", {"programmes.training_unit_cost": 2_500.0})]


def ten_times(tree: Any) -> Any:
    """The same content with every estimate and interval ten times as large, years and seeds not."""
    if isinstance(tree, dict):
        if {"mean", "low", "high"} <= set(tree):
            return {k: v * 10 if isinstance(v, float) and v else v for k, v in tree.items()}
        return {key: ten_times(value) for key, value in tree.items()}
    return tree


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
