"""What a sweep varies: paths of a scenario and names of parameters, each with its values.

    factors:
      programmes.skills_training.budget: [15 million, 30.54 million, 61 million]
      register.review_probability: {range: [0.2, 0.6]}
      livelihood.persistence: {distribution: prior}
      programmes.relocation: {values: [off, {budget: 20 million, from: 2009-03}]}

Only lists expand: a value that is no list is the same at every point. A list of mappings in the
place of the whole mapping is a list of points, each of which says several paths at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fupin.parameters.book import ParameterBook, load_book
from fupin.parameters.distribution import Distribution
from fupin.scenario.keys import keys_at
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.sweeps.schema import FactorSpec, in_table, is_number
from fupin.yaml.tree import Entry, Mapping, Mark, Node, Scalar, Sequence, plain
from fupin.yaml.words import did_you_mean

NOT_VARIED = ("name", "title", "title_zh", "description", "description_zh", "extends", "balance")
"""Keys of a scenario that a factor cannot be."""

DIGITS = 10
"""Significant digits of a value between bounds, so that no maths library can change a run."""


@dataclass(frozen=True)
class Factor:
    """One thing that is varied: by a list of values, or between bounds.

    Attributes:
        name: as it is written, and the column of the table.
        keys: keys of the scenario from its root; empty for a parameter of the model.
        mark: where its values are written.
        values: what it can be; empty where it is anything between bounds.
        low, high: bounds of a range; both 0 where there is none.
        distribution: of the values, or None.
        steps: into how many values a grid divides it; 0 if that is not said.
        whole: True where only whole numbers mean something.
    """

    name: str
    keys: tuple[str, ...]
    mark: Mark
    values: tuple[Node, ...] = ()
    low: float = 0.0
    high: float = 0.0
    distribution: Distribution | None = None
    steps: int = 0
    whole: bool = False

    @property
    def levels(self) -> int:
        """How many different values it has in a grid; 0 where it is not said."""
        return len(self.values) or len(self._steps)

    @property
    def choice(self) -> bool:
        """True where its values have no order: texts, switches, mappings."""
        return any(not is_number(value_in_table(node)) for node in self.values)

    @property
    def scale(self) -> tuple[float, float] | None:
        """Its least and largest value in a grid; None of a choice."""
        if self.choice:
            return None
        values = [float(value_in_table(self.at_level(k))) for k in range(self.levels)]
        return min(values), max(values)

    def at_level(self, level: int) -> Node:
        """The value of a level, counted from 0."""
        if self.values:
            return self.values[level]
        return Scalar(self._steps[level], self.mark)

    def at_share(self, share: float) -> Node:
        """The value below which a share (0 to 1) of its values lies; all are equally likely."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        return Scalar(self._at_share(share), self.mark)

    @cached_property
    def _steps(self) -> tuple[float, ...]:
        """The values of a grid between bounds, none of them twice."""
        if self.distribution is not None:
            found = [self._at_share((k + 0.5) / self.steps) for k in range(self.steps)]
            return tuple(dict.fromkeys(found))
        if not self.whole:
            return tuple(self._between(k, self.steps - 1) for k in range(self.steps))
        least, count = self._wholes()
        steps = min(self.steps, count)
        if steps == 1:
            return (least + (count - 1) // 2,)
        return tuple(
            least + (2 * k * (count - 1) + steps - 1) // (2 * (steps - 1)) for k in range(steps)
        )

    def _wholes(self) -> tuple[int, int]:
        """The least whole number within its bounds, and how many there are (at least one)."""
        least, most = math.ceil(self.low), math.floor(self.high)
        return (least, most - least + 1) if least <= most else (round(self.low), 1)

    def _between(self, step: int, steps: int) -> float:
        return self._rounded(self.low + (step / steps if steps else 0.5) * (self.high - self.low))

    def _at_share(self, share: float) -> float:
        if self.distribution is not None:
            import numpy as np

            value = float(self.distribution.quantile(np.array([share]))[0])
            return self._rounded(value, self.distribution.low, self.distribution.high)
        if self.whole:
            least, count = self._wholes()
            return least + min(int(share * count), count - 1)
        return self._rounded(self.low + share * (self.high - self.low))

    def _rounded(self, value: float, low: float | None = None, high: float | None = None) -> float:
        low, high = self.low if low is None else low, self.high if high is None else high
        value = min(max(float(f"{value:.{DIGITS}g}"), low), high)
        return round(value) if self.whole else value

    def ends(self) -> list[Node]:
        """The values that decide whether all of them are allowed."""
        return list(self.values) or [self.at_share(0.0), self.at_share(1.0)]


def value_in_table(node: Node) -> Any:
    """A factor's value as it stands in a table: a number, a text, or a list or mapping.

    An amount such as `30.54 million` is its yuan.
    """
    return in_table(plain(node))


def read_factors(said: Mapping_[str, FactorSpec], tree: Mapping) -> list[Factor]:
    """The factors of `factors: {PATH: VALUES, ...}`.

    Args:
        said: what the file says of each, as it was read.
        tree: the same with the places where it stands.

    Raises:
        InputError: unknown paths, or a prior where there is none.
    """
    book = load_book()
    return [_read_factor(name, tree.entries[name], spec, book) for name, spec in said.items()]


def read_points(tree: Sequence) -> tuple[list[Factor], list[dict[str, Node]]]:
    """The factors and the points of `factors: [{PATH: VALUE, ...}, ...]`.

    Returns:
        every path that some point sets, and for each point its values by path.

    Raises:
        InputError: unknown paths.
    """
    book = load_book()
    factors: dict[str, Factor] = {}
    points = []
    for item in tree.items:
        assert isinstance(item, Mapping)  # the schema has checked it
        for name, entry in item.entries.items():
            keys = _keys_of(name, entry.key_mark, book)
            before = factors.get(name)
            values = (*(before.values if before else ()), entry.value)
            factors[name] = Factor(name, keys, entry.key_mark, values)
        points.append({name: entry.value for name, entry in item.entries.items()})
    return list(factors.values()), points


def _read_factor(name: str, entry: Entry, said: FactorSpec, book: ParameterBook) -> Factor:
    keys, node = _keys_of(name, entry.key_mark, book), entry.value
    # What is said by a mapping is said by one key of it; all else are values in short.
    spelled = {"values": said.values, "range": said.range, "distribution": said.distribution}
    kind = next(key for key, one in spelled.items() if one is not None)
    if isinstance(node, Mapping) and kind in node.entries:
        node = node.entries[kind].value
    elif not isinstance(node, Sequence):
        node = Sequence((node,), node.mark)
    if said.values is not None:
        assert isinstance(node, Sequence)
        return Factor(name, keys, node.mark, node.items)
    if said.range is not None:
        return Factor(name, keys, node.mark, (), *said.range, steps=said.steps)
    law = None if keys else book[name].distribution
    if not isinstance(said.distribution, str):
        assert said.distribution is not None
        law = said.distribution.distribution()
    if law is None:
        raise node.mark.error(f"{name} has no prior.", "Write a distribution or a range.")
    return Factor(name, keys, node.mark, distribution=law, steps=said.steps)


def _keys_of(name: str, mark: Mark, book: ParameterBook) -> tuple[str, ...]:
    """Keys of a scenario path; none for a parameter of the model."""
    bare = name.removeprefix("parameters.")
    if bare in book:
        if bare != name:
            raise mark.error(f"{name}: a parameter goes by its own name.", f"Write {bare}.")
        if book[bare].dated:
            raise mark.error(f"{name} has a value for each year; one number cannot replace them.")
        return ()
    of_history = bare.removeprefix("history.parameters.")
    if of_history in book:
        raise mark.error(
            f"{name}: a parameter goes by its own name, and holds in history too.",
            f"Write {of_history}.",
        )
    keys = tuple(name.split("."))
    if keys[0] in NOT_VARIED and len(keys) == 1:
        raise mark.error(f"{name} says nothing of a plan that can be varied.", "Delete it.")
    if (entry := _entry_path(keys)) is not None:
        raise mark.error(f"{name}: a further entry stands in its programme.", f"Write {entry}.")
    for depth, key in enumerate(keys):
        known = list(keys_at(keys[:depth]))
        if not known:  # below this, names are the user's (a shock's, a year's)
            break
        if key not in known or (depth == 0 and key in NOT_VARIED):
            raise mark.error(
                f"{name}: neither a path of a scenario nor a parameter.",
                _guess(name, ".".join(keys[:depth]), known, book),
            )
    return keys


def _programme_path(name: str) -> str | None:
    """A path that begins with a programme, behind `programmes`; None of any other."""
    first = name.partition(".")[0]
    return f"programmes.{name}" if first in PROGRAMME_KEYS else None


def _entry_path(keys: tuple[str, ...]) -> str | None:
    """The path of an entry that is written as tables name it: `household_projects/north`."""
    if len(keys) < 2 or keys[0] != "programmes" or "/" not in keys[1]:
        return None
    first, _, entry = keys[1].partition("/")
    return ".".join(["programmes", first, "extra", entry, *keys[2:]])


def _guess(name: str, above: str, known: Iterable[str], book: ParameterBook) -> str:
    prefix = f"{above}." if above else ""
    rest = name.removeprefix(prefix).partition(".")[2]
    if not above and (whole := _programme_path(name)) is not None:
        return f"Did you mean {whole}?"
    paths = [
        f"{prefix}{key}{'.' + rest if rest else ''}" for key in known
        if not (rest and not above) or rest.split(".")[0] in keys_at((key,))
    ]  # fmt: skip
    guess = did_you_mean(name, [*paths, *book])
    return guess or "`fupin schema` has the paths, `fupin parameters` the parameters."


def overlay(values: Iterable[tuple[tuple[str, ...], Node]], mark: Mark) -> Mapping:
    """A scenario file that says these paths and nothing else.

    Raises:
        InputError: one path lies within another.
    """
    tree = Mapping({}, mark)
    for keys, node in values:
        tree = _with(tree, keys, node)
    return tree


def _with(tree: Mapping, keys: tuple[str, ...], node: Node) -> Mapping:
    first, *rest = keys
    if not rest:
        if first in tree.entries:
            raise node.mark.error(
                f"{first}: another factor lies within this one.", "Vary one of the two."
            )
        return Mapping({**tree.entries, first: Entry(node.mark, node)}, tree.mark)
    below = tree.get(first)
    if below is None:
        below = Mapping({}, node.mark)
    elif not isinstance(below, Mapping):
        raise node.mark.error(f"{first}: one factor lies within another.", "Vary one of the two.")
    inner = _with(below, tuple(rest), node)
    return Mapping({**tree.entries, first: Entry(node.mark, inner)}, tree.mark)
