"""Twins, household by household: a programme changes what it causes and nothing else.

Every comparison is of bytes, in a world where each village stands for itself alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from five_counties import (
    FOUR,
    THIN,
    begin,
    changed,
    counts,
    differs,
    live,
    lived,
    plan,
    programme,
    reached,
    village_of,
)
from fupin.files.to_json import to_json
from fupin.lives.summary import summarise
from fupin.model import PovertyModel
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.state.households import Households
from reported import report

LEDGER = ("released", "received", "delivered", "lost", "returned", "closing", "defaults_borne")


def summary(model: PovertyModel) -> str:
    """The text of `summary.json` of a run by itself."""
    return to_json(summarise([report(model, "central", model.run_seed)], PROGRAMME_KEYS))


def assert_same(one: PovertyModel, other: PovertyModel) -> None:
    """Summary, households and accounts are the same to the byte."""
    for name in Households._fields:
        assert not differs(one, other, name).any(), name
    assert summary(one) == summary(other)
    assert (one.place == other.place).all()
    assert one.world.works.index.tobytes() == other.world.works.index.tobytes()
    for column in LEDGER:
        assert (getattr(one.ledger, column) == getattr(other.ledger, column)).all()


# -- off -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", FOUR)
@pytest.mark.parametrize("off", ["off", False, {"budget": 0}, {"budget": {2009: 0}}])
def test_no_money_is_off_is_absent(key: str, off: Any) -> None:
    """Beside the three other programmes, which would notice."""
    rest = {k: v for k, v in FOUR.items() if k != key}
    assert_same(lived(programmes=rest), lived(programmes=rest | {key: off}))


def test_a_plan_without_programmes_says_the_same_in_every_way() -> None:
    nothing = lived()
    assert nothing.programmes == ()
    for off in ("off", False, {"budget": 0}):
        assert_same(nothing, lived(programmes=dict.fromkeys(FOUR, off)))
    assert nothing.ledger.delivered.sum() == 0
    assert (nothing.households.reached == 0).all()
    assert (nothing.households.gain == 0).all()
    assert (nothing.place == village_of(nothing)).all()


def test_off_differs_from_on() -> None:
    """The comparison above could fail: each of the four programmes leaves marks."""
    everything = lived(programmes=FOUR)
    for key in FOUR:
        without = lived(programmes={k: v for k, v in FOUR.items() if k != key})
        assert changed(everything, without).sum() > 300, key
        assert summary(everything) != summary(without), key


def test_a_programme_that_starts_in_october_changes_nothing_before() -> None:
    late = {k: {**v, "from": "2009-10"} for k, v in FOUR.items()}
    on, off = begin(plan(programmes=late)), begin(plan())
    for month in range(1, 13):
        on.step()
        off.step()
        assert changed(on, off).any() == (month >= 10), month


# -- chance ----------------------------------------------------------------------------------------


def test_a_run_can_be_repeated() -> None:
    one, other = (live(plan(end="2010-12", programmes=FOUR)) for _ in range(2))
    assert_same(one, other)


def test_seeds_differ_in_luck_and_share_their_frame() -> None:
    one, other = lived(1), lived(2)
    h, o = one.households, other.households
    assert (differs(one, other, "persistent")).mean() > 0.99
    assert (h.income != o.income).mean() > 0.99
    for name in ("schooling", "frail"):
        assert not differs(one, other, name).any()
    assert summary(one) != summary(other)
    # luck is luck: as many poor within a few standard deviations
    poor = [m.measured[2009].income_poor for m in (one, other)]
    assert abs(poor[0] - poor[1]) < 0.05 * poor[0]


def test_other_programmes_do_not_touch_a_programmes_luck() -> None:
    """Who is trained is the same with and without the others."""
    alone = lived(programmes={"skills_training": FOUR["skills_training"]})
    among = lived(programmes=FOUR)
    assert (reached(alone, "skills_training") == reached(among, "skills_training")).all()
    for key in ("relocation", "microfinance"):
        one = lived(programmes={key: FOUR[key]})
        assert (reached(one, key) == reached(among, key)).all(), key


# -- one programme at a time -----------------------------------------------------------------------


def lockstep(
    on: PovertyModel, off: PovertyModel, earlier: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Live both; households that ever differed, and those whose migrants ever did.

    With `earlier` also those who differed when they moved: peers make it likelier to leave, and so
    let somebody leave earlier in the same month.
    """
    ever, moved = (np.zeros(on.households.size.size, bool) for _ in range(2))
    while on.running:
        before = on.households.migrants.copy()
        on.step()
        off.step()
        ever |= changed(on, off)
        moved |= differs(on, off, "migrants")
        if earlier:
            also = changed(on, off, ("reached", "served"))
            moved |= also & (on.households.migrants != before)
    return ever, moved


