"""The home page: what the visitor should do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.platform.orgscope.access import actor_of, signed_in
from xingtan.portal.empty import nothing_computed, nowhere
from xingtan.portal.readings import readings
from xingtan.portal.school import school_figures
from xingtan.portal.standing import standing
from xingtan.portal.workbench import workbench


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The workbench of the visitor's topmost organisation, for the newest computed period."""
    place = standing(actor=actor_of(request), params={})
    if place is None:
        return render(request, "portal/cockpit_empty.html", {"title": _("Home"), "empty": nowhere()})
    found = readings(place)
    school = school_figures(found) if found is not None and place.is_school else None
    context: dict[str, Any] = {
        "title": _("What to do next"), "subtitle": place.org.name, "scope": place.scope, "standing": place, "school": school,
        "bench": workbench(place, found, school), "empty": None if found else nothing_computed(place),
    }  # fmt: skip
    return render(request, "portal/home.html", context)
