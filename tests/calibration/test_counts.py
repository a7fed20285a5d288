"""Unit costs that the document's counts inform, on a toy whose costs are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fupin.calibration.abduction import drawn
from fupin.calibration.counts import Count, informed, learned, load_counts, met
from fupin.calibration.moment_names import COUNTS
from fupin.errors import InputError
from fupin.parameters.book import load_book
from fupin.parameters.document import load_document

COST, MATCH, SIZE = (
    "rural_works.water_cost", "rural_works.department_match", "mutual_funds.founding_members",
)  # fmt: skip
TOY = [Count("S23", 410_000.0, 0.01, (COST, MATCH)), Count("S51", 15_500.0, 0.01, (SIZE,))]


def _life(vector: dict[str, float], luck: float = 0.0) -> dict[str, float]:
    """Money over costs, with a little luck that no parameter explains."""
    water = 150e6 * 0.9 * (1 + 0.8 * vector[MATCH]) / vector[COST] / 4
    return {"S23": water * np.exp(luck), "S51": 359 * vector[SIZE] * np.exp(luck)}


def _delivery() -> tuple[object, list[dict[str, float]]]:
    vectors = load_book().sample_prior(informed(TOY), 60, 3)
    return learned(TOY, [_life(vector) for vector in vectors], vectors), vectors


def test_elasticities_are_those_of_money_over_cost() -> None:
    delivery, _ = _delivery()
    by_name = dict(zip(delivery.names, delivery.elasticities[0], strict=True))
    assert by_name[COST] == pytest.approx(-1.0, abs=0.05)
    assert 0.6 < by_name[MATCH] < 0.9
    assert by_name[SIZE] == 0.0


def test_a_row_meets_the_counts_after_a_few_lives_and_stays_near_its_prior() -> None:
    delivery, vectors = _delivery()
    laws = {name: load_book()[name].distribution for name in delivery.names}
    for i, stood in enumerate(vectors[:12]):
        lived = dict(stood)
        for _ in range(3):
            lived = met(delivery, stood, lived, _life(lived, 0.02), np.zeros(2))
        found = _life(lived, 0.02)
        assert found["S23"] == pytest.approx(410_000, rel=0.02), i
        assert found["S51"] == pytest.approx(15_500, rel=0.02), i
        for name, law in laws.items():
            assert law is not None and law.low <= lived[name] <= law.high
    ends = np.array([[vector[COST], vector[MATCH]] for vector in vectors])
    assert ends.std(0).min() > 0


def test_rows_differ_where_two_costs_can_do_it() -> None:
    """The figure tells of a ratio of cost and match, not of both: the posterior keeps a ridge."""
    delivery, vectors = _delivery()
    found = []
    for stood in vectors[:20]:
        lived = dict(stood)
        for _ in range(3):
            lived = met(delivery, stood, lived, _life(lived), np.zeros(2))
        found.append([lived[COST], lived[MATCH]])
    logs = np.log(found)
    assert np.corrcoef(logs.T)[0, 1] > 0.8
    assert logs[:, 0].std() > 0.05


def test_the_counts_are_figures_of_the_document() -> None:
    counts = load_counts()
    rows = {row.id: row for row in load_document()}
    assert {count.figure for count in counts} <= set(COUNTS)
    for count in counts:
        row, _, part = count.figure.partition(".")
        value = rows[row].parts[part] if part else rows[row].value
        assert value <= count.value <= 1.03 * value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("S99: {tolerance: 0.1, by: []}", "S99"),
        ("S23: {tolerance: 0, by: []}", "tolerance"),
        ("S23: {tolerance: 0.1, by: [rural_works.nothing]}", "rural_works.nothing"),
        ("S23: {tolerance: 0.1, by: [], why: x}", "1:31: S23.why: unknown key"),
        ("S23: {tolerance: 0.1, by: rural_works.water_cost}", "1:27: .*not a list of names"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "counts.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match=said):
        load_counts(file)


def test_rows_are_drawn_in_proportion_to_their_weights() -> None:
    weights = np.array([1.0, 2.0, 3.0, 4.0, 10.0, 0.5, 0.5, 1.0])
    counts = np.zeros(8)
    trials = 4000
    for k in range(trials):
        chosen = drawn(weights, 3, np.random.default_rng(k))
        assert len(set(chosen)) == 3
        counts[chosen] += 1
    chance = counts / trials
    assert chance[4] == 1.0  # 10 of 22, three wanted: it is always among them
    wanted = weights[:4] / weights[[0, 1, 2, 3, 5, 6, 7]].sum() * 2
    assert chance[:4] == pytest.approx(wanted, abs=0.06)
