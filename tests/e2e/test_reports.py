"""The annual report: asked for, waited for, looked at, taken away as Word and PDF, each stamped with its run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tests.e2e.browsing import PERIOD, check_page

pytestmark = pytest.mark.e2e

REPORT_MS = 90_000


def _download(page: Any, kind: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"main a[href$='/{kind}/']").click()
    assert waiting.value.suggested_filename.endswith(f".{kind}")
    return Path(waiting.value.path()).read_bytes()


def test_the_annual_report_prints_itself(visit: Callable[..., Any]) -> None:
    page = visit("city")
    page.goto("/reports/")
    check_page(page)
    page.locator("select[name=period]").select_option(PERIOD)
    page.locator("main form[method=post] button.btn-primary").first.click()
    page.wait_for_url(re.compile(r"/reports/\d+/$"))
    pictures = page.locator(".xt-page img")
    pictures.first.or_(page.locator("progress")).first.wait_for()
    pictures.first.wait_for(timeout=REPORT_MS)
    pictures.first.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert pictures.first.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 600
    run = re.search(r"R\d+", page.locator("main").inner_text())
    assert run is not None

    with zipfile.ZipFile(io.BytesIO(_download(page, "docx"))) as word:
        text = re.sub("<[^>]+>", "", word.read("word/document.xml").decode())
    assert "中小学互联网接入率" in text
    assert run.group() in text
    pdf = PdfReader(io.BytesIO(_download(page, "pdf")))
    words = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in pdf.pages))
    assert "中小学互联网接入率" in words
    assert run.group() in words
    check_page(page)


def test_the_shipped_template_can_be_taken_and_a_macro_is_refused(visit: Callable[..., Any]) -> None:
    page = visit("city")
    page.goto("/reports/templates/")
    with page.expect_download() as waiting:
        page.locator("a[href$='/templates/shipped/']").click()
    shipped = Path(waiting.value.path()).read_bytes()
    assert zipfile.is_zipfile(io.BytesIO(shipped))

    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(shipped)) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        target.writestr("word/vbaProject.bin", b"macro")
    page.locator("input[type=file]").set_input_files(
        {"name": "模板.docx", "mimeType": "application/octet-stream", "buffer": changed.getvalue()}
    )
    page.locator("input[name=name]").fill("带宏的模板")
    page.locator("main form button.btn-primary").click()
    page.locator(".alert-danger, .xt-form-errors, .xt-field-error, .invalid-feedback").first.wait_for()
    assert page.locator("main table tr", has_text="带宏的模板").count() == 0
