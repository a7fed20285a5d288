"""What `fupin validate` prints: fitted and held-out figures, baselines, what is additional."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.calibration.page import heading, interval, narrow, note, number, plain_table
from sim.report.numbers import rounded

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_ROLES = {"A": "fitted in both", "B": "fitted in B", "held_out": "held out", "shown": "shown"}

_ADDITIONAL = {
    "additional_income_channel": "lifted because incomes rose",
    "additional_recognition_channel": "lifted because the served are reviewed",
    "additional_jobs": "additional jobs",
}


def print_validation(console: Console, report: Mapping[str, Any]) -> None:
    """Print all tables of a report."""
    narrow(console)
    heading(console, "The document and the calibrated model")
    note(
        console,
        f"{report['draws']} rows of each posterior, {report['seeds']} seeds each, "
        f"{report['sample']} sample, {len(report['failed'])} runs failed. 90% intervals of one "
        "further run: chance and ignorance together.",
    )
    console.print(document_table(report["document"]))
    heading(console, "Held out")
    for posterior in ("A", "B"):
        console.print(held_out_table(report["held_out"][posterior], posterior))
    note(
        console,
        "off: mean of the model − figure. Figures are shown as they fall. The form of the model "
        "had seen them (docs/calibration.md), so an agreement is less than a prediction; the share "
        "of the three prefectures is a weak test: their listed villages alone say 39.5%.",
    )
    heading(console, "Required of posterior B")
    console.print(requirements_table(report["requirements"]))
    if "additional_jobs" in report["predictive"]["B"]:
        heading(console, "What is additional to the same world without programmes (posterior B)")
        console.print(additional_table(report["predictive"]["B"]))
        note(
            console,
            "The document's 200,000 and 16,091 are counts of what happened, not of what the money "
            "did. No figure of the document tells the two apart: these lines rest on the studies "
            "behind the priors.",
        )
    if report["ridge"]:
        heading(console, "Along the ridge: what the figures would be at other chances of a review")
        for name, text in (
            ("alone", "the chance of a review moves and nothing else"),
            ("along", "growth of the spread, served review and all else go with it as in B"),
        ):
            note(console, text)
            console.print(ridge_table(report["ridge"][name]))
        note(
            console,
            "The net fall is proportional to the chance of a review, so that `lifted` agrees with "
            "200,000 proves nothing. Gross exits and entries, of which the document says nothing, "
            "are what tells the lines apart.",
        )
    heading(console, "Counting rules and structures of assets (posterior B)")
    console.print(variants_table(report["variants"]))
    heading(console, "What was learned")
    console.print(learned_table(report["learned"]))
    note(console, _conflicts(report))
    console.print()


def document_table(lines: Sequence[Mapping[str, Any]]) -> Table:
    """Targets beside both posteriors."""
    table = plain_table()
    for name, right in (
        ("figure", False), ("role", False), ("document", True), ("A", True),
        ("90% interval", True), ("B", True), ("90% interval", True), ("B off by", True),
    ):  # fmt: skip
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    for line in lines:
        a, b = line["A"], line["B"]
        name = f"{line['figure']} {line['target']}".strip()
        off = b["off"]
        table.add_row(
            name, _ROLES[line["role"]], number(line["value"]),
            number(a["mean"]), interval(a["low"], a["high"]),
            number(b["mean"]), interval(b["low"], b["high"]),
            "" if off is None else f"{rounded(off, 1)} ±",
        )  # fmt: skip
    return table


def held_out_table(lines: Sequence[Mapping[str, Any]], posterior: str) -> Table:
    """Held-out figures, each followed by its naive predictions."""
    table = plain_table()
    table.add_column(f"held out of posterior {posterior}", no_wrap=True)
    for name in ("figure", "predicted", "90% interval", "off", "holds it"):
        table.add_column(name, justify="right", no_wrap=True)
    for line in lines:
        table.add_row(
            f"[bold]{line['target']}[/bold]", number(line["value"]), number(line["mean"]),
            interval(line["low"], line["high"]), number(line["off"]), _yes(line["inside"]),
        )  # fmt: skip
        for one in line["baselines"]:
            nearer = "model is nearer" if one["model_is_nearer"] else "[bold]nearer[/bold]"
            same = one["low"] == one["high"]
            table.add_row(
                f"  {one['name']}", "",
                number(one["low"]) if same else interval(one["low"], one["high"]), "",
                number(one["off"]), nearer,
            )  # fmt: skip
    return table


def requirements_table(lines: Sequence[Mapping[str, Any]]) -> Table:
    """What is asked, what was found."""
    table = plain_table()
    table.add_column("what")
    table.add_column("found", justify="right")
    table.add_column("", no_wrap=True)
    for line in lines:
        verdict = "yes" if line["passed"] else "[bold]no[/bold]"
        table.add_row(line["what"], line["found"], verdict)
    return table


def additional_table(predictive: Mapping[str, Mapping[str, Any]]) -> Table:
    """What programmes add, beside the counts of the document."""
    table = plain_table()
    table.add_column("persons", no_wrap=True)
    for name in ("mean", "90% interval", "sd of chance", "sd of ignorance"):
        table.add_column(name, justify="right", no_wrap=True)
    rows = {"lifted": "people lifted (document: 200,000)"}
    rows |= {key: f"  {text}" for key, text in _ADDITIONAL.items() if key != "additional_jobs"}
    rows |= {"placed": "placed after training (document: 16,091)"}
    rows |= {"additional_jobs": "  additional jobs, all programmes"}
    for key, text in rows.items():
        s = predictive[key]
        table.add_row(
            text, number(s["mean"]), interval(s["low"], s["high"]),
            number(s["sd_seeds"], 2), number(s["sd_draws"], 2),
        )  # fmt: skip
    return table


def ridge_table(steps: Sequence[Mapping[str, Any]]) -> Table:
    """One line a chance of a review."""
    table = plain_table()
    names = [*steps[0]["parameters"], *steps[0]["moments"]]
    for name in names:
        table.add_column((name.partition(".")[2] or name).replace("_", " "), justify="right")
    for step in steps:
        table.add_row(
            *(number(value, 2) for value in step["parameters"].values()),
            *(number(value) for value in step["moments"].values()),
        )
    return table


def variants_table(variants: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Table:
    """Means of the same rows and seeds under each rule."""
    table = plain_table()
    table.add_column("", no_wrap=True)
    for name in next(iter(variants.values())):
        table.add_column(name.replace("_", " "), justify="right")
    for name, found in variants.items():
        table.add_row(name, *(number(s["mean"]) for s in found.values()))
    return table


def learned_table(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    """Contraction from prior to posterior."""
    table = plain_table()
    table.add_column("parameter", no_wrap=True)
    for name in ("width in A", "moved", "width in B", "moved", ""):
        table.add_column(name, justify="right", no_wrap=True)
    for a, b in zip(found["A"], found["B"], strict=True):
        table.add_row(
            a["name"].partition(".")[2],
            f"{a['width']:.2f}", rounded(a["shift"], 1), f"{b['width']:.2f}",
            rounded(b["shift"], 1), "" if b["learned"] else "[bold]not learned[/bold]",
        )  # fmt: skip
    return table


def _conflicts(report: Mapping[str, Any]) -> str:
    named = {
        fit["target"]
        for posterior in ("A", "B")
        for fit in report["fits"][posterior]
        if fit["conflict"] and fit["apart"] is not None
    }
    text = (
        "width: posterior / prior standard deviation; moved: in prior standard deviations. "
        f"{report['not_calibrated']} other uncertain parameters are not learned, by construction. "
    )
    if named:
        return text + f"Targets that conflict with the others: {', '.join(sorted(named))}."
    return text + "No fitted target conflicts with the others."


def _yes(inside: bool | None) -> str:
    return "" if inside is None else ("yes" if inside else "[bold]no[/bold]")
