"""Random plans of the whole language: rules, ways, targets, entries, own programmes, tables.

Accounts hold, every unspent yuan has a reason, reasons sum to what is unspent, and a table's money
reaches each county to the yuan or stays for a reason that is said there.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from accounts import assert_accounts_and_reasons
from five_counties import COUNTIES, live, plan
from fupin.scenario.budget_trees import tree_of_column
from fupin.scenario.money_table import read_money_table
from fupin.scenario.own import WITH_EFFECT
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import KINDS, PROGRAMME_KEYS, WITH_ENTRIES
from fupin.scenario.schema import Scenario
from fupin.scenario.shares import COLUMNS, RULES
from fupin.scenario.targeting import CASH, WAYS, ChoosesHouseholds
from fupin.scenario.unit_costs import units_of
from fupin.words.language import Language
from fupin.words.remarks import of_plan
from fupin.yaml.tree import Mark, plain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sixteen import CASES, CLAIMED

PLACES = (*COUNTIES, "Luannan", "正定县")
"""Two of them have no village on the list."""

EACH = {"transfer": 60, "subsidy": 40, "course": 90, "asset": 1500, "loan": 2000, "works": 60_000}


@st.composite
def shares(draw: st.DrawFn, bounded: bool) -> Any:
    """A rule, with floors and caps where a programme may have them."""
    by = draw(st.sampled_from(list(RULES)))
    share: dict[str, Any] = {"by": by}
    if by == "formula":
        names = draw(st.sets(st.sampled_from(list(COLUMNS)), min_size=1, max_size=3))
        share["weights"] = {name: draw(st.floats(0.1, 5)) for name in sorted(names)}
    if bounded and draw(st.booleans()):
        share["cap"] = round(10.0 ** draw(st.floats(3, 7)))
        if draw(st.booleans()):
            share["floor"] = round(share["cap"] * draw(st.floats(0, 1)))
    return share


def _refused(settings_: dict[str, Any], key: str) -> bool:
    """Whether a plan may not say this, such as floors above its money."""
    try:
        plan(programmes={key: settings_})
    except ValidationError:
        return True
    return False


@st.composite
def entries(draw: st.DrawFn, key: str) -> dict[str, Any]:
    """Settings of a programme, from nothing much to far too much, by any rule and way."""
    usual = CASES[key].settings
    own: dict[str, Any] = {k: v for k, v in usual.items() if k not in ("budget", "to")}
    own["budget"] = round(usual["budget"] * 10.0 ** draw(st.floats(-2.0, 1.5)))
    if draw(st.booleans()):
        own["counties"] = sorted(draw(st.sets(st.sampled_from(PLACES), min_size=1)))
    if draw(st.booleans()):
        own["places_per_month"] = draw(st.integers(0, 3 * CASES[key].places))
    if draw(st.booleans()):
        own["share"] = draw(shares(key != CLAIMED))
    if draw(st.booleans()):
        chooses = issubclass(_settings_of(key), ChoosesHouseholds)
        ways = CASH if key == "cash_transfer" else tuple(WAYS) if chooses else ()
        if ways:
            own["who"] = draw(st.sampled_from(ways))
    first, last = sorted((draw(st.integers(1, 12)), draw(st.integers(1, 12))))
    own |= {"from": f"2009-{first:02d}", "to": f"2009-{last:02d}"}
    if "share" in own and _refused(own, key):
        own["share"] = own["share"]["by"] if own["share"]["by"] != "formula" else "equal"
    units = units_of(plan(programmes={key: own}), key)
    if units and draw(st.integers(0, 3)) == 0:  # the same said as what it buys
        number = units[0].bought(own.pop("budget"))
        own["target"] = f"{max(number, 1)} {units[0].unit}"
        if _refused(own, key):
            own |= {"target": None, "share": None, "budget": usual["budget"]}
    return own


def _settings_of(key: str) -> type[Any]:
    return type(getattr(Scenario.model_validate({"name": "t"}).programmes, key))


@st.composite
def own_programmes(draw: st.DrawFn) -> dict[str, Any]:
    """A programme of the plan's own, of any kind."""
    kind = draw(st.sampled_from(list(KINDS)))
    made: dict[str, Any] = {
        "kind": kind,
        "budget": round(10.0 ** draw(st.floats(4, 7.5))),
        "unit_cost": EACH[kind],
    }
    ways = ("listed_village", "all") if kind == "works" else tuple(WAYS)
    if draw(st.booleans()):
        made["who"] = draw(st.sampled_from(ways))
    if draw(st.booleans()):
        made["share"] = draw(shares(False))
    if draw(st.booleans()):
        made["counties"] = sorted(draw(st.sets(st.sampled_from(PLACES), min_size=1)))
    if draw(st.booleans()):
        made["places_per_month"] = draw(st.integers(0, 300))
    if kind in WITH_EFFECT:
        made["effect"] = {"value": 1.0 if kind == "asset" else 0.05, "source": "a guess"}
    return made


