"""The synthetic province beside census, yearbook and document: rows for `fupin population`."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from fupin.parameters.document import figure_of
from fupin.population.assumptions import figure
from fupin.population.columns import F64
from fupin.population.frame import Frame


@dataclass(frozen=True)
class Row:
    """One quantity of the synthetic province.

    Attributes:
        quantity: what is counted.
        unit: of both figures.
        source: where the reference figure comes from, empty where there is none.
        reference: the figure of that source, or None.
        model: the figure of the frame.
        decimals: digits to print after the point.
        note: what a reader should know about the comparison.
    """

    quantity: str
    unit: str
    source: str
    reference: float | None
    model: float
    decimals: int = 0
    note: str = ""

    @property
    def difference(self) -> float | None:
        """Model minus reference, in their unit; None without a reference."""
        return None if self.reference is None else self.model - self.reference

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {**asdict(self), "difference": self.difference}


@dataclass(frozen=True)
class Totals:
    """Weighted sums by county, each of shape (counties,), float64."""

    villages: F64
    listed: F64
    people: F64
    households: F64
    labour: F64
    children: F64
    elderly: F64
    frail: F64
    migrants: F64
    school_years: F64  # sum over households of years x persons
    water: F64  # persons with safe water
    land: F64  # mu


def totals(frame: Frame) -> Totals:
    """Weighted sums of a frame by county, added from exact village sums."""
    v, h, units = frame.villages, frame.households, len(frame.counties)
    weight = v.weight.astype(np.float64)
    starts = h.offsets[:-1]

    def by_county(per_village: np.ndarray) -> F64:
        return np.bincount(v.county, per_village * weight, units)

    def summed(column: np.ndarray) -> np.ndarray:  # every village holds households
        return np.add.reduceat(column, starts, dtype=np.int64)

    return Totals(
        villages=by_county(np.ones(len(v))),
        listed=by_county(v.listed),
        people=by_county(summed(h.size)),
        households=by_county(np.diff(h.offsets)),
        labour=by_county(summed(h.labour)),
        children=by_county(summed(h.children)),
        elderly=by_county(summed(h.elderly)),
        frail=by_county(summed(h.frail)),
        migrants=by_county(summed(h.migrants)),
        school_years=by_county(summed(h.schooling.astype(np.uint16) * h.size) / 10.0),
        water=by_county(v.water.astype(np.float64) * summed(h.size)),
        land=by_county(summed(h.land) / 10.0),
    )


def _mean(values: F64, weights: F64) -> float:
    return float((values * weights).sum() / weights.sum())


def _correlation(a: F64, b: F64, weights: F64) -> float:
    a, b = a - _mean(a, weights), b - _mean(b, weights)
    return _mean(a * b, weights) / float(np.sqrt(_mean(a * a, weights) * _mean(b * b, weights)))


def _told(quantity: str, unit: str, measure: str, model: float) -> Row:
    """A row whose reference is the document's figure of a measure."""
    told = figure_of(measure)
    return Row(quantity, unit, told.id, told.value, model)


def province_rows(frame: Frame) -> list[Row]:
    """Rows of the whole province. Shares in per cent."""
    c, t = frame.counties, totals(frame)
    three = c.within("named_prefectures")
    key = c.key > 0
    people, households = t.people.sum(), t.households.sum()
    registered = c.registered_rural.astype(np.float64)
    present = t.people > 0
    gap = 1.0 - c.residents[present] / c.hukou[present]
    away = t.migrants[present] / t.people[present]
    census, per_labourer = "census 2010", figure("compare.persons_per_labourer")
    whole = "town and country residents; weighted here by registered rural people"
    return [
        _told("county-level units", "units", "counties", len(c)),
        _told("prefecture-level cities", "units", "prefectures", len(c.prefectures_en)),
        _told("key counties, national", "units", "key_counties/national", int((c.key == 2).sum())),
        _told("key counties, provincial", "units", "key_counties/provincial",
              int((c.key == 1).sum())),
        _told("key counties in three prefectures", "units", "named_prefectures/key_counties",
              int((key & three).sum())),
        Row(
            "administrative villages", "villages", "yearbook (recalled)",
            figure("province.villages"), t.villages.sum(), note="committees of 2023, gaps filled",
        ),
        _told("listed villages", "villages", "listed_villages", t.listed.sum()),
        _told("listed villages in three prefectures", "villages",
              "named_prefectures/listed_villages", t.listed[three].sum()),
        Row("registered rural people", "persons", "yearbook (computed)",
            figure("province.registered_rural"), people),
        Row("registered rural households", "households", "51 M / 3.5 (assumption)",
            figure("province.registered_households"), households),
        Row("household size", "persons", census, _mean(c.household_size, t.households),
            people / households, 2, "families in town and country; registered ones are larger"),
        Row("labourers per household", "persons", "rural survey 2006, by size",
            people / households / per_labourer, t.labour.sum() / households, 2,
            f"{per_labourer} persons per labourer, national"),
        Row("people under 15", "%", census, 100 * _mean(c.share_0_14, registered),
            100 * t.children.sum() / people, 2, whole),
        Row("people of 65 and over", "%", census, 100 * _mean(c.share_65plus, registered),
            100 * t.elderly.sum() / people, 2, whole),
        Row("schooling", "years", census, _mean(c.mean_school_years, registered),
            t.school_years.sum() / people, 2, whole),
        Row("safe (piped) water", "% of people", census, 100 * _mean(c.piped_water, registered),
            100 * t.water.sum() / people, 2, "dwellings in town and country: rather too high"),
        Row("frail households", "% of households", "low class of the trial model",
            100 * figure("frail.share"), 100 * t.frail.sum() / households, 2),
        Row("people away", "% of people", "", None, 100 * t.migrants.sum() / people, 2,
            "registered rural people outside their county for half a year or more"),
        Row("people away and missing residents", "correlation", "", None,
            _correlation(gap, away, t.people[present]), 3,
            "over counties, weighted by people; missing: 1 - residents / hukou, census 2010"),
        Row("contracted land per person", "mu", "", None, t.land.sum() / people, 2),
        Row("villages in this sample", "villages", "", None, len(frame.villages)),
        Row("households in this sample", "households", "", None, len(frame.households)),
        Row("nominated to communities", "households", "", None, len(frame.communities.members)),
    ]  # fmt: skip


def prefecture_rows(frame: Frame) -> list[dict[str, object]]:
    """One mapping a prefecture, in the order of codes; counts are weighted."""
    c, t = frame.counties, totals(frame)
    rows: list[dict[str, object]] = []
    for index, name in enumerate(c.prefectures_en):
        here = c.prefecture == index
        people, households = t.people[here].sum(), t.households[here].sum()
        rows.append(
            {
                "prefecture": name,
                "prefecture_zh": c.prefectures_zh[index],
                "units": int(here.sum()),
                "key_counties": int((c.key[here] > 0).sum()),
                "villages": int(t.villages[here].sum()),
                "listed_villages": int(t.listed[here].sum()),
                "people": int(people),
                "people_difference_percent": float(
                    100 * (people / c.registered_rural[here].sum() - 1)
                ),
                "households": int(households),
                "household_size": float(people / households),
                "schooling_years": float(t.school_years[here].sum() / people),
                "water_percent": float(100 * t.water[here].sum() / people),
                "away_percent": float(100 * t.migrants[here].sum() / people),
                "frail_percent": float(100 * t.frail[here].sum() / households),
            }
        )
    return rows
