"""Skills training against twins: jobs that are new, wages that are better, places that run out."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from five_counties import (
    begin,
    counts,
    differs,
    level_of,
    lived,
    plan,
    programme,
    reached,
    yuan_a_year,
)

KEY = "skills_training"
EARLY = {KEY: {"budget": 10_000_000, "to": "2009-07"}}
FAIR = {
    "programmes.training_registered_odds": 1.0,
    "programmes.training_schooling_odds": 1.0,
    "programmes.training_insider_odds": 1.0,
    "programmes.elite_capture_odds": 1.0,
}


def placed_anew(on, off):
    """Households with one migrant more than in the twin, nobody born or lost in either."""
    h, rows = on.households, reached(on, KEY)
    more = h.migrants[rows].astype(int) - off.households.migrants[rows]
    rows = rows[(more == 1) & ~np.isin(rows, programme(on, KEY).better_paid.rows)]
    born = start().households
    same = [(x.size[rows] == born.size[rows]) & (x.labour[rows] == born.labour[rows])
            for x in (h, off.households)]  # fmt: skip
    return rows[same[0] & same[1]]


def start():
    """The five counties before the first month."""
    return begin(plan())


def test_the_additionally_placed_gain_what_a_migrant_sends_less_what_the_home_forgoes() -> None:
    """In yuan: much at the bottom, 8.5 to 13.1% at the mean (Du, Park & Wang 2005)."""
    on, off = lived(programmes=EARLY), lived()
    new = placed_anew(on, off)
    assert new.size > 300
    h, values = on.households, on.values
    sent = (h.wages[new].astype(float) - off.households.wages[new]) * h.base[new] * h.size[new]
    year = values["livelihood.migrant_months"] * values["livelihood.migrant_wage"]
    remitted = year * values["livelihood.migrant_remitted"]
    usual = np.percentile(sent * level_of(on), [2, 98])  # a birth and a death may fall in between
    assert usual == pytest.approx(remitted, rel=1e-3)
    before = off.households.migrants[new].astype(float)
    workers, forgone = h.labour[new].astype(float), values["livelihood.home_forgone"]
    left = (workers - forgone * (before + 1)) / (workers - forgone * before)
    home = h.flow[new] / off.households.flow[new] / left
    assert np.percentile(home, [2, 98]) == pytest.approx(1, rel=1e-3)
    income, gain = yuan_a_year(off, new), yuan_a_year(on, new) - yuan_a_year(off, new)
    poor = income <= 6_000
    assert poor.sum() > 20 and gain[poor].min() > 2_500
    # Yuan of the year: a job of a few months is a part of it, and never a share of the poverty.
    lived_yuan = (h.income[new].astype(float) - off.households.income[new]) * h.size[new]
    assert 0.2 < lived_yuan.mean() / gain.mean() < 0.8
    assert lived_yuan[poor].mean() > 0.8 * lived_yuan.mean()


def test_a_part_of_the_placements_is_additional() -> None:
    """Nobody sets this share: 2 to 60% by the literature, and it moves with who applies."""
    shares = []
    for odds in (3.0, 12.0, 30.0):
        keys = {"parameters": {"programmes.training_insider_odds": odds}}
        on, off = lived(programmes=EARLY, **keys), lived(**keys)
        extra = on.households.migrants.astype(int) - off.households.migrants
        additional = int((extra[reached(on, KEY)] > 0).sum())
        shares.append(additional / counts(on, KEY)["placed"])
    assert 0.6 > shares[0] > shares[1] > shares[2] > 0.02
    placed = counts(on, KEY)
    assert placed["placed"] == placed["placed_with_job"] + placed["placed_new"]


def test_peers_of_the_placed_leave_too() -> None:
    """More of a village away, more leave: the programme's jobs are not all of its effect."""
    plenty = {KEY: {"budget": 30_000_000, "to": "2009-07"}}
    on, off = lived(programmes=plenty), lived()
    extra = on.households.migrants.astype(int) - off.households.migrants
    others = np.ones(extra.size, bool)
    others[reached(on, KEY)] = False
    assert extra[others].sum() > 20
    alone = {"livelihood.peer_effect": 0.0}
    on, off = lived(programmes=plenty, parameters=alone), lived(parameters=alone)
    extra = on.households.migrants.astype(int) - off.households.migrants
    others[:] = True
    others[reached(on, KEY)] = False
    assert (extra[others] == 0).all()


