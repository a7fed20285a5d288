"""The figures of the document: complete, in agreement with each other, and used as they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin import paths
from fupin.errors import InputError
from fupin.lives.figures import figures
from fupin.parameters.book import load_book
from fupin.parameters.document import find_row, load_document
from fupin.scenario.programmes import PROGRAMME_KEYS, PROGRAMMES

ROWS = {row.id: row for row in load_document()}


def value(name: str) -> float:
    return ROWS[name].value


def test_ids_are_s01_to_s87_without_s45() -> None:
    assert list(ROWS) == [f"S{i:02d}" for i in range(1, 88) if i != 45]


# -- arithmetic that the document itself implies ---------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "expected", "tolerance"),
    [
        ("2001: absolute + low-income = all poor", (value("S07") + value("S08")) - value("S09"), 0),
        ("key counties: national + provincial = 52", value("S05") + value("S06") - value("S72"), 0),
        ("helping units: 237 + 116 = 353 million", value("S64") + value("S73") - value("S20"), 0),
        (
            "four helping one: 59 + 162 + 16.19 = 237 million, rounded",
            value("S65") + value("S66") + value("S67") - value("S64"),
            0.5e6,
        ),
        ("mutual funds: new villages are a part", min(value("S54") - value("S50"), 0), 0),
        ("mutual funds: new households are a part", min(value("S55") - value("S51"), 0), 0),
        ("mutual funds: new money is a part", min(value("S57") - value("S53"), 0), 0),
        ("mutual funds: poor members are a part", min(value("S51") - value("S52"), 0), 0),
        ("central money is a part of the fiscal funds", min(value("S18") - value("S19"), 0), 0),
        ("fiscal funds of 2009 are a part of eight years", min(value("S14") - value("S18"), 0), 0),
        ("household projects: both paragraphs say 60,000", value("S22") - value("S46"), 0),
        (
            "listed villages: the three prefectures hold a part",
            min(value("S15") - value("S11"), 0),
            0,
        ),
        (
            "village plans completed are a part of the roster",
            min(value("S15") - value("S16"), 0),
            0,
        ),
        ("belt: 100 li are 50 km", value("S86") / 2 - 50, 0),
    ],
)
def test_sums(quantity: str, expected: float, tolerance: float) -> None:
    assert abs(expected) <= tolerance, quantity


@pytest.mark.parametrize(
    ("quantity", "ratio", "stated", "digits"),
    [
        (
            "key counties in three prefectures",
            value("S10") / 52,
            ROWS["S13"].parts["key_counties"],
            3,
        ),
        (
            "listed villages there",
            value("S11") / value("S15"),
            ROWS["S13"].parts["listed_villages"],
            3,
        ),
        ("poor people there", value("S12") / value("S17"), ROWS["S13"].parts["poor_people"], 3),
        ("employment rate", value("S41") / value("S40"), value("S42"), 2),
        ("persons a household moved", value("S37") / value("S36"), 3.464, 3),
        ("yuan a trainee, million", value("S39") / value("S40") / 1e6, 0.001887, 6),
        ("lottery money a village, million", value("S29") / value("S28") / 1e6, 1.4167, 4),
        ("persons a household helped, if all were lifted", value("S27") / value("S22"), 3.33, 2),
    ],
)
def test_ratios(quantity: str, ratio: float, stated: float, digits: int) -> None:
    assert round(ratio, digits) == round(stated, digits), quantity


def test_at_least_means_at_least() -> None:
    """A bound is a bound: what can be computed from other figures lies on the right side."""
    assert ROWS["S30"].bound == "at_least"
    assert value("S29") / value("S28") >= value("S30")
    assert {row.id for row in ROWS.values() if row.bound == "at_least"} == {
        "S16",
        "S30",
        "S32",
        "S44",
        "S46",
        "S47",
        "S48",
        "S59",
        "S60",
        "S78",
        "S81",
        "S85",
    }


def test_resources_of_2009_without_double_counting() -> None:
    total = value("S18") + value("S20") + value("S21")
    assert total == 2_366_000_000
    assert value("S78") <= value("S73")


# -- what each figure is for -----------------------------------------------------------------------


def test_no_result_is_an_input_and_no_unit_cost_is_its_own_proof() -> None:
    for name in ("S12", "S13", "S17", "S77"):
        assert ROWS[name].role == "outcome", f"{name} is held out"
    for name in ("S07", "S08", "S09", "S27", "S41", "S42"):
        assert ROWS[name].role == "fitted"
    for row in ROWS.values():
        if row.kind == "I":
            assert row.role in ("input", "derived"), f"{row.id}: money put in is no result"
        if row.kind == "Y":
            assert row.role in ("outcome", "fitted"), f"{row.id}: an outcome is not put in"
    # Delivered counts come from money of another figure and a price from elsewhere.
    assert {row.id for row in ROWS.values() if row.role == "delivered"} == {"S22", "S34"}


def test_every_row_is_measured_or_says_why_not() -> None:
    """All rows are quantities; the list of those that no run has is short."""
    without = {row.id for row in ROWS.values() if row.not_modelled}
    assert without == {"S65", "S66", "S67", "S86"}
    assert {key for key in figures() if "." not in key} == set(ROWS) - without
    for key in figures():
        name, _, part = key.partition(".")
        assert not part or part in ROWS[name].parts, key
    for row in ROWS.values():
        assert len(row.counterpart) + len(row.not_modelled) <= 75, f"{row.id}: a few words"


def test_what_a_share_can_be() -> None:
    for key, figure in figures().items():
        assert (figure.most == 1.0) == (ROWS[key.partition(".")[0]].unit == "share"), key


def test_a_figure_that_a_parameter_is_inferred_from_is_derived() -> None:
    """Stocks of funds at the start are all less new; guarantees an officer are S60 / S59."""
    values = load_book().values()
    old = {
        "S54": ("old_villages", "S50"),
        "S55": ("old_members", "S51"),
        "S57": ("old_money", "S53"),
    }
    for whole, (name, new) in old.items():
        assert ROWS[whole].role == "derived"
        assert values[f"mutual_funds.{name}"] == pytest.approx(value(whole) - value(new))
    assert ROWS["S60"].role == "derived"


def test_every_programme_is_told_of_or_named_in_a_note() -> None:
    told = {row.programme for row in ROWS.values()}
    load_document(None, PROGRAMME_KEYS)  # and there are no others
    silent = {p.key for p in PROGRAMMES if p.of_document} - told
    assert silent == {"project_management", "subsidised_loans"}
    assert "subsidised_loans" in ROWS["S21"].note  # the other has a paragraph without a figure


def test_figures_agree_with_what_the_synthetic_province_takes_from_them() -> None:
    import yaml

    frame = yaml.safe_load((paths.population_data() / "frame.yaml").read_text("utf-8"))
    assert frame["province.listed_villages"]["value"] == value("S15")
    assert frame["province.listed_three_prefectures"]["value"] == value("S11")
    assert frame["relocation.counties"]["value"] == value("S33")
    assert frame["relocation.finished"]["value"] == value("S35")
    assert frame["relocation.building"]["value"] == value("S38")


def test_poor_people_of_2001_belong_to_the_lines_of_2001() -> None:
    values = load_book().values()
    for row, line in (("S07", "official.absolute_line"), ("S08", "official.low_income_line")):
        assert f"{values.dated(line, 2001):.0f}" in ROWS[row].note


# -- strict reading --------------------------------------------------------------------------------

GOOD = (
    "S01:\n  programme: overview\n  quantity: area\n  value: 1\n  unit: km2\n"
    "  when: 2009\n  scope: province\n  kind: X\n  role: input\n"
)


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "instead"),
    [
        (GOOD.replace("S01", "T01"), 1, 1, "T01 is no id", "S and two digits"),
        (GOOD + GOOD, 10, 1, "appears twice", "Keep one."),
        (
            GOOD.replace("overview", "overwiew"),
            2,
            14,
            "S01.programme: 'overwiew' is no programme",
            "Did you mean overview?",
        ),
        (GOOD.replace("value: 1", "value: many"), 4, 10, "'many' is not a number", ""),
        (GOOD.replace("  value: 1\n", ""), 1, 1, "S01: `value` is missing", "Add `value: ...`"),
        (GOOD.replace("km2", "acres"), 5, 9, "S01.unit: 'acres' is not", "Did you mean"),
        (GOOD.replace("kind: X", "kind: Z"), 8, 9, "S01.kind: 'Z' is not", "I, O, Y or X"),
        (
            GOOD.replace("role: input", "role: inputs"),
            9,
            9,
            "S01.role: 'inputs' is not",
            "Did you mean input?",
        ),
        (
            GOOD + "  bound: atleast\n",
            10,
            10,
            "S01.bound: 'atleast' is not",
            "Did you mean at_least?",
        ),
        (GOOD + "  measure: outcomes.lifted\n", 10, 3, "S01.measure: unknown key", ""),
        (GOOD + "  counterpart: a\n  not_modelled: b\n", 11, 17, "has a counterpart", ""),
        (
            GOOD + "  parts: 3\n",
            10,
            10,
            "parts: 3 stands where keys are needed",
            "`name: value` pairs",
        ),
        (GOOD + "  parts: {a: b}\n", 10, 14, "S01.parts.a: 'b' is not a number", ""),
        (GOOD + "  notes: b\n", 10, 3, "S01.notes: unknown key", "Did you mean note?"),
    ],
)
def test_a_wrong_row_is_one_clear_message(
    text: str, line: int, column: int, message: str, instead: str, tmp_path: Path
) -> None:
    file = tmp_path / "document.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_document(file, PROGRAMME_KEYS)
    assert (caught.value.file, caught.value.line, caught.value.column) == (file, line, column)
    assert message in caught.value.message
    assert instead in (caught.value.instead or "")


def test_find_row() -> None:
    assert find_row("s39").value == 30_540_000
    with pytest.raises(InputError, match="S45 is unused"):
        find_row("S45")
    with pytest.raises(InputError, match="S01 to S87"):
        find_row("S99")
