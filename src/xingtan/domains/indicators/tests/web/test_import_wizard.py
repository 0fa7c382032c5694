"""From an uploaded table to figures, through the pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from conftest import World

HEADER = ["学校代码", "学校名称", "学校办学状态", "网络多媒体教室间数", "接入互联网", "出口带宽"]
ROWS = [
    ["A1", "东湖第一小学", "在办", 12, "是", 100],
    ["A2", "东湖第二初级中学", "在办", 8, "是", 99999],
    ["A3", "东湖实验学校", "停办", None, None, None],
    ["B1", "西山中心小学", "在办", 3, "否", 0],
    ["B2", "西山高级中学", "在办", 20, "是", 500],
]


def workbook(rows: list[list[Any]], header: list[str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [header or HEADER, *rows]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def run_jobs() -> None:
    """Do what the worker would do."""
    from xingtan.platform.jobs import api as jobs
    from xingtan.platform.jobs.models import Job, JobState

    waiting = Job.objects.unscoped(reason="test").filter(state=JobState.WAITING)
    for job in waiting:
        jobs.run(job.pk)


def upload(client: Any, content: bytes, *, org: int, name: str = "学校.xlsx", period: str = "2025", **more: Any) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = {"file": SimpleUploadedFile(name, content), "period": period, "organisation": org, **more}
    return client.post("/indicators/imports/new/", data)


def test_from_upload_to_figures(world: World, login: Any, catalogue: None) -> None:
    client = login("city")
    answer = upload(client, workbook(ROWS), org=world.city)
    assert answer.status_code == 302
    draft = answer.url
    assert "progress" in client.get(draft).content.decode()
    run_jobs()
    answer = client.get(draft, follow=True)
    assert answer.redirect_chain[-1][0].endswith("/mapping/")
    page = answer.content.decode()
    assert "网络多媒体教室间数" in page
    assert "99999" in page