def test_insiders_get_the_premium_on_what_one_migrant_sends() -> None:
    """6% of it in yuan, the same for rich and poor."""
    on, off = lived(programmes=EARLY), lived()
    rows = programme(on, KEY).better_paid.rows
    assert np.unique(rows).size == rows.size
    away = on.households.migrants[rows] > 0
    assert away.mean() > 0.97  # the others came home in December, and lose it in January
    born = start().households.size[rows] == on.households.size[rows]
    rows = rows[away & born & ~differs(on, off, "migrants")[rows]]
    assert rows.size > 1_000
    gain = yuan_a_year(on, rows) - yuan_a_year(off, rows)
    premium = on.values["programmes.training_premium"] * on.world.core.remitted(2009)
    assert np.percentile(gain, [2, 98]) == pytest.approx(premium, rel=0.01)
    assert 200 < premium < 400


def test_an_additional_job_lasts_until_the_migrant_returns() -> None:
    """Nothing else ends it: of those placed anew, as many are still more as have not returned.

    Both worlds' migrants return at the same hazard, and those who stayed at home in the twin may
    leave by themselves; so the lead shrinks at least as fast as migrants return.
    """
    once = {KEY: {"budget": {2009: 10_000_000, 2010: 0, 2011: 0}, "to": "2009-07"}}
    alone = {"livelihood.peer_effect": 0.0}
    on, off = (
        begin(plan(end="2011-12", programmes=programmes, parameters=alone))
        for programmes in (once, {})
    )
    lead = []
    while on.running:
        on.step()
        off.step()
        extra = on.households.migrants.astype(int) - off.households.migrants
        if on.today % 12 == 11:
            lead.append(int(extra[reached(on, KEY)].sum()))
    hazard = on.values["livelihood.migrant_return"]
    assert lead[0] > 300
    for before, after in itertools.pairwise(lead):
        assert 0.5 * (1 - hazard) < after / before < 1 - hazard + 0.05


def test_the_premium_is_there_again_in_january_and_ends_when_nobody_is_away() -> None:
    two_years = {KEY: {"budget": {2009: 10_000_000, 2010: 0}, "to": "2009-07"}}
    on, off = begin(plan(end="2010-12", programmes=two_years)), begin(plan(end="2010-12"))
    most = 0
    while on.running:
        on.step()
        off.step()
        better = programme(on, KEY).better_paid.rows
        most = max(most, better.size)
        h, twin = on.households, off.households
        if better.size > 100:  # who came home in this very month is still there
            assert (h.migrants[better] == 0).mean() < 0.1
        alike = ~differs(on, off, "migrants")
        paid = np.flatnonzero(alike & (h.wages > twin.wages + 1e-6))
        due = better[alike[better] & (h.migrants[better] > 0)]
        assert np.isin(due, paid).all()
        if on.today == 2010 * 12 + 1:  # the first month of 2010 is over, and nobody else is paid
            assert np.setdiff1d(paid, better).size <= 2  # who moved twice, with a birth between
    assert most > 3_000
    assert 0.4 * most < better.size < 0.9 * most  # a quarter of migrants return in a year


def test_courses_take_their_time_and_some_drop_out() -> None:
    model = begin(plan(programmes=EARLY))
    months = round(model.values["programmes.training_course_months"])
    for month in range(1, 13):
        model.step()
        c = programme(model, KEY).counts
        assert (
            c["enrolled"] == c["trained"] + c["dropped_out"] + programme(model, KEY).trainees.size
        )
        assert (c["trained"] > 0) == (month > months)
    c = counts(model, KEY)
    assert c["enrolled"] == c["trained"] + c["dropped_out"] > 4_000
    p = model.values["programmes.training_drop_out"]
    sd = math.sqrt(p * (1 - p) / c["enrolled"])
    assert abs(c["dropped_out"] / c["enrolled"] - p) < 4 * sd
    # nobody is trained twice
    assert reached(model, KEY).size == c["enrolled"]


