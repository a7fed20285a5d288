"""What a result folder knows of the ten questions of a planner (`fupin.words.ten`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.population.counties import county_table
from fupin.scenario.programme_catalogue import CLASS_OF, GIFT_CLASSES
from fupin.statistics.discoveries import discovered, entries_of
from fupin.words import quantities
from fupin.words.judging import Estimate
from fupin.words.language import Language
from fupin.words.numbers import rounded
from fupin.words.ten import Answer, Cash, Gain, Known, Places, ten_answers
from fupin.words.verdict import comparison_verdict
from fupin.words.verdict_ground import Facts, language

if TYPE_CHECKING:
    from fupin.comparison.folder import StoredComparison
    from fupin.store.folder import StoredResult

_SHOWN = 3  # counties


def answers_of(folder: Path, lang: str, typed: str | None = None) -> list[Answer]:
    """The answers of a folder of `fupin run` or `fupin compare`; none of any other result.

    Args:
        folder: of the result.
        lang: en or zh.
        typed: the folder as it is typed where the answers are read; its name if not given, since
            a report and its folder may be moved.

    Raises:
        InputError: the folder cannot be read.
    """
    from fupin.comparison.folder import is_comparison, read_comparison
    from fupin.store.folder import SUMMARY_FILE, read_result

    if is_comparison(folder):
        return of_comparison(lang, read_comparison(folder), typed)
    if (folder / SUMMARY_FILE).is_file():
        return of_run(lang, read_result(folder), typed)
    return []


# -- a run ----------------------------------------------------------------------------------------


def of_run(lang: str, stored: StoredResult, typed: str | None = None) -> list[Answer]:
    """The answers of a run; `typed` as of `answers_of`."""
    say, summary = language(lang), stored.summary
    facts = Facts.of(say, stored.run["scenario"])
    outcomes, programmes = summary["outcomes"], summary["programmes"]
    out = Estimate.of(outcomes.get("person_years_out"))
    resources = _mean(outcomes, "resource_cost")
    known = Known(
        last=facts.last,
        year=facts.year,
        measured=facts.measured,
        out=out,
        people=_known_mean(outcomes, "additional_out_of_poverty"),
        runs=len(summary["draws"]) * len(summary["seeds"]),
        draws=len(summary["draws"]),
        cost=resources / out.mean if out is not None and out.mean > 0 else None,
        resources=resources,
        payers=_means((summary.get("payers") or {}).get("") or {}),
        gain=_gain_of_run(stored),
        places=_places_of_run(say, stored, facts),
        budgets=_column(programmes, "budget"),
        unspent=_column(programmes, "unspent"),
        limits=limits_of({key: of.get("why") or {} for key, of in programmes.items()}),
        by_year={
            int(year): value
            for year, part in summary["by_year"].items()
            if (value := _known_mean(part["outcomes"], "person_years_out")) is not None
        },
        persons=_column(programmes, "persons"),
        check=typed or stored.folder.name,
    )
    return ten_answers(lang, known)


def _gain_of_run(stored: StoredResult) -> Gain | None:
    if "gains_by_fifth" not in stored.table_names:
        return None
    table = stored.table("gains_by_fifth")
    runs = len(stored.run["draws"]) * len(stored.run["seeds"])
    winners, losers, change, fifth = (
        np.asarray(table[name], float).reshape(runs, -1)
        for name in ("winners", "losers", "change_yuan", "fifth")
    )
    total = change.sum(axis=1)
    poorest = np.where(fifth == 1, change, 0.0).sum(axis=1)
    # Of the means, as they stand in the table of fifths, and no mean of the runs' shares.
    share = float(poorest.sum() / total.sum()) if (total > 0).all() else None
    return Gain(float(winners.sum()) / runs, float(losers.sum()) / runs, share)


def _places_of_run(say: Language, stored: StoredResult, facts: Facts) -> Places | None:
    if "county_by_year" not in stored.table_names:
        return None
    table = stored.table("county_by_year")
    if not {"year", "county", "persons", "income_poor"} <= table.keys():  # of an older fupin
        return None
    here = np.asarray(table["year"]) == facts.last
    codes = np.asarray(table["county"])[here]
    found = []
    for code in np.unique(codes).tolist():
        rows = codes == code
        persons = float(np.asarray(table["persons"], float)[here][rows].sum())
        poor = float(np.asarray(table["income_poor"], float)[here][rows].sum())
        if persons > 0:
            found.append((poor / persons, int(code)))
    names = _names(say)
    top = sorted(found, reverse=True)[:_SHOWN]
    values = [(names[code], f"{rounded(100 * share, 1)}%") for share, code in top]
    return Places("poor", facts.last, values)


# -- a comparison ---------------------------------------------------------------------------------


def subject_of(lang: str, stored: StoredComparison) -> str:
    """The plan that the answers are about, in quotation marks; "" where there is only one."""
    plans = stored.run["plans"]
    if len(plans) < 2:
        return ""
    return Facts.of(language(lang), _most(lang, stored)).short(language(lang))


def _most(lang: str, stored: StoredComparison) -> Mapping[str, Any]:
    """The record of the plan that does most."""
    plans, base = stored.run["plans"], stored.run["scenario"]
    name = next(iter(comparison_verdict(stored.comparison, base, plans, lang).judgements))
    found: Mapping[str, Any] = next(one for one in plans if one["name"] == name)
    return found


def of_comparison(lang: str, stored: StoredComparison, typed: str | None = None) -> list[Answer]:
    """The answers of a comparison, about the plan that does most; `typed` as of `answers_of`."""
    say, found = language(lang), stored.comparison
    plan = _most(lang, stored)
    name, facts = plan["name"], Facts.of(say, plan)
    outcomes, programmes = found["outcomes"][name], found["programmes"][name]
    more = Estimate.of((outcomes.get("income_poor_years") or {}).get("difference"))
    cost = (found["cost"].get(name) or {}).get("per_additional_out_of_poverty") or {}
    of_plan = {key: of["plan"] for key, of in outcomes.items()}
    needed = [
        pair["more"] for pair in found["runs_needed"]
        if {pair["a"], pair["b"]} == {found["base"], name}
        and pair["outcome"] == "income_poor_years" and not pair["told_apart"]
    ]  # fmt: skip
    known = Known(
        beside_base=True,
        last=facts.last,
        year=facts.year,
        measured=facts.measured,
        out=None if more is None else -more,
        runs=len(found["draws"]) * len(found["seeds"]),
        draws=len(found["draws"]),
        cost=(cost.get("resource_cost") or {}).get("mean"),
        resources=float(of_plan.get("resource_cost") or 0.0),
        payers=_means((found.get("payers") or {}).get(name, {}).get("") or {}),
        gain=_gain_of_comparison(found, name),
        places=_places_of_comparison(say, stored, name, facts.last),
        cash=_cash(found, name),
        budgets=_side(programmes, "budget", "plan"),
        moved=_difference(programmes, "budget"),
        unspent=_side(programmes, "unspent", "plan"),
        limits=limits_of(found.get("why", {}).get(name, {})),
        by_year={
            int(year): float(value)
            for year, part in (found.get("by_year") or {}).get(name, {}).items()
            if (value := part["person_years_out"]["difference"]["mean"]) is not None
        },
        persons=_side(programmes, "persons", "plan"),
        more_draws=int(needed[0] or 0) if needed else 0,
        check=typed or stored.folder.name,
    )
    return ten_answers(lang, known)


def _gain_of_comparison(found: Mapping[str, Any], name: str) -> Gain | None:
    part = (found.get("additionality") or {}).get(name, {}).get(found["base"])
    if part is None:
        return None
    everybody = part["income"]["all"]
    out, harmed = (everybody[key]["mean"] for key in ("because", "harmed"))
    return None if out is None or harmed is None else Gain(out, harmed, of_line=True)


def _places_of_comparison(
    say: Language, stored: StoredComparison, name: str, year: int
) -> Places | None:
    if "counties" not in stored.table_names:
        return None
    table = stored.table("counties")
    here = (table["plan"] == name) & (table["outcome"] == "income_poor")
    codes = [int(code) for code in table["county"][here].tolist()]
    mean = np.asarray(table["mean"][here], float)
    told = discovered(entries_of(table, here), stored.freedom)
    size = np.where(np.isfinite(mean), np.abs(mean), 0.0)
    chosen = told if told.any() else size > 0
    order = [int(i) for i in np.argsort(-size, kind="stable") if chosen[i]][:_SHOWN]
    names = _names(say)
    values = [(names[codes[i]], _signed(say, float(mean[i]))) for i in order]
    kind = "told" if told.any() else "untold"
    return Places(kind, year, values, int(told.sum()), len(codes))


def _cash(found: Mapping[str, Any], name: str) -> Cash | None:
    entry = (found.get("cash") or {}).get(name)
    if not entry or entry["out_of_poverty"]["mean"] is None:
        return None
    plan = float(entry["out_of_poverty"]["mean"])
    if entry["itself"]:
        return Cash(plan, None)
    paid = entry["today"]["out_of_poverty"]["mean"]
    return None if paid is None else Cash(plan, float(paid))


# -- shared ---------------------------------------------------------------------------------------


def limits_of(why: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Reason -> yuan that it kept from being spent, over programmes whose money is given.

    Args:
        why: programme -> reason -> entry with a `mean`.
    """
    sums: dict[str, float] = {}
    for key, reasons in why.items():
        if CLASS_OF.get(key) in GIFT_CLASSES:
            for limit, entry in reasons.items():
                sums[limit] = sums.get(limit, 0.0) + float(entry["mean"] or 0.0)
    return sums


def _names(say: Language) -> dict[int, str]:
    table = county_table()
    names = table.name_zh if say.chinese else table.name_en
    return dict(zip((int(code) for code in table.code), names, strict=True))


def _signed(say: Language, value: float) -> str:
    text = quantities.amount(say, Estimate(value))
    return f"+{text}" if value > 0 else text


def _known_mean(of: Mapping[str, Any], key: str) -> float | None:
    value = (of.get(key) or {}).get("mean")
    return None if value is None else float(value)


def _mean(of: Mapping[str, Any], key: str) -> float:
    return _known_mean(of, key) or 0.0


def _means(of: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(entry["mean"] or 0.0) for key, entry in of.items()}


def _column(programmes: Mapping[str, Any], name: str) -> dict[str, float]:
    return {key: _mean(of, name) for key, of in programmes.items()}


def _side(programmes: Mapping[str, Any], name: str, side: str) -> dict[str, float]:
    return {key: float((of.get(name) or {}).get(side) or 0.0) for key, of in programmes.items()}


def _difference(programmes: Mapping[str, Any], name: str) -> dict[str, float]:
    return {key: float(of[name]["difference"]["mean"] or 0.0) for key, of in programmes.items()}
