"""Small samples tell of the same plan: what is delivered, and what it does to the income-poor."""

from __future__ import annotations

import os
from functools import cache

import numpy as np
import pytest
from fupin.population.frame import DEFAULT_SEED

from benchmarks import samples

PAID = {
    "village_advancement/villages": 0.01,
    "village_advancement/lottery_villages": 0.0,
    "rural_works/department_yuan": 0.01,
    "rural_works/persons": 0.1,  # what a unit costs differs between villages
    "relocation/persons": 0.02,
    "skills_training/enrolled": 0.01,
    "practical_training/persons": 0.01,
    "household_projects/households": 0.05,  # and between kinds of projects
    "household_projects/villages": 0.05,
    "mutual_funds/villages": 0.01,
    "loan_guarantee/loans": 0.02,
    "microfinance/loans": 0.03,  # repaid money is lent again
    "subsidised_loans/loans": 0.25,  # and whether anybody there owns collateral
    "minimum_living/person_months": 0.01,
    "minimum_living/villages_filed": 0.01,
    "integrated_funds/villages": 0.0,
    "paired_assistance/projects": 0.12,  # units bring projects of very different sizes
    "paired_assistance/central_villages": 0.0,
    "enterprise_projects/jobs_filled": 0.1,
    "technology/villages": 0.03,
    "technology/courses": 0.05,
    "project_management/villages": 0.0,
}
"""What money and places buy, and how far a sample of two villages in a hundred may be off."""


@cache
def province(sample: str) -> samples.Figures:
    return samples.measure(sample, DEFAULT_SEED)


@pytest.mark.parametrize("name", PAID)
def test_two_villages_in_a_hundred_are_paid_as_all_are(name: str) -> None:
    """Where one stands for fifty, the same money and places buy the same."""
    assert province("default")[name] > 0
    assert province("0.02")[name] == pytest.approx(province("default")[name], rel=PAID[name])


LIVED = (
    "skills_training/trained", "skills_training/placed", "household_projects/persons",
    "mutual_funds/households", "paired_assistance/households", "technology/persons",
    "technology/adopters", "microfinance/yuan_repaid", "households_reached",
)  # fmt: skip


def test_the_households_of_a_sample_live_what_is_paid() -> None:
    """Off by chance in this sample, and none by half."""
    there, here = province("default"), province("0.02")
    ratios = {name: here[name] / there[name] for name in LIVED}
    assert min(ratios.values()) > 0.6 and max(ratios.values()) < 1.6, ratios
    assert np.mean(list(ratios.values())) == pytest.approx(1, abs=0.15)
    assert here["fewer_income_poor"] == pytest.approx(there["fewer_income_poor"], rel=0.5)


def test_a_biased_sample_is_seen() -> None:
    """Differences beyond chance are no rounding: the check can fail."""
    luck = np.random.default_rng(1)
    there = [{"a": 100.0 + x, "b": 100.0} for x in luck.normal(0, 5, 40)]
    fair = [
        {"a": row["a"] + x, "b": 100.4} for row, x in zip(there, luck.normal(0, 2, 40), strict=True)
    ]
    off = [{"a": row["a"] * 0.97, "b": 99.0} for row in there]
    found = samples.differences(fair, there)
    assert found["a"].fair and found["b"].fair and abs(found["a"].share) < 0.02
    assert not any(d.fair for d in samples.differences(off, there).values())
    assert "*" in samples.table({"0.02": samples.differences(off, there)}, ["a"])


@pytest.mark.slow
def test_every_count_and_effect_has_its_expectation_in_every_sample() -> None:
    """40 provinces; `FUPIN_SAMPLES_OUT` names a file that keeps what was measured."""
    seeds = range(1, 1 + int(os.environ.get("FUPIN_SAMPLES_SEEDS", "40")))
    kept = os.environ.get("FUPIN_SAMPLES_OUT")
    found: dict[str, list[samples.Figures]] = {
        sample: [] for sample in (*samples.SAMPLES, samples.REFERENCE)
    }
    file = None if kept is None else samples.Path(kept)
    for _, sample, figures in samples.measured(seeds, list(found), True, file):
        found[sample].append(figures)
    unfair = {
        (sample, name): difference
        for sample in samples.SAMPLES
        for name, difference in samples.differences(found[sample], found[samples.REFERENCE]).items()
        if not difference.fair
    }
    assert not unfair
