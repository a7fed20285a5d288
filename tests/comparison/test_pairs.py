"""Household by household between two worlds: exact sums, and a gain that is nobody's twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from fupin import measures
from fupin.comparison import contest as twin_worlds
from fupin.comparison import lived as one_world
from fupin.comparison.content import compared
from fupin.comparison.contest import Contest, live_twins
from fupin.comparison.lived import LivedWorld
from fupin.comparison.pairs import require_exact
from fupin.comparison.tables import tables_of
from fupin.month import live as live_plan
from fupin.results.draws import CENTRAL
from fupin.results.outcome import RunResult
from fupin.scenario.schema import Scenario
from fupin.world.start import Start
from fupin.world.watching import Watcher
from fupin.world.world import World
from two_worlds import BASE, MORE, lived_once, outcome, plan, runs_of, table_of


@pytest.fixture(scope="module")
def lived() -> RunResult:
    return lived_once()


@pytest.mark.parametrize(("here", "twin"), [("more", "base"), ("more", "none"), ("base", "none")])
@pytest.mark.parametrize(
    ("status", "key"), [("income", "income_poor_end"), ("register", "registered_poor_end")]
)
def test_additionality_sums_to_the_difference_of_the_worlds(
    lived: RunResult, here: str, twin: str, status: str, key: str
) -> None:
    """To the person, and everybody is one of the four kinds."""
    found = table_of(lived, "additionality", plan=here, twin=twin, status=status)
    because, harmed = found["because"].sum(), found["harmed"].sum()
    assert because > 0
    assert because - harmed == outcome(lived, twin, key) - outcome(lived, here, key)
    kinds = sum(found[kind].sum() for kind in ("always", "because", "never", "harmed"))
    assert kinds == table_of(lived, "world_counties", world=here)["persons"].sum()
    assert found["never"].sum() + harmed == outcome(lived, here, key)


def test_gains_are_those_of_winners_less_those_of_losers(lived: RunResult) -> None:
    found = table_of(lived, "gains", plan="more", twin="none")
    assert found["decile"].tolist() == list(range(1, 11))
    assert (found["winners"] + found["losers"] <= found["persons"]).all()
    assert found["winners"].sum() > 0
    shares = found["persons"] / found["persons"].sum()
    assert np.abs(shares - 0.1).max() < 0.01
    mean = outcome(lived, "more", "mean_income") - outcome(lived, "none", "mean_income")
    assert found["change_yuan"].sum() / found["persons"].sum() == pytest.approx(mean, rel=1e-3)


class Resizing(Watcher):
    """Under the plan `more` sizes change: before its December is settled, some households gain a
    member and some lose one."""

    def before(self, world: World, phase: str, programme: object) -> None:
        with_programmes = world.plan.name == "more" and world.plan.programmes.active()
        if with_programmes and world.clock.month == 12 and phase == "meet_shocks_and_seasons":
            size = world.households.size
            rows = np.flatnonzero((size > 1) & (size < 12))
            size[rows[::7]] += np.uint8(1)
            size[rows[3::11]] -= np.uint8(1)


@pytest.fixture(scope="module")
def resized() -> Iterator[RunResult]:
    def live(plan: Scenario, start: Start, seed: int, watchers: Sequence[Watcher]) -> World:
        return live_plan(plan, start, seed, (*watchers, Resizing()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_world, "live_plan", live)
        yield live_twins(Contest(BASE, (MORE,)), CENTRAL, 1)


@pytest.mark.parametrize("twin", ["base", "none"])
@pytest.mark.parametrize(
    ("status", "key"), [("income", "income_poor_end"), ("register", "registered_poor_end")]
)
def test_additionality_is_exact_where_households_have_other_sizes(
    resized: RunResult, twin: str, status: str, key: str
) -> None:
    found = table_of(resized, "additionality", plan="more", twin=twin, status=status)
    sums = {kind: found[kind].sum() for kind in measures.Additionality._fields}
    assert sums["only_here"] > 0 and sums["only_twin"] > 0
    gap = outcome(resized, twin, key) - outcome(resized, "more", key)
    assert sums["because"] - sums["harmed"] != gap  # the four kinds alone do not sum
    assert sums["because"] - sums["harmed"] + sums["only_twin"] - sums["only_here"] == gap
    assert sums["never"] + sums["harmed"] + sums["only_here"] == outcome(resized, "more", key)
    assert sums["never"] + sums["because"] + sums["only_twin"] == outcome(resized, twin, key)
    near = table_of(resized, "near_line", plan="more", twin=twin, multiple=1.0)
    gains = table_of(resized, "gains", plan="more", twin=twin)
    everybody = sums["always"] + sums["because"] + sums["never"] + sums["harmed"]
    assert gains["persons"].sum() == everybody
    if status == "income":
        assert near["because"].tolist() == [sums["because"]]


def test_incomes_of_people_whom_one_world_lacks_are_nobodys_gain(
    lived: RunResult, resized: RunResult
) -> None:
    """A twentieth of the persons comes or goes; incomes a person are what they were."""
    changes = []
    for result in (lived, resized):
        found = table_of(result, "gains", plan="more", twin="none")
        changes.append(found["change_yuan"].sum() / found["persons"].sum())
    assert changes[0] > 0
    assert changes[1] == pytest.approx(changes[0], rel=0.05)


def test_the_comparison_shows_the_resized(resized: RunResult) -> None:
    contest = Contest(BASE, (MORE,))
    runs = runs_of(contest, [resized])
    found = compared(runs)
    parts = found["additionality"]["more"]["base"]["income"]
    whole = {kind: entry["mean"] for kind, entry in parts["all"].items()}
    assert list(whole) == [*measures.Additionality._fields, "resized", "net"]
    assert whole["resized"] == whole["only_twin"] - whole["only_here"] != 0
    assert whole["net"] == whole["because"] - whole["harmed"] + whole["resized"]
    change = found["outcomes"]["more"]["income_poor_end"]["difference"]["mean"]
    assert whole["net"] == -change
    table = tables_of(runs, found)["additionality"]
    assert {"only_here", "only_twin", "resized", "net"} <= set(table["kind"])


@pytest.mark.parametrize(("counting", "end"), [("survey", "2009-12"), ("quota", "2010-03")])
def test_sums_are_exact_under_every_counting_rule_and_period(counting: str, end: str) -> None:
    """Lived without an error, which is the check."""
    rule: dict[str, Any] = {"counting": counting, "period": {"start": "2009-01", "end": end}}
    if counting == "quota":
        rule["quota"] = 100_000
    two = [plan(name, 10**8, 10**8 * k, **rule) for k, name in ((2, "base"), (3, "more"))]
    result = live_twins(Contest(two[0], (two[1],)), CENTRAL, 1)
    assert table_of(result, "additionality", status="register")["never"].sum() > 0


def test_one_person_too_many_is_an_error() -> None:
    part = measures.Additionality(50, because=9, never=20, harmed=4, only_here=2, only_twin=1)
    require_exact("income", [part, part], 52.0, 60.0)
    for here, twin in ((53.0, 60.0), (52.0, 59.0), (None, 60.0)):
        with pytest.raises(RuntimeError, match="no twins"):
            require_exact("income", [part, part], here, twin)


def test_a_world_with_other_people_than_it_counted_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One member too many in one poor household of one world."""
    original = twin_worlds.live

    def wrong(scenario: Scenario, *rest: Any) -> LivedWorld:
        lived = original(scenario, *rest)
        if scenario.name == "more":
            lived.size[np.flatnonzero(lived.poor)[0]] += np.uint8(1)
        return lived

    monkeypatch.setattr(twin_worlds, "live", wrong)
    with pytest.raises(RuntimeError, match="no twins"):
        live_twins(Contest(BASE, (MORE,)), CENTRAL, 1)
