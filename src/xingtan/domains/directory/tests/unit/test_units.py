from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xingtan.domains.directory import api
from xingtan.domains.directory.models import OrgUnit, OrgUnitVersion
from xingtan.domains.directory.types import OrgUnitRow
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.orgscope.actor import Actor, PermissionRefused

START = date(2020, 1, 1)
CITY = OrgUnitRow("C", "城", "city")
COUNTY = OrgUnitRow("K", "县", "county", "C")


def sync(actor: Actor, *rows: OrgUnitRow, day: date = START) -> Any:
    return api.org_units_sync(actor=actor, rows=rows, valid_from=day)


def school(name: str = "校", **more: Any) -> OrgUnitRow:
    return OrgUnitRow("S", name, "school", "K", **more)


def test_a_tree_is_made_in_any_order(db: None, system: Actor) -> None:
    result = sync(system, school(), COUNTY, CITY)
    assert (result.created, result.changed) == (3, 0)
    paths = {unit.code: unit.path for unit in OrgUnit.objects.unscoped(reason="test")}
    assert paths["S"].startswith(paths["K"]) and paths["K"].startswith(paths["C"])


def test_the_same_rows_again_change_nothing(db: None, system: Actor) -> None:
    sync(system, CITY, COUNTY, school())
    before = AuditEvent.objects.unscoped(reason="test").count()
    result = sync(system, CITY, COUNTY, school(), day=date(2021, 1, 1))
    assert (result.created, result.changed, result.unchanged) == (0, 0, 3)
    assert AuditEvent.objects.unscoped(reason="test").count() == before


def test_a_rename_keeps_yesterday(db: None, system: Actor) -> None:
    ids = sync(system, CITY, COUNTY, school("旧名")).ids
    assert sync(system, CITY, COUNTY, school("新名"), day=date(2022, 9, 1)).changed == 1
    names = {
        day: api.unit_on(actor=system, unit_id=ids["S"], day=day).name  # type: ignore[union-attr]
        for day in (date(2022, 8, 31), date(2022, 9, 1))
    }
    assert names == {date(2022, 8, 31): "旧名", date(2022, 9, 1): "新名"}
    assert api.unit_on(actor=system, unit_id=ids["S"], day=date(2019, 12, 31)) is None


def test_history_is_not_written_backwards(db: None, system: Actor) -> None:
    sync(system, CITY, COUNTY, school("新名"))
    with pytest.raises(api.DirectoryError, match="already has a version"):
        sync(system, CITY, COUNTY, school("旧名"), day=date(2019, 1, 1))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([OrgUnitRow("S", "校", "school")], "belongs to an organisation above"),
        ([OrgUnitRow("S", "校", "school", "X")], "parent 'X' is unknown"),
        ([CITY, CITY], "stands twice"),
        ([OrgUnitRow("", "校", "school", "C")], "empty"),
        ([CITY, OrgUnitRow("S", "校", "school", "C"), OrgUnitRow("K", "县", "county", "S")], "cannot belong"),
        ([OrgUnitRow("Z", "?", "galaxy")], "unknown"),
    ],
)
def test_a_broken_tree_is_refused_whole(db: None, system: Actor, rows: list[OrgUnitRow], words: str) -> None:
    with pytest.raises(api.DirectoryError, match=words):
        sync(system, *rows)
    assert not OrgUnit.objects.unscoped(reason="test").exists()


def test_a_code_that_only_one_database_would_keep_is_refused(db: None, system: Actor) -> None:
    with pytest.raises(api.DirectoryError, match="longer than 40"):
        sync(system, CITY, COUNTY, OrgUnitRow("9" * 41, "校", "school", "K"))


def test_another_parent_is_a_move_and_not_a_sync(db: None, system: Actor) -> None:
    sync(system, CITY, COUNTY, school())
    with pytest.raises(api.DirectoryError, match="move"):
        sync(system, CITY, OrgUnitRow("K2", "乙县", "county", "C"), OrgUnitRow("S", "校", "school", "K2"))
    assert not OrgUnit.objects.unscoped(reason="test").filter(code="K2").exists()


def test_a_county_may_not_edit_the_city(world: Any) -> None:
    before = OrgUnitVersion.objects.unscoped(reason="test").count()
    with pytest.raises(PermissionRefused):
        api.org_units_sync(
            actor=world.actor("county_a"), rows=[OrgUnitRow("A9", "新校", "school", "A")], valid_from=START
        )
    assert OrgUnitVersion.objects.unscoped(reason="test").count() == before


def test_each_sees_only_his_subtree(world: Any) -> None:
    day = date(2024, 5, 1)
    seen = {unit.code for unit in api.units_on(actor=world.actor("county_a"), day=day)}
    assert seen == {"A", "A1", "A2", "A3"}
    assert api.unit_on(actor=world.actor("county_a"), unit_id=world.schools["B1"], day=day) is None
    assert [unit.code for unit in api.chain_on(actor=world.actor("principal_a1"), path=world.paths["A1"], day=day)] == [
        "A1"
    ]
    assert api.children_on(actor=world.actor("county_b"), unit_id=world.counties["A"], day=day) == ()


def test_reading_costs_one_query_whatever_the_size(world: Any, django_assert_num_queries: Any) -> None:
    actor = world.actor("city")
    for root in (world.paths["B"], world.paths["YZ"]):
        with django_assert_num_queries(1):
            api.units_on(actor=actor, day=date(2024, 5, 1), root=root)
