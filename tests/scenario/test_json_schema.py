"""The schema for editors agrees with the loader."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml
from fupin.scenario import library
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.json_schema import json_schema
from fupin.scenario.keys import keys_at
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _as_editors_read(value: Any) -> Any:
    """Keys are text, such as the years of a budget."""
    if isinstance(value, dict):
        return {str(key): _as_editors_read(item) for key, item in value.items()}
    return value


def _as_yaml_1_2(value: Any) -> Any:
    """As editors read it: `off` is a word in YAML 1.2, not a boolean."""
    if isinstance(value, dict):
        return {key: _as_yaml_1_2(item) for key, item in value.items()}
    return "off" if value is False else value


@pytest.mark.parametrize("path", library.scenario_files(), ids=library.our_name)
def test_our_scenarios_fit(path: Any, validator: Any) -> None:
    written = _as_editors_read(yaml.safe_load(path.read_text(encoding="utf-8")))
    validator.validate(written)
    validator.validate(_as_yaml_1_2(written))
    validator.validate(_as_editors_read(scenario_mapping(load_scenario(path))))


@pytest.mark.parametrize(
    "mapping",
    [
        {"extends": "a.yaml", "quota": None, "programmes": {"relocation": None}},
        {"programmes": {"relocation": False, "technology": "off", "microfinance": {"budget": 5}}},
        {"programmes": {"relocation": {"budget": "1.5 billion", "counties": ["魏县", 130425]}}},
        {"programmes": {"relocation": {"budget": {"2009": "5 million"}, "counties": "key"}}},
        {"shocks": {"dry": None}, "parameters": {"a.b": 1, "c.d": None}},
    ],
)
def test_what_the_loader_takes(mapping: Any, validator: Any) -> None:
    validator.validate(mapping)


@pytest.mark.parametrize(
    "mapping",
    [
        {"progammes": {}},
        {"quota": "many"},
        {"weather": "historic"},
        {"period": {"start": "2009-13"}},
        {"population": {"sample": 0}},
        {"programmes": {"relocation": {"budget": -5}}},
        {"programmes": {"relocation": {"budget": "5 M"}}},
        {"programmes": {"relocation": {"budget": 5, "counties": []}}},
        {"programmes": {"rural_works": {"budget": 5, "parts": {"water": "all"}}}},
        {"programmes": {"skill_training": "off"}},
        {"shocks": {"wet": {"flood": {}}}},
    ],
)
def test_what_the_loader_refuses(mapping: Any, validator: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(mapping)


def test_the_keys_are_those_of_the_loader() -> None:
    schema = json_schema()
    assert list(schema["properties"]) == list(keys_at(()))
    programmes = schema["$defs"]["Programmes"]["properties"]
    assert tuple(programmes) == PROGRAMME_KEYS == tuple(keys_at(("programmes",)))
    assert all(programmes[key]["description"] for key in programmes)
