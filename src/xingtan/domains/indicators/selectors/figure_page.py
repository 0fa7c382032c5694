"""Everything the page of one figure shows."""

from __future__ import annotations

from dataclasses import dataclass

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import CELL_VIEW, FIGURE_VIEW
from xingtan.domains.indicators.models import DataElement, IndicatorVersion
from xingtan.domains.indicators.selectors.breakdown import (
    SCHOOL_KINDS,
    PlaceFigure,
    children_figures,
    schools_figures,
)
from xingtan.domains.indicators.selectors.definitions import (
    codes_reading,
    definition_of,
    element_rows,
    plan_of,
    versions_needed,
)
from xingtan.domains.indicators.selectors.figures import (
    Key,
    explain_school,
    figures,
    school_figures,
    school_trend,
    trend,
)
from xingtan.domains.indicators.selectors.runs import newest_run, run_get, run_versions
from xingtan.domains.indicators.types import FigureData, PeriodData, RunData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor


@dataclass(frozen=True)
class FigurePage:
    """One figure with what it is made of.

    `figure` is None where there is none at this level: for a school and an indicator that compares schools, for a
    county and an indicator that judges single schools. `made_by` is the run that computed it, `run` the state that
    was asked for, `newest` the state of today. `children` are organisations below that are not schools, `schools`
    those that count, `parts` the figures of the indicators that this one rests on. `elements` are the data elements
    that it, and what it rests on, read.
    """

    run: RunData
    made_by: RunData
    newest: RunData | None
    unit: OrgUnitData
    chain: tuple[OrgUnitData, ...]
    version: IndicatorVersion
    definition: engine.Definition
    expressions: dict[str, str]
    elements: tuple[DataElement, ...]
    slice: str
    slices: tuple[str, ...]
    figure: FigureData | None
    history: tuple[tuple[str, FigureData | None], ...]
    explanation: engine.Explanation | None
    children: tuple[PlaceFigure, ...]
    schools: tuple[PlaceFigure, ...]
    parts: tuple[tuple[engine.Definition, FigureData | None], ...]

    @property
    def is_school(self) -> bool:
        return self.unit.kind in SCHOOL_KINDS

    @property
    def missing(self) -> tuple[PlaceFigure, ...]:
        """The schools that count but give no number."""
        return tuple(place for place in self.schools if place.missing)


def figure_page(
    *,
    actor: Actor,
    run_id: int,
    org_id: int,
    code: str,
    slice: str,  # noqa: A002 - the field's word
) -> FigurePage | None:
    """The page of a figure; None when run, organisation, indicator or slice do not exist for this actor."""
    run = run_get(actor=actor, run_id=run_id)
    unit = _unit(actor, run, org_id) if run else None
    if run is None or unit is None:
        return None
    versions = versions_needed(run_versions(run.id), (code,))
    version = next((row for row in versions if row.code == code), None)
    if version is None:
        return None
    compiled = plan_of(versions, run.period.ends).compiled
    if slice not in compiled[code].slices:
        return None
    definition, school = definition_of(version), unit.kind in SCHOOL_KINDS
    of = tuple(definition_of(row) for row in versions if row.code in definition.of)
    wanted = (code, *definition.of)
    found = (
        school_figures(actor=actor, run=run, unit_ids=(unit.id,), codes=wanted)
        if school
        else figures(actor=actor, run=run, codes=wanted, slices=(), unit_ids=(unit.id,))
    )
    figure = found.get((unit.id, code, slice))
    if figure is None and not school and "group" in definition.levels:
        return None
    expressions = {field: text.canonical() for field, text in compiled[code].expressions.items()}
    used = {name for one in compiled.values() for text in one.expressions.values() for name in text.elements}
    return FigurePage(
        run=run, made_by=(run_get(actor=actor, run_id=figure.run_id) if figure else None) or run,
        newest=newest_run(actor=actor, period_id=run.period.id), unit=unit,
        chain=directory.chain_on(actor=actor, path=unit.path, day=run.period.ends, capability=FIGURE_VIEW),
        version=version, definition=definition, expressions=expressions,
        elements=element_rows(used) if used else (), slice=slice,
        slices=tuple(name for name in compiled[code].slices if _worth_a_tab(found, unit.id, code, name, slice)),
        figure=figure, history=_history(actor, unit, code, slice, school),
        explanation=explain_school(actor=actor, run=run, unit_id=unit.id, code=code, slice=slice) if school else None,
        children=() if school else children_figures(actor=actor, run=run, unit=unit, code=code, slice=slice),
        schools=() if school else schools_figures(actor=actor, run=run, unit=unit, code=code, slice=slice),
        parts=tuple((part, found.get((unit.id, part.code, slice))) for part in of),
    )  # fmt: skip


def _unit(actor: Actor, run: RunData, org_id: int) -> OrgUnitData | None:
    unit = directory.unit_on(actor=actor, unit_id=org_id, day=run.period.ends, capability=FIGURE_VIEW)
    if unit is None or not unit.path.startswith(run.org_path):
        return None
    return unit if unit.kind not in SCHOOL_KINDS or actor.can(CELL_VIEW, unit.path) else None


def _worth_a_tab(found: dict[Key, FigureData], unit_id: int, code: str, name: str, chosen: str) -> bool:
    """Slices that hold a school; a primary school needs no tab for senior high schools."""
    figure = found.get((unit_id, code, name))
    return name in ("all", chosen) or (figure is not None and figure.n_scope > 0)


def _history(
    actor: Actor, unit: OrgUnitData, code: str, name: str, school: bool
) -> tuple[tuple[str, FigureData | None], ...]:
    """Period code and figure of every computed period, oldest first."""
    by_period = (
        school_trend(actor=actor, unit_id=unit.id, code=code)
        if school
        else trend(actor=actor, unit_ids=(unit.id,), codes=(code,), slices=(name,))
    )
    return tuple((period, found.get((unit.id, code, name))) for period, found in by_period.items())


@dataclass(frozen=True)
class RestingFigure:
    """A school's figure that rests on a cell."""

    run: RunData
    definition: engine.Definition
    figure: FigureData


def resting_on(*, actor: Actor, unit: OrgUnitData, period: PeriodData, element: str) -> tuple[RestingFigure, ...]:
    """The school's figures of today's state that rest on an element, in catalogue order."""
    run = newest_run(actor=actor, period_id=period.id)
    if run is None:
        return ()
    plan = plan_of(run_versions(run.id), period.ends)
    codes = codes_reading(plan, (element,))
    found = school_figures(actor=actor, run=run, unit_ids=(unit.id,), codes=codes) if codes else {}
    return tuple(
        RestingFigure(run, plan.compiled[code].definition, figure)
        for (_unit_id, code, name), figure in found.items()
        if name == "all"
    )