@pytest.mark.parametrize("budget", [300_000, 5_000_000])
def test_training_changes_trainees_and_whom_they_draw_away(budget: int) -> None:
    """No trainee, no migrant peer who changed, no other programme: not a byte differs."""
    on = begin(plan(programmes={"skills_training": {"budget": budget}}))
    off = begin(plan())
    ever, moved = lockstep(on, off, earlier=True)
    trainees = np.zeros(ever.size, bool)
    trainees[reached(on, "skills_training")] = True
    village = village_of(on)
    with_trainees = np.bincount(village, weights=trainees) > 0
    assert with_trainees.any()
    assert not ever[~with_trainees[village]].any()  # untouched villages, every column, every month
    assert (ever <= (trainees | moved)).all()
    assert ever[trainees].all()
    peers = moved & ~trainees
    if budget > 1_000_000:
        assert peers.any()
    # A peer has moved only where somebody was placed anew; who was placed may be back by the time
    # that months are compared.
    placed_new = np.bincount(village, weights=trainees & moved) > 0
    assert peers.sum() == 0 or placed_new[village[peers]].mean() > 0.95
    assert with_trainees[village[peers]].all()


def test_less_training_changes_only_who_has_or_loses_a_place() -> None:
    """Competition: half the money, the same people first; twins differ in the others and peers."""
    whole = begin(plan(programmes={"skills_training": {"budget": 4_000_000}}))
    half = begin(plan(programmes={"skills_training": {"budget": 2_000_000}}))
    ever, moved = lockstep(whole, half, earlier=True)
    rows = [reached(m, "skills_training") for m in (whole, half)]
    assert rows[1].size < 0.6 * rows[0].size
    trainees = np.zeros(ever.size, bool)
    trainees[np.concatenate(rows)] = True
    assert (ever <= (trainees | moved)).all()


def test_relocation_changes_movers_alone() -> None:
    on, off = begin(plan(programmes={"relocation": FOUR["relocation"]})), begin(plan())
    ever, moved = lockstep(on, off)
    assert (np.flatnonzero(ever) == reached(on, "relocation")).all()
    assert not moved.any()  # a community is in the county: nobody leaves it for a job
    may = {"gain", "flow", "earned", "income", "reserve", "assets", "registered", "listed_month"}
    may |= {"served", "reached"}
    for name in set(Households._fields) - may:
        assert not differs(on, off, name).any(), name


def test_microfinance_changes_borrowers_alone() -> None:
    on, off = begin(plan(programmes={"microfinance": FOUR["microfinance"]})), begin(plan())
    ever, moved = lockstep(on, off)
    assert (np.flatnonzero(ever) == reached(on, "microfinance")).all()
    assert not moved.any()
    may = {"flow", "earned", "income", "reserve", "assets", "registered", "listed_month"}
    may |= {"served", "reached"}
    for name in set(Households._fields) - may:
        assert not differs(on, off, name).any(), name


def test_village_advancement_changes_paid_villages_alone() -> None:
    on = begin(plan(programmes={"village_advancement": FOUR["village_advancement"]}))
    off = begin(plan())
    ever, moved = lockstep(on, off)
    paid = on.world.works.spent > off.world.works.spent
    assert paid.sum() == counts(on, "village_advancement")["villages"] > 50
    assert not ever[~paid[village_of(on)]].any()
    rises = on.world.works.index > off.world.works.index
    assert (rises <= paid).all()
    assert ever[rises[village_of(on)]].mean() > 0.99
    assert not moved.any()
    may = {"earned", "income", "reserve", "assets", "registered", "listed_month"}
    for name in set(Households._fields) - may:
        assert not differs(on, off, name).any(), name


def test_recognition_changes_the_register_alone() -> None:
    on, off = lived(programmes=FOUR), lived(programmes=FOUR, recognition=False)
    served = on.households.served != 0
    for name in set(Households._fields) - {"registered", "listed_month"}:
        assert not differs(on, off, name).any(), name
    assert differs(on, off, "registered").any()
    assert not differs(on, off, "registered")[~served].any()
    nobody = lived(), lived(recognition=False)
    assert not changed(*nobody).any()  # without programmes nobody is served
    # it lifts: the served who are no longer poor are looked at more often
    left = [m.households.registered[served].sum() for m in (on, off)]
    assert left[0] < left[1]


