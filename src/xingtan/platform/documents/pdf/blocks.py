"""Paragraphs and the flow of blocks (body, cell, header) as typst markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from .. import typeset
from ..charts.canvas import text_width
from .inline import InlineWriter
from .job import Job
from .looks import ParagraphLook, Raw, RunLook, read_paragraph, resolve_paragraph

_IGNORED = frozenset(
    {"sectPr", "bookmarkEnd", "proofErr", "permStart", "permEnd", "tcPr", "tblPr", "sdtPr", "sdtEndPr"}
)


@dataclass(frozen=True)
class Flow:
    """Where blocks are being placed. ``table_run`` / ``table_paragraph`` come from a surrounding table's style."""

    part: Any
    place: str
    writer: InlineWriter
    can_break: bool = False
    table_run: Raw = field(default_factory=dict)
    table_paragraph: Raw = field(default_factory=dict)
    depth: int = 0


class BlockWriter:
    """Turns block-level Word elements into typst markup."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.at_page_start = False
        """typst drops space at the top of a page; Word keeps it after a break, so we say it with a fixed gap."""

    def flow(self, part: Any, place: str, *, can_break: bool = False) -> Flow:
        """Open a new story."""
        return Flow(part, place, InlineWriter(self.job, part, place, can_break=can_break), can_break)

    def blocks(self, nodes: Iterable[Any], flow: Flow) -> str:
        """Return the markup of a sequence of blocks."""
        from .tables import table

        flat = list(_flatten(nodes))
        out = []
        for index, node in enumerate(flat):
            name = node.tag.rsplit("}", 1)[-1]
            if name == "p":
                before = flat[index - 1] if index else None
                after = flat[index + 1] if index + 1 < len(flat) else None
                out.append(self.paragraph(node, flow, before, after))
            elif name == "tbl":
                out.append(table(self, node, flow))
            elif name == "bookmarkStart":
                out.append(self.job.anchor(node.get(qn("w:name"))))
            elif name not in _IGNORED:
                self.job.log.unsupported(name, flow.place)
        return "\n".join(part for part in out if part)

    def looks(self, paragraph: Any, flow: Flow) -> tuple[ParagraphLook, RunLook, Raw]:
        """Resolve a paragraph: its look, the look of plain text in it, and the raw run properties of its style."""
        styles = self.job.styles
        properties = paragraph.find(qn("w:pPr"))
        name = properties.find(qn("w:pStyle")) if properties is not None else None
        style_paragraph, style_run = styles.paragraph(name.get(qn("w:val")) if name is not None else None)
        direct = read_paragraph(properties)
        raw = {**styles.paragraph_defaults, **flow.table_paragraph}
        numbering = {k: v for k, v in {**style_paragraph, **direct}.items() if k in {"number", "level"}}
        level = self._level_look(numbering)
        raw |= {**level, **style_paragraph} if "number" not in direct else {**style_paragraph, **level}
        raw |= direct
        run = {**flow.table_run, **style_run}
        base = self.job.look(run)
        return resolve_paragraph(raw, base.size), base, run

    def _level_look(self, numbering: Raw) -> Raw:
        if numbering.get("number") in (None, "0"):
            return {}
        return self.job.numbering.paragraph_look(numbering["number"], numbering.get("level", 0))

    def paragraph(self, node: Any, flow: Flow, previous: Any = None, following: Any = None) -> str:
        """Return one paragraph's markup, with page breaks, text boxes and a table of contents it holds."""
        look, base, style_run = self.looks(node, flow)
        if node.find(f"{qn('w:pPr')}/{qn('w:framePr')}") is not None:
            self.job.log.approximated("图文框 / frame", flow.place)
        writer, was_hiding = flow.writer, flow.writer.hiding
        segments, size = writer.paragraph(node, base, style_run, look.tabs)
        contents = self._contents(writer)
        boxes, writer.blocks = writer.blocks, []
        label = self._label(look, base, style_run, writer) if not was_hiding else ""
        empty_field = (was_hiding or writer.hiding or contents) and not any(segments)
        out = []
        if look.page_break_before and flow.can_break:
            out.append("#pagebreak(weak: true)")
            self.at_page_start = True
        if contents:
            out.append(contents)
            self.at_page_start = False
        for index, segment in enumerate([] if empty_field else segments):
            if index:
                out.append("#pagebreak()")
                self.at_page_start = True
            if index and not segment and index == len(segments) - 1:
                continue
            if not segment and len(segments) > 1:
                continue
            shape = _Shape(look, base, size, _alike(look, previous, self, flow), _alike(look, following, self, flow))
            if flow.can_break:
                if self.at_page_start and look.before:
                    out.append(f"#v({typeset.points(look.before)})")
                self.at_page_start = False
            out.append(self._block(shape, segment, label if index == 0 else "", flow))
        out += [self.blocks(box, self.flow(flow.part, flow.place)) for box in boxes]
        return "\n".join(out)

    def _block(self, shape: _Shape, content: str, label: str, flow: Flow) -> str:
        look, base, size = shape.look, shape.base, shape.size
        leading = look.line(size, self.job.grid_pitch) - size
        above, below = (0.0 if shape.joins_above else look.before), (0.0 if shape.joins_below else look.after)
        hanging = max(-look.first, 0.0)
        arguments = [
            "width: 100%",
            f"above: {typeset.points(above + leading)}",
            f"below: {typeset.points(below + leading)}",
        ]
        if look.keep_next:
            arguments.append("sticky: true")
        if look.keep_lines:
            arguments.append("breakable: false")
        insets = [f"left: {typeset.points(look.left - hanging)}", f"right: {typeset.points(look.right)}"]
        if look.shading:
            arguments.append(f"fill: {typeset.colour(look.shading)}")
            insets += [f"top: {typeset.points(leading / 2)}", f"bottom: {typeset.points(leading / 2)}"]
        if look.left - hanging or look.right or look.shading:
            arguments.append(f"inset: ({', '.join(insets)})")
        if look.borders:
            arguments.append(f"stroke: ({', '.join(_stroke(b) for b in look.borders if b[0] in _SIDES)})")
            arguments.append(f"outset: (y: {typeset.points(max(leading / 2, 1))})")
        if not content and not label:
            return f"#block({', '.join(arguments)}, height: {typeset.points(size)})"
        settings = self._settings(look, base, flow)
        paragraph = [
            f"leading: {typeset.points(leading)}",
            f"justify: {'true' if look.align == 'justify' else 'false'}",
        ]
        if look.first > 0 and not label:
            paragraph.append(f"first-line-indent: (amount: {typeset.points(look.first)}, all: true)")
        if hanging:
            paragraph.append(f"hanging-indent: {typeset.points(hanging)}")
        lead = f"#h({typeset.points(look.first)})" if look.first > 0 and label else ""
        body = lead + label + content
        level = self._heading_level(look)
        if level and content:
            rules = "".join(f"#set par({rule});" for rule in paragraph)
            # typst enlarges headings by level; Word's style is the only size here.
            weight = "bold" if base.bold else "regular"
            rules += f'#show heading: set text(size: {typeset.points(base.size)}, weight: "{weight}");'
            return f"#block({', '.join(arguments)})[{settings}{rules}#heading(level: {level})[{body}]]"
        return f"#block({', '.join(arguments)})[{settings}#par({', '.join(paragraph)})[{body}]]"

    def _settings(self, look: ParagraphLook, base: RunLook, flow: Flow) -> str:
        arguments = flow.writer.text_arguments(base, self.job.default_look).rstrip(", ")
        settings = f"#set text({arguments});" if arguments else ""
        if look.align in {"center", "right", "left"}:
            settings += f"#set align({look.align});"
        return settings

    def _heading_level(self, look: ParagraphLook) -> int:
        return look.outline + 1 if look.outline is not None else 0

    def _label(self, look: ParagraphLook, base: RunLook, style_run: Raw, writer: InlineWriter) -> str:
        if look.numbering is None:
            return ""
        label = self.job.numbering.next(*look.numbering)
        if label is None or not label.text:
            return ""
        words = writer.styled(label.text, self.job.look(style_run, label.run), base)
        if label.gap == "nothing":
            return words
        hanging = max(-look.first, 0.0)
        if label.gap == "tab" and text_width(label.text, base.size) <= hanging:
            return f"#box(width: {typeset.points(hanging)})[{words}]"
        return f"{words}#h(0.5em)"

    def _contents(self, writer: InlineWriter) -> str:
        levels, writer.contents_levels = writer.contents_levels, None
        if levels is None:
            return ""
        return f"#outline(title: none, depth: {min(max(levels, 1), 9)}, indent: 1.5em)"


_SIDES = frozenset({"top", "bottom", "left", "right"})


@dataclass(frozen=True)
class _Shape:
    """A paragraph's look and whether it joins a neighbour of the same style without space between."""

    look: ParagraphLook
    base: RunLook
    size: float
    joins_above: bool
    joins_below: bool


def _alike(look: ParagraphLook, other: Any, writer: BlockWriter, flow: Flow) -> bool:
    if not look.contextual or other is None or not str(other.tag).endswith("}p"):
        return False
    return writer.looks(other, flow)[0].style == look.style


def _stroke(border: tuple[str, float, str]) -> str:
    side, width, colour = border
    return f"{side}: {typeset.points(width)} + {typeset.colour(colour)}"


def _flatten(nodes: Iterable[Any]) -> Iterable[Any]:
    """See through content controls and tracked insertions around blocks."""
    for node in nodes:
        if not isinstance(node.tag, str):
            continue
        name = node.tag.rsplit("}", 1)[-1]
        if name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _flatten(node)
        else:
            yield node
