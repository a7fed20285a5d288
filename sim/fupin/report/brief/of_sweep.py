"""The brief of a sweep: how an answer moves along what is varied."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fupin.files.integrity import read_json
from fupin.report.brief import charts
from fupin.report.brief.ground import Ground
from fupin.report.brief.parts import Brief, Table
from fupin.report.html import sweep_names
from fupin.report.html.sweep_curves import Curve, curves, runs_of, saturation
from fupin.sweeps.folder import read_about, read_columns
from fupin.words import quantities
from fupin.words.judging import Estimate, judged
from fupin.words.verdict import sweep_verdict
from fupin.words.verdict_sweep import READ, factor_name, level_text

_SHORT = ("person_years_out", "income_poor_end", "lifted")
"""Outcomes with a short name for a column."""
_LEVELS = 8
"""Of the chart and of the table; of more levels some between are left out."""


def brief_of_sweep(lang: str, folder: Path) -> Brief:
    """The brief of a folder of `fupin sweep`; one whose runs share no worlds has no chart."""
    about = read_about(folder)
    ground = Ground(lang, {"versions": {}, "created": "", **about}, folder)
    say, factors = ground.say, list(about["factors"])
    summary = read_json(folder / "summary.json")
    columns = read_columns(folder, ("point", "draw", "seed", *factors, *READ))
    verdict = sweep_verdict(summary, factors, columns, lang)
    names = [factor_name(ground.sentences, key) for key in factors]
    found = curves(runs_of(folder), factors)
    first = next((c for c in found if c.outcome == "person_years_out"), found[0] if found else None)
    mine = [c for c in found if first is not None and c.factor == first.factor]
    said = [_sentence(saturation(ground.titles, curve)) for curve in mine]
    of_list = verdict.of("register") or _register(ground, mine, columns)
    findings = [
        ground.finding(say("finding.response"), verdict, "effect", "curve"),
        ground.finding_of(say("finding.register"), [*of_list, *verdict.of("money")]),
        ground.finding_of(say("finding.enough"), said[:3]),
    ]
    findings = [one for one in findings if one.text != say("finding.none")]
    return Brief(
        lang=say.code,
        kind=say("kind"),
        title=verdict.title,
        subject=str(about.get("title_zh" if say.chinese else "title") or about["name"]),
        question=say("sweep.question", factors=say.join(names)),
        findings=findings,
        chart=None if first is None else _chart(ground, first),
        maps=[],
        money=Table([], [], say("finding.none")) if first is None else _table(ground, mine),
        certainty=verdict.of("certainty", "warning", "evidence"),
        change=[say("change.sweep", name=folder.resolve().name), say("change.form")],
        citation=ground.citation(),
        heads={**ground.heads, "money": say("head.levels"),
               "findings": say(f"head.findings_{len(findings)}")},
    )  # fmt: skip


def _register(ground: Ground, found: list[Curve], columns: Mapping[str, Any]) -> list[str]:
    """The official list at the largest level beside the smallest, where the verdict is silent."""
    say, lifted = ground.say, np.asarray(columns.get("lifted", ()), float)
    if not found or not lifted.size or np.isnan(lifted).any():
        return []
    curve = next((one for one in found if one.outcome == "lifted"), None)
    gain = None if curve is None else Estimate.of(curve.beside_least[-1])
    if curve is None or gain is None:
        return [say("sweep.register_same")] if curve is None else []
    listed = np.asarray(columns.get("registered_poor_start", ()), float)
    whole = float(listed.mean()) if listed.size and not np.isnan(listed).any() else None
    told = judged(gain, whole).told
    shown = -gain if told and gain.mean < 0 else gain
    key = "register_unclear" if not told else "register" if gain.mean > 0 else "register_less"
    reference, level = (
        level_text(ground.sentences, curve.factor, curve.values[k]) for k in (0, -1)
    )
    return [
        say(f"sweep.{key}", level=level, reference=reference,
            amount=quantities.amount(ground.sentences, shown),
            range=quantities.bracketed(ground.sentences, shown))
    ]  # fmt: skip


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _places(curve: Curve) -> list[int]:
    count = len(curve.values)
    if count <= _LEVELS:
        return list(range(count))
    return sorted({round(k * (count - 1) / (_LEVELS - 1)) for k in range(_LEVELS)})


def _level(ground: Ground, curve: Curve, place: int) -> str:
    return sweep_names.amount(ground.titles, curve.factor, curve.values[place])


def _chart(ground: Ground, curve: Curve) -> Any:
    say = ground.say
    rows = [
        charts.Row(_level(ground, curve, k), judged(Estimate.of(curve.beside_least[k]), None))
        for k in _places(curve)[1:]
    ]
    reference = _level(ground, curve, 0)
    outcome = ground.titles(f"outcome.{curve.outcome}")
    title = say("chart.levels_of", outcome=outcome, reference=reference)
    return charts.of_plans(say, rows, title, title, charts.note_of(say, curve.worlds))


def _table(ground: Ground, found: list[Curve]) -> Table:
    """Differences to the smallest level, a column an outcome."""
    say, first = ground.say, found[0]
    head = [say("money.level"), *(_short(ground, c.outcome) for c in found[:4])]
    rows = [
        [_level(ground, first, k), *(_cell(ground, curve, k) for curve in found[:4])]
        for k in _places(first)
    ]
    return Table(head, rows, say("money.note_sweep", level=_level(ground, first, 0)))


def _short(ground: Ground, outcome: str) -> str:
    return ground.titles(f"{'years' if outcome in _SHORT else 'outcome'}.{outcome}")


def _cell(ground: Ground, curve: Curve, place: int) -> str:
    one = Estimate.of(curve.beside_least[place])
    if one is None or place == 0:
        return "0"
    text = quantities.amount(ground.say, one)
    return f"+{text}" if one.mean > 0 else text
