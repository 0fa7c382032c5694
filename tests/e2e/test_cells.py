"""A principal corrects a cell: his figures, his county's and his city's change at once, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.browsing import PERIOD, first_figure, shown_value

pytestmark = pytest.mark.e2e


def _cell(page: Any, element: str) -> None:
    """Open a cell of the principal's school the way he does: from his start page."""
    page.goto("/")
    page.locator("main a[href^='/indicators/schools/']").first.click()
    page.wait_for_url(re.compile(rf"/indicators/schools/\d+/{PERIOD}/"))
    page.locator(f"main table a[href$='/{element}/']").first.click()
    page.locator("#id_note, textarea[name=note], input[name=note]").first.wait_for()


def _correct(page: Any, value: str, note: str) -> None:
    page.locator("main form [name=value]").first.fill(value)
    page.locator("main form [name=note]").first.fill(note)
    page.locator("main form button.btn-primary[type=submit]").click()
    page.locator(".xt-messages .alert-success").wait_for()


def test_a_correction_shows_at_once_in_school_county_and_city(visit: Callable[..., Any]) -> None:
    code = "INF01"
    people = ("principal", "county", "city")
    pages = {name: visit(name) for name in people}
    before = {}
    for name, page in pages.items():
        page.goto(first_figure(page, code))
        before[name] = shown_value(page)

    page = pages["principal"]
    _cell(page, "rooms_multimedia")
    value = page.locator("main form [name=value]").first
    old = value.input_value() or re.sub(r"\D", "", page.locator("#now-title + p").inner_text())
    new = str(int(float(old)) + 7)
    _correct(page, new, "新增七间多媒体教室")
    assert new in page.locator("#now-title + p").inner_text().replace(",", "")
    history = page.locator(".xt-timeline .xt-event")
    assert "新增七间多媒体教室" in history.first.inner_text()
    assert history.count() >= 2, "the old value stays"

    for name, page in pages.items():
        page.goto(first_figure(page, code))
        assert shown_value(page) != before[name], name

    page = pages["principal"]
    _cell(page, "rooms_multimedia")
    page.locator(".xt-timeline form button").first.click()
    page.locator(".xt-messages .alert-success").wait_for()
    for name, page in pages.items():
        page.goto(first_figure(page, code))
        assert shown_value(page) == before[name], f"{name}: the old value restored gives the old figure"


def test_a_correction_without_a_reason_is_refused_in_place(visit: Callable[..., Any]) -> None:
    page = visit("principal")
    _cell(page, "rooms_multimedia")
    shown = page.locator("#now-title + p").inner_text()
    page.locator("main form [name=value]").first.fill("999999")
    page.locator("main form button.btn-primary[type=submit]").click()
    page.locator(".xt-field-error, .invalid-feedback, .alert-danger").first.wait_for()
    page.goto(re.sub("correct/$", "", page.url))
    assert page.locator("#now-title + p").inner_text() == shown


def test_the_county_reads_cells_and_the_city_finds_them_by_searching(visit: Callable[..., Any]) -> None:
    page = visit("city")
    page.goto("/orgs/")
    page.locator("main table a", has_text="柳林镇中心学校").click()
    page.locator("main a[href^='/indicators/schools/']").first.click()
    page.locator("input[type=search][name=q]").fill("多媒体")
    page.wait_for_url(re.compile("q="))
    names = page.locator("#list-cells td:first-child").all_inner_texts()
    assert names
    assert all("多媒体" in name for name in names)
