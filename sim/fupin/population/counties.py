"""The county-level units of the province, with what follows from the census by rule.

`data/counties.csv` holds what was counted or classified, `data/counties.yaml` says where each
column comes from; this module fills what is missing and derives the registered rural base.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import paths
from fupin.parameters.province import province
from fupin.population.apportion import F64, I64, apportion, power
from fupin.population.assumptions import count, figure
from fupin.population.regions import region

TERRAINS = ("plain", "basin", "mountain", "plateau")
INCOME_COLUMN = f"net_income_{province().document_year}"
"""Column of the county file that holds known net incomes."""
KEY_STATUSES = ("none", "provincial", "national")


@dataclass(frozen=True)
class CountyTable:
    """A row a unit, ordered by code; every array has shape (counties,).

    Shares lie in 0..1. Counts of the census are persons or households of November 2010.
    """

    code: npt.NDArray[np.int32]  # six digits, GB/T 2260
    name_en: list[str]
    name_zh: list[str]
    prefecture_en: list[str]
    prefecture_zh: list[str]
    prefecture: npt.NDArray[np.int8]  # index into prefectures_en
    prefectures_en: list[str]  # 11, in the order of codes
    prefectures_zh: list[str]
    kind: list[str]  # district / county / city
    key_status: list[str]  # national / provincial / none
    key: npt.NDArray[np.int8]  # 2 national, 1 provincial, 0 none
    key_confidence: list[str]  # high ... low, empty for other counties
    terrain: npt.NDArray[np.int8]  # index into TERRAINS
    terrain_inferred: npt.NDArray[np.bool_]  # by rule, not by classification
    lon: F64  # a point inside the unit, WGS84 degrees
    lat: F64
    area_km2: F64  # measured for key counties, else by rule
    remoteness: npt.NDArray[np.float32]  # 0..1, by terrain
    residents: I64
    hukou: I64  # registered persons of all kinds
    rural_residents: I64
    households: I64  # family households, town and country
    household_size: F64
    share_0_14: F64
    share_65plus: F64
    mean_school_years: F64
    primary_share: F64  # of workers, in farming, forestry and fishing
    piped_water: F64  # share of dwellings
    villages: I64  # administrative villages
    villages_inferred: npt.NDArray[np.bool_]
    listed_villages: I64
    registered_rural: I64  # persons
    registered_households: I64  # rural
    net_income: F64  # yuan per rural person in the document's year, 0 where not known
    migrant_share: F64  # of registered rural persons, away at least half a year
    old_base: npt.NDArray[np.bool_]
    minority: npt.NDArray[np.bool_]
    border: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return self.code.size

    def within(self, name: str) -> npt.NDArray[np.bool_]:
        """Units that belong to a part of the province (`data/regions.yaml`), (counties,)."""
        part = region(name)
        return np.isin(self.prefecture_en, part.prefectures) | np.isin(self.name_en, part.counties)


def county_rows() -> list[dict[str, str]]:
    """Rows of the county file as they stand there, in the order of codes."""
    with (paths.population_data() / "counties.csv").open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: int(row["code"]))


def _integers(rows: list[dict[str, str]], column: str) -> I64:
    return np.array([int(row[column] or -1) for row in rows], np.int64)


def _floats(rows: list[dict[str, str]], column: str) -> F64:
    return np.array([float(row[column] or "nan") for row in rows])


def inferred_terrain(prefecture: str, kind: str, lon: float, lat: float) -> str:
    """Terrain of a unit that nobody classified: a rule on prefecture and point.

    Prefectures of `regions.yaml` have a terrain of their own: Chengde is mountain, Zhangjiakou
    (below the plateau) basin. Elsewhere counties and cities north of a latitude (Yanshan) and all
    units west of a longitude (Taihang) are mountain; all else is plain.
    """
    for terrain in ("mountain", "basin"):
        if prefecture in region(f"terrain.{terrain}").prefectures:
            return terrain
    north = kind != "district" and lat > figure("terrain.mountain_north_of")
    return "mountain" if north or lon < figure("terrain.mountain_west_of") else "plain"


def _villages(
    rows: list[dict[str, str]], rural: I64, prefecture: I64
) -> tuple[I64, npt.NDArray[Any]]:
    """Administrative villages of each unit, and which of them were filled by rule.

    Committees were listed in 2023. Units whose borders changed since 2009 form a pool: its
    committees are shared by rural residents. Units still without a count get the rural residents
    per village of their prefecture. A unit without rural people has none.
    """
    listed = _integers(rows, "village_committees")
    result = np.where(rural > 0, listed, 0)
    inferred = np.zeros(rural.size, bool)
    pools = np.array([row["village_pool"] for row in rows])
    for name in sorted(set(pools) - {""}):
        members = np.flatnonzero(pools == name)
        total = int(np.maximum(listed[members], 0).sum())
        some = (rural[members] > 0).astype(np.int64)
        result[members] = apportion(rural[members], total, lower=some)
        inferred[members] = True
    for unit in np.flatnonzero(result < 0):
        known = (prefecture == prefecture[unit]) & (result > 0)
        per_village = rural[known].sum() / result[known].sum()
        result[unit] = max(1, round(rural[unit] / per_village))
        inferred[unit] = True
    return result, inferred


def registered_rural_people(
    hukou: I64, residents: I64, rural: I64, total: int
) -> tuple[I64, float]:
    """Registered rural people of each unit, and the exponent that makes them sum to `total`.

    The census counts rural *residents*; the rural *registered* also live in towns and far away.
    Rule: hukou x (rural residents / residents) ** theta, one theta for the province (1 would
    take the resident share as it is, 0 would call everyone rural); largest remainders.
    """
    share = np.where(rural > 0, rural / residents, 0.0)
    weight, theta = hukou.astype(np.float64), 0.0
    weight[rural == 0] = 0.0
    for digit in range(1, 41):  # binary digits of theta, greedy: the sum falls as theta grows
        trial = weight * power(share, 2.0**-digit)
        if math.fsum(trial) >= total:
            weight, theta = trial, theta + 2.0**-digit
    return apportion(weight, total), theta


def _listed_villages(
    villages: I64, key: npt.NDArray[Any], part: F64, terrain: I64, three: I64
) -> I64:
    """Listed villages of each unit: committees x terrain within the key counties."""
    terrain_weight = np.array([figure(f"listing.{name}") for name in TERRAINS])[terrain]
    weight = np.where(key > 0, villages * part * terrain_weight, 0.0)
    inside = count("province.listed_three_prefectures")
    totals = np.array([count("province.listed_villages") - inside, inside])
    ceiling = np.floor(villages * np.where(key > 0, part, 0.0)).astype(np.int64)
    return apportion(weight, totals, three, upper=ceiling)


def _area(measured: F64, villages: I64, terrain: I64) -> F64:
    """Area in km2; where it was not measured, villages x the mean area of a village by terrain."""
    known = np.isfinite(measured)
    result = measured.copy()
    for code in range(len(TERRAINS)):
        here = known & (terrain == code)
        per_village = math.fsum(measured[here]) / villages[here].sum()
        fill = ~known & (terrain == code)
        result[fill] = np.maximum(villages[fill], 10) * per_village
    return result


def _fill_with_prefecture_mean(column: F64, prefecture: I64, workers: I64) -> F64:
    result = column.copy()
    for unit in np.flatnonzero(~np.isfinite(column)):
        known = (prefecture == prefecture[unit]) & np.isfinite(column)
        result[unit] = math.fsum(column[known] * workers[known]) / workers[known].sum()
    return result


@cache
def county_table() -> CountyTable:
    """The county table, read and completed once per process; its arrays are read-only."""
    rows = county_rows()
    names = [row["prefecture_en"] for row in rows]
    prefectures = list(dict.fromkeys(names))
    prefecture = np.array([prefectures.index(name) for name in names], np.int64)
    residents, hukou = _integers(rows, "residents"), _integers(rows, "hukou")
    rural, households = _integers(rows, "rural_residents"), _integers(rows, "households")
    size = _floats(rows, "household_size")
    key = np.array([KEY_STATUSES.index(row["key_status"]) for row in rows], np.int8)
    terrain = np.array(
        [
            TERRAINS.index(
                row["terrain"]
                or inferred_terrain(
                    row["prefecture_en"], row["kind"], float(row["lon"]), float(row["lat"])
                )
            )
            for row in rows
        ],
        np.int64,
    )
    by_terrain = np.array([figure(f"remoteness.{name}") for name in TERRAINS], np.float32)
    is_district = np.array([row["kind"] == "district" for row in rows])
    villages, villages_inferred = _villages(rows, rural, prefecture)
    part = np.nan_to_num(_floats(rows, "key_area_share"), nan=0.0)
    three = np.isin(names, region("named_prefectures").prefectures).astype(np.int64)
    people, _ = registered_rural_people(hukou, residents, rural, count("province.registered_rural"))
    shortfall = np.clip(1.0 - residents / hukou, 0.0, figure("migration.most"))
    table = CountyTable(
        code=np.array([int(row["code"]) for row in rows], np.int32),
        name_en=[row["name_en"] for row in rows],
        name_zh=[row["name_zh"] for row in rows],
        prefecture_en=names,
        prefecture_zh=[row["prefecture_zh"] for row in rows],
        prefecture=prefecture.astype(np.int8),
        prefectures_en=prefectures,
        prefectures_zh=list(dict.fromkeys(row["prefecture_zh"] for row in rows)),
        kind=[row["kind"] for row in rows],
        key_status=[row["key_status"] for row in rows],
        key=key,
        key_confidence=[row["key_confidence"] for row in rows],
        terrain=terrain.astype(np.int8),
        terrain_inferred=np.array([not row["terrain"] for row in rows]),
        lon=_floats(rows, "lon"),
        lat=_floats(rows, "lat"),
        area_km2=_area(_floats(rows, "area_km2"), villages, terrain),
        remoteness=np.where(
            is_district, np.float32(figure("remoteness.district")), by_terrain[terrain]
        ).astype(np.float32),
        residents=residents,
        hukou=hukou,
        rural_residents=rural,
        households=households,
        household_size=size,
        share_0_14=_floats(rows, "share_0_14"),
        share_65plus=_floats(rows, "share_65plus"),
        mean_school_years=_floats(rows, "mean_school_years"),
        primary_share=_fill_with_prefecture_mean(
            _floats(rows, "primary_share"), prefecture, residents
        ),
        piped_water=_floats(rows, "piped_water"),
        villages=villages,
        villages_inferred=villages_inferred,
        listed_villages=_listed_villages(villages, key, part, terrain, three),
        registered_rural=people,
        registered_households=apportion(people / size, count("province.registered_households")),
        net_income=np.nan_to_num(_floats(rows, INCOME_COLUMN)),
        migrant_share=figure("migration.base") + shortfall,
        old_base=_integers(rows, "old_base") > 0,
        minority=_integers(rows, "minority") > 0,
        border=_integers(rows, "border") > 0,
    )
    for column in vars(table).values():
        if isinstance(column, np.ndarray):
            column.setflags(write=False)
    return table
