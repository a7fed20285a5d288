"""A sweep file: which scenario, what is varied, by which design, with which seeds and draws.

    name: training-and-review
    scenario: fupin:2009-document
    balance: household_projects        # as in a plan: gives what the factors take (optional)
    factors:
      programmes.skills_training.budget: {range: [15 million, 90 million]}
      register.review_probability: {distribution: prior}
    design: sobol                      # grid, list, latin_hypercube, sobol or morris
    points: 64
    seeds: 3                           # as --seeds
    draws: central                     # as --draws
    twins: off                         # half the time, without what programmes add

`plans: [fupin:2009-document, my-plan.yaml]` in the place of `scenario` runs every point under each
of these plans: the same worlds, so that plans can be told apart in each.

Every point becomes a validated scenario before anything runs; what is wrong with one is told with
the line of the sweep file that says it.
"""

from __future__ import annotations

from collections.abc import Mapping as Mapping_
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fupin.errors import COMMAND_LINE, InputError, Wording
from fupin.results.asked import Draws, Sample, Seeds, draws_of, sample_of, seeds_of
from fupin.results.draws import Draw, parse_draws, parse_seeds
from fupin.scenario import library
from fupin.scenario.fields import is_scenario_name
from fupin.scenario.hints import sweep_hint
from fupin.scenario.load import Merged, base_of, scenario_over
from fupin.scenario.schema import Scenario
from fupin.sweeps import designs
from fupin.sweeps.factors import Factor, overlay, read_factors, read_points
from fupin.sweeps.points import SweepPoints
from fupin.sweeps.schema import MOST_POINTS, FactorSpec, SweepFile
from fupin.sweeps.whole_numbers import whole_where_needed
from fupin.yaml.events import read_text, read_tree
from fupin.yaml.faults import read_as
from fupin.yaml.tree import Mapping, Mark, Scalar, mark_at, plain
from fupin.yaml.tree import Sequence as List
from fupin.yaml.words import shown

if TYPE_CHECKING:
    import numpy.typing as npt

MOST_RUNS = 1_000_000
"""More than this in one sweep is a slip of the pen."""


@dataclass(frozen=True)
class Sweep:
    """A sweep file that was read.

    Attributes:
        name: names the results.
        title, title_zh: one line for people; the second in Chinese, if the file has it.
        file: where it was written.
        plans: names of the scenarios that every point of the design runs under; one of `scenario`.
        design: one of designs.DESIGNS.
        factors: what is varied.
        points: every point, made when asked for.
        seeds, draws: what each point runs with.
        twins: whether each run lives its twins.
        repeated: how many points of the design were others again, and were left out.
        scales: of a Morris design, factor -> its least and largest value, None of a choice.
    """

    name: str
    title: str
    title_zh: str
    file: Path
    plans: tuple[str, ...]
    design: str
    factors: tuple[Factor, ...]
    points: SweepPoints
    seeds: tuple[int, ...]
    draws: tuple[Draw, ...]
    twins: bool
    repeated: int = 0
    scales: Mapping_[str, tuple[float, float] | None] = field(default_factory=dict)


def load_sweep(
    path: Path,
    *,
    seeds: Seeds = None,
    draws: Draws = None,
    sample: Sample = None,
    say: Wording = COMMAND_LINE,
) -> Sweep:
    """Read a sweep file.

    Args:
        path: the file.
        seeds, draws, sample: replace what the file says.
        say: how messages name options.

    Raises:
        InputError: whatever is wrong with the file, with its place. Points are not validated yet:
            `fupin.engine.run_ids.RunIndex` asks for each.
    """
    tree = read_tree(read_text(path), path)
    return sweep_of(tree, path, seeds=seeds, draws=draws, sample=sample, say=say)


