"""Integrated funds: parts and counties, clusters of neighbours, works and their scale."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.scenario.programmes import IntegratedFundsSettings
from pydantic import ValidationError
from small_runs import columns_differ, log_gain, model_of, money, programme_of

KEY = "integrated_funds"
PLAN = {
    KEY: {
        "budget": "800 million",
        "to": "2009-12",
        "counties": ["Daming", "Fuping", "Laiyuan"],
        "central": {"budget": "300 million", "counties": ["Mengcun", "Pingquan"]},
    }
}


@pytest.fixture(scope="module")
def twin():
    """Four years without programmes."""
    return model_of({}, "2012-12")


@pytest.fixture(scope="module")
def treated():
    """Four years after the works of 2009."""
    return model_of(PLAN, "2012-12")


def test_off_is_absent() -> None:
    off, plain = model_of({KEY: "off"}), model_of({})
    assert columns_differ(off, plain) == []
    assert KEY not in [programme.key for programme in off.programmes]


def test_each_part_reaches_its_counties_evenly(treated) -> None:
    programme = programme_of(treated, KEY)
    released = treated.ledger.released[programme.index].sum(axis=1)
    names = np.array(treated.frame.counties.name_en)
    given = {str(names[row]): int(released[row]) for row in np.flatnonzero(released)}
    third = 500_000_000 / 3
    assert given == {
        "Mengcun": 150_000_000,
        "Pingquan": 150_000_000,
        **{n: pytest.approx(third, abs=1) for n in ("Daming", "Fuping", "Laiyuan")},
    }


def test_money_binds_and_the_ledger_balances(treated) -> None:
    yuan, programme = money(treated, KEY), programme_of(treated, KEY)
    counts = programme.counts_by_year[2009]
    assert treated.ledger.imbalance() == 0
    assert yuan["released"] == 800_000_000 == sum(yuan.values()) - yuan["released"]
    assert yuan["delivered"] == 300_000 * counts["villages"]
    assert yuan["lost"] == pytest.approx(0.1 / 0.9 * yuan["delivered"], rel=1e-3)
    assert counts["counties"] == 5
    weight = treated.villages.weight[programme.treated]
    assert counts["villages"] == weight.sum()


def test_places_bind() -> None:
    model = model_of({KEY: PLAN[KEY] | {"places_per_month": 60}})
    villages = programme_of(model, KEY).counts_by_year[2009]["villages"]
    assert 0 < villages <= 12 * 60 < money(model, KEY)["returned"]


def test_the_nearest_neighbours_are_treated(treated) -> None:
    programme = programme_of(treated, KEY)
    villages = treated.frame.villages
    for county in np.unique(programme.county_of(np.flatnonzero(programme.treated))):
        listed = (np.asarray(villages.county) == county) & np.asarray(villages.listed)
        centre = programme.centre[county]
        inside = programme.distance(np.flatnonzero(listed & programme.treated), centre)
        outside = programme.distance(np.flatnonzero(listed & ~programme.treated), centre)
        assert outside.size == 0 or inside.max() <= outside.min()


def test_works_help_the_better_off_more(treated, twin) -> None:
    """Better-off half +3 to +12%, poorer half -3 to +6% once works are in use."""
    programme, gain = programme_of(treated, KEY), log_gain(treated, twin)
    village = treated.frame.village_of_household()
    mine, half = programme.treated[village], treated.households.rank_half > 0
    better, poorer = gain[mine & half].mean(), gain[mine & ~half].mean()
    assert 0.02 < better <= 0.12
    assert -0.03 < poorer < 0.06
    assert np.abs(gain[~mine]).max() < 1e-6


def test_works_build_up_within_three_years_and_then_wear_off() -> None:
    """As those of village plans: what is paid in January 2009 is in full use by 2012."""
    january = {KEY: {**PLAN[KEY], "to": "2009-01"}}
    on, off = (model_of(programmes, "2012-12", steps=0) for programmes in (january, {}))
    lead = []
    while on.running:
        on.step()
        off.step()
        treated = programme_of(on, KEY).treated
        lead.append(on.world.works.index[treated] - off.world.works.index[treated])
    path = np.array(lead)  # months x villages
    assert path.shape[1] >= 3  # they weigh about 50
    # Where other works are under way the grant is built after them.
    assert (np.diff(path[:24], axis=0) >= -1e-9).all()
    assert (path[36] > 0.1).all()
    a_month = 1.0 - on.values["programmes.advancement_decay"] / 12.0
    assert path[47] / path[36] == pytest.approx(np.full(path.shape[1], a_month**11), rel=1e-6)


def test_neighbours_make_a_yuan_build_more() -> None:
    built = {}
    for gain in (0.0, 0.1):
        model = model_of(PLAN, parameters={f"{KEY}.neighbour_gain": gain})
        programme = programme_of(model, KEY)
        spent = model.world.works.spent[programme.treated]
        rows = np.flatnonzero(programme.treated)
        built[gain] = spent.sum()
        scale = programme.scale(rows)
        assert scale.min() >= 1.0
        assert scale.max() == pytest.approx(1.0 + 8 * gain)  # a village stands for a cluster
    assert built[0.1] > built[0.0]


def test_more_neighbours_within_a_wider_radius() -> None:
    means = {}
    for radius in (0.2, 8.0, 40.0):
        values = {f"{KEY}.neighbour_radius": radius, f"{KEY}.neighbours_counted": 1000.0}
        model = model_of(PLAN, steps=1, parameters=values)
        programme = programme_of(model, KEY)
        means[radius] = programme.scale(np.flatnonzero(programme._cluster)).mean()
    assert means[0.2] <= means[8.0] < means[40.0]


def test_a_part_larger_than_the_whole_is_refused() -> None:
    part = {"budget": "30 million", "counties": ["Pingquan"]}
    with pytest.raises(ValidationError, match="more than the whole"):
        IntegratedFundsSettings.model_validate({"budget": "20 million", "central": part})
