"""The public door of the documents package: what domains import.

svg = render(BarChart(Frame("各县接入率", unit="%"), bars))       # chart → SVG
filled = fill_docx(template, context, lang="zh-hans")            # Word template → DOCX
pdf = docx_to_pdf(filled, stamp="R12 · 2025-12-31")               # DOCX → PDF, no office suite
pages = page_pictures(pdf.data, kind="svg", count=3)             # preview for the browser
"""

from __future__ import annotations

from . import text
from .charts import (
    Bar,
    BarChart,
    ChartSpec,
    Frame,
    GroupedBarChart,
    HeadlineTile,
    LineChart,
    Range,
    RangeChart,
    Series,
    Target,
    Tile,
    TileMap,
    render,
)
from .pdf.convert import count_pages, docx_to_pdf, page_pictures
from .raster import svg_to_png
from .types import (
    DocumentError,
    FilledDocument,
    FontsMissingError,
    Lang,
    LimitExceededError,
    Limits,
    Notice,
    Number,
    PageFormat,
    PdfDocument,
    PdfStandard,
    TemplateError,
    TemplateField,
    TypesettingError,
    UnknownFieldError,
    UnsafeTemplateError,
)
from .word.build import TemplateBuilder
from .word.fields import list_fields
from .word.fill import fill_docx
from .word.package import check_package
from .word.values import Chart, Picture

__all__ = [
    "Bar", "BarChart", "Chart", "ChartSpec", "DocumentError", "FilledDocument", "FontsMissingError", "Frame",
    "GroupedBarChart", "HeadlineTile", "Lang", "LimitExceededError", "Limits", "LineChart", "Notice", "Number",
    "PageFormat", "PdfDocument", "PdfStandard", "Picture", "Range", "RangeChart", "Series", "Target", "TemplateBuilder",
    "TemplateError", "TemplateField", "Tile", "TileMap", "TypesettingError", "UnknownFieldError",
    "UnsafeTemplateError", "check_package", "count_pages", "docx_to_pdf", "fill_docx", "list_fields", "page_pictures",
    "render", "svg_to_png", "text",
]  # fmt: skip
