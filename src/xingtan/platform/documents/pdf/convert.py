"""DOCX to PDF and to page pictures, through typst."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from docx.opc.exceptions import PackageNotFoundError

from .. import fonts, typeset
from ..types import (
    DEFAULT_LANG,
    DocumentError,
    FilledDocument,
    Lang,
    Limits,
    Notice,
    PageFormat,
    PdfDocument,
    PdfStandard,
    TypesettingError,
)
from ..word.package import check_package
from .blocks import BlockWriter
from .inline import END_LABEL
from .job import Job
from .sections import SectionWriter, split

_FILLED_LIMITS: Final = Limits(
    package_bytes=200_000_000, unpacked_bytes=400_000_000, part_xml_bytes=160_000_000, parts=5_000,
    compression_ratio=10_000,
)  # fmt: skip


def docx_to_pdf(
    document: FilledDocument | bytes,
    *,
    lang: Lang = DEFAULT_LANG,
    stamp: str = "",
    title: str = "",
    author: str = "",
    created: datetime | None = None,
    standard: PdfStandard = "1.7",
) -> PdfDocument:
    """Typeset a Word document as a tagged PDF with its fonts embedded.

    ``stamp`` is a small line at the foot of every page (a run id). ``created`` is the time written into the file;
    without it equal input gives equal bytes. Charts filled in by :func:`.fill_docx` are vectors. The result's
    ``notices`` name every construct that was left out or approximated.

    Raises:
        UnsafeTemplateError: the document holds something refused.
        TypesettingError: typst refused, e.g. a picture is broken.
        FontsMissingError: the CJK font is not installed.
    """
    source, files, notices = _source(document, lang, stamp, title, author)
    data, warnings = typeset.to_pdf(source, files, created=created, standard=standard)
    return PdfDocument(data, count_pages(data), (*notices, *warnings))


def page_pictures(
    source: FilledDocument | bytes,
    *,
    kind: PageFormat = "svg",
    ppi: float = 96.0,
    first: int = 1,
    count: int | None = None,
    lang: Lang = DEFAULT_LANG,
) -> list[bytes]:
    """Return pages ``first`` … ``first + count - 1`` (all if ``None``) of a DOCX or PDF as pictures for a preview.

    SVG pages are self-contained (glyphs are outlines, nothing is fetched) and stay sharp; PNG pages have ``ppi``
    dots per inch. Fewer pages than asked for is not an error; a ``first`` beyond the end is.

    Raises:
        DocumentError: it is neither PDF nor DOCX, or there is no page ``first``.
    """
    data = source.data if isinstance(source, FilledDocument) else source
    if data.startswith(b"PK"):
        markup, files, _ = _source(source, lang, "", "", "")
        every = typeset.to_pages(markup, files, kind=kind, ppi=ppi)
        total = len(every)
    elif data.startswith(b"%PDF-"):
        total = count_pages(data)
    else:
        raise DocumentError("pages.not_document")
    if not 1 <= first <= total:
        raise DocumentError("pages.none", first=first)
    last = total if count is None else min(total, first + count - 1)
    if data.startswith(b"PK"):
        return every[first - 1 : last]
    sheets = "\n".join(f"#sheet({page})" for page in range(first, last + 1))
    return typeset.to_pages(
        _SHEET.replace("DOTS", f"{ppi / 72:.6f}") + sheets, {"source.pdf": data}, kind=kind, ppi=ppi
    )


# A page must be a whole number of dots wide and high: typst otherwise resamples it and loses rows of dots.
_SHEET: Final = """\
#let snap(length) = calc.round(length / 1pt * DOTS) / DOTS * 1pt
#let sheet(number) = context {
  let size = measure(image("source.pdf", page: number))
  page(width: snap(size.width), height: snap(size.height), margin: 0pt,
    image("source.pdf", page: number, width: 100%, height: 100%, fit: "stretch"))
}
"""


def count_pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF, by asking typst for ever later ones."""
    known = _page_tree_count(pdf)
    if known is not None and _has_page(pdf, known) and not _has_page(pdf, known + 1):
        return known
    low, high = 0, 1
    while _has_page(pdf, high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _has_page(pdf, middle) else (low, middle)
    if low == 0:
        raise DocumentError("pages.not_document")
    return low


def _page_tree_count(pdf: bytes) -> int | None:
    """A guess from the uncompressed page tree; verified by the caller."""
    counts = [int(found) for found in re.findall(rb"/Type\s*/Pages\b[^>]{0,4000}?/Count\s+(\d{1,6})", pdf)]
    counts += [int(found) for found in re.findall(rb"/Count\s+(\d{1,6})[^>]{0,4000}?/Type\s*/Pages\b", pdf)]
    return max(counts, default=None)


def _has_page(pdf: bytes, page: int) -> bool:
    source = f'#set page(width: 10pt, height: 10pt, margin: 0pt)\n#image("source.pdf", page: {page}, width: 1pt)'
    try:
        typeset.to_pages(source, {"source.pdf": pdf}, kind="png", ppi=10)
    except TypesettingError as error:
        if "does not exist" in error.params["reason"]:
            return False
        raise
    return True


def _source(
    document: FilledDocument | bytes, lang: Lang, stamp: str, title: str, author: str
) -> tuple[str, Mapping[str, bytes], tuple[Notice, ...]]:
    """Return typst source, its files, and notices."""
    filled = document if isinstance(document, FilledDocument) else FilledDocument(document)
    data, removed = check_package(filled.data, _FILLED_LIMITS if filled is document else None)
    try:
        job = Job(io.BytesIO(data), filled.drawings, lang)
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DocumentError("package.not_word", reason=error) from error
    writer = BlockWriter(job)
    sections = SectionWriter(writer, stamp)
    body = [sections.section(index, section) for index, section in enumerate(split(job.document.element.body))]
    properties = job.document.core_properties
    source = "\n".join([_preamble(job, title or properties.title, author or properties.author), *body, _ENDING])
    missing = fonts.missing_characters(job.characters)
    if missing:
        job.log.add("pdf.glyphs", characters="".join(sorted(missing)[:40]))
    return source, job.files, (*removed, *job.log.notices())


def _preamble(job: Job, title: str, author: str) -> str:
    look = job.default_look
    language = 'lang: "zh", region: "cn"' if job.lang == "zh-hans" else 'lang: "en"'
    return f"""\
#set document(title: {typeset.literal(title)}, author: {typeset.literal(author)})
#set text(font: {typeset.literal(job.family(look.font))}, size: {typeset.points(look.size)}, {language}, \
weight: "{"bold" if look.bold else "regular"}", fill: {typeset.colour(look.colour or "000000")}, \
hyphenate: false, top-edge: 0.88em, bottom-edge: -0.12em, fallback: true)
#show heading: it => block(above: 0pt, below: 0pt, it.body)
#set outline.entry(fill: repeat(justify: false, gap: 0.1em)[.])
#show outline.entry: set block(above: 0.75em)
#show outline.entry.where(level: 1): set block(above: 1.05em)
#show outline.entry.where(level: 1): set text(weight: "bold")
#set footnote.entry(gap: 0.4em)
#show footnote.entry: set text(size: 9pt)"""


_ENDING: Final = f"#metadata(none)#label({typeset.literal(END_LABEL)})"
