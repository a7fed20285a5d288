"""Samples: whole villages, integer weights that sum, people within one per cent."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.population.sample import choose_villages, parse_sample
from fupin.population.villages import all_villages

SEED = 20091231


def sums(v, values):
    return np.bincount(v.county, values * v.weight.astype(np.float64), 172)


def test_default_keeps_listed_villages_and_one_in_ten_others(c, everywhere, default):
    v = default
    assert v.listed.sum() == 7102 and (v.weight[v.listed] == 1).all()
    assert (v.id[v.listed] == everywhere.id[everywhere.listed]).all()
    others = (~everywhere.listed).sum()
    assert 0.095 < (~v.listed).sum() / others < 0.12
    kept = np.bincount(v.county[~v.listed], minlength=172)
    assert (kept >= np.minimum(c.villages - c.listed_villages, 12)).all()


@pytest.mark.parametrize("seed", [SEED, 5, 6])
def test_default_weights_and_people_in_every_county(c, seed):
    everywhere = all_villages(c, seed)
    v = choose_villages(everywhere, c, parse_sample("default"), seed)
    assert (sums(v, np.ones(len(v))) == c.villages).all()
    assert (sums(v, v.listed) == c.listed_villages).all()
    rural = c.registered_rural > 0
    error = sums(v, v.people)[rural] / c.registered_rural[rural] - 1
    assert np.abs(error).max() < 0.01
    assert np.abs(sums(v, v.households)[rural] / c.registered_households[rural] - 1).max() < 0.03
    assert abs(sums(v, v.people).sum() / 51e6 - 1) < 0.0005


def test_full_keeps_everything_once(c, everywhere):
    v = choose_villages(everywhere, c, parse_sample("full"), SEED)
    assert (v.id == everywhere.id).all() and (v.weight == 1).all()


@pytest.mark.parametrize("fraction", [0.01, 0.05, 0.2, 0.5])
def test_fraction_keeps_its_share_of_both_kinds(c, everywhere, fraction):
    v = choose_villages(everywhere, c, parse_sample(fraction), SEED)
    assert (sums(v, np.ones(len(v))) == c.villages).all()
    assert (sums(v, v.listed) == c.listed_villages).all()
    for kind in (True, False):
        share = (v.listed == kind).sum() / (everywhere.listed == kind).sum()
        assert share == pytest.approx(fraction, rel=0.08)
    assert sums(v, v.people).sum() / 51e6 == pytest.approx(1, abs=0.005)
    assert v.weight.dtype == np.int32 and v.weight.min() >= 1


@pytest.mark.parametrize("fraction", [0.0005, 0.001, 0.005])
def test_tiny_fraction_still_stands_for_the_province(c, everywhere, fraction):
    v = choose_villages(everywhere, c, parse_sample(fraction), SEED)
    assert 10 <= len(v) <= max(30, 1.1 * fraction * len(everywhere))
    assert v.weight.sum() == len(everywhere)
    assert v.weight[v.listed].sum() == 7102
    key = c.key[v.county] > 0
    assert v.weight[key].sum() == c.villages[c.key > 0].sum()
    assert (v.weight * v.people).sum() / 51e6 == pytest.approx(1, abs=0.02)
    assert np.unique(c.prefecture[v.county]).size >= 6


def test_villages_of_a_sample_are_the_provinces(c, everywhere):
    v = choose_villages(everywhere, c, parse_sample(0.05), SEED)
    rows = np.searchsorted(everywhere.id, v.id)
    for name in ("id", "people", "households", "away", "water", "batch", "governance"):
        assert (getattr(v, name) == getattr(everywhere, name)[rows]).all()


@pytest.mark.parametrize("wrong", ["lots", 0, -0.1, 1.5, "nan", "inf", True, ""])
def test_wrong_samples_are_explained(wrong):
    with pytest.raises(InputError, match="default, full, or a fraction"):
        parse_sample(wrong)


def test_sample_names_are_canonical():
    assert parse_sample("0.050").name == parse_sample(0.05).name == "0.05"
    assert parse_sample(1).name == "full"
