"""The list of organisations and the page of one: search, filters, paging, Excel, history, scope."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from xingtan.domains.directory import api
from xingtan.domains.directory.types import OrgUnitRow
from xingtan.domains.directory.views.lists import org_table

FOREIGN = ("西山", "云州市")
FOREIGN_CODES = {"B1", "B2"}
ALL = ("东湖区", "东湖第一小学", "东湖第二初级中学", "东湖实验学校", "西山县", "西山中心小学", "西山高级中学")


def page(client: Client, path: str = "/orgs/", **query: Any) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def excel(client: Client, **query: Any) -> list[tuple[Any, ...]]:
    answer = client.get("/orgs/export.xlsx", query)
    assert answer.status_code == 200
    return list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)


def test_the_city_lists_everything(world: Any, login: Any) -> None:
    text = page(login("city"))
    assert all(name in text for name in ALL)


@pytest.mark.parametrize(
    "query", [{}, {"q": "西山"}, {"q": "B1"}, {"county": "999"}, {"sort": "-name"}, {"kind": "school"}]
)
def test_a_county_finds_nothing_of_another(world: Any, login: Any, query: dict[str, str]) -> None:
    client = login("county_a")
    shown = page(client, **query).replace('value="西山"', "").replace('value="B1"', "")
    shown = shown.replace("q=%E8%A5%BF%E5%B1%B1", "").replace("q=B1", "")
    for name in FOREIGN:
        assert name not in shown
    cells = [str(cell) for row in excel(client, **query) for cell in row if cell is not None]
    assert not [cell for cell in cells if cell in FOREIGN_CODES or any(name in cell for name in FOREIGN)]


def test_a_foreign_county_as_filter_shows_nothing(world: Any, login: Any) -> None:
    assert "西山中心小学" not in page(login("county_a"), county=world.counties["B"])
    assert "西山中心小学" in page(login("city"), county=world.counties["B"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "实验"}, {"东湖实验学校"}), ({"q": "b2"}, {"西山高级中学"}), ({"q": "东湖 小学"}, {"东湖第一小学"}),
        ({"stage": "nine_year"}, {"东湖实验学校"}), ({"area_type": "town"}, {"西山高级中学"}),
        ({"kind": "county"}, {"东湖区", "西山县"}), ({"status": "closed"}, set()),
        ({"kind": "school", "q": "中学", "area_type": "rural"}, {"东湖第二初级中学"}),
    ],
)  # fmt: skip
def test_search_and_filters_agree_on_page_and_in_excel(
    world: Any, login: Any, query: dict[str, str], names: set[str]
) -> None:
    client = login("city")
    assert {row[1] for row in excel(client, **query)[1:]} == names
    text = page(client, **query)
    rows = text[text.index('id="list-orgs"') :]
    assert {name for name in ALL if f">{name}</a>" in rows} == names


def test_a_list_has_pages_that_do_not_overlap(world: Any, system: Any, login: Any) -> None:
    rows = [OrgUnitRow(f"P{i:02}", f"分页{i:02}", "school", "A", "primary") for i in range(30)]
    api.org_units_sync(actor=system, rows=rows, valid_from=world.start)
    client = login("city")
    first, second = page(client, q="分页", sort="code"), page(client, q="分页", sort="code", page=2)
    assert "分页24" in first and "分页25" not in first and "分页25" in second and "分页24" not in second
    assert len(excel(client, q="分页")) == 31


def test_queries_do_not_grow_with_the_list(world: Any, system: Any, login: Any) -> None:
    def count(path: str) -> int:
        client = login("city")
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    paths = ("/orgs/?kind=school", f"/orgs/{world.city}/", f"/orgs/{world.counties['A']}/", "/orgs/export.xlsx")
    before = [count(path) for path in paths]
    rows = [OrgUnitRow(f"M{i}", f"新县{i}", "county", "YZ") for i in range(3)]
    rows += [OrgUnitRow(f"M{i}S", f"新校{i}", "school", f"M{i}", "primary") for i in range(3)]
    rows += [OrgUnitRow(f"AS{i}", f"又校{i}", "school", "A", "primary") for i in range(3)]
    api.org_units_sync(actor=system, rows=rows, valid_from=world.start)
    assert [count(path) for path in paths] == before
    assert max(before) <= 12


def test_hostile_text_stays_text(world: Any, system: Any, login: Any) -> None:
    name = "=1+1<script>alert(1)</script>"
    api.org_units_sync(actor=system, rows=[OrgUnitRow("X1", name, "school", "A", "primary")], valid_from=world.start)
    client = login("city")
    assert "<script>alert" not in page(client, q="=1+1")
    assert ["'" + name] == [row[1] for row in excel(client, q="=1+1")[1:]]


# --------------------------------------------------------------------------------------------------- one organisation


def test_a_page_tells_what_changed_and_when(world: Any, system: Any, login: Any) -> None:
    changed = OrgUnitRow("A1", "东湖育才小学", "school", "A", "primary", "town", "active", 30.5, 114.3)
    api.org_units_sync(actor=system, rows=[changed], valid_from=date(2023, 9, 1))
    text = page(login("city"), f"/orgs/{world.schools['A1']}/")
    assert "东湖第一小学 → 东湖育才小学" in text and "2023-09-01" in text and "2020-01-01" in text
    assert f"/cockpit/?org={world.schools['A1']}" in text


def test_a_county_leads_to_its_schools_and_a_city_counts_them(world: Any, login: Any) -> None:
    text = page(login("city"), f"/orgs/{world.counties['A']}/")
    assert "东湖第一小学" in text and "西山" not in text
    assert f"/orgs/?county={world.counties['A']}" in text
    city = page(login("city"), f"/orgs/{world.city}/")
    assert ">3</td>" in city and ">2</td>" in city


def test_breadcrumbs_begin_at_the_visitors_own_organisation(world: Any, login: Any) -> None:
    text = page(login("county_a"), f"/orgs/{world.schools['A1']}/")
    assert "东湖区" in text and "云州市" not in text
    assert "东湖区" not in page(login("principal_a1"), f"/orgs/{world.schools['A1']}/")


@pytest.mark.parametrize("foreign", ["YZ", "B", "B1", "none"])
def test_a_foreign_organisation_does_not_exist(world: Any, login: Any, foreign: str) -> None:
    ids = {"YZ": world.city, "B": world.counties["B"], "B1": world.schools["B1"], "none": 999_999}
    answer = login("county_a").get(f"/orgs/{ids[foreign]}/")
    assert answer.status_code == 404 and "西山" not in answer.content.decode()


def test_a_school_yet_to_open_has_a_page(world: Any, system: Any, login: Any) -> None:
    row = OrgUnitRow("F1", "未来小学", "school", "A", "primary")
    ids = api.org_units_sync(actor=system, rows=[row], valid_from=date(2999, 9, 1)).ids
    assert "未来小学" in page(login("city"), f"/orgs/{ids['F1']}/")


def test_an_empty_directory_says_how_to_begin(db: None, system: Any) -> None:
    table = org_table(actor=system, params=QueryDict(""), day=date(2026, 1, 1))
    assert not table.rows and not table.narrowed and table.empty.text
