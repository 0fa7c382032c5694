"""Read organisations as they stood on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Q

from xingtan.domains.directory.capabilities import ORG_VIEW
from xingtan.domains.directory.models import OrgUnitVersion
from xingtan.domains.directory.types import OrgKind, OrgUnitData, OrgVersionData
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.ids import is_id
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
    if not is_id(unit_id):
        return None
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


def versions_of(*, actor: Actor, unit_id: int) -> tuple[OrgVersionData, ...]:
    """The history of one organisation, newest first; empty when the actor may not see it."""
    if not is_id(unit_id):
        return ()
    fields = ("name", "parent_id", "stage", "area_type", "status", "lat", "lon", "valid_from", "valid_to")
    rows = OrgUnitVersion.objects.visible_to(actor, ORG_VIEW).filter(unit_id=unit_id).order_by("-valid_from")
    return tuple(OrgVersionData(*row) for row in rows.values_list(*fields))


def units_queryset(
    *, actor: Actor, day: date, words: str = "", parent_id: int | None = None, **exact: str
) -> ScopedQuerySet[OrgUnitVersion]:
    """The organisations of a day for a list: `words` stand in name or code, `exact` are fields such as `stage`."""
    versions = _on(OrgUnitVersion.objects.visible_to(actor, ORG_VIEW), day)
    for word in words.split():
        versions = versions.filter(Q(name__icontains=word) | Q(unit__code__icontains=word))
    if parent_id is not None:
        versions = versions.filter(parent_id=parent_id)
    names = {"kind": "unit__kind"}
    return versions.filter(**{names.get(field, field): value for field, value in exact.items() if value})


def unit_data(versions: ScopedQuerySet[OrgUnitVersion]) -> tuple[OrgUnitData, ...]:
    """The plain data of the versions of a list, in its order."""
    return _data(versions.values_list(*FIELDS))


def names_on(*, actor: Actor, unit_ids: Iterable[int], day: date) -> dict[int, str]:
    """The names of organisations that the actor may see; others are left out."""
    versions = _on(OrgUnitVersion.objects.visible_to(actor, ORG_VIEW), day)
    return dict(versions.filter(unit_id__in=set(unit_ids)).values_list("unit_id", "name"))


def children_counts(*, actor: Actor, unit_ids: Iterable[int], day: date) -> dict[int, int]:
    """How many organisations stand directly below each."""
    versions = _on(OrgUnitVersion.objects.visible_to(actor, ORG_VIEW), day).filter(parent_id__in=set(unit_ids))
    return dict(versions.order_by().values_list("parent_id").annotate(Count("unit_id")))


def centres_on(*, actor: Actor, day: date, root: str) -> dict[int, tuple[float, float]]:
    """The middle (latitude, longitude) of the located schools below each organisation of a subtree."""
    versions = _on(OrgUnitVersion.objects.visible_to(actor, ORG_VIEW), day).filter(path_range(root, "unit__path"))
    rows = versions.filter(lat__isnull=False, lon__isnull=False, unit__kind=OrgKind.SCHOOL).order_by()
    found = rows.values_list("parent_id").annotate(Avg("lat"), Avg("lon"))
    return {parent: (lat, lon) for parent, lat, lon in found if parent is not None}
