"""Displacement: other public money leaves paid villages, in whole yuan and through works alone."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from five_counties import FOUR, begin, changed, counts, differs, five_counties, lived, plan
from five_counties import programme as programme_of
from fupin import paths
from fupin.comparison.contest import require_twins
from fupin.parameters.book import load_book
from fupin.state import works
from fupin.state.displacement import Displacement
from fupin.state.households import Households
from hypothesis import given, settings
from hypothesis import strategies as st

VALUES = load_book().values()
ON = {"displacement": True}
WORKS = {
    "village_advancement": {"budget": 60_000_000},
    "rural_works": {"budget": 20_000_000},
    "integrated_funds": {"budget": 6_000_000, "counties": ["Daming"]},
    "paired_assistance": {"budget": 20_000_000},
}
HOUSEHOLDS = {
    "household_projects": {"budget": 20_000_000},
    "skills_training": {"budget": 5_000_000},
    "microfinance": {"budget": 8_000_000},
    "minimum_living": {"budget": 1_000_000},
}


def made_up(county: list[int], weight: list[int], **values: float) -> Displacement:
    """Villages in which a yuan builds a millionth, over ten months, by chosen parameters."""
    given = {"share": 0.3, "to_other_villages": 0.5, "match_from_others": 0.5}
    given |= {"ordinary_works": 100_000} | values
    villages = SimpleNamespace(county=np.array(county), weight=np.array(weight))
    frame = SimpleNamespace(villages=villages, counties=SimpleNamespace(code=np.arange(3)))
    return Displacement(
        frame,  # type: ignore[arg-type]
        {f"displacement.{name}": value for name, value in given.items()},
        np.full(len(county), 1e-6), 10.0,
    )  # fmt: skip


def yuan(*amounts: float) -> np.ndarray:
    return np.array(amounts, np.float64)


def test_what_leaves_and_where_it_goes_by_hand() -> None:
    """A village that stands for two is paid; four others in its county, one of them for three."""
    state = made_up([0, 0, 0, 1], [2, 1, 3, 1])
    moved = state.draw_away(np.array([0]), yuan(200_000), yuan(8_000))
    # 2 x 60,000 leave; half of it, 60,000, is shared by four villages; so are 2 x 4,000 of match.
    assert moved == (120_000, 60_000, 8_000)
    assert state.lost.tolist() == [60_000, 2_000, 2_000, 0]
    assert state.gained.tolist() == [0, 15_000, 15_000, 0]
    again = state.draw_away(np.array([0, 1]), yuan(200_000, 10_000), yuan(0, 0))
    # The first has 40,000 left of its ordinary works; the second, now served, gets nothing more.
    assert again == (2 * 40_000 + 3_000, 41_499, 0)
    assert state.lost.tolist() == [100_000, 5_000, 2_000, 0]
    assert state.gained.tolist() == [0, 15_000, 15_000 + 13_833, 0]
    state.open_year()
    assert state.draw_away(np.array([0]), yuan(10_000), yuan(0)).withdrawn == 6_000


def test_works_missing_and_elsewhere_come_into_use_and_wear_off() -> None:
    state = made_up([0, 0], [1, 1])
    state.draw_away(np.array([0]), yuan(200_000), yuan(0))
    course = []
    for _ in range(22):
        state.build_up(0.12)
        course.append(state.index.copy())
    assert course[0] == pytest.approx([-0.006, 0.003])
    assert course[9] == pytest.approx([-0.06, 0.03])
    assert course[21] == pytest.approx(np.array([-0.06, 0.03]) * 0.99**12)


@st.composite
def payments(draw):
    villages = draw(st.integers(2, 12))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    names = ("share", "to_other_villages", "match_from_others")
    values = {name: draw(st.floats(0, 1)) for name in names}
    state = made_up(
        sorted(rng.integers(0, 3, villages)), rng.integers(1, 12, villages),
        ordinary_works=draw(st.integers(0, 200_000)), **values,
    )  # fmt: skip
    calls = []
    for _ in range(draw(st.integers(1, 5))):
        rows = np.flatnonzero(rng.random(villages) < 0.4)
        calls.append((rows, rng.integers(0, 500_000, rows.size).astype(float)))
    return state, values, calls


@given(case=payments(), match=st.floats(0, 3))
@settings(max_examples=60, deadline=None)
def test_whole_yuan_and_no_more_than_is_there(case, match):
    state, values, calls = case
    paid, withdrawn, passed_on, taken = 0.0, 0, 0, 0
    for rows, amounts in calls:
        moved = state.draw_away(rows, amounts, match * amounts)
        paid += float(state._weight[rows] @ amounts)
        withdrawn, passed_on = withdrawn + moved.withdrawn, passed_on + moved.passed_on
        taken += moved.from_neighbours
    assert (state.lost == np.rint(state.lost)).all() and (
        state.gained == np.rint(state.gained)
    ).all()
    assert state._weight @ state.lost == withdrawn + taken
    assert state._weight @ state.gained == passed_on
    assert (state.lost >= 0).all() and (state.lost <= state._ordinary).all()  # within one year
    rounding = 0.5 * state._weight.sum() * len(calls)
    assert withdrawn <= values["share"] * paid + rounding
    assert passed_on <= values["to_other_villages"] * withdrawn + 1e-6
    assert taken <= values["match_from_others"] * match * paid + 1e-6


# -- in a province ---------------------------------------------------------------------------------


def test_off_is_absent_and_money_that_is_not_there_displaces_nothing() -> None:
    """Without a plan's money the form changes no byte of any household, nor of history."""
    nothing = lived(end="2010-12")
    zero = {key: {"budget": 0} for key in WORKS}
    for keys in (ON, ON | {"programmes": zero}):
        other = lived(end="2010-12", **keys)
        assert not changed(nothing, other).any()
        assert other.world.works.displacement.lost.sum() == 0
    assert lived(programmes=FOUR).world.works.displacement is None
    assert not changed(lived(programmes=FOUR), lived(programmes=FOUR, displacement=False)).any()
    no_share = {"parameters": {"displacement.share": 0, "displacement.match_from_others": 0}}
    same = lived(programmes=FOUR, **ON, **no_share)
    assert not changed(lived(programmes=FOUR), same).any()


