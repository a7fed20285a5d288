"""What `fupin compare` prints: differences, cost, who, whom, dynamics, the line, who is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin.report.terminal import comparison_costs as costs
from fupin.report.terminal import comparison_notes as notes
from fupin.report.terminal import comparison_tables as tables
from fupin.report.terminal import comparison_years
from fupin.report.terminal.wrapping import wrapped
from fupin.statistics.crossed import ENOUGH_FOR_PERCENTILES
from fupin.words import reassessment, unspent
from fupin.words.costs import impact_note
from fupin.words.spoken import said, spoken
from fupin.words.titles import title as title_of

if TYPE_CHECKING:
    from rich.console import Console

    from fupin.results.draws import Draw
    from fupin.scenario.schema import Scenario

WIDEST = 120
"""Columns; lines longer than this are hard to follow."""


def heading_of(
    base: Scenario, plans: int, draws: Sequence[Draw], seeds: Sequence[int]
) -> tuple[str, str]:
    """How many plans are compared with what, and what ran, in the language that commands speak."""
    from fupin.report.terminal.run import what_ran

    say = spoken()
    text = "{n} plans compared with: {base}" if plans > 1 else "One plan compared with: {base}"
    title = said(text, n=plans, base=title_of(say, base))
    return title, f"{what_ran(base, draws, seeds)}{say('comparison.each')}"


def print_comparison(
    console: Console,
    base: Scenario,
    plans: Sequence[Scenario],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    comparison: Mapping[str, Any],
) -> None:
    """Print the tables of a comparison."""
    from fupin.report.terminal.outcomes import CREDIT_NOTE
    from fupin.report.terminal.run import print_sentences, say_sample, tell_luck, warn

    if console.width > WIDEST:
        console.width = WIDEST
    pairs = len(draws) * len(seeds)
    say = spoken()
    title, ran = heading_of(base, len(plans), draws, seeds)
    console.print(f"[bold]{title}[/bold]")
    console.print(f"[dim]{ran}[/dim]\n")
    tell_luck(console, base, draws, seeds)
    say_sample(console, base)

    _heading(console, "What changes: plan minus base", first=True)
    console.print(tables.differences(comparison, console.width))
    of_pairs = said(notes.PAIRS if pairs >= ENOUGH_FOR_PERCENTILES else notes.PAIRS_FEW)
    _note(console, of_pairs + _certainty(pairs) + said(notes.ALL_OUTCOMES))
    warn(console, reassessment.of_comparison(say, comparison))
    if (by_year := comparison_years.years(comparison, console.width)) is not None:
        _heading(console, "Year by year", ", plan minus base")
        console.print(by_year)
        _note(console, said(comparison_years.NOTE))
    if moved := tables.programmes_that_move(comparison, console.width):
        _heading(console, "Programmes in which something changes")
        console.print(moved)
    if lending := costs.credit(comparison, console.width):
        _heading(console, "Loans of base and plans", ", million yuan")
        console.print(lending)
        _note(console, said(CREDIT_NOTE))
    if reasons := unspent.of_comparison(say, comparison, changes=True):
        _heading(console, "Why money stayed unspent")
        for world, sentences in reasons.items():
            console.print(world, style="bold", markup=False)
            print_sentences(console, sentences)
        _note(console, said("Other programmes as in the base. By county: unspent.csv."))
    _heading(console, "Because of the plan", ", persons by income at the end")
    console.print(tables.additionality(comparison, console.width))
    resized = tables.has_resized(comparison)
    _note(console, said(notes.BECAUSE_RESIZED if resized else notes.BECAUSE))
    _heading(console, "Cost, yuan a person")
    console.print(costs.cost(comparison, console.width))
    _note(console, said(notes.COST))
    if payers := costs.payers(comparison, console.width):
        _heading(console, "What it costs, and who pays", ", million yuan")
        console.print(payers)
        _note(console, said("By programme: costs_by_payer.csv."))
    if impacts := costs.impacts(comparison, console.width):
        _heading(console, "Total impact", ", persons out of poverty per 10,000 yuan")
        console.print(impacts)
        _note(console, impact_note(say))
    if as_cash := costs.cash(comparison, console.width):
        _heading(console, "The same money as cash", ", persons out of poverty")
        console.print(as_cash)
        _note(console, said(costs.CASH_NOTE))
    if comparison["targeting"]:
        _heading(console, "Whom the programmes reach", ", audited before they began")
        console.print(tables.targeting(comparison, console.width))
        _note(console, said(notes.TARGETING))
    _heading(console, "Dynamics of true poverty", ", means")
    console.print(tables.dynamics(comparison, console.width))
    _heading(
        console,
        "Does the poverty line matter?",
        " Income-poor at other lines; plans minus base",
    )
    console.print(tables.line(comparison, console.width))
    _note(console, said(notes.LINE))
    _heading(console, "Who is better", ", in 95% of pairs or more")
    for sentence in tables.dominance(comparison):
        console.print("\n".join(wrapped(sentence, console.width - 1, "    ")))
    _heading(console, "How many more runs tell plan and base apart")
    console.print(tables.runs_needed(comparison, console.width))
    _note(console, said(notes.RUNS_NEEDED))
    console.print()


def _heading(console: Console, text: str, rest: str = "", first: bool = False) -> None:
    after = said(rest) if rest else ""
    console.print(f"{'' if first else chr(10)}[bold]{said(text)}[/bold]{after}")


def _certainty(pairs: int) -> str:
    if pairs == 1:
        return said("One pair has no interval: add --seeds.")
    return said("Dim: the interval of {pairs} pairs includes zero.", pairs=pairs)


def _note(console: Console, text: str) -> None:
    for line in wrapped(text, console.width - 1):
        console.print(f"[dim]{line}[/dim]")
