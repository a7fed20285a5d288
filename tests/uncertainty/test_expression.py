"""When a plan fails, as a user writes it; and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.uncertainty.expression import columns_in, parse
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = {"lifted": 0, "spent": 0, "fgt1": 0, "lifted.regret": 0, "register.review_probability": 0}
WORDS = {"assets": ["smooth", "threshold"]}
COLUMNS = {
    "lifted": np.array([100.0, 200.0, 300.0]),
    "spent": np.array([2e9, 1e9, 2e9]),
    "fgt1": np.array([0.01, 0.02, 0.03]),
    "lifted.regret": np.array([0.0, 5.0, 9.0]),
    "register.review_probability": np.array([0.2, 0.3, 0.4]),
    "assets": np.array(["smooth", "threshold", "smooth"], object),
}


@pytest.mark.parametrize(
    ("text", "where", "read"),
    [
        ("lifted < 150", [1, 0, 0], "lifted < 150"),
        ("lifted<=200", [1, 1, 0], "lifted <= 200"),
        ("spent >= 1.2 billion", [1, 0, 1], "spent >= 1,200,000,000"),
        ("lifted > 0.1 thousand", [0, 1, 1], "lifted > 100"),
        ("lifted = 2e2", [0, 1, 0], "lifted = 200"),
        ("lifted != 2_00", [1, 0, 1], "lifted != 200"),
        ("fgt1 > 1.5%", [0, 1, 1], "fgt1 > 0.015"),
        ("assets = threshold", [0, 1, 0], "assets = threshold"),
        ("assets != 'smooth'", [0, 1, 0], "assets != smooth"),
        ("lifted.regret > 4", [0, 1, 1], "lifted.regret > 4"),
        ("register.review_probability < 0.25", [1, 0, 0], "register.review_probability < 0.25"),
        # `and` binds tighter than `or`.
        ("lifted < 150 or lifted > 150 and assets = smooth", [1, 0, 1], None),
        ("(lifted < 150 or lifted > 150) and assets = smooth", [1, 0, 1], None),
        ("(lifted < 150 or lifted > 150) and assets = threshold", [0, 1, 0], None),
        ("lifted < 1,500", [1, 1, 1], "lifted < 1,500"),
        ("lifted > -5", [1, 1, 1], "lifted > -5"),
    ],
)
def test_what_is_understood(text: str, where: list[int], read: str | None) -> None:
    condition = parse(text, NUMBERS, WORDS)
    assert condition.holds(COLUMNS).astype(int).tolist() == where
    if read is not None:
        assert str(condition) == read
    again = parse(str(condition), NUMBERS, WORDS)
    assert again.holds(COLUMNS).tolist() == condition.holds(COLUMNS).tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("liftd < 150", "no column liftd. Did you mean lifted?"),
        ("zzz < 150", "no column zzz. Columns are lifted, spent"),
        ("lifted", "it ends where a comparison"),
        ("lifted <", "it ends where a number"),
        ("lifted < spent", "'spent' is not a number"),
        ("lifted < 5 and", "it ends where a column"),
        ("(lifted < 5", "a bracket is not closed"),
        ("lifted < 5)", "stands where nothing should"),
        ("lifted < 5 spent > 3", "stands where nothing should"),
        ("5 < lifted", "in the place of a column"),
        ("lifted ~ 5", "'~ 5' is not understood"),
        ("__import__('os').system('ls') < 1", "is not understood"),
        ("assets = smoth", "assets is never 'smoth'. Did you mean smooth?"),
        ("assets < smooth", "holds words, which are only = or !="),
        ("", "it ends where a column"),
        ("(" * 900 + "lifted < 5", "more than 20 brackets"),
        ("lifted < 5 " * 200, "more than 1,000 characters"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, NUMBERS, WORDS)
    assert message in str(caught.value)


def test_columns_are_named_once() -> None:
    condition = parse("lifted < 5 and (spent > 3 or lifted > 9)", NUMBERS, WORDS)
    assert columns_in(condition) == ["lifted", "spent"]


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_one_message(text: str) -> None:
    try:
        condition = parse(text, NUMBERS, WORDS)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert condition.holds(COLUMNS).shape == (3,)
