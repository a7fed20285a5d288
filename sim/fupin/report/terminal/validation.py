"""What `fupin validate` prints: fitted and held-out figures, baselines, what is additional."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin.calibration.moment_names import YEAR
from fupin.calibration.requirements import COUNTS_WITHIN
from fupin.report.terminal.calibration import (
    heading,
    interval,
    narrow,
    note,
    number,
    plain_table,
    ridge_table,
    words,
)
from fupin.report.terminal.document import WIDE
from fupin.words.numbers import rounded

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_ROLES = {
    "A": "fitted in A and B",
    "B": "fitted in B alone",
    "held_out": "held out of both",
    "shown": "shown",
}

_VARIANT_HEADS = {
    f"registered_{YEAR}": "register",
    f"survey_poor_{YEAR}": "survey poor",
    f"income_poor_{YEAR}": "income poor",
    "gross_exits": "exits",
}


def print_validation(console: Console, report: Mapping[str, Any]) -> None:
    """Print all tables of a report."""
    narrow(console)
    heading(console, "The document and the calibrated model")
    note(
        console,
        f"{report['draws']} rows of each posterior, {_count(report['seeds'], 'seed')} each, "
        f"{report['sample']} sample, {_count(len(report['failed']), 'run')} failed. 90% intervals "
        "are of one further run. Each row of B is lived with the year that it was given.",
    )
    console.print(document_table(report["document"], console.width))
    heading(console, "Held out")
    for posterior in ("A", "B"):
        console.print(held_out_table(report["held_out"][posterior], posterior))
    note(
        console,
        "off: mean of the model − figure; nearer: the model or the naive prediction; inside, "
        "missed: whether the interval holds it; score: the continuous ranked probability score, in "
        "the figure's unit, smaller is better. Figures are shown as they fall. The form of the "
        "model had seen them (docs/calibration.md), so an agreement is less than a prediction; the "
        "share of the three prefectures is a weak test: their listed villages alone say 39.5%.",
    )
    if counts := report.get("counts"):
        heading(console, f"What the document counts of {YEAR} (fitted in posterior B)")
        console.print(counts_table(counts))
        for line in counts:
            if line["reason"] and abs(line["off"]) > COUNTS_WITHIN:
                note(console, f"{line['figure']}: {line['reason']}.")
    heading(console, "Required of posterior B")
    console.print(requirements_table(report["requirements"]))
    if "additional_jobs" in report["predictive"]["B"]:
        heading(console, "What is additional to the same world without programmes (posterior B)")
        console.print(additional_table(report["predictive"]["B"]))
        note(
            console,
            "by chance, by ignorance: standard deviations between seeds, and between draws. "
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
            "For a given register the net fall is proportional to the chance of a review; a "
            "register that was looked at more often has less of a backlog. So that `lifted` agrees "
            "with the document proves nothing about reviews. Gross exits and entries, of which it "
            f"says nothing, tell the lines apart, and so does the count of {YEAR}.",
        )
    heading(console, "Forms of the model (posterior B)")
    console.print(variants_table(report["variants"]))
    if fitted := report.get("forms"):
        heading(console, "Forms of the model, each held to what B was fitted to")
        console.print(forms_table(fitted))
        console.print(form_predictions_table(fitted))
        console.print(form_effects_table(fitted))
        note(
            console,
            "within: persons about the document's 200,000 that a year may be off to count as like "
            "it; weigh as: independent histories among those kept; score: against the shipped "
            "form, over all held-out figures; below 1 predicts them better. With few independent "
            "histories a score that is near 1 says nothing. Effects: mean, and range of the lives.",
        )
    heading(console, "What was learned")
    console.print(learned_table(report["learned"]))
    note(console, _conflicts(report))
    console.print()


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def document_table(lines: Sequence[Mapping[str, Any]], width: int) -> Table:
    """Targets beside both posteriors, by role."""
    table = plain_table()
    wide = width >= WIDE
    table.add_column("", min_width=9, overflow="fold")
    for name in ("figure", *(("A",) if wide else ()), "A, 90%", "B", "B, 90%", "off"):
        table.add_column(name, justify="right", no_wrap=True)
    for role, title in _ROLES.items():
        chosen = [line for line in lines if line["role"] == role]
        if chosen:
            table.add_row(f"[bold]{title}[/bold]")
        for line in chosen:
            a, b = line["A"], line["B"]
            name = words(line["target"])
            name = f"{line['figure']} {name}".strip() if wide else name
            table.add_row(
                name,
                number(line["value"]),
                *((number(a["mean"]),) if wide else ()),
                interval(a["low"], a["high"]),
                number(b["mean"]),
                interval(b["low"], b["high"]),
                "" if b["off"] is None else rounded(b["off"], 1),
            )
    return table


def held_out_table(lines: Sequence[Mapping[str, Any]], posterior: str) -> Table:
    """Held-out figures, each followed by its naive predictions.

    score: continuous ranked probability score, in the figure's unit; smaller is better.
    """
    table = plain_table()
    table.add_column(f"held out of {posterior}", min_width=11, overflow="fold")
    for name in ("figure", "predicted", "90% interval", "off", "score"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("nearer", no_wrap=True)
    for line in lines:
        table.add_row(
            f"[bold]{words(line['target'])}[/bold]",
            number(line["value"]),
            number(line["mean"]),
            interval(line["low"], line["high"]),
            number(line["off"], 2),
            number(line["crps"], 2),
            "" if line["inside"] is None else ("inside" if line["inside"] else "missed"),
        )
        for one in line["baselines"]:
            same = one["low"] == one["high"]
            table.add_row(
                one["name"],
                "",
                number(one["low"]) if same else "",
                "" if same else interval(one["low"], one["high"]),
                number(one["off"], 2),
                "",
                "model" if one["model_is_nearer"] else "[bold]naive[/bold]",
            )
    return table


def counts_table(lines: Sequence[Mapping[str, Any]]) -> Table:
    """What the document counts, and B was fitted to, beside what its rows count."""
    table = plain_table()
    table.add_column("count", no_wrap=True)
    for name in ("document", "B", "90% interval", "off, %"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for line in lines:
        table.add_row(
            line["figure"],
            number(line["value"]),
            number(line["mean"]),
            interval(line["low"], line["high"]),
            rounded(100 * line["off"], 1),
            "conflict" if line["reason"] and abs(line["off"]) > COUNTS_WITHIN else "",
        )
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
    table.add_column("persons")
    for name in ("mean", "90% interval"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("by\nchance", "by\nignorance"):
        table.add_column(name, justify="right", min_width=9)
    rows = {
        "lifted": "lifted (document: 200,000)",
        "additional_income_channel": "  because incomes rose",
        "additional_recognition_channel": "  because re-assessed when served",
        "placed": "placed (document: 16,091)",
        "additional_jobs": "  additional jobs",
    }
    for key, text in rows.items():
        s = predictive[key]
        table.add_row(
            text, number(s["mean"]), interval(s["low"], s["high"]),
            number(s["sd_seeds"], 2), number(s["sd_draws"], 2),
        )  # fmt: skip
    return table


def variants_table(variants: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Table:
    """Means of the same rows and seeds under each rule."""
    table = plain_table()
    table.add_column("", no_wrap=True)
    for name in next(iter(variants.values())):
        table.add_column(_VARIANT_HEADS.get(name, name.replace("_", " ")), justify="right")
    for name, found in variants.items():
        table.add_row(name, *(number(s["mean"]) for s in found.values()))
    return table


def forms_table(fitted: Mapping[str, Mapping[str, Any]]) -> Table:
    """Each form's years like the document's, and how well they predict held-out figures."""
    table = plain_table()
    table.add_column("form", no_wrap=True)
    for head in ("years", "kept", "within", "weigh as", "score"):
        table.add_column(head, justify="right", no_wrap=True)
    for name, line in fitted.items():
        score = line["score"]
        table.add_row(
            name, number(line["years"]), number(line["kept"]),
            number(line["within"]) if line["kept"] else "",
            rounded(line["effective"], 1) if line["kept"] else "",
            "" if score is None else f"{score:.2f}",
        )  # fmt: skip
    return table


def form_predictions_table(fitted: Mapping[str, Mapping[str, Any]]) -> Table:
    """Held-out figures, and what each form says of them."""
    table = plain_table()
    table.add_column("held out", min_width=10, overflow="fold")
    table.add_column("figure", justify="right", no_wrap=True)
    known = {name: line for name, line in fitted.items() if line["kept"]}
    for name in known:
        table.add_column(name.replace(": ", ":\n"), justify="right", no_wrap=True)
    for i, first in enumerate(next(iter(known.values()))["held_out"] if known else ()):
        said = (number(line["held_out"][i]["mean"]) for line in known.values())
        table.add_row(words(first["target"]), number(first["value"]), *said)
    return table


_EFFECT_HEADS = {
    "person_years_out": "person-years out",
    "additional_income_channel": "lifted by income",
    "additional_recognition_channel": "lifted as re-assessed",
    "additional_jobs": "additional jobs",
}


def form_effects_table(fitted: Mapping[str, Mapping[str, Any]]) -> Table:
    """What the programmes do in each form: means and ranges of its lives."""
    table = plain_table()
    table.add_column("effects", no_wrap=True)
    for head in _EFFECT_HEADS.values():
        table.add_column(head, justify="right", min_width=10)
    for name, line in fitted.items():
        if effects := line.get("effects"):
            cells = []
            for key in _EFFECT_HEADS:
                s = effects.get(key)
                cells.append(
                    "" if s is None else f"{number(s['mean'])}\n{interval(s['low'], s['high'])}"
                )
            table.add_row(name, *cells)
    return table


def learned_table(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    """Contraction from prior to posterior."""
    table = plain_table()
    table.add_column("parameter", min_width=16)
    for name in ("width in A", "moved", "width in B", "moved", ""):
        table.add_column(name, justify="right")
    for a, b in zip(found["A"], found["B"], strict=True):
        table.add_row(
            words(a["name"].partition(".")[2]),
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