def through_a_table(money: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Programme -> budget by county, as a table in 万元 says it that fupin reads."""
    keys = list(money)
    rows = [["县", *keys]]
    for place in PLACES:
        cells = [f"{money[key][place] / 1e4:.4f}" if place in money[key] else "" for key in keys]
        rows.append([place, *cells])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "money.csv"
        file.write_text("单位：万元\n" + "\n".join(",".join(row) for row in rows), encoding="utf-8")
        table = read_money_table(file)
        return {key: plain(tree_of_column(table, key, Mark(file, 1, 1))) for key in keys}


@st.composite
def whole_plans(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, dict[str, int]]]:
    """Programmes of a plan, and the money that a table gives some of them, by place."""
    found: dict[str, Any] = {}
    keys = draw(st.lists(st.sampled_from(PROGRAMME_KEYS), min_size=1, max_size=4, unique=True))
    for key in keys:
        found[key] = draw(entries(key))
        if key in WITH_ENTRIES and draw(st.integers(0, 2)) == 0:
            found[key]["extra"] = {"more": draw(entries(key))}
    for name in ("mine", "ours")[: draw(st.integers(0, 2))]:
        found[name] = draw(own_programmes())
    tabled: dict[str, dict[str, int]] = {}
    for key in keys:
        if draw(st.integers(0, 2)) == 0:
            usual = CASES[key].settings["budget"] // len(PLACES)
            places = sorted(draw(st.sets(st.sampled_from(PLACES), min_size=1)))
            scale = draw(st.floats(-2, 1))
            tabled[key] = {place: max(round(usual * 10.0**scale), 1) for place in places}
    for key, budget in through_a_table(tabled).items() if tabled else ():
        for name in ("share", "counties", "target"):
            found[key].pop(name, None)
        found[key]["budget"] = budget
    return found, tabled


def assert_it_holds(drawn: tuple[dict[str, Any], dict[str, dict[str, int]]]) -> None:
    found, tabled = drawn
    model = live(plan(programmes=found))
    world = model.world
    for code in ("en", "zh"):  # what `check` warns of can be said
        assert all("{" not in sentence for sentence in of_plan(Language(code), world.plan))
    assert_accounts_and_reasons(model)
    codes = np.asarray(world.frame.counties.code)
    for key, money in tabled.items():
        index = world.ledger.programmes.index(key)
        released = world.ledger.released[index].sum(axis=1)
        for place, yuan in money.items():
            row = int(np.flatnonzero(codes == county_index().county(place))[0])
            assert released[row] <= yuan, (key, place)
        assert int(released.sum()) <= sum(money.values())


MANY = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@given(whole_plans())
@settings(max_examples=25, deadline=None, suppress_health_check=MANY)
def test_accounts_and_reasons_of_any_plan_and_table(drawn: Any) -> None:
    assert_it_holds(drawn)


@pytest.mark.slow
@given(whole_plans())
@settings(max_examples=2000, deadline=None, suppress_health_check=MANY)
def test_accounts_and_reasons_of_two_thousand_plans_and_tables(drawn: Any) -> None:
    assert_it_holds(drawn)