def sweep_of(
    tree: Mapping,
    path: Path,
    *,
    seeds: Seeds = None,
    draws: Draws = None,
    sample: Sample = None,
    say: Wording = COMMAND_LINE,
) -> Sweep:
    """The sweep that a tree says, which comes from, or would lie in, the file `path`.

    Arguments and errors as of `load_sweep`.
    """
    top = Mark(path, 1, 1)
    asked = {"seeds": seeds, "draws": draws, "sample": sample}
    own = tree.without(*(key for key, one in asked.items() if one is not None))
    said = read_as(SweepFile, own, hint=sweep_hint)
    name = path.stem if said.name is None else said.name
    if not is_scenario_name(name):
        raise top.error(
            f"The file's name, {shown(name)}, cannot name a folder of results.",
            "Add a line `name: ...` with up to 64 letters, digits, - and _.",
        )
    bases = _bases(said, tree, path)
    design, factors, rows, count = _design(said, tree, bases[0][1], path)
    points = SweepPoints(
        [merged for _, merged in bases], factors, rows, count, path,
        balance=None if said.balance is None else tree.entries["balance"],
        sample=tree.get("sample") if sample is None else Scalar(sample_of(sample, say), top),
        plans=[name for name, _ in bases] if said.plans else (),
    )  # fmt: skip
    sweep = Sweep(
        name=name,
        title=said.title or name,
        title_zh=said.title_zh,
        file=path,
        plans=tuple(name for name, _ in bases),
        design=design,
        factors=tuple(factors),
        points=points,
        seeds=tuple(seeds_of(seeds, say) if seeds is not None else said.seeds or parse_seeds("1")),
        draws=tuple(
            draws_of(draws, say) if draws is not None else said.draws or parse_draws("central")
        ),
        twins=said.twins,
        repeated=(said.points or count) - count,
        scales={f.name: f.scale for f in factors if f.levels > 1} if design == "morris" else {},
    )
    runs = len(points) * len(sweep.seeds) * len(sweep.draws)
    if runs > MOST_RUNS:
        raise top.error(f"These are {runs:,} runs.", f"At most {MOST_RUNS:,} in one sweep.")
    return sweep


def _bases(said: SweepFile, tree: Mapping, path: Path) -> list[tuple[str, Merged]]:
    """Name and merged file of `scenario`, or of each of `plans`."""
    if said.scenario is not None:
        return [("", _base(said.scenario, mark_at(tree, ("scenario",)), "scenario", path))]
    found: dict[str, Merged] = {}
    first: Scenario | None = None
    for place, file in enumerate(said.plans or ()):
        mark = mark_at(tree, ("plans", place))
        merged = _base(file, mark, "plans", path)
        stem = merged.files[0].stem
        name = str(plain(named)) if (named := merged.tree.get("name")) is not None else stem
        if name in found:
            raise mark.error(f"plans: {name} stands twice.", "Keep one, or rename one.")
        one = scenario_over(merged, overlay([], mark), path)
        first = first or one
        for key in ("period", "population", "history"):
            if getattr(one, key) != getattr(first, key):
                raise mark.error(
                    f"plans: {name} has another {key} than {next(iter(found))}.",
                    "Plans that are compared live in the same worlds.",
                )
        found[name] = merged
    return list(found.items())


def _base(file: str, mark: Mark, key: str, path: Path) -> Merged:
    try:
        return base_of(library.find(file, beside=path.parent))
    except InputError as error:
        if error.file is None:
            raise mark.error(f"{key}: {error.message}", error.instead) from None
        raise


