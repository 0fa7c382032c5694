"""How Word says a paragraph or run looks: defaults, style chain, table style and direct formatting, resolved.

Raw properties are dictionaries holding only what an element sets, so that inheritance is dictionary union. Lengths
are in points. (ECMA-376 part 1, 17.7.2 gives the order.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from docx.oxml.ns import qn

Raw = dict[str, Any]

_ON: Final = frozenset({None, "1", "true", "on"})
_TOGGLES: Final = {
    "b": "bold", "i": "italic", "strike": "strike", "dstrike": "strike", "caps": "caps", "smallCaps": "small_caps",
    "vanish": "hidden",
}  # fmt: skip
_FLAGS: Final = {
    "keepNext": "keep_next", "keepLines": "keep_lines", "pageBreakBefore": "page_break_before",
    "contextualSpacing": "contextual",
}  # fmt: skip
HIGHLIGHTS: Final = {
    "yellow": "FFFF00", "green": "00FF00", "cyan": "00FFFF", "magenta": "FF00FF", "blue": "0000FF", "red": "FF0000",
    "darkBlue": "00008B", "darkCyan": "008B8B", "darkGreen": "006400", "darkMagenta": "8B008B", "darkRed": "8B0000",
    "darkYellow": "808000", "darkGray": "A9A9A9", "lightGray": "D3D3D3", "black": "000000",
}  # fmt: skip
NATURAL_LINE: Final = 1.3
"""Height of a single line over the font size, as Word sets Chinese text."""


@dataclass(frozen=True)
class RunLook:
    """Resolved character formatting. Colours are six hex digits or empty; ``font`` is Word's East Asian name."""

    font: str = ""
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    caps: bool = False
    small_caps: bool = False
    hidden: bool = False
    colour: str = ""
    background: str = ""
    vertical: str = "baseline"
    tracking: float = 0.0


@dataclass(frozen=True)
class ParagraphLook:
    """Resolved paragraph formatting. ``line`` is the distance of baselines in points for ``size`` text."""

    align: str = "left"
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0
    before: float = 0.0
    after: float = 0.0
    line_value: float = 240.0
    line_rule: str = "auto"
    keep_next: bool = False
    keep_lines: bool = False
    page_break_before: bool = False
    contextual: bool = False
    outline: int | None = None
    numbering: tuple[str, int] | None = None
    shading: str = ""
    borders: tuple[tuple[str, float, str], ...] = ()
    tabs: tuple[tuple[float, str, str], ...] = ()
    style: str = ""

    def line(self, size: float, pitch: float = 0.0) -> float:
        """Return the line height for ``size`` point text; ``pitch`` is the document grid's, 0 without a grid."""
        if self.line_rule == "exact":
            return self.line_value / 20
        natural = NATURAL_LINE * size
        if pitch:
            natural = pitch * max(1, round(natural / pitch + 0.3))
        if self.line_rule == "atLeast":
            return max(self.line_value / 20, natural)
        return natural * self.line_value / 240


def flag(element: Any) -> bool:
    """Read an on/off element."""
    return element.get(qn("w:val")) in _ON


def integer(value: str | None, default: int = 0) -> int:
    """Read a whole number; Word files hold decimals and rubbish at times."""
    try:
        return int(float(value)) if value is not None else default
    except (ValueError, OverflowError):
        return default


def twips(value: str | None) -> float:
    """Read a length in twentieths of a point."""
    return integer(value) / 20


def hex_colour(value: str | None) -> str:
    """Return six hex digits, or empty for ``auto`` and anything else."""
    if value and len(value) == 6 and all(c in "0123456789abcdefABCDEF" for c in value):
        return value.upper()
    return ""


def read_run(properties: Any) -> Raw:
    """Return what a ``w:rPr`` sets."""
    raw: Raw = {}
    for node in properties if properties is not None else ():
        name, value = _local(node), node.get(qn("w:val"))
        if name in _TOGGLES:
            raw[_TOGGLES[name]] = flag(node)
        elif name == "u":
            raw["underline"] = value not in (None, "none")
        elif name == "sz":
            raw["size"] = min(max(integer(value, 20) / 2, 1.0), 1638.0)
        elif name == "color":
            raw["colour"] = hex_colour(value)
        elif name == "highlight":
            raw["background"] = HIGHLIGHTS.get(value or "", "")
        elif name == "shd":
            raw["background"] = hex_colour(node.get(qn("w:fill")))
        elif name == "vertAlign":
            raw["vertical"] = value or "baseline"
        elif name == "spacing":
            raw["tracking"] = twips(value)
        elif name == "rFonts":
            font = node.get(qn("w:eastAsia")) or node.get(qn("w:ascii"))
            if font:
                raw["font"] = font
    return raw


def read_paragraph(properties: Any) -> Raw:
    """Return what a ``w:pPr`` sets."""
    raw: Raw = {}
    for node in properties if properties is not None else ():
        name, value = _local(node), node.get(qn("w:val"))
        if name in _FLAGS:
            raw[_FLAGS[name]] = flag(node)
        elif name == "jc":
            raw["align"] = {"both": "justify", "distribute": "justify", "end": "right", "start": "left"}.get(
                value, value
            )
        elif name == "ind":
            raw |= _indent(node)
        elif name == "spacing":
            raw |= _spacing(node)
        elif name == "outlineLvl":
            level = integer(value, 9)
            raw["outline"] = level if 0 <= level <= 8 else None
        elif name == "numPr":
            raw |= _numbering(node)
        elif name == "shd":
            raw["shading"] = hex_colour(node.get(qn("w:fill")))
        elif name == "pBdr":
            raw["borders"] = tuple((_local(side), *border(side)) for side in node if border(side)[0] > 0)
        elif name == "tabs":
            raw["tabs"] = tuple(
                (twips(t.get(qn("w:pos"))), t.get(qn("w:val")) or "left", t.get(qn("w:leader")) or "none") for t in node
            )
    return raw


