"""Calibrated parameters as independent standard normals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fupin import paths
from fupin.calibration.space import load_space
from fupin.errors import InputError
from fupin.parameters.book import load_book
from fupin.parameters.distribution import Distribution
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

SPACE = load_space()
BOOK = load_book()


def test_normals_and_values_are_inverse() -> None:
    z = SPACE.prior_design(32, seed=1)
    assert z.shape == (32, len(SPACE.names) + len(SPACE.others))
    vectors = SPACE.values(z)
    # Values keep eight digits, which in the far tail is a ten-thousandth of a deviation.
    assert SPACE.normals(vectors) == pytest.approx(z[:, : len(SPACE)], abs=5e-4)
    for vector in vectors:
        BOOK.values(vector)  # inside every range


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.sampled_from(["normal", "uniform", "beta", "lognormal"]))
def test_share_inverts_quantile(share: float, kind: str) -> None:
    law = {
        "normal": Distribution("normal", 0.1, 0.06, -0.1, 0.3, True),
        "uniform": Distribution("uniform", 2.0, 5.0, 2.0, 5.0),
        "beta": Distribution("beta", 2.0, 5.0, 0.1, 0.9, True),
        "lognormal": Distribution("lognormal", 1.4, 0.25, 1.0, 2.5, True),
    }[kind]
    assert law.share(law.quantile(np.array([share])))[0] == pytest.approx(share, abs=1e-6)


def test_the_design_follows_the_priors_and_its_columns_are_unrelated() -> None:
    z = SPACE.prior_design(512, seed=5)
    for k in range(z.shape[1]):
        assert stats.kstest(z[:, k], "norm").pvalue > 1e-4
    correlations = np.corrcoef(z, rowvar=False) - np.eye(z.shape[1])
    calibrated = correlations[: len(SPACE), : len(SPACE)]
    assert np.abs(calibrated).max() < 0.2
    assert np.abs(correlations).max() < 0.25  # eleven thousand pairs by chance
    assert np.array_equal(z, SPACE.prior_design(512, seed=5))
    assert not np.array_equal(z, SPACE.prior_design(512, seed=6))


def test_calibrated_and_others_are_all_uncertain_parameters() -> None:
    uncertain = {name for name in BOOK if BOOK[name].distribution}
    assert {*SPACE.names, *SPACE.others} == uncertain
    assert not set(SPACE.names) & set(SPACE.others)
    for name in ("register.review_probability", "register.served_review",
                 "livelihood.spread_growth", "programmes.training_offer_probability"):  # fmt: skip
        assert name in SPACE.names


# Values of a trial fit that had seen every figure of the document.
TRIAL = {
    "livelihood.key_county_gap": 0.65, "livelihood.county_sd": 0.10,
    "livelihood.county_covariate": 0.10, "livelihood.schooling_return": 0.06,
    "livelihood.permanent_sd": 0.24, "livelihood.persistence": 0.60,
    "livelihood.persistent_sd": 0.17, "livelihood.transitory_sd": 0.18,
    "livelihood.crash_probability": 0.069, "livelihood.crash_mean": -1.0,
    "livelihood.crash_sd": 0.4, "livelihood.reporting_sd": 0.11,
    "livelihood.reporting_tail_share": 0.029, "livelihood.reporting_tail_mean": -0.65,
    "livelihood.reporting_tail_sd": 0.79, "register.perception_bias_sd": 0.12,
    "livelihood.spread_growth": 0.115, "livelihood.frail_loss": -1.2,
}  # fmt: skip


def test_no_prior_is_narrow_around_a_value_of_the_trial() -> None:
    """The trial had seen what is held out: a prior centred on it would hand the answer on."""
    medians = {}
    for name, value in TRIAL.items():
        law = BOOK[name].distribution
        assert law is not None
        low, middle, high = law.quantile(np.array([0.05, 0.5, 0.95]))
        medians[name] = (middle - value) / (high - low)
        assert high - low > 0.4 * abs(value), name
    near = [name for name, off in medians.items() if abs(off) < 0.01]
    # A hundredth of a prior's width apart by chance alone: at most one of them.
    assert len(near) <= 1, near


def test_reviews_have_wide_priors() -> None:
    for name in ("register.review_probability", "register.served_review"):
        law = BOOK[name].distribution
        assert law is not None and law.high - law.low > 0.85


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("names: [livelihood.persistence]", "`calibrated` is missing"),
        ("names: [livelihood.persistense]\ncalibrated: [livelihood.persistence]", "Did you mean"),
        ("names: [livelihood.persistence]\ncalibrated: [livelihood.home_forgone]", "not among"),
        ("names: [livelihood.migrant_wage]\ncalibrated: [livelihood.migrant_wage]",
         "no distribution"),
        ("names: [livelihood.persistence, livelihood.persistence]\ncalibrated: "
         "[livelihood.persistence]", "twice"),
        ("names: 3\ncalibrated: [livelihood.persistence]", "1:8: names: 3 is not a list of names"),
        ("names: [3]\ncalibrated: [livelihood.persistence]", "1:9: names: 3 is not a name"),
        ("names: [livelihood.persistence]\ncalibrated: []", "Name at least one"),
        ("name: [livelihood.persistence]", "unknown key"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_message(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "priors.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_space(file)
    assert message in str(caught.value) and "priors.yaml" in str(caught.value)


def test_the_file_that_comes_with_fupin_is_the_default() -> None:
    assert load_space(paths.calibration() / "priors.yaml") == SPACE
