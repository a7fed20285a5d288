"""Of many tests around nothing hardly any is called a discovery; real ones still are."""

from __future__ import annotations

import numpy as np
from fupin.statistics.confidence import two_sided_t
from fupin.statistics.discoveries import count_of_tests, discovered, entries_of, freedom_of
from fupin.statistics.pairs import difference
from fupin.words.language import told

COUNTIES, PAIRS = 172, 12


def entries(effects: np.ndarray, rng: np.random.Generator) -> list[dict[str, float | None]]:
    """Mean differences over pairs with their intervals, as a comparison has them."""
    pairs = effects + rng.normal(size=(PAIRS, effects.size))
    mean, error = pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(PAIRS)
    half = error * two_sided_t(PAIRS - 1)
    return [
        {"mean": float(m), "low": float(m - h), "high": float(m + h)}
        for m, h in zip(mean, half, strict=True)
    ]


def test_chance_lights_no_map() -> None:
    rng = np.random.default_rng(7)
    false, by_interval = 0, 0
    for _ in range(40):
        found = entries(np.zeros(COUNTIES), rng)
        false += bool(discovered(found, PAIRS - 1).any())
        by_interval += sum(told(entry) for entry in found)
    assert by_interval / 40 > 10  # what intervals alone would have coloured
    assert false <= 10  # a tenth of the maps, and chance


def test_what_is_there_is_found_and_few_others() -> None:
    rng = np.random.default_rng(8)
    effects = np.zeros(COUNTIES)
    effects[:40] = 2.5
    shares = []
    for _ in range(20):
        found = discovered(entries(effects, rng), PAIRS - 1)
        assert found[:40].mean() > 0.9
        shares.append(found[40:].sum() / found.sum())
    assert np.mean(shares) < 0.12


def test_what_cannot_change_is_no_test() -> None:
    rng = np.random.default_rng(9)
    still: list[dict[str, float | None]] = [{"mean": 0.0, "low": 0.0, "high": 0.0}] * 500
    unknown: list[dict[str, float | None]] = [{"mean": None, "low": None, "high": None}]
    some = entries(np.full(8, 0.9), rng)
    alone, among = discovered(some, PAIRS - 1), discovered(some + still + unknown, PAIRS - 1)
    assert (among[:8] == alone).all() and not among[8:].any()
    assert count_of_tests(some + still + unknown) == 8


def test_one_pair_tells_nothing() -> None:
    assert freedom_of(1, 1) == 0.0
    assert freedom_of(1, 10) == 9.0 and freedom_of(10, 2) == 1.0
    sure = [{"mean": 5.0, "low": 4.9, "high": 5.1}]
    assert not discovered(sure, 0.0).any() and discovered(sure, 9.0).all()


def test_an_interval_that_knows_its_freedom_is_judged_by_it() -> None:
    """Twenty draws with two seeds know more than two seeds alone."""
    rng = np.random.default_rng(11)
    effects = [1.0] * 30 + [0.0] * 70
    known = [
        difference(rng.normal(effect, 1.0, (20, 1)) + rng.normal(0.0, 0.1, (20, 2)))
        for effect in effects
    ]
    bare = [{name: one[name] for name in ("mean", "low", "high")} for one in known]
    least = freedom_of(20, 2)
    assert discovered(known, least)[:30].sum() > 20 > discovered(bare, least).sum()


def test_differences_of_a_table_are_read_with_what_is_unknown() -> None:
    table = {"mean": np.array([1.0, np.nan, 0.0]), "low": np.array([0.5, np.nan, 0.0]),
             "high": np.array([1.5, np.nan, 0.0]), "freedom": np.array([9.0, np.nan, 9.0]),
             "county": np.array([1, 2, 3])}  # fmt: skip
    nothing = dict.fromkeys(("mean", "low", "high", "freedom"))
    found = entries_of(table, np.array([True, True, False]))
    assert found == [{"mean": 1.0, "low": 0.5, "high": 1.5, "freedom": 9.0}, nothing]
    assert discovered(found, 1.0).tolist() == [True, False]
    del table["freedom"]  # as folders of earlier versions have it
    assert entries_of(table, np.array([True, False, False])) == [
        {"mean": 1.0, "low": 0.5, "high": 1.5}
    ]
