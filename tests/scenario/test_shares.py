"""Rules that split money among counties: what may be written, and what it says back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.scenario.digest import digest_text
from fupin.scenario.load import resolve_text
from fupin.scenario.places import county_index
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.scenario.shares import COLUMNS, RULES, Share, own_rule, read_share, write_share
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

MILLION = 10**6
codes = st.sampled_from(sorted(county_index().records))
yuan = st.integers(0, 10**12)


def plan(**settings: Any) -> Scenario:
    programmes = {"skills_training": {"budget": 30 * MILLION, **settings}}
    return Scenario.model_validate({"name": "t", "programmes": programmes})


@st.composite
def shares(draw: st.DrawFn) -> Share:
    """Any rule that may be written."""
    by = draw(st.sampled_from(list(RULES)))
    columns = st.dictionaries(
        st.sampled_from(list(COLUMNS)), st.floats(0.01, 100), min_size=1, max_size=5
    )
    weights = tuple(draw(columns).items()) if by == "formula" else ()
    floors, room = draw(st.dictionaries(codes, yuan, max_size=4)), draw(yuan)
    floor: Any = draw(st.sampled_from([0, 5, tuple(sorted(floors.items())) or 0]))
    most = max([5, *floors.values()])
    caps = {code: most + room for code in [*floors, draw(codes)]}
    cap: Any = draw(st.sampled_from([None, most + room, tuple(sorted(caps.items()))]))
    return Share(by, weights, floor, cap)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shares())
def test_a_rule_comes_back_from_what_is_written_and_has_words(share: Share) -> None:
    assert read_share(write_share(share)) == share
    assert share.words
    text = plan(share=write_share(share), budget=10**13).model_dump_json(by_alias=True)
    again = Scenario.model_validate_json(text).programmes.skills_training
    assert again.share == share


scalars = st.one_of(st.text(), st.integers(), st.none())
inner = st.one_of(scalars, st.dictionaries(st.text(), st.integers()))
keys = st.sampled_from(["by", "weights", "floor", "cap", "x"])
anything = st.one_of(scalars, st.booleans(), st.floats(), st.lists(st.integers()),
                     st.dictionaries(keys, inner))  # fmt: skip


@given(anything)
def test_anything_else_is_one_fault_that_says_what_to_write(value: Any) -> None:
    try:
        share = read_share(value)
    except PydanticCustomError as error:
        assert error.context is not None and error.context["text"]
    else:
        assert read_share(write_share(share)) == share


WRONG = [
    ("equl", "Did you mean equal?"),
    ("formula", "weights"),
    (3, "registered"),
    ([], "registered"),
    ({}, "by: registered"),
    ({"floor": 3}, "by: registered"),
    ({"by": "equal", "weights": {"registered": 1}}, "by: formula"),
    ({"weights": {"registred": 1}}, "registered"),
    ({"weights": {"registered": -1}}, "Write 0"),
    ({"weights": {"registered": 0}}, "above 0"),
    ({"weights": {}}, "weights"),
    ({"by": "need", "floor": -1}, "negative"),
    ({"by": "need", "flor": 1}, "floor"),
    ({"by": "need", "cap": {"Damming": 1}}, "Daming"),
    ({"by": "need", "cap": {"key": 1, "Zhangbei": 2}}, "once"),
    ({"by": "need", "floor": 5, "cap": 4}, "Lower the floor"),
    ({"by": "need", "floor": {"Zhangbei": 5}, "cap": 4}, "Lower the floor"),
    ({"by": "need", "floor": {}}, "Name one"),
]


@pytest.mark.parametrize(("value", "instead"), WRONG, ids=str)
def test_a_mistake_says_file_line_and_what_to_write(value: Any, instead: str) -> None:
    text = f"programmes:\n  skills_training:\n    budget: 5\n    share: {json.dumps(value)}\n"
    with pytest.raises(InputError) as caught:
        resolve_text(text, Path("plan.yaml"))
    error = caught.value
    assert error.line == 4 and instead in f"{error.message} {error.instead}"


def test_floors_above_the_money_of_named_counties_are_refused() -> None:
    """Where the programme chooses its counties they are not known before a run."""
    share = {"by": "equal", "floor": 20 * MILLION}
    with pytest.raises(ValueError, match="40 million yuan, more than the 30 million yuan of 2009"):
        plan(share=share, counties=["Zhangbei", "Daming"])
    assert plan(share=share, counties=["Zhangbei"])
    assert plan(share=share)
    by_place = {"by": "equal", "floor": {"Zhangbei": 20 * MILLION, "Daming": 20 * MILLION}}
    with pytest.raises(ValueError, match="more than"):
        plan(share=by_place)


def test_enterprises_have_no_floors() -> None:
    given = {"budget": 5, "share": {"by": "equal", "cap": 3}}
    with pytest.raises(ValueError, match="Enterprises choose"):
        Scenario.model_validate({"name": "t", "programmes": {"enterprise_projects": given}})


def test_every_programme_has_a_rule_of_its_own_and_check_shows_it() -> None:
    text = "programmes:\n" + "".join(f"  {key}: {{budget: 20 million}}\n" for key in PROGRAMME_KEYS)
    shown = " ".join(digest_text(resolve_text(text, Path("plan.yaml"))).split())
    assert shown.count("(its own rule)") == len(PROGRAMME_KEYS)
    for key in PROGRAMME_KEYS:
        assert own_rule(key).by in RULES and f"split by {own_rule(key).words}" in shown
    said = text.replace("{budget", "{share: {by: rural_people, floor: 0.1 million}, budget", 1)
    shown = " ".join(digest_text(resolve_text(said, Path("plan.yaml"))).split())
    assert "split by rural people, at least 100,000 yuan a county (the plan's rule)" in shown
