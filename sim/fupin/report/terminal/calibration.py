"""What `fupin calibrate` prints: fits, emulators, what was learned, the ridge."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin.calibration.emulator import PASS
from fupin.parameters.province import province
from fupin.report.terminal.document import WIDE
from fupin.words.numbers import DASH, NOTHING, exact, magnitude, places_of, rounded

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_SHORT = {
    "register.review_probability": "review",
    "livelihood.spread_growth": "growth of spread",
    "register.served_review": "served review",
}

WIDEST = 120
"""Columns; as for a run."""


def print_calibration(console: Console, manifest: Mapping[str, Any]) -> None:
    """Print all tables of a manifest."""
    narrow(console)
    settings = manifest["settings"]
    heading(console, "Calibration")
    note(
        console,
        f"{manifest['runs']} runs of {manifest['plan']}, {manifest['sample']} sample, "
        f"{len(manifest['failed'])} failed; {len(manifest['calibrated'])} parameters calibrated, "
        f"{len(manifest['not_calibrated'])} drawn from their priors; {settings['rows']} rows.",
    )
    for posterior, what in (
        ("A", f"fitted to {province().first_listing} and to moments from elsewhere"),
        ("B", f"fitted to the outcomes of {province().document_year} as well; runs use it"),
    ):
        heading(console, f"Posterior {posterior}: {what}")
        console.print(fit_table(manifest, posterior, console.width))
        note(console, _conflicts(manifest["fits"][posterior]))
    heading(console, "Emulators")
    console.print(emulator_table(manifest["emulators"]))
    note(
        console,
        "Share of runs within two standard deviations of an emulator that had not seen them: all "
        f"(five folds; the gate is {100 * PASS:.0f}%), those of the last wave among them, and the "
        "last wave by emulators of the waves before. noise: spread of runs that no calibrated "
        "parameter explains, and of it by the seed alone, on the moment's scale.",
    )
    heading(console, "What was learned")
    console.print(learned_table(manifest["learned"], console.width))
    note(
        console,
        "5% to 95%. width: standard deviation of the posterior / of the prior. The other "
        f"{len(manifest['not_calibrated'])} uncertain parameters are not learned, by construction.",
    )
    if manifest["ridge"]:
        heading(console, "The ridge: what trades off in posterior B")
        console.print(ridge_table(manifest["ridge"]))
        note(
            console,
            "Fifths of posterior B by the chance of a review. For a given register the net fall is "
            "proportional to that chance; a register that was looked at more often has less of a "
            "backlog. So every line agrees with 200,000, which proves nothing about reviews.",
        )
    heading(console, "Markov chains")
    for posterior, chain in manifest["chains"].items():
        settled = "settled" if chain["settled"] else "NOT SETTLED: too few steps"
        note(
            console,
            f"{posterior}: {chain['effective_draws']:,} effective draws, autocorrelation time "
            f"{chain['autocorrelation_time']:.0f} of {chain['steps']:,} steps, {settled}; means "
            f"of chains from the mode and from the prior within "
            f"{chain['largest_difference_between_starts_in_sd']:.2f} sd.",
        )
    console.print()


def fit_table(manifest: Mapping[str, Any], posterior: str, width: int) -> Table:
    """Targets beside emulated runs; fitted ones first."""
    table = plain_table()
    wide = width >= WIDE
    table.add_column("target", min_width=9, overflow="fold")
    for name in ("value", *(("±",) if wide else ()), "model", "90% interval", "off", "others"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("apart", justify="right", no_wrap=True)
    inside = set(manifest["fitted"][posterior])
    for title, chosen in (("fitted", True), ("held out", False)):
        table.add_row(f"[bold]{title}[/bold]")
        for fit in manifest["fits"][posterior]:
            if (fit["target"] in inside) is not chosen:
                continue
            loud = fit["conflict"] and chosen
            table.add_row(
                words(fit["target"]),
                number(fit["value"]),
                *((number(fit["tolerance"]),) if wide else ()),
                number(fit["mean"]),
                interval(fit["low"], fit["high"]),
                _signed(fit["off"], loud),
                number(fit["others"]) if chosen else "",
                _signed(fit["apart"], loud),
            )
    return table


def emulator_table(checks: Mapping[str, Mapping[str, Any]]) -> Table:
    """Coverage of each emulator."""
    table = plain_table()
    table.add_column("moment", min_width=9, overflow="fold")
    for name in ("all", "near", "fresh", "inflated", "noise", "by seed", ""):
        table.add_column(name, justify="right", no_wrap=True)
    for moment, check in checks.items():
        table.add_row(
            words(moment),
            *(f"{100 * check[key]:.0f}%" for key in ("all", "near", "fresh")),
            f"{check['inflation']:.2f}",
            number(check["noise"], 2),
            number(check["chance"], 2),
            "" if check["passed"] else "[bold]fails[/bold]",
        )
    return table


def learned_table(found: Mapping[str, Sequence[Mapping[str, Any]]], width: int) -> Table:
    """Priors and posteriors of the calibrated parameters."""
    table = plain_table()
    wide = width >= WIDE
    table.add_column("parameter", min_width=9, overflow="fold")
    for name in ("prior", *(("posterior A",) if wide else ()), "posterior B"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("width A", "width B"):
        table.add_column(name, justify="right", min_width=5, max_width=5)
    table.add_column("", min_width=7)
    for a, b in zip(found["A"], found["B"], strict=True):
        table.add_row(
            words(a["name"].partition(".")[2]),
            _ends(a["prior"]),
            *((_ends(a["posterior"]),) if wide else ()),
            _ends(b["posterior"]),
            f"{a['width']:.2f}",
            f"{b['width']:.2f}",
            "" if b["learned"] else "[bold]not learned[/bold]",
        )
    return table


def ridge_table(steps: Sequence[Mapping[str, Any]]) -> Table:
    """One line a step along the ridge: parameters, then figures."""
    table = plain_table()
    for name in steps[0]["parameters"]:
        short = _SHORT.get(name, words(name.partition(".")[2]))
        table.add_column(short, justify="right")
    for name in steps[0]["moments"]:
        table.add_column(name.replace("_", " "), justify="right")
    for step in steps:
        table.add_row(
            *(number(value, 2) for value in step["parameters"].values()),
            *(number(value) for value in step["moments"].values()),
        )
    return table


def _conflicts(found: Sequence[Mapping[str, Any]]) -> str:
    names = [fit["target"] for fit in found if fit["conflict"] and fit["apart"] is not None]
    text = (
        "off: (model − value) / tolerance, a standard deviation. others: what the other fitted "
        "targets alone predict; apart: how many standard deviations that is off the value."
    )
    if names:
        return f"{text} In conflict: {', '.join(names)}."
    return f"{text} No two fitted targets conflict."


def words(key: str) -> str:
    """A key as words, which a narrow table may put on several lines."""
    return key.replace("_", " ")


def plain_table() -> Table:
    """A table in the style of a run's."""
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)


