"""Templates made to harm: each must end in a clear error, quickly, without running or reading anything."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest

from xingtan.platform.documents.api import (
    DocumentError,
    LimitExceededError,
    Limits,
    TemplateError,
    UnsafeTemplateError,
    check_package,
    docx_to_pdf,
    fill_docx,
    list_fields,
)

Word = Callable[..., bytes]
Repack = Callable[..., bytes]
CONTEXT = {"x": "值", "n": 5, "rows": [1, 2, 3], "many": list(range(3000)), "group": {"a": 1}}
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    "tag",
    [
        "{{ x.__class__ }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ x.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ self._TemplateReference__context }}",
        "{{ x|attr('__class__') }}", "{{ x.upper() }}", "{{ group.keys }}", "{{ rows.append }}", "{{ range(9) }}",
        "{{ 'a' * 1000000000 }}", "{{ x ~ x }}", "{{ 9 ** 9 ** 9 }}", "{{ '%99999999d'|format(1) }}",
        "{{ '{:>99999999}'.format(1) }}", "{% set y = 1 %}", "{% include '/etc/passwd' %}", "{% import 'os' as o %}",
        "{% extends 'x' %}", "{% block a %}{% endblock %}", "{% macro f() %}{% endmacro %}",
        "{% call f() %}{% endcall %}", "{% filter upper %}a{% endfilter %}", "{% with a = 1 %}{% endwith %}",
        "{% autoescape false %}{{ x }}{% endautoescape %}", "{% for a in rows recursive %}{% endfor %}",
        "{% for a, b in rows %}{% endfor %}", "{% for loop in rows %}{% endfor %}", "{{ rows|map('upper')|list }}",
        "{{ x is defined }}", "{{ x is callable }}", "{{ [1]|join('x') }}", "{{ rows }}", "{{ group }}",
        "{% for c in x %}{{ c }}{% endfor %}", "{{ n > 'a' }}", "{{ x|number }}", "{{ n|number(99999999) }}",
        "{% do x %}", "{% break %}", "{{ group[x] }}", "{{ x[0:9] }}", "{% for a in rows %}", "{% endif %}",
        "{{ x", "x }}", "{{ {{ x }} }}", "{{r x }}", "{{p x }}", "{%- if x %}{% endif %}", "{{ " * 50_000,
    ],
)  # fmt: skip
def test_the_template_language_is_closed(word: Word, tag: str) -> None:
    with pytest.raises(TemplateError) as caught:
        fill_docx(word("before", tag), CONTEXT)
    assert caught.value.text("zh-hans")
    assert caught.value.text("en")


@pytest.mark.parametrize(
    "tag",
    [
        "{% for a in many %}{% for b in many %}{{ b }}{% endfor %}{% endfor %}",
        "{% for a in many %}" + "字" * 200_000 + "{% endfor %}",
        "{% for a in rows %}" * 6 + "x" + "{% endfor %}" * 6,
    ],
)
def test_loops_are_paid_for(word: Word, tag: str) -> None:
    with pytest.raises(LimitExceededError):
        fill_docx(word(tag), CONTEXT)


def test_time_is_limited(word: Word) -> None:
    with pytest.raises(LimitExceededError, match="longer than"):
        fill_docx(word("{% for a in many %}{{ a }}{% endfor %}"), CONTEXT, limits=Limits(seconds=0.0))


def test_printed_values_are_paid_for(word: Word) -> None:
    with pytest.raises(LimitExceededError, match="would exceed"):
        fill_docx(word("{% for a in rows %}{{ big }}{% endfor %}"), {"big": "字" * 500, "rows": [1, 2, 3]},
                  limits=Limits(output_chars=1200))  # fmt: skip


def test_too_many_tags(word: Word) -> None:
    with pytest.raises(TemplateError, match="Too many template tags"):
        fill_docx(word(*["{{ x }}" * 100] * 50), CONTEXT)


def test_tags_hidden_outside_text_are_refused(word: Word, repacked: Repack) -> None:
    in_attribute = repacked(
        word("x"), {"word/document.xml": lambda s: s.replace("<w:body>", '<w:body w:note="{{ x }}">')}
    )
    with pytest.raises(TemplateError, match="belong in text"):
        fill_docx(in_attribute, CONTEXT)
    between = repacked(word("x"), {"word/document.xml": lambda s: s.replace("<w:body>", "<w:body>{{ x }}")})
    with pytest.raises(TemplateError, match="belong in text"):
        fill_docx(between, CONTEXT)


def test_a_loop_that_breaks_the_structure_is_reported_not_repaired(save: Callable[[object], bytes]) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{% for a in rows %}"
    document.add_paragraph("{% endfor %}")
    with pytest.raises(TemplateError, match="not well-formed"):
        fill_docx(save(document), CONTEXT)


def test_broken_table_grids_are_errors(word: Word, repacked: Repack) -> None:
    table = "<w:tbl><w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>{%colspan x %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    template = repacked(word("x"), {"word/document.xml": lambda s: s.replace("<w:body>", "<w:body>" + table)})
    with pytest.raises(TemplateError, match="not well-formed"):
        fill_docx(template, CONTEXT)


def part(kind: str, name: str, content: str = "x") -> dict[str, object]:
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    return {name: content, "[Content_Types].xml": lambda s: s.replace("</Types>", override)}


def relation(kind: str, target: str, mode: str = ' TargetMode="External"') -> dict[str, object]:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    node = f'<Relationship Id="rIdX" Type="{base}{kind}" Target="{target}"{mode}/></Relationships>'
    return {"word/_rels/document.xml.rels": lambda s: s.replace("</Relationships>", node)}


def body(xml: str) -> dict[str, object]:
    return {"word/document.xml": lambda s: s.replace("<w:body>", f"<w:body>{xml}")}


def field(code: str) -> dict[str, object]:
    return body(
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


SPLIT_DDE = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DD</w:instrText></w:r></w:p>'
    '<w:p><w:r><w:instrText>EAUTO c:\\cmd</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
NESTED = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText>QUOTE "DDE"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
VML = '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="\\\\host\\a.png"/></v:shape></w:pict></w:r></w:p>'


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (part("application/vnd.ms-office.vbaProject", "word/vbaProject.bin"), "package.macro"),
        ({"word/vbaData.xml": "<a/>"}, "package.macro"),
        ({"customUI/customUI.xml": "<a/>"}, "package.macro"),
        ({"[Content_Types].xml": lambda s: s.replace("document.main+xml", "document.macroEnabled.main+xml")}, "package.macro"),
        ({"word/embeddings/oleObject1.bin": "x"}, "package.embedded"),
        ({"word/activeX/activeX1.xml": "<a/>"}, "package.embedded"),
        (body("<w:p><w:r><w:object/></w:r></w:p>"), "package.embedded"),
        (relation("oleObject", "http://host/x"), "package.embedded"),
        (relation("image", "http://host/pixel.png"), "package.external"),
        (relation("image", "file:///etc/passwd"), "package.external"),
        (body(VML), "package.external"),
        (relation("aFChunk", "x.html", ""), "package.import"),
        (body('<w:altChunk r:id="rId1"/>'), "package.import"),
        (relation("subDocument", "http://host/x"), "package.import"),
        (field("DDEAUTO c:\\\\windows\\\\cmd.exe"), "package.field_code"),
        (field('INCLUDETEXT "file:///etc/passwd"'), "package.field_code"),
        (field('INCLUDEPICTURE "http://host/x.png"'), "package.field_code"),
        (field('HYPERLINK "file:///etc/passwd"'), "package.field_code"),
        (field("{{ x }}"), "package.field_code"),
        (field(""), "package.field_code"),
        (body(SPLIT_DDE), "package.field_code"),
        (body(NESTED), "package.field_code"),
        (body('<w:p><w:fldSimple w:instr=" LINK Excel.Sheet "/></w:p>'), "package.field_code"),
        ({"word/extra.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "package.dtd"),
        ({"word/extra.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}, "package.dtd"),
        ({"word/extra.xml": "<a>"}, "package.bad_xml"),
        ({"word/../../evil.xml": "<a/>"}, "package.bad_name"),
        ({"/etc/evil.xml": "<a/>"}, "package.bad_name"),
        ({"WORD/DOCUMENT.XML": "<a/>"}, "package.bad_name"),
        ({"word/media/bomb.bin": b"\0" * 30_000_000}, "package.bomb"),
        ({"word/big.xml": b"<a>" + b" " * 7_000_000 + b"</a>"}, "package.bomb"),
    ],
)  # fmt: skip
def test_dangerous_packages_are_refused(word: Word, repacked: Repack, changes: dict[str, object], code: str) -> None:
    data = repacked(word("{{ x }}"), changes)
    for use in (lambda: check_package(data), lambda: fill_docx(data, CONTEXT), lambda: list_fields(data)):
        with pytest.raises(UnsafeTemplateError) as caught:
            use()
        assert caught.value.code == code
    if code not in {"package.bomb"}:
        with pytest.raises(UnsafeTemplateError):
            docx_to_pdf(data)


def test_size_limits_apply_before_unpacking(word: Word) -> None:
    data = word("x")
    for limits in (Limits(package_bytes=100), Limits(unpacked_bytes=100), Limits(parts=2), Limits(part_xml_bytes=50)):
        with pytest.raises(UnsafeTemplateError) as caught:
            check_package(data, limits)
        assert caught.value.code == "package.too_large"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old doc", b"PK" + b"\0" * 999])
def test_not_a_word_file(data: bytes) -> None:
    with pytest.raises(UnsafeTemplateError) as caught:
        check_package(data)
    assert caught.value.code == "package.not_word"


def test_a_zip_that_lies_about_its_sizes_is_refused(word: Word) -> None:
    data = bytearray(word("x" * 5000))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        entry = archive.getinfo("word/document.xml")
    at = data.rindex(b"word/document.xml") - 46
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert entry.file_size > 10
    with pytest.raises(UnsafeTemplateError):
        check_package(bytes(data))


def test_attached_template_and_bad_links_are_stripped_and_reported(word: Word, repacked: Repack) -> None:
    rels = "word/_rels/settings.xml.rels"
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{base}/attachedTemplate" Target="\\\\host\\n.dotm" TargetMode="External"/></Relationships>'
    )
    settings = f'<w:attachedTemplate xmlns:r="{base}" r:id="rId1"/></w:settings>'
    changes = {
        rels: content,
        "word/settings.xml": lambda s: s.replace("</w:settings>", settings),
        **relation("hyperlink", "file:///c:/x"),
    }
    cleaned, notices = check_package(repacked(word("{{ x }}"), changes))
    assert sorted({n.code for n in notices}) == ["package.attached_template", "package.link_removed"]
    with zipfile.ZipFile(io.BytesIO(cleaned)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"host" not in everything
    assert b"file:///c:/x" not in everything
    assert check_package(cleaned) == (cleaned, ())
    filled = fill_docx(repacked(word("{{ x }}"), changes), CONTEXT)
    assert [n.code for n in filled.notices] == [n.code for n in notices]


def test_ordinary_links_and_fields_stay(word: Word, repacked: Repack) -> None:
    good = repacked(word("{{ x }}"), relation("hyperlink", "https://example.org/a?b=1"))
    assert check_package(good) == (good, ())
    for code in (
        "PAGE",
        " NUMPAGES \\* MERGEFORMAT ",
        'TOC \\o "1-3" \\h',
        'HYPERLINK \\l "_Toc1"',
        'HYPERLINK "https://a.b/"',
    ):
        data = repacked(word("{{ x }}"), field(code))
        assert check_package(data) == (data, ()), code


def test_filling_cannot_smuggle_a_field_in(word: Word) -> None:
    document = docx.Document(io.BytesIO(fill_docx(word("{{ x }}"), {"x": "<w:instrText>DDE</w:instrText>"}).data))
    assert document.paragraphs[0].text == "<w:instrText>DDE</w:instrText>"


def test_every_error_has_both_languages() -> None:
    from string import Formatter

    from xingtan.platform.documents.messages import MESSAGES

    for code, (chinese, english) in MESSAGES.items():
        names = [{name for _, name, _, _ in Formatter().parse(s) if name} for s in (chinese, english)]
        assert names[0] == names[1], code
        assert any("\u4e00" <= c <= "\u9fff" for c in chinese), code
        assert not any("\u4e00" <= c <= "\u9fff" for c in english), code
    assert DocumentError("pages.not_document").text("en").startswith("Cannot preview")
