"""Start jobs and register what they do.

A handler is a function ``(context, **arguments) -> dict`` under a dotted kind. It takes primitive values, may run
twice (a worker can be killed between its commit and its report), and raises `JobFailed` with a sentence for the
person who waits. Any other exception is tried again with a growing delay, then reported as an internal error.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from xingtan.platform.jobs.models import Job, JobState
from xingtan.platform.orgscope.actor import Actor

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
FIRST_DELAY = timedelta(seconds=10)
STALE_AFTER = timedelta(minutes=3)

Handler = Callable[..., Mapping[str, Any]]
_handlers: dict[str, Handler] = {}


class JobFailed(Exception):
    """The work cannot be done, and trying again would not help; the message is shown to the person."""


@dataclass(frozen=True)
class JobContext:
    """What a handler knows of its job."""

    job_id: int
    created_by_id: int | None

    def report(self, progress: float, step: str = "") -> None:
        """Show progress, 0.0 to 1.0. Call outside of transactions: a bar nobody else can see helps nobody."""
        Job.objects.unscoped(reason="a job reports on itself").filter(pk=self.job_id).update(
            progress=max(0, min(99, int(progress * 100))), step=step[:200], heartbeat_at=timezone.now()
        )


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind."""

    def register(function: Handler) -> Handler:
        if kind in _handlers and _handlers[kind] is not function:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = function
        return function

    return register


def start(
    *, actor: Actor, kind: str, org_path: str, arguments: Mapping[str, Any] | None = None, unique_key: str = ""
) -> Job:
    """Queue a job in the caller's transaction. With a unique key, a live job of that key is returned instead."""
    if kind not in _handlers:
        raise ValueError(f"no handler for {kind}")
    from xingtan.platform.jobs.tasks import run_job

    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, org_path=org_path, arguments=dict(arguments or {}), unique_key=unique_key,
                created_by_id=actor.user_id,
            )  # fmt: skip
            run_job.enqueue(job.pk)
            return job
    except IntegrityError:
        live = Job.objects.unscoped(reason="unique key").filter(
            unique_key=unique_key, state__in=[JobState.WAITING, JobState.RUNNING]
        )
        existing = live.first() if unique_key else None
        if existing is None:
            raise
        return existing


def visible_job(*, actor: Actor, job_id: int) -> Job | None:
    """The job, for the person who started it."""
    jobs = Job.objects.unscoped(reason="filtered by its owner")
    return jobs.filter(pk=job_id, created_by_id=actor.user_id).first() if actor.user_id else None


def run(job_id: int) -> None:
    """Do one job now; called by the worker and by the command line."""
    jobs = Job.objects.unscoped(reason="the worker runs every job")
    with transaction.atomic():
        job = jobs.select_for_update().filter(pk=job_id).first()
        if job is None or job.finished:
            return
        job.state, job.heartbeat_at, job.attempts = JobState.RUNNING, timezone.now(), job.attempts + 1
        job.save(update_fields=["state", "heartbeat_at", "attempts"])
    context = JobContext(job.pk, job.created_by_id)
    try:
        result = _handlers[job.kind](context, **job.arguments)
    except JobFailed as failure:
        _finish(job.pk, JobState.FAILED, failure=str(failure))
    except Exception:  # noqa: BLE001  whatever a handler raises is recorded, tried again and shown, never lost
        log.error("job %s #%s failed\n%s", job.kind, job.pk, traceback.format_exc())
        if job.attempts < MAX_ATTEMPTS:
            _again(job)
        else:
            with override("zh-hans"):
                _finish(job.pk, JobState.FAILED, failure=_("Internal error; the administrator finds it in the log."))
    else:
        _finish(job.pk, JobState.DONE, result=dict(result))


def reclaim_stale() -> int:
    """Queue again the jobs whose worker died; returns how many. Run at the start of a worker."""
    from xingtan.platform.jobs.tasks import run_job

    jobs = Job.objects.unscoped(reason="the worker tends every job")
    stale = jobs.filter(state=JobState.RUNNING, heartbeat_at__lt=timezone.now() - STALE_AFTER)
    count = 0
    for job in stale:
        with transaction.atomic():
            if job.attempts >= MAX_ATTEMPTS:
                _finish(job.pk, JobState.FAILED, failure=_("The worker stopped during this job, three times."))
                continue
            jobs.filter(pk=job.pk).update(state=JobState.WAITING)
            run_job.enqueue(job.pk)
            count += 1
    return count


def _again(job: Job) -> None:
    from xingtan.platform.jobs.tasks import run_job

    delay = FIRST_DELAY * 4 ** (job.attempts - 1)
    with transaction.atomic():
        Job.objects.unscoped(reason="the worker runs every job").filter(pk=job.pk).update(state=JobState.WAITING)
        run_job.using(run_after=timezone.now() + delay).enqueue(job.pk)


def _finish(job_id: int, state: JobState, *, result: dict[str, Any] | None = None, failure: str = "") -> None:
    Job.objects.unscoped(reason="the worker runs every job").filter(pk=job_id).update(
        state=state, result=result or {}, failure=failure, finished_at=timezone.now(), heartbeat_at=timezone.now(),
        **({"progress": 100} if state == JobState.DONE else {}),
    )  # fmt: skip
