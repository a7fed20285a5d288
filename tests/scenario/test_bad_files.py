"""Every mistake in a scenario file is one message with its place and a way out."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from sim.errors import InputError
from sim.scenario.load import load_scenario


class Bad(NamedTuple):
    """A file with one mistake: its text, where the mistake is, what the message must say."""

    label: str
    text: str
    line: int
    column: int
    found: str
    instead: str = ""


BAD = [
    # -- YAML itself
    Bad("empty", "", 1, 1, "empty", "fupin new"),
    Bad("only a comment", "# nothing\n", 1, 1, "empty", "fupin new"),
    Bad("a list", "- a\n- b\n", 1, 1, "a list", "title: ..."),
    Bad("a word", "hello\n", 1, 1, "'hello'", "title: ..."),
    Bad("a tab", "period:\n\tstart: 2009-01\n", 2, 1, "tab", "spaces"),
    Bad("open bracket", "period: {start: 2009-01\n", 1, 9, "never closed", "Close"),
    Bad("open quote", 'title: "open\n', 1, 8, "never closed", "Close"),
    Bad("colon in text", "title: a: b\n", 1, 9, "colon", "quote"),
    Bad("key twice", "quota: 1\nname: a\nquota: 2\n", 3, 1, "'quota' appears twice", "Keep one"),
    Bad("two documents", "name: a\n---\nname: b\n", 2, 1, "second document", "one scenario"),
    Bad("a tag", "title: !!python/object:os.system x\n", 1, 8, "Tags", "Delete"),
    Bad("a tag on a mapping", "period: !mine {start: 2009-01}\n", 1, 9, "!mine", "Delete"),
    Bad("a merge key", "<<: {name: a}\n", 1, 1, "Merge keys", "extends"),
    Bad("a key that is a list", "[a, b]: c\n", 1, 1, "key must be a word"),
    Bad("an alias to nothing", "title: *gone\n", 1, 8, "*gone", "Quote"),
    Bad("an alias to itself", "shocks: &a {one: *a}\n", 1, 18, "contains itself"),
    Bad("an emoji bell", "title: a\x07b\n", 1, 9, "code 7", "Delete"),
    Bad("half a character", 'title: "\\ud800"\n', 1, 8, "surrogate", "Delete"),
    Bad("an impossible escape", 'title: "\\UFFFFFFFF"\n', 1, 11, "not valid YAML"),
    # -- numbers that YAML 1.1 would change
    Bad("underscores", "quota: 200_000\n", 1, 8, "underscores", "Write 200000."),
    Bad("octal", "quota: 010\n", 1, 8, "begins with a zero", "Write 10"),
    Bad("hexadecimal", "quota: 0x1F\n", 1, 8, "decimal", "decimal"),
    Bad("base 60", "quota: 12:30\n", 1, 8, "quota: '12:30' is not a whole number", "persons"),
    Bad("infinite", "quota: .inf\n", 1, 8, "finite", "finite"),
    Bad("not a number", "population: {sample: .nan}\n", 1, 22, "finite", "finite"),
    Bad("too large a number", "quota: 1e999\n", 1, 8, "too large", "1e±300"),
    # -- keys and words
    Bad("unknown key", "progammes: {}\n", 1, 1, "progammes: unknown key", "mean programmes?"),
    Bad(
        "unknown programme",
        "programmes:\n  skill_training: off\n",
        2,
        3,
        "programmes.skill_training: unknown key",
        "Did you mean skills_training?",
    ),
    Bad(
        "unknown key of a programme",
        "programmes:\n  skills_training:\n    budget: 5 million\n    jobs_a_month: 7\n",
        4,
        5,
        "unknown key",
        "Did you mean jobs_per_month?",
    ),
    Bad(
        "a null does not hide an unknown key",
        "programmes:\n  skills_training: {budget: 1, pace: null}\n",
        2,
        32,
        "unknown key",
        "places_per_month",
    ),
    Bad("unknown choice", "weather: historic\n", 1, 10, "'historic'", "Did you mean historical?"),
    Bad("a switch as a choice", "growth: off\n", 1, 9, "false", "document or none"),
    Bad("no switch", "recognition: maybe\n", 1, 14, "'maybe'", "on or off"),
    Bad("a number as a name", "name: 2009\n", 1, 7, "2009", "quotes"),
    Bad("a path as a name", "name: ../x\n", 1, 7, "'../x'", "letters"),
    Bad("a switch as a title", "title: yes\n", 1, 8, "true is not text", "quotes"),
    Bad("a word where keys belong", "period: 2009\n", 1, 9, "2009", "start, end"),
    Bad("half a person", "quota: 1.5\n", 1, 8, "whole number", "persons"),
    Bad("a switch as a number", "quota: on\n", 1, 8, "true", "persons"),
    Bad(
        "nobody in the sample", "population: {sample: 0}\n", 1, 22, "not a sample", "default, full"
    ),
    Bad("more than all", "population: {sample: 1.5}\n", 1, 22, "not a sample", "default, full"),
    Bad(
        "a negative seed",
        "population: {seed: -1}\n",
        1,
        20,
        "out of range",
        "a whole number such as 7",
    ),
    # -- dates
    Bad("month 13", "period: {start: 2009-13}\n", 1, 17, "no month 13", "01 to 12"),
    Bad("a day", "period: {end: 2009-06-30}\n", 1, 15, "names a day", "Write the month: 2009-06."),
    Bad("a loose month", "period: {start: 2009/3}\n", 1, 17, "2009/3", "Write 2009-03."),
    Bad("a bare year", "period: {start: 2009}\n", 1, 17, "names a year", "2009-01"),
    Bad("before the data", "period: {start: 1999-01}\n", 1, 17, "outside", "2002-01 to 2012-12"),
    Bad(
        "end before start",
        "period:\n  start: 2009-06\n  end: 2009-03\n",
        3,
        8,
        "before the start, 2009-06",
        "later",
    ),
    Bad(
        "a programme that ends before it starts",
        "programmes:\n  relocation: {budget: 1 million, from: 2009-06, to: 2009-02}\n",
        2,
        54,
        "before the programme's start",
        "later",
    ),
    Bad(
        "a programme outside the period",
        "programmes:\n  relocation:\n    budget: 1 million\n    from: 2010-01\n",
        4,
        11,
        "no month of the period 2009-01 to 2009-12",
        "Move it",
    ),
    # -- money
    Bad(
        "negative money",
        "programmes:\n  relocation: {budget: -5 million}\n",
        2,
        24,
        "programmes.relocation.budget: '-5 million' is negative",
        "cannot be negative",
    ),
    Bad("a negative number", "programmes: {relocation: {budget: -5}}\n", 1, 35, "negative"),
    Bad(
        "an unknown unit",
        "programmes: {relocation: {budget: 5 M}}\n",
        1,
        35,
        "unknown unit",
        "Did you mean 5 million?",
    ),
    Bad(
        "a misspelt unit",
        "programmes: {relocation: {budget: 5 millon}}\n",
        1,
        35,
        "'millon'",
        "Did you mean million?",
    ),
    Bad(
        "dollars", "programmes: {relocation: {budget: 5 USD}}\n", 1, 35, "'USD'", "million, billion"
    ),
    Bad(
        "separators",
        'programmes: {relocation: {budget: "5,000,000"}}\n',
        1,
        35,
        "separators",
        "Write 5000000.",
    ),
    Bad("a coin", "programmes: {relocation: {budget: 0.5}}\n", 1, 35, "whole number of yuan"),
    Bad("absurd", "programmes: {relocation: {budget: 1e14}}\n", 1, 35, "ten trillion", "743"),
    Bad("a switch as money", "programmes: {relocation: {budget: on}}\n", 1, 35, "switch", "off"),
    Bad("on without money", "programmes: {relocation: on}\n", 1, 26, "money to be on", "{budget:"),
    Bad(
        "money without its key",
        "programmes: {relocation: 5 million}\n",
        1,
        26,
        "'5 million'",
        "{budget: 30 million}",
    ),
    Bad(
        "settings without money",
        "programmes:\n  relocation:\n    from: 2009-03\n",
        2,
        3,
        "`budget` is missing",
        "budget: ...",
    ),
    Bad(
        "a strange year",
        "programmes: {relocation: {budget: {next: 5}}}\n",
        1,
        36,
        "'next' is not a year",
        "2009: 5 million",
    ),
    Bad(
        "a bad amount in a year",
        "programmes: {relocation: {budget: {2009: 5, 2010: x}}}\n",
        1,
        51,
        "programmes.relocation.budget.2010: 'x' is not an amount",
    ),
    Bad(
        "a year without an amount",
        "period: {end: 2010-12}\nprogrammes: {relocation: {budget: {2009: 5}}}\n",
        2,
        27,
        "No amount for 2010",
        "2010: 0",
    ),
    Bad(
        "a lottery larger than its programme",
        "programmes:\n  village_advancement:\n    budget: 5 million\n"
        "    lottery: {budget: 6 million, villages: 3, counties: [Chicheng]}\n",
        3,
        13,
        "lottery part (6 million yuan) is more than",
        "lottery: null",
    ),
    Bad(
        "a free training place",
        "programmes: {skills_training: {budget: 5, unit_cost: 0}}\n",
        1,
        54,
        "0 yuan",
        "leave it out",
    ),
    # -- places
    Bad(
        "an unknown county",
        "programmes:\n  relocation:\n    budget: 5\n    counties: [Daming, Qingquan]\n",
        4,
        24,
        "'Qingquan'",
        "Did you mean",
    ),
    Bad(
        "an ambiguous county",
        "programmes: {relocation: {budget: 5, counties: [Weixian]}}\n",
        1,
        49,
        "130434, Handan); Weixian 威县 (130533, Xingtai)",
        "Handan/Weixian",
    ),
    Bad(
        "a county of another prefecture",
        "programmes: {relocation: {budget: 5, counties: [Handan/Chicheng]}}\n",
        1,
        49,
        "in Handan",
        "Zhangjiakou",
    ),
    Bad(
        "a prefecture as a county",
        "programmes: {relocation: {budget: 5, counties: Baoding}}\n",
        1,
        48,
        "prefecture",
        "prefectures: [Baoding]",
    ),
    Bad(
        "a code of elsewhere",
        "programmes: {relocation: {budget: 5, counties: [110101]}}\n",
        1,
        49,
        "110101",
        "GB/T 2260",
    ),
    Bad(
        "no county at all",
        "programmes: {relocation: {budget: 5, counties: []}}\n",
        1,
        48,
        "reaches nobody",
        "delete",
    ),
    Bad(
        "counties outside the prefectures",
        "programmes: {relocation: {budget: 5, counties: [Chicheng], prefectures: [Handan]}}\n",
        1,
        48,
        "lies in the programme's prefectures",
        "change one",
    ),
    Bad(
        "an unknown prefecture",
        "shocks: {dry: {drought: {prefectures: [Zhangjakou], from: 2009-06, months: 4, "
        "severity: 1}}}\n",
        1,
        40,
        "Zhangjakou",
        "Did you mean Zhangjiakou?",
    ),
    # -- shocks, parameters, inheritance
    Bad(
        "a drought nowhere",
        "shocks:\n  dry: {drought: {from: 2009-06, months: 4, severity: 1}}\n",
        2,
        9,
        "needs a place",
        "prefectures",
    ),
    Bad(
        "a drought without an end",
        "shocks:\n  dry: {drought: {counties: all, from: 2009-06, severity: 1}}\n",
        2,
        9,
        "`months` is missing",
        "months: ...",
    ),
    Bad(
        "too hard a drought",
        "shocks: {dry: {drought: {counties: all, from: 2009-06, months: 4, severity: 40}}}\n",
        1,
        77,
        "out of range",
        "0 to 1",
    ),
    Bad(
        "a drought after the end",
        "shocks: {dry: {drought: {counties: all, from: 2010-06, months: 4, severity: 1}}}\n",
        1,
        47,
        "outside the period",
        "within the period",
    ),
    Bad("an unknown shock", "shocks: {wet: {flood: {}}}\n", 1, 16, "unknown key", "drought"),
    Bad("parameters in a list", "parameters: [1]\n", 1, 13, "a list", "names of parameters"),
    Bad("a word as a parameter", "parameters: {a.b: high}\n", 1, 19, "parameters.a.b: 'high'"),
    Bad("extends nothing", "extends: gone.yaml\n", 1, 10, "no file 'gone.yaml'", "fupin list"),
    Bad("extends a list", "extends: [a, b]\n", 1, 10, "not the name of a file", "one file"),
    Bad("extends a folder", "extends: .\n", 1, 10, "not a file"),
    Bad("extends itself", "extends: plan.yaml\n", 1, 10, "circle: plan.yaml -> plan.yaml"),
    Bad(
        "extends a misspelt file of ours",
        "extends: fupin:2009-dokument\n",
        1,
        10,
        "2009-dokument",
        "Did you mean fupin:2009-document?",
    ),
    Bad("balance alone", "name: a\nbalance: relocation\n", 2, 1, "extends none", "Add `extends"),
]


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
    assert "\n" not in str(error)


def test_labels_are_unique() -> None:
    assert len({bad.label for bad in BAD}) == len(BAD) >= 40


@pytest.mark.parametrize(
    ("raw", "line", "column", "found"),
    [
        (b"title: \xff\xfe\n", 1, 8, "not UTF-8"),
        ("title: 扶贫\n".encode("gbk"), 1, 8, "not UTF-8"),
        (b"name: a\ntitle: caf\xe9\n", 2, 11, "not UTF-8"),
        ("title: a\n".encode("utf-16"), 1, 1, "UTF-16"),
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
    assert caught.value.file == tmp_path / "base.yaml"  # `to` is cited, and it stands there


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