def narrow(console: Console) -> None:
    """Lines longer than WIDEST are hard to follow."""
    if console.width > WIDEST:
        console.width = WIDEST


def heading(console: Console, text: str) -> None:
    """A line in bold after an empty one."""
    console.print(f"\n[bold]{text}[/bold]")


def note(console: Console, text: str) -> None:
    """Dim lines under a table."""
    for line in textwrap.wrap(text, console.width - 1):
        console.print(line, style="dim", markup=False)


def number(value: float | None, digits: int = 3) -> str:
    """A number with some significant digits, 3.61 M for millions."""
    if value is None:
        return NOTHING
    size, suffix = magnitude(value)
    scaled = value / size
    places = places_of(scaled, digits)
    if size == 1.0 and abs(value) >= 1000:
        places = min(places, 0)
    return exact(round(scaled, places), (1.0, "")) + suffix


def interval(low: float | None, high: float | None, digits: int = 3) -> str:
    """A 90% interval; nothing where there is none."""
    if low is None or high is None:
        return ""
    between = " to " if low < 0 else DASH
    return number(low, digits) + between + number(high, digits)


def _signed(value: float | None, loud: bool = False) -> str:
    if value is None:
        return ""
    text = rounded(value, 1)
    text = text if value < 0 or text == "0.0" else f"+{text}"
    return f"[bold]{text}[/bold]" if loud else text


def _ends(values: Sequence[float]) -> str:
    return interval(values[0], values[-1], 2)
