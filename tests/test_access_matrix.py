"""Who may call which address: every URL of the installation, as every role, on own and foreign organisations.

A view without a declaration fails here, so a new page cannot be forgotten. The second half calls each page with objects of
county A as an outsider (county B) and looks for county A's names in the answer; objects are found by parameter name, and
a parameter nobody knows fails too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from xingtan.platform.orgscope.access import Access

ROLES = ("anonymous", "principal_a1", "principal_b1", "county_a", "county_b", "city")
CANARY = "东湖"
"""In every name of county A; nobody of county B may read it anywhere."""
WITHOUT_DECLARATION = {"api/v1/"}
"""ninja's views: the API demands a session for every operation, checked in `test_every_rest_operation_wants_a_session`."""


@dataclass(frozen=True)
class Address:
    route: str
    name: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]


def addresses() -> Iterator[Address]:
    def walk(resolver: URLResolver, prefix: str, known: tuple[str, ...]) -> Iterator[Address]:
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            parameters = known + tuple(entry.pattern.converters)
            if isinstance(entry, URLResolver):
                yield from walk(entry, route, parameters)
            elif isinstance(entry, URLPattern):
                yield Address(route, entry.name or "", entry.callback, parameters)

    yield from walk(get_resolver(), "", ())


PAGES = [a for a in addresses() if not any(a.route.startswith(start) for start in WITHOUT_DECLARATION)]


@pytest.mark.parametrize("address", PAGES, ids=lambda a: a.route)
def test_every_view_declares_what_it_demands(address: Address) -> None:
    assert isinstance(getattr(address.view, "access", None), Access), (
        f"{address.route}: add @public, @signed_in or @requires"
    )


def test_every_rest_operation_wants_a_session(db: None, client: Client) -> None:
    paths = [a.route for a in addresses() if a.route.startswith("api/v1/") and "openapi" not in a.route]
    assert len(paths) > 3
    for route in paths:
        answer = client.get("/" + route.replace("<org_id>", "1").replace("<int:org_id>", "1"))
        assert answer.status_code in {401, 404}, route


# ------------------------------------------------------------------------------------------ own and foreign objects

CSV = "学校代码,学校名称,互联网\nA1,东湖第一小学,1\nA2,东湖第二初级中学,0\n"
MAPPING = """
version = 1
name = "matrix"
[unit]
code = "学校代码"
name = "学校名称"
[[element]]
code = "internet"
column = "互联网"
kind = "boolean"
"""
NOT_YET = (
    "indicators/sources/<int:batch_id>/",  # a declared batch has no file
    "indicators/imports/<int:draft_id>/report/issues.xlsx",  # the draft has no faults
    "indicators/imports/<int:draft_id>/cells/",  # and is not applied
)
OBJECT_PARAMETERS = frozenset({"org_id", "draft_id", "report_id", "batch_id"})


@pytest.fixture
def objects(world: Any, system: Any) -> dict[str, Any]:
    """One object of every kind, all of county A."""
    import io

    import numpy as np

    from xingtan.domains.governance.services.reports import report_request
    from xingtan.domains.indicators import api as indicators
    from xingtan.domains.indicators.services import imports
    from xingtan.platform.jobs import api as jobs

    indicators.catalogue_sync(actor=system)
    period = indicators.period_ensure(code="2026")
    units = [world.schools[code] for code in ("A1", "A2", "A3", "B1")]
    batch = indicators.batch_record(
        actor=system, org_path=world.paths["YZ"], period_id=period.id, origin=indicators.Origin("declared"),
        block=indicators.Block(
            ("internet",), units, [world.paths[code] for code in ("A1", "A2", "A3", "B1")], np.ones((4, 1)),
            np.zeros((4, 1), dtype=np.uint8),
        ),
    )  # fmt: skip
    run = indicators.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    owner = world.actor("county_a")
    draft = imports.draft_create(
        actor=owner, org_path=world.paths["A"], period_id=period.id, name="东湖区.csv", content=io.BytesIO(CSV.encode())
    )
    jobs.run(imports.draft_start(actor=owner, draft_id=draft.pk, step="inspect"))
    imports.draft_set_mapping(actor=owner, draft_id=draft.pk, text=MAPPING)
    checking = imports.draft_start(actor=owner, draft_id=draft.pk, step="check")
    jobs.run(checking)
    report = report_request(actor=owner, org_id=world.counties["A"], period_code="2026")
    jobs.run(report.job_id)
    return {
        "org_id": world.schools["A1"], "run_id": run.pk, "draft_id": draft.pk, "report_id": report.pk,
        "batch_id": batch.pk, "job_id": checking, "code": "INF03", "slice": "all", "period": "2026",
        "element": "internet", "number": 1, "kind": "pdf", "letter": "C", "part": "comparison",
    }  # fmt: skip


