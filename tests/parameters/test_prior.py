"""Samples from the priors: the right distributions, evenly filled, the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from fupin import paths
from fupin.errors import InputError
from fupin.parameters.book import load_book
from fupin.parameters.distribution import Distribution
from scipy import stats

BOOK = load_book()
NAMES = yaml.safe_load((paths.calibration() / "priors.yaml").read_text("utf-8"))["names"]

LAWS = [
    (Distribution("normal", 0.1, 0.06, -0.1, 0.3, True), stats.norm(0.1, 0.06)),
    (Distribution("normal", 0.0, 1.0, 1.0, 3.0, True), stats.norm()),
    (Distribution("uniform", 2.0, 5.0, 2.0, 5.0), stats.uniform(2, 3)),
    (Distribution("beta", 2.0, 5.0, 0.0, 1.0), stats.beta(2, 5)),
    (Distribution("beta", 2.0, 5.0, 0.1, 0.4, True), stats.beta(2, 5)),
    (Distribution("lognormal", 1.4, 0.25, 1.0, 2.5, True), stats.lognorm(0.25, scale=1.4)),
    (Distribution("lognormal", 1.4, 0.25, 0.0, 9.0, True), stats.lognorm(0.25, scale=1.4)),
]


@pytest.mark.parametrize(("law", "reference"), LAWS, ids=lambda x: str(x)[:40])
def test_quantiles_invert_the_truncated_distribution(law: Distribution, reference) -> None:  # type: ignore[no-untyped-def]
    shares = np.linspace(0, 1, 201)
    values = law.quantile(shares)
    assert np.all(np.diff(values) > 0)
    assert values[0] == pytest.approx(law.low, abs=1e-9)
    assert values[-1] == pytest.approx(law.high, abs=1e-9)
    below, above = reference.cdf([law.low, law.high])
    assert (reference.cdf(values) - below) / (above - below) == pytest.approx(shares, abs=1e-9)


def test_the_list_of_priors_is_every_parameter_with_a_distribution() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert set(NAMES) == {name for name in BOOK if BOOK[name].distribution}


def test_each_column_follows_its_prior_and_stays_in_its_support() -> None:
    n = 512
    vectors = BOOK.sample_prior(NAMES, n, seed=3)
    assert len(vectors) == n and all(list(vector) == NAMES for vector in vectors)
    for name in NAMES:
        law = BOOK[name].distribution
        assert law is not None
        column = np.array([vector[name] for vector in vectors])
        assert law.low <= column.min() and column.max() <= law.high
        # An even design: one value in each of n slices of equal probability.
        slices, rounding = law.quantile(np.arange(n + 1) / n), 1e-9 * max(1.0, abs(law.high))
        ordered = np.sort(column)
        assert np.all(slices[:-1] - rounding <= ordered)
        assert np.all(ordered <= slices[1:] + rounding)


def test_columns_are_independent() -> None:
    vectors = BOOK.sample_prior(NAMES[:12], 512, seed=3)
    table = np.array([[vector[name] for name in NAMES[:12]] for vector in vectors])
    ranks = table.argsort(axis=0).argsort(axis=0)
    off_diagonal = np.corrcoef(ranks, rowvar=False) - np.eye(12)
    assert np.abs(off_diagonal).max() < 0.06


def test_every_vector_is_a_valid_override() -> None:
    for vector in BOOK.sample_prior(NAMES, 16, seed=3):
        values = BOOK.values(vector)
        assert all(values[name] == vector[name] for name in NAMES)


def test_a_longer_design_begins_with_the_shorter_one() -> None:
    short, long = (BOOK.sample_prior(NAMES[:5], n, seed=3) for n in (7, 20))
    assert long[:7] == short


def test_the_seed_moves_the_design_and_numpy_s_generator_does_not() -> None:
    first = BOOK.sample_prior(NAMES[:5], 8, seed=3)
    np.random.seed(0)  # noqa: NPY002  # a shared generator must have no part in it
    assert BOOK.sample_prior(NAMES[:5], 8, seed=3) == first
    other = BOOK.sample_prior(NAMES[:5], 8, seed=4)
    assert all(a[name] != b[name] for a, b in zip(first, other, strict=True) for name in a)


def test_the_same_numbers_on_every_machine() -> None:
    """Recorded values; they change only with the prior or the design."""
    law = BOOK["register.served_review"].distribution
    assert str(law) == "uniform(0, 1)"
    vectors = BOOK.sample_prior(["register.served_review"], 4, seed=20091231)
    assert [vector["register.served_review"] for vector in vectors] == RECORDED
    for vector in BOOK.sample_prior(NAMES, 4, seed=3):
        for value in vector.values():
            assert value == float(f"{value:.10g}")


RECORDED = [0.1414005434, 0.6414005434, 0.8914005434, 0.3914005434]


@pytest.mark.parametrize(
    ("names", "n", "message"),
    [
        (["livelihood.persistense"], 1, "no parameter"),
        (["livelihood.persistence"] * 2, 1, "named twice"),
        (["livelihood.season_01"], 1, "no distribution"),
        (["official.mean_income"], 1, "no distribution"),
        ([], 1, "at least one"),
        (["livelihood.persistence"], 0, "at least one"),
    ],
)
def test_a_wrong_request_is_an_input_error(names: list[str], n: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        BOOK.sample_prior(names, n, seed=1)


def test_effects_imported_from_the_literature_include_none_at_all() -> None:
    """A prior that rules out "no effect" would decide the question before the run."""
    for name in (
        "programmes.advancement_better_off",
        "programmes.advancement_poorer",
        "programmes.relocation_gain",
        "programmes.training_premium",
        "register.served_review",
        "register.loan_review_share",
        "register.cash_review_share",
        "register.course_review_share",
    ):
        law = BOOK[name].distribution
        assert law is not None and law.low <= 0 < law.high


def test_a_job_away_may_be_worth_nothing_to_the_mean_household() -> None:
    """What is sent may be less than what the home forgoes: 18,000 yuan, 2.4 workers."""
    values = BOOK.values()
    pay = values["livelihood.migrant_months"] * values["livelihood.migrant_wage"]
    sent, forgone = (
        BOOK[f"livelihood.{name}"].distribution for name in ("migrant_remitted", "home_forgone")
    )
    assert sent is not None and forgone is not None
    assert pay * sent.low < 18_000 / 2.4 * forgone.high
    assert pay * sent.high > 18_000 / 2.4 * forgone.low
