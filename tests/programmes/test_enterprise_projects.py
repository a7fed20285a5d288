"""Joint projects of enterprises: claims, what is realised, jobs, who gets them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
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
        assert c["jobs_filled"] <= c["jobs_opened"]
        assert c["jobs_new"] <= c["jobs_filled"] == c["households"]
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


def test_gain_of_the_treated_over_their_twins(without: PovertyModel, big: PovertyModel) -> None:
    """New local work adds 0.0 to 0.2 log points from its month on, and it lasts."""
    h, twin = big.households, without.households
    new = np.flatnonzero(h.gain != twin.gain)
    reached = np.flatnonzero(reached_by(h.reached, INDEX))
    assert 0.4 < new.size / reached.size < 0.95  # the rest had local wage work before
    np.testing.assert_allclose((h.gain - twin.gain)[new], 0.09, atol=1e-6)
    same = new[h.migrants[new] == twin.migrants[new]]
    flow = np.log(h.flow[same] / twin.flow[same])
    assert np.median(flow) == pytest.approx(0.09, abs=0.001)
    others = np.flatnonzero(~reached_by(h.reached, INDEX) & (h.served == 0))
    assert (h.flow[others] == twin.flow[others]).mean() > 0.999


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
    assert int(weight(projects.workers).sum()) == projects.local_jobs == new - given_up
    # Whoever left this month is still on the list and goes at the month's next turn.
    before, gain, vacant = projects.workers, h.gain.copy(), projects.vacant.sum()
    projects.counts = dict(projects.counts)
    projects.fade()
    gone = np.setdiff1d(before, projects.workers)
    assert (h.labour[projects.workers] > h.migrants[projects.workers]).all()
    assert np.allclose(gain[gone] - h.gain[gone], projects.own("job_gain"), atol=1e-5)
    assert projects.vacant.sum() - vacant == weight(gone).sum()