def test_money_for_households_displaces_nothing() -> None:
    on, off = lived(programmes=HOUSEHOLDS, **ON), lived(programmes=HOUSEHOLDS)
    assert not changed(on, off).any()
    assert on.ledger.delivered.sum() > 10_000_000


@pytest.mark.parametrize("key", WORKS)
def test_every_programme_that_pays_for_works_draws_money_away(key: str) -> None:
    """The kind of fault: one way to pay for works that displacement does not see."""
    on, off = (lived(programmes={key: WORKS[key]}, **k) for k in (ON, {}))
    state = on.world.works.displacement
    paid = on.world.works.spent > off.world.works.spent - 1
    counted = counts(on, key)
    weight = on.villages.weight
    delivered = int(on.ledger.delivered[programme_of(on, key).index].sum())
    assert 0 < counted["withdrawn_yuan"] <= 0.3 * delivered + weight.sum()
    assert counted["withdrawn_yuan"] > 0.05 * delivered
    assert weight @ state.lost == counted["withdrawn_yuan"] + counted["from_neighbours_yuan"]
    assert weight @ state.gained == counted["passed_on_yuan"] > 0
    assert (counted["from_neighbours_yuan"] > 0) == (key == "rural_works")
    assert paid.any()
    # the books of the programme are the same: it is other money
    for name in ("released", "delivered", "lost", "returned"):
        assert (getattr(on.ledger, name) == getattr(off.ledger, name)).all()
    without = {k: v for k, v in counted.items() if not k.endswith(("withdrawn_yuan", "_on_yuan"))}
    without.pop("from_neighbours_yuan")
    assert without == counts(off, key)
    assert not any(k in counts(off, key) for k in ("withdrawn_yuan", "passed_on_yuan"))


