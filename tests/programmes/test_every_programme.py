"""What holds for each of the programmes alike: absence, money, places, accounts, counties.

The world is that of `five_counties`, where every village stands for itself alone, so that rounding
to villages is as small as in the default sample. Two tests live the document's own plan in a thin
sample of the province.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from five_counties import THIN, begin, changed, counts, live, lived, plan, programme, village_of
from fupin.model import PovertyModel
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.world.start import Start, live_history
from reported import report
from sixteen import ALL, BANKS, CASES, CLAIMED, MILLION, every_programme, with_budget


def test_every_programme_has_a_case() -> None:
    assert tuple(CASES) == PROGRAMME_KEYS


def money(model: PovertyModel, key: str) -> dict[str, int]:
    """Yuan of a programme; what a village fund lends of its own is not the budget's."""
    index = programme(model, key).index
    columns = ("released", "received", "delivered", "lost", "returned", "principal")
    yuan = {column: int(model.ledger.totals(column)[index]) for column in columns}
    if key == "mutual_funds":
        yuan["delivered"] -= yuan["principal"]
    return yuan


def assert_same_bytes(one: PovertyModel, other: PovertyModel) -> None:
    """Households, villages, places, accounts and tables are the same to the byte."""
    assert not changed(one, other).any()
    assert one.place.tobytes() == other.place.tobytes()
    assert one.world.irrigation.tobytes() == other.world.irrigation.tobytes()
    for name in ("index", "target", "spent", "plan_money", "other", "help"):
        assert (
            getattr(one.world.works, name).tobytes() == getattr(other.world.works, name).tobytes()
        ), name
    for name in ("released", "received", "delivered", "lost", "returned", "closing", "principal"):
        assert getattr(one.ledger, name).tobytes() == getattr(other.ledger, name).tobytes(), name
    first, second = (report(m, "central", 1) for m in (one, other))
    assert first.outcomes == second.outcomes
    assert first.programmes == second.programmes


# -- absence ---------------------------------------------------------------------------------------


@every_programme
def test_no_money_is_absent_beside_all_others(key: str) -> None:
    """The others would notice; that the comparison can fail is shown by the last line."""
    rest = {k: v for k, v in ALL.items() if k != key}
    absent = live(plan(programmes=rest))
    assert key not in [p.key for p in absent.programmes]
    assert_same_bytes(absent, live(plan(programmes=rest | {key: {**ALL[key], "budget": 0}})))
    with pytest.raises(AssertionError):
        assert_same_bytes(absent, lived(programmes=ALL))


@every_programme
@pytest.mark.parametrize("off", ["off", False, {"budget": 0}, {"budget": {2009: 0}}])
def test_every_way_to_say_off_is_absent(key: str, off: Any) -> None:
    assert_same_bytes(lived(), live(plan(programmes={key: off})))


# -- money and places ------------------------------------------------------------------------------


