"""From a search to what is reported: the content of `allocation.json`, and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from fupin.allocation.allocating import Allocation
from fupin.allocation.explain import best_next_million
from fupin.allocation.folder import ALLOCATION_SCHEMA
from fupin.allocation.lives import World
from fupin.results.outcome import OUTCOMES, Table
from fupin.scenario.allocate import GOALS
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.statistics.crossed import canonical
from fupin.statistics.pairs import Grid, difference, level, mean_of

SERVED = ("persons", "delivered")


def content_of(found: Allocation) -> dict[str, Any]:
    """The content of `allocation.json`; the same bytes for the same inputs."""
    question, proposal, checked = found.question, found.proposal, found.checked
    chosen = proposal.rounds[proposal.best].lived if proposal.rounds else 0.0
    prices, programmes = proposal.solution.price, _programmes(found)
    return {
        "schema": ALLOCATION_SCHEMA,
        "plan": question.base.name,
        "goal": found.goal,
        "unit": OUTCOMES[found.goal].unit,
        "asked": question.asked.model_dump(mode="json", exclude_none=True),
        "period": [str(question.base.period.start), str(question.base.period.end)],
        "horizon": question.base.lived.end.year,
        "sample": question.base.population.sample,
        "draws": [draw.label for draw in found.draws],
        "seeds": list(found.seeds),
        "check_draws": [draw.label for draw in checked.draws],
        "check_seeds": list(checked.seeds),
        "moves": found.moves,
        "better": found.better,
        "by": question.asked.by,
        "target_reached": _target_reached(found),
        "same_envelope": question.same_envelope,
        "envelope": dict(question.envelope),
        "today": dict(sorted(question.today.items(), key=_in_order)),
        "start": question.start,
        "proposed": found.money,
        "programmes": programmes,
        "price_of_a_million": {g: canonical(1e6 * p) for g, p in sorted(prices.items())},
        "one_million_more": {
            g: None if v is None else best_next_million(programmes, g)
            for g, v in sorted(found.more.items())
        },
        "ten_million_more": {
            g: None if v is None else canonical(v.gain) for g, v in sorted(found.more.items())
        },
        "who_gets_ten_million_more": _who_gets_more(found),
        "level_at_start": canonical(found.levels[found.goal]),
        "rounds": [
            {
                "predicted": canonical(one.predicted), "lived": canonical(one.lived),
                "off": canonical(one.off), "agrees": one.agrees,
                "proposed": k == proposal.best % len(proposal.rounds),
            }
            for k, one in enumerate(proposal.rounds)
        ],
        "pairs": [
            {"a": a, "b": b, "beyond": canonical(mean), "error": canonical(error)}
            for (a, b), (mean, error) in proposal.pairs.items()
        ],
        "check": {
            goal: _canonical(checked.content(goal, chosen if goal == found.goal else float("nan")))
            for goal in question.asked.goal
        },
        "bounds": _bounds(found),
        "other_outcomes": {
            goal: difference(_gain(found, goal)) for goal in GOALS
        },
        "by_prefecture": _by_prefecture(found),
        "counties": _counties(found),
        "county_money": _county_money(found),
        "over_draws": _over_draws(found),
        "front": [
            {"money": one.money, "goals": {g: canonical(v) for g, v in one.goals.items()}}
            for one in found.front
        ],
    }  # fmt: skip


def _bounds(found: Allocation) -> list[dict[str, Any]]:
    """Limits on outcomes: what the proposal comes to in the search and in the check."""
    checked, begin = found.checked, found.question.base.period.start.year
    rows = []
    for one in found.question.bounds:
        value = one.value(checked.proposed, checked.nobody, begin)
        searched = one.value(found.world, found.nobody, begin)
        rows.append(
            {
                "outcome": one.outcome, "limit": one.limit, "asked": canonical(one.asked),
                "unit": one.unit, "on_search": _mean(searched), "proposed": _level(value),
                "share_kept": canonical(float(one.kept(value).mean())),
                "kept": bool(one.kept(np.asarray(np.nanmean(value)))) if _known(value) else False,
            }
        )  # fmt: skip
    return rows


def _level(grid: Grid) -> dict[str, Any]:
    """A level over pairs; of a ratio that some pairs do not have, their mean alone."""
    if np.isfinite(grid).all():
        return dict(level(grid))
    return {**dict.fromkeys(level(np.zeros_like(grid))), "mean": _mean(grid)}


def _known(grid: Grid) -> bool:
    return bool(np.isfinite(grid).any())


def _mean(grid: Grid) -> float | None:
    return canonical(float(np.nanmean(grid))) if _known(grid) else None


def _in_order(item: tuple[str, Any]) -> int:
    return PROGRAMME_KEYS.index(item[0])


def _target_reached(found: Allocation) -> bool | None:
    if found.question.asked.target is None:
        return None
    proposal = found.proposal
    return bool(proposal.rounds) and proposal.rounds[proposal.best].agrees


def _canonical(content: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, float):
            kept[key] = None if np.isnan(value) else canonical(value)
        else:
            kept[key] = value
    return kept


def _gain(found: Allocation, goal: str) -> Grid:
    return found.checked.gain(goal)


def _programmes(found: Allocation) -> dict[str, Any]:
    right = {} if found.over_draws is None else found.over_draws.right
    checked = found.checked
    rows = {}
    for stop in found.stops:
        row = {k: v for k, v in asdict(stop).items() if k not in ("key", "tested", "more")}
        rows[stop.key] = {
            **_canonical(row),
            "tested": list(stop.tested),
            "more": None if stop.more is None else [canonical(v) for v in stop.more],
            "right_in": None if stop.key not in right else canonical(right[stop.key]),
            **{
                name: {
                    "today": mean_of(checked.today.grid(f"{stop.key}/{name}")),
                    "proposed": mean_of(checked.proposed.grid(f"{stop.key}/{name}")),
                }
                for name in SERVED
            },
        }
    return rows


def _county_gain(found: Allocation, codes: list[int]) -> Grid:
    """Fewer person-years under the line in some counties, proposal less today."""
    zero = np.zeros(found.checked.today.shape)
    for code in codes:
        name = f"county/{code}/income_poor_years"
        zero = zero + found.checked.today.grid(name) - found.checked.proposed.grid(name)
    return np.asarray(zero)


def _by_prefecture(found: Allocation) -> dict[str, Any]:
    """Person-years out of poverty that each prefecture gains or loses by the proposal."""
    records = county_index().records
    codes: dict[str, list[int]] = {}
    for code, record in records.items():
        codes.setdefault(record.prefecture_en, []).append(code)
    return {name: level(_county_gain(found, codes[name])) for name in sorted(codes)}


def _who_gets_more(found: Allocation) -> dict[str, Any]:
    """Class -> programmes, and counties, to which ten million more would go."""
    names = county_index().records
    return {
        group: {
            "programmes": dict(more.programmes),
            "counties": [
                {"programme": key, "county": code, "name": names[code].name_en, "yuan": yuan}
                for key, code, yuan in more.counties
            ],
        }
        for group, more in sorted(found.more.items())
        if more is not None
    }


def _county_money(found: Allocation) -> dict[str, Any] | None:
    """How money among counties was searched and checked; None where it was not asked for."""
    lived = found.in_counties
    if lived is None:
        return None
    adds = found.checked.counties_add(found.goal)
    return {
        "proposed": found.checked.by_county,
        "moves": _county_moves(found),
        "adds": None if adds is None else difference(adds),
        "written": _canonical({"mean": lived.written, "error": lived.written_error}),
        "kept": {key: canonical(part) for key, part in sorted(lived.kept.items())},
        "rounds": [
            {
                "predicted": canonical(one.predicted), "lived": canonical(one.lived),
                "agrees": one.agrees, "best": k == lived.best,
            }
            for k, one in enumerate(lived.rounds)
        ],
    }  # fmt: skip


def _county_moves(found: Allocation) -> dict[str, int]:
    """County -> yuan that its programmes get more or less, over all programmes by county."""
    moves: dict[str, int] = {}
    for one in found.county_money:
        code = str(one.county)
        moves[code] = moves.get(code, 0) + one.proposed - one.start
    return {code: yuan for code, yuan in sorted(moves.items()) if yuan}


def _counties(found: Allocation) -> dict[str, Any] | None:
    """What couples counties; None where the goal is not counted by county."""
    if not found.counties:
        return None
    return {
        "outside": {key: canonical(part) for key, part in found.outside.items()},
        "alone": [_canonical(asdict(one)) for one in found.coupled],
        "moved": sum(max(one.proposed - one.start, 0) for one in found.county_money),
    }


def _over_draws(found: Allocation) -> dict[str, Any] | None:
    over = found.over_draws
    if over is None:
        return None
    regrets = over.regrets[np.isfinite(over.regrets)]
    ordered = np.sort(over.gains)
    worst = ordered[: max(1, round(0.1 * ordered.size))]
    return {
        "draws": int(over.gains.size),
        "mean_gain": canonical(float(over.gains.mean())),
        "better_in": canonical(float((over.gains > 0).mean())),
        "worst_tenth": canonical(float(worst.mean())),
        "mean_regret": canonical(float(regrets.mean())) if regrets.size else None,
        "largest_regret": canonical(float(regrets.max())) if regrets.size else None,
        "knowing": [{"parameter": name, "gain": canonical(gain)} for name, gain in over.knowing],
    }


# --- tables ----------------------------------------------------------------------------------


def tables_of(found: Allocation, content: Mapping[str, Any]) -> dict[str, Table]:
    """Tables by name: allocation, curves, pairs_of_worlds, counties, front."""
    tables = {
        "allocation": _allocation_table(content),
        "curves": _curves_table(found),
        "check": _check_table(found),
        "counties": _counties_table(found),
    }
    if found.counties:
        names = county_index().records
        tables["county_curves"] = _columns(
            [
                {
                    "programme": one.programme, "county": one.county,
                    "name": names[one.county].name_en, "share": one.share, "raw": one.raw,
                    "error": one.error, "times": one.times,
                }
                for one in found.counties
            ]
        )  # fmt: skip
    if found.county_money:
        names = county_index().records
        tables["county_money"] = _columns(
            [{**asdict(one), "name": names[one.county].name_en} for one in found.county_money]
        )
    if found.front:
        tables["front"] = _front_table(found)
    return tables


def _columns(rows: list[dict[str, Any]]) -> Table:
    table: Table = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        if all(isinstance(v, str) for v in values):
            table[name] = np.array(values, str)
        elif all(isinstance(v, int) and not isinstance(v, bool) for v in values):
            table[name] = np.array(values, np.int64)
        else:
            table[name] = np.array([np.nan if v is None else float(v) for v in values])
    return table


def _allocation_table(content: Mapping[str, Any]) -> Table:
    rows = []
    for key, row in content["programmes"].items():
        more = row["more"] or [None, None, None]
        rows.append(
            {
                "programme": key, "class": row["group"], "today": row["today"],
                "proposed": row["proposed"], "change": row["proposed"] - row["today"],
                "why": row["why"], "unspent_share": row["unspent"],
                "next_million": row["next_million"], "last_million": row["last_million"],
                "more_yuan": row["more_yuan"], "more": more[0], "more_low": more[1],
                "more_high": more[2], "right_in": row["right_in"],
                "persons_today": row["persons"]["today"],
                "persons_proposed": row["persons"]["proposed"],
            }
        )  # fmt: skip
    return _columns(rows)


def _curves_table(found: Allocation) -> Table:
    rows = []
    singles = found.singles
    for lever in singles.levers:
        for goal in singles.goals:
            curve = singles.curve(lever.key, goal)
            if not singles.changes.get(lever.key):
                continue
            slopes = curve.slope(curve.x)
            for k, yuan in enumerate(curve.x.tolist()):
                rows.append(
                    {
                        "programme": lever.key, "goal": goal, "yuan": int(yuan),
                        "measured": float(curve.measured[k]), "error": float(curve.error[k]),
                        "fitted": float(curve.y[k]), "per_million": 1e6 * float(slopes[k]),
                        "kept": curve.kept,
                    }
                )  # fmt: skip
    return _columns(rows)


def _check_table(found: Allocation) -> Table:
    checked = found.checked
    worlds: dict[str, World] = {
        "no programmes": checked.nobody, "today": checked.today,
        "proposed": checked.proposed, "cash": checked.cash,
    }  # fmt: skip
    rows = []
    for world, lived in worlds.items():
        for goal in GOALS:
            gain = lived.grid(f"goal/{goal}") - checked.nobody.grid(f"goal/{goal}")
            for d, draw in enumerate(checked.draws):
                for s, seed in enumerate(checked.seeds):
                    rows.append(
                        {
                            "world": world, "outcome": goal, "draw": draw.label, "seed": seed,
                            "value": float(gain[d, s]),
                        }
                    )  # fmt: skip
    return _columns(rows)


def _counties_table(found: Allocation) -> Table:
    rows = []
    for code, record in sorted(county_index().records.items()):
        gain = _county_gain(found, [code])
        said = level(gain)
        rows.append(
            {
                "county": code, "name": record.name_en, "prefecture": record.prefecture_en,
                "mean": said["mean"], "low": said["low"], "high": said["high"],
            }
        )  # fmt: skip
    return _columns(rows)


def _front_table(found: Allocation) -> Table:
    rows = []
    for number, one in enumerate(found.front, start=1):
        rows += [
            {"plan": number, "programme": key, "yuan": yuan, **one.goals}
            for key, yuan in one.money.items()
        ]
    return _columns(rows)
