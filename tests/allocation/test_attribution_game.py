"""Shares of planted games: they sum, treat alike alike, give nothing for nothing, and add up."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from fupin.allocation import attribution_game
from fupin.allocation.attribution_game import Grid, Shares, coalitions, shares, wholes
from hypothesis import given, settings
from hypothesis import strategies as st

Terms = Mapping[tuple[int, ...], float]

FEW = settings(max_examples=25, deadline=None)


def worth_of(players: int, terms: Terms, masks: Sequence[int] | None = None) -> dict[int, Grid]:
    """A game as a sum of what groups do together: Harsanyi's dividends."""
    found = {}
    for mask in masks if masks is not None else range(1 << players):
        sets = (v for group, v in terms.items() if all(mask >> i & 1 for i in group))
        found[mask] = np.full((1, 1), float(sum(sets)))
    return found


def planted(players: int, largest: int, whole: bool = False) -> st.SearchStrategy[Terms]:
    """Dividends of some groups of at most `largest` players."""
    groups = st.lists(st.integers(0, players - 1), min_size=1, max_size=largest, unique=True).map(
        lambda group: tuple(sorted(group))
    )
    amounts = st.integers(-1000, 1000).map(float)
    return st.dictionaries(groups, amounts, min_size=1, max_size=12)


def of(players: int, terms: Terms, unions: Sequence[Sequence[int]] = ()) -> Shares:
    masks = coalitions(players, unions)
    return shares(players, worth_of(players, terms, masks), unions)


def truth(players: int, terms: Terms) -> list[float]:
    """Shapley's value of dividends: each divided evenly among its group."""
    return [
        sum(amount / len(group) for group, amount in terms.items() if i in group)
        for i in range(players)
    ]


SIZES = pytest.mark.parametrize("players", [1, 3, 6, 11])
"""Few, whose coalitions are all lived, and many, of whom some are."""


@SIZES
@FEW
@given(st.data())
def test_shares_sum_to_the_whole(players: int, data: st.DataObject) -> None:
    terms = data.draw(planted(players, players))
    unions = [range(0, players, 2), range(1, players, 2)] if players > 1 else [[0]]
    found = of(players, terms, unions)
    whole = sum(terms.values())
    assert found.share.sum() == pytest.approx(whole, abs=1e-6)
    assert found.owen.sum() == pytest.approx(whole, abs=1e-6)
    assert found.unions.sum() == pytest.approx(whole, abs=1e-6)
    for k, members in enumerate(unions):
        assert found.owen[list(members)].sum() == pytest.approx(found.unions[k].item(), abs=1e-6)


@SIZES
@FEW
@given(st.data())
def test_who_adds_nothing_has_nothing(players: int, data: st.DataObject) -> None:
    terms = data.draw(planted(players, players))
    idle = data.draw(st.integers(0, players - 1))
    kept = {group: v for group, v in terms.items() if idle not in group}
    unions = [[i] for i in range(players)] if players < 4 else [[0, 1, 2], range(3, players)]
    found = of(players, kept, unions)
    assert found.share[idle].item() == pytest.approx(0.0, abs=1e-6)
    own = next(union for union in unions if idle in union)
    if any(set(group) & set(own) for group in kept):  # else all of its union add nothing
        assert found.owen[idle].item() == pytest.approx(0.0, abs=1e-6)


@SIZES
@FEW
@given(st.data())
def test_who_does_the_same_has_the_same(players: int, data: st.DataObject) -> None:
    if players < 2:
        return
    terms = dict(data.draw(planted(players, players)))
    swap = {0: 1, 1: 0}
    for group in sorted(terms):
        other = tuple(sorted(swap.get(i, i) for i in group))
        terms[other] = terms[group]
    found = of(players, terms)
    assert found.share[0].item() == pytest.approx(found.share[1].item(), abs=1e-6)


@FEW
@given(planted(6, 6), planted(6, 6))
def test_all_coalitions_add_up_over_games(one: Terms, other: Terms) -> None:
    both = {g: one.get(g, 0.0) + other.get(g, 0.0) for g in {*one, *other}}
    assert of(6, both).share == pytest.approx(of(6, one).share + of(6, other).share, abs=1e-6)


