"""Each demo account logs in and sees its own part of the city, and nothing beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.browsing import PASSWORD, first_figure, open_cockpit

pytestmark = pytest.mark.e2e

CITY, COUNTY, SCHOOL, OTHER_SCHOOL = "云州市", "清河县", "柳林镇中心学校", "清河县实验小学"


def _log_in(page: Any, username: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("用户名", exact=False).fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button.btn-primary").click()


@pytest.mark.parametrize(("username", "place"), [("city", CITY), ("county", COUNTY), ("principal", SCHOOL)])
def test_demo_accounts_stand_on_the_login_page_and_work(visit: Callable[..., Any], username: str, place: str) -> None:
    page = visit()
    page.goto("/accounts/login/")
    assert PASSWORD in page.locator("tr", has=page.get_by_text(username, exact=True)).inner_text()
    _log_in(page, username)
    page.wait_for_url("/")
    assert place in page.locator("main").inner_text()


def test_a_wrong_password_is_told_and_opens_nothing(visit: Callable[..., Any]) -> None:
    page = visit()
    _log_in(page, "city", "not-the-password")
    page.locator(".xt-form-errors, .alert-danger, .invalid-feedback, .xt-field-error").first.wait_for()
    page.goto("/cockpit/")
    assert "/accounts/login/" in page.url


def test_a_stranger_is_sent_to_the_login_and_then_on(visit: Callable[..., Any]) -> None:
    page = visit()
    page.goto("/orgs/")
    page.wait_for_url("**/accounts/login/**")
    page.fill("input[name=login]", "county")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_url("**/orgs/")


@pytest.mark.parametrize(
    ("username", "seen", "hidden"),
    [("city", {CITY, COUNTY, SCHOOL, OTHER_SCHOOL}, set()), ("county", {COUNTY, SCHOOL, OTHER_SCHOOL}, {CITY}),
     ("principal", {SCHOOL}, {CITY, OTHER_SCHOOL})],
)  # fmt: skip
def test_the_list_of_organisations_ends_at_the_own_subtree(
    visit: Callable[..., Any], username: str, seen: set[str], hidden: set[str]
) -> None:
    page = visit(username)
    page.goto("/orgs/")
    cells = set(page.locator("#list-orgs tbody td:first-child, main table tbody td:first-child").all_inner_texts())
    assert seen <= cells
    assert not hidden & cells


def test_the_address_of_a_foreign_figure_answers_as_if_it_did_not_exist(visit: Callable[..., Any]) -> None:
    city = first_figure(visit("city"), "INF03")
    for username in ("county", "principal"):
        page = visit(username)
        assert page.goto(city).status == 404
        assert CITY not in page.locator("main").inner_text()


def test_logging_out_ends_the_session(visit: Callable[..., Any]) -> None:
    page = visit()
    _log_in(page, "county")
    page.wait_for_url("/")
    page.locator(".xt-user").click()
    page.locator("form[action='/accounts/logout/'] button").click()
    page.wait_for_url("**/accounts/login/")
    open_cockpit(page)
    assert "/accounts/login/" in page.url
