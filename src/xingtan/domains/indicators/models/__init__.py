from __future__ import annotations

from xingtan.domains.indicators.models.elements import DataElement, Layout, Period
from xingtan.domains.indicators.models.imports import ImportDraft, MappingTemplate
from xingtan.domains.indicators.models.observations import Batch, Observation
from xingtan.domains.indicators.models.results import Figure, IndicatorVersion, Run

__all__ = [
    "Batch", "DataElement", "Figure", "ImportDraft", "IndicatorVersion", "Layout", "MappingTemplate", "Observation",
    "Period", "Run",
]  # fmt: skip
