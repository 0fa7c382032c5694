"""Compute figures. A run is never changed; a correction adds a small run on top of the full one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xingtan.domains.indicators.capabilities import COMPUTE
from xingtan.domains.indicators.models import Figure, IndicatorVersion, Period, Run
from xingtan.domains.indicators.models.results import RunKind
from xingtan.domains.indicators.selectors.cells import newest_observation
from xingtan.domains.indicators.selectors.definitions import (
    codes_reading,
    plan_of,
    versions_by_id,
    versions_in_force,
    versions_needed,
)
from xingtan.domains.indicators.selectors.figures import figures_of
from xingtan.domains.indicators.selectors.periods import period_data
from xingtan.domains.indicators.selectors.tables import PeriodTable, period_table
from xingtan.domains.indicators.services.periods import period_lock
from xingtan.domains.indicators.types import PeriodData
from xingtan.engines import indicators as engine
from xingtan.platform.audit import api as audit
from xingtan.platform.jobs import api as jobs
from xingtan.platform.orgscope.actor import Actor, system_actor
from xingtan.platform.orgscope.paths import SEGMENT_WIDTH, ancestors

FIGURE_CHUNK = 2000


class RunError(Exception):
    """A computation cannot be done; the message says why."""


@dataclass(frozen=True)
class RunCheck:
    """A run repeated: whether inputs, definitions and every figure are the same, and which figures are not."""

    run_id: int
    same_inputs: bool
    same_definitions: bool
    figures: int
    different: tuple[str, ...]

    @property
    def same(self) -> bool:
        return self.same_inputs and self.same_definitions and not self.different


def definitions_hash(versions: tuple[IndicatorVersion, ...]) -> str:
    """SHA-256 over the content hashes of the definitions, in catalogue order."""
    return hashlib.sha256("\n".join(row.content_hash for row in versions).encode()).hexdigest()


def run_compute(*, actor: Actor, period_id: int, root: str) -> Run:
    """Compute every indicator of a period for the organisation at `root` and all above-school organisations below."""
    actor.require(COMPUTE, root)
    period = period_data(Period.objects.get(pk=period_id))
    versions = tuple(row for row in versions_in_force(period.ends) if row.computable)
    if not versions:
        raise RunError(_("No indicator is defined for this period. Bring in the catalogue first."))
    with transaction.atomic():
        watermark = _watermark(period_id)
    computed = _compute(versions, period, root, watermark)
    with transaction.atomic():
        if (now := _watermark(period_id)) != watermark:
            # Cells came in meanwhile; without them this run would hide their refresh. The lock holds from here on.
            computed = _compute(versions, period, root, now)
        run = _create(actor, computed, kind=RunKind.FULL, base=None)
        audit.record(
            actor=actor, action="indicators.run.compute", object_type="run", object_id=run.pk, org_path=root,
            data={"period": period.code, "input": run.input_hash, "definitions": run.definitions_hash},
        )  # fmt: skip
    return run


def run_refresh(*, actor: Actor, period_id: int, unit_path: str, elements: Collection[str] = ()) -> Run | None:
    """After cells of the organisation at `unit_path` changed: new figures for all organisations above it.

    `elements` are those that changed: only what rests on them is computed anew; everything when they are not given.

    Uses the definitions of the newest full run, so that a correction changes nothing but what it corrects. Where a
    county was computed on its own, its runs are refreshed too; the widest is returned, None when the period was never
    computed. The caller has already been allowed to change the cells.
    """
    period = period_data(Period.objects.get(pk=period_id))
    made: list[Run] = []
    with transaction.atomic():
        # The lock makes refreshes follow each other, so that a later run always knows more.
        watermark = _watermark(period_id)
        for base in _bases(period_id, unit_path):
            versions = versions_by_id(base.definitions)
            computed = _compute(versions, period, base.org_path, watermark, elements)
            run = _create(actor, computed, kind=RunKind.REFRESH, base=base, only=computed.table.above_path(unit_path))
            audit.record(
                actor=actor, action="indicators.run.refresh", object_type="run", object_id=run.pk,
                org_path=base.org_path,
                data={"period": period.code, "because_of": unit_path, "input": run.input_hash},
            )  # fmt: skip
            made.append(run)
    return made[0] if made else None


def _bases(period_id: int, unit_path: str) -> list[Run]:
    """The newest full run of each organisation that was computed and holds the unit, widest first."""
    rows = Run.objects.unscoped(reason="the runs that cover the organisation; only ids leave this module")
    newest = (
        rows.filter(period_id=period_id, kind=RunKind.FULL, org_path__in=ancestors(unit_path))
        .values("org_path").annotate(newest=Max("id")).order_by().values("newest")
    )  # fmt: skip
    return list(rows.filter(pk__in=newest).order_by("org_path"))


def run_check(*, actor: Actor, run_id: int) -> RunCheck:
    """Repeat a full run from what it read, and compare hashes and figures."""
    run = Run.objects.visible_to(actor, COMPUTE).filter(pk=run_id).first()
    if run is None or run.kind != RunKind.FULL:
        raise RunError(_("There is no full run with this number."))
    period = period_data(Period.objects.get(pk=run.period_id))
    versions = versions_by_id(run.definitions)
    computed = _compute(versions, period, run.org_path, run.watermark)
    rows = Figure.objects.unscoped(reason="all figures of a run the actor may see").filter(run=run)
    stored = {_key(figure): _content(figure) for figure in rows.iterator(chunk_size=FIGURE_CHUNK)}
    again = {_key(figure): _content(figure) for figure in _figures(run, computed, only=None)}
    different = [
        f"{code} {name} #{unit_id}"
        for unit_id, code, name in sorted(stored.keys() | again.keys())
        if stored.get((unit_id, code, name)) != again.get((unit_id, code, name))
    ]
    return RunCheck(
        run_id=run.pk, same_inputs=computed.table.input_hash == run.input_hash,
        same_definitions=definitions_hash(versions) == run.definitions_hash, figures=len(stored),
        different=tuple(different),
    )  # fmt: skip


def run_compute_above(*, actor: Actor, period_id: int, path: str) -> Run:
    """After an import for the organisation at `path`: a full run for the topmost organisation above it.

    A county may import but not compute the city; the system computes for it, and the audit trail names both.
    """
    top = path[:SEGMENT_WIDTH]
    computing = actor if actor.can(COMPUTE, top) else system_actor(f"compute after the import of {actor.label}")
    return run_compute(actor=computing, period_id=period_id, root=top)


def compute_start(*, actor: Actor, period_ids: Sequence[int], root: str) -> int:
    """Queue the computation of periods for the organisation at `root`; returns the id of the job."""
    actor.require(COMPUTE, root)
    if not period_ids:
        raise RunError(_("There is no period yet. Import a table first."))
    with transaction.atomic():
        job = jobs.start(
            actor=actor, kind="indicators.compute", org_path=root,
            arguments={"period_ids": list(period_ids), "root": root}, unique_key=f"compute:{root}",
        )  # fmt: skip
        audit.record(
            actor=actor, action="indicators.compute.start", object_type="job", object_id=job.pk, org_path=root,
            data={"periods": list(period_ids)},
        )  # fmt: skip
    return job.pk


def check_start(*, actor: Actor, run_id: int) -> int:
    """Queue the repetition of a full run; returns the id of the job."""
    run = Run.objects.visible_to(actor, COMPUTE).filter(pk=run_id, kind=RunKind.FULL).first()
    if run is None:
        raise RunError(_("There is no full run with this number."))
    with transaction.atomic():
        job = jobs.start(
            actor=actor, kind="indicators.run.check", org_path=run.org_path, arguments={"run_id": run.pk},
            unique_key=f"check:{run.pk}",
        )  # fmt: skip
        audit.record(
            actor=actor, action="indicators.run.check", object_type="run", object_id=run.pk, org_path=run.org_path
        )
    return job.pk


@dataclass(frozen=True)
class _Computed:
    """What one computation read and found."""

    period: PeriodData
    root: str
    versions: tuple[IndicatorVersion, ...]
    table: PeriodTable
    results: engine.Results


def _watermark(period_id: int) -> int:
    """Up to which observation to read. Under the lock, so that no lower one can appear later."""
    period_lock(period_id)
    return newest_observation()


def _compute(
    versions: tuple[IndicatorVersion, ...], period: PeriodData, root: str, watermark: int,
    elements: Collection[str] = (),
) -> _Computed:  # fmt: skip
    """All figures, or with `elements` those that rest on them."""
    # The figures of a county rest on all of its cells, whoever pressed the button.
    reader = system_actor("compute figures")
    table = period_table(actor=reader, period=period, root=root, watermark=watermark)
    if not table.above:
        raise RunError(_("There is no organisation to compute for."))
    try:
        plan = plan_of(versions, period.ends)
        if elements:
            codes = codes_reading(plan, elements)
            plan = plan_of(versions_needed(versions, codes), period.ends)
    except (engine.DefinitionError, engine.ExpressionError) as error:
        raise RunError(_("The definitions contradict each other: %(error)s") % {"error": error}) from error
    return _Computed(period, root, versions, table, plan.compute(table.table, list(table.groupings), units=False))


def _create(
    actor: Actor, computed: _Computed, *, kind: RunKind, base: Run | None, only: frozenset[int] | None = None
) -> Run:
    table = computed.table
    run = Run.objects.create(
        org_path=computed.root, kind=kind, base=base, period_id=computed.period.id, watermark=table.cells.watermark,
        input_hash=table.input_hash, definitions_hash=definitions_hash(computed.versions),
        definitions=[row.pk for row in computed.versions], created_by_id=actor.user_id, created_by=actor.label,
        statistics={
            "schools": len(table.units),
            "reporting": int((table.cells.observation > 0).any(axis=1).sum()),
            "cells": int((table.cells.reasons == 0).sum()),
        },
    )  # fmt: skip
    Figure._base_manager.bulk_create(_figures(run, computed, only), batch_size=FIGURE_CHUNK)
    return run


def _figures(run: Run, computed: _Computed, only: frozenset[int] | None) -> Iterator[Figure]:
    """The rows of a run: of every organisation above the school, or of those in `only`."""
    wanted = {
        level: {unit.id: unit.path for unit in units if only is None or unit.id in only}
        for level, units in computed.table.above.items()
    }
    for block in computed.results:
        paths = wanted[block.level]
        if paths:
            ids = [unit.id for unit in computed.table.above[block.level]]
            for figure in figures_of(block, ids, run.pk):
                if figure.org_unit_id in paths:
                    yield Figure(org_path=paths[figure.org_unit_id], **vars(figure))


def _key(figure: Figure) -> tuple[int, str, str]:
    return figure.org_unit_id, figure.code, figure.slice


def _content(figure: Figure) -> tuple[float | None, int, int, float | None, float | None, int, int]:
    return (
        figure.value, figure.reason, figure.verdict, figure.numerator, figure.denominator, figure.n_scope,
        figure.n_missing,
    )  # fmt: skip
