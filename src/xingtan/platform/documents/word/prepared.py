"""A Word file made ready for the template language: tags found, checked, and turned into template text per part."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Final

from docxtpl import DocxTemplate
from lxml import etree

from ..types import DEFAULT_LANG, Lang, Limits, TemplateError
from .language import Language
from .package import W

_TOKEN: Final = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_CLOSES: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_LONGEST_TAG: Final = 400
_REFUSED_TAG: Final = re.compile(r"\{\{[rp]\s|\{%\s*(?:vm|hm)\s*%\}|\{%-|-%\}|\{\{-|-\}\}")
_PARTS: Final = {
    "document": ("正文", "body"), "header": ("页眉", "header"), "footer": ("页脚", "footer"),
    "footnotes": ("脚注", "footnotes"),
}  # fmt: skip


def place_name(part_name: str, lang: Lang) -> str:
    """Return what people call a part: 正文, 页眉 …"""
    stem = part_name.rsplit("/", 1)[-1].removesuffix(".xml").rstrip("0123456789")
    return _PARTS[stem][lang == "en"] if stem in _PARTS else part_name


class PreparedTemplate(DocxTemplate):  # type: ignore[misc]
    """docxtpl's template with its rendering made strict: one pass, no recovery, no silent loss."""

    def __init__(self, data: bytes, *, lang: Lang = DEFAULT_LANG, limits: Limits | None = None) -> None:
        super().__init__(io.BytesIO(data))
        self.lang: Lang = lang
        self.limits = limits or Limits()
        self.drawings: dict[str, str] = {}
        self.current_rendering_part: Any = None

    def sources(self) -> Iterator[tuple[str, str]]:
        """Yield (place, template text) of every part that may hold tags."""
        self.init_docx()
        for part, xml in self._tagged_parts():
            place = place_name(part.partname, self.lang)
            check_tags(etree.fromstring(xml), place, self.limits)
            yield place, self._numbered(self.patch_xml(xml))

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        """Render one part and insist that the result is well-formed (docxtpl would drop what is not)."""
        if not isinstance(jinja_env, Language):
            raise TypeError("templates are rendered in our own language only")
        self.current_rendering_part = part
        jinja_env.place = place_name(part.partname, self.lang)
        try:
            rendered = jinja_env.from_string(self._numbered(src_xml)).render(context)
        except TypeError as error:
            raise TemplateError("template.comparison", reason=error) from error
        result: str = re.sub(r"\n<w:p([ >])", r"<w:p\1", rendered)
        try:
            etree.fromstring(result.encode("utf-8"))
        except etree.XMLSyntaxError as error:
            raise TemplateError("template.broken_result", place=jinja_env.place, reason=error.msg) from error
        return str(self.resolve_listing(result))

    def fix_tables(self, xml: str) -> Any:
        """Let docxtpl widen table grids for added columns; it reads widths and spans that may be nonsense."""
        try:
            return super().fix_tables(xml)
        except (ValueError, TypeError, AttributeError, ZeroDivisionError) as error:
            place = place_name(self.docx.part.partname, self.lang)
            raise TemplateError("template.broken_result", place=place, reason=f"table grid: {error}") from error

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Leave the document properties alone: they are not template text here."""

    def render_footnotes(self, context: Any, jinja_env: Any = None) -> None:
        """Render footnotes once. (docxtpl does it once per section, so filled-in data would be read as tags.)"""
        for part in self.docx.part.package.parts:
            if part.content_type.endswith("wordprocessingml.footnotes+xml"):
                xml = self.patch_xml(part.blob.decode("utf-8").split("?>", 1)[-1].lstrip())
                part._blob = self.render_xml_part(xml, part, context, jinja_env).encode("utf-8")

    def _tagged_parts(self) -> Iterator[tuple[Any, str]]:
        yield self.docx.part, self.xml_to_string(self.docx.element.body)
        for uri in (self.HEADER_URI, self.FOOTER_URI):
            for _, part in self.get_headers_footers(uri):
                yield part, self.get_part_xml(part)
        for part in self.docx.part.package.parts:
            if part.content_type.endswith("wordprocessingml.footnotes+xml"):
                yield part, self.get_part_xml(part)

    @staticmethod
    def _numbered(xml: str) -> str:
        """Start a line at every paragraph, so that a template line number is a paragraph number."""
        return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)


def check_tags(root: Any, place: str, limits: Limits) -> None:
    """Refuse malformed tags before docxtpl's regular expressions see them (they are not linear on such input).

    Raises:
        TemplateError: an unclosed, nested, overlong or misplaced tag; the message quotes it.
    """
    count = 0
    for node in root.iter(etree.Element):
        for value in node.attrib.values():
            if any(mark in value for mark in _CLOSES):
                raise TemplateError("template.attribute", tag=value[:60], place=place)
        words = (node.text or "") if node.tag != f"{{{W}}}t" else ""
        if any(mark in words + (node.tail or "") for mark in _CLOSES):
            raise TemplateError("template.attribute", tag=words.strip()[:60], place=place)
    for paragraph in root.iter(f"{{{W}}}p"):
        words = "".join(t.text or "" for t in paragraph.iter(f"{{{W}}}t") if _owner(t) is paragraph)
        count += _check_paragraph(words, place)
        if count > limits.tags:
            raise TemplateError("template.too_many_tags", place=place, count=count, limit=limits.tags)


def _owner(node: Any) -> Any:
    return next(node.iterancestors(f"{{{W}}}p"))


def _check_paragraph(words: str, place: str) -> int:
    opened: re.Match[str] | None = None
    count = 0
    for token in _TOKEN.finditer(words):
        if opened is None:
            if token[0] not in _CLOSES:
                raise _bad(words, token.start() - 20, place, "没有开始标记 / not opened")
            opened = token
        elif token[0] != _CLOSES[opened[0]]:
            raise _bad(words, opened.start(), place, "没有结束标记 / not closed")
        elif token.end() - opened.start() > _LONGEST_TAG:
            raise _bad(words, opened.start(), place, "过长 / too long")
        else:
            tag = words[opened.start() : token.end()]
            if _REFUSED_TAG.search(tag):
                raise _bad(words, opened.start(), place, "请用 {{ 字段 }}、{% %}、{%tr %}、{%p %} / not supported")
            opened, count = None, count + 1
    if opened is not None:
        raise _bad(words, opened.start(), place, "没有结束标记 / not closed")
    if words.endswith("{") or words.startswith("}"):
        raise _bad(words, 0, place, "段落不能以花括号断开 / a brace at the edge of a paragraph")
    return count


def _bad(words: str, start: int, place: str, reason: str) -> TemplateError:
    return TemplateError("template.tag", tag=words[max(start, 0) :][:40], place=place, reason=reason)
