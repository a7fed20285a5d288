"""What twins are worth: intervals of a plan's effect with the same luck and with other luck.

    uv run python -m benchmarks.twins [--seeds 20] [--sample default] [--coverage 600] [--json FILE]

Doubling training (`scenarios/plans/training-doubled.yaml`) is compared with the plan of 2009 twice
from runs of the same number: as twins (base and plan with seeds 1 to n) and as independent runs
(base with seeds 1 to n, plan with n + 1 to 2 n; Welch's interval of two means). The ratio of the
widths says how many times narrower twins are; its square how many times fewer runs they need.

`--coverage R` replicates a small comparison R times with other seeds, at a small sample, and counts
how often its 90% interval of the mean difference holds the mean difference of all R replications.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fupin import paths
from fupin.engine.many import run_many
from fupin.engine.run_ids import Point
from fupin.results.draws import Draw, parse_draws
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from fupin.statistics.confidence import satterthwaite, two_sided_t
from fupin.statistics.pairs import difference

WANTED = ("lifted", "income_poor_end", "fgt1")
"""Outcomes for which twins must be NARROWER times narrower."""

NARROWER = 2.5

SHOWN = (*WANTED, "fgt2", "gini", "mean_income", "gross_exits", "survey_poor_end", "placed")

PAIRS_IN_A_REPLICATION = 5

Values = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Width:
    """Half-widths of the 90% interval of one outcome's mean difference.

    Attributes:
        outcome: key in `summary.json`.
        mean: difference as twins see it.
        twins, independent: half-widths.
    """

    outcome: str
    mean: float
    twins: float
    independent: float

    @property
    def ratio(self) -> float:
        """How many times narrower twins are."""
        return self.independent / self.twins if self.twins else math.inf


def welch(a: np.ndarray, b: np.ndarray) -> float:
    """Half-width of Welch's 90% interval of the difference of two means (Welch 1947)."""
    parts = [x.var(ddof=1) / x.size for x in (a, b)]
    if not sum(parts):
        return 0.0
    freedom = satterthwaite(parts, (a.size - 1, b.size - 1))
    return two_sided_t(freedom) * math.sqrt(sum(parts))


def widths(base: Values, plan: Values, seeds: int) -> list[Width]:
    """Widths from runs with seeds 1 to 2 x `seeds`, in order, of base and plan."""
    found = []
    for outcome in SHOWN:
        b, p = base[outcome], plan[outcome]
        pairs = difference((p[:seeds] - b[:seeds])[None, :])
        assert pairs["mean"] is not None and pairs["high"] is not None
        found.append(
            Width(
                outcome, pairs["mean"], pairs["high"] - pairs["mean"], welch(b[:seeds], p[seeds:])
            )
        )
    return found


def coverage(base: Values, plan: Values, replications: int) -> dict[str, float]:
    """Share of replications whose interval holds the mean of all, by outcome."""
    found = {}
    for outcome in SHOWN:
        gaps = (plan[outcome] - base[outcome]).reshape(replications, PAIRS_IN_A_REPLICATION)
        inside = 0
        for pairs in gaps:
            one = difference(pairs[None, :])
            assert one["low"] is not None and one["high"] is not None
            inside += int(one["low"] <= gaps.mean() <= one["high"])
        found[outcome] = inside / replications
    return found


def scenarios(sample: str | float) -> tuple[Scenario, Scenario]:
    """The plan of 2009 and the one with training doubled, with a sample."""
    files = ("2009-document.yaml", "plans/training-doubled.yaml")
    loaded = [load_scenario(paths.scenarios() / file) for file in files]
    people = loaded[0].population.model_copy(update={"sample": sample})
    base, plan = (one.model_copy(update={"population": people}) for one in loaded)
    return base, plan


def live(
    plans: Sequence[Scenario], seeds: Sequence[int], draw: Draw, workers: int | None
) -> list[dict[str, np.ndarray]]:
    """Outcomes of every plan by seed, in the order of seeds."""
    points = [Point(plan, {}, {"plan": plan.name}) for plan in plans]
    runs = run_many(points, seeds, [draw], settings={"twins": False}, workers=workers)
    if runs.failures.num_rows:
        raise RuntimeError(runs.failures["message"][0].as_py())
    table = runs.table.sort_by([("seed", "ascending")])
    names, found = np.array(table["plan"].to_pylist()), []
    for plan in plans:
        rows = names == plan.name
        found.append({k: np.array(table[k].to_pylist(), np.float64)[rows] for k in SHOWN})
    return found


def _table(found: Sequence[Width], covered: Mapping[str, float]) -> str:
    lines = [f"{'outcome':<18}{'difference':>14}{'twins ±':>12}{'independent ±':>15}{'ratio':>8}"
             f"{'coverage':>10}"]  # fmt: skip
    for one in found:
        share = f"{100 * covered[one.outcome]:.1f}%" if one.outcome in covered else ""
        lines.append(
            f"{one.outcome:<18}{one.mean:>14.5g}{one.twins:>12.3g}{one.independent:>15.3g}"
            f"{one.ratio:>8.1f}{share:>10}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table; exit 1 where twins are less than NARROWER times narrower where wanted."""
    parser = argparse.ArgumentParser(description="What twins are worth.")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sample", default="default")
    parser.add_argument("--coverage", type=int, default=0, metavar="REPLICATIONS")
    parser.add_argument("--first", type=int, default=1, help="first seed of the replications")
    parser.add_argument("--small", type=float, default=0.02, help="sample of the replications")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sample = options.sample if options.sample in ("default", "full") else float(options.sample)
    draw = parse_draws("central")[0]
    base, plan = live(scenarios(sample), range(1, 2 * options.seeds + 1), draw, options.workers)
    found, covered = widths(base, plan, options.seeds), {}
    if options.coverage:
        end = options.first + options.coverage * PAIRS_IN_A_REPLICATION
        arms = live(scenarios(options.small), range(options.first, end), draw, options.workers)
        covered = coverage(arms[0], arms[1], options.coverage)
    print(_table(found, covered))
    if options.json:
        content: dict[str, Any] = {
            "seeds": options.seeds,
            "sample": options.sample,
            "widths": [asdict(one) | {"ratio": one.ratio} for one in found],
            "replications": options.coverage,
            "coverage": covered,
        }
        options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    wide = [one.outcome for one in found if one.outcome in WANTED and one.ratio < NARROWER]
    if wide:
        raise SystemExit(f"Twins are less than {NARROWER} times narrower for {', '.join(wide)}.")


if __name__ == "__main__":
    main()
