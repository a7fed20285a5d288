"""The brief of a run."""

from __future__ import annotations

from typing import Any

import numpy as np

from fupin.population.counties import county_table
from fupin.report.brief import charts, maps
from fupin.report.brief.drawing import Drawing
from fupin.report.brief.ground import Ground, gifts, means_by_draw
from fupin.report.brief.parts import Brief, Table
from fupin.report.ten import of_run
from fupin.results.money import at_work, of_summary
from fupin.scenario.programme_catalogue import CLASS_OF
from fupin.store.folder import StoredResult
from fupin.words.judging import Estimate
from fupin.words.numbers import rounded
from fupin.words.verdict import run_verdict
from fupin.words.verdict_ground import Facts, Luck

ALL = 99
"""A brief has room for every sentence."""


def brief_of_run(lang: str, stored: StoredResult) -> Brief:
    """The brief of a folder of `fupin run`."""
    ground = Ground(lang, stored.run, stored.folder)
    say, summary = ground.say, stored.summary
    facts = Facts.of(ground.sentences, stored.run["scenario"])
    verdict = run_verdict(summary, stored.run["scenario"], lang, most=ALL)
    return Brief(
        lang=say.code,
        kind=say("kind"),
        title=verdict.title,
        subject=facts.title,
        question=say("run.question", title=facts.title, year=facts.year),
        findings=[
            ground.finding(say("finding.poverty"), verdict, "effect", "poor"),
            ground.finding(say("finding.register"), verdict, "register"),
            ground.finding(say("finding.cost"), verdict, "cost", "jobs", "whom"),
        ],
        chart=_chart(ground, summary),
        maps=_maps(ground, stored, facts.last),
        money=_money(ground, summary, verdict.of("money")),
        certainty=verdict.of("warning", "certainty", "evidence"),
        change=_change(ground, stored),
        citation=ground.citation(),
        heads=ground.heads,
        answers=ground.answers(of_run(lang, stored)),
    )


def _chart(ground: Ground, summary: dict[str, Any]) -> Drawing | None:
    say = ground.say
    years = {
        year: one
        for year, part in summary["by_year"].items()
        if (one := Estimate.of(part["outcomes"].get("person_years_out"))) is not None
    }
    if not years:
        return None
    luck = Luck.of(summary)
    key = "percentiles" if luck.percentiles else "runs"
    items = say.join([f"{year} {rounded(one.mean, 0)}" for year, one in years.items()])
    return charts.by_year(
        say, years, say("chart.years"), say("chart.years_said", items=items),
        say("chart.years_note", range=say(f"chart.{key}", n=luck.runs)) if luck.runs > 1
        else say("chart.years_note_one"),
    )  # fmt: skip


def _maps(ground: Ground, stored: StoredResult, year: int) -> list[Drawing]:
    """Poverty by county at the end of the plan's period, mean over runs."""
    say = ground.say
    if "county_by_year" not in stored.table_names:
        return []
    table = stored.table("county_by_year")
    now = table["year"] == year
    persons: dict[int, float] = {}
    poor: dict[int, float] = {}
    columns = (table["county"][now], table["persons"][now], table["income_poor"][now])
    for code, people, below in zip(*(column.tolist() for column in columns), strict=True):
        persons[code] = persons.get(code, 0.0) + people
        poor[code] = poor.get(code, 0.0) + below
    shares = {code: 100 * poor[code] / n if n > 0 else None for code, n in persons.items()}
    table_names = county_table()
    names = table_names.name_zh if say.chinese else table_names.name_en
    name_of = dict(zip((int(c) for c in table_names.code), names, strict=True))
    order = sorted((c for c in shares if shares[c] is not None), key=lambda c: -(shares[c] or 0.0))
    top = [(name_of[c], float(shares[c] or 0.0)) for c in order[: maps.TOP]]
    words = {key: say(f"map.{key}") for key in ("none", "key")}
    said = say("map.level_said", names=say.join([name for name, _ in top[:3]]))
    return [
        maps.level_map(say, shares, say("map.level", year=year), said, words),
        maps.ranked([(n, v, rounded(v, 1)) for n, v in top], say("map.ranked"), said),
    ]


def _money(ground: Ground, summary: dict[str, Any], sentences: list[str]) -> Table:
    money = of_summary(summary["programmes"])
    columns = ("budget", "delivered", "lost", "unspent")
    rows = {
        key: [float(getattr(money[key], name) or 0.0) for name in columns]
        for key in at_work(summary["programmes"])
        if CLASS_OF[key] != "claimed"
    }
    notes = [*sentences, ground.say("money.note")]
    return ground.table(columns, rows, [], ("" if ground.say.chinese else " ").join(notes))


def _change(ground: Ground, stored: StoredResult) -> list[str]:
    say, summary = ground.say, stored.summary
    table = stored.table("runs")
    here = (table["outcome"] == "person_years_out") & (table["year"] == 0)
    here &= table["programme"] == ""
    labels = [str(draw["label"]) for draw in stored.run["draws"]]
    values = np.asarray(table["value"], float)[here]
    known = np.isfinite(values)
    draws = np.asarray(table["draw"])[here][known].tolist()
    by_draw = means_by_draw(labels, draws, values[known].tolist())
    found = ground.drivers("person_years_out", by_draw)
    found += ground.assumed(gifts(summary["programmes"]))
    years = {
        int(year): (part["outcomes"].get("person_years_out") or {}).get("mean")
        for year, part in summary["by_year"].items()
    }
    total, first = sum(v or 0.0 for v in years.values()), min(years)
    if len(years) > 1 and total > 0:
        part = say.percent(max((years[first] or 0.0) / total, 0.0))
        found.append(say("change.horizon", first=first, part=part))
    return [*found, say("change.reassessment"), say("change.form")]
