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
from typing import TYPE_CHECKING, Any

from fupin.errors import COMMAND_LINE, InputError, Wording
from fupin.parameters.records import Record
from fupin.results.asked import Draws, Sample, Seeds, draws_of, sample_of, seeds_of
from fupin.results.draws import Draw, parse_draws, parse_seeds
from fupin.scenario import library
from fupin.scenario.fields import is_scenario_name
from fupin.scenario.load import Merged, base_of, scenario_over
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.sweeps import designs
from fupin.sweeps.factors import Factor, overlay, read_factors, read_points
from fupin.sweeps.points import SweepPoints
from fupin.sweeps.whole_numbers import whole_where_needed
from fupin.yaml.events import read_text, read_tree
from fupin.yaml.tree import Mapping, Mark, Node, Scalar, plain
from fupin.yaml.tree import Sequence as List
from fupin.yaml.words import guess_or_list, shown

if TYPE_CHECKING:
    import numpy.typing as npt

KEYS = (
    "name", "title", "title_zh", "description", "description_zh", "scenario", "plans", "balance",
    "factors", "design", "points", "trajectories", "levels", "steps",
    "seeds", "draws", "sample", "twins",
)  # fmt: skip

MOST_POINTS = 1_000_000
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
    for name, entry in tree.entries.items():
        if name not in KEYS:
            raise entry.key_mark.error(f"{name}: unknown key.", guess_or_list(name, KEYS))
    record = Record("sweep", tree, top, KEYS)
    bases = _bases(record, path)
    design, factors, rows, count = _design(record, bases[0][1], path)
    own_sample = tree.get("sample") if sample is None else Scalar(sample_of(sample, say), top)
    balance = tree.entries.get("balance")
    if balance is not None and plain(balance.value) not in PROGRAMME_KEYS:
        raise balance.value.mark.error(
            f"balance: {shown(plain(balance.value))} is no programme.",
            guess_or_list(str(plain(balance.value)), PROGRAMME_KEYS),
        )
    points = SweepPoints(
        [merged for _, merged in bases], factors, rows, count, path, balance, own_sample,
        plans=[name for name, _ in bases] if "plans" in record else (),
    )  # fmt: skip
    name = record.text("name", path.stem)
    if not is_scenario_name(name):
        raise record.error(
            "name",
            f"{shown(name)} cannot name a folder of results.",
            "Use up to 64 letters, digits, - and _, beginning with a letter or a digit.",
        )
    sweep = Sweep(
        name=name,
        title=record.text("title", name),
        title_zh=record.text("title_zh", ""),
        file=path,
        plans=tuple(name for name, _ in bases),
        design=design,
        factors=tuple(factors),
        points=points,
        seeds=tuple(seeds_of(seeds, say) if seeds is not None else _seeds(record)),
        draws=tuple(draws_of(draws, say) if draws is not None else _draws(record)),
        twins=_switch(record, "twins", True),
        repeated=_number(record, "points", 1, MOST_POINTS, count) - count,
        scales={f.name: f.scale for f in factors if f.levels > 1} if design == "morris" else {},
    )
    runs = len(points) * len(sweep.seeds) * len(sweep.draws)
    if runs > MOST_RUNS:
        raise top.error(f"These are {runs:,} runs.", f"At most {MOST_RUNS:,} in one sweep.")
    return sweep


def _bases(record: Record, path: Path) -> list[tuple[str, Merged]]:
    """Name and merged file of `scenario`, or of each of `plans`."""
    if "plans" not in record:
        return [("", _base(record.entry("scenario").value, "scenario", path))]
    entry = record.entry("plans")
    if "scenario" in record:
        raise entry.key_mark.error("A sweep has a scenario or plans, not both.", "Keep one.")
    if not isinstance(entry.value, List) or len(entry.value.items) < 2:
        raise entry.value.mark.error(
            "plans: a list of two or more scenarios.",
            f"Write [{library.DOCUMENT}, my-plan.yaml]; one alone is `scenario`.",
        )
    found: dict[str, Merged] = {}
    first: Scenario | None = None
    for node in entry.value.items:
        merged = _base(node, "plans", path)
        stem = merged.files[0].stem
        name = str(plain(named)) if (named := merged.tree.get("name")) is not None else stem
        if name in found:
            raise node.mark.error(f"plans: {name} stands twice.", "Keep one, or rename one.")
        one = scenario_over(merged, overlay([], node.mark), path)
        first = first or one
        for key in ("period", "population", "history"):
            if getattr(one, key) != getattr(first, key):
                raise node.mark.error(
                    f"plans: {name} has another {key} than {next(iter(found))}.",
                    "Plans that are compared live in the same worlds.",
                )
        found[name] = merged
    return list(found.items())


