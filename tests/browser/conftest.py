"""A small world that the tests of the page share."""

from __future__ import annotations

import pytest

pytest.importorskip("solara", reason="the extra `view` is not installed")

from fupin.browser.page_model import SharedStart
from fupin.browser.setup import Served, Setup
from fupin.scenario.schema import Scenario

SAMPLE = 0.01


@pytest.fixture(scope="session")
def served() -> Served:
    return Served.of("fupin:2009-document", SAMPLE)


@pytest.fixture(scope="session")
def first(served: Served) -> Setup:
    return Setup.opened(served, "fupin:2009-document")


@pytest.fixture(scope="session")
def plan(first: Setup) -> Scenario:
    """What the tab looks at, lived a year beyond its money."""
    return first.lived.model_copy(update={"horizon": 2010})


@pytest.fixture(scope="session")
def world(served: Served, plan: Scenario) -> SharedStart:
    return served.worlds.of(plan, 1)
