"""Every address of the installation."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from xingtan.config.rest import api

handler403 = "xingtan.platform.ui.errors.forbidden"
handler400 = "xingtan.platform.ui.errors.bad_request"
handler404 = "xingtan.platform.ui.errors.not_found"
handler500 = "xingtan.platform.ui.errors.server_error"

urlpatterns = [
    path("", include("xingtan.portal.urls")),
    path("accounts/", include("xingtan.domains.identity.urls")),
    path("", include("xingtan.platform.jobs.urls")),
    path("", include("xingtan.platform.ui.urls")),
    path("orgs/", include("xingtan.domains.directory.urls")),
    path("indicators/", include("xingtan.domains.indicators.urls")),
    path("reports/", include("xingtan.domains.governance.urls")),
    path("api/v1/", api.urls),
]

if settings.DEBUG:
    urlpatterns += [path("ui/", include("xingtan.platform.ui.living"))]