def test_incomes_follow_works_and_nothing_else_does() -> None:
    """Paid villages gain less, others of the county a little; no household is written to."""
    keys = {"end": "2011-12", "programmes": {"village_advancement": {"budget": {
        2009: 60_000_000, 2010: 0, 2011: 0}}}}  # fmt: skip
    on, off, none = lived(**keys, **ON), lived(**keys), lived(end="2011-12")
    village = np.repeat(np.arange(on.villages.id.size), np.diff(on.villages.offsets))
    paid = off.world.works.spent > none.world.works.spent
    county = np.asarray(on.frame.villages.county)
    served = np.isin(county, county[paid])
    better = (on.households.rank_half > 0) & (on.households.hit == 0)
    moved = np.log(on.households.income / off.households.income.astype(np.float64))
    assert moved[paid[village] & better].mean() < -0.002
    assert moved[(~paid & served)[village] & better].mean() > 0.0002
    gained = np.log(off.households.income / none.households.income.astype(np.float64))
    here = paid[village] & better
    assert 0.1 < -moved[here].mean() / gained[here].mean() < 0.4  # a share of what the plan brings
    # what works do follows from the index, village by village
    index = on.world.works.displacement.index
    assert index[paid].max() < 0 < index[~paid & served].min()
    rich, poor = works.log_gains(on.world.works.index + index, VALUES)
    assert on.world.works.gains()[0] == pytest.approx(rich, abs=1e-7)
    assert on.world.works.gains()[1] == pytest.approx(poor, abs=1e-7)
    assert on.world.works.index.tobytes() == off.world.works.index.tobytes()
    may = {"earned", "income", "reserve", "assets", "registered", "listed_month", "base", "flow",
           "plan"}  # fmt: skip
    for name in set(Households._fields) - may:
        assert not differs(on, off, name).any(), name


def test_twins_stay_twins_household_by_household() -> None:
    """Household programmes beside are the same to the byte where no works money has passed."""
    beside = {"skills_training": FOUR["skills_training"], "microfinance": FOUR["microfinance"]}
    one = {"integrated_funds": WORKS["integrated_funds"]}
    on, off = begin(plan(programmes=beside | one, **ON)), begin(plan(programmes=beside))
    while on.running:
        on.step()
        off.step()
    village = np.repeat(np.arange(on.villages.id.size), np.diff(on.villages.offsets))
    daming = (
        np.asarray(on.frame.villages.county)
        == np.asarray(on.frame.villages.county)[np.flatnonzero(on.world.works.displacement.lost)[0]]
    )
    assert not changed(on, off)[~daming[village]].any()
    assert changed(on, off)[daming[village]].any()
    require_twins(plan(programmes=one), plan(programmes=one, **ON))  # from one start
    again = lived(programmes=beside | one, **ON)
    assert not changed(on, again).any()


def test_what_a_yuan_builds_is_that_of_the_reference_dose() -> None:
    state = works.VillageWorks(five_counties(), VALUES, 2008, displaces=True)
    assert state.displacement is not None
    dose = VALUES["programmes.advancement_dose"] * works.remote_factor(five_counties(), VALUES)
    built = state.displacement._built_by_a_yuan * dose
    assert built == pytest.approx(works.governance_quality(five_counties(), VALUES))


def test_no_programme_pays_for_works_unseen() -> None:
    """The kind of fault: a new way to build works in villages that draws nothing away."""
    folder = paths.PACKAGE / "programmes"
    pay = {file.stem: file.read_text("utf-8").count("works.spend(") for file in folder.glob("*.py")}
    pay["rural_works"] = 1  # which builds units of its own and not the works index
    assert {name for name, times in pay.items() if times} == set(WORKS)
    for name in WORKS:
        text = (folder / f"{name}.py").read_text("utf-8")
        assert text.count("draw_away(self") == pay[name], name
