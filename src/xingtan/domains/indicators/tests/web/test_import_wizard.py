"""From an uploaded table to figures, through the pages."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import gettext, override
from openpyxl import load_workbook

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


def draft_of(url: str) -> Any:
    from xingtan.domains.indicators.models import ImportDraft

    return ImportDraft.objects.unscoped(reason="test").get(pk=int(url.rstrip("/").rsplit("/", 1)[1]))


def batches() -> int:
    from xingtan.domains.indicators.models import Batch

    return Batch.objects.unscoped(reason="test").count()


def test_from_upload_to_figures(world: World, login: Any) -> None:
    client = login("city")
    answer = upload(client, workbook(), org=world.city)
    draft = answer.url
    assert f"{draft}progress/" in text_of(client, draft)
    assert client.get(f"{draft}progress/").status_code == 200
    run_jobs()
    assert client.get(f"{draft}progress/")["HX-Refresh"] == "true"

    page = text_of(client, draft)
    assert "rooms_multimedia" in page, "the column is proposed as the element of the same name"
    assert draft_of(draft).state == "mapped"
    mapping = client.get(f"{draft}mapping/file/").content.decode()
    assert 'active = ["在办"]' in mapping

    client.post(f"{draft}check/")
    run_jobs()
    page = text_of(client, draft)
    assert draft_of(draft).state == "checked", draft_of(draft).report
    assert f"{draft}apply/" in page
    assert batches() == 0, "a check stores nothing"

    client.post(f"{draft}apply/")
    run_jobs()
    stored = draft_of(draft)
    assert stored.state == "applied"
    assert f"{draft}cells/" in text_of(client, draft)
    assert "500" in text_of(client, f"{draft}cells/", element="bandwidth", q="西山高级")
    from xingtan.domains.indicators import api

    run = api.newest_run(actor=world.actor("city"), period_id=stored.period_id)
    assert run is not None
    figures = api.figures(actor=world.actor("city"), run=run, codes=["INF03"], unit_ids=[world.city])
    figure = figures[world.city, "INF03", "all"]
    # Three of the four schools in operation are connected; A3 is paused.
    assert (figure.numerator, figure.denominator) == (3, 4)


def test_the_same_table_twice_changes_nothing(world: World, login: Any) -> None:
    client, content = login("city"), workbook()
    for number in range(2):
        draft = checked(client, content, org=world.city)
        page = text_of(client, draft)
        client.post(f"{draft}apply/")
        run_jobs()
        assert draft_of(draft).state == "applied"
        assert draft_of(draft).report["effect"]["repeated"] is bool(number)
    with override("zh-hans"):
        assert (
            gettext("This table was imported before with the same mapping. Applying it again changes nothing.") in page
        )
    assert batches() == 1


def test_a_correction_of_the_table_is_a_second_batch(world: World, login: Any) -> None:
    client = login("city")
    better = [[*ROWS[0][:5], 1000], *ROWS[1:]]
    for rows in (ROWS, better):
        draft = checked(client, workbook(rows), org=world.city)
        client.post(f"{draft}apply/")
        run_jobs()
    assert batches() == 2
    assert "1,000" in text_of(client, f"{draft}cells/", element="bandwidth", q="A1")


def test_errors_block_and_name_the_place(world: World, login: Any) -> None:
    client = login("city")
    rows = [[*ROWS[0][:3], "十二", "是", 100], *ROWS[1:]]
    draft = checked(client, workbook(rows), org=world.city)
    assert draft_of(draft).state == "blocked"
    page = text_of(client, draft)
    assert f"{draft}apply/" not in page
    issues = text_of(client, f"{draft}report/", view="issues")
    assert "十二" in issues
    assert "D 网络多媒体教室间数" in issues
    client.post(f"{draft}apply/", {"warnings_read": "1"})
    run_jobs()
    assert draft_of(draft).state == "blocked"
    assert batches() == 0

    book = load_workbook(io.BytesIO(b"".join(client.get(f"{draft}report/issues.xlsx").streaming_content)))
    found = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert any(row[2] == 2 and row[3] == "D" and row[5] == "十二" for row in found)


def test_warnings_need_a_tick(world: World, login: Any) -> None:
    client = login("city")
    mapping = MAPPING.replace('name = "test"', 'name = "test"\nsentinels = [99999]')
    rows = [[*ROWS[0][:5], 99999], *ROWS[1:]]
    draft = checked(client, workbook(rows), org=world.city, mapping=mapping)
    assert draft_of(draft).report["warnings"] == 1
    client.post(f"{draft}apply/")
    run_jobs()
    assert draft_of(draft).state == "checked"
    client.post(f"{draft}apply/", {"warnings_read": "1"})
    run_jobs()
    assert draft_of(draft).state == "applied"
    assert "99,999" not in text_of(client, f"{draft}cells/", element="bandwidth")


def test_report_filters(world: World, login: Any) -> None:
    client = login("city")
    rows = [["A1", "一", "在办", "x", "是", 1], ["A1", "二", "在办", 1, "也许", 1], *ROWS[1:]]
    draft = checked(client, workbook(rows), org=world.city)
    both = text_of(client, f"{draft}report/", view="issues")
    assert "也许" in both
    assert "也许" not in text_of(client, f"{draft}report/", view="issues", kind="code_duplicate")
    assert "也许" not in text_of(client, f"{draft}report/", view="issues", severity="info")
    assert "也许" in text_of(client, f"{draft}report/", view="issues", q="接入")


def test_directory_refusals_are_found_by_the_check(world: World, login: Any) -> None:
    """A school that the file puts under another county stops the check already, not only the application."""
    client = login("city")
    header = [*HEADER, "县代码"]
    rows = [[*row, row[0][0]] for row in ROWS]
    rows[0][-1] = "B"
    mapping = MAPPING.replace("[[element]]", '[[unit.parent]]\nlevel = "county"\ncode = "县代码"\n\n[[element]]', 1)
    draft = checked(client, workbook(rows, header), org=world.city, mapping=mapping)
    assert draft_of(draft).state == "blocked"
    assert "A1" in draft_of(draft).report["refusals"][0]


def test_what_the_table_does_not_say_stays_in_the_directory(world: World, login: Any) -> None:
    """The table has no stage, area, county or position: those of the directory are kept."""
    from xingtan.domains.directory import api as directory

    def particulars() -> dict[str, Any]:
        units = directory.units_on(actor=world.actor("city"), day=date(2025, 6, 1))
        return {u.code: (u.path, u.stage, u.area_type, u.lat, u.lon, u.name) for u in units}

    before = particulars()
    client = login("city")
    draft = checked(client, workbook(), org=world.city)
    effect = draft_of(draft).report["effect"]
    assert (effect["units_created"], effect["units_changed"]) == (0, 1), "only A3 is now paused"
    client.post(f"{draft}apply/")
    run_jobs()
    assert particulars() == before


def test_a_wrong_period_is_refused(world: World, login: Any) -> None:
    client = login("city")
    mapping = MAPPING.replace("[unit]", '[period]\nvalue = "2024"\n\n[unit]', 1)
    draft = checked(client, workbook(), org=world.city, mapping=mapping)
    assert draft_of(draft).state == "blocked"
    assert "2024" in draft_of(draft).report["refusals"][0]


def test_discard(world: World, login: Any) -> None:
    client = login("city")
    draft = checked(client, workbook(), org=world.city)
    assert client.post(f"{draft}discard/").url == "/indicators/imports/"
    assert draft_of(draft).state == "discarded"
    client.post(f"{draft}apply/", {"warnings_read": "1"})
    client.post(f"{draft}check/")
    run_jobs()
    assert draft_of(draft).state == "discarded"
    assert batches() == 0
    assert text_of(client, draft)


def test_list_searches_filters_and_tells_how_to_begin(world: World, login: Any) -> None:
    client = login("city")
    assert "/indicators/imports/new/" in text_of(client, "/indicators/imports/")
    first = uploaded(client, workbook(), org=world.city, name="甲表.xlsx")
    second = checked(client, workbook(), org=world.city, name="乙表.xlsx")
    page = text_of(client, "/indicators/imports/")
    assert "甲表" in page
    assert "乙表" in page
    assert "乙表" not in text_of(client, "/indicators/imports/", q="甲")
    assert "甲表" not in text_of(client, "/indicators/imports/", state="checked")
    assert first != second


@pytest.mark.parametrize("rows", [1, 3])
def test_list_queries_do_not_grow(world: World, login: Any, rows: int, django_assert_max_num_queries: Any) -> None:
    client = login("city")
    for number in range(rows):
        upload(client, workbook(), org=world.city, name=f"{number}.xlsx")
    with django_assert_max_num_queries(9):
        text_of(client, "/indicators/imports/")


def test_the_empty_form_comes_back_without_mapping(world: World, login: Any) -> None:
    """What a school fills into the downloaded form is understood as it is."""
    client = login("city")
    answer = client.get("/indicators/imports/form/", {"group": "network"})
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    values = {0: "A1", 1: "东湖第一小学", 2: "小学", 3: "城区", 4: "在办", 5: "东湖区", 6: "1", 7: 300}
    assert len(header) == 8
    for column, value in values.items():
        sheet.cell(2, column + 1, value)
    for column, value in {**values, 0: "A2", 1: "东湖第二初级中学", 2: "初中", 7: 200}.items():
        sheet.cell(3, column + 1, value)
    stream = io.BytesIO()
    book.save(stream)
    draft = uploaded(client, stream.getvalue(), org=world.city)
    client.post(f"{draft}check/")
    run_jobs()
    report = draft_of(draft).report
    assert draft_of(draft).state == "checked", report
    assert report["elements"] == 2
    assert client.get("/indicators/imports/form/", {"group": "no-such"}).status_code == 404


def test_an_unreadable_file_says_why_and_offers_a_way_on(world: World, login: Any) -> None:
    client = login("city")
    draft = uploaded(client, b"%PDF-1.7 not a table", org=world.city)
    page = text_of(client, draft)
    assert "PDF" in page
    assert f"{draft}mapping/options/" in page


def test_sheet_can_be_chosen_when_the_first_is_a_cover(world: World, login: Any) -> None:
    client = login("city")
    book = load_workbook(io.BytesIO(workbook()))
    cover = book.create_sheet("说明", 0)
    cover.append(["填表说明"])
    cover.append(["请看第二张表"])
    stream = io.BytesIO()
    book.save(stream)
    draft = uploaded(client, stream.getvalue(), org=world.city)
    assert not draft_of(draft).mapping
    sheet = book.sheetnames[1]
    answer = client.post(f"{draft}mapping/options/", {"sheet": sheet, "decimal": "."})
    assert answer.status_code == 302
    run_jobs()
    assert "rooms_multimedia" in draft_of(draft).mapping
    client.post(f"{draft}check/")
    run_jobs()
    assert draft_of(draft).state == "checked"
