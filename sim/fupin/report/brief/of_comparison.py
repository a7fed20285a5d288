"""The brief of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fupin.comparison.folder import StoredComparison
from fupin.population.counties import county_table
from fupin.report.brief import charts, maps
from fupin.report.brief.drawing import Drawing
from fupin.report.brief.ground import Ground, means_by_draw
from fupin.report.brief.of_run import ALL
from fupin.report.brief.parts import Brief, Finding, Table
from fupin.report.ten import of_comparison, subject_of
from fupin.statistics.discoveries import discovered, entries_of
from fupin.words.numbers import rounded
from fupin.words.verdict import Verdict, comparison_verdict
from fupin.words.verdict_ground import Facts, Luck


def brief_of_comparison(lang: str, stored: StoredComparison) -> Brief:
    """The brief of a folder of `fupin compare`."""
    ground = Ground(lang, stored.run, stored.folder)
    say, comparison = ground.say, stored.comparison
    base, plans = stored.run["scenario"], stored.run["plans"]
    facts = {one["name"]: Facts.of(ground.sentences, one) for one in plans}
    of_base = Facts.of(ground.sentences, base)
    verdict = comparison_verdict(comparison, base, plans, lang, most=ALL)
    order = list(verdict.judgements)
    plan = next(one for one in plans if one["name"] == order[0])
    alone = comparison_verdict(comparison, base, [plan], lang, most=ALL)
    first = facts[order[0]]
    if len(plans) == 1:
        question = say("compare.question", plan=first.title, base=of_base.title, year=first.year)
    else:
        question = say("compare.questions", n=len(plans), base=of_base.title, year=first.year)
    several = subject_of(lang, stored)
    also = {"also": say("head.also_of", plan=several)} if several else {}
    return Brief(
        lang=say.code,
        kind=say("kind"),
        title=verdict.title,
        subject=" · ".join(facts[name].title for name in order),
        question=question,
        findings=_findings(ground, verdict, alone, first),
        chart=_chart(ground, verdict, facts, Luck.of(comparison)),
        maps=_maps(ground, stored, first),
        money=_money(ground, comparison, first, alone),
        certainty=[*verdict.of("warning", "certainty"), *alone.of("evidence")],
        change=_change(ground, stored, first, verdict),
        citation=ground.citation(),
        heads=ground.heads | also,
        answers=ground.answers(of_comparison(lang, stored)),
    )


def _findings(ground: Ground, verdict: Verdict, alone: Verdict, first: Facts) -> list[Finding]:
    say, several = ground.say, len(verdict.judgements) > 1
    better = verdict.judgements[first.name].direction == "better"
    title = say("finding.best" if better else "finding.first", plan=first.short(say))
    second = title if several else say("finding.register")
    return [
        ground.finding(say("finding.poverty"), verdict, "effect"),
        ground.finding(second, alone, "register"),
        ground.finding(say("finding.cost"), alone, "cost", "cash", "jobs", "whom"),
    ]


def _chart(
    ground: Ground, verdict: Verdict, facts: Mapping[str, Facts], luck: Luck
) -> Drawing | None:
    say = ground.say
    rows = [charts.Row(facts[name].title, one) for name, one in verdict.judgements.items()][:8]
    year = next(iter(facts.values())).year
    said = verdict.sentences[0].text
    note = charts.note_of(say, luck.runs)
    return charts.of_plans(say, rows, say("chart.plans", year=year), said, note)


def _maps(ground: Ground, stored: StoredComparison, plan: Facts) -> list[Drawing]:
    """The change in true poverty by county, of those that stand after a correction for chance."""
    say = ground.say
    if "counties" not in stored.table_names:
        return []
    table = stored.table("counties")
    here = (table["plan"] == plan.name) & (table["outcome"] == "income_poor")
    codes = [int(code) for code in table["county"][here].tolist()]
    means = np.asarray(table["mean"][here], float)
    counties = county_table()
    people = dict(zip(counties.code.tolist(), counties.registered_rural.tolist(), strict=True))
    found_apart = discovered(entries_of(table, here), stored.freedom)
    told = dict(zip(codes, found_apart.tolist(), strict=True))
    changes = {
        code: -1000 * mean / people[code] if people.get(code) else None
        for code, mean in zip(codes, means.tolist(), strict=True)
    }
    chosen = [code for code in codes if told[code] and changes[code] is not None]
    key = "change_said" if chosen else "change_none"
    said = say(f"map.{key}", n=len(chosen), all=len(codes))
    words = {key: say(f"map.{key}") for key in ("none", "key", "not_told", "less", "more")}
    title = say("map.change", plan=plan.title)
    found = [maps.change_map(say, changes, told, title, said, words)]
    chosen.sort(key=lambda code: -abs(changes[code] or 0.0))
    names = counties.name_zh if say.chinese else counties.name_en
    name_of = dict(zip(counties.code.tolist(), names, strict=True))
    rows = []
    for code in chosen[: maps.TOP]:
        value = changes[code] or 0.0
        text = say("map.fewer" if value > 0 else "map.more_poor", value=rounded(abs(value), 1))
        rows.append((name_of[code], value, text))
    if rows:
        found.append(maps.ranked(rows, say("map.changed"), said))
    return found


def _money(ground: Ground, comparison: Mapping[str, Any], plan: Facts, alone: Verdict) -> Table:
    entries = comparison["programmes"][plan.name]
    rows = {}
    for key, of in entries.items():
        budget, spent = of["budget"], of["spent"]
        if budget["difference"]["mean"] or abs(spent["difference"]["mean"] or 0.0) >= 5e4:
            rows[key] = [float(x or 0.0) for x in (
                budget["base"], budget["plan"], budget["difference"]["mean"],
                spent["difference"]["mean"])]  # fmt: skip
    outcomes = comparison["outcomes"][plan.name]
    ends = [
        (title, [of["base"], of["plan"], of["difference"]["mean"]])
        for title, key in (("spent", "spent"), ("resources", "resource_cost"))
        if (of := outcomes.get(key)) is not None
    ]
    say = ground.say
    note = ("" if say.chinese else " ").join([*alone.of("money"), say("money.note_compare")])
    return ground.table(("base", "plan", "difference", "spending"), rows, ends, note)


def _change(ground: Ground, stored: StoredComparison, plan: Facts, verdict: Verdict) -> list[str]:
    say, comparison = ground.say, stored.comparison
    table = stored.table("pairs")
    here = (table["outcome"] == "income_poor_years") & (table["programme"] == "")
    labels = [str(draw["label"]) for draw in stored.run["draws"]]
    sides = []
    for world in (comparison["base"], plan.name):
        rows = here & (table["world"] == world)
        draws = np.asarray(table["draw"])[rows].tolist()
        sides.append(means_by_draw(labels, draws, np.asarray(table["value"], float)[rows].tolist()))
    gains = [
        None if a is None or b is None else a - b for a, b in zip(sides[0], sides[1], strict=True)
    ]
    found = ground.drivers("income_poor_years", gains)
    entries = comparison["programmes"][plan.name]
    moved = {key: abs(of["budget"]["difference"]["mean"] or 0.0) for key, of in entries.items()}
    found += ground.assumed(moved)
    if not verdict.judgements[plan.name].told:
        for pair in comparison["runs_needed"]:
            both = {pair["a"], pair["b"]} == {comparison["base"], plan.name}
            if both and pair["outcome"] == "income_poor_years" and pair["more"]:
                more = say.number(pair["more"])
                found.append(say("change.pairs", n=more, plan=plan.short(say)))
    return [*found, say("change.reassessment"), say("change.form")]
