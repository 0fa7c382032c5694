"""Correct a cell, and bring every figure that rests on it up to date in the same step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import CELL_VIEW, FIGURE_VIEW
from xingtan.domains.indicators.selectors.definitions import codes_reading, plan_of
from xingtan.domains.indicators.selectors.figures import Key, figures, school_figures
from xingtan.domains.indicators.selectors.runs import newest_run, run_data, run_versions
from xingtan.domains.indicators.services.observations import cell_correct
from xingtan.domains.indicators.services.runs import run_refresh
from xingtan.domains.indicators.types import FigureData, RunData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor

SLICES = ("all", *engine.STAGE_SLICES, *engine.AREA_SLICES)


@dataclass(frozen=True)
class FigureChange:
    """One figure that a correction changed; None where there was or is none."""

    unit: OrgUnitData
    definition: engine.Definition
    slice: str
    before: FigureData | None
    after: FigureData | None


@dataclass(frozen=True)
class Correction:
    """What a correction did: the batch, the refresh (None when the period was never computed), and of the figures
    the actor may see those that changed: the school's first, then upwards."""

    batch_id: int
    run: RunData | None
    changes: tuple[FigureChange, ...]


def cell_correct_and_refresh(
    *, actor: Actor, unit_id: int, period_id: int, element: str, value: float | None, reason: int, note: str
) -> Correction:
    """`cell_correct`, then `run_refresh`, in one transaction; raise `ObservationError` when the value is refused."""
    with transaction.atomic():
        affected = _affected(actor, period_id, unit_id, element)
        before = affected.figures(actor)
        batch = cell_correct(
            actor=actor, unit_id=unit_id, period_id=period_id, element=element, value=value, reason=reason, note=note
        )
        refreshed = run_refresh(actor=actor, period_id=period_id, unit_path=batch.org_path, elements=(element,))
        affected = replace(affected, run=newest_run(actor=actor, period_id=period_id) if refreshed else None)
        after = affected.figures(actor)
    changes = tuple(
        FigureChange(unit, definition, name, before.get(key), after.get(key))
        for unit in affected.places
        for code, definition in affected.definitions.items()
        for name in SLICES
        if _content(before.get(key := (unit.id, code, name))) != _content(after.get(key))
    )
    return Correction(batch.pk, run_data(refreshed) if refreshed else None, changes)


@dataclass(frozen=True)
class _Affected:
    """What can change with one cell: the school first, then the organisations above it that the actor may see."""

    run: RunData | None
    places: tuple[OrgUnitData, ...]
    definitions: Mapping[str, engine.Definition]

    def figures(self, actor: Actor) -> dict[Key, FigureData]:
        """Their figures as they stand at the run."""
        if self.run is None or not self.places or not self.definitions:
            return {}
        ids = [place.id for place in self.places]
        stored = figures(actor=actor, run=self.run, codes=self.definitions, slices=(), unit_ids=ids)
        return stored | school_figures(actor=actor, run=self.run, unit_ids=ids[:1], codes=self.definitions)


def _affected(actor: Actor, period_id: int, unit_id: int, element: str) -> _Affected:
    run = newest_run(actor=actor, period_id=period_id)
    day = run.period.ends if run else None
    unit = directory.unit_on(actor=actor, unit_id=unit_id, day=day, capability=CELL_VIEW) if day else None
    if run is None or day is None or unit is None:
        return _Affected(None, (), {})
    chain = directory.chain_on(actor=actor, path=unit.path, day=day, capability=FIGURE_VIEW)
    plan = plan_of(run_versions(run.id), day)
    codes = codes_reading(plan, (element,))
    definitions = {code: compiled.definition for code, compiled in plan.compiled.items() if code in codes}
    return _Affected(run, tuple(reversed(chain)), definitions)


def _content(figure: FigureData | None) -> tuple[float | None, int, int, float | None, float | None, int] | None:
    if figure is None:
        return None
    return figure.value, figure.reason, figure.verdict, figure.numerator, figure.denominator, figure.n_missing
