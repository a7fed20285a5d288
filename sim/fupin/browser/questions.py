"""The tab of the ten questions: what the one world of the page answers, with ranges where known."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from fupin.browser.answer import person_years_out
from fupin.browser.page_model import PageModel
from fupin.browser.scene import Scene
from fupin.browser.tables import figures_table, money_by_programme
from fupin.lives.one_run import unspent_tables
from fupin.report.ten import limits_of
from fupin.results.costs import by_payer
from fupin.results.unspent import Tables, why
from fupin.words import quantities
from fupin.words.judging import Estimate
from fupin.words.language import Language
from fupin.words.ten import Gain, Known, Places, speech, ten_answers
from fupin.words.verdict_ground import measured_of

_SHOWN = 3  # counties
_LEAST_DRAWS = 2  # one draw has no range


def questions_tab(scene: Scene) -> str:
    """Question and answer side by side, as HTML."""
    words = speech(scene.say.code)
    answers = ten_answers(scene.say.code, known_of_scene(scene))
    rows = [(one.question, [one.text]) for one in answers]
    table = figures_table([words("head.question"), words("head.answer")], rows)
    table = table.replace('class="figures"', 'class="figures ten"', 1)
    draws = scene.ensemble.draws if scene.ensemble is not None else 1
    whose = words("of_runs", draws=draws) if _ranged(scene) else words("one_world")
    note = f'<p class="note">{escape(whose)}</p>'
    return f"<h3>{escape(words('title'))}</h3>{table}{note}"


def known_of_scene(scene: Scene) -> Known:
    """What the page knows of its plan so far."""
    model, twin = scene.model, scene.model.twin
    period, ensemble = model.plan.period, scene.ensemble
    beside_base = twin is not None and bool(twin.plan.programmes.active())
    out = _out(scene)
    money = money_by_programme(model)
    payers: dict[str, float] = {}
    for costs in by_payer(model.ledger, slice(0, model.ledger.month)).values():
        for payer, yuan in costs.items():
            payers[payer] = payers.get(payer, 0.0) + float(yuan)
    resources = sum(payers.values())
    by_year = _by_year(model)
    budgets = {key: float(own.budget or 0) for key, own in money.items()}
    counting = None if beside_base or out is None else out.mean
    return Known(
        beside_base=beside_base,
        measured=measured_of(model.plan),
        last=period.end.year,
        year=max(model.measured, default=period.start.year),
        out=out,
        people=None if beside_base else by_year.get(period.end.year),
        runs=ensemble.draws if ensemble is not None else 1,
        draws=ensemble.draws if ensemble is not None else 1,
        cost=resources / counting if counting and counting > 0 else None,
        resources=resources,
        payers=payers,
        gain=_gain(scene),
        places=_places(scene.say, model, scene.year),
        budgets=budgets,
        moved=_moved(model, budgets) if beside_base else {},
        unspent={key: float(own.unspent or 0) for key, own in money.items()},
        limits=_limits(model),
        by_year=by_year,
        persons=_persons(model),
    )


def _ranged(scene: Scene) -> Mapping[str, float | int | None] | None:
    """Person-years out of poverty over draws; None where they are not known."""
    twin, ensemble = scene.model.twin, scene.ensemble
    beside_base = twin is not None and bool(twin.plan.programmes.active())
    if ensemble is None or beside_base or ensemble.draws < _LEAST_DRAWS:
        return None
    return ensemble.outcome("person_years_out")


def _out(scene: Scene) -> Estimate | None:
    """Person-years out of poverty; of the plan itself with the range that is known of it."""
    if (known := _ranged(scene)) is not None:
        return Estimate.of(known)
    found = person_years_out(scene)
    return None if found is None else Estimate(found)


def _by_year(model: PageModel) -> dict[int, float]:
    if model.twin is None:
        return {}
    theirs = model.twin.measured
    return {
        year: float(theirs[year].income_poor - one.income_poor)
        for year, one in sorted(model.measured.items())
        if year in theirs
    }


def _gain(scene: Scene) -> Gain | None:
    found = scene.model.whom.get(scene.year)
    if found is None:
        return None
    gains = found.gain * found.persons
    total = float(gains.sum())
    share = float(gains[0]) / total if total > 0 else None
    return Gain(float(found.winners.sum()), float(found.losers.sum()), share)


def _places(say: Language, model: PageModel, year: int) -> Places | None:
    """Counties that gain most over the twin; without one those with the highest share of poor."""
    table = model.frame.counties
    names = table.name_zh if say.chinese else table.name_en
    at = model.record.months[-1]["income_poor"].counties
    if model.twin is None:
        order = np.argsort(-np.nan_to_num(at, nan=-1.0), kind="stable")[:_SHOWN]
        shares = [(str(names[row]), f"{float(at[row]):.1f}%") for row in order]
        return Places("poor", year, shares)
    mine, theirs = model.measured.get(year), model.twin.measured.get(year)
    if mine is None or theirs is None:
        return None
    fewer_by_village = theirs.village_income_poor - mine.village_income_poor
    county = np.asarray(model.frame.villages.county)
    change = np.bincount(county, fewer_by_village * model.villages.weight, len(names))
    most = [int(row) for row in np.argsort(-change, kind="stable")[:_SHOWN] if change[row] > 0]
    fewer = [
        (str(names[row]), quantities.amount(say, Estimate(float(change[row])))) for row in most
    ]
    return Places("fewer", year, fewer)


def _moved(model: PageModel, budgets: dict[str, float]) -> dict[str, float]:
    assert model.twin is not None
    theirs = {key: float(own.budget or 0) for key, own in money_by_programme(model.twin).items()}
    keys = budgets.keys() | theirs.keys()
    return {key: budgets.get(key, 0.0) - theirs.get(key, 0.0) for key in keys}


def _limits(model: PageModel) -> dict[str, float]:
    if not model.world.limits.unspent_at_all:
        return {}
    return limits_of(why([[Tables(*unspent_tables(model.world))]]))


def _persons(model: PageModel) -> dict[str, float]:
    found: dict[str, float] = {}
    for programme in model.programmes:
        for counts in programme.counts_by_year.values():
            found[programme.key] = found.get(programme.key, 0.0) + float(counts.get("persons", 0))
    return found
