"""What is measured in December: official and true counts side by side, by village and province."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.kernels.jit import kernel
from fupin.kernels.words import add, mul, u32
from fupin.livelihood.sources import income_by_source
from fupin.state import register

if TYPE_CHECKING:
    from fupin.world.world import World

# Fine enough that the Gini coefficient of binned incomes is exact to 1e-4: income bins of 10 yuan.
_BIN, _BINS = 10.0, 20_000


@dataclass(frozen=True)
class YearMeasures:
    """Province figures of a December, persons weighted; columns by village are unweighted.

    Attributes:
        registered: persons on the register.
        delisted, listed: persons who left and entered it this year.
        unassessed: persons on the second register, without re-assessment (`World.unassessed`).
        income_poor: persons with true income under the line.
        national_poor: persons with true income under the new national line, which is higher.
        gap_yuan: what the income-poor lack of the line, yuan of the document's year.
        income_yuan: income of all rural people, yuan of the document's year.
        income_of_poor: of it, that of households which were income-poor before the plan.
        survey_poor: persons with reported income under the line.
        registered_income_poor: persons both registered and truly poor.
        households_reached: different households that any programme has served so far.
        persons: registered rural people.
        mean_income: yuan per person.
        fgt: Foster-Greer-Thorbecke indices 0, 1, 2 of true income.
        gini: of true income, persons.
        sources: shares of income by source, (5,).
        key_ratio: mean income of key counties / province.
        village_*: persons by village, unweighted.
        line: poverty line by which these were counted, yuan per person.
        level: provincial income level of the year, yuan.
    """

    registered: int
    delisted: int
    listed: int
    unassessed: int
    income_poor: int
    national_poor: int
    gap_yuan: float
    income_yuan: float
    income_of_poor: float
    survey_poor: int
    registered_income_poor: int
    households_reached: int
    persons: int
    mean_income: float
    fgt: tuple[float, float, float]
    gini: float
    sources: npt.NDArray[np.float64]
    key_ratio: float
    village_registered: npt.NDArray[np.int64]
    village_unassessed: npt.NDArray[np.int64]
    village_income_poor: npt.NDArray[np.int64]
    village_persons: npt.NDArray[np.int64]
    village_income: npt.NDArray[np.float64]
    line: float
    level: float

    def official(self, counting: str) -> int:
        """The poor whom a plan's counting rule counts: by survey, else on the register; persons."""
        return self.survey_poor if counting == "survey" else self.registered

    def without_reassessment(self, counting: str) -> int:
        """The same where nobody is looked at for being served; persons."""
        return self.survey_poor if counting == "survey" else self.unassessed


