"""Who gains: also where a run changes nobody's income, or all of them for the worse."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from fupin.report.html.parts import Chart
from fupin.report.html.run_who import TABLE, who_section
from fupin.report.ten import _gain_of_run
from fupin.store.folder import StoredResult
from fupin.words.language import Language

NOTHING = [0.0] * 5
MORE = [50.0, 20.0, 10.0, 5.0, 1.0]
LESS = [-value for value in MORE]


def stored(*runs: list[float]) -> StoredResult:
    """A result whose runs change the income of the fifths by so much."""
    n = len(runs)
    table: dict[str, Any] = {
        "draw": np.repeat([f"d{i}" for i in range(n)], 5),
        "seed": np.ones(5 * n, int),
        "fifth": np.tile(np.arange(1, 6), n),
        "persons": np.full(5 * n, 100.0),
        "winners": (np.concatenate(runs) > 0).astype(float),
        "losers": (np.concatenate(runs) < 0).astype(float),
        "change_yuan": np.concatenate(runs),
    }
    run = {"draws": [{"label": f"d{i}"} for i in range(n)], "seeds": [1]}
    return cast(StoredResult, SimpleNamespace(table_names=[TABLE], table=lambda _: table, run=run))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "runs",
    [
        [NOTHING], [NOTHING, NOTHING], [NOTHING, MORE], [MORE, NOTHING, LESS], [LESS], [LESS, LESS],
        [MORE], [MORE, MORE],
    ],
)  # fmt: skip
def test_a_share_is_named_only_of_a_sum_that_is_there(lang: str, runs: list[list[float]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        section = who_section(Language(lang), stored(*runs))
    charts = [block for block in section.blocks if isinstance(block, Chart)]
    assert "nan" not in str(charts)
    assert "inf" not in str(charts)
    assert ("%" in charts[0].title) is all(one is MORE for one in runs)


def test_the_poorest_fifth_gets_the_same_share_in_chart_and_answer() -> None:
    """Of the means of the fifths: 60 of 200 is 30%, and not the mean of 58% and 9%."""
    little, much = MORE, [10.0, 30.0, 30.0, 30.0, 14.0]
    result = stored(little, much)
    (chart, *_) = [b for b in who_section(Language("en"), result).blocks if isinstance(b, Chart)]
    gain = _gain_of_run(result)
    assert gain is not None and gain.share == pytest.approx(60 / 200)
    assert "30%" in chart.title
