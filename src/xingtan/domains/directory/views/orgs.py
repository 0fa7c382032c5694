"""The list of organisations, and the page of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.domains.directory.capabilities import ORG_EDIT, ORG_VIEW
from xingtan.domains.directory.views import lists, pages
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui.excel import Sheet, workbook_response


@requires(ORG_VIEW)
@require_safe
def org_list(request: HttpRequest) -> HttpResponse:
    """Search, filter, page; the same address with /export.xlsx gives all of it as Excel."""
    actor = actor_of(request)
    table = lists.org_table(actor=actor, params=request.GET, day=timezone.localdate())
    context = {"title": _("Organisations"), "table": table, "can_edit": actor.can(ORG_EDIT)}
    return render(request, "directory/org_list.html", context)


@requires(ORG_VIEW)
@require_safe
def org_export(request: HttpRequest) -> HttpResponse:
    """Every organisation the list would show, on all its pages."""
    day = timezone.localdate()
    headings, rows = lists.org_rows(actor=actor_of(request), params=request.GET, day=day)
    title = _("Organisations")
    return workbook_response(f"{title}-{day:%Y%m%d}", Sheet(title, headings, rows))


@requires(ORG_VIEW)
@require_safe
def org(request: HttpRequest, org_id: int) -> HttpResponse:
    """One organisation: what it is, what it was, what stands below it, and where to go from here."""
    page = pages.org_page(actor=actor_of(request), org_id=org_id, day=timezone.localdate())
    if page is None:
        raise Http404
    return render(request, "directory/org.html", {"title": page.unit.name, "breadcrumbs": page.crumbs, "page": page})
