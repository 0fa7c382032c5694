"""Read figures as a person may see them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.db.models import Q

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import CELL_VIEW, FIGURE_VIEW
from xingtan.domains.indicators.models import Figure
from xingtan.domains.indicators.selectors.cells import cell_table
from xingtan.domains.indicators.selectors.definitions import definition_of, plan_of, schema, versions_needed
from xingtan.domains.indicators.selectors.runs import newest_runs, run_versions
from xingtan.domains.indicators.selectors.tables import engine_table
from xingtan.domains.indicators.types import CellTable, FigureData, RunData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.scoping import path_range

FIELDS = (
    "run_id", "org_unit_id", "code", "slice", "value", "rounded", "reason", "numerator", "denominator", "n_scope",
    "n_used", "n_missing", "target", "verdict",
)  # fmt: skip
FEW = 5
Key = tuple[int, str, str]
"""(organisation id, indicator code, slice)."""


def figures(
    *, actor: Actor, run: RunData, codes: Iterable[str] = (), slices: Iterable[str] = ("all",), root: str = "",
    unit_ids: Iterable[int] = (),
) -> dict[Key, FigureData]:  # fmt: skip
    """Figures of organisations above the school as they stood at a run: of its refreshes the newest counts."""
    chain = Q(run_id=run.base_id) | Q(run__base_id=run.base_id, run_id__lte=run.id)
    rows = Figure.objects.visible_to(actor, FIGURE_VIEW).filter(chain).filter(path_range(root))
    if codes := tuple(codes):
        rows = rows.filter(code__in=codes)
    if slices := tuple(slices):
        rows = rows.filter(slice__in=slices)
    if unit_ids := tuple(unit_ids):
        rows = rows.filter(org_unit_id__in=unit_ids)
    found = (FigureData(*row) for row in rows.order_by("run_id").values_list(*FIELDS))
    return {(figure.org_unit_id, figure.code, figure.slice): figure for figure in found}


def trend(
    *, actor: Actor, unit_ids: Iterable[int], codes: Iterable[str], slices: Iterable[str] = ("all",),
    states: Mapping[int, RunData] | None = None,
) -> dict[str, dict[Key, FigureData]]:  # fmt: skip
    """Figures of every computed period, oldest first: period code -> figures.

    `states` is what `newest_runs` answered, for a caller who has asked it already.
    """
    states = newest_runs(actor=actor) if states is None else states
    newest = {run.base_id: run for run in states.values()}
    rows = (
        Figure.objects.visible_to(actor, FIGURE_VIEW)
        .filter(Q(run_id__in=newest) | Q(run__base_id__in=newest))
        .filter(org_unit_id__in=tuple(unit_ids), code__in=tuple(codes), slice__in=tuple(slices))
        .order_by("run_id")
    )
    answer: dict[str, dict[Key, FigureData]] = {
        run.period.code: {} for run in sorted(states.values(), key=lambda run: run.period.starts)
    }
    for *row, base_id in rows.values_list(*FIELDS, "run__base_id"):
        figure = FigureData(*row)
        run = newest[base_id or figure.run_id]
        if figure.run_id <= run.id:
            answer[run.period.code][figure.org_unit_id, figure.code, figure.slice] = figure
    return answer


def school_cells(*, actor: Actor, run: RunData, unit_ids: tuple[int, ...]) -> CellTable:
    """The cells of schools that a run read, for those the actor may see."""
    return cell_table(actor=actor, period_id=run.period.id, units=unit_ids, watermark=run.watermark)


def _schools(actor: Actor, day: date, unit_ids: Iterable[int]) -> tuple[OrgUnitData, ...]:
    wanted = sorted(set(unit_ids))
    if len(wanted) <= FEW:
        found = (directory.unit_on(actor=actor, unit_id=one, day=day, capability=CELL_VIEW) for one in wanted)
        return tuple(unit for unit in found if unit is not None)
    known = {unit.id: unit for unit in directory.units_on(actor=actor, day=day, capability=CELL_VIEW)}
    return tuple(known[one] for one in wanted if one in known)


def school_figures(
    *, actor: Actor, run: RunData, unit_ids: Iterable[int], codes: Iterable[str] = ()
) -> dict[Key, FigureData]:
    """The figures of single schools, computed from the cells and definitions of the run: the same inputs, the same
    definitions, so the same figures, without storing millions of them."""
    units = _schools(actor, run.period.ends, unit_ids)
    if not units:
        return {}
    cells = school_cells(actor=actor, run=run, unit_ids=tuple(unit.id for unit in units))
    versions, wanted = run_versions(run.id), set(codes)
    if wanted:
        versions = versions_needed(versions, wanted)
    results = plan_of(versions, run.period.ends).compute(engine_table(units, cells))
    ids = [unit.id for unit in units]
    return {
        (figure.org_unit_id, figure.code, figure.slice): figure
        for block in results
        if not wanted or block.code in wanted
        for figure in figures_of(block, ids, run.id)
    }


def school_trend(*, actor: Actor, unit_id: int, code: str) -> dict[str, dict[Key, FigureData]]:
    """One school's figures of an indicator in every computed period, oldest first: period code -> figures."""
    states = sorted(newest_runs(actor=actor).values(), key=lambda run: run.period.starts)
    return {run.period.code: school_figures(actor=actor, run=run, unit_ids=(unit_id,), codes=(code,)) for run in states}


def explain_school(
    *, actor: Actor, run: RunData, unit_id: int, code: str, slice: str = "all"  # noqa: A002 - the field's word
) -> engine.Explanation | None:  # fmt: skip
    """Which cells a school's figure rests on, and what was computed from them.

    None when it cannot be seen, and for indicators that are made of group figures only.
    """
    units = _schools(actor, run.period.ends, (unit_id,))
    versions = run_versions(run.id)
    definition = next((definition_of(row) for row in versions if row.code == code), None)
    if not units or definition is None or definition.kind in (engine.Kind.COMPOSITE_CV, engine.Kind.COUNT_MET):
        return None
    table = engine_table(units, school_cells(actor=actor, run=run, unit_ids=(unit_id,)))
    needed = tuple(definition_of(row) for row in versions_needed(versions, (code,)))
    return engine.explain(definition, table, 0, schema=schema(), on=run.period.ends, slice=slice, definitions=needed)


def figures_of(block: engine.Block, unit_ids: Sequence[int], run_id: int) -> Iterator[FigureData]:
    """The entries of an engine block as figures, one per id of `unit_ids`."""
    columns = zip(
        unit_ids, block.value.tolist(), block.rounded.tolist(), block.reason.tolist(), block.numerator.tolist(),
        block.denominator.tolist(), block.n_scope.tolist(), block.n_used.tolist(), block.n_missing.tolist(),
        block.target.tolist(), block.verdict.tolist(), strict=True,
    )  # fmt: skip
    for unit, value, rounded, reason, numerator, denominator, n_scope, n_used, n_missing, target, verdict in columns:
        yield FigureData(
            run_id, unit, block.code, block.slice, None if reason else value, None if reason else rounded, reason,
            _number(numerator), _number(denominator), n_scope, n_used, n_missing, _number(target), verdict,
        )  # fmt: skip


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
