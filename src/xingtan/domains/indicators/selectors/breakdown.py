"""What a figure of a county or city is made of: the schools behind it, and the organisations one level down."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import FIGURE_VIEW
from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.selectors.definitions import definition_of, plan_of, schema, versions_needed
from xingtan.domains.indicators.selectors.figures import figures, figures_of
from xingtan.domains.indicators.selectors.runs import run_versions
from xingtan.domains.indicators.selectors.tables import period_table
from xingtan.domains.indicators.types import FigureData, RunData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor

COMPOSITE = (engine.Kind.COMPOSITE_CV, engine.Kind.COUNT_MET)
"""Kinds made of other indicators' figures: there is no school behind them but those of their parts."""
SCHOOL_KINDS = ("school", "campus")


@dataclass(frozen=True)
class PlaceFigure:
    """An organisation with its figure."""

    unit: OrgUnitData
    figure: FigureData

    @property
    def missing(self) -> bool:
        """Whether it counts but gives no number."""
        return self.figure.n_missing > 0


def children_figures(
    *,
    actor: Actor,
    run: RunData,
    unit: OrgUnitData,
    code: str,
    slice: str,  # noqa: A002 - the field's word
) -> tuple[PlaceFigure, ...]:
    """The figures of the organisations directly below that are not schools, by code; none below a county."""
    below = directory.children_on(actor=actor, unit_id=unit.id, day=run.period.ends, capability=FIGURE_VIEW)
    places = [one for one in below if one.kind not in SCHOOL_KINDS]
    if not places:
        return ()
    found = figures(actor=actor, run=run, codes=(code,), slices=(slice,), unit_ids=[one.id for one in places])
    return tuple(PlaceFigure(one, found[one.id, code, slice]) for one in places if (one.id, code, slice) in found)


def schools_figures(
    *,
    actor: Actor,
    run: RunData,
    unit: OrgUnitData,
    code: str,
    slice: str,  # noqa: A002 - the field's word
) -> tuple[PlaceFigure, ...]:
    """The schools that count for the figure of an organisation, each with its own; for a CV with its x = N ÷ D.

    Computed from the cells and definitions of the run. Empty for kinds made of group figures.
    """
    versions = versions_needed(run_versions(run.id), (code,))
    definition = next((definition_of(row) for row in versions if row.code == code), None)
    if definition is None or definition.kind in COMPOSITE:
        return ()
    table = period_table(actor=actor, period=run.period, root=unit.path, watermark=run.watermark)
    day = run.period.ends
    if definition.kind is engine.Kind.WEIGHTED_CV:
        by_code = {row.code: definition_of(row) for row in versions}
        plan = engine.plan([_ratio_of(definition, by_code)], schema=schema(), on=day)
    else:
        plan = plan_of(versions, day)
    results = plan.compute(table.table)
    if (code, slice, "unit") not in results.blocks:
        return ()
    block = results.get(code, slice, "unit")
    ids = [one.id for one in table.units]
    rows = (PlaceFigure(one, found) for one, found in zip(table.units, figures_of(block, ids, run.id), strict=True))
    return tuple(row for row in rows if row.figure.n_scope)


def _ratio_of(definition: engine.Definition, by_code: dict[str, engine.Definition]) -> engine.Definition:
    """The ratio whose differences between schools a CV measures."""
    source = by_code[definition.of[0]] if definition.of else definition
    return replace(
        source, code=definition.code, kind=engine.Kind.RATIO, scope=definition.scope or source.scope, of=(),
        slices=definition.slices, levels=("unit",), thresholds=(), valid_from=None, valid_to=None,
    )  # fmt: skip


def element_names(codes: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
    """Element code -> its name by language: of these, or of all."""
    rows = DataElement.objects.filter(code__in=codes) if codes else DataElement.objects.all()
    return dict(rows.values_list("code", "name"))
