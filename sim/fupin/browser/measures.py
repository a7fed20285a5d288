"""What the map can show: a number of each village and county, from the columns of a model."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.model import PovertyModel
from fupin.state import register
from fupin.statistics.quantiles import quantile
from fupin.world.december import YearMeasures

Numbers = npt.NDArray[np.floating]
Parts = tuple[Numbers, Numbers]

CLASSES = 6
"""Colours of a map: more cannot be told apart in a legend."""

OUTSIDE = 0.03
"""Share of places beyond each end of the classes: one village must not whiten all others."""


def last_measures(model: PovertyModel) -> YearMeasures:
    """What was measured at the last December, or at the start."""
    return model.measured.get(model.year) or model.measured.get(model.year - 1) or model.at_start


def _persons(model: PovertyModel) -> Numbers:
    out = np.zeros(model.villages.id.size, np.int64)
    register.count_units(model.villages.offsets, model.households.size, out)
    return out.astype(np.float64)


def _registered(model: PovertyModel) -> Parts:
    return 100.0 * model.registered_by_village, _persons(model)


def _income_poor(model: PovertyModel) -> Parts:
    last = last_measures(model)
    return 100.0 * last.village_income_poor, last.village_persons.astype(np.float64)


def _income(model: PovertyModel) -> Parts:
    last = last_measures(model)
    return last.village_income, last.village_persons.astype(np.float64)


def _migrants(model: PovertyModel) -> Parts:
    out = np.zeros(model.villages.id.size, np.int64)
    register.count_units(model.villages.offsets, model.households.migrants, out)
    return 100.0 * out, _persons(model)


def _reached(model: PovertyModel) -> Parts:
    offsets = model.villages.offsets
    served = np.concatenate([[0], np.cumsum(model.households.reached != 0, dtype=np.int64)])
    return 100.0 * np.diff(served[offsets]), np.diff(offsets).astype(np.float64)


def _works(model: PovertyModel) -> Parts:
    persons = _persons(model)
    return model.world.works.index * persons, persons


@dataclass(frozen=True)
class Measure:
    """One thing to colour the map by.

    Attributes:
        key: names it in the catalogue of the page.
        parts: of a model, numerator and denominator of each village, unweighted, (V,) each.
        floor: where colours begin; None: near the lowest county.
        decimals: of a number that is shown.
        yearly: it changes in Decembers alone.
    """

    key: str
    parts: Callable[[PovertyModel], Parts]
    floor: float | None = 0.0
    decimals: int = 1
    yearly: bool = False


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure("registered", _registered),
        Measure("income_poor", _income_poor, yearly=True),
        Measure("income", _income, floor=None, decimals=0, yearly=True),
        Measure("migrants", _migrants),
        Measure("reached", _reached),
        Measure("works", _works, decimals=2),
    )
}


@dataclass(frozen=True)
class Values:
    """A measure of a model.

    Attributes:
        villages: (V,); NaN where nobody lives.
        counties: (counties,); NaN where no village is.
    """

    villages: Numbers
    counties: Numbers


def values_now(model: PovertyModel, key: str) -> Values:
    """A measure of every village and county of a world at this moment."""
    above, below = MEASURES[key].parts(model)
    weight = model.villages.weight
    county = np.asarray(model.frame.villages.county)
    units = len(model.frame.counties.code)
    sums = [np.bincount(county, part * weight, units) for part in (above, below)]
    return Values(_ratio(above, below).astype(np.float32), _ratio(*sums))


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    result: Numbers = np.divide(above, below, out=np.full(above.shape, math.nan), where=below > 0)
    return result


def bounds_of(numbers: Numbers, floor: float | None) -> Numbers:
    """Round bounds of CLASSES classes of equal width that hold nearly all numbers, (CLASSES + 1,).

    The last class also takes what lies above it, the first what lies below.
    """
    known = numbers[np.isfinite(numbers)]
    if known.size == 0:
        return np.linspace(0.0, 1.0, CLASSES + 1)
    low = float(quantile(known, OUTSIDE)) if floor is None else floor
    width = _nice((float(quantile(known, 1 - OUTSIDE)) - low) / CLASSES)
    first = math.floor(low / width) * width
    return first + width * np.arange(CLASSES + 1)


def bounds_of_difference(numbers: Numbers) -> Numbers:
    """Round bounds, even about 0, of CLASSES classes."""
    known = np.abs(numbers[np.isfinite(numbers)])
    some = known[known > 0]
    width = _nice(float(quantile(some, 1 - 2 * OUTSIDE)) / (CLASSES / 2)) if some.size else 1.0
    return width * (np.arange(CLASSES + 1) - CLASSES / 2)


def class_of(numbers: Numbers, bounds: Numbers) -> npt.NDArray[np.int64]:
    """Class of each number, 0 to CLASSES - 1; -1 where unknown."""
    found = np.clip(np.searchsorted(bounds, numbers, side="right") - 1, 0, CLASSES - 1)
    return np.where(np.isfinite(numbers), found, -1)


def _nice(width: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten, at least `width`."""
    if not width > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(
        step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= width * 0.999
    )
