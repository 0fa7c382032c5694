"""The cockpit on a wall: 1920×1080 without scrolling, one section after another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.domains.indicators import api as indicators
from xingtan.platform.orgscope.access import requires
from xingtan.portal.empty import nothing_computed, nowhere
from xingtan.portal.views.cockpit import look
from xingtan.portal.wall import sections

ROTATE_SECONDS = 20
REFRESH_SECONDS = 300


@requires(indicators.FIGURE_VIEW)
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The same query as the cockpit; `theme=light` for a bright hall."""
    place, page = look(request)
    context: dict[str, Any] = {
        "title": place.org.name if place else _("Cockpit"), "standing": place,
        "updated_at": date_format(timezone.localtime(), "Y-m-d H:i"),
        "wall_theme": "light" if request.GET.get("theme") == "light" else "dark",
        "rotate": ROTATE_SECONDS, "refresh": REFRESH_SECONDS,
    }  # fmt: skip
    if place is None or page is None:
        context["empty"] = nothing_computed(place) if place else nowhere()
    else:
        context["sections"] = sections(page)
        context["title"] = _("%(org)s · education digitalisation %(period)s") % {
            "org": place.org.name, "period": indicators.local(page.readings.run.period.name),
        }  # fmt: skip
    return render(request, "portal/wall.html", context)
