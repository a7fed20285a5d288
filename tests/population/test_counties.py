"""The county table: what the document and the census fix, and the rules that fill the rest."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from fupin import paths
from fupin.population.assumptions import GRADES, figures
from fupin.population.counties import (
    TERRAINS,
    county_table,
    inferred_terrain,
    registered_rural_people,
)


def row(c, code: int) -> int:
    return int(np.flatnonzero(c.code == code)[0])


def test_units_and_key_counties_are_the_documents(c):
    assert len(c) == 172 and (np.diff(c.code) > 0).all()
    assert len(c.prefectures_en) == len(c.prefectures_zh) == 11
    assert (c.key == 2).sum() == 40 and (c.key == 1).sum() == 12
    three = c.within("named_prefectures")
    assert ((c.key > 0) & three).sum() == 25
    for status, code in (("national", 2), ("provincial", 1), ("none", 0)):
        assert [s == status for s in c.key_status] == (c.key == code).tolist()
    assert [(k > 0) == bool(x) for k, x in zip(c.key, c.key_confidence, strict=True)]


def test_known_units(c):
    kangbao = row(c, 130723)
    assert c.name_zh[kangbao] == "康保县" and c.prefecture_en[kangbao] == "Zhangjiakou"
    assert c.residents[kangbao] == 204_975 and c.hukou[kangbao] == 279_448
    assert c.household_size[kangbao] == 2.93 and c.piped_water[kangbao] == pytest.approx(0.3430)
    assert TERRAINS[c.terrain[kangbao]] == "plateau" and not c.terrain_inferred[kangbao]
    # Two counties are both Weixian, told apart by code.
    assert [i for i, n in enumerate(c.name_en) if n == "Weixian"] == [
        row(c, 130434),
        row(c, 130533),
    ]


def test_listed_villages_exact_and_only_in_key_counties(c):
    three = c.within("named_prefectures")
    assert c.listed_villages.sum() == 7102
    assert c.listed_villages[three].sum() == 2804
    assert (c.listed_villages[c.key == 0] == 0).all()
    assert (c.listed_villages <= c.villages).all()
    # About 36% and 45% of committees in key counties of the three prefectures and elsewhere.
    key = c.key > 0
    for part, share in ((key & three, 0.37), (key & ~three, 0.45)):
        listed = c.listed_villages[part].sum() / c.villages[part].sum()
        assert listed == pytest.approx(share, abs=0.02)
    # A plateau county lists a larger part of its villages than a basin county.
    share = c.listed_villages / np.maximum(c.villages, 1)
    assert share[row(c, 130723)] > share[row(c, 130727)]


def test_rural_base_sums_exactly(c):
    assert c.registered_rural.sum() == 51_000_000
    assert c.registered_households.sum() == 14_500_000
    no_rural = c.rural_residents == 0
    assert no_rural.sum() == 7
    for column in (c.registered_rural, c.registered_households, c.villages):
        assert ((column == 0) == no_rural).all()
    assert (c.registered_rural <= c.hukou).all()
    size = c.registered_rural[~no_rural] / c.registered_households[~no_rural]
    assert size.min() > 2.5 and size.max() < 4.5
    assert np.corrcoef(size, c.household_size[~no_rural])[0, 1] > 0.999


def test_one_exponent_gives_the_rural_base(c):
    people, theta = registered_rural_people(c.hukou, c.residents, c.rural_residents, 51_000_000)
    assert (people == c.registered_rural).all()
    assert theta == pytest.approx(0.546, abs=0.001)
    rural = c.rural_residents > 0
    by_hand = c.hukou[rural] * (c.rural_residents[rural] / c.residents[rural]) ** theta
    assert np.abs(by_hand - people[rural]).max() < 1.5
    # The base lies between rural residents' share of the registered and all registered.
    assert people.sum() > (c.hukou[rural] * c.rural_residents[rural] / c.residents[rural]).sum()


def test_villages_about_forty_eight_thousand_with_gaps_filled(c):
    assert abs(c.villages.sum() - 48_000) < 500
    assert c.villages[row(c, 130131)] == 717  # Pingshan, counted
    # A pool keeps its sum: Handan's four units have 108 + 72 + 41 committees.
    pool = [row(c, code) for code in (130402, 130403, 130404, 130421)]
    assert c.villages[pool].sum() == 221 and c.villages[pool[1]] == 0
    # Renxian: rural residents per village of its prefecture.
    assert 90 < c.villages[row(c, 130526)] < 320 and c.villages_inferred[row(c, 130526)]


def test_migrants_follow_the_shortfall_of_residents(c):
    assert c.migrant_share.min() == pytest.approx(0.05)
    assert c.migrant_share.max() <= 0.35
    kangbao = row(c, 130723)
    assert c.migrant_share[kangbao] == pytest.approx(0.05 + 1 - 204_975 / 279_448)


def test_inferred_terrain_is_plausible(c):
    assert inferred_terrain("Handan", "county", 113.73, 36.59) == "mountain"  # Shexian
    assert inferred_terrain("Tangshan", "city", 117.94, 40.13) == "mountain"  # Zunhua
    assert inferred_terrain("Langfang", "county", 116.28, 39.35) == "plain"  # Gu'an
    assert inferred_terrain("Zhangjiakou", "county", 115.62, 40.34) == "basin"  # Huailai
    assert c.terrain_inferred.sum() == 120


def test_no_gaps_and_read_only(c):
    for name in ("area_km2", "primary_share", "piped_water", "mean_school_years", "lon", "lat"):
        column = getattr(c, name)
        assert np.isfinite(column).all() and (column > 0).all()
    with pytest.raises(ValueError, match="read-only"):
        c.residents[0] = 1


def test_every_column_and_figure_has_unit_source_grade():
    with (paths.population_data() / "counties.yaml").open(encoding="utf-8") as file:
        about = yaml.safe_load(file)
    with (paths.population_data() / "counties.csv").open(encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    assert list(about["columns"]) == columns
    for entry in [*about["columns"].values(), *about["derived"].values()]:
        assert entry.keys() == {"meaning", "unit", "source", "grade"}
        assert entry["grade"] in GRADES and entry["source"] and entry["unit"]
    table = county_table()
    noted = about["rows"]
    assert set(noted) <= set(table.code.tolist())
    # All twelve provincial key counties, whose list is inferred, say how sure they are.
    for unit in np.flatnonzero(table.key == 1):
        how_sure = f"provincial, {table.key_confidence[unit]} confidence"
        assert how_sure in noted[int(table.code[unit])]
    assert all(f.unit and f.source and f.grade in GRADES for f in figures().values())
