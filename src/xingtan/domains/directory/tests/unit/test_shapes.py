"""Outlines of counties as a service: matching, replacing, permissions, audit."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from xingtan.domains.directory import api
from xingtan.domains.directory.models import OrgShape
from xingtan.domains.directory.selectors.shapes import feature_collection, shapes_state
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.orgscope.actor import PermissionRefused

DAY = date(2026, 1, 1)


def square(x: float, y: float, **properties: Any) -> dict[str, Any]:
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False).encode()


def load(actor: Any, *features: dict[str, Any], **more: Any) -> Any:
    return api.shapes_load(actor=actor, content=collection(*features), file_name="县区.geojson", day=DAY, **more)


def names(actor: Any, root: str = "") -> list[str]:
    found = feature_collection(actor=actor, day=DAY, root=root)
    return [feature["properties"]["name"] for feature in found["features"]]


def test_the_property_that_fits_most_counties_is_found(world: Any) -> None:
    city = world.actor("city")
    result = load(
        city, square(114, 30, gid=1, adcode="A", title="x"), square(115, 30, gid=2, adcode="B", title="西山县")
    )
    assert result.property == "adcode"
    assert result.matched == ("东湖区", "西山县") and not result.unmatched and not result.without
    assert names(city) == ["东湖区", "西山县"]


def test_names_match_too_and_what_does_not_is_told(world: Any) -> None:
    result = load(world.actor("city"), square(114, 30, name=" 东湖 区"), square(115, 30, name="外地县"))
    assert result.matched == ("东湖区",)
    assert result.unmatched == ("外地县",) and result.without == ("西山县",)


@pytest.mark.parametrize("code", [420102, 420102.0, "420102", "420102000000", " 420102 "])
def test_codes_match_however_a_program_wrote_them(system: Any, db: None, code: object) -> None:
    rows = [api_row("420100", "市", "city"), api_row("420102", "江岸区", "county", "420100")]
    api.org_units_sync(actor=system, rows=rows, valid_from=date(2020, 1, 1))
    assert load(system, square(114, 30, code=code)).matched == ("江岸区",)


def api_row(*fields: str) -> Any:
    from xingtan.domains.directory.types import OrgUnitRow

    return OrgUnitRow(*fields)


def test_a_property_may_be_named(world: Any) -> None:
    result = load(world.actor("city"), square(114, 30, a="A", b="B"), match_by="b")
    assert result.matched == ("西山县",)
    with pytest.raises(api.ShapesError, match="c"):
        load(world.actor("city"), square(114, 30, a="A"), match_by="c")


def test_several_areas_of_one_county_become_one_outline(world: Any) -> None:
    load(world.actor("city"), square(114, 30, code="A"), square(118, 30, code="A"))
    shape = OrgShape.objects.unscoped(reason="test").get()
    assert shape.geometry["type"] == "MultiPolygon" and len(shape.geometry["coordinates"]) == 2
    assert shape.org_path == world.paths["A"] and shape.points == 10


def test_loading_again_replaces_what_it_names_and_keeps_the_rest(world: Any) -> None:
    city = world.actor("city")
    load(city, square(114, 30, code="A"), square(115, 30, code="B"))
    before = shapes_state(actor=city)
    load(city, square(100, 20, code="A"))
    after = shapes_state(actor=city)
    assert (before.count, after.count) == (2, 2) and before.mark != after.mark
    first = OrgShape.objects.unscoped(reason="test").get(unit_id=world.counties["A"])
    assert first.geometry["coordinates"][0][0] == [100, 20]


def test_a_file_that_fits_nothing_changes_nothing(world: Any) -> None:
    city = world.actor("city")
    load(city, square(114, 30, code="A"))
    events = AuditEvent.objects.unscoped(reason="test").count()
    for bad in (collection(square(1, 1, code="Z")), b"{}", collection(square(190, 1, code="A"))):
        with pytest.raises(api.ShapesError):
            api.shapes_load(actor=city, content=bad, file_name="x", day=DAY)
    assert names(city) == ["东湖区"]
    assert AuditEvent.objects.unscoped(reason="test").count() == events


def test_loading_and_removing_are_audited(world: Any) -> None:
    city = world.actor("city")
    load(city, square(114, 30, code="A"))
    api.shape_delete(actor=city, unit_id=world.counties["A"])
    events = AuditEvent.objects.unscoped(reason="test").filter(action__startswith="directory.shapes").order_by("id")
    assert [event.action for event in events] == ["directory.shapes.load", "directory.shapes.delete"]
    assert names(city) == []
    with pytest.raises(OrgShape.DoesNotExist):
        api.shape_delete(actor=city, unit_id=world.counties["A"])


@pytest.mark.parametrize("who", ["county_a", "principal_a1"])
def test_only_the_city_loads_and_removes(world: Any, system: Any, who: str) -> None:
    load(system, square(114, 30, code="A"))
    with pytest.raises(PermissionRefused):
        load(world.actor(who), square(114, 30, code="A"))
    with pytest.raises(OrgShape.DoesNotExist):
        api.shape_delete(actor=world.actor(who), unit_id=world.counties["A"])
    assert names(system) == ["东湖区"]


def test_everybody_sees_the_outlines_of_his_own_subtree(world: Any, system: Any) -> None:
    load(system, square(114, 30, code="A"), square(115, 30, code="B"))
    assert names(world.actor("county_a")) == ["东湖区"]
    assert names(world.actor("principal_a1")) == []
    assert names(world.actor("city"), root=world.paths["B"]) == ["西山县"]
    assert names(world.actor("county_a"), root=world.paths["B"]) == []


def test_without_counties_there_is_nothing_to_match(db: None, system: Any) -> None:
    with pytest.raises(api.ShapesError):
        load(system, square(114, 30, code="A"))
