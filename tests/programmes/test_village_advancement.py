"""Village advancement against twins: villages that were paid gain, the better-off most."""

from __future__ import annotations

import numpy as np
import pytest
from five_counties import counts, ledger_sum, lived, plan, programme, village_of
from fupin.model import PovertyModel
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.state import works
from fupin.state.limits import Limit
from reported import report

KEY = "village_advancement"
TWO_YEARS = {2009: 150_000_000, 2010: 150_000_000, 2011: 0, 2012: 0}


def log_income_gain(on: PovertyModel, off: PovertyModel, rows: np.ndarray) -> np.ndarray:
    """Difference of twins' log income of the last settled year."""
    with_, without = (m.households.income[rows].astype(np.float64) for m in (on, off))
    return np.log(with_ / without)


def fully_paid(on: PovertyModel, off: PovertyModel) -> np.ndarray:
    """Villages that got a whole plan and would have got none."""
    return (off.world.works.spent == 0) & on.world.works.plan_complete


def test_four_years_after_the_start_both_halves_gain_as_the_literature_says() -> None:
    """Park & Wang 2010: better-off +3 to +12%, poorer -3 to +6%, for a plan of index 1."""
    on = lived(end="2012-12", programmes={KEY: {"budget": TWO_YEARS}})
    off = lived(end="2012-12")
    villages = fully_paid(on, off)
    assert villages.sum() > 100
    rows = np.flatnonzero(villages[village_of(on)])
    better = on.households.rank_half[rows] > 0
    gain = log_income_gain(on, off, rows)
    index = (on.world.works.index - off.world.works.index)[village_of(on)[rows]]
    assert 0.7 < index.mean() < 1.3  # in use by now, under committees of all kinds
    per_plan = [gain[half].mean() / index[half].mean() for half in (better, ~better)]
    assert 0.03 < per_plan[0] < 0.12
    assert -0.03 < per_plan[1] < 0.06
    assert per_plan[0] > per_plan[1] + 0.02
    # a better committee builds more with the same money
    quality = np.asarray(on.frame.villages.governance)
    index = on.world.works.index
    good, bad = index[villages & (quality > 0.5)], index[villages & (quality < -0.5)]
    assert good.mean() > 1.2 * bad.mean()


def test_gains_build_up_and_then_wear_off() -> None:
    from five_counties import begin

    one_year = {2009: 100_000_000, 2010: 0, 2011: 0, 2012: 0}
    on, off = begin(plan(end="2012-12", programmes={KEY: {"budget": one_year}})), None
    lead = []
    off = lived(end="2012-12")
    while on.running:
        on.step()
        lead.append(on.world.works.index.copy())
    fresh = (off.world.works.spent == 0) & (on.world.works.spent > 0)
    assert fresh.sum() > 10
    path = np.array([index[fresh].mean() for index in lead])
    top = int(path.argmax())
    assert 35 <= top <= 47  # in full use three years after the payment
    assert (np.diff(path[:30]) >= 0).all()
    early = on.world.works.index[fresh & (lead[0] > 0)]
    peak = np.max([index[fresh & (lead[0] > 0)] for index in lead], axis=0)
    decay = on.values["programmes.advancement_decay"]
    assert early / peak == pytest.approx((1 - decay / 12) ** 12, abs=0.01)  # paid in January 2009


def test_only_villages_on_the_roster_are_paid_those_under_way_first() -> None:
    on, off = lived(programmes={KEY: {"budget": 10_000_000}}), lived()
    paid = np.flatnonzero(on.world.works.spent > off.world.works.spent)
    assert np.asarray(on.frame.villages.listed)[paid].all()
    assert off.world.works.plan_open[paid].all()  # 10 million do not even finish what is under way
    assert counts(on, KEY)["villages"] == counts(on, KEY)["villages_completed"] == paid.size
    batch = np.asarray(on.frame.villages.batch)
    waiting = np.setdiff1d(np.flatnonzero(off.world.works.plan_open), paid)
    assert waiting.size > 0
    assert batch[paid].max() < batch[waiting].min()  # in the order of the roster
    more = lived(programmes={KEY: {"budget": 30_000_000}})
    also = np.flatnonzero(more.world.works.spent > off.world.works.spent)
    assert set(paid) < set(also)
    begun = also[off.world.works.spent[also] == 0]
    assert begun.size == counts(more, KEY)["villages_begun"] > 10
    # The official rule: plans start in villages of old bases while there are any.
    assert np.asarray(on.frame.villages.old_base)[begun].all()


