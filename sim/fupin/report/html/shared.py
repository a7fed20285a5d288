"""What reports share: names, units, sources, how to read a page, what ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fupin.report.html.parts import Note, Points, Row, Section, Table
from fupin.scenario.programme_catalogue import with_others
from fupin.statistics.crossed import ENOUGH_FOR_PERCENTILES
from fupin.words import lived, luck
from fupin.words.language import Language
from fupin.words.sample import share
from fupin.words.titles import title as title_of

COST_HEADS = {"spent": "yuan_spent", "resource_cost": "yuan_of_resources"}
"""Money -> the column of costs a person by it."""


def programme_title(say: Language, key: str) -> str:
    """Name of a programme, of the overview or of the funds."""
    english = {programme.key: programme.title for programme in with_others([key])}
    return say.name("programmes", key, english[key])


def roughly(say: Language, value: float, digits: int = 3) -> str:
    """Persons or yuan in a sentence: no more digits than one can keep in mind."""
    found = {"mean": float(f"{value:.{digits}g}"), "low": None, "high": None}
    return say.estimate(found)[0]


def unit(say: Language, name: str) -> str:
    """A unit in the reader's language; empty for an index."""
    return say(f"unit.{name}")


def of_ends(say: Language, key: str, runs: int, **values: object) -> str:
    """Words about the two ends of a number over runs or pairs, as few or many have them.

    Args:
        key: what is said of an interval of 90% of further runs. Few runs have a range of all of
            them instead, which `key_few` says; one run has no ends, which `key_one` says.
        runs: how many runs or pairs the number is over.
        values: further blanks of the text.
    """
    if runs >= ENOUGH_FOR_PERCENTILES:
        return say(key, **values)
    return say(f"{key}_few" if runs > 1 else f"{key}_one", n=runs, **values)


def runs_of(record: Mapping[str, Any]) -> int:
    """Runs, or pairs of them, behind every mean of a record or a summary."""
    return len(record["draws"]) * len(record["seeds"])


def source(say: Language, *names: str) -> str:
    """Source line of a chart from tables of the folder."""
    return say("source.tables", names=", ".join(names))


Check = tuple[Sequence[str], Sequence[int]]
"""Labels of draws, and seeds, of the check of a search; its own stand in the record."""


def what_ran(say: Language, run: Mapping[str, Any], check: Check | None = None) -> str:
    """Period, people and runs in one line; of a search, the runs of its check too."""
    scenario = run["scenario"]
    sample = scenario["population"]["sample"]
    people = (
        say(f"sample.{sample}")
        if isinstance(sample, str)
        else say("sample.share", share=share(sample))
    )
    draws = [draw["label"] for draw in run["draws"]]
    seeds = run["seeds"]
    runs = len(draws) * len(seeds)
    told = {
        "start": scenario["period"]["start"], "end": scenario["period"]["end"],
        "lived": lived.of_record(say, scenario), "people": people,
        "draws": say("ran.draws", n=len(draws)) if len(draws) > 1
        else say("ran.draw", label=draws[0]),
        "seeds": say("ran.seeds", n=len(seeds)) if len(seeds) > 1 else say("ran.seed"),
    }  # fmt: skip
    if check is None:
        return say("ran.line", runs=say("ran.runs", n=runs) if runs > 1 else say("ran.run"), **told)
    others = say("ran.check", draws=len(check[0]), seeds=len(check[1]))
    return say("ran.search", check=others, **told)


def reading_section(say: Language, run: Mapping[str, Any], comparison: bool) -> Section:
    """How to read it, and what no interval holds."""
    keys = ["reading.roles", "reading.two_poverties", "reading.additional", "reading.form",
            "reading.effects"]  # fmt: skip
    ends = say("reading.comparison_interval")
    if not comparison:
        ends = of_ends(say, "reading.run_interval", runs_of(run))
    points = [ends, *(say(key) for key in keys)]
    # A run says it with its answer.
    said = luck.of_runs(say, run["draws"], run["seeds"], run["scenario"]) if comparison else ""
    points = [*filter(None, [said]), *points]
    return Section("reading", say("section.reading"), "", [Points(points)])


def manifest_section(
    say: Language, run: Mapping[str, Any], folder: str, check: Check | None = None
) -> Section:
    """What ran, with what, and how to check it."""
    scenarios = [run["scenario"], *run.get("plans", ())]
    draws = listed(say, [d["label"] for d in run["draws"]])
    seeds = listed(say, [str(s) for s in run["seeds"]])
    if check is not None:
        others = listed(say, list(check[0])), listed(say, [str(s) for s in check[1]])
        draws = say("manifest.searched", search=draws, check=others[0])
        seeds = say("manifest.searched", search=seeds, check=others[1])
    rows = [
        Row([say("manifest.made"), run["created"].replace("T", " ").replace("Z", " UTC")]),
        *(
            Row([say("manifest.scenario"), " – ".join((s["name"], title_of(say, s)))])
            for s in scenarios
        ),
        Row([say("manifest.runs"), what_ran(say, run, check)]),
        Row([say("manifest.draws"), draws]),
        Row([say("manifest.seeds"), seeds]),
        Row([say("manifest.population"), str(run["scenario"]["population"]["seed"])]),
        Row([say("manifest.versions"),
             ", ".join(f"{name} {v}" for name, v in run["versions"].items())]),
        *(
            Row([say(f"manifest.{name}"), run["hashes"][name]])
            for name in ("sources", "parameters", "frame")
            if name in run["hashes"]
        ),
    ]  # fmt: skip
    table = Table(
        say("manifest.caption"), [say("column.quantity"), say("column.value")], "ll", rows
    )
    note = Note(say("manifest.check"), f"fupin verify {folder}")
    return Section("manifest", say("section.manifest"), "", [table, note])


def listed(say: Language, names: Sequence[str]) -> str:
    """All names where they are few, else the first, the last and their number."""
    if len(names) <= 12:
        return say.join(list(names))
    return say("manifest.many", first=names[0], last=names[-1], n=len(names))
