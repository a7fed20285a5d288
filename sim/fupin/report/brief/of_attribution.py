"""The brief of an attribution: what each programme of a plan did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.allocation.attribution_folder import StoredAttribution
from fupin.report.brief import charts
from fupin.report.brief.ground import Ground
from fupin.report.brief.parts import Brief, Finding, Table
from fupin.report.terminal.attribution import pairs_of, summing_texts, unit_of
from fupin.report.terminal.attribution import verdict as sentences_of
from fupin.words import quantities
from fupin.words.judging import Estimate, judged
from fupin.words.phrases import chinese
from fupin.words.verdict_ground import Facts, of_sample
from fupin.words.verdict_parts import joined

_ROWS = 10
"""Programmes of the chart and of the table, the largest shares first."""


def brief_of_attribution(lang: str, stored: StoredAttribution) -> Brief:
    """The brief of a folder of `fupin attribute`."""
    ground = Ground(lang, stored.run, stored.folder)
    say, found = ground.say, stored.attribution
    facts = Facts.of(ground.sentences, stored.run["scenario"])
    unit, factor = unit_of(found)
    unit = chinese(unit) if say.chinese else unit
    texts = sentences_of(found)
    texts = [chinese(text) for text in texts] if say.chinese else texts
    order = sorted(found["programmes"], key=lambda key: -abs(found["programmes"][key]["mean"]))
    rows = [
        charts.Row(ground.programme(key), judged(_estimate(found["programmes"][key], factor), None))
        for key in order[:_ROWS]
    ]
    pairs = pairs_of(found)
    title = say("chart.shares", unit=unit, year=found["until"])
    return Brief(
        lang=say.code,
        kind=say("kind"),
        title=say("attribution.title", programme=ground.programme(order[0]),
                  share=say.percent(found["programmes"][order[0]]["part"])),
        subject=facts.title,
        question=say("attribution.question", title=facts.title, unit=unit, year=found["until"]),
        findings=[
            Finding(say("finding.whole"), texts[0]),
            Finding(say("finding.shares"), joined(texts[1:3], say.code)),
            Finding(say("finding.together"), joined(texts[3:], say.code) or say("finding.none")),
        ],
        chart=charts.of_plans(say, rows, title, title, charts.note_of(say, pairs)),
        maps=[],
        money=_table(ground, found, order),
        certainty=[
            say("certainty.shares", n=pairs), *(one.text for one in of_sample(
                ground.sentences, found["sample"] if isinstance(found["sample"], float) else None))
        ],
        change=[
            *ground.assumed({k: float(of["money"]) for k, of in found["programmes"].items()}),
            say("change.shares"), say("change.form"),
        ],
        citation=ground.citation(),
        heads={**ground.heads, "money": say("head.shares")},
    )  # fmt: skip


def _estimate(of: Mapping[str, Any], factor: float) -> Estimate:
    low, high = of["low"], of["high"]
    ends = (None, None) if low is None or high is None else (low * factor, high * factor)
    return Estimate(of["mean"] * factor, *ends)


def _table(ground: Ground, found: Mapping[str, Any], order: list[str]) -> Table:
    say, programmes = ground.say, found["programmes"]
    shares, total = summing_texts([of["mean"] for of in programmes.values()], found)
    share = dict(zip(programmes, shares, strict=True))
    _, factor = unit_of(found)
    head = [say("money.programme"), say("money.budget"), say("money.share"), "%",
            say("money.alone"), say("money.last")]  # fmt: skip
    rows = [
        [
            ground.programme(key), ground.yuan(programmes[key]["money"]), share[key],
            say.percent(programmes[key]["part"]),
            *(quantities.amount(say, _estimate(programmes[key][part], factor))
              for part in ("alone", "last")),
        ]
        for key in order[:_ROWS]
    ]  # fmt: skip
    money = sum(of["money"] for of in programmes.values())
    rows.append([say("money.all"), ground.yuan(money), total, "100%", "", ""])
    return Table(head, rows, say("money.note_attribution"))
