"""Look at an uploaded table and propose what its columns mean."""

from __future__ import annotations

from dataclasses import asdict, replace
from math import ceil, floor
from typing import Any

from django.db import transaction

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.models import DataElement, ImportDraft
from xingtan.domains.indicators.models.imports import DraftState
from xingtan.domains.indicators.services.form_sheets import form_of
from xingtan.domains.indicators.services.imports import demand_open, draft_get, read_draft
from xingtan.domains.indicators.services.proposal import distinct_texts, propose
from xingtan.engines import tables as engine
from xingtan.engines.tables.mapping import Box, Source
from xingtan.engines.tables.types import Column
from xingtan.platform.orgscope.actor import Actor

BOX_MARGIN = 0.5
"""Degrees around the known schools within which new ones may lie; a lost decimal point is far outside."""
LISTED_VALUES = 24
"""A column with at most so many different values shows them all, to be given a meaning one by one."""


def draft_inspect(*, actor: Actor, draft_id: int) -> dict[str, Any]:
    """Read the table of a draft; store its profile, and a proposed mapping where it has none."""
    draft = draft_get(actor=actor, draft_id=draft_id)
    source = source_of(draft)
    table = read_draft(draft, source)
    inspection = engine.inspect_table(table)
    elements = tuple(DataElement.objects.order_by("order", "code"))
    proposal = form_of(profile.header for profile in inspection.columns) or propose(
        inspection, table, elements, name=draft.file.name, box=_known_box(actor, draft)
    )
    text = engine.dump_mapping(replace(proposal, source=source)) if proposal else ""
    summary = {
        "format": str(table.format), "sheet": table.sheet, "sheets": list(table.sheets), "rows": table.row_count,
        "header_rows": list(table.header_rows) if table.header_rows else None, "encoding": table.encoding or "",
        "columns": [
            _column(profile, column) for profile, column in zip(inspection.columns, table.columns, strict=True)
        ],
        "notices": [{**asdict(notice), "params": dict(notice.params)} for notice in table.notices], "proposal": text,
        "source": asdict(source),
    }  # fmt: skip
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        demand_open(draft)
        draft.inspection = summary
        fields = ["inspection"]
        if not draft.mapping and text:
            draft.mapping, draft.state = text, DraftState.MAPPED
            fields += ["mapping", "state"]
        draft.save(update_fields=fields)
    return {"rows": table.row_count, "columns": len(inspection.columns)}


def _known_box(actor: Actor, draft: ImportDraft) -> Box | None:
    """Where the schools already known lie, with a margin for new ones; None when no position is known."""
    units = directory.units_on(actor=actor, day=draft.period.ends, root=draft.org_path, capability=IMPORT)
    places = [(unit.lat, unit.lon) for unit in units if unit.lat is not None and unit.lon is not None]
    if not places:
        return None
    lats, lons = zip(*places, strict=True)
    return Box(
        south=max(floor(min(lats) - BOX_MARGIN), -90), north=min(ceil(max(lats) + BOX_MARGIN), 90),
        west=max(floor(min(lons) - BOX_MARGIN), -180), east=min(ceil(max(lons) + BOX_MARGIN), 180),
    )  # fmt: skip


def _column(profile: engine.ColumnProfile, column: Column) -> dict[str, Any]:
    """What the mapping screen knows of a column; `values` only where there are few."""
    values = distinct_texts(column) if profile.distinct <= LISTED_VALUES else []
    return {
        "letter": profile.letter, "header": profile.header, "blank": round(profile.blank_share, 4),
        "distinct": profile.distinct, "examples": list(profile.examples), "values": values,
        "sentinels": [asdict(suspect) for suspect in profile.sentinels],
        "extra_codes": list(profile.extra_codes), "formula_like": profile.formula_like, "role": str(profile.role),
        "minimum": profile.minimum, "maximum": profile.maximum,
    }  # fmt: skip


def source_of(draft: ImportDraft) -> Source:
    """How a draft's table is to be read: as its mapping says, or as was chosen before there was one."""
    if draft.mapping:
        return engine.parse_mapping(draft.mapping).source
    chosen = dict(draft.inspection.get("source", {}))
    for key in ("header_rows", "total_labels"):
        if isinstance(chosen.get(key), list):
            chosen[key] = tuple(chosen[key])
    return Source(**chosen)


def columns_of(draft: ImportDraft) -> list[dict[str, Any]]:
    """The columns an inspection found; empty before it ran."""
    columns: list[dict[str, Any]] = draft.inspection.get("columns", [])
    return columns
