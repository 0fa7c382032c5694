"""`worker`: do queued jobs; takes up those that a killed worker left behind."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands import db_worker

from xingtan.platform.jobs.api import reclaim_stale


class Command(db_worker.Command):
    help = "Run the jobs of the queue"

    def handle(self, *args: Any, **options: Any) -> None:
        reclaim_stale()
        super().handle(*args, **options)