# -- samples ---------------------------------------------------------------------------------------

THE_SAME = (
    "size", "labour", "elderly", "children", "schooling", "migrants", "frail", "rank_half",
    "endowment", "bias", "persistent", "gain", "base", "served", "reached",
)  # fmt: skip
"""Columns in which a village's households are the same in every sample, after all of history."""
NEARLY = {"third": 0.015, "hit": 0.01, "registered": 0.02, "listed_month": 0.05}
"""Largest share of households that may differ: edges of thirds, mean water supply, yearly levels
of income come from the sample's own province. Money columns differ a little where these do."""


def test_a_villages_households_are_the_same_in_two_samples() -> None:
    thin, thinner = (PovertyModel(plan(), sample=s) for s in (0.03, THIN))
    five = begin(plan())
    shared = 0
    for one, other in ((thin, five), (thinner, five), (thin, thinner)):
        common = np.intersect1d(one.villages.id, other.villages.id)
        rows = [np.flatnonzero(np.isin(m.villages.id, common)[village_of(m)]) for m in (one, other)]
        assert rows[0].size == rows[1].size
        if not common.size:
            continue
        shared += common.size
        for name in THE_SAME:
            a, b = (getattr(m.households, name)[r] for m, r in zip((one, other), rows, strict=True))
            assert a.tobytes() == b.tobytes(), name
        for name, most in NEARLY.items():
            a, b = (getattr(m.households, name)[r] for m, r in zip((one, other), rows, strict=True))
            assert (a != b).mean() < most, name
        income = [
            m.households.income[r].astype(float) for m, r in zip((one, other), rows, strict=True)
        ]
        # The sample's own level for what is earned at home, and nothing else for most; what
        # migrants send is the same yuan, also of those who have come home within the year.
        level = one.world.levels[2008] / other.world.levels[2008]
        off = np.abs(income[0] / income[1] / level - 1)
        at_home = one.households.wages[rows[0]] == 0
        assert (off[at_home] < 1e-4).mean() > 0.8
        assert (off < abs(level - 1) + 1e-4).mean() > 0.95
        assert level == pytest.approx(1, abs=0.02)
    assert shared > 30


def test_a_thinner_sample_asks_the_same_people_first() -> None:
    """Keyed noise: of a village that two samples share, the same households are trained."""
    training = {"skills_training": {"budget": 400_000_000, "places_per_month": 1_000_000}}
    thin = PovertyModel(plan(programmes=training), sample=THIN)
    five = begin(plan(programmes=training))
    thin.step()
    five.step()
    common = np.intersect1d(thin.villages.id, five.villages.id)
    chosen = []
    for village in common:
        numbers = []
        for m in (thin, five):
            v = int(np.searchsorted(m.villages.id, village))
            first = m.villages.offsets[v]
            trained = programme(m, "skills_training").trainees
            inside = (trained >= first) & (trained < m.villages.offsets[v + 1])
            numbers.append(trained[inside] - first)
        n = min(len(part) for part in numbers)
        # best first: how many are chosen is the county's money, who comes first is not
        chosen.append(np.equal(numbers[0][:n], numbers[1][:n]))
    same = np.concatenate(chosen)
    assert same.size > 20
    assert same.mean() > 0.95  # a few are on the register in one sample only


def test_a_households_luck_with_a_programme_is_the_same_in_two_samples() -> None:
    """Consent, drop-out and offers go by permanent ids, never by rows."""
    plans = plan(programmes=FOUR)
    models = PovertyModel(plans, sample=THIN), begin(plans)
    common = np.intersect1d(*(m.villages.id for m in models))
    assert common.size > 3
    drawn = []
    for m in models:
        rows = np.flatnonzero(np.isin(m.villages.id, common)[village_of(m)])
        drawn.append([programme(m, key).uniforms("luck", rows) for key in FOUR])
    for one, other in zip(*drawn, strict=True):
        assert (one == other).all()
        assert np.unique(one).size > 0.99 * one.size  # and everybody has a luck of their own
    assert (drawn[0][0] != drawn[0][1]).mean() > 0.99  # as every programme has
