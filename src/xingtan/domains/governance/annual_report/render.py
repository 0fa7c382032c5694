"""Render the annual report as Word and PDF from the same template."""

from __future__ import annotations

from dataclasses import dataclass

from xingtan.platform.documents.pdf.convert import docx_to_pdf
from xingtan.platform.documents.types import FilledDocument, PdfDocument, TemplateField
from xingtan.platform.documents.word.fields import list_fields
from xingtan.platform.documents.word.fill import fill_docx

from .context import build_context
from .report_model import AnnualReport
from .template import annual_report_template


@dataclass(frozen=True)
class RenderedReport:
    """The report as Word and as PDF; ``pdf.notices`` names what the PDF shows differently."""

    docx: FilledDocument
    pdf: PdfDocument


def render_annual_report(report: AnnualReport, template: bytes | None = None) -> RenderedReport:
    """Render ``report`` with the shipped template, or with one that an official uploaded.

    Every page of the PDF carries the run's id, the time of its computation and the start of its input hash.

    Raises:
        DocumentError: the template is unsafe, malformed, or names a field the report lacks (see its subclasses).
    """
    lang = report.lang
    document = fill_docx(
        template if template is not None else annual_report_template(lang),
        build_context(report), lang=lang, title=report.title, author=report.bureau,
    )  # fmt: skip
    run = report.run
    stamp = f"{run.id} · {run.computed_at:%Y-%m-%d %H:%M} · {run.input_hash[:12]}"
    pdf = docx_to_pdf(document, lang=lang, stamp=stamp, created=run.computed_at)
    return RenderedReport(document, pdf)


def template_fields(template: bytes) -> tuple[TemplateField, ...]:
    """Return the fields an uploaded template uses; raises as :func:`list_fields` does."""
    return list_fields(template)