@FEW
@given(planted(11, 11), planted(11, 11))
def test_parts_of_a_whole_sum_to_it(one: Terms, other: Terms) -> None:
    """What a pairwise game leaves is divided in every part as in the whole."""
    both = {g: one.get(g, 0.0) + other.get(g, 0.0) for g in {*one, *other}}
    whole = of(11, both)
    masks = coalitions(11)
    parts = [shares(11, worth_of(11, t, masks), (), whole.weights) for t in (one, other)]
    assert sum(part.share for part in parts) == pytest.approx(whole.share, abs=1e-6)


@FEW
@given(planted(11, 3))
def test_interactions_of_three_and_fewer_are_exact(terms: Terms) -> None:
    found = of(11, terms)
    assert found.share.ravel() == pytest.approx(truth(11, terms), abs=1e-6)
    assert found.left is not None and found.residual is not None
    assert found.left.item() == pytest.approx(0.0, abs=1e-6)
    beyond = sum(amount for group, amount in terms.items() if len(group) > 2)
    assert found.residual.item() == pytest.approx(beyond, abs=1e-6)


@FEW
@given(planted(11, 11))
def test_unions_have_what_they_have_as_wholes_whatever_interacts(terms: Terms) -> None:
    unions = [[0, 1, 2, 3], [4, 5, 6], [7, 8], [9, 10]]
    found = of(11, terms, unions)
    every = worth_of(11, terms, wholes(unions))
    game = {k: every[mask] for k, mask in enumerate(wholes(unions))}
    exact = attribution_game.shapley(4, game)
    assert found.unions == pytest.approx(exact, abs=1e-6)


def test_alone_last_and_interactions_are_what_they_say() -> None:
    terms = {(0,): 10.0, (1,): 5.0, (0, 1): -4.0, (1, 2): 6.0, (2,): 1.0}
    for players in (3, 10):
        found = of(players, terms)
        assert found.alone[:3].ravel().tolist() == [10.0, 5.0, 1.0]
        assert found.last[:3].ravel().tolist() == [6.0, 7.0, 7.0]
        assert found.interactions[0, 1].item() == pytest.approx(-4.0)
        assert found.interactions[1, 2].item() == pytest.approx(6.0)
        assert found.interactions[0, 2].item() == pytest.approx(0.0)


def test_worlds_that_are_needed_are_as_few_as_the_issue_says() -> None:
    assert len(coalitions(8)) == 256
    plain = coalitions(16)
    assert len(plain) == 1 + 16 + 120 + 16 + 1
    classes = [range(9), [9, 10, 11], [12, 13, 14], [15]]
    assert len(coalitions(16, classes)) <= len(plain) + 12
    assert plain[0] == 0 and plain[-1] == (1 << 16) - 1


# --- beside an independent library -------------------------------------------------------------


def _library(players: int, worth: Mapping[int, Grid]) -> object:
    shapiq = pytest.importorskip("shapiq")

    def value(sets: np.ndarray) -> np.ndarray:
        masks = (sets.astype(int) << np.arange(players)).sum(axis=1)
        return np.array([worth[int(mask)].item() for mask in masks])

    return shapiq.ExactComputer(game=value, n_players=players)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_eight_players_agree_with_shapiq_to_the_last_digit(seed: int) -> None:
    """shapiq is by Muschalik et al. (2024, NeurIPS): it reckons from the same 256 worths."""
    rng = np.random.default_rng(seed)
    worth = {mask: np.full((1, 1), float(rng.normal(0, 10_000))) for mask in range(256)}
    worth[0][:] = 0.0
    found = shares(8, worth)
    computer = _library(8, worth)
    theirs = computer("SV", order=1)  # type: ignore[operator]
    pairs = computer("SII", order=2)  # type: ignore[operator]
    scale = max(abs(v.item()) for v in worth.values())
    for i in range(8):
        assert found.share[i].item() == pytest.approx(theirs[(i,)], abs=1e-12 * scale)
    for i, j in itertools.combinations(range(8), 2):
        assert found.interactions[i, j].item() == pytest.approx(
            pairs[(i, j)], abs=1e-11 * scale
        )  # fmt: skip


def test_many_players_agree_with_shapiq_where_three_interact_at_most() -> None:
    rng = np.random.default_rng(7)
    groups = [g for size in (1, 2, 3) for g in itertools.combinations(range(10), size)]
    terms = {g: float(rng.normal(0, 100)) for g in groups}
    found = of(10, terms)
    theirs = _library(10, worth_of(10, terms))("SV", order=1)  # type: ignore[operator]
    for i in range(10):
        assert found.share[i].item() == pytest.approx(theirs[(i,)], rel=1e-9)
