"""The one table of money: every face shows the same programmes, classes and sums."""

from __future__ import annotations

import pytest
from fupin.report.html.money_tables import money_table as html_table
from fupin.report.terminal.outcomes import money_table as terminal_table
from fupin.results.money import FLOWS, Money, at_work, money_by_class, of_summary
from fupin.results.outcome import PROGRAMME_OUTCOMES
from fupin.scenario.programme_catalogue import CLASS_OF, MONEY_CLASSES, PROGRAMMES
from fupin.words.choice import speaking
from fupin.words.language import Language
from fupin.words.numbers import NOTHING
from hypothesis import given
from hypothesis import strategies as st

ON = ("rural_works", "mutual_funds", "microfinance", "paired_assistance", "enterprise_projects")


def _entry(mean: float | None) -> dict[str, float | None]:
    return {"mean": mean, "low": None, "high": None, "sd_seeds": None, "sd_draws": None}


def _summary() -> dict[str, dict[str, dict[str, float | None]]]:
    found = {}
    for i, programme in enumerate(PROGRAMMES):
        size = (1 + i) * 10_000_000 * (programme.key in ON)
        means = {"budget": size, "delivered": 0.8 * size, "lost": 0.1 * size, "unspent": None}
        found[programme.key] = {name: _entry(means.get(name, size)) for name in PROGRAMME_OUTCOMES}
    return found


@given(
    st.lists(st.integers(0, 10**9), min_size=len(PROGRAMMES), max_size=len(PROGRAMMES)),
    st.sets(st.sampled_from([p.key for p in PROGRAMMES])),
)
def test_a_class_is_the_sum_of_what_is_shown_of_it(yuan: list[int], shown: set[str]) -> None:
    money = {p.key: Money(y, y // 2, None, y // 3) for p, y in zip(PROGRAMMES, yuan, strict=True)}
    blocks = money_by_class(money, shown)
    assert [b.money for b in blocks] == [
        c for c in MONEY_CLASSES if {CLASS_OF[k] for k in shown} & {c}
    ]
    assert [p.key for b in blocks for p, _ in b.programmes].sort() == sorted(shown).sort()
    for block in blocks:
        assert {p.money for p, _ in block.programmes} == {block.money}
        assert block.total.budget == sum(own.budget or 0 for _, own in block.programmes)
        assert block.total.lost == 0


def test_a_programme_in_which_nothing_happened_is_not_at_work() -> None:
    assert at_work(_summary()) == [p.key for p in PROGRAMMES if p.key in ON]
    assert set(FLOWS) <= set(PROGRAMME_OUTCOMES)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_terminal_and_report_show_the_same_rows(code: str) -> None:
    summary = _summary()
    blocks = money_by_class(of_summary(summary), at_work(summary))
    html = html_table(Language.of(code), summary).rows
    in_report = [row.cells[1:4] for row in html]
    with speaking(code):
        terminal = terminal_table({"programmes": summary}, 90)
    in_terminal = [
        [str(cell).removeprefix("[bold]").removesuffix("[/bold]") for cell in cells]
        for cells in zip(*(terminal.columns[k].cells for k in (1, 2, 3)), strict=True)
    ]
    assert in_report == in_terminal
    assert len(html) == sum(1 + len(block.programmes) for block in blocks) == 4 + len(ON)
    assert [row.cells[4] for row in html if row.inner] == [NOTHING] * len(ON)
