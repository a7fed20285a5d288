"""Five poor counties, every listed village and every household of them: a world for twins.

Zhangbei and Pingquan have communities for relocation, Chicheng and Dongguang the document's
lottery villages, Daming is on the plain. Every village has weight 1, as in the default sample, so
nothing is lumpy; incomes stand at the level of the whole province. A history is lived once for all
runs that share it and copied for each.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from fupin.livelihood.core import Core
from fupin.livelihood.endowments import fill_endowments
from fupin.livelihood.levels import load_levels
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.parameters.values import ParameterValues
from fupin.population.columns import Villages, freeze
from fupin.population.communities import build_communities
from fupin.population.counties import county_table
from fupin.population.frame import Frame, every_village, load_frame
from fupin.population.households import build_households
from fupin.programmes.base import Programme
from fupin.scenario.schema import Scenario
from fupin.state import works
from fupin.state.households import Households, new_households
from fupin.world.start import Start
from small_runs import NO_OLD_FUNDS

COUNTIES = ("Zhangbei", "Pingquan", "Chicheng", "Dongguang", "Daming")
THIN = 0.02
"""A sample of the whole province that is quick to build."""


@cache
def five_counties() -> Frame:
    """The frame: all listed villages of COUNTIES, weight 1."""
    counties = county_table()
    seed = load_frame(THIN).seed
    everywhere = every_village(seed)
    rows = [list(counties.name_en).index(name) for name in COUNTIES]
    kept = np.flatnonzero(everywhere.listed & np.isin(everywhere.county, rows))
    villages = Villages(**{f.name: getattr(everywhere, f.name)[kept] for f in fields(Villages)})
    households = build_households(counties, villages, seed)
    communities = build_communities(counties, everywhere, villages, seed)
    for table in (villages, households, communities):
        freeze(table)
    return Frame(counties, villages, households, communities, "five counties", seed, "")


@cache
def _province_levels() -> dict[int, float]:
    frame, values = load_frame(THIN), load_book().values()
    return load_levels(frame, values, works.history(frame, values))


@cache
def _start(seed: int, year: int, threshold: bool, by_task: bool, overrides: str) -> Start:
    values = load_book().values(json.loads(overrides))
    frame, levels = five_counties(), _province_levels()
    history = works.history(frame, values)
    core = Core(frame, values, seed, history, threshold=threshold, by_task=by_task)
    _set_thirds_of_the_province(core, values, seed)
    core.run(levels, until=year - 1)
    return Start(frame, values, levels, core)


def _set_thirds_of_the_province(core: Core, values: ParameterValues, seed: int) -> None:
    """These counties are poor: a third of the province is not a third of them."""
    province = new_households(load_frame(THIN))
    fill_endowments(province, load_frame(THIN), values, seed)
    edges = [province.endowment[province.third == third].max() for third in (0, 1)]
    h = core.households
    buffer = np.array([getattr(core.rates, f"buffer_{n}") for n in ("poor", "middle", "rich")])
    before = buffer[h.third]
    h.third[:] = (h.endowment > edges[0]).astype(np.uint8) + (h.endowment > edges[1])
    h.reserve[:] += buffer[h.third] - before  # savings start near a third's own buffer


def fresh_start(plan: Scenario, seed: int = 1) -> Start:
    """A start of its own for one model, from the history that the plan shares with others."""
    overrides = json.dumps(plan.history.parameters, sort_keys=True)
    forms = plan.assets == "threshold", plan.counting == "task"
    shared = _start(seed, plan.period.start.year, *forms, overrides)
    core = copy.copy(shared.core)
    core.households = copy_of(core.households)
    core.seen = core.seen.copy()
    return Start(shared.frame, shared.values, shared.levels, core)


def copy_of(h: Households) -> Households:
    """The same households in arrays of their own."""
    return Households(*(column.copy() for column in h))


FOUR: dict[str, Any] = {
    "village_advancement": {"budget": 60_000_000},
    "relocation": {"budget": 6_000_000},
    "skills_training": {"budget": 5_000_000},
    "microfinance": {"budget": 8_000_000},
}
"""Four programmes of different kinds at budgets that suit the five counties."""


def plan(start: str = "2009-01", end: str = "2009-12", **keys: Any) -> Scenario:
    """A plan for a period; programmes and everything else as in a scenario file.

    No village funds of earlier years: without programmes nothing goes on. `parameters` make
    another world, before the plan and on; `changed` are the plan's own parameters.
    """
    keys["history"] = {"parameters": NO_OLD_FUNDS | keys.pop("parameters", {})}
    keys["parameters"] = keys.pop("changed", {})
    return Scenario.model_validate({"name": "test", "period": {"start": start, "end": end}, **keys})


def begin(scenario: Scenario, seed: int = 1) -> PovertyModel:
    """A model of the five counties before its first month."""
    return PovertyModel(scenario, rng=seed, start=fresh_start(scenario, seed))


def live(scenario: Scenario, seed: int = 1) -> PovertyModel:
    """A model of the five counties that has lived its whole period; its accounts balance."""
    model = begin(scenario, seed)
    while model.running:
        model.step()
        assert model.ledger.imbalance() == 0
    return model


@cache
def _lived(text: str, seed: int) -> PovertyModel:
    return live(Scenario.model_validate_json(text), seed)


def lived(seed: int = 1, start: str = "2009-01", end: str = "2009-12", **keys: Any) -> PovertyModel:
    """The model of a plan at its end, kept for other tests: read it, do not change it."""
    return _lived(plan(start, end, **keys).model_dump_json(by_alias=True), seed)


def programme(model: PovertyModel, key: str) -> Any:
    """The programme of a model by its key."""
    found: list[Programme] = [p for p in model.programmes if p.key == key]
    assert len(found) == 1
    return found[0]


def village_of(model: PovertyModel) -> npt.NDArray[np.int64]:
    """Village row of every household."""
    return np.repeat(np.arange(model.villages.id.size), np.diff(model.villages.offsets))


def changed(
    one: PovertyModel, other: PovertyModel, besides: tuple[str, ...] = ()
) -> npt.NDArray[np.bool_]:
    """Households whose bytes differ in any column but those named `besides`, (N,)."""
    out = np.zeros(one.households.size.size, bool)
    for name in Households._fields:
        if name not in besides:
            out |= differs(one, other, name)
    return out


def differs(one: PovertyModel, other: PovertyModel, name: str) -> npt.NDArray[np.bool_]:
    """Households whose bytes differ in one column, (N,)."""
    a, b = getattr(one.households, name), getattr(other.households, name)
    raw = f"u{a.dtype.itemsize}"
    return np.asarray(a.view(raw) != b.view(raw))


def reached(model: PovertyModel, key: str) -> npt.NDArray[np.int64]:
    """Rows of the households that a programme ever reached."""
    return np.flatnonzero(model.households.reached & programme(model, key).bit)


def ledger_sum(model: PovertyModel, key: str, column: str) -> int:
    """Yuan of a ledger column of a programme over counties and months."""
    return int(getattr(model.ledger, column)[programme(model, key).index].sum())


def counts(model: PovertyModel, key: str, year: int = 2009) -> Mapping[str, int]:
    """Delivered counts of a programme in a year."""
    found: Mapping[str, int] = programme(model, key).counts_by_year[year]
    return found


def yuan_a_year(model: PovertyModel, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """What households earn in a year at present conditions, yuan a household."""
    h = model.households
    years = h.flow[rows].astype(np.float64) + h.wages[rows]
    return years * h.base[rows] * h.size[rows] * level_of(model)


def level_of(model: PovertyModel) -> float:
    """Income level of the year that the columns are of, which is over where it is settled."""
    world = model.world
    return world.last_december.level if world.months_lived is None else world.level
