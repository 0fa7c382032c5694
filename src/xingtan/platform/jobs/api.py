"""Start jobs and register what they do.

A handler is a function ``(context, **arguments) -> dict`` under a dotted kind. It takes primitive values, may run
twice (a worker can be killed between its commit and its report), and raises `JobFailed` with a sentence for the
person who waits. Any other exception is tried again with a growing delay, then reported as an internal error.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from xingtan.platform.jobs.models import Job, JobState
from xingtan.platform.orgscope.actor import Actor

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
FIRST_DELAY = timedelta(seconds=10)
STALE_AFTER = timedelta(minutes=3)
"""A job without a sign of life for so long has lost its worker."""
BEAT = timedelta(seconds=20)

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
        if job is None or job.state != JobState.WAITING:  # done, or another worker is at it
            return
        job.state, job.heartbeat_at, job.attempts = JobState.RUNNING, timezone.now(), job.attempts + 1
        job.save(update_fields=["state", "heartbeat_at", "attempts"])
    context = JobContext(job.pk, job.created_by_id)
    try:
        with _signs_of_life(job.pk):
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


@contextmanager
def _signs_of_life(job_id: int) -> Iterator[None]:
    """While the block runs, say every `BEAT` that it does: a long step without progress is not a dead worker."""
    over = threading.Event()

    def beat() -> None:
        jobs = Job.objects.unscoped(reason="a job reports on itself")
        while not over.wait(BEAT.total_seconds()):
            try:
                jobs.filter(pk=job_id, state=JobState.RUNNING).update(heartbeat_at=timezone.now())
            except OperationalError as error:  # SQLite while somebody else writes for long: the next beat will do
                log.warning("job #%s: no sign of life written: %s", job_id, error)
            finally:
                connection.close()

    thread = threading.Thread(target=beat, name=f"job-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def reclaim_stale() -> int:
    """Queue again the jobs whose worker died, and those that wait without standing in the queue; returns how many.

    A worker that was killed between taking a task and starting its job leaves the latter behind.
    """
    limit = timezone.now() - STALE_AFTER
    jobs = Job.objects.unscoped(reason="the worker tends every job")
    silent = jobs.filter(state=JobState.RUNNING, heartbeat_at__lt=limit)
    forgotten = jobs.filter(state=JobState.WAITING, created_at__lt=limit)
    found = list(silent.values_list("pk", flat=True))
    if forgotten.exists():
        queued = _queued()
        found += [pk for pk in forgotten.values_list("pk", flat=True) if pk not in queued]
    return sum(_reclaim(pk, limit) for pk in found)


def _queued() -> set[int]:
    """The jobs that stand in the queue, now or after a delay."""
    from xingtan.platform.jobs.tasks import run_job

    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=run_job.module_path)
    return {arguments["args"][0] for arguments in ready.values_list("args_kwargs", flat=True)}


def _reclaim(job_id: int, limit: datetime) -> bool:
    from xingtan.platform.jobs.tasks import run_job

    jobs = Job.objects.unscoped(reason="the worker tends every job")
    with transaction.atomic():
        job = jobs.select_for_update().filter(pk=job_id).first()
        if job is None or job.finished:
            return False
        if job.state == JobState.RUNNING and job.heartbeat_at is not None and job.heartbeat_at >= limit:
            return False  # another worker was faster, or it lives after all
        if job.attempts >= MAX_ATTEMPTS:
            with override("zh-hans"):
                _finish(job.pk, JobState.FAILED, failure=_("The worker stopped during this job, three times."))
            return False
        jobs.filter(pk=job.pk).update(state=JobState.WAITING)
        run_job.enqueue(job.pk)
    return True


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
