from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import docx
import pypdf
import pytest
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt, RGBColor

from xingtan.platform.documents.api import (
    Bar,
    BarChart,
    Chart,
    DocumentError,
    Frame,
    PdfDocument,
    TemplateBuilder,
    count_pages,
    docx_to_pdf,
    fill_docx,
    page_pictures,
)

Save = Callable[[object], bytes]
Text = Callable[[bytes], str]
HOSTILE = '#read("/etc/passwd") $x$ `raw` *b* _i_ <label> @ref // c /* d */ \\u{41} "q" [x] #{1+1} ~ -- \\'


def reader(pdf: PdfDocument) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf.data))


def page_lines(pdf: PdfDocument, page: int = 0) -> list[str]:
    return [line for line in reader(pdf).pages[page].extract_text().splitlines() if line.strip()]


def positions(pdf: PdfDocument, page: int = 0) -> dict[str, tuple[float, float, float]]:
    """Return x, y and font size of each drawn piece of text, by its words."""
    found: dict[str, tuple[float, float, float]] = {}

    def visit(words: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if words.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found[words.strip()] = (x, y, size)

    reader(pdf).pages[page].extract_text(visitor_text=visit)
    return found


def png(width: int, height: int) -> bytes:
    """A grey picture, valid down to its checksums."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_fonts_are_embedded_as_subsets_and_chinese_extracts(save: Save, pdf_text: Text) -> None:
    document = docx.Document()
    document.add_paragraph("全市中小学互联网接入率已达98.1%，出口带宽均达百兆以上。")
    document.add_paragraph().add_run("粗体标题").bold = True
    pdf = docx_to_pdf(save(document))
    assert "全市中小学互联网接入率已达98.1%，出口带宽均达百兆以上。" in pdf_text(pdf.data)
    fonts = reader(pdf).pages[0]["/Resources"]["/Font"]
    names = set()
    for font in fonts.values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        names.add(descriptor["/FontName"])
        program = descriptor["/FontFile2"].get_object().get_data()
        assert 1_000 < len(program) < 300_000  # a subset of a 10 MB font
        assert "/ToUnicode" in font.get_object()
    assert {n.split("+")[1] for n in names} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert all(len(n.split("+")[0].lstrip("/")) == 6 for n in names)


def test_hostile_text_prints_literally_everywhere(save: Save, pdf_text: Text) -> None:
    document = docx.Document()
    document.add_heading(HOSTILE, 1)
    document.add_paragraph(HOSTILE, style="List Number")
    document.add_table(1, 1).cell(0, 0).text = HOSTILE
    document.sections[0].header.paragraphs[0].text = HOSTILE
    document.core_properties.title = HOSTILE
    pdf = docx_to_pdf(save(document), stamp=HOSTILE)
    assert pdf_text(pdf.data).count(HOSTILE.replace(" ", "")) == 5
    assert "root:" not in pdf_text(pdf.data)
    assert reader(pdf).metadata["/Title"] == HOSTILE


def test_same_input_same_bytes(save: Save) -> None:
    document = docx.Document()
    document.add_paragraph("年度报告")
    data = save(document)
    when = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    assert docx_to_pdf(data).data == docx_to_pdf(data).data
    assert docx_to_pdf(data, created=when).data == docx_to_pdf(data, created=when).data
    assert reader(docx_to_pdf(data, created=when)).metadata.creation_date.timestamp() == when.timestamp()


def test_alignment_indents_and_sizes(save: Save) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(3)
    document.add_paragraph("左")
    document.add_paragraph("右").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("中").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("缩").paragraph_format.left_indent = Pt(50)
    document.add_paragraph("首").paragraph_format.first_line_indent = Pt(24)
    document.add_paragraph().add_run("大").font.size = Pt(30)
    at = positions(docx_to_pdf(save(document)))
    margin, width = Cm(3).pt, section.page_width.pt
    assert at["左"][0] == pytest.approx(margin, abs=0.5)
    assert at["右"][0] + at["右"][2] == pytest.approx(width - margin, abs=0.5)
    assert at["中"][0] + at["中"][2] / 2 == pytest.approx(width / 2, abs=0.5)
    assert at["缩"][0] == pytest.approx(margin + 50, abs=0.5)
    assert at["首"][0] == pytest.approx(margin + 24, abs=0.5)
    assert at["大"][2] == pytest.approx(30)


def test_line_spacing_and_space_between_paragraphs(save: Save) -> None:
    document = docx.Document()
    for words, line, after in (("甲", Pt(20), 0), ("乙", Pt(20), 30), ("丙", Pt(20), 0)):
        paragraph = document.add_paragraph(words)
        paragraph.paragraph_format.line_spacing, paragraph.paragraph_format.space_after = line, Pt(after)
    at = positions(docx_to_pdf(save(document)))
    assert abs(at["甲"][1] - at["乙"][1]) == pytest.approx(20, abs=0.5)
    assert abs(at["乙"][1] - at["丙"][1]) == pytest.approx(50, abs=0.5)


def test_heading_sizes_come_from_the_word_style_and_make_bookmarks(save: Save) -> None:
    document = docx.Document()
    document.styles["Heading 1"].font.size = Pt(16)
    document.styles["Heading 2"].font.size = Pt(14)
    document.add_heading("第一章", 1)
    document.add_heading("第一节", 2)
    pdf = docx_to_pdf(save(document))
    at = positions(pdf)
    assert (at["第一章"][2], at["第一节"][2]) == (pytest.approx(16), pytest.approx(14))
    outline: Any = reader(pdf).outline
    assert outline[0]["/Title"] == "第一章"
    assert outline[1][0]["/Title"] == "第一节"


def test_space_before_is_kept_at_the_top_of_a_page_after_a_break(save: Save) -> None:
    document = docx.Document()
    document.sections[0].top_margin = Pt(72)
    for words in ("首", "次"):
        document.add_paragraph(words).paragraph_format.space_before = Pt(100)
        document.paragraphs[-1].paragraph_format.page_break_before = words == "次"
    pdf = docx_to_pdf(save(document))
    for page, words in ((0, "首"), (1, "次")):
        top = document.sections[0].page_height.pt - positions(pdf, page)[words][1]
        assert top > 72 + 100


def test_page_breaks_sizes_orientation_and_numbers(save: Save) -> None:
    builder = TemplateBuilder()
    builder.page_numbers("第 ", " 页 共 ", " 页")
    builder.paragraph("封面").add_run().add_break(WD_BREAK.PAGE)
    builder.paragraph("第二页")
    wide = builder.document.add_section(WD_SECTION.NEW_PAGE)
    wide.orientation = WD_ORIENT.LANDSCAPE
    wide.page_width, wide.page_height = wide.page_height, wide.page_width
    wide.different_first_page_header_footer = False
    builder.paragraph("横页")
    pdf = docx_to_pdf(builder.data())
    assert pdf.pages == 3
    boxes = [page.mediabox for page in reader(pdf).pages]
    assert [b.width < b.height for b in boxes] == [True, True, False]
    text = ["".join(page_lines(pdf, i)).replace(" ", "") for i in range(3)]
    assert "页" not in text[0].replace("封面", "")  # the cover carries no number
    assert "第2页共3页" in text[1]
    assert "第3页共3页" in text[2]


def test_even_and_first_page_footers(save: Save) -> None:
    document = docx.Document()
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_footer.paragraphs[0].text = "首页脚"
    section.footer.paragraphs[0].text = "奇页脚"
    section.even_page_footer.paragraphs[0].text = "偶页脚"
    for index in range(3):
        document.add_paragraph(f"P{index}").paragraph_format.page_break_before = index > 0
    pdf = docx_to_pdf(save(document))
    assert [page_lines(pdf, i)[-1] for i in range(3)] == ["首页脚", "偶页脚", "奇页脚"]


def test_lists_count_restart_and_speak_chinese(save: Save, pdf_text: Text) -> None:
    document = docx.Document()
    for index in range(3):
        document.add_paragraph(f"项{index}", style="List Number")
    document.add_paragraph("点", style="List Bullet")
    numbering = document.part.numbering_part.element
    level = (
        '<w:lvl w:ilvl="{0}"><w:start w:val="1"/><w:numFmt w:val="{1}"/><w:suff w:val="nothing"/>'
        '<w:lvlText w:val="{2}"/></w:lvl>'
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
        + level.format(0, "chineseCounting", "第%1章　")
        + level.format(1, "decimal", "（%1.%2）")
        + "</w:abstractNum>"
    )
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for depth, words in ((0, "甲"), (1, "乙"), (1, "丙"), (0, "丁"), (1, "戊")):
        paragraph = document.add_paragraph(words)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>')
        )
    text = pdf_text(docx_to_pdf(save(document)).data)
    assert "1.项02.项13.项2•点" in text
    assert "第一章甲（一.1）乙（一.2）丙第二章丁（二.1）戊" in text


def test_tables_keep_merges_widths_and_repeat_their_head(save: Save) -> None:
    builder = TemplateBuilder()
    builder.table(["名称", "数值"], ["{{ r.a }}", "{{ r.b }}"], [100, 50], loop="r in rows")
    rows = [{"a": f"第{i}行", "b": i} for i in range(80)]
    pdf = docx_to_pdf(fill_docx(builder.data(), {"rows": rows}))
    assert pdf.pages > 1
    for page in range(pdf.pages):
        assert page_lines(pdf, page)[0].split() == ["名称", "数值"]
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "横并"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "纵并"
    table.cell(1, 0).vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    table.cell(1, 1).text, table.cell(2, 2).text = "中", "角"
    at = positions(docx_to_pdf(save(document)))
    assert at["横并"][0] == pytest.approx(at["纵并"][0], abs=0.1)
    assert at["横并"][1] > at["中"][1] > at["角"][1]
    assert at["纵并"][1] == pytest.approx((at["中"][1] + at["角"][1]) / 2, abs=0.5)
    assert at["角"][0] > at["中"][0] > at["纵并"][0]


def test_links_bookmarks_and_footnotes(save: Save, repacked: Callable[..., bytes], pdf_text: Text) -> None:
    document = docx.Document()
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rid = document.part.relate_to("https://example.org/a", f"{base}/hyperlink", is_external=True)
    paragraph = document.add_paragraph("见")
    for attribute in (f'r:id="{rid}"', 'w:anchor="there"', 'w:anchor="nowhere"'):
        link = f"<w:hyperlink {nsdecls('w', 'r')} {attribute}><w:r><w:t>链接</w:t></w:r></w:hyperlink>"
        paragraph._p.append(parse_xml(link))
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    target = document.add_paragraph("目标")
    target.paragraph_format.page_break_before = True
    for _ in range(2):  # a repeated bookmark name must not break the compilation
        target._p.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="1" w:name="there"/>'))
    notes = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>脚注内容</w:t></w:r></w:p></w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    node = f'<Relationship Id="rId99" Type="{base}/footnotes" Target="footnotes.xml"/></Relationships>'
    data = repacked(
        save(document),
        {
            "word/footnotes.xml": notes,
            "[Content_Types].xml": lambda s: s.replace("</Types>", override),
            "word/_rels/document.xml.rels": lambda s: s.replace("</Relationships>", node),
        },
    )
    pdf = docx_to_pdf(data)
    assert "脚注内容" in pdf_text(pdf.data)
    actions = [a.get_object() for page in reader(pdf).pages for a in page.get("/Annots", [])]
    uris = [a["/A"]["/URI"] for a in actions if "/A" in a and "/URI" in a["/A"]]
    assert uris == ["https://example.org/a"]
    assert len([a for a in actions if "/Dest" in a or "/D" in a.get("/A", {})]) >= 1
    assert any("链接" in n.text() for n in pdf.notices)  # the link to nowhere


def test_contents_list_has_real_page_numbers(pdf_text: Text) -> None:
    builder = TemplateBuilder()
    builder.field(builder.paragraph(), 'TOC \\o "1-1" \\h', "右击更新目录")
    for index in range(3):
        builder.heading(f"标题{index}", 1).paragraph_format.page_break_before = True
        builder.heading(f"小节{index}", 2)
    pdf = docx_to_pdf(builder.data())
    first = "".join(page_lines(pdf)).replace(" ", "").replace(".", "")
    assert first == "标题02标题13标题24"


def test_pictures_charts_and_broken_pictures(save: Save, pdf_text: Text) -> None:
    builder = TemplateBuilder()
    builder.paragraph("{{ chart }}", "Figure")
    builder.document.add_picture(io.BytesIO(png(40, 20)), width=Cm(4))
    spec = BarChart(Frame("各县接入率", unit="%"), (Bar("甲县", 98.1), Bar("乙县", None, "未填报")))
    filled = fill_docx(builder.data(), {"chart": Chart(spec, alt="甲县最高")})
    pdf = docx_to_pdf(filled)
    assert "各县接入率" in pdf_text(pdf.data)  # the chart is vector text
    assert len(reader(pdf).pages[0].images) == 1
    assert not any(n.code == "pdf.picture" for n in pdf.notices)
    flat = docx_to_pdf(filled.data)  # without the drawings, the PNG is used
    assert "各县接入率" not in pdf_text(flat.data)
    assert len(reader(flat).pages[0].images) == 2


@pytest.mark.parametrize("damage", ["truncated", "huge", "lying"])
def test_a_bad_picture_is_left_out_and_named(
    save: Save, repacked: Callable[..., bytes], pdf_text: Text, damage: str
) -> None:
    document = docx.Document()
    document.add_paragraph("前")
    good = png(40, 20)
    document.add_picture(io.BytesIO(good))
    document.add_paragraph("后")
    bad = {
        "truncated": good[:60],
        "huge": png(12_000, 6_000),  # valid, and far larger in memory than on disk
        "lying": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
    }[damage]
    data = save(document)
    pdf = docx_to_pdf(repacked(data, {"word/media/image1.png": bad}))
    found = [n.params for n in pdf.notices if n.code == "pdf.picture"]
    assert [p["name"] for p in found] == ["image1.png"]
    assert (found[0]["reason"] == "12000×6000") == (damage == "huge")
    assert pdf_text(pdf.data) == "前后"


def test_what_cannot_be_shown_is_listed(save: Save, pdf_text: Text) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    maths = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    box = (
        f'<w:r {nsdecls("w")}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    for xml in (
        f"<w:del {nsdecls('w')}><w:r><w:delText>删去</w:delText></w:r></w:del>",
        f"<w:ins {nsdecls('w')}><w:r><w:t>插入</w:t></w:r></w:ins>",
        f"<m:oMath {maths}><m:r><m:t>a+b</m:t></m:r></m:oMath>",
        box,
        f"<w:r {nsdecls('w')}><w:pict/></w:r>",
        f"<w:r {nsdecls('w')}><w:newThing/></w:r>",
        f"<w:r {nsdecls('w')}><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>",
    ):
        paragraph._p.append(parse_xml(xml))
    paragraph.add_run("\U000323af")
    paragraph.add_run("罕见字体").font.name = "Comic Sans MS"
    pdf = docx_to_pdf(save(document))
    text = pdf_text(pdf.data)
    assert "插入" in text
    assert "框内文字" in text
    assert "a+b" in text
    assert "删去" not in text
    assert "隐藏" not in text
    notices = " ".join(n.text("zh-hans") for n in pdf.notices)
    plain = [n for n in pdf.notices if n.code not in {"pdf.glyphs", "pdf.font"}]
    assert not any("\u4e00" <= c <= "\u9fff" for n in plain for c in n.text("en"))
    for word in ("修订", "公式", "文本框", "VML", "newThing", "隐藏文字", "\U000323af", "Comic Sans MS"):
        assert word in notices


def test_run_formatting_reaches_the_page(save: Save) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("x")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run("红").font.color.rgb = RGBColor(255, 0, 0)
    paragraph.add_run("线").underline = True
    pdf = docx_to_pdf(save(document))
    at = positions(pdf)
    assert at["2"][1] > at["x"][1]
    assert at["2"][2] < at["x"][2]
    assert b"1 0 0 scn" in reader(pdf).pages[0].get_contents().get_data()


def test_tagged_and_archival(save: Save) -> None:
    document = docx.Document()
    document.add_heading("标题", 1)
    data = save(document)
    assert "/StructTreeRoot" in reader(docx_to_pdf(data)).trailer["/Root"]
    assert "/Metadata" in reader(docx_to_pdf(data, standard="a-2u")).trailer["/Root"]


def test_pages_as_pictures(save: Save) -> None:
    document = docx.Document()
    for index in range(5):
        document.add_paragraph(f"第{index}页").paragraph_format.page_break_before = index > 0
    data = save(document)
    pdf = docx_to_pdf(data)
    assert (pdf.pages, count_pages(pdf.data)) == (5, 5)
    pngs = page_pictures(pdf.data, kind="png", ppi=50)
    assert len(pngs) == 5
    assert len({hashlib.sha256(p).digest() for p in pngs}) == 5
    assert {struct.unpack(">II", p[16:24]) for p in pngs} == {(425, 550)}  # letter size, the default of python-docx
    direct = page_pictures(data, kind="png", ppi=50)
    assert len(direct) == 5
    assert page_pictures(data, kind="png", ppi=50, first=2, count=1) == [direct[1]]
    assert page_pictures(pdf.data, kind="png", ppi=50, first=2, count=1) == [pngs[1]]
    svgs = page_pictures(pdf.data, first=4, count=9)
    assert len(svgs) == 2
    assert all(s.lstrip().startswith(b"<svg") for s in svgs)
    with pytest.raises(DocumentError, match="no page 6"):
        page_pictures(pdf.data, first=6)


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7 rubbish", b"PK\x03\x04rubbish"])
def test_previews_of_rubbish_end_in_a_clear_error(data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        page_pictures(data)
    assert caught.value.text("zh-hans")


def test_a_style_that_inherits_from_itself_does_not_hang(save: Save, pdf_text: Text) -> None:
    document = docx.Document()
    first, second = document.styles["Heading 1"], document.styles["Heading 2"]
    first.base_style, second.base_style = second, first
    document.add_heading("循环", 1)
    assert pdf_text(docx_to_pdf(save(document)).data) == "循环"


def test_deeply_nested_tables_are_flattened_and_reported(save: Save, pdf_text: Text) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    for level in range(12):
        cell.text = f"层{level}"
        cell = cell.add_table(1, 1).cell(0, 0)
    pdf = docx_to_pdf(save(document))
    assert pdf_text(pdf.data) == "".join(f"层{level}" for level in range(12))
    assert any("嵌套" in n.text() for n in pdf.notices)


def test_nonsense_numbers_in_properties_are_tamed(save: Save, repacked: Callable[..., bytes], pdf_text: Text) -> None:
    document = docx.Document()
    document.add_paragraph("内容")
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "格"
    nonsense = (
        '<w:pPr><w:spacing w:before="-99999999" w:line="0" w:lineRule="exact"/>'
        '<w:ind w:left="999999999" w:firstLine="x" w:hanging="NaN"/><w:jc w:val="什么"/>'
        '<w:numPr><w:ilvl w:val="99"/><w:numId w:val="12345"/></w:numPr><w:outlineLvl w:val="77"/></w:pPr>'
        '<w:r><w:rPr><w:sz w:val="0"/><w:color w:val="zzzzzz"/><w:spacing w:val="1e9"/></w:rPr>'
    )
    data = repacked(
        save(document),
        {
            "word/document.xml": lambda s: s.replace("<w:p><w:r><w:t>内容", f"<w:p>{nonsense}<w:t>内容").replace(
                "<w:tcPr>", '<w:tcPr><w:gridSpan w:val="2000000000"/>'
            )
        },
    )
    assert docx_to_pdf(data).pages >= 1
