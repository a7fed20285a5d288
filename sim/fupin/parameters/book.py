"""The parameter book: every number of the model that is not a figure of the population's frame.

A file `sim/fupin/parameters/NAME.yaml` holds the parameters called `NAME.*`:

    persistence:
      value: 0.60
      unit: dimensionless
      distribution: {uniform: [0.40, 0.90]}
      grade: literature
      source: who found it, where
      note: what a reader should know            (optional)

`at_most: NAME` says of which parameter this one is a part, and so never above it.

`acts: start` marks what a plan cannot set from its start on: it shapes the years before and is read
by no month of a plan. `acts: plan` is read once, when programmes begin; `acts: report` by no world.

`value` is a number, or numbers by calendar year. `range: [low, high]` bounds what a plan may set;
without it the distribution's support does. A value without source or grade, outside its range, of
an unknown unit, an unknown key, a name twice: each is an InputError that points to the line.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fupin import paths
from fupin.errors import InputError
from fupin.parameters.parameter import Parameter, number, read_parameters
from fupin.parameters.retired import RETIRED
from fupin.parameters.values import ParameterValues
from fupin.yaml.events import read_marked, read_text
from fupin.yaml.words import guess_or_list, shown

NOT_PARAMETERS = ("document", "figures", "province")
"""Files of the folder that hold something else."""

_SUM_TOLERANCE = 1e-9


class ParameterBook:
    """All parameters by dotted name, in the order of the files (by name) and of their lines."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(parameters)
        self._central = ParameterValues(
            {p.name: p.value for p in parameters.values() if not isinstance(p.value, tuple)},
            {
                p.name: {one.year: one.value for one in p.value}
                for p in parameters.values()
                if isinstance(p.value, tuple)
            },
        )
        self._parts = [p for p in parameters.values() if p.at_most]
        for part in self._parts:
            if part.at_most not in self._central:
                raise part.mark.error(
                    f"{part.name}: at_most names {part.at_most}, which is no undated parameter.",
                    guess_or_list(part.at_most, self._central),
                )
        _check_shares(self, self._central, self._groups())
        _check_parts(self._parts, self._central)

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def __contains__(self, name: object) -> bool:
        return name in self._parameters

    def __reduce__(self) -> tuple[Any, ...]:
        return (ParameterBook, (self._parameters,))

    def files(self) -> dict[str, list[Parameter]]:
        """Parameters by file name."""
        by_file: dict[str, list[Parameter]] = {}
        for parameter in self._parameters.values():
            by_file.setdefault(parameter.file, []).append(parameter)
        return by_file

    def find(self, name: str) -> Parameter:
        """A parameter by its name.

        Raises:
            InputError: no such parameter; says which one may be meant.
        """
        if name in RETIRED and name not in self._parameters:
            raise InputError(f"There is no parameter {name} any more.", RETIRED[name])
        if name not in self._parameters:
            near = [known for known in self if known.partition(".")[2] == name]
            hint = f"Did you mean {near[0]}?" if near else _guess(name, self)
            raise InputError(f"There is no parameter {shown(name)}.", hint)
        return self._parameters[name]

    def values(self, overrides: Mapping[str, float] | None = None) -> ParameterValues:
        """Central values, or values with some of them replaced.

        Args:
            overrides: name -> number.

        Raises:
            InputError: an unknown or dated parameter, a value that is no number or outside its
                range, shares that no longer sum to one, a part above its whole.
        """
        if not overrides:
            return self._central
        changed = {name: self.checked(name, value) for name, value in overrides.items()}
        values = ParameterValues({**self._central, **changed}, self._central.by_year)
        touched = {self[name].share_of for name in changed} - {""}
        _check_shares(self, values, {g: m for g, m in self._groups().items() if g in touched})
        _check_parts(self._parts, values)
        return values

    def checked(self, name: str, value: float) -> float:
        """A value that may replace a parameter's own.

        Raises:
            InputError: an unknown or dated parameter, no number, or outside its range.
        """
        parameter = self.find(name)
        if parameter.dated:
            raise InputError(
                f"{name} has a value for each year; one number cannot replace them.",
                f"Change {parameter.mark.file.name}.",
            )
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
            raise InputError(f"{name}: {shown(value)} is not a number.", _plain_number(value))
        if not parameter.low <= value <= parameter.high:
            raise InputError(
                f"{name}: {number(value)} is outside {parameter.bounds} ({parameter.unit}).",
                f"Its central value is {number(self._central[name])}.",
            )
        return float(value)

    def _groups(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for parameter in self._parameters.values():
            if parameter.share_of:
                groups.setdefault(parameter.share_of, []).append(parameter.name)
        return groups

    def sample_prior(self, names: Iterable[str], n: int, seed: int) -> list[dict[str, float]]:
        """Vectors of a space-filling design over the priors; see `prior.sample`.

        Raises:
            InputError: an unknown name, a name twice, or a parameter without a distribution.
        """
        from fupin.parameters.prior import sample

        wanted = [self.find(name) for name in names]
        return sample(wanted, n, seed)


def _guess(name: str, known: Iterable[str]) -> str:
    # Sixty names are no help: without a near one, say where the list is.
    hint = guess_or_list(name, known)
    return hint if hint.startswith("Did") else "`fupin parameters` lists them."


def _plain_number(value: object) -> str:
    """What to write for a value that is no number."""
    share = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*[%％]\s*", str(value))
    return "Write a number such as 0.4." if share is None else f"Write {float(share[1]) / 100:g}."


def _check_shares(
    book: ParameterBook, values: ParameterValues, groups: Mapping[str, list[str]]
) -> None:
    for group, members in groups.items():
        total = math.fsum(values[name] for name in members)
        if abs(total - 1.0) > _SUM_TOLERANCE:
            mark = book[members[0]].mark
            raise mark.error(
                f"{members[0]} and the other shares of {group} sum to {total:.9g}, not to 1.",
                f"Change the {len(members)} shares together.",
            )


def _check_parts(parts: Iterable[Parameter], values: ParameterValues) -> None:
    for part in parts:
        most = values[part.at_most]
        if values[part.name] > most:
            raise part.mark.error(
                f"{part.name} ({number(values[part.name])}) is a part of {part.at_most} "
                f"({number(most)}) and cannot be above it.",
                f"Write at most {most:.15g}, or change the two together.",
            )


_loaded: dict[tuple[str, bytes], ParameterBook] = {}


def load_book(folder: Path | None = None) -> ParameterBook:
    """All parameter files of a folder; read again only when their content has changed.

    Args:
        folder: None is the folder that comes with fupin.

    Raises:
        InputError: see the head of this module.
    """
    folder = folder or paths.parameters()
    files = sorted(f for f in folder.glob("*.yaml") if f.stem not in NOT_PARAMETERS)
    if not files:
        raise InputError("There is no parameter file in this folder.", None, folder)
    texts = {file: read_text(file) for file in files}
    digest = hashlib.blake2b("\0".join([f"{f.name}\0{t}" for f, t in texts.items()]).encode())
    key = (str(folder), digest.digest())
    if key not in _loaded:
        _loaded[key] = ParameterBook(_read(texts))
    return _loaded[key]


def _read(texts: Mapping[Path, str]) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for file, text in texts.items():
        parameters |= read_parameters(read_marked(text, file), file.stem)
    return parameters
