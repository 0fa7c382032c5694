"""The list of imports, and empty forms to fill in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.models.imports import DraftState
from xingtan.domains.indicators.selectors.imports import drafts_queryset, form_groups, organisation_names
from xingtan.domains.indicators.services.form_sheets import form_workbook
from xingtan.domains.indicators.services.imports import XLSX
from xingtan.domains.indicators.services.intake import ImportRefused
from xingtan.domains.indicators.views.imports.downloads import attachment
from xingtan.domains.indicators.wording import group_text
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui import components as c
from xingtan.platform.ui.lists import ListState

TONES: dict[str, c.Tone] = {
    DraftState.UPLOADED: "neutral", DraftState.MAPPED: "info", DraftState.CHECKED: "info", DraftState.BLOCKED: "danger",
    DraftState.APPLIED: "success", DraftState.DISCARDED: "neutral",
}  # fmt: skip


@requires(IMPORT)
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """GET: the imports of the visitor's subtree, newest first."""
    actor = actor_of(request)
    state = ListState.read(
        request.GET, sortable={"file": "file__name", "period": "period__code", "at": "created_at"}, filters={"state"},
        default_sort="-at",
    )  # fmt: skip
    found = drafts_queryset(actor=actor).filter(file__name__icontains=state.query)
    if state.filters["state"] in DraftState.values:
        found = found.filter(state=state.filters["state"])
    drafts, paging = state.cut(found.order_by(*state.ordering))
    names = organisation_names(actor=actor, day=timezone.localdate())
    table = c.Table(
        key="imports", caption=_("Imports"), paging=paging, query=state.query, sort=state.sort,
        columns=(
            c.Column("file", _("Table"), sortable=True), c.Column("org", _("Import for")),
            c.Column("period", _("Period"), sortable=True), c.Column("state", _("State")),
            c.Column("at", _("Uploaded"), sortable=True, phone="hide"),
        ),
        rows=[
            c.Row((
                c.Cell(draft.file.name, url=reverse("import_draft", args=[draft.pk])),
                c.Cell(names.get(draft.org_path, "")), c.Cell(draft.period.code),
                c.Cell(badge=c.Badge(draft.get_state_display(), TONES[draft.state])),
                c.Cell(date_format(timezone.localtime(draft.created_at), "Y-m-d H:i")),
            ))
            for draft in drafts
        ],
        filters=[
            c.Filter("state", _("State"), [c.Choice(*pair) for pair in DraftState.choices], state.filters["state"])
        ],
        search_label=_("File name"),
        empty=c.Empty(
            _("No table has been imported yet"),
            _("Upload a school table: any Excel or CSV file with one row per school. You say what its columns mean."),
            c.Link(_("Upload a table"), reverse("import_new"), "upload"), "database-import",
        ),
    )  # fmt: skip
    groups = [c.Choice(group, group_text(group)) for group in form_groups()]
    return render(request, "indicators/imports/list.html", {"title": _("Imports"), "table": table, "groups": groups})


@requires(IMPORT)
@require_safe
def import_form(request: HttpRequest) -> HttpResponse:
    """GET ?group=: the empty form of a group of the catalogue, as Excel."""
    group = request.GET.get("group", "")
    if group not in form_groups():
        raise Http404
    try:
        content = form_workbook(group)
    except ImportRefused as error:
        raise Http404 from error
    return attachment(content, _("Form %s.xlsx") % group_text(group), XLSX)
