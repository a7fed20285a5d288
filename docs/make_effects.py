"""Writes docs/effects.md: what each programme of the document does, beside the literature.

    uv run python docs/make_effects.py              10 seeds of the central draw, 20 draws
    uv run python docs/make_effects.py --seeds 2 --draws 2 --sample 0.1

The document's plan is lived beside itself without each programme in turn: the same households with
the same luck. Everything is counted between these two worlds, so a programme is given what it adds
to all others.
"""

from __future__ import annotations

import argparse
import concurrent.futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from fupin.lives.additional import Additions, Course
from fupin.lives.series import JobsByYear
from fupin.month import live
from fupin.processes import keep_freed_memory
from fupin.results.draws import Draw, parse_draws
from fupin.scenario.load import load_scenario
from fupin.scenario.programme_catalogue import CLASS_OF, PROGRAMMES
from fupin.scenario.programmes import PROGRAMME_KEYS, Programmes
from fupin.scenario.schema import Scenario
from fupin.state.households import reached_by
from fupin.words import numbers
from fupin.world.start import live_history
from fupin.world.watching import Watcher
from fupin.world.world import World

PAGE = Path(__file__).parent / "effects.md"
HEAD = PAGE.with_name("effects-head.md")

Effects = dict[str, dict[str, float]]
"""Programme -> name of a number -> number."""
Runs = list[Effects]


@dataclass(frozen=True)
class Studied:
    """What studies found for a programme of this kind.

    Attributes:
        year: in which the effect on the served is compared.
        low, high: percent of the income of those served.
        source: who found it, or what the range is.
    """

    year: int
    low: float
    high: float
    source: str


def studied() -> dict[str, Studied]:
    """What is known of each programme, from docs/effects.yaml."""
    entries = yaml.safe_load(PAGE.with_suffix(".yaml").read_text("utf-8"))
    return {
        key: Studied(int(of["year"]), float(of["range"][0]), float(of["range"][1]), of["source"])
        for key, of in entries.items()
    }


class Incomes(Watcher):
    """Income of every household in each December, yuan per person."""

    def __init__(self) -> None:
        self.by_year: dict[int, npt.NDArray[np.float32]] = {}

    def after_month(self, world: World) -> None:
        if world.clock.month == 12:
            self.by_year[world.clock.year] = world.households.income.copy()


def served(world: World, twin_works: Any, key: str) -> npt.NDArray[np.bool_]:
    """Households that a programme served, (N,); of works all in the villages that got them."""
    index = PROGRAMME_KEYS.index(key)
    rows = reached_by(world.households.reached, index)
    programme: Any = next((p for p in world.programmes if p.key == key), None)
    if key == "technology" and programme is not None:
        rows = np.zeros(rows.size, bool)
        rows[programme.diffusion.adopters] = True
    if not rows.any():
        works, (spent, other) = world.works, twin_works
        villages = (works.spent > spent + 1) | (works.other > other).any(axis=1)
        rows = villages[world.villages.of_household]
    return rows


def effects(base: Scenario, draw: Draw, seed: int, keys: tuple[str, ...]) -> Effects:
    """What each programme adds to the others under a draw and a seed: name -> number."""
    start = live_history(base, seed, draw)
    start.keep()

    def lived(plan: Scenario) -> tuple[World, Incomes, Course]:
        incomes, jobs = Incomes(), JobsByYear()
        world = live(plan, start.again(), seed, (incomes, jobs))
        return world, incomes, Course.of(world, jobs.jobs)

    found = {}
    here, incomes, course = lived(base)
    reached = {
        key: reached_by(here.households.reached, PROGRAMME_KEYS.index(key)).copy() for key in keys
    }
    weight = np.repeat(here.villages.weight, np.diff(here.villages.offsets)).astype(float)
    spent_here = here.ledger.spent(CLASS_OF).sum()
    resources_here = here.ledger.resource_cost(CLASS_OF).sum()
    for key in keys:
        off = base.programmes.model_copy(update={key: Programmes().of(key)})
        twin, theirs, bare = lived(base.model_copy(update={"programmes": off, "balance": None}))
        rows = reached[key]
        if key == "technology" or not rows.any():
            rows = served(here, (twin.works.spent, twin.works.other), key)
        added = Additions(course, bare).over(base.period.years, base.lived.years)
        values = {name: float(value) for name, value in added.items() if value is not None}
        values["served"] = float(weight[rows].sum())
        values["spent"] = float(spent_here - twin.ledger.spent(CLASS_OF).sum())
        values["resources"] = float(resources_here - twin.ledger.resource_cost(CLASS_OF).sum())
        for year, income in incomes.by_year.items():
            gain = np.log(income[rows].astype(float) / theirs.by_year[year][rows])
            values[f"gain_{year}"] = (
                100.0 * float(np.average(gain, weights=weight[rows])) if rows.any() else np.nan
            )
        found[key] = values
    return found