def filled(address: Address, objects: dict[str, Any]) -> str:
    import re

    unknown = set(address.parameters) - set(objects)
    assert not unknown, f"{address.route}: say in `objects` what {unknown} is"
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(objects[found.group(1)]), address.route)


def snapshot() -> dict[str, Any]:
    """Every row of the product's own tables."""
    from django.apps import apps

    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model.__module__.startswith("xingtan.") and model._meta.managed and model._meta.label != "identity.User"
    }


def readable(answer: Any) -> str:
    """The text of an answer, also from inside of a workbook."""
    import io
    from zipfile import ZipFile, is_zipfile

    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if is_zipfile(io.BytesIO(body)):
        with ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    headers = "".join(f"{name}: {value}\n" for name, value in answer.items())
    return headers + body.decode("utf-8", errors="ignore")


@pytest.mark.parametrize("outsider", ["anonymous", "principal_b1", "county_b"])
def test_outsiders_get_nothing_of_a_foreign_county(objects: dict[str, Any], login: Any, outsider: str) -> None:
    client = Client() if outsider == "anonymous" else login(outsider)
    before = snapshot()
    for address in PAGES:
        if address.name == "account_logout":
            continue
        path = filled(address, objects)
        foreign = bool(OBJECT_PARAMETERS & set(address.parameters))
        for method in ("get", "post", "head"):
            answer = getattr(client, method)(path)
            where = f"{outsider} {method} {path} → {answer.status_code}"
            assert answer.status_code < 500, where
            if foreign:
                assert answer.status_code in {302, 403, 404, 405}, where
                if answer.status_code == 302:
                    assert answer["Location"].startswith("/accounts/login/"), where
            assert CANARY not in readable(answer), where
    assert snapshot() == before, "an outsider changed something"


def test_absent_and_foreign_look_alike(objects: dict[str, Any], login: Any) -> None:
    client = login("county_b")
    for address in PAGES:
        if not OBJECT_PARAMETERS & set(address.parameters):
            continue
        absent = {**objects, **dict.fromkeys(OBJECT_PARAMETERS, 999_999)}
        for method in ("get", "post"):
            foreign = getattr(client, method)(filled(address, objects)).status_code
            assert foreign == getattr(client, method)(filled(address, absent)).status_code, address.route


def test_the_owner_gets_them(objects: dict[str, Any], login: Any) -> None:
    """So that the refusals above are refusals, and not wrong addresses."""
    client, refused = login("city"), []
    for address in PAGES:
        if OBJECT_PARAMETERS & set(address.parameters):
            status = client.get(filled(address, objects)).status_code
            if status not in {200, 302, 405}:
                refused.append((address.route, status))
    assert {route for route, _ in refused} <= set(NOT_YET), refused


def test_rest_shows_only_the_own_subtree(objects: dict[str, Any], world: Any, login: Any) -> None:
    client = login("county_b")
    assert {row["code"] for row in client.get("/api/v1/orgs").json()["items"]} == {"B", "B1", "B2"}
    assert client.get(f"/api/v1/orgs/{objects['org_id']}").status_code == 404
    figures = client.get("/api/v1/indicators/figures?period=2026").json()
    assert {row["org_unit_id"] for row in figures} == {world.counties["B"]}
    assert client.get(f"/api/v1/indicators/schools/{objects['org_id']}/figures?period=2026").status_code == 404
    missing = client.get("/api/v1/orgs/999999")
    assert missing["Content-Type"] == "application/problem+json" and missing.json()["status"] == 404
