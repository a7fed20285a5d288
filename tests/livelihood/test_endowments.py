"""Who starts rich and who poor: parts that add up, of the draw and not of the seed."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.livelihood.places import village_offsets
from small_worlds import central, newborn, persons, province

SAMPLE = 0.02


@pytest.fixture(scope="module")
def core():
    return newborn(province(SAMPLE), central())


def parts(core):
    """Endowment without village, schooling and mean frailty: the ability of the household."""
    frame, values, h = core.frame, core.values, core.households
    village = village_offsets(frame, values)[frame.village_of_household()].astype(np.float64)
    schooling = values["livelihood.schooling_return"] * (h.schooling / 10 - 8.5)
    return h.endowment - village - schooling - values["livelihood.frail_loss"] * h.frail


def test_an_endowment_is_the_sum_of_its_parts(core):
    h, ability = core.households, parts(core)
    sd, more = (core.values[f"livelihood.{name}"] for name in ("permanent_sd", "frail_sd"))
    # Those without labour power differ among themselves by their loss as well.
    for frail, spread in ((0, sd), (1, sd + more)):
        own = ability[h.frail == frail]
        assert own.mean() == pytest.approx(0.0, abs=4 * spread / np.sqrt(own.size))
        assert own.std() == pytest.approx(spread, rel=0.03)
    # independent of what stands beside it
    for other in (h.schooling, h.frail, h.bias):
        assert abs(np.corrcoef(ability, other)[0, 1]) < 4 / np.sqrt(ability.size)


def test_counties_belong_to_the_draw_and_households_to_the_seed():
    one, two = (newborn(province(SAMPLE), central(), seed) for seed in (1, 2))
    assert (one.households.endowment != two.households.endowment).mean() > 0.99
    frame = province(SAMPLE)
    # places see no run seed; they change with the draw's parameters and with its own number
    smaller = central({"livelihood.village_sd": 0.02})
    assert (village_offsets(frame, central()) != village_offsets(frame, smaller)).any()
    elsewhere = newborn(province(SAMPLE), central(), places=1)
    moved = elsewhere.households.endowment - one.households.endowment
    village = frame.village_of_household()
    ordinary = one.households.frail == 0
    spread = [np.ptp(moved[ordinary & (village == v)]) for v in np.unique(village)[:20]]
    assert max(spread) < 1e-5 < np.abs(moved).max()  # whole villages move, their households alike
    listed = np.asarray(frame.villages.listed)
    assert listed.any()
    assert not listed.all()


def test_thirds_hold_a_third_of_the_people_each(core):
    h, people = core.households, persons(core)
    for third in range(3):
        assert people[h.third == third].sum() / people.sum() == pytest.approx(1 / 3, abs=0.005)
    borders = [h.endowment[h.third == k] for k in range(3)]
    assert borders[0].max() <= borders[1].min()
    assert borders[1].max() <= borders[2].min()


def test_frail_households_are_poorer_and_no_class_apart(core):
    h = core.households
    frail, others = h.endowment[h.frail == 1], h.endowment[h.frail == 0]
    assert frail.mean() - others.mean() < 0.8 * core.values["livelihood.frail_loss"] < 0
    # One in twenty of them is as well off as the median of others, or nearly.
    assert np.quantile(frail, 0.95) > np.quantile(others, 0.4)


def test_a_village_has_the_same_households_in_a_larger_sample():
    small, large = newborn(province(0.01), central()), newborn(province(SAMPLE), central())
    both = np.intersect1d(small.villages.id, large.villages.id)
    assert both.size > 15
    for village in both:
        cuts = []
        for core in (small, large):
            i = int(np.searchsorted(core.villages.id, village))
            cuts.append((core, slice(*core.villages.offsets[i : i + 2])))
        for name in ("size", "labour", "endowment", "bias", "rank_half"):
            a, b = (getattr(core.households, name)[cut] for core, cut in cuts)
            np.testing.assert_array_equal(a, b)
        risk = [
            core.villages.crash_factor[np.searchsorted(core.villages.id, village)]
            for core, _ in cuts
        ]
        # the mean that safe water is measured against is the province's, up to sampling error
        assert risk[0] == pytest.approx(risk[1], abs=0.002)


def test_the_mean_person_has_the_parameter_s_chance_of_a_crash(core):
    villages = core.frame.villages
    people = np.asarray(villages.people, float) * villages.weight
    assert np.average(core.villages.crash_factor, weights=people) == pytest.approx(1.0, abs=1e-6)
    # and the better watered village the smaller one
    assert np.corrcoef(core.villages.crash_factor, villages.water)[0, 1] < -0.999
