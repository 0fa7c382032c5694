"""What a school reported: all cells of a period, and one cell with its history and correction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import CELL_EDIT, CELL_VIEW, IMPORT
from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.selectors.cells import batch_file, cell_history
from xingtan.domains.indicators.selectors.definitions import element_rows
from xingtan.domains.indicators.selectors.figure_page import resting_on
from xingtan.domains.indicators.selectors.periods import period_by_code, periods
from xingtan.domains.indicators.selectors.sheets import school_sheet
from xingtan.domains.indicators.services.corrections import cell_correct_and_refresh
from xingtan.domains.indicators.services.observations import ObservationError
from xingtan.domains.indicators.types import PeriodData
from xingtan.domains.indicators.views.figures import cell_text, presenting
from xingtan.domains.indicators.views.figures.forms import CellForm
from xingtan.domains.indicators.wording import local
from xingtan.platform.files import api as files
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui import components as c
from xingtan.platform.ui.excel import workbook_response
from xingtan.platform.ui.lists import ListState


def _place(request: HttpRequest, org_id: int, period: str) -> tuple[OrgUnitData, PeriodData]:
    found = period_by_code(period)
    if found is None:
        raise Http404
    unit = directory.unit_on(actor=actor_of(request), unit_id=org_id, day=found.ends, capability=CELL_VIEW)
    if unit is None or unit.kind not in ("school", "campus"):
        raise Http404
    return unit, found


def _element(code: str) -> DataElement:
    rows = element_rows((code,))
    if not rows:
        raise Http404
    return rows[0]


@requires(CELL_VIEW)
@require_safe
def school_cells(request: HttpRequest, org_id: int, period: str) -> HttpResponse:
    """GET: every data element of a school in a period, beside last year's; `?export` gives the Excel file."""
    unit, when = _place(request, org_id, period)
    sheet = school_sheet(actor=actor_of(request), unit=unit, period=when)
    if "export" in request.GET:
        return workbook_response(f"{unit.name} {when.code}", cell_text.excel_sheet(unit, when, sheet))
    state = ListState.read(request.GET, filters={"state", "group"})
    tabs = [
        c.Link(local(one.name), reverse("school_cells", args=[org_id, one.code]), active=one.id == when.id)
        for one in periods()
    ]  # fmt: skip
    context = {
        "title": unit.name, "subtitle": presenting.where_when(unit, when), "unit": unit, "period": when, "tabs": tabs,
        "breadcrumbs": [c.Link(_("Indicators"), reverse("indicator_list")), c.Link(unit.name)],
        "counts": cell_text.counts(sheet), "may_edit": actor_of(request).can(CELL_EDIT, unit.path),
        **cell_text.sheet_groups(unit, when, sheet, state),
    }  # fmt: skip
    return render(request, "indicators/figures/school_cells.html", context)


@requires(CELL_VIEW)
@require_safe
def cell(request: HttpRequest, org_id: int, period: str, element: str) -> HttpResponse:
    """GET: one cell, every value it has had, and the form to correct it."""
    unit, when = _place(request, org_id, period)
    return _cell_page(request, unit, when, _element(element), None)


def _cell_page(
    request: HttpRequest,
    unit: OrgUnitData,
    when: PeriodData,
    row: DataElement,
    form: CellForm | None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    history = cell_history(actor=actor, unit_id=unit.id, period_id=when.id, element=row.code)
    may_edit = actor.can(CELL_EDIT, unit.path)
    if form is None:
        form = CellForm(row, initial=cell_text.initial(history))
    context: dict[str, Any] = {
        "title": local(row.name), "subtitle": presenting.where_when(unit, when), "unit": unit, "period": when,
        "breadcrumbs": [
            c.Link(_("Indicators"), reverse("indicator_list")),
            c.Link(unit.name, reverse("school_cells", args=[unit.id, when.code])), c.Link(local(row.name)),
        ],
        "element": row, "description": local(row.description), "limits": cell_text.limits(row),
        "now": cell_text.version_text(row, history[0]) if history else None,
        "history": [
            cell_text.history_row(row, version, actor, current=number == 0) for number, version in enumerate(history)
        ],
        "form": form if may_edit else None, "may_edit": may_edit,
        "figures": cell_text.figure_items(resting_on(actor=actor, unit=unit, period=when, element=row.code)),
    }  # fmt: skip
    return render(request, "indicators/figures/cell.html", context, status=status)


@requires(CELL_EDIT)
@require_POST
def cell_correct(request: HttpRequest, org_id: int, period: str, element: str) -> HttpResponse:
    """POST: replace the value of a cell, or restore an earlier one; the figures above follow at once."""
    unit, when = _place(request, org_id, period)
    row = _element(element)
    form = CellForm(row, request.POST)
    if not form.is_valid():
        return _cell_page(request, unit, when, row, form, status=422)
    try:
        done = cell_correct_and_refresh(
            actor=actor_of(request), unit_id=unit.id, period_id=when.id, element=row.code,
            value=form.cleaned_data["value"], reason=form.cleaned_data["reason"] or 0, note=form.cleaned_data["note"],
        )  # fmt: skip
    except ObservationError as error:
        form.add_error(None, str(error))
        return _cell_page(request, unit, when, row, form, status=422)
    messages.success(request, cell_text.correction_message(done))
    return redirect("cell", org_id, period, element)


@requires(IMPORT)
@require_safe
def cell_source(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """GET: the file that a batch of observations came from."""
    stored = batch_file(actor=actor_of(request), batch_id=batch_id)
    if stored is None:
        raise Http404
    return files.response(stored)
