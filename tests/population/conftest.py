"""Fixtures that several tests of the population share; all are read-only."""

from __future__ import annotations

import pytest
from fupin.population.counties import county_table
from fupin.population.frame import DEFAULT_SEED, every_village
from fupin.population.sample import choose_villages, parse_sample


@pytest.fixture(scope="session")
def c():
    """The county table."""
    return county_table()


@pytest.fixture(scope="session")
def everywhere():
    """All villages of the default population."""
    return every_village(DEFAULT_SEED)


@pytest.fixture(scope="session")
def default(c, everywhere):
    """The villages of the default sample."""
    return choose_villages(everywhere, c, parse_sample("default"), DEFAULT_SEED)
