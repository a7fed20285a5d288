"""The page of effects is what its script says of the model, and names every programme."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from fupin.results.draws import CENTRAL
from fupin.scenario.load import load_scenario

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def script() -> Any:
    """docs/make_effects.py as a module."""
    spec = importlib.util.spec_from_file_location("make_effects", DOCS / "make_effects.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_effects"] = module
    spec.loader.exec_module(module)
    return module


def test_every_programme_of_the_document_has_its_literature(script: Any) -> None:
    base = load_scenario("fupin:2009-document")
    assert set(script.studied()) == {programme.key for programme in base.programmes.active()}
    text = (DOCS / "effects.md").read_text("utf-8")
    for known in script.studied().values():
        assert known.low <= known.high and known.source in text


def test_what_a_programme_adds_is_what_two_worlds_differ_by(script: Any) -> None:
    base = load_scenario("fupin:2009-document")
    people = base.population.model_copy(update={"sample": 0.02})
    base = base.model_copy(update={"population": people, "horizon": 2011})
    keys = ("household_projects", "minimum_living", "project_management")
    found = script.effects(base, CENTRAL, 1, keys)
    projects = found["household_projects"]
    assert projects["spent"] == pytest.approx(195e6, rel=0.05) and projects["served"] > 40_000
    assert projects["gain_2010"] > projects["gain_2009"] > 0  # assets yield after a lag
    assert found["minimum_living"]["gain_2009"] > 5
    assert abs(found["minimum_living"]["gain_2010"]) < 1  # nothing lasts beyond the payment
    page = script.page([found], [found], keys)
    assert page.count("| Household (cell) projects |") == 2


def test_an_effect_outside_the_studies_is_marked(script: Any) -> None:
    runs = [{"relocation": {"gain_2011": gain}} for gain in (19.0, 30.0)]
    assert script._verdict(runs[:1], "relocation") == "inside"
    assert script._verdict(runs[1:], "relocation") == "**outside** (30.0%)"
