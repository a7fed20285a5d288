"""Pictures draw the numbers of the frames, and their axes say the unit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from fupin.errors import InputError
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from tests.api.conftest import Both


@pytest.fixture(autouse=True)
def close() -> Iterator[None]:
    pyplot.switch_backend("Agg")
    yield
    pyplot.close("all")


def points(ax: Axes, label: str) -> tuple[list[float], list[float]]:
    """Where a labelled line goes."""
    (line,) = (one for one in ax.get_lines() if one.get_label() == label)
    return np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist()


def whiskers(ax: Axes, number: int = 0) -> list[tuple[float, float]]:
    """Ends of the horizontal lines of one plan."""
    lines = [c for c in ax.collections if isinstance(c, LineCollection)][number]
    return [(float(s[0][0]), float(s[1][0])) for s in lines.get_segments()]


def test_the_poor_by_year(both: Both) -> None:
    ax = both.run.plot("poor")
    outcomes = both.run.outcomes["mean"]
    years, poor = points(ax, "income-poor")
    assert years == [2008, 2009]
    assert poor == [outcomes.income_poor_start, outcomes.income_poor_end]
    assert points(ax, "registered poor")[1][1] == outcomes.registered_poor_end
    assert ax.get_ylabel() == "persons" and ax.get_xlabel() == "December of"
    band = ax.collections[1].get_paths()[0].vertices[:, 1]
    ends = both.run.outcomes.loc["income_poor_end"]
    assert {ends.low, ends.high} <= set(band.tolist())
    ax = both.run.plot(outcomes="mean_income")
    assert points(ax, "mean_income")[1] == [outcomes.mean_income]
    assert ax.get_ylabel() == "yuan/person"


def test_the_document(both: Both) -> None:
    ax = both.run.plot("document", outcomes=["S27", "S17"])
    figures = both.run.figures.loc[["S27", "S17"]]
    shares, rows = points(ax, "the model")
    assert shares == pytest.approx((100 * figures["mean"] / figures.document).tolist())
    assert rows == [0, 1]
    assert whiskers(ax)[0] == pytest.approx(
        tuple(100 * figures.loc["S27", ["low", "high"]].astype(float) / 200_000)
    )
    assert "% of the document's" in ax.get_xlabel()
    everything = both.run.plot("document")
    labels = [text.get_text().split()[0] for text in everything.get_yticklabels()]
    assert "S27" in labels and "S39" not in labels  # what was put in shows nothing


def test_money(both: Both) -> None:
    ax = both.run.plot("money")
    budgets = both.more.budgets
    given = budgets[budgets.money.isin(["fiscal", "social"])]
    assert [text.get_text() for text in ax.get_yticklabels()] == given.title.tolist()
    widths = [[bar.get_width() for bar in bars] for bars in ax.containers]
    programmes = both.run.programmes["mean"].unstack()
    for part, found in zip(("delivered", "lost", "unspent"), widths, strict=True):
        assert found == programmes.loc[given.index, part].tolist()
    assert ax.get_xlabel() == "fiscal and social money, yuan"


def test_differences(both: Both) -> None:
    ax = both.comparison.plot()
    frame = both.comparison.outcomes.loc["more"]
    keys = ["lifted", "registered_poor_end", "income_poor_end"]
    means, rows = points(ax, "more")
    assert means == frame.loc[keys, "mean"].tolist() and rows == [0, 1, 2]
    assert whiskers(ax) == [tuple(frame.loc[key, ["low", "high"]]) for key in keys]
    assert ax.get_xlabel() == "plan less 2009-document, persons"
    money = both.comparison.plot("differences", outcomes="spent")
    assert money.get_xlabel().endswith("yuan")
    assert points(money, "more")[0] == [frame.loc["spent", "mean"]]


def test_months_and_cost(both: Both) -> None:
    ax = both.comparison.plot("months")
    months = both.comparison.table("months")
    rows = months[(months.world == "more") & (months.series == "registered_poor")]
    assert points(ax, "more")[1] == rows.difference_mean.tolist()
    assert ax.get_ylabel().endswith("persons")
    ax = both.comparison.plot("cost")
    named = both.comparison.cost["mean"].drop("per_lifted", level="measure").dropna()
    assert points(ax, "cost")[0] == named.tolist()
    assert ax.get_xlabel() == "yuan/person"


def test_the_response_of_a_sweep(both: Both) -> None:
    ax = both.sweep.plot(outcomes="spent")
    frame = both.sweep.points
    lines = {c.get_label(): c.lines[0] for c in ax.containers}
    assert set(lines) == {"recognition False", "recognition True"}
    found = frame[frame.recognition]
    line = lines["recognition True"]
    assert line.get_xdata().tolist() == [30e6, 61e6]
    assert line.get_ydata().tolist() == found["spent.mean"].tolist()
    assert ax.get_xlabel() == "programmes.skills_training.budget"
    assert ax.get_ylabel().endswith("yuan")


def test_axes_of_ones_own_and_what_cannot_be_drawn(both: Both) -> None:
    _, (left, right) = pyplot.subplots(1, 2)
    assert both.run.plot("poor", ax=left) is left and not right.get_lines()
    for ask, message in (
        (lambda: both.run.plot("pour"), "Did you mean poor?"),
        (lambda: both.run.plot(outcomes=["liftd"]), "Did you mean lifted?"),
        (lambda: both.run.plot(outcomes=["lifted", "spent"]), "persons and yuan on one axis"),
        (lambda: both.run.plot("document", outcomes=["S99"]), "no outcome S99"),
        (lambda: both.comparison.plot("cost", outcomes=["per_head"]), "no outcome per_head"),
    ):
        with pytest.raises(InputError) as caught:
            ask()
        assert message in str(caught.value)
