"""The one page action of this application: remember how a visitor wants to see the pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xingtan.platform.orgscope.access import public
from xingtan.platform.ui.preferences import preferences, remember


@public
@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """POST one or more of ``language``, ``size``, ``contrast``, ``theme``; goes back to ``next``."""
    known = {preference.name: preference for preference in preferences()}
    choices = {name: value for name, value in request.POST.items() if name in known}
    if not choices or any(value not in known[name].values for name, value in choices.items()):
        return HttpResponseBadRequest(_("This setting does not exist."))
    target = str(request.POST.get("next", ""))
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, value in choices.items():
        remember(response, known[name], str(value))
    return response
