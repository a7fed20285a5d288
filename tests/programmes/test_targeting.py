"""Ways of choosing households: who is reached, what is seen, what it costs; of every programme."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from five_counties import THIN, begin, changed, counts, ledger_sum, lived, plan, programme, reached
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.programmes.targeting import observable, ranking
from fupin.scenario.programmes import PROGRAMME_KEYS, Programmes
from fupin.scenario.schema import Scenario
from fupin.scenario.targeting import RANKED, WAYS, ChoosesHouseholds
from fupin.state.households import Households
from pydantic import ValidationError
from sixteen import ALL, MILLION
from small_runs import model_of

CHOOSING = [
    key
    for key, field in Programmes.model_fields.items()
    if issubclass(type(field.default), ChoosesHouseholds) or key == "cash_transfer"
]
SEEN = ("size", "labour", "children", "elderly", "schooling", "frail", "migrants")
"""All that an enumerator of a proxy test can see of a household's own columns, land beside it."""


def test_programmes_of_villages_alone_choose_nobody() -> None:
    others = set(PROGRAMME_KEYS) - set(CHOOSING)
    assert others == {
        "village_advancement",
        "rural_works",
        "integrated_funds",
        "project_management",
    }
    for key in others:
        with pytest.raises(ValidationError):
            Scenario.model_validate({"name": "t", "programmes": {key: {"budget": 1, "who": "all"}}})


@cache
def by(way: str | None) -> PovertyModel:
    """All programmes at once, each choosing in the same way; nobody is re-assessed."""
    said = {} if way is None else {"who": way}
    programmes = {k: s | (said if k in CHOOSING else {}) for k, s in ALL.items()}
    return lived(programmes=programmes, recognition=False)


@cache
def registered_at_start() -> np.ndarray:
    return np.asarray(begin(plan(recognition=False)).households.registered > 0)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("key", CHOOSING)
def test_somebody_is_reached_and_only_whom_the_way_allows(key: str, way: str) -> None:
    model = by(way)
    rows = reached(model, key)
    assert rows.size > 0
    if way in ("registered", "poorest_by_card"):
        assert registered_at_start()[rows].all()
    delivered, lost, released = (
        ledger_sum(model, key, c) for c in ("delivered", "lost", "released")
    )
    assert delivered + lost > 0 and released == ALL[key]["budget"]


def test_the_committees_of_listed_villages_are_what_is_chosen_by_without_a_word() -> None:
    """Of all but the allowance, whose own ranking is of all villages; here all are listed."""
    assert not changed(by("listed_village"), by(None)).any()


@cache
def _cash(way: str) -> PovertyModel:
    return lived(
        programmes={"cash_transfer": {"budget": 4 * MILLION, "who": way}}, recognition=False
    )


def _poor_share(way: str) -> float:
    """Part of those paid whose income would have been under the line."""
    off = lived(recognition=False)
    rows = reached(_cash(way), "cash_transfer")
    return float((off.households.income[rows] < off.line_of_last_december).mean())


def test_who_knows_more_reaches_more_of_the_poor() -> None:
    share = {way: _poor_share(way) for way in WAYS}
    assert share["all"] < share["listed_village"] < share["registered"]
    assert all(share["all"] < share[way] for way in RANKED), share
    assert share["poorest_by_card"] > share["registered"]


@pytest.mark.parametrize("way", RANKED)
def test_nobody_knows_all(way: str) -> None:
    """Of the poorest sixth some stand outside the first sixth of every list; by lot five in six."""
    model = begin(plan(programmes={"cash_transfer": {"budget": MILLION}}))
    income = model.households.income
    score = ranking(programme(model, "cash_transfer"), way).score
    poor = income < np.quantile(income, 1 / 6)
    left_out = float((score[poor] >= np.quantile(score, 1 / 6)).mean())
    assert 0.1 < left_out < 0.7


