"""The cockpit: the right figures for the right people, in few queries, and something to do where there is nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitRow
from xingtan.domains.indicators import api as indicators

MOST_QUERIES = 24
"""Of the first look at a school, whose definitions are read then; a city needs fewer."""


def page(client: Client, **query: Any) -> str:
    answer = client.get("/cockpit/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def without_tokens(text: str) -> str:
    return re.sub(r'(CSRFToken": "|csrfmiddlewaretoken" value=")\w+|value="/cockpit/[^"]*"', "", text)


def queries(client: Client, path: str, query: dict[str, Any]) -> int:
    client.get(path, query)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path, query).status_code == 200
    return len(found)


# ------------------------------------------------------------------------------------------------------------ figures


def test_the_city_sees_its_figures_with_trend_target_and_verdict(two_years: Any, world: Any, login: Any) -> None:
    text = page(login("city"))
    # 43 multimedia rooms of 59 ordinary ones: 72.9 %, the target is 80 %; in 2025 it was 4 of 59.
    assert "72.9" in text and "≥ 80%" in text and "66.1" in text
    assert "xt-tile-fail" in text
    assert reverse("figure", args=[two_years.id, world.city, "INF09", "all"]) in text
    for county in ("东湖区", "西山县"):
        assert county in text


def test_drilling_down_keeps_period_and_indicator(two_years: Any, world: Any, login: Any) -> None:
    text = page(login("city"), code="INF01", period="2025")
    address = f"/cockpit/?period=2025&amp;org={world.counties['A']}&amp;code=INF01"
    assert address in text
    county = page(login("city"), org=world.counties["A"], code="INF01", period="2025")
    assert "东湖第一小学" in county and f"org={world.schools['A1']}" in county and "西山" not in county


def test_a_stage_has_its_own_figures_and_targets(two_years: Any, login: Any) -> None:
    text = page(login("city"), slice="stage:primary", code="INF01")
    assert "≥ 2.3" in text and "≥ 2.4" not in text


def test_a_figure_without_value_says_why(compute: Any, login: Any) -> None:
    compute("2026", {"A1": {"internet": 1}, "B1": {"rooms_multimedia": 3, "rooms_ordinary": 4}})
    text = page(login("city"), code="INF03")
    assert "xt-null" in text and "西山县" in text


def test_an_unknown_period_slice_or_indicator_falls_back(two_years: Any, login: Any) -> None:
    odd = page(login("city"), period="1066", slice="stage:none", code="XX99")
    assert without_tokens(odd) == without_tokens(page(login("city")))


def test_a_changed_definition_is_not_compared_with_last_year(compute: Any, system: Any, login: Any) -> None:
    from dataclasses import replace

    compute("2025")
    old = next(
        indicators.definition_of(row) for row in indicators.versions_in_force(date(2025, 12, 31)) if row.code == "INF09"
    )
    new = replace(old, numerator="rooms_multimedia * 2", valid_from=date(2026, 1, 1), valid_to=None)
    indicators.definitions_add(actor=system, definitions=[new])
    compute("2026")
    text = page(login("city"), code="INF09")
    assert "145.8" in text and "72.9 " not in text
    trend = login("city").get("/cockpit/trend.xlsx", {"code": "INF09"})
    assert trend.status_code == 200


# -------------------------------------------------------------------------------------------------------------- scope


def test_a_county_sees_itself_alone(two_years: Any, world: Any, login: Any) -> None:
    client = login("county_a")
    for query in ({}, {"view": "balance"}, {"map": "schools"}, {"slice": "stage:junior"}):
        text = page(client, **query)
        assert "东湖" in text
        assert "西山" not in text and "云州市" not in text
        assert f"/{world.city}/" not in text


def test_a_principal_sees_his_school_alone(two_years: Any, world: Any, login: Any) -> None:
    text = page(login("principal_a1"))
    assert "东湖第一小学" in text
    for foreign in ("东湖区", "东湖第二", "东湖实验", "西山", "云州市"):
        assert foreign not in text
    # 20 of 20 rooms; the county's 42 of 55 and the city's 43 of 59 are nobody's here.
    assert "100.0" in text and "72.9" not in text and "76.4" not in text


def test_those_above_see_a_school_beside_its_county(two_years: Any, world: Any, login: Any) -> None:
    text = page(login("county_a"), org=world.schools["A1"])
    assert "东湖区" in text and "76.4%" in text


@pytest.mark.parametrize("path", ["/cockpit/", "/cockpit/wall/", "/cockpit/trend/", "/cockpit/tiles.xlsx"])
@pytest.mark.parametrize("foreign", ["YZ", "B", "B1", "999999", "x", "٣"])
def test_a_foreign_organisation_does_not_exist(two_years: Any, world: Any, login: Any, path: str, foreign: str) -> None:
    known = {"YZ": world.city, "B": world.counties["B"], "B1": world.schools["B1"]}
    answer = login("county_a").get(path, {"org": known.get(foreign, foreign)})
    assert answer.status_code == 404
    assert "西山" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/cockpit/", "/cockpit/wall/", "/cockpit/tiles.xlsx", "/cockpit/trend/"])
def test_nobody_looks_without_an_account(db: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 302


# -------------------------------------------------------------------------------------------------------------- empty


def test_without_a_period_the_city_is_led_to_the_import(world: Any, login: Any) -> None:
    assert reverse("import_list") in page(login("city"))


def test_without_a_run_each_role_is_told_what_to_do(world: Any, compute: Any, login: Any) -> None:
    indicators.period_ensure(code="2026")
    assert reverse("run_list") in page(login("city"))
    assert reverse("import_list") in page(login("county_a"))
    assert reverse("school_cells", args=[world.schools["A1"], "2026"]) in page(login("principal_a1"))


def test_a_period_that_was_not_computed_says_so_and_offers_the_others(two_years: Any, login: Any) -> None:
    indicators.period_ensure(code="2027")
    text = page(login("city"), period="2027")
    assert "xt-empty" in text and 'value="2026"' in text
    assert "xt-tile-value" not in text
    assert "xt-tile-value" in page(login("city"))  # by default the newest that was computed


# ----------------------------------------------------------------------------------------------------------- how many


def more_counties(world: Any, system: Any, number: int, schools: int) -> list[OrgUnitRow]:
    rows = [OrgUnitRow(f"N{i}", f"新县{i}", "county", "YZ") for i in range(number)]
    rows += [
        OrgUnitRow(
            f"N{i}S{j}", f"新校{i}-{j}", "school", f"N{i}", "primary", "rural", "active", 30.0 + i, 113.0 + j / 9
        )
        for i in range(number)
        for j in range(schools)
    ]
    directory.org_units_sync(actor=system, rows=rows, valid_from=world.start)
    return rows


PATHS = [
    ("city", "/cockpit/", {}),
    ("city", "/cockpit/", {"view": "balance"}),
    ("city", "/cockpit/", {"map": "schools"}),
    ("city", "/cockpit/wall/", {}),
    ("city", "/", {}),
    ("county_a", "/cockpit/", {}),
    ("principal_a1", "/cockpit/", {}),
]


def test_queries_do_not_grow_with_the_city(two_years: Any, compute: Any, world: Any, system: Any, login: Any) -> None:
    before = [queries(login(role), path, query) for role, path, query in PATHS]
    more_counties(world, system, 3, 3)
    rows = [
        OrgUnitRow(f"AX{i}", f"东湖新校{i}", "school", "A", "primary", "urban", "active", 30.5, 114.0) for i in range(3)
    ]
    directory.org_units_sync(actor=system, rows=rows, valid_from=world.start)
    compute("2026")
    assert [queries(login(role), path, query) for role, path, query in PATHS] == before
    assert max(before) <= MOST_QUERIES
    assert before[0] <= 15


# --------------------------------------------------------------------------------------------------------------- maps


def test_counties_are_tiles_and_schools_are_points(two_years: Any, login: Any) -> None:
    assert 'data-xt-kind="tilegrid"' in page(login("city"))
    text = page(login("city"), map="schools")
    assert 'data-xt-kind="points"' in text and "114.3" in text
    assert "shapes.geojson" not in text and reverse("shape_list") in text


def test_points_lie_on_the_outlines_that_were_loaded(two_years: Any, world: Any, system: Any, login: Any) -> None:
    from xingtan.domains.directory.tests.unit.test_shapes import collection, square

    directory.shapes_load(
        actor=system, content=collection(square(114, 30, code="A"), square(115, 30, code="B")), file_name="x.geojson",
        day=date(2026, 1, 1),
    )  # fmt: skip
    assert f"shapes.geojson?org={world.city}" in page(login("city"), map="schools")
    text = page(login("county_a"))
    assert f"shapes.geojson?org={world.counties['A']}" in text


def test_too_many_points_become_one_per_county(two_years: Any, login: Any, monkeypatch: Any) -> None:
    from xingtan.portal import maps

    monkeypatch.setattr(maps, "POINTS_MOST", 2)
    text = page(login("city"), map="schools")
    assert 'data-xt-kind="points"' in text
    assert "东湖第一小学" not in text and "西山县" in text


# --------------------------------------------------------------------------------------------------------------- wall


def test_the_wall_rotates_and_refreshes(two_years: Any, login: Any) -> None:
    text = login("city").get("/cockpit/wall/").content.decode()
    assert 'data-xt-rotor="20"' in text and 'hx-trigger="every 300s"' in text
    assert text.count("xt-rotor-part") >= 3
    assert "xt-tile-link" not in text  # nothing to click on a wall


def test_an_empty_wall_says_why(world: Any, login: Any) -> None:
    assert "xt-empty" in login("city").get("/cockpit/wall/").content.decode()


def test_the_trend_of_a_school_comes_after_its_page(two_years: Any, world: Any, login: Any) -> None:
    client = login("principal_a1")
    assert "/cockpit/trend/?period=2026" in page(client, code="INF09")
    text = client.get("/cockpit/trend/", {"code": "INF09"}).content.decode()
    assert 'data-xt-kind="line"' in text and "5.0%" in text and "100.0%" in text
    assert login("county_a").get("/cockpit/trend/").status_code == 404  # a county has its trend on its page
