"""The page of county shapes, and the file that maps draw from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xingtan.domains.directory.models import OrgShape
from xingtan.domains.directory.services import geojson
from xingtan.domains.directory.tests.unit.test_shapes import collection, load, square

GOOD = collection(square(114, 30, code="A"), square(115, 30, code="B"), square(116, 30, code="其他"))


def upload(client: Client, content: bytes, **more: str) -> Any:
    return client.post("/orgs/shapes/", {"file": SimpleUploadedFile("县区.geojson", content), **more})


def stored() -> int:
    return OrgShape.objects.unscoped(reason="test").count()


def test_the_result_says_what_matched_and_what_did_not(world: Any, login: Any) -> None:
    answer = upload(login("city"), GOOD)
    text = answer.content.decode()
    assert answer.status_code == 200 and stored() == 2
    for word in ("“code”", "东湖区、西山县", "其他"):
        assert word in text


@pytest.mark.parametrize(
    "content", [b"", b"{}", collection(square(1, 1, code="Z")), collection(square(200, 1, code="A")), b"\xff\xff"]
)
def test_a_wrong_file_is_refused_in_words(world: Any, login: Any, content: bytes) -> None:
    answer = upload(login("city"), content)
    assert answer.status_code == 422 and stored() == 0
    assert "xt-form-errors" in answer.content.decode() or "alert" in answer.content.decode()


def test_a_large_file_is_refused(world: Any, login: Any, monkeypatch: Any) -> None:
    from xingtan.domains.directory.views import shapes

    monkeypatch.setattr(shapes, "MAX_BYTES", 100)
    monkeypatch.setattr(geojson, "MAX_BYTES", 100)
    assert upload(login("city"), GOOD).status_code == 422 and stored() == 0


@pytest.mark.parametrize("role", ["county_a", "principal_a1"])
def test_only_the_city_loads(world: Any, login: Any, role: str) -> None:
    client = login(role)
    assert client.get("/orgs/shapes/").status_code == 403
    assert upload(client, GOOD).status_code == 403 and stored() == 0
    assert client.post(f"/orgs/shapes/{world.counties['A']}/delete/").status_code == 403


def test_one_outline_can_be_removed(world: Any, login: Any, system: Any) -> None:
    load(system, square(114, 30, code="A"), square(115, 30, code="B"))
    client = login("city")
    assert f"remove-{world.counties['A']}" in client.get("/orgs/shapes/").content.decode()
    assert client.get(f"/orgs/shapes/{world.counties['A']}/delete/").status_code == 405
    assert client.post(f"/orgs/shapes/{world.counties['A']}/delete/").status_code == 302
    assert stored() == 1
    assert client.post(f"/orgs/shapes/{world.counties['A']}/delete/").status_code == 404


def names(client: Client, **query: Any) -> list[str]:
    answer = client.get("/orgs/shapes.geojson", query)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/geo+json"
    assert "private" in answer["Cache-Control"]
    return [feature["properties"]["name"] for feature in json.loads(answer.content)["features"]]


def test_the_map_file_holds_the_visitors_own_subtree(world: Any, login: Any, system: Any) -> None:
    load(system, square(114, 30, code="A"), square(115, 30, code="B"))
    assert names(login("city")) == ["东湖区", "西山县"]
    assert names(login("city"), org=world.counties["B"]) == ["西山县"]
    assert names(login("county_a")) == ["东湖区"]
    assert names(login("principal_a1")) == []
    assert login("county_a").get("/orgs/shapes.geojson", {"org": world.counties["B"]}).status_code == 404
    assert login("city").get("/orgs/shapes.geojson", {"org": "x"}).status_code == 404
    assert Client().get("/orgs/shapes.geojson").status_code == 302
