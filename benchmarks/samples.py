"""Whether small samples tell of the same plan: what is delivered and what it does, by sample.

    uv run python -m benchmarks.samples                    # 40 provinces, more than half an hour
    uv run python -m benchmarks.samples --seeds 4 --samples 0.05

Every value of `population.seed` is a province of its own with luck of its own (the same number is
the run seed). In each the plan of 2009 is lived in every sample beside its twin without programmes,
at the central parameters. A sample is fair where the mean of its differences from the usual sample,
province by province, is within three standard errors of 0, or less than half a per cent of the
figure.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from fupin.month import live
from fupin.population.sample import parse_sample
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes
from fupin.world.start import live_history
from fupin.world.world import World

Figures = dict[str, float]

SAMPLES = ("0.02", "0.05", "0.2", "0.5")
REFERENCE = "default"
"""Of listed villages, where the programmes are at work, it keeps all, as `full` does."""

STANDARD_ERRORS = 3.0
NO_MATTER = 0.005
"""Part of a figure that a difference may be: money that pays for no further unit, say."""

DELIVERED = {
    "village_advancement": ("villages", "villages_begun", "villages_completed", "lottery_villages",
                            "households", "persons"),
    "rural_works": ("persons", "households", "livestock", "hectares", "road_km", "department_yuan"),
    "relocation": ("households", "persons"),
    "skills_training": ("enrolled", "trained", "placed", "placed_new"),
    "practical_training": ("persons", "registered_households"),
    "household_projects": ("households", "persons", "registered_households", "linked_households",
                           "villages", "vegetables", "walnut", "chicken", "mushroom", "livestock"),
    "mutual_funds": ("villages", "households", "registered_members", "loans", "yuan_lent"),
    "loan_guarantee": ("loans", "yuan_lent"),
    "microfinance": ("loans", "yuan_lent", "yuan_repaid"),
    "subsidised_loans": ("loans", "yuan_lent"),
    "minimum_living": ("households", "persons", "person_months", "villages_filed"),
    "integrated_funds": ("villages", "households", "persons"),
    "paired_assistance": ("projects", "households", "registered_households", "central_villages",
                          "central_village_households"),
    "enterprise_projects": ("projects", "jobs_opened", "jobs_filled", "jobs_new"),
    "technology": ("villages", "courses", "persons", "adopters"),
    "project_management": ("villages",),
}  # fmt: skip
"""Counts of what programmes deliver."""

EFFECTS = ("fewer_income_poor", "fewer_registered", "smaller_poverty_gap", "households_reached")
"""Of the plan, beside its twin without programmes."""


def plan_of(seed: int) -> Scenario:
    """The document's plan in a province of its own."""
    plan = load_scenario("fupin:2009-document")
    people = plan.population.model_copy(update={"seed": seed})
    return plan.model_copy(update={"population": people})


def measure(sample: str | float, seed: int, alone: bool = False) -> Figures:
    """What the plan delivers and does in a sample of a province.

    Args:
        sample: as `population.sample`.
        seed: of the population, and of the run.
        alone: also the effect of each programme without the others.
    """
    plan = plan_of(seed)
    start = live_history(plan, seed, sample=sample)
    start.keep()
    bare = live(without_programmes(plan), start.again(), seed)
    world = live(plan, start.again(), seed)
    found = {**delivered(world), **effects(world, bare)}
    for key in PROGRAMME_KEYS if alone else ():
        one = effects(live(only(plan, key), start.again(), seed), bare)
        found |= {f"{key} alone/{name}": one[name] for name in EFFECTS[:3]}
    return found


def only(plan: Scenario, key: str) -> Scenario:
    """A plan with one of its programmes."""
    none = without_programmes(plan)
    programmes = none.programmes.model_copy(update={key: getattr(plan.programmes, key)})
    return none.model_copy(update={"programmes": programmes})


def delivered(world: World) -> Figures:
    """Counts and money of every programme in the year of the plan, to `programme/count`."""
    found, year = {}, world.plan.period.end.year
    for programme in world.programmes:
        counts = programme.counts_by_year[year]
        for name in DELIVERED.get(programme.key, ()):
            found[f"{programme.key}/{name}"] = float(counts[name])
        row = world.ledger.programmes.index(programme.key)
        found[f"{programme.key}/million_yuan"] = float(world.ledger.delivered[row].sum()) / 1e6
    return found


def effects(world: World, bare: World) -> Figures:
    """What a world has that its twin without programmes has not."""
    here, there = world.last_december, bare.last_december
    return {
        "fewer_income_poor": float(there.income_poor - here.income_poor),
        "fewer_registered": float(there.registered - here.registered),
        "smaller_poverty_gap": 1e6 * (there.fgt[1] - here.fgt[1]),
        "households_reached": float(here.households_reached - there.households_reached),
    }


