"""`fupin population` as a user runs it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from fupin.commands.population import command
from fupin.errors import InputError
from fupin.population import compare
from fupin.population.frame import load_frame


def test_json_is_all_there_is_and_says_what_the_frame_says():
    result = CliRunner().invoke(command, ["--sample", "0.01", "--json"])
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    rows = {row["quantity"]: row for row in content["province"]}
    frame = load_frame(0.01)
    assert content["fingerprint"] == frame.fingerprint
    assert rows["key counties, national"]["model"] == 40
    assert rows["listed villages"]["model"] == 7102
    assert rows["listed villages in three prefectures"]["model"] == 2804
    assert rows["households in this sample"]["model"] == len(frame.households)
    people = (frame.villages.weight * frame.villages.people.astype(float)).sum()
    assert rows["registered rural people"]["model"] == people
    assert rows["registered rural people"]["difference"] == people - 51_000_000
    assert len(content["prefectures"]) == 11
    assert sum(p["people"] for p in content["prefectures"]) == people
    assert sum(p["units"] for p in content["prefectures"]) == 172


def test_table_fits_an_ordinary_terminal():
    result = CliRunner().invoke(command, ["--sample", "0.01"], env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    assert "7,102" in result.output and "Zhangjiakou" in result.output
    assert "…" not in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_model_stays_near_census_and_document():
    for row in compare.province_rows(load_frame(0.05)):
        if row.reference is not None and row.source == "census 2010":
            assert row.model == pytest.approx(row.reference, rel=0.05), row.quantity
        if row.source.startswith("S"):
            assert row.model == row.reference, row.quantity


def test_wrong_sample_is_bad_input():
    result = CliRunner().invoke(command, ["--sample", "half"])
    assert isinstance(result.exception, InputError)
