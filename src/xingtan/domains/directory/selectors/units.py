"""Read organisations as they stood on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from xingtan.domains.directory.capabilities import ORG_VIEW
from xingtan.domains.directory.models import OrgUnitVersion
from xingtan.domains.directory.types import OrgUnitData
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.paths import ancestors
from xingtan.platform.orgscope.scoping import ScopedQuerySet, path_range

FIELDS = (
    "unit_id", "unit__path", "unit__kind", "unit__code", "name", "parent_id", "stage", "area_type", "status", "lat",
    "lon",
)  # fmt: skip


def _on(versions: ScopedQuerySet[OrgUnitVersion], day: date) -> ScopedQuerySet[OrgUnitVersion]:
    return versions.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def _data(rows: Iterable[tuple[Any, ...]]) -> tuple[OrgUnitData, ...]:
    return tuple(OrgUnitData(*row) for row in rows)


def units_on(
    *, actor: Actor, day: date, root: str = "", kinds: tuple[str, ...] = (), capability: str = ORG_VIEW
) -> tuple[OrgUnitData, ...]:
    """All organisations in a subtree on a day, in tree order."""
    versions = _on(OrgUnitVersion.objects.visible_to(actor, capability), day).filter(path_range(root, "unit__path"))
    if kinds:
        versions = versions.filter(unit__kind__in=kinds)
    return _data(versions.order_by("unit__path").values_list(*FIELDS))


def unit_on(*, actor: Actor, unit_id: int, day: date, capability: str = ORG_VIEW) -> OrgUnitData | None:
    """One organisation on a day; None when it did not exist or the actor may not see it."""
    versions = _on(OrgUnitVersion.objects.visible_to(actor, capability), day)
    found = _data(versions.filter(unit_id=unit_id).values_list(*FIELDS))
    return found[0] if found else None


def children_on(*, actor: Actor, unit_id: int, day: date, capability: str = ORG_VIEW) -> tuple[OrgUnitData, ...]:
    """The organisations directly below one, by code."""
    versions = _on(OrgUnitVersion.objects.visible_to(actor, capability), day)
    return _data(versions.filter(parent_id=unit_id).order_by("unit__code").values_list(*FIELDS))


def chain_on(*, actor: Actor, path: str, day: date, capability: str = ORG_VIEW) -> tuple[OrgUnitData, ...]:
    """The organisations from the topmost that the actor may see down to the one at `path`."""
    versions = _on(OrgUnitVersion.objects.visible_to(actor, capability), day)
    return _data(versions.filter(unit__path__in=ancestors(path)).order_by("unit__path").values_list(*FIELDS))


def versions_of(*, actor: Actor, unit_id: int) -> QuerySet[OrgUnitVersion, OrgUnitVersion]:
    """The history of one organisation, newest first."""
    return OrgUnitVersion.objects.visible_to(actor, ORG_VIEW).filter(unit_id=unit_id).order_by("-valid_from")