def _task(job: tuple[Scenario, Draw, int, tuple[str, ...]]) -> Effects:
    return effects(*job)


def all_effects(
    base: Scenario, draws: list[Draw], seeds: list[int], keys: tuple[str, ...], workers: int = 2
) -> Runs:
    """`effects` of each draw with each seed."""
    jobs = [(base, draw, seed, keys) for draw in draws for seed in seeds]
    if workers == 1:
        return [_task(job) for job in jobs]
    with concurrent.futures.ProcessPoolExecutor(workers, initializer=keep_freed_memory) as pool:
        return list(pool.map(_task, jobs))


def _estimate(runs: Runs, key: str, name: str, factor: float = 1.0) -> str:
    values = np.array([run[key].get(name, np.nan) for run in runs]) * factor
    if np.isnan(values).all():
        return ""
    low, high = np.quantile(values, [0.05, 0.95])
    entry = {"mean": float(values.mean()), "low": float(low), "high": float(high)}
    mean, interval = numbers.estimate(entry)
    return f"{mean} ({interval})" if interval else mean


def _gain(runs: Runs, key: str, year: int) -> str:
    values = np.array([run[key].get(f"gain_{year}", np.nan) for run in runs])
    if np.isnan(values).all():
        return ""
    low, high = np.quantile(values, [0.05, 0.95])
    around = f" ({low:.1f} to {high:.1f})" if values.size > 1 else ""
    return f"{values.mean():.1f}{around}"


def _verdict(runs: Runs, key: str) -> str:
    known = studied()[key]
    gains = np.array([run[key][f"gain_{known.year}"] for run in runs])
    if np.isnan(gains).all() or key == "project_management":
        return "-"
    mean = float(gains.mean())
    return "inside" if known.low <= mean <= known.high else f"**outside** ({mean:.1f}%)"


def page(central: Runs, draws: Runs, keys: tuple[str, ...]) -> str:
    """The page: effects in the province, then effects on those served beside the studies."""
    titles = {programme.key: programme.title for programme in PROGRAMMES}
    years = sorted(int(n[5:]) for n in central[0][keys[0]] if n.startswith("gain_"))
    columns = {
        "households served": ("served", 1.0),
        "fewer income-poor, first year": ("additional_out_of_poverty", 1.0),
        f"person-years to {years[-1]}": ("person_years_out", 1.0),
        "lifted by income": ("additional_income_channel", 1.0),
        "re-assessed": ("additional_recognition_channel", 1.0),
        "spent, M yuan": ("spent", 1e-6),
        "resources, M yuan": ("resources", 1e-6),
    }
    rows = []
    for key in keys:
        cells = [_estimate(central, key, *of) for of in columns.values()]
        over_draws = _estimate(draws, key, "person_years_out")
        rows.append([titles[key], *cells, over_draws, _a_person_year(central, key)])
    head = ["programme", *columns, "person-years over draws", "yuan a person-year"]
    lines = [HEAD.read_text("utf-8"), "## What each programme adds to the others\n"]
    lines += _rows(head, rows)
    lines += ["", "## Income of those served, percent, beside the literature", ""]
    rows = []
    for key in keys:
        known = studied()[key]
        cells = [_gain(central, key, year) for year in years]
        over_draws = f"{_gain(draws, key, known.year)} in {known.year}"
        range_ = f"{known.low:g} to {known.high:g}"
        rows.append([titles[key], *cells, over_draws, range_, _verdict(draws, key), known.source])
    lines += _rows(
        ["programme", *map(str, years), "over draws", "studies, %", "verdict", "who"], rows
    )
    return "\n".join(lines) + "\n"


def _a_person_year(runs: Runs, key: str) -> str:
    yuan, years = (
        np.mean([run[key][n] for run in runs]) for n in ("resources", "person_years_out")
    )
    return f"{yuan / years:,.0f}" if years > 0 and yuan > 0 else "-"


def _rows(head: list[str], rows: list[list[str]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--draws", default="20")
    parser.add_argument("--sample", default="default")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    base = load_scenario("fupin:2009-document")
    sample = asked.sample if asked.sample in ("default", "full") else float(asked.sample)
    people = base.population.model_copy(update={"sample": sample})
    base = base.model_copy(update={"population": people})
    keys = tuple(p.key for p in base.programmes.active())
    seeds = list(range(1, asked.seeds + 1))
    central = all_effects(base, parse_draws("central"), seeds, keys, asked.workers)
    draws = all_effects(base, parse_draws(asked.draws), [1], keys, asked.workers)
    PAGE.write_text(page(central, draws, keys), encoding="utf-8")


if __name__ == "__main__":
    main()
