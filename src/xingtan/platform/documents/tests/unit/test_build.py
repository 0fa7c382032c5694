from __future__ import annotations

import io

import docx
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
    builder.field(builder.paragraph(), 'TOC \\o "1-2" \\h', "目录")
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
