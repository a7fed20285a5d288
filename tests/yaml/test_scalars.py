"""Unquoted words mean what they say, whatever YAML 1.1 makes of them."""

from __future__ import annotations

import pytest
from fupin.yaml.scalars import UnclearScalarError, interpret
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", False),
        ("Off", False),
        ("no", False),
        ("on", True),
        ("yes", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("2009-03", "2009-03"),
        ("2009-03-01", "2009-03-01"),
        ("12:30", "12:30"),
        ("130434", 130434),
        ("-5", -5),
        ("0", 0),
        ("0.4", 0.4),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("30.54 million", "30.54 million"),
        ("y", "y"),
        ("nan", "nan"),
        ("魏县", "魏县"),
        ("１２", "１２"),
    ],
)
def test_words(text: str, value: object) -> None:
    assert interpret(text) == value
    assert type(interpret(text)) is type(value)


@pytest.mark.parametrize(
    "text", ["1_000", "010", "-007", "0x1F", "0o17", "0b11", ".inf", "-.NaN", "5."]
)
def test_traps(text: str) -> None:
    with pytest.raises(UnclearScalarError) as caught:
        interpret(text)
    assert caught.value.instead


@given(
    st.one_of(
        st.text(alphabet="0123456789.eE+-_:xob", max_size=12),
        st.floats(allow_nan=False).map(repr),
        st.integers().map(str),
    )
)
def test_a_number_is_the_number_that_a_person_reads(text: str) -> None:
    """Where a value is a number, it is Python's own reading of the same digits."""
    try:
        value = interpret(text)
    except UnclearScalarError:
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        assert value == float(text) or value == int(text)
        assert "_" not in text and ":" not in text
    elif isinstance(value, str):
        assert value == text
