"""Read imports on their way, kept mappings, and what an import stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Q, QuerySet

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import CELL_VIEW, IMPORT
from xingtan.domains.indicators.models import Batch, DataElement, ImportDraft, MappingTemplate, Observation
from xingtan.domains.indicators.types import NOT_SAID
from xingtan.platform.jobs.models import Job
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.paths import ancestors
from xingtan.platform.orgscope.scoping import within

ABOVE_SCHOOL = ("city", "county")


@dataclass(frozen=True)
class StoredRow:
    """One school of a batch: code, name, and its cells as (element, value, reason) in the order of the batch."""

    unit_id: int
    code: str
    name: str
    source_row: int | None
    cells: tuple[tuple[str, float | None, int], ...]


def drafts_queryset(*, actor: Actor) -> QuerySet[ImportDraft, ImportDraft]:
    """The imports of the actor's subtree, without their large fields."""
    rows = ImportDraft.objects.visible_to(actor, IMPORT).select_related("file", "period")
    return rows.defer("inspection", "mapping", "report")


def job_of(draft: ImportDraft) -> Job | None:
    """The last job of a draft that the caller was allowed to read."""
    if draft.job_id is None:
        return None
    return Job.objects.unscoped(reason="of a draft read with permission").filter(pk=draft.job_id).first()


def import_targets(*, actor: Actor, day: date) -> tuple[OrgUnitData, ...]:
    """The cities and counties the actor may import for."""
    return directory.units_on(actor=actor, day=day, kinds=ABOVE_SCHOOL, capability=IMPORT)


def organisation_names(*, actor: Actor, day: date) -> dict[str, str]:
    """Path → name of the cities and counties of the actor's subtree."""
    return {unit.path: unit.name for unit in import_targets(actor=actor, day=day)}


def templates_queryset(*, actor: Actor) -> QuerySet[MappingTemplate, MappingTemplate]:
    """Kept mappings of the actor's subtree and of the offices above it: a county may use what its city keeps."""
    above = [path for root in actor.paths(IMPORT) for path in ancestors(root)]
    rows = MappingTemplate.objects.unscoped(reason="own subtree, and the offices above")
    return rows.filter(within(actor, IMPORT) | Q(org_path__in=above)).order_by("name", "pk")


def template_get(*, actor: Actor, template_id: int) -> MappingTemplate:
    """A kept mapping; raise `MappingTemplate.DoesNotExist` for one out of sight."""
    return templates_queryset(actor=actor).get(pk=template_id)


def form_groups() -> tuple[str, ...]:
    """The groups of the data elements that schools declare on forms, in catalogue order."""
    rows = DataElement.objects.filter(supplied_by="form").order_by("order").values_list("group", flat=True)
    return tuple(dict.fromkeys(rows))


def batch_rows(*, actor: Actor, batch: Batch) -> QuerySet[Observation, Observation]:
    """The rows a batch stored, in tree order."""
    rows = Observation.objects.visible_to(actor, CELL_VIEW).filter(batch=batch)
    return rows.select_related("layout", "org_unit").order_by("org_path")


def stored_rows(rows: list[Observation], names: dict[int, str]) -> tuple[StoredRow, ...]:
    """Observations as plain data; `names` gives the name of each organisation id."""
    found = []
    for row in rows:
        values = np.frombuffer(bytes(row.values), dtype="<f8").tolist()
        cells = tuple(
            (code, value if reason == 0 else None, reason)
            for code, value, reason in zip(row.layout.elements, values, bytes(row.reasons), strict=True)
            if reason != NOT_SAID
        )
        name = names.get(row.org_unit_id, "")
        found.append(StoredRow(row.org_unit_id, row.org_unit.code, name, row.source_row, cells))
    return tuple(found)
