"""The long work of this domain, done by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from xingtan.domains.governance.services import reports
from xingtan.domains.identity import api as identity
from xingtan.platform.jobs.api import JobContext, JobFailed, handler
from xingtan.platform.orgscope.actor import system_actor


@handler(reports.JOB)
def render_report(context: JobContext, *, report_id: int) -> Mapping[str, Any]:
    actor = identity.actor_by_id(context.created_by_id) if context.created_by_id else system_actor("report job")
    with override("zh-hans"):
        context.report(0.1, _("Collecting the figures"))
        try:
            report = reports.report_finish(actor=actor, report_id=report_id)
        except reports.ReportError as error:
            raise JobFailed(str(error)) from error
    return {"report_id": report.pk}
