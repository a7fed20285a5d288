"""A plan's parameters change no past, act from their month on, and leave twins twins."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from five_counties import begin, fresh_start, plan
from fupin.comparison.contest import Contest, live_twins, require_twins
from fupin.errors import InputError
from fupin.model import PovertyModel
from fupin.month import begin as begin_world
from fupin.month import live_month
from fupin.parameters.book import load_book
from fupin.results.draws import CENTRAL, Draw
from fupin.scenario.schema import Scenario
from fupin.state.households import Households
from fupin.world.start import live_history
from fupin.world.world import World
from sixteen import ALL

REVIEW = "register.review_probability"
LOSS = "programmes.financial_loss"


def bytes_of(world: World) -> list[bytes]:
    """Everything that a month leaves behind, but for what programmes count."""
    columns = [np.ascontiguousarray(c).tobytes() for c in world.households]
    return [*columns, world.ledger.delivered.tobytes(), world.ledger.lost.tobytes()]


def lived(world: World, months: int) -> World:
    for _ in range(months):
        live_month(world)
        assert world.ledger.imbalance() == 0
    return world


def world_of(scenario: Scenario, months: int = 0) -> World:
    return lived(begin_world(scenario, fresh_start(scenario), 1), months)


def test_history_is_lived_without_them() -> None:
    """They made another register at the start: 5.8 million, not 3.8."""
    usual, never = world_of(plan()), world_of(plan(changed={REVIEW: 0.0}))
    assert repr(never.at_start) == repr(usual.at_start)
    assert bytes_of(never) == bytes_of(usual)
    assert (never.values[REVIEW], never.past[REVIEW]) == (0.0, usual.values[REVIEW])
    for world in (usual, never):
        lived(world, 12)
    assert never.measured[2009].delisted < usual.measured[2009].delisted
    assert never.measured[2009].income_poor == usual.measured[2009].income_poor


def test_another_history_is_another_start() -> None:
    usual, other = world_of(plan()), world_of(plan(parameters={REVIEW: 0.0}))
    assert other.at_start.registered != usual.at_start.registered
    assert other.values[REVIEW] == other.past[REVIEW] == 0.0


def test_a_draw_holds_in_history_too() -> None:
    scenario = Scenario.model_validate(
        {"name": "t", "population": {"sample": 0.02}, "parameters": {LOSS: 0.2}}
    )
    usual = live_history(scenario, 1)
    drawn = live_history(scenario, 1, Draw("d", {REVIEW: 0.0}))
    assert drawn.values[REVIEW] == 0.0 and drawn.values[LOSS] == usual.values[LOSS] != 0.2
    world = begin_world(scenario, drawn, 1)
    assert (world.values[REVIEW], world.values[LOSS]) == (0.0, 0.2)


@pytest.mark.parametrize("start", ["2009-01", "2009-04"])
def test_values_that_are_the_same_change_no_byte(start: str) -> None:
    """Adopted at the start, or in the middle of everything."""
    values = load_book().values()
    same = {name: values[name] for name in values}
    keys: dict[str, Any] = {"start": start, "end": "2010-12", "programmes": ALL, "horizon": 2010}
    usual = bytes_of(world_of(plan(**keys), 14))
    for begins in (None, start, "2009-08", "2010-01"):
        changed = same if begins is None else same | {"from": begins}
        assert bytes_of(world_of(plan(**keys, changed=changed), 14)) == usual, begins


def test_they_act_from_their_month_on() -> None:
    keys: dict[str, Any] = {"end": "2010-12", "programmes": ALL, "horizon": 2010}
    usual = world_of(plan(**keys))
    later = world_of(plan(**keys, changed={"from": "2009-07", LOSS: 0.3}))
    at_once = world_of(plan(**keys, changed={LOSS: 0.3}))
    for world in (usual, later, at_once):
        lived(world, 6)
    assert bytes_of(later) == bytes_of(usual) != bytes_of(at_once)
    for world in (usual, later, at_once):
        lived(world, 2)
    assert later.ledger.lost[:, :, 6:8].sum() > 1.5 * usual.ledger.lost[:, :, 6:8].sum()


def test_within_a_year_the_months_before_the_plan_are_history() -> None:
    keys: dict[str, Any] = {"start": "2009-07", "end": "2009-12"}
    usual, other = (world_of(plan(**keys, changed=c))
                    for c in ({}, {"livelihood.crash_probability": 0.5}))  # fmt: skip
    assert bytes_of(usual) == bytes_of(other)
    assert bytes_of(lived(usual, 1)) != bytes_of(lived(other, 1))


def test_a_world_changes_nothing_of_the_start_that_it_shares() -> None:
    scenario = plan(programmes=ALL, changed={"livelihood.water_saves_illness": 0.9})
    start = fresh_start(scenario)
    villages, values, rates = copy.deepcopy(start.core.villages), start.values, start.core.rates
    lived(begin_world(scenario, start, 1), 7)
    assert start.values is values and start.core.rates is rates
    for name, column in vars(villages).items():
        assert np.array_equal(column, getattr(start.core.villages, name)), name


def test_safe_water_that_saves_more_illness_does_so_where_there_is_water() -> None:
    saves = "livelihood.water_saves_illness"
    book = load_book().values()
    usual = begin(plan())
    for value in (0.0, 2.0 * book[saves]):
        other = begin(plan(changed={saves: value}))
        risk = 1.0 - (1.0 - usual.villages.crash_factor) * np.float32(value / book[saves])
        np.testing.assert_allclose(other.villages.crash_factor, risk, rtol=1e-5)
    fresh = begin(plan(parameters={saves: 2.0 * book[saves]}))
    np.testing.assert_allclose(fresh.villages.crash_factor, other.villages.crash_factor, rtol=1e-5)


def test_old_village_funds_are_of_the_past() -> None:
    """Who had a fund before the plan is the same whatever the plan's parameters are."""
    odds = {"mutual_funds.registered_odds": 30.0, "mutual_funds.loan_size": 900.0,
            "mutual_funds.term_months": 6.0}  # fmt: skip
    funds = []
    for changed in ({}, odds):
        scenario = Scenario.model_validate(
            {"name": "t", "population": {"sample": 0.02}, "parameters": changed}
        )
        (fund,) = PovertyModel(scenario, rng=1).programmes
        funds.append(fund)
    one, other = funds
    assert np.array_equal(one.members, other.members)
    for name in ("borrower", "principal", "owed", "issued"):
        assert np.array_equal(getattr(one.loans, name), getattr(other.loans, name)), name
    assert (one.loans.terms.months, other.loans.terms.months) == (12, 6)
    assert other.own("registered_odds") == 30.0


