"""Bring organisations into the directory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from xingtan.domains.directory.capabilities import ORG_EDIT
from xingtan.domains.directory.models import OrgUnit, OrgUnitVersion
from xingtan.domains.directory.types import OrgKind, OrgUnitRow, SyncResult
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.paths import child, ordinal

CHUNK = 1000
CODE_LENGTH = 40
LEVEL = {OrgKind.CITY.value: 0, OrgKind.COUNTY.value: 1, OrgKind.SCHOOL.value: 2, OrgKind.CAMPUS.value: 3}
VERSION_FIELDS = ("name", "stage", "area_type", "status", "lat", "lon")


class DirectoryError(Exception):
    """Organisations cannot be brought in; the message says which and why."""


def _check(rows: Sequence[OrgUnitRow], known: dict[str, OrgUnit]) -> None:
    kinds = {unit.code: unit.kind for unit in known.values()}
    seen: set[str] = set()
    for row in rows:
        if not row.code or row.code in seen:
            raise DirectoryError(f"organisation code {row.code[:80]!r} is empty or stands twice")
        if len(row.code) > CODE_LENGTH:
            raise DirectoryError(f"organisation code {row.code[:80]!r} is longer than {CODE_LENGTH} characters")
        if row.kind not in LEVEL:
            raise DirectoryError(f"{row.code}: kind {row.kind!r} is unknown")
        if row.code in kinds and row.code not in seen and kinds[row.code] != row.kind:
            raise DirectoryError(f"{row.code} is a {kinds[row.code]}, not a {row.kind}")
        seen.add(row.code)
        kinds[row.code] = row.kind
    for row in rows:
        above = kinds.get(row.parent_code)
        if row.parent_code and above is None:
            raise DirectoryError(f"{row.code}: parent {row.parent_code!r} is unknown")
        if above is not None and LEVEL[above] >= LEVEL[row.kind]:
            raise DirectoryError(f"{row.code}: a {row.kind} cannot belong to a {above}")
        if row.kind != OrgKind.CITY and not row.parent_code:
            raise DirectoryError(f"{row.code}: a {row.kind} belongs to an organisation above it")


def org_units_sync(*, actor: Actor, rows: Sequence[OrgUnitRow], valid_from: date) -> SyncResult:
    """Create the organisations that are new and give those that changed a version from `valid_from` on.

    All or nothing. A unit that keeps its attributes keeps its version; history before `valid_from` stays. Moving a
    unit to another parent is refused here: it changes who may see it, and is a step of its own.
    """
    with transaction.atomic():
        codes = [row.code for row in rows] + [row.parent_code for row in rows if row.parent_code]
        known: dict[str, OrgUnit] = {}
        everything = OrgUnit.objects.unscoped(reason="codes are unique in the whole installation; checked below")
        for start in range(0, len(codes), CHUNK):
            for unit in everything.select_for_update().filter(code__in=codes[start : start + CHUNK]):
                known[unit.code] = unit
        _check(rows, known)
        created = _create_units(actor, rows, known)
        changed = _write_versions(actor, rows, known, valid_from, created)
        roots = {known[row.code].path for row in rows}
        if created or changed:
            audit.record(
                actor=actor, action="directory.org.sync", object_type="org_unit", object_id=f"{len(rows)} rows",
                org_path=min(roots), data={"created": len(created), "changed": changed, "from": valid_from},
            )  # fmt: skip
        return SyncResult(
            created=len(created), changed=changed, unchanged=len(rows) - len(created) - changed,
            ids={row.code: known[row.code].pk for row in rows},
        )  # fmt: skip


def _create_units(actor: Actor, rows: Sequence[OrgUnitRow], known: dict[str, OrgUnit]) -> set[str]:
    created: set[str] = set()
    for level in range(len(LEVEL)):
        fresh: list[OrgUnit] = []
        next_number: dict[str, int] = {}
        for row in rows:
            if LEVEL[row.kind] != level:
                continue
            unit = known.get(row.code)
            parent = known[row.parent_code] if row.parent_code else None
            if unit is not None:
                actor.require(ORG_EDIT, unit.path)
                if unit.parent_id != (parent.pk if parent else None):
                    raise DirectoryError(f"{row.code} belongs to another organisation; move it first")
                continue
            above = parent.path if parent else ""
            actor.require(ORG_EDIT, above)
            number = next_number.get(above)
            if number is None:
                number = _next_child(parent)
            next_number[above] = number + 1
            fresh.append(OrgUnit(path=child(above, number), kind=row.kind, code=row.code, parent=parent))
        for unit in OrgUnit._base_manager.bulk_create(fresh, batch_size=CHUNK):
            known[unit.code] = unit
            created.add(unit.code)
    return created


def _next_child(parent: OrgUnit | None) -> int:
    siblings = OrgUnit.objects.unscoped(reason="numbering below a parent that is locked").filter(parent=parent)
    last: str | None = siblings.aggregate(last=Max("path"))["last"]
    return ordinal(last) + 1 if last else 1


def _write_versions(
    actor: Actor, rows: Sequence[OrgUnitRow], known: dict[str, OrgUnit], valid_from: date, created: set[str]
) -> int:
    ids = [known[row.code].pk for row in rows if row.code not in created]
    versions = OrgUnitVersion.objects.unscoped(reason="units were checked before")
    opened: dict[int, OrgUnitVersion] = {}
    for start in range(0, len(ids), CHUNK):
        for version in versions.filter(unit_id__in=ids[start : start + CHUNK], valid_to=None):
            opened[version.unit_id] = version
    fresh: list[OrgUnitVersion] = []
    edited: list[OrgUnitVersion] = []
    closed: list[OrgUnitVersion] = []
    for row in rows:
        unit = known[row.code]
        values = {field: getattr(row, field) for field in VERSION_FIELDS}
        current = opened.get(unit.pk)
        if current is not None and all(getattr(current, field) == value for field, value in values.items()):
            continue
        if current is not None and current.valid_from > valid_from:
            raise DirectoryError(f"{row.code} already has a version from {current.valid_from}, after {valid_from}")
        if current is not None and current.valid_from == valid_from:
            for field, value in values.items():
                setattr(current, field, value)
            edited.append(current)
            continue
        if current is not None:
            current.valid_to = valid_from
            closed.append(current)
        fresh.append(OrgUnitVersion(unit=unit, parent_id=unit.parent_id, valid_from=valid_from, **values))
    OrgUnitVersion._base_manager.bulk_update(closed, ["valid_to"], batch_size=CHUNK)
    OrgUnitVersion._base_manager.bulk_update(edited, list(VERSION_FIELDS), batch_size=CHUNK)
    OrgUnitVersion._base_manager.bulk_create(fresh, batch_size=CHUNK)
    return len(closed) + len(edited)
