"""What `fupin run` prints: the document beside the model, outcomes, money."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin.parameters.province import province
from fupin.report.terminal.document import (
    NOT_MODELLED,
    OFF,
    OTHER_YEAR,
    Comparison,
    compare,
    document_table,
    interval_head,
)
from fupin.report.terminal.outcomes import (
    CREDIT_NOTE,
    costs_table,
    credit_table,
    headline_table,
    money_table,
    programmes_off,
    years_table,
)
from fupin.words import luck, reassessment, unfinished, unspent
from fupin.words.costs import impact_sentence
from fupin.words.language import Language
from fupin.words.sample import of_sample

if TYPE_CHECKING:
    from rich.console import Console

    from fupin.parameters.document import DocumentRow
    from fupin.results.draws import Draw
    from fupin.scenario.schema import Scenario

WIDEST = 120
"""Columns; lines longer than this are hard to follow."""


YEARS_NOTE = (
    "person-years out: people above the line, beyond the same world without programmes. gap, "
    "income (discounted at 5% a year) and cost: million yuan. In later years the register is "
    "shown as if the old practice had gone on."
)
COSTS_NOTE = (
    "spent: what those lose who give the money. resource cost: what all resources are worth, "
    "whoever pays; negative where a lender earns more than its money costs. By year: "
    "costs_by_payer.csv."
)


def print_run(
    console: Console,
    scenario: Scenario,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    summary: Mapping[str, Any],
    figures: Sequence[DocumentRow],
) -> None:
    """Print all tables of a summary."""
    if console.width > WIDEST:
        console.width = WIDEST
    programmes = scenario.programmes.all()
    titles = {"overview": "Overview", "funds": "Investment of anti-poverty funds"}
    titles |= {programme.key: programme.title for programme in programmes}
    period = (str(scenario.period.start), str(scenario.period.end))
    comparisons = compare(figures, summary, period=period)

    console.print(f"[bold]{scenario.title or scenario.name}[/bold]", soft_wrap=False)
    console.print(f"[dim]{what_ran(scenario, draws, seeds)}[/dim]\n")
    tell_luck(console, scenario, draws, seeds)
    say_sample(console, scenario)
    console.print("[bold]The document and the model[/bold]")
    console.print(document_table(comparisons, titles, console.width, interval_head(summary)))
    _note(console, _legend(comparisons))
    console.print("\n[bold]Outcomes[/bold]")
    console.print(headline_table(summary, console.width))
    warn(console, reassessment.of_run(Language("en"), scenario.title or scenario.name, summary))
    if (years := years_table(summary)) is not None:
        console.print("\n[bold]What the money does, year by year[/bold]")
        console.print(years)
        _note(console, YEARS_NOTE)
    console.print("\n[bold]Money in and what came out[/bold]")
    console.print(money_table(summary, console.width))
    for sentence in unfinished.of_run(Language("en"), summary, scenario.period.end.year):
        _note(console, sentence)
    if lending := credit_table(summary, console.width):
        console.print("\n[bold]Loans: lent, repaid, lent again[/bold]")
        console.print(lending)
        _note(console, f"{CREDIT_NOTE} By year: credit_by_year.csv.")
    if reasons := unspent.of_run(Language("en"), summary):
        console.print("\n[bold]Why money stayed unspent[/bold]")
        print_sentences(console, reasons)
        _note(console, "By county: unspent_by_county.csv; by month: limits_by_month.csv.")
    if off := programmes_off(summary, programmes):
        _note(console, f"Off: {', '.join(key.replace('_', ' ') for key in off)}.")
    if costs := costs_table(summary, console.width):
        console.print("\n[bold]What it cost, and who pays[/bold]")
        console.print(costs)
        _note(console, COSTS_NOTE)
    if sentence := impact_sentence(Language("en"), summary.get("impact")):
        console.print()
        for line in textwrap.wrap(sentence, console.width - 1):
            console.print(line)
    console.print()


def print_sentences(console: Console, sentences: Sequence[str]) -> None:
    """Each on lines of its own, the second and later ones indented; Chinese names are wide."""
    from rich.text import Text

    for sentence in sentences:
        for number, line in enumerate(Text(sentence).wrap(console, console.width - 3)):
            line.rstrip()
            console.print(Text("  " if number else "") + line, soft_wrap=True)


def warn(console: Console, sentences: Sequence[str]) -> None:
    """Sentences that a reader must not miss, each on lines of its own."""
    for sentence in sentences:
        for number, line in enumerate(textwrap.wrap(f"Warning: {sentence}", console.width - 1)):
            head, rest = ("Warning:", line.removeprefix("Warning:")) if number == 0 else ("", line)
            console.print(f"[bold yellow]{head}[/bold yellow]{rest}" if head else rest)


def tell_luck(
    console: Console, scenario: Scenario, draws: Sequence[Draw], seeds: Sequence[int]
) -> None:
    """Whose luck the runs have, where rows of the posterior have their own."""
    from fupin.scenario.dump import scenario_mapping

    records = [draw.record() for draw in draws]
    sentence = luck.of_runs(Language("en"), records, seeds, scenario_mapping(scenario))
    if sentence:
        _note(console, sentence)
        console.print()


def say_sample(console: Console, scenario: Scenario) -> None:
    """What to know of the numbers of a small sample."""
    for sentence in of_sample(Language("en"), scenario.population.sample):
        _note(console, sentence)
        console.print()


def what_ran(scenario: Scenario, draws: Sequence[Draw], seeds: Sequence[int]) -> str:
    """Period, people and runs in one line."""
    parameters = f"draw {draws[0].label}" if len(draws) == 1 else f"{len(draws)} draws"
    runs = len(draws) * len(seeds)
    number = "1 run" if runs == 1 else f"{runs} runs"
    return f"{period_and_people(scenario)}, {number}: {parameters}, {_seeds(seeds)}"


def period_and_people(scenario: Scenario) -> str:
    """Months and sample, such as `2009-01 to 2009-12, lived to 2013, default sample`."""
    period = scenario.period
    sample = scenario.population.sample
    people = (
        f"{sample} sample" if isinstance(sample, str) else f"{100 * sample:.6g}% of the villages"
    )
    lived = scenario.lived.end.year
    later = f", lived to {lived}" if lived > period.end.year else ""
    return f"{period.start} to {period.end}{later}, {people}"


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    if list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"seeds {seeds[0]} to {seeds[-1]}"
    return f"{len(seeds)} seeds"


def _legend(comparisons: Sequence[Comparison]) -> str:
    from fupin.parameters.document import ROLES

    roles = {row.role for row in comparisons}
    parts = [f"{role}: {meaning}" for role, meaning in ROLES.items() if role in roles]
    text = "; ".join(parts) + "." if parts else ""
    text += " differs: (model − document) / document; dim where the interval holds the document."
    if any(row.model == OFF for row in comparisons):
        text += " off: the plan gives the programme no money."
    if any(row.model == OTHER_YEAR for row in comparisons):
        text += (
            f" other year: the document tells of {province().document_year}, of which the plan has "
            "not every month."
        )
    without = [row.id for row in comparisons if row.model == NOT_MODELLED]
    if without:
        text += f" Not modelled: {', '.join(without)}."
    return text.strip()


def _note(console: Console, text: str) -> None:
    for line in textwrap.wrap(text, console.width - 1):
        console.print(f"[dim]{line}[/dim]")
