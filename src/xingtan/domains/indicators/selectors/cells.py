"""Read observed values: as columns for the computation, as history for a person."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import numpy as np
from django.db.models import Max

from xingtan.domains.indicators.capabilities import CELL_VIEW, IMPORT
from xingtan.domains.indicators.models import Batch, Layout, Observation
from xingtan.domains.indicators.types import NOT_SAID, CellTable, CellVersion, SourceData
from xingtan.platform.files.models import StoredFile
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.scoping import path_range

NOT_REPORTED = 3
BATCH_ROWS = 5000


def newest_observation() -> int:
    """The highest observation id: what a run started now will read up to."""
    rows = Observation.objects.unscoped(reason="an id, no content")
    return rows.aggregate(newest=Max("id"))["newest"] or 0


def cell_table(
    *, actor: Actor, period_id: int, root: str = "", units: tuple[int, ...] = (), watermark: int | None = None,
    capability: str = CELL_VIEW,
) -> CellTable:  # fmt: skip
    """The cells of a subtree in a period, up to an observation id.

    Units are those with at least one observation, or exactly `units` when given; a cell nobody spoke of is null with
    reason "not reported". Elements are those any row speaks of, sorted.
    """
    watermark = newest_observation() if watermark is None else watermark
    rows = (
        Observation.objects.visible_to(actor, capability)
        .filter(path_range(root), period_id=period_id, id__lte=watermark)
        .order_by("id")
        .values_list("id", "org_unit_id", "layout_id", "values", "reasons")
    )
    if units and len(units) <= 500:
        rows = rows.filter(org_unit_id__in=units)
    ids: dict[int, list[int]] = defaultdict(list)
    owners: dict[int, list[int]] = defaultdict(list)
    values: dict[int, list[bytes]] = defaultdict(list)
    reasons: dict[int, list[bytes]] = defaultdict(list)
    for row_id, unit_id, layout_id, value, reason in rows.iterator(chunk_size=BATCH_ROWS):
        ids[layout_id].append(row_id)
        owners[layout_id].append(unit_id)
        values[layout_id].append(bytes(value))
        reasons[layout_id].append(bytes(reason))
    layouts = {row.pk: tuple(row.elements) for row in Layout.objects.filter(pk__in=ids)}
    elements = tuple(sorted({code for layout in layouts.values() for code in layout}))
    seen = np.unique(np.array(units or [unit for some in owners.values() for unit in some], dtype=np.int64))
    place = {code: number for number, code in enumerate(elements)}
    shape = (len(seen), len(elements))
    table = CellTable(
        units=seen, elements=elements, values=np.zeros(shape), reasons=np.full(shape, NOT_REPORTED, dtype=np.uint8),
        observation=np.zeros(shape, dtype=np.int64), watermark=watermark,
    )  # fmt: skip
    for layout_id, codes in layouts.items():
        row_ids, unit_ids = np.array(ids[layout_id]), np.array(owners[layout_id])
        matrix = np.frombuffer(b"".join(values[layout_id]), dtype="<f8").reshape(-1, len(codes))
        nulls = np.frombuffer(b"".join(reasons[layout_id]), dtype=np.uint8).reshape(-1, len(codes))
        known = np.isin(unit_ids, seen) if units else slice(None)
        at = np.searchsorted(seen, unit_ids[known])
        _overlay(table, [place[code] for code in codes], at, row_ids[known], matrix[known], nulls[known])
    return table


def _overlay(
    table: CellTable, columns: list[int], at: np.ndarray, ids: np.ndarray, values: np.ndarray, reasons: np.ndarray
) -> None:
    """Let each row win over older ones, cell by cell. `ids` ascend."""
    if len(np.unique(at)) == len(at):
        _overlay_once(table, columns, at, ids, values, reasons)
        return
    # A unit stands in several rows: its last row is its newest, taken column by column.
    for number, column in enumerate(columns):
        said = np.flatnonzero(reasons[:, number] != NOT_SAID)
        last = np.full(len(table.units), -1, dtype=np.int64)
        last[at[said]] = said
        rows = last[last >= 0]
        _overlay_once(
            table, [column], at[rows], ids[rows], values[rows, number : number + 1], reasons[rows, number : number + 1]
        )


def _overlay_once(
    table: CellTable, columns: list[int], at: np.ndarray, ids: np.ndarray, values: np.ndarray, reasons: np.ndarray
) -> None:
    """The same where no unit stands twice: one comparison for the whole block."""
    block = np.ix_(at, np.array(columns, dtype=np.intp))
    wins = (reasons != NOT_SAID) & (ids[:, None] > table.observation[block])
    table.values[block] = np.where(wins, values, table.values[block])
    table.reasons[block] = np.where(wins, reasons, table.reasons[block])
    table.observation[block] = np.where(wins, ids[:, None], table.observation[block])


def table_hash(table: CellTable) -> str:
    """SHA-256 over units, elements, values and reasons: equal inputs have equal hashes, on every machine."""
    total = hashlib.sha256()
    total.update("\n".join(table.elements).encode())
    for array in (table.units.astype("<i8"), table.values.astype("<f8"), table.reasons):
        total.update(array.tobytes())
    return total.hexdigest()


def cell_history(*, actor: Actor, unit_id: int, period_id: int, element: str) -> tuple[CellVersion, ...]:
    """Every value a cell has had, newest first, with its source."""
    layouts = {row.pk: row.elements.index(element) for row in Layout.objects.all() if element in row.elements}
    rows = (
        Observation.objects.visible_to(actor, CELL_VIEW)
        .filter(org_unit_id=unit_id, period_id=period_id, layout_id__in=layouts)
        .select_related("batch", "batch__file")
        .order_by("-id")
    )
    history = []
    for row in rows:
        number = layouts[row.layout_id]
        reason = bytes(row.reasons)[number]
        if reason == NOT_SAID:
            continue
        value = float(np.frombuffer(bytes(row.values), dtype="<f8")[number])
        column = row.batch.columns.get(element, {})
        history.append(
            CellVersion(
                value=value if reason == 0 else None, reason=reason,
                source=SourceData(
                    observation_id=row.pk, batch_id=row.batch_id, source=row.batch.source,
                    created_by=row.batch.created_by, created_at=row.batch.created_at, note=row.batch.note,
                    file_id=row.batch.file_id, file_name=row.batch.file.name if row.batch.file else "",
                    sheet=row.batch.sheet, row=row.source_row, column=column.get("letter", ""),
                    header=column.get("header", ""), org_path=row.batch.org_path,
                ),
            )
        )  # fmt: skip
    return tuple(history)


def batch_file(*, actor: Actor, batch_id: int) -> StoredFile | None:
    """The file a batch came from, for those who may import for all that it covers; None otherwise."""
    batch = Batch.objects.visible_to(actor, IMPORT).select_related("file").filter(pk=batch_id).first()
    return batch.file if batch else None
