"""The public door of indicators."""

from __future__ import annotations

from xingtan.domains.indicators.capabilities import CELL_EDIT, CELL_VIEW, COMPUTE, FIGURE_VIEW, IMPORT
from xingtan.domains.indicators.selectors.breakdown import PlaceFigure, schools_figures
from xingtan.domains.indicators.selectors.cells import cell_history, cell_table
from xingtan.domains.indicators.selectors.definitions import (
    definition_of,
    versions_by_id,
    versions_in_force,
)
from xingtan.domains.indicators.selectors.figures import (
    explain_school,
    figures,
    school_figures,
    school_trend,
    trend,
)
from xingtan.domains.indicators.selectors.imports import drafts_queryset
from xingtan.domains.indicators.selectors.periods import period_by_code, periods
from xingtan.domains.indicators.selectors.runs import newest_run, newest_runs, run_get, run_versions, runs
from xingtan.domains.indicators.services.catalogue import catalogue_sync, definitions_add, elements_sync
from xingtan.domains.indicators.services.observations import Block, Origin, batch_record, cell_correct
from xingtan.domains.indicators.services.periods import period_ensure
from xingtan.domains.indicators.services.runs import run_check, run_compute, run_refresh
from xingtan.domains.indicators.wording import (
    local,
    number,
    reason_text,
    section_text,
    slice_text,
    target_text,
    verdict_word,
)

__all__ = [
    "CELL_EDIT", "CELL_VIEW", "COMPUTE", "FIGURE_VIEW", "IMPORT", "Block", "Origin", "PlaceFigure", "batch_record",
    "catalogue_sync", "cell_correct", "cell_history", "cell_table", "definition_of", "definitions_add",
    "drafts_queryset", "elements_sync", "explain_school", "figures", "local", "newest_run", "newest_runs", "number",
    "period_by_code", "period_ensure", "periods", "reason_text", "run_check", "run_compute", "run_get",
    "run_refresh", "run_versions", "runs", "school_figures", "school_trend", "schools_figures", "section_text",
    "slice_text", "target_text", "trend", "verdict_word", "versions_by_id", "versions_in_force",
]  # fmt: skip
