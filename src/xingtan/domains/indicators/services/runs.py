"""Compute figures. A run is never changed; a correction adds a small run on top of the full one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import COMPUTE
from xingtan.domains.indicators.models import Figure, IndicatorVersion, Period, Run
from xingtan.domains.indicators.models.results import RunKind
from xingtan.domains.indicators.selectors.cells import newest_observation
from xingtan.domains.indicators.selectors.definitions import (
    definition_of,
    schema,
    versions_by_id,
    versions_in_force,
)
from xingtan.domains.indicators.selectors.periods import period_data
from xingtan.domains.indicators.selectors.tables import PeriodTable, period_table
from xingtan.domains.indicators.types import PeriodData
from xingtan.engines import indicators as engine
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor, system_actor
from xingtan.platform.orgscope.paths import SEGMENT_WIDTH

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
        raise RunError(_("No indicator is defined for this period."))
    table = _table(period, root, newest_observation())
    if not table.above:
        raise RunError(_("There is no organisation to compute for."))
    results = _results(versions, period, table)
    with transaction.atomic():
        run = _create(actor, period, root, versions, table, kind=RunKind.FULL, base=None)
        _write_figures(run, table, results, only=None)
        audit.record(
            actor=actor, action="indicators.run.compute", object_type="run", object_id=run.pk, org_path=root,
            data={"period": period.code, "input": run.input_hash, "definitions": run.definitions_hash},
        )  # fmt: skip
    return run


def run_refresh(*, actor: Actor, period_id: int, unit_path: str) -> Run | None:
    """After cells of the organisation at `unit_path` changed: new figures for all organisations above it.

    Uses the definitions of the newest full run, so that a correction changes nothing but what it corrects. None
    when the period was never computed. The caller has already been allowed to change the cells.
    """
    full = Run.objects.unscoped(reason="the run that covers the organisation; only ids leave this function").filter(
        period_id=period_id, kind=RunKind.FULL
    )
    with transaction.atomic():
        # The lock makes refreshes of one base follow each other, so that a later run always knows more.
        candidates = [run for run in full.select_for_update().order_by("-id")[:20] if unit_path.startswith(run.org_path)]
        if not candidates:
            return None
        base = candidates[0]
        period = period_data(Period.objects.get(pk=period_id))
        versions = versions_by_id(base.definitions)
        table = _table(period, base.org_path, newest_observation())
        results = _results(versions, period, table)
        run = _create(actor, period, base.org_path, versions, table, kind=RunKind.REFRESH, base=base)
        _write_figures(run, table, results, only=unit_path)
        audit.record(
            actor=actor, action="indicators.run.refresh", object_type="run", object_id=run.pk, org_path=base.org_path,
            data={"period": period.code, "because_of": unit_path, "input": run.input_hash},
        )  # fmt: skip
    return run


def run_check(*, actor: Actor, run_id: int) -> RunCheck:
    """Repeat a full run from what it read, and compare hashes and figures."""
    run = Run.objects.visible_to(actor, COMPUTE).filter(pk=run_id).first()
    if run is None or run.kind != RunKind.FULL:
        raise RunError(_("There is no full run with this number."))
    period = period_data(Period.objects.get(pk=run.period_id))
    versions = versions_by_id(run.definitions)
    table = _table(period, run.org_path, run.watermark)
    results = _results(versions, period, table)
    stored = {
        (figure.org_unit_id, figure.code, figure.slice): (figure.value, figure.reason, figure.verdict)
        for figure in Figure.objects.unscoped(reason="all figures of a run the actor may see").filter(run=run)
    }
    again = {
        (figure.org_unit_id, figure.code, figure.slice): (figure.value, figure.reason, figure.verdict)
        for figure in _figures(run, table, results, only=None)
    }
    different = [f"{key[1]} {key[2]} #{key[0]}" for key in sorted(stored.keys() | again.keys()) if stored.get(key) != again.get(key)]
    return RunCheck(
        run_id=run.pk, same_inputs=table.input_hash == run.input_hash,
        same_definitions=definitions_hash(versions) == run.definitions_hash, figures=len(stored),
        different=tuple(different),
    )  # fmt: skip


def _table(period: PeriodData, root: str, watermark: int) -> PeriodTable:
    # The figures of a county rest on all of its cells, whoever pressed the button.
    reader = system_actor("compute figures")
    return period_table(actor=reader, period=period, root=root, watermark=watermark)


def _results(versions: tuple[IndicatorVersion, ...], period: PeriodData, table: PeriodTable) -> engine.Results:
    definitions = tuple(definition_of(row) for row in versions)
    return engine.compute(
        definitions, table.table, list(table.groupings), schema=schema(), on=period.ends, unit_level=False
    )


def _create(
    actor: Actor, period: PeriodData, root: str, versions: tuple[IndicatorVersion, ...], table: PeriodTable, *,
    kind: RunKind, base: Run | None,
) -> Run:  # fmt: skip
    return Run.objects.create(
        org_path=root, kind=kind, base=base, period_id=period.id, watermark=table.cells.watermark,
        input_hash=table.input_hash, definitions_hash=definitions_hash(versions),
        definitions=[row.pk for row in versions], created_by_id=actor.user_id, created_by=actor.label,
        statistics={"schools": len(table.units), "cells": int((table.cells.reasons == 0).sum())},
    )  # fmt: skip


def _figures(run: Run, table: PeriodTable, results: engine.Results, only: str | None) -> list[Figure]:
    rows: list[Figure] = []
    keep: dict[str, list[tuple[int, OrgUnitData]]] = {
        kind: [(n, unit) for n, unit in enumerate(units) if only is None or only.startswith(unit.path)]
        for kind, units in table.above.items()
    }
    for block in results:
        wanted = keep.get(block.level, [])
        for number, unit in wanted:
            reason = int(block.reason[number])
            rows.append(
                Figure(
                    run=run, org_unit_id=unit.id, org_path=unit.path, code=block.code, slice=block.slice,
                    value=None if reason else float(block.value[number]),
                    rounded=None if reason else float(block.rounded[number]), reason=reason,
                    numerator=_number(block.numerator[number]), denominator=_number(block.denominator[number]),
                    n_scope=int(block.n_scope[number]), n_used=int(block.n_used[number]),
                    n_missing=int(block.n_missing[number]), target=_number(block.target[number]),
                    verdict=int(block.verdict[number]),
                )
            )  # fmt: skip
    return rows


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def _write_figures(run: Run, table: PeriodTable, results: engine.Results, only: str | None) -> None:
    Figure._base_manager.bulk_create(_figures(run, table, results, only), batch_size=FIGURE_CHUNK)


def run_compute_above(*, actor: Actor, period_id: int, path: str) -> Run:
    """After an import for the organisation at `path`: a full run for the topmost organisation above it.

    A county may import but not compute the city; the system computes for it, and the audit trail names both.
    """
    top = path[:SEGMENT_WIDTH]
    computing = actor if actor.can(COMPUTE, top) else system_actor(f"compute after the import of {actor.label}")
    return run_compute(actor=computing, period_id=period_id, root=top)
