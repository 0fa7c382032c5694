"""Every part of the cockpit as a workbook, of the same figures and for the same eyes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitRow
from xingtan.portal.cockpit import PARTS

OF_OFFICES = [part for part in PARTS if part != "school"]


def rows(client: Any, part: str, **query: Any) -> list[tuple[Any, ...]]:
    answer = client.get(f"/cockpit/{part}.xlsx", query)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert "attachment" in answer["Content-Disposition"]
    return list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)


@pytest.mark.parametrize("part", OF_OFFICES)
def test_every_part_of_a_city_is_a_workbook(two_years: Any, login: Any, part: str) -> None:
    found = rows(login("city"), part)
    assert len(found) >= 2 and all(found[0])


@pytest.mark.parametrize("part", OF_OFFICES)
def test_a_county_gets_nothing_of_another(two_years: Any, login: Any, part: str) -> None:
    if part == "extremes":  # a county has no counties: headings only
        return
    text = "\n".join(str(cell) for row in rows(login("county_a"), part) for cell in row if cell is not None)
    assert "西山" not in text and "云州市" not in text


def test_numbers_are_numbers_and_unrounded(two_years: Any, login: Any) -> None:
    found = {row[0]: row[1] for row in rows(login("city"), "comparison", code="INF09") if row and row[0]}
    assert found["东湖区"] == pytest.approx(100 * 42 / 55, abs=1e-12)
    assert found["西山县"] == 25


def test_a_county_gets_all_of_its_schools(two_years: Any, world: Any, login: Any) -> None:
    found = rows(login("county_a"), "comparison", code="INF09")
    assert {row[1]: row[2] for row in found[1:4]} == {"东湖第一小学": 100, "东湖第二初级中学": 50, "东湖实验学校": 80}


def test_a_school_gets_its_figures(two_years: Any, login: Any) -> None:
    found = rows(login("principal_a1"), "school")
    assert any(row[0] == "INF09" and row[2] == "100.0%" for row in found)


def test_a_name_that_begins_like_a_formula_is_no_formula(
    two_years: Any, compute: Any, world: Any, system: Any, login: Any
) -> None:
    hostile = '=HYPERLINK("http://x","y")'
    directory.org_units_sync(
        actor=system, valid_from=world.start,
        rows=[OrgUnitRow("A1", hostile, "school", "A", "primary", "urban", "active", 30.5, 114.3)],
    )  # fmt: skip
    found = rows(login("county_a"), "comparison", code="INF09")
    assert [row[1] for row in found if row[1] and "HYPERLINK" in row[1]] == ["'" + hostile]


@pytest.mark.parametrize("part", ["nothing", "school"])
def test_a_part_there_is_not_is_not_found(two_years: Any, login: Any, part: str) -> None:
    assert login("city").get(f"/cockpit/{part}.xlsx").status_code == 404


def test_before_the_first_run_there_is_no_workbook(world: Any, login: Any) -> None:
    assert login("city").get("/cockpit/tiles.xlsx").status_code == 404
