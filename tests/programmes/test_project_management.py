"""Registration review, disclosure, supervision: money, capacity, and what openness does."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from fupin.lives.one_run import simulate
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.results.draws import CENTRAL, Draw
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS, Programmes
from fupin.scenario.schema import Scenario
from fupin.state.households import bit_of
from fupin.state.openness import Openness

INDEX = PROGRAMME_KEYS.index("project_management")
TRAINING = {"budget": 300_000_000, "places_per_month": 100_000}


def plan(programmes: dict[str, Any], **population: Any) -> Scenario:
    base = load_scenario("fupin:2009-no-programmes")
    return base.model_copy(
        update={
            "programmes": Programmes.model_validate(programmes),
            "population": base.population.model_copy(update={"sample": "0.02"}),
        }
    )


def lived(programmes: dict[str, Any], draw: dict[str, float] | None = None) -> PovertyModel:
    model = PovertyModel(plan(programmes), draw=draw)
    while model.running:
        model.step()
    return model


def mine(model: PovertyModel) -> Any:
    """The programme of this file; funds that exist at the start stand beside it."""
    return next(p for p in model.programmes if p.index == INDEX)


@pytest.fixture(scope="module")
def alone() -> PovertyModel:
    return lived({"skills_training": TRAINING})


@pytest.fixture(scope="module")
def opened() -> PovertyModel:
    return lived(
        {
            "skills_training": TRAINING,
            "project_management": {"budget": 30_000_000, "places_per_month": 10_000},
        }
    )


def test_off_is_absent() -> None:
    without = simulate(plan({"skills_training": TRAINING}), CENTRAL, 1, twins=False)
    off = {"skills_training": TRAINING, "project_management": "off"}
    # Parameters that only act through the programme change nothing either.
    strange = {
        "project_management.loss_cut": 0.9,
        "project_management.capture_cut": 0.9,
        "project_management.targeting_gain": 1.5,
        "project_management.openness_at_start": 0.6,
    }
    with_off = simulate(plan(off), Draw(CENTRAL.label, strange), 1, twins=False)
    assert with_off.outcomes == without.outcomes
    assert with_off.programmes == without.programmes
    for name, table in without.tables.items():
        for column, values in table.items():
            np.testing.assert_array_equal(values, with_off.tables[name][column])


def test_the_ledger_balances_and_only_closed_villages_are_opened(opened: PovertyModel) -> None:
    programme = mine(opened)
    assert opened.ledger.imbalance() == 0
    # 70% of 7,102 villages were closed; money for more of them returns.
    villages = programme.counts_by_year[2009]["villages"]
    assert 4_800 <= villages <= 0.7 * 7_102 + 172
    assert opened.ledger.totals("returned")[INDEX] > 15_000_000
    assert opened.world.openness.start < opened.world.openness.now <= 1.0


def test_money_binds() -> None:
    model = lived({"project_management": {"budget": 2_000_000, "places_per_month": 10_000}})
    cost = 2_000 / (1 - model.values["programmes.financial_loss"])
    villages = mine(model).counts_by_year[2009]["villages"]
    # Each county keeps less than the price of a village.
    assert 2_000_000 / cost - 172 <= villages <= 2_000_000 / cost * 1.05
    half = 1_000_000 / cost - 172
    fewer = lived({"project_management": {"budget": 1_000_000, "places_per_month": 10_000}})
    assert half <= mine(fewer).counts_by_year[2009]["villages"] < villages


def test_capacity_binds() -> None:
    model = lived({"project_management": {"budget": 30_000_000, "places_per_month": 50}})
    assert mine(model).counts_by_year[2009]["villages"] == 12 * 50


def test_less_is_lost_of_other_programmes(alone: PovertyModel, opened: PovertyModel) -> None:
    training = PROGRAMME_KEYS.index("skills_training")

    def share_lost(model: PovertyModel) -> float:
        lost = model.ledger.totals("lost")[training]
        return float(lost / (lost + model.ledger.totals("delivered")[training]))

    full = alone.values["programmes.financial_loss"]
    cut = alone.values["project_management.loss_cut"]
    assert share_lost(alone) == pytest.approx(full, abs=0.002)
    assert full * (1 - cut) - 0.002 <= share_lost(opened) < full - 0.005


def test_the_registered_get_more_of_other_programmes() -> None:
    """In the counties' choices of the last months, with strong effects of openness."""
    strong = {"project_management.capture_cut": 0.6, "project_management.targeting_gain": 1.0}
    registered = []
    for management in ("off", {"budget": 30_000_000, "places_per_month": 10_000}):
        model = PovertyModel(
            plan({"skills_training": TRAINING, "project_management": management}), draw=strong
        )
        bit = bit_of(PROGRAMME_KEYS.index("skills_training"))
        for _ in range(4):
            model.step()
        h = model.households
        before = h.reached & bit
        model.step()
        chosen = ((h.reached & bit) > before).nonzero()[0]
        registered.append((h.registered[chosen] > 0).mean())
    assert registered[1] > registered[0]


def test_openness_acts_in_proportion_and_only_beyond_the_start() -> None:
    values = load_book().values()
    openness = Openness(values)
    cut = values["project_management.loss_cut"]
    assert openness.loss(0.1) == 0.1
    assert openness.log_odds("elite_capture_odds", 0.5) == 0.5
    openness.now = 1.0
    assert openness.loss(0.1) == pytest.approx(0.1 * (1 - cut))
    assert 0.0 < openness.log_odds("elite_capture_odds", 0.5) < 0.5
    assert openness.log_odds("training_registered_odds", 0.5) > 0.5
    assert openness.log_odds("training_schooling_odds", 0.5) == 0.5
    openness.now = (1.0 + openness.start) / 2
    assert openness.loss(0.1) == pytest.approx(0.1 * (1 - cut / 2))


def test_a_fifth_of_the_opened_closes_at_the_year_end() -> None:
    model = PovertyModel(
        plan({"project_management": {"budget": 4_000_000, "places_per_month": 10_000}})
    )
    path = []
    while model.running:
        model.step()
        path.append(model.world.openness.now - model.world.openness.start)
    assert all(later >= earlier for earlier, later in itertools.pairwise(path[:11]))
    lapse = model.values["project_management.lapse"]
    assert path[11] == pytest.approx(path[10] * 12 / 11 * (1 - lapse), rel=0.05)


def test_a_plan_that_names_counties_moves_openness_by_their_poor() -> None:
    some = lived(
        {
            "project_management": {
                "budget": 30_000_000, "places_per_month": 10_000, "prefectures": ["Chengde"],
            }
        }
    )  # fmt: skip
    assert 0 < some.world.openness.now - some.world.openness.start < 0.15
    codes = np.asarray(some.frame.counties.code)
    delivered = some.ledger.delivered[INDEX].sum(axis=1)
    assert set(codes[delivered > 0] // 100) == {1308}
