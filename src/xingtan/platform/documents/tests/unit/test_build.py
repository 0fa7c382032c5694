from __future__ import annotations

import io
import re

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from xingtan.platform.documents.api import TemplateBuilder, docx_to_pdf, fill_docx

# ECMA-376 part 1: Word may call a file damaged when properties stand in another order.
ORDERS = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "w:tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "w:tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "w:tblBorders": "top left start bottom right end insideH insideV",
    "w:tblCellMar": "top left start bottom right end",
}


def full_template() -> bytes:
    builder = TemplateBuilder()
    builder.running_head("{{ title }}")
    builder.page_numbers("第 ", " 页 共 ", " 页")
    builder.heading("{{ title }}", 1)
    builder.paragraph("正文", "Body text", align="center", bold=True, size=14, before=6, after=6, colour="#A8501B")
    builder.table(["甲", "乙"], ["{{ r.a }}", "{{ r.b }}"], [80, 60], loop="r in rows", aligns=["left", "right"])
    builder.contents(2, ["{%p for r in rows %}", "{{ r.a }}", "{%p endfor %}", "附录"])
    return builder.data()


@pytest.mark.parametrize("tag", ORDERS)
def test_properties_stand_in_the_schemas_order(tag: str) -> None:
    document = docx.Document(io.BytesIO(full_template()))
    order = ORDERS[tag].split()
    roots = [document.element, document.styles.element, document.sections[0].header._element]
    seen = 0
    for node in (n for root in roots for n in root.iter(qn(tag))):
        places = [order.index(child.tag.rsplit("}", 1)[-1]) for child in node]
        assert places == sorted(places), [child.tag for child in node]
        seen += 1
    assert seen


def test_the_house_style_fills_and_prints() -> None:
    filled = fill_docx(full_template(), {"title": "年度报告", "rows": [{"a": "一", "b": 1}]})
    pdf = docx_to_pdf(filled)
    assert {n.code for n in pdf.notices} == {"pdf.font"}  # 仿宋 and 黑体 are not ours to ship
    page = docx.Document(io.BytesIO(filled.data)).sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


def test_the_contents_list_shows_titles_in_word_and_page_numbers_in_print() -> None:
    filled = fill_docx(
        full_template(), {"title": "年度报告", "rows": [{"a": "第一章", "b": 1}, {"a": "第二章", "b": 2}]}
    )
    shown = [p.text for p in docx.Document(io.BytesIO(filled.data)).paragraphs if p.style.name == "Contents line"]
    assert shown == ["", "第一章", "第二章", "附录", ""]
    page = pypdf.PdfReader(io.BytesIO(docx_to_pdf(filled).data)).pages[0].extract_text().replace(" ", "")
    assert re.search(r"年度报告\.+1", page)
    assert "附录" not in page  # the computed list replaces Word's cached one
