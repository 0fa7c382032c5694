from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from xingtan.domains.governance.models import Report, ReportTemplate
from xingtan.domains.indicators import api as indicators
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.jobs import api as jobs
from xingtan.platform.orgscope.actor import Actor

Login = Callable[[str], Client]


@pytest.fixture
def computed(world: Any, system: Actor) -> Any:
    """Two years of three elements for every school; in 2025 one school has lost its internet."""
    indicators.catalogue_sync(actor=system)
    order = ("A1", "A2", "A3", "B1", "B2")
    for year, connected in (("2025", [1, 1, 1, 1, 0]), ("2026", [1, 1, 1, 0, 0])):
        period = indicators.period_ensure(code=year)
        values = np.array([[number, 10.0, 8.0] for number in connected])
        indicators.batch_record(
            actor=system, org_path=world.paths["YZ"], period_id=period.id, origin=indicators.Origin("declared"),
            block=indicators.Block(
                ("internet", "rooms_ordinary", "rooms_multimedia"), [world.schools[code] for code in order],
                [world.paths[code] for code in order], values, np.zeros((5, 3), dtype=np.uint8),
            ),
        )  # fmt: skip
        indicators.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    return world


def words_of(docx: bytes) -> str:
    with ZipFile(io.BytesIO(docx)) as archive:
        return re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())


def make(client: Client, org: int) -> Report:
    answer = client.post("/reports/", {"period": "2026", "org": org, "language": "zh-hans", "template": ""})
    assert answer.status_code == 302, answer.content.decode()
    report = Report.objects.unscoped(reason="test").latest("id")
    jobs.run(report.job_id)
    report.refresh_from_db()
    return report


def test_the_city_makes_its_annual_report(computed: Any, login: Login) -> None:
    client = login("city")
    report = make(client, computed.city)
    assert report.docx and report.pdf
    text = words_of(b"".join(client.get(f"/reports/{report.pk}/docx/").streaming_content))
    run = report.run_id
    # Three of five schools are connected this year, four were last year; 8 of 10 rooms in both.
    assert "60.0%" in text and "下降 20.0 个百分点" in text.replace("\u00a0", " ")
    assert f"R{run}-INF03" in text
    assert "无数据" in text, "a blank that nothing fills says so"
    page = client.get(f"/reports/{report.pk}/").content.decode()
    assert f"R{run}" in page and f"/reports/{report.pk}/pages/1/" in page
    picture = client.get(f"/reports/{report.pk}/pages/1/")
    assert picture["Content-Type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert AuditEvent.objects.unscoped(reason="test").filter(action="governance.report.finish").count() == 1


def test_a_stamp_in_print_leads_to_its_figure(computed: Any, login: Login) -> None:
    client = login("city")
    report = make(client, computed.city)
    for stamp, part in (
        (f"[R{report.run_id}-INF03]", "all"),
        (f"R{report.run_id}-INF02/stage:primary", "stage:primary"),
    ):
        answer = client.get("/reports/stamps/", {"report": report.pk, "stamp": stamp})
        code = stamp.strip("[]").split("-")[1].split("/")[0]
        assert answer["Location"] == f"/indicators/figures/{report.run_id}/{computed.city}/{code}/{part}/"
        assert client.get(answer["Location"]).status_code == 200
    wrong = client.get("/reports/stamps/", {"report": report.pk, "stamp": "//evil.example/"})
    assert wrong["Location"] == f"/reports/{report.pk}/"


def test_a_killed_job_may_render_again_and_changes_nothing(computed: Any, login: Login) -> None:
    from xingtan.domains.governance.services.reports import report_finish

    report = make(login("city"), computed.city)
    files = (report.docx_id, report.pdf_id)
    again = report_finish(actor=computed.actor("city"), report_id=report.pk)
    assert (again.docx_id, again.pdf_id) == files


def test_a_county_reports_on_itself_and_reads_nothing_of_the_other(computed: Any, login: Login) -> None:
    report = make(login("county_b"), computed.counties["B"])
    text = words_of(b"".join(login("county_b").get(f"/reports/{report.pk}/docx/").streaming_content))
    assert "西山县" in text
    assert "东湖" not in text


def test_a_foreign_report_does_not_exist(computed: Any, login: Login) -> None:
    report = make(login("county_b"), computed.counties["B"])
    for address in ("", "docx/", "pdf/", "pages/1/"):
        assert login("county_a").get(f"/reports/{report.pk}/{address}").status_code == 404
    assert report.title not in login("county_a").get("/reports/").content.decode()
    assert report.title in login("city").get("/reports/").content.decode()


@pytest.mark.parametrize("username", ["county_a", "principal_a1"])
def test_nobody_reports_on_what_is_not_his(computed: Any, login: Login, username: str) -> None:
    answer = login(username).post(
        "/reports/", {"period": "2026", "org": computed.counties["B"], "language": "zh-hans", "template": ""}
    )
    assert answer.status_code in {403, 422}
    assert not Report.objects.unscoped(reason="test").exists()


def test_without_a_computed_period_the_page_says_what_to_do(world: Any, login: Login) -> None:
    answer = login("city").get("/reports/")
    assert answer.status_code == 200
    assert "请先导入学校数据" in answer.content.decode()


def test_the_shipped_template_comes_back_as_ones_own(computed: Any, login: Login) -> None:
    client = login("city")
    shipped = client.get("/reports/templates/shipped/").content
    upload = io.BytesIO(shipped)
    upload.name = "自用模板.docx"
    answer = client.post("/reports/templates/", {"name": "自用", "org": computed.city, "file": upload})
    assert answer.status_code == 302, answer.content.decode()
    template = ReportTemplate.objects.unscoped(reason="test").get()
    client.post("/reports/", {"period": "2026", "org": computed.city, "language": "zh-hans", "template": template.pk})
    report = Report.objects.unscoped(reason="test").latest("id")
    jobs.run(report.job_id)
    report.refresh_from_db()
    assert report.template_id == template.pk and report.pdf is not None


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_template_that_is_none_is_refused_with_the_reason(computed: Any, login: Login, content: bytes) -> None:
    upload = io.BytesIO(content or b" ")
    upload.name = "x.docx"
    answer = login("city").post("/reports/templates/", {"name": "x", "org": computed.city, "file": upload})
    assert answer.status_code == 422
    assert not ReportTemplate.objects.unscoped(reason="test").exists()


def test_the_command_writes_both_kinds(computed: Any, tmp_path: Any) -> None:
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        out = tmp_path / f"report.{kind}"
        call_command("xingtan_report", "--period", "2026", "--org", "YZ", "--out", str(out))
        assert out.read_bytes().startswith(start)
    with pytest.raises(CommandError, match="has not been computed"):
        call_command("xingtan_report", "--period", "2019", "--out", str(tmp_path / "x.docx"))
    with pytest.raises(CommandError, match="no city or county"):
        call_command("xingtan_report", "--period", "2026", "--org", "A1", "--out", str(tmp_path / "x.docx"))
