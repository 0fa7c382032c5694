"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xingtan.platform.orgscope.access import actor_of
from xingtan.platform.ui.navigation import navigation, phone_bar
from xingtan.platform.ui.preferences import chosen


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation, actor, version, whether this is the demo, and how the visitor wants to see pages."""
    actor = actor_of(request)
    groups = navigation(actor, request.path)
    return {
        "actor": actor,
        "nav": groups,
        "nav_phone": phone_bar(groups),
        "version": settings.XINGTAN_VERSION,
        "is_demo": settings.XINGTAN_DEMO,
        "prefs": chosen(request),
    }
