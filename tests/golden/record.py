"""Golden files: the summaries of a few small runs, recorded to the byte.

    uv run python -m tests.golden.record            compares, and says what moved
    uv run python -m tests.golden.record --write    records anew

A change that alters no result leaves the files as they are (`tests/test_golden.py`). A change that
alters rounding, or the model, records them anew in a commit of its own that quotes what this
prints: how far each number of the period moved, in units of its standard deviation between seeds
(of eight seeds of the same run, recorded beside it as `NAME.sd.json`). A change of rounding moves
none by 0.1.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
MOST = 0.1
"""Standard deviations between seeds by which rounding may move an outcome."""


@dataclass(frozen=True)
class Golden:
    """One recorded run set.

    Attributes:
        name: of its file.
        scenario: that comes with fupin.
        sample: of the population.
        seeds: whose summary is recorded.
        spread_seeds: whose standard deviation says what a small move is.
        horizon: year to which the plan is lived.
    """

    name: str
    scenario: str
    sample: float
    seeds: tuple[int, ...]
    spread_seeds: tuple[int, ...]
    horizon: int

    @property
    def file(self) -> Path:
        """Where its summary is recorded."""
        return FOLDER / f"{self.name}.json"

    @property
    def spread_file(self) -> Path:
        """Where the standard deviations between seeds are recorded."""
        return FOLDER / f"{self.name}.sd.json"


GOLDEN = (
    Golden("2009-document", "2009-document", 0.02, (1, 2), tuple(range(1, 9)), 2013),
    Golden("2002-2009-history", "2002-2009-history", 0.01, (1,), tuple(range(1, 9)), 2009),
)


def summary_of(golden: Golden, seeds: tuple[int, ...] | None = None) -> str:
    """The text of `summary.json` of a run set, with its own seeds or others."""
    from fupin.files.to_json import to_json
    from fupin.lives.one_run import simulate
    from fupin.lives.summary import summarise
    from fupin.results.draws import CENTRAL
    from fupin.scenario.load import load_scenario
    from fupin.scenario.programmes import PROGRAMME_KEYS

    plan = load_scenario(f"fupin:{golden.scenario}")
    population = plan.population.model_copy(update={"sample": golden.sample})
    plan = plan.model_copy(update={"population": population, "horizon": golden.horizon})
    results = [simulate(plan, CENTRAL, seed) for seed in seeds or golden.seeds]
    return to_json(summarise(results, PROGRAMME_KEYS))


def leaves(tree: Any, statistic: str, path: tuple[str, ...] = ()) -> Iterator[tuple[str, float]]:
    """Names and values of one statistic of the whole period; what is undefined is left out."""
    if not isinstance(tree, dict):
        return
    if statistic in tree:
        if tree[statistic] is not None:
            yield ".".join(path), float(tree[statistic])
        return
    for key, part in tree.items():
        if key == "by_year":  # the parts of what the period has
            continue
        yield from leaves(part, statistic, (*path, key))


def moves(before: str, after: str, sd: dict[str, float]) -> dict[str, float]:
    """How far every number moved, in standard deviations between seeds.

    Args:
        before, after: texts of two summaries of the same run set.
        sd: standard deviation by name; a number without one, or with 0, has moved infinitely far
            if it has moved at all.
    """
    old, new = dict(leaves(json.loads(before), "mean")), dict(leaves(json.loads(after), "mean"))
    found = {}
    for name in old | new:
        if name not in old or name not in new:
            found[name] = math.inf
        elif old[name] == new[name]:
            found[name] = 0.0
        else:
            scale = sd.get(name, 0.0)
            found[name] = abs(new[name] - old[name]) / scale if scale else math.inf
    return found


def spread_of(golden: Golden) -> dict[str, float]:
    """Standard deviation between seeds of every number of a run set, measured now."""
    summary = json.loads(summary_of(golden, golden.spread_seeds))
    return {name: float(f"{sd:.3g}") for name, sd in leaves(summary, "sd_seeds")}


def report(name: str, moved: dict[str, float]) -> str:
    """What moved, furthest first."""
    lines = [
        f"{name}: {sum(m > 0 for m in moved.values())} of {len(moved)} numbers moved, the furthest "
        f"by {max(moved.values(), default=0.0):.3g} standard deviations between seeds"
    ]
    furthest = sorted((name for name in moved if moved[name] > 0), key=lambda n: (-moved[n], n))
    lines += [f"  {moved[each]:10.3g}  {each}" for each in furthest]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Compare with what is recorded, print, record if asked; 1 if an outcome moved too far."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden.record")
    parser.add_argument("--write", action="store_true", help="record what is computed now")
    chosen = parser.parse_args(arguments)
    far = False
    for golden in GOLDEN:
        now = summary_of(golden)
        if golden.file.exists():
            sd = json.loads(golden.spread_file.read_text("utf-8"))
            moved = moves(golden.file.read_text("utf-8"), now, sd)
            far |= any(move >= MOST for move in moved.values())
            print(report(golden.name, moved))
        else:
            print(f"{golden.name}: recorded for the first time")
        if chosen.write:
            golden.file.write_text(now, encoding="utf-8")
            spread = json.dumps(spread_of(golden), indent=1, ensure_ascii=False)
            golden.spread_file.write_text(spread + "\n", encoding="utf-8")
    return 1 if far else 0


if __name__ == "__main__":
    sys.exit(main())
