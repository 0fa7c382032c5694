"""Invented outlines of the demo city's counties, for maps: nearest-centre regions with weathered borders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

from xingtan.domains.directory.demo_places import CITY_CENTRE, COUNTIES, DIRECT_CODE

Point = tuple[float, float]
"""Longitude and latitude in WGS 84 degrees, the order of GeoJSON."""

_OUTLINE = (
    (0.72, 0.05), (0.66, 0.30), (0.45, 0.52), (0.20, 0.60), (-0.08, 0.56), (-0.33, 0.63), (-0.58, 0.46), (-0.68, 0.20),
    (-0.62, -0.06), (-0.70, -0.30), (-0.50, -0.52), (-0.24, -0.57), (0.04, -0.66), (0.32, -0.58), (0.55, -0.47),
    (0.64, -0.22),
)  # fmt: skip
"""The city's border, counter-clockwise, in degrees east and north of its centre."""
_BORDER_STEPS = 4
_BORDER_SWAY = 0.1


def county_shapes(codes: Iterable[str] | None = None) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of the counties, or of those with these codes; properties `code` and `name`.

    Neighbours share every point of their border, so the map has neither gaps nor overlaps. 市直属学校 has no area.
    """
    wanted = set(_rings()) if codes is None else set(codes)
    features = [
        {
            "type": "Feature",
            "properties": {"code": county.code, "name": county.name},
            "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in _rings()[county.code]]]},
        }
        for county in COUNTIES
        if county.code in wanted and county.code in _rings()
    ]
    return {"type": "FeatureCollection", "features": features}


def lies_in(code: str, lon: float, lat: float) -> bool:
    """Whether a point lies inside of a county (even-odd rule)."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(_rings()[code]):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@cache
def _rings() -> dict[str, tuple[Point, ...]]:
    centres = {county.code: (county.centre[1], county.centre[0]) for county in COUNTIES if county.code != DIRECT_CODE}
    rings = {}
    for code, centre in centres.items():
        others = [other for name, other in centres.items() if name != code]
        rings[code] = tuple(_weathered(_nearest_region(centre, others)))
    return rings


def _nearest_region(centre: Point, others: Iterable[Point]) -> list[Point]:
    """The part of the city nearer to `centre` than to any other: its outline cut by every perpendicular bisector."""
    region = [(CITY_CENTRE[1] + east, CITY_CENTRE[0] + north) for east, north in _OUTLINE]
    for other in others:
        towards = (other[0] - centre[0], other[1] - centre[1])
        limit = (other[0] ** 2 + other[1] ** 2 - centre[0] ** 2 - centre[1] ** 2) / 2
        region = _cut(region, towards, limit)
    return [(round(x, 6), round(y, 6)) for x, y in region]


def _cut(region: list[Point], normal: Point, limit: float) -> list[Point]:
    """What lies on the side `normal` · point <= limit (Sutherland and Hodgman's clipping)."""
    kept: list[Point] = []
    for start, end in zip(region, region[1:] + region[:1], strict=True):
        before = normal[0] * start[0] + normal[1] * start[1] - limit
        after = normal[0] * end[0] + normal[1] * end[1] - limit
        if before <= 0:
            kept.append(start)
        if (before < 0 < after) or (after < 0 < before):
            share = before / (before - after)
            kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
    return kept


def _weathered(ring: list[Point]) -> list[Point]:
    """The closed ring with bends in each side. A side bends alike seen from either of its two counties."""
    points: list[Point] = []
    for start, end in zip(ring, ring[1:] + ring[:1], strict=True):
        if start == end:
            continue
        low, high = min(start, end), max(start, end)
        side = [low]
        for step in range(1, _BORDER_STEPS):
            share = step / _BORDER_STEPS
            sway = _sway(low, high, step)
            x, y = high[0] - low[0], high[1] - low[1]
            side.append((round(low[0] + share * x - sway * y, 6), round(low[1] + share * y + sway * x, 6)))
        side.append(high)
        points.extend((side if start == low else side[::-1])[:-1])
    return [*points, points[0]]


def _sway(low: Point, high: Point, step: int) -> float:
    digest = hashlib.sha256(f"{low} {high} {step}".encode()).digest()
    return (digest[0] / 255 - 0.5) * 2 * _BORDER_SWAY
