"""Organisations over REST."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

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


@router.get("", response=OrgPage, summary="Organisations of one's own subtree")
def org_list(
    request: HttpRequest, day: date | None = None, kind: list[str] = Query(default=[]), offset: int = Query(0, ge=0),
    limit: int = Query(100, ge=1, le=PAGE),
) -> dict[str, object]:  # fmt: skip
    """`day` is today by default; `kind` filters city, county, school, campus."""
    units = directory.units_on(actor=actor_of(request), day=day or timezone.localdate(), kinds=tuple(kind))
    return {"total": len(units), "items": units[offset : offset + limit]}


@router.get("/{org_id}", response=OrgOut, summary="One organisation")
def org_get(request: HttpRequest, org_id: int, day: date | None = None) -> OrgUnitData:
    """404 when it did not exist on the day or lies outside of one's subtree."""
    unit = directory.unit_on(actor=actor_of(request), unit_id=org_id, day=day or timezone.localdate())
    if unit is None:
        raise Http404
    return unit
