"""The brief of a search for a better division of money."""

from __future__ import annotations

from fupin.allocation import sentences
from fupin.allocation.folder import StoredAllocation
from fupin.population.counties import county_table
from fupin.report.brief import charts
from fupin.report.brief.drawing import Drawing
from fupin.report.brief.ground import Ground
from fupin.report.brief.parts import Brief, Table
from fupin.words.judging import Estimate, judged
from fupin.words.verdict import allocation_verdict
from fupin.words.verdict_ground import Facts

_PREFECTURES = 8
"""Of the chart, those with the largest change."""
_REASONS = 4
"""Programmes of which it is said why they stop, those that move most."""


def brief_of_allocation(lang: str, stored: StoredAllocation) -> Brief:
    """The brief of a folder of `fupin allocate`."""
    ground = Ground(lang, stored.run, stored.folder)
    say, found = ground.say, stored.allocation
    facts = Facts.of(ground.sentences, stored.run["scenario"])
    verdict = allocation_verdict(found, lang)
    goal = ground.sentences(f"goal.{found['goal']}")
    moves = {key: of["proposed"] - of["today"] for key, of in found["programmes"].items()}
    return Brief(
        lang=say.code,
        kind=say("kind"),
        title=verdict.title,
        subject=facts.title,
        question=say("allocation.question", title=facts.title, goal=goal),
        findings=[
            ground.finding(say("finding.found"), verdict, "effect", "poor"),
            ground.finding(say("finding.division"), verdict, "division"),
            ground.finding(say("finding.cost"), verdict, "cost", "cash", "money", "jobs"),
        ],
        chart=_chart(ground, stored),
        maps=[],
        money=_money(ground, stored),
        certainty=verdict.of("certainty", "warning", "evidence"),
        change=[
            *_reasons(stored, say.code, moves),
            *ground.assumed({key: abs(yuan) for key, yuan in moves.items()}),
            say("change.form"),
        ],
        citation=ground.citation(_pairs(stored)),
        heads=ground.heads,
    )


def _chart(ground: Ground, stored: StoredAllocation) -> Drawing | None:
    """What the proposal does beside today in each prefecture."""
    say, table = ground.say, county_table()
    chinese = dict(zip(table.prefecture_en, table.prefecture_zh, strict=True))
    rows = [
        charts.Row(str(chinese.get(name, name)) if say.chinese else name, judged(gain, None))
        for name, of in stored.allocation["by_prefecture"].items()
        if (gain := Estimate.of(of)) is not None
    ]
    rows.sort(key=lambda row: -abs(row.judged.gain.mean if row.judged.gain else 0.0))
    if not stored.allocation["moves"] or not rows:
        return None
    title, note = say("chart.prefectures"), charts.note_of(say, _pairs(stored))
    return charts.of_plans(say, rows[:_PREFECTURES], title, title, note)


def _pairs(stored: StoredAllocation) -> int:
    """Pairs of draw and seed in the check, over which all its means are."""
    return len(stored.allocation["check_draws"]) * len(stored.allocation["check_seeds"])


def _money(ground: Ground, stored: StoredAllocation) -> Table:
    rows = {
        key: [float(of["today"]), float(of["proposed"]), float(of["proposed"] - of["today"])]
        for key, of in stored.allocation["programmes"].items()
    }
    note = ground.say("money.note_allocation")
    return ground.table(("today", "proposed", "difference"), rows, [], note)


def _reasons(stored: StoredAllocation, code: str, moves: dict[str, int]) -> list[str]:
    """Why the programmes that move most stop where they do."""
    texts = dict(zip(stored.allocation["programmes"], sentences.reasons(stored.allocation, code),
                     strict=True))  # fmt: skip
    order = sorted(moves, key=lambda key: -abs(moves[key]))
    return [texts[key] for key in order[:_REASONS] if moves[key]]
