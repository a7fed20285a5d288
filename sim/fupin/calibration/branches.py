"""One history and several years 2009 after it: what a row of posterior B is chosen from.

A history is lived once for a draw. From it the year of the document is lived with other luck each
time; the first of these lives teach the row its unit costs (`fupin.calibration.counts`), the rest
are candidates for the year as it was.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from fupin.calibration.counts import Delivery, met
from fupin.calibration.moments import live_history, live_year, of_the_year
from fupin.parameters.book import load_book
from fupin.randomness import Luck, key_of
from fupin.results.draws import Draw, OwnLuck
from fupin.scenario.schema import Scenario
from fupin.world.luck import luck_of
from fupin.world.start import settle_people


def branches(
    scenario: Scenario,
    draw: Draw,
    seed: int,
    delivery: Mapping[str, Any],
    lessons: int,
    years: int,
) -> dict[str, float]:
    """Live a history, learn unit costs from some years after it, and live other years with them.

    Args:
        scenario: a plan whose period is the year 2009.
        draw: parameters, places, and the key of a history; its year is not used.
        seed: 1.
        delivery: `Delivery.settings()`.
        lessons: years that unit costs are learned from, one after another.
        years: years to live with what was learned.

    Returns:
        `learned/<parameter>` and, for each of the years counted from 1, `<year>/<moment>`; a year
        that leaves a moment undefined is left out.
    """
    assert draw.luck is not None
    history, plan = draw.luck.history, of_the_year(scenario)
    form = Delivery.of_settings(delivery)
    error = np.random.default_rng([history, 7]).standard_normal(len(form.figures))
    stood = {name: draw.overrides[name] for name in form.names}
    try:
        start = settle_people(plan, seed, draw)
        before = live_history(start)
        start.keep()
        taught = dict(stood)
        for lesson in range(lessons):
            life = _year(plan, draw, taught, start, before, seed, lesson)
            if life is not None:
                taught = met(form, stood, taught, life, error)
        found = {f"learned/{name}": value for name, value in taught.items()}
        for year in range(lessons, lessons + years):
            life = _year(plan, draw, taught, start, before, seed, year)
            if life is not None:
                found |= {f"{year - lessons + 1}/{name}": value for name, value in life.items()}
        return found
    finally:
        gc.collect()


def year_key(history: int, number: int) -> int:
    """The luck of a history's year of a number, from 1, as `branches` counts them."""
    return key_of(f"branch/{history}", number)


def _year(
    plan: Scenario,
    draw: Draw,
    taught: Mapping[str, float],
    start: Any,
    before: Mapping[str, float],
    seed: int,
    number: int,
) -> dict[str, float] | None:
    assert draw.luck is not None
    luck = OwnLuck(draw.luck.history, year_key(draw.luck.history, number + 1))
    own = replace(draw, overrides={**draw.overrides, **taught}, luck=luck)
    values = load_book().values({**own.overrides, **plan.history.parameters})
    lucky: Luck = luck_of(own, seed, plan.period.start.year)
    again = replace(start.again(), values=values, other_luck=lucky, measures=None)
    try:
        return live_year(plan, again, draw.label, seed, before)
    except ValueError:  # a moment is undefined
        return None


def counted(
    scenario: Scenario,
    draw: Draw,
    seed: int,
    names: list[str],
    vectors: dict[str, list[list[float]]],
) -> dict[str, float]:
    """Live one history, and the year after it once with each of some vectors of unit costs.

    Args:
        scenario: a plan whose period is the year 2009.
        draw: parameters, places, and the key of a history.
        seed: 1.
        names: parameters that differ.
        vectors: label of a draw -> their values in each life.

    Returns:
        `<vector>/<moment>`, vectors counted from 1.
    """
    plan = of_the_year(scenario)
    try:
        start = settle_people(plan, seed, draw)
        before = live_history(start)
        start.keep()
        found: dict[str, float] = {}
        for k, vector in enumerate(vectors[draw.label]):
            own = dict(zip(names, vector, strict=True))
            life = _year(plan, draw, own, start, before, seed, k)
            if life is not None:
                found |= {f"{k + 1}/{name}": value for name, value in life.items()}
        return found
    finally:
        gc.collect()
