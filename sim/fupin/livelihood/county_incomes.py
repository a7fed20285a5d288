"""Log income offsets of counties, drawn given every income that is known of them.

Before anything is known, counties spread by what the census says and by keyed deviates of the
county and of its prefecture. What is known is conditioned on, by the rule for normal deviates:
first the incomes of single counties, where the table has them (`net_income_2009`), then the mean
of each prefecture, each with its error. So a draw's counties sum to plausible prefectures, a county
whose income is known has about that income in every draw, and all others differ between draws.

The rule (Matheron's, see Chiles & Delfiner 2012, *Geostatistics*, 7.3): a draw x of the law before,
a draw e of the error of an observation y of a.x, and with the law's covariance K

    x given y  =  x + K a (y + e - a.x) / (a.K a + var e)

is a draw of the law given y. A prefecture's mean income is no sum of logs; its slope is taken where
the draw stands, which is off by less than its error.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.kernels import columns
from fupin.livelihood import weather
from fupin.parameters.province import province
from fupin.parameters.values import ParameterValues
from fupin.population.assumptions import figure
from fupin.population.counties import TERRAINS, CountyTable
from fupin.population.frame import Frame

KNOWN_YEAR = province().document_year
"""Year of the incomes that are known."""

_IDS = 10_000  # ids of counties and prefectures in keys: code x this
_MEAN_SCHOOLING = 8.5

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


def spread_of(values: ParameterValues, year: int) -> float:
    """s(t) = 1 + spread_growth (log mean income of the year - of the first listing's)."""
    years = (year, province().first_listing)
    mean, start = (values.dated("official.mean_income", y) for y in years)
    return 1.0 + values["livelihood.spread_growth"] * float(columns.log_of(mean / start))


def county_offsets(frame: Frame, values: ParameterValues, places: int = 0) -> F64:
    """Log income offset of each county, shape (counties,).

    Args:
        frame: county table and population seed.
        values: parameter values of the draw.
        places: number of the draw's own places; another one, and what is not known is another.
    """
    table, people = frame.counties, _people(frame.counties)
    spread = spread_of(values, KNOWN_YEAR)
    expected = expected_offsets(table, values)
    # Log of mean income in KNOWN_YEAR / the province's, as expected and as drawn.
    before = spread * expected + _beside(frame, values)
    before -= _log(_sum(people * columns.exp(before)) / _sum(people))
    prefectures = np.asarray(table.code, np.int64) // 100 * 100
    of_prefecture = spread * values["livelihood.prefecture_sd"]
    of_county = spread * values["livelihood.county_sd"]
    drawn = (
        before
        + of_prefecture * _luck(frame, places, "prefecture", prefectures)
        + of_county * _luck(frame, places, "county", np.asarray(table.code, np.int64))
    )
    seen, error = _observed_counties(frame, values, places)
    means = _observed_prefectures(frame, values, places)
    for prefecture in range(len(table.prefectures_en)):
        here = (np.asarray(table.prefecture) == prefecture) & (table.registered_rural > 0)
        rows = np.flatnonzero(here)
        law = _Law(drawn[rows], of_prefecture**2 + of_county**2 * np.eye(rows.size))
        for place in np.flatnonzero(np.isfinite(seen[rows])):
            law.observe(np.eye(rows.size)[place], seen[rows[place]] - law.x[place], error)
        yuan = people[rows] * columns.exp(law.x)
        mean = _log(_sum(yuan) / _sum(people[rows]))
        law.observe(
            yuan / _sum(yuan),
            means[prefecture] - mean,
            values["livelihood.prefecture_income_error"],
        )
        drawn[rows] = law.x
    return np.asarray(expected + (drawn - before) / spread)


class _Law:
    """Normal deviates x with a covariance, as observations come in."""

    def __init__(self, x: F64, covariance: F64) -> None:
        self.x, self._covariance = x, covariance

    def observe(self, weights: F64, surprise: float, error: float) -> None:
        """A weighted sum of x was `surprise` more than it is; `error` is its standard deviation."""
        pull = (self._covariance * weights).sum(axis=1)
        variance = _sum(pull * weights) + error**2
        if variance > 0.0:
            self.x = self.x + pull * (surprise / variance)
            self._covariance = self._covariance - np.outer(pull, pull) / variance


def expected_offsets(table: CountyTable, values: ParameterValues) -> F64:
    """Offset of each county by key status and census columns alone, (counties,).

    Key counties lie `key_county_gap` below the others. Within both groups counts an index of four
    census columns: schooling, piped water, residents per registered person, and minus the share
    of workers in farming.
    """
    people = _people(table)
    staying = np.minimum(np.asarray(table.residents, np.float64) / np.maximum(table.hukou, 1), 1.0)
    index = (
        _standardised(table.mean_school_years, people)
        + _standardised(table.piped_water, people)
        + _standardised(staying, people)
        - _standardised(table.primary_share, people)
    )
    key = np.asarray(table.key) > 0
    for group in (key, ~key):  # the gap between the groups is a parameter of its own
        index[group] -= np.average(index[group], weights=people[group])
    index = _standardised(index, people)
    return np.asarray(
        values["livelihood.county_covariate"] * index - values["livelihood.key_county_gap"] * key
    )


def _beside(frame: Frame, values: ParameterValues) -> F64:
    """Log income of KNOWN_YEAR that a county owes to its people and weather, (counties,).

    Schooling, migrants and drought act on households; here stand means of the county table, which
    are the same in every sample.
    """
    c = frame.counties
    spread = spread_of(values, KNOWN_YEAR)
    return_ = values["livelihood.schooling_return"]
    schooling = spread * return_ * (np.asarray(c.mean_school_years) - _MEAN_SCHOOLING)
    migrants = _gain_of_migrants(values) * np.asarray(c.migrant_share, np.float64)
    terrain = np.asarray(c.terrain, np.int64)
    watered = np.array([figure(f"irrigation.{name}") for name in TERRAINS])[terrain]
    loss = weather.recorded_loss(values)[weather.HISTORY.index(KNOWN_YEAR)][terrain]
    spared = (1.0 - values["livelihood.irrigation_saves"] * watered) * (1.0 - c.migrant_share)
    return np.asarray(
        schooling + migrants + columns.log(1.0 - loss * weather.farm_share(frame, values) * spared)
    )


def _gain_of_migrants(values: ParameterValues) -> float:
    """Log income that one migrant a person would add: what is sent less what is forgone."""
    pay = values["livelihood.migrant_months"] * values["livelihood.migrant_wage"]
    sent = pay * values["livelihood.migrant_remitted"]
    forgone = values["livelihood.home_forgone"] * figure("compare.persons_per_labourer")
    return sent / values.dated("official.mean_income", KNOWN_YEAR) - forgone


def _observed_counties(frame: Frame, values: ParameterValues, places: int) -> tuple[F64, float]:
    """Log of known incomes / the province's, errors included, (counties,), NaN where unknown."""
    table, error = frame.counties, values["livelihood.county_income_error"]
    known = np.asarray(table.net_income) > 0
    yuan = np.where(known, table.net_income, 1.0)
    seen = columns.log(yuan / values.dated("official.mean_income", KNOWN_YEAR)).astype(np.float64)
    luck = _luck(frame, places, "county income", np.asarray(table.code, np.int64))
    return np.where(known, seen + error * luck, np.nan), error


def _observed_prefectures(frame: Frame, values: ParameterValues, places: int) -> F64:
    """Log of the prefectures' mean incomes / the province's, errors included, (prefectures,)."""
    table = frame.counties
    yuan = np.array([values[f"prefectures.{name.lower()}"] for name in table.prefectures_en])
    first = np.unique(np.asarray(table.prefecture), return_index=True)[1]
    luck = _luck(
        frame, places, "prefecture income", np.asarray(table.code, np.int64)[first] // 100 * 100
    )
    seen = columns.log(yuan / values.dated("official.mean_income", KNOWN_YEAR)).astype(np.float64)
    return np.asarray(seen + values["livelihood.prefecture_income_error"] * luck)


def _luck(frame: Frame, places: int, what: str, codes: I64) -> F64:
    name = f"places/{places}/{what}"
    return randomness.normals(frame.seed, name, codes * _IDS).astype(np.float64)


def _people(table: CountyTable) -> F64:
    return np.maximum(np.asarray(table.registered_rural, np.float64), 1.0)


def _standardised(column: npt.NDArray[np.floating], weights: F64) -> F64:
    x = np.asarray(column, np.float64)
    mean = np.sum(weights * x) / np.sum(weights)
    spread = np.sqrt(np.sum(weights * (x - mean) ** 2) / np.sum(weights))
    return np.asarray((x - mean) / spread)


def _sum(x: F64) -> float:
    return math.fsum(x.tolist())


def _log(number: float) -> float:
    return float(columns.log_of(number))
