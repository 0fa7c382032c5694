"""The mapping screen: all columns, one column, how the table is read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.messages import mapping_error
from xingtan.domains.indicators.models import DataElement, ImportDraft
from xingtan.domains.indicators.selectors.imports import job_of, templates_queryset
from xingtan.domains.indicators.services.inspection import columns_of, source_of
from xingtan.domains.indicators.services.intake import ImportRefused
from xingtan.domains.indicators.services.mapping_edit import ON_SCREEN, Columns, MappingRefused, Use, places
from xingtan.domains.indicators.services.mappings import column_assign, mapping_of, table_options_set
from xingtan.domains.indicators.views.imports.column_forms import ColumnForm, column_form
from xingtan.domains.indicators.views.imports.columns import SHOW, context_of, screen_of
from xingtan.domains.indicators.views.imports.forms import OptionsForm
from xingtan.domains.indicators.views.imports.steps import draft_or_404, page, running
from xingtan.domains.indicators.wording import local
from xingtan.engines.tables import MappingError
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui import components as c
from xingtan.platform.ui.lists import ListState

PER_PAGE = 50


@requires(IMPORT)
@require_safe
def import_mapping(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: every column of the table with its meaning; search, filter, paging."""
    draft = draft_or_404(request, draft_id)
    if running(job_of(draft)) or not columns_of(draft):
        return redirect("import_draft", draft.pk)
    mapping = mapping_of(draft)
    screen = screen_of(draft, mapping)
    state = ListState.read(request.GET, filters={"show"}, per_page=PER_PAGE)
    rows, paging = state.cut(screen.found(state.query, state.filters["show"]))
    labels = {"mapped": _("Mapped"), "unmapped": _("Not mapped"), "suspicious": _("Suspicious")}
    table = c.Table(
        key="columns", caption=_("Columns of the table"), columns=(), rows=(), paging=paging, query=state.query,
        filters=[c.Filter("show", _("Show"), [c.Choice(key, labels[key]) for key in SHOW], state.filters["show"])],
        search_label=_("Header, example or meaning"), empty=c.Empty(_("The table has no columns")),
    )  # fmt: skip
    context = page(
        request, draft, "mapping", _("What the columns mean"), table=table, rows=rows, screen=screen, mapping=mapping,
        templates=templates_queryset(actor=actor_of(request)), back=request.GET.urlencode(),
    )  # fmt: skip
    return render(request, "indicators/imports/mapping.html", context)


@requires(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_column(request: HttpRequest, draft_id: int, letter: str) -> HttpResponse:
    """GET: the form of one column (`?use=` shows another use, `?cancel=1` only the row); POST: save it.

    For htmx it is a row of the list, otherwise a page of its own.
    """
    draft = draft_or_404(request, draft_id)
    mapping = mapping_of(draft)
    row = screen_of(draft, mapping).row(letter)
    if row is None:
        raise Http404
    if request.htmx and "cancel" in request.GET:  # type: ignore[attr-defined]
        return _row(request, draft, letter)
    data = request.POST if request.method == "POST" else request.GET
    use = _use(data.get("use", ""), draft, letter)
    context = context_of(draft, mapping, letter, use)
    if context is None:
        raise Http404
    form = column_form(use, context, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            column_assign(actor=actor_of(request), draft_id=draft.pk, letter=letter, choice=form.choice())
        except (MappingRefused, ImportRefused) as error:
            form.add_error(None, str(error))
        except MappingError as error:
            form.add_error(None, mapping_error(error))
        else:
            if request.htmx:  # type: ignore[attr-defined]
                return _row(request, draft_or_404(request, draft_id), letter)
            return redirect(f"{reverse('import_mapping', args=[draft.pk])}?{_back(request)}")
    return _column_page(request, draft, row, form)


def _column_page(request: HttpRequest, draft: ImportDraft, row: Any, form: ColumnForm) -> HttpResponse:
    whole = not request.htmx  # type: ignore[attr-defined]
    context: dict[str, Any] = {"draft": draft, "row": row, "form": form, "back": _back(request)}
    if form.chosen is Use.ELEMENT:
        rows = DataElement.objects.order_by("order", "code")
        context["elements"] = [(element.code, local(element.name)) for element in rows]
    if whole:
        context |= page(request, draft, "mapping", _("Column %s") % row.letter)
    template = "indicators/imports/column.html" if whole else "indicators/imports/column_row_form.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _row(request: HttpRequest, draft: ImportDraft, letter: str) -> HttpResponse:
    """The row as it now is, with the counts above the list."""
    screen = screen_of(draft, mapping_of(draft))
    context = {"draft": draft, "row": screen.row(letter), "screen": screen, "back": _back(request), "saved": True}
    return render(request, "indicators/imports/column_saved.html", context)


def _use(wanted: str, draft: ImportDraft, letter: str) -> Use:
    """The use asked for, else the one the column has, else what it looks like."""
    if wanted in [use.value for use in ON_SCREEN]:
        return Use(wanted)
    mapping = mapping_of(draft)
    if mapping is None:
        return Use.CODE
    here = places(mapping, Columns(columns_of(draft))).get(letter, [])
    return next((place.use for place in here if place.use in ON_SCREEN), Use.ELEMENT)


def _back(request: HttpRequest) -> str:
    """Where in the list the visitor came from, as a safe query string."""
    given = QueryDict(request.POST.get("back", request.GET.get("back", "")))
    kept = QueryDict(mutable=True)
    for key in ("q", "show", "page"):
        if key in given:
            kept[key] = given[key]
    return kept.urlencode()


@requires(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_options(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: how the table is read; POST: change it, and look anew where that is needed."""
    draft = draft_or_404(request, draft_id)
    mapping, source = mapping_of(draft), source_of(draft)
    form = OptionsForm(
        request.POST or None, sheets=draft.inspection.get("sheets", ()),
        initial=OptionsForm.initial_of(source, mapping.sentinels if mapping else {}),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            again = table_options_set(
                actor=actor_of(request), draft_id=draft.pk, source=form.source(source),
                sentinels=form.cleaned_data["sentinels"],
            )  # fmt: skip
        except (MappingRefused, ImportRefused) as error:
            form.add_error(None, str(error))
        except MappingError as error:
            form.add_error(None, mapping_error(error))
        else:
            messages.success(request, _("The table is read anew.") if again else _("Saved."))
            return redirect("import_draft", draft.pk)
    context = page(request, draft, "mapping", _("How the table is read"), form=form)
    return render(request, "indicators/imports/options.html", context, status=422 if form.errors else 200)
