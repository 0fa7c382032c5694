"""Runs, fields, links, pictures and notes inside a paragraph, as typst markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from docx.oxml.ns import qn

from .. import typeset
from .job import Job
from .looks import Raw, RunLook, read_run

PAGE_BREAK: Final = "\f"
END_LABEL: Final = "xt-end"

_EMU_PER_POINT: Final = 12_700
_INERT: Final = frozenset(
    {
        "rPr",
        "pPr",
        "proofErr",
        "bookmarkEnd",
        "lastRenderedPageBreak",
        "permStart",
        "permEnd",
        "annotationRef",
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "commentRangeStart",
        "commentRangeEnd",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "sdtPr",
        "sdtEndPr",
        "smartTagPr",
        "customXmlPr",
        "delInstrText",
        "fldData",
        "softHyphen",
    }
)
_TRANSPARENT: Final = frozenset({"smartTag", "customXml", "sdt", "sdtContent", "ins", "moveTo", "dir", "bdo"})
_PICTOGRAMS: Final = {"F0FC": "√", "F0FE": "☑", "F0A8": "□", "F06F": "□", "F0B7": "•", "F0D8": "▶", "F052": "☑"}
_URL: Final = re.compile(r"(?:https?://|mailto:)\S+\Z", re.IGNORECASE)
_W: Final = qn("w:x")[:-1]


@dataclass
class _Field:
    """A complex field being read: its instruction, then its result, shown unless we compute our own."""

    code: str = ""
    in_result: bool = False
    hidden: bool = False
    is_contents: bool = False


class InlineWriter:
    """Writes the paragraphs of one story (body, a header, a note); fields may span its paragraphs."""

    def __init__(self, job: Job, part: Any, place: str, *, can_break: bool = False) -> None:
        self.job = job
        self.part = part
        self.place = place
        self.can_break = can_break
        self.blocks: list[Any] = []
        self.contents_levels: int | None = None
        self._fields: list[_Field] = []
        self._out: list[str] = []
        self._pending: tuple[RunLook, str] | None = None
        self._base = RunLook()
        self._style: Raw = {}
        self._tabs: list[tuple[float, str, str]] = []
        self._largest = 0.0

    @property
    def hiding(self) -> bool:
        """Whether text met now belongs to a field's code or to a result that we replace."""
        return any(field.hidden or not field.in_result for field in self._fields)

    def paragraph(
        self, paragraph: Any, base: RunLook, style: Raw, tabs: tuple[tuple[float, str, str], ...]
    ) -> tuple[list[str], float]:
        """Return the paragraph's markup, split at page breaks, and the largest font size in it (points)."""
        self._out, self._base, self._style = [""], base, style
        self._tabs, self._largest = [t for t in tabs if t[1] != "clear"], 0.0
        self._children(paragraph)
        self._flush()
        return self._out, self._largest or base.size

    def _children(self, node: Any) -> None:
        for child in node:
            if isinstance(child.tag, str):
                self._node(child)

    def _node(self, node: Any) -> None:
        name = node.tag.rsplit("}", 1)[-1]
        if name in _INERT:
            return
        if name == "r":
            self._run(node)
        elif name in _TRANSPARENT:
            if name in {"ins", "moveTo"}:
                self.job.log.approximated("修订 / tracked change", self.place)
            self._children(node)
        elif name == "hyperlink":
            self._hyperlink(node)
        elif name == "fldSimple":
            self._simple_field(node)
        elif name == "bookmarkStart":
            self._emit(self.job.anchor(node.get(qn("w:name"))))
        elif name in {"del", "moveFrom"}:
            self.job.log.approximated("修订 / tracked change", self.place)
        elif name in {"oMath", "oMathPara"}:
            self.job.log.approximated("公式 / equation", self.place)
            self._write("".join(t.text or "" for t in node.iter() if str(t.tag).endswith("math}t")), self._base)
        elif name == "AlternateContent":
            self._alternate(node)
        else:
            self.job.log.unsupported(name, self.place)

    def _run(self, run: Any) -> None:
        properties = run.find(qn("w:rPr"))
        style = properties.find(qn("w:rStyle")) if properties is not None else None
        character = self.job.styles.character(style.get(qn("w:val"))) if style is not None else {}
        look = self.job.look(self._style, character, read_run(properties))
        if properties is not None and (properties.find(qn("w:em")) is not None):
            self.job.log.approximated("着重号 / emphasis mark", self.place)
        for child in run:
            if isinstance(child.tag, str):
                self._piece(child, look)

    def _piece(self, node: Any, look: RunLook) -> None:
        name = node.tag.rsplit("}", 1)[-1]
        if name == "fldChar":
            self._field_mark(node.get(qn("w:fldCharType")), look)
        elif name == "instrText":
            if self._fields:
                self._fields[-1].code += node.text or ""
        elif self.hiding or look.hidden:
            if look.hidden and name == "t":
                self.job.log.unsupported("隐藏文字 / hidden text", self.place)
        elif name == "t":
            self._write(node.text or "", look)
        elif name in {"tab", "ptab"}:
            self._emit(self._tab())
        elif name in {"br", "cr"}:
            self._break(node.get(qn("w:type")))
        elif name == "noBreakHyphen":
            self._write("‑", look)
        elif name == "sym":
            code = (node.get(qn("w:char")) or "").upper()
            if code not in _PICTOGRAMS:
                self.job.log.approximated(f"符号 / symbol {code}", self.place)
            self._write(_PICTOGRAMS.get(code, "□"), look)
        elif name == "drawing":
            self._drawing(node)
        elif name == "AlternateContent":
            self._alternate(node)
        elif name in {"footnoteReference", "endnoteReference"}:
            self._note(node, name)
        elif name == "ruby":
            self.job.log.approximated("拼音指南 / ruby", self.place)
            for base in node.iter(qn("w:rubyBase")):
                self._children(base)
        elif name == "pict":
            self._text_boxes(node, "VML")
        elif name == "commentReference":
            self.job.log.unsupported("批注 / comment", self.place)
        elif name in {"pgNum"}:
            self._emit(self._computed("PAGE") or "")
        elif name not in _INERT:
            self.job.log.unsupported(name, self.place)

    def _write(self, words: str, look: RunLook) -> None:
        if not words or self.hiding:
            return
        self._largest = max(self._largest, look.size)
        if self._pending and self._pending[0] == look:
            words = self._pending[1] + words
        else:
            self._flush()
        self._pending = (look, words)

    def _flush(self) -> None:
        if self._pending:
            look, words = self._pending
            self._pending = None
            self._out[-1] += self.styled(words.upper() if look.caps else words, look, self._base)

    def _emit(self, markup: str) -> None:
        self._flush()
        if not self.hiding:
            self._out[-1] += markup

    def styled(self, words: str, look: RunLook, base: RunLook) -> str:
        """Return ``words`` as markup that differs from the surrounding text only where ``look`` differs."""
        expression = f"text({self.text_arguments(look, base)}{self.job.text(words)})"
        if look.small_caps:
            expression = f"smallcaps({expression})"
        if look.background:
            expression = f"highlight(fill: {typeset.colour(look.background)}, {expression})"
        if look.underline:
            expression = f"underline(offset: 0.14em, stroke: 0.05em, {expression})"
        if look.strike:
            expression = f"strike({expression})"
        if look.vertical in {"superscript", "subscript"}:
            shift = "super" if look.vertical == "superscript" else "sub"
            expression = f"{shift}(typographic: false, {expression})"
        return f"#{expression}"

    def text_arguments(self, look: RunLook, base: RunLook) -> str:
        """Return the typst text arguments in which ``look`` differs from ``base``, each with its comma."""
        parts = []
        if look.font != base.font and self.job.family(look.font) != self.job.family(base.font):
            parts.append(f"font: {typeset.literal(self.job.family(look.font))}")
        if look.size != base.size:
            parts.append(f"size: {typeset.points(look.size)}")
        if look.bold != base.bold:
            parts.append(f'weight: "{"bold" if look.bold else "regular"}"')
        if look.italic and not base.italic:
            self.job.log.approximated("斜体 / italic", self.place)
            parts.append('style: "italic"')
        if look.colour != base.colour:
            parts.append(f"fill: {typeset.colour(look.colour or '000000')}")
        if look.tracking != base.tracking:
            parts.append(f"tracking: {typeset.points(look.tracking)}")
        return "".join(f"{part}, " for part in parts)

    def _tab(self) -> str:
        _, kind, leader = self._tabs.pop(0) if self._tabs else (0.0, "left", "none")
        if leader in {"dot", "middleDot"} and kind == "right":
            return "#box(width: 1fr, repeat(justify: false, gap: 0.1em)[.])"
        if kind in {"right", "center", "end"}:
            return "#h(1fr)"
        return "#h(2em)"

    def _break(self, kind: str | None) -> None:
        self._flush()
        if kind == "page" and self.can_break:
            self._out.append("")
        elif kind in {"page", "column"}:
            self.job.log.unsupported(f"{kind} break", self.place)
        else:
            self._emit("#linebreak()")

    def _hyperlink(self, node: Any) -> None:
        anchor, relation = node.get(qn("w:anchor")), self.part.rels.get(node.get(qn("r:id")) or "")
        url = relation.target_ref if relation is not None and relation.is_external else ""
        self._linked(node, url, anchor)

    def _linked(self, node: Any, url: str, anchor: str | None) -> None:
        self._flush()
        start, depth = len(self._out[-1]), len(self._out)
        self._children(node)
        self._flush()
        label = self.job.target(anchor) if anchor else None
        if label is None and not _URL.match(url):
            if url or anchor:
                self.job.log.approximated("链接 / link", self.place)
            return
        if len(self._out) == depth and len(self._out[-1]) > start:
            inside = self._out[-1][start:]
            target = f"label({typeset.literal(label)})" if label else typeset.literal(url)
            self._out[-1] = f"{self._out[-1][:start]}#link({target})[{inside}]"

    def _simple_field(self, node: Any) -> None:
        computed = self._computed(node.get(qn("w:instr")) or "")
        if computed is None:
            self._children(node)
        else:
            self._emit(computed)

    def _field_mark(self, kind: str | None, look: RunLook) -> None:
        if kind == "begin":
            self._flush()
            self._fields.append(_Field())
        elif self._fields and kind in {"separate", "end"}:
            field = self._fields[-1]
            if not field.in_result:
                field.in_result = True
                computed = self._computed(field.code)
                if computed is not None:
                    if not any(f.hidden or not f.in_result for f in self._fields):
                        arguments = self.text_arguments(look, self._base)
                        self._emit(f"#text({arguments})[{computed}]" if arguments and computed else computed)
                    field.hidden = True
            if kind == "end":
                self._flush()
                self._fields.pop()

    def _computed(self, code: str) -> str | None:
        """Return markup for a field we work out ourselves, or ``None`` to show Word's cached result."""
        words = code.split()
        match words[0].upper() if words else "":
            case "PAGE":
                return f"#context counter(page).display({typeset.literal(self.job.page_format)})"
            case "NUMPAGES":
                return f'#context str(locate(label("{END_LABEL}")).page())'
            case "PAGEREF" if len(words) > 1 and self.job.target(words[1]):
                return f'#context str(counter(page).at(label("{self.job.target(words[1])}")).first())'
            case "TOC":
                levels = re.search(r'\\o\s+"\d-(\d)"', code)
                self.contents_levels = int(levels[1]) if levels else 3
                return ""
        return None

    def _drawing(self, node: Any) -> None:
        frame = next((n for n in node if str(n.tag).endswith(("}inline", "}anchor"))), None)
        blip = next(node.iter(qn("a:blip")), None)
        if frame is None or blip is None:
            self._text_boxes(node, "图形 / shape")
            return
        if str(frame.tag).endswith("}anchor"):
            self.job.log.approximated("浮动图片 / floating picture", self.place)
        crop = next(node.iter(qn("a:srcRect")), None)
        if crop is not None and crop.attrib:
            self.job.log.approximated("裁剪图片 / cropped picture", self.place)
        extent = frame.find(qn("wp:extent"))
        file = self.job.picture(self.part, blip.get(qn("r:embed")), self.place)
        if file is None or extent is None:
            return
        width, height = (int(extent.get(side, "0")) / _EMU_PER_POINT for side in ("cx", "cy"))
        properties = frame.find(qn("wp:docPr"))
        alt = typeset.literal((properties.get("descr") or "") if properties is not None else "")
        size = f"width: {typeset.points(width)}, height: {typeset.points(height)}"
        self._emit(f'#box(image("{file}", {size}, fit: "stretch", alt: {alt}))')

    def _alternate(self, node: Any) -> None:
        """Word offers alternatives; the first choice we can read wins, else the fallback."""
        for choice in node:
            if any(str(n.tag).endswith(("}blip", "}txbxContent")) for n in choice.iter()):
                for child in choice:
                    self._piece(child, self._base)
                return
        self.job.log.unsupported("图形 / shape", self.place)

    def _text_boxes(self, node: Any, what: str) -> None:
        """Print the text of shapes below the paragraph: its position is lost, its words are not."""
        boxes = list(node.iter(qn("w:txbxContent")))
        if boxes:
            self.job.log.approximated("文本框 / text box", self.place)
            self.blocks += boxes
        else:
            self.job.log.unsupported(what, self.place)

    def _note(self, node: Any, name: str) -> None:
        notes = self.job.footnotes if name == "footnoteReference" else self.job.endnotes
        note = notes.get(node.get(qn("w:id")))
        if name == "endnoteReference":
            self.job.log.approximated("尾注 / endnote", self.place)
        if note is None:
            return
        lines = []
        for paragraph in note.iter(qn("w:p")):
            writer = InlineWriter(self.job, self.part, "脚注 / footnote")
            base = self.job.default_look
            lines.append("".join(writer.paragraph(paragraph, base, self.job.styles.paragraph(None)[1], ())[0]))
        self._emit(f"#footnote[{'#linebreak()'.join(lines)}]")
