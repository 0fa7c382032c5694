"""Read reports and templates."""

from __future__ import annotations

from xingtan.domains.governance.capabilities import REPORT_VIEW
from xingtan.domains.governance.models import Report, ReportTemplate
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.scoping import ScopedQuerySet


def reports_queryset(actor: Actor) -> ScopedQuerySet[Report]:
    """Reports of one's own subtree, newest first."""
    return Report.objects.visible_to(actor, REPORT_VIEW).select_related("docx", "pdf", "template").order_by("-id")


def report_get(*, actor: Actor, report_id: int) -> Report | None:
    """One report; None when it does not exist or lies outside of the subtree."""
    return reports_queryset(actor).filter(pk=report_id).first()


def templates_queryset(actor: Actor) -> ScopedQuerySet[ReportTemplate]:
    """Uploaded templates of one's own subtree."""
    return ReportTemplate.objects.visible_to(actor, REPORT_VIEW).select_related("file").order_by("name")
