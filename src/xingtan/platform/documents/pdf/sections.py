"""Sections: page size, margins, orientation, headers and footers with page numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from docx.oxml.ns import qn

from .. import typeset
from .blocks import BlockWriter
from .looks import flag, twips

_FORMATS: Final = {
    "upperRoman": "I", "lowerRoman": "i", "upperLetter": "A", "lowerLetter": "a", "chineseCounting": "一",
    "chineseCountingThousand": "一", "japaneseCounting": "一", "numberInDash": "— 1 —", "decimal": "1",
}  # fmt: skip
_GRIDS: Final = frozenset({"lines", "linesAndChars", "snapToChars"})
_KINDS: Final = ("default", "first", "even")


@dataclass(frozen=True)
class Section:
    """One section's properties and the blocks it holds."""

    properties: Any
    nodes: tuple[Any, ...]


def split(body: Any) -> list[Section]:
    """Split the body at its section breaks."""
    sections: list[Section] = []
    nodes: list[Any] = []
    for node in body:
        if node.tag == qn("w:sectPr"):
            continue
        nodes.append(node)
        own = node.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") if node.tag == qn("w:p") else None
        if own is not None:
            if not _has_content(node):
                nodes.pop()
            sections.append(Section(own, tuple(nodes)))
            nodes = []
    sections.append(Section(body.find(qn("w:sectPr")), tuple(nodes)))
    return sections


class SectionWriter:
    """Writes sections in order; headers and footers are inherited from the section before."""

    def __init__(self, writer: BlockWriter, stamp: str) -> None:
        self._writer = writer
        self._job = writer.job
        self._stamp = stamp
        self._stories: dict[str, dict[str, tuple[Any, Any]]] = {"header": {}, "footer": {}}
        self._geometry = ""
        settings = self._job.document.settings.element.find(qn("w:evenAndOddHeaders"))
        self._even = settings is not None and flag(settings)

    def section(self, index: int, section: Section) -> str:
        """Return the markup of one section: its page set-up, then its blocks."""
        properties = section.properties
        job = self._job
        self._read_stories(properties)
        numbers = properties.find(qn("w:pgNumType")) if properties is not None else None
        name = numbers.get(qn("w:fmt")) if numbers is not None else None
        job.page_format = _FORMATS.get(name or "decimal", "1")
        grid = properties.find(qn("w:docGrid")) if properties is not None else None
        pitch = twips(grid.get(qn("w:linePitch"))) if grid is not None else 0.0
        job.grid_pitch = pitch if grid is not None and grid.get(qn("w:type")) in _GRIDS else 0.0
        columns = properties.find(qn("w:cols")) if properties is not None else None
        if columns is not None and (columns.get(qn("w:num")) or "1") != "1":
            job.log.approximated("分栏 / columns", "正文 / body")
        out = []
        mark = properties.find(qn("w:type")) if properties is not None else None
        kind = (mark.get(qn("w:val")) if mark is not None else None) or "nextPage"
        setup = self._page(index, properties)
        continuous = index > 0 and kind == "continuous"
        if continuous and setup != self._geometry:
            job.log.approximated("连续分节 / continuous section", "正文 / body")
        if not continuous or setup != self._geometry:
            # typst opens a new page at every page set-up, which is what "next page" means.
            out.append(f"#set page({setup})")
            self._geometry = setup
            self._writer.at_page_start = True
        if kind in {"oddPage", "evenPage"}:
            out.append(f'#pagebreak(weak: true, to: "{kind.removesuffix("Page")}")')
        start = numbers.get(qn("w:start")) if numbers is not None else None
        if start is not None and start.isdigit():
            out.append(f"#counter(page).update({int(start)})")
        out.append(f"#metadata(none)#label({typeset.literal(f'xt-section-{index}')})")
        flow = self._writer.flow(job.part, "正文 / body", can_break=True)
        out.append(self._writer.blocks(section.nodes, flow))
        return "\n".join(out)

    def _page(self, index: int, properties: Any) -> str:
        size = properties.find(qn("w:pgSz")) if properties is not None else None
        margins = properties.find(qn("w:pgMar")) if properties is not None else None
        width, height = ((twips(size.get(qn(f"w:{a}"))) if size is not None else 0) for a in ("w", "h"))
        sides = {
            s: abs(twips(margins.get(qn(f"w:{s}")))) if margins is not None else 72.0
            for s in ("top", "bottom", "left", "right", "header", "footer")
        }
        sides["left"] += twips(margins.get(qn("w:gutter"))) if margins is not None else 0.0
        edges = ", ".join(f"{s}: {typeset.points(sides[s])}" for s in ("top", "bottom", "left", "right"))
        header = self._story("header", index, properties)
        footer = self._story("footer", index, properties)
        room = {s: typeset.points(max(sides[e] - sides[s], 10.0)) for s, e in (("header", "top"), ("footer", "bottom"))}
        stamp = ""
        if self._stamp:
            words = f'text(size: 7pt, fill: rgb("#5e6b77"), {self._job.text(self._stamp)})'
            place = f"dx: {typeset.points(sides['left'])}, dy: -14pt"
            stamp = f", foreground: place(bottom + left, {place}, {words})"
        return ", ".join(
            [
                f"width: {typeset.points(width or 595.3)}, height: {typeset.points(height or 841.9)}",
                f"margin: ({edges})",
                "header-ascent: 0pt, footer-descent: 0pt",
                f"header: {_boxed(header, room['header'], 'top')}",
                f"footer: {_boxed(footer, room['footer'], 'bottom')}{stamp}",
            ]
        )

    def _read_stories(self, properties: Any) -> None:
        for kind in ("header", "footer"):
            for node in properties.iterfind(qn(f"w:{kind}Reference")) if properties is not None else ():
                relation = self._job.part.rels.get(node.get(qn("r:id")) or "")
                if relation is not None and not relation.is_external:
                    part = relation.target_part
                    self._stories[kind][node.get(qn("w:type")) or "default"] = (part, part.element)

    def _story(self, kind: str, index: int, properties: Any) -> str:
        """Return a typst expression for the header or footer; it decides per page which variant applies."""
        title = properties.find(qn("w:titlePg")) if properties is not None else None
        first = title is not None and flag(title)
        variants = {}
        for name in _KINDS:
            story = self._stories[kind].get(name)
            place = "页眉 / header" if kind == "header" else "页脚 / footer"
            content = self._writer.blocks(story[1], self._writer.flow(story[0], place)) if story else ""
            variants[name] = f"[{content}]"
        if not first and not self._even:
            return variants["default"]
        choice = variants["default"]
        if self._even:
            choice = f"if calc.even(counter(page).get().first()) {{ {variants['even']} }} else {{ {choice} }}"
        if first:
            start = f"locate(label({typeset.literal(f'xt-section-{index}')})).page()"
            choice = f"if here().page() == {start} {{ {variants['first']} }} else {{ {choice} }}"
        return f"context {{ {choice} }}"


def _boxed(story: str, height: str, edge: str) -> str:
    return "none" if story == "[]" else f"block(width: 100%, height: {height}, align({edge}, {story}))"


def _has_content(paragraph: Any) -> bool:
    return any(True for _ in paragraph.iter(qn("w:t"), qn("w:drawing"), qn("w:br"), qn("w:fldChar"), qn("w:pict")))
