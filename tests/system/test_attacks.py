"""Attacks that once worked, each in its smallest form. Who may see what is in `tests/test_access_matrix.py`."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

HUGE = ("9" * 19, str(2**63), "9" * 25, "9" * 4_400)
"""Beyond what the database can hold, and beyond what Python reads as a number."""
TABLE = "学校代码,学校名称,互联网\nA1,东湖第一小学,1\n"


@pytest.fixture
def period(world: Any, system: Any) -> Any:
    from xingtan.domains.indicators import api as indicators

    indicators.catalogue_sync(actor=system)
    return indicators.period_ensure(code="2026")


@pytest.mark.parametrize("huge", HUGE, ids=lambda text: f"{len(text)} digits")
def test_ids_that_no_database_holds_are_just_absent(period: Any, world: Any, login: Any, huge: str) -> None:
    client = login("city")
    for path in (
        f"/orgs/{huge}/", f"/orgs/?county={huge}", f"/orgs/?page={huge}", f"/orgs/shapes.geojson?org={huge}",
        f"/cockpit/?org={huge}", f"/jobs/{huge}/", f"/reports/{huge}/", f"/reports/{huge}/pdf/",
        f"/reports/1/pages/{huge}/", f"/indicators/imports/{huge}/", f"/indicators/sources/{huge}/",
        f"/indicators/runs/{huge}/", f"/indicators/runs/?job={huge}", f"/indicators/figures/{huge}/1/INF01/all/",
        f"/indicators/figures/1/{huge}/INF01/all/", f"/indicators/schools/{huge}/2026/",
        f"/indicators/schools/{huge}/2026/internet/", f"/api/v1/orgs/{huge}", f"/api/v1/orgs?offset={huge}",
        f"/api/v1/indicators/figures?period=2026&org={huge}",
        f"/api/v1/indicators/schools/{huge}/figures?period=2026",
    ):  # fmt: skip
        assert client.get(path).status_code < 500, path
    for path in (f"/orgs/shapes/{huge}/delete/", f"/indicators/runs/{huge}/check/"):
        assert client.post(path).status_code == 404, path
    draft = upload(client, world.city)["Location"]
    assert client.post(f"{draft}mapping/take/", {"template": huge}).status_code == 404


def upload(client: Client, org: int, year: str = "2026", mapping: str = "") -> Any:
    table = io.BytesIO(TABLE.encode())
    table.name = "表.csv"
    data: dict[str, Any] = {"file": table, "period": year, "organisation": org}
    if mapping:
        data["mapping_file"] = io.BytesIO(mapping.encode())
        data["mapping_file"].name = "m.toml"
    return client.post("/indicators/imports/new/", data)


def test_an_upload_makes_no_year_of_its_own(period: Any, world: Any, login: Any) -> None:
    """The newest year is what everybody sees first, so one county could hide all figures of the city behind 2100."""
    from xingtan.domains.indicators.models import Period

    client = login("county_a")
    for year in (str(timezone.localdate().year + 2), "2100", "1980", "٢٠٢٦"):
        assert upload(client, world.counties["A"], year).status_code == 422, year
    assert set(Period.objects.values_list("code", flat=True)) == {"2026"}


def test_a_mapping_cannot_stop_the_server(period: Any, world: Any, login: Any) -> None:
    """A key of 100,000 parts kept a thread busy for minutes, a nested repetition the worker for ever."""
    client = login("county_a")
    head = "version = 1\nname = 'x'\n[unit]\ncode = '学校代码'\n"
    assert upload(client, world.counties["A"], mapping="a" + ".a" * 100_000 + " = 1").status_code == 422
    assert upload(client, world.counties["A"], mapping=head + r"code_pattern = '(a)\1'").status_code == 422
    assert upload(client, world.counties["A"], mapping=head + "code_pattern = '(a+)+b'").status_code == 302


@pytest.mark.parametrize("path", ["/", "/orgs/", "/cockpit/", "/api/v1/orgs", "/accounts/login/", "/nowhere/"])
def test_no_page_stays_in_a_shared_browser(world: Any, login: Any, path: str) -> None:
    assert "no-store" in login("principal_a1").get(path)["Cache-Control"]


def test_a_second_click_makes_no_second_report(period: Any, world: Any, system: Any, login: Any) -> None:
    import numpy as np

    from xingtan.domains.governance.models import Report
    from xingtan.domains.indicators import api as indicators

    indicators.batch_record(
        actor=system, org_path=world.paths["YZ"], period_id=period.id, origin=indicators.Origin("declared"),
        block=indicators.Block(
            ("internet",), [world.schools["A1"]], [world.paths["A1"]], np.ones((1, 1)), np.zeros((1, 1), dtype=np.uint8)
        ),
    )  # fmt: skip
    indicators.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    client, wanted = login("city"), {"period": "2026", "org": world.city, "language": "zh-hans"}
    first, second = client.post("/reports/", wanted), client.post("/reports/", wanted)
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    other = client.post("/reports/", {**wanted, "language": "en"})
    assert other["Location"] != first["Location"]
    assert Report.objects.unscoped(reason="test").count() == 2


# ---------------------------------------------------------------------------------------------- people who may not


@pytest.mark.parametrize(
    "days", [(1, None), (-9, -1), (-9, 0)], ids=["from tomorrow", "until yesterday", "until today"]
)
def test_a_grant_counts_on_its_days_only(world: Any, login: Any, days: tuple[int, int | None]) -> None:
    from xingtan.domains.identity.models import RoleAssignment

    today = timezone.localdate()
    start, end = (None if day is None else today + timedelta(days=day) for day in days)
    rows = RoleAssignment.objects.unscoped(reason="test").filter(user_id=world.users["county_a"])
    rows.update(valid_from=start, valid_to=end)
    client = login("county_a")
    assert client.get("/orgs/").status_code == 403
    assert client.get(f"/orgs/{world.schools['A1']}/").status_code in {403, 404}
    assert client.get(f"/api/v1/orgs/{world.schools['A1']}").status_code == 404
    assert upload(client, world.counties["A"]).status_code == 403


def test_a_switched_off_account_loses_its_session_and_its_jobs(period: Any, world: Any, login: Any) -> None:
    from xingtan.domains.identity.models import User
    from xingtan.domains.indicators.models import ImportDraft
    from xingtan.platform.jobs import api as jobs
    from xingtan.platform.jobs.models import Job

    client = login("county_a")
    assert upload(client, world.counties["A"]).status_code == 302
    User.objects.filter(pk=world.users["county_a"]).update(is_active=False)
    for path in ("/", "/orgs/", "/indicators/imports/", "/accounts/password/"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"), path
    assert client.get("/api/v1/orgs").status_code == 401
    job = Job.objects.unscoped(reason="test").get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and not ImportDraft.objects.unscoped(reason="test").get().inspection


def test_ids_in_hidden_fields_change_nothing(period: Any, world: Any, login: Any) -> None:
    """A correction goes to the school of the address, whatever the form says."""
    from xingtan.domains.indicators.models import Observation

    client = login("principal_a1")
    extra = {name: str(world.schools["B1"]) for name in ("org_id", "unit_id", "org", "school", "unit", "org_unit_id")}
    own = f"/indicators/schools/{world.schools['A1']}/2026/internet/correct/"
    assert client.post(own, {"value": "1", "note": "x", "org_path": world.paths["B1"], **extra}).status_code == 302
    assert (
        client.post(
            own.replace(str(world.schools["A1"]), str(world.schools["A2"])), {"value": "1", "note": "x"}
        ).status_code
        == 404
    )
    rows = Observation.objects.unscoped(reason="test").values_list("org_unit_id", "org_path")
    assert list(rows) == [(world.schools["A1"], world.paths["A1"])]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(world: Any, login: Any, target: str) -> None:
    from conftest import TEST_PASSWORD

    client = Client()
    answer = client.post("/accounts/login/", {"login": "city", "password": TEST_PASSWORD, "next": target})
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert client.post("/preferences/", {"language": "en", "next": target})["Location"] == "/"
