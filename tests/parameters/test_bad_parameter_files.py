"""Whatever is wrong with a parameter file: one clear message with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.parameters.book import load_book

GOOD = """\
first:
  value: 0.5
  unit: share
  range: [0, 1]
  grade: assumption
  source: a test
"""

# What the file holds, line and column of the error, words of the message, words of the hint.
BAD: dict[str, tuple[str, int, int, str, str]] = {
    "no source": (
        GOOD.replace("  source: a test\n", ""),
        1,
        1,
        "trial.first.source: it is missing",
        "source: ...",
    ),
    "empty source": (
        GOOD.replace("a test", '""'),
        6,
        11,
        "trial.first.source: This text is empty",
        "Write some words.",
    ),
    "null source": (
        GOOD.replace("a test", "null"),
        6,
        11,
        "source: it is missing",
        "Add `source: ...`",
    ),
    "no grade": (
        GOOD.replace("  grade: assumption\n", ""),
        1,
        1,
        "trial.first.grade: it is missing",
        "grade: ...",
    ),
    "unknown grade": (
        GOOD.replace("assumption", "assumtion"),
        5,
        10,
        "trial.first.grade: 'assumtion' is not one of",
        "Did you mean assumption?",
    ),
    "no unit": (
        GOOD.replace("  unit: share\n", ""),
        1,
        1,
        "trial.first: `unit` is missing",
        "unit: ...",
    ),
    "unknown unit": (
        GOOD.replace("share", "shares"),
        3,
        9,
        "first.unit: 'shares' is not one of",
        "Did you mean share?",
    ),
    "unit with other case": (
        GOOD.replace("share", "Share"),
        3,
        9,
        "first.unit: 'Share' is not one of",
        "Did you mean share?",
    ),
    "no value": (
        GOOD.replace("  value: 0.5\n", ""),
        1,
        1,
        "trial.first: `value` is missing",
        "value: ...",
    ),
    "value is text": (
        GOOD.replace("0.5", "half"),
        2,
        10,
        "first.value: 'half' is not a number",
        "Write a number",
    ),
    "value is a switch": (
        GOOD.replace("0.5", "on"),
        2,
        10,
        "true is not a number",
        "Write a number",
    ),
    "value is null": (GOOD.replace("0.5", "~"), 2, 10, "`value` is missing", "Add `value: ...`"),
    "value is not finite": (GOOD.replace("0.5", ".inf"), 2, 10, ".inf is not a finite number", ""),
    "value is octal to some": (GOOD.replace("0.5", "010"), 2, 10, "begins with a zero", "Write 10"),
    "value is a list": (
        GOOD.replace("0.5", "[0.5]"),
        2,
        10,
        "a list is not a number",
        "Write a number",
    ),
    "value above range": (GOOD.replace("0.5", "1.5"), 2, 10, "1.5 is outside 0 to 1", "Change it"),
    "value below range": (GOOD.replace("0.5", "-0.1"), 2, 10, "-0.1 is outside 0 to 1", ""),
    "no range": (
        GOOD.replace("  range: [0, 1]\n", ""),
        1,
        1,
        "no range and no distribution",
        "range: [low, high]",
    ),
    "range of one": (GOOD.replace("[0, 1]", "[0]"), 4, 10, "list of 2 numbers", ""),
    "range turned round": (GOOD.replace("[0, 1]", "[1, 0]"), 4, 10, "is no range", ""),
    "unknown key": (
        GOOD + "  sauce: x\n",
        7,
        3,
        "trial.first.sauce: unknown key",
        "Did you mean source?",
    ),
    "key twice": (GOOD + "  source: x\n", 7, 3, "appears twice (first on line 6)", "Keep one."),
    "name twice": (GOOD + GOOD, 7, 1, "appears twice (first on line 1)", "Keep one."),
    "name with capitals": (GOOD.replace("first", "First"), 1, 1, "small letters", ""),
    "no mapping": ("first: 0.5\n", 1, 8, "0.5 stands where keys are needed", "value, unit, source"),
    "tab": (GOOD.replace("  value", "\tvalue"), 2, 1, "A tab", "spaces"),
    "tag": (GOOD.replace("0.5", "!!python/object:os.system 1"), 2, 10, "Tags", ""),
    "two documents": (GOOD + "---\n" + GOOD, 7, 1, "", ""),
    "broken list": (GOOD.replace("[0, 1]", "[0, 1"), 5, 8, "", ""),
    "prior misses value": (
        GOOD + "  distribution: {uniform: [0.6, 0.9]}\n",
        2,
        10,
        "outside its distribution",
        "",
    ),
    "prior leaves range": (
        GOOD + "  distribution: {uniform: [0, 2]}\n",
        4,
        10,
        "does not hold all of uniform(0, 2)",
        "",
    ),
    "prior of two kinds": (
        GOOD + "  distribution: {uniform: [0, 1], beta: [1, 1]}\n",
        7,
        3,
        "exactly one kind",
        "normal",
    ),
    "prior of no kind": (
        GOOD + "  distribution: {truncated: [0, 1]}\n",
        7,
        3,
        "exactly one kind",
        "",
    ),
    "prior unknown": (
        GOOD + "  distribution: {norml: [0, 1]}\n",
        7,
        18,
        "distribution.norml: unknown key",
        "Did you mean normal?",
    ),
    "prior without bounds": (
        GOOD + "  distribution: {normal: [0.5, 0.1]}\n",
        7,
        26,
        "needs bounds",
        "truncated",
    ),
    "prior with sd 0": (
        GOOD + "  distribution: {normal: [0.5, 0], truncated: [0, 1]}\n",
        7,
        26,
        "cannot be mean and sd",
        "",
    ),
    "prior turned round": (
        GOOD + "  distribution: {uniform: [1, 0]}\n",
        7,
        27,
        "cannot be low and high",
        "",
    ),
    "prior cut away": (
        GOOD + "  distribution: {beta: [2, 2], truncated: [0, 2]}\n",
        7,
        43,
        "not inside the beta's support",
        "",
    ),
    "year without source": (
        GOOD.replace("0.5", "{2009: 0.5}").replace("  source: a test\n", ""),
        2,
        11,
        "no source",
        "Give the year",
    ),
    "year without grade": (
        GOOD.replace("0.5", "{2009: 0.5}").replace("  grade: assumption\n", ""),
        2,
        11,
        "no grade",
        "Give the year",
    ),
    "no year": (GOOD.replace("0.5", "{a: 0.5}"), 2, 11, "'a' is no year", "2009"),
    "year of three digits": (GOOD.replace("0.5", "{209: 0.5}"), 2, 11, "'209' is no year", "2009"),
    "years are none": (GOOD.replace("0.5", "{}"), 2, 3, "no year", "2009"),
    "year out of range": (
        GOOD.replace("0.5", "{2009: 1.5}"),
        2,
        17,
        "value.2009: 1.5 is outside",
        "",
    ),
    "year with unknown key": (
        GOOD.replace("0.5", "{2009: {value: 0.5, unit: mu}}"),
        2,
        30,
        "value.2009.unit: unknown key",
        "Known: value, source, grade or note",
    ),
    "year twice": (GOOD.replace("0.5", "{2009: 0.5, 2009: 0.6}"), 2, 22, "appears twice", ""),
    "years with a prior": (
        GOOD.replace("0.5", "{2009: 0.5}") + "  distribution: {uniform: [0, 1]}\n",
        2,
        3,
        "no distribution",
        "",
    ),
    "shares that do not sum": (GOOD + "  share_of: whole\n", 1, 1, "sum to 0.5, not to 1", ""),
    "empty file": ("# nothing\n", 1, 1, "", ""),
}


@pytest.mark.parametrize("what", BAD)
def test_a_wrong_file_is_one_clear_message(what: str, tmp_path: Path) -> None:
    text, line, column, message, instead = BAD[what]
    file = tmp_path / "trial.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_book(tmp_path)
    error = caught.value
    assert (error.file, error.line, error.column) == (file, line, column), str(error)
    assert message in error.message
    assert instead in (error.instead or "")


def test_the_good_file_is_good(tmp_path: Path) -> None:
    (tmp_path / "trial.yaml").write_text(GOOD)
    assert load_book(tmp_path).values()["trial.first"] == 0.5


def test_years_inherit_and_override_source_and_grade(tmp_path: Path) -> None:
    dated = "{2010: 0.7, 2009: {value: 0.6, source: elsewhere, grade: document, note: why}}"
    (tmp_path / "trial.yaml").write_text(GOOD.replace("0.5", dated))
    value = load_book(tmp_path)["trial.first"].value
    assert isinstance(value, tuple)
    assert [(v.year, v.value, v.source, v.grade, v.note) for v in value] == [
        (2009, 0.6, "elsewhere", "document", "why"),
        (2010, 0.7, "a test", "assumption", ""),
    ]


def test_both_yaml_readers_give_the_same_tree() -> None:
    """libyaml is the fast path; the careful reader must see the same values and marks."""
    from fupin import paths
    from fupin.yaml.events import read_marked, read_tree

    for file in sorted(paths.parameters().glob("*.yaml")):
        text = file.read_text("utf-8")
        assert read_marked(text, file) == read_tree(text, file)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no parameter file"):
        load_book(tmp_path)
