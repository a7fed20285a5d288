"""Numbers are printed with the digits that their uncertainty carries."""

from __future__ import annotations

import pytest
from fupin.words.numbers import estimate, exact, percent, rounded
from hypothesis import given, settings
from hypothesis import strategies as st


def statistics(mean: float | None, low: float | None = None, high: float | None = None) -> dict:
    return {"mean": mean, "low": low, "high": high, "sd_seeds": None, "sd_draws": None}


@pytest.mark.parametrize(
    ("value", "text"),
    [(16_184, "16,184"), (30_540_000, "30.54 M"), (1.27e9, "1.27 bn"), (3.7e6, "3.7 M"),
     (99.43, "99.43"), (0.333333, "0.333333"), (-12.5, "−12.5"), (0, "0"), (187_700, "187,700")],
)  # fmt: skip
def test_a_quoted_number_keeps_all_its_digits(value: float, text: str) -> None:
    assert exact(value) == text


@pytest.mark.parametrize(
    ("entry", "mean", "interval"),
    [
        (statistics(15_702.4, 15_600.3, 15_812.0), "15,700", "15,600–15,810"),
        (statistics(3_702_100, 3_678_000, 3_726_000), "3.702 M", "3.678–3.726"),
        (statistics(0.0192, 0.0188, 0.0196), "0.01920", "0.01880–0.01960"),
        (statistics(-203_000, -230_000, -170_000), "−203,000", "−230,000 to −170,000"),
        (statistics(743e6, 743e6, 743e6), "743 M", ""),
        (statistics(30_540_000), "30.54 M", ""),
        (statistics(7102), "7,102", ""),
        (statistics(0, 0, 0), "0", ""),
        (statistics(None), "·", ""),
        (statistics(5_151.2, 5_151.1999999, 5_151.2000001), "5,151.20", "5,151.20–5,151.20"),
    ],
)
def test_estimates(entry: dict, mean: str, interval: str) -> None:
    assert estimate(entry) == (mean, interval)


def test_estimates_in_other_units() -> None:
    assert estimate(statistics(0.951, 0.944, 0.958), 100.0) == ("95.10", "94.40–95.80")
    # The scale of the document's figure: 0.98 M beside 1.27 M, not 980,000.
    assert estimate(statistics(980_000), scale=(1e6, " M")) == ("0.98 M", "")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.041, "+4.1%"), (-0.0302, "−3.0%"), (0.0001, "0%"), (-0.0001, "0%"), (3.2, "+320%"),
     (-1.0, "−100%"), (12.345, "+1,234%")],
)  # fmt: skip
def test_percent(share: float, text: str) -> None:
    assert percent(share) == text


@settings(max_examples=80, deadline=None)
@given(st.floats(1e-3, 1e11), st.floats(1e-6, 2.0))
def test_rounding_moves_a_mean_by_less_than_a_twentieth_of_the_interval(
    mean: float, width: float
) -> None:
    half = mean * width / 2
    text, _ = estimate(statistics(mean, mean - half, mean + half), scale=(1.0, ""))
    read = float(text.replace(",", "").replace("−", "-"))
    assert abs(read - mean) <= max(0.051 * half, 6e-6 * mean)


def test_no_negative_zero() -> None:
    assert rounded(-0.0004, 2) == "0.00"
