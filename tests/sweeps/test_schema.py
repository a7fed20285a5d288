"""What a sweep file may say: the schema for editors agrees with the reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from fupin import paths
from fupin.errors import InputError
from fupin.sweeps.file import load_sweep
from fupin.sweeps.schema import SweepFile, json_schema

HEAD = "scenario: fupin:2009-document\n"
REVIEW = "register.review_probability"


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("file", sorted(paths.scenarios().glob("sweeps/*.yaml")), ids=str)
def test_our_sweeps_fit(file: Path, validator: Any) -> None:
    validator.validate(yaml.safe_load(file.read_text("utf-8")))


def test_every_key_is_described() -> None:
    for name, field in json_schema()["properties"].items():
        assert field["description"].endswith(".") or ":" in field["description"], name


WRONG = [
    "factrs: {}\n",
    "factors: {}\n",
    f"design: fractal\nfactors: {{{REVIEW}: [0.3]}}\n",
    f"design: sobol\npoints: many\nfactors: {{{REVIEW}: {{range: [0.3, 0.4]}}}}\n",
    f"design: sobol\npoints: 0\nfactors: {{{REVIEW}: {{range: [0.3, 0.4]}}}}\n",
    f"factors: {{{REVIEW}: {{range: [0.3], steps: 2}}}}\n",
    f"factors: {{{REVIEW}: {{range: [0.3, 0.4], stepz: 2}}}}\n",
    f"factors: {{{REVIEW}: {{distribution: {{norml: [0.3, 0.4]}}}}}}\n",
    f"twins: perhaps\nfactors: {{{REVIEW}: [0.3]}}\n",
    f"sample: 3\nfactors: {{{REVIEW}: [0.3]}}\n",
    "factors: []\n",
    "factors: [3]\n",
]
"""What both refuse."""


@pytest.mark.parametrize("text", WRONG)
def test_what_is_refused_is_underlined(text: str, tmp_path: Path, validator: Any) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + text, "utf-8")
    with pytest.raises(InputError) as caught:
        load_sweep(file)
    assert caught.value.file == file and caught.value.line is not None
    assert not validator.is_valid(yaml.safe_load(HEAD + text))


@pytest.mark.parametrize(
    "text",
    [
        f"name: 2009\ntitle: null\nseeds: '3,7-9'\ndraws: prior:2\nfactors: {{{REVIEW}: 0.3}}\n",
        f"sample: full\nseeds: [3, 7]\ntwins: off\nfactors: {{{REVIEW}: [0.3, 0.4]}}\n",
        "factors: {programmes.relocation: {budget: 20 million}}\n",
        "factors: {programmes.relocation: {values: [off, {budget: 20 million}]}}\n",
        f"factors: [{{{REVIEW}: 0.3}}, {{assets: threshold}}]\n",
        f"design: sobol\npoints: 2\nfactors: {{{REVIEW}: {{distribution: prior}}}}\n",
    ],
)
def test_what_is_taken_is_not_underlined(text: str, tmp_path: Path, validator: Any) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + text, "utf-8")
    assert len(load_sweep(file).points)
    validator.validate(yaml.safe_load(HEAD + text))


@pytest.mark.parametrize(
    ("text", "message"),
    [  # a key that a list of points would pass over in silence
        ("points: 4\nfactors: [{assets: smooth}]\n", "2:9: points: points belongs to"),
        ("steps: 4\nfactors: [{assets: smooth}]\n", "2:8: steps: steps belongs to"),
    ],
)
def test_nothing_that_is_said_is_passed_over(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + text, "utf-8")
    with pytest.raises(InputError, match=message):
        load_sweep(file)


def test_what_options_replace_is_not_read(tmp_path: Path) -> None:
    """A file that asks for more rows than there are can still be run with fewer."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"{HEAD}draws: 99999\nfactors: {{{REVIEW}: [0.3]}}\n", "utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml:2:8: draws: "):
        load_sweep(file)
    assert len(load_sweep(file, draws="central").draws) == 1


def test_keys_of_the_file_are_those_of_before() -> None:
    assert list(SweepFile.model_fields) == [
        "name", "title", "title_zh", "description", "description_zh", "scenario", "plans",
        "balance", "factors", "design", "points", "trajectories", "levels", "steps",
        "seeds", "draws", "sample", "twins",
    ]  # fmt: skip
