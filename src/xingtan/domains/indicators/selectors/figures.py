"""Read figures as a person may see them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators.capabilities import CELL_VIEW, FIGURE_VIEW
from xingtan.domains.indicators.models import Figure, Run
from xingtan.domains.indicators.models.results import RunKind
from xingtan.domains.indicators.selectors.cells import cell_table
from xingtan.domains.indicators.selectors.definitions import definition_of, schema, versions_by_id
from xingtan.domains.indicators.selectors.periods import period_data, periods
from xingtan.domains.indicators.selectors.tables import engine_table
from xingtan.domains.indicators.types import CellTable, FigureData, RunData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.scoping import path_range

FIELDS = (
    "run_id", "org_unit_id", "code", "slice", "value", "rounded", "reason", "numerator", "denominator", "n_scope",
    "n_used", "n_missing", "target", "verdict",
)  # fmt: skip
Key = tuple[int, str, str]
"""(organisation id, indicator code, slice)."""


def run_data(row: Run) -> RunData:
    """The plain data of a run."""
    return RunData(
        row.pk, row.kind, row.base_pk, period_data(row.period), row.org_path, row.watermark, row.input_hash,
        row.definitions_hash, row.created_at, row.created_by, row.statistics,
    )  # fmt: skip


def _covers(actor: Actor, run: Run) -> bool:
    """A run is no secret to those inside of what it covers; its figures are filtered by scope all the same."""
    return any(root.startswith(run.org_path) or run.org_path.startswith(root) for root in actor.paths(FIGURE_VIEW))


def run_get(*, actor: Actor, run_id: int) -> RunData | None:
    """One run; None when it does not exist or covers nothing of the actor's."""
    row = Run.objects.unscoped(reason="checked just below").select_related("period").filter(pk=run_id).first()
    return run_data(row) if row is not None and _covers(actor, row) else None


def newest_run(*, actor: Actor, period_id: int) -> RunData | None:
    """The newest state of a period: the last refresh, or the full run, of the newest full computation."""
    rows = Run.objects.unscoped(reason="checked below").select_related("period").filter(period_id=period_id)
    for full in rows.filter(kind=RunKind.FULL).order_by("-id")[:20]:
        if _covers(actor, full):
            return run_data(rows.filter(Q(pk=full.pk) | Q(base=full)).order_by("-id")[0])
    return None


def runs(*, actor: Actor, limit: int = 50) -> tuple[RunData, ...]:
    """The newest runs that cover something of the actor's."""
    rows = Run.objects.unscoped(reason="checked below").select_related("period").order_by("-id")[: limit * 2]
    return tuple(run_data(row) for row in rows if _covers(actor, row))[:limit]


def _chain(run: RunData) -> Q:
    return Q(run_id=run.base_id) | Q(run__base_id=run.base_id, run_id__lte=run.id)


def figures(
    *, actor: Actor, run: RunData, codes: Iterable[str] = (), slices: Iterable[str] = ("all",), root: str = "",
    unit_ids: Iterable[int] = (),
) -> dict[Key, FigureData]:  # fmt: skip
    """Figures of organisations above the school as they stood at a run: of its refreshes the newest counts."""
    rows = Figure.objects.visible_to(actor, FIGURE_VIEW).filter(_chain(run)).filter(path_range(root))
    if codes := tuple(codes):
        rows = rows.filter(code__in=codes)
    if slices := tuple(slices):
        rows = rows.filter(slice__in=slices)
    if unit_ids := tuple(unit_ids):
        rows = rows.filter(org_unit_id__in=unit_ids)
    found = (FigureData(*row) for row in rows.order_by("run_id").values_list(*FIELDS))
    return {(figure.org_unit_id, figure.code, figure.slice): figure for figure in found}


def school_cells(*, actor: Actor, run: RunData, unit_ids: tuple[int, ...]) -> CellTable:
    """The cells of schools that a run read, for those the actor may see."""
    return cell_table(actor=actor, period_id=run.period.id, units=unit_ids, watermark=run.watermark)


def school_figures(
    *, actor: Actor, run: RunData, unit_ids: tuple[int, ...], codes: Iterable[str] = ()
) -> dict[Key, FigureData]:
    """The figures of single schools, computed from the cells and definitions of the run: the same inputs, the same
    definitions, so the same figures, without storing millions of them."""
    known = {unit.id: unit for unit in directory.units_on(actor=actor, day=run.period.ends, capability=CELL_VIEW)}
    units = tuple(known[unit_id] for unit_id in sorted(set(unit_ids)) if unit_id in known)
    if not units:
        return {}
    cells = school_cells(actor=actor, run=run, unit_ids=tuple(unit.id for unit in units))
    table = engine_table(units, cells)
    versions = versions_by_id(Run.objects.unscoped(reason="definitions are public").get(pk=run.id).definitions)
    definitions = tuple(definition_of(row) for row in versions)
    results = engine.compute(definitions, table, [], schema=schema(), on=run.period.ends)
    wanted = set(codes)
    found: dict[Key, FigureData] = {}
    for block in results:
        if wanted and block.code not in wanted:
            continue
        for number, unit in enumerate(units):
            reason = int(block.reason[number])
            value = None if reason else float(block.value[number])
            found[unit.id, block.code, block.slice] = FigureData(
                run_id=run.id, org_unit_id=unit.id, code=block.code, slice=block.slice, value=value,
                rounded=None if reason else float(block.rounded[number]), reason=reason,
                numerator=_number(block.numerator[number]), denominator=_number(block.denominator[number]),
                n_scope=int(block.n_scope[number]), n_used=int(block.n_used[number]),
                n_missing=int(block.n_missing[number]), target=_number(block.target[number]),
                verdict=int(block.verdict[number]),
            )  # fmt: skip
    return found


def explain_school(*, actor: Actor, run: RunData, unit_id: int, code: str) -> engine.Explanation | None:
    """Which cells a school's figure rests on, and what was computed from them; None when it cannot be seen."""
    unit = directory.unit_on(actor=actor, unit_id=unit_id, day=run.period.ends, capability=CELL_VIEW)
    if unit is None:
        return None
    cells = school_cells(actor=actor, run=run, unit_ids=(unit_id,))
    versions = versions_by_id(Run.objects.unscoped(reason="definitions are public").get(pk=run.id).definitions)
    definition = next((definition_of(row) for row in versions if row.code == code), None)
    if definition is None:
        return None
    everything = tuple(definition_of(row) for row in versions)
    return engine.explain(
        definition, engine_table((unit,), cells), 0, schema=schema(), on=run.period.ends, definitions=everything
    )


def trend(
    *, actor: Actor, unit_ids: Iterable[int], codes: Iterable[str], slices: Iterable[str] = ("all",)
) -> dict[str, dict[Key, FigureData]]:
    """Figures of every computed period, oldest first: period code -> figures."""
    answer: dict[str, dict[Key, FigureData]] = {}
    unit_ids, codes, slices = tuple(unit_ids), tuple(codes), tuple(slices)
    for period in reversed(periods()):
        run = newest_run(actor=actor, period_id=period.id)
        if run is not None:
            answer[period.code] = figures(actor=actor, run=run, codes=codes, slices=slices, unit_ids=unit_ids)
    return answer


def _number(value: float) -> float | None:
    return None if value != value else float(value)
