"""Every mistake in a scenario file is one message with its place and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_scenarios import BAD, Bad
from fupin.errors import InputError
from fupin.scenario.load import load_scenario


@pytest.mark.parametrize("bad", BAD, ids=[bad.label for bad in BAD])
def test_a_mistake_is_named_with_its_place_and_a_way_out(bad: Bad, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(bad.text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    error = caught.value
    assert bad.found in error.message, str(error)
    assert bad.instead in (error.instead or ""), str(error)
    assert (error.line, error.column) == (bad.line, bad.column), str(error)
    assert str(error).startswith(f"{file}:{bad.line}:{bad.column}: ")
    assert "\n" not in str(error) and len(str(error)) < 700


def test_labels_are_unique() -> None:
    assert len({bad.label for bad in BAD}) == len(BAD) >= 40


@pytest.mark.parametrize(
    ("raw", "line", "column", "found"),
    [
        (b"title: \xff\xfe\n", 1, 8, "neither UTF-8 nor GB18030"),
        (b"name: a\ntitle: caf\xe9\n", 2, 11, "neither UTF-8 nor GB18030"),
        (b"#" * 1_000_001, None, None, "larger than 1 MB"),
    ],
)
def test_other_encodings_and_huge_files(
    raw: bytes, line: int | None, column: int | None, found: str, tmp_path: Path
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes(raw)
    with pytest.raises(InputError, match=found) as caught:
        load_scenario(file)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig"])
def test_encodings_of_chinese_offices_are_read(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes("title: 扶贫，大名县\nprogrammes: off\n".replace("off", "{}").encode(encoding))
    assert load_scenario(file).title == "扶贫，大名县"


@pytest.mark.parametrize(
    ("text", "line", "column", "plain"),
    [
        ("name：a\n", 1, 5, ": "),
        ("title: a\nprogrammes：\n  relocation: {budget: 5}\n", 2, 11, ": "),
        ("title: a\nprogrammes: {relocation： {budget: 5}}\n", 2, 24, ": "),
        ("programmes: {relocation: {budget: 5，from: 2009-03}}\n", 1, 36, ", "),
        ("programmes: {relocation: {budget：5 million}}\n", 1, 27, ": "),
    ],
)
def test_full_width_punctuation_is_named(
    text: str, line: int, column: int, plain: str, tmp_path: Path
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="full-width") as caught:
        load_scenario(file)
    assert caught.value.line == line
    assert f"`{plain}`" in (caught.value.instead or "")
    assert caught.value.column == column


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes(b"\xef\xbb\xbftitle: x\n")
    assert load_scenario(file).title == "x"


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("title: x\n")
    with pytest.raises(InputError, match=r"no file .*plann\.yaml.* Did you mean .*/plan\.yaml\?"):
        load_scenario(tmp_path / "plann.yaml")
    with pytest.raises(InputError, match="not a file"):
        load_scenario(tmp_path)


BOMBS = {
    "billion laughs": "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
        for old, new in zip("abcd", "bcde", strict=True)
    ),
    "many aliases": "a: &a x\nshocks: [" + ", ".join(["*a"] * 100) + "]\n",
    "deep list": "shocks: " + "[" * 5000 + "]" * 5000,
    "deep mapping": "shocks: " + "{a: " * 3000 + "1" + "}" * 3000,
    "many values": "shocks: [" + "1, " * 50_000 + "1]\n",
    "many keys": "\n".join(f"k{i}: 1" for i in range(30_000)),
    "a huge number": "quota: " + "9" * 100_000,
    "a huge exponent": "quota: 1e" + "9" * 100_000,
    "a huge amount": "programmes: {relocation: {budget: " + "9" * 100_000 + " million}}",
    "a huge name": "extends: " + "a" * 100_000,
    "a huge key": "k" * 900 + ": 1",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_quickly_and_briefly(text: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    assert len(str(caught.value)) < 400 + len(str(file))


def test_a_mistake_in_a_base_is_told_at_the_base(tmp_path: Path) -> None:
    base, plan = tmp_path / "base.yaml", tmp_path / "plan.yaml"
    base.write_text("quota: 5\nprogrammes:\n  relocation:\n    budget: 5 millions of yuan\n")
    plan.write_text("extends: base.yaml\nquota: 7\n")
    with pytest.raises(InputError) as caught:
        load_scenario(plan)
    error = caught.value
    assert (error.file, error.line, error.column) == (base, 4, 13)


def test_a_plan_can_mend_its_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("quota: -5\n")
    plan = tmp_path / "plan.yaml"
    plan.write_text("extends: base.yaml\nquota: 7\n")
    assert load_scenario(plan).quota == 7


def test_a_conflict_between_files_is_told_at_the_value_that_the_plan_set(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("programmes: {relocation: {budget: 5, to: 2009-06}}\n")
    plan = tmp_path / "plan.yaml"
    plan.write_text("extends: base.yaml\nprogrammes:\n  relocation:\n    from: 2009-09\n")
    with pytest.raises(InputError, match="before the programme's start") as caught:
        load_scenario(plan)
    assert (caught.value.file, caught.value.line) == (plan, 4)  # the base is not his to change


def test_circles_and_long_lines_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("name: b\nextends: ./c.yaml\n")
    (tmp_path / "c.yaml").write_text("extends: ../" + tmp_path.name + "/a.yaml\n")
    with pytest.raises(
        InputError, match=r"circle: a\.yaml -> b\.yaml -> c\.yaml -> a\.yaml"
    ) as got:
        load_scenario(tmp_path / "a.yaml")
    assert got.value.file == tmp_path / "c.yaml"
    for number in range(12):
        (tmp_path / f"{number}.yaml").write_text(f"extends: {number + 1}.yaml\n")
    (tmp_path / "12.yaml").write_text("name: last\n")
    with pytest.raises(InputError, match="more than 8 files") as got:
        load_scenario(tmp_path / "0.yaml")
    assert got.value.file == tmp_path / "7.yaml"
    assert load_scenario(tmp_path / "5.yaml").name == "5"
