"""What the parameter files say of when a parameter acts is what worlds do."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

import numpy as np
import pytest
from fupin.month import live
from fupin.parameters.book import load_book
from fupin.scenario.overrides import Overrides
from fupin.scenario.schema import Scenario
from fupin.world.start import Start, live_history
from fupin.world.world import World
from reading_worlds import PLANS, other_value, read_after_the_start

SAMPLE = 0.004
BOOK = load_book()
LEDGER = (
    "released", "delivered", "lost", "returned", "added_by_others", "capital_charge",
    "running_cost", "interest_paid", "interest_subsidy", "defaults_borne",
)  # fmt: skip


@pytest.fixture(scope="module")
def read() -> tuple[set[str], set[str]]:
    return read_after_the_start(SAMPLE)


def marked(acts: str) -> set[str]:
    return {name for name in BOOK if BOOK[name].acts == acts and not BOOK[name].dated}


def test_what_a_month_reads_acts_always(read: tuple[set[str], set[str]]) -> None:
    assert read[1] == marked("always")


def test_what_is_read_once_is_marked(read: tuple[set[str], set[str]]) -> None:
    assert read[0] - read[1] == marked("plan")


def test_what_no_plan_reads_shapes_the_start_or_the_report(read: tuple[set[str], set[str]]) -> None:
    undated = {name for name in BOOK if not BOOK[name].dated}
    assert undated - read[0] - read[1] == marked("start") | marked("report")
    assert marked("report") == {f"costs.impact_{end}" for end in ("low", "high", "prices")}
    assert not [name for name in BOOK if BOOK[name].dated and BOOK[name].acts != "always"]


def test_what_shapes_the_start_does() -> None:
    """Another value in history makes other households, another register or other funds."""
    scenario = Scenario.model_validate(
        {"name": "t", "population": {"sample": SAMPLE}, "horizon": 2009}
    )
    base = trace(live(scenario, live_history(scenario, 1), 1))
    for name in chosen(marked("start"), 6):
        value = other_value(name)
        other = scenario.model_copy(
            update={"history": scenario.history.model_copy(update={"parameters": {name: value}})}
        )
        assert trace(live(other, live_history(other, 1), 1)) != base, name


@pytest.fixture(scope="module")
def starts() -> list[tuple[Scenario, Start, str]]:
    return lived_starts()


def lived_starts() -> list[tuple[Scenario, Start, str]]:
    """Each plan with a start to come back to, and what it comes to by its own values."""
    found = []
    for keys in PLANS:
        plan = Scenario.model_validate({"name": "t", **keys, "population": {"sample": SAMPLE}})
        start = live_history(plan, 1)
        start.keep()
        found.append((plan, start, trace(live(plan, start.again(), 1))))
    return found


def test_what_acts_moves_results(starts: list[tuple[Scenario, Start, str]]) -> None:
    """Changed from a plan's start on, with the past as it was.

    Some of them here, all of them by running this file.
    """
    names = chosen(marked("always") | marked("plan"), 14)
    assert not list(those_that_move_nothing(names, starts))


def those_that_move_nothing(
    names: list[str], starts: list[tuple[Scenario, Start, str]]
) -> Iterator[str]:
    for name in names:
        for plan, start, usual in starts:
            changed = plan.model_copy(update={"parameters": Overrides({name: other_value(name)})})
            if trace(live(changed, start.again(), 1)) != usual:
                break
        else:
            yield name


def chosen(names: set[str], number: int) -> list[str]:
    """Some of the names, others on other days; shares of a whole cannot change alone."""
    alone = sorted(name for name in names if not BOOK[name].share_of)
    return sorted(random.Random(f"{len(alone)}").sample(alone, min(number, len(alone))))


def trace(world: World) -> str:
    """Hash of all that a life leaves behind."""
    digest = hashlib.blake2b()
    for column in world.households:
        digest.update(np.ascontiguousarray(column).tobytes())
    for name in LEDGER:
        digest.update(getattr(world.ledger, name).tobytes())
    digest.update(repr([sorted(p.counts_by_year.items()) for p in world.programmes]).encode())
    counts = {y: (m.registered, m.survey_poor) for y, m in world.measured.items()}
    digest.update(repr(sorted(counts.items())).encode())
    return digest.hexdigest()


if __name__ == "__main__":
    everything = sorted(n for n in marked("always") | marked("plan") if not BOOK[n].share_of)
    for still in those_that_move_nothing(everything, lived_starts()):
        print(still, BOOK[still].value, "->", other_value(still))
