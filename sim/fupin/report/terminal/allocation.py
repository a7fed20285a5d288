"""What `fupin allocate` prints: a verdict in sentences, the division, why, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fupin.allocation import sentences
from fupin.allocation.explain import best_next_million
from fupin.report.terminal.spoken_console import spoken_blocks
from fupin.report.terminal.wrapping import wrapped
from fupin.words.numbers import estimate, rounded
from fupin.words.phrases import phrase
from fupin.words.spoken import spoken

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 110

GOALS = {
    "person_years_out": ("person-years out of poverty", 1.0),
    "person_years_out_national": ("person-years above the national line", 1.0),
    "gap_closed": ("million yuan of the poverty gap closed", 1e-6),
    "npv_income_5": ("million yuan of present income", 1e-6),
    "npv_income_8": ("million yuan of present income", 1e-6),
    "npv_income_poor_5": ("million yuan of present income of the poor", 1e-6),
    "npv_income_poor_8": ("million yuan of present income of the poor", 1e-6),
    "additional_jobs": ("jobs", 1.0),
    "additional_income_channel": ("persons lifted by income", 1.0),
    "additional_out_of_poverty": ("persons out of poverty at the end of the period", 1.0),
    "lifted": ("persons lifted, re-assessed ones included", 1.0),
}
"""Goal -> its unit for people, and the factor from the model's unit."""

WHY = {
    "protected": "protected",
    "alone": "alone in its class",
    "no_cost": "credit: no cost",
    "at_most": "at its most",
    "at_least": "at its least",
    "nothing_left": "does more elsewhere",
    "places": "no places for more",
    "need": "the need is met",
    "eligible": "nobody eligible left",
    "list": "no village on the list",
    "month": "no month of activity",
    "not_told": "not told from chance",
    "flat": "more adds nothing",
    "price": "does as much elsewhere",
}
"""Why a programme stops where it does; codes of `fupin.allocation.explain`."""

Content = Mapping[str, Any]


def verdict(content: Content) -> list[str]:
    """What was found, in sentences of a planner."""
    return sentences.verdict(content)


def print_allocation(console: Console, content: Content) -> None:
    """Print the verdict and the tables."""
    if console.width > WIDEST:
        console.width = WIDEST
    unit, factor = GOALS[content["goal"]]
    console.print(f"[bold]A better division of {content['plan']}[/bold], for {unit}")
    console.print(f"[dim]{phrase(what_ran(content))}[/dim]\n")
    for sentence in sentences.verdict(content, spoken().code):
        for line in wrapped(phrase(sentence), console.width - 1):
            console.print(line)
    found = "The division" if content["better"] else "What was found, and is not proposed"
    console.print(f"\n[bold]{found}[/bold], {spoken().money[1]}")
    sure = content["over_draws"] is not None
    head = ["programme", "today", "proposed", "next 1 M", "right in", "why it stops"]
    head = head if sure else [name for name in head if name != "right in"]
    groups: list[tuple[str, list[list[str]]]] = []
    for group in content["envelope"]:
        rows = [
            _row(key, row, factor, sure)
            for key, row in content["programmes"].items()
            if row["group"] == group
        ]
        groups.append((f"[bold]{group}[/bold][dim]{_next_of(content, group, factor)}[/dim]", rows))
    console.print(spoken_blocks(console.width, head, groups))
    _note(
        console,
        f"next 1 M: {unit} by one million yuan more, by the curve; a dot where no more was tried.",
    )
    _note(
        console,
        "does as much elsewhere: its next yuan brings what one brings in the rest of its class; "
        "does more elsewhere: even its first yuan brings less.",
    )
    if sure:
        _note(
            console,
            "right in: part of the draws of the search in which the move gains, with its share of "
            "the moves that pay for it.",
        )
    if content["over_draws"]:
        _print_draws(console, content["over_draws"], unit, factor)
    else:
        _note(console, "With --draws 20 the search says in how many draws each move is right.")
    console.print("\n[bold]Whom it gives and takes[/bold], person-years out of poverty, proposed "
                  "less today")  # fmt: skip
    rows = [
        [name, *estimate(row)]
        for name, row in sorted(
            content["by_prefecture"].items(), key=lambda item: -(item[1]["mean"] or 0.0)
        )
    ]
    console.print(
        spoken_blocks(console.width, ["prefecture", "mean", "90% interval"], [("", rows)])
    )
    if content["counties"]:
        _note(console, _coupled(content["counties"], content["county_money"] is not None))
    more = [
        *sentences.gives_and_takes(content, spoken().code),
        *sentences.more_money(content, spoken().code),
    ]
    for sentence in more:
        for line in wrapped(phrase(sentence), console.width - 1):
            console.print(line)
    if content["front"]:
        _print_front(console, content)
    console.print()


