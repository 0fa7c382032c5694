"""Addresses of figures, cells, the catalogue and computations."""

from __future__ import annotations

from django.urls import path

from xingtan.domains.indicators.views.figures import catalogue, cells, definitions, figures, runs

urlpatterns = [
    path("figures/<int:run_id>/<int:org_id>/<str:code>/<str:slice>/", figures.figure, name="figure"),
    path(
        "figures/<int:run_id>/<int:org_id>/<str:code>/<str:slice>/excel/", figures.figure_export, name="figure_export"
    ),
    path("schools/<int:org_id>/<str:period>/", cells.school_cells, name="school_cells"),
    path("schools/<int:org_id>/<str:period>/<str:element>/", cells.cell, name="cell"),
    path("schools/<int:org_id>/<str:period>/<str:element>/correct/", cells.cell_correct, name="cell_correct"),
    path("sources/<int:batch_id>/", cells.cell_source, name="cell_source"),
    path("catalogue/", catalogue.indicator_list, name="indicator_list"),
    path("catalogue/new/", definitions.definition_new, name="definition_new"),
    path("catalogue/new/check/", definitions.definition_check, name="definition_check"),
    path("catalogue/new/preview/", definitions.definition_preview, name="definition_preview"),
    path("catalogue/new/elements/", definitions.definition_elements, name="definition_elements"),
    path("catalogue/<str:code>/", catalogue.indicator, name="indicator"),
    path("runs/", runs.run_list, name="run_list"),
    path("runs/start/", runs.run_start, name="run_start"),
    path("runs/<int:run_id>/", runs.run, name="run"),
    path("runs/<int:run_id>/check/", runs.run_check, name="run_check"),
]
