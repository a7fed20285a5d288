"""Joint projects of enterprises: claims, what is realised, jobs, who gets them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from five_counties import level_of
from fupin.lives.one_run import simulate
from fupin.model import PovertyModel
from fupin.results.draws import CENTRAL
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS, Programmes
from fupin.scenario.schema import Scenario
from fupin.state.households import reached_by

INDEX = PROGRAMME_KEYS.index("enterprise_projects")
BILLION = 10**9


def plan(settings: dict[str, Any] | str | None) -> Scenario:
    base = load_scenario("fupin:2009-no-programmes")
    return base.model_copy(
        update={
            "programmes": Programmes.model_validate({"enterprise_projects": settings or "off"}),
            "population": base.population.model_copy(update={"sample": "0.02"}),
        }
    )


def lived(settings: dict[str, Any] | None, draw: dict[str, float] | None = None) -> PovertyModel:
    model = PovertyModel(plan(settings), draw=draw)
    while model.running:
        model.step()
    return model


@pytest.fixture(scope="module")
def without() -> PovertyModel:
    return lived(None)


@pytest.fixture(scope="module")
def big() -> PovertyModel:
    """So much that a thin sample fills thousands of jobs."""
    return lived({"budget": 100 * BILLION})


def mine(model: PovertyModel) -> Any:
    """The programme of this file; funds that exist at the start stand beside it."""
    return next(p for p in model.programmes if p.index == INDEX)


def counts(model: PovertyModel) -> dict[str, int]:
    return mine(model).counts_by_year[2009]


def test_off_is_absent(without: PovertyModel) -> None:
    one = simulate(plan("off"), CENTRAL, 1)
    assert one.programmes["enterprise_projects"]["delivered"] == 0
    assert one.outcomes["lifted"] == without.at_start.registered - without.registered_poor
    assert one.outcomes["additional_jobs"] is None


def test_the_claim_is_no_cost_and_what_is_not_realised_returns(big: PovertyModel) -> None:
    ledger = big.ledger
    assert ledger.imbalance() == 0
    released, delivered, returned = (
        int(ledger.totals(name)[INDEX]) for name in ("released", "delivered", "returned")
    )
    assert released == 100 * BILLION == delivered + returned
    assert delivered / released == pytest.approx(0.12, abs=0.03)  # 238 unequal projects
    assert ledger.totals("lost")[INDEX] == 0
    result = simulate(plan({"budget": 10 * BILLION}), CENTRAL, 1, twins=False)
    assert result.outcomes["spent"] == 0


def test_the_number_of_projects_and_their_counties(big: PovertyModel) -> None:
    assert counts(big)["projects"] == 238
    served = np.flatnonzero(big.ledger.released[INDEX].sum(axis=1))
    listed = np.unique(np.asarray(big.frame.villages.county)[np.asarray(big.frame.villages.listed)])
    assert set(served) <= set(listed) and served.size > 40
    some = lived({"budget": BILLION, "projects": 7, "counties": ["Daming", "Wuyi"]})
    assert counts(some)["projects"] == 7
    assert np.count_nonzero(some.ledger.released[INDEX].sum(axis=1)) <= 2


def test_money_binds_and_jobs_are_never_more_than_it_makes(big: PovertyModel) -> None:
    few, many = lived({"budget": 20 * BILLION}), big
    for model in (few, many):
        c = counts(model)
        made = model.ledger.totals("delivered")[INDEX] / 1e6 * 4.0
        # With half a year of building only the projects of January to June have jobs.
        assert 0.3 * made < c["jobs_opened"] < 0.7 * made
        # A village of a sample hires for all that it stands for, by a fair lot.
        assert c["jobs_filled"] <= c["jobs_opened"] + model.villages.weight.max()
        assert c["jobs_new"] <= c["jobs_filled"] == pytest.approx(c["households"], rel=0.01)
    assert counts(few)["jobs_filled"] < counts(many)["jobs_filled"]


def test_capacity_binds() -> None:
    model = lived({"budget": 10 * BILLION, "places_per_month": 3})
    assert counts(model)["projects"] == 36


def test_jobs_are_scarce(big: PovertyModel) -> None:
    """Jobs for a few: who is reached is no more than jobs, though many would like one."""
    h = big.households
    free = h.labour > h.migrants
    reached = reached_by(h.reached, INDEX)
    assert reached.sum() < 0.1 * free.sum()
    assert big.local_jobs == counts(big)["jobs_new"] - counts(big)["jobs_given_up"] > 0


def test_a_new_job_is_worth_its_pay_less_what_the_home_forgoes(
    without: PovertyModel, big: PovertyModel
) -> None:
    """In yuan, so that it is a larger part of a poor household's income; it lasts."""
    h, twin, projects = big.households, without.households, mine(big)
    new = projects.jobs.rows
    reached = np.flatnonzero(reached_by(h.reached, INDEX))
    assert 0.4 < new.size / reached.size < 0.95  # the rest had local wage work before
    same = new[(h.migrants[new] == twin.migrants[new]) & (h.size[new] == twin.size[new])]
    years = (h.wages[same] - twin.wages[same]) * h.base[same] * h.size[same].astype(float)
    pay = projects.own("job_months") * projects.own("job_wage")
    yuan = years * level_of(big)
    assert np.percentile(yuan, [10, 90]) == pytest.approx(pay, rel=0.02)  # a birth dilutes it
    forgone, workers = big.values["livelihood.home_forgone"], h.labour[same].astype(float)
    left = (workers - forgone * (h.migrants[same] + 1)) / (workers - forgone * h.migrants[same])
    kept = h.flow[same] / twin.flow[same]
    assert np.median(kept / left) == pytest.approx(1.0, abs=1e-3)
    gain = h.wages[same] + h.flow[same] - twin.wages[same] - twin.flow[same]
    poor = twin.base[same] < np.median(twin.base[same])
    assert gain[poor].mean() > 1.3 * gain[~poor].mean() > 0
    others = np.flatnonzero(~reached_by(h.reached, INDEX) & (h.served == 0))
    assert (h.flow[others] == twin.flow[others]).mean() > 0.999


