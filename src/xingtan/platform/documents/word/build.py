"""Build Word templates from code, so that a shipped template can be reviewed as text.

The house style follows GB/T 9704 in restraint: centred black titles, body text in 小四 with 1.5 line spacing and a
first-line indent of two characters, thin table rules. Word shows 黑体/仿宋 where the reader has them; our PDF prints
Noto Sans SC throughout.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .. import palette

BODY_FONT: Final = "仿宋"
HEADING_FONT: Final = "黑体"
LATIN_FONT: Final = "Times New Roman"
TEXT_WIDTH_MM: Final = 156.0
"""A4 less the margins of GB/T 9704-2012: 28 mm left, 26 mm right."""

Align = Literal["left", "center", "right", "justify"]
_ALIGN: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """A run inside a table cell; a leading newline starts a line. ``size`` in points, 0 for the table's."""

    text: str
    size: float = 0.0
    colour: str = ""
    bold: bool = False


_AFTER_BORDERS: Final = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")

CellText = str | tuple[Words, ...]


class TemplateBuilder:
    """A blank A4 document in the house style; add paragraphs, tables and fields, then take :meth:`data`."""

    def __init__(self) -> None:
        self.document: Any = Document()
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(33), Mm(30)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(18), Mm(16)
        self._style_text()
        self._style_headings()
        self._style_small()
        language = self.document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
        if language is not None:
            language.set(qn("w:eastAsia"), "zh-CN")

    def data(self) -> bytes:
        """Return the ``.docx``."""
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def paragraph(self, text: str = "", style: str = "Normal", *, align: Align | None = None, bold: bool = False,
                  size: float | None = None, before: float | None = None, after: float | None = None,
                  colour: str = "", into: Any = None) -> Any:  # fmt: skip
        """Add a paragraph (sizes and spacing in points); ``into`` is a cell, header or footer."""
        paragraph = (into or self.document).add_paragraph(style=style)
        self._dress(paragraph, text, align, bold=bold, size=size, colour=colour)
        if before is not None:
            paragraph.paragraph_format.space_before = Pt(before)
        if after is not None:
            paragraph.paragraph_format.space_after = Pt(after)
        return paragraph

    def heading(self, text: str, level: int) -> Any:
        """Add a heading of level 1–3."""
        return self.document.add_heading(text, level)

    def tag(self, tag: str) -> None:
        """Add a paragraph-level tag such as ``{%p for c in chapters %}``."""
        self.paragraph(tag, "Tag")

    def page_break(self) -> None:
        """Start a new page."""
        self.document.add_page_break()

    def table(
        self,
        heads: Sequence[str],
        cells: Sequence[CellText],
        widths_mm: Sequence[float],
        *,
        loop: str = "",
        aligns: Sequence[Align] = (),
        size: float = 10.5,
        headless: bool = False,
    ) -> Any:
        """Add a table with a repeated head row and one row of ``cells``, repeated by ``loop`` (``r in rows``)."""
        table = self.document.add_table(rows=0, cols=len(cells))
        self._frame(table, widths_mm)
        aligns = aligns or ["left"] * len(cells)
        if not headless:
            self._row(table, heads, aligns, size, head=True)
        if loop:
            self._tag_row(table, f"{{%tr for {loop} %}}")
        self._row(table, cells, aligns, size)
        if loop:
            self._tag_row(table, "{%tr endfor %}")
        return table

    def field(self, paragraph: Any, code: str, shown: str = "1") -> None:
        """Append a Word field such as ``PAGE``; ``shown`` is what stands there until Word updates it."""
        _open_field(paragraph, code)
        paragraph.add_run(shown)
        _field_mark(paragraph, "end")

    def contents(self, levels: int, entries: Sequence[str]) -> None:
        """Add a table of contents of heading levels 1 … ``levels``.

        The PDF computes it. Word does so when the reader updates fields; until then it shows ``entries``, one
        paragraph each, among which tags such as ``{%p for c in chapters %}`` may stand.
        """
        first = self.paragraph(style="Contents line")
        _open_field(first, f'TOC \\o "1-{levels}" \\h \\z', dirty=True)
        for entry in entries:
            self.paragraph(entry, "Tag" if entry.startswith("{%p") else "Contents line")
        _field_mark(self.paragraph(style="Contents line"), "end")

    def page_numbers(self, before: str, between: str, after: str) -> None:
        """Put "第 X 页 共 Y 页" style numbers in the footer, centred; the first page (cover) carries none."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        paragraph = section.footer.paragraphs[0]
        self._dress(paragraph, before, "center", size=9)
        self.field(paragraph, "PAGE")
        paragraph.add_run(between)
        self.field(paragraph, "NUMPAGES")
        paragraph.add_run(after)
        for run in paragraph.runs:
            run.font.size = Pt(9)

    def running_head(self, text: str) -> None:
        """Put a running head with a thin rule on every page but the first."""
        paragraph = self.document.sections[0].header.paragraphs[0]
        self._dress(paragraph, text, "center", size=9, colour=palette.MUTED)
        borders = OxmlElement("w:pBdr")
        borders.append(_edge("bottom", 4, palette.RULE))
        _insert(paragraph._p.get_or_add_pPr(), borders, _AFTER_BORDERS)

    def _dress(self, paragraph: Any, text: str, align: Align | None, *, bold: bool = False, size: float | None = None,
               colour: str = "") -> None:  # fmt: skip
        if align:
            paragraph.alignment = _ALIGN[align]
        if text:
            run = paragraph.add_run(text)
            run.bold = bold or None
            run.font.size = Pt(size) if size else None
            if colour:
                run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))

    def _frame(self, table: Any, widths_mm: Sequence[float]) -> None:
        """Thin rules: a heavier line above and below, hairlines between rows, none between columns."""
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        properties = table._tbl.tblPr
        borders = OxmlElement("w:tblBorders")
        for side, eighths, colour in (
            ("top", 8, palette.INK), ("bottom", 8, palette.INK), ("insideH", 4, palette.RULE)
        ):  # fmt: skip
            borders.append(_edge(side, eighths, colour))
        _insert(properties, borders, ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"))
        margins = OxmlElement("w:tblCellMar")
        for side, twips in (("top", 60), ("left", 80), ("bottom", 60), ("right", 80)):
            node = OxmlElement(f"w:{side}")
            node.set(qn("w:w"), str(twips))
            node.set(qn("w:type"), "dxa")
            margins.append(node)
        _insert(properties, margins, ("w:tblLook",))
        for column, millimetres in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(millimetres)

    def _row(
        self, table: Any, cells: Sequence[CellText], aligns: Sequence[Align], size: float, *, head: bool = False
    ) -> None:
        row = table.add_row()
        marks = row._tr.get_or_add_trPr()
        marks.append(OxmlElement("w:cantSplit"))
        if head:
            marks.append(OxmlElement("w:tblHeader"))
        for index, (cell, text, align) in enumerate(zip(row.cells, cells, aligns, strict=True)):
            cell.width = table.columns[index].width
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table text"
            for words in (Words(text, bold=head),) if isinstance(text, str) else text:
                self._dress(paragraph, words.text, align, bold=words.bold, size=words.size or size, colour=words.colour)
            if head:
                shade(cell, palette.PANEL)

    def _tag_row(self, table: Any, tag: str) -> None:
        row = table.add_row()
        row.cells[0].paragraphs[0].add_run(tag)

    def _style_text(self) -> None:
        normal = self.document.styles["Normal"]
        self._fonts(normal, BODY_FONT, 12)
        normal.paragraph_format.line_spacing = 1.5
        normal.paragraph_format.space_after = Pt(0)
        body = self._style("Body text", "Normal", BODY_FONT, 12)
        body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _indent_two_characters(body)
        table = self._style("Table text", "Normal", BODY_FONT, 10.5)
        table.paragraph_format.line_spacing = 1.15
        contents = self._style("Contents line", "Normal", BODY_FONT, 12)
        contents.paragraph_format.line_spacing = 1.5
        tag = self._style("Tag", "Normal", BODY_FONT, 6)
        tag.font.color.rgb = RGBColor(0x99, 0x99, 0x99)
        tag.paragraph_format.line_spacing = 1.0

    def _style_headings(self) -> None:
        for level, size, before, after in ((1, 16, 0, 14), (2, 14, 14, 7), (3, 12, 8, 4)):
            style = self.document.styles[f"Heading {level}"]
            self._fonts(style, HEADING_FONT, size)
            style.font.color.rgb = RGBColor(0, 0, 0)
            style.font.bold, style.font.italic = True, False
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
            style.paragraph_format.keep_with_next = True
            if level == 1:
                style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _style_small(self) -> None:
        caption = self._style("Figure caption", "Normal", HEADING_FONT, 10.5)
        caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(6), Pt(4)
        caption.paragraph_format.keep_with_next = True
        figure = self._style("Figure", "Normal", BODY_FONT, 10.5)
        figure.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        figure.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        figure.paragraph_format.space_before, figure.paragraph_format.space_after = Pt(8), Pt(4)
        title = self._style("Figure title", "Figure caption", HEADING_FONT, 10.5)
        title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(2), Pt(14)
        title.paragraph_format.keep_with_next = False
        line = self._style("Title line", "Normal", HEADING_FONT, 26)
        line.font.bold = True
        line.paragraph_format.line_spacing = 1.2
        note = self._style("Note", "Normal", BODY_FONT, 9)
        note.paragraph_format.line_spacing = 1.2
        note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(2), Pt(8)
        note.font.color.rgb = RGBColor.from_string(palette.MUTED.removeprefix("#"))

    def _style(self, name: str, base: str, font: str, size: float) -> Any:
        style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self.document.styles[base]
        self._fonts(style, font, size)
        return style

    @staticmethod
    def _fonts(style: Any, east_asian: str, size: float) -> None:
        style.font.name, style.font.size = LATIN_FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), east_asian)


def shade(cell: Any, colour: str) -> None:
    """Fill a table cell."""
    node = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.removeprefix("#"))):
        node.set(qn(f"w:{name}"), value)
    _insert(cell._tc.get_or_add_tcPr(), node, ("w:noWrap", "w:tcMar", "w:vAlign", "w:hideMark"))


def _open_field(paragraph: Any, code: str, *, dirty: bool = False) -> None:
    _field_mark(paragraph, "begin", dirty=dirty)
    node = OxmlElement("w:instrText")
    node.set(qn("xml:space"), "preserve")
    node.text = f" {code} "
    paragraph.add_run()._r.append(node)
    _field_mark(paragraph, "separate")


def _field_mark(paragraph: Any, kind: str, *, dirty: bool = False) -> None:
    node = OxmlElement("w:fldChar")
    node.set(qn("w:fldCharType"), kind)
    if dirty:
        node.set(qn("w:dirty"), "true")
    paragraph.add_run()._r.append(node)


def _insert(parent: Any, node: Any, successors: Sequence[str]) -> None:
    """Insert ``node`` before the first of ``successors``: Word insists on the schema's order of properties."""
    parent.insert_element_before(node, *successors)


def _edge(side: str, eighths: int, colour: str) -> Any:
    node = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour.removeprefix("#"))):
        node.set(qn(f"w:{name}"), value)
    return node


def _indent_two_characters(style: Any) -> None:
    indent = OxmlElement("w:ind")
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "480")
    _insert(style.element.get_or_add_pPr(), indent, ("w:contextualSpacing", "w:jc", "w:outlineLvl"))
