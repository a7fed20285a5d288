"""document | role | model: right comparisons, and readable at 80 columns without colour."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from made_up_document import ROWS
from made_up_runs import KEYS, result
from rich.cells import cell_len
from rich.console import Console

from sim.errors import InputError
from sim.experiments.draws import CENTRAL
from sim.experiments.summary import summarise
from sim.parameters.document import ROLES, load_document
from sim.programmes.settings import PROGRAMMES
from sim.report.document_table import compare
from sim.report.outcome_tables import money_table, programmes_off
from sim.report.run_page import print_run
from sim.scenario.schema import Scenario

SUMMARY = summarise([result("central", seed) for seed in range(1, 6)], KEYS)
ROW = {row.id: row for row in ROWS}


def page(width: int, seeds: int = 5) -> str:
    stream = io.StringIO()
    summary = summarise([result("central", seed) for seed in range(1, seeds + 1)], KEYS)
    print_run(
        Console(file=stream, width=width, highlight=False),
        Scenario(name="made-up", title="A made-up plan"),
        [CENTRAL],
        list(range(1, seeds + 1)),
        summary,
        ROWS,
    )
    return stream.getvalue()


def test_each_measured_figure_has_a_row_and_no_other() -> None:
    rows = compare(ROWS, SUMMARY)
    assert [row.id for row in rows] == [row.id for row in ROWS if row.measure]
    assert all(row.role in ROLES for row in rows)


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


def test_every_measure_of_the_real_document_is_in_a_summary() -> None:
    rows = compare(load_document(), SUMMARY)
    assert {"S17", "S27", "S39", "S40", "S41", "S42", "S77"} <= {row.id for row in rows}


def test_a_scale_turns_the_model_into_the_units_of_the_document() -> None:
    thousands = replace(ROW["S40"], value=16.184, scale=0.001)
    (row,) = compare([thousands], SUMMARY)
    assert row.deviation == pytest.approx(SUMMARY["outcomes"]["trained"]["mean"] / 16_184 - 1)
    assert row.model == "15.732"


def test_what_needs_a_twin_is_a_dot() -> None:
    (row,) = compare([ROW["S80"]], SUMMARY)
    assert (row.model, row.deviation, row.within) == ("·", None, None)


@pytest.mark.parametrize("measure", ["outcomes.happiness", "outcomes", "programmes.relocation"])
def test_a_measure_that_is_no_outcome_is_an_error(measure: str) -> None:
    with pytest.raises(InputError, match="S40"):
        compare([replace(ROW["S40"], measure=measure)], SUMMARY)


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_page_fits_the_terminal(width: int) -> None:
    text = page(width)
    assert max(cell_len(line) for line in text.splitlines()) <= min(width, 120)
    for needed in ("S40", "16,184", "delivered", "fitted", "≥ 60,000", "lifted (net fall)",
                   "fiscal", "credit (principal)"):  # fmt: skip
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
    table = money_table(SUMMARY, PROGRAMMES, 120)
    names = list(table.columns[0].cells)
    budgets = list(table.columns[1].cells)
    assert str(names[0]) == "[bold]fiscal[/bold]"
    total = sum(SUMMARY["programmes"][p.key]["budget"]["mean"] for p in PROGRAMMES
                if p.money == "fiscal")  # fmt: skip
    assert str(budgets[0]) == f"[bold]{total / 1e6:,.2f}[/bold]"
    assert total == 387_460_000 + 30_540_000 + 27_000_000
    off = programmes_off(SUMMARY, PROGRAMMES)
    assert len(off) == 12
    assert "mutual_funds" in off and "relocation" not in off
