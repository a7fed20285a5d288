"""The two small poverty models are the same model, in two frameworks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.peers.small_life import SmallLife
from benchmarks.plan import PEERS, has_peer

LIFE, HOUSEHOLDS, MONTHS = SmallLife(), 60_000, 24


@pytest.mark.skipif(
    not all(has_peer(name) for name in PEERS),
    reason="starsim or laser-core is not installed (uv run --extra bench)",
)
def test_they_agree_with_one_another_and_with_their_parameters() -> None:
    from benchmarks.peers import laser_poverty, starsim_poverty

    starsim = starsim_poverty.build(HOUSEHOLDS, MONTHS, LIFE)
    starsim.run()
    laser = laser_poverty.Model(HOUSEHOLDS, LIFE)
    for _ in range(MONTHS):
        laser.step()
    poverty, people = starsim.results.poverty, laser.people
    assert len(poverty.n_crashes) == len(laser.crashes) == MONTHS
    expected = LIFE.crash * HOUSEHOLDS * MONTHS
    for crashes in (poverty.n_crashes.sum(), sum(laser.crashes)):
        assert abs(crashes - expected) < 4 * math.sqrt(expected)

    stay = 1.0 - LIFE.leaves - LIFE.comes_home
    away = LIFE.leaves / (LIFE.leaves + LIFE.comes_home) * (1.0 - stay**MONTHS)
    poor = people.poor.mean()
    for share, there in ((people.away.mean(), away), (poverty.n_away[-1] / HOUSEHOLDS, away)):
        assert abs(share - there) < 4 * math.sqrt(there * (1 - there) / HOUSEHOLDS)
    apart = abs(poverty.n_poor[-1] / HOUSEHOLDS - poor)
    assert 0.01 < poor < 0.3
    assert apart < 4 * math.sqrt(2 * poor * (1 - poor) / HOUSEHOLDS)
    # Log income after two Januaries: innovations and the transitory shock.
    sd = math.hypot(LIFE.innovation_sd * math.hypot(1.0, LIFE.persistence), LIFE.transitory_sd)
    home = people.away == 0
    households = starsim.get_module("poverty")
    for flow, at_home in (
        (np.asarray(people.flow), home),
        (households.flow.values, ~households.away.values),
    ):
        assert np.log(flow[at_home]).std() == pytest.approx(sd, rel=0.04)
