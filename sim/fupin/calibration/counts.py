"""What the document counts of its year, and the costs that a row of posterior B learns from it.

A count is money over a cost: its logarithm is nearly linear in those of the parameters that it
informs. So a row's parameters follow from a life of the row: of all values that would meet the
figures, those nearest to where the row stood in its prior (randomised maximum likelihood; Oliver,
He & Reynolds 1996; Chen & Oliver 2012, Mathematical Geosciences 44:1-26). The row is then lived
again with them, so that what is said of it is always what the model did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import field_validator

from fupin import paths
from fupin.calibration.moment_names import COUNTS
from fupin.calibration.space import F64, Space
from fupin.parameters.book import load_book
from fupin.parameters.document import load_document
from fupin.yaml.events import read_marked, read_text
from fupin.yaml.faults import fault, read_as
from fupin.yaml.fields import Line, Names, Number, Section

_NEAR = np.log(3.0)
"""Lives whose count is within this factor of the document's tell how it goes with costs there."""

_FARTHEST = 4.0
"""Prior standard deviations from the middle that a parameter may go."""


@dataclass(frozen=True)
class Count:
    """One count of the document.

    Attributes:
        figure: its id; after a dot a part of it.
        value: the document's.
        tolerance: standard deviation of its logarithm.
        by: parameters that it informs.
        reason: why the model cannot meet it; "" where it can.
    """

    figure: str
    value: float
    tolerance: float
    by: tuple[str, ...]
    reason: str = ""


class _Written(Section):
    """What the file says of a count; see `Count`."""

    tolerance: Number
    by: Names
    reason: Line = ""

    @field_validator("tolerance")
    @classmethod
    def _is_positive(cls, tolerance: float) -> float:
        if not tolerance > 0:
            raise fault(f"{tolerance:g} is no tolerance.", "Write a number above 0.")
        return tolerance

    @field_validator("by")
    @classmethod
    def _are_uncertain(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        book = load_book()
        for place, name in enumerate(names):
            if name not in book or book[name].distribution is None:
                raise fault(f"{name} is no uncertain parameter.", "Leave it out.", (place,))
        return names


def load_counts(file: Path | None = None) -> list[Count]:
    """The counts of `calibration/counts.yaml`, with the values of the document.

    Raises:
        InputError: an unknown figure or parameter, or a tolerance that is not positive; with file
            and line.
    """
    file = file or paths.calibration() / "counts.yaml"
    document = {row.id: row for row in load_document()}
    tree = read_marked(read_text(file), file)
    for figure, entry in tree.entries.items():
        if figure not in COUNTS:
            raise entry.key_mark.error(
                f"No run counts {figure}.", f"Write one of {', '.join(COUNTS)}."
            )
    found = []
    for figure, one in read_as(dict[str, _Written], tree).items():
        row, _, part = figure.partition(".")
        value = document[row].parts[part] if part else document[row].value
        if document[row].bound == "at_least" and not part:
            value *= 1.0 + one.tolerance  # "more than": a little more
        found.append(Count(figure, value, one.tolerance, one.by, one.reason))
    return found


@dataclass(frozen=True)
class Delivery:
    """How counts go with the parameters that they inform.

    Attributes:
        figures: ids of the counts, (k,).
        values: logs of the document's figures, (k,).
        tolerances: of these logs, (k,).
        names: parameters, (d,).
        elasticities: of counts to parameters, (k, d).
    """

    figures: tuple[str, ...]
    values: F64
    tolerances: F64
    names: tuple[str, ...]
    elasticities: F64

    def settings(self) -> dict[str, Any]:
        """As plain data, for the settings of a job."""
        return {
            "figures": list(self.figures),
            "values": self.values.tolist(),
            "tolerances": self.tolerances.tolist(),
            "names": list(self.names),
            "elasticities": self.elasticities.tolist(),
        }

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> Delivery:
        """The inverse of `settings`."""
        return cls(
            tuple(settings["figures"]),
            np.array(settings["values"]),
            np.array(settings["tolerances"]),
            tuple(settings["names"]),
            np.array(settings["elasticities"]),
        )

    def space(self) -> Space:
        """Priors of the parameters."""
        book = load_book()
        laws = [law for name in self.names if (law := book[name].distribution) is not None]
        return Space(self.names, tuple(laws))


def informed(counts: Sequence[Count]) -> list[str]:
    """Parameters that some count informs, in order."""
    return list(dict.fromkeys(name for count in counts for name in count.by))


def learned(
    counts: Sequence[Count],
    lives: Sequence[Mapping[str, float]],
    vectors: Sequence[Mapping[str, float]],
) -> Delivery:
    """Elasticities of counts to the parameters that they inform, by least squares over lives.

    Args:
        counts: what to fit.
        lives: moments of runs that differ in these parameters.
        vectors: their parameters.
    """
    names = informed(counts)
    x = np.log([[vector[name] for name in names] for vector in vectors])
    x = x - x.mean(0)
    elasticities = np.zeros((len(counts), len(names)))
    for k, count in enumerate(counts):
        y = np.log([max(life[count.figure], 0.5) for life in lives])
        used = [names.index(name) for name in count.by]
        near = np.abs(y - np.log(count.value)) < _NEAR
        if near.sum() < 3 * (len(used) + 1):  # too few to tell: all of them
            near = np.ones(len(y), bool)
        design = np.column_stack([np.ones(len(y)), x[:, used]])[near]
        elasticities[k, used] = np.linalg.lstsq(design, y[near], rcond=None)[0][1:]
    return Delivery(
        tuple(count.figure for count in counts),
        np.log([count.value for count in counts]),
        np.array([count.tolerance for count in counts]),
        tuple(names),
        np.round(elasticities, 6),
    )


def met(
    delivery: Delivery,
    stood: Mapping[str, float],
    lived: Mapping[str, float],
    counted: Mapping[str, float],
    error: F64,
) -> dict[str, float]:
    """Parameters that would meet the figures, near to where the row stood in its prior.

    Args:
        delivery: how counts go with parameters.
        stood: the row's parameters as its prior drew them.
        lived: its parameters in the life that was counted.
        counted: moments of that life.
        error: what is added to the figures' logs for this row, in tolerances, (k,).

    Returns:
        every parameter of `delivery.names`.
    """
    from scipy.optimize import least_squares

    space, names = delivery.space(), delivery.names
    z = space.normals([stood])[0]
    then = np.log([lived[name] for name in names])
    y = np.log([max(counted[figure], 0.5) for figure in delivery.figures])
    wanted = delivery.values + delivery.tolerances * error

    def misses(at: F64) -> F64:
        values = np.log(space.exact(at[None])[0])
        predicted = y + delivery.elasticities @ (values - then)
        return np.concatenate([(predicted - wanted) / delivery.tolerances, at - z])

    bound = np.maximum(np.abs(z) + 0.1, _FARTHEST)
    found = least_squares(misses, np.clip(z, -3, 3), bounds=(-bound, bound), xtol=1e-6)
    return space.values(found.x[None])[0]
