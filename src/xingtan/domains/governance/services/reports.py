"""Make reports: queue, render, keep."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from xingtan.domains.directory import api as directory
from xingtan.domains.governance.annual_report.render import render_annual_report, template_fields
from xingtan.domains.governance.annual_report.sample import sample_report
from xingtan.domains.governance.capabilities import REPORT_MAKE, REPORT_VIEW
from xingtan.domains.governance.models import Report, ReportTemplate
from xingtan.domains.governance.selectors.annual import annual_report_contents
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import RunData
from xingtan.platform.audit import api as audit
from xingtan.platform.documents import api as documents
from xingtan.platform.files import api as files
from xingtan.platform.jobs import api as jobs
from xingtan.platform.orgscope.actor import Actor

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
JOB = "governance.report"
TEMPLATE_LIMIT = 20_000_000


class ReportError(Exception):
    """A report cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Rendered:
    """A report as bytes, with what the PDF could not show as Word does."""

    docx: bytes
    pdf: bytes
    pages: int
    warnings: tuple[str, ...]


def report_request(
    *, actor: Actor, org_id: int, period_code: str, language: str = "zh-hans", template_id: int | None = None
) -> Report:
    """Queue the annual report of a city or county for a computed period.

    While the same report of the same person is still being made, that one is returned.
    """
    period = indicators.period_by_code(period_code)
    run = indicators.newest_run(actor=actor, period_id=period.id) if period else None
    if run is None:
        raise ReportError(_("This period has not been computed yet. Compute it first."))
    org = directory.unit_on(actor=actor, unit_id=org_id, day=run.period.ends)
    if org is None or org.kind not in {"city", "county"}:
        raise ReportError(_("A report is made for a city or a county of yours."))
    actor.require(REPORT_MAKE, org.path)
    if (
        template_id is not None
        and not ReportTemplate.objects.visible_to(actor, REPORT_VIEW).filter(pk=template_id).exists()
    ):
        raise ReportError(_("This template does not exist."))
    with transaction.atomic():
        with override(language):
            title = report_title(org.name, run, language)
        report = Report.objects.create(
            title=title, org_unit_id=org.id, org_path=org.path, run_id=run.id, period_code=run.period.code,
            language=language, template_id=template_id, created_by_id=actor.user_id, created_by=actor.label,
        )  # fmt: skip
        job = jobs.start(
            actor=actor, kind=JOB, org_path=org.path, arguments={"report_id": report.pk},
            unique_key=f"report:{org.id}:{run.id}:{language}:{template_id}:{actor.user_id}",
        )  # fmt: skip
        if (before := job.arguments["report_id"]) != report.pk:  # a second click: the first report is on its way
            report.delete()
            return Report.objects.visible_to(actor, REPORT_MAKE).get(pk=before)
        report.job_id = job.pk
        report.save(update_fields=["job_id"])
        audit.record(
            actor=actor, action="governance.report.request", object_type="report", object_id=report.pk,
            org_path=org.path, data={"run": run.id, "period": run.period.code, "template": template_id},
        )  # fmt: skip
    return report


def report_render(
    *, actor: Actor, org_id: int, run_id: int, title: str, language: str, template: bytes | None = None
) -> Rendered:
    """The report as Word and PDF; nothing is stored. Raise `ReportError`."""
    run = indicators.run_get(actor=actor, run_id=run_id)
    if run is None:
        raise ReportError(_("The computation of this report is gone."))
    with override(language):
        contents = annual_report_contents(
            actor=actor, run=run, org_id=org_id, title=title, bureau=_bureau(actor, org_id, run), language=language
        )
    if contents is None:
        raise ReportError(_("A report is made for a city or a county of yours."))
    try:
        made = render_annual_report(contents, template=template)
    except documents.DocumentError as error:
        raise ReportError(error.text(contents.lang)) from error
    notices = (*made.docx.notices, *made.pdf.notices)
    return Rendered(
        made.docx.data, made.pdf.data, made.pdf.pages, tuple(notice.text(contents.lang) for notice in notices)
    )


def report_finish(*, actor: Actor, report_id: int) -> Report:
    """Render a requested report and keep its files; a second call changes nothing."""
    report = Report.objects.visible_to(actor, REPORT_MAKE).select_related("template__file").get(pk=report_id)
    if report.docx_id and report.pdf_id:
        return report
    template = None
    if report.template is not None:
        with files.open_file(report.template.file) as stream:
            template = stream.read()
    rendered = report_render(
        actor=actor, org_id=report.org_unit_id, run_id=report.run_id, title=report.title, language=report.language,
        template=template,
    )  # fmt: skip
    with transaction.atomic():
        stored = {
            kind: files.keep(
                actor=actor, org_path=report.org_path, name=f"{report.title}.{kind}", media_type=media, content=content
            )
            for kind, media, content in (("docx", DOCX, rendered.docx), ("pdf", PDF, rendered.pdf))
        }
        report.docx, report.pdf, report.warnings = stored["docx"], stored["pdf"], list(rendered.warnings)
        report.save(update_fields=["docx", "pdf", "warnings"])
        audit.record(
            actor=actor, action="governance.report.finish", object_type="report", object_id=report.pk,
            org_path=report.org_path, data={"pages": rendered.pages, "sha256": stored["docx"].sha256},
        )  # fmt: skip
    return report


def template_add(*, actor: Actor, org_path: str, name: str, content: bytes, file_name: str) -> ReportTemplate:
    """Keep a Word template after checking it: no macro, no remote content, only fields that the report has."""
    actor.require(REPORT_MAKE, org_path)
    if not name.strip():
        raise ReportError(_("Give the template a name."))
    if len(content) > TEMPLATE_LIMIT:
        raise ReportError(_("The file is larger than %d MB.") % (TEMPLATE_LIMIT // 1_000_000))
    try:
        fields = [found.path for found in template_fields(content)]
        # Filling it with sample contents shows every unknown field and every endless loop now, not on the deadline.
        render_annual_report(sample_report(), template=content)
    except documents.DocumentError as error:
        raise ReportError(error.text()) from error
    with transaction.atomic():
        if (
            ReportTemplate.objects.unscoped(reason="the name is unique per office")
            .filter(org_path=org_path, name=name)
            .exists()
        ):
            raise ReportError(_("There is a template of this name already."))
        stored = files.keep(actor=actor, org_path=org_path, name=file_name, media_type=DOCX, content=content)
        template = ReportTemplate.objects.create(
            org_path=org_path, name=name.strip()[:120], file=stored, fields=fields, created_by_id=actor.user_id
        )
        audit.record(
            actor=actor, action="governance.template.add", object_type="report_template", object_id=template.pk,
            org_path=org_path, data={"name": template.name, "sha256": stored.sha256},
        )  # fmt: skip
    return template


def report_title(org_name: str, run: RunData, language: str) -> str:
    """The title of an annual report; call with the language active."""
    period = run.period.name.get("en" if language == "en" else "zh", run.period.code)
    return _("%(org)s annual report on education informatisation %(period)s") % {"org": org_name, "period": period}


def _bureau(actor: Actor, org_id: int, run: RunData) -> str:
    org = directory.unit_on(actor=actor, unit_id=org_id, day=run.period.ends)
    return _("%(org)s education bureau") % {"org": org.name if org else ""}
