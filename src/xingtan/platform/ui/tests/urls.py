"""Addresses for these tests: the living page is otherwise there on a development server only."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("xingtan.platform.ui.urls")),
    path("ui/", include("xingtan.platform.ui.living")),
]