def border(node: Any) -> tuple[float, str]:
    """Return width in points (0 for none) and colour of a border element."""
    if node is None or node.get(qn("w:val")) in (None, "nil", "none"):
        return 0.0, ""
    return min(max(integer(node.get(qn("w:sz")), 4) / 8, 0.25), 12.0), hex_colour(node.get(qn("w:color"))) or "000000"


def resolve_run(raw: Raw) -> RunLook:
    """Turn raw properties into a look; unknown keys do not occur."""
    return replace(RunLook(), **raw)


def resolve_paragraph(raw: Raw, size: float) -> ParagraphLook:
    """Turn raw properties into a look; ``size`` in points turns character-based indents into lengths."""
    values = dict(raw)
    for side in ("left", "right", "first"):
        chars = values.pop(f"{side}_chars", None)
        if chars is not None:
            values[side] = chars * size
    for side in ("before", "after"):
        lines = values.pop(f"{side}_lines", None)
        if lines is not None:
            values[side] = lines * 15.6
    number, level = values.pop("number", None), values.pop("level", 0)
    if number not in (None, "0"):
        values["numbering"] = (number, level)
    return replace(ParagraphLook(), **values)


class Styles:
    """The style sheet of one document, with every chain flattened once."""

    def __init__(self, root: Any) -> None:
        self._nodes = {node.get(qn("w:styleId")): node for node in root.iterfind(qn("w:style"))}
        self._paragraphs: dict[str, tuple[Raw, Raw]] = {}
        defaults = root.find(qn("w:docDefaults"))
        find = (lambda path: defaults.find(path)) if defaults is not None else (lambda _path: None)
        self.run_defaults = read_run(find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}"))
        self.paragraph_defaults = read_paragraph(find(f"{qn('w:pPrDefault')}/{qn('w:pPr')}"))
        self.default_paragraph = next(
            (
                key
                for key, node in self._nodes.items()
                if node.get(qn("w:type")) == "paragraph" and node.get(qn("w:default")) in ("1", "true", "on")
            ),
            "",
        )

    def paragraph(self, style: str | None) -> tuple[Raw, Raw]:
        """Return raw paragraph and run properties of a paragraph style, defaults not included."""
        key = style if style is not None and style in self._nodes else self.default_paragraph
        if key not in self._paragraphs:
            paragraph: Raw = {}
            run: Raw = {}
            for node in self.chain(key):
                paragraph |= read_paragraph(node.find(qn("w:pPr")))
                run |= read_run(node.find(qn("w:rPr")))
            paragraph["style"] = key
            self._paragraphs[key] = (paragraph, run)
        return self._paragraphs[key]

    def character(self, style: str | None) -> Raw:
        """Return raw run properties of a character style."""
        run: Raw = {}
        for node in self.chain(style):
            run |= read_run(node.find(qn("w:rPr")))
        return run

    def chain(self, style: str | None) -> list[Any]:
        """Return the style's elements from its oldest ancestor to itself; a cycle ends where it closes."""
        nodes: list[Any] = []
        while style in self._nodes and self._nodes[style] not in nodes:
            nodes.append(self._nodes[style])
            parent = nodes[-1].find(qn("w:basedOn"))
            style = parent.get(qn("w:val")) if parent is not None else None
        return nodes[::-1]

    def name(self, style: str) -> str:
        """Return the style's display name, lower case."""
        node = self._nodes.get(style)
        name = node.find(qn("w:name")) if node is not None else None
        return (name.get(qn("w:val")) or "").lower() if name is not None else ""


def _indent(node: Any) -> Raw:
    raw: Raw = {}
    for side, names in (("left", ("left", "start")), ("right", ("right", "end"))):
        for name in names:
            if node.get(qn(f"w:{name}")) is not None:
                raw |= {side: twips(node.get(qn(f"w:{name}"))), f"{side}_chars": None}
            if node.get(qn(f"w:{name}Chars")) not in (None, "0"):
                raw[f"{side}_chars"] = integer(node.get(qn(f"w:{name}Chars"))) / 100
    for name, sign in (("firstLine", 1), ("hanging", -1)):
        if node.get(qn(f"w:{name}")) is not None:
            raw |= {"first": sign * twips(node.get(qn(f"w:{name}"))), "first_chars": None}
        if node.get(qn(f"w:{name}Chars")) not in (None, "0"):
            raw["first_chars"] = sign * integer(node.get(qn(f"w:{name}Chars"))) / 100
    return raw


def _spacing(node: Any) -> Raw:
    raw: Raw = {}
    for side in ("before", "after"):
        if node.get(qn(f"w:{side}")) is not None:
            raw |= {side: twips(node.get(qn(f"w:{side}"))), f"{side}_lines": None}
        if node.get(qn(f"w:{side}Lines")) not in (None, "0"):
            raw[f"{side}_lines"] = integer(node.get(qn(f"w:{side}Lines"))) / 100
    if node.get(qn("w:line")) is not None:
        raw["line_value"] = float(max(integer(node.get(qn("w:line")), 240), 1))
        raw["line_rule"] = node.get(qn("w:lineRule")) or "auto"
    return raw


def _numbering(node: Any) -> Raw:
    raw: Raw = {}
    for child in node:
        if _local(child) == "numId":
            raw["number"] = child.get(qn("w:val"))
        elif _local(child) == "ilvl":
            raw["level"] = min(max(integer(child.get(qn("w:val"))), 0), 8)
    return raw


def _local(node: Any) -> str:
    return str(node.tag).rsplit("}", 1)[-1]
