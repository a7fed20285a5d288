"""Morris, Sobol by emulator and rank associations on functions whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.sweeps import designs
from fupin.uncertainty.association import associations
from fupin.uncertainty.assumptions import LEAST_KNOWN
from fupin.uncertainty.indices import (
    AT_ONCE,
    RESAMPLES,
    EmulatorError,
    _half_widths,
    encode,
    parts_of,
    shares_in,
    sobol_indices,
)
from fupin.uncertainty.screening import elementary_effects
from fupin.uncertainty.worlds import Input
from scipy import stats

A, B = 7.0, 0.1


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def theory() -> tuple[np.ndarray, np.ndarray]:
    """First and total indices of Ishigami's function (Ishigami & Homma 1990)."""
    one = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    two = A**2 / 8
    both = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    return np.array([one, two, 0.0]) / whole, np.array([one + both, two, both]) / whole


def design(points: int, names: str = "abc") -> list[Input]:
    shares = designs.sobol(list(names), points)
    x = np.pi * (2 * shares - 1)
    return [Input(name, "parameter", x[:, k], of_draw=False) for k, name in enumerate(names)]


@pytest.fixture(scope="module")
def found():  # type: ignore[no-untyped-def]
    inputs = design(256)
    return sobol_indices(inputs, ishigami(np.column_stack([i.values for i in inputs])), None)


def test_sobol_indices_of_ishigami_match_theory_within_their_interval(found) -> None:  # type: ignore[no-untyped-def]
    indices, error = found
    by_name = {index.name: index for index in indices}
    for k, name in enumerate("abc"):
        first, total = theory()[0][k], theory()[1][k]
        index = by_name[name]
        assert index.first_low <= first <= index.first_high, (name, index, first)
        assert index.total_low <= total <= index.total_high, (name, index, total)
        assert index.total_high - index.total_low < 0.3  # narrow enough to be worth quoting
    assert indices[0].name == "a"
    assert error.r2 > 0.9
    assert error.missed == pytest.approx(1 - error.r2)


def test_an_emulator_that_knows_nothing_says_so() -> None:
    rng = np.random.default_rng(5)
    _, error = sobol_indices(design(64), rng.normal(size=64), None)
    assert error.r2 < 0.3
    _, noisy = sobol_indices(design(64), rng.normal(size=64) + design(64)[0].values, 1.0)
    assert noisy.chance == pytest.approx(1 / 4.3, rel=0.3)  # of pi^2/3 + 1
    assert noisy.r2 < 0.9


def test_predictions_in_parts_are_those_of_the_whole_and_bounded() -> None:
    asked = np.random.default_rng(3).normal(size=(3 * AT_ONCE + 7, 2))
    parts = parts_of(asked)
    assert max(map(len, parts)) <= AT_ONCE and np.array_equal(np.concatenate(parts), asked)


def test_what_the_emulator_and_seeds_leave_unknown_decides_whether_indices_are_given() -> None:
    def known(r2: float, chance: float | None) -> float:
        return EmulatorError(64, r2, 1 - r2, chance, 0.9).known

    assert known(0.7, None) < LEAST_KNOWN <= known(0.7, 0.25)


def test_a_choice_between_texts_has_an_index() -> None:
    inputs = [
        *design(96, "ab"),
        Input("form", "structure", np.array(["x", "y", "z"] * 32, object), of_draw=False),
    ]
    y = inputs[0].values + 3.0 * (inputs[2].values == "z")
    indices, _ = sobol_indices(inputs, y, None)
    truth = {"a": np.pi**2 / 3, "form": 9 * 2 / 9, "b": 0.0}
    whole = sum(truth.values())
    for index in indices:
        assert index.total == pytest.approx(truth[index.name] / whole, abs=0.06)


def test_encoding_puts_points_where_they_are() -> None:
    inputs = design(40, "ab")
    z = encode(inputs, shares_in(inputs))
    x = np.column_stack([i.values for i in inputs])
    assert z == pytest.approx((x - x.mean(0)) / x.std(0))


