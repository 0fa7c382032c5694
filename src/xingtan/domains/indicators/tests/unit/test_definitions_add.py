"""Definitions and elements: versions are added, never changed, and must fit together."""

from __future__ import annotations

from datetime import date

import pytest

from xingtan.domains.indicators import api
from xingtan.domains.indicators.models import DataElement, IndicatorVersion
from xingtan.domains.indicators.selectors.definitions import codes_reading, plan_of, versions_needed
from xingtan.domains.indicators.selectors.preview import definition_preview
from xingtan.domains.indicators.services.catalogue import CatalogueError
from xingtan.domains.indicators.tests.conftest import DEFINITIONS, ELEMENTS
from xingtan.engines.indicators import (
    DefinitionError,
    definition_from_dict,
    load_definitions,
    load_elements,
)
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.orgscope.actor import PermissionRefused

DAY = date(2025, 12, 31)


def events(action):
    return AuditEvent.objects.unscoped(reason="test").filter(action=action).count()


def changed(code, **fields):
    body = next(row.body for row in api.versions_in_force(DAY) if row.code == code)
    return definition_from_dict({**body, **fields})


def test_a_second_sync_changes_nothing_and_says_nothing(system, catalogue):
    counts = events("indicators.elements.sync"), events("indicators.definitions.add")
    assert counts == (1, 1)
    assert api.elements_sync(actor=system, elements=load_elements(ELEMENTS)) == 0
    assert api.definitions_add(actor=system, definitions=load_definitions(DEFINITIONS)) == 0
    assert (events("indicators.elements.sync"), events("indicators.definitions.add")) == counts
    assert IndicatorVersion.objects.count() == 6


def test_words_of_an_element_are_brought_up_to_date(system, catalogue):
    assert api.elements_sync(actor=system, elements=load_elements(ELEMENTS.replace("接入互联网", "已接入互联网"))) == 0
    assert DataElement.objects.get(code="internet").name["zh"] == "已接入互联网"
    assert events("indicators.elements.sync") == 2


def test_the_newest_version_valid_on_a_day_counts(system, catalogue):
    api.definitions_add(actor=system, definitions=[changed("INF01", factor=1000.0, valid_from="2026-01-01")])

    def factor(day):
        return next(row.body["factor"] for row in api.versions_in_force(day) if row.code == "INF01")

    assert factor(date(2025, 12, 31)) == 100
    assert factor(date(2026, 1, 1)) == 1000
    assert IndicatorVersion.objects.filter(code="INF01").count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"numerator": "room_multimedia"}, r"INF01: .*room_multimedia.*Did you mean rooms_multimedia.*field numerator"),
        ({"numerator": "rooms_multimedia +"}, "ends too early"),
        ({"scope": "pupils_primary"}, "must give boolean"),
        ({"of": ["XXX01"]}, "XXX01 is not among"),
        ({"of": ["INF03"]}, "must be of kind ratio"),
    ],
)
def test_what_does_not_fit_is_refused_whole(system, catalogue, fields, words):
    good, code = changed("INF03", decimals=3), "INF02" if "of" in fields else "INF01"
    with pytest.raises(CatalogueError, match=words):
        api.definitions_add(actor=system, definitions=[good, changed(code, **fields)])
    assert IndicatorVersion.objects.count() == 6


def test_only_the_city_defines(world, catalogue):
    for username in ("county_a", "principal_a1"):
        with pytest.raises(PermissionRefused):
            api.definitions_add(actor=world.actor(username), definitions=[changed("INF01", factor=1.0)])
        with pytest.raises(PermissionRefused):
            api.elements_sync(actor=world.actor(username), elements=load_elements(ELEMENTS))
    assert IndicatorVersion.objects.count() == 6
    assert api.definitions_add(actor=world.actor("city"), definitions=[changed("INF01", factor=1.0)]) == 1


def test_what_an_indicator_needs_and_what_reads_an_element(system, catalogue):
    versions = tuple(row for row in api.versions_in_force(DAY) if row.computable)
    assert [row.code for row in versions_needed(versions, ["GOV04"])] == ["GOV04", "INF01", "INF02"]
    plan = plan_of(versions, DAY)
    assert codes_reading(plan, ["rooms_multimedia"]) == {"INF01", "INF02", "GOV04"}
    assert codes_reading(plan, ["internet", "nothing"]) == {"INF03"}
    assert plan_of(versions, DAY) is plan


def test_a_preview_stores_nothing_and_equals_what_a_run_gives(world, system, period, observe):
    observe(period)
    wanted = changed("INF01", factor=1000.0)
    slices, rows = definition_preview(actor=world.actor("city"), definition=wanted, period=period)
    assert IndicatorVersion.objects.count() == 6
    assert [row.unit.code for row in rows] == ["YZ", "A", "B"]
    api.definitions_add(actor=system, definitions=[wanted])
    run = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    found = api.figures(actor=system, run=api.run_get(actor=system, run_id=run.pk), codes=("INF01",), slices=slices)
    for row in rows:
        for name in slices:
            assert row.figures[name].value == found[row.unit.id, "INF01", name].value


def test_a_preview_of_what_is_not_in_force_says_so(world, period, observe):
    observe(period)
    with pytest.raises(DefinitionError, match="is not in force"):
        definition_preview(
            actor=world.actor("city"), definition=changed("INF01", valid_from="2030-01-01"), period=period
        )
    with pytest.raises(PermissionRefused):
        definition_preview(actor=world.actor("county_a"), definition=changed("INF01"), period=period)
