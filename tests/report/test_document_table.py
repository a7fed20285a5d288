"""document | role | model: right comparisons, and readable at 80 columns without colour."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from fupin.lives.summary import summarise
from fupin.parameters.document import ROLES, DocumentRow, load_document
from fupin.report.terminal.document import OTHER_YEAR, compare, other_year
from fupin.report.terminal.outcomes import money_table, programmes_off
from fupin.report.terminal.run import print_run
from fupin.results.draws import CENTRAL
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.schema import Scenario
from made_up_document import ROWS
from made_up_runs import KEYS, result
from rich.cells import cell_len
from rich.console import Console

SUMMARY = summarise([result("central", seed) for seed in range(1, 6)], KEYS)
ROW = {row.id: row for row in ROWS}


def page(width: int, seeds: int = 5, figures: Sequence[DocumentRow] = ROWS) -> str:
    stream = io.StringIO()
    summary = summarise([result("central", seed) for seed in range(1, seeds + 1)], KEYS)
    print_run(
        Console(file=stream, width=width, highlight=False),
        Scenario(name="made-up", title="A made-up plan"),
        [CENTRAL],
        list(range(1, seeds + 1)),
        summary,
        figures,
    )
    return stream.getvalue()


def test_each_figure_has_a_row_once_with_its_role() -> None:
    rows = compare(ROWS, SUMMARY)
    assert [row.id for row in rows if row.id] == [row.id for row in ROWS]
    assert [row.role for row in rows if row.id] == [row.role for row in ROWS]
    assert all(row.role in ROLES for row in rows)


def test_what_is_not_modelled_says_why() -> None:
    (row,) = compare([ROW["S02"]], SUMMARY)
    assert (row.model, row.deviation, row.within) == ("not modelled", None, None)
    assert row.remark == "townspeople are not there"
    assert row.role == "input"


def test_what_is_counted_a_little_differently_says_what() -> None:
    rows = {row.id: row for row in compare(ROWS, SUMMARY)}
    assert rows["S36"].remark == "the whole year"
    assert rows["S37"].remark == ""


def test_a_part_that_is_measured_stands_below_its_row() -> None:
    whole, part = compare([ROW["S84"]], SUMMARY)
    assert (whole.id, whole.document) == ("S84", "5,200")
    assert (part.id, part.quantity, part.document) == ("", "  courses", "60")
    assert (part.role, part.model) == (whole.role, "61")
    assert part.deviation == pytest.approx(1 / 60)


def test_a_deviation_is_that_of_model_from_document() -> None:
    (row,) = compare([ROW["S40"]], SUMMARY)
    mean = SUMMARY["outcomes"]["trained"]["mean"]
    assert row.deviation == pytest.approx(mean / 16_184 - 1)
    assert row.document == "16,184"
    assert row.within is False
    (exact,) = compare([ROW["S39"]], SUMMARY)
    assert (exact.document, exact.model, exact.interval) == ("30.54 M", "30.54 M", "")
    assert exact.deviation == 0
    assert exact.within is None
    near = replace(ROW["S40"], value=round(mean))
    assert compare([near], SUMMARY)[0].within is True


def test_units_are_those_of_the_document() -> None:
    (row,) = compare([ROW["S42"]], SUMMARY)
    mean = SUMMARY["outcomes"]["employment_rate"]["mean"]
    assert row.deviation == pytest.approx(mean / 0.99 - 1)
    assert row.document == "99"
    assert row.model.startswith("95.")
    assert row.quantity == "employment rate, %"


def test_at_least_is_met_or_missed() -> None:
    met = replace(ROW["S40"], value=10_000, bound="at_least")
    missed = replace(ROW["S40"], value=20_000, bound="at_least")
    assert compare([met], SUMMARY)[0].deviation is None
    assert compare([met], SUMMARY)[0].within is True
    found = compare([missed], SUMMARY)[0]
    assert found.document == "≥ 20,000"
    assert found.deviation is not None and found.deviation < 0
    assert found.within is False


def test_a_programme_that_is_off_says_so() -> None:
    (row,) = compare([ROW["S46"]], SUMMARY)
    assert (row.document, row.model, row.deviation) == ("≥ 60,000", "off", None)


def test_money_of_a_class_that_no_programme_has_is_off() -> None:
    (row,) = compare([ROW["S21"]], SUMMARY)
    assert (row.model, row.deviation) == ("off", None)


def test_the_whole_document_is_printed_row_by_row() -> None:
    document = load_document()
    lines = page(80, figures=document).splitlines()
    for row in document:
        (line,) = [line for line in lines if line.startswith(f"{row.id} ")]
        assert f" {row.role} " in line, row.id
    (legend,) = [i for i, line in enumerate(lines) if line.startswith("input: put into")]
    text = " ".join(lines[legend : legend + 9])
    for row in document:
        assert (row.id in text) == bool(row.not_modelled), row.id


def test_a_plan_of_other_months_has_no_figure_of_the_year() -> None:
    """Nor does it look as if the programme were off, or the run had failed to count."""
    unknown = dict.fromkeys(SUMMARY["figures"]["S40"])
    undefined = {**SUMMARY, "figures": {**SUMMARY["figures"], "S40": unknown}}
    for period, expected in ((("2010-01", "2012-12"), OTHER_YEAR), (("2009-01", "2010-12"), "·")):
        (row,) = compare([ROW["S40"]], undefined, period=period)
        assert (row.model, row.deviation, row.within) == (expected, None, None)
    (stays,) = compare([ROW["S39"]], SUMMARY, period=("2010-01", "2010-12"))
    assert stays.model == "30.54 M"  # whatever has a number is of no year


@pytest.mark.parametrize(
    ("start", "end", "lacks"),
    [("2009-01", "2009-12", False), ("2002-01", "2012-06", False), ("2009-02", "2009-12", True),
     ("2009-01", "2009-11", True), ("2010-01", "2010-12", True), ("2002-01", "2008-12", True)],
)  # fmt: skip
def test_which_periods_have_the_whole_year(start: str, end: str, lacks: bool) -> None:
    assert other_year(start, end) == lacks


def test_what_is_undefined_is_a_dot() -> None:
    (row,) = compare([ROW["S87"]], SUMMARY)
    assert (row.model, row.deviation, row.within) == ("·", None, None)
    without = {key: part for key, part in SUMMARY.items() if key != "figures"}
    assert compare([ROW["S40"]], without)[0].model == "·"  # a summary of older make


def test_a_unit_is_named_where_the_words_do_not_say_it() -> None:
    rows = {row.id: row.quantity for row in compare(ROWS, SUMMARY)}
    assert rows["S40"] == "poor people trained for jobs away, persons"
    assert rows["S36"] == "households moved by July"


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_page_fits_the_terminal(width: int) -> None:
    text = page(width)
    assert max(cell_len(line) for line in text.splitlines()) <= min(width, 120)
    for needed in ("S40", "16,184", "delivered", "fitted", "not modelled", "≥ 60,000",
                   "lifted (net fall)", "fiscal", "credit (principal)"):  # fmt: skip
        assert needed in text, needed
    assert "…" not in text  # nothing is cut off
    for heading in ("Skills training for jobs away", "Investment of anti-poverty funds"):
        assert heading in text.splitlines()[7:] or any(
            line.strip() == heading for line in text.splitlines()
        )


def test_groups_come_in_the_order_of_the_programmes() -> None:
    lines = [line.strip() for line in page(100).splitlines()]
    positions = [
        lines.index(heading)
        for heading in ("Overview", "Investment of anti-poverty funds",
                        "Relocation to immigrant communities", "Skills training for jobs away")
    ]  # fmt: skip
    assert positions == sorted(positions)


def test_one_run_prints_means_alone() -> None:
    text = page(100, seeds=1)
    assert "1 run: draw central, seed 1" in text
    assert "3.678–3.717" not in text
    assert "16,184" in text


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = io.StringIO()
    console = Console(file=stream, width=80, highlight=False, force_terminal=True)
    print_run(console, Scenario(name="x"), [CENTRAL], [1], SUMMARY, ROWS)
    assert "\x1b[3" not in stream.getvalue()  # 30-37: colours; bold and dim may stay


def test_money_of_a_class_is_the_sum_of_its_programmes() -> None:
    table = money_table(SUMMARY, 120)
    names = list(table.columns[0].cells)
    budgets = list(table.columns[1].cells)
    assert str(names[0]) == "[bold]fiscal[/bold]"
    total = sum(SUMMARY["programmes"][p.key]["budget"]["mean"] for p in PROGRAMMES
                if p.money == "fiscal")  # fmt: skip
    assert str(budgets[0]) == f"[bold]{total / 1e6:,.2f}[/bold]"
    assert total == 387_460_000 + 30_540_000 + 27_000_000
    off = programmes_off(SUMMARY, PROGRAMMES)
    assert len(off) == len(PROGRAMMES) - 4
    assert "mutual_funds" in off and "relocation" not in off
