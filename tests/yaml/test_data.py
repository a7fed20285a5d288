"""Values of Python become the tree that a file with the same content has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.scenario.dump import to_yaml
from fupin.yaml.data import tree_of
from fupin.yaml.events import read_tree
from fupin.yaml.tree import Mark, plain
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Mark(Path("here"), 1, 1)

_TEXTS = st.text("abcdefgh 魏:-#'\"", min_size=1, max_size=8)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(_TEXTS, _VALUES, min_size=1, max_size=4))
def test_as_a_file_says_it(content: dict[str, Any]) -> None:
    assert plain(tree_of(content, HERE)) == plain(read_tree(to_yaml(content), HERE.file))


def test_numbers_and_lists_of_numpy_and_switches() -> None:
    content = {
        "a": np.float64(0.5), "b": np.int16(7), "c": np.array([[1, 2], [3, 4]]), "d": np.True_,
        "e": "off", "f": "on", "g": (1, 2), "h": 60e6, 2009: 1, np.int64(2010): 2, "i": "Off sick",
    }  # fmt: skip
    found = plain(tree_of(content, HERE))
    assert found == {
        "a": 0.5, "b": 7, "c": [[1, 2], [3, 4]], "d": True, "e": False, "f": True, "g": [1, 2],
        "h": 60_000_000, "2009": 1, "2010": 2, "i": "Off sick",
    }  # fmt: skip
    assert isinstance(found, dict)
    kinds = {key: type(value) for key, value in found.items()}
    assert (kinds["a"], kinds["b"], kinds["d"], kinds["h"]) == (float, int, bool, int)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), object(), {1, 2}, b"x", 1j, np.datetime64("2009-01"), {1.5: 1},
     {None: 1}, {True: 1}, [[object()]]],
)  # fmt: skip
def test_what_no_file_can_hold(value: Any) -> None:
    with pytest.raises(InputError, match="here:1:1: at"):
        tree_of({"at": value}, HERE)
