"""Seeds, draws and samples as values of Python mean what the same texts mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas
import pytest
from fupin.errors import COMMAND_LINE, PYTHON, InputError
from fupin.results.asked import draws_of, processes_of, sample_of, seeds_of
from fupin.results.draws import CENTRAL, Draw, parse_draws, parse_seeds, usual


@pytest.mark.parametrize(
    ("asked", "text"),
    [(5, "5"), ("5", "5"), ([3, 7, 8, 9], "3,7-9"), ("3,7-9", "3,7-9"), ((3,), "3,"),
     (range(1, 4), "3"), (np.int64(2), "2"), (np.array([4, 2]), "4,2"),
     (pandas.Series([1, 2]), "2"), (iter([7]), "7,"), (None, usual()[0])],
)  # fmt: skip
def test_seeds(asked: Any, text: str) -> None:
    assert seeds_of(asked) == parse_seeds(text)


@pytest.mark.parametrize(
    "asked",
    [0, -1, 1.7, 5.0, True, [0], [1.0], [True], ["1"], [1, 1], [], "0", "x", b"5", {1: 2}, object(),
     np.float64(2), [None], 10**8],
)  # fmt: skip
def test_wrong_seeds_are_told_in_the_words_of_python(asked: Any) -> None:
    with pytest.raises(InputError) as caught:
        seeds_of(asked)
    assert "seeds=" in str(caught.value) and "--" not in str(caught.value)


def test_draws() -> None:
    rows = parse_draws("8")
    assert draws_of(8) == draws_of("8") == draws_of("posterior:8") == draws_of(np.int32(8)) == rows
    assert draws_of(None) == parse_draws(usual()[1])
    assert draws_of([1, 8]) == [rows[0], rows[7]]
    assert draws_of(["posterior:8", "prior:3"]) == [rows[7], parse_draws("prior:3")[2]]
    assert draws_of(["central"]) == draws_of("central") == parse_draws("central")
    mine = Draw("mine", {"livelihood.persistence": 0.6})
    assert draws_of([mine, CENTRAL]) == [mine, CENTRAL]


@pytest.mark.parametrize(
    "asked",
    [0, -1, 1.5, True, "many", "prior:0", 10**8, [], [0], [1.5], [True], ["prior"], [1, 1],
     CENTRAL, {"a": 1}, object(), [{}], ["posterior:1", 1]],
)  # fmt: skip
def test_wrong_draws_are_told_in_the_words_of_python(asked: Any) -> None:
    with pytest.raises(InputError) as caught:
        draws_of(asked)
    assert "draws=" in str(caught.value) and "--" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "sample"),
    [("default", "default"), (" Full ", "full"), (0.05, 0.05), ("0.05", 0.05), (1, 1.0),
     (np.float32(0.5), 0.5)],
)  # fmt: skip
def test_samples(asked: Any, sample: str | float) -> None:
    assert sample_of(asked) == sample


@pytest.mark.parametrize("asked", [0, 2, -0.1, "lots", "", True, float("nan"), [0.1], None])
def test_wrong_samples(asked: Any) -> None:
    with pytest.raises(InputError, match=r"sample=.*is not a sample"):
        sample_of(asked, PYTHON)


def test_processes() -> None:
    assert processes_of(None) is None and processes_of(2) == processes_of(np.int64(2)) == 2
    for asked in (0, -2, 1.5, True, "2"):
        with pytest.raises(InputError, match=r"workers=.*Write workers=1\."):
            processes_of(asked, PYTHON)  # type: ignore[arg-type]


def test_wording_of_options() -> None:
    assert COMMAND_LINE("seeds", "3,7-9") == "--seeds 3,7-9" and COMMAND_LINE("out") == "--out"
    assert PYTHON("seeds", "3,7-9") == 'seeds="3,7-9"' and PYTHON("seeds", "5") == "seeds=5"
    assert PYTHON("sample", 0.05) == PYTHON("sample", "0.05") == "sample=0.05"
    assert PYTHON("out") == "folder=" and PYTHON("lang", "zh") == 'language="zh"'
    assert COMMAND_LINE.given("seeds", "x") == "--seeds 'x'"
    assert PYTHON.given("seeds", 1.7) == "seeds=1.7"