def _base(node: Node, key: str, path: Path) -> Merged:
    name = plain(node)
    if not isinstance(name, str):
        raise node.mark.error(f"{key}: {shown(name)} names no scenario.", "Write a file's name.")
    try:
        return base_of(library.find(name, beside=path.parent))
    except InputError as error:
        if error.file is None:
            raise node.mark.error(f"{key}: {error.message}", error.instead) from None
        raise


def _design(
    record: Record, base: Merged, path: Path
) -> tuple[str, list[Factor], npt.NDArray[Any] | None, int]:
    """Name, factors, rows (None for a full grid) and number of points of the design."""
    import numpy as np

    entry = record.entry("factors")
    if isinstance(entry.value, List):
        design = record.text("design", "list")
        if design != "list":
            raise record.error("design", f"a list of points is `design: list`, not {design}.")
        factors, points = read_points(entry.value)
        rows = np.full((len(points), len(factors)), -1)
        seen = [0] * len(factors)
        for i, point in enumerate(points):
            for k, factor in enumerate(factors):
                if factor.name in point:
                    rows[i, k] = seen[k]
                    seen[k] += 1
        return design, factors, rows, len(points)
    factors = read_factors(entry.value, entry.key_mark)
    design = record.text("design", "grid")
    if design not in designs.DESIGNS:
        raise record.error(
            "design", f"{shown(design)} is no design.", guess_or_list(design, designs.DESIGNS)
        )
    _refuse_what_does_not_fit(record, design)
    factors = whole_where_needed(factors, base, path)
    if design == "grid":
        steps = _number(record, "steps", 2, 10_000, 0)
        factors = [_with_steps(factor, steps) for factor in factors]
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
        levels = _number(record, "levels", 2, 1000, 4)
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
            _number(record, "trajectories", 1, 10_000),
            [factor.levels for factor in moved],
            [factor.choice for factor in moved],
        )
        found = np.zeros((len(rows), len(factors)), int)
        found[:, apart] = rows
        return design, factors, found, len(found)
    spread = designs.sobol if design == "sobol" else designs.latin_hypercube
    shares = np.zeros((_number(record, "points", 1, MOST_POINTS), len(factors)))
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


_BELONGS = {
    "points": ("latin_hypercube", "sobol"),
    "trajectories": ("morris",),
    "levels": ("morris",),
    "steps": ("grid",),
}


def _refuse_what_does_not_fit(record: Record, design: str) -> None:
    for key, belongs in _BELONGS.items():
        if key in record and design not in belongs:
            raise record.error(key, f"{key} belongs to {' and '.join(belongs)}, not to {design}.")


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


def _number(record: Record, key: str, low: int, high: int, default: int | None = None) -> int:
    if key not in record and default is not None:
        return default
    node = record.entry(key).value
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise record.error(key, f"{key} is a whole number from {low:,} to {high:,}.")
    return value


def _switch(record: Record, key: str, default: bool) -> bool:
    if key not in record:
        return default
    value = plain(record.entry(key).value)
    if not isinstance(value, bool):
        raise record.error(key, f"{key} is a switch.", "Write on or off.")
    return value


def _seeds(record: Record) -> list[int]:
    if "seeds" not in record:
        return parse_seeds("1")
    value = plain(record.entry("seeds").value)
    text = ",".join(map(str, value)) + "," if isinstance(value, list) else str(value)
    try:
        return parse_seeds(text)
    except InputError as error:
        raise record.error("seeds", error.message, "Write 5, '3,7-9' or [3, 7].") from None


def _draws(record: Record) -> list[Draw]:
    if "draws" not in record:
        return parse_draws("central")
    try:
        return parse_draws(str(plain(record.entry("draws").value)))
    except InputError as error:
        raise record.error("draws", error.message, error.instead) from None
