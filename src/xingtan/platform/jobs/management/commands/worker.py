"""`worker`: do queued jobs; takes up those that a killed worker left behind."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.db import OperationalError, connection
from django_tasks_db.management.commands import db_worker

from xingtan.platform.jobs.api import reclaim_stale

log = logging.getLogger(__name__)

TEND_SECONDS = 60.0


def tend_once() -> int:
    """Take up what dead workers left; returns how many jobs. A database that is busy is no fault: there is a next time."""
    try:
        count = reclaim_stale()
    except OperationalError as error:
        log.warning("jobs of dead workers not looked for: %s", error)
        return 0
    if count:
        log.warning("%d jobs of dead workers are taken up again", count)
    return count


class Command(db_worker.Command):
    help = "Run the jobs of the queue"

    def handle(self, *args: Any, **options: Any) -> None:
        over = threading.Event()

        def tend() -> None:
            # All the time, not only at the start: who starts a worker again does so within seconds, and a job counts
            # as abandoned after minutes.
            while True:
                tend_once()
                connection.close()
                if over.wait(TEND_SECONDS):
                    return

        threading.Thread(target=tend, name="tend", daemon=True).start()
        try:
            super().handle(*args, **options)
        finally:
            over.set()