def test_plans_start_where_a_yuan_serves_most_registered_poor_with_error() -> None:
    """Behind the villages of old bases; a lottery would choose like the mean."""
    spent, budget = {}, {KEY: {"budget": 75_000_000}}
    off = lived()
    open_ = (off.world.works.spent == 0) & ~np.asarray(off.frame.villages.old_base)
    registered = off.world.last_december.village_registered / works.remote_factor(
        off.frame, off.values
    )
    for error in (0.0, 0.5, 5.0):
        on = lived(programmes=budget, parameters={"programmes.sight_error": error})
        begun = open_ & (on.world.works.spent > 0)
        assert 20 < begun.sum() < open_.sum() - 20
        spent[error] = registered[begun].mean() / registered[open_].mean()
    assert spent[0.0] > spent[0.5] > spent[5.0]
    assert spent[0.5] > 1.1 and spent[5.0] < 1.15


def test_money_of_2009_acts_in_2009() -> None:
    """Second instalments raised the target alone, and nothing came into use before 2010."""
    on, off = lived(programmes={KEY: {"budget": 60_000_000}}), lived()
    paid = on.world.works.spent > off.world.works.spent
    for begun in (off.world.works.spent[paid] > 0, off.world.works.spent[paid] == 0):
        assert begun.sum() > 30
        villages = np.flatnonzero(paid)[begun]
        rows = np.flatnonzero(np.isin(village_of(on), villages))
        rows = rows[on.households.rank_half[rows] > 0]
        gain = log_income_gain(on, off, rows).mean()
        index = (on.world.works.index - off.world.works.index)[villages].mean()
        whole = (on.world.works.target - off.world.works.target)[villages].mean()
        assert 0.05 < index / whole < 0.34  # paid over the year, built over three
        assert 0.2 * 0.075 * index < gain < 0.075 * index


def test_households_and_persons_reached_are_those_of_the_villages() -> None:
    on, off = lived(programmes={KEY: {"budget": 30_000_000}}), lived()
    paid = on.world.works.spent > off.world.works.spent
    assert counts(on, KEY)["households"] == np.diff(on.villages.offsets)[paid].sum()
    people = np.asarray(on.frame.villages.people)[paid].sum()
    assert counts(on, KEY)["persons"] == pytest.approx(people, rel=0.01)  # births and deaths
    each = on.values["programmes.advancement_plan"] / 2
    assert ledger_sum(on, KEY, "delivered") == paid.sum() * each


LOTTERY = {"budget": 42_500_000, "villages": 30, "counties": ["Dongguang", "Chicheng"]}


def test_the_documents_lottery_villages() -> None:
    """30 villages of two counties share 42.5 million: more than 1.4 million each (S28-S30)."""
    model = lived(programmes={KEY: {"budget": 60_000_000, "lottery": LOTTERY}})
    off = lived()
    got = model.world.works.spent - off.world.works.spent
    large = np.flatnonzero(got > 1_000_000)
    assert large.size == counts(model, KEY)["lottery_villages"] == 30
    names = np.array(model.frame.counties.name_en, object)[
        np.asarray(model.frame.villages.county)[large]
    ]
    assert sorted(names.tolist()) == ["Chicheng"] * 15 + ["Dongguang"] * 15
    lost = model.values["programmes.financial_loss"]
    assert got[large] / (1 - lost) == pytest.approx(42_500_000 / 30, abs=2)
    assert 42_500_000 / 30 > 1_400_000
    # three doses build less than three plans
    quality = np.asarray(model.world.works._quality)[large]
    reach = model.world.works.target[large] / quality
    reach *= np.sqrt(works.remote_factor(model.frame, model.values)[large])
    assert (reach < np.sqrt(4.5)).all()
    assert (reach > 1.6).all()


@pytest.mark.parametrize("budget", [42_500_000, 1_000_003, 7])
def test_money_for_the_lottery_villages_alone_reaches_them_all(budget: int) -> None:
    """Losses rounded to whole yuan must not leave the last village without its part."""
    part = {**LOTTERY, "budget": budget}
    model = lived(programmes={KEY: {"budget": budget, "lottery": part}})
    expected = 30 if budget > 30 else 0
    assert counts(model, KEY)["lottery_villages"] == expected
    out = ledger_sum(model, KEY, "delivered") + ledger_sum(model, KEY, "lost")
    assert budget - 60 <= out <= budget


def test_more_money_than_villages_is_unspent_to_the_yuan() -> None:

    budget = 10_000_000_000
    model = lived(programmes={KEY: {"budget": budget}})
    row = report(model, "central", 1).programmes[KEY]
    assert row["budget"] == budget == row["delivered"] + row["lost"] + row["unspent"]
    assert row["unspent"] > 0.9 * budget
    off = lived()
    due = ~off.world.works.plan_complete
    # Everybody got this year's part, and nobody a third one.
    assert ((model.world.works.spent > off.world.works.spent) == due).all()
    assert (model.world.works.plan_money < model.world.works.plan_cost + 2).all()
    index = programme(model, KEY).index
    assert PROGRAMME_KEYS.index(KEY) == index
    assert model.world.limits.unspent(index) == {Limit.NEED: row["unspent"]}