def test_nan_is_refused() -> None:
    y = np.ones(64)
    y[3] = np.nan
    with pytest.raises(ValueError, match="finite"):
        sobol_indices(design(64), y, None)
    with pytest.raises(ValueError, match="finite"):
        associations(["a"], np.ones((64, 1)), y)
    with pytest.raises(ValueError, match="finite"):
        elementary_effects(["a"], np.zeros((64, 1)), y)


def test_morris_ranks_a_planted_order() -> None:
    names = ["weak", "none", "strong", "bent", "middle"]
    shares = designs.morris(names, 20, [4] * 5) / 3
    weak, _, strong, bent, middle = shares.T
    y = 1.0 * weak + 10.0 * strong - 5.0 * middle + 8.0 * (bent - 0.5) ** 2
    effects = elementary_effects(names, shares, y)
    assert [e.name for e in effects[:2]] == ["strong", "middle"]
    assert [e.name for e in effects[-2:]] == ["weak", "none"]
    by_name = {e.name: e for e in effects}
    assert by_name["strong"].mu_star == pytest.approx(10.0)
    assert by_name["middle"].mu == pytest.approx(-5.0)
    assert by_name["none"].mu_star == by_name["none"].sigma == 0.0
    assert by_name["strong"].sigma == pytest.approx(0.0, abs=1e-9)  # straight, alone
    assert by_name["bent"].sigma > 1.0
    assert by_name["bent"].low < by_name["bent"].mu_star < by_name["bent"].high


def test_the_interval_of_mu_star_is_students_over_trajectories() -> None:
    names = ["a", "b"]
    shares = designs.morris(names, 6, [4, 4]) / 3
    y = 3 * shares[:, 0] + np.random.default_rng(2).normal(size=len(shares))
    steps = np.diff(shares.reshape(6, 3, 2), axis=1)
    rise = np.diff(y.reshape(6, 3), axis=1)
    for effect in elementary_effects(names, shares, y):
        k = names.index(effect.name)
        moved = steps[:, :, k] != 0
        sizes = np.abs(rise[moved] / steps[:, :, k][moved])
        low, high = stats.t.interval(0.90, 5, loc=sizes.mean(), scale=stats.sem(sizes))
        assert effect.mu_star == pytest.approx(sizes.mean())
        assert (effect.low, effect.high) == (pytest.approx(max(low, 0)), pytest.approx(high))
    with pytest.raises(ValueError, match="no trajectories"):
        elementary_effects(names, shares[:3], y[:3])


def test_ten_emulators_know_their_spread_with_nine_degrees_of_freedom() -> None:
    """Sampling of SALib's points alone is known well, the jackknife alone by ten emulators."""
    apart = np.random.default_rng(1).normal(size=(10, 1))
    jackknife = np.sqrt(9 / 10 * ((apart - apart.mean()) ** 2).sum())
    nothing = np.zeros(1)
    assert _half_widths(nothing, apart) == pytest.approx(stats.t.ppf(0.95, 9) * jackknife)
    salib = stats.norm.ppf(0.95) * 0.02
    (sampled,) = _half_widths(np.array([salib]), np.zeros((10, 1)))
    assert sampled == pytest.approx(stats.t.ppf(0.95, RESAMPLES - 1) * 0.02)
    (both,) = _half_widths(np.array([salib]), apart)
    assert both > max(sampled, float(_half_widths(nothing, apart)[0]))
    assert _half_widths(nothing, np.zeros((10, 1))).tolist() == [0.0]


def test_associations_find_what_matters_among_many_and_say_where_noise_begins() -> None:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(60, 150))
    y = np.exp(2 * x[:, 10] - x[:, 90]) + 0.1 * rng.normal(size=60)
    found, floor = associations([f"p{k}" for k in range(150)], x, y)
    assert found[0].name == "p10"
    assert found[0].correlation > 0.7
    assert found[0].low <= found[0].share <= found[0].high
    assert 0.1 < floor < 0.35
    above = {one.name for one in found if one.share > floor}
    assert "p10" in above and len(above) <= 4
    # Of 150 idle ones the largest passes the floor in about one of twenty data sets.
    passed = 0
    for _ in range(40):
        idle, level = associations(["p"] * 20, rng.normal(size=(30, 20)), rng.normal(size=30))
        passed += idle[0].share > level
    assert passed <= 7
