"""A school's table in GB18030 goes through the wizard; a hostile workbook is told by name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.browsing import check_page

from xingtan.engines.tables.tests.corpus import SHEET_HEAD, SHEET_TAIL, raw_xlsx

pytestmark = pytest.mark.e2e

YEAR = "2025"
HEADER = ["学校代码", "学校名称", "网络多媒体教室间数", "接入互联网", "出口带宽"]
SCHOOLS = [
    ["2196210001", "清河县实验小学", "31", "是", "1000"],
    ["3196210002", "清河县第一初级中学", "22", "是", "500"],
    ["3496210003", "清河县高级中学", "45", "否", "1000"],
]
JOB_MS = 60_000


def _table(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([HEADER, *rows])
    return text.getvalue().encode("gb18030")


def _upload(page: Any, name: str, content: bytes) -> None:
    page.goto("/indicators/imports/")
    page.locator("main a[href='/indicators/imports/new/']").first.click()
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("input[name=period]").fill(YEAR)
    if page.locator("select[name=organisation]").count():
        page.locator("select[name=organisation]").select_option(label="清河县")
    page.locator("main form button.btn-primary").click()


def _check(page: Any) -> None:
    page.locator("form[action$='/check/'] button").click()
    page.wait_for_url("**/report/", timeout=JOB_MS)


def test_from_a_gb18030_table_to_figures(visit: Callable[..., Any]) -> None:
    page = visit("city")
    wrong = [[*SCHOOLS[0][:2], "三十一", *SCHOOLS[0][3:]], *SCHOOLS[1:]]
    _upload(page, "2025年学校情况.csv", _table(wrong))
    page.wait_for_url("**/mapping/", timeout=JOB_MS)
    columns = page.locator("#list-columns tbody tr")
    assert columns.count() == len(HEADER)
    assert "清河县实验小学" in page.locator("#list-columns").inner_text(), "the Chinese was decoded"
    assert "uplink_mbps" in columns.filter(has_text="出口带宽").inner_text(), "and a column recognised"
    check_page(page)
    # Of three schools one wrote in words: this column is left to a person.
    columns.filter(has_text="网络多媒体教室间数").locator(".xt-row-actions a").click()
    expect(page.locator("#column-C select[name=use]")).to_have_value("element")
    page.locator("#column-C input[name=element]").fill("rooms_multimedia")
    page.locator("#column-C button.btn-primary").click()
    expect(page.locator("#column-C")).to_contain_text("rooms_multimedia")

    _check(page)
    assert page.locator("form[action$='/apply/']").count() == 0, "a table with errors is not applied"
    page.goto(page.url + "?view=issues")
    issue = page.locator("main tbody tr", has_text="三十一").inner_text()
    assert re.search(r"\b2\b", issue), "the row"
    assert "C 网络多媒体教室间数" in issue, "the column"
    check_page(page)

    _upload(page, "2025年学校情况.csv", _table(SCHOOLS))
    page.wait_for_url("**/mapping/", timeout=JOB_MS)
    assert "rooms_multimedia" in columns.filter(has_text="网络多媒体教室间数").inner_text()
    _check(page)
    if page.locator("#warnings-read").count():
        page.locator("#warnings-read").check()
    page.locator("form[action$='/apply/'] button").click()
    page.wait_for_url("**/result/", timeout=JOB_MS)
    check_page(page)
    page.locator("main a[href*='/cells/']").first.click()
    expect(page.locator("main tbody tr").first).to_contain_text("31")

    page.go_back()
    page.locator("main .btn-primary").first.click()
    page.wait_for_url(re.compile("/cockpit/|/figures/"))
    assert YEAR in page.url or YEAR in page.locator("main").inner_text()


def test_the_imported_cell_names_file_row_and_column(visit: Callable[..., Any]) -> None:
    page = visit("city")
    rows = [["2196210001", "清河县实验小学", "33", "是", "1000"], *SCHOOLS[1:]]
    _upload(page, "更正.csv", _table(rows))
    page.wait_for_url("**/mapping/", timeout=JOB_MS)
    _check(page)
    if page.locator("#warnings-read").count():
        page.locator("#warnings-read").check()
    page.locator("form[action$='/apply/'] button").click()
    page.wait_for_url("**/result/", timeout=JOB_MS)
    page.goto("/orgs/?q=2196210001")
    page.locator("main tbody a").first.click()
    page.locator("main a[href^='/indicators/schools/']").first.click()
    page.goto(re.sub(r"/\d{4}/$", f"/{YEAR}/rooms_multimedia/", page.url))
    source = page.locator(".xt-timeline .xt-event").first
    assert "更正.csv" in source.inner_text()
    assert "第 2 行" in source.inner_text()
    assert "C 列" in source.inner_text()
    with page.expect_download() as waiting:
        source.locator("a[download]").click()
    assert waiting.value.suggested_filename == "更正.csv"


def test_a_workbook_that_unpacks_to_a_flood_is_refused_by_name(visit: Callable[..., Any]) -> None:
    row = b'<row><c t="n"><v>1</v></c></row>' * 32_768
    bomb = raw_xlsx([SHEET_HEAD, *[row] * 186, SHEET_TAIL])
    assert len(bomb) < 1_000_000
    page = visit("county")
    _upload(page, "大表.xlsx", bomb)
    alert = page.locator(".alert-danger[role=alert]")
    alert.wait_for(timeout=JOB_MS)
    assert "解压后超过" in alert.inner_text()
    check_page(page)


def test_a_file_that_is_no_table_is_told(visit: Callable[..., Any]) -> None:
    page = visit("county")
    _upload(page, "照片.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000)
    alert = page.locator(".alert-danger[role=alert]")
    alert.wait_for(timeout=JOB_MS)
    assert len(alert.inner_text()) > 20


def test_the_upload_page_is_usable_by_everybody(visit: Callable[..., Any]) -> None:
    page = visit("city")
    page.goto("/indicators/imports/new/")
    check_page(page)
