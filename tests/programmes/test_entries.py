"""Two entries of one programme: the first keeps its luck, the other has its own money and luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from five_counties import changed, lived, programme, reached, village_of
from fupin.model import PovertyModel
from fupin.scenario.programmes import PROGRAMME_KEYS, Programmes
from fupin.scenario.schema import Scenario
from pydantic import ValidationError
from reported import report
from sixteen import ALL

SEVERAL = [k for k, f in Programmes.model_fields.items() if "extra" in type(f.default).model_fields]
MORE = "north"


def _more(key: str) -> dict[str, Any]:
    settings = {k: v for k, v in ALL[key].items() if k != "counties"}
    return settings | {"budget": ALL[key]["budget"] // 4, "counties": ["Zhangbei"]}


def base() -> PovertyModel:
    return lived(programmes={key: ALL[key] for key in SEVERAL}, recognition=False)


def both() -> PovertyModel:
    """All of them with a further entry in one county."""
    programmes = {key: ALL[key] | {"extra": {MORE: _more(key)}} for key in SEVERAL}
    return lived(programmes=programmes, recognition=False)


def test_only_the_county_of_the_further_entries_changes() -> None:
    counties = list(base().frame.counties.name_en)
    moved = changed(base(), both())
    where = np.asarray(base().frame.villages.county)[village_of(base())]
    assert moved.any()
    assert {counties[row] for row in np.unique(where[moved])} == {"Zhangbei"}


@pytest.mark.parametrize("key", SEVERAL)
def test_each_entry_has_accounts_of_its_own(key: str) -> None:
    """The first releases what it does alone; the other its own money, in its own county."""
    alone, together = base(), both()
    first, more = programme(together, key), programme(together, f"{key}/{MORE}")
    assert (
        together.ledger.released[first.index] == alone.ledger.released[programme(alone, key).index]
    ).all()
    released = together.ledger.released[more.index].sum(axis=1)
    zhangbei = list(together.frame.counties.name_en).index("Zhangbei")
    assert released.sum() == released[zhangbei] == _more(key)["budget"]
    assert together.ledger.delivered[more.index].sum() > 0
    assert together.ledger.imbalance() == 0


@pytest.mark.parametrize("key", ["skills_training", "practical_training", "household_projects"])
def test_the_other_entry_passes_over_whom_the_first_reached(key: str) -> None:
    """More households are reached by about what the further money pays for."""
    alone, together = (reached(model, key).size for model in (base(), both()))
    assert together - alone > 0.15 * alone


def test_results_have_a_row_for_each_entry_and_class_totals_hold_both() -> None:
    found = report(both(), "central", 1)
    for key in SEVERAL:
        row = found.programmes[f"{key}/{MORE}"]
        assert row["budget"] == _more(key)["budget"]
        assert found.programmes[key]["budget"] == ALL[key]["budget"]
    spent = sum(values["spent"] for values in found.programmes.values())
    assert found.outcomes["spent"] == pytest.approx(spent)
    plan = both().world.plan
    expected = sum(ALL[k]["budget"] + _more(k)["budget"] for k in SEVERAL)
    assert sum(plan.class_totals().values()) == expected
    again = Scenario.model_validate_json(plan.model_dump_json(by_alias=True))
    assert again == plan and again.programmes.keys == plan.programmes.keys
    assert tuple(p.key for p in plan.programmes.all()[: len(PROGRAMME_KEYS)]) == PROGRAMME_KEYS


def test_programmes_with_one_list_of_what_is_left_have_one_entry() -> None:
    for key in set(PROGRAMME_KEYS) - set(SEVERAL):
        settings = {"budget": 1, "extra": {"north": {"budget": 1}}}
        with pytest.raises(ValidationError):
            Scenario.model_validate({"name": "t", "programmes": {key: settings}})


@pytest.mark.parametrize("name", ["North", "1", "a/b", "a-b", "", "x" * 33])
def test_a_name_that_cannot_stand_in_results_is_refused(name: str) -> None:
    settings = {"budget": 1, "extra": {name: {"budget": 1}}}
    with pytest.raises(ValidationError, match="cannot be a name"):
        Scenario.model_validate({"name": "t", "programmes": {"skills_training": settings}})


def test_entries_have_no_entries() -> None:
    inner = {"budget": 1, "extra": {"b": {"budget": 1}}}
    settings = {"budget": 1, "extra": {"a": inner}}
    with pytest.raises(ValidationError, match="no further entries"):
        Scenario.model_validate({"name": "t", "programmes": {"skills_training": settings}})
