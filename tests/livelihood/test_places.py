"""Where the poor live: a village was listed because it was poor, with error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fupin.livelihood.places import village_offsets, village_standings
from fupin.population.frame import every_village
from scipy.special import ndtri
from scipy.stats import norm
from small_worlds import central, province

SAMPLE = 0.02


@pytest.fixture(scope="module")
def everywhere():
    """A frame's county table with all villages of the province; its households are a sample's."""
    frame = province(SAMPLE)
    return replace(frame, villages=every_village(frame.seed))


def standings(frame, accuracy):
    return village_standings(frame, central({"livelihood.listing_accuracy": accuracy}))


@pytest.mark.parametrize("accuracy", [0.0, 0.5, 0.9, 1.0])
def test_the_villages_of_a_county_are_standard_normal_whatever_the_roster(everywhere, accuracy):
    s = standings(everywhere, accuracy)
    county = np.asarray(everywhere.villages.county)
    for rows in np.split(np.argsort(county, kind="stable"), np.cumsum(np.bincount(county)[:-1])):
        if rows.size > 150:
            assert s[rows].mean() == pytest.approx(0.0, abs=4.5 / np.sqrt(rows.size))
            assert s[rows].std() == pytest.approx(1.0, abs=4.0 / np.sqrt(2 * rows.size))
    assert s.mean() == pytest.approx(0.0, abs=4 / np.sqrt(s.size))
    assert np.quantile(s, 0.05) == pytest.approx(ndtri(0.05), abs=0.05)


@pytest.mark.parametrize("accuracy", [0.0, 0.5, 0.9])
def test_listed_villages_stand_lower_by_what_listing_saw(everywhere, accuracy):
    v, c = everywhere.villages, everywhere.counties
    s, listed = standings(everywhere, accuracy), np.asarray(v.listed)
    share = (np.asarray(c.listed_villages) / np.maximum(c.villages, 1))[np.asarray(v.county)]
    expected = -accuracy * norm.pdf(ndtri(share[listed])) / share[listed]
    assert s[listed].mean() == pytest.approx(expected.mean(), abs=4 / np.sqrt(listed.sum()))
    assert 0.3 < share[listed].mean() < 0.6


def test_a_roster_without_error_holds_the_poorest_villages_of_each_county(everywhere):
    s, v = standings(everywhere, 1.0), everywhere.villages
    county, listed = np.asarray(v.county), np.asarray(v.listed)
    for row in np.unique(county[listed]):
        here = county == row
        assert s[here & listed].max() <= s[here & ~listed].min() + 1e-5


def test_the_sample_does_not_matter(everywhere):
    whole = village_offsets(everywhere, central())
    of = dict(zip(np.asarray(everywhere.villages.id), whole, strict=True))
    for sample in (0.01, SAMPLE):
        frame = province(sample)
        np.testing.assert_array_equal(
            village_offsets(frame, central()), [of[i] for i in np.asarray(frame.villages.id)]
        )


def test_the_roster_stays_in_the_frame_and_standings_are_the_draw_s():
    frame = province(SAMPLE)
    small, large = (
        village_offsets(frame, central({"livelihood.village_sd": sd})) for sd in (0.1, 0.4)
    )
    assert (small != large).all()
    assert np.corrcoef(small, np.asarray(frame.villages.listed))[0, 1] < -0.2
