"""What the tests of the import share: a small table, an upload, and the worker's part."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

HEADER = ["学校代码", "学校名称", "学校办学状态", "网络多媒体教室间数", "接入互联网", "出口带宽"]
ROWS: list[list[Any]] = [
    ["A1", "东湖第一小学", "在办", 12, "是", 100],
    ["A2", "东湖第二初级中学", "在办", 8, "是", 200],
    ["A3", "东湖实验学校", "停办", None, None, None],
    ["B1", "西山中心小学", "在办", 3, "否", 0],
    ["B2", "西山高级中学", "在办", 20, "是", 500],
]
MAPPING = """
version = 1
name = "test"

[unit]
code = "学校代码"
name = "学校名称"

[unit.status]
column = "学校办学状态"
active = ["在办"]
paused = ["停办"]

[[element]]
code = "rooms_multimedia"
column = "网络多媒体教室间数"
kind = "integer"
min = 0

[[element]]
code = "internet"
column = "接入互联网"
kind = "boolean"

[[element]]
code = "bandwidth"
column = "出口带宽"
"""


def workbook(rows: list[list[Any]] | None = None, header: list[str] | None = None) -> bytes:
    """An .xlsx file with one header row."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [header or HEADER, *(ROWS if rows is None else rows)]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def run_jobs() -> None:
    """Do what the worker would do."""
    from xingtan.platform.jobs import api as jobs
    from xingtan.platform.jobs.models import Job, JobState

    for job in Job.objects.unscoped(reason="test").filter(state=JobState.WAITING).order_by("pk"):
        jobs.run(job.pk)


def upload(client: Any, content: bytes, *, org: int, name: str = "学校.xlsx", period: str = "2025", **more: Any) -> Any:
    """Post the upload form."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = {"file": SimpleUploadedFile(name, content), "period": period, "organisation": org, **more}
    return client.post("/indicators/imports/new/", data)


def uploaded(client: Any, content: bytes, *, org: int, mapping: str = "", **more: Any) -> str:
    """Upload, let the worker look at the table, and return the address of the import."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    if mapping:
        more["mapping_file"] = SimpleUploadedFile("mapping.toml", mapping.encode())
    answer = upload(client, content, org=org, **more)
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    return str(answer.url)


def checked(client: Any, content: bytes, *, org: int, mapping: str = MAPPING, **more: Any) -> str:
    """Upload with a mapping and check; return the address of the import."""
    draft = uploaded(client, content, org=org, mapping=mapping, **more)
    assert client.post(f"{draft}check/").status_code == 302
    run_jobs()
    return draft


def text_of(client: Any, url: str, **params: str) -> str:
    """The page one ends up on."""
    answer = client.get(url, params, follow=True)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text
