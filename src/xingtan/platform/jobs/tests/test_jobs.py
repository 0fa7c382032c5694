from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from xingtan.platform.jobs import api
from xingtan.platform.jobs.models import Job, JobState
from xingtan.platform.orgscope.actor import Actor

calls: list[dict[str, Any]] = []


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(api, "_handlers", {})
    calls.clear()

    @api.handler("test.good")
    def good(context: api.JobContext, **arguments: Any) -> dict[str, Any]:
        calls.append(arguments)
        context.report(0.5, "half")
        return {"answer": 42}

    @api.handler("test.refuses")
    def refuses(context: api.JobContext) -> dict[str, Any]:
        raise api.JobFailed("表格是空的")

    @api.handler("test.breaks")
    def breaks(context: api.JobContext) -> dict[str, Any]:
        calls.append({})
        raise KeyError("secret detail")

    yield


def again(job: Job) -> Job:
    return Job.objects.unscoped(reason="test").get(pk=job.pk)


def start(actor: Actor, kind: str, **more: Any) -> Job:
    return api.start(actor=actor, kind=kind, org_path="0001", **more)


def test_a_job_is_queued_and_done_once(db: None, system: Actor) -> None:
    job = start(system, "test.good", arguments={"x": 1})
    assert DBTaskResult.objects.count() == 1
    api.run(job.pk)
    api.run(job.pk)
    job = again(job)
    assert (job.state, job.progress, job.result, calls) == (JobState.DONE, 100, {"answer": 42}, [{"x": 1}])


def test_two_clicks_start_one_job(db: None, system: Actor) -> None:
    first = start(system, "test.good", unique_key="k")
    second = start(system, "test.good", unique_key="k")
    assert first.pk == second.pk
    api.run(first.pk)
    assert start(system, "test.good", unique_key="k").pk != first.pk


def test_a_refusal_is_told_and_not_tried_again(db: None, system: Actor) -> None:
    job = start(system, "test.refuses")
    api.run(job.pk)
    assert (again(job).state, again(job).failure) == (JobState.FAILED, "表格是空的")


def test_a_fault_is_tried_again_and_then_told_without_details(db: None, system: Actor) -> None:
    job = start(system, "test.breaks")
    for attempt in range(api.MAX_ATTEMPTS):
        assert again(job).state == JobState.WAITING, attempt
        api.run(job.pk)
    assert len(calls) == api.MAX_ATTEMPTS
    assert again(job).state == JobState.FAILED
    assert "secret" not in again(job).failure
    delays = DBTaskResult.objects.filter(run_after__lte=timezone.now() + timedelta(hours=1)).order_by("run_after")
    assert delays.count() == api.MAX_ATTEMPTS - 1


def test_a_job_of_a_dead_worker_is_taken_up_again(db: None, system: Actor) -> None:
    job = start(system, "test.good")
    rows = Job.objects.unscoped(reason="test")
    rows.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=timezone.now() - api.STALE_AFTER * 2, attempts=1)
    assert api.reclaim_stale() == 1
    api.run(job.pk)
    assert again(job).state == JobState.DONE


def test_a_live_job_is_left_alone(db: None, system: Actor) -> None:
    job = start(system, "test.good")
    Job.objects.unscoped(reason="test").filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=timezone.now())
    assert api.reclaim_stale() == 0


def test_a_job_whose_task_was_lost_is_queued_again(db: None, system: Actor) -> None:
    """The worker was killed after it took the task and before it started the job."""
    job = start(system, "test.good")
    delayed = start(system, "test.good")
    DBTaskResult.objects.filter(args_kwargs__args=[job.pk]).update(status="RUNNING")
    old = timezone.now() - api.STALE_AFTER * 2
    Job.objects.unscoped(reason="test").filter(pk__in=[job.pk, delayed.pk]).update(created_at=old)
    assert api.reclaim_stale() == 1
    assert DBTaskResult.objects.filter(status="READY", args_kwargs__args=[job.pk]).count() == 1
    assert api.reclaim_stale() == 0, "it stands in the queue now"


def test_a_job_that_kills_its_worker_three_times_is_given_up(db: None, system: Actor) -> None:
    job = start(system, "test.good")
    rows = Job.objects.unscoped(reason="test").filter(pk=job.pk)
    rows.update(state=JobState.RUNNING, heartbeat_at=timezone.now() - api.STALE_AFTER * 2, attempts=api.MAX_ATTEMPTS)
    assert api.reclaim_stale() == 0
    assert again(job).state == JobState.FAILED and again(job).failure


def test_two_workers_do_not_do_one_job_at_the_same_time(db: None, system: Actor) -> None:
    job = start(system, "test.good")
    Job.objects.unscoped(reason="test").filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=timezone.now())
    api.run(job.pk)
    assert not calls


@pytest.mark.django_db(transaction=True)
def test_a_long_step_gives_signs_of_life(system: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(api, "BEAT", timedelta(milliseconds=20))
    alive = threading.Event()
    old = timezone.now() - api.STALE_AFTER * 2

    @api.handler("test.slow")
    def slow(context: api.JobContext) -> dict[str, Any]:
        rows = Job.objects.unscoped(reason="test").filter(pk=context.job_id)
        rows.update(heartbeat_at=old)
        for _ in range(500):
            if rows.get().heartbeat_at > old:
                alive.set()
                break
            threading.Event().wait(0.02)
        return {}

    api.run(start(system, "test.slow").pk)
    assert alive.is_set()


def test_an_unknown_kind_is_refused(db: None, system: Actor) -> None:
    with pytest.raises(ValueError, match="no handler"):
        start(system, "test.unknown")


def test_only_the_starter_sees_a_job(world: Any) -> None:
    city, county = world.actor("city"), world.actor("county_a")
    job = start(county, "test.good")
    assert api.visible_job(actor=county, job_id=job.pk) is not None
    assert api.visible_job(actor=city, job_id=job.pk) is None
