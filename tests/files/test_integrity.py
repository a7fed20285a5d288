"""A result that is not what was written is recognised, and nothing else is blamed on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.files.integrity import altered, only_intact, read_json, sealed
from fupin.store.folder import write_whole


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A result of two files."""

    def write(partial: Path) -> None:
        (partial / "a.csv").write_text("1\n")
        (partial / "b.csv").write_text("2\n")

    record = {"schema": 1, "budgets": {2009: 1.5, 2010: 0.1}, "名": "x", "hashes": {"sources": "s"}}
    return write_whole(tmp_path / "it", write, record)


def edit(folder: Path, change: Any) -> None:
    record = json.loads((folder / "run.json").read_text("utf-8"))
    change(record)
    (folder / "run.json").write_text(json.dumps(record), "utf-8")


def test_what_was_written_is_intact_however_it_is_laid_out(folder: Path) -> None:
    assert altered(folder) == altered(folder, suspicious=True) == []
    edit(folder, lambda record: None)  # the same content in another layout
    assert altered(folder) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(schema=2),
        lambda record: record["budgets"].update({"2009": 2.5}),
        lambda record: record["hashes"].update(sources="t"),
        lambda record: record["hashes"]["files"].pop("a.csv"),
        lambda record: record.pop("名"),
    ],
)
def test_an_edited_record_is_found(folder: Path, change: Any) -> None:
    edit(folder, change)
    assert altered(folder) == ["run.json"]


def test_other_files_are_named(folder: Path) -> None:
    (folder / "a.csv").write_text("3\n")
    (folder / "b.csv").unlink()
    (folder / "notes.txt").write_text("mine")  # the reader's own
    assert altered(folder) == ["a.csv", "b.csv"]


def test_a_record_of_an_older_fupin_is_not_accused_but_not_trusted(folder: Path) -> None:
    edit(folder, lambda record: record["hashes"].pop("record"))
    assert altered(folder) == []
    assert altered(folder, suspicious=True) == ["run.json"]


def test_only_what_an_altered_result_causes_is_blamed_on_it(folder: Path) -> None:
    with pytest.raises(KeyError), only_intact(folder):
        raise KeyError("a fault of the program")
    (folder / "b.csv").write_text("9")
    with pytest.raises(InputError, match=r"altered or missing.*: b\.csv"), only_intact(folder):
        raise KeyError("what b.csv led to")
    with only_intact(folder):
        pass  # what nobody stumbles over is of no interest


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": NaN}', '{"a": 1e999}', "[" * 100_000, "\0"])
def test_what_is_no_record_is_one_message(text: str, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(text)
    if text == '{"a": 1e999}':  # JSON has no bound for numbers
        assert read_json(file)["a"] == float("inf")
        return
    with pytest.raises(InputError) as caught:
        read_json(file)
    assert caught.value.file == file


def test_sealing_twice_is_sealing_once() -> None:
    once = sealed({"a": 1, "hashes": {}})
    assert sealed(once) == once
