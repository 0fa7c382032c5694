"""The catalogue and its editor: an error in an expression points at the character while one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.browsing import check_page

pytestmark = pytest.mark.e2e


def _editor(page: Any) -> Any:
    page.goto("/indicators/catalogue/new/")
    page.locator("#id_kind").select_option("ratio")
    return page.locator("#id_numerator")


def test_the_caret_stands_under_the_wrong_character_while_typing(visit: Callable[..., Any]) -> None:
    page = visit("city")
    field = _editor(page)
    field.press_sequentially("rooms_multimedia + * 2")
    drawn = page.locator("#check-numerator pre")
    drawn.wait_for()
    line, carets = drawn.inner_text().split("\n")[:2]
    assert line == "rooms_multimedia + * 2"
    assert carets.index("^") == line.index("*")

    field.fill("rooms_multimedia")
    page.locator("#check-numerator code", has_text="rooms_multimedia").first.wait_for()
    assert page.locator("#check-numerator pre").count() == 0


def test_an_unknown_element_is_pointed_at_and_one_can_be_picked(visit: Callable[..., Any]) -> None:
    page = visit("city")
    field = _editor(page)
    field.press_sequentially("1 + no_such_element")
    drawn = page.locator("#check-numerator pre")
    drawn.wait_for()
    assert drawn.inner_text().split("\n")[1].index("^") == len("1 + ")

    field.fill("")
    page.locator("#element-search").fill("rooms_multimedia")
    choice = page.locator("#element-list [data-xt-insert=rooms_multimedia]")
    choice.wait_for()
    field.focus()
    choice.click()
    assert "rooms_multimedia" in field.input_value()


def test_the_catalogue_says_how_sure_it_is_and_what_is_wanting(visit: Callable[..., Any]) -> None:
    page = visit("principal")
    page.goto("/indicators/catalogue/")
    page.locator("input[type=search][name=q]").fill("APP01")
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert "课表与设备开机记录" in page.locator("main tbody tr").inner_text()
    page.locator("main tbody a").first.click()
    page.wait_for_url("**/catalogue/APP01/")
    assert page.locator(".alert-warning").is_visible()


def test_the_editor_is_usable_by_everybody(visit: Callable[..., Any]) -> None:
    page = visit("city")
    _editor(page).press_sequentially("1 +")
    page.locator("#check-numerator pre").wait_for()
    check_page(page)