def test_a_meeting_that_knows_everything_finds_the_poorest() -> None:
    """The accuracy is a parameter: without error the meeting's order is that of true incomes."""
    exact = {"choosing.community_error": 0.0}
    model = begin(plan(parameters=exact, programmes={"cash_transfer": {"budget": MILLION}}))
    acting = programme(model, "cash_transfer")
    score, income = ranking(acting, "community").score, model.households.income
    assert (
        np.argsort(score, kind="stable") == np.argsort(np.log(income), kind="stable")
    ).mean() > 0.9
    rough = begin(plan(programmes={"cash_transfer": {"budget": MILLION}}))
    noisy = ranking(programme(rough, "cash_transfer"), "community").score
    assert np.corrcoef(noisy, np.log(income))[0, 1] < 0.6


def test_a_proxy_test_sees_observable_columns_only() -> None:
    model = begin(plan(programmes={"cash_transfer": {"budget": MILLION}}))
    before = [column.copy() for column in observable(model.world)]
    rng = np.random.default_rng(1)
    for name in set(Households._fields) - set(SEEN):
        column = getattr(model.households, name)
        column[:] = column[rng.permutation(column.size)]
    after = list(observable(model.world))
    assert all((one == other).all() for one, other in zip(before, after, strict=True))
    for name in SEEN:  # each of them counts
        column = getattr(model.households, name)
        column[:] = column[rng.permutation(column.size)]
        now = list(observable(model.world))
        assert any((one != other).any() for one, other in zip(after, now, strict=True)), name
        after = now


def test_a_proxy_test_explains_about_as_much_as_elsewhere() -> None:
    """A third to two thirds of reported log income, as tests elsewhere."""
    model = begin(plan(programmes={"cash_transfer": {"budget": MILLION}}))
    score = ranking(programme(model, "cash_transfer"), "proxy_test").score
    explained = np.corrcoef(score, np.log(model.households.income))[0, 1] ** 2
    assert 0.33 < explained < 0.67


def test_choosing_costs_what_the_parameters_say_once_a_year_and_offices_pay() -> None:
    values = load_book().values()
    model = _cash("proxy_test")
    villages = np.asarray(model.frame.villages.county)
    served = programme(model, "cash_transfer").serves[villages]
    homes = int((np.diff(model.villages.offsets) * model.villages.weight)[served].sum())
    expected = values["choosing.proxy_cost"] * homes
    assert counts(model, "cash_transfer")["yuan_of_choosing"] == pytest.approx(expected, rel=0.001)
    added = ledger_sum(model, "cash_transfer", "added_by_others")
    assert added == counts(model, "cash_transfer")["yuan_of_choosing"]
    for way in ("registered", "all"):
        assert "yuan_of_choosing" not in counts(_cash(way), "cash_transfer")
    # Two programmes use one list, which is paid for once.
    both = sum(counts(by("proxy_test"), key).get("yuan_of_choosing", 0) for key in CHOOSING)
    assert both == pytest.approx(expected, rel=0.001)


def _overlap(way: str | None) -> float:
    """Of those in a skills course, the part who sat in a course for farmers too."""
    skills, farm = (reached(by(way), key) for key in ("skills_training", "practical_training"))
    return float(np.isin(skills, farm).mean())


def test_two_programmes_that_test_find_the_same_people_poor() -> None:
    """The list is one; a committee's luck is each programme's own."""
    assert _overlap("proxy_test") > 1.5 * _overlap("listed_village")


@pytest.mark.parametrize("key", ["skills_training", "household_projects", "subsidised_loans"])
def test_others_than_those_of_listed_villages_can_be_reached(key: str) -> None:
    """Money for a county without listed villages acts where the plan does not ask for them."""
    settings: dict[str, Any] = {"budget": 30 * MILLION, "counties": ["正定县", "Gaocheng"]}
    if key == "subsidised_loans":
        settings |= {"loan_size": 2_000, "enterprise_share": 0}
    idle = model_of({key: settings}, sample=THIN)
    acts = model_of({key: settings | {"who": "registered"}}, sample=THIN)
    assert ledger_sum(idle, key, "delivered") == 0
    assert ledger_sum(acts, key, "delivered") > MILLION
    village = acts.villages.of_household[reached(acts, key)]
    assert village.size and not np.asarray(acts.frame.villages.listed)[village].any()
