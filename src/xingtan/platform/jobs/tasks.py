"""The one task of the queue: do the job of this id."""

from __future__ import annotations

from django_tasks import task

from xingtan.platform.jobs import api


@task()
def run_job(job_id: int) -> None:
    api.run(job_id)
