"""What a school has reported in a period, beside last year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import CELL_VIEW
from xingtan.domains.indicators.models import DataElement, Observation, Period
from xingtan.domains.indicators.selectors.cells import cell_table
from xingtan.domains.indicators.selectors.definitions import element_rows
from xingtan.domains.indicators.selectors.periods import period_data
from xingtan.domains.indicators.selectors.tables import engine_table
from xingtan.domains.indicators.types import PeriodData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor

JUMP_SHARE = 0.5
"""A number that changed by half of last year's is worth a second look."""
JUMP_COUNT = 2
"""But not where it is a matter of one or two things."""


@dataclass(frozen=True)
class SheetCell:
    """One element of a school: its value or why there is none, where it comes from, and last year's.

    `source` is empty where nobody ever said anything; `jump` flags a change that is worth a second look.
    """

    element: DataElement
    value: float | None
    reason: int
    source: str
    created_by: str
    created_at: datetime | None
    previous: float | None
    previous_reason: int
    jump: bool


def period_before(period: PeriodData) -> PeriodData | None:
    """The period that ended last before this one began."""
    row = Period.objects.filter(ends__lt=period.starts).order_by("-ends").first()
    return period_data(row) if row else None


def school_sheet(*, actor: Actor, unit: OrgUnitData, period: PeriodData) -> tuple[SheetCell, ...]:
    """Every element of the catalogue for one school, in catalogue order."""
    before = period_before(period)
    now, observed = _column(actor, unit, period)
    then, _ = _column(actor, unit, before) if before else (None, {})
    rows = Observation.objects.visible_to(actor, CELL_VIEW).select_related("batch").defer("values", "reasons")
    sources = {row.pk: row.batch for row in rows.filter(pk__in=set(observed.values()))}
    cells = []
    for element in element_rows():
        value, reason = _cell(now, element.code)
        last, last_reason = _cell(then, element.code) if then is not None else (None, int(engine.Reason.NOT_REPORTED))
        batch = sources.get(observed.get(element.code, 0))
        cells.append(
            SheetCell(
                element=element, value=value, reason=reason, source=batch.source if batch else "",
                created_by=batch.created_by if batch else "", created_at=batch.created_at if batch else None,
                previous=last, previous_reason=last_reason, jump=_jumps(element, last, value),
            )
        )  # fmt: skip
    return tuple(cells)


def _column(actor: Actor, unit: OrgUnitData, period: PeriodData) -> tuple[engine.UnitTable, dict[str, int]]:
    """The cells of one school, and the observation each comes from."""
    cells = cell_table(actor=actor, period_id=period.id, units=(unit.id,))
    places = zip(cells.elements, cells.observation[0], strict=True)
    return engine_table((unit,), cells), {code: int(place) for code, place in places if place}


def _cell(table: engine.UnitTable, code: str) -> tuple[float | None, int]:
    column = table.column(code)
    reason = int(column.reasons[0])
    return (None if reason else float(column.values[0])), reason


def _jumps(element: DataElement, before: float | None, now: float | None) -> bool:
    if before is None or now is None:
        return False
    if element.kind == engine.ElementKind.BOOLEAN:
        return before > now
    if element.kind == engine.ElementKind.CODE:
        return False
    change = abs(now - before)
    if element.kind == engine.ElementKind.INTEGER and change <= JUMP_COUNT:
        return False
    return bool(change > JUMP_SHARE * np.abs(before))
