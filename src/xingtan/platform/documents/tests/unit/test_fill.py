from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import docx
import pytest

from xingtan.platform.documents.api import (
    Bar,
    BarChart,
    Chart,
    Frame,
    TemplateBuilder,
    TemplateError,
    UnknownFieldError,
    fill_docx,
    list_fields,
)

Word = Callable[..., bytes]


def lines(data: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]


def test_values_print_as_people_write_them(word: Word) -> None:
    template = word(
        "{{ a }}|{{ b }}|{{ c }}|{{ d }}|{{ e|number(2) }}|{{ f }}|{{ g|missing('未填报') }}|{{ f|number }}"
    )
    context = {"a": "云州市", "b": 3, "c": date(2025, 12, 31), "d": True, "e": Decimal("1.005"), "f": None, "g": None}
    assert lines(fill_docx(template, context).data) == [
        "云州市|3|2025年12月31日|是|1.01|无数据|无数据（未填报）|无数据"
    ]
    english = lines(fill_docx(template, context, lang="en").data)
    assert english == ["云州市|3|2025-12-31|yes|1.01|no data|no data (未填报)|no data"]


def test_dataclasses_lists_and_conditions(word: Word) -> None:
    @dataclasses.dataclass(frozen=True)
    class School:
        name: str
        pupils: int | None

    template = word(
        "{% for s in schools %}{{ loop.index }}.{{ s.name }}{% if s.pupils is none %}?{% endif %} {% endfor %}"
    )
    filled = fill_docx(template, {"schools": (School("一小", 800), School("二小", None))})
    assert lines(filled.data) == ["1.一小 2.二小? "]


def test_rows_and_paragraphs_repeat() -> None:
    builder = TemplateBuilder()
    builder.tag("{%p for c in chapters %}")
    builder.paragraph("{{ c.title }}")
    builder.table(["名称", "数值"], ["{{ r.name }}", "{{ r.value|number(1) }}"], [80, 60], loop="r in c.rows")
    builder.tag("{%p endfor %}")
    rows = [{"name": "甲", "value": 1}, {"name": "乙", "value": None}]
    context = {"chapters": [{"title": "一", "rows": rows}, {"title": "二", "rows": []}]}
    document = docx.Document(io.BytesIO(fill_docx(builder.data(), context).data))
    assert [p.text for p in document.paragraphs if p.text] == ["一", "二"]
    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
        ["名称", "数值"], ["甲", "1.0"], ["乙", "无数据"],
    ]  # fmt: skip
    assert len(document.tables[1].rows) == 1


def test_tags_split_over_runs_by_word_are_joined() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ ti", "tle", " }", "}"):
        paragraph.add_run(piece).bold = len(piece) > 2
    out = io.BytesIO()
    document.save(out)
    assert lines(fill_docx(out.getvalue(), {"title": "年度报告"}).data) == ["年度报告"]


@pytest.mark.parametrize(
    ("tag", "field"),
    [
        ("{{ nope }}", "nope"),
        ("{{ city.nope }}", "city.nope"),
        ("{% for s in schools %}{{ s.nope }}{% endfor %}", "schools[].nope"),
        ("{% if false and nope %}{% endif %}", "nope"),
        ("{% if city.name == 'x' %}{{ city.nope.deep }}{% endif %}", "city.nope"),
    ],
)
def test_an_unknown_field_is_named_even_in_a_branch_not_taken(word: Word, tag: str, field: str) -> None:
    context = {"city": {"name": "云州"}, "schools": [{"name": "一小"}]}
    with pytest.raises(UnknownFieldError) as caught:
        fill_docx(word("ok", tag), context)
    assert caught.value.params["field"] == field
    assert f"“{field}”" in caught.value.text("zh-hans")


def test_data_that_looks_like_a_tag_or_markup_is_printed_literally(word: Word) -> None:
    hostile = '{{ 7*7 }}{% for %}{_{ </w:t><w:br/> & <b> #read("/etc/passwd") \\u0022 ]]>'
    assert lines(fill_docx(word("[{{ x }}]"), {"x": hostile}).data) == [f"[{hostile}]"]


def test_footnote_data_is_not_rendered_again_for_every_section(repacked: Callable[..., bytes]) -> None:
    builder = TemplateBuilder()
    builder.paragraph("正文")
    builder.document.add_section()
    builder.document.add_section()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = f'<w:footnotes {space}><w:footnote w:id="2"><w:p><w:r><w:t>{{{{ x }}}}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    template = repacked(
        builder.data(),
        {
            "word/footnotes.xml": notes,
            "[Content_Types].xml": lambda s: s.replace(
                "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
            ),
            "word/_rels/document.xml.rels": lambda s: s.replace(
                "</Relationships>",
                f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>',
            ),
        },
    )
    filled = fill_docx(template, {"x": "{{ secret }}", "secret": "leaked"})
    part = next(p for p in docx.Document(io.BytesIO(filled.data)).part.package.parts if "footnotes" in str(p.partname))
    assert "{{ secret }}" in part.blob.decode()
    assert "leaked" not in part.blob.decode()


def test_charts_become_pictures_with_alternative_text(word: Word) -> None:
    spec = BarChart(Frame("各县接入率", unit="%"), (Bar("甲县", 98.1),))
    filled = fill_docx(word("{{ chart }}"), {"chart": Chart(spec, width_mm=120)})
    document = docx.Document(io.BytesIO(filled.data))
    shape = document.inline_shapes[0]
    assert shape.width.mm == pytest.approx(120, abs=0.1)
    assert shape._inline.docPr.get("descr") == "各县接入率"
    assert len(filled.drawings) == 1
    assert next(iter(filled.drawings.values())).startswith("<svg")


def test_unused_charts_cost_nothing(word: Word) -> None:
    spec = BarChart(Frame("图"), (Bar("甲", 1),))
    assert fill_docx(word("ok"), {"chart": Chart(spec)}).drawings == {}


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), lambda: 1, b"bytes", type])
def test_only_plain_data_enters_a_template(word: Word, value: object) -> None:
    with pytest.raises(TemplateError):
        fill_docx(word("{{ x }}"), {"x": value})


def test_fields_are_listed_with_paths_kinds_and_places() -> None:
    builder = TemplateBuilder()
    builder.running_head("{{ title }}")
    builder.paragraph("{{ title }}{% if draft %}草稿{% endif %}")
    builder.tag("{%p for c in chapters %}")
    builder.table(["名称"], ["{{ r.name }}"], [80], loop="r in c.rows")
    builder.tag("{%p endfor %}")
    found = {f.path: (f.kind, f.places) for f in list_fields(builder.data())}
    assert found == {
        "title": ("value", ("正文", "页眉")),
        "draft": ("condition", ("正文",)),
        "chapters": ("list", ("正文",)),
        "chapters[].rows": ("list", ("正文",)),
        "chapters[].rows[].name": ("value", ("正文",)),
    }


def test_an_east_asian_font_is_named_where_the_template_names_none(word: Word) -> None:
    from docx.oxml.ns import qn

    document = docx.Document(io.BytesIO(word("x")))
    fonts = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    for name in ("eastAsia", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    out = io.BytesIO()
    document.save(out)
    filled = docx.Document(io.BytesIO(fill_docx(out.getvalue(), {}).data))
    fonts = filled.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == "宋体"


def test_house_styles_name_an_east_asian_font() -> None:
    from docx.oxml.ns import qn

    document = TemplateBuilder().document
    for name in ("Normal", "Body text", "Heading 1", "Table text", "Figure caption"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in {"仿宋", "黑体"}
        assert fonts.get(qn("w:eastAsiaTheme")) is None
