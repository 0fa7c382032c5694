"""Addresses of the import, below `/indicators/imports/`."""

from __future__ import annotations

from django.urls import path

from xingtan.domains.indicators.views.imports import drafts, lists, mapping, mapping_text, report

urlpatterns = [
    path("", lists.import_list, name="import_list"),
    path("form/", lists.import_form, name="import_form"),
    path("new/", drafts.import_new, name="import_new"),
    path("<int:draft_id>/", drafts.import_draft, name="import_draft"),
    path("<int:draft_id>/progress/", drafts.import_progress, name="import_progress"),
    path("<int:draft_id>/inspect/", drafts.import_start, {"step": "inspect"}, name="import_inspect"),
    path("<int:draft_id>/check/", drafts.import_start, {"step": "check"}, name="import_check"),
    path("<int:draft_id>/apply/", drafts.import_start, {"step": "apply"}, name="import_apply"),
    path("<int:draft_id>/discard/", drafts.import_discard, name="import_discard"),
    path("<int:draft_id>/mapping/", mapping.import_mapping, name="import_mapping"),
    path("<int:draft_id>/mapping/columns/<slug:letter>/", mapping.import_column, name="import_column"),
    path("<int:draft_id>/mapping/options/", mapping.import_options, name="import_options"),
    path("<int:draft_id>/mapping/text/", mapping_text.import_text, name="import_text"),
    path("<int:draft_id>/mapping/file/", mapping_text.import_mapping_file, name="import_mapping_file"),
    path("<int:draft_id>/mapping/keep/", mapping_text.import_keep, name="import_keep"),
    path("<int:draft_id>/mapping/take/", mapping_text.import_take, name="import_take"),
    path("<int:draft_id>/report/", report.import_report, name="import_report"),
    path("<int:draft_id>/report/issues.xlsx", report.import_issues, name="import_issues"),
    path("<int:draft_id>/result/", report.import_result, name="import_result"),
    path("<int:draft_id>/cells/", report.import_cells, name="import_cells"),
]
