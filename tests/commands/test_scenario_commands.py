"""`fupin check`, `schema`, `new` and `list`, as a user calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS

Fupin = Callable[..., tuple[int, str, str]]


def test_check_says_what_a_scenario_plans(fupin: Fupin) -> None:
    code, out, err = fupin("check", "fupin:plans/more-training")
    assert (code, err) == (0, "")
    for words in (
        "January 2009 to December 2009 (12 months)",
        "default sample",
        "80.54 million yuan",
        "174.46 million yuan",
        "42.5 million yuan for 30 villages in Chicheng 赤城县, Dongguang 东光县",
        "fiscal           743 million yuan",
        "224.46 million yuan -> 174.46 million yuan; fiscal total kept",
    ):
        assert words in out


def test_check_of_several_files_tells_every_mistake(fupin: Fupin) -> None:
    Path("a.yaml").write_text("quota: x\n")
    Path("b.yaml").write_text("quota: 1\n")
    Path("c.yaml").write_text("\n\nqota: 1\n")
    code, out, err = fupin("check", "a.yaml", "b.yaml", "c.yaml")
    assert code == 2
    assert "b.yaml is valid" in out
    assert err.splitlines()[0].startswith("fupin: a.yaml:1:8: quota: 'x' is not a whole number.")
    assert err.splitlines()[1] == "fupin: c.yaml:3:1: qota: unknown key. Did you mean quota?"


def test_check_json_is_json_and_nothing_else(fupin: Fupin) -> None:
    Path("bad.yaml").write_text("quota: x\n")
    code, out, _ = fupin("check", "--json", "fupin:2009-document", "bad.yaml")
    good, bad = json.loads(out)
    assert code == 2
    assert good["valid"] and good["money"]["fiscal"] == 743_000_000
    assert good["programmes"]["skills_training"]["budget"] == {"2009": 30_540_000}
    assert tuple(good["programmes"]) == PROGRAMME_KEYS
    assert not bad["valid"] and (bad["error"]["line"], bad["error"]["column"]) == (1, 8)


def test_check_of_a_missing_file(fupin: Fupin) -> None:
    code, out, err = fupin("check", "gone.yaml")
    assert (code, out) == (2, "")
    assert "gone.yaml" in err and "Traceback" not in err


def test_schema_is_printed_or_written(fupin: Fupin) -> None:
    code, out, _ = fupin("schema")
    assert code == 0 and json.loads(out)["title"] == "fupin scenario"
    code, nothing, _ = fupin("schema", "--out", "s.json")
    assert (code, nothing) == (0, "")
    assert json.loads(Path("s.json").read_text(encoding="utf-8")) == json.loads(out)
    assert fupin("schema", "--out", "no/such/folder/s.json")[0] == 2


def test_new_writes_a_file_that_is_valid_and_changes_nothing(fupin: Fupin) -> None:
    assert fupin("new", "my-plan")[0] == 0
    code, out, _ = fupin("check", "--json", "my-plan.yaml")
    assert code == 0
    _, document, _ = fupin("check", "--json", "fupin:2009-document")
    assert json.loads(out)[0]["programmes"] == json.loads(document)[0]["programmes"]


def test_every_comment_of_a_new_file_is_valid_when_it_is_taken_in(fupin: Fupin) -> None:
    fupin("new", "my-plan")
    text = Path("my-plan.yaml").read_text(encoding="utf-8")
    opened = "\n".join(
        line.removeprefix("# ")
        if line.removeprefix("# ").split(":")[0].replace("_", "").strip().isalpha()
        and not line.startswith("# balance")
        else (line.removeprefix("#") if line.startswith("#   ") else line)
        for line in text.splitlines()
    )
    Path("opened.yaml").write_text(opened, encoding="utf-8")
    code, out, err = fupin("check", "opened.yaml")
    assert code == 0, err + opened
    assert "bad_summer" in out


def test_new_never_overwrites(fupin: Fupin) -> None:
    Path("mine.yaml").write_text("quota: 1\n")
    code, _, err = fupin("new", "mine")
    assert code == 2 and "exists already" in err
    assert Path("mine.yaml").read_text() == "quota: 1\n"
    assert fupin("new", "mine", "--out", "other.yaml")[0] == 0


def test_new_extends_another_file_by_a_relative_path(fupin: Fupin) -> None:
    Path("plans").mkdir()
    assert fupin("new", "one")[0] == 0
    assert fupin("new", "two", "--extends", "one.yaml", "--out", "plans/two.yaml")[0] == 0
    assert 'extends: "../one.yaml"' in Path("plans/two.yaml").read_text(encoding="utf-8")
    assert fupin("check", "plans/two.yaml")[0] == 0


@pytest.mark.parametrize("name", ["../x", "a b", "", "-x", "x" * 70, "a/b"])
def test_new_refuses_names_that_cannot_be(name: str, fupin: Fupin) -> None:
    assert fupin("new", "--", name)[0] == 2
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("name", ["plan.yaml", "计划.yml"])
def test_new_takes_the_name_of_the_file(name: str, fupin: Fupin) -> None:
    assert fupin("new", name)[0] == 0
    assert [file.name for file in Path.cwd().iterdir()] == [f"{name.partition('.')[0]}.yaml"]
    assert fupin("new", name)[0] == 2  # never over a file that is there


@pytest.mark.parametrize("empty", ["programmes:", "programmes: null  # all are notes now"])
def test_check_warns_where_an_empty_key_takes_all_programmes_away(empty: str, fupin: Fupin) -> None:
    Path("plan.yaml").write_text(f"extends: fupin:2009-document\n{empty}\n")
    code, out, _ = fupin("check", "plan.yaml")
    assert code == 0 and "takes away all programmes of 2009-document" in out
    Path("plan.yaml").write_text("extends: fupin:2009-document\nprogrammes: {}\n")
    assert "Warning" not in fupin("check", "plan.yaml")[1]


@pytest.mark.parametrize("name", ["on", "010", "1e5", "null", "计划"])
def test_new_takes_names_that_look_like_something_else(name: str, fupin: Fupin) -> None:
    assert fupin("new", name)[0] == 0
    code, out, _ = fupin("check", "--json", f"{name}.yaml")
    assert code == 0 and json.loads(out)[0]["name"] == name


def test_new_from_a_base_that_is_wrong_writes_nothing(fupin: Fupin) -> None:
    Path("bad.yaml").write_text("quota: x\n")
    assert fupin("new", "plan", "--extends", "bad.yaml")[0] == 2
    assert not Path("plan.yaml").exists()


def test_list_names_our_scenarios(fupin: Fupin) -> None:
    code, out, _ = fupin("list")
    assert code == 0 and "fupin:2009-document " in out
    rows = {row["name"]: row for row in json.loads(fupin("list", "--json")[1])}
    assert rows["fupin:2009-no-programmes"]["extends"] == "fupin:2009-document"
    for name in rows:
        assert fupin("check", name)[0] == 0
