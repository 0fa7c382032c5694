from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("imports/", include("xingtan.domains.indicators.views.imports.urls")),
    path("", include("xingtan.domains.indicators.views.figures.urls")),
]
