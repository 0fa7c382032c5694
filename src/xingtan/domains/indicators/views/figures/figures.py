"""One figure: where it stands, how it is made, and the way down to its cells."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xingtan.domains.indicators.capabilities import FIGURE_VIEW
from xingtan.domains.indicators.selectors.figure_page import FigurePage, figure_page
from xingtan.domains.indicators.views.figures import presenting
from xingtan.domains.indicators.views.figures.definition_text import definition_text
from xingtan.domains.indicators.views.figures.inputs import input_rows, part_rows
from xingtan.domains.indicators.wording import local, number, reason_text
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui.excel import workbook_response
from xingtan.platform.ui.lists import ListState

SHOWN_MISSING = 300


def _page(request: HttpRequest, run_id: int, org_id: int, code: str, name: str) -> FigurePage:
    page = figure_page(actor=actor_of(request), run_id=run_id, org_id=org_id, code=code, slice=name)
    if page is None:
        raise Http404
    return page


@requires(FIGURE_VIEW)
@require_safe
def figure(request: HttpRequest, run_id: int, org_id: int, code: str, slice: str) -> HttpResponse:  # noqa: A002
    """GET: the page of one figure."""
    page = _page(request, run_id, org_id, code, slice)
    context: dict[str, Any] = {
        "title": local(page.definition.name), "subtitle": presenting.where_when(page.unit, page.run.period, slice),
        "breadcrumbs": presenting.crumbs(page), "tabs": presenting.slice_tabs(page), "page": page,
        "tile": presenting.tile(page), "trend": presenting.trend_chart(page),
        "how": definition_text(page.definition, page.expressions, page.elements, page.version), "parts": part_rows(page),
        "newer": page.newest if page.newest and page.newest.id > page.run.id else None,
    }  # fmt: skip
    told = page.explanation if page.is_school else page.figure
    if told is not None and (page.is_school or page.definition.kind is not engine.Kind.WEIGHTED_CV):
        context |= {"numerator": number(told.numerator), "denominator": number(told.denominator)}
    if page.is_school:
        context["inputs"] = input_rows(page)
        return render(request, "indicators/figures/figure_school.html", context)
    state = ListState.read(request.GET, sortable={key: key for key in presenting.SORTED_BY}, filters={"verdict"})
    export_url = reverse("figure_export", args=[run_id, org_id, code, slice])
    is_cv = page.definition.kind is engine.Kind.WEIGHTED_CV
    missing = page.missing
    context |= {
        "table": presenting.places_table(page, state, export_url) if page.children or page.schools else None,
        "compare": presenting.compare_chart(page),
        "distribution": presenting.distribution_chart(page), "is_cv": is_cv,
        "missing": [(place, reason_text(place.figure.reason)) for place in missing[:SHOWN_MISSING]],
        "missing_more": max(0, len(missing) - SHOWN_MISSING),
        "export_url": export_url,
    }  # fmt: skip
    return render(request, "indicators/figures/figure_group.html", context)


@requires(FIGURE_VIEW)
@require_safe
def figure_export(request: HttpRequest, run_id: int, org_id: int, code: str, slice: str) -> HttpResponse:  # noqa: A002
    """GET: what the figure is made of, as an Excel file."""
    page = _page(request, run_id, org_id, code, slice)
    name = f"{page.definition.code} {page.unit.name} {page.run.period.code}"
    return workbook_response(name, *presenting.places_sheets(page))
