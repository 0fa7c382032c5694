"""The picture: from the city down to the cell and its source by clicking, drawings to take away, and the wall."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from tests.e2e.browsing import PERIOD, WALL, open_cockpit, overflow, settled, shown_value

pytestmark = pytest.mark.e2e


def test_from_the_city_to_the_cell_and_its_source(visit: Callable[..., Any]) -> None:
    page = visit("city")
    open_cockpit(page)
    page.locator("main .xt-tile-link[href*='/INF03/']").first.click()
    page.wait_for_url(re.compile(r"/indicators/figures/\d+/\d+/INF03/all/"))
    assert re.fullmatch(r"\d+\.\d", shown_value(page))
    assert re.fullmatch(r"R\d+", page.locator("main a[href^='/indicators/runs/']").first.inner_text())

    page.locator("main table a", has_text="清河县").first.click()
    expect(page.locator(".xt-page-subtitle")).to_contain_text("清河县")

    page.locator("main table a", has_text="清河县实验小学").first.click()
    page.locator("table a[href$='/internet/']").click()
    page.wait_for_url(re.compile(rf"/indicators/schools/\d+/{PERIOD}/internet/"))
    events = page.locator(".xt-timeline .xt-event")
    assert events.count() >= 1
    assert f"{PERIOD}年教育信息化年度填报" in events.first.inner_text(), "where the cell comes from"
    # And back up: the figures that rest on the cell.
    page.locator(".xt-drill a[href*='/INF03/']").click()
    page.wait_for_url("**/INF03/all/")
    expect(page.locator(".xt-page-subtitle")).to_contain_text("清河县实验小学")


def test_the_county_comparison_leads_into_the_county(visit: Callable[..., Any]) -> None:
    page = visit("city")
    open_cockpit(page)
    page.locator(".xt-drill-label", has_text="清河县").click()
    page.wait_for_url(re.compile(r"org=\d+"))
    expect(page.locator(".xt-page-header")).to_contain_text("清河县")
    page.locator(".xt-drill-label", has_text="清河县第一初级中学").click()
    expect(page.locator(".xt-page-header")).to_contain_text("清河县第一初级中学")


def test_the_chosen_indicator_and_period_stand_in_the_address(visit: Callable[..., Any]) -> None:
    page = visit("city")
    open_cockpit(page)
    page.locator("#choose-code").select_option("INF04")
    page.wait_for_url(re.compile("code=INF04"))
    page.locator("#choose-period").select_option("2025")
    page.wait_for_url(re.compile("period=2025"))
    settled(page)
    page.reload()
    assert page.locator("#choose-code").input_value() == "INF04"
    assert page.locator("#choose-period").input_value() == "2025"


def test_every_drawing_has_table_picture_and_excel(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit("city")
    open_cockpit(page)
    settled(page)
    charts = page.locator("figure[data-xt-chart]")
    assert charts.count() >= 3
    for number in range(charts.count()):
        chart = charts.nth(number)
        title = chart.locator("figcaption").inner_text()
        chart.locator("summary").click()
        assert chart.locator(".xt-data-table tbody tr").first.is_visible(), title

        with page.expect_download() as waiting:
            chart.locator("[data-xt-save=png]").click()
        picture = Path(waiting.value.path()).read_bytes()
        assert picture.startswith(b"\x89PNG"), title
        assert len(picture) > 2_000, title

        with page.expect_download() as waiting:
            chart.locator("a[download]").click()
        sheet = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes())).worksheets[0]
        assert sheet.max_row >= 2, title


def test_the_wall_fits_its_screen(visit: Callable[..., Any]) -> None:
    page = visit("city", WALL)
    page.goto(f"/cockpit/wall/?period={PERIOD}")
    settled(page)
    assert overflow(page) == 0
    below = page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight")
    assert below == 0
    parts = page.locator(".xt-rotor-part")
    assert parts.count() >= 2
    for number in range(parts.count()):
        page.locator(f"[data-xt-part='{number}']").click()
        parts.nth(number).wait_for(state="visible")
        settled(page)
        assert page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight") == 0
        assert parts.nth(number).locator(".xt-tile, figure[data-xt-chart]").first.is_visible()
