"""What `fupin allocate` prints: a verdict in sentences, the division, why, and how sure it is."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fupin.scenario.amounts import format_yuan
from fupin.words.numbers import estimate, rounded

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
    goal = content["goal"]
    unit, factor = GOALS[goal]
    check = content["check"][goal]
    sentences = []
    if content["asked"].get("target") is not None:
        sentences += _target(content, unit, factor)
    elif not content["moves"]:
        sentences.append(
            f"No division within the limits does more for {unit} than today's, as far as the "
            "curves can tell."
        )
    elif content["better"]:
        gain, interval = estimate(check["gain"], factor)
        sentences.append(
            f"The proposal brings {gain} more {unit} than "
            f"{_before(content)} (90% interval {interval or 'unknown'})."
        )
        sentences.append(
            f"This is measured on {check['pairs']} pairs of parameters and luck that the search "
            f"had not seen; it is better in {check['share_better']:.0%} of them."
        )
        sentences.append(
            f"In the worst tenth of these it brings {rounded(check['worst_tenth'] * factor, 0)} "
            "more on average."
        )
    else:
        gain, interval = estimate(check["gain"], factor)
        sentences.append(
            f"Nothing is proposed: on luck that the search had not seen the best division brings "
            f"{gain} more {unit} (90% interval {interval or 'unknown'}), which may be chance."
        )
        sentences.append(
            f"On the luck that chose it, it seemed to bring "
            f"{rounded(check['gain_on_search'] * factor, 0)}; more --check-draws may tell."
        )
    if content["moves"] and (content["better"] or content["asked"].get("target") is not None):
        sentences += _beside_cash(check, unit, factor) + _costs(check) + _moves(content)
    if content["rounds"]:
        last = next(r for r in content["rounds"] if r["proposed"])
        sentences.append(
            f"Curves and simulation {'agree' if last['agrees'] else 'still differ'} at this "
            f"division: {last['off']:.1%} of the goal apart."
        )
    return sentences


def _before(content: Content) -> str:
    return "today's division" if content["same_envelope"] else "today's shares of the same envelope"


def _target(content: Content, unit: str, factor: float) -> list[str]:
    target = rounded(content["asked"]["target"] * factor, 0)
    money = sum(content["proposed"].values())
    today = sum(content["start"].values())
    if not content["target_reached"]:
        return [f"{target} {unit} is not reached within the limits, as far as was lived."]
    check = content["check"][content["goal"]]
    found, interval = estimate(check["proposed"], factor)
    return [
        f"{target} {unit} takes {format_yuan(money)}, where today's plan has "
        f"{format_yuan(today)} for these programmes.",
        f"On luck that the search had not seen it brings {found} ({interval or 'unknown'}).",
    ]


def _beside_cash(check: Content, unit: str, factor: float) -> list[str]:
    gain = check["gain_on_cash"]
    amount = estimate({k: gain[k] for k in ("mean", "low", "high")}, factor)[0].lstrip("−")
    if gain["low"] is None or gain["low"] <= 0 <= gain["high"]:
        return ["Whether it does more than the same money as cash is not told from chance."]
    word = "more" if gain["low"] > 0 else "fewer"
    return [
        f"All that it costs, paid out as cash to households that committees choose, would bring "
        f"{'less' if word == 'more' else 'more'}: the proposal brings {amount} {word} {unit}."
    ]


def _costs(check: Content) -> list[str]:
    today, proposed = (check["cost"][k]["mean"] for k in ("today", "proposed"))
    change = proposed - today
    if abs(change) < 0.02 * abs(today):
        return []
    word = "more" if change > 0 else "less"
    return [
        f"All resources cost {abs(change) / 1e6:,.0f} million yuan {word} than today, whoever "
        "pays: departments and lenders add to what the envelope gives."
    ]


def _moves(content: Content) -> list[str]:
    moves = {
        key: row["proposed"] - content["start"][key]
        for key, row in content["programmes"].items()
        if row["proposed"] != content["start"][key]
    }
    more = sorted((k for k in moves if moves[k] > 0), key=lambda k: -moves[k])[:3]
    less = sorted((k for k in moves if moves[k] < 0), key=lambda k: moves[k])[:3]

    def named(keys: list[str]) -> str:
        return ", ".join(f"{k.replace('_', ' ')} {abs(moves[k]) / 1e6:,.1f}" for k in keys)

    sentences = []
    if more:
        sentences.append(f"Most is added to, million yuan: {named(more)}.")
    if less:
        sentences.append(f"Most is taken from, million yuan: {named(less)}.")
    return sentences


def print_allocation(console: Console, content: Content) -> None:
    """Print the verdict and the tables."""
    from fupin.report.terminal.comparison_tables import blocks

    if console.width > WIDEST:
        console.width = WIDEST
    unit, factor = GOALS[content["goal"]]
    console.print(f"[bold]A better division of {content['plan']}[/bold], for {unit}")
    console.print(f"[dim]{what_ran(content)}[/dim]\n")
    for sentence in verdict(content):
        for line in textwrap.wrap(sentence, console.width - 1):
            console.print(line)
    found = "The division" if content["better"] else "What was found, and is not proposed"
    console.print(f"\n[bold]{found}[/bold], million yuan")
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
        price = content["price_of_a_million"].get(group, 0.0)
        worth = f"; one more million brings {rounded(price * factor, 0)}" if price > 0 else ""
        groups.append((f"[bold]{group}[/bold][dim]{worth}[/dim]", rows))
    console.print(blocks(console.width, head, groups))
    _note(
        console,
        f"next 1 M: {unit} by one million yuan more, by the curve; a dot where no more was tried. "
        "does as much elsewhere: its next yuan brings what one brings in the rest of its class; "
        "does more elsewhere: even its first yuan brings less."
        + (" right in: part of the draws of the search in which the move gains, with its share of "
           "the moves that pay for it." if sure else ""),
    )  # fmt: skip
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
    console.print(blocks(console.width, ["prefecture", "mean", "90% interval"], [("", rows)]))
    if content["counties"]:
        _note(console, _coupled(content["counties"]))
    if content["front"]:
        _print_front(console, content)
    console.print()


def _row(key: str, row: Content, factor: float, sure: bool) -> list[str]:
    right = "" if row["right_in"] is None else f"{row['right_in']:.0%}"
    tested = row["more_yuan"] > 0
    return [
        key.replace("_", " "),
        f"{row['today'] / 1e6:,.2f}",
        f"{row['proposed'] / 1e6:,.2f}",
        rounded(row["next_million"] * factor, 0) if tested else "·",
        *([right] if sure else []),
        WHY[row["why"]],
    ]


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
        for line in textwrap.wrap(sentence, console.width - 1):
            console.print(line)


def _coupled(counties: Content) -> str:
    """What couples counties, in a sentence or two."""
    said = "By county: county_curves.csv and county_money.csv, by the curves and not lived. "
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
    from fupin.report.terminal.comparison_tables import blocks

    goals = list(content["front"][0]["goals"])
    rows = [
        [str(k), *(rounded(one["goals"][g] * GOALS[g][1], 0) for g in goals)]
        for k, one in enumerate(content["front"], start=1)
    ]
    console.print("\n[bold]The front[/bold]: by the curves, beside today")
    console.print(blocks(console.width, ["plan", *(GOALS[g][0] for g in goals)], [("", rows)]))


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
    for line in textwrap.wrap(text, console.width - 1):
        console.print(f"[dim]{line}[/dim]")
