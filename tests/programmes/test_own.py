"""Programmes of a plan's own, of every kind: validated like the others, and doing what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from five_counties import counts, ledger_sum, lived, programme, reached
from fupin.errors import InputError
from fupin.model import PovertyModel
from fupin.scenario.digest import digest_text
from fupin.scenario.dump import dump_scenario
from fupin.scenario.load import resolve_text
from fupin.scenario.programme_catalogue import KINDS, PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.scenario.unit_costs import units_of
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from reported import report
from sixteen import MILLION

SAID = {"source": "a made-up figure of this test"}
OWN: dict[str, dict[str, Any]] = {
    "pension": {"kind": "transfer", "budget": 2 * MILLION, "unit_cost": 55, "who": "registered"},
    "grain": {"kind": "subsidy", "budget": 2 * MILLION, "unit_cost": 60, "who": "community"},
    "bees": {"kind": "asset", "budget": 3 * MILLION, "unit_cost": 1_500,
             "effect": {"value": 1.2, "after": 2, **SAID}},
    "grafting": {"kind": "course", "budget": MILLION, "unit_cost": 80,
                 "effect": {"value": 0.05, **SAID}},
    "piglets": {"kind": "loan", "budget": 2 * MILLION, "unit_cost": 2_000, "interest": 0.05,
                "months": 10},
    "biogas": {"kind": "works", "budget": 4 * MILLION, "unit_cost": 100_000,
               "effect": {"value": 0.02, "after": 1, **SAID}},
}  # fmt: skip
"""One of each kind, at a size that suits five counties."""
KEYS = {f"{settings['kind']}/{name}": name for name, settings in OWN.items()}
every_one = pytest.mark.parametrize("key", KEYS)


def model() -> PovertyModel:
    return lived(programmes=OWN, recognition=False)


def test_there_is_one_of_each_kind() -> None:
    assert {settings["kind"] for settings in OWN.values()} == set(KINDS)
    keys = model().world.plan.programmes.keys
    assert keys == (*PROGRAMME_KEYS, *KEYS)


@every_one
def test_its_money_is_spent_and_buys_what_check_says(key: str) -> None:
    budget = OWN[KEYS[key]]["budget"]
    yuan = {c: ledger_sum(model(), key, c) for c in ("released", "delivered", "lost", "returned")}
    assert yuan["released"] == budget
    assert yuan["delivered"] + yuan["lost"] > 0.9 * budget
    found = units_of(model().world.plan, key)
    counted = {"transfer": "persons", "asset": "households", "course": "persons",
               "loan": "loans", "works": "villages"}  # fmt: skip
    kind = OWN[KEYS[key]]["kind"]
    if kind == "subsidy":  # land is in no unit of a target
        assert found == ()
        return
    delivered = counts(model(), key)[counted[kind]]
    if kind == "loan":
        assert delivered >= 0.95 * found[0].bought(budget)
    else:
        assert delivered == pytest.approx(found[0].bought(budget), rel=0.12)


@every_one
def test_it_has_accounts_and_a_row_of_its_own(key: str) -> None:
    row = report(model(), "central", 1).programmes[key]
    assert row["budget"] == OWN[KEYS[key]]["budget"] and row["delivered"] > 0
    if key.startswith("loan/"):  # principal is no cost; what nobody pays back is
        assert row["spent"] < 0.01 * row["budget"]
    else:
        assert row["spent"] > 0.9 * row["budget"]
    assert model().ledger.imbalance() == 0


@every_one
def test_it_raises_incomes_of_those_it_reaches(key: str) -> None:
    """Loans and assets take time; whom works reach is their villages."""
    off = lived(recognition=False)
    if key.startswith("works/"):
        gains = model().world.works.other.max(axis=1)
        assert gains.max() == pytest.approx(0.02)
        rows = np.flatnonzero(gains[model().villages.of_household] > 0)
    else:
        rows = reached(model(), key)
    assert rows.size > 50
    more = model().households.income[rows].astype(np.float64) - off.households.income[rows]
    if not key.startswith("loan/"):
        assert more.mean() > 0


def test_a_subsidy_goes_by_land_and_a_transfer_to_the_registered() -> None:
    acting = programme(model(), "subsidy/grain")
    land = np.asarray(model().frame.households.land)[acting.listed] // 10
    assert (acting.units == land).all() and (land > 0).all()


# -- what may be written ---------------------------------------------------------------------------

WRONG = [
    ({"kind": "transfr"}, "transfer"),
    ({}, "kind"),
    ({"kind": "asset", "effect": {"value": 1, "source": "we think"}}, "unit_cost"),
    ({"kind": "asset", "unit_cost": 5}, "effect"),
    ({"kind": "asset", "unit_cost": 5, "effect": {"value": 1}}, "source"),
    ({"kind": "asset", "unit_cost": 5, "effect": {"value": 1, "source": " "}}, "source"),
    ({"kind": "asset", "unit_cost": 5, "effect": {"value": 11, "source": "we think"}}, "10"),
    ({"kind": "course", "unit_cost": 5, "effect": {"value": 2, "source": "we think"}}, "0.5"),
    ({"kind": "course", "unit_cost": 5, "effect": {"value": 0.1, "risk": 0.1, "source": "abc"}},
     "risk"),
    ({"kind": "transfer", "unit_cost": 5, "effect": {"value": 0.1, "source": "abc"}}, "effect"),
    ({"kind": "transfer", "unit_cost": 5, "per": "mu"}, "subsidy"),
    ({"kind": "transfer", "unit_cost": 5, "months": 13}, "12"),
    ({"kind": "course", "unit_cost": 5, "interest": 0.1}, "interest"),
    ({"kind": "works", "unit_cost": 5, "who": "proxy_test",
      "effect": {"value": 0.1, "source": "abc"}}, "all"),
    ({"kind": "loan", "unit_cost": 5, "loan_size": 3}, "unknown key"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "says"), WRONG, ids=str)
def test_a_mistake_is_one_message_with_its_line(said: dict[str, Any], says: str) -> None:
    text = f"name: t\nprogrammes:\n  my_own: {json.dumps({'budget': 5, **said})}\n"
    with pytest.raises(InputError) as caught:
        resolve_text(text, Path("plan.yaml"))
    assert caught.value.line == 3
    assert says in f"{caught.value.message} {caught.value.instead}"


def test_a_slip_in_a_key_is_told_both_ways() -> None:
    with pytest.raises(InputError) as caught:
        resolve_text("programmes:\n  skils_training: {budget: 5}\n", Path("plan.yaml"))
    assert "skills_training" in str(caught.value) and "kind" in str(caught.value)


@pytest.mark.parametrize("name", ["My", "a-b", "a/b", "x" * 33])
def test_a_name_that_cannot_stand_in_results_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Scenario.model_validate({"name": "t", "programmes": {name: OWN["pension"]}})


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(list(OWN)), unique=True))
def test_they_come_back_from_what_is_written_and_are_marked(names: list[str]) -> None:
    plan = Scenario.model_validate({"name": "t", "programmes": {n: OWN[n] for n in names}})
    resolved = resolve_text(dump_scenario(plan), Path("plan.yaml"))
    assert resolved.scenario.programmes == plan.programmes
    assert Scenario.model_validate_json(plan.model_dump_json(by_alias=True)) == plan
    shown = digest_text(resolved)
    assert shown.count("of the plan itself") == len(names)
    assert shown.count(SAID["source"]) == sum("effect" in OWN[name] for name in names)


def test_one_that_is_off_or_null_is_not_there(tmp_path: Path) -> None:
    base, over = tmp_path / "base.yaml", tmp_path / "over.yaml"
    base.write_text("programmes:\n  pension: {kind: transfer, budget: 5 million, unit_cost: 55}\n")
    for gone in ("off", "null"):
        over.write_text(f"extends: base.yaml\nprogrammes:\n  pension: {gone}\n")
        plan = resolve_text(over.read_text(), over).scenario
        assert plan.programmes.keys == PROGRAMME_KEYS
        with pytest.raises(InputError, match="unknown key"):  # nobody has it
            resolve_text(f"programmes:\n  pension: {gone}\n", base)
    aimed = "programmes:\n  pension: {kind: transfer, target: 900 persons, unit_cost: 55}\n"
    plan = resolve_text(aimed, Path("p.yaml")).scenario
    assert plan.programmes.of("transfer/pension").budget == pytest.approx(712_800, rel=0.001)
