"""Every main page, for every role: as wide as the screen, no complaint of the browser, no fault that axe can find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.browsing import (
    PERIOD,
    PHONE,
    check_page,
    first_figure,
    open_cockpit,
    overflow,
    settled,
)

pytestmark = pytest.mark.e2e

PAGES = {
    "city": ("/", f"/cockpit/?period={PERIOD}", f"/cockpit/?period={PERIOD}&view=balance", "/indicators/imports/",
             "/indicators/imports/new/", "/indicators/catalogue/", "/indicators/catalogue/INF03/",
             "/indicators/catalogue/new/", "/indicators/runs/", "/orgs/", "/orgs/shapes/", "/reports/",
             "/reports/templates/", "/accounts/password/"),
    "county": ("/", f"/cockpit/?period={PERIOD}", "/indicators/imports/", "/indicators/catalogue/", "/indicators/runs/",
               "/orgs/", "/reports/"),
    "principal": ("/", f"/cockpit/?period={PERIOD}", "/indicators/catalogue/", "/indicators/runs/", "/orgs/", "/reports/"),
}  # fmt: skip
CHECKED = ("/", f"/cockpit/?period={PERIOD}", f"/cockpit/?period={PERIOD}&view=balance", "/indicators/imports/",
           "/indicators/catalogue/", "/indicators/catalogue/INF03/", "/indicators/runs/", "/orgs/", "/orgs/shapes/")  # fmt: skip


@pytest.mark.parametrize("username", PAGES)
def test_nothing_is_wider_than_a_phone(visit: Callable[..., Any], username: str) -> None:
    page = visit(username, PHONE)
    figure = first_figure(page)
    org = page.locator("a[href^='/orgs/']").first.get_attribute("href")
    for address in (*PAGES[username], figure, org):
        answer = page.goto(address)
        assert answer.status == 200, address
        settled(page)
        assert overflow(page) == 0, address
        assert page.get_by_role("heading", level=1).count() == 1, address


@pytest.mark.parametrize("address", CHECKED)
def test_axe_finds_nothing(visit: Callable[..., Any], address: str) -> None:
    page = visit("city")
    page.goto(address)
    check_page(page)


def test_axe_finds_nothing_on_the_login_page(visit: Callable[..., Any]) -> None:
    page = visit()
    page.goto("/accounts/login/")
    check_page(page)


def test_axe_finds_nothing_on_a_figure_page(visit: Callable[..., Any]) -> None:
    page = visit("city")
    page.goto(first_figure(page))
    check_page(page)


def test_axe_finds_nothing_on_the_pages_of_a_school(visit: Callable[..., Any]) -> None:
    page = visit("principal")
    open_cockpit(page)
    check_page(page)
    page.locator("main a[href^='/indicators/schools/']").first.click()
    check_page(page)
    page.locator("#list-cells tbody a").first.click()
    check_page(page)