def test_plans_that_differ_in_parameters_are_twins() -> None:
    keys: dict[str, Any] = {"name": "base", "population": {"sample": 0.02}, "horizon": 2009}
    programmes = {"skills_training": {"budget": 30_000_000}}
    base = Scenario.model_validate({**keys, "programmes": programmes})
    leaks = Scenario.model_validate(
        {**keys, "name": "leaks", "programmes": programmes, "parameters": {LOSS: 0.4}}
    )
    require_twins(base, leaks)
    result = live_twins(Contest(base, (leaks,)), CENTRAL, 1)
    table = result.tables["world_outcomes"]
    columns = (table[k].tolist() for k in ("world", "programme", "outcome", "value"))
    found = {(w, p, o): v for w, p, o, v in zip(*columns, strict=True)}
    starts = {found[w, "", "registered_poor_start"] for w in ("base", "leaks", "none")}
    assert len(starts) == 1
    assert found["leaks", "skills_training", "lost"] > 2 * found["base", "skills_training", "lost"]
    other = base.model_copy(
        update={
            "name": "past",
            "history": base.history.model_copy(update={"parameters": {LOSS: 0.4}}),
        }
    )
    with pytest.raises(InputError, match=rf"differ in `history` \({LOSS}\)"):
        require_twins(base, other)


def test_columns_of_households_are_all_compared() -> None:
    assert len(bytes_of(world_of(plan()))) == len(Households._fields) + 2
