"""The list of organisations as a table for the page and as rows for Excel: one query behind both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xingtan.domains.directory.models import OrgUnitVersion
from xingtan.domains.directory.selectors.units import names_on, unit_data, units_on, units_queryset
from xingtan.domains.directory.types import AreaType, OrgKind, OrgStatus, OrgUnitData, Stage
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.scoping import ScopedQuerySet
from xingtan.platform.ui import components as c
from xingtan.platform.ui.excel import Value
from xingtan.platform.ui.lists import ListState

SORTABLE = {"place": "unit__path", "name": "name", "code": "unit__code", "stage": "stage", "status": "status"}
FILTERS = ("kind", "county", "stage", "area_type", "status")
TONES: dict[str, c.Tone] = {OrgStatus.ACTIVE: "success", OrgStatus.PAUSED: "warning", OrgStatus.CLOSED: "neutral"}


def words_of(choices: Any, value: str) -> str:
    """The label of a choice; empty for an empty value."""
    return str(choices(value).label) if value else ""


def status_badge(status: str) -> c.Badge:
    return c.Badge(words_of(OrgStatus, status), TONES[status])


def _read(params: Mapping[str, Any]) -> ListState:
    return ListState.read(params, sortable=SORTABLE, filters=FILTERS, default_sort="place")


def _found(actor: Actor, state: ListState, day: date) -> ScopedQuerySet[OrgUnitVersion]:
    county = state.filters["county"]
    exact = {name: state.filters[name] for name in FILTERS if name != "county"}
    parent = int(county) if county.isascii() and county.isdigit() and len(county) < 18 else None
    found = units_queryset(actor=actor, day=day, words=state.query, parent_id=parent, **exact)
    return found.order_by(*state.ordering)


def _choices(actor: Actor, state: ListState, day: date) -> tuple[c.Filter, ...]:
    def choices(labels: Any) -> list[c.Choice]:
        return [c.Choice(value, label) for value, label in labels.choices]

    counties = units_on(actor=actor, day=day, kinds=(OrgKind.COUNTY.value,))
    filters = [c.Filter("kind", _("Kind"), choices(OrgKind), state.filters["kind"])]
    if len(counties) > 1:
        listed = [c.Choice(str(unit.id), unit.name) for unit in counties]
        filters.append(c.Filter("county", _("County"), listed, state.filters["county"]))
    return (
        *filters,
        c.Filter("stage", _("Stage"), choices(Stage), state.filters["stage"]),
        c.Filter("area_type", _("Urban or rural"), choices(AreaType), state.filters["area_type"]),
        c.Filter("status", _("Status"), choices(OrgStatus), state.filters["status"]),
    )


def org_table(*, actor: Actor, params: Any, day: date) -> c.Table:
    """One page of the organisations a person may see, as they stand on a day."""
    state = _read(params)
    versions, paging = state.cut(_found(actor, state, day).select_related("unit"))
    above = names_on(actor=actor, unit_ids=(v.parent_id for v in versions if v.parent_id), day=day)
    rows = [
        c.Row(
            (
                c.Cell(version.name, url=reverse("org", args=[version.unit_id])),
                c.Cell(version.unit.code),
                c.Cell(words_of(OrgKind, version.unit.kind)),
                c.Cell(above.get(version.parent_id or 0, "")),
                c.Cell(words_of(Stage, version.stage)),
                c.Cell(words_of(AreaType, version.area_type)),
                c.Cell(badge=status_badge(version.status)),
            )
        )
        for version in versions
    ]
    query = params.urlencode()
    return c.Table(
        key="orgs", caption=_("Organisations"), rows=rows, paging=paging, query=state.query, sort=state.sort,
        columns=(
            c.Column("name", _("Name"), sortable=True),
            c.Column("code", _("Code"), sortable=True),
            c.Column("kind", _("Kind"), phone="hide"),
            c.Column("above", _("Belongs to")),
            c.Column("stage", _("Stage"), sortable=True),
            c.Column("area", _("Urban or rural"), phone="hide"),
            c.Column("status", _("Status"), sortable=True),
        ),
        filters=_choices(actor, state, day), search_label=_("Name or code"),
        export_url=reverse("org_export") + (f"?{query}" if query else ""),
        empty=c.Empty(
            _("No organisations yet"),
            _("They come with the first school table: its counties and schools are brought in by the import."),
            icon="school",
        ),
    )  # fmt: skip


def org_rows(*, actor: Actor, params: Any, day: date) -> tuple[list[str | Promise], Iterator[list[Value]]]:
    """Headings and rows of all organisations that the list with these parameters has."""
    units = unit_data(_found(actor, _read(params), day))
    above = names_on(actor=actor, unit_ids={unit.parent_id for unit in units if unit.parent_id}, day=day)
    headings: list[str | Promise] = [
        _("Code"), _("Name"), _("Kind"), _("Belongs to"), _("Stage"), _("Urban or rural"), _("Status"), _("Latitude"),
        _("Longitude"),
    ]  # fmt: skip
    return headings, (_excel_row(unit, above) for unit in units)


def _excel_row(unit: OrgUnitData, above: Mapping[int, str]) -> list[Value]:
    return [
        unit.code, unit.name, words_of(OrgKind, unit.kind), above.get(unit.parent_id or 0, ""),
        words_of(Stage, unit.stage), words_of(AreaType, unit.area_type), words_of(OrgStatus, unit.status), unit.lat,
        unit.lon,
    ]  # fmt: skip
