"""A job is worth yuan: the mean household gains what studies found, a poor one a larger part."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from fupin.kernels import columns
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.programmes.jobs import Jobs, send_away, without_one_more
from hypothesis import given, settings
from hypothesis import strategies as st
from small_runs import model_of, programme_of

BOOK = load_book()


@pytest.fixture(scope="module")
def january() -> PovertyModel:
    """The province of 2009 after its first month."""
    return model_of({"skills_training": {"budget": 1}}, steps=1)


def yuan(model: PovertyModel, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Income of households a year at present conditions."""
    h = model.households
    years = h.flow[rows].astype(np.float64) + h.wages[rows]
    return years * h.base[rows] * h.size[rows] * model.world.level


def gain_of_a_job_away(model: PovertyModel, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """What one more away would bring, yuan a year; nothing is changed."""
    h = model.households
    kept = {name: getattr(h, name)[rows].copy() for name in ("flow", "wages", "migrants")}
    before = yuan(model, rows)
    send_away(model.world, rows)
    gain = yuan(model, rows) - before
    for name, column in kept.items():
        getattr(h, name)[rows] = column
    return gain


def test_the_mean_household_gains_8_to_13_percent_and_a_poor_one_more_than_2500_yuan(
    january: PovertyModel,
) -> None:
    """Du, Park & Wang 2005 for the mean; as a multiple of income a poor one would get 660 yuan."""
    h = january.households
    rows = np.flatnonzero((h.labour > 0) & (h.migrants == 0))
    income, gain = yuan(january, rows), gain_of_a_job_away(january, rows)
    mean = january.values.dated("official.mean_income", 2009) * h.size.mean()
    usual = (np.abs(income / mean - 1) < 0.1) & (np.abs(h.labour[rows] - 2.5) < 1)
    assert usual.sum() > 1_000
    assert 0.085 < (gain[usual] / income[usual]).mean() < 0.131
    poor = income <= 6_000
    assert poor.sum() > 1_000
    assert gain[poor].min() > 2_500
    assert (gain[poor] / income[poor]).mean() > 4 * (gain[usual] / income[usual]).mean()


def test_the_less_a_home_earns_the_less_it_forgoes(january: PovertyModel) -> None:
    h = january.households
    for labour in (1, 2, 3, 4):
        rows = np.flatnonzero((h.labour == labour) & (h.migrants == 0))
        order = np.argsort(yuan(january, rows))
        assert (np.diff(gain_of_a_job_away(january, rows)[order]) < 1.0).all()


def test_the_priors_keep_the_mean_gain_of_the_literature() -> None:
    """N(0.11, 0.04) of the income of the mean household, 18,000 yuan with 2.4 workers."""
    names = ["livelihood.migrant_remitted", "livelihood.home_forgone"]
    vectors = BOOK.sample_prior(names, 512, 1)
    values = BOOK.values()
    year = values["livelihood.migrant_months"] * values["livelihood.migrant_wage"]
    income = values.dated("official.mean_income", 2009) * 3.517
    gains = np.array([
        (year * v["livelihood.migrant_remitted"] - income * v["livelihood.home_forgone"] / 2.41)
        / income
        for v in vectors
    ])  # fmt: skip
    assert gains.mean() == pytest.approx(0.11, abs=0.01)
    assert gains.std() == pytest.approx(0.04, abs=0.01)


@given(share=st.floats(0, 1), pay=st.floats(0, 20_000))
@settings(max_examples=20, deadline=None)
def test_what_begins_can_end_and_leaves_nothing(
    january: PovertyModel, share: float, pay: float
) -> None:
    """Pay and what is forgone are given back to the bit that rounding leaves."""
    h, jobs = january.households, Jobs(programme_of(january, "skills_training"))
    rows = np.flatnonzero((h.labour > 1) & (h.migrants == 0))[: int(200 * share)]
    before = {name: getattr(h, name)[rows].copy() for name in ("flow", "wages", "gain")}
    jobs.begin(rows, pay, without_one_more(january.world, rows))
    assert (h.wages[rows] >= before["wages"]).all() and (h.flow[rows] < before["flow"]).all()
    ended = jobs.end(np.ones(jobs.rows.size, bool))
    assert np.array_equal(np.unique(ended), rows) and jobs.rows.size == 0
    for name, column in before.items():
        np.testing.assert_allclose(getattr(h, name)[rows], column, rtol=1e-4, atol=1e-5)
        getattr(h, name)[rows] = column


def test_a_home_without_one_more_earns_less_and_never_nothing(january: PovertyModel) -> None:
    h = january.households
    rows = np.flatnonzero(h.labour > h.migrants)
    left = columns.exp(without_one_more(january.world, rows))
    assert ((left > 0.3) & (left < 1)).all()
