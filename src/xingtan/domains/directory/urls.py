"""Addresses of organisations, below /orgs/."""

from __future__ import annotations

from django.urls import path

from xingtan.domains.directory.views import orgs, shapes

urlpatterns = [
    path("", orgs.org_list, name="org_list"),
    path("export.xlsx", orgs.org_export, name="org_export"),
    path("shapes/", shapes.shape_list, name="shape_list"),
    path("shapes/<int:org_id>/delete/", shapes.shape_remove, name="shape_delete"),
    path("shapes.geojson", shapes.shape_file, name="shape_file"),
    path("<int:org_id>/", orgs.org, name="org"),
]
