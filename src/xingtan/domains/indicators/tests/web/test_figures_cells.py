"""Cells in the browser: what a school reported, where it came from, and how it is corrected."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from xingtan.domains.directory.models import OrgUnitVersion
from xingtan.domains.indicators import api
from xingtan.domains.indicators.models import Observation, Run
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.files import api as files


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def cell_url(world, school="A1", element="rooms_multimedia", view="cell", period="2025"):
    return reverse(view, args=[world.schools[school], period, element])


def post(client, world, school="A1", element="rooms_multimedia", **data):
    return client.post(cell_url(world, school, element, "cell_correct"), {"note": "核对", **data}, follow=True)


def observations():
    return Observation.objects.unscoped(reason="test").count()


def test_all_cells_of_a_school_beside_last_year(world, login, observe, period):
    observe(api.period_ensure(code="2024"), {"A1": {"pupils_primary": 800, "rooms_multimedia": 8, "internet": 1}})
    observe(period)
    client, url = login("principal_a1"), reverse("school_cells", args=[world.schools["A1"], "2025"])
    page = text(client.get(url))
    for words in (
        "networked multimedia classrooms", "20 rooms", "8 rooms", "+150%", "Imported", "Pupils and classes", "yes",
        "4 cells reported, 0 wanting, 1 changed a lot", cell_url(world),
    ):  # fmt: skip
        assert words in page, words
    assert "junior pupils" not in page  # a primary school is not asked
    assert "junior pupils" in text(client.get(url + "?state=unasked"))
    page = text(client.get(url + "?state=jump"))
    assert "networked multimedia classrooms" in page
    assert "uplink bandwidth" not in page
    assert "Nothing matches" in text(client.get(url + "?state=null"))
    assert "uplink bandwidth" in text(client.get(url + "?group=network&q=uplink&state=nonsense"))


def test_the_cells_as_excel(world, login, observe, period):
    observe(period)
    OrgUnitVersion.objects.unscoped(reason="test").filter(unit_id=world.schools["A1"]).update(name="=1+1")
    response = login("principal_a1").get(reverse("school_cells", args=[world.schools["A1"], "2025"]) + "?export=1")
    book = load_workbook(io.BytesIO(response.content))
    rows = {row[1]: row for row in book.worksheets[0].iter_rows(values_only=True)}
    assert rows["rooms_multimedia"][4] == 20
    assert rows["pupils_junior"][4] == "Not applicable"
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


def test_where_a_cell_came_from(world, system, login, observe, period):
    kept = files.keep(
        actor=system,
        org_path=world.paths["YZ"],
        name="年报.xlsx",
        media_type="application/octet-stream",
        content=b"PK-test",
    )
    batch = observe(
        period, file_id=kept.pk, sheet="表一", columns={"rooms_multimedia": {"letter": "H", "header": "多媒体教室"}}
    )
    source = reverse("cell_source", args=[batch.pk])
    page = text(login("city").get(cell_url(world)))
    for words in ("年报.xlsx", "sheet 表一", "row 2", "column H", "多媒体教室", "system: test", source):
        assert words in page, words
    answer = login("city").get(source)
    assert b"".join(answer.streaming_content) == b"PK-test"
    assert "attachment" in answer["Content-Disposition"]
    # The file holds the whole city: a county may not have it, nor a principal.
    for username, status in (("county_a", 404), ("principal_a1", 403)):
        assert source not in text(login(username).get(cell_url(world)))
        assert login(username).get(source).status_code == status
    assert login("city").get(reverse("cell_source", args=[10**6])).status_code == 404


def test_a_batch_without_a_file_has_no_source(world, login, observe, period):
    batch = observe(period)
    assert login("city").get(reverse("cell_source", args=[batch.pk])).status_code == 404


@pytest.mark.parametrize("username", ["principal_a1", "county_a", "city"])
def test_a_correction_tells_what_it_changed(world, login, computed, username):
    client = login(username)
    page = text(post(client, world, value="２４"))
    assert "东湖第一小学 INF01" in page
    assert "2.50 → 3.00" in page
    assert ("东湖区 INF01" in page) is (username != "principal_a1")
    assert ("云州市 INF01" in page) is (username == "city")
    assert "24 rooms" in page
    assert "核对" in page


def test_undo_is_a_correction_back(world, login, computed, period):
    client = login("principal_a1")
    post(client, world, value="24")
    page = text(client.get(cell_url(world)))
    assert "Restore this value" in page
    start = page.index('name="value" value="20.0"')
    assert start
    page = text(post(client, world, value="20.0", reason="", note="Restored"))
    assert "3.00 → 2.50" in page
    history = api.cell_history(
        actor=world.actor("principal_a1"), unit_id=world.schools["A1"], period_id=period.id, element="rooms_multimedia"
    )
    assert [version.value for version in history] == [20, 24, 20]


def test_a_value_can_become_null_with_a_reason(world, login, computed):
    page = text(post(login("principal_a1"), world, value="", reason="2"))
    assert "2.50 → Unknown" in page
    assert "Unknown" in text(
        login("city").get(reverse("figure", args=[computed.id + 1, world.schools["A1"], "INF01", "all"]))
    )


def test_before_any_run_a_correction_is_just_kept(world, login, observe, period):
    observe(period)
    assert "has not been computed yet" in text(post(login("principal_a1"), world, value="24"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"value": "-1"}, "must lie between 0 and ∞"), ({"value": "2.5"}, "A whole number is needed"),
        ({"value": "many"}, "This is not a number"), ({"value": "1e999"}, "This is not a number"),
        ({"value": ""}, "Give a value, or say why there is none"), ({"value": "3", "reason": "2"}, "Give a value, or"),
        ({"value": "", "reason": "9"}, "Select a valid choice"), ({"value": "3", "note": " "}, "This field is required"),
        ({"value": "3\x00"}, "This is not a number"),
    ],
)  # fmt: skip
def test_a_wrong_value_comes_back_with_the_reason(world, login, computed, data, words):
    before = observations()
    page = text(post(login("principal_a1"), world, **data), status=422)
    assert words in page
    assert observations() == before


def test_yes_and_no_are_chosen(world, login, computed):
    client = login("principal_a1")
    assert '<option value="1"' in text(client.get(cell_url(world, element="internet")))
    assert "INF03" in text(post(client, world, element="internet", value="0"))
    page = text(client.get(cell_url(world, element="internet")))
    assert "no" in page


def test_foreign_cells_do_not_exist(world, login, computed):
    before = observations(), Run.objects.unscoped(reason="test").count()
    for username, school in (("principal_a1", "B1"), ("principal_a1", "A2"), ("county_a", "B1"), ("county_b", "A1")):
        client = login(username)
        assert client.get(cell_url(world, school)).status_code == 404
        assert client.get(reverse("school_cells", args=[world.schools[school], "2025"])).status_code == 404
        assert client.post(cell_url(world, school, view="cell_correct"), {"value": 1, "note": "x"}).status_code == 404
    city = login("city")
    assert city.get(cell_url(world, element="nothing")).status_code == 404
    assert city.get(cell_url(world, period="1999")).status_code == 404
    assert city.get(reverse("school_cells", args=[world.counties["A"], "2025"])).status_code == 404
    assert before == (observations(), Run.objects.unscoped(reason="test").count())
    assert not AuditEvent.objects.unscoped(reason="test").filter(action="indicators.cell.correct").exists()


def test_a_note_is_shown_as_text(world, login, computed):
    page = text(post(login("principal_a1"), world, value="21", note="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
