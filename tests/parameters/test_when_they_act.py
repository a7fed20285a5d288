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
from reading_worlds import PLANS, bounds_of, other_value, read_after_the_start

SAMPLE = 0.004
BOOK = load_book()
LEDGER = (
    "opening", "released", "delivered", "lost", "returned", "added_by_others", "capital_charge",
    "running_cost", "interest_paid", "interest_subsidy", "defaults_borne",
)  # fmt: skip


UNSEEN = {
    "household_projects.return_walnut",  # walnuts bear after four and a half years
    "integrated_funds.neighbour_radius",  # a small sample has no neighbours so near
}
"""What acts in plans that are too long or too large for a test."""


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


_OPEN = {"skills_training": {"budget": 30_000_000}, "project_management": {"budget": 3_000_000}}
STARTS: tuple[dict[str, object], ...] = (
    {"programmes": _OPEN, "period": {"start": "2009-01", "end": "2009-12"}, "horizon": 2009},
    # Funds of the end of 2009.
    {"programmes": _OPEN, "period": {"start": "2011-01", "end": "2011-12"}, "horizon": 2011},
    {key: PLANS[-1][key] for key in ("programmes", "period", "horizon")},  # old village plans
)
"""Plans whose starts together read all that shapes one."""


def test_what_shapes_the_start_does() -> None:
    """Another value in history makes other households, another register or other funds.

    Six of them here, all of them by running this file.
    """
    assert not list(those_that_shape_nothing(chosen(marked("start"), 6)))


def those_that_shape_nothing(names: list[str]) -> Iterator[str]:
    """Names whose other value in history leaves all that the plans of STARTS leave behind."""
    plans = [
        Scenario.model_validate({"name": "t", "population": {"sample": SAMPLE}, **keys})
        for keys in STARTS
    ]
    usual = [trace(live(plan, live_history(plan, 1), 1)) for plan in plans]
    for name in names:
        for plan, own in zip(plans, usual, strict=True):
            past = plan.history.model_copy(update={"parameters": {name: other_value(name)}})
            other = plan.model_copy(update={"history": past})
            if trace(live(other, live_history(other, 1), 1)) != own:
                break
        else:
            yield name


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
    names = chosen((marked("always") | marked("plan")) - UNSEEN, 8)
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


def test_no_value_within_its_range_breaks_a_world(
    starts: list[tuple[Scenario, Start, str]],
) -> None:
    """Accounts hold at both ends of a range; three here, all of them by running this file."""
    names = {n for n in marked("always") | marked("plan") if "income" in n or "cost" in n}
    assert not list(those_that_break(chosen(names, 3), starts))


def those_that_break(
    names: list[str], starts: list[tuple[Scenario, Start, str]]
) -> Iterator[tuple[str, str]]:
    """Names with a value within their range at which a plan cannot be lived, and why."""
    for name in names:
        for plan, start, _ in starts:
            for value in bounds_of(name):
                changed = plan.model_copy(update={"parameters": Overrides({name: value})})
                try:
                    world = live(changed, start.again(), 1)
                except Exception as error:
                    yield f"{name} = {value:g} ({plan.period.start})", repr(error)
                else:
                    if world.ledger.imbalance():
                        yield f"{name} = {value:g}", "accounts do not balance"


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
    for name, error in those_that_break(everything, lived_starts()):
        print(name, "at an end of its range:", error)
    for still in those_that_move_nothing(everything, lived_starts()):
        print(still, BOOK[still].value, "->", other_value(still))
    for still in those_that_shape_nothing(sorted(marked("start"))):
        print("start:", still)
