"""Whatever text comes in, it comes out as text: never as typst code, XML or a tag."""

from __future__ import annotations

import io
import json
import unicodedata

import docx
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from xingtan.platform.documents import fonts, typeset
from xingtan.platform.documents.api import docx_to_pdf, fill_docx

NASTY = st.sampled_from(
    ['"', "\\", "#", "$", "`", "*", "_", "[", "]", "{", "}", "{{", "}}", "{%", "%}", "{#", "<", ">", "&", "]]>", "//",
     "/*", '#read("/etc/passwd")', "\\u{41}", '"+read("x")+"', "\n", "\t", "\x00", "\ud800", "\ufffe", "﷽", "杏坛"]
)  # fmt: skip
TEXT = st.lists(st.one_of(NASTY, st.text(max_size=8)), max_size=8).map("".join)


def kept(text: str) -> str:
    """What :func:`typeset.literal` promises to keep."""
    return "".join(
        c for c in text if (c == "\t" or unicodedata.category(c) not in {"Cc", "Cs"}) and ord(c) & 0xFFFE != 0xFFFE
    )


@given(TEXT)
@settings(max_examples=120, deadline=None)
def test_a_literal_is_the_text(text: str) -> None:
    source = f"#metadata({typeset.literal(text)}) <here>"
    answer = typst.query(source.encode(), "<here>", field="value", one=True, font_paths=fonts.collection())
    assert json.loads(answer) == kept(text)


@given(TEXT)
@settings(max_examples=60, deadline=None)
def test_text_survives_filling_and_typesetting(text: str) -> None:
    document = docx.Document()
    document.add_paragraph("[{{ x }}]")
    out = io.BytesIO()
    document.save(out)
    filled = fill_docx(out.getvalue(), {"x": text})
    expected = "".join(c for c in text if c in "\n\t" or c == "\x85" or (ord(c) >= 0x20 and c != "\x7f"))
    expected = "".join(c for c in expected if not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
    assert docx.Document(io.BytesIO(filled.data)).paragraphs[0].text == f"[{expected}]"
    assert docx_to_pdf(filled, stamp=text, title=text).pages >= 1


@given(st.floats(), st.text(max_size=7))
def test_lengths_and_colours_never_carry_code(value: float, colour: str) -> None:
    number = typeset.points(value)
    assert number.endswith("pt")
    assert abs(float(number.removesuffix("pt"))) <= 20_000
    try:
        shown = typeset.colour(colour)
    except ValueError:
        return
    assert len(shown) == len('rgb("#000000")')
    assert all(c in "0123456789abcdef" for c in shown[6:12])