def _row(key: str, row: Content, factor: float, sure: bool) -> list[str]:
    right = "" if row["right_in"] is None else f"{row['right_in']:.0%}"
    tested = row["more_yuan"] > 0
    return [
        key.replace("_", " "),
        _money(row["today"]),
        _money(row["proposed"]),
        rounded(row["next_million"] * factor, 0) if tested else "·",
        *([right] if sure else []),
        WHY[row["why"]],
    ]


def _next_of(content: Content, group: str, factor: float) -> str:
    """What one million more in a class brings; empty where it cannot grow or brings nothing."""
    room = content["ten_million_more"].get(group) is not None
    best = best_next_million(content["programmes"], group) if room else None
    if best is None or best <= 0:
        return ""
    return f"; one more million brings at most {rounded(best * factor, 0)}"


def _money(yuan: float) -> str:
    return f"{yuan / spoken().money[0]:,.{0 if spoken().chinese else 2}f}"


def _print_draws(console: Console, over: Content, unit: str, factor: float) -> None:
    regret = over["mean_regret"]
    said = [
        f"By the curves of each of {over['draws']} draws the division is better than today's in "
        f"{over['better_in']:.0%} of them.",
        f"In the worst tenth of draws it brings {rounded(over['worst_tenth'] * factor, 0)} {unit} "
        "more on average.",
    ]
    if regret is not None:
        said.append(
            f"Whoever knew the draw beforehand would bring {rounded(regret * factor, 0)} more than "
            "the proposal (its regret)."
        )
    if over["knowing"]:
        named = ", ".join(
            f"{one['parameter']} {rounded(one['gain'] * factor, 0)}" for one in over["knowing"]
        )
        said.append(f"To know an assumption before dividing would gain: {named}.")
    console.print("\n[bold]How sure it is[/bold]")
    for sentence in said:
        for line in wrapped(phrase(sentence), console.width - 1):
            console.print(line)


def _coupled(counties: Content, lived: bool) -> str:
    """What couples counties, in a sentence or two."""
    said = "By county: county_curves.csv and county_money.csv, "
    said += "lived. " if lived else "by the curves and not lived (--by county lives it). "
    outside = max(counties["outside"].values(), default=0.0)
    said += f"At most {outside:.0%} of a programme's effect falls on counties without its money. "
    tried = counties["alone"]
    if tried:
        together, alone = (sum(one[k] for one in tried) for k in ("together", "alone"))
        said += (
            f"{len(tried)} counties gain {rounded(together, 0)} person-years when all have their "
            f"money of {tried[0]['programme'].replace('_', ' ')}, and {rounded(alone, 0)} when "
            "each alone has it."
        )
    return said


def _print_front(console: Console, content: Content) -> None:
    goals = list(content["front"][0]["goals"])
    rows = [
        [str(k), *(rounded(one["goals"][g] * GOALS[g][1], 0) for g in goals)]
        for k, one in enumerate(content["front"], start=1)
    ]
    console.print("\n[bold]The front[/bold]: by the curves, beside today")
    console.print(
        spoken_blocks(console.width, ["plan", *(GOALS[g][0] for g in goals)], [("", rows)])
    )


def what_ran(content: Content) -> str:
    """Draws, seeds and sample of the search and its check."""
    draws, check = content["draws"], content["check_draws"]
    searched = draws[0] if len(draws) == 1 else f"{len(draws)} draws"
    return (
        f"sample {content['sample']}, lived to {content['horizon']}; search: {searched} x "
        f"{len(content['seeds'])} seeds; check: {len(check)} other draws x "
        f"{len(content['check_seeds'])} other seeds"
    )


def _note(console: Console, text: str) -> None:
    for line in wrapped(phrase(text), console.width - 1):
        console.print(f"[dim]{line}[/dim]")