def test_offers_come_by_their_chance_month_by_month() -> None:
    only_january = {KEY: {"budget": 4_000_000, "to": "2009-01", "jobs_per_month": 100_000}}
    model = begin(plan(programmes=only_january))
    p = model.values["programmes.training_offer_probability"]
    rates = []
    for _ in range(8):
        before = programme(model, KEY).seekers.size
        placed, trained = (programme(model, KEY).counts.get(k, 0) for k in ("placed", "trained"))
        model.step()
        c = programme(model, KEY).counts
        waiting = before + c["trained"] - trained
        if waiting > 30:
            rates.append(((c["placed"] - placed) / waiting, waiting))
    assert len(rates) >= 3
    for rate, n in rates:
        assert abs(rate - p) < 4 * math.sqrt(p * (1 - p) / n)


def test_more_trainees_for_the_same_jobs_place_fewer_of_them() -> None:
    """Jobs on offer are shared: the interaction that makes this a model of agents."""
    rates, placed = [], []
    for budget in (2_000_000, 4_000_000, 8_000_000):
        few = {KEY: {"budget": budget, "jobs_per_month": 150, "to": "2009-07"}}
        c = counts(lived(programmes=few), KEY)
        rates.append(c["placed"] / c["trained"])
        placed.append(c["placed"])
        assert c["placed"] <= 150 * 9  # courses end in April at the earliest
    assert rates[0] > rates[1] > rates[2] + 0.1
    assert placed[2] == placed[1] or placed[2] == 150 * 9
    free = {KEY: {"budget": 8_000_000, "jobs_per_month": 100_000, "to": "2009-07"}}
    c = counts(lived(programmes=free), KEY)
    assert c["placed"] / c["trained"] > 0.97


def test_without_jobs_training_only_trains() -> None:
    idle = {KEY: {"budget": 4_000_000, "jobs_per_month": 0}}
    on, off = lived(programmes=idle, recognition=False), lived(recognition=False)
    assert counts(on, KEY)["trained"] > 1_000
    assert counts(on, KEY)["placed"] == 0
    for name in ("migrants", "income", "reserve", "flow", "registered"):
        assert (getattr(on.households, name) == getattr(off.households, name)).all()


def test_elite_capture_is_a_parameter_and_can_be_none() -> None:
    """With odds of 1 for everybody the better-off half gets half of the places."""
    shares = {}
    for odds in (1.0, 2.5):
        values = {**FAIR, "programmes.elite_capture_odds": odds}
        model = lived(programmes=EARLY, parameters=values)
        rows = reached(model, KEY)
        shares[odds] = model.households.rank_half[rows].mean(), rows.size
        able = model.households.labour > 0
        base = model.households.rank_half[able].mean()
    share, n = shares[1.0]
    assert abs(share - base) < 4 * math.sqrt(base * (1 - base) / n) + 0.01
    expected = 2.5 * base / (2.5 * base + 1 - base)
    assert abs(shares[2.5][0] - expected) < 4 * math.sqrt(0.25 / n) + 0.015


def test_trainees_are_poorer_where_the_register_counts() -> None:
    """Odds of the registered raise their share above that of all able households."""
    shares = []
    for odds in (1.0, 2.5):
        values = {**FAIR, "programmes.training_registered_odds": odds}
        model = lived(programmes=EARLY, parameters=values, recognition=False)
        start = begin(plan(parameters=values)).households.registered
        shares.append(start[reached(model, KEY)].mean())
    odds = [share / (1.0 - share) for share in shares]
    assert 1.5 < odds[1] / odds[0] < 2.5
