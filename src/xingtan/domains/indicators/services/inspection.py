"""Look at an uploaded table and propose what its columns mean."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction

from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.services.imports import draft_get, read_draft
from xingtan.engines import tables as engine
from xingtan.platform.orgscope.actor import Actor

PREVIEW_ROWS = 8


def draft_inspect(*, actor: Actor, draft_id: int) -> dict[str, Any]:
    """Read the table of a draft and store its profile and a proposed mapping; returns a summary."""
    draft = draft_get(actor=actor, draft_id=draft_id)
    table = read_draft(draft)
    inspection = engine.inspect_table(table)
    elements = [
        engine.ElementInfo(code=row.code, names=tuple(text for text in row.name.values() if text))
        for row in DataElement.objects.order_by("order")
    ]
    proposal = engine.suggest_mapping(inspection, elements, name=draft.file.name)
    summary = {
        "format": str(table.format), "sheet": table.sheet, "sheets": list(table.sheets), "rows": table.row_count,
        "columns": [asdict(column) for column in inspection.columns],
        "header_rows": list(table.header_rows) if table.header_rows else None,
        "preview": table.head(PREVIEW_ROWS),
        "notices": [{"code": notice.code, "row": notice.row} for notice in table.notices],
        "proposal": engine.dump_mapping(proposal.mapping) if proposal.mapping else "",
    }  # fmt: skip
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        draft.inspection = summary
        draft.save(update_fields=["inspection"])
    return {"rows": table.row_count, "columns": len(inspection.columns)}
