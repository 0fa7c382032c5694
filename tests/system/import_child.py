"""What the crash tests run in processes of their own: prepare an import, run its job, tell the state.

`prepare` prints the ids of two checked imports of the same table and of their queued jobs; `run JOB [KILL]` does a
job and, with KILL, sends itself SIGKILL before that SQL statement of the application; `reclaim JOB` does what a new
worker does, later, with the job of a dead one; `apply DRAFT` calls the service alone; `state` prints what is stored.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from datetime import date
from typing import Any

import django

SCHOOLS, ELEMENTS = 400, 12


def table() -> bytes:
    header = ["code", "name", "county", *(f"e{n}" for n in range(ELEMENTS))]
    rows = [[f"S{n}", f"school {n}", f"C{n % 7}", *((n * k) % 97 for k in range(ELEMENTS))] for n in range(SCHOOLS)]
    return "\n".join(",".join(map(str, row)) for row in [header, *rows]).encode()


def mapping() -> str:
    head = 'version = 1\nname = "crash"\n[unit]\ncode = "code"\nname = "name"\n'
    county = '[[unit.parent]]\nlevel = "county"\ncode = "county"\n'
    return head + county + "".join(f'[[element]]\ncode = "e{n}"\ncolumn = "e{n}"\n' for n in range(ELEMENTS))


def prepare() -> dict[str, Any]:
    from xingtan.domains.directory import api as directory
    from xingtan.domains.directory.types import OrgUnitRow
    from xingtan.domains.indicators.services import imports
    from xingtan.domains.indicators.services.periods import period_ensure
    from xingtan.platform.jobs import api as jobs
    from xingtan.platform.orgscope.actor import system_actor

    actor = system_actor("crash test")
    directory.org_units_sync(actor=actor, rows=[OrgUnitRow("Z", "city", "city")], valid_from=date(2025, 1, 1))
    path = directory.units_on(actor=actor, day=date(2025, 6, 1))[0].path
    found: dict[str, Any] = {"drafts": [], "jobs": []}
    for _ in range(2):
        draft = imports.draft_create(
            actor=actor, org_path=path, period_id=period_ensure(code="2025").id, name="t.csv",
            content=io.BytesIO(table()), mapping=mapping(),
        )  # fmt: skip
        draft.refresh_from_db()
        jobs.run(draft.job_id)
        imports.draft_check(actor=actor, draft_id=draft.pk)
        found["drafts"].append(draft.pk)
        found["jobs"].append(imports.draft_start(actor=actor, draft_id=draft.pk, step="apply", warnings_read=True))
    return found


def run(job_id: int, kill_at: int) -> dict[str, Any]:
    from django.db import connection

    from xingtan.platform.jobs import api as jobs

    seen = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if connection.in_atomic_block and "indicators_importdraft" in sql and seen == 0:
            seen = 1  # the application begins by locking its draft
        elif seen:
            seen += 1
        if seen and seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        jobs.run(job_id)
    return {"statements": seen}


def reclaim(job_id: int) -> dict[str, Any]:
    from django.apps import apps
    from django.utils import timezone

    from xingtan.platform.jobs import api as jobs

    # What passes meanwhile is time alone: the dead worker gives no more signs of life.
    rows = apps.get_model("jobs.Job")._base_manager.filter(pk=job_id)
    rows.update(heartbeat_at=timezone.now() - 2 * jobs.STALE_AFTER)
    found = jobs.reclaim_stale()
    jobs.run(job_id)
    return {"reclaimed": found}


def apply(draft_id: int) -> dict[str, Any]:
    from xingtan.domains.indicators.services import imports
    from xingtan.platform.orgscope.actor import system_actor

    return {"repeated": imports.draft_apply(actor=system_actor("crash test"), draft_id=draft_id).repeated}


def state() -> dict[str, Any]:
    from django.apps import apps

    from xingtan.platform.audit.api import verify

    def count(label: str) -> int:
        model = apps.get_model(label)
        return int(model._base_manager.count())

    drafts = apps.get_model("indicators.ImportDraft")._base_manager.order_by("pk").values_list("state", flat=True)
    jobs = apps.get_model("jobs.Job")._base_manager.filter(kind="indicators.import.apply").order_by("pk")
    return {
        "batches": count("indicators.Batch"), "observations": count("indicators.Observation"),
        "units": count("directory.OrgUnit"), "versions": count("directory.OrgUnitVersion"),
        "elements": count("indicators.DataElement"), "layouts": count("indicators.Layout"), "drafts": list(drafts),
        "jobs": list(jobs.values_list("state", flat=True)), "chain": verify().intact,
    }  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingtan.config.settings")
    django.setup()
    words = sys.argv[1:]
    numbers = [int(word) for word in words[1:]]
    match words[0]:
        case "run":
            answer = run(numbers[0], numbers[1] if len(numbers) > 1 else 0)
        case "reclaim":
            answer = reclaim(*numbers)
        case "apply":
            answer = apply(*numbers)
        case "state":
            answer = state()
        case _:
            answer = prepare()
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
