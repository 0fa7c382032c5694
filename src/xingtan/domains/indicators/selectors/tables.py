"""From observations and organisations to the engine's table of one period."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
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
    """What one computation reads: the units by id, their cells, and the organisations above them by level.

    `parents` says where each organisation belonged on the last day of the period, `ids` which one is at a path.
    """

    units: tuple[OrgUnitData, ...]
    above: dict[str, tuple[OrgUnitData, ...]]
    parents: Mapping[int, int | None]
    ids: Mapping[str, int]
    cells: CellTable
    table: engine.UnitTable
    groupings: tuple[engine.Grouping, ...]
    input_hash: str

    def above_path(self, path: str) -> frozenset[int]:
        """The organisation at a path, and those it belonged to in the period."""
        return frozenset(_climb(self.parents, self.ids[path])) if path in self.ids else frozenset()


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
    units = [
        unit for unit in everything
        if (unit.kind == "school" and unit.id not in represented) or (unit.kind == "campus" and unit.id in reporting)
    ]  # fmt: skip
    # By id, not by place in the tree: a school that moves later must not change the sums of earlier years.
    units.sort(key=lambda unit: unit.id)
    parents = {unit.id: unit.parent_id for unit in everything}
    above: dict[str, list[OrgUnitData]] = {}
    for unit in everything:
        if unit.kind not in UNIT_KINDS:
            above.setdefault(unit.kind, []).append(unit)
    cells = _rows_for(cells, [unit.id for unit in units])
    table = engine_table(units, cells)
    groupings = tuple(_grouping(kind, groups, units, parents) for kind, groups in above.items())
    return PeriodTable(
        units=tuple(units), above={kind: tuple(groups) for kind, groups in above.items()}, parents=parents,
        ids={unit.path: unit.id for unit in everything}, cells=cells, table=table,
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


def engine_table(units: Sequence[OrgUnitData], cells: CellTable) -> engine.UnitTable:
    """Columns for the engine. A cell not reported by a school that is not asked becomes "not applicable"."""
    attributes: dict[str, npt.NDArray[np.str_]] = {
        name: np.array([getattr(unit, name) for unit in units], dtype=np.str_) for name in ATTRIBUTES
    }
    listed = _stages_asked()
    asked = {stages: _asked(attributes["stage"], stages) for stages in set(listed.values())}
    place = {code: number for number, code in enumerate(cells.elements)}
    silence = np.full(len(units), int(engine.Reason.NOT_REPORTED), dtype=np.uint8)
    columns: dict[str, engine.Column] = {}
    for code in place.keys() | listed.keys():
        number = place.get(code)
        values = np.zeros(len(units)) if number is None else cells.values[:, number]
        reasons = silence if number is None else cells.reasons[:, number]
        if code in listed:
            unasked = (reasons == engine.Reason.NOT_REPORTED) & ~asked[listed[code]]
            reasons = np.where(unasked, np.uint8(engine.Reason.NOT_APPLICABLE), reasons)
        columns[code] = engine.Column.of(values, reasons)
    ids = np.array([unit.id for unit in units], dtype=np.int64)
    return engine.UnitTable(ids=ids, attributes=attributes, columns=columns)


def _stages_asked() -> dict[str, tuple[str, ...]]:
    """Element code -> the stages it is asked of, for elements that are not asked of every school."""
    rows = DataElement.objects.order_by("code").values_list("code", "stages")
    return {code: tuple(sorted(stages)) for code, stages in rows if stages}


def _asked(stage: npt.NDArray[np.str_], stages: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Whether each unit teaches one of the stages; a unit of unknown stage may."""
    kinds = [kind for kind, taught in engine.STAGES_OF_KIND.items() if set(taught) & set(stages)]
    return np.asarray(np.isin(stage, kinds) | (stage == ""), dtype=np.bool_)


def _climb(parents: Mapping[int, int | None], unit_id: int | None) -> Iterator[int]:
    here = unit_id
    while here is not None and here in parents:
        yield here
        here = parents[here]


def _grouping(
    kind: str, groups: Sequence[OrgUnitData], units: Sequence[OrgUnitData], parents: Mapping[int, int | None]
) -> engine.Grouping:
    """Each unit in the organisation of this kind that it belonged to on the day; -1 for none."""
    place = {group.id: number for number, group in enumerate(groups)}
    group_of = {
        parent: next((place[above] for above in _climb(parents, parent) if above in place), -1)
        for parent in {unit.parent_id for unit in units}
    }
    index = np.array([group_of[unit.parent_id] for unit in units], dtype=np.intp)
    return engine.Grouping(kind, index, len(groups))


def _input_hash(units: Sequence[OrgUnitData], cells: CellTable) -> str:
    total = hashlib.sha256(table_hash(cells).encode())
    total.update(json.dumps(_stages_asked()).encode())
    lines = (f"{unit.parent_id}|{unit.stage}|{unit.area_type}|{unit.status}|{unit.kind}\n" for unit in units)
    total.update("".join(lines).encode())
    return total.hexdigest()
