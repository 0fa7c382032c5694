"""Pages of the annual report: make one, look at it, download it."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xingtan.domains.directory import api as directory
from xingtan.domains.governance.annual_report.template import annual_report_template
from xingtan.domains.governance.capabilities import REPORT_MAKE, REPORT_VIEW
from xingtan.domains.governance.models import Report
from xingtan.domains.governance.selectors.reports import report_get, reports_queryset, templates_queryset
from xingtan.domains.governance.services import reports as services
from xingtan.domains.governance.views.forms import ReportForm, TemplateForm
from xingtan.platform.documents import api as documents
from xingtan.platform.files import api as files
from xingtan.platform.jobs import api as jobs
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.orgscope.ids import read_id
from xingtan.platform.ui import components as c
from xingtan.platform.ui.lists import ListState

PREVIEW_PAGES = 12
PREVIEW_PPI = 110.0
STAMP = re.compile(r"R(\d{1,12})-([A-Z]{2,6}\d{2}[A-Z]?)(?:/([A-Z]+:[A-Z]+))?")
"""Run, indicator and slice as the annual report prints them."""


def _when(report: Report) -> str:
    return date_format(timezone.localtime(report.created_at), "Y-m-d H:i")


@requires(REPORT_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports of one's subtree; those who may make reports start one here."""
    actor = actor_of(request)
    may_make = actor.can(REPORT_MAKE)
    form = ReportForm(request.POST or None, actor=actor) if may_make else None
    if request.method == "POST":
        actor.require(REPORT_MAKE)
        if form is not None and form.is_valid():
            wanted = form.cleaned_data
            try:
                report = services.report_request(
                    actor=actor, org_id=wanted["org"], period_code=wanted["period"], language=wanted["language"],
                    template_id=wanted["template"],
                )  # fmt: skip
            except services.ReportError as error:
                form.add_error(None, str(error))
            else:
                return redirect("report", report.pk)
    state = ListState.read(request.GET)
    rows = reports_queryset(actor)
    if state.query:
        rows = rows.filter(title__icontains=state.query)
    items, paging = state.cut(rows)
    table = c.Table(
        key="reports", caption=_("Reports"), paging=paging, query=state.query, search_label=_("Title"),
        columns=(
            c.Column("title", _("Title")), c.Column("run", _("Run")), c.Column("by", _("Made by"), phone="hide"),
            c.Column("at", _("Made at")),
        ),
        rows=[
            c.Row(
                (
                    c.Cell(row.title, url=reverse("report", args=[row.pk])), c.Cell(f"R{row.run_id}"),
                    c.Cell(row.created_by), c.Cell(_when(row)),
                )
            )
            for row in items
        ],
        empty=c.Empty(_("No report yet"), _("Choose a period and an organisation above and make the first one.")
                      if may_make else _("Your education bureau has not made a report yet."), icon="file-text"),
    )  # fmt: skip
    context = {
        "title": _("Annual report"), "form": form, "table": table, "newest": items[0] if items else None,
        "nothing_computed": form is not None and not form.possible,
    }  # fmt: skip
    return render(request, "governance/report_list.html", context, status=422 if form and form.errors else 200)


def _report(request: HttpRequest, report_id: int) -> Report:
    report = report_get(actor=actor_of(request), report_id=report_id)
    if report is None:
        raise Http404
    return report


@requires(REPORT_VIEW)
@require_safe
def report_page(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report: progress while it is made, then pictures of its pages and the files."""
    report = _report(request, report_id)
    actor = actor_of(request)
    job = jobs.visible_job(actor=actor, job_id=report.job_id) if report.job_id and report.pdf is None else None
    pages: range = range(0)
    total = 0
    if report.pdf is not None:
        with files.open_file(report.pdf) as stream:
            total = documents.count_pages(stream.read())
        pages = range(1, min(total, PREVIEW_PAGES) + 1)
    context = {
        "title": report.title, "report": report, "job": job, "pages": pages, "total": total, "when": _when(report),
        "breadcrumbs": (c.Link(_("Annual report"), reverse("report_list")), c.Link(report.title)),
    }  # fmt: skip
    return render(request, "governance/report.html", context)


@requires(REPORT_VIEW)
@require_safe
def report_picture(request: HttpRequest, report_id: int, number: int) -> HttpResponse:
    """One page of a report as a picture, for the preview."""
    report = _report(request, report_id)
    if report.pdf is None or not 1 <= number <= PREVIEW_PAGES:
        raise Http404
    with files.open_file(report.pdf) as stream:
        content = stream.read()
    try:
        picture = documents.page_pictures(content, kind="png", ppi=PREVIEW_PPI, first=number, count=1)[0]
    except documents.DocumentError as error:
        raise Http404 from error
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@requires(REPORT_VIEW)
@require_safe
def report_file(request: HttpRequest, report_id: int, kind: str) -> HttpResponseBase:
    """The Word file or the PDF."""
    report = _report(request, report_id)
    row = {"docx": report.docx, "pdf": report.pdf}.get(kind)
    if row is None:
        raise Http404
    return files.response(row, inline="view" in request.GET)


@requires(REPORT_VIEW)
@require_safe
def report_stamp(request: HttpRequest) -> HttpResponse:
    """From a stamp in print, such as [R12-INF03], to the page of that figure."""
    report_id = read_id(request.GET.get("report", ""))
    report = _report(request, report_id) if report_id else None
    found = STAMP.fullmatch(request.GET.get("stamp", "").strip().strip("[]［］【】").upper())
    if found is None:
        messages.error(request, _("A stamp looks like R12-INF03: the run and the indicator."))
        return redirect("report", report.pk) if report else redirect("report_list")
    run_id, code, part = found.groups()
    if report is None:
        report = reports_queryset(actor_of(request)).filter(run_id=read_id(run_id) or 0).first()
    if report is None:
        messages.error(request, _("No report you may see was made from run R%s.") % run_id)
        return redirect("report_list")
    return redirect("figure", run_id, report.org_unit_id, code, part.lower() if part else "all")


@requires(REPORT_MAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def template_list(request: HttpRequest) -> HttpResponse:
    """The office's own Word templates; a new one is checked before it is kept."""
    actor = actor_of(request)
    form = TemplateForm(request.POST or None, request.FILES or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        org = directory.unit_on(actor=actor, unit_id=form.cleaned_data["org"], day=timezone.localdate())
        if org is None:
            raise Http404
        upload = form.cleaned_data["file"]
        try:
            services.template_add(
                actor=actor, org_path=org.path, name=form.cleaned_data["name"], content=upload.read(),
                file_name=upload.name,
            )  # fmt: skip
        except services.ReportError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The template is kept. Choose it when you make a report."))
            return redirect("report_templates")
    context = {
        "title": _("Report templates"), "form": form, "templates": templates_queryset(actor),
        "breadcrumbs": (c.Link(_("Annual report"), reverse("report_list")), c.Link(_("Report templates"))),
    }  # fmt: skip
    return render(request, "governance/template_list.html", context, status=422 if form.errors else 200)


@requires(REPORT_MAKE)
@require_safe
def template_shipped(request: HttpRequest) -> HttpResponse:
    """The shipped template as a Word file: the place to start one's own."""
    response = HttpResponse(annual_report_template("zh-hans"), content_type=services.DOCX)
    response["Content-Disposition"] = 'attachment; filename="annual-report-template.docx"'
    return response
