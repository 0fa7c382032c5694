"""Load the codes of administrative divisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from django.db import transaction
from django.db.models import Q

from xingtan.domains.directory.capabilities import ORG_EDIT
from xingtan.domains.directory.models import Division
from xingtan.domains.directory.types import DivisionData
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor


class DivisionError(Exception):
    """The table of codes contradicts itself; the message names the code."""


def divisions_load(*, actor: Actor, rows: Sequence[DivisionData]) -> int:
    """Replace the validity of the codes given; two meanings of one code may not overlap. Returns the rows written."""
    actor.require(ORG_EDIT, "")
    spans: dict[str, list[DivisionData]] = {}
    for row in rows:
        if len(row.code) != 6 or not row.code.isdigit():
            raise DivisionError(f"{row.code!r} is not a six-digit code")
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            raise DivisionError(f"{row.code}: ends on {row.valid_to}, before it starts")
        spans.setdefault(row.code, []).append(row)
    for code, span in spans.items():
        span.sort(key=lambda row: row.valid_from)
        for earlier, later in pairwise(span):
            if earlier.valid_to is None or earlier.valid_to > later.valid_from:
                raise DivisionError(f"{code} means {earlier.name} and {later.name} at the same time")
    with transaction.atomic():
        Division.objects.filter(code__in=list(spans)).delete()
        Division.objects.bulk_create(
            [Division(code=r.code, name=r.name, valid_from=r.valid_from, valid_to=r.valid_to) for r in rows],
            batch_size=1000,
        )
        audit.record(
            actor=actor, action="directory.divisions.load", object_type="division", object_id=f"{len(rows)} rows",
            org_path="", data={"codes": len(spans)},
        )  # fmt: skip
    return len(rows)


def division_on(*, code: str, day: date) -> DivisionData | None:
    """What a code stood for on a day; None when it stood for nothing."""
    found = Division.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), code=code, valid_from__lte=day).first()
    return DivisionData(found.code, found.name, found.valid_from, found.valid_to) if found else None
