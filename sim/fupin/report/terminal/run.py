"""What `fupin run` prints: the document beside the model, outcomes, money."""

from __future__ import annotations

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
    costs_tables,
    credit_table,
    headline_table,
    money_table,
    programmes_off,
    years_table,
)
from fupin.report.terminal.wrapping import wrapped
from fupin.words import luck, reassessment, unfinished, unspent
from fupin.words.costs import impact_sentence
from fupin.words.sample import of_sample
from fupin.words.spoken import said, spoken
from fupin.words.titles import title as title_of

if TYPE_CHECKING:
    from rich.console import Console

    from fupin.parameters.document import DocumentRow
    from fupin.results.draws import Draw
    from fupin.scenario.schema import Scenario
    from fupin.words.language import Language

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
    say = spoken()
    programmes = scenario.programmes.all()
    titles = {key: say(f"group.{key}") for key in ("overview", "funds")}
    titles |= {programme.key: say.programme(programme) for programme in programmes}
    period = (str(scenario.period.start), str(scenario.period.end))
    comparisons = compare(figures, summary, say.magnitude, period)

    console.print(f"[bold]{title_of(say, scenario)}[/bold]", soft_wrap=False)
    console.print(f"[dim]{what_ran(scenario, draws, seeds)}[/dim]\n")
    tell_luck(console, scenario, draws, seeds)
    say_sample(console, scenario)
    _heading(console, "The document and the model", first=True)
    console.print(document_table(comparisons, titles, console.width, interval_head(summary)))
    _note(console, _legend(comparisons))
    _heading(console, "Outcomes")
    console.print(headline_table(summary, console.width))
    warn(console, reassessment.of_run(spoken(), title_of(say, scenario), summary))
    if (years := years_table(summary)) is not None:
        _heading(console, "What the money does, year by year")
        console.print(years)
        _note(console, said(YEARS_NOTE))
    _heading(console, "Money in and what came out")
    console.print(money_table(summary, console.width))
    for sentence in unfinished.of_run(spoken(), summary, scenario.period.end.year):
        _note(console, sentence)
    if lending := credit_table(summary, console.width):
        _heading(console, "Loans: lent, repaid, lent again")
        console.print(lending)
        _note(console, said(CREDIT_NOTE) + said(" By year: credit_by_year.csv."))
    if reasons := unspent.of_run(spoken(), summary):
        _heading(console, "Why money stayed unspent")
        print_sentences(console, reasons)
        _note(console, said("By county: unspent_by_county.csv; by month: limits_by_month.csv."))
    if off := programmes_off(summary, programmes):
        names = say.join([_name(say, key) for key in off])
        _note(console, said("Off: {names}.", names=names))
    if costs := costs_tables(summary, console.width):
        _heading(console, "What it cost, and who pays")
        for table in costs:
            console.print(table)
        _note(console, said(COSTS_NOTE))
    if sentence := impact_sentence(spoken(), summary.get("impact")):
        console.print()
        for line in wrapped(sentence, console.width - 1):
            console.print(line)
    console.print()


def print_sentences(console: Console, sentences: Sequence[str]) -> None:
    """Each on lines of its own, the second and later ones indented; Chinese names are wide."""
    from rich.text import Text

    for sentence in sentences:
        for number, line in enumerate(wrapped(sentence, console.width - 3)):
            console.print(Text(f"  {line}" if number else line), soft_wrap=True)


def warn(console: Console, sentences: Sequence[str]) -> None:
    """Sentences that a reader must not miss, each on lines of its own."""
    for sentence in sentences:
        warning = said("Warning:")
        for number, line in enumerate(wrapped(f"{warning} {sentence}", console.width - 1)):
            head, rest = (warning, line.removeprefix(warning)) if number == 0 else ("", line)
            console.print(f"[bold yellow]{head}[/bold yellow]{rest}" if head else rest)


def tell_luck(
    console: Console, scenario: Scenario, draws: Sequence[Draw], seeds: Sequence[int]
) -> None:
    """Whose luck the runs have, where rows of the posterior have their own."""
    from fupin.scenario.dump import scenario_mapping

    records = [draw.record() for draw in draws]
    sentence = luck.of_runs(spoken(), records, seeds, scenario_mapping(scenario))
    if sentence:
        _note(console, sentence)
        console.print()


def say_sample(console: Console, scenario: Scenario) -> None:
    """What to know of the numbers of a small sample."""
    for sentence in of_sample(spoken(), scenario.population.sample):
        _note(console, sentence)
        console.print()


def what_ran(scenario: Scenario, draws: Sequence[Draw], seeds: Sequence[int]) -> str:
    """Period, people and runs in one line."""
    if len(draws) == 1:
        parameters = said("draw {label}", label=draws[0].label)
    else:
        parameters = said("{n} draws", n=len(draws))
    runs = len(draws) * len(seeds)
    number = said("1 run") if runs == 1 else said("{n} runs", n=runs)
    text = "{people}, {runs}: {draws}, {seeds}"
    return said(text, people=period_and_people(scenario), runs=number, draws=parameters,
                seeds=_seeds(seeds))  # fmt: skip


def period_and_people(scenario: Scenario) -> str:
    """Months and sample, such as `2009-01 to 2009-12, lived to 2013, default sample`."""
    period = scenario.period
    sample = scenario.population.sample
    if isinstance(sample, str):
        people = said(f"{sample} sample")
    else:
        people = said("{share}% of the villages", share=f"{100 * sample:.6g}")
    lived = scenario.lived.end.year
    later = said(", lived to {year}", year=lived) if lived > period.end.year else ""
    text = "{start} to {end}{later}, {people}"
    return said(text, start=period.start, end=period.end, later=later, people=people)


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) == 1:
        return said("seed {n}", n=seeds[0])
    if list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return said("seeds {first} to {last}", first=seeds[0], last=seeds[-1])
    return said("{n} seeds", n=len(seeds))


def _legend(comparisons: Sequence[Comparison]) -> str:
    from fupin.parameters.document import ROLES

    say = spoken()
    roles = {row.role for row in comparisons}
    meanings = {role: said(meaning) for role, meaning in ROLES.items() if role in roles}
    parts = [f"{say(f'role.{role}')}{said(': ')}{text}" for role, text in meanings.items()]
    text = said("; ").join(parts) + said(".") if parts else ""
    text += said(
        " differs: (model − document) / document; dim where the interval includes the document's "
        "figure."
    )
    if any(row.model == OFF for row in comparisons):
        text += said(" off: the plan gives the programme no money.")
    if any(row.model == OTHER_YEAR for row in comparisons):
        text += said(
            " other year: the document tells of {year}, of which the plan has not every month.",
            year=province().document_year,
        )
    without = [row.id for row in comparisons if row.model == NOT_MODELLED]
    if without:
        text += said(" Not modelled: {figures}.", figures=", ".join(without))
    return text.strip()


def _name(say: Language, key: str) -> str:
    """A programme in a list: its key as words, or its Chinese name."""
    return say.name("programmes", key, key.replace("_", " "))


def _heading(console: Console, text: str, first: bool = False) -> None:
    console.print(f"{'' if first else chr(10)}[bold]{said(text)}[/bold]")


def _note(console: Console, text: str) -> None:
    for line in wrapped(text, console.width - 1):
        console.print(f"[dim]{line}[/dim]")
