"""From a Scenario to the text of a scenario file that loads as the same Scenario."""

from __future__ import annotations

from typing import Any

import yaml

from fupin.scenario.schema import Scenario
from fupin.yaml.scalars import UnclearScalarError, interpret


class _Dumper(yaml.SafeDumper):
    """Quotes every text that our own reader would not take as the same text."""


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    try:
        plain = interpret(value) == value and isinstance(interpret(value), str)
    except UnclearScalarError:
        plain = False
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, None if plain else '"')


_Dumper.add_representer(str, _represent_text)


def scenario_mapping(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain data, in the form of a file, without what is left to defaults of None."""
    mapping = scenario.model_dump(mode="json", exclude_none=True)
    mapping.pop("balance", None)  # balancing is done: the budgets say so
    mapping["switches"] = {name: times for name, times in mapping["switches"].items() if times}
    if not mapping["switches"]:
        del mapping["switches"]
    mapping["programmes"] = {
        key: "off" if settings == {"budget": 0} else settings
        for key, settings in mapping["programmes"].items()
    }
    return mapping


def dump_scenario(scenario: Scenario) -> str:
    """The text of a scenario file: everything said, nothing inherited."""
    return to_yaml(scenario_mapping(scenario))


def to_yaml(mapping: dict[str, Any]) -> str:
    """Plain data as YAML that our own reader takes as the same data."""
    return yaml.dump(
        mapping,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )
