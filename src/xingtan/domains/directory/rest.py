"""Organisations over REST."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.platform.orgscope.access import actor_of

router = Router()
PAGE = 500


class OrgOut(Schema):
    """One organisation as it stood on the day asked for."""

    id: int
    kind: str
    code: str
    name: str
    parent_id: int | None
    stage: str
    area_type: str
    status: str
    lat: float | None
    lon: float | None


class OrgPage(Schema):
    """A page of organisations in tree order."""

    total: int
    items: list[OrgOut]


class OrgQuery(Schema):
    """`day` is today by default; `kind` keeps city, county, school or campus."""

    day: date | None = None
    kind: list[str] = Field(default_factory=list)
    offset: int = Field(0, ge=0)
    limit: int = Field(100, ge=1, le=PAGE)


@router.get("", response=OrgPage, summary="Organisations of one's own subtree")
def org_list(request: HttpRequest, query: Query[OrgQuery]) -> dict[str, object]:
    """In tree order; `total` counts all that match."""
    units = directory.units_on(actor=actor_of(request), day=query.day or timezone.localdate(), kinds=tuple(query.kind))
    return {"total": len(units), "items": units[query.offset : query.offset + query.limit]}


@router.get("/{org_id}", response=OrgOut, summary="One organisation")
def org_get(request: HttpRequest, org_id: int, day: date | None = None) -> OrgUnitData:
    """404 when it did not exist on the day or lies outside of one's subtree."""
    unit = directory.unit_on(actor=actor_of(request), unit_id=org_id, day=day or timezone.localdate())
    if unit is None:
        raise Http404
    return unit