def _design(
    said: SweepFile, tree: Mapping, base: Merged, path: Path
) -> tuple[str, list[Factor], npt.NDArray[Any] | None, int]:
    """Name, factors, rows (None for a full grid) and number of points of the design."""
    import numpy as np

    entry, design = tree.entries["factors"], said.kind
    if isinstance(entry.value, List):
        factors, points = read_points(entry.value)
        rows = np.full((len(points), len(factors)), -1)
        seen = [0] * len(factors)
        for i, point in enumerate(points):
            for k, factor in enumerate(factors):
                if factor.name in point:
                    rows[i, k] = seen[k]
                    seen[k] += 1
        return design, factors, rows, len(points)
    assert isinstance(entry.value, Mapping)
    specs = cast(dict[str, FactorSpec], said.factors)  # however a factor was written
    factors = whole_where_needed(read_factors(specs, entry.value), base, path)
    if design == "grid":
        factors = [_with_steps(factor, said.steps or 0) for factor in factors]
        count = 1
        for factor in factors:
            count *= factor.levels
        if count > MOST_POINTS:
            raise entry.key_mark.error(
                f"factors: a grid of {count:,} points.",
                "Vary less, or use `design: sobol` with `points`.",
            )
        return design, factors, None, count
    if design == "list":
        return design, factors, *_rows_of_list(factors)
    varied = [factor for factor in factors if len(factor.values) != 1]
    if not varied:
        raise entry.key_mark.error("factors: nothing is varied.", "Give some factor more values.")
    names = [factor.name for factor in varied]
    apart = np.array([factor in varied for factor in factors])
    if design == "morris":
        assert said.trajectories is not None
        levels = said.levels or 4
        factors = [f if f.values else replace(f, steps=f.steps or levels) for f in factors]
        moved = [factor for factor, here in zip(factors, apart.tolist(), strict=True) if here]
        for factor in moved:
            if factor.levels < 2:
                raise factor.mark.error(
                    f"{factor.name}: there is one whole number between its bounds.",
                    "Give a wider range, or leave it out.",
                )
        rows = designs.morris(
            names,
            said.trajectories,
            [factor.levels for factor in moved],
            [factor.choice for factor in moved],
        )
        found = np.zeros((len(rows), len(factors)), int)
        found[:, apart] = rows
        return design, factors, found, len(found)
    assert said.points is not None
    spread = designs.sobol if design == "sobol" else designs.latin_hypercube
    shares = np.zeros((said.points, len(factors)))
    shares[:, apart] = spread(names, len(shares))
    if all(factor.values or factor.whole for factor in varied):
        shares = _once(varied, shares, apart)
    return design, factors, shares, len(shares)


def _once(
    varied: Sequence[Factor], shares: npt.NDArray[Any], apart: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """Rows whose values are not those of a row before: of few values a design makes some again."""
    kept: dict[tuple[Any, ...], int] = {}
    for place, row in enumerate(shares[:, apart].tolist()):
        nodes = (factor.at_share(share) for factor, share in zip(varied, row, strict=True))
        kept.setdefault(tuple(repr(plain(node)) for node in nodes), place)
    return shares[list(kept.values())]


def _with_steps(factor: Factor, steps: int) -> Factor:
    if factor.levels:
        return factor
    if not steps:
        raise factor.mark.error(
            f"{factor.name}: a grid needs to know into how many values to divide this.",
            "Write {range: [...], steps: 5}, or `steps: 5` for all.",
        )
    return replace(factor, steps=steps)


def _rows_of_list(factors: Sequence[Factor]) -> tuple[npt.NDArray[Any], int]:
    """Levels where point i has the i-th value of each factor; single values hold for all points."""
    import numpy as np

    for factor in factors:
        if not factor.values:
            raise factor.mark.error(
                f"{factor.name}: `design: list` needs a list of values.", "Write [...]."
            )
    lengths = {len(factor.values) for factor in factors} - {1}
    if len(lengths) > 1:
        raise factors[0].mark.error(
            f"factors: lists of {' and '.join(map(str, sorted(lengths)))} values cannot go side by "
            "side.",
            "Give all the same length, or use `design: grid`.",
        )
    count = lengths.pop() if lengths else 1
    rows = np.zeros((count, len(factors)), int)
    for k, factor in enumerate(factors):
        if len(factor.values) > 1:
            rows[:, k] = np.arange(count)
    return rows, count
