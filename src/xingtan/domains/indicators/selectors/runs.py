"""Which computations there are, and which one counts for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Max

from xingtan.domains.indicators.capabilities import FIGURE_VIEW
from xingtan.domains.indicators.models import Figure, IndicatorVersion, Run
from xingtan.domains.indicators.models.results import RunKind
from xingtan.domains.indicators.selectors.definitions import versions_by_id
from xingtan.domains.indicators.selectors.periods import period_data
from xingtan.domains.indicators.types import RunData
from xingtan.platform.orgscope.actor import Actor


def run_data(row: Run) -> RunData:
    """The plain data of a run."""
    return RunData(
        row.pk, row.kind, row.base_pk, period_data(row.period), row.org_path, row.watermark, row.input_hash,
        row.definitions_hash, row.created_at, row.created_by, row.statistics,
    )  # fmt: skip


def _touches(roots: Iterable[str], path: str) -> bool:
    return any(root.startswith(path) or path.startswith(root) for root in roots)


def run_get(*, actor: Actor, run_id: int) -> RunData | None:
    """One run; None when it does not exist or covers nothing of the actor's.

    A run is no secret to those inside of what it covers; its figures are filtered by scope all the same.
    """
    row = Run.objects.unscoped(reason="checked just below").select_related("period").filter(pk=run_id).first()
    return run_data(row) if row is not None and _touches(actor.paths(FIGURE_VIEW), row.org_path) else None


def run_versions(run_id: int) -> tuple[IndicatorVersion, ...]:
    """The definitions that a run used, in catalogue order."""
    return versions_by_id(Run.objects.unscoped(reason="definitions are public").get(pk=run_id).definitions)


def newest_runs(*, actor: Actor, period_ids: Iterable[int] = ()) -> dict[int, RunData]:
    """Period id -> its state today: the newest full run with all refreshes on top of it.

    Of the full runs, those that cover everything the actor may see go first, then the widest.
    """
    roots = actor.paths(FIGURE_VIEW)
    full = Run.objects.unscoped(reason="chosen by what they cover, just below").filter(kind=RunKind.FULL)
    if period_ids := tuple(period_ids):
        full = full.filter(period_id__in=period_ids)
    candidates: dict[int, list[tuple[bool, int, int]]] = defaultdict(list)
    for period_id, path, run_id in full.values_list("period_id", "org_path").annotate(newest=Max("id")).order_by():
        if _touches(roots, path):
            everything = all(root.startswith(path) for root in roots)
            candidates[period_id].append((everything, 0 if everything else -len(path), run_id))
    bases = [max(found)[2] for found in candidates.values()]
    runs = Run.objects.unscoped(reason="builds on the runs just chosen")
    refreshed = dict(runs.filter(base_id__in=bases).values_list("base_id").annotate(newest=Max("id")).order_by())
    rows = runs.filter(pk__in=[refreshed.get(base, base) for base in bases]).select_related("period")
    return {row.period_id: run_data(row) for row in rows}


def newest_run(*, actor: Actor, period_id: int) -> RunData | None:
    """The state of a period today; None when it was never computed for anything the actor may see."""
    return newest_runs(actor=actor, period_ids=(period_id,)).get(period_id)


def runs(*, actor: Actor, limit: int = 50) -> tuple[RunData, ...]:
    """The newest runs that cover something of the actor's."""
    roots = actor.paths(FIGURE_VIEW)
    rows = Run.objects.unscoped(reason="checked below").select_related("period").order_by("-id")[: limit * 2]
    return tuple(run_data(row) for row in rows if _touches(roots, row.org_path))[:limit]


def run_figure_count(*, actor: Actor, run_id: int) -> int:
    """How many figures a run made that the actor may see."""
    return Figure.objects.visible_to(actor, FIGURE_VIEW).filter(run_id=run_id).count()