@kernel
def _distribution(sizes, incomes, registered, offsets, weight, line, bins, sums, village):  # type: ignore[no-untyped-def]
    # sums: persons, income, poor, gap, squared gap, registered and poor
    # village: persons, poor, registered, income; bins: persons and income by 10 yuan
    # What vectorises first; sums of fractions one after another, in the order of households.
    widest = 0
    for i in range(weight.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    gap_of, bin_of = np.empty(widest, np.float64), np.empty(widest, np.int32)
    all_gaps, all_squared = 0.0, 0.0
    for i in range(weight.size):
        w = np.float64(weight[i])
        here = slice(offsets[i], offsets[i + 1])
        size_of, income_of, listed_of = sizes[here], incomes[here], registered[here]
        persons, persons_poor, persons_listed, both = u32(0), u32(0), u32(0), u32(0)
        for j in range(size_of.size):
            people, listed = u32(size_of[j]), u32(listed_of[j])
            poor = mul(people, u32(np.float64(income_of[j]) < line))
            persons = add(persons, people)
            persons_poor = add(persons_poor, poor)
            persons_listed = add(persons_listed, mul(people, listed))
            both = add(both, mul(poor, listed))
        for j in range(size_of.size):
            income = np.float64(income_of[j])
            # A loss counts as no income, as in `measures.poverty_gaps`.
            gap_of[j] = min((line - income) / line, 1.0) if income < line else 0.0
            bin_of[j] = np.int32(max(min(income / _BIN, _BINS - 1.0), 0.0))
        total = 0.0
        for j in range(size_of.size):
            size, income, gap = np.float64(size_of[j]), np.float64(income_of[j]), gap_of[j]
            total += size * income
            all_gaps += w * size * gap
            all_squared += w * size * gap * gap
            bins[bin_of[j], 0] += w * size
            bins[bin_of[j], 1] += w * size * income
        village[i, 0], village[i, 1] = np.float64(persons), np.float64(persons_poor)
        village[i, 2], village[i, 3] = np.float64(persons_listed), total
        sums[0] += w * village[i, 0]
        sums[1] += w * total
        sums[2] += w * village[i, 1]
        sums[5] += w * np.float64(both)
    sums[3], sums[4] = all_gaps, all_squared


@kernel
def _income_of(offsets, sizes, incomes, flags, out):  # type: ignore[no-untyped-def]
    # Yuan a year of flagged households by village, unweighted.
    for i in range(out.size):
        total = 0.0
        for j in range(offsets[i], offsets[i + 1]):
            total += np.float64(incomes[j]) * np.float64(sizes[j]) * np.float64(flags[j])
        out[i] = total


def gini_of_bins(persons: npt.NDArray[np.float64], income: npt.NDArray[np.float64]) -> float:
    """Gini coefficient from persons and total income by ascending income bins (trapezia)."""
    people = persons.sum()
    total = income.sum()
    if people <= 0 or total <= 0:
        return 0.0
    cumulated = np.cumsum(income)
    area = np.sum(persons / people * (cumulated - income / 2)) / total
    return float(1.0 - 2.0 * area)


def _households_reached(world: World) -> int:
    villages = world.villages
    here = np.zeros(villages.id.size, np.int64)
    _count_flagged(villages.offsets, world.households.reached, here)
    return int(np.dot(here, villages.weight))


@kernel
def _count_flagged(offsets, flags, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        flag = flags[offsets[i] : offsets[i + 1]]
        total = u32(0)
        for j in range(flag.size):
            total = add(total, u32(flag[j] != 0))
        out[i] = np.int64(total)


def by_county(world: World, year: YearMeasures) -> dict[str, npt.NDArray[Any]]:
    """Counts of a December by county: persons, registered_poor, income_poor, income_yuan.

    Returns:
        name -> a column over counties, (counties,); persons are whole, income is yuan.
    """
    of = {
        "persons": year.village_persons,
        "registered_poor": year.village_registered,
        "income_poor": year.village_income_poor,
        "income_yuan": year.village_income,
    }
    return {name: world.sum_by_county(v * world.villages.weight) for name, v in of.items()}


def of_year(world: World, year: int) -> YearMeasures:
    """Measure the households of a world after the December review of a year (or at the start)."""
    line, level, prices = world.line_of(year), world.level_of(year), world.prices(year)
    h, v = world.households, world.villages
    sums = np.zeros(6)
    bins = np.zeros((_BINS, 2))
    village = np.zeros((v.id.size, 4))
    _distribution(h.size, h.income, h.registered, v.offsets, v.weight, line, bins, sums, village)
    seen = world.perceive("survey")
    below = np.zeros(v.id.size, np.int64)
    register.count_below(v.offsets, h.size, seen, columns.log_of(line), below)
    sources = income_by_source(h, world.frame, world.values, level)
    by_source = (sources * v.weight[:, None]).sum(axis=0)
    key = np.asarray(world.frame.counties.key)[np.asarray(world.frame.villages.county)] > 0
    weighted = village * v.weight[:, None]
    mean = sums[1] / sums[0]
    key_mean = weighted[key, 3].sum() / max(weighted[key, 0].sum(), 1.0)
    flows = world.register_flows * v.weight[:, None]
    national, unassessed = np.zeros_like(below), np.zeros_like(below)
    limit = np.float64(world.line_of(year, "national_line"))
    register.count_below(v.offsets, h.size, h.income, limit, national)
    register.count_persons(v.offsets, h.size, world.unassessed, unassessed)
    theirs = np.zeros(v.id.size)
    _income_of(v.offsets, h.size, h.income, world.poor_at_start, theirs)
    return YearMeasures(
        registered=round(weighted[:, 2].sum()),
        delisted=int(flows[:, 0].sum()),
        listed=int(flows[:, 1].sum()),
        unassessed=int(np.dot(unassessed, v.weight)),
        income_poor=round(sums[2]),
        national_poor=int(np.dot(national, v.weight)),
        gap_yuan=float(sums[3] * line / prices),
        income_yuan=float(sums[1] / prices),
        income_of_poor=float((theirs * v.weight).sum() / prices),
        survey_poor=int(np.dot(below, v.weight)),
        registered_income_poor=round(sums[5]),
        households_reached=_households_reached(world),
        persons=round(sums[0]),
        mean_income=float(mean),
        fgt=(sums[2] / sums[0], sums[3] / sums[0], sums[4] / sums[0]),
        gini=gini_of_bins(bins[:, 0], bins[:, 1]),
        sources=by_source / by_source.sum(),
        key_ratio=float(key_mean / mean),
        village_registered=np.rint(village[:, 2]).astype(np.int64),
        village_unassessed=unassessed,
        village_income_poor=np.rint(village[:, 1]).astype(np.int64),
        village_persons=np.rint(village[:, 0]).astype(np.int64),
        village_income=village[:, 3],
        line=line,
        level=level,
    )
