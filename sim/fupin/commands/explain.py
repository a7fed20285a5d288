"""`fupin explain RESULT|SCENARIO [HOUSEHOLD]`: one household's two lives, month by month."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fupin.errors import InputError

if TYPE_CHECKING:
    from fupin.allocation.attribution_folder import StoredAttribution
    from fupin.lives.household import Life
    from fupin.results.draws import Draw
    from fupin.scenario.schema import Scenario


@dataclass(frozen=True)
class Told:
    """Whose life is told.

    Attributes:
        plan: the scenario.
        draw, seed: of the run that is replayed.
        note: where they come from, for people.
        shares: of a folder of `fupin attribute`, where draw and seed are those of its households.
    """

    plan: Scenario
    draw: Draw
    seed: int
    note: str
    shares: StoredAttribution | None = None


@click.command("explain")
@click.argument("source", metavar="RESULT|SCENARIO")
@click.argument("household", metavar="[HOUSEHOLD]", required=False)
@click.option("--plan", help="Of a comparison: which plan; the first if not given.")
@click.option("--draw", help="Of a result: label of one of its draws; the first if not given.")
@click.option("--seed", type=int, help="One of the result's seeds, the first if not given.")
@click.option("--sample", help="Of a scenario: default, full or a share such as 0.05.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def command(source: str, household: str | None, **options: Any) -> None:
    """Tell one HOUSEHOLD's life under a plan and without programmes, month by month.

    RESULT is a folder of `fupin run`, `compare` or `attribute`: its plan, draw and seed are
    simulated again. One of `attribute` also says which programmes took the household over the line.
    SCENARIO is a file, or fupin:NAME, with the central draw and seed 1. Without HOUSEHOLD, numbers
    of households worth looking at are listed.
    """
    as_json = options.pop("as_json")
    told = _told(source, **options)
    number = None if household is None else _number(household)
    from fupin.allocation.attribution_told import examples as listed
    from fupin.allocation.attribution_told import parts_of, sentences
    from fupin.lives.household import examples, two_lives

    if number is None:
        found = listed(told.shares) if told.shares else []
        found = found or examples(told.plan, told.draw, told.seed)
        if as_json:
            rows = [{"household": one, "why": why} for one, why in found]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        from fupin.words.phrases import phrase

        click.echo("\n".join(f"{one}  {phrase(why)}" for one, why in found))
        return
    plan, bare = two_lives(told.plan, told.draw, told.seed, number)
    if as_json:
        content: dict[str, Any] = {"plan": _plain(plan), "none": _plain(bare)}
        if told.shares:
            content["because"] = parts_of(told.shares, number)
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    from fupin.report.terminal.life import print_lives
    from fupin.report.terminal.spoken_console import SpokenConsole
    from fupin.report.terminal.wrapping import wrapped
    from fupin.words.phrases import phrase

    print_lives(SpokenConsole(highlight=False), plan, bare, told.note)
    for sentence in sentences(told.shares, number) if told.shares else ():
        click.echo("\n".join(wrapped(phrase(sentence), 79)))


def _number(text: str) -> int:
    if not text.isdigit() or len(text) > 18:
        raise InputError(
            f"{text} is not the number of a household.",
            "It is village id x 10,000 + a number, 14 digits; without one, examples are listed.",
        )
    return int(text)


def _told(
    source: str, plan: str | None, draw: str | None, seed: int | None, sample: str | None
) -> Told:
    folder = Path(source)
    if not folder.is_dir():
        return _of_scenario(source, plan, draw, seed, sample)
    if sample is not None:
        raise InputError("--sample is for scenarios; a result has its own.", "Leave it out.")
    from fupin.files.integrity import only_intact, require_unchanged

    with only_intact(folder):
        require_unchanged(folder)
        return _of_result(folder, plan, draw, seed)


def _of_scenario(
    source: str, plan: str | None, draw: str | None, seed: int | None, sample: str | None
) -> Told:
    from fupin.results.asked import with_sample
    from fupin.results.draws import parse_draws
    from fupin.scenario.load import load_scenario

    for option, given in (("--plan", plan), ("--draw", draw)):
        if given is not None:
            raise InputError(f"{option} is for results; {source} is none.", "Leave it out.")
    scenario = with_sample(load_scenario(source), sample)
    number = 1 if seed is None else seed
    return Told(scenario, parse_draws("central")[0], number, f"draw central, seed {number}")


def _of_result(folder: Path, plan: str | None, draw: str | None, seed: int | None) -> Told:
    from fupin.allocation.attribution_folder import is_attribution, read_attribution
    from fupin.comparison.folder import is_comparison, read_comparison
    from fupin.results.draws import Draw
    from fupin.scenario.stored import stored_scenario
    from fupin.store.folder import StoredFolder, read_result
    from fupin.store.versions import sources_fingerprint

    stored: StoredFolder
    shares: StoredAttribution | None = None
    if is_attribution(folder):
        stored = shares = read_attribution(folder)
        contenders = [stored.run["scenario"]]
    elif is_comparison(folder):
        stored = read_comparison(folder)
        contenders = [*stored.run["plans"], stored.run["scenario"]]
    else:
        stored = read_result(folder)
        contenders = [stored.run["scenario"]]
        if plan is not None and plan != contenders[0]["name"]:
            raise InputError(f"{folder} is a run of {contenders[0]['name']}.", "Leave out --plan.")
    by_name = {one["name"]: one for one in contenders}
    name = plan or contenders[0]["name"]
    draws = {one["label"]: Draw.of_record(one) for one in stored.run["draws"]}
    label = draw or next(iter(draws))
    number = stored.run["seeds"][0] if seed is None else seed
    for what, wanted, known in (
        ("plan", name, by_name),
        ("draw", label, draws),
        ("seed", number, stored.run["seeds"]),
    ):
        if wanted not in known:
            listed = ", ".join(str(one) for one in list(known)[:8])
            raise InputError(f"{folder} has no {what} {wanted}.", f"It has {listed}.")
    note = f"replayed from {folder}: draw {label}, seed {number}"
    if stored.run["hashes"].get("sources") != sources_fingerprint():
        note += "; the model has changed since, and lives may differ from those of the result"
    about = None if shares is None else shares.attribution["households"]
    if about and (about["draw"], about["seed"]) != (label, number):
        shares = None
        note += f"; households were looked at in draw {about['draw']}, seed {about['seed']} alone"
    return Told(stored_scenario(by_name[name]), draws[label], number, note, shares)


def _plain(life: Life) -> dict[str, Any]:
    return {
        "scenario": life.name,
        "about": life.about,
        "years": [
            {"year": year, "income": round(income, 2), "line": line}
            for year, income, line in life.years
        ],
        "months": [
            {
                "month": str(month.month),
                "income": round(month.income, 2),
                "savings": round(month.savings, 2),
                "away": month.away,
                "registered": month.registered,
                "events": [
                    {"source": event.source, "text": event.text}
                    for event in life.events
                    if event.month == month.month
                ],
            }
            for month in life.months
        ],
    }
