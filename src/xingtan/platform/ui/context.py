"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xingtan.platform.orgscope.access import actor_of
from xingtan.platform.ui.navigation import navigation


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation, actor, version and whether this is the demo."""
    actor = actor_of(request)
    return {
        "actor": actor,
        "nav": navigation(actor, request.path),
        "version": settings.XINGTAN_VERSION,
        "is_demo": settings.XINGTAN_DEMO,
    }
