"""The points of a sweep: scenarios laid over a base, made when they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.engine.run_ids import Point
from fupin.errors import InputError
from fupin.parameters.book import load_book
from fupin.scenario.load import Merged, scenario_over
from fupin.scenario.schema import Scenario
from fupin.sweeps import designs
from fupin.sweeps.factors import Factor, overlay, value_in_table
from fupin.yaml.tree import Entry, Mapping, Mark, Node, plain
from fupin.yaml.words import shown

if TYPE_CHECKING:
    import numpy.typing as npt

PLAN = "plan"
"""Column of the plan's name, where a sweep has `plans`."""

_SCENARIOS_IN_MEMORY = 64


class SweepPoints(Sequence[Point]):
    """The points of a sweep; holds a row of shares or levels for each, and no scenario.

    Points go plan by plan, each plan with all rows of the design.

    Args:
        bases: the scenario and what it extends, or that of each plan.
        factors: what is varied.
        rows: shares of each factor (floats), levels of each (integers) or None for a full grid.
        count: how many points.
        file: the sweep file.
        balance: its `balance`, or None.
        sample: replaces the scenario's, or None.
        plans: names of the bases for the column `plan`; empty where there is one scenario.
    """

    def __init__(
        self,
        bases: Sequence[Merged],
        factors: Sequence[Factor],
        rows: npt.NDArray[Any] | None,
        count: int,
        file: Path,
        balance: Entry | None = None,
        sample: Node | None = None,
        plans: Sequence[str] = (),
    ) -> None:
        self._bases, self._plans = tuple(bases), tuple(plans)
        self._factors, self._rows, self._count = tuple(factors), rows, count
        self._file, self._balance, self._sample = file, balance, sample
        self._levels = [factor.levels for factor in factors]
        self._book = load_book()
        self._scenarios: OrderedDict[tuple[Any, ...], Scenario] = OrderedDict()

    def __len__(self) -> int:
        return self._count * len(self._bases)

    def values(self, i: int) -> dict[str, Node]:
        """Values of the factors at a point; a factor that the point does not set is absent."""
        i %= self._count
        if self._rows is None:
            levels = designs.grid(self._levels, i)
            pairs = zip(self._factors, levels, strict=True)
            return {factor.name: factor.at_level(level) for factor, level in pairs}
        row = self._rows[i].tolist()
        if self._rows.dtype.kind == "f":
            pairs_ = zip(self._factors, row, strict=True)
            return {factor.name: factor.at_share(share) for factor, share in pairs_}
        return {
            factor.name: factor.at_level(level)
            for factor, level in zip(self._factors, row, strict=True)
            if level >= 0
        }

    def __getitem__(self, i: Any) -> Any:
        if not isinstance(i, int) or not 0 <= i < len(self):
            raise IndexError(i)
        values = self.values(i)
        shown_values = {name: value_in_table(node) for name, node in values.items()}
        own = [(f, values[f.name]) for f in self._factors if f.name in values]
        parameters = {}
        for factor, node in own:
            if not factor.keys:
                parameters[factor.name] = self._parameter(factor, node, shown_values)
        try:
            plan = i // self._count
            scenario = self._scenario(plan, [(f.keys, node) for f, node in own if f.keys])
            _refuse_overridden(scenario, [f for f, _ in own if not f.keys])
        except InputError as error:
            raise self._at(i, shown_values, error) from None
        columns: dict[str, Any] = {PLAN: self._plans[plan]} if self._plans else {}
        columns |= {f.name: shown_values.get(f.name) for f in self._factors}
        return Point(scenario, parameters, columns)

    def _parameter(self, factor: Factor, node: Node, values: dict[str, Any]) -> float:
        value = values[factor.name]
        try:
            self._book.values({factor.name: value})
        except InputError as error:
            raise node.mark.error(error.message, error.instead) from None
        return float(value)

    def _scenario(self, plan: int, values: list[tuple[tuple[str, ...], Node]]) -> Scenario:
        # Keys too: points of a list may give one value to different factors.
        known = (plan, *((keys, repr(plain(node))) for keys, node in values))
        if known in self._scenarios:
            self._scenarios.move_to_end(known)
            return self._scenarios[known]
        mark = values[0][1].mark if values else Mark(self._file, 1, 1)
        own = overlay(values, mark)
        if self._sample is not None:
            own = _with_sample(own, self._sample)
        if self._balance is not None:
            own = Mapping({**own.entries, "balance": self._balance}, own.mark)
        scenario = scenario_over(self._bases[plan], own, self._file)
        self._scenarios[known] = scenario
        if len(self._scenarios) > _SCENARIOS_IN_MEMORY:
            self._scenarios.popitem(last=False)
        return scenario

    def _at(self, i: int, values: dict[str, Any], error: InputError) -> InputError:
        where = ", ".join(f"{name} = {shown(value, 40)}" for name, value in values.items())
        return replace(error, message=f"Point {i + 1} ({where}): {error.message}")


def _refuse_overridden(scenario: Scenario, parameters: Sequence[Factor]) -> None:
    """A factor that the plan's own parameters replace would vary the years before it alone."""
    for factor in parameters:
        if factor.name in scenario.parameters:
            raise factor.mark.error(
                f"{factor.name} is varied, and {scenario.name} sets it under `parameters` too.",
                f"Leave one of them out; `parameters: {{{factor.name}: null}}` takes it from the "
                "plan.",
            )


def _with_sample(own: Mapping, sample: Node) -> Mapping:
    people = own.get("population")
    entries = people.entries if isinstance(people, Mapping) else {}
    both = {"sample": Entry(sample.mark, sample), **entries}
    return own.replaced("population", Mapping(both, sample.mark))
