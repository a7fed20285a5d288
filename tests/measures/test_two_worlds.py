"""Additionality, targeting and cost: laws that hold to the person, and worked examples."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from fupin import measures
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from small_worlds import CALM, central, copied, live, newborn, open_january, province

flags = hnp.arrays(bool, 40)
persons = hnp.arrays(np.int64, 40, elements=st.integers(0, 10**7))


def test_four_kinds_of_people() -> None:
    here = np.array([False, False, True, True, False])
    twin = np.array([False, True, True, False, True])
    everybody = np.ones(5, bool)
    people = np.array([1, 2, 4, 8, 16])
    found = measures.additionality(here, twin, everybody, people, people)
    assert found == (1, 2 + 16, 4, 8, 0, 0)
    assert found.net == 10 and found.resized == 0


def test_who_has_one_life_only_is_of_no_kind() -> None:
    """By hand: rows are never, harmed, because, always and a household outside the group."""
    here = np.array([True, True, False, False, True])
    twin = np.array([True, False, True, False, True])
    group = np.array([True, True, True, True, False])
    people_here, people_twin = np.array([3, 5, 2, 9, 7]), np.array([4, 3, 6, 8, 1])
    found = measures.additionality(here, twin, group, people_here, people_twin)
    assert found == measures.Additionality(
        always=8, because=2, never=3, harmed=3, only_here=2, only_twin=1 + 4
    )
    assert found.poor_here == 3 + 5 and found.poor_twin == 4 + 6
    assert found.resized == 3 and found.net == 10 - 8


def test_a_household_that_keeps_its_last_workers_in_one_world() -> None:
    """Two workers. In the twin both are at home and one dies; here the plan sent both away, so
    that none is lost: one person more here, poor in both worlds, and the poor are one more."""
    core, sizes = newborn(province(0.002), central()), {}
    open_january(core, 2001)
    for world, away in (("here", 2), ("twin", 0)):
        h = copied(core.households)
        h.size[:], h.labour[:], h.migrants[:] = 2, 2, away
        h.elderly[:], h.children[:], h.frail[:] = 0, 0, 0
        live(core, 2001, 12, h, upto=1, **CALM | {"loss": np.float32(0.5)})
        sizes[world] = h.size
    assert (sizes["here"] == 2).all() and (sizes["twin"] == 1).all()
    poor, weight = np.ones(1, bool), np.array([11])
    people = weight * sizes["here"][:1], weight * sizes["twin"][:1]
    found = measures.additionality(poor, poor, poor, *people)
    assert found == measures.Additionality(0, 0, never=11, harmed=0, only_here=11, only_twin=0)
    assert found.net == found.resized == -11


@settings(max_examples=120, deadline=None)
@given(flags, flags, flags, persons, persons, flags)
def test_kinds_sum_to_the_difference_of_the_worlds(
    here: np.ndarray,
    twin: np.ndarray,
    before: np.ndarray,
    people: np.ndarray,
    others: np.ndarray,
    resized: np.ndarray,
) -> None:
    """Exactly, whatever the sizes in the two worlds, for any part of the people and in all."""
    twins = np.where(resized, others, people)
    parts = [measures.additionality(here, twin, g, people, twins) for g in (before, ~before)]
    whole = measures.additionality(here, twin, np.ones(40, bool), people, twins)
    assert [a + b for a, b in zip(*parts, strict=True)] == list(whole)
    assert sum(whole[:4]) == np.minimum(people, twins).sum()
    assert whole.because - whole.harmed + whole.resized == whole.net
    assert whole.net == twins[twin].sum() - people[here].sum()
    for part, group in zip(parts, (before, ~before), strict=True):
        assert part.poor_here == people[here & group].sum()
        assert part.poor_twin == twins[twin & group].sum()
        assert min(part) >= 0
    backwards = measures.additionality(twin, here, before, twins, people)
    assert backwards.because == parts[0].harmed and backwards.net == -parts[0].net
    assert backwards.only_here == parts[0].only_twin
    alike = measures.additionality(here, twin, before, people, people)
    assert alike.only_here == alike.only_twin == 0


def test_persons_are_whole_and_households_the_same() -> None:
    yes, people = np.ones(3, bool), np.array([1, 2, 3])
    for fractions in ((people / 2, people), (people, people / 2)):
        with pytest.raises(TypeError, match="whole numbers"):
            measures.additionality(yes, yes, yes, *fractions)
    worlds = [yes, yes, yes, people, people]
    for which, other in itertools.product(range(5), (2, 4)):
        odd = [np.resize(w, other) if i == which else w for i, w in enumerate(worlds)]
        with pytest.raises(ValueError, match="same households"):
            measures.additionality(*odd)


def test_an_audit_by_hand() -> None:
    """Hundred people, 40 of them poor, 30 served, 18 of these poor: the definitions of Coady,
    Grosh & Hoddinott (2004), ch. 2: leakage 12/30, undercoverage 22/40."""
    people = np.ones(100, int)
    eligible = np.arange(100) < 40
    served = (np.arange(100) >= 22) & (np.arange(100) < 52)
    poorest = np.arange(100) < 20
    found = measures.audit(served, eligible, poorest, people)
    assert found == (30, 40, 18, 0)
    assert (found.served - found.both) / found.served == pytest.approx(12 / 30)
    assert (found.eligible - found.both) / found.eligible == pytest.approx(22 / 40)


@settings(max_examples=60, deadline=None)
@given(flags, flags, persons)
def test_perfect_targeting_reaches_exactly_the_eligible(
    eligible: np.ndarray, poorest: np.ndarray, weights: np.ndarray
) -> None:
    found = measures.audit(eligible, eligible, poorest, weights)
    assert found.served == found.eligible == found.both == weights[eligible].sum()


@settings(max_examples=60, deadline=None)
@given(flags, flags, flags, persons)
def test_an_audit_accounts_for_everybody(
    served: np.ndarray, eligible: np.ndarray, poorest: np.ndarray, weights: np.ndarray
) -> None:
    found = measures.audit(served, eligible, poorest, weights)
    assert found.both <= min(found.served, found.eligible)
    assert found.served - found.both == weights[served & ~eligible].sum()
    assert found.eligible - found.both == weights[eligible & ~served].sum()
    # Who serves nobody has no leakage and misses everybody.
    nobody = measures.audit(np.zeros(40, bool), eligible, poorest, weights)
    assert nobody.served == nobody.both == 0
    assert nobody.eligible == weights[eligible].sum()