def test_a_job_is_paid_again_every_january() -> None:
    """Wages begin anew in January; who has a job near home has its pay then too, at that year's."""
    two = {"budget": {2009: 100 * BILLION, 2010: 0}}
    settings = {"period": {"start": "2009-01", "end": "2010-02"}, "population": {"sample": 0.02}}
    settings |= {"name": "test", "programmes": {"enterprise_projects": two}}
    model = PovertyModel(Scenario.model_validate(settings))
    while model.calendar != "2010-02":
        model.step()
    h, jobs = model.households, mine(model).jobs
    home = jobs.rows[h.migrants[jobs.rows] == 0]
    yuan = h.wages[home] * h.base[home] * h.size[home] * level_of(model)
    growth = model.world.pay_growth
    assert growth > 1.1
    pay = mine(model).own("job_months") * mine(model).own("job_wage") * growth
    assert np.median(yuan) == pytest.approx(pay, rel=1e-3)


def test_hired_are_better_schooled(big: PovertyModel) -> None:
    h = big.households
    listed = np.repeat(np.asarray(big.frame.villages.listed), np.diff(big.villages.offsets))
    reached = reached_by(h.reached, INDEX)
    assert listed[reached].all()
    rest = listed & (h.labour > h.migrants) & ~reached
    assert h.schooling[reached].mean() > h.schooling[rest].mean()


def test_who_has_nobody_at_home_has_no_local_job(big: PovertyModel) -> None:
    """A worker holds one place at a time: who leaves gives up job, gain and place in the count."""
    projects, h = mine(big), big.households
    weight = projects.weight_of
    new, given_up = counts(big)["jobs_new"], counts(big)["jobs_given_up"]
    assert 0 < given_up < 0.2 * new
    assert int(weight(projects.jobs.rows).sum()) == projects.local_jobs == new - given_up
    # Whoever left this month is still on the list and goes at the month's next turn.
    before, wages, vacant = projects.jobs.rows, h.wages.copy(), projects.vacant.sum()
    projects.counts = dict(projects.counts)
    projects.fade()
    gone = np.setdiff1d(before, projects.jobs.rows)
    assert (h.labour[projects.jobs.rows] > h.migrants[projects.jobs.rows]).all()
    assert (wages[gone] > h.wages[gone]).all() and np.allclose(h.gain[gone], 0, atol=1e-5)
    assert projects.vacant.sum() - vacant == weight(gone).sum()
