"""Who may import what, and what foreign tables may not do to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from xingtan.domains.indicators.tests.web.import_helpers import (
    HEADER,
    MAPPING,
    ROWS,
    checked,
    run_jobs,
    text_of,
    upload,
    uploaded,
    workbook,
)

if TYPE_CHECKING:
    from conftest import World

pytestmark = pytest.mark.usefixtures("catalogue")

PAGES = ("", "progress/", "mapping/", "mapping/columns/F/", "mapping/options/", "mapping/text/", "mapping/file/",
         "report/", "report/issues.xlsx", "result/", "cells/")  # fmt: skip
ACTIONS = ("inspect/", "check/", "apply/", "discard/", "mapping/columns/F/", "mapping/options/", "mapping/text/",
           "mapping/keep/", "mapping/take/")  # fmt: skip


def state_of(draft: str) -> tuple[str, str, Any]:
    from xingtan.domains.indicators.models import ImportDraft
    from xingtan.platform.audit.models import AuditEvent

    row = ImportDraft.objects.unscoped(reason="test").get(pk=int(draft.rstrip("/").rsplit("/", 1)[1]))
    return row.state, row.mapping, AuditEvent.objects.unscoped(reason="test").count()


def test_principals_and_visitors_have_no_access(world: World, login: Any, client: Any) -> None:
    draft = checked(login("city"), workbook(), org=world.city)
    before = state_of(draft)
    for path in ("/indicators/imports/", "/indicators/imports/new/", *(f"{draft}{page}" for page in PAGES)):
        assert login("principal_a1").get(path).status_code == 403, path
        assert client.get(path).status_code == 302, path
        assert "/accounts/login/" in client.get(path).url
    for action in ACTIONS:
        assert login("principal_a1").post(f"{draft}{action}", {"warnings_read": "1"}).status_code == 403
        assert client.post(f"{draft}{action}").status_code == 302
    assert state_of(draft) == before


def test_nobody_sees_imports_of_other_subtrees(world: World, login: Any) -> None:
    draft = checked(login("county_a"), workbook(ROWS[:3]), org=world.counties["A"])
    assert state_of(draft)[0] == "checked"
    before = state_of(draft)
    stranger = login("county_b")
    for page in PAGES:
        assert stranger.get(f"{draft}{page}").status_code == 404, page
    for action in ACTIONS:
        assert stranger.post(f"{draft}{action}", {"warnings_read": "1"}).status_code == 404, action
    assert state_of(draft) == before
    assert draft not in text_of(stranger, "/indicators/imports/")
    assert draft in text_of(login("city"), "/indicators/imports/"), "the city sees what its counties do"
    city_draft = checked(login("city"), workbook(), org=world.city)
    assert login("county_a").get(city_draft).status_code == 404


def test_a_county_cannot_import_for_the_city_or_another_county(world: World, login: Any) -> None:
    from xingtan.domains.indicators.models import ImportDraft

    client = login("county_a")
    for org in (world.city, world.counties["B"], world.schools["A1"], 999_999):
        assert upload(client, workbook(), org=org).status_code == 422
    assert not ImportDraft.objects.unscoped(reason="test").exists()


def test_a_county_cannot_import_schools_of_another_county(world: World, login: Any) -> None:
    from xingtan.domains.indicators.models import Batch

    client = login("county_a")
    draft = checked(client, workbook(), org=world.counties["A"])
    assert state_of(draft)[0] == "blocked"
    page = text_of(client, f"{draft}report/", view="issues", kind="unit_unknown")
    assert "B1" in page
    assert "西山中心小学" not in page, "a code that is not ours tells nothing about another county"
    client.post(f"{draft}apply/", {"warnings_read": "1"})
    run_jobs()
    assert not Batch.objects.unscoped(reason="test").exists()


def test_a_county_adds_no_schools(world: World, login: Any) -> None:
    client = login("county_a")
    draft = checked(client, workbook([*ROWS[:3], ["A9", "新学校", "在办", 1, "是", 1]]), org=world.counties["A"])
    assert state_of(draft)[0] == "blocked"


def test_a_county_imports_its_own_schools(world: World, login: Any) -> None:
    client = login("county_a")
    draft = checked(client, workbook(ROWS[:3]), org=world.counties["A"])
    client.post(f"{draft}apply/")
    run_jobs()
    assert state_of(draft)[0] == "applied"
    from xingtan.domains.indicators.models import Run

    assert Run.objects.unscoped(reason="test").get().org_path == world.paths["YZ"], "the city's figures follow"


def test_a_role_taken_away_stops_the_job(world: World, login: Any) -> None:
    from xingtan.domains.identity.models import RoleAssignment
    from xingtan.domains.indicators.models import Batch

    client = login("county_a")
    draft = checked(client, workbook(ROWS[:3]), org=world.counties["A"])
    client.post(f"{draft}apply/")
    RoleAssignment.objects.unscoped(reason="test").filter(user_id=world.users["county_a"]).delete()
    run_jobs()
    assert not Batch.objects.unscoped(reason="test").exists()
    assert state_of(draft)[0] == "checked"


def test_every_action_wants_the_token(world: World, login: Any) -> None:
    from django.test import Client

    from xingtan.domains.identity.models import User

    draft = checked(login("city"), workbook(), org=world.city)
    before = state_of(draft)
    strict = Client(enforce_csrf_checks=True)
    user = User.objects.get(pk=world.users["city"])
    strict.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    for action in ACTIONS:
        assert strict.post(f"{draft}{action}", {"warnings_read": "1"}).status_code == 403, action
    assert upload(strict, workbook(), org=world.city).status_code == 403
    assert state_of(draft) == before


def test_actions_are_not_done_by_links(world: World, login: Any) -> None:
    client = login("city")
    draft = checked(client, workbook(), org=world.city)
    for action in ("inspect/", "check/", "apply/", "discard/", "mapping/keep/", "mapping/take/"):
        assert client.get(f"{draft}{action}").status_code == 405


SCRIPT = '<script>alert("x")</script>'
IMAGE = '"><img src=x onerror=alert(1)>'


def test_headers_and_cells_cannot_carry_script(world: World, login: Any) -> None:
    """Headers, cells, sheet, file name, labels and template names come out as text on every page."""
    client = login("city")
    header = [*HEADER[:3], SCRIPT, IMAGE, HEADER[5]]
    rows = [[row[0], IMAGE, SCRIPT if n else "在办", SCRIPT, row[4], SCRIPT] for n, row in enumerate(ROWS)]
    mapping = (
        MAPPING.replace('"网络多媒体教室间数"', f"'{SCRIPT}'\nlabel = '{SCRIPT}'")
        .replace('"接入互联网"', f"'{IMAGE}'")
        .replace('name = "test"', f"name = 'x'\ntitle = '{SCRIPT}'")
    )
    draft = checked(client, workbook(rows, header), org=world.city, mapping=mapping, name=f"{IMAGE}.xlsx")
    client.post(f"{draft}mapping/keep/", {"name": SCRIPT})
    wrong = client.post(f"{draft}mapping/text/", {"text": f"{SCRIPT} = </textarea>{SCRIPT}"}).content.decode()
    client.post(f"{draft}check/")
    run_jobs()
    pages = [wrong, text_of(client, "/indicators/imports/"), text_of(client, "/indicators/imports/new/")]
    pages += [text_of(client, f"{draft}{page}") for page in ("", "mapping/", "mapping/options/", "mapping/text/")]
    pages += [text_of(client, f"{draft}mapping/columns/{letter}/") for letter in "CDEF"]
    pages += [text_of(client, f"{draft}mapping/columns/C/", use="status", back=f"q={IMAGE}")]
    pages += [text_of(client, f"{draft}report/", **more) for more in ({}, {"view": "issues"}, {"q": SCRIPT})]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
    assert any("&lt;script&gt;" in page for page in pages)


def test_where_one_came_from_is_no_address(world: World, login: Any) -> None:
    """The way back to the list is a query string of ours, never somewhere else."""
    client = login("city")
    draft = uploaded(client, workbook(), org=world.city, mapping=MAPPING)
    answer = client.post(
        f"{draft}mapping/columns/F/", {"use": "ignore", "back": "//evil.example/?q=a&page=2&next=//evil.example"}
    )
    assert answer.url == f"{draft}mapping/?page=2"


def test_uploads_over_the_limit_are_refused(world: World, login: Any) -> None:
    from xingtan.domains.indicators.models import ImportDraft
    from xingtan.domains.indicators.services.imports import MAX_BYTES
    from xingtan.platform.files.models import StoredFile

    answer = upload(login("city"), b"\0" * (MAX_BYTES + 1), org=world.city)
    assert answer.status_code == 422
    assert "64 MB" in answer.content.decode()
    assert not ImportDraft.objects.unscoped(reason="test").exists()
    assert not StoredFile.objects.unscoped(reason="test").exists()


@pytest.mark.parametrize("period", ["", "25", "20x5", "1066", "二〇二五"])
def test_a_year_that_is_none(world: World, login: Any, period: str) -> None:
    assert upload(login("city"), workbook(), org=world.city, period=period).status_code == 422


def test_an_empty_upload(world: World, login: Any) -> None:
    assert upload(login("city"), b"", org=world.city).status_code == 422


def test_a_wrong_mapping_file_stops_the_upload(world: World, login: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    wrong = SimpleUploadedFile("m.toml", MAPPING.replace("version = 1", "version = 3").encode())
    answer = upload(login("city"), workbook(), org=world.city, mapping_file=wrong)
    assert answer.status_code == 422
    assert "version" in answer.content.decode()
