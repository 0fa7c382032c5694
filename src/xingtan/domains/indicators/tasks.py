"""The long work of this domain, done by the worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from xingtan.domains.identity import api as identity
from xingtan.domains.indicators.messages import mapping_error, table_error, text_of
from xingtan.domains.indicators.models import ImportDraft, Period
from xingtan.domains.indicators.services import imports, runs
from xingtan.domains.indicators.services.inspection import draft_inspect
from xingtan.domains.indicators.services.intake import ImportRefused
from xingtan.engines import tables as engine
from xingtan.platform.jobs.api import JobContext, JobFailed, handler
from xingtan.platform.orgscope.actor import Actor, PermissionRefused, system_actor

LANGUAGE = "zh-hans"
SHOWN_DIFFERENCES = 100


def _actor(context: JobContext) -> Actor:
    """A job does what the person who started it may do now, not what he could do then."""
    return identity.actor_by_id(context.created_by_id) if context.created_by_id else system_actor("job")


@contextmanager
def _explained() -> Iterator[None]:
    """What cannot be helped by trying again, as a sentence for the person who waits."""
    try:
        yield
    except engine.TableError as error:
        raise JobFailed(table_error(error)) from error
    except engine.MappingError as error:
        raise JobFailed(mapping_error(error)) from error
    except ImportRefused as error:
        raise JobFailed(str(error)) from error
    except (ImportDraft.DoesNotExist, PermissionRefused) as error:
        raise JobFailed(_("You may no longer import for this organisation.")) from error


@handler("indicators.import.inspect")
def inspect(context: JobContext, *, draft_id: int) -> Mapping[str, Any]:
    with override(LANGUAGE), _explained():
        context.report(0.05, text_of("reading", {}))
        return draft_inspect(actor=_actor(context), draft_id=draft_id)


@handler("indicators.import.check")
def check(context: JobContext, *, draft_id: int) -> Mapping[str, Any]:
    with override(LANGUAGE), _explained():
        context.report(0.05, text_of("reading", {}))
        report = imports.draft_check(
            actor=_actor(context), draft_id=draft_id,
            progress=lambda share, code: context.report(0.1 + share * 0.7, text_of(code, {})),
        )  # fmt: skip
        return {"ok": report["ok"]}


@handler("indicators.import.apply")
def apply(context: JobContext, *, draft_id: int) -> Mapping[str, Any]:
    """Apply, then compute. Figures that cannot be computed do not undo an import."""
    with override(LANGUAGE), _explained():
        context.report(0.05, text_of("reading", {}))
        actor = _actor(context)
        applied = imports.draft_apply(
            actor=actor, draft_id=draft_id,
            progress=lambda share, code: context.report(0.1 + share * 0.3, text_of(code, {})),
        )  # fmt: skip
        draft = imports.draft_get(actor=actor, draft_id=draft_id)
        context.report(0.6, _("Computing the figures"))
        try:
            run = runs.run_compute_above(actor=actor, period_id=draft.period_id, path=draft.org_path)
        except runs.RunError as error:
            return {**asdict(applied), "run_id": None, "not_computed": str(error)}
        return {**asdict(applied), "run_id": run.pk}


@handler("indicators.compute")
def compute(context: JobContext, *, period_ids: list[int], root: str) -> Mapping[str, Any]:
    """Full computation of one period, or of the whole history."""
    with override(LANGUAGE):
        made = []
        for number, period_id in enumerate(period_ids):
            period = Period.objects.get(pk=period_id)
            context.report(number / len(period_ids), _("Computing %(period)s") % {"period": period.code})
            try:
                made.append(runs.run_compute(actor=_actor(context), period_id=period_id, root=root).pk)
            except runs.RunError as error:
                raise JobFailed(str(error)) from error
        return {"run_ids": made}


@handler("indicators.run.check")
def check_run(context: JobContext, *, run_id: int) -> Mapping[str, Any]:
    """Repeat a run and say whether the same came out."""
    with override(LANGUAGE):
        context.report(0.1, _("Repeating run %(run)s") % {"run": run_id})
        try:
            result = runs.run_check(actor=_actor(context), run_id=run_id)
        except runs.RunError as error:
            raise JobFailed(str(error)) from error
        return {
            **asdict(result),
            "different": list(result.different[:SHOWN_DIFFERENCES]),
            "same": result.same,
            "differences": len(result.different),
        }
