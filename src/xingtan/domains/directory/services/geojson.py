"""Read a GeoJSON file of areas strictly, and thin its outlines out for drawing. Pure: bytes in, plain data out.

Thinning snaps every point to one grid for the whole file and drops points on straight lines. A point that two
neighbours share goes to the same place in both, so no gap opens between them, as it would if each outline were
simplified by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

MAX_BYTES = 20 * 1024 * 1024
MAX_FEATURES = 2_000
MAX_BRACKETS = 3_000_000
MAX_RINGS = 5_000
"""Each is thinned out by itself, for several grids: 100,000 small ones would take a minute."""
POINT_BUDGET = 12_000
"""Points of all outlines together: more than a screen can show, and about 200 kB as text."""
GRIDS = (1e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2)
"""Degrees; 1e-3 is about 100 m."""
DECIMALS = 6

Ring = npt.NDArray[np.float64]
"""A closed ring, (n, 2): longitude and latitude in degrees."""
Polygon = list[Ring]
"""The outer ring, then its holes."""


class GeoJsonError(Exception):
    """The file is not what a map needs; the message says where and what to do."""


@dataclass(frozen=True)
class Feature:
    """One area of the file. `number` counts from 1, for messages."""

    number: int
    properties: Mapping[str, Any]
    polygons: list[Polygon]


def read_features(content: bytes) -> list[Feature]:
    """All areas of a FeatureCollection; raise `GeoJsonError` naming the first feature that is wrong."""
    if len(content) > MAX_BYTES:
        raise GeoJsonError(_("The file is larger than %d MB.") % (MAX_BYTES // 2**20))
    if content.count(b"[") + content.count(b"{") > MAX_BRACKETS:
        raise GeoJsonError(_("The file holds too many points. Simplify the outlines first."))
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise GeoJsonError(_("The file is not UTF-8 text (byte %d).") % error.start) from error
    except (ValueError, RecursionError) as error:
        raise GeoJsonError(_("The file is not valid JSON: %s") % str(error)[:120]) from error
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise GeoJsonError(_("The file is not a GeoJSON FeatureCollection. Export it as GeoJSON and try again."))
    features = data.get("features")
    if not isinstance(features, list) or not features:
        raise GeoJsonError(_("The file holds no areas."))
    if len(features) > MAX_FEATURES:
        raise GeoJsonError(_("The file holds more than %d areas.") % MAX_FEATURES)
    found = [_feature(number, item) for number, item in enumerate(features, 1)]
    if sum(len(polygon) for feature in found for polygon in feature.polygons) > MAX_RINGS:
        raise GeoJsonError(_("The file holds more than %d outlines and holes. Leave small islands out.") % MAX_RINGS)
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _feature(number: int, item: Any) -> Feature:
    if not isinstance(item, dict) or item.get("type") != "Feature":
        raise GeoJsonError(_("Entry %d is not a Feature.") % number)
    properties = item.get("properties")
    geometry = item.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise GeoJsonError(_("Area %d has no properties or no geometry.") % number)
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        coordinates = [coordinates]
    elif kind != "MultiPolygon":
        raise GeoJsonError(
            _("Area %(number)d is a %(kind)s; only Polygon and MultiPolygon can be shown as an area.")
            % {"number": number, "kind": str(kind)[:40]}
        )
    if not isinstance(coordinates, list) or not coordinates:
        raise GeoJsonError(_("Area %d has no coordinates.") % number)
    polygons: list[Polygon] = []
    for polygon in coordinates:
        if not isinstance(polygon, list) or not polygon:
            raise GeoJsonError(_("Area %d holds a polygon without a ring.") % number)
        polygons.append([_ring(number, ring) for ring in polygon])
    return Feature(number, properties, polygons)


def _ring(number: int, ring: Any) -> Ring:
    try:
        points = np.array(ring)
    except ValueError as error:
        raise GeoJsonError(_("Area %d: a ring mixes points of different length.") % number) from error
    if points.ndim != 2 or points.shape[1] not in (2, 3) or points.dtype.kind not in "if":
        raise GeoJsonError(_("Area %d: a ring is not a list of points made of numbers.") % number)
    points = points[:, :2].astype(np.float64)
    if len(points) < 4 or (points[0] != points[-1]).any():
        raise GeoJsonError(_("Area %d: a ring needs at least four points and must end where it starts.") % number)
    inside = np.isfinite(points).all() and (abs(points[:, 0]) <= 180).all() and (abs(points[:, 1]) <= 90).all()
    if not inside:
        raise GeoJsonError(
            _("Area %d has coordinates outside of longitude ±180, latitude ±90. Use degrees, longitude first.") % number
        )
    return points


def simplify(areas: Sequence[list[Polygon]], budget: int = POINT_BUDGET) -> tuple[list[list[Polygon]], float]:
    """The same areas on the finest grid that keeps all outlines within `budget` points, and the grid's step in degrees.

    Parts smaller than a step vanish; an area keeps at least its longest ring.
    """
    thinned: list[list[Polygon]] = []
    for step in GRIDS:
        thinned = [_snap(area, step) for area in areas]
        if sum(count_points(area) for area in thinned) <= budget:
            return thinned, step
    return thinned, GRIDS[-1]


def _snap(area: list[Polygon], step: float) -> list[Polygon]:
    kept: list[Polygon] = []
    for polygon in area:
        outline, *holes = (_thin(ring, step) for ring in polygon)
        if len(outline):
            kept.append([outline, *(hole for hole in holes if len(hole))])
    if kept:
        return kept
    longest = max((polygon[0] for polygon in area), key=len)
    return [[np.round(longest, DECIMALS)]]


def _thin(ring: Ring, step: float) -> Ring:
    """The ring on the grid without repeated points and points on straight lines; empty when nothing is left of it."""
    cells = np.round(ring / step).astype(np.int64)[:-1]
    while len(cells) >= 3:
        fresh = cells[(cells != np.roll(cells, 1, axis=0)).any(axis=1)]
        before, after = np.roll(fresh, 1, axis=0) - fresh, np.roll(fresh, -1, axis=0) - fresh
        turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
        if len(fresh) == len(cells) and turns.all():
            break
        cells = fresh[turns]
    if len(cells) < 3:
        return np.zeros((0, 2))
    thinned: Ring = np.round(np.vstack([cells, cells[:1]]) * step, DECIMALS)
    return thinned


def count_points(area: list[Polygon]) -> int:
    return sum(len(ring) for polygon in area for ring in polygon)


def geometry(area: list[Polygon]) -> dict[str, Any]:
    """The GeoJSON geometry of an area."""
    polygons = [[ring.tolist() for ring in polygon] for polygon in area]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}
