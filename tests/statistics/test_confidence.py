"""Student's t, shared chances of error, degrees of freedom: tables, scipy and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fupin.statistics import confidence
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats


def test_the_ends_are_those_of_the_level() -> None:
    assert confidence.ENDS == (0.05, 0.95)
    assert confidence.ENDS[1] - confidence.ENDS[0] == pytest.approx(confidence.LEVEL)


def test_tables_of_t_and_normal() -> None:
    # Student's table, 5% to each side: 6.314, 2.920, 1.833 and, with many, the normal's 1.645.
    assert [round(confidence.two_sided_t(n), 3) for n in (1, 2, 9)] == [6.314, 2.920, 1.833]
    assert confidence.two_sided_t(1e9) == pytest.approx(confidence.two_sided_normal())
    assert confidence.two_sided_normal(0.95) == pytest.approx(1.959964, abs=1e-6)


@given(st.floats(-50, 50), st.floats(1, 200))
def test_the_chance_of_a_t_inverts_its_quantile(t: float, freedom: float) -> None:
    chance = confidence.two_sided_chance(t, freedom)
    assert chance == pytest.approx(2 * stats.t.sf(abs(t), freedom), rel=1e-9, abs=1e-300)
    if 1e-6 < chance < 0.99:  # nearer to 1 a level has no digits left for it
        assert confidence.two_sided_t(freedom, 1 - chance) == pytest.approx(abs(t), rel=1e-6)


def test_a_mean_without_spread_is_certain_or_nothing() -> None:
    assert confidence.two_sided_chance(math.inf, 3) == 0
    assert confidence.two_sided_chance(0.0, 3) == 1
    assert confidence.satterthwaite([0.0, 0.0], [4, 7]) == 4


def test_degrees_of_freedom_are_welchs() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(0, 1, 12), rng.normal(0, 3, 9)
    parts = [x.var(ddof=1) / x.size for x in (a, b)]
    found = stats.ttest_ind(a, b, equal_var=False)
    assert confidence.satterthwaite(parts, (11, 8)) == pytest.approx(found.df)


def test_holm_by_hand() -> None:
    # Smallest times three, next times two, but never below one that was smaller.
    assert confidence.holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert confidence.holm([]) == []
    assert confidence.holm([0.9, 0.8]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.randoms())
def test_holm_knows_no_order_and_never_less_than_the_chance_itself(chances, shuffled) -> None:  # type: ignore[no-untyped-def]
    found = confidence.holm(chances)
    assert all(1 >= adjusted >= one for adjusted, one in zip(found, chances, strict=True))
    assert min(found) == pytest.approx(min(1.0, len(chances) * min(chances)))
    places = list(range(len(chances)))
    shuffled.shuffle(places)
    again = confidence.holm([chances[k] for k in places])
    assert again == [found[k] for k in places]


def test_looks_at_the_level_of_each_are_sure_together() -> None:
    assert confidence.level_of_each(1) == confidence.LEVEL
    assert confidence.level_of_each(20) ** 20 == pytest.approx(confidence.LEVEL)
