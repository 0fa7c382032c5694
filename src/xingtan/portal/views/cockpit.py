"""The cockpit: city, county or school, whatever stands topmost for the visitor, and down to the single school."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.domains.indicators import api as indicators
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui import components as c
from xingtan.platform.ui.excel import workbook_response
from xingtan.portal.cockpit import BALANCE, OVERVIEW, PARTS, Cockpit
from xingtan.portal.empty import nothing_computed, nowhere
from xingtan.portal.readings import readings
from xingtan.portal.school import cells_address
from xingtan.portal.standing import OrgOutOfSight, Standing, standing


def look(request: HttpRequest) -> tuple[Standing | None, Cockpit | None]:
    """Where the visitor stands and what there is to see; raises `Http404` for an organisation out of his sight."""
    try:
        place = standing(actor=actor_of(request), params=request.GET)
    except OrgOutOfSight as error:
        raise Http404 from error
    found = readings(place) if place else None
    if found is None:
        return place, None
    view = BALANCE if request.GET.get("view") == BALANCE else OVERVIEW
    return found.standing, Cockpit(found, map_of_schools=request.GET.get("map") == "schools", view=view)


@requires(indicators.FIGURE_VIEW)
@require_safe
def cockpit(request: HttpRequest) -> HttpResponse:
    """Query: `period`, `org`, `slice`, `code` (the indicator compared), `map` ("schools" for points), `view`."""
    place, page = look(request)
    context: dict[str, Any] = {"title": _("Cockpit"), "standing": place, "page": page}
    if place is None:
        context["empty"] = nowhere()
        return render(request, "portal/cockpit_empty.html", context)
    context |= {
        "title": place.org.name,
        "scope": place.scope,
        "breadcrumbs": (
            c.Link(_("Cockpit"), place.address(org="")) if len(place.chain) > 1 else c.Link(_("Cockpit")),
            *(c.Link(unit.name, place.address(org=unit.id)) for unit in place.chain[:-1]),
            *([c.Link(place.org.name)] if len(place.chain) > 1 else []),
        ),
        "periods": [c.Choice(period.code, indicators.local(period.name)) for period in place.periods],
    }
    if page is None:
        context["empty"] = nothing_computed(place)
        return render(request, "portal/cockpit_empty.html", context)
    if place.is_school:
        context["cells_url"] = cells_address(place)
        return render(request, "portal/cockpit_school.html", context)
    return render(request, f"portal/cockpit_{page.view}.html", context)


@requires(indicators.FIGURE_VIEW)
@require_safe
def school_trend(request: HttpRequest) -> HttpResponse:
    """The trend of one school as a piece of its page: it is computed for every period anew, so it comes after."""
    place, page = look(request)
    if place is None or page is None or not place.is_school:
        raise Http404
    return render(request, "portal/parts/trend.html", {"page": page})


@requires(indicators.FIGURE_VIEW)
@require_safe
def cockpit_excel(request: HttpRequest, part: str) -> HttpResponse:
    """The figures behind one part of the cockpit, for the same query, as Excel."""
    if part not in PARTS:
        raise Http404
    place, page = look(request)
    sheet = page.sheet(part) if page else None
    if place is None or sheet is None:
        raise Http404
    period = place.period.code if place.period else ""
    return workbook_response(f"{place.org.name}-{sheet.title}-{period}", sheet)
