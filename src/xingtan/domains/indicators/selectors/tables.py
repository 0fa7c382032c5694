"""From observations and organisations to the engine's table of one period."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import CELL_VIEW
from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.selectors.cells import cell_table, table_hash
from xingtan.domains.indicators.types import CellTable, PeriodData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor

ATTRIBUTES = ("stage", "area_type", "status", "kind")
UNIT_KINDS = ("school", "campus")


@dataclass(frozen=True)
class PeriodTable:
    """What one computation reads: the units, their cells, and the organisations above them by level."""

    units: tuple[OrgUnitData, ...]
    above: dict[str, tuple[OrgUnitData, ...]]
    cells: CellTable
    table: engine.UnitTable
    groupings: tuple[engine.Grouping, ...]
    input_hash: str


def period_table(
    *, actor: Actor, period: PeriodData, root: str, watermark: int | None = None, capability: str = CELL_VIEW
) -> PeriodTable:
    """The schools of a subtree with their cells at the end of the period.

    Where campuses report, they stand for their school: counting both would count the pupils twice.
    """
    everything = directory.units_on(actor=actor, day=period.ends, root=root)
    cells = cell_table(actor=actor, period_id=period.id, root=root, watermark=watermark, capability=capability)
    reporting = set(cells.units.tolist())
    campuses = [unit for unit in everything if unit.kind == "campus" and unit.id in reporting]
    represented = {unit.parent_id for unit in campuses}
    units = tuple(
        unit for unit in everything
        if (unit.kind == "school" and unit.id not in represented) or (unit.kind == "campus" and unit.id in reporting)
    )  # fmt: skip
    above: dict[str, list[OrgUnitData]] = {}
    for unit in everything:
        if unit.kind not in UNIT_KINDS:
            above.setdefault(unit.kind, []).append(unit)
    cells = _rows_for(cells, [unit.id for unit in units])
    table = engine_table(units, cells)
    groupings = tuple(_grouping(kind, tuple(groups), units) for kind, groups in above.items())
    return PeriodTable(
        units=units, above={kind: tuple(groups) for kind, groups in above.items()}, cells=cells, table=table,
        groupings=groupings, input_hash=_input_hash(units, cells),
    )  # fmt: skip


def _rows_for(cells: CellTable, ids: list[int]) -> CellTable:
    """The cells of exactly these units, in this order; a unit without observations has "not reported" throughout."""
    wanted = np.array(ids, dtype=np.int64)
    at = np.searchsorted(cells.units, wanted)
    inside = at < len(cells.units)
    found = np.zeros(len(wanted), dtype=bool)
    found[inside] = cells.units[at[inside]] == wanted[inside]
    shape = (len(wanted), len(cells.elements))
    values, reasons = np.zeros(shape), np.full(shape, int(engine.Reason.NOT_REPORTED), dtype=np.uint8)
    observation = np.zeros(shape, dtype=np.int64)
    values[found], reasons[found] = cells.values[at[found]], cells.reasons[at[found]]
    observation[found] = cells.observation[at[found]]
    return CellTable(wanted, cells.elements, values, reasons, observation, cells.watermark)


def engine_table(units: tuple[OrgUnitData, ...], cells: CellTable) -> engine.UnitTable:
    """Columns for the engine. A cell not reported by a school that is not asked becomes "not applicable"."""
    attributes: dict[str, npt.NDArray[np.str_]] = {
        name: np.array([getattr(unit, name) for unit in units], dtype=np.str_) for name in ATTRIBUTES
    }
    asked = dict(DataElement.objects.values_list("code", "stages"))
    teaches: dict[tuple[str, ...], npt.NDArray[np.bool_]] = {}
    columns: dict[str, engine.Column] = {}
    for number, code in enumerate(cells.elements):
        reasons = cells.reasons[:, number]
        stages = tuple(asked.get(code, ()))
        if stages:
            if stages not in teaches:
                kinds = [kind for kind, taught in engine.STAGES_OF_KIND.items() if set(taught) & set(stages)]
                teaches[stages] = np.isin(attributes["stage"], kinds) | (attributes["stage"] == "")
            silent = (reasons == engine.Reason.NOT_REPORTED) & ~teaches[stages]
            reasons = np.where(silent, np.uint8(engine.Reason.NOT_APPLICABLE), reasons)
        columns[code] = engine.Column.of(cells.values[:, number], reasons)
    for code, listed in asked.items():
        if listed and code not in columns:
            columns[code] = _nobody(attributes["stage"], tuple(listed))
    return engine.UnitTable(ids=np.array([unit.id for unit in units], dtype=np.int64), attributes=attributes, columns=columns)


def _nobody(stage: npt.NDArray[np.str_], stages: tuple[str, ...]) -> engine.Column:
    """An element nobody reported: not applicable where it is not asked."""
    kinds = [kind for kind, taught in engine.STAGES_OF_KIND.items() if set(taught) & set(stages)]
    asked = np.isin(stage, kinds) | (stage == "")
    reasons = np.where(asked, np.uint8(engine.Reason.NOT_REPORTED), np.uint8(engine.Reason.NOT_APPLICABLE))
    return engine.Column.of(np.zeros(len(stage)), reasons)


def _grouping(kind: str, groups: tuple[OrgUnitData, ...], units: tuple[OrgUnitData, ...]) -> engine.Grouping:
    place = {group.path: number for number, group in enumerate(groups)}
    depths = sorted({len(group.path) for group in groups}, reverse=True)
    index = np.array(
        [next((place[u.path[:d]] for d in depths if u.path[:d] in place), -1) for u in units], dtype=np.intp
    )
    return engine.Grouping(kind, index, len(groups))


def _input_hash(units: tuple[OrgUnitData, ...], cells: CellTable) -> str:
    total = hashlib.sha256(table_hash(cells).encode())
    for unit in units:
        total.update("|".join([unit.path, *(getattr(unit, name) for name in ATTRIBUTES)]).encode())
        total.update(b"\n")
    return total.hexdigest()


