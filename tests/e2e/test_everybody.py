"""Everybody can read and use the pages: language, large type, contrast, the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.browsing import PHONE, axe, open_cockpit, settled

pytestmark = pytest.mark.e2e


def _size(page: Any) -> float:
    size: float = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p, main h2')).fontSize)")
    return size


def test_english_and_back(visit: Callable[..., Any]) -> None:
    page = visit("city")
    page.goto("/")
    assert page.locator("html").get_attribute("lang").lower() in {"zh-hans", "zh-cn"}
    page.locator(".xt-top-prefs button[name=language]").click()
    page.locator("html[lang=en]").wait_for()
    assert "Cockpit" in page.locator("nav").first.inner_text()
    page.goto("/reports/")
    assert page.get_by_role("heading", level=1).inner_text().isascii()
    page.locator(".xt-top-prefs button[name=language]").click()
    page.locator("html[lang^=zh]").wait_for()
    assert "年度报告" in page.locator("main h1").inner_text()


def test_large_type_stays_on_the_next_page(visit: Callable[..., Any]) -> None:
    page = visit("city")
    page.goto("/")
    small = _size(page)
    page.locator(".xt-top-prefs button[name=size]").click()
    page.locator(".xt-top-prefs button[name=size][aria-pressed=true]").wait_for()
    assert _size(page) > small
    page.goto("/orgs/")
    assert page.locator(".xt-top-prefs button[name=size]").get_attribute("aria-pressed") == "true"


def test_high_contrast_has_no_fault_either(visit: Callable[..., Any]) -> None:
    page = visit("city")
    page.goto("/")
    page.locator(".xt-top-prefs button[name=contrast]").click()
    page.locator(".xt-top-prefs button[name=contrast][aria-pressed=true]").wait_for()
    open_cockpit(page)
    settled(page)
    assert axe(page) == []


def test_the_keyboard_is_enough(visit: Callable[..., Any]) -> None:
    page = visit("city")
    open_cockpit(page)
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("class") == "skip-link"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "content"
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.xt-tile-link, .xt-drill-label')"):
            break
    outline = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth + s.boxShadow; })()"
    )
    assert outline != "none0pxnone", "one sees where one is"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/figures/|org="))


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visit: Callable[..., Any]) -> None:
    page = visit("city", PHONE)
    page.goto("/")
    page.locator(".xt-menu-button").focus()
    page.keyboard.press("Enter")
    menu = page.locator("#xt-nav")
    menu.locator("a[href='/orgs/']").wait_for(state="visible")
    expect(page.locator("#xt-nav:focus, #xt-nav :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    menu.locator("a[href='/orgs/']").wait_for(state="hidden")
    page.locator(".xt-menu-button").focus()
    page.keyboard.press("Enter")
    menu.locator("a[href='/orgs/']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/orgs/")
