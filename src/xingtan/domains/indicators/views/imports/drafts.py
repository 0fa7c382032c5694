"""One import on its way: upload, where it stands, the steps it takes, and giving it up."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.messages import mapping_error
from xingtan.domains.indicators.selectors.imports import import_targets, job_of, templates_queryset
from xingtan.domains.indicators.services.imports import (
    draft_create,
    draft_discard,
    draft_start,
)
from xingtan.domains.indicators.services.intake import ImportRefused
from xingtan.domains.indicators.services.periods import PeriodError, period_ensure
from xingtan.domains.indicators.views.imports.forms import ACCEPT, UploadForm
from xingtan.domains.indicators.views.imports.steps import draft_or_404, next_route, page, running
from xingtan.engines.tables import MappingError
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.orgscope.ids import read_id


@requires(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """GET: the form, `after` naming the draft whose corrected table follows; POST: keep the table and look at it."""
    actor = actor_of(request)
    targets = import_targets(actor=actor, day=timezone.localdate())
    after = request.GET.get("after", "")
    before = draft_or_404(request, read_id(after) or 0) if after else None
    form = UploadForm(
        request.POST or None, request.FILES or None, targets=targets, templates=templates_queryset(actor=actor),
        before=before,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():  # a period that is new goes with an upload that is refused
                draft = draft_create(
                    actor=actor, org_path=next(unit.path for unit in targets if unit.id == data["organisation"]),
                    period_id=period_ensure(code=data["period"]).id, name=data["file"].name, content=data["file"].file,
                    mapping=form.mapping(),
                )  # fmt: skip
        except PeriodError:
            form.add_error("period", _("Give a year of four digits between 1980 and 2100."))
        except MappingError as error:
            form.add_error("template", mapping_error(error))
        except ImportRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect("import_draft", draft.pk)
    context = {
        "title": _("Upload a table"),
        "before": before,
        "form": form,
        "accept": ACCEPT,
        "has_targets": bool(targets),
    }
    return render(request, "indicators/imports/upload.html", context, status=422 if form.errors else 200)


@requires(IMPORT)
@require_safe
def import_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: the progress while a job runs, then on to the page that comes next."""
    draft = draft_or_404(request, draft_id)
    if not running(job_of(draft)) and (route := next_route(draft)) != "import_draft":
        return redirect(route, draft.pk)
    kind = getattr(job_of(draft), "kind", "")
    current = {"indicators.import.check": "report", "indicators.import.apply": "result"}.get(kind, "mapping")
    context = page(request, draft, current, _("Import"), running=running(job_of(draft)))
    return render(request, "indicators/imports/draft.html", context)


@requires(IMPORT)
@require_safe
def import_progress(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: the bar of the running job; once it has ended the page is loaded anew."""
    job = job_of(draft_or_404(request, draft_id))
    response = render(request, "indicators/imports/progress.html", {"draft_id": draft_id, "job": job})
    if not running(job):
        response["HX-Refresh"] = "true"
    return response


@requires(IMPORT)
@require_POST
def import_start(request: HttpRequest, draft_id: int, step: str) -> HttpResponse:
    """POST: look at the table anew, check it, or apply it; field `warnings_read` for the last."""
    draft = draft_or_404(request, draft_id)
    try:
        draft_start(
            actor=actor_of(request), draft_id=draft.pk, step=step, warnings_read=bool(request.POST.get("warnings_read"))
        )
    except ImportRefused as error:
        messages.error(request, str(error))
    return redirect("import_draft", draft.pk)


@requires(IMPORT)
@require_POST
def import_discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """POST: give the import up."""
    draft = draft_or_404(request, draft_id)
    try:
        draft_discard(actor=actor_of(request), draft_id=draft.pk)
    except ImportRefused as error:
        messages.error(request, str(error))
        return redirect("import_draft", draft.pk)
    messages.success(request, _("The import of %s was given up. Nothing was stored.") % draft.file.name)
    return redirect("import_list")