@every_programme
def test_a_small_budget_is_spent_and_half_of_it_delivers_half(key: str) -> None:
    """What is left is less than a price in each county, or what December's applicants lack: 8%."""
    whole, half = (live(plan(programmes=with_budget(key, factor))) for factor in (1.0, 0.5))
    usual = CASES[key].settings["budget"]
    for model, budget in ((whole, usual), (half, usual // 2)):
        yuan = money(model, key)
        assert yuan["released"] == budget
        out = yuan["delivered"] + yuan["lost"]
        if key == CLAIMED:  # a claim is not spent: a share of it is realised
            assert 0.02 * budget < out < 0.5 * budget
        else:
            again = yuan["received"] if programme(model, key).revolving else 0
            assert 0.92 * budget <= out <= budget + again
    unit = CASES[key].unit
    assert counts(half, key)[unit] == pytest.approx(counts(whole, key)[unit] / 2, rel=0.08)


@every_programme
def test_places_bind_and_what_they_cannot_use_returns(key: str) -> None:
    """Three and six times the money, the same places: the same is begun, the rest is unspent.

    A bank's place is a file that it looks at for a month: where none of those who ask is fit to
    borrow, the place is lost.
    """
    case = CASES[key]
    fixed: dict[str, Any] = {"places_per_month": case.places}
    if key == "subsidised_loans":
        fixed["enterprise_share"] = 0  # enterprises take no place
    some, more = (
        live(plan(programmes=with_budget(key, factor, **fixed, **_more_projects(key, factor))))
        for factor in (3.0, 6.0)
    )
    most = case.places * case.months
    begun = [counts(model, key)[case.begun] for model in (some, more)]
    filled = 0.45 if key in BANKS else 0.8
    for number in begun:
        assert filled * most < number <= most
    # Places are shared by counties in proportion to their cash, in whole households or groups.
    assert begun[1] == pytest.approx(begun[0], rel=0.03)
    unspent = [report(m, "central", 1).programmes[key]["unspent"] for m in (some, more)]
    assert unspent[0] > 0
    added = 3 * case.settings["budget"]
    assert unspent[1] - unspent[0] == pytest.approx(added, rel=0.05)


SMALLEST = {"practical_training": 40, "microfinance": 5}
"""Places a month for one class and one group; otherwise a place is for one."""


@every_programme
def test_the_last_places_are_not_lost_in_rounding(key: str) -> None:
    """Two in the month for five counties: somebody gets them, though no county's part is whole."""
    few = {"places_per_month": 2 * SMALLEST.get(key, 1)}
    model = live(plan(programmes=with_budget(key, 1.0, **few)))
    begun = counts(model, key)[CASES[key].begun]
    assert SMALLEST.get(key, 1) <= begun <= few["places_per_month"] * 12
    if key not in BANKS:  # where nobody of those who ask is fit, the bank's place is lost
        assert begun > 0.7 * few["places_per_month"] * CASES[key].months


def _more_projects(key: str, factor: float) -> dict[str, Any]:
    """An enterprise's project takes one place whatever its size: more money is more projects."""
    return {"projects": round(80 * factor)} if key == CLAIMED else {}


# -- accounts --------------------------------------------------------------------------------------


@cache
def two_years() -> PovertyModel:
    """All programmes for two years; the accounts balance in every month of them."""
    model = begin(plan(end="2010-12", programmes={k: _every_month(v) for k, v in ALL.items()}))
    while model.running:
        model.step()
        assert model.ledger.imbalance() == 0
        for acting in model.programmes:
            assert min(acting.counts.values()) >= 0, acting.key
    return model


def _every_month(settings: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in settings.items() if k != "to"}


@every_programme
def test_every_yuan_of_two_years_is_accounted_for(key: str) -> None:
    """Opening + released + received = delivered + lost + returned + what is kept."""
    model = two_years()
    ledger, p = model.ledger, programme(model, key)
    for year in (0, 1):
        months = slice(12 * year, 12 * year + 12)
        flow = {
            column: getattr(ledger, column)[p.index, :, months].sum(axis=1)
            for column in ("released", "received", "delivered", "lost", "returned")
        }
        opening = ledger.opening[p.index, :, 12 * year]
        closing = ledger.closing[p.index, :, 12 * year + 11]
        money_in = opening + flow["released"] + flow["received"]
        assert (money_in == flow["delivered"] + flow["lost"] + flow["returned"] + closing).all()
        assert flow["released"].sum() == CASES[key].settings["budget"]
        if not p.revolving:
            assert not closing.any()
            assert not opening.any()
            gross = flow["delivered"] + flow["lost"]
            assert (gross <= flow["released"] + flow["received"]).all()
    for column in ("released", "received", "delivered", "lost", "returned", "closing"):
        assert getattr(ledger, column)[p.index].min() >= 0


@every_programme
def test_counts_of_two_years_are_numbers_that_can_be(key: str) -> None:
    """None is negative, and nobody reaches more than there are."""
    model = two_years()
    people = int(model.households.size.sum())
    for year in (2009, 2010):
        c = counts(model, key, year)
        assert all(isinstance(number, int) for number in c.values())
        assert min(c.values()) >= 0
        assert 0 <= c["households"] <= model.households.size.size
        assert 0 <= c["persons"] <= people
    assert counts(model, key)[CASES[key].unit] > 0


# -- counties --------------------------------------------------------------------------------------


@every_programme
def test_nobody_outside_the_counties_of_the_plan_is_served_or_changed(key: str) -> None:
    """Beside the same world with one yuan, in which the village funds of earlier years lend too."""
    where = {"counties": ["Pingquan"]}
    on, off = (
        live(plan(programmes=with_budget(key, factor, **where)))
        for factor in (0.15, 1 / CASES[key].settings["budget"])
    )
    row = list(on.frame.counties.name_en).index("Pingquan")
    ledger, twins = on.ledger, off.ledger
    index = programme(on, key).index
    elsewhere = np.arange(ledger.counties) != row
    budget = round(ALL[key]["budget"] * 0.15)
    assert ledger.released[index, row].sum() == ledger.released[index].sum() == budget
    for column in ("delivered", "lost", "returned", "received"):
        mine, theirs = (getattr(b, column)[index, elsewhere] for b in (ledger, twins))
        assert (mine == theirs).all(), column
    assert counts(on, key)[CASES[key].unit] > counts(off, key)[CASES[key].unit]
    outside = elsewhere[np.asarray(on.frame.villages.county)]
    assert not changed(on, off)[outside[village_of(on)]].any()
    for name in ("index", "spent", "other", "help"):
        assert (getattr(on.world.works, name) == getattr(off.world.works, name))[outside].all(), (
            name
        )
    assert (on.world.irrigation == off.world.irrigation)[outside].all()
    # Openness reaches nobody by itself: it speaks through other programmes.
    assert changed(on, off).any() == (key != "project_management")


# -- months ----------------------------------------------------------------------------------------


@every_programme
def test_from_october_nothing_happens_before_and_a_whole_year_is_released(key: str) -> None:
    settings = {k: v for k, v in CASES[key].settings.items() if k != "to"}
    late = {**settings, "budget": round(settings["budget"] * 0.15), "from": "2009-10"}
    on, off = (
        begin(plan(programmes={key: late | {"budget": budget}})) for budget in (late["budget"], 1)
    )
    for month in range(1, 10):
        on.step()
        off.step()
        assert not changed(on, off).any(), month
    assert not on.ledger.released[:, :, :9].any()
    while on.running:
        on.step()
    released = on.ledger.released[programme(on, key).index].sum(axis=0)
    assert released.sum() == late["budget"]
    # Money of a queue comes with the turn of a village; two are too few for three months.
    assert (released[9:] > 0).all() or key == "integrated_funds"


# -- the document's plan ---------------------------------------------------------------------------


@cache
def _history() -> Start:
    return live_history(document(), 1, sample=THIN)


def document() -> Scenario:
    """The document's plan of 2009."""
    return load_scenario("fupin:2009-document")


@cache
def year_of_the_document(without: str | None = None) -> PovertyModel:
    """The document's plan lived in a thin sample, whole or without one programme."""
    scenario = document()
    if without is not None:
        off = {without: type(scenario.programmes.of(without))(budget=0)}
        scenario = scenario.model_copy(
            update={"programmes": scenario.programmes.model_copy(update=off)}
        )
    model = PovertyModel(scenario, rng=1, start=_history().copy())
    while model.running:
        model.step()
    return model


@every_programme
def test_one_programme_off_leaves_the_others_their_money(key: str) -> None:
    """To the yuan, in every county and month."""
    whole, without = year_of_the_document(), year_of_the_document(key)
    index = PROGRAMME_KEYS.index(key)
    assert whole.ledger.released[index].sum() == document().programmes.of(key).budget_in(2009)
    assert not without.ledger.released[index].any()
    others = np.arange(len(PROGRAMME_KEYS)) != index
    assert (whole.ledger.released[others] == without.ledger.released[others]).all()
    stays = key == "mutual_funds"  # funds of earlier years are part of the province
    goes = document().programmes.of(key).active and not stays
    assert len(without.programmes) == len(whole.programmes) - goes


@every_programme
def test_prefectures_narrow_and_never_widen_who_is_served(key: str) -> None:
    """`prefectures` alone keeps those of the programme's own counties that lie there."""
    settings = {k: v for k, v in CASES[key].settings.items() if k != "counties"}
    own = programme(begin(plan(programmes={key: settings})), key).serves
    prefectures = ["Handan", "Zhangjiakou"]
    model = begin(plan(programmes={key: settings | {"prefectures": prefectures}}))
    here = np.isin(np.array(model.frame.counties.prefecture_en), prefectures)
    assert (programme(model, key).serves == own & here).all()


@pytest.mark.parametrize("key", [*BANKS, CLAIMED])
def test_a_unit_cost_without_a_use_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no cost of a unit"):
        plan(programmes={key: {"budget": MILLION, "unit_cost": 5}})
