"""Fill a Word template with plain data."""

from __future__ import annotations

import io
from collections.abc import Mapping

from docx.oxml.ns import qn

from ..types import DEFAULT_LANG, FilledDocument, Lang, Limits
from .fields import check_fields
from .language import Language
from .package import check_package
from .prepared import PreparedTemplate
from .values import Group, plain

EAST_ASIAN_FONT = "宋体"


def fill_docx(
    template: bytes,
    context: Mapping[str, object],
    *,
    lang: Lang = DEFAULT_LANG,
    limits: Limits | None = None,
    title: str = "",
    author: str = "",
) -> FilledDocument:
    """Fill ``template`` with ``context`` and return the Word document.

    The context holds numbers, text, dates, lists, mappings, frozen dataclasses, and
    :class:`~.values.Chart` / :class:`~.values.Picture`. A ``None`` prints as 无数据. Text that looks like a tag, a
    macro or markup is printed literally.

    Raises:
        UnsafeTemplateError: the template (or what it would become) holds something refused.
        UnknownFieldError: it names a field the context lacks, in whatever branch.
        TemplateError, LimitExceededError: it is malformed, leaves the language, or exceeds its budget.
    """
    limits = limits or Limits()
    data, notices = check_package(template, limits)
    document = PreparedTemplate(data, lang=lang, limits=limits)
    values = plain(context, document)
    if not isinstance(values, Group):
        raise TypeError("the context must be a mapping of names to values")
    language = Language(lang=lang, limits=limits, available=tuple(values))
    check_fields(document, language, values)
    document.render(values, language, autoescape=True)
    _finish(document, title, author)
    out = io.BytesIO()
    document.save(out)
    result = out.getvalue()
    check_package(result, _result_limits(limits))
    return FilledDocument(result, dict(document.drawings), notices)


def _finish(document: PreparedTemplate, title: str, author: str) -> None:
    """Set properties, and an East Asian font where none is named: Word would otherwise pick one by locale."""
    properties = document.docx.core_properties
    properties.title, properties.author = title[:255] or properties.title, author[:255] or properties.author
    fonts = document.docx.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    if fonts is not None and not {qn("w:eastAsia"), qn("w:eastAsiaTheme")} & set(fonts.keys()):
        fonts.set(qn("w:eastAsia"), EAST_ASIAN_FONT)


def _result_limits(limits: Limits) -> Limits:
    """A filled document is larger than its template: allow what the output budget allows."""
    return Limits(
        package_bytes=limits.package_bytes * 10,
        unpacked_bytes=limits.unpacked_bytes * 5,
        part_xml_bytes=limits.output_chars * 4,
        parts=limits.parts * 5,
        compression_ratio=10_000,
    )
