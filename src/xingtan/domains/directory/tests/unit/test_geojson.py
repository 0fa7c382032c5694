"""Reading GeoJSON strictly, and thinning outlines out without opening gaps between neighbours."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.domains.directory.services import geojson
from xingtan.domains.directory.services.geojson import GeoJsonError, read_features, simplify

RING = [[114.0, 30.0], [115.0, 30.0], [115.0, 31.0], [114.0, 31.0], [114.0, 30.0]]


def file(*geometries: Any, properties: Any = None) -> bytes:
    features = [{"type": "Feature", "properties": properties or {"code": "A"}, "geometry": g} for g in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_polygons_and_multipolygons_are_read() -> None:
    first, second = read_features(file(polygon(RING), {"type": "MultiPolygon", "coordinates": [[RING], [RING]]}))
    assert (len(first.polygons), len(second.polygons)) == (1, 2)
    assert first.properties == {"code": "A"} and first.number == 1
    assert first.polygons[0][0].tolist() == RING


def test_height_is_dropped_and_a_byte_order_mark_is_no_fault() -> None:
    (feature,) = read_features(b"\xef\xbb\xbf" + file(polygon([[*point, 12.5] for point in RING])))
    assert feature.polygons[0][0].tolist() == RING


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b"null", b"\xff\xfe\x00", b'{"type": "FeatureCollection"}', b'{"type": "FeatureCollection", "features": []}',
        b'{"type":"FeatureCollection","features":[1]}', b"[" * 100_000, b"\x1f\x8b\x08gzip",
        file({"type": "Point", "coordinates": [1, 2]}), file({"type": "LineString", "coordinates": RING}), file(None),
        file({"type": "GeometryCollection", "geometries": []}), file(polygon()), file(polygon([])), file(polygon(None)),
        file(polygon(RING[:-1])), file(polygon(RING[:2] + RING[:1])), file(polygon([["114", "30"]] * 4)),
        file(polygon([[114, 30], [115], [115, 31], [114, 30]])), file(polygon([[114, 30, 1, 2]] * 4)),
        file(polygon([[200, 30], [115, 30], [115, 31], [200, 30]])), file(polygon([[114, 95], [115, 30], [115, 31], [114, 95]])),
        file(polygon([[None, 30], [115, 30], [115, 31], [None, 30]])), file(polygon([[True, False]] * 4)),
        file(polygon([[[114, 30]], [[115, 30]], [[115, 31]], [[114, 30]]])),
        file(polygon(RING)).replace(b"114.0", b"NaN"), file(polygon(RING)).replace(b"114.0", b"Infinity"),
        file(polygon(RING)).replace(b"114.0", b"1e999"), file(polygon(RING)).replace(b"114.0", b"9" * 400),
        file(polygon(RING)).replace(b"114.0", b"9" * 5000),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(GeoJsonError) as error:
        read_features(content)
    assert len(str(error.value)) > 5 and "%" not in str(error.value)


def test_a_projected_file_is_told_to_use_degrees() -> None:
    with pytest.raises(GeoJsonError, match="180"):
        read_features(file(polygon([[x * 1e5, y * 1e5] for x, y in RING])))


def test_size_and_number_are_limited(monkeypatch: Any) -> None:
    monkeypatch.setattr(geojson, "MAX_BYTES", 100)
    with pytest.raises(GeoJsonError, match="MB"):
        read_features(file(polygon(RING)) + b" " * 100)
    monkeypatch.setattr(geojson, "MAX_BYTES", 10_000_000)
    monkeypatch.setattr(geojson, "MAX_BRACKETS", 10)
    with pytest.raises(GeoJsonError):
        read_features(file(polygon(RING)))
    monkeypatch.setattr(geojson, "MAX_BRACKETS", 10_000)
    monkeypatch.setattr(geojson, "MAX_FEATURES", 1)
    with pytest.raises(GeoJsonError):
        read_features(file(polygon(RING), polygon(RING)))


def circle(x: float, y: float, radius: float, points: int) -> np.ndarray:
    turn = np.linspace(0, 2 * math.pi, points)
    ring = np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])
    ring[-1] = ring[0]
    return ring


def test_outlines_keep_within_the_budget_and_close_to_where_they_were() -> None:
    area = [[circle(114, 30, 0.5, 50_000)]]
    (thinned,), step = simplify([area], budget=500)
    ring = thinned[0][0]
    assert 50 < len(ring) <= 500
    assert (ring[0] == ring[-1]).all()
    assert abs(np.hypot(ring[:, 0] - 114, ring[:, 1] - 30) - 0.5).max() <= step


def test_a_small_outline_is_kept_as_it_is() -> None:
    (thinned,), step = simplify([[[np.array(RING)]]])
    assert thinned[0][0].tolist() != [] and step == geojson.GRIDS[0]
    assert {tuple(point) for point in thinned[0][0]} == {tuple(point) for point in RING}


def test_a_swarm_of_small_outlines_is_refused_before_it_takes_a_minute() -> None:
    swarm = {"type": "MultiPolygon", "coordinates": [[RING]] * (geojson.MAX_RINGS // 2)}
    assert len(read_features(file(swarm, swarm))) == 2
    with pytest.raises(GeoJsonError, match=str(geojson.MAX_RINGS)):
        read_features(file(swarm, swarm, polygon(RING)))


def test_points_on_a_straight_line_go() -> None:
    many = np.array([[114 + i / 100, 30.0] for i in range(100)] + RING[1:])
    (thinned,), _step = simplify([[[many]]])
    assert len(thinned[0][0]) == 5


def test_an_islet_vanishes_but_an_area_never_does() -> None:
    islet = circle(120, 30, 1e-4, 12)
    (both, alone), _step = simplify([[[circle(114, 30, 0.5, 40_000)], [islet]], [[islet]]], budget=200)
    assert len(both) == 1
    assert len(alone) == 1 and len(alone[0][0]) >= 4


@given(st.lists(st.floats(29.7, 30.3), min_size=3, max_size=300), st.integers(20, 200))
def test_no_gap_opens_between_neighbours(heights: list[float], budget: int) -> None:
    """North and south share a border; however coarse the grid, both keep the same points of it."""
    border = [(100 + i / (len(heights) - 1), height) for i, height in enumerate(heights)]
    north = np.array([*border, (101.0, 32.0), (100.0, 32.0), border[0]])
    south = np.array([*border, (101.0, 28.0), (100.0, 28.0), border[0]])
    (upper, lower), _step = simplify([[[north]], [[south]]], budget=budget)

    def shared(area: list[list[np.ndarray]]) -> set[tuple[float, float]]:
        return {(x, y) for x, y in area[0][0].tolist() if 100 < x < 101}

    assert shared(upper) == shared(lower)