class Difference(NamedTuple):
    """A sample's figure beside the reference's, over provinces."""

    reference: float  # mean
    mean: float  # of sample - reference
    error: float  # standard error of that mean

    @property
    def share(self) -> float:
        """Of the reference's figure."""
        return self.mean / abs(self.reference) if self.reference else float(self.mean != 0)

    @property
    def fair(self) -> bool:
        """Whether the sample's figure is right on average, as far as this can tell."""
        slight = abs(self.mean) <= NO_MATTER * abs(self.reference)
        return slight or abs(self.mean) <= STANDARD_ERRORS * self.error


def differences(sample: Sequence[Figures], reference: Sequence[Figures]) -> dict[str, Difference]:
    """Differences of every figure, from the same provinces in the same order."""
    found = {}
    for name in reference[0]:
        there = np.array([province[name] for province in reference])
        gap = np.array([province[name] for province in sample]) - there
        error = gap.std(ddof=1) / np.sqrt(gap.size) if gap.size > 1 else np.inf
        found[name] = Difference(float(there.mean()), float(gap.mean()), float(error))
    return found


def measured(
    seeds: Sequence[int], samples: Sequence[str], alone: bool, file: Path | None = None
) -> Iterator[tuple[int, str, Figures]]:
    """Measurements of all provinces and samples; those in `file` are not made again.

    Frames of provinces that nobody else wants are kept in a folder of their own, and go with it.
    """
    known = {}
    if file is not None and file.is_file():
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        known = {(row["seed"], row["sample"]): row["figures"] for row in rows}
    for seed in seeds:
        with _own_cache():
            for sample in samples:
                figures = known.get((seed, sample))
                if figures is None:
                    figures = measure(parse_sample(sample).name, seed, alone)
                    if file is not None:
                        row = {"seed": seed, "sample": sample, "figures": figures}
                        with file.open("a") as out:
                            out.write(json.dumps(row) + "\n")
                yield seed, sample, figures


class _own_cache:
    """A cache folder for frames and levels; compiled kernels stay where they are."""

    def __enter__(self) -> None:
        self._before = os.environ.get("FUPIN_CACHE")
        self._folder = tempfile.mkdtemp(prefix="fupin-samples-")
        os.environ["FUPIN_CACHE"] = self._folder

    def __exit__(self, *_: object) -> None:
        if self._before is None:
            del os.environ["FUPIN_CACHE"]
        else:
            os.environ["FUPIN_CACHE"] = self._before
        shutil.rmtree(self._folder, ignore_errors=True)


def table(by_sample: Mapping[str, Mapping[str, Difference]], names: Sequence[str]) -> str:
    """Markdown: the reference's means, and each sample's difference with its standard error."""
    head = ["", REFERENCE, *by_sample]
    lines = [f"| {' | '.join(head)} |", f"| --- |{' ---: |' * (len(head) - 1)}"]
    for name in names:
        row = [found[name] for found in by_sample.values()]
        cells = [f"{100 * d.share:+.1f}% ± {_percent(d)}{'' if d.fair else ' *'}" for d in row]
        lines.append(
            f"| {name.replace('/', ': ')} | {row[0].reference:,.0f} | {' | '.join(cells)} |"
        )
    return "\n".join(lines)


def _percent(difference: Difference) -> str:
    size = abs(difference.reference) or 1.0
    return f"{100 * difference.error / size:.1f}"


def main(words: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.samples", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--seeds", type=int, default=40, help="provinces")
    parser.add_argument("--samples", default=",".join(SAMPLES))
    parser.add_argument(
        "--alone", action="store_true", help="each programme without the others too"
    )
    parser.add_argument("--out", type=Path, help="file that keeps what was measured, to go on from")
    asked = parser.parse_args(words)
    samples = asked.samples.split(",")
    found: dict[str, list[Figures]] = {sample: [] for sample in (*samples, REFERENCE)}
    for seed, sample, figures in measured(
        range(1, asked.seeds + 1), list(found), asked.alone, asked.out
    ):
        found[sample].append(figures)
        print(f"province {seed}, sample {sample}", flush=True)
    by_sample = {s: differences(found[s], found[REFERENCE]) for s in samples}
    print(table(by_sample, list(found[REFERENCE][0])))
    unfair = [(s, name) for s in samples for name, d in by_sample[s].items() if not d.fair]
    print(
        f"{len(unfair)} figures differ by more than {STANDARD_ERRORS:g} standard errors: {unfair}"
    )


if __name__ == "__main__":
    main()
