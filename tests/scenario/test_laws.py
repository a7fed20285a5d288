"""Laws that hold for every file: no crash, faithful writing, lawful merging."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml
from fupin.errors import InputError
from fupin.scenario.dump import dump_scenario
from fupin.scenario.load import load_scenario, merge, resolve_text
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.yaml.events import read_tree
from fupin.yaml.tree import Mapping, plain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HERE = Path("plan.yaml")

# -- anything at all -------------------------------------------------------------------------------

_KEYS = """
    name title description extends balance period population programmes shocks start end sample
    seed counting quota parameters drought from to months budget counties prefectures lottery
    villages unit_cost severity weather
"""
_VALUES = """
    2009 2010-01 off on null default full register 5 -1 0.5 1e9 010 .nan all key Daming Weixian
    Handan fupin:2009-document household_projects
"""
WORDS = st.sampled_from([*_KEYS.split(), *PROGRAMME_KEYS, *_VALUES.split(), "5 million"])
SCALARS = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.binary()
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(WORDS, SCALARS), inner, max_size=5)
    ),
    max_leaves=25,
)
SYNTAX = st.text(
    alphabet=st.sampled_from("ab0-:{}[],&*!|>'\"%@`#?\\ \n\t~<\u0085\ufeff魏"), max_size=40
)
GLUED = st.lists(st.one_of(WORDS, SYNTAX), max_size=12).map("".join)


def never_a_traceback(text: str) -> None:
    try:
        scenario = resolve_text(text, HERE).scenario
    except InputError as error:
        assert error.message and "\n" not in str(error)
        str(error).encode("utf-8")  # printable: no half characters
    else:
        assert isinstance(scenario, Scenario)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), SYNTAX, GLUED))
def test_any_text_is_a_scenario_or_one_message(text: str) -> None:
    never_a_traceback(text)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(WORDS, TREES, max_size=5))
def test_any_mapping_is_a_scenario_or_one_message(mapping: dict[str, Any]) -> None:
    never_a_traceback(yaml.safe_dump(mapping, allow_unicode=True))


@settings(max_examples=150)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_scenario_or_one_message(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.yaml"
        file.write_bytes(raw)
        try:
            load_scenario(file)
        except InputError as error:
            assert error.file is not None


# -- scenarios that are right ----------------------------------------------------------------------

AMOUNTS = st.one_of(
    st.integers(0, 10**10), st.integers(0, 10**5).map(lambda n: f"{n / 100:.2f} million")
)
MONTHS = st.integers(1, 12).map(lambda month: f"2009-{month:02d}")
PLACES = st.lists(
    st.sampled_from(["Daming", "魏县", "威县", 130732, "key", "Handan/Weixian", "all"]), min_size=1
)
TITLES = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), max_codepoint=0x1FFFF), min_size=1, max_size=30
)


@st.composite
def programme(draw: st.DrawFn, **more: st.SearchStrategy[Any]) -> Any:
    if draw(st.booleans()):
        return draw(st.sampled_from([False, "off", {"budget": 0}]))
    optional = {
        "counties": PLACES,
        "unit_cost": st.integers(1, 10**6),
        "places_per_month": st.integers(0, 10**5),
        "from": MONTHS,
        **more,
    }
    budget = st.one_of(AMOUNTS, st.fixed_dictionaries({"2009": AMOUNTS, "2010": AMOUNTS}))
    return draw(st.fixed_dictionaries({"budget": budget}, optional=optional))


SCENARIOS = st.fixed_dictionaries(
    {"name": st.from_regex(r"\A[a-z0-9][a-z0-9_-]{0,20}\Z")},
    optional={
        "title": TITLES,
        "description": TITLES,
        "period": st.fixed_dictionaries({"end": st.sampled_from(["2009-12", "2010-12"])}),
        "population": st.fixed_dictionaries(
            {},
            optional={
                "sample": st.one_of(
                    st.sampled_from(["default", "full"]),
                    st.floats(0, 1, exclude_min=True, allow_subnormal=False),
                ),
                "seed": st.integers(0, 2**63 - 1),
            },
        ),
        "counting": st.sampled_from(["register", "task", "survey", "quota"]),
        "displacement": st.booleans(),
        "quota": st.integers(0, 10**6),
        "assets": st.sampled_from(["smooth", "threshold"]),
        "weather": st.sampled_from(["historical", "mean", "chance"]),
        "growth": st.sampled_from(["document", "none"]),
        "household_shocks": st.booleans(),
        "recognition": st.booleans(),
        "programmes": st.fixed_dictionaries(
            {},
            optional={
                "village_advancement": programme(),
                "skills_training": programme(jobs_per_month=st.integers(0, 10**5)),
                "relocation": programme(to=st.sampled_from(["2009-12", "2011-06"])),
                "microfinance": programme(loan_size=st.integers(1, 10**5)),
                "technology": st.sampled_from([False, "off", {"budget": 0}, None]),
            },
        ),
        "shocks": st.dictionaries(
            TITLES,
            st.fixed_dictionaries(
                {
                    "drought": st.fixed_dictionaries(
                        {
                            "counties": PLACES,
                            "from": MONTHS,
                            "months": st.integers(1, 36),
                            "severity": st.floats(0, 1, allow_subnormal=False),
                        }
                    )
                }
            ),
            max_size=2,
        ),
    },
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SCENARIOS)
def test_a_scenario_that_is_written_loads_as_the_same(mapping: dict[str, Any]) -> None:
    scenario = Scenario.model_validate(mapping)
    text = dump_scenario(scenario)
    again = resolve_text(text, HERE).scenario
    title = scenario.title or scenario.name
    assert again == scenario.model_copy(update={"title": again.title})
    assert again.title in (scenario.title, title)
    assert dump_scenario(again) == dump_scenario(resolve_text(dump_scenario(again), HERE).scenario)


# -- merging ---------------------------------------------------------------------------------------

KEYS = st.sampled_from("abcde")
LEAVES = st.one_of(st.none(), st.integers(0, 9), st.lists(st.integers(0, 9), max_size=2))
MAPPINGS = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=4),
    lambda inner: st.dictionaries(KEYS, st.one_of(LEAVES, inner), max_size=4),
    max_leaves=12,
)


def tree(mapping: dict[str, Any]) -> Mapping:
    return read_tree(yaml.safe_dump(mapping, sort_keys=False), HERE)


def expected(base: Any, own: Any) -> Any:
    """The rule in three lines, written independently over plain data."""
    if not (isinstance(base, dict) and isinstance(own, dict)):
        return own
    both = {key: expected(base[key], own[key]) for key in base if key in own}
    return {**base, **own, **both}


@settings(max_examples=50)
@given(MAPPINGS, MAPPINGS)
def test_merging_follows_its_rule(base: dict[str, Any], own: dict[str, Any]) -> None:
    assert plain(merge(tree(base), tree(own))) == expected(base, own)


@settings(max_examples=50)
@given(MAPPINGS)
def test_merging_with_nothing_or_itself_changes_nothing(mapping: dict[str, Any]) -> None:
    it, nothing = tree(mapping), tree({})
    assert plain(merge(it, nothing)) == plain(merge(nothing, it)) == plain(merge(it, it)) == mapping


@settings(max_examples=50)
@given(MAPPINGS, MAPPINGS)
def test_the_last_word_counts(base: dict[str, Any], own: dict[str, Any]) -> None:
    once = merge(tree(base), tree(own))
    assert plain(merge(once, tree(own))) == plain(once)
    assert list(once.entries)[: len(base)] == list(base)  # the order of the base stays
