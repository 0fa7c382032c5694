"""The demo city: one seed is one city, and it is a city that could be."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from math import cos, hypot, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingtan.domains.directory import api
from xingtan.domains.directory.demo import SIZES, DemoCity, build_city, county_shapes, load_units
from xingtan.domains.directory.demo_places import COUNTIES, DIVISIONS, numeral
from xingtan.domains.directory.demo_shapes import lies_in
from xingtan.domains.directory.models import OrgUnit
from xingtan.domains.directory.types import AreaType, OrgKind, OrgUnitRow, Stage
from xingtan.platform.orgscope.actor import Actor

SEEDS = st.integers(min_value=0, max_value=2**32)


def _schools(city: DemoCity, day: date | None = None) -> list[OrgUnitRow]:
    return [row for row in city.rows_on(day or date(2026, 12, 31)).values() if row.kind == OrgKind.SCHOOL]


@given(seed=SEEDS, size=st.sampled_from(["school", "county"]))
@settings(max_examples=20, deadline=None)
def test_same_seed_same_city(seed: int, size: str) -> None:
    assert build_city(size, seed) == build_city(size, seed)
    assert build_city(size, seed).fingerprint() != build_city(size, seed + 1).fingerprint()


def test_another_process_with_another_hash_seed_builds_the_same_city() -> None:
    program = (
        "import django; django.setup(); from xingtan.domains.directory.demo import build_city;"
        "print(build_city('county', 7).fingerprint())"
    )
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "DJANGO_SETTINGS_MODULE": "xingtan.config.settings"},
        )  # fmt: skip
        assert done.stdout.strip() == build_city("county", 7).fingerprint()


def test_sizes() -> None:
    counts = {size: len(_schools(build_city(size), build_city(size).start)) for size in SIZES}
    assert counts["school"] < 15
    assert 110 <= counts["county"] <= 130
    assert 850 <= counts["city"] <= 950
    assert counts["million"] == 10_000
    assert [len(build_city(size).counties) for size in SIZES] == [1, 3, 11, 11]
    assert build_city("county").years == (2024, 2025, 2026)
    assert len(build_city("million").years) == 10
    with pytest.raises(ValueError, match="size 'town' is not one of"):
        build_city("town")


@given(seed=SEEDS, size=st.sampled_from(["school", "county"]))
@settings(max_examples=20, deadline=None)
def test_organisations_are_plausible(seed: int, size: str) -> None:
    city = build_city(size, seed)
    rows = city.rows_on(date(2026, 12, 31))
    codes = [row.code for step in city.steps[:1] for row in step.rows]
    assert len(set(codes)) == len(codes)
    for row in rows.values():
        assert not row.parent_code or row.parent_code in rows
        if row.kind == OrgKind.SCHOOL:
            assert len(row.code) == 10
            assert row.code.isdigit()
            assert row.code[2:6] == "96" + row.parent_code[-2:]
            assert row.stage in Stage.values
            assert row.area_type in AreaType.values
        assert row.lat is not None
        assert row.lon is not None
        assert 29.5 < row.lat < 31.5
        assert 112.0 < row.lon < 114.0
    names = [row.name for row in _schools(city)]
    assert {name for name in names if names.count(name) > 1} == {"柳林镇石桥小学"}


def test_a_school_lies_in_its_own_county() -> None:
    city = build_city("city", 3)
    shaped = {feature["properties"]["code"] for feature in county_shapes()["features"]}
    schools = [row for row in _schools(city) if row.parent_code in shaped]
    assert len(schools) > 800
    for row in schools:
        around = [code for code in shaped if lies_in(code, row.lon or 0, row.lat or 0)]
        assert around == [row.parent_code], row


def test_shapes_share_their_borders() -> None:
    features = county_shapes()["features"]
    assert [f["properties"]["code"] for f in features] == [c.code for c in COUNTIES if c.code != "960101"]
    edges: dict[tuple[float, ...], int] = {}
    for feature in features:
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) > 0, "GeoJSON rings turn left"
        for start, end in pairwise(ring):
            edges[*start, *end] = edges.get((*start, *end), 0) + 1
    assert set(edges.values()) == {1}
    outer = [edge for edge in edges if edge[2:] + edge[:2] not in edges]
    # What is not shared is the border of the city: one closed line, each of its points left as often as reached.
    assert sorted(edge[:2] for edge in outer) == sorted(edge[2:] for edge in outer)
    assert len(outer) < len(edges) / 2
    assert county_shapes(["960121"])["features"] == [f for f in features if f["properties"]["code"] == "960121"]


@pytest.mark.parametrize("size", ["school", "county"])
def test_history(size: str) -> None:
    city = build_city(size)
    before, after = city.rows_on(city.start), city.rows_on(date(2026, 12, 31))
    renamed = [after[code].name for code, row in before.items() if after[code].name != row.name]
    assert "清河县第二初级中学" in renamed
    status = {row.name: row.status for row in after.values()}
    assert status["柳林镇河湾小学"] == "closed"
    assert status["柳林镇上湾教学点"] == "paused"
    reporters = {row.code for row in city.reporters(2026)}
    for closed, successor in city.merged.items():
        assert after[closed].status == "closed"
        assert successor in reporters
        assert closed not in reporters
    assert city.principal in reporters
    assert not city.by_campus & reporters
    assert {row.parent_code for row in city.reporters(2026) if row.kind == OrgKind.CAMPUS} == city.by_campus


def test_the_doubled_name_is_near_by() -> None:
    twins = [row for row in _schools(build_city("school")) if row.name == "柳林镇石桥小学"]
    (lat1, lon1), (lat2, lon2) = [(row.lat or 0, row.lon or 0) for row in twins]
    metres = hypot(lat1 - lat2, (lon1 - lon2) * cos(radians(lat1))) * 111_195
    assert 10 < metres < 110


def test_division_codes_are_given_anew(db: None, system: Actor) -> None:
    api.divisions_load(actor=system, rows=DIVISIONS)
    before, after = date(2021, 4, 8), date(2021, 4, 9)
    names = {
        (code, day): api.division_on(code=code, day=day) for code in ("960102", "960103") for day in (before, after)
    }
    assert [names["960102", day].name for day in (before, after)] == ["城中区", "东湖区"]  # type: ignore[union-attr]
    assert names["960103", before].name == "东湖区"  # type: ignore[union-attr]
    assert names["960103", after] is None
    assert all(code.startswith("96") for code in {row.code for row in DIVISIONS})


def test_loading_gives_what_was_built(db: None, system: Actor) -> None:
    city = build_city("school")
    ids = load_units(actor=system, city=city)
    assert set(ids) == set(city.rows_on(date(2026, 12, 31)))
    for step in city.steps:
        for day in (step.day, step.day - timedelta(days=1)):
            stored = {unit.code: unit for unit in api.units_on(actor=system, day=day)}
            built = city.rows_on(day)
            assert {code: (u.name, u.status, u.stage, u.lat) for code, u in stored.items()} == {
                code: (row.name, row.status, row.stage, row.lat) for code, row in built.items()
            }
    assert OrgUnit.objects.unscoped(reason="test").count() == len(ids)


def test_numerals() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 99, 100, 105, 110, 117, 300)] == [
        "一", "十", "十一", "二十", "九十九", "一百", "一百零五", "一百一十", "一百一十七", "三百",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="1000 is not"):
        numeral(1000)
